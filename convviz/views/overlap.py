"""overlap: how many contributions each cell receives, for this kernel and for the nearest ones that fit the stride.

For a transposed layer the counted cells are the output's, and at step t input cell t has stamped its kernel, in all
panels at once. For a convolution they are the input's, and at step t window t has read its cells. Counts share one
scale; the bars above a grid are the counts along its columns (the picture is the product of its axes).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from convviz.errors import GeometryError
from convviz.geometry.axis import Axis, PoolAxis
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_alternatives, format_per_axis, format_sizes
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.panels import at, empty, rows_and_cols

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Span = tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One axis: which counted cells each step touches."""

    axis: Axis

    @cached_property
    def touched(self) -> list[Span]:
        """For each step, the counted cells: outputs that an input cell feeds, or input cells that a window reads."""
        track = self.axis.sliding_window
        reads = [
            [cell.source for cell in (track.cells[place] for place in track.taps(output)) if cell.kind == "input"]
            for output in range(track.outputs)
        ]
        if not track.flipped:
            return [tuple(source for source in sources if source is not None) for sources in reads]
        return [tuple(output for output, sources in enumerate(reads) if cell in sources) for cell in range(track.input)]

    @property
    def size(self) -> int:
        """Number of counted cells."""
        return self.axis.output if self.axis.sliding_window.flipped else self.axis.input

    @cached_property
    def counts(self) -> list[int]:
        """How often each cell is touched in the end."""
        found = Counter(cell for cells in self.touched for cell in cells)
        return [found[cell] for cell in range(self.size)]

    @property
    def inside(self) -> list[int]:
        """The counts away from all borders: how many taps land on each residue of the stride."""
        landings = Counter(tap * self.axis.dilation % self.axis.stride for tap in range(self.axis.kernel))
        return [landings[residue] for residue in range(self.axis.stride)]


def overlap(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer`; without numbers the shades alone tell the counts."""
    grids = [[Line(axis) for axis in one.axes] for one in _neighbours(layer)]
    highest = max(1, *(prod(max(line.counts) for line in lines) for lines in grids))
    shown = numbers is None or numbers.visible
    tallest = max(1, *(max(line.counts) for lines in grids for line in lines))
    panels = [panel for lines in grids for panel in (_bars(lines, tallest), _grid(lines))]
    pairs = [Group("column", (panels[index], panels[index + 1])) for index in range(0, len(panels), 2)]
    frames = tuple(_frames(layer, grids, highest, shown))
    return Scene(
        title=_title(layer),
        sizes=_verdict(grids[_own(grids, layer)]),
        badges=header.badges(layer),
        body=Group("row", tuple(pairs), may_turn=True),
        legend=(
            LegendEntry("output", f"{highest} contribution{'s' * (highest > 1)}"),
            LegendEntry("empty", "none"),
            LegendEntry("window", "touched in this step"),
        ),
        formulas=(Formula("", _truth(), "", ""),),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _title(layer: Layer) -> str:
    if isinstance(layer, ConvTranspose):
        return "Overlap: how many stamps hit each output cell"
    return "Overlap: how many windows read each input cell"


def _truth() -> str:
    return "inside, counts are even when s divides k; borders receive fewer, and learnt weights can still be uneven"


def _neighbours(layer: Layer) -> list[Layer]:
    """The layer between those whose kernels are the nearest multiples of its stride, as far as they exist."""
    lower = tuple(axis.kernel // axis.stride * axis.stride for axis in layer.axes)
    upper = tuple(-(-axis.kernel // axis.stride) * axis.stride for axis in layer.axes)
    kernels = dict.fromkeys((lower, layer.kernel, upper))
    found = (layer if kernel == layer.kernel else _with_kernel(layer, kernel) for kernel in kernels if all(kernel))
    return [one for one in found if one is not None]


def _with_kernel(layer: Layer, kernel: tuple[int, ...]) -> Layer | None:
    """The layer with another kernel; None where it does not exist. Every pooling reads the cells that MaxPool reads."""
    given = layer.input, kernel, layer.stride, layer.padding, layer.dilation
    try:
        if isinstance(layer, ConvTranspose):
            return ConvTranspose(*given, layer.output_padding)
        ceil = any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in layer.axes)
        return MaxPool(*given, ceil) if isinstance(layer, Pool) else Conv(*given)
    except GeometryError:
        return None


def _own(grids: Sequence[Sequence[Line]], layer: Layer) -> int:
    return next(index for index, lines in enumerate(grids) if tuple(line.axis.kernel for line in lines) == layer.kernel)


def _kernel(lines: Sequence[Line]) -> str:
    kernel, stride = ([getattr(line.axis, name) for line in lines] for name in ("kernel", "stride"))
    return f"k = {format_per_axis(kernel)}, s = {format_per_axis(stride)}"


def _verdict(lines: Sequence[Line]) -> str:
    """`k mod s = 1 → uneven`."""
    rests = format_per_axis([line.axis.kernel % line.axis.stride for line in lines])
    return f"k mod s = {rests} → {_evenness(lines)}"


def _evenness(lines: Sequence[Line]) -> str:
    if any(0 in line.inside for line in lines):
        return "holes"
    return "even" if all(len(set(line.inside)) == 1 for line in lines) else "uneven"


def _grid(lines: Sequence[Line]) -> Panel:
    shape = tuple(line.size for line in lines)
    inside = sorted({prod(counts) for counts in product(*(line.inside for line in lines))})
    caption = f"{_kernel(lines)}: {_evenness(lines)}, {format_alternatives(inside)} inside; {format_sizes(shape)}"
    return Panel("counts", empty(shape), caption)


def _bars(lines: Sequence[Line], tallest: int) -> Panel:
    """The counts along the columns, on the scale of all panels."""
    bars = tuple(Cell("bar", level=round(100 * count / tallest)) for count in lines[-1].counts)
    return Panel("profile", (bars,))


def _frames(layer: Layer, grids: list[list[Line]], highest: int, shown: bool) -> Iterator[Frame]:
    """All panels step through their own cells together; one that has fewer is done earlier."""
    walks = [list(product(*(line.touched for line in lines))) for lines in grids]
    totals: list[Counter[tuple[int, ...]]] = [Counter() for _ in grids]
    for step in range(max(map(len, walks))):
        changes, marks = [], []
        for index, walk in enumerate(walks):
            if step >= len(walk):
                continue
            spans = walk[step]
            for place in product(*spans):
                totals[index][place] += 1
                changes.append(Change(2 * index + 1, *at(place), _counted(totals[index][place], highest, shown)))
            if all(spans):
                marks.append(Mark(2 * index + 1, *rows_and_cols(spans)))
        yield Frame(tuple(changes), tuple(marks), _says(layer, grids))


def _counted(count: int, highest: int, shown: bool) -> Cell:
    return Cell("output", str(count) if shown else "", level=max(15, round(100 * count / highest)))


def _says(layer: Layer, grids: list[list[Line]]) -> Sentence:
    own = grids[_own(grids, layer)]
    cured = [lines for lines in grids if lines is not own and _evenness(lines) == "even"]
    verdict = _evenness(own)
    bare = f"{_kernel(own)} leaves holes" if verdict == "holes" else f"{_kernel(own)} gives an {verdict} overlap"
    if verdict == "even" or not cured:
        return Sentence((f"{bare} inside", bare))
    better = " or ".join(f"k = {format_per_axis([line.axis.kernel for line in lines])}" for lines in cured)
    return Sentence((f"{bare} inside; {better} gives an even one", f"{bare}; {better} is even", bare))
