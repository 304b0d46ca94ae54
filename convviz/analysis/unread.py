"""The input cells that no window reads, counted and in words. Padding that copies a cell may be read in its place."""

from __future__ import annotations

from functools import lru_cache
from math import prod

from convviz.errors.printable import count_of
from convviz.geometry.axis import Axis
from convviz.geometry.overlap import touched_cells, touched_places
from convviz.geometry.padding import PADDING_MODES
from convviz.layers.layer import Layer


def unread_inputs(layer: Layer) -> int:
    """Count the input cells of which no window reads the cell itself or a copy in the padding."""
    return prod(layer.input) - prod(map(_read_inputs, layer.axes))


def inputs_read_as_copies(layer: Layer) -> int:
    """Count the input cells that are under no window, but of which a window reads a copy in the padding."""
    return prod(map(_read_inputs, layer.axes)) - prod(_touched(axis, 0, axis.input) for axis in layer.axes)


def describe_unread(layer: Layer) -> str:
    """Count the input cells that no window reads: `; 1 of 5 input cells is never read`."""
    unread, copies, inputs = unread_inputs(layer), inputs_read_as_copies(layer), prod(layer.input)
    said = [f"{unread} of {count_of(inputs, 'input cell')} {_be(unread)} never read"] if unread else []
    said += [f"{copies} of {inputs} {_be(copies)} read only as copies in the padding"] if copies else []
    if not said and not all(cell.read for window in layer.sliding_windows for cell in window.cells):
        said = ["only padding is never read"]
    return "".join(f"; {part}" for part in said)


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _touched(axis: Axis, start: int, count: int) -> int:
    """Count the cells under a window among `count` cells from input cell `start` on, which may be padding."""
    walk = (axis.output, axis.kernel, axis.stride, axis.dilation)
    return touched_cells(*walk, axis.padding[0] + start, count)


@lru_cache(maxsize=8)
def _read_inputs(axis: Axis) -> int:
    """Count the input cells of one axis that a window reads, themselves or as copies."""
    direct, (before, after) = _touched(axis, 0, axis.input), axis.padding
    if direct == axis.input or axis.padding_mode == "zeros":
        return direct
    source = PADDING_MODES[axis.padding_mode].source
    read = touched_places(axis.output, axis.kernel, axis.stride, axis.dilation).ljust(
        before + axis.input + after, b"\0"
    )
    places = (*range(-before, 0), *range(axis.input, axis.input + after))
    copied = {source(place, axis.input) for place in places if read[before + place]}
    return direct + sum(cell is not None and not read[before + cell] for cell in copied)
