"""The numbers of the backward pass of a layer, and which cells meet in its products.

A product of a convolution has three factors' places: a place n, which counts the cells of one tensor, a weight u, and
the cell n·s + u·d of the line of the other tensor, which padding makes longer:

    convolution, pooling   n counts dL/dy, the line holds x and its padding
    transposed             n counts x, the line holds dL/dy and the cells that padding crops, which have no gradient
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.convolution import ConvLayer, ConvTranspose
from convviz.layers.gradient_examples import example_gradients, output_gradient
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.views.cell_grids import Index
from convviz.views.full_output import full_axis

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


@dataclass(frozen=True)
class MeetingAxis:
    """The cells that meet on one axis."""

    sources: tuple[int | None, ...]
    """For each position of the line the cell that it holds, or that padding repeats; None for a zero."""
    inside: tuple[bool, ...]
    """For each position whether it is a cell of the tensor, not padding."""
    counted: tuple[bool, ...]
    """For each position whether a mean counts it."""
    positions: tuple[tuple[int, ...], ...]
    """For each place the positions of the weights."""

    @property
    def size(self) -> int:
        """Cells of the line."""
        return len(self.sources)


def meeting_axis(layer: Layer, number: int) -> MeetingAxis:
    """Return which cells of `layer` meet on axis `number`."""
    if isinstance(layer.axes[number], ConvTransposeAxis):
        full = full_axis(layer, number)
        inside = tuple(full.keeps(position) for position in range(full.size))
        sources = tuple(n - full.first if kept else None for n, kept in enumerate(inside))
        positions = tuple(tuple(position for position, _ in stamp) for stamp in full.feeds)
        return MeetingAxis(sources, inside, inside, positions)
    window = layer.sliding_windows[number]
    inside = tuple(cell.kind == "input" and n < window.size - window.overhang for n, cell in enumerate(window.cells))
    includes = isinstance(layer, AvgPool) and layer.count_include_pad
    counted = tuple(one or (includes and n < window.size - window.overhang) for n, one in enumerate(inside))
    return MeetingAxis(window.sources, inside, counted, tuple(map(window.taps, range(window.outputs))))


class Backward:
    """A layer of one channel, its numbers and their gradients.

    Raises `PictureError` for values with channels, and `GeometryError` if dL/dy does not fit.
    """

    def __init__(self, layer: Layer, values: LayerValues | None) -> None:
        if values is not None and values.channels is not None:
            raise PictureError("the views of the backward pass show one input channel; leave out the channels")
        self.layer, self.visible = layer, values is not None and values.visible
        self.x: Any
        self.w: Any
        self.axes = [meeting_axis(layer, number) for number in range(len(layer.axes))]
        if values is None:
            numbers = example_gradients(layer)
            self.x, self.w, self.dy = numbers.get("x"), numbers.get("w"), numbers["dL/dy"]
            return
        self.x, self.w = values.x[0], None if values.w is None else values.w[0]
        self.dy = output_gradient(layer) if values.dy is None else values.dy

    @property
    def transposed(self) -> bool:
        """Whether the line holds dL/dy, and places count x."""
        return isinstance(self.layer, ConvTranspose)

    @property
    def line(self) -> Index:
        """Size of the line per axis."""
        return tuple(axis.size for axis in self.axes)

    @cached_property
    def dx(self) -> Any:
        """dL/dx, (input…)."""
        if isinstance(self.layer, ConvLayer):
            return self.layer.gradient_input(self.dy, self.w)
        if isinstance(self.layer, MaxPool):
            return self.layer.gradient_input(self.dy, self.x)
        assert isinstance(self.layer, AvgPool)
        return self.layer.gradient_input(self.dy)

    @cached_property
    def dw(self) -> Any:
        """dL/dw, (kernel…)."""
        assert isinstance(self.layer, ConvLayer)
        return self.layer.gradient_weight(self.x, self.dy)

    @cached_property
    def db(self) -> Any:
        """dL/db, a number."""
        assert isinstance(self.layer, ConvLayer)
        return self.layer.gradient_bias(self.dy)[0]

    @cached_property
    def notations(self) -> dict[str, Notation]:
        """The notation of the numbers of each tensor."""
        arrays = {"x": self.x, "w": self.w, "dL/dy": self.dy}
        return {name: "decimal" if array is None else notation_of(array) for name, array in arrays.items()}

    def places(self) -> Iterator[Index]:
        """Yield the places, row by row."""
        return product(*(range(len(axis.positions)) for axis in self.axes))

    def weights(self) -> Iterator[Index]:
        """Yield the indices of the weights, row by row."""
        return product(*map(range, self.layer.kernel))

    def spans(self, place: Index) -> list[Index]:
        """Return the positions that a place meets, per axis."""
        return [axis.positions[n] for axis, n in zip(self.axes, place, strict=True)]

    def position(self, place: Index, weight: Index) -> Index:
        """Return where a place and a weight meet."""
        return tuple(axis.positions[n][u] for axis, n, u in zip(self.axes, place, weight, strict=True))

    def source(self, position: Index) -> Index | None:
        """Return the cell that a position of the line holds; None for a zero."""
        found = [axis.sources[at] for axis, at in zip(self.axes, position, strict=True)]
        cell = tuple(index for index in found if index is not None)
        return cell if len(cell) == len(found) else None

    def is_inside(self, position: Index) -> bool:
        """Whether a position of the line is a cell of the tensor, not padding."""
        return all(axis.inside[at] for axis, at in zip(self.axes, position, strict=True))

    def is_counted(self, position: Index) -> bool:
        """Whether a mean counts a position."""
        return all(axis.counted[at] for axis, at in zip(self.axes, position, strict=True))

    @cached_property
    def crops(self) -> bool:
        """Whether anything is sent to the padding."""
        if isinstance(self.layer, MaxPool):
            return False
        is_mean = isinstance(self.layer, AvgPool)
        return any(
            not axis.inside[at] and (axis.counted[at] or not is_mean)
            for axis in self.axes
            for positions in axis.positions
            for at in positions
        )

    @cached_property
    def switches(self) -> dict[Index, Index | None]:
        """For each output cell of a max pooling the position of the first maximum; None if there is only padding."""
        found: dict[Index, Index | None] = {}
        for place in self.places():
            positions = [self.position(place, weight) for weight in self.weights()]
            inside = [position for position in positions if self.is_inside(position)]
            found[place] = max(inside, key=self.value_at, default=None)
        return found

    def value_at(self, position: Index) -> Any:
        """Return the number of x at a position of the line."""
        assert self.x is not None
        source = self.source(position)
        return 0 if source is None else self.x[source]

    def divisor(self, place: Index) -> int:
        """Return the number of cells that the mean of a window counts, at least 1."""
        counted = sum(self.is_counted(self.position(place, weight)) for weight in self.weights())
        return max(1, counted)

    def sent(self, place: Index) -> Iterator[tuple[Index, Index, Any]]:
        """Yield the positions to which dL/dy of a place is sent, by which weight, and what each receives.

        Shares are exact.
        """
        dy = self.dy[place]
        if isinstance(self.layer, MaxPool):
            switch = self.switches[place]
            yield from [] if switch is None else [(switch, (), dy)]
            return
        share = Fraction(dy.item()) / self.divisor(place) if self.w is None else dy
        for weight in self.weights():
            position = self.position(place, weight)
            if self.w is not None:
                yield position, weight, dy * self.w[weight]
            elif self.is_counted(position):
                yield position, weight, share


def cells_of(shape: Sequence[int]) -> Iterator[Index]:
    """Yield the indices of all cells, row by row."""
    return product(*map(range, shape))
