"""Padding by name (`same`, `valid`, …): how many cells; and by mode (`reflect`, …): what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

PaddingPair = tuple[int, int]
"""Padding before and after, in cells."""
PaddingName = Literal["valid", "same", "same_lower", "full", "half"]
PaddingModeName = Literal["zeros", "reflect", "replicate", "circular"]


@dataclass(frozen=True, slots=True)
class PaddingMode:
    """What padding holds: `source(position, size)` is the index of the input cell that is copied; None for a zero."""

    source: Callable[[int, int], int | None]
    largest: Callable[[int], int | None]
    """Largest padding for an input size; None if there is no limit."""


PADDING_MODES: Mapping[str, PaddingMode] = {
    "zeros": PaddingMode(lambda _position, _size: None, lambda _size: None),
    "reflect": PaddingMode(lambda position, size: min(abs(position), 2 * (size - 1) - position), lambda size: size - 1),
    "replicate": PaddingMode(lambda position, size: min(max(position, 0), size - 1), lambda _size: None),
    "circular": PaddingMode(lambda position, size: position % size, lambda size: size),
}
"""Name → mode, as PyTorch's `padding_mode`."""


def valid(_input: int, _effective_kernel: int, _stride: int) -> PaddingPair:
    """Return no padding."""
    return 0, 0


def same(input: int, effective_kernel: int, stride: int) -> PaddingPair:
    """Return the padding of TensorFlow's SAME: max((⌈i/s⌉ − 1)s + d(k−1) + 1 − i, 0) in all, an odd cell at the end.

    At stride 1 it equals PyTorch's `padding="same"`.
    """
    total = max((-(-input // stride) - 1) * stride + effective_kernel - input, 0)
    return total // 2, total - total // 2


def same_lower(input: int, effective_kernel: int, stride: int) -> PaddingPair:
    """Return the padding of ONNX's SAME_LOWER: as `same`, with an odd cell at the start."""
    before, after = same(input, effective_kernel, stride)
    return after, before


def full(_input: int, effective_kernel: int, _stride: int) -> PaddingPair:
    """Return d(k−1) on both sides: the output includes each partial overlap of kernel and input."""
    return effective_kernel - 1, effective_kernel - 1


def half(_input: int, effective_kernel: int, _stride: int) -> PaddingPair:
    """Return ⌊(d(k−1) + 1)/2⌋ on both sides: keeps the size at stride 1 if the effective kernel size is odd."""
    return effective_kernel // 2, effective_kernel // 2


PADDING_RULES: Mapping[str, Callable[[int, int, int], PaddingPair]] = {
    "valid": valid,
    "same": same,
    "same_lower": same_lower,
    "full": full,
    "half": half,
}
"""Name → rule: padding from the input size, the effective kernel size and the stride."""


def output_range(padding: str | PaddingPair, input: int, effective_kernel: int, stride: int) -> tuple[int, int]:
    """Return the smallest and largest output size of a transposed convolution.

    These are the sizes that the convolution with the same parameters maps to `input` cells.
    """
    if padding in ("same", "same_lower"):
        return (input - 1) * stride + 1, input * stride
    crop = PADDING_RULES[padding](input, effective_kernel, stride) if isinstance(padding, str) else padding
    smallest = (input - 1) * stride + effective_kernel - sum(crop)
    return smallest, smallest + stride - 1


def default_output(padding: str, input: int, effective_kernel: int, stride: int) -> int | None:
    """Return the output size that TensorFlow and Keras choose for a padding by name; None if padding determines it."""
    if padding in ("same", "same_lower"):
        return input * stride
    return input * stride + max(effective_kernel - stride, 0) if padding == "valid" else None


def transposed_padding(
    padding: str, input: int, effective_kernel: int, stride: int, output: int | None
) -> tuple[PaddingPair, int]:
    """Return padding before and after, and the output padding, of a transposed convolution with padding by name.

    TensorFlow's rule for `same`: max((i − 1)s + d(k−1) + 1 − o, 0) cells are cropped, an odd one at the end (at the
    start for `same_lower`); if o exceeds the uncropped size, the difference is output padding.
    """
    uncropped = (input - 1) * stride + effective_kernel
    if output is None:
        output = default_output(padding, input, effective_kernel, stride)
    if padding in ("same", "same_lower") and output is not None:
        total = max(uncropped - output, 0)
        pair = (total // 2, total - total // 2)
        return pair if padding == "same" else pair[::-1], max(output - uncropped, 0)
    before, after = PADDING_RULES[padding](input, effective_kernel, stride)
    return (before, after), 0 if output is None else output - (uncropped - before - after)


def padding_sum(size: int, padding: PaddingPair) -> str:
    """Format a padded size as a sum: `5 + 2·1`, or `5 + 1 + 2` if the sides differ."""
    before, after = padding
    return f"{size} + 2·{before}" if before == after else f"{size} + {before} + {after}"
