"""Export: frames → a file that plays anywhere; one file per family of formats, and the table of suffixes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from convviz.errors import ExportError
from convviz.export.files import checked, complete
from convviz.reel import Reel

Write = Callable[[Reel, Path], None]

EXPORTERS = {".gif": "gif", ".mp4": "video", ".png": "still"}
"""Suffix → module in this folder with a function `write`; imported when it is needed."""
STILLS = (".png",)


def is_still(path: Path) -> bool:
    """Whether a file of this suffix holds one frame."""
    return path.suffix.lower() in STILLS


def check_target(path: Path) -> None:
    """Raise `ExportError` for a suffix that nobody writes or a place where no file can stand."""
    if path.suffix.lower() not in EXPORTERS and not path.is_dir():
        given = f"the suffix {path.suffix}" if path.suffix else f"{path.name!r}, which has no suffix"
        raise ExportError(f"cannot write {given}; use {', '.join(EXPORTERS)}")
    checked(path)


def export(reel: Reel, path: Path) -> Path:
    """Write `reel` in the format that the suffix of `path` names, completely or not at all; returns `path`."""
    check_target(path)
    module = import_module(f"convviz.export.{EXPORTERS[path.suffix.lower()]}")
    with complete(path) as partial:
        cast(Write, module.write)(reel, partial)
    return path
