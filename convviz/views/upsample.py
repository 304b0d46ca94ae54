"""upsample: four methods to enlarge the input by a factor f, side by side.

The methods: nearest neighbour and then a 3×3 convolution; a transposed convolution; a convolution to f² channels and
pixel shuffle; bilinear interpolation with its fixed kernel. The learnt kernels are chosen so that the first three
compute equal values: nearest, then a 3×3 kernel w, *is* a transposed convolution with an (f+2)-kernel (w,
full-convolved with f×f ones; padding 1), and pixel shuffle computes the f² phases of that kernel one by one. At step t
all four write output cell t, and the input cells that it depends on are marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers import examples, kernels
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Badge, Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_axis_indices, format_sizes, format_value
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.cell_grids import Index, bounding_rows_and_cols, empty_grid
from convviz.views.panels import bare_input_panel
from convviz.views.taps import kernel_index, source_of, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

RULE = "bilinear is fixed; the other three learn their kernels, which are chosen here so that they agree"


@dataclass(frozen=True, eq=False)
class Method:
    """A method to upsample, and the transposed convolution whose outputs depend on the same cells."""

    name: str
    description: str
    y: Any
    layer: ConvTranspose
    weights: Any

    def reads(self, output: Index) -> list[Index]:
        """Return the input cells that an output cell depends on, with a weight that is not zero."""
        sources = []
        for tap, cells in taps(self.layer, output):
            source, (row, col) = source_of(cells), kernel_index(self.layer, tap)
            if source is not None and self.weights[row][col]:
                sources.append(source)
        return sources


def upsample(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene for the input of `layer`, with its stride as the factor.

    Raises `PictureError` for layers other than 2-D transposed convolutions, and for several channels.
    """
    factor = _factor(layer)
    if values is None or len(values.x) != 1:
        raise PictureError("the view upsample shows one input channel; leave out the channels")
    methods = _methods(layer, values, factor)
    frames = tuple(_frames(methods, values.visible))
    return Scene(
        title=f"Four ways to upsample by {factor}",
        sizes=f"{format_sizes(layer.input)} → {format_sizes(methods[0].layer.output)}, k and p follow from f",
        badges=(*header.badges(layer)[:1], Badge(f"f = s = {factor}", "plain")),
        body=Group("row", tuple(_column(layer, values, method) for method in methods), equal_widths=True, table=True),
        legend=(
            LegendEntry("input", "input"),
            LegendEntry("window", "read by this output cell"),
            LegendEntry("output", "output"),
        ),
        formulas=(
            Formula(
                "",
                RULE,
                "",
                "",
            ),
        ),
        frames=timing.timed(frames),
        steps=len(frames),
        tabs=tuple(method.name for method in methods),
    )


def _factor(layer: Layer) -> int:
    strides = set(layer.stride)
    if not isinstance(layer, ConvTranspose) or len(strides) != 1 or strides == {1} or len(layer.axes) != 2:
        raise PictureError("the view upsample needs a 2-D transposed convolution; its stride, 2 or more, is the factor")
    return strides.pop()


def _methods(layer: Layer, values: LayerValues, factor: int) -> list[Method]:
    small = examples.example_kernel((3, 3), 0)
    large = _full_convolved(small, factor)
    fixed_parameters = kernels.kernel_parameters("bilinear", factor)
    bilinear = kernels.named_kernel("bilinear", (fixed_parameters["kernel"],) * 2)
    learnt = ConvTranspose(layer.input, factor + 2, factor, 1)
    fixed = ConvTranspose(layer.input, fixed_parameters["kernel"], factor, fixed_parameters["padding"])
    x, size, f2 = values.x[0], factor + 2, factor * factor
    copied = x.repeat(factor, axis=0).repeat(factor, axis=1)
    nearest = Conv(copied.shape, 3, padding=1)(copied, small)
    transposed, shuffled = learnt(x, large), pixel_shuffle(x, large, factor)
    copied_cells = f"copy each cell to {factor}×{factor} cells, then convolve"
    tent = "a fixed tent: no learning, border faded by zeros"
    stamped = f"stride {factor}, padding 1; kernel chosen to agree"
    interleaved = f"{f2} convolutions 3×3, interleaved; kernels chosen to agree"
    methods = [
        Method("nearest, then 3×3", copied_cells, nearest, learnt, large),
        Method(f"transposed {size}×{size}", stamped, transposed, learnt, large),
        Method("pixel shuffle", interleaved, shuffled, learnt, large),
        Method("bilinear", tent, fixed(x, bilinear), fixed, bilinear),
    ]
    return (
        [replace(one, description=one.description + _rounding(one.y)) for one in methods] if values.visible else methods
    )


def _rounding(y: Any) -> str:
    """Say that values are rounded, as exact fractions are too long for these cells; nothing if they are not."""
    return "; ≈, to 0.1" if (abs(y.round(1) - y) > 1e-9).any() else ""


def pixel_shuffle(x: Any, large: Any, factor: int) -> Any:
    """Interleave the outputs of 3×3 convolutions, one for each phase of the large kernel (Shi et al., 2016)."""
    y = x.repeat(factor, axis=0).repeat(factor, axis=1)
    for down, right in product(range(factor), repeat=2):
        phase = [
            [_weight(large, down - factor * n + 1, right - factor * m + 1) for m in (-1, 0, 1)] for n in (-1, 0, 1)
        ]
        y[down::factor, right::factor] = Conv(x.shape, 3, padding=1)(x, phase)
    return y


def _weight(large: Any, row: int, col: int) -> Any:
    size = len(large)
    return large[row][col] if 0 <= row < size and 0 <= col < size else 0


def _full_convolved(small: Any, factor: int) -> list[list[int]]:
    """Full-convolve the 3×3 kernel, turned around, with f×f ones: the effect of nearest followed by the kernel."""
    size = factor + 2
    large = [[0] * size for _ in range(size)]
    for row, col, down, right in product(range(3), range(3), range(factor), range(factor)):
        large[2 - row + down][2 - col + right] += small[row][col]
    return large


def _column(layer: Layer, values: LayerValues, method: Method) -> Group:
    """Return input and output of one method, one above the other."""
    input_panel = Panel("input", bare_input_panel(layer, values).cells)
    return Group(
        "column", (input_panel, Operator("↓"), Panel("output", empty_grid(method.layer.output), method.description))
    )


def _frames(methods: Sequence[Method], shown: bool) -> Iterator[Frame]:
    for output in methods[0].layer.outputs():
        changes, marks = [], []
        for number, method in enumerate(methods):
            source, target = 2 * number, 2 * number + 1
            text = format_value(round(float(method.y[output]), 1), "decimal") if shown else ""
            changes.append(Change(target, output[0], output[1], Cell("output", text)))
            read = method.reads(output)
            if read:
                marks.append(Mark(source, *bounding_rows_and_cols(read), highlighted=True))
            marks.append(Mark(target, output[:1], output[1:]))
        yield Frame(tuple(changes), tuple(marks), _caption(methods, output), tab=len(methods))


def _caption(methods: Sequence[Method], output: Index) -> Sentence:
    name = f"y[{output[0]},{output[1]}]"
    cells = format_axis_indices(bounding_rows_and_cols(methods[0].reads(output)))
    text = f"{name} depends on {cells}"
    return Sentence((f"{text}; with kernels chosen so, the first three agree", text, name))
