"""Progress bars, and file sizes as people read them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click


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


def format_size(size: int) -> str:
    """Return `34 kB` or `1.2 MB`."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size
