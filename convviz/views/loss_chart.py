"""The loss of each step as a line on a logarithmic scale, with powers of ten at its side."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from convviz.scene.model import Chart, Tick
from convviz.text.formatting import MINUS
from convviz.views.training_text import point_label

if TYPE_CHECKING:
    from convviz.layers.training import Run

MOST_POWERS, MOST_STEPS = 6, 11
"""Numbers at each axis, at most."""


def loss_chart(run: Run, rows: int, cols: int) -> Chart:
    """Return the chart of a run, at least so many cells large. A loss of 0 is on the lowest line, which says so."""
    losses = [step.loss for step in run.steps]
    shown = [loss for loss in losses if loss > 0]
    low, high = (floor(log10(min(shown))), ceil(log10(max(shown)))) if shown else (-1, 0)
    has_zero = 0 in losses
    every = -(-max(1, high - low + has_zero) // (MOST_POWERS - 1))
    low = high - every * -(-max(1, high - low + has_zero) // every)
    last = len(losses) - 1

    def row(loss: float) -> int:
        return round(1000 * (high - log10(loss)) / (high - low)) if loss > 0 else 1000

    powers = [
        Tick(row(10.0**power), "0" if has_zero and power == low else _power(power))
        for power in range(high, low - 1, -every)
    ]
    between = _interval(last)
    return Chart(
        title="loss L of each step (log scale)",
        points=tuple((round(1000 * number / max(1, last)), row(loss)) for number, loss in enumerate(losses)),
        labels=tuple(point_label(number, loss) for number, loss in enumerate(losses)),
        below=tuple(Tick(round(1000 * step / max(1, last)), str(step)) for step in range(0, last + 1, between)),
        beside=tuple(powers),
        rows=rows,
        cols=cols,
    )


def _power(exponent: int) -> str:
    """Return a power of ten: `100`, `0.01`, `1e−5`."""
    if -3 <= exponent <= 4:
        return f"{10**exponent:d}" if exponent >= 0 else f"{10.0**exponent:.{-exponent}f}"
    return f"1e{exponent}".replace("-", MINUS)


def _interval(last: int) -> int:
    """Return 1, 2 or 5 times a power of ten, so that not too many numbers are at the axis of steps."""
    sizes = (factor * unit for unit in (1, 10, 100, 1000) for factor in (1, 2, 5))
    return next((size for size in sizes if last // size < MOST_STEPS), last)
