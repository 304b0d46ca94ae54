"""Single frames in a folder or a .zip: numbered files, and one with their provenance."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from convviz.files.frame_folder import FRAME_PREFIX, PROVENANCE_FILE, file_hash, with_files
from convviz.raster import FileMetadata

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of each file in a .zip, so that equal frames give equal bytes."""


@dataclass(frozen=True)
class FrameFiles:
    """Each frame as the content of a file, made while it is read."""

    contents: Iterable[bytes]
    count: int
    suffix: str
    metadata: FileMetadata


def write(frames: FrameFiles, path: Path) -> None:
    """Write `frame-01.png`, `frame-02.png` and so on into the existing folder `path`, or into a new .zip."""
    if path.is_dir():
        hashes = {}
        for name, data in _named_files(frames):
            (path / name).write_bytes(data)
            hashes[name] = file_hash(data)
        (path / PROVENANCE_FILE).write_text(with_files(frames.metadata.provenance, hashes), encoding="ascii")
        return
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in _named_files(frames):
            compression = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, compression)
        provenance = frames.metadata.provenance.encode("ascii")
        archive.writestr(zipfile.ZipInfo(PROVENANCE_FILE, ZIP_DATE), provenance, zipfile.ZIP_DEFLATED)


def _named_files(frames: FrameFiles) -> Iterator[tuple[str, bytes]]:
    for number, data in enumerate(frames.contents, start=1):
        yield frame_name(number, frames.count) + frames.suffix, data


def frame_name(number: int, count: int) -> str:
    """Return `frame-07`: numbers start at 1 and have as many digits as `count`."""
    return f"{FRAME_PREFIX}{number:0{len(str(count))}}"
