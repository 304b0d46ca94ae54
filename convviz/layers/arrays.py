"""Check values as they come in: they must be numbers, and their shapes must fit the layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import ArgumentError, GeometryError
from convviz.errors.arguments import whole_number, wrong_type

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convviz.geometry.sliding_window import SlidingWindow


Windows = Sequence["SlidingWindow"]
LARGEST_INPUT = 100_000_000


@dataclass(frozen=True)
class Batch:
    """Input values as (N, C, input…), and how many of the leading axes the caller gave."""

    values: NDArray[Any]
    leading: int

    @property
    def given(self) -> tuple[int, ...]:
        """The shape that the caller gave."""
        return self.values.shape[2 - self.leading :]

    @property
    def bare(self) -> bool:
        """Whether the caller gave neither batch nor channels."""
        return self.leading == 0

    def restored(self, y: NDArray[Any]) -> NDArray[Any]:
        """Return `y` (N, C, output…) with only the leading axes that the caller gave."""
        return y if self.leading == 2 else y[0] if self.leading == 1 else y[0, 0]


def as_batch(windows: Windows, x: NDArray[Any]) -> Batch:
    """Return `x` with leading axes for batch and channels; raises `GeometryError` for other shapes."""
    return _batch("input", x, input_shape(windows), "input")


def output_batch(windows: Windows, y: NDArray[Any]) -> Batch:
    """Return dL/dy with leading axes for batch and channels; raises `GeometryError` for other shapes."""
    return _batch("dL/dy", y, output_shape(windows), "output")


def _batch(name: str, values: NDArray[Any], inner: tuple[int, ...], size: str) -> Batch:
    """Check values called `name`, which have the size of the `size`, input or output."""
    leading = values.ndim - len(inner)
    if not 0 <= leading <= 2 or values.shape[leading:] != inner or 0 in values.shape:
        raise GeometryError(
            f"{name} values are {shape_text(values.shape)}, but the {size} is {shape_text(inner)}; "
            f"give {shape_text(inner)} numbers (channels and batch may stand in front) or change the {size}"
        )
    return Batch(values.reshape(*[1] * (2 - leading), *values.shape), leading)


def single_input(batch: Batch) -> Batch:
    """Return the batch; raises `GeometryError` unless it holds one input, because a picture shows one."""
    if batch.values.shape[0] != 1:
        raise GeometryError(f"a picture shows one input, not {batch.values.shape[0]}; give x[0]")
    return batch


def grouped_weights(windows: Windows, w: NDArray[Any], channels: int, groups: int, bare: bool) -> NDArray[Any]:
    """Return weights as (G, C_out/G, C_in/G, kernel…), from PyTorch's order of either kind."""
    inner = kernel_shape(windows)
    groups = whole_number("groups", groups)
    if groups < 1 or channels % groups:
        raise GeometryError(f"{channels} input channels do not fall into {groups} groups; use a divisor of {channels}")
    if bare and w.shape == inner:
        return w[None, None, None]
    scattered = windows[0].flipped
    expected = f"({channels}, C_out/groups, …)" if scattered else f"(C_out, {channels // groups}, …)"
    fits = w.ndim == len(inner) + 2 and w.shape[2:] == inner and 0 not in w.shape
    if bare or not fits or w.shape[0 if scattered else 1] != (channels if scattered else channels // groups):
        raise GeometryError(
            f"kernel values are {shape_text(w.shape)}, but the kernel is {shape_text(inner)}"
            + ("" if bare else f" and the weights for {channels} channels in {groups} group(s) are {expected}")
            + f"; give {shape_text(inner)} numbers{'' if bare else ' in that order'} or change the kernel"
        )
    if not scattered and w.shape[0] % groups:
        raise GeometryError(f"{w.shape[0]} output channels do not fall into {groups} groups; use a divisor")
    split = w.reshape(groups, -1, *w.shape[1:])
    return split.swapaxes(1, 2) if scattered else split


def checked_bias(bias: ArrayLike, channels: int) -> NDArray[Any]:
    """Return one value for each output channel; a single number stands for a single channel."""
    values = as_array("bias", bias)
    if values.size != channels or values.ndim > 1:
        raise GeometryError(f"bias values are {shape_text(values.shape)}, but there are {channels} output channels")
    return values.reshape(channels)


def array_of_shape(name: str, given: ArrayLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return `given` as numbers of exactly `shape`. Raises `GeometryError`."""
    values = as_array(name, given)
    if values.shape != shape:
        raise GeometryError(
            f"{name} values are {shape_text(values.shape)}, but the {name} is {shape_text(shape)}; give that many"
        )
    return values


def as_array(name: str, given: ArrayLike) -> NDArray[Any]:
    """Return `given` as an array: integers as int64, floats as float32 or float64; else `GeometryError`."""
    try:
        values = np.asarray(given)
    except ValueError:
        raise GeometryError(f"{name} values are not a grid: every row needs the same number of values") from None
    except Exception:  # whatever an object answers that is no array
        raise wrong_type(f"{name} values", "numbers in rows", given) from None
    if _is_beyond_64_bits(values):
        raise GeometryError(f"{name} values hold a whole number beyond 64 bits; use smaller or decimal numbers")
    if values.dtype.kind not in "biuf":
        raise ArgumentError(f"{name} values are not numbers but {values.dtype}; give whole or decimal numbers")
    if not np.isfinite(values).all():
        raise GeometryError(f"{name} values hold nan or infinity; give finite numbers")
    if values.dtype.kind == "f":
        return values.astype(np.float32) if values.dtype.itemsize < 4 else values
    return values.astype(np.int64)


def _is_beyond_64_bits(values: NDArray[Any]) -> bool:
    """Return whether integers are too large for int64: unsigned ones, or those that numpy stores as Python objects."""
    if values.dtype.kind == "u":
        return bool(values.size) and int(values.max()) >= 2**63
    return values.dtype.kind == "O" and values.size > 0 and all(isinstance(value, int) for value in values.flat)


def check_exact(x: NDArray[Any], weight: NDArray[Any], bias: Any = 0, times: int = 1) -> None:
    """Raise `GeometryError` if sums of integers could exceed 64 bits, in which they would wrap around silently.

    `weight` has one row for each sum; `times` is the number of such sums that may be added.
    """
    if x.dtype.kind == weight.dtype.kind == "i" and x.size and weight.size:
        rows = np.abs(weight.astype(float)).reshape(weight.shape[0], -1)
        largest = max(float(x.max()), -float(x.min())) * float(rows.sum(axis=1).max()) * times
        if largest + float(np.abs(np.asarray(bias, dtype=float)).max()) >= 2.0**63:
            raise GeometryError("the sums leave the range of 64-bit whole numbers; use smaller or decimal numbers")


def check_finite(y: NDArray[Any]) -> NDArray[Any]:
    """Return `y`; raises `GeometryError` if a sum of floats overflowed."""
    if not np.isfinite(y).all():
        raise GeometryError("the sums are too large for decimal numbers; use smaller ones")
    return y


def check_cells(windows: Windows, channels: int) -> None:
    """Raise `GeometryError` for a zero-inserted, padded input too large to hold in memory."""
    cells = math.prod(window.size for window in windows)
    if cells * channels > LARGEST_INPUT:
        shape = shape_text(tuple(window.size for window in windows))
        raise GeometryError(
            f"the padded, zero-inserted input of {shape} cells is too large to compute; use a smaller layer"
        )


def shape_text(shape: tuple[int, ...]) -> str:
    """Format a shape as `3×4`; an empty shape as a single number."""
    return "×".join(map(str, shape)) or "a single number"


def input_shape(windows: Windows) -> tuple[int, ...]:
    """Shape of the input."""
    return tuple(window.input for window in windows)


def output_shape(windows: Windows) -> tuple[int, ...]:
    """Shape of the output."""
    return tuple(window.outputs for window in windows)


def kernel_shape(windows: Windows) -> tuple[int, ...]:
    """Shape of the kernel."""
    return tuple(window.kernel for window in windows)


def magnitudes(array: NDArray[Any]) -> tuple[float, float]:
    """Return the smallest and the largest finite magnitude that is not 0; the smallest is 0 if both signs occur."""
    numbers = array[np.isfinite(array.astype(float)) & (array != 0)].astype(float)
    if not numbers.size:
        return 0.0, 0.0
    has_both_signs = numbers.min() < 0 < numbers.max()
    return 0.0 if has_both_signs else float(np.abs(numbers).min()), float(np.abs(numbers).max())
