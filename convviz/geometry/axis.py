"""One axis of a layer: output size, zero insertion, padding and the sliding window, in whole numbers.

Formulas: Dumoulin & Visin, *A guide to convolution arithmetic for deep learning* (2016). Limits and errors: PyTorch's
``Conv2d``, ``ConvTranspose2d`` and ``MaxPool2d``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace

from convviz.errors import ArgumentError, GeometryError
from convviz.errors.printable import count_of, shown
from convviz.geometry.padding import PADDING_MODES, PaddingModeName, padding_sum
from convviz.geometry.parameters import PARAMETERS, checked_parameter, padding_pair
from convviz.geometry.sliding_window import SlidingWindow


@dataclass(frozen=True, kw_only=True)
class Axis(ABC):
    """One axis of a layer; sizes are in cells. Raises `GeometryError` for parameters out of range or at odds."""

    input: int = PARAMETERS["input"].default
    kernel: int = PARAMETERS["kernel"].default
    stride: int = PARAMETERS["stride"].default
    padding: tuple[int, int] = PARAMETERS["padding"].default
    dilation: int = PARAMETERS["dilation"].default
    output_padding: int = PARAMETERS["output_padding"].default
    padding_mode: PaddingModeName = "zeros"

    def __post_init__(self) -> None:
        for name in PARAMETERS:
            value = getattr(self, name)
            checked = padding_pair(value) if name == "padding" else checked_parameter(name, value)
            object.__setattr__(self, name, checked)
        self._check()

    @abstractmethod
    def _check(self) -> None:
        """Raise `GeometryError` if the parameters do not fit together."""

    @property
    def effective_kernel(self) -> int:
        """Cells from the first to the last tap of the kernel: d(k−1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    @abstractmethod
    def output(self) -> int:
        """Output size, in cells; at least 1."""

    @property
    @abstractmethod
    def sliding_window(self) -> SlidingWindow:
        """The padded, zero-inserted axis and the positions of the window on it."""


class ConvAxis(Axis):
    """An axis of a convolution: the window moves over the padded input with stride s."""

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
            error = GeometryError if isinstance(self.padding_mode, str) else ArgumentError
            raise error(f"there is no padding mode {shown(self.padding_mode)}; use {', '.join(PADDING_MODES)}")
        largest = PADDING_MODES[self.padding_mode].largest(self.input)
        if largest is not None and max(self.padding) > largest:
            raise GeometryError(
                f"padding {max(self.padding)} is too large for {self.padding_mode} padding of "
                f"{count_of(self.input, 'cell')}; "
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
        """Output size, in cells: ⌊(i + p + p′ − d(k−1) − 1)/s⌋ + 1, with p before and p′ after."""
        return (self.input + sum(self.padding) - self.effective_kernel) // self.stride + 1

    @property
    def remainder(self) -> int:
        """Cells of the padded input after the last window, unused: (i + p + p′ − d(k−1) − 1) mod s."""
        return max(self.input + sum(self.padding) - (self.output - 1) * self.stride - self.effective_kernel, 0)

    @property
    def sliding_window(self) -> SlidingWindow:
        """The walk over the padded input: gap 0, borders p and p′, step s."""
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
    """An axis of a pooling. With `ceil_mode` the last window may extend past the end, but not start in the padding."""

    ceil_mode: bool = False
    per_side: bool = field(default=False, compare=False)
    """Whether padding was given per side, as ONNX's pads: p ≤ d(k−1) holds; otherwise PyTorch's p ≤ k/2."""

    def _check(self) -> None:
        if self.per_side and max(self.padding) >= self.effective_kernel:
            raise GeometryError(
                f"padding {max(self.padding)} is too large for pooling: a window over "
                f"{count_of(self.effective_kernel, 'cell')} "
                f"would see padding alone; use p ≤ {self.effective_kernel - 1}"
            )
        if not self.per_side and 2 * max(self.padding) > self.kernel:
            raise GeometryError(
                f"padding {max(self.padding)} is too large for pooling with kernel {self.kernel}: at most half of it; "
                f"use p ≤ {self.kernel // 2} or k ≥ {2 * max(self.padding)}"
            )
        if self.output < 1:
            padded = self.input + sum(self.padding)
            raise GeometryError(
                f"kernel {self.kernel} does not fit: it reaches over {count_of(self.effective_kernel, 'cell')}, but "
                f"the padded input is {padding_sum(self.input, self.padding)} = {padded}; "
                f"use i ≥ {self.effective_kernel - sum(self.padding)}"
            )

    @property
    def _window_count(self) -> int:
        """Windows before one is dropped: ⌊(i + p + p′ − d(k−1) − 1)/s⌋ + 1, or ⌈…⌉ + 1 with `ceil_mode`."""
        rounding = self.stride - 1 if self.ceil_mode else 0
        return (self.input + sum(self.padding) - self.effective_kernel + rounding) // self.stride + 1

    @property
    def dropped(self) -> bool:
        """Whether the last window of `ceil_mode` is dropped, because it starts in the padding: (o − 1)s ≥ i + p."""
        return self.ceil_mode and (self._window_count - 1) * self.stride >= self.input + self.padding[0]

    @property
    def output(self) -> int:
        """Output size, in cells: the windows that are not dropped."""
        return self._window_count - self.dropped

    @property
    def sliding_window(self) -> SlidingWindow:
        """The walk of a convolution; the axis is longer by the cells that the last window extends past the end."""
        before, after = self.padding
        overhang = max((self.output - 1) * self.stride + self.effective_kernel - (self.input + before + after), 0)
        return replace(super().sliding_window, after=after + overhang, overhang=overhang)


class ConvTransposeAxis(Axis):
    """An axis of a transposed convolution: stride 1 over the zero-inserted, padded input, with the kernel flipped."""

    def _check(self) -> None:
        if self.padding_mode != "zeros":
            raise GeometryError(
                f"a transposed convolution has no padding mode {shown(self.padding_mode)}: its padding crops; use zeros"
            )
        limit = max(self.stride, self.dilation)
        if self.output_padding >= limit:
            raise GeometryError(
                f"output padding {self.output_padding} is too large: it must be smaller than "
                f"max(stride, dilation) = max({self.stride}, {self.dilation}) = {limit}; use a ≤ {limit - 1}"
            )
        if self.output < 1:
            full = (self.input - 1) * self.stride + self.effective_kernel
            uncropped = full + self.output_padding
            raise GeometryError(
                f"padding {max(self.padding)} leaves no output: it crops {sum(self.padding)} of "
                f"{count_of(uncropped, 'cell')}; use p ≤ {(uncropped - 1) // 2} or a larger input"
            )

    @property
    def inserted_zeros(self) -> int:
        """Zeros inserted between two neighbouring input cells: z = s − 1."""
        return self.stride - 1

    @property
    def implicit_padding(self) -> tuple[int, int]:
        """Padding of the zero-inserted input, before and after, without output padding: d(k−1) − p; negative crops."""
        before, after = self.padding
        return self.effective_kernel - 1 - before, self.effective_kernel - 1 - after

    @property
    def output(self) -> int:
        """Output size, in cells: (i − 1)s + d(k−1) + 1 − p₁ − p₂ + a, with p₁ cropped before and p₂ after."""
        return (self.input - 1) * self.stride + self.effective_kernel - sum(self.padding) + self.output_padding

    @property
    def sliding_window(self) -> SlidingWindow:
        """The walk over the zero-inserted input: gap s − 1, borders p′ and p′ + a, step 1, kernel flipped."""
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
