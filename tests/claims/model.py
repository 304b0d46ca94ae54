"""What a layer does, found by placing windows and stamps cell by cell; nothing here knows a formula of sizes."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from tests.claims.axis_model import AxisModel, Spot, axis_of
from tests.claims.plain import Plain

Index = tuple[int, ...]


class Model:
    """A whole layer."""

    def __init__(self, plain: Plain, i: tuple[int, ...] | None = None) -> None:
        self.plain = plain
        sizes = plain.i if i is None else i
        found = [axis_of(plain, n, size) for n, size in enumerate(sizes)]
        self.axes: list[AxisModel] = [axis for axis in found if axis is not None]
        self.exists = len(self.axes) == len(found)
        self._sources: dict[Index, Index | None] = {}
        self._reads: dict[Index, frozenset[Index]] = {}

    def alone(self, n: int) -> Model:
        """Return axis n as a layer of one axis."""
        plain = self.plain
        p = plain.p if isinstance(plain.p, str) else (plain.p[n],)
        a = None if plain.a is None else (plain.a[n],)
        return Model(replace(plain, i=(plain.i[n],), k=(plain.k[n],), s=(plain.s[n],), d=(plain.d[n],), p=p, a=a))

    @property
    def names(self) -> tuple[str, ...]:
        return ("rows", "columns") if self.plain.count == 2 else ("cells",)

    def sizes(self, name: str) -> Index:
        """Return an attribute of each axis."""
        return tuple(getattr(axis, name) for axis in self.axes)

    @property
    def o(self) -> Index:
        return self.sizes("o")

    def outputs(self) -> list[Index]:
        return list(product(*(range(size) for size in self.o)))

    def inputs(self) -> list[Index]:
        return list(product(*(range(size) for size in self.plain.i)))

    def window(self, output: Index) -> list[Index]:
        """Places under the window, in reading order."""
        return list(product(*(axis.windows[o] for axis, o in zip(self.axes, output, strict=True))))

    def spots(self, place: Index) -> list[Spot]:
        return [axis.line[n] for axis, n in zip(self.axes, place, strict=True)]

    def source(self, place: Index) -> Index | None:
        """The input cell whose value is at a place; None for a zero, and beyond the padding."""
        if place not in self._sources:
            found = tuple(spot.source for spot in self.spots(place))
            self._sources[place] = None if None in found else found  # type: ignore[assignment]
        return self._sources[place]

    def is_input(self, place: Index) -> bool:
        return all(spot.kind == "input" for spot in self.spots(place))

    def reads(self, output: Index) -> frozenset[Index]:
        """Input cells under the window, also as copies in the padding."""
        if output not in self._reads:
            found = (self.source(place) for place in self.window(output))
            self._reads[output] = frozenset(source for source in found if source is not None)
        return self._reads[output]

    def taps(self) -> list[Index]:
        """The index of the weight on each place of the window, in reading order."""
        plain = self.plain
        return [
            tuple(k - 1 - tap if plain.transposed else tap for k, tap in zip(plain.k, taps, strict=True))
            for taps in product(*map(range, plain.k))
        ]

    def unread_inputs(self) -> set[Index]:
        """Input cells that no output depends on."""
        return set(self.inputs()) - set(product(*(axis.touched for axis in self.axes)))

    def copied_inputs(self) -> set[Index]:
        """Input cells that no window reads in their own place, but as copies in the padding."""
        own = [
            {axis.line[place].source for place in axis.read if axis.line[place].kind == "input"} for axis in self.axes
        ]
        return set(self.inputs()) - self.unread_inputs() - set(product(*own))  # type: ignore[arg-type]


def computed(model: Model, x: Any, w: Any, bias: Any = None) -> dict[Index, Any]:
    """The outputs of one channel, exact as far as x and w are; a maximum over no input cell is −∞."""
    return {output: value_of(model, output, x, w) + (bias or 0) for output in model.outputs()}


def value_of(model: Model, output: Index, x: Any, w: Any) -> Any:
    """The value of one output cell, without bias."""
    window = model.window(output)
    if w is not None:
        pairs = zip(window, model.taps(), strict=True)
        return sum(x[source] * w[tap] for place, tap in pairs if (source := model.source(place)) is not None)
    real = [x[model.source(place)] for place in window if model.is_input(place)]
    if model.plain.kind == "maxpool":
        return max(real, default=float("-inf"))
    return sum(real) / max(divisor(model, output), 1)


def divisor(model: Model, output: Index) -> int:
    """Cells that count in a mean: the input, with `include` the padding, never those beyond it."""
    window = model.window(output)
    if not model.plain.include:
        return sum(map(model.is_input, window))
    return sum(all(spot.kind != "beyond" for spot in model.spots(place)) for place in window)
