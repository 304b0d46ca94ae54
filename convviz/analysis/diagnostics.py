"""What to look out for in a layer: ambiguous sizes, holes, checkerboards, cells dropped or cropped, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from math import gcd

from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.overlap import taps_per_residue
from convviz.geometry.padding import PADDING_MODES
from convviz.geometry.per_axis import axis_names
from convviz.layers.layer import Layer
from convviz.text.formatting import format_alternatives


def diagnostics(layer: Layer) -> list[str]:
    """Sentences about `layer`; what holds for one axis only says for which."""
    said = [list(axis_diagnostics(axis)) for axis in layer.axes]
    everywhere = [line for line in said[0] if all(line in lines for lines in said)]
    names = axis_names(len(said))
    rest = [
        f"{name}: {line}" for name, lines in zip(names, said, strict=True) for line in lines if line not in everywhere
    ]
    return everywhere + rest


def axis_diagnostics(axis: Axis) -> Iterator[str]:
    """Sentences about one axis."""
    if isinstance(axis, ConvTransposeAxis):
        yield from _sizes_back(axis)
        yield from _overlap(axis)
        yield from _cropped(axis)
    elif isinstance(axis, ConvAxis):
        yield from _collapsing(axis)
        yield from _never_read(axis)
        yield from _dropped(axis)


def _collapsing(axis: ConvAxis) -> Iterator[str]:
    """Which inputs give the same output, and how a transposed convolution tells them apart."""
    if isinstance(axis, PoolAxis):
        return
    smallest, most = axis.input - axis.remainder, PADDING_MODES[axis.padding_mode].largest
    sizes, back = _choices(smallest, axis.stride)
    sizes = [size for size in sizes if (limit := most(size)) is None or max(axis.padding) <= limit]
    if len(sizes) > 1:
        yield (
            f"ambiguous size: inputs of {format_alternatives(sizes)} cells all give {axis.output}; "
            f"transposed back with the same k, s, p, output padding chooses: {back(sizes)}"
        )


def _sizes_back(axis: ConvTransposeAxis) -> Iterator[str]:
    """Which outputs the convolution maps to the input, and the output padding that gives each."""
    sizes, back = _choices(axis.output - axis.output_padding, axis.stride)
    if len(sizes) > 1:
        yield (
            f"ambiguous size: the convolution with the same k, s, p maps {format_alternatives(sizes)} cells "
            f"to {axis.input}; output padding chooses: {back(sizes)}"
        )


def _choices(smallest: int, stride: int) -> tuple[list[int], Callable[[list[int]], str]]:
    """The sizes that a stride cannot tell apart, and how to say which output padding gives which."""

    def back(sizes: list[int]) -> str:
        return ", ".join(f"a = {size - smallest} gives {size}" for size in sizes)

    return list(range(max(1, smallest), smallest + stride)), back


def _never_read(axis: ConvAxis) -> Iterator[str]:
    if axis.remainder:
        lost = min(axis.input, max(0, axis.remainder - axis.padding[1]))
        last = "cell" if axis.remainder == 1 else f"{axis.remainder} cells"
        fitting = [axis.input - axis.remainder, axis.input - axis.remainder + axis.stride]
        yield (
            f"never read: the floor drops the last {last} of the padded input ({_input_cells(lost)}); "
            f"i = {format_alternatives([size for size in fitting if size > 0])} leaves nothing over"
        )
    skipped = axis.stride - axis.effective_kernel
    if skipped > 0 and axis.output > 1:
        symbols, most = ("s − k", axis.kernel) if axis.dilation == 1 else ("s − d(k−1) − 1", 1)
        yield f"never read: each step skips {_cells(skipped)} ({symbols} = {skipped}); use s ≤ {most} to read all"


def _input_cells(lost: int) -> str:
    return f"{_cells(lost)} of the input among them" if lost else "only padding is lost"


def _dropped(axis: ConvAxis) -> Iterator[str]:
    if isinstance(axis, PoolAxis) and axis.dropped:
        yield "dropped window: ceil mode would add one that starts in the padding, so that it is left out"


def _overlap(axis: ConvTransposeAxis) -> Iterator[str]:
    """Holes and uneven overlap, from how many taps land on each residue of the stride."""
    taps = taps_per_residue(axis.kernel, axis.stride, axis.dilation)
    first = max(axis.effective_kernel - axis.stride, axis.padding[0])
    last = min(axis.input * axis.stride, axis.padding[0] + axis.output)
    counts = [taps[place % axis.stride] for place in range(first, min(last, first + axis.stride))]
    if not counts:
        return  # the map is all border
    if min(counts) == 0:
        shared = gcd(axis.dilation, axis.stride) > 1
        longer = f"k ≥ {axis.stride}"
        denser = f"use a dilation that shares no factor with s = {axis.stride}"
        denser += f" and {longer}" if axis.kernel < axis.stride else ""
        gets = "gets" if counts.count(0) == 1 else "get"
        yield (
            f"holes: {counts.count(0)} of every {axis.stride} output cells {gets} no contribution, only the bias; "
            f"{denser if shared else f'use {longer}'}"
        )
    elif min(counts) != max(counts):
        multiples = [axis.kernel // axis.stride * axis.stride, -(-axis.kernel // axis.stride) * axis.stride]
        even = format_alternatives([multiple for multiple in multiples if multiple])
        yield (
            f"checkerboard: output cells receive {min(counts)} or {max(counts)} contributions along this axis, "
            f"k mod s = {axis.kernel % axis.stride}; use k = {even} for even counts inside "
            "(borders and learnt weights can still be uneven)"
        )


def _cropped(axis: ConvTransposeAxis) -> Iterator[str]:
    window = axis.sliding_window
    crops = max(0, -window.before), max(0, -window.after)
    if any(crops):
        lost = _unreached(axis)
        yield (
            f"cropped: p is larger than d(k−1) = {axis.effective_kernel - 1}, so that p′ is negative and "
            f"{_cells(lost)} of the input {'does' if lost == 1 else 'do'} not reach the output; "
            f"use p ≤ {axis.effective_kernel - 1}"
        )


def _unreached(axis: ConvTransposeAxis) -> int:
    """Input cells at both ends whose whole stamp is cropped."""
    first, last = axis.padding[0], axis.padding[0] + axis.output
    taps = [tap * axis.dilation for tap in range(axis.kernel)]

    def is_lost(cell: int) -> bool:
        return not any(first <= cell * axis.stride + tap < last for tap in taps)

    before = sum(1 for _ in takewhile(is_lost, range(axis.input)))
    after = sum(1 for _ in takewhile(is_lost, range(axis.input - 1, before - 1, -1)))
    return before + after


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
