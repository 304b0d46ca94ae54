"""Crews: processes that draw, here or in a cluster. A worker that dies costs no more than the picture it was at."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Generic, Protocol, TypeVar

from convviz.errors import ConvvizError, ExportError

TICK = 0.2
"""Seconds after which waiting ends for a moment, since some systems hear no Ctrl-C while they wait."""
TRIES = 3
"""How often a picture may cost a worker its life."""
IN_FLIGHT = 32
"""Pictures that an executor of others is given at a time."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class Pool(Protocol):
    """An executor that may be replaced when it breaks."""

    executor: Executor
    room: int
    """Tasks in flight at a time."""

    def replace(self) -> bool:
        """Open another executor; False where that is not possible."""


class Given:
    """An executor of somebody else's."""

    def __init__(self, executor: Executor, room: int = IN_FLIGHT) -> None:
        self.executor, self.room = executor, room

    def replace(self) -> bool:
        """It is not ours to open."""
        return False


class Local:
    """Processes of this machine, which import matplotlib once, and end with this process however it ends."""

    def __init__(self, jobs: int) -> None:
        self.jobs, self.room = jobs, 2 * jobs
        self.folder = tempfile.mkdtemp(prefix="convviz-")
        self._open()

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, self.lifeline = context.Pipe(duplex=False)
        self.executor: Executor = ProcessPoolExecutor(self.jobs, context, _begin, (ours, self.folder))

    def replace(self) -> bool:
        """Open a new pool in the place of one that broke."""
        self.lifeline.close()
        self.executor.shutdown(wait=True, cancel_futures=True)
        self._open()
        return True

    def close(self, *, at_once: bool) -> None:
        """End all processes, `at_once` also in the middle of a picture."""
        if at_once:
            self.lifeline.close()
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.lifeline.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _begin(lifeline: Connection, folder: str) -> None:
    """What a worker does first: Ctrl-C is left to the process that started it, whose end is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    import convviz.animation  # noqa: F401


def _end_with(lifeline: Connection) -> None:
    try:
        lifeline.recv()
    except (EOFError, OSError):
        os._exit(1)


@contextmanager
def local(jobs: int | None) -> Iterator[Local]:
    """As many processes as the machine has cores, or `jobs`."""
    pool = Local(jobs or os.cpu_count() or 1)
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close(at_once=False)


@contextmanager
def cluster(address: str) -> Iterator[Given]:
    """The workers of a Dask scheduler. Raises `ExportError` where there is none."""
    try:
        import distributed
    except ImportError:
        raise ExportError("a scheduler needs Dask, which is not installed; pip install 'convviz[cluster]'") from None
    try:
        library: Any = distributed  # whose annotations are few
        client = library.Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExportError(f"no Dask scheduler answers at {address}: {str(error).splitlines()[0]}") from None
    try:
        room = max(IN_FLIGHT, 4 * sum(client.nthreads().values()))
        yield Given(client.get_executor(pure=False), room)
    finally:
        client.close()


@dataclass(frozen=True)
class Done(Generic[Task, Result]):
    """A task with its result, or with what is to be said of its failure."""

    task: Task
    result: Result | None
    failure: str | None


def results(pool: Pool, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Done[Task, Result]]:
    """The result of every task, as they come; no more than `pool.room` of them are in memory.

    When a pool of ours breaks, all tasks in flight are suspects: they go through new processes one at a time, until it
    is known which of them ends its worker. Raises `ExportError` when an executor of somebody else's breaks.
    """
    return _Run(pool, work, iter(tasks)).results()


@dataclass
class _Run(Generic[Task, Result]):
    """One call of `results`."""

    pool: Pool
    work: Callable[[Task], Result]
    waiting: Iterator[Task]
    suspects: deque[Task] = field(default_factory=deque)
    running: dict[Future[Result], Task] = field(default_factory=dict)
    deaths: dict[int, int] = field(default_factory=dict)
    """Of workers that did nothing but a task, by its id."""

    def results(self) -> Iterator[Done[Task, Result]]:
        while True:
            self._submit()
            if not self.running:
                return
            lost = []
            for future in self._finished():
                task = self.running.pop(future)
                if _is_broken(future):
                    lost.append(task)
                else:
                    yield _outcome(task, future)
            if lost:
                yield from self._tried_again(lost)

    def _submit(self) -> None:
        careful = bool(self.suspects)
        while len(self.running) < (1 if careful else self.pool.room):
            task = self.suspects.popleft() if careful else next(self.waiting, None)
            if task is None:
                return
            self.running[_submitted(self.pool.executor, self.work, task)] = task

    def _finished(self) -> set[Future[Result]]:
        """Those that are done; all, when the pool is broken."""
        done, _ = wait(self.running, TICK, FIRST_COMPLETED)
        return wait(self.running).done if any(map(_is_broken, done)) else done

    def _tried_again(self, lost: Sequence[Task]) -> Iterator[Done[Task, Result]]:
        if not self.pool.replace():
            raise ExportError("the executor broke; what is drawn stays, and the next build continues")
        for task in lost:
            self.deaths[id(task)] = self.deaths.get(id(task), 0) + (len(lost) == 1)
            if self.deaths[id(task)] < TRIES:
                self.suspects.append(task)
            else:
                yield Done(task, None, f"its worker died {TRIES} times")


def _submitted(executor: Executor, work: Callable[[Task], Result], task: Task) -> Future[Result]:
    try:
        return executor.submit(work, task)
    except BrokenExecutor as error:  # between two tasks
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


def _is_broken(future: Future[Any]) -> bool:
    return not future.cancelled() and isinstance(future.exception(), BrokenExecutor)


def _outcome(task: Task, future: Future[Result]) -> Done[Task, Result]:
    try:
        return Done(task, future.result(), None)
    except ConvvizError as error:
        return Done(task, None, str(error))
    except CancelledError:
        return Done(task, None, "the cluster gave it up; is its scheduler still there?")
    except Exception as error:
        kind, said = type(error).__name__, (str(error).splitlines() or [""])[0]
        if kind == "KilledWorker":
            return Done(task, None, "its worker died again and again")
        return Done(task, None, f"{kind}: {said}")
