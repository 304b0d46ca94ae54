"""Sizes, inserted zeros, padding and the walk of the window: whole numbers, one axis at a time.

Formulas follow Dumoulin & Visin, *A guide to convolution arithmetic for deep learning* (2016); limits and
refusals follow PyTorch's ``Conv2d`` and ``ConvTranspose2d``.
"""

from __future__ import annotations

import dataclasses
import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from convviz.errors import GeometryError

Kind = Literal["input", "inserted", "padding"]
LARGEST = 1_000_000


def parameter(default: Any, *, symbol: str, minimum: int, help: str) -> Any:
    """A field that carries the only copy of a parameter's symbol, lower limit and explanation."""
    facts = {"symbol": symbol, "minimum": minimum, "help": help}
    return dataclasses.field(default=default, metadata=facts)


@dataclass(frozen=True, kw_only=True)
class Axis(ABC):
    """One axis of a layer. Sizes count cells. Raises `GeometryError` for parameters that cannot be."""

    input: int = parameter(5, symbol="i", minimum=1, help="cells of the input")
    kernel: int = parameter(3, symbol="k", minimum=1, help="cells of the kernel")
    stride: int = parameter(1, symbol="s", minimum=1, help="step of the window (conv) or of the stamp (transposed)")
    padding: tuple[int, int] = parameter(
        (0, 0), symbol="p", minimum=0, help="zeros around the input (conv), crop of the output (transposed)"
    )
    dilation: int = parameter(1, symbol="d", minimum=1, help="distance between kernel cells")
    output_padding: int = parameter(0, symbol="a", minimum=0, help="extra output cells at the end (transposed only)")

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            sides = value if field.name == "padding" else (value,)
            whole = tuple(_whole(field.name, side, field.metadata) for side in sides)
            object.__setattr__(self, field.name, whole if field.name == "padding" else whole[0])
        self._check()

    @abstractmethod
    def _check(self) -> None:
        """Raise `GeometryError` when the parameters do not fit together."""

    @property
    def reach(self) -> int:
        """d(k−1) + 1: cells from the first to the last tap of the kernel."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    @abstractmethod
    def output(self) -> int:
        """Size of the output, in cells; at least 1."""

    @property
    @abstractmethod
    def track(self) -> Track:
        """The line that the window walks over, and the walk."""


class ForwardAxis(Axis):
    """An axis of a convolution: the window walks over the padded input with stride s."""

    def _check(self) -> None:
        if self.output_padding:
            raise GeometryError(
                f"output padding {self.output_padding} belongs to a transposed convolution; a convolution has none"
            )
        padded = self.input + sum(self.padding)
        if padded < self.reach:
            raise GeometryError(self._does_not_fit(padded))

    def _does_not_fit(self, padded: int) -> str:
        needed = -(-(self.reach - self.input) // 2)
        shorter = (padded - 1) // self.dilation + 1
        denser = (padded - 1) // (self.kernel - 1)
        dilated = self.dilation > 1
        reaches = f" with dilation {self.dilation} reaches over {self.reach} cells and" if dilated else ""
        or_denser = f", d ≤ {denser}" if dilated and denser else ""
        return (
            f"kernel {self.kernel}{reaches} does not fit: the padded input is "
            f"{padding_sum(self.input, self.padding)} = {padded}; use k ≤ {shorter}{or_denser} or p ≥ {needed}"
        )

    @property
    def output(self) -> int:
        """⌊(i + p + p′ − d(k−1) − 1)/s⌋ + 1, in cells (p before, p′ after)."""
        return (self.input + sum(self.padding) - self.reach) // self.stride + 1

    @property
    def left_over(self) -> int:
        """(i + p + p′ − d(k−1) − 1) mod s: padded cells behind the last window, dropped by the floor."""
        return (self.input + sum(self.padding) - self.reach) % self.stride

    @property
    def track(self) -> Track:
        """No gaps, borders p and p′, step s."""
        before, after = self.padding
        return Track(
            input=self.input,
            gap=0,
            before=before,
            after=after,
            kernel=self.kernel,
            dilation=self.dilation,
            step=self.stride,
            outputs=self.output,
            flipped=False,
        )


class TransposedAxis(Axis):
    """An axis of a transposed convolution: stride 1 over the zero-inserted input, kernel flipped."""

    def _check(self) -> None:
        limit = max(self.stride, self.dilation)
        if self.output_padding >= limit:
            raise GeometryError(
                f"output padding {self.output_padding} is too large: it must be smaller than "
                f"max(stride, dilation) = max({self.stride}, {self.dilation}) = {limit}; use a ≤ {limit - 1}"
            )
        if self.output < 1:
            full = (self.input - 1) * self.stride + self.reach
            kept = full + self.output_padding
            raise GeometryError(
                f"padding {max(self.padding)} leaves no output: it crops {sum(self.padding)} of {kept} cells; "
                f"use p ≤ {(kept - 1) // 2} or a larger input"
            )

    @property
    def inserted(self) -> int:
        """z = s − 1: zeros inserted between two neighbouring input cells."""
        return self.stride - 1

    @property
    def borders(self) -> tuple[int, int]:
        """p′ = d(k−1) − p before and after the zero-inserted input; negative crops it. Output padding not counted."""
        before, after = self.padding
        return self.reach - 1 - before, self.reach - 1 - after

    @property
    def output(self) -> int:
        """(i − 1)s + d(k−1) + 1 − p − p′ + a, in cells (p before, p′ after)."""
        return (self.input - 1) * self.stride + self.reach - sum(self.padding) + self.output_padding

    @property
    def track(self) -> Track:
        """Gaps s − 1, borders d(k−1) − p and d(k−1) − p + a, step 1, kernel flipped."""
        before, after = self.borders
        return Track(
            input=self.input,
            gap=self.inserted,
            before=before,
            after=after + self.output_padding,
            kernel=self.kernel,
            dilation=self.dilation,
            step=1,
            outputs=self.output,
            flipped=True,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One position of a track: what stands there, and whether any window reads it."""

    kind: Kind
    source: int | None = None
    """Index of the input cell; None where a zero stands."""
    read: bool = True
    cropped: bool = False
    """Outside the line that the window walks over, because a border is negative."""


@dataclass(frozen=True)
class Track:
    """The padded, zero-inserted line of one axis and the walk of the window over it.

    Positions count the cells shown, from 0: the zero-inserted input together with its borders. A negative border
    crops: its cells are part of the line, but no window ever stands on them.
    """

    input: int
    gap: int
    before: int
    after: int
    kernel: int
    dilation: int
    step: int
    outputs: int
    flipped: bool

    @property
    def spread(self) -> int:
        """(i − 1)(gap + 1) + 1: cells of the zero-inserted input without borders."""
        return (self.input - 1) * (self.gap + 1) + 1

    @property
    def offset(self) -> int:
        """Position of input cell 0."""
        return max(0, self.before)

    @property
    def origin(self) -> int:
        """Position of the first cell that the window may stand on."""
        return max(0, -self.before)

    @property
    def kept(self) -> int:
        """Cells that the window may stand on: spread + before + after."""
        return self.spread + self.before + self.after

    @property
    def size(self) -> int:
        """All positions: those the window may stand on, and the cropped ones."""
        return max(self.offset + self.spread, self.origin + self.kept)

    def taps(self, output: int) -> tuple[int, ...]:
        """Positions under the window for one output cell: origin + o·step + (0, d, …, (k−1)d)."""
        start = self.origin + output * self.step
        return tuple(start + tap * self.dilation for tap in range(self.kernel))

    def weight(self, tap: int) -> int:
        """Index into the kernel for the tap-th cell of the window; the kernel of a transposed layer is flipped."""
        return self.kernel - 1 - tap if self.flipped else tap

    @cached_property
    def read(self) -> frozenset[int]:
        """Positions that at least one window reads."""
        return frozenset(tap for output in range(self.outputs) for tap in self.taps(output))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """What stands at each position."""
        return tuple(self._cell(position) for position in range(self.size))

    def _cell(self, position: int) -> Cell:
        read = position in self.read
        cropped = not self.origin <= position < self.origin + self.kept
        step, rest = divmod(position - self.offset, self.gap + 1)
        if not 0 <= position - self.offset < self.spread:
            return Cell("padding", None, read, cropped)
        if rest:
            return Cell("inserted", None, read, cropped)
        return Cell("input", step, read, cropped)


def padding_sum(size: int, padding: tuple[int, int]) -> str:
    """`5 + 2·1`, or `5 + 1 + 2` where the sides differ."""
    before, after = padding
    return f"{size} + 2·{before}" if before == after else f"{size} + {before} + {after}"


def _whole(name: str, value: Any, facts: Mapping[str, Any]) -> int:
    words = name.replace("_", " ")
    expected = f"{facts['symbol']} is a whole number from {facts['minimum']} to {LARGEST:,}".replace(",", " ")
    try:
        if isinstance(value, bool):
            raise TypeError
        whole = operator.index(value)
    except TypeError:
        raise GeometryError(f"{words} {value!r} is not a whole number: {expected}") from None
    if not facts["minimum"] <= whole <= LARGEST:
        size = "small" if whole < facts["minimum"] else "large"
        raise GeometryError(f"{words} {whole} is too {size}: {expected}")
    return whole
