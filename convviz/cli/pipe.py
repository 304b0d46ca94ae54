"""`-o -`: a file that goes to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from convviz.cli.standard_streams import is_closed
from convviz.errors import ExportError

PIPE = "-"


@contextmanager
def piped(paths: Sequence[str], format: str | None) -> Iterator[list[str]]:
    """Yield `paths` with a temporary file instead of `-`, and copy it to standard output if the block ends well.

    Raises `ExportError` without a format, if standard output is a terminal, and if the reader of the pipe is gone.
    """
    if PIPE not in paths:
        yield list(paths)
        return
    if not format:
        raise ExportError("say what to write to the pipe: -o - --format gif (or mp4, png, svg, html, …)")
    if is_closed("stdout"):
        raise ExportError("standard output is closed; add > FILE or | PROGRAM, or name a file with -o")
    if sys.stdout.isatty():
        raise ExportError("this would fill the terminal with bytes; add > FILE or | PROGRAM, or name a file with -o")
    from convviz.files.temporary import temporary_folder

    with temporary_folder() as folder:
        file = os.path.join(folder, f"piped.{format.lower().removeprefix('.')}")
        yield [file if path == PIPE else path for path in paths]
        _copy_to_stdout(Path(file))


def _copy_to_stdout(file: Path) -> None:
    import shutil

    try:
        with file.open("rb") as source:
            shutil.copyfileobj(source, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python's final flush does not fail
        raise ExportError("the reader of the pipe is gone before all was written") from None
    except OSError as error:
        raise ExportError(f"cannot write to the pipe: {error.strerror or error}") from None
