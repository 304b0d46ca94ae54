"""A time limit for each of many short calls, without a thread for each."""

from __future__ import annotations

import _thread
import threading
import time


class Watchdog:
    """Interrupts the main thread when a call takes longer than `seconds`; works on each system."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.bites = False
        """Whether it was this watchdog that interrupted the main thread."""
        self._deadline = float("inf")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def begin(self) -> None:
        """Begin the time of a call."""
        self._deadline = time.monotonic() + self.seconds

    def end(self) -> None:
        """End it."""
        self._deadline = float("inf")

    def _watch(self) -> None:
        while not self._over.wait(0.25):
            if time.monotonic() > self._deadline:
                self._deadline = float("inf")
                self.bites = True
                _thread.interrupt_main()
