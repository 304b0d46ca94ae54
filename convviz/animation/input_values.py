"""The values that a caller gives for the cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from convviz.text.notation import Arguments

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MAX_LISTED = 256
"""Longer values are not listed in a command; they come from a file."""


@dataclass(frozen=True, eq=False)
class InputValues:
    """The values that a caller gives; None stands for example values."""

    x: ArrayLike | str | None = None
    """Input values, or the name of a pattern."""
    w: ArrayLike | str | None = None
    """Kernel values, or the name of a kernel."""
    bias: ArrayLike | None = None
    dy: ArrayLike | None = None
    """dL/dy, for the views that show gradients."""
    given_as: Arguments = ()
    """The words of the command line that gave them, if a command did."""
    channel_names: tuple[str, ...] = ()
    """The names of the input channels, if they have any."""

    def arguments(self) -> Arguments:
        """Return the words of the command line that give these values."""
        if self.given_as:
            return self.given_as
        values = {"--input-values": self.x, "--kernel-values": self.w, "--bias": self.bias, "--dy": self.dy}
        given = ((flag, _listed(flag[2:].split("-")[0], value)) for flag, value in values.items() if value is not None)
        return tuple(chain.from_iterable(given))


def _listed(name: str, value: Any) -> str:
    """Return `1,2;3,4`, the name of a kernel or a pattern, or the name of a file for many values."""
    if isinstance(value, str):
        return value
    from convviz.layers.arrays import as_array

    values = as_array(name, value)
    if values.size > MAX_LISTED or values.ndim > 2:
        return f"{name}.npy"
    rows = values.reshape(1, -1) if values.ndim < 2 else values
    return ";".join(",".join(map(repr, row)) for row in rows.tolist())
