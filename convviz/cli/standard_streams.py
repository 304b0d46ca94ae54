"""Standard streams that are closed (`2>&-`) or cannot be written to (a full disk)."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

STREAMS = ("stdin", "stdout", "stderr")


def open_closed_streams() -> None:
    """Open each closed standard stream on the null device.

    Python has None instead of them, and the next file that is opened would get their descriptor, so that whatever a
    library prints would end up in it.
    """
    for number, name in enumerate(STREAMS):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number and not _is_open(number):
                os.dup2(descriptor, number)
            setattr(sys, name, open(os.devnull, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115


def is_closed(name: str) -> bool:
    """Return whether a standard stream was closed when the program began."""
    return getattr(getattr(sys, name), "name", None) == os.devnull


def report_unwritable(error: OSError) -> None:
    """Say that standard output cannot be written to, and let nothing more be written to it when Python ends."""
    with suppress(OSError, ValueError):
        print(f"Error: cannot print: {error.strerror or error}", file=sys.stderr)
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
