"""What to look out for in a layer: ambiguous sizes, holes, checkerboards, cells dropped or cropped, and what helps.

A sentence begins with its topic. Counts of cells are those of the whole layer, on both axes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from math import gcd, prod
from typing import Any

from convviz.analysis.size_notes import OutputPaddingNote, equal_inputs, is_possible, possible_outputs
from convviz.analysis.unread import inputs_read_as_copies, unread_inputs
from convviz.errors.printable import count_of
from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.overlap import copies_inside, inner_counts, touched_cells
from convviz.layers.layer import Layer
from convviz.text.formatting import format_alternatives, format_per_axis
from convviz.text.nouns import Noun, per_axis_lines

Describe = Callable[[Any, Noun], Iterable[str]]
"""Yields sentences about an axis whose cells have this noun."""


def diagnostics(layer: Layer, note: OutputPaddingNote | None = None) -> list[str]:
    """List sentences about `layer`; what holds for one axis only begins with its name.

    `note` is what to say about the output padding of a framework that has its own rule.
    """
    name, axes = layer.named_padding, list[Any](layer.axes)
    if all(isinstance(axis, ConvTransposeAxis) for axis in axes):
        sizes = per_axis_lines(axes, lambda axis, noun: possible_outputs(axis, name, noun, note))
        return [*sizes, *(_holes(layer) or _checkerboard(layer)), *_cropped(layer)]
    sizes = per_axis_lines(axes, lambda axis, noun: equal_inputs(axis, name, noun))
    return [*sizes, *_never_read(layer, name), *per_axis_lines(layer.axes, _dropped)]


def _with_causes(layer: Layer, start: str, *causes: Describe) -> str:
    """Append what explains a sentence: `start; cause; rows: cause`."""
    return "; ".join([start, *_causes(layer, *causes)])


def _causes(layer: Layer, *causes: Describe) -> list[str]:
    return [line for describe in causes for line in per_axis_lines(layer.axes, describe)]


def _never_read(layer: Layer, name: str | None) -> Iterator[str]:
    unread = unread_inputs(layer)
    causes = _causes(layer, partial(_dropped_by_floor, name=name), _skipped, _between_taps)
    if unread:
        yield "; ".join([f"never read: {unread} of {count_of(prod(layer.input), 'input cell')}", *causes])
    elif causes:
        copied = ", and cells that windows read as copies" if inputs_read_as_copies(layer) else " alone"
        yield "; ".join([f"never read: padding{copied}", *causes])


def _dropped_by_floor(axis: ConvAxis, noun: Noun, name: str | None) -> Iterator[str]:
    if axis.remainder:
        fitting = [axis.input - axis.remainder, axis.input - axis.remainder + axis.stride]
        sizes = [size for size in fitting if size > 0 and is_possible(axis, size, name)]
        remedy = f", i = {format_alternatives(sizes)} leaves nothing over" if sizes else ""
        yield f"the floor drops the {noun.last(axis.remainder)} of the padded input{remedy}"


def _skipped(axis: ConvAxis, noun: Noun) -> Iterator[str]:
    skipped = axis.stride - axis.effective_kernel
    if skipped > 0 and axis.output > 1:
        symbols = "s − k" if axis.dilation == 1 else "s − d(k−1) − 1"
        yield (
            f"each step skips {noun.counted(skipped)} ({symbols} = {skipped}), "
            f"use s ≤ {axis.effective_kernel} to skip none"
        )


def _between_taps(axis: ConvAxis, noun: Noun) -> Iterator[str]:
    factor = gcd(axis.dilation, axis.stride)
    if factor > 1 and axis.kernel > 1 and axis.output > 1:
        yield (
            f"s = {axis.stride} and d = {axis.dilation} share the factor {factor}, so that windows read at most one of "
            f"every {factor} {noun.many}, use s and d without a common factor"
        )


def _dropped(axis: Any, _noun: Noun) -> Iterator[str]:
    if isinstance(axis, PoolAxis) and axis.dropped:
        yield "dropped window: ceil mode would add one that starts in the padding, so that it is left out"


def _holes(layer: Layer) -> list[str]:
    """Count the output cells without a contribution, and say what leaves them out."""
    reached = prod(map(_reached_outputs, layer.axes))
    outputs = prod(layer.output)
    if reached == outputs:
        return []
    gets = "gets" if outputs - reached == 1 else "get"
    start = f"holes: {outputs - reached} of {count_of(outputs, 'output cell')} {gets} no contribution, only the bias"
    return [_with_causes(layer, start, _gaps, _beyond_stamps)]


def _reached_outputs(axis: Any) -> int:
    return touched_cells(*_stamps(axis))


def _stamps(axis: Axis) -> tuple[int, int, int, int, int, int]:
    """Return the stamps of an axis and what the output shows of them, as `geometry.overlap` counts them."""
    return axis.input, axis.kernel, axis.stride, axis.dilation, axis.padding[0], axis.output


def _beyond(axis: ConvTransposeAxis) -> int:
    """Count the output cells that output padding adds behind the last stamp."""
    end = (axis.input - 1) * axis.stride + axis.effective_kernel
    return min(max(axis.padding[0] + axis.output - end, 0), axis.output)


def _gaps(axis: ConvTransposeAxis, _noun: Noun) -> Iterator[str]:
    if _reached_outputs(axis) + _beyond(axis) == axis.output:
        return
    shared, short = gcd(axis.dilation, axis.stride) > 1, axis.kernel < axis.stride
    if shared:
        longer = f" and k ≥ {axis.stride}" if short else ""
        yield f"use a dilation that shares no factor with s = {axis.stride}{longer}"
    elif short:
        yield f"k is smaller than s = {axis.stride}, use k ≥ {axis.stride}"
    else:
        yield f"near the borders, the taps of the dilated kernel (d = {axis.dilation}) leave gaps"


def _beyond_stamps(axis: ConvTransposeAxis, noun: Noun) -> Iterator[str]:
    beyond = _beyond(axis)
    if beyond:
        yield f"output padding adds the {noun.last(beyond)} behind the last stamp"


def _checkerboard(layer: Layer) -> list[str]:
    """List the counts of contributions away from the borders, if they differ."""
    counts = [inner_counts(*_stamps(axis)) for axis in layer.axes]
    inside = sorted({prod(pair) for pair in product(*counts)})
    if len(inside) < 2 or inside[0] == 0:
        return []
    remainders = format_per_axis([axis.kernel % axis.stride for axis in layer.axes])
    lower = [axis.kernel // axis.stride * axis.stride for axis in layer.axes]
    upper = [-(-axis.kernel // axis.stride) * axis.stride for axis in layer.axes]
    even = " or ".join(format_per_axis(multiples) for multiples in (lower, upper) if all(multiples))
    shared = any(gcd(axis.dilation, axis.stride) > 1 for axis in layer.axes)
    even += ", and d and s without a common factor," if shared else ""
    return [
        f"checkerboard: inside, output cells receive {format_alternatives(inside)} contributions, as k mod s = "
        f"{remainders}; use k = {even} for even counts inside (borders and learnt weights can still be uneven)"
    ]


def _cropped(layer: Layer) -> list[str]:
    """Count the input cells whose stamps are cropped, and say where p is too large."""
    reaching = prod(copies_inside(*_stamps(axis)) for axis in layer.axes)
    inputs = prod(layer.input)
    if reaching < inputs:
        does = "does" if inputs - reaching == 1 else "do"
        start = f"cropped: {inputs - reaching} of {count_of(inputs, 'input cell')} {does} not reach the output"
    elif any(True for axis in layer.axes for _ in _negative_border(axis)):
        start = "cropped: every input cell still reaches the output"
    else:
        return []
    return [_with_causes(layer, start, lambda axis, _noun: _negative_border(axis))]


def _negative_border(axis: Any) -> Iterator[str]:
    window, most = axis.sliding_window, axis.effective_kernel - 1
    if window.before < 0 or window.after < 0:
        yield f"p is larger than d(k−1) = {most}, so that p′ is negative, use p ≤ {most}"
