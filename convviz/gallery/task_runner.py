"""Run tasks in a worker pool. A worker that dies costs no more than the picture it was drawing."""

from __future__ import annotations

import signal
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
from typing import Any, Generic, TypeVar

from convviz.errors import ConvvizError, ExportError
from convviz.gallery.worker_pool import PATIENCE, Pool, killed_worker_errors

TICK = 0.2
"""Seconds between looks for Ctrl-C, which some systems do not deliver during a wait."""
MAX_DEATHS = 3
"""Workers that a task may kill before it is given up."""

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Task, Result]):
    """A task with its result, or with the reason of its failure."""

    task: Task
    result: Result | None
    failure: str | None


def run_tasks(pool: Pool, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Outcome[Task, Result]]:
    """Yield the outcome of each task as it comes; at most `pool.limit` tasks are in memory.

    When an executor breaks and can be replaced, every task in flight is a suspect: suspects run one at a time, until
    the task that kills its worker is known. Raises `ExportError` when an executor of the caller breaks.
    """
    return _Run(pool, work, iter(tasks)).outcomes()


@dataclass
class _Run(Generic[Task, Result]):
    """One call of `run_tasks`."""

    pool: Pool
    work: Callable[[Task], Result]
    waiting: Iterator[Task]
    suspects: deque[Task] = field(default_factory=deque)
    running: dict[Future[Result], Task] = field(default_factory=dict)
    deaths: dict[int, int] = field(default_factory=dict)
    """Identity of a task → deaths of workers that ran it alone."""
    idle: float = 0.0
    """Seconds since a task ended."""

    def outcomes(self) -> Iterator[Outcome[Task, Result]]:
        while True:
            self._submit_more()
            if not self.running:
                return
            lost: list[tuple[Task, int]] = []
            broken = False
            for future in self._finished():
                task = self.running.pop(future)
                broken = broken or _is_broken(future)
                if _is_broken(future) or _is_blamed(future):
                    lost.append((task, 1 if _is_broken(future) else MAX_DEATHS))
                else:
                    self.deaths.pop(id(task), None)
                    yield _outcome(task, future)
            if broken and not self.pool.replace():
                raise ExportError("the executor broke; finished pictures stay, and the next build continues")
            yield from self._retry(lost)

    def _submit_more(self) -> None:
        careful = bool(self.suspects)
        while len(self.running) < (1 if careful else self.pool.limit):
            task = self.suspects.popleft() if careful else next(self.waiting, None)
            if task is None:
                return
            self.running[_submit(self.pool.executor, self.work, task)] = task

    def _finished(self) -> set[Future[Result]]:
        """Wait for finished tasks; all of them, if the executor is broken."""
        done, _ = wait(self.running, TICK, FIRST_COMPLETED)
        self.idle = 0.0 if done else self.idle + TICK
        if self.idle > PATIENCE:
            self.idle = 0.0
            self.pool.check_alive()
        return wait(self.running).done if any(map(_is_broken, done)) else done

    def _retry(self, lost: Sequence[tuple[Task, int]]) -> Iterator[Outcome[Task, Result]]:
        """Queue lost tasks again; give up one that ran alone and killed `MAX_DEATHS` workers."""
        for task, weight in lost:
            self.deaths[id(task)] = self.deaths.get(id(task), 0) + (weight if len(lost) == 1 else 0)
            if self.deaths[id(task)] < MAX_DEATHS:
                self.suspects.append(task)
            else:
                self.deaths.pop(id(task))
                yield Outcome(task, None, "its worker died again and again")


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block Ctrl-C in processes started meanwhile, even before their first line; this process gets it afterwards."""
    mask = getattr(signal, "pthread_sigmask", None)  # not on Windows
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


def _submit(executor: Executor, work: Callable[[Task], Result], task: Task) -> Future[Result]:
    try:
        with _sigint_blocked() if isinstance(executor, ProcessPoolExecutor) else nullcontext():
            return executor.submit(work, task)
    except BrokenExecutor as error:  # it broke between two tasks
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


def _is_broken(future: Future[Any]) -> bool:
    return not future.cancelled() and isinstance(future.exception(), BrokenExecutor)


def _is_blamed(future: Future[Any]) -> bool:
    """Return whether Dask blames a task for killing workers; it also blames tasks that waited behind such a one."""
    return not future.cancelled() and isinstance(future.exception(), killed_worker_errors())


def _outcome(task: Task, future: Future[Result]) -> Outcome[Task, Result]:
    try:
        return Outcome(task, future.result(), None)
    except ConvvizError as error:
        return Outcome(task, None, str(error))
    except CancelledError:
        return Outcome(task, None, "the cluster cancelled it; check that its scheduler still runs")
    except Exception as error:
        kind, message = type(error).__name__, (str(error).splitlines() or [""])[0]
        return Outcome(task, None, f"{kind}: {message}")
