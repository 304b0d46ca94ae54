"""The time limit of a picture: one that hangs costs its own time and no other picture."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from convviz.errors import PictureError
from convviz.errors.printable import count_of

DEFAULT_SECONDS = 600.0
GRACE = 5.0
"""Seconds between the end of the time and that of the process."""


@contextmanager
def time_limit(name: str, seconds: float, scratch: str | None, grace: float = GRACE) -> Iterator[Callable[[int], None]]:
    """Limit the time of the block, which draws the picture `name`; raises `PictureError` when it is over.

    Yields a function that the block calls after each frame. In a process of our own, which has a folder `scratch`, a
    block that does not call it ends with its process, and leaves a note there: the picture is not tried again.
    """
    note = Path(scratch, f"{name}.slow") if scratch else None
    limit = count_of(f"{seconds:g}", "second")
    message = f"it takes longer than {limit}; make it smaller, or allow more with --timeout"
    if note and note.exists():
        raise PictureError(message)
    end = monotonic() + seconds

    def check(_done: int) -> None:
        if monotonic() > end:
            raise PictureError(message)

    timer = threading.Timer(seconds + grace, _end_process, (note,)) if note else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield check
    finally:
        if timer:
            timer.cancel()


def _end_process(note: Path) -> None:
    note.touch()
    os._exit(1)
