"""Progress bars, and file sizes as people read them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from convviz.cli.terminal import echo, status

PATIENCE = 1
"""Seconds after which a command says what it is doing."""


@contextmanager
def progress_bar(length: int, label: str = "drawing") -> Iterator[Callable[[int], None] | None]:
    """Yield a function that takes the number of steps done, or None if standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        shown = 0

        def show(done: int) -> None:
            nonlocal shown
            bar.update(done - shown)
            shown = done

        yield show


@contextmanager
def patience(activity: str) -> Iterator[None]:
    """Say on a terminal what is going on, if the block takes longer than `PATIENCE`."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    waiting = threading.Thread(target=_count_seconds, args=(activity, over), daemon=True)
    waiting.start()
    try:
        yield
    finally:
        over.set()
        waiting.join()


def _count_seconds(activity: str, over: threading.Event) -> None:
    """Print `activity …` with the seconds so far, each second from `PATIENCE` on."""
    seconds = PATIENCE
    while not over.wait(1 if seconds > PATIENCE else PATIENCE):
        status(f"{activity} … {seconds} s")
        seconds += 1
    if seconds > PATIENCE:
        echo(err=True)


def format_size(size: int) -> str:
    """Return `34 kB` or `1.2 MB`."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size
