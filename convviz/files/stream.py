"""Targets that are no files: devices, FIFOs and open descriptors such as /dev/stdout are written through."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path
from typing import IO

from convviz.errors import ExportError

DESCRIPTOR = re.compile(r"/dev/(?:stdout|stderr|fd/(\d+))|/proc/self/fd/(\d+)")


def is_stream(path: Path) -> bool:
    """Return whether `path` is something that no file can replace: a device, a FIFO, a socket or a descriptor."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or _descriptor(path) is not None


def check_stream(path: Path) -> None:
    """Raise `ExportError` for a stream that no picture can be written to."""
    mode = path.stat().st_mode
    if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise ExportError(f"{path} is a {'disk' if stat.S_ISBLK(mode) else 'socket'}; give the name of a file")
    if _descriptor(path) is None and not os.access(path, os.W_OK):
        raise ExportError(f"{path} is write-protected; choose another name or allow writing")


def copy_to_stream(file: Path, path: Path) -> None:
    """Copy a complete file into a stream. Raises `ExportError` for a terminal, and `OSError`."""
    with file.open("rb") as source, _open(path) as stream:
        if stream.isatty():
            raise ExportError(f"{path} is a terminal, which a picture would fill with bytes; name a file")
        shutil.copyfileobj(source, stream)


def _open(path: Path) -> IO[bytes]:
    number = _descriptor(path)
    return path.open("wb") if number is None else os.fdopen(os.dup(number), "wb")


def _descriptor(path: Path) -> int | None:
    """Return the number of a descriptor that `path` names: opening it by name would begin at its first byte."""
    match = DESCRIPTOR.fullmatch(path.as_posix())
    if match is None:
        return None
    return int(match[1] or match[2] or ("stdout", "stderr").index(path.name) + 1)
