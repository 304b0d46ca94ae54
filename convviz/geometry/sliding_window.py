"""The line of one axis, padded and zero-inserted, and the walk of the window over it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from convviz.geometry.padding import PADDING_MODES

CellKind = Literal["input", "inserted", "padding"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One position of a window: what stands there, and whether any window reads it."""

    kind: CellKind
    source: int | None = None
    """Index of the input cell that stands here, or that padding borrows; None where a zero stands."""
    read: bool = True
    cropped: bool = False
    """Outside the line that the window walks over, because a border is negative."""


@dataclass(frozen=True)
class SlidingWindow:
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
    flipped: bool = False
    mode: str = "zeros"
    """What padding holds, see `padding.MODES`."""
    overhang: int = 0
    """How many cells at the end are neither input nor padding: the last window of a pooling hangs over."""

    @property
    def zero_inserted_size(self) -> int:
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
    def padded_size(self) -> int:
        """Cells that the window may stand on: (i − 1)(gap + 1) + 1 + before + after."""
        return self.zero_inserted_size + self.before + self.after

    @property
    def size(self) -> int:
        """All positions: those the window may stand on, and the cropped ones."""
        return max(self.offset + self.zero_inserted_size, self.origin + self.padded_size)

    def taps(self, output: int) -> tuple[int, ...]:
        """Positions under the window for one output cell: origin + o·step + (0, d, …, (k−1)d)."""
        start = self.origin + output * self.step
        return tuple(start + tap * self.dilation for tap in range(self.kernel))

    def kernel_index(self, tap: int) -> int:
        """Index into the kernel for the tap-th cell of the window; the kernel of a transposed layer is flipped."""
        return self.kernel - 1 - tap if self.flipped else tap

    @cached_property
    def read(self) -> frozenset[int]:
        """Positions that at least one window reads."""
        return frozenset(tap for output in range(self.outputs) for tap in self.taps(output))

    @property
    def sources(self) -> tuple[int | None, ...]:
        """For each position, the input cell whose value stands there."""
        return tuple(cell.source for cell in self.cells)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """What stands at each position."""
        return tuple(self._cell(position) for position in range(self.size))

    def _cell(self, position: int) -> Cell:
        read = position in self.read
        cropped = not self.origin <= position < self.origin + self.padded_size
        step, rest = divmod(position - self.offset, self.gap + 1)
        if not 0 <= position - self.offset < self.zero_inserted_size:
            return Cell("padding", PADDING_MODES[self.mode].source(step, self.input), read, cropped)
        if rest:
            return Cell("inserted", None, read, cropped)
        return Cell("input", step, read, cropped)
