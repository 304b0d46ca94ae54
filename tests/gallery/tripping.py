"""A task that ends its worker, in a module that a worker imports quickly."""

from __future__ import annotations

import os
from pathlib import Path


def tripped(folder: str, number: int) -> int:
    """A task that ends its worker: 3 always, 5 the first time."""
    once = Path(folder, "once")
    if number == 3 or (number == 5 and not once.exists()):
        once.touch()
        os._exit(9)
    return number * number


class Trip:
    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __call__(self, number: int) -> int:
        return tripped(self.folder, number)
