"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convviz.errors import ExportError

FRAME, ABOUT = "frame-", "convviz.json"
"""How the files of a folder of frames begin, and the file that says how they were made."""


@contextmanager
def atomic_write(path: Path, suffix: str | None = None) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the name of `path` when the block ends well, else it is removed.

    It ends in `suffix`, or as `path` does.

    A link is written through, and an older file keeps its permissions. Raises `ExportError` for a folder that is
    missing or cannot be written, and for every failure of the system.
    """
    target = checked_path(path)
    partial = _beside(target, suffix or target.suffix)
    with _as_export_error(path):
        try:
            partial.open("xb").close()
            if target.exists():
                shutil.copymode(target, partial)
            yield partial
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def _beside(target: Path, suffix: str = "") -> Path:
    """A hidden name in the same folder that nobody has."""
    return target.with_name(f".convviz-{os.urandom(6).hex()}{suffix}")


@contextmanager
def atomic_folder(path: Path, _: str | None = None) -> Iterator[Path]:
    """A folder beside `path` to write to, which takes its place when the block ends well, else it is removed.

    Raises `ExportError` as `complete` does, and where `path` is a folder with files that are not frames.
    """
    target = checked_folder(path)
    partial, older = _beside(target), _beside(target)
    with _as_export_error(path):
        try:
            partial.mkdir()
            yield partial
            if target.exists():
                os.replace(target, older)
            os.replace(partial, target)
        finally:
            if older.exists() and not target.exists():
                os.replace(older, target)
            for folder in (partial, older):
                shutil.rmtree(folder, ignore_errors=True)


def checked_folder(path: Path) -> Path:
    """Where `path` leads; raises `ExportError` when a folder of frames cannot stand there."""
    with _as_export_error(path):
        target = _resolved(path)
        if not target.parent.is_dir():
            raise ExportError(f"the folder {target.parent} does not exist; make it first or write elsewhere")
        if target.exists() and not target.is_dir():
            raise ExportError(f"{path} is a file, not a folder; choose another name")
        foreign = [file.name for file in target.iterdir() if not _is_ours(file)] if target.exists() else []
        if foreign:
            raise ExportError(f"the folder {path} holds other files, such as {foreign[0]}; name a new or an empty one")
    return target


def _is_ours(file: Path) -> bool:
    """Whether a file in a folder is one that an export into it replaces."""
    return file.name == ABOUT or (file.stem.startswith(FRAME) and file.stem[len(FRAME) :].isdigit())


def checked_path(path: Path) -> Path:
    """Where `path` leads; raises `ExportError` when a file cannot stand there."""
    with _as_export_error(path):
        target = _resolved(path)
        if target.is_dir():
            raise ExportError(f"{path} is a folder; give the name of a file in it")
        if not target.parent.is_dir():
            raise ExportError(f"the folder {target.parent} does not exist; make it first or write elsewhere")
        if target.exists() and not os.access(target, os.W_OK):
            raise ExportError(f"{path} is write-protected; choose another name or allow writing")
    return target


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # what Python says of a link to itself before 3.13
        raise OSError(f"{path} is a link to itself") from None


@contextmanager
def _as_export_error(path: Path) -> Iterator[None]:
    """Failures of the system as one sentence."""
    try:
        yield
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error
