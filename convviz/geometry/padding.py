"""Padding by name (`same`, `valid`, …) and by mode (`reflect`, …): what stands around an input, and how much of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

PaddingPair = tuple[int, int]
"""Before and after, in cells."""


@dataclass(frozen=True, slots=True)
class PaddingMode:
    """What padding holds: `source(position, size)` is the input cell that it borrows, None for a zero."""

    source: Callable[[int, int], int | None]
    largest: Callable[[int], int | None]
    """The most padding for an input of a size; None without a limit."""


PADDING_MODES: dict[str, PaddingMode] = {
    "zeros": PaddingMode(lambda _position, _size: None, lambda _size: None),
    "reflect": PaddingMode(lambda position, size: min(abs(position), 2 * (size - 1) - position), lambda size: size - 1),
    "replicate": PaddingMode(lambda position, size: min(max(position, 0), size - 1), lambda _size: None),
    "circular": PaddingMode(lambda position, size: position % size, lambda size: size),
}
"""Modes and their limits as PyTorch's `padding_mode`."""


def valid(_input: int, _reach: int, _stride: int) -> PaddingPair:
    """No padding."""
    return 0, 0


def same(input: int, effective_kernel: int, stride: int) -> PaddingPair:
    """TensorFlow's SAME: max((⌈i/s⌉ − 1)s + d(k−1) + 1 − i, 0) in all, an odd cell at the end.

    At stride 1 this is PyTorch's `padding="same"` too.
    """
    total = max((-(-input // stride) - 1) * stride + effective_kernel - input, 0)
    return total // 2, total - total // 2


def same_lower(input: int, effective_kernel: int, stride: int) -> PaddingPair:
    """ONNX's SAME_LOWER: as `same`, an odd cell at the start."""
    before, after = same(input, effective_kernel, stride)
    return after, before


def full(_input: int, effective_kernel: int, _stride: int) -> PaddingPair:
    """d(k−1) on both sides: the output holds every partial overlap."""
    return effective_kernel - 1, effective_kernel - 1


def half(_input: int, effective_kernel: int, _stride: int) -> PaddingPair:
    """⌊(d(k−1) + 1)/2⌋ on both sides: keeps the size at stride 1 when the kernel's reach is odd."""
    return effective_kernel // 2, effective_kernel // 2


PADDING_RULES: dict[str, Callable[[int, int, int], PaddingPair]] = {
    "valid": valid,
    "same": same,
    "same_lower": same_lower,
    "full": full,
    "half": half,
}


def output_range(padding: str | PaddingPair, input: int, effective_kernel: int, stride: int) -> tuple[int, int]:
    """Smallest and largest output of a transposed convolution: what the forward convolution maps to `input` cells."""
    if padding in ("same", "same_lower"):
        return (input - 1) * stride + 1, input * stride
    crop = PADDING_RULES[padding](input, effective_kernel, stride) if isinstance(padding, str) else padding
    smallest = (input - 1) * stride + effective_kernel - sum(crop)
    return smallest, smallest + stride - 1


def default_output(padding: str, input: int, effective_kernel: int, stride: int) -> int | None:
    """The output that TensorFlow and Keras choose for a padding by name; None where padding alone decides."""
    if padding in ("same", "same_lower"):
        return input * stride
    return input * stride + max(effective_kernel - stride, 0) if padding == "valid" else None


def transposed_padding(
    padding: str, input: int, effective_kernel: int, stride: int, output: int | None
) -> tuple[PaddingPair, int]:
    """Crop before and after, and output padding, of a transposed convolution with padding by name.

    TensorFlow's rule for `same`: max((i − 1)s + d(k−1) + 1 − o, 0) cells in all, an odd one at the end (at the start
    for `same_lower`); where o is larger than the full scatter, zeros are appended.
    """
    whole = (input - 1) * stride + effective_kernel
    if output is None:
        output = default_output(padding, input, effective_kernel, stride)
    if padding in ("same", "same_lower") and output is not None:
        total = max(whole - output, 0)
        sides = (total // 2, total - total // 2)
        return sides if padding == "same" else sides[::-1], max(output - whole, 0)
    before, after = PADDING_RULES[padding](input, effective_kernel, stride)
    return (before, after), 0 if output is None else output - (whole - before - after)
