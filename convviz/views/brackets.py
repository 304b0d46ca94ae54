"""Brackets beside the padded, zero-inserted input: how its rows and columns add up.

Above the grid, 1 + 5 + 1 = 7 is padding, input, padding; a zero-inserted input has i + (i − 1)·z columns. On the left,
input rows and inserted zeros are told apart. Brackets of a side cover each row or column once, so that their lengths
add up to the size of the grid. A negative p′ crops: its brackets are on the cropped cells, and say how many they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from convviz.geometry.axis import Axis, ConvTransposeAxis
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.layer import Layer
from convviz.scene.model import Bracket
from convviz.text.formatting import MINUS, signed

Side = Literal["top", "left"]
SPREAD = "i + (i−1)·z"
MOST_NAMED_ROWS = 3
"""Up to so many input rows, each run of inserted zeros is named; of more, only the first."""


def input_brackets(layer: Layer) -> tuple[Bracket, ...]:
    """Return the brackets above the padded, zero-inserted input, and on the left of a 2-D one.

    A side on which nothing is added to the input has none.
    """
    pairs = list(zip(layer.axes, layer.sliding_windows, strict=True))
    sides = [_columns(*pairs[-1]), *([_rows(*pairs[0])] if len(pairs) == 2 else [])]
    shown = (tuple(side) for side in sides)
    return tuple(bracket for side in shown if {one.role for one in side} != {"input"} for bracket in side)


def spread_brackets(layer: Layer) -> tuple[Bracket, ...]:
    """Return the brackets beside the zero-inserted input without borders; a side without inserted zeros has none."""
    windows = layer.sliding_windows
    sides = [_spread_columns(windows[-1], 0), *([_spread_rows(windows[0], 0)] if len(windows) == 2 else [])]
    shown = (tuple(side) for side in sides)
    return tuple(bracket for side in shown if {one.role for one in side} != {"input"} for bracket in side)


def kernel_brackets(layer: Layer) -> tuple[Bracket, ...]:
    """Return the bracket above a dilated kernel, which says how far it reaches; one on the left if that differs."""
    axes = layer.axes
    if all(axis.dilation == 1 for axis in axes):
        return ()
    brackets = [Bracket("top", 0, axes[-1].kernel, _reach(axes[-1]), "kernel")]
    if _reach(axes[0]) != _reach(axes[-1]):
        brackets.append(Bracket("left", 0, axes[0].kernel, _reach(axes[0])[1:], "kernel"))
    return tuple(brackets)


def _reach(axis: Axis) -> tuple[str, ...]:
    short = f"k = {axis.kernel}"
    if axis.dilation == 1:
        return short, str(axis.kernel)
    reach = axis.effective_kernel
    product = f"{axis.dilation}·{axis.kernel - 1} + 1"
    return f"{short}, d(k−1) + 1 = {product} = {reach}", f"{short}, d(k−1) + 1 = {reach}", f"{short}, reach {reach}"


def _columns(axis: Axis, window: SlidingWindow) -> Iterator[Bracket]:
    """Yield padding, input, padding, and what follows it; or what a negative p′ crops, and what it keeps."""
    if min(window.before, window.after) < 0:
        yield from _cropped(axis, window, "top")
        return
    yield from _before(axis, window, "top")
    yield from _spread_columns(window, window.offset)
    yield from _after(axis, window, "top")


def _spread_columns(window: SlidingWindow, start: int) -> Iterator[Bracket]:
    end = start + window.zero_inserted_size
    if window.gap and window.input > 1:
        size, numbers = window.zero_inserted_size, f"{window.input} + {window.input - 1}·{window.gap}"
        texts = (f"{SPREAD} = {numbers} = {size}", f"{SPREAD} = {size}", f"{numbers} = {size}", str(size))
        yield Bracket("top", start, end, texts)
    else:
        yield Bracket("top", start, end, (f"i = {window.input}", str(window.input)), "input")


def _rows(axis: Axis, window: SlidingWindow) -> Iterator[Bracket]:
    """Yield padding, each input row and each run of inserted zeros, padding, and what follows it; or as `_columns`."""
    if min(window.before, window.after) < 0:
        yield from _cropped(axis, window, "left")
        return
    yield from _before(axis, window, "left")
    yield from _spread_rows(window, window.offset)
    yield from _after(axis, window, "left")


def _spread_rows(window: SlidingWindow, start: int) -> Iterator[Bracket]:
    if not window.gap or window.input == 1:
        yield Bracket("left", start, start + window.input, (f"i = {window.input}", str(window.input)), "input")
        return
    named = {0: ("first",), window.input - 1: ("last",)}
    if window.input > len(named):
        named[window.input // 2] = (f"i = {window.input}",)
    for index in range(window.input):
        if index:
            is_named = index == 1 or window.input <= MOST_NAMED_ROWS
            zeros = (f"z = {window.gap}", str(window.gap)) if is_named else ()
            yield Bracket("left", start - window.gap, start, zeros)
        yield Bracket("left", start, start + 1, named.get(index, ()), "input")
        start += window.gap + 1


def _cropped(axis: Axis, window: SlidingWindow, side: Side) -> Iterator[Bracket]:
    """Yield the cells that a negative p′ crops, and those that it keeps between them; none if it keeps no input."""
    end = window.offset + window.zero_inserted_size
    first, last = max(window.offset, window.origin), min(end, window.origin + window.padded_size)
    if first >= last:
        return
    yield from _before(axis, window, side)
    if window.offset < first:
        yield Bracket(side, window.offset, first, _cropping(_padding(axis, "before")))
    is_even = window.before == window.after and not axis.output_padding
    yield Bracket(side, first, last, _kept(window, last - first, is_even=is_even))
    if last < end:
        extended = (f"p′ + a = {signed(window.after)}", signed(window.after))
        yield Bracket(side, last, end, _cropping(extended if axis.output_padding else _padding(axis, "after")))
    else:
        yield from _after(axis, window, side)


def _cropping(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of cropped cells, from those of a negative padding: `1 cropped, p′ = −1`."""
    count = texts[-1].rpartition(MINUS)[2]
    return (f"{count} cropped, {texts[0]}", *texts)


def _kept(window: SlidingWindow, kept: int, *, is_even: bool) -> tuple[str, ...]:
    """Return the texts of what is left of the zero-inserted input: `i + (i−1)·z + 2p′ = 5 − 2 = 3`."""
    size = window.zero_inserted_size
    numbers = f"{size} − {size - kept} = {kept}"
    symbols = f"{SPREAD if size > window.input else 'i'} + 2p′ = {numbers}"
    return (*([symbols] if is_even else []), numbers, str(kept))


def _before(axis: Axis, window: SlidingWindow, side: Side) -> Iterator[Bracket]:
    if window.before > 0:
        yield Bracket(side, 0, window.before, _padding(axis, "before"))


def _after(axis: Axis, window: SlidingWindow, side: Side) -> Iterator[Bracket]:
    """Yield the padding after the input, then output padding, or the overhang of the last window."""
    start, extra = window.offset + window.zero_inserted_size, axis.output_padding or window.overhang
    padding = window.after - extra
    if padding < 0 < window.after:
        yield Bracket(side, start, start + window.after, (f"p′ + a = {window.after}", str(window.after)))
        return
    if padding > 0:
        yield Bracket(side, start, start + padding, _padding(axis, "after"))
    if padding >= 0 < extra:
        start += padding
        name = "a" if axis.output_padding else "overhang"
        yield Bracket(side, start, start + extra, (f"{name} = {extra}", str(extra)))


def _padding(axis: Axis, end: Literal["before", "after"]) -> tuple[str, ...]:
    """Return the texts of the padding on one side; the longest says which if the sides differ."""
    name = "p′" if isinstance(axis, ConvTransposeAxis) else "p"
    pair = axis.implicit_padding if isinstance(axis, ConvTransposeAxis) else axis.padding
    size = pair[0 if end == "before" else 1]
    texts = f"{name} = {signed(size)}", signed(size)
    return texts if pair[0] == pair[1] else (f"{name} {end} = {signed(size)}", *texts)
