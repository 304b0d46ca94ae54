"""Temporary files, whose errors name the place that is full or write-protected: not the target, but TMPDIR."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from convviz.errors import ExportError


@contextmanager
def temporary_file(buffering: int = -1) -> Iterator[IO[bytes]]:
    """Open a temporary file. Raises `ExportError` if there is no place for it."""
    with ExitStack() as stack:
        with temporary_errors():
            file = stack.enter_context(tempfile.TemporaryFile(buffering=buffering))
        yield file


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a temporary folder. Raises `ExportError` if there is no place for it."""
    with temporary_errors():
        folder = tempfile.TemporaryDirectory(prefix="convviz-")
    with folder:
        yield Path(folder.name)


@contextmanager
def temporary_errors() -> Iterator[None]:
    """Turn errors of the system in a block that writes only temporary files into an `ExportError` about their place."""
    try:
        yield
    except ExportError:
        raise
    except OSError as error:
        place = f" in {tempfile.tempdir}" if tempfile.tempdir else ""
        raise ExportError(
            f"cannot write temporary files{place}: {error.strerror or error}; "
            "make room there, or set TMPDIR to another folder"
        ) from error
