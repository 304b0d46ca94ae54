"""What to look out for in a layer: ambiguous sizes, holes, checkerboards, cells dropped or cropped, and what helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import gcd

from convviz.geometry import Axis, ForwardAxis, PoolAxis, TransposedAxis
from convviz.layers import Layer
from convviz.per_axis import axis_names


def notes(layer: Layer) -> list[str]:
    """Sentences about `layer`; what holds for one axis only says for which."""
    said = [list(axis_notes(axis)) for axis in layer.axes]
    everywhere = [line for line in said[0] if all(line in lines for lines in said)]
    names = axis_names(len(said))
    rest = [
        f"{name}: {line}" for name, lines in zip(names, said, strict=True) for line in lines if line not in everywhere
    ]
    return everywhere + rest


def axis_notes(axis: Axis) -> Iterator[str]:
    """Sentences about one axis."""
    if isinstance(axis, TransposedAxis):
        yield from _sizes_back(axis)
        yield from _overlap(axis)
        yield from _cropped(axis)
    elif isinstance(axis, ForwardAxis):
        yield from _collapsing(axis)
        yield from _never_read(axis)
        yield from _dropped(axis)


def _collapsing(axis: ForwardAxis) -> Iterator[str]:
    """Which inputs give the same output, and how a transposed convolution tells them apart."""
    if axis.stride == 1 or isinstance(axis, PoolAxis):
        return
    smallest = axis.input - axis.left_over
    sizes = [size for size in range(smallest, smallest + axis.stride) if size >= 1]
    back = ", ".join(f"a = {size - smallest} gives {size}" for size in sizes)
    yield (
        f"ambiguous size: inputs of {_either(sizes)} cells all give {axis.output}; transposed back with the same "
        f"k, s, p, output padding chooses: {back}"
    )


def _sizes_back(axis: TransposedAxis) -> Iterator[str]:
    if axis.stride == 1:
        return
    smallest = axis.output - axis.output_padding
    sizes = [size for size in range(smallest, smallest + axis.stride) if size >= 1]
    back = ", ".join(f"a = {size - smallest} gives {size}" for size in sizes)
    yield (
        f"ambiguous size: the convolution with the same k, s, p maps {_either(sizes)} cells to {axis.input}; "
        f"output padding chooses: {back}"
    )


def _never_read(axis: ForwardAxis) -> Iterator[str]:
    track = axis.track
    lost = [cell.source for cell in track.cells if cell.kind == "input" and not cell.read]
    if axis.left_over:
        last = "cell" if axis.left_over == 1 else f"{axis.left_over} cells"
        fitting = [axis.input - axis.left_over, axis.input - axis.left_over + axis.stride]
        yield (
            f"never read: the floor drops the last {last} of the padded input ({_input_cells(lost)}); "
            f"i = {_either([size for size in fitting if size > 0])} leaves nothing over"
        )
    if axis.stride > axis.reach and axis.output > 1:
        skipped = axis.stride - axis.reach
        yield f"never read: each step skips {_cells(skipped)} (s − k = {skipped}); use s ≤ {axis.reach} to read all"


def _input_cells(lost: list[int | None]) -> str:
    return f"{_cells(len(lost))} of the input among them" if lost else "only padding is lost"


def _dropped(axis: ForwardAxis) -> Iterator[str]:
    if isinstance(axis, PoolAxis) and axis.dropped:
        yield "dropped window: ceil mode would add one that starts in the padding, so that it is left out"


def _overlap(axis: TransposedAxis) -> Iterator[str]:
    """Holes and uneven overlap, from how many taps land on each residue of the stride."""
    landings = Counter(tap * axis.dilation % axis.stride for tap in range(axis.kernel))
    counts = [landings[residue] for residue in range(axis.stride)]
    if min(counts) == 0:
        shared = gcd(axis.dilation, axis.stride) > 1
        denser = f"use a dilation that shares no factor with s = {axis.stride}"
        gets = "gets" if counts.count(0) == 1 else "get"
        yield (
            f"holes: {counts.count(0)} of every {axis.stride} output cells {gets} no contribution, only the bias; "
            f"{denser if shared else f'use k ≥ {axis.stride}'}"
        )
    elif min(counts) != max(counts):
        multiples = [axis.kernel // axis.stride * axis.stride, -(-axis.kernel // axis.stride) * axis.stride]
        even = _either([multiple for multiple in multiples if multiple])
        yield (
            f"checkerboard: output cells receive {min(counts)} or {max(counts)} contributions along this axis, "
            f"k mod s = {axis.kernel % axis.stride}; use k = {even} for even counts inside "
            "(borders and learnt weights can still be uneven)"
        )


def _cropped(axis: TransposedAxis) -> Iterator[str]:
    lost = [cell.source for cell in axis.track.cells if cell.kind == "input" and cell.cropped]
    if min(axis.borders) < 0:
        yield (
            f"cropped: p is larger than d(k−1) = {axis.reach - 1}, so that p′ is negative and "
            f"{_cells(len(lost))} of the input {'does' if len(lost) == 1 else 'do'} not reach the output; "
            f"use p ≤ {axis.reach - 1}"
        )


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _either(numbers: list[int]) -> str:
    """`5`, `5 or 6`, `5, 6 or 7`."""
    *head, last = map(str, numbers)
    return f"{', '.join(head)} or {last}" if head else last
