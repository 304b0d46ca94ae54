"""upsample: four ways to enlarge the same input by the same factor f, side by side.

Nearest neighbour and then a 3×3 convolution; a transposed convolution; a convolution to f² channels and pixel shuffle;
bilinear interpolation with its fixed kernel. The learnt kernels are chosen so that the first three compute the same
numbers: nearest, then a 3-kernel w, *is* a transposed convolution with an (f+2)-kernel (w, full-convolved with f×f
ones; padding 1), and pixel shuffle computes the f² phases of that kernel one by one. At step t all four write output
cell t, and the input cells that it depends on are marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers import kernels
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_axis_indices, format_sizes, format_value
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Index = tuple[int, ...]


class Way:
    """One way to upsample: a name, what it computes, and the transposed convolution that depends on the same cells."""

    def __init__(self, name: str, how: str, y: Any, layer: ConvTranspose, w: Any) -> None:
        self.name, self.how, self.layer = name, how, layer
        self.y = y
        self.weights = w

    def reads(self, output: Index) -> list[Index]:
        """Input cells that an output cell depends on: those with a weight that is not zero."""
        found = []
        for tap, cells in taps(self.layer, output):
            source = tuple(cell.source for cell in cells if cell.source is not None)
            flipped = tuple(track.kernel_index(u) for track, u in zip(self.layer.sliding_windows, tap, strict=True))
            if len(source) == len(cells) and _at(self.weights, flipped):
                found.append(source)
        return found


def upsample(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene for the input of `layer` and its stride as the factor. Raises `PictureError` for other layers."""
    factor = _factor(layer)
    if numbers is None or len(numbers.x) != 1:
        raise PictureError("the view upsample shows one input channel; leave out the channels")
    ways = _ways(layer, numbers, factor)
    panels = [panel for way in ways for panel in (_input(layer, numbers), _output(way))]
    columns = tuple(Group("column", (panels[n], Operator("↓"), panels[n + 1])) for n in range(0, len(panels), 2))
    frames = tuple(_frames(ways, numbers.visible))
    return Scene(
        title=f"Four ways to upsample by {factor}",
        sizes=f"{format_sizes(layer.input)} → {format_sizes(ways[0].layer.output)}",
        badges=header.badges(layer)[:1],
        body=Group("row", columns, equal_widths=True),
        legend=(
            LegendEntry("input", "input"),
            LegendEntry("window", "read by this output cell"),
            LegendEntry("output", "output"),
        ),
        formulas=(Formula("", "bilinear is fixed; the other three learn their kernels", "", ""),),
        frames=timing.timed(frames),
        steps=len(frames),
        tabs=tuple(way.name for way in ways),
    )


def _factor(layer: Layer) -> int:
    strides = set(layer.stride)
    if not isinstance(layer, ConvTranspose) or len(strides) != 1 or strides == {1} or len(layer.axes) != 2:
        raise PictureError("the view upsample needs a 2-D transposed convolution; its stride, 2 or more, is the factor")
    return strides.pop()


def _ways(layer: Layer, numbers: LayerValues, factor: int) -> list[Way]:
    small = kernels.example_kernel((3, 3), 0)
    grown = _full(small, factor)
    fit = kernels.kernel_parameters("bilinear", factor)
    smooth = kernels.named_kernel("bilinear", (fit["kernel"],) * 2)
    learnt = ConvTranspose(layer.input, factor + 2, factor, 1)
    fixed = ConvTranspose(layer.input, fit["kernel"], factor, fit["padding"])
    x, size = numbers.x[0], factor + 2
    copied = x.repeat(factor, axis=0).repeat(factor, axis=1)
    nearest = Conv(copied.shape, 3, padding=1)(copied, small)
    same = "the same numbers"
    return [
        Way("nearest, then 3×3", "copy each cell f × f times, then a 3×3 convolution", nearest, learnt, grown),
        Way(f"transposed {size}×{size}", f"stride {factor}, padding 1: {same}", learnt(x, grown), learnt, grown),
        Way("pixel shuffle", _shuffle_words(factor, same), _shuffled(x, grown, factor), learnt, grown),
        Way("bilinear", "a fixed tent: no learning, border faded by zeros", fixed(x, smooth), fixed, smooth),
    ]


def _shuffle_words(factor: int, same: str) -> str:
    return f"{factor * factor} convolutions 3×3, interleaved: {same}"


def _shuffled(x: Any, grown: Any, factor: int) -> Any:
    """One 3×3 convolution for each phase of the large kernel, and their outputs interleaved (Shi et al., 2016)."""
    y = x.repeat(factor, axis=0).repeat(factor, axis=1)
    for down, right in product(range(factor), repeat=2):
        phase = [[_phase(grown, down - factor * n + 1, right - factor * m + 1) for m in (-1, 0, 1)] for n in (-1, 0, 1)]
        y[down::factor, right::factor] = Conv(x.shape, 3, padding=1)(x, phase)
    return y


def _phase(grown: Any, row: int, col: int) -> Any:
    size = len(grown)
    return grown[row][col] if 0 <= row < size and 0 <= col < size else 0


def _full(small: Any, factor: int) -> list[list[int]]:
    """The 3×3 kernel turned around, full-convolved with f×f ones: what nearest and then the kernel do together."""
    size = factor + 2
    grown = [[0] * size for _ in range(size)]
    for row, col, down, right in product(range(3), range(3), range(factor), range(factor)):
        grown[2 - row + down][2 - col + right] += small[row][col]
    return grown


def _at(weights: Any, index: Index) -> Any:
    return weights[index[0]][index[1]]


def _input(layer: Layer, numbers: LayerValues) -> Panel:
    panel = grids.bare_panel(layer, numbers)
    return Panel("input", panel.cells)


def _output(way: Way) -> Panel:
    return Panel("output", grids.empty(way.layer.output), way.how)


def _frames(ways: list[Way], shown: bool) -> Iterator[Frame]:
    for output in ways[0].layer.outputs():
        changes, marks = [], []
        for index, way in enumerate(ways):
            text = format_value(round(float(way.y[output]), 1)) if shown else ""
            changes.append(Change(2 * index + 1, output[0], output[1], Cell("output", text)))
            cells = way.reads(output)
            rows, cols = (tuple(sorted({cell[axis] for cell in cells})) for axis in (0, 1))
            if cells:
                marks.append(Mark(2 * index, rows, cols, highlighted=True))
            marks.append(Mark(2 * index + 1, output[:1], output[1:]))
        yield Frame(tuple(changes), tuple(marks), _says(ways, output), tab=len(ways))


def _says(ways: list[Way], output: Index) -> Sentence:
    name = f"y[{output[0]},{output[1]}]"
    cells = ways[0].reads(output)
    where = format_axis_indices([sorted({cell[axis] for cell in cells}) for axis in (0, 1)])
    bare = f"{name} depends on {where}"
    return Sentence((f"{bare}; the first three ways compute the same", bare, name))
