"""What is known about a layer in addition to its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convviz.errors import ReadingError

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class ParseHints:
    """What is known in addition to the code: sizes, shapes, and the numbers behind names."""

    input: int | Sizes | None = None
    """Cells of the input: for all axes, or (rows, columns)."""
    weight: Sizes | None = None
    """Shape of the weights, needed if the code has only their name."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Values by name, or by expression: `k` in `nn.Conv2d(3, 64, k)`."""
    called_with: tuple[tuple[Any, ...], Mapping[str, Any]] | None = None
    """Positional and named arguments of the second call in `nn.Conv2d(…)(x)`."""
    input_rank: int | None = None
    """Number of axes of the array that a layer is called with, with channels and batch; None if it is unknown."""

    def input_size(self, axes: int, size: Sizes | None = None) -> Sizes:
        """Return the cells of the input per axis: those of `input`, else `size`. Raises `ReadingError` without either.

        `size` is what the code says.
        """
        if self.input is None:
            if size is None:
                raise ReadingError(f"the size of the input is unknown; try -i 12{' or -i 12x16' * (axes == 2)}")
            return size
        cells = self.input if isinstance(self.input, tuple) else (self.input,) * axes
        if len(cells) != axes:
            raise ReadingError(
                f"expected an input with {axes} {'axis' if axes == 1 else 'axes'}, got {'x'.join(map(str, cells))}"
            )
        return cells
