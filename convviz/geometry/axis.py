"""Sizes, inserted zeros, padding and the walk of the window: whole numbers, one axis at a time.

Formulas follow Dumoulin & Visin, *A guide to convolution arithmetic for deep learning* (2016); limits and
refusals follow PyTorch's ``Conv2d`` and ``ConvTranspose2d``.
"""

from __future__ import annotations

import dataclasses
import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convviz.errors import GeometryError
from convviz.geometry.padding import PADDING_MODES
from convviz.geometry.sliding_window import SlidingWindow

LARGEST_PARAMETER = 1_000_000


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

    padding_mode: str = "zeros"

    def __post_init__(self) -> None:
        for name in PARAMETERS:
            value = getattr(self, name)
            object.__setattr__(self, name, padding_pair(value) if name == "padding" else checked_parameter(name, value))
        self._check()

    @abstractmethod
    def _check(self) -> None:
        """Raise `GeometryError` when the parameters do not fit together."""

    @property
    def effective_kernel(self) -> int:
        """d(k−1) + 1: cells from the first to the last tap of the kernel."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    @abstractmethod
    def output(self) -> int:
        """Size of the output, in cells; at least 1."""

    @property
    @abstractmethod
    def sliding_window(self) -> SlidingWindow:
        """The line that the window walks over, and the walk."""


class ConvAxis(Axis):
    """An axis of a convolution: the window walks over the padded input with stride s."""

    def _check(self) -> None:
        if self.output_padding:
            raise GeometryError(
                f"output padding {self.output_padding} belongs to a transposed convolution; a convolution has none"
            )
        self._check_mode()
        padded = self.input + sum(self.padding)
        if padded < self.effective_kernel:
            raise GeometryError(self._does_not_fit(padded))

    def _check_mode(self) -> None:
        if not isinstance(self.padding_mode, str) or self.padding_mode not in PADDING_MODES:
            raise GeometryError(f"there is no padding mode {self.padding_mode!r}; use {', '.join(PADDING_MODES)}")
        largest = PADDING_MODES[self.padding_mode].largest(self.input)
        if largest is not None and max(self.padding) > largest:
            raise GeometryError(
                f"padding {max(self.padding)} is too large for {self.padding_mode} padding of {self.input} cells; "
                f"use p ≤ {largest} or the mode replicate"
            )

    def _does_not_fit(self, padded: int) -> str:
        needed = -(-(self.effective_kernel - self.input) // 2)
        shorter = (padded - 1) // self.dilation + 1
        denser = (padded - 1) // (self.kernel - 1)
        dilated = self.dilation > 1
        reaches = f" with dilation {self.dilation} reaches over {self.effective_kernel} cells and" if dilated else ""
        or_denser = f", d ≤ {denser}" if dilated and denser else ""
        return (
            f"kernel {self.kernel}{reaches} does not fit: the padded input is "
            f"{padding_sum(self.input, self.padding)} = {padded}; use k ≤ {shorter}{or_denser} or p ≥ {needed}"
        )

    @property
    def output(self) -> int:
        """⌊(i + p + p′ − d(k−1) − 1)/s⌋ + 1, in cells (p before, p′ after)."""
        return (self.input + sum(self.padding) - self.effective_kernel) // self.stride + 1

    @property
    def remainder(self) -> int:
        """Padded cells behind the last window, dropped by the floor: (i + p + p′ − d(k−1) − 1) mod s."""
        return max(self.input + sum(self.padding) - (self.output - 1) * self.stride - self.effective_kernel, 0)

    @property
    def sliding_window(self) -> SlidingWindow:
        """No gaps, borders p and p′, step s."""
        before, after = self.padding
        return SlidingWindow(
            input=self.input,
            gap=0,
            before=before,
            after=after,
            kernel=self.kernel,
            dilation=self.dilation,
            step=self.stride,
            outputs=self.output,
            mode=self.padding_mode,
        )


@dataclass(frozen=True, kw_only=True)
class PoolAxis(ConvAxis):
    """An axis of a pooling. With `ceil_mode` a window may hang over the end, if it does not start in the padding."""

    ceil_mode: bool = False
    sided: bool = dataclasses.field(default=False, compare=False, repr=False)
    """Padding was given per side, as ONNX's pads, which may reach d(k−1); else it obeys PyTorch's p ≤ k/2."""

    def _check(self) -> None:
        if self.sided and max(self.padding) >= self.effective_kernel:
            raise GeometryError(
                f"padding {max(self.padding)} is too large for pooling: a window over {self.effective_kernel} cells "
                f"would see padding alone; use p ≤ {self.effective_kernel - 1}"
            )
        if not self.sided and 2 * max(self.padding) > self.kernel:
            raise GeometryError(
                f"padding {max(self.padding)} is too large for pooling with kernel {self.kernel}: at most half of it; "
                f"use p ≤ {self.kernel // 2} or k ≥ {2 * max(self.padding)}"
            )
        if self.output < 1:
            padded = self.input + sum(self.padding)
            raise GeometryError(
                f"kernel {self.kernel} does not fit: it reaches over {self.effective_kernel} cells, but the padded "
                f"input is {padding_sum(self.input, self.padding)} = {padded}; "
                f"use i ≥ {self.effective_kernel - sum(self.padding)}"
            )

    @property
    def _windows(self) -> int:
        """⌊(i + p + p′ − d(k−1) − 1)/s⌋ + 1, or ⌈…⌉ + 1 with `ceil_mode`."""
        rounding = self.stride - 1 if self.ceil_mode else 0
        return (self.input + sum(self.padding) - self.effective_kernel + rounding) // self.stride + 1

    @property
    def dropped(self) -> bool:
        """Whether `ceil_mode` drops its last window, as that would start in the padding: (o − 1)s ≥ i + p."""
        return self.ceil_mode and (self._windows - 1) * self.stride >= self.input + self.padding[0]

    @property
    def output(self) -> int:
        """The number of windows that are not dropped."""
        return self._windows - self.dropped

    @property
    def sliding_window(self) -> SlidingWindow:
        """The window of a convolution, lengthened by as many cells as the last window hangs over."""
        before, after = self.padding
        overhang = max((self.output - 1) * self.stride + self.effective_kernel - (self.input + before + after), 0)
        return replace(super().sliding_window, after=after + overhang, overhang=overhang)


class ConvTransposeAxis(Axis):
    """An axis of a transposed convolution: stride 1 over the zero-inserted input, kernel flipped."""

    def _check(self) -> None:
        if self.padding_mode != "zeros":
            raise GeometryError(
                f"a transposed convolution has no padding mode {self.padding_mode!r}: its padding crops; use zeros"
            )
        limit = max(self.stride, self.dilation)
        if self.output_padding >= limit:
            raise GeometryError(
                f"output padding {self.output_padding} is too large: it must be smaller than "
                f"max(stride, dilation) = max({self.stride}, {self.dilation}) = {limit}; use a ≤ {limit - 1}"
            )
        if self.output < 1:
            full = (self.input - 1) * self.stride + self.effective_kernel
            kept = full + self.output_padding
            raise GeometryError(
                f"padding {max(self.padding)} leaves no output: it crops {sum(self.padding)} of {kept} cells; "
                f"use p ≤ {(kept - 1) // 2} or a larger input"
            )

    @property
    def inserted_zeros(self) -> int:
        """z = s − 1: zeros inserted between two neighbouring input cells."""
        return self.stride - 1

    @property
    def implicit_padding(self) -> tuple[int, int]:
        """p′ = d(k−1) − p before and after the zero-inserted input; negative crops it. Output padding not counted."""
        before, after = self.padding
        return self.effective_kernel - 1 - before, self.effective_kernel - 1 - after

    @property
    def output(self) -> int:
        """(i − 1)s + d(k−1) + 1 − p − p′ + a, in cells (p before, p′ after)."""
        return (self.input - 1) * self.stride + self.effective_kernel - sum(self.padding) + self.output_padding

    @property
    def sliding_window(self) -> SlidingWindow:
        """Gaps s − 1, borders d(k−1) − p and d(k−1) − p + a, step 1, kernel flipped."""
        before, after = self.implicit_padding
        return SlidingWindow(
            input=self.input,
            gap=self.inserted_zeros,
            before=before,
            after=after + self.output_padding,
            kernel=self.kernel,
            dilation=self.dilation,
            step=1,
            outputs=self.output,
            flipped=True,
        )


PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    field.name: {**field.metadata, "default": field.default} for field in dataclasses.fields(Axis) if field.metadata
}
"""Name → symbol, minimum, help and default of everything that an axis takes, in the order of the options."""


def padding_sum(size: int, padding: tuple[int, int]) -> str:
    """`5 + 2·1`, or `5 + 1 + 2` where the sides differ."""
    before, after = padding
    return f"{size} + 2·{before}" if before == after else f"{size} + {before} + {after}"


def padding_pair(padding: Any) -> tuple[int, int]:
    """Padding before and after; a single number holds for both."""
    before, after = padding if isinstance(padding, tuple) and len(padding) == 2 else (padding, padding)
    return checked_parameter("padding", before), checked_parameter("padding", after)


def checked_parameter(name: str, value: Any) -> int:
    """`value` as the whole number that the parameter `name` takes; raises `GeometryError`."""
    facts = PARAMETERS[name]
    words = name.replace("_", " ")
    expected = f"{facts['symbol']} is a whole number from {facts['minimum']} to {LARGEST_PARAMETER:,}".replace(",", " ")
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise GeometryError(f"{words} {repr(value)[:40]} is not a whole number: {expected}") from None
    if not facts["minimum"] <= number <= LARGEST_PARAMETER:
        size = "small" if number < facts["minimum"] else "large"
        shown = number if abs(number) < 10**15 else "(more than 15 digits)"
        raise GeometryError(f"{words} {shown} is too {size}: {expected}")
    return number
