"""`-o -`: a file for the pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from convviz.errors import ExportError

PIPE = "-"


@contextmanager
def piped(outputs: Sequence[str], format: str | None) -> Iterator[list[str]]:
    """`outputs` with a temporary file in the place of `-`, which goes to standard output when the block ends well.

    Raises `ExportError` where nobody says what to write, where standard output is a terminal, and where the reader of
    the pipe is gone.
    """
    if PIPE not in outputs:
        yield list(outputs)
        return
    if not format:
        raise ExportError("say what to write to the pipe: -o - --format gif (or mp4, png, svg, html, …)")
    if sys.stdout.isatty():
        raise ExportError("this would fill the terminal with bytes; add > FILE or | PROGRAM, or name a file with -o")
    import tempfile

    with tempfile.TemporaryDirectory(prefix="convviz-") as folder:
        file = os.path.join(folder, f"piped.{format.lower().removeprefix('.')}")
        yield [file if output == PIPE else output for output in outputs]
        _pour(Path(file))


def _pour(file: Path) -> None:
    """Copy a file to standard output."""
    import shutil

    try:
        with file.open("rb") as source:
            shutil.copyfileobj(source, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python's own last flush says nothing
        raise ExportError("the reader of the pipe is gone before all was written") from None
    except OSError as error:
        raise ExportError(f"cannot write to the pipe: {error.strerror or error}") from None
