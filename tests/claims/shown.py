"""The numbers in the cells of a picture, drawn at random, and what the layer makes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any

import numpy as np

from tests.claims.model import Index, Model, value_of
from tests.claims.plain import Plain


@dataclass(frozen=True)
class Shown:
    """Input (C, …), weights (O, C/groups, …) or transposed (C, O/groups, …), bias (O), and the channel that is shown.

    Without channels x and w are bare grids, and `channel` is None.
    """

    x: Any
    w: Any
    bias: Any
    visible: bool = True
    channel: int | None = None
    groups: int = 1
    scale: Fraction = Fraction(1)
    """The numbers are whole multiples of it, exactly; as floats they are rounded."""
    dy: Any = None
    """dL/dy, of the shape of the output; None for views that do not show it."""
    shaded: bool = False
    """Whether cells without numbers are shaded in the view slide, and equations written out."""
    lens: bool = False
    """Whether a shaded picture has a lens."""

    @property
    def inputs(self) -> tuple[int, ...]:
        """The input channels that feed the output channel."""
        if self.channel is None:
            return (0,)
        if self.w is None:
            return (self.channel,)
        count = len(self.x) // self.groups
        group = self.channel // (self.outputs // self.groups)
        return tuple(range(count * group, count * (group + 1)))

    @property
    def outputs(self) -> int:
        """Number of output channels."""
        if self.w is None:
            return len(self.x)
        return len(self.bias)

    def input(self, n: int) -> Any:
        """Values of the n-th input channel that is shown."""
        return self.exact_x if self.channel is None else self.exact_x[self.inputs[n]]

    def kernel(self, n: int, transposed: bool) -> Any:
        """Kernel from the n-th input channel that is shown to the output channel."""
        if self.w is None:
            return None
        if self.channel is None:
            return self.exact_w
        of_group = self.outputs // self.groups
        if transposed:
            return self.exact_w[self.inputs[n], self.channel % of_group]
        return self.exact_w[self.channel, n]

    @cached_property
    def exact_x(self) -> Any:
        return self.exactly(self.x)

    @cached_property
    def exact_w(self) -> Any:
        return self.exactly(self.w)

    @cached_property
    def exact_dy(self) -> Any:
        return self.exactly(self.dy)

    def exactly(self, numbers: Any) -> Any:
        """Return fractions for numbers, which may be floats."""
        return np.vectorize(lambda number: round(number / self.scale) * self.scale, otypes=[object])(numbers)

    @property
    def added(self) -> Any:
        """The bias of the output channel; None without one."""
        return None if self.bias is None else self.exactly(self.bias)[self.channel or 0]


class Values:
    """Outputs by brute force, each computed once."""

    def __init__(self, model: Model, shown: Shown) -> None:
        self.model, self.shown = model, shown
        self._found: dict[tuple[int, Index], Any] = {}

    @property
    def channels(self) -> int:
        return len(self.shown.inputs)

    @property
    def visible(self) -> bool:
        return self.shown.visible

    @property
    def written(self) -> bool:
        """Whether equations are written out."""
        return self.shown.visible or self.shown.shaded

    def part(self, n: int, output: Index) -> Any:
        """What one input channel contributes to an output cell."""
        if (n, output) not in self._found:
            kernel = self.shown.kernel(n, self.model.plain.transposed)
            self._found[n, output] = value_of(self.model, output, self.shown.input(n), kernel)
        return self._found[n, output]

    def y(self, output: Index) -> Any:
        """The value of an output cell, bias included."""
        total = sum(self.part(n, output) for n in range(self.channels))
        return total if self.shown.added is None else total + self.shown.added

    @cached_property
    def all(self) -> dict[Index, Any]:
        return {output: self.y(output) for output in self.model.outputs()}


def draw(random: Random, plain: Plain, channels: bool = True) -> Shown:
    """Draw whole numbers with zeros and negative ones, now and then decimals, fractions, a bias, or channels."""
    generator = np.random.default_rng(random.randrange(2**32))
    visible = random.random() < 0.85
    with_channels = channels and random.random() < 0.25
    scale = random.choice((*[Fraction(1)] * 4, Fraction(1, 4), Fraction(1, 10)))

    def numbers(shape: tuple[int, ...]) -> Any:
        whole = generator.integers(-4, 5, shape)
        return whole if scale == 1 else whole * float(scale)

    if not with_channels:
        w = None if plain.pools else numbers(plain.k)
        bias = None if plain.pools or random.random() < 0.7 else numbers((1,))
        shaded = not visible and plain.count == 2 and random.random() < 0.5
        lens = shaded and random.random() < 0.6
        return Shown(numbers(plain.i), w, bias, visible, scale=scale, shaded=shaded, lens=lens)
    groups, inputs, outputs = random.choice((1, 1, 2)), random.choice((1, 2, 4)), random.choice((1, 2))
    if plain.pools:
        return Shown(numbers((inputs, *plain.i)), None, None, visible, random.randrange(inputs), scale=scale)
    leading = (inputs * groups, outputs) if plain.transposed else (outputs * groups, inputs)
    w, bias = numbers((*leading, *plain.k)), numbers((outputs * groups,))
    return Shown(
        numbers((inputs * groups, *plain.i)), w, bias, visible, random.randrange(outputs * groups), groups, scale
    )


def evened(numbers: Shown, seed: int) -> Shown:
    """Make the input constant, without a bias, and now and then the kernel, with the values in the first cells."""
    if numbers.channel is not None or numbers.w is None:
        return numbers
    x, w = np.full_like(numbers.x, numbers.x.flat[0]), np.full_like(numbers.w, numbers.w.flat[0])
    return replace(numbers, x=x, w=w if seed % 3 else numbers.w, bias=None)


def with_gradient(shown: Shown, output: Index, seed: int) -> Shown:
    """Add dL/dy in whole numbers, with zeros and negative ones, or multiples of the scale."""
    whole = np.random.default_rng(seed).integers(-4, 5, output)
    return replace(shown, dy=whole if shown.scale == 1 else whole * float(shown.scale))
