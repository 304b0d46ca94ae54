"""Atomic writes: files and folders that appear under their name only when they are complete."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convviz.errors import ExportError
from convviz.files.frame_folder import check_own, keep_modes, replace_folder
from convviz.files.partial import partial_beside
from convviz.files.stream import check_stream, copy_to_stream, is_stream
from convviz.files.temporary import temporary_errors, temporary_folder

CANNOT_FLUSH = (errno.EINVAL, errno.ENOTSUP)
"""What a file system answers that cannot wait for its disk."""


@contextmanager
def atomic_write(path: Path, suffix: str | None = None) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which is renamed to `path` if the block succeeds and removed otherwise.

    The temporary name ends in `suffix`, by default that of `path`. Links are followed, and an older file keeps its
    permissions. The content is on the disk before the name is. A device or a FIFO gets the finished bytes. Raises
    `ExportError` for a folder that is missing or write-protected, and for each error of the operating system.
    """
    target = checked_path(path)
    if is_stream(path):
        with temporary_folder() as folder:
            complete = folder / f"picture{suffix or path.suffix}"
            with temporary_errors():
                yield complete
            with _os_errors_as_export_errors(path):
                copy_to_stream(complete, path)
        return
    with _os_errors_as_export_errors(path), partial_beside(target, suffix or target.suffix) as partial:
        if target.exists():
            shutil.copymode(target, partial)
        yield partial
        _flush(partial)
        os.replace(partial, target)
        _flush(target.parent)


@contextmanager
def atomic_folder(path: Path, _: str | None = None) -> Iterator[Path]:
    """Yield a temporary folder beside `path`, which replaces it if the block succeeds and is removed otherwise.

    Raises `ExportError` as `atomic_write` does, and if `path` is a folder with anything that convviz did not write.
    """
    target = checked_folder(path)
    with _os_errors_as_export_errors(path), partial_beside(target, folder=True) as partial:
        yield partial
        for written in (*partial.iterdir(), partial):
            _flush(written)
        if target.exists():
            keep_modes(target, partial)
        replace_folder(partial, target)
        _flush(target.parent)


def checked_folder(path: Path) -> Path:
    """Resolve `path`. Raises `ExportError` if a folder of frames cannot be written there."""
    with _os_errors_as_export_errors(path):
        target = _resolve(path)
        if not target.parent.is_dir():
            raise ExportError(f"the folder {target.parent} does not exist; make it first or write elsewhere")
        if target.exists():
            if not target.is_dir():
                raise ExportError(f"{path} is a file, not a folder; choose another name")
            if target == _resolve(Path()):
                raise ExportError(f"the folder {path} is the one you are in, which cannot be replaced; name another")
            if not os.access(target, os.W_OK):
                raise ExportError(f"the folder {path} is write-protected; choose another name or allow writing")
            check_own(target, path)
    return target


def checked_path(path: Path) -> Path:
    """Resolve `path`. Raises `ExportError` if a file cannot be written there."""
    with _os_errors_as_export_errors(path):
        if is_stream(path):
            check_stream(path)
            return path
        target = _resolve(path)
        if target.is_dir():
            raise ExportError(f"{path} is a folder; give the name of a file in it")
        if not target.parent.is_dir():
            raise ExportError(f"the folder {target.parent} does not exist; make it first or write elsewhere")
        if target.exists() and not os.access(target, os.W_OK):
            raise ExportError(f"{path} is write-protected; choose another name or allow writing")
    return target


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # raised for a link to itself before Python 3.13
        raise OSError(f"{path} is a link to itself") from None


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; a crash then leaves the old or the new content."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in CANNOT_FLUSH:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _os_errors_as_export_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error
