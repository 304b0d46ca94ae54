"""Worker pools: executors that draw pictures, on this machine or in a cluster."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Protocol

from convviz.errors import ExportError

PATIENCE = 10
"""Seconds to wait for a scheduler, and for its first worker."""
EXTERNAL_LIMIT = 32
"""Tasks in flight in an executor that convviz did not open."""


class Pool(Protocol):
    """An executor that may be replaced when it breaks."""

    executor: Executor
    limit: int
    """Tasks in flight at a time."""
    scratch: str | None
    """Folder for temporary files of tasks, removed with the pool; None if workers may not share a disk."""

    def replace(self) -> bool:
        """Open another executor; False if that is not possible."""

    def check_alive(self) -> None:
        """Raise `ExportError` if no worker is left."""


class ExternalPool:
    """An executor that the caller opened."""

    scratch: str | None = None

    def __init__(
        self, executor: Executor, limit: int = EXTERNAL_LIMIT, count_workers: Callable[[], int] = lambda: 1
    ) -> None:
        self.executor, self.limit, self.count_workers = executor, limit, count_workers

    def replace(self) -> bool:
        """Return False: it is the caller's."""
        return False

    def check_alive(self) -> None:
        """Raise `ExportError` if no worker is left."""
        if not self.count_workers():
            raise ExportError("no worker of the cluster is left; finished pictures stay, and the next build continues")


class LocalPool:
    """Processes of this machine. They import matplotlib once, and end when this process ends, however it ends."""

    def __init__(self, jobs: int) -> None:
        self.jobs, self.limit = jobs, 2 * jobs
        self.scratch: str | None = tempfile.mkdtemp(prefix="convviz-")
        self._open()

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")
        receiver, self.lifeline = context.Pipe(duplex=False)
        self.executor: Executor = ProcessPoolExecutor(self.jobs, context, _start_worker, (receiver,))

    def replace(self) -> bool:
        """Open a new executor after one broke."""
        self.lifeline.close()
        self.executor.shutdown(wait=True, cancel_futures=True)
        self._open()
        return True

    def check_alive(self) -> None:
        """Do nothing: an executor breaks at once when a process of it dies."""

    def close(self, *, at_once: bool) -> None:
        """End all processes; `at_once` also in the middle of a picture."""
        if at_once:
            self.lifeline.close()
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.lifeline.close()
        shutil.rmtree(self.scratch or "", ignore_errors=True)


def _start_worker(lifeline: Connection) -> None:
    """Ignore Ctrl-C, which the parent handles, end with the parent, and import what draws."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, args=(lifeline,), daemon=True).start()
    import convviz.animation.animate  # noqa: F401


def _exit_with_parent(lifeline: Connection) -> None:
    try:
        lifeline.recv()
    except (EOFError, OSError):
        os._exit(1)


def _usable_cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def open_local(jobs: int | None) -> Iterator[LocalPool]:
    """Open `jobs` processes; None for one on each core."""
    pool = LocalPool(jobs or _usable_cores())
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close(at_once=False)


@contextmanager
def open_cluster(address: str) -> Iterator[ExternalPool]:
    """Connect to the workers of a Dask scheduler. Raises `ExportError` if there is none."""
    try:
        import distributed
    except ImportError:
        raise ExportError("a scheduler needs Dask, which is not installed; pip install distributed") from None
    try:
        library: Any = distributed  # it has few annotations
        client = library.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExportError(f"no Dask scheduler answers at {address}: {str(error).splitlines()[0]}") from None
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            why = f"the Dask scheduler at {address} has no workers; start some: dask worker {address}"
            raise ExportError(why) from None
        limit = max(EXTERNAL_LIMIT, 4 * sum(client.nthreads().values()))
        yield ExternalPool(client.get_executor(pure=False), limit, lambda: len(client.nthreads()))
    finally:
        client.close()


def killed_worker_errors() -> tuple[type[BaseException], ...]:
    """Return the error by which Dask blames a task for killing workers; empty if Dask is not in use."""
    distributed: Any = sys.modules.get("distributed")
    return (distributed.KilledWorker,) if distributed else ()
