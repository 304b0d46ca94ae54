"""Compute the values in the cells: what a layer computes, in numpy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import GeometryError
from convviz.errors.arguments import whole_number
from convviz.layers.arrays import (
    Windows,
    array_of_shape,
    as_array,
    as_batch,
    check_cells,
    check_exact,
    check_finite,
    checked_bias,
    grouped_weights,
    input_shape,
    kernel_shape,
    magnitudes,
    output_shape,
    single_input,
)
from convviz.layers.number_notation import Notation, notation_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convviz.geometry.sliding_window import SlidingWindow

LARGEST_MATRIX = 16_000_000


def convolve(
    windows: Windows, x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, groups: int = 1
) -> NDArray[Any]:
    """Compute the output of a convolution of either kind; shapes as in `ConvLayer.__call__`."""
    batch = as_batch(windows, as_array("input", x))
    kernels = grouped_weights(windows, as_array("kernel", w), batch.values.shape[1], groups, batch.bare)
    split = batch.values.reshape(batch.values.shape[0], groups, -1, *input_shape(windows))
    added = None if bias is None else checked_bias(bias, kernels.shape[0] * kernels.shape[1])
    if added is not None and added.dtype.kind == "i":
        check_exact(split, kernels.reshape(len(added), -1), added)
    y = gather(windows, split, kernels)
    y = y.reshape(y.shape[0], -1, *output_shape(windows))
    if added is not None:
        with np.errstate(over="ignore"):
            y = check_finite(y + added.reshape(-1, *[1] * len(windows)))
    return batch.restored(y)


def gather(windows: Windows, x: NDArray[Any], w: NDArray[Any]) -> NDArray[Any]:
    """Compute y[o] = Σ over taps u of line[origin + o·step + u·d] · w[weight(u)]; line is x, zero-inserted and padded.

    `x` is (N, G, C, input…), `w` (G, O, C, kernel…), the result (N, G, O, output…).
    """
    check_exact(x, w.reshape(w.shape[0] * w.shape[1], -1))
    check_cells(windows, math.prod(x.shape[:3]))
    line = padded_input(windows, x)
    shape = (*x.shape[:2], w.shape[1], *output_shape(windows))
    y = np.zeros(shape, dtype=np.result_type(x, w))
    for places, weight in taps_of(windows):
        with np.errstate(over="ignore", invalid="ignore"):
            y += np.einsum("ngc...,goc->ngo...", line[(..., *places)], w[(..., *weight)])
    return check_finite(y)


def padded_input(windows: Windows, x: NDArray[Any]) -> NDArray[Any]:
    """Return the zero-inserted, padded input, cropped cells included: shape (…, window.size, …)."""
    line = x
    for axis, window in enumerate(windows, start=x.ndim - len(windows)):
        sources = np.array([-1 if source is None else source for source in window.sources])
        line = np.take(line, sources, axis=axis)
        line[(slice(None),) * axis + (sources < 0,)] = 0
    return line


def matrix(windows: Windows, w: ArrayLike) -> NDArray[Any]:
    """Return the matrix of one channel; column j is the output for an input that is 1 in cell j and 0 elsewhere."""
    kernel = array_of_shape("kernel", w, kernel_shape(windows))
    rows, cols = math.prod(output_shape(windows)), math.prod(input_shape(windows))
    if rows * cols > LARGEST_MATRIX:
        raise GeometryError(f"a matrix of {rows}×{cols} is too large to write out; use a smaller layer")
    cells = np.eye(cols, dtype=kernel.dtype).reshape(cols, 1, 1, *input_shape(windows))
    return gather(windows, cells, kernel[None, None, None]).reshape(cols, rows).T.copy()


def pool(windows: Windows, x: ArrayLike, *, mean: bool, include_padding: bool = True) -> NDArray[Any]:
    """Compute the maximum or the mean under each window. Padding is −∞ in a maximum, and 0 in a mean if counted.

    The divisor of a mean is the number of cells under the window: of input and padding, or of the input alone; cells
    that hang over the end (`SlidingWindow.overhang`) never count. A window over padding alone has the maximum −∞.
    """
    batch = as_batch(windows, as_array("input", x))
    check_cells(windows, batch.values.shape[1])
    line, real = padded_input(windows, batch.values), counted_cells(windows, include_padding=False)
    counted = counted_cells(windows, include_padding) if mean else real
    shape = (*line.shape[:2], *output_shape(windows))
    total = np.zeros(shape, dtype=float if mean else line.dtype)
    count = np.zeros(output_shape(windows), dtype=int)
    for places, _ in taps_of(windows):
        seen, counts = line[(..., *places)], counted[places]
        with np.errstate(over="ignore"):
            total = total + seen if mean else np.where(counts & ((count == 0) | (seen > total)), seen, total)
        count += counts
    if mean:
        return batch.restored(check_finite(total / np.maximum(count, 1)))
    return batch.restored(total if count.all() else np.where(count > 0, total, -np.inf))


def counted_cells(windows: Windows, include_padding: bool) -> NDArray[np.bool_]:
    """Mark the positions of the line that count: input, and padding if `count_include_pad`."""
    counted = np.ones([window.size for window in windows], dtype=bool)
    for axis, window in enumerate(windows):
        inside = window.size - window.overhang
        on_axis = [n < inside and (include_padding or c.kind == "input") for n, c in enumerate(window.cells)]
        counted &= np.array(on_axis).reshape([-1 if axis == other else 1 for other in range(len(windows))])
    return counted


@dataclass(frozen=True)
class LayerValues:
    """Values of one output channel, for pictures: the sum over the input channels of its group."""

    x: NDArray[Any]
    """(C, input…), the input channels that feed this output channel."""
    w: NDArray[Any] | None
    """(C, kernel…), unflipped; None for a pooling."""
    parts: NDArray[Any]
    """(C, output…): what each input channel contributes."""
    y: NDArray[Any]
    """(output…), bias included."""
    bias: Any = None
    channels: Channels | None = None
    """None where channels were not spoken of."""
    visible: bool = True
    """False where the picture shows no values, but still which channels there are."""
    dy: NDArray[Any] | None = None
    """(output…), dL/dy of the output channel, for the views that show gradients; None for the other views."""
    shaded: bool = False
    """Whether the cells of a picture without numbers are shaded by their values, and its equations written out."""
    lens: bool = False
    """Whether a picture whose cells are shaded shows the numbers of the window in a lens."""

    @cached_property
    def x_notation(self) -> Notation:
        """The notation of all input channels."""
        return notation_of(self.x)

    @cached_property
    def w_notation(self) -> Notation:
        """The notation of the kernels of all input channels."""
        return "decimal" if self.w is None else notation_of(self.w)

    @cached_property
    def x_magnitudes(self) -> tuple[float, float]:
        """The range of the shades of input values."""
        return magnitudes(self.x)

    @cached_property
    def y_magnitudes(self) -> tuple[float, float]:
        """The range of the shades of output values."""
        return magnitudes(self.y)

    @cached_property
    def product_notation(self) -> Notation:
        """The notation of all products of an input value and a weight."""
        return "decimal" if self.w is None else notation_of(np.multiply.outer(np.unique(self.x), np.unique(self.w)))

    @cached_property
    def y_notation(self) -> Notation:
        """The notation of the output, of the partial sums of channels, and of the bias."""
        return notation_of(self.y, self.parts, *([] if self.bias is None else [self.bias]))


@dataclass(frozen=True, slots=True)
class Channels:
    """Indices of the channels that are shown, from 0."""

    inputs: tuple[int, ...]
    all_inputs: int
    output: int
    all_outputs: int
    names: tuple[str, ...] = ()
    """Names of the channels that are shown, if they have any."""


def conv_values(
    windows: Windows, x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, groups: int = 1, channel: int = 0
) -> LayerValues:
    """Compute the values of output channel `channel` of a convolution. Raises `GeometryError` if a shape is wrong."""
    batch = single_input(as_batch(windows, as_array("input", x)))
    count = batch.values.shape[1]
    kernels = grouped_weights(windows, as_array("kernel", w), count, groups, batch.bare)
    per_group = kernels.shape[1]
    chosen = _channel(channel, groups * per_group)
    fed = tuple(range(count // groups * (chosen // per_group), count // groups * (chosen // per_group + 1)))
    weights = kernels[chosen // per_group, chosen % per_group]
    inputs = batch.values[0, list(fed)]
    added = None if bias is None else checked_bias(bias, groups * per_group)[chosen]
    check_exact(inputs, weights[None], 0 if added is None else added)
    pairs = zip(inputs, weights, strict=True)
    parts = np.stack([gather(windows, a[None, None, None], b[None, None, None])[0, 0, 0] for a, b in pairs])
    with np.errstate(over="ignore"):
        y = check_finite(parts.sum(axis=0) if added is None else parts.sum(axis=0) + added)
    shown = None if batch.bare else Channels(fed, count, chosen, groups * per_group)
    return LayerValues(inputs, weights, parts, y, added, shown)


def pool_values(windows: Windows, x: ArrayLike, channel: int = 0, *, mean: bool, include_padding: bool) -> LayerValues:
    """Compute the values of one channel of a pooling layer. Raises `GeometryError` if a shape does not fit."""
    batch = single_input(as_batch(windows, as_array("input", x)))
    count = batch.values.shape[1]
    chosen = _channel(channel, count)
    y = pool(windows, batch.values[0, chosen], mean=mean, include_padding=include_padding)
    shown = None if batch.bare else Channels((chosen,), count, chosen, count)
    return LayerValues(batch.values[0, [chosen]], None, y[None], y, None, shown)


def _channel(channel: int, count: int) -> int:
    channel = whole_number("channel", channel)
    if not 0 <= channel < count:
        raise GeometryError(f"output channel {channel} does not exist: there are {count}, counted from 0")
    return channel


def taps_of(windows: Windows) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield, for each tap of the window, the slices of the line that it visits, and its index in the kernel."""
    for taps in product(*(range(window.kernel) for window in windows)):
        pairs = list(zip(windows, taps, strict=True))
        yield (
            tuple(_tap_positions(window, tap) for window, tap in pairs),
            tuple(window.kernel_index(tap) for window, tap in pairs),
        )


def _tap_positions(window: SlidingWindow, tap: int) -> slice:
    """Return the positions that one tap of the window visits, output by output."""
    start = window.origin + tap * window.dilation
    return slice(start, start + (window.outputs - 1) * window.step + 1, window.step)
