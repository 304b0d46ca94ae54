"""training: gradient descent on the kernel of a layer; step t shows kernel, output and error after t updates.

Input, kernel and target kernel are beside output, target output and their difference; below is the loss of each step.
The difference is shaded by its sign and size, on a scale that is that of the start, so that it fades while the kernel
learns. Cells that are too small for digits are shaded by their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from convviz.scene.model import (
    Badge,
    Cell,
    CellRole,
    Change,
    Frame,
    Group,
    LegendEntry,
    Node,
    Operator,
    Panel,
    Scene,
    Timing,
)
from convviz.scene.shades import EXACT_ZERO
from convviz.text.formatting import format_sizes, format_value
from convviz.views import header
from convviz.views.cell_grids import Cells, grid_shape
from convviz.views.loss_chart import loss_chart
from convviz.views.shading import shaded_cell
from convviz.views.training_text import Rounding, equals, has_reachable_target, rate_text, rule, step_sentence

if TYPE_CHECKING:
    from convviz.layers.training import Run, Step

INPUT, KERNEL, TARGET_KERNEL, OUTPUT, TARGET_OUTPUT, ERROR = range(6)


def training(run: Run, target: str, timing: Timing, rounding: Rounding | None) -> Scene:
    """Return the scene of a run towards a target of that name; without `rounding` cells are shaded by their values."""
    maker = _CellMaker(run, rounding)
    states = [maker.state(step) for step in run.steps]
    frames = timing.timed(list(_frames(run, states)))
    panels = _panels(maker, states[0])
    layer = run.problem.layer
    return Scene(
        title=f"Gradient descent on the kernel of {layer.noun}",
        sizes=header.sizes_text(layer, None),
        badges=tuple(_badges(run, target)),
        body=_body(run, panels),
        legend=tuple(_legend(_roles(panels, frames), rounding is None)),
        formulas=(rule(run),),
        frames=tuple(_from_zero(frame) for frame in frames),
        steps=max(1, len(run.steps) - 1),
    )


def _from_zero(frame: Frame) -> Frame:
    """Return a frame whose number is that of its updates."""
    return replace(frame, number=frame.number - 1)


@dataclass(frozen=True)
class _CellMaker:
    """Makes the cells of values: digits that are rounded, or shades."""

    run: Run
    rounding: Rounding | None

    def values(self, role: CellRole, array: Any) -> Cells:
        """Return the cells of values of one role."""
        hue: CellRole = "shade" if role == "input" else "positive"
        rounding, largest = self.rounding, self.run.largest_values[role]

        def cell(value: float) -> Cell:
            return Cell(role, rounding.text(role, value)) if rounding else _shaded(value, largest, hue)

        return tuple(tuple(map(cell, row)) for row in _rows(array))

    def errors(self, array: Any) -> Cells:
        """Return the cells of differences, shaded by sign and size."""
        rounding, largest = self.rounding, self.run.largest_error

        def cell(value: float) -> Cell:
            made = _shaded(value, largest, "positive")
            return Cell(made.role, rounding.signed(value), level=made.level) if rounding else made

        return tuple(tuple(map(cell, row)) for row in _rows(array))

    def state(self, step: Step) -> dict[int, Cells]:
        """Return the cells of the panels that change, by their numbers."""
        return {
            KERNEL: self.values("kernel", step.kernel),
            OUTPUT: self.values("output", step.output),
            ERROR: self.errors(step.output - self.run.problem.y),
        }


def _shaded(value: float, largest: float, hue: CellRole) -> Cell:
    """Return a shaded cell; the strongest shade is for `largest` and beyond."""
    return shaded_cell(max(-largest, min(value, largest)), (0.0, largest), hue)


def _panels(maker: _CellMaker, state: dict[int, Cells]) -> tuple[Panel, ...]:
    """Return the panels at the start, in the order of their numbers."""
    problem, layer, rounding = maker.run.problem, maker.run.problem.layer, maker.rounding
    about = " (≈)" if rounding else ""
    targets = (("kernel", problem.target), ("output", problem.y))
    w, y = (about if rounding and rounding.changes(*target) else "" for target in targets)
    output = format_sizes(layer.output)
    captions = (
        ("input", f"input x {format_sizes(layer.input)}"),
        ("kernel", f"kernel w {format_sizes(layer.kernel)}{about}"),
        ("target kernel", f"target w* {format_sizes(problem.target.shape)}{w}"),
        ("output", f"output y {output}{about}"),
        ("target output", f"target y* {output}{y}"),
        ("error", f"error y − y*{about}"),
    )
    cells = {
        INPUT: maker.values("input", problem.x),
        TARGET_KERNEL: maker.values("kernel", problem.target),
        TARGET_OUTPUT: maker.values("output", problem.y),
        **state,
    }
    return tuple(
        Panel(name, cells[number], caption, seamless=not rounding) for number, (name, caption) in enumerate(captions)
    )


def _rows(values: Any) -> Any:
    return values.reshape(grid_shape(values.shape)).tolist()


def _frames(run: Run, states: Sequence[dict[int, Cells]]) -> Iterator[Frame]:
    """Yield a frame for each state, with the cells that differ from the one before."""
    before = states[0]
    for number, state in enumerate(states):
        changes = tuple(
            Change(panel, row, col, cell)
            for panel, cells in state.items()
            for row, (line, old_line) in enumerate(zip(cells, before[panel], strict=True))
            for col, (cell, old) in enumerate(zip(line, old_line, strict=True))
            if cell != old
        )
        yield Frame(changes=changes, marks=(), caption=step_sentence(run, number))
        before = state


def _body(run: Run, panels: tuple[Panel, ...]) -> Group:
    """Return input and kernels on the left, outputs and the loss on the right; of one axis, one below the other."""
    layer = run.problem.layer
    kernels = Group("row", (panels[KERNEL], Operator("→"), panels[TARGET_KERNEL]), align_captions=True)
    if len(layer.axes) == 1:
        left = Group("column", (panels[INPUT], kernels))
        right = Group("column", (*panels[OUTPUT:], loss_chart(run, 3, panels[OUTPUT].cols)))
        return Group("row", (left, right), may_turn=True)
    (rows, cols), inputs = grid_shape(layer.output), grid_shape(layer.input)[0]
    chart = loss_chart(run, max(3, inputs + max(panels[KERNEL].rows, panels[TARGET_KERNEL].rows) - rows), 3 * cols + 2)
    outputs: tuple[Node, ...] = (panels[OUTPUT], Operator("−"), panels[TARGET_OUTPUT], Operator("="), panels[ERROR])
    left = Group("column", (panels[INPUT], kernels), may_turn=True)
    return Group("row", (left, Group("column", (Group("row", outputs), chart))), may_turn=True)


def _badges(run: Run, target: str) -> Iterator[Badge]:
    yield from (badge for badge in header.badges(run.problem.layer) if badge.role != "derived")
    yield Badge(f"target {target}", "kernel")
    yield Badge(rate_text(run), "plain")
    if run.momentum:
        yield Badge(f"β {equals(run.momentum)}", "plain")
    if run.problem.noise:
        yield Badge(f"noise = {format_value(run.problem.noise)}", "plain")
    if not has_reachable_target(run):
        yield Badge(f"best loss {equals(run.problem.best_loss)}", "plain")


def _legend(shown: set[CellRole], shaded: bool) -> Iterator[LegendEntry]:
    """Name the roles of the cells that occur."""
    texts: dict[CellRole, str] = {"input": "input", "kernel": "kernel", "output": "output"}
    texts |= {"positive": "error > 0: too high", "negative": "error < 0: too low"}
    if shaded:
        texts = {"shade": "input > 0", "positive": "kernel, output, error > 0", "negative": "below 0"}
    texts[EXACT_ZERO] = "exactly 0"
    yield from (LegendEntry(role, text) for role, text in texts.items() if role in shown)


def _roles(panels: Sequence[Panel], frames: Sequence[Frame]) -> set[CellRole]:
    cells = (cell for panel in panels for row in panel.cells for cell in row)
    return {cell.role for cell in cells} | {change.cell.role for frame in frames for change in frame.changes}
