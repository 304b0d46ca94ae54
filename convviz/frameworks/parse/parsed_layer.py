"""What was read: a layer of convviz, and what the framework says beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.call import Name
from convviz.frameworks.weights import Weights
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.text.formatting import format_value

MOST_NUMBERS = 49
"""Cells of a kernel that is written out."""
Sizes = tuple[int, ...]
Count = int | Name | None


@dataclass(frozen=True)
class ParseHints:
    """What is known beside the code."""

    input: int | Sizes | None = None
    """Cells of the input: for every axis, or (rows, columns)."""
    weight: Sizes | None = None
    """The shape of the weights where the code has no more than their name."""
    names: Mapping[str, int] = field(default_factory=dict)
    """Numbers behind names in the code: `k` in `nn.Conv2d(3, 64, k)`."""
    applied: tuple[tuple[Any, ...], Mapping[str, Any]] | None = None
    """What the layer is called with: `nn.Conv2d(…)(x)`."""

    def cells(self, axes: int, shape: Sizes | None = None) -> Sizes:
        """The input, cell by cell: as asked for, or of the shape in the code. Raises `ReadingError` without either."""
        if self.input is None:
            if shape is None:
                raise ReadingError(f"the size of the input is not known; give it: -i 12{' or -i 12x16' * (axes == 2)}")
            return shape
        given = self.input if isinstance(self.input, tuple) else (self.input,) * axes
        if len(given) != axes:
            raise ReadingError(f"the input {'x'.join(map(str, given))} has {len(given)} axes, but the layer {axes}")
        return given


@dataclass(frozen=True)
class ParsedLayer:
    """A layer as the framework has it."""

    framework: str
    name: str
    """`nn.Conv2d`."""
    layer: Layer
    inputs: Count = None
    """Input channels; None where nobody says."""
    outputs: Count = None
    groups: int = 1
    bias: bool = False
    last: bool = False
    """Whether channels come last."""
    flipped: bool = False
    """Whether the kernel is stamped turned by 180°, as JAX does."""
    notes: tuple[str, ...] = ()
    """What the framework does differently, or what the picture cannot show."""
    said: str = ""
    """The arguments, by name."""
    weight: str = ""
    """The shape of the weights, in the framework's order."""
    weights: Weights | None = None
    """The numbers of kernel and bias, where they are known."""

    @property
    def shapes(self) -> dict[str, str]:
        """The shapes of the tensors, by name."""
        inner = {"input": (self.inputs, "C_in", self.layer.input), "output": (self.outputs, "C_out", self.layer.output)}
        if isinstance(self.layer, Pool):
            inner["output"] = (self.inputs, "C_in", self.layer.output)
        found = {name: self._tensor(text_of(count, symbol), sizes) for name, (count, symbol, sizes) in inner.items()}
        if isinstance(self.layer, Pool):
            return found
        found["weight"] = self.weight
        return found | ({"bias": f"({text_of(self.outputs, 'C_out')})"} if self.bias else {})

    def _tensor(self, channels: str, sizes: Sizes) -> str:
        return tensor("N", *sizes, channels) if self.last else tensor("N", channels, *sizes)

    def text(self) -> str:
        """What was understood: the call with its arguments named, the shapes, what to know."""
        shapes = self.shapes
        flow = f"{shapes.pop('input')} → {shapes.pop('output')}"
        rest = "".join(f"; {name} {shape}" for name, shape in shapes.items())
        groups = f"; {self.groups} groups" if self.groups > 1 else ""
        lines = [f"{self.framework}: {self.name}({self.said})", f"   {flow}{rest}{groups}"]
        return "\n".join([*lines, *self._numbers(), *(f"   - {note}" for note in self.notes)])

    def _numbers(self) -> list[str]:
        """The kernel from the first input channel to the first output channel, where it is known and small."""
        if self.weights is None or prod(self.layer.kernel) > MOST_NUMBERS:
            return []
        kernel = self.weights.between(0, 0)
        texts = [list(map(format_value, row)) for row in kernel.reshape(-1, kernel.shape[-1])]
        wide = max(len(text) for row in texts for text in row)
        rows = ["      " + " ".join(text.rjust(wide) for text in row) for row in texts]
        return [f"   the kernel from channel 1 of {self.inputs} to channel 1 of {self.outputs}:", *rows]


def text_of(count: Count, symbol: str, groups: int = 1) -> str:
    """Channels of one group, or the symbol where nobody says how many."""
    if isinstance(count, int):
        return str(count // groups)
    return (symbol if count is None else count.text) + (f"/{groups}" if groups > 1 else "")


def tensor(*entries: object) -> str:
    """`(64, 32, 3, 3)`."""
    return f"({', '.join(map(str, entries))})"


@dataclass(frozen=True)
class LayerSpec:
    """One layer of one framework: how its arguments are called, and how they become a layer."""

    framework: str
    name: str
    signature: Signature
    make: Callable[[LayerSpec, Arguments, ParseHints], ParsedLayer]
    axes: int | None = None
    """None where the arguments say."""


def divided(groups: int, **channels: Count) -> None:
    """Raise `ReadingError` where channels do not fall into groups."""
    for name, count in channels.items():
        if isinstance(count, int) and count % groups:
            raise ReadingError(f"{name}={count} does not fall into {groups} groups; use a divisor of {count}")


def built(make: Callable[[], Layer], **words: str) -> Layer:
    """The layer; an error of convviz names parameters as the framework does, where they differ."""
    try:
        return make()
    except ConvvizError as error:
        text = str(error)
        for ours, theirs in words.items():
            text = text.replace(ours, theirs)
        raise ReadingError(text) from None
