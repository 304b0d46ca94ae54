"""Run many random cases; report the first that fails, in its smallest form."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from tests.fuzz.watchdog import Watchdog

SECONDS = 20
"""Time limit of a case: generous, as a busy machine may be ten times slower than a free one."""


class Case(Protocol):
    """A case that can be made smaller."""

    def smaller(self) -> Iterator[Any]:
        """Yield similar cases that are a little smaller."""


AnyCase = TypeVar("AnyCase", bound=Case)
Run = Callable[[AnyCase], "str | None"]
"""Takes a case and returns what is wrong with its outcome, or None; may also raise."""


def check_random(make: Callable[[random.Random], AnyCase], run: Run[AnyCase], count: int, seed: int) -> None:
    """Run `count` random cases, each within `SECONDS`; fail with the smallest form of the first that goes wrong."""
    dice = random.Random(seed)
    with Watchdog(SECONDS) as watchdog:
        for _ in range(count):
            case = make(dice)
            problem = _problem(case, run, watchdog)
            if problem:
                smallest, problem = _shrunk(case, problem, run, watchdog)
                raise AssertionError(f"{smallest}\n{problem}")


def _problem(case: AnyCase, run: Run[AnyCase], watchdog: Watchdog) -> str | None:
    watchdog.begin()
    try:
        return run(case)
    except KeyboardInterrupt:
        if not watchdog.bites:
            raise
        watchdog.bites = False
        return f"took longer than {SECONDS} s, {_where()}"
    except Exception:
        return traceback.format_exc(limit=-3)
    finally:
        watchdog.end()


def _where() -> str:
    return traceback.format_exc(limit=-3)


def _shrunk(case: AnyCase, problem: str, run: Run[AnyCase], watchdog: Watchdog) -> tuple[AnyCase, str]:
    """Return the smallest case with the same kind of problem, after a limited number of attempts."""
    kind = _kind(problem)
    attempts = 5 if kind == "KeyboardInterrupt" else 100
    while attempts:
        for smaller in case.smaller():
            attempts -= 1
            found = _problem(smaller, run, watchdog)
            if found and _kind(found) == kind:
                case, problem = smaller, found
                break
            if not attempts:
                return case, problem
        else:
            return case, problem
    return case, problem


def _kind(problem: str) -> str:
    """Return the type of an exception, which begins the last line of a traceback."""
    return problem.strip().splitlines()[-1].partition(":")[0]
