"""compare: one line for each framework, how it pads or crops its input, and what comes out.

All lines begin their input in the same column, so that padding stands out left and right; below each line stand its
outputs, each under the middle of its window. At step t every framework writes output cell t, and in the last step an
outline says which cells differ from those of the first framework.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.scene.model import Change, Frame, Group, LegendEntry, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_value
from convviz.text.formulas import formulas
from convviz.text.lines import Sentence
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.lanes import BLANK, middle

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

LINE, OUTPUT = 0, 1
"""Rows of a panel."""


@dataclass(frozen=True)
class Lane:
    """A framework: its name, what it says, its layer of one axis with the values, or none where it refuses."""

    name: str
    words: str
    layer: Layer | None = None
    numbers: LayerValues | None = None

    @property
    def outputs(self) -> int:
        """o, in cells."""
        return self.layer.output[0] if self.layer else 0

    def text(self, output: int) -> str:
        """An output cell's value."""
        assert self.numbers is not None
        return format_value(self.numbers.y[output]) if output < self.outputs else ""


def compare(layer: Layer, lanes: Sequence[Lane], timing: Timing) -> Scene:
    """The scene of `lanes`, for the parameters of `layer`, which has one axis."""
    shown = [lane for lane in lanes if lane.layer]
    start = max(_start(lane) for lane in shown)
    length = start + max(lane.layer.sliding_windows[0].size - _start(lane) for lane in shown if lane.layer)
    panels = tuple(_panel(lane, start, length) for lane in lanes)
    frames = timing.timed(list(_frames(lanes, start)))
    return Scene(
        title=f"{header.title(layer)} in {_listed([lane.name for lane in lanes])}",
        sizes=f"input {layer.input[0]}, one axis",
        badges=header.badges(layer)[:3],
        body=Group("column", panels),
        legend=_legend(panels, lanes),
        formulas=formulas(layer)[:1],
        frames=frames,
        steps=len(frames),
    )


def _listed(names: Sequence[str]) -> str:
    """`torch`, `torch and keras`, `torch, keras and jax`."""
    head = ", ".join(names[:-1])
    return f"{head} and {names[-1]}" if head else names[0]


def _start(lane: Lane) -> int:
    """Cells of its line before the input."""
    return lane.layer.sliding_windows[0].offset if lane.layer else 0


def _panel(lane: Lane, start: int, length: int) -> Panel:
    line, below = [BLANK] * length, [BLANK] * length
    if lane.layer:
        (track,) = lane.layer.sliding_windows
        shift = start - track.offset
        for place in range(track.size):
            line[shift + place] = grids.laid_cell((track,), (place,), lane.numbers)
        for output in range(track.outputs):
            below[shift + middle(track, output)] = grids.EMPTY
    return Panel(lane.name, (tuple(line), tuple(below)), lane.words, lane.name)


def _frames(lanes: Sequence[Lane], start: int) -> Iterator[Frame]:
    last = max(lane.outputs for lane in lanes) - 1
    for output in range(last + 1):
        changes, marks = [], []
        for number, lane in enumerate(lanes):
            if output >= lane.outputs:
                continue
            assert lane.layer is not None
            (track,) = lane.layer.sliding_windows
            shift = start - track.offset
            column = shift + middle(track, output)
            changes.append(Change(number, OUTPUT, column, grids.written_cell((output,), lane.numbers)))
            marks.append(Mark(number, (LINE,), tuple(shift + place for place in track.taps(output)), highlighted=True))
            marks.append(Mark(number, (OUTPUT,), (column,)))
        if output == last:
            marks += _differing(lanes, start)
        yield Frame(tuple(changes), tuple(marks), _says(lanes, output))


def _differing(lanes: Sequence[Lane], start: int) -> Iterator[Mark]:
    first = next(lane for lane in lanes if lane.layer)
    for number, lane in enumerate(lanes):
        if lane.layer:
            (track,) = lane.layer.sliding_windows
            for output in range(track.outputs):
                if lane.text(output) != first.text(output):
                    column = start - track.offset + middle(track, output)
                    yield Mark(number, (OUTPUT,), (column,), role="source")


def _says(lanes: Sequence[Lane], output: int) -> Sentence:
    """`y[2] = 4 in torch, 7 in keras and jax`."""
    values: dict[str, list[str]] = {}
    for lane in lanes:
        if lane.layer:
            values.setdefault(lane.text(output) or "missing", []).append(lane.name)
    name = f"y[{output}]"
    said = "; ".join(f"{text} in {_listed(names)}" for text, names in values.items())
    same = f"{name} = {next(iter(values))} everywhere" if len(values) == 1 else f"{name} is {said}"
    return Sentence((same, f"{name} differs" if len(values) > 1 else f"{name} agrees", name))


def _legend(panels: Sequence[Panel], lanes: Sequence[Lane]) -> tuple[LegendEntry, ...]:
    cells = {(cell.role, cell.faded) for panel in panels for row in panel.cells for cell in row}
    keys = [LegendEntry(role, header.KEY_WORDS[role]) for role in header.INPUT_ROLES if (role, False) in cells]
    keys += [LegendEntry("window", "kernel window"), LegendEntry("output", "output")]
    first = next(lane for lane in lanes if lane.layer)
    if any(_differing(lanes, 0)):
        keys.append(LegendEntry("source", f"differs from {first.name}"))
    faded = next((role for role in header.INPUT_ROLES if (role, True) in cells), None)
    return (*keys, LegendEntry(faded, "cropped or never read", True)) if faded else tuple(keys)
