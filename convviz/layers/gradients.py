"""Compute gradients: what a loss sends back through a layer to its input, its kernel and its bias.

With the padded, zero-inserted input as a line, y[o] = Σ over taps u of line[origin + o·step + u·d] · w[u] + b, so that

- dL/dline[origin + o·step + u·d] += dL/dy[o] · w[u]: each output cell adds the kernel times its gradient, a stamp;
- dL/dw[u] = Σ over o of line[origin + o·step + u·d] · dL/dy[o]: a cross-correlation with dL/dy, dilated by the step;
- dL/db = Σ over o of dL/dy[o].
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import GeometryError
from convviz.errors.arguments import whole_number
from convviz.layers.arrays import (
    Batch,
    Windows,
    as_array,
    as_batch,
    check_cells,
    check_exact,
    check_finite,
    grouped_weights,
    input_shape,
    kernel_shape,
    output_batch,
    output_shape,
    shape_text,
)
from convviz.layers.ops import counted_cells, padded_input, taps_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def input_gradient(windows: Windows, dy: ArrayLike, w: ArrayLike, groups: int = 1) -> NDArray[Any]:
    """Compute dL/dx of a convolution of either kind; shapes as in `ConvLayer.gradient_input`."""
    sent = output_batch(windows, as_array("dL/dy", dy))
    weights, groups = as_array("kernel", w), whole_number("groups", groups)
    channels = _input_channels(windows, weights, groups, sent)
    kernels = grouped_weights(windows, weights, channels, groups, sent.bare)
    split = _split(sent, kernels.shape[0], kernels.shape[1], windows)
    check_exact(split, kernels.swapaxes(1, 2).reshape(channels, -1), times=_most_copies(windows))
    check_cells(windows, channels)
    line = _empty_line(windows, (*split.shape[:2], kernels.shape[2]), np.result_type(split, kernels))
    for places, tap in taps_of(windows):
        with np.errstate(over="ignore", invalid="ignore"):
            line[(..., *places)] += np.einsum("ngo...,goc->ngc...", split, kernels[(..., *tap)])
    back = _fold(windows, line)
    return sent.restored(check_finite(back.reshape(back.shape[0], channels, *input_shape(windows))))


def weight_gradient(windows: Windows, x: ArrayLike, dy: ArrayLike, groups: int = 1) -> NDArray[Any]:
    """Compute dL/dw of a convolution of either kind; shapes as in `ConvLayer.gradient_weight`."""
    groups = whole_number("groups", groups)
    batch = as_batch(windows, as_array("input", x))
    sent = output_batch(windows, as_array("dL/dy", dy))
    if batch.leading != sent.leading or batch.values.shape[0] != sent.values.shape[0]:
        raise GeometryError(
            f"input values are {shape_text(batch.given)} and dL/dy values {shape_text(sent.given)}; "
            "give both with the same number of axes, and of inputs"
        )
    channels, outputs = batch.values.shape[1], sent.values.shape[1]
    if groups < 1 or outputs % groups or channels % groups:
        raise GeometryError(
            f"{channels} input and {outputs} output channels do not fall into {groups} groups; use a common divisor"
        )
    check_cells(windows, math.prod(batch.values.shape[:2]))
    split = _split(sent, groups, outputs // groups, windows)
    check_exact(batch.values, split.transpose(1, 2, 0, *range(3, split.ndim)).reshape(outputs, -1))
    line = padded_input(windows, batch.values.reshape(batch.values.shape[0], groups, -1, *input_shape(windows)))
    shape = (groups, outputs // groups, channels // groups, *kernel_shape(windows))
    gradient, flat = np.zeros(shape, dtype=np.result_type(line, split)), split.reshape(*split.shape[:3], -1)
    for places, tap in taps_of(windows):
        with np.errstate(over="ignore", invalid="ignore"):
            read = line[(..., *places)].reshape(*line.shape[:3], -1)
            gradient[(..., *tap)] = np.einsum("ngcp,ngop->goc", read, flat)
    if sent.bare:
        return check_finite(gradient[0, 0, 0])
    ordered = gradient.swapaxes(1, 2) if windows[0].flipped else gradient
    return check_finite(ordered.reshape(-1, *ordered.shape[2:]))


def bias_gradient(windows: Windows, dy: ArrayLike) -> NDArray[Any]:
    """Compute dL/db, one number for each output channel."""
    sent = output_batch(windows, as_array("dL/dy", dy)).values
    check_exact(np.ones(1, dtype=np.int64), sent.swapaxes(0, 1).reshape(sent.shape[1], -1))
    with np.errstate(over="ignore", invalid="ignore"):
        return check_finite(sent.sum(axis=(0, *range(2, sent.ndim))))


def mean_gradient(windows: Windows, dy: ArrayLike, *, include_padding: bool) -> NDArray[Any]:
    """Compute dL/dx of an average pooling: each cell that counts gets an equal share of the gradient of its window."""
    sent = output_batch(windows, as_array("dL/dy", dy))
    check_cells(windows, math.prod(sent.values.shape[:2]))
    counted = counted_cells(windows, include_padding)
    count = sum(counted[places].astype(int) for places, _ in taps_of(windows))
    share = sent.values / np.maximum(count, 1)
    line = _empty_line(windows, sent.values.shape[:2], share.dtype)
    for places, _ in taps_of(windows):
        line[(..., *places)] += share
    return sent.restored(check_finite(_fold(windows, line)))


def max_gradient(windows: Windows, dy: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Compute dL/dx of a max pooling: the gradient of a window goes to its maximum, the first one if there are more."""
    batch = as_batch(windows, as_array("input", x))
    sent = output_batch(windows, as_array("dL/dy", dy))
    if sent.values.shape[:2] != batch.values.shape[:2] or sent.leading != batch.leading:
        raise GeometryError(
            f"input values are {shape_text(batch.given)} and dL/dy values {shape_text(sent.given)}; "
            "give both with the same number of axes, inputs and channels"
        )
    check_exact(sent.values, np.ones((1, _most_readers(windows)), dtype=np.int64))
    chosen = max_switches(windows, batch.values)
    line = _empty_line(windows, sent.values.shape[:2], sent.values.dtype)
    for number, (places, _) in enumerate(taps_of(windows)):
        with np.errstate(over="ignore", invalid="ignore"):
            line[(..., *places)] += np.where(chosen == number, sent.values, 0)
    return sent.restored(check_finite(_fold(windows, line)))


def max_switches(windows: Windows, x: NDArray[Any]) -> NDArray[np.intp]:
    """Return for each output cell the number of the tap that holds its maximum, from 0 row by row, or −1 if none does.

    Of equal maxima the first counts, as in PyTorch. `x` is (…, input…), the result (…, output…).
    """
    line, real = padded_input(windows, x), counted_cells(windows, include_padding=False)
    shape = (*x.shape[: x.ndim - len(windows)], *(window.outputs for window in windows))
    best, chosen = np.zeros(shape, dtype=line.dtype), np.full(shape, -1)
    for number, (places, _) in enumerate(taps_of(windows)):
        seen = line[(..., *places)]
        better = real[places] & ((chosen < 0) | (seen > best))
        best, chosen = np.where(better, seen, best), np.where(better, number, chosen)
    return chosen


def _input_channels(windows: Windows, w: NDArray[Any], groups: int, sent: Batch) -> int:
    """Return the number of input channels that weights and the output have; raises `GeometryError` if they disagree."""
    outputs = sent.values.shape[1]
    if w.ndim == len(windows) and not sent.bare:
        raise GeometryError(
            f"dL/dy values are {shape_text(sent.given)}, but the output is {shape_text(output_shape(windows))} "
            f"for kernel values {shape_text(w.shape)}; give both with or both without channels"
        )
    if sent.bare or w.ndim != len(windows) + 2:
        return 1
    first, second = w.shape[:2]
    channels, expected = (first, second * groups) if windows[0].flipped else (second * groups, first)
    if outputs != expected:
        raise GeometryError(
            f"dL/dy values have {outputs} channels, but the kernel values {shape_text(w.shape)} "
            f"in {groups} group(s) give {expected}; change one of them"
        )
    return int(channels)


def _split(sent: Batch, groups: int, per_group: int, windows: Windows) -> NDArray[Any]:
    """Return the gradient of the output as (N, G, O, output…)."""
    return sent.values.reshape(sent.values.shape[0], groups, per_group, *(window.outputs for window in windows))


def _empty_line(windows: Windows, leading: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    return np.zeros((*leading, *(window.size for window in windows)), dtype=dtype)


def _fold(windows: Windows, line: NDArray[Any]) -> NDArray[Any]:
    """Apply the adjoint of `padded_input`: add each cell of the padded line to the input cell that it came from."""
    for axis, window in enumerate(windows, start=line.ndim - len(windows)):
        folded = np.zeros((*line.shape[:axis], window.input, *line.shape[axis + 1 :]), dtype=line.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            for position, source in enumerate(window.sources):
                if source is not None:
                    folded.swapaxes(0, axis)[source] += line.swapaxes(0, axis)[position]
        line = folded
    return line


def _most_copies(windows: Windows) -> int:
    """Return how often an input cell occurs in the line, at most: more than once if padding repeats it."""
    copies: list[int] = [max(Counter(window.sources).values()) for window in windows]
    return 1 if all(window.mode == "zeros" for window in windows) else math.prod(copies)


def _most_readers(windows: Windows) -> int:
    """Return a bound for the number of windows that read one cell."""
    readers: list[int] = [min(window.kernel, window.outputs) for window in windows]
    return math.prod(readers)
