"""Measure whole processes, two alternately, so that their ratio holds on a machine whose speed drifts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median

try:
    import resource
except ImportError:  # Windows has no such accounting
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Cost:
    """Cost of one process, its children included."""

    seconds: float
    peak_mib: float | None


CHILD = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code)
"""


def run(command: list[str], ends_with: tuple[int, ...] = (0, 2)) -> Cost:
    """Return the cost of a command whose modules are compiled already; raises if it fails."""
    cached = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if resource is None:
        start = time.perf_counter()
        code = subprocess.run(command, capture_output=True, check=False, env=cached).returncode
        cost = Cost(time.perf_counter() - start, None)
    else:
        child = [sys.executable, "-c", CHILD, *command]
        said = subprocess.run(child, capture_output=True, text=True, check=True, env=cached)
        seconds, peak, code = (float(word) for word in said.stdout.split())
        cost = Cost(seconds, peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
    if code not in ends_with:
        raise RuntimeError(f"exit code {code:.0f}: {' '.join(command)}")
    return cost


@dataclass(frozen=True)
class Pair:
    """Medians of two commands that ran alternately, and the median of their ratios."""

    one: float
    other: float
    ratio: float


def paired(command: list[str], other: list[str], runs: int, figure: str) -> Pair:
    """Run both once to warm up (if they run more than once), then alternately; the ratio is taken pair by pair."""
    if runs > 1:
        run(command), run(other)
    pairs = [(_figure(run(command), figure), _figure(run(other), figure)) for _ in range(runs)]
    ones, others = zip(*pairs, strict=True)
    return Pair(median(ones), median(others), median(one / two for one, two in pairs))


def _figure(cost: Cost, figure: str) -> float:
    if figure == "seconds":
        return cost.seconds
    if cost.peak_mib is None:
        raise RuntimeError("this system does not tell the peak memory of a process")
    return cost.peak_mib
