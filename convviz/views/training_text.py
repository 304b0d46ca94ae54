"""The sentences and rounded numbers of a training: what is true of each step, computed from the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from convviz.text.formatting import MINUS, format_cell, format_sizes, format_value, is_shown_exactly
from convviz.text.lines import Formula, Sentence

if TYPE_CHECKING:
    from convviz.layers.training import Run

LEARNED = 1e-3
"""Largest difference of the kernels below which the target counts as learned."""
NEGLIGIBLE = 1e-9
"""Share of the mean square of the target output below which the best loss counts as 0."""


class Rounding(NamedTuple):
    """How cells are rounded: the decimals of kernels, and of outputs, which from 10 on have none if `is_coarse`."""

    kernel: int
    output: int
    is_coarse: bool = False

    def text(self, role: str, value: Any) -> str:
        """Return a number of a cell: whole ones in full, others with decimals, large ones as 3e4."""
        number, decimals = float(value), self.kernel if role == "kernel" else self.output
        decimals = 0 if self.is_coarse and abs(number) >= 9.95 else decimals
        text = f"{number:.0f}" if number == round(number) or abs(number) >= 100 else f"{number:.{decimals}f}"
        if abs(number) >= 1e4:
            mantissa, exponent = f"{number:.0e}".split("e")
            text = f"{mantissa}e{int(exponent)}"
        text = text.removeprefix("-") if not text.strip("-0.") else text
        return text.replace("-", MINUS)

    def signed(self, value: Any) -> str:
        """Return a difference of outputs, with a plus if it is above 0."""
        text = self.text("output", value)
        return f"+{text}" if value > 0 and text.strip("0.") else text

    def changes(self, role: str, values: Any) -> bool:
        """Tell whether one of these values is rounded."""
        texts = ((self.text(role, value).replace(MINUS, "-"), value) for value in values.ravel().tolist())
        return any(abs(float(text) - value) > 1e-12 * max(1, abs(value)) for text, value in texts)


ROUNDINGS = (Rounding(2, 1), Rounding(1, 1, is_coarse=True))
"""From the finest to the coarsest, for cells that are smaller."""


def equals(value: float) -> str:
    """Return `= 0.5`, or `≈ 0.0863` for a number that is rounded."""
    return f"{'=' if is_shown_exactly(value, 'decimal') else '≈'} {format_value(value, 'decimal')}"


def point_label(number: int, loss: float) -> str:
    """Return the text beside a point of the loss curve: `step 12: ≈0.0863`."""
    return f"step {number}: {number_text(loss)}"


def rule(run: Run) -> Formula:
    """Return how loss and update are computed."""
    computed = "y = x ⋆ w,  " if run.problem.layer.kind == "conv" else ""
    update = "v ← β · v + dL/dw,  w ← w − lr · v" if run.momentum else "w ← w − lr · dL/dw"
    return Formula("", f"{computed}L = mean (y − y*)²,  {update}", "", "")


def rate_text(run: Run) -> str:
    """Return the rate beside the one above which the loss grows: `lr = 0.1 < 2/λ ≈ 0.266`."""
    if not run.problem.curvatures.size:
        return f"lr {equals(run.rate)}"
    return f"lr {equals(run.rate)} {'>' if run.diverges else '<'} {limit_text(run)}"


def limit_text(run: Run) -> str:
    """Return the rate above which the loss grows: `2/λ ≈ 0.266`."""
    return f"{'2(1 + β)/λ' if run.momentum else '2/λ'} {equals(run.problem.largest_rate(run.momentum))}"


def has_reachable_target(run: Run) -> bool:
    """Tell whether some kernel of the layer has the target output, but for rounding errors."""
    return run.problem.best_loss <= NEGLIGIBLE * float((run.problem.y**2).mean())


def step_sentence(run: Run, number: int) -> Sentence:
    """Say how large the loss is after so many updates, and what is left to learn or why it cannot be learned."""
    loss, last = run.steps[number].loss, len(run.steps) - 1
    where = f"step {number} of {last}" if number else f"step 0, from {run.start}"
    if number == last and number:
        where = f"after {number} {'step' if number == 1 else 'steps'}"
    short = f"{where}: loss {equals(loss)}"
    remarks = _divergence(run) if run.diverges else _distance(run, number, is_last=number == last)
    return Sentence((*(f"{short}; {remark}" for remark in remarks), short, f"loss {equals(loss)}"))


def _divergence(run: Run) -> tuple[str, ...]:
    rate, limit = f"lr {equals(run.rate)}", limit_text(run)
    return f"diverges, for the rate {rate} is above {limit}", f"diverges: {rate} is above {limit}", "diverges"


def _distance(run: Run, number: int, is_last: bool) -> tuple[str, ...]:
    """Say by how much the kernels differ; of a target out of reach, the smallest loss."""
    problem = run.problem
    difference = f"the largest difference between w and w* is {number_text(run.difference(number))}"
    short = f"largest |w − w*| {equals(run.difference(number))}"
    if not has_reachable_target(run):
        least = f"the smallest possible loss is {number_text(problem.best_loss)}"
        if problem.noise:
            return f"{least}; {difference}", difference, short
        return f"no {_kernel(problem.layer.kernel)} kernel has the target output: {least}", least
    if is_last and run.difference(number) <= LEARNED:
        return f"w* is learned: {difference}", f"w* is learned: {short}", "w* is learned"
    if not problem.is_well_posed:
        return f"more than one kernel has the target output; {difference}", difference, short
    return difference, short


def number_text(value: float) -> str:
    """Return a number, with ≈ in front if it is rounded."""
    return format_cell(value, "decimal")


def _kernel(shape: Sequence[int]) -> str:
    return format_sizes(shape) if len(shape) > 1 else f"{shape[0]}-cell"
