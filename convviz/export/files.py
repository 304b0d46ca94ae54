"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convviz.errors import ExportError


@contextmanager
def complete(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the name of `path` when the block ends well, else it is removed.

    A link is written through, and an older file keeps its permissions. Raises `ExportError` for a folder that is
    missing or cannot be written, and for every failure of the system.
    """
    target = checked(path)
    partial = target.with_name(f".convviz-{os.urandom(6).hex()}{target.suffix}")
    with _as_export_error(path):
        try:
            partial.open("xb").close()
            if target.exists():
                shutil.copymode(target, partial)
            yield partial
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def checked(path: Path) -> Path:
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
