"""Atomic writes: files and folders that appear under their name only when they are complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convviz.errors import ExportError

FRAME_PREFIX, PROVENANCE_FILE = "frame-", "convviz.json"
"""Names in a folder of frames: how those of the frames begin, and the file that says how they were made."""


@contextmanager
def atomic_write(path: Path, suffix: str | None = None) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which is renamed to `path` if the block succeeds and removed otherwise.

    The temporary name ends in `suffix`, by default that of `path`. Links are followed, and an older file keeps its
    permissions. Raises `ExportError` for a folder that is missing or write-protected, and for each error of the
    operating system.
    """
    target = checked_path(path)
    partial = _temporary_sibling(target, suffix or target.suffix)
    with _os_errors_as_export_errors(path):
        try:
            partial.open("xb").close()
            if target.exists():
                shutil.copymode(target, partial)
            yield partial
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path, _: str | None = None) -> Iterator[Path]:
    """Yield a temporary folder beside `path`, which replaces it if the block succeeds and is removed otherwise.

    Raises `ExportError` as `atomic_write` does, and if `path` is a folder with files that are not frames.
    """
    target = checked_folder(path)
    partial, older = _temporary_sibling(target), _temporary_sibling(target)
    with _os_errors_as_export_errors(path):
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
    """Resolve `path`. Raises `ExportError` if a folder of frames cannot be written there."""
    with _os_errors_as_export_errors(path):
        target = _resolve(path)
        if not target.parent.is_dir():
            raise ExportError(f"the folder {target.parent} does not exist; make it first or write elsewhere")
        if target.exists() and not target.is_dir():
            raise ExportError(f"{path} is a file, not a folder; choose another name")
        foreign = [file.name for file in target.iterdir() if not _is_exported(file)] if target.exists() else []
        if foreign:
            raise ExportError(f"the folder {path} holds other files, such as {foreign[0]}; name a new or an empty one")
    return target


def checked_path(path: Path) -> Path:
    """Resolve `path`. Raises `ExportError` if a file cannot be written there."""
    with _os_errors_as_export_errors(path):
        target = _resolve(path)
        if target.is_dir():
            raise ExportError(f"{path} is a folder; give the name of a file in it")
        if not target.parent.is_dir():
            raise ExportError(f"the folder {target.parent} does not exist; make it first or write elsewhere")
        if target.exists() and not os.access(target, os.W_OK):
            raise ExportError(f"{path} is write-protected; choose another name or allow writing")
    return target


def _temporary_sibling(target: Path, suffix: str = "") -> Path:
    """Return an unused hidden name in the same folder."""
    return target.with_name(f".convviz-{os.urandom(6).hex()}{suffix}")


def _is_exported(file: Path) -> bool:
    """Return whether an export into its folder would replace this file."""
    return file.name == PROVENANCE_FILE or (
        file.stem.startswith(FRAME_PREFIX) and file.stem[len(FRAME_PREFIX) :].isdigit()
    )


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # raised for a link to itself before Python 3.13
        raise OSError(f"{path} is a link to itself") from None


@contextmanager
def _os_errors_as_export_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error
