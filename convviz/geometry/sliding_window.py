"""The padded, zero-inserted cells of one axis, and the positions of the window on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from convviz.geometry.padding import PADDING_MODES, PaddingModeName

CellKind = Literal["input", "inserted", "padding"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One position of the padded, zero-inserted input."""

    kind: CellKind
    source: int | None = None
    """Index of the input cell at this position, or that padding copies; None for a zero."""
    read: bool = True
    """Whether at least one window reads it."""
    cropped: bool = False
    """Whether a negative border excludes it from all windows."""


@dataclass(frozen=True)
class SlidingWindow:
    """The padded, zero-inserted cells of one axis, and the positions of the window on them.

    Both kinds of convolution are a walk of this form: a convolution has gap 0 and step s, a transposed convolution
    gap s − 1, step 1 and a flipped kernel. Positions count cells from 0, and include the borders. A negative border
    crops: its cells have positions, but no window reads them.
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
    mode: PaddingModeName = "zeros"
    overhang: int = 0
    """Cells at the end that are neither input nor padding: the last window of a pooling extends over them."""

    @property
    def zero_inserted_size(self) -> int:
        """Cells of the zero-inserted input without borders: (i − 1)(gap + 1) + 1."""
        return (self.input - 1) * (self.gap + 1) + 1

    @property
    def offset(self) -> int:
        """Position of input cell 0."""
        return max(0, self.before)

    @property
    def origin(self) -> int:
        """Position of the first cell that is not cropped."""
        return max(0, -self.before)

    @property
    def padded_size(self) -> int:
        """Cells that are not cropped: (i − 1)(gap + 1) + 1 + before + after."""
        return self.zero_inserted_size + self.before + self.after

    @property
    def size(self) -> int:
        """Number of positions, cropped cells included."""
        return max(self.offset + self.zero_inserted_size, self.origin + self.padded_size)

    def taps(self, output: int) -> tuple[int, ...]:
        """Return the positions that output cell o reads: origin + o·step + (0, d, …, (k−1)d)."""
        start = self.origin + output * self.step
        return tuple(start + tap * self.dilation for tap in range(self.kernel))

    def kernel_index(self, tap: int) -> int:
        """Return the index into the kernel of a tap of the window: k − 1 − tap if the kernel is flipped."""
        return self.kernel - 1 - tap if self.flipped else tap

    @cached_property
    def read(self) -> frozenset[int]:
        """Positions that at least one window reads."""
        return frozenset(tap for output in range(self.outputs) for tap in self.taps(output))

    @property
    def sources(self) -> tuple[int | None, ...]:
        """Index of the input cell at each position, or that its padding copies; None for a zero."""
        return tuple(cell.source for cell in self.cells)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cell at each position."""
        return tuple(self._cell(position) for position in range(self.size))

    def _cell(self, position: int) -> Cell:
        read = position in self.read
        cropped = not self.origin <= position < self.origin + self.padded_size
        index, gap = divmod(position - self.offset, self.gap + 1)
        if not 0 <= position - self.offset < self.zero_inserted_size:
            return Cell("padding", PADDING_MODES[self.mode].source(index, self.input), read, cropped)
        if gap:
            return Cell("inserted", None, read, cropped)
        return Cell("input", index, read, cropped)
