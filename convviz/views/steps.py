"""steps: a convolution in two steps (pad, slide), a transposed one in four (parameters, insert, pad, slide).

A transposed convolution first gets new parameters z and p′; then its input moves apart and z zeros come between; then
p′ rings of zeros come around it (or are cropped); then the flipped kernel slides with stride 1. What is done stays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.model import (
    Cell,
    Change,
    FloatingCell,
    Frame,
    Group,
    Mark,
    Node,
    Operator,
    Panel,
    Scene,
    TextBlock,
    Timing,
)
from convviz.text.formatting import format_padding, format_per_axis, format_sizes
from convviz.text.formulas import formulas
from convviz.text.lines import Sentence
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import step_line

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Place = tuple[int, int]
GLIDE, GLIDES = 80, 8
"""Milliseconds of a frame while cells move, and how many of them there are."""
BLANK = Cell("blank")


def steps(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer`, with the values of `numbers` in the cells, or without any."""
    story = Transposed(layer, numbers) if isinstance(layer, ConvTranspose) else Forward(layer, numbers)
    frames = list(story.frames())
    panels = tuple(story.body.panels())
    return Scene(
        title=f"{header.title(layer)} in {'four' if len(story.tabs) == 4 else 'two'} steps",
        sizes=header.sizes_line(layer, numbers),
        badges=header.badges(layer),
        body=story.body,
        legend=header.legend((*panels, Panel("line", story.line)), layer),
        formulas=formulas(layer),
        frames=timing.timed(frames),
        steps=len(frames),
        tabs=story.tabs,
    )


class Story(ABC):
    """What both kinds share: the padded line, and the window that slides over it in the last step."""

    tabs: tuple[str, ...]
    body: Group

    def __init__(self, layer: Layer, numbers: LayerValues | None) -> None:
        self.layer, self.numbers = layer, numbers
        self.line = grids.laid_grid(layer, numbers)
        self.shape = (len(self.line), len(self.line[0]))
        output = grids.output_panel(layer, numbers)
        self.output = replace(output, caption=output.caption + grids.hidden_words(numbers, 1))

    @abstractmethod
    def frames(self) -> Iterator[Frame]:
        """All frames, without numbers and durations."""

    def side_by_side(self, *stages: Node) -> Group:
        """Each stage below its tab; lines of a 1-D layer stand below each other."""
        flat = len(self.layer.axes) == 1
        return Group("column", stages) if flat else Group("row", stages, equal_widths=True)

    def cells(self, role: str | None = None) -> Iterator[tuple[Place, Cell]]:
        """Places and cells of the padded line, all or those of a role."""
        for row, col in product(*map(range, self.shape)):
            cell = self.line[row][col]
            if role in (None, cell.role):
                yield (row, col), cell

    def rings(self) -> list[list[Place]]:
        """The padding in rings, from the input outwards."""
        inner = [place for place, cell in self.cells() if cell.role != "padding"]
        first, last = inner[0], inner[-1]
        rings: dict[int, list[Place]] = {}
        for place, _ in self.cells("padding"):
            away = max(max(low - at, at - high, 0) for low, at, high in zip(first, place, last, strict=True))
            rings.setdefault(away, []).append(place)
        return [rings[away] for away in sorted(rings)]

    def placed(self, panel: int, places: Sequence[Place]) -> tuple[Change, ...]:
        """These cells of the padded line, on `panel`."""
        return tuple(Change(panel, row, col, self.line[row][col]) for row, col in places)

    def fade(self, panel: int) -> list[Change]:
        """The cells that no window reads, faded."""
        return [Change(panel, *place, cell) for place, cell in self.cells() if cell.faded]

    def slide(self, walked: int, target: int, tab: int) -> Iterator[Frame]:
        """The window walks over the panel `walked`, and each stop writes a cell of the panel `target`."""
        for output in self.layer.outputs():
            rows, cols = grids.window(self.layer, output)
            row, col = grids.at(output)
            yield Frame(
                changes=(Change(target, row, col, grids.written_cell(output, self.numbers)),),
                marks=(Mark(walked, rows, cols, highlighted=True), Mark(target, (row,), (col,))),
                caption=step_line(self.layer, output, self.numbers),
                tab=tab,
            )


class Forward(Story):
    """Pad, then slide with stride s."""

    PADDED = 0

    def __init__(self, layer: Layer, numbers: LayerValues | None) -> None:
        super().__init__(layer, numbers)
        self.tabs = ("1  pad by p", f"2  slide, stride {format_per_axis(layer.stride)}")
        start = tuple(tuple(cell if cell.role == "input" else BLANK for cell in row) for row in self.line)
        start = tuple(tuple(Cell(cell.role, cell.text) for cell in row) for row in start)
        padded = Panel("padded", start, grids.caption(layer, grids.input_words(numbers)))
        self.body = self.side_by_side(padded, Group("row", self._right()))

    def _right(self) -> tuple[Node, ...]:
        if isinstance(self.layer, Pool):
            return (self.output,)
        return grids.kernel_panel(self.layer, self.numbers), Operator("="), self.output

    def frames(self) -> Iterator[Frame]:
        """The rings of padding, then the walk."""
        sides = format_padding(self.layer.padding)
        padded = any(map(any, self.layer.padding))
        hangs = any(track.overhang for track in self.layer.sliding_windows)
        bare = "p = 0; the last window hangs over the end" if hangs else "p = 0: no padding"
        says = Sentence((f"Pad with p = {sides} cells around the input" if padded else bare, "pad"))
        yield Frame((), (), says)
        for ring in self.rings():
            yield Frame(self.placed(0, ring), (), says)
        faded = self.fade(0)
        if faded:
            yield Frame(tuple(faded), (), Sentence((f"Faded cells take no part: {header.faded_words(self.layer)}",)))
        target = len(tuple(self.body.panels())) - 1
        yield from self.slide(0, target, tab=1)


class Transposed(Story):
    """New parameters, insert zeros, pad by p′, slide with stride 1."""

    def __init__(self, layer: Layer, numbers: LayerValues | None) -> None:
        super().__init__(layer, numbers)
        axes = [axis for axis in layer.axes if isinstance(axis, ConvTransposeAxis)]
        self.z = format_per_axis([axis.inserted_zeros for axis in axes])
        self.border = format_padding([axis.implicit_padding for axis in axes])
        self.crops = any(side < 0 for axis in axes for side in axis.implicit_padding)
        self.tabs = ("1  new parameters", "2  insert z zeros", f"3  {self._verb()} by p′", "4  slide, stride 1")
        symbols = "k − p − 1" if set(layer.dilation) == {1} else "d(k − 1) − p"
        note = TextBlock((f"z = s − 1 = {self.z}", f"p′ = {symbols} = {self.border}", "s′ = 1"))
        self.inner = [place for place, cell in self.cells() if cell.role != "padding"]
        (top, left), (bottom, right) = self.inner[0], self.inner[-1]
        self.origin = top, left
        spread = ((BLANK,) * (right - left + 1),) * (bottom - top + 1)
        blank = ((BLANK,) * self.shape[1],) * self.shape[0]
        tracks = layer.sliding_windows
        kernel = grids.kernel_panel(layer, numbers)
        self.body = self.side_by_side(
            Group("column" if len(layer.axes) == 2 else "row", (note, kernel)),
            Panel("spread", spread, f"i + (i − 1)·z: {format_sizes([track.zero_inserted_size for track in tracks])}"),
            Panel(
                "padded",
                blank,
                f"{'cropped' if self.crops else 'padded'}: {format_sizes([t.padded_size for t in tracks])}",
            ),
            self.output,
        )

    def frames(self) -> Iterator[Frame]:
        """The four steps."""
        yield Frame((), (), self._parameters(), floating_cells=self._floats(0))
        if any(track.gap and track.input > 1 for track in self.layer.sliding_windows):
            for glide in range(1, GLIDES):
                yield Frame((), (), self._insert(), floating_cells=self._floats(glide / GLIDES), tab=1, duration=GLIDE)
        yield Frame(tuple(self._spread(("input",))), (), self._insert(), tab=1)
        yield Frame(tuple(self._spread(("inserted",))), (), self._insert(), tab=1)
        inner = [Change(2, *place, self._plain(place)) for place in self.inner]
        yield Frame(tuple(inner), (), self._pad(), tab=2)
        for ring in self.rings():
            yield Frame(self.placed(2, ring), (), self._pad(), tab=2)
        faded = self.fade(2)
        if faded:
            yield Frame(tuple(faded), (), self._pad(), tab=2)
        yield from self.slide(2, 3, tab=3)

    def _verb(self) -> str:
        return "crop" if self.crops else "pad"

    def _plain(self, place: Place) -> Cell:
        cell = self.line[place[0]][place[1]]
        return Cell(cell.role, cell.text)

    def _floats(self, share: float) -> tuple[FloatingCell, ...]:
        """The input cells on their way from close together to their places, `share` of the way."""
        gaps = (0, *(track.gap for track in self.layer.sliding_windows))[-2:]
        top, left = self.origin
        high, wide = (1, *self.layer.input)[-2:]
        floats = []
        for (row, col), cell in self.cells("input"):
            end = row - top, col - left
            axes = zip(end, gaps, (high, wide), strict=True)
            starts = [at // (gap + 1) + (count - 1) * gap / 2 for at, gap, count in axes]
            now = [round(1000 * (start + (at - start) * share)) for start, at in zip(starts, end, strict=True)]
            floats.append(FloatingCell(1, now[0], now[1], Cell("input", cell.text)))
        return tuple(floats)

    def _spread(self, roles: Sequence[str]) -> Iterator[Change]:
        """Cells of these roles at their places in the spread input."""
        top, left = self.origin
        for row, col in self.inner:
            cell = self._plain((row, col))
            if cell.role in roles:
                yield Change(1, row - top, col - left, cell)

    def _parameters(self) -> Sentence:
        words = f"New parameters: z = {self.z}, p′ = {self.border}, and the window will move by 1"
        return Sentence((words, "New parameters"))

    def _insert(self) -> Sentence:
        given, spread = (
            format_sizes(self.layer.input),
            format_sizes([track.zero_inserted_size for track in self.layer.sliding_windows]),
        )
        zeros = f"z = {self.z} {'zero' if self.z == '1' else 'zeros'}"
        return Sentence((f"Insert {zeros} between neighbours: {given} becomes {spread}", f"Insert {zeros}"))

    def _pad(self) -> Sentence:
        verb = self._verb().capitalize()
        words = f"{verb} by p′ = {self.border}, so that every output cell sees a full window"
        return Sentence((words, f"{verb} by p′ = {self.border}"))
