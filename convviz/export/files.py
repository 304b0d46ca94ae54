"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convviz.errors import ExportError


@contextmanager
def complete(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the name of `path` when the block ends well, else it is removed.

    Raises `ExportError` for a folder that is missing or cannot be written, and for every failure of the system.
    """
    target = path.resolve()
    check(target)
    partial = target.with_name(f".convviz-{secrets.token_hex(6)}{target.suffix}")
    try:
        partial.open("xb").close()
        yield partial
        os.replace(partial, target)
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raise `ExportError` when a file cannot stand at `path`."""
    if path.is_dir():
        raise ExportError(f"{path} is a folder; give the name of a file in it")
    if not path.parent.is_dir():
        raise ExportError(f"the folder {path.parent} does not exist; make it first or write elsewhere")
    if path.exists() and not os.access(path, os.W_OK):
        raise ExportError(f"{path} is write-protected; choose another name or allow writing")
