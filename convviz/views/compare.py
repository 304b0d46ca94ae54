"""compare: one lane for each framework: how it pads or crops the input, and the outputs that follow.

The inputs of all lanes begin in the same column, so that padding is seen on both sides; below each lane are its
outputs, each under the middle of its window. At step t each framework writes output cell t; in the last step, outlines
mark the cells that differ from those of the first framework.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.scene.model import Badge, Change, Frame, Group, LegendEntry, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_cell
from convviz.text.formulas import formulas
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.cell_grids import BLANK, EMPTY, output_cell
from convviz.views.lanes import middle_column
from convviz.views.panels import padded_cell

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

INPUT_ROW, OUTPUT_ROW = 0, 1


@dataclass(frozen=True)
class FrameworkLane:
    """A framework: its name, a description, and its 1-D layer with values, or neither if there is no layer."""

    name: str
    description: str
    layer: Layer | None = None
    values: LayerValues | None = None

    @property
    def outputs(self) -> int:
        """Number of output cells."""
        return self.layer.output[0] if self.layer else 0

    def text(self, output: int) -> str:
        """Value of an output cell."""
        assert self.values is not None
        return format_cell(self.values.y[output], self.values.y_notation) if output < self.outputs else ""


def compare_lanes(layer: Layer, lanes: Sequence[FrameworkLane], timing: Timing) -> Scene:
    """Return the scene of `lanes` for the parameters of `layer`, which has one axis."""
    accepting = [lane for lane in lanes if lane.layer]
    start = max(_offset(lane) for lane in accepting)
    length = start + max(lane.layer.sliding_windows[0].size - _offset(lane) for lane in accepting if lane.layer)
    panels = tuple(_panel(lane, start, length) for lane in lanes)
    frames = timing.timed(list(_frames(lanes, start)))
    return Scene(
        title=f"{layer.title} in {_listed([lane.name for lane in lanes])}",
        sizes=f"input {layer.input[0]}, one axis",
        badges=_badges(layer),
        body=Group("column", panels),
        legend=_legend(panels, lanes),
        formulas=_formulas(accepting),
        frames=frames,
        steps=len(frames),
    )


def _badges(layer: Layer) -> tuple[Badge, ...]:
    """Return the given parameters; padding by name is that of each framework, so that its numbers are left out."""
    given = [badge for badge in header.badges(layer) if badge.role not in ("derived", "output")]
    if not layer.named_padding:
        return tuple(given)
    return tuple(Badge(f"p = {layer.named_padding}", "plain") if b.text.startswith("p = ") else b for b in given)


def _formulas(lanes: Sequence[FrameworkLane]) -> tuple[Formula, ...]:
    """Return the size formula, if it is that of all frameworks."""
    found = {formulas(lane.layer)[:1] for lane in lanes if lane.layer}
    return found.pop() if len(found) == 1 else ()


def _listed(names: Sequence[str]) -> str:
    """Join names: `torch`, `torch and keras`, `torch, keras and jax`."""
    head = ", ".join(names[:-1])
    return f"{head} and {names[-1]}" if head else names[0]


def _offset(lane: FrameworkLane) -> int:
    """Number of cells before the input."""
    return lane.layer.sliding_windows[0].offset if lane.layer else 0


def _panel(lane: FrameworkLane, start: int, length: int) -> Panel:
    inputs, outputs = [BLANK] * length, [BLANK] * length
    if lane.layer:
        (window,) = lane.layer.sliding_windows
        shift = start - window.offset
        for position in range(window.size):
            inputs[shift + position] = padded_cell((window,), (position,), lane.values)
        for output in range(window.outputs):
            outputs[shift + middle_column(window, output)] = EMPTY
    return Panel(lane.name, (tuple(inputs), tuple(outputs)), lane.description, lane.name)


def _frames(lanes: Sequence[FrameworkLane], start: int) -> Iterator[Frame]:
    last = max(lane.outputs for lane in lanes) - 1
    for output in range(last + 1):
        changes, marks = [], []
        for panel, lane in enumerate(lanes):
            if output >= lane.outputs:
                continue
            assert lane.layer is not None
            (window,) = lane.layer.sliding_windows
            shift = start - window.offset
            column = shift + middle_column(window, output)
            seen = tuple(shift + position for position in window.taps(output))
            changes.append(Change(panel, OUTPUT_ROW, column, output_cell((output,), lane.values)))
            marks += [Mark(panel, (INPUT_ROW,), seen, highlighted=True), Mark(panel, (OUTPUT_ROW,), (column,))]
        if output == last:
            marks += _differences(lanes, start)
        yield Frame(tuple(changes), tuple(marks), _caption(lanes, output))


def _differences(lanes: Sequence[FrameworkLane], start: int) -> Iterator[Mark]:
    """Mark the output cells that differ from those of the first framework."""
    first = next(lane for lane in lanes if lane.layer)
    for panel, lane in enumerate(lanes):
        if lane.layer:
            (window,) = lane.layer.sliding_windows
            for output in range(window.outputs):
                if lane.text(output) != first.text(output):
                    column = start - window.offset + middle_column(window, output)
                    yield Mark(panel, (OUTPUT_ROW,), (column,), role="source")


def _caption(lanes: Sequence[FrameworkLane], output: int) -> Sentence:
    """Compare one output cell: `y[2] = 4 in torch; 7 in jax; keras refuses`."""
    names: dict[str, list[str]] = {}
    for lane in lanes:
        if lane.layer:
            names.setdefault(lane.text(output) or "missing", []).append(lane.name)
    cell = f"y[{output}]"
    refusing = [lane.name for lane in lanes if lane.description == "refused"]
    listed = "; ".join(f"{text} in {_listed(frameworks)}" for text, frameworks in names.items())
    if refusing:
        listed += f"; {_listed(refusing)} {'refuses' if len(refusing) == 1 else 'refuse'}"
    verdict = f"{cell} differs" if len(names) > 1 else f"{cell} agrees in {_listed(next(iter(names.values())))}"
    return Sentence((f"{cell} = {listed}", verdict, cell))


def _legend(panels: Sequence[Panel], lanes: Sequence[FrameworkLane]) -> tuple[LegendEntry, ...]:
    entries = header.input_entries(panels, next(lane.layer for lane in lanes if lane.layer))
    entries += [LegendEntry("window", "kernel window"), LegendEntry("output", "output")]
    first = next(lane for lane in lanes if lane.layer)
    if any(_differences(lanes, 0)):
        entries.append(LegendEntry("source", f"differs from {first.name}"))
    return (*entries, *header.faded_entry(panels, "cropped or never read"))
