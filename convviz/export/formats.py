"""Export: frames → a file that plays anywhere; one file per family of formats, and the table of suffixes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast

from convviz.errors import ExportError
from convviz.files.atomic import atomic_folder, atomic_write, checked_folder, checked_path

MOVING, STILL, VECTOR, PAGE, FRAMES = "moving", "still", "vector", "page", "frames"
"""What a writer takes: a reel; a reel of one shot; a drawing; a page's text; files by name."""

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
"""Suffix → module in this folder with a function `write`, imported when it is needed, and what that takes; `/` is a
folder."""
FRAME_SUFFIXES = (".png", ".pdf", ".svg")
"""What frames in a folder or a .zip may be."""


@dataclass(frozen=True)
class Target:
    """Where a file goes, and what it is."""

    path: Path
    suffix: str
    """A key of `EXPORTERS`."""
    frame: str = ".png"
    """What each file is, where there is one for each frame."""

    @property
    def kind(self) -> str:
        """What its writer takes."""
        return EXPORTERS[self.suffix][1]

    @property
    def one_frame(self) -> bool:
        """Whether it shows a single frame."""
        return self.kind in (STILL, VECTOR)


def target(path: str | os.PathLike[str], format: str | None = None) -> Target:
    """What a path means; `format` is a suffix without its dot, for a name that has none, or the format of frames.

    Raises `ExportError` for a format that nobody writes and for a place where no file can stand.
    """
    said = os.fspath(path)
    if not said:
        raise ExportError("the name of the file is empty; give one such as picture.gif")
    where = Path(said)
    wanted = f".{format.lower().removeprefix('.')}" if format else None
    known = where.suffix.lower() in EXPORTERS
    many = where.suffix.lower() == ".zip" or said.endswith(("/", os.sep)) or (os.path.isdir(said) and not known)
    if many and wanted != ".zip":
        if wanted and wanted not in FRAME_SUFFIXES:
            raise ExportError(f"frames are written as {_listed(FRAME_SUFFIXES)}, not {wanted}")
        found = Target(where, ".zip" if where.suffix.lower() == ".zip" else "/", wanted or ".png")
    else:
        found = Target(where, where.suffix.lower() if known else wanted or where.suffix.lower())
        if wanted and wanted != found.suffix:
            raise ExportError(f"{where.name} is a {found.suffix[1:]}, but the format is {wanted[1:]}; give one of them")
    if found.suffix not in EXPORTERS:
        raise ExportError(f"cannot write {_unknown(where, wanted)}; use {_listed(EXPORTERS)}")
    checked_folder(where) if found.suffix == "/" else checked_path(where)
    return found


def _unknown(path: Path, wanted: str | None) -> str:
    if wanted:
        return f"the format {wanted[1:]}"
    return f"the suffix {path.suffix}" if path.suffix else f"{path.name!r}, which has no suffix"


def _listed(suffixes: Any) -> str:
    *names, last = ("a folder (name/)" if suffix == "/" else suffix for suffix in suffixes)
    return f"{', '.join(names)} or {last}"


def export(what: Any, where: Path | Target) -> Path:
    """Write `what` (as `Target.kind` says) completely or not at all; returns the path.

    Raises `ExportError`, and leaves what was there as it was.
    """
    goal = where if isinstance(where, Target) else target(where)
    module = import_module(f"convviz.export.{EXPORTERS[goal.suffix][0]}")
    completing = atomic_folder if goal.suffix == "/" else atomic_write
    with completing(goal.path, goal.suffix) as partial:
        cast(Callable[[Any, Path], None], module.write)(what, partial)
    return goal.path
