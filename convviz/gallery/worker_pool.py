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
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Generic, Protocol, TypeVar

from convviz.errors import ConvvizError, ExportError

TICK = 0.2
"""Seconds after which waiting ends for a moment, since some systems hear no Ctrl-C while they wait."""
TRIES = 3
"""How often a picture may cost a worker its life."""
PATIENCE = 10
"""Seconds to wait for a scheduler, and for its first worker."""
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

    def look(self) -> None:
        """Raise `ExportError` where nobody is left to work."""


class ExternalPool:
    """An executor of somebody else's."""

    def __init__(self, executor: Executor, room: int = IN_FLIGHT, workers: Callable[[], int] = lambda: 1) -> None:
        """`workers` says how many there are."""
        self.executor, self.room, self.workers = executor, room, workers

    def replace(self) -> bool:
        """It is not ours to open."""
        return False

    def look(self) -> None:
        """Somebody is left, or `ExportError`."""
        if not self.workers():
            raise ExportError("no worker of the cluster is left; what is drawn stays, and the next build continues")


class LocalPool:
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

    def look(self) -> None:
        """A worker that dies breaks the pool, which is seen at once."""

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


def _cores() -> int:
    """How many cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(usable(0)) if usable else os.cpu_count() or 1


@contextmanager
def local(jobs: int | None) -> Iterator[LocalPool]:
    """As many processes as the machine has cores, or `jobs`."""
    pool = LocalPool(jobs or _cores())
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close(at_once=False)


@contextmanager
def cluster(address: str) -> Iterator[ExternalPool]:
    """The workers of a Dask scheduler. Raises `ExportError` where there is none."""
    try:
        import distributed
    except ImportError:
        raise ExportError("a scheduler needs Dask, which is not installed; pip install 'convviz[cluster]'") from None
    try:
        library: Any = distributed  # whose annotations are few
        client = library.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExportError(f"no Dask scheduler answers at {address}: {str(error).splitlines()[0]}") from None
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            why = f"the Dask scheduler at {address} has no workers; start some: dask worker {address}"
            raise ExportError(why) from None
        room = max(IN_FLIGHT, 4 * sum(client.nthreads().values()))
        yield ExternalPool(client.get_executor(pure=False), room, lambda: len(client.nthreads()))
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
    idle: float = 0.0
    """Seconds since a task ended."""

    def results(self) -> Iterator[Done[Task, Result]]:
        while True:
            self._submit()
            if not self.running:
                return
            lost: list[tuple[Task, int]] = []
            broken = False
            for future in self._finished():
                task = self.running.pop(future)
                broken = broken or _is_broken(future)
                if _is_broken(future) or _is_blamed(future):
                    lost.append((task, 1 if _is_broken(future) else TRIES))
                else:
                    self.deaths.pop(id(task), None)
                    yield _outcome(task, future)
            if broken and not self.pool.replace():
                raise ExportError("the executor broke; what is drawn stays, and the next build continues")
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
        self.idle = 0.0 if done else self.idle + TICK
        if self.idle > PATIENCE:
            self.idle = 0.0
            self.pool.look()
        return wait(self.running).done if any(map(_is_broken, done)) else done

    def _tried_again(self, lost: Sequence[tuple[Task, int]]) -> Iterator[Done[Task, Result]]:
        """A task that was alone is found out after `TRIES` deaths, each of which counts so many times."""
        for task, weight in lost:
            self.deaths[id(task)] = self.deaths.get(id(task), 0) + (weight if len(lost) == 1 else 0)
            if self.deaths[id(task)] < TRIES:
                self.suspects.append(task)
            else:
                self.deaths.pop(id(task))
                yield Done(task, None, "its worker died again and again")


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started meanwhile hear no Ctrl-C, not even before their first line: it waits for this one."""
    mask = getattr(signal, "pthread_sigmask", None)  # not on Windows
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


def _submitted(executor: Executor, work: Callable[[Task], Result], task: Task) -> Future[Result]:
    try:
        with _deaf() if isinstance(executor, ProcessPoolExecutor) else nullcontext():
            return executor.submit(work, task)
    except BrokenExecutor as error:  # between two tasks
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


def _is_broken(future: Future[Any]) -> bool:
    return not future.cancelled() and isinstance(future.exception(), BrokenExecutor)


def _is_blamed(future: Future[Any]) -> bool:
    """Whether Dask says that a task kills workers, as it says of those that only waited behind such a one."""
    return not future.cancelled() and type(future.exception()).__name__ == "KilledWorker"


def _outcome(task: Task, future: Future[Result]) -> Done[Task, Result]:
    try:
        return Done(task, future.result(), None)
    except ConvvizError as error:
        return Done(task, None, str(error))
    except CancelledError:
        return Done(task, None, "the cluster gave it up; is its scheduler still there?")
    except Exception as error:
        kind, said = type(error).__name__, (str(error).splitlines() or [""])[0]
        return Done(task, None, f"{kind}: {said}")
