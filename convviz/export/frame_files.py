"""Frames one by one, in a folder or a .zip: numbered files, and one that says how they were made."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from convviz.files.atomic import ABOUT, FRAME
from convviz.raster import FileMetadata

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a .zip, so that the same frames give the same bytes."""


@dataclass(frozen=True)
class Frames:
    """Every frame as the bytes of a file, made while they are read."""

    files: Iterable[bytes]
    count: int
    suffix: str
    label: FileMetadata


def write(frames: Frames, path: Path) -> None:
    """Write into the folder `path`, or into a new .zip: `frame-01.png`, `frame-02.png` and so on."""
    if path.is_dir():
        for name, data in _named(frames):
            (path / name).write_bytes(data)
        return
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in _named(frames):
            how = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, FIRST_DAY), data, how)


def _named(frames: Frames) -> Iterable[tuple[str, bytes]]:
    for number, data in enumerate(frames.files, start=1):
        yield frame_name(number, frames.count) + frames.suffix, data
    yield ABOUT, frames.label.origin.encode("ascii")


def frame_name(number: int, count: int) -> str:
    """`frame-07`: numbers from 1, with as many digits as the last one."""
    return f"{FRAME}{number:0{len(str(count))}}"
