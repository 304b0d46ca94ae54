"""Partial files: hidden names beside a target, locked while they are written, so that leftovers are recognized.

The system releases a lock when its process ends, however it ends: an unlocked partial file is abandoned. On Windows,
which has no such locks, one that has not changed for a day is.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

try:
    import fcntl as _fcntl
except ImportError:  # not on Windows
    _fcntl = None  # type: ignore[assignment]

fcntl: Any = _fcntl
PARTIAL_NAME = re.compile(r"\.convviz-[0-9a-f]{12}(\.[a-z0-9]{1,8})?")
ASIDE = ".convviz-older-"
"""How the name of a folder begins that was moved aside for a moment; its own name follows."""
DAY = 86_400
"""Seconds after which an unchanged partial file is abandoned, where the system has no locks."""


@contextmanager
def partial_beside(target: Path, suffix: str = "", *, folder: bool = False) -> Iterator[Path]:
    """Create a hidden file or folder beside `target`, and remove it at the end if it is still there."""
    partial, lock = _create(target, suffix, folder)
    try:
        yield partial
    finally:
        try:
            remove(partial)
        finally:
            if lock is not None:
                os.close(lock)


def _create(target: Path, suffix: str, folder: bool) -> tuple[Path, int | None]:
    """Return a new partial file and the descriptor of its lock; a cleaner may take it away before it is locked."""
    while True:
        partial = target.with_name(f".convviz-{os.urandom(6).hex()}{suffix if len(suffix) <= 9 else ''}")
        partial.mkdir() if folder else partial.open("xb").close()
        lock = _lock(partial)
        if partial.exists():
            return partial, lock
        if lock is not None:
            os.close(lock)


def _lock(path: Path) -> int | None:
    """Lock a file or folder and return the descriptor; None where the system has no locks, or it is gone."""
    if fcntl is None:
        return None
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor
    return None


def clean_up(folder: Path) -> None:
    """Remove the partial files of killed runs from `folder`, and move back a folder that one had moved aside.

    Files that a living process writes stay. Errors are ignored: this is housekeeping.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(".convviz-")]
    except OSError:
        return
    for name in names:
        with suppress(OSError):
            if name.startswith(ASIDE):
                _move_back(folder / name)
            elif PARTIAL_NAME.fullmatch(name):
                _remove_if_abandoned(folder / name)


def _move_back(aside: Path) -> None:
    """Give a folder its name back, unless there is a newer one."""
    target = aside.with_name(aside.name.removeprefix(ASIDE))
    if aside.is_dir() and not aside.is_symlink() and not os.path.lexists(target):
        os.rename(aside, target)


def _remove_if_abandoned(path: Path) -> None:
    mode = path.lstat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return
    lock = _lock(path)
    try:
        if lock is not None or (fcntl is None and time.time() - path.stat().st_mtime > DAY):
            remove(path)
    finally:
        if lock is not None:
            os.close(lock)


def remove(path: Path) -> None:
    """Remove a partial file or folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
