"""The table of file formats, and the functions that choose and run an exporter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast

from convviz.errors import ExportError
from convviz.errors.arguments import path as file_name
from convviz.errors.arguments import text
from convviz.files.atomic import atomic_folder, atomic_write, checked_folder, checked_path

MOVING, STILL, VECTOR, PAGE, FRAMES = "moving", "still", "vector", "page", "frames"
"""What an exporter takes: a `FrameStream`; one of a single frame; a `VectorImage`; the text of a page; `FrameFiles`."""

FormatName = Literal["gif", "mp4", "webm", "webp", "apng", "png", "svg", "pdf", "html", "zip"]
"""A suffix of `EXPORTERS` without its dot."""
EXPORTERS = {
    ".gif": ("gif", MOVING),
    ".mp4": ("video", MOVING),
    ".webm": ("video", MOVING),
    ".webp": ("webp", MOVING),
    ".apng": ("apng", MOVING),
    ".png": ("png", STILL),
    ".svg": ("vector", VECTOR),
    ".pdf": ("vector", VECTOR),
    ".html": ("html", PAGE),
    ".zip": ("frame_files", FRAMES),
    "/": ("frame_files", FRAMES),
}
"""Suffix → module in this package with a function `write`, imported on first use, and what that function takes. The
suffix `/` is a folder."""
VIDEOS = tuple(suffix for suffix, (module, _) in EXPORTERS.items() if module == "video")
FRAME_SUFFIXES = (".png", ".pdf", ".svg")
"""Formats of single frames in a folder or a .zip."""


@dataclass(frozen=True)
class Target:
    """Path and format of an output file."""

    path: Path
    suffix: str
    """A key of `EXPORTERS`."""
    frame_suffix: str = ".png"
    """Format of the single frames in a folder or a .zip."""

    @property
    def kind(self) -> str:
        """What the exporter takes."""
        return EXPORTERS[self.suffix][1]

    @property
    def is_still(self) -> bool:
        """Whether the file shows a single picture."""
        return self.kind in (STILL, VECTOR)


def resolve_target(path: str | os.PathLike[str], format: str | None = None) -> Target:
    """Determine the format of a path.

    `format` is a suffix without its dot: the format of a name without a suffix, or of the frames in a folder or a .zip.
    Raises `ExportError` if the format is unknown or the path cannot be written.
    """
    name = file_name("path", path)
    format = None if format is None else text("format", format)[:40]
    if not name:
        raise ExportError("the file name is empty; use one such as picture.gif")
    path = Path(name)
    own, chosen = path.suffix.lower(), f".{format.lower().removeprefix('.')}" if format else None
    has_suffix = own in EXPORTERS
    holds_frames = own == ".zip" or name.endswith(("/", os.sep)) or (os.path.isdir(name) and not has_suffix)
    if holds_frames and chosen != ".zip":
        if chosen and chosen not in FRAME_SUFFIXES:
            raise ExportError(f"frames are written as {_listed(FRAME_SUFFIXES)}, not {chosen}")
        target = Target(path, ".zip" if own == ".zip" else "/", chosen or ".png")
    else:
        target = Target(path, own if has_suffix else chosen or own)
        if chosen and chosen != target.suffix:
            raise ExportError(f"{path.name} is a {own[1:]}, but the format is {chosen[1:]}; use one of them")
    if target.suffix not in EXPORTERS:
        raise ExportError(f"cannot write {_unknown(path, chosen)}; use {_listed(EXPORTERS)}")
    checked_folder(path) if target.suffix == "/" else checked_path(path)
    return target


def _unknown(path: Path, chosen: str | None) -> str:
    if chosen:
        return f"the format {chosen[1:]}"
    return f"the suffix {path.suffix}" if path.suffix else f"{path.name!r}, which has no suffix"


def _listed(suffixes: Iterable[str]) -> str:
    *names, last = ("a folder (name/)" if suffix == "/" else suffix for suffix in suffixes)
    return f"{', '.join(names)} or {last}"


def played_seconds(target: Target, durations: tuple[int, ...], frame_rate: int | None = None) -> float:
    """Return how long a file with frames of these `durations` (in ms) lasts; in a video, frames have whole counts."""
    if target.suffix not in VIDEOS:
        return sum(durations) / 1000
    from convviz.export import video

    return video.played_seconds(durations, frame_rate)


def export(content: Any, target: Path | Target) -> Path:
    """Write `content`, of the type that `Target.kind` names, and return the path.

    The file is written completely or not at all. Raises `ExportError` and leaves an older file unchanged.
    """
    target = target if isinstance(target, Target) else resolve_target(target)
    module = import_module(f"convviz.export.{EXPORTERS[target.suffix][0]}")
    write = cast(Callable[[Any, Path], None], module.write)
    atomic = atomic_folder if target.suffix == "/" else atomic_write
    with atomic(target.path, target.suffix) as partial:
        write(content, partial)
    return target.path
