"""Find the kernels, strides, paddings and dilations that turn one size into another, along one axis.

The search covers common values: kernels up to 11 and those that follow from the stride, strides up to 8 and those that
follow from the sizes, padding of at most half the effective kernel size, and output padding below the stride.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from convviz.geometry.overlap import EVENNESS, Evenness, evenness
from convviz.geometry.parameters import LARGEST_PARAMETER

KERNEL_SIZES = (3, 4, 2, 5, 7, 1, 6, 8, 9, 11, 10)
"""In the order of their use."""
STRIDES = range(1, 9)
PADDINGS = range(6)
DILATIONS = (1, 2, 3)
INPUT_SEARCH_RANGE = 16
"""Largest distance of an input that is tried if an output cannot be reached."""
OVERLAPS: Mapping[Evenness, str] = {
    "even": "no checkerboard",
    "borders": "no cell away from the borders",
    "uneven": "uneven overlap",
    "holes": "leaves holes",
}
Pins = Mapping[str, int]
"""Input, output, and the parameters that are given."""
Rank = tuple[int, ...]


@dataclass(frozen=True)
class AxisParameters:
    """The parameters of one axis."""

    kernel: int
    stride: int
    padding: int
    dilation: int = 1
    output_padding: int = 0

    @property
    def effective_kernel(self) -> int:
        """d(k−1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def centred(self) -> bool:
        """Whether padding is half of what an odd kernel reaches: the centre of the window starts on the first cell."""
        return self.kernel % 2 == 1 and 2 * self.padding == self.effective_kernel - 1

    @property
    def shared(self) -> bool:
        """Whether padding is half of what kernel and stride do not share: a size that s divides is divided by s."""
        return self.output_padding == 0 and 2 * self.padding == self.effective_kernel - self.stride

    def overlap(self, input: int) -> Evenness:
        """Overlap of the stamps of a transposed convolution of `input` cells."""
        size = _size(self, input, transposed=True)
        return evenness(input, self.kernel, self.stride, self.dilation, self.padding, size)


def solve_axis(pins: Pins, transposed: bool) -> list[AxisParameters]:
    """List the parameters that turn the input of `pins` into its output, most common first."""
    return sorted(dict.fromkeys(_possible(pins, pins["output"], transposed)), key=sort_key(pins["input"], transposed))


def nearest_sizes(pins: Pins, transposed: bool) -> tuple[list[int], list[int]]:
    """Return the nearest outputs below and above that can be reached, and the nearest inputs that reach the output."""
    input, output = pins["input"], pins["output"]
    sizes = {_size(candidate, input, transposed) for candidate in _possible(pins, None, transposed)}
    below = max((size for size in sizes if size < output), default=None)
    above = min((size for size in sizes if size > output), default=None)
    others = sorted(
        range(max(1, input - INPUT_SEARCH_RANGE), input + INPUT_SEARCH_RANGE + 1), key=lambda size: abs(size - input)
    )
    inputs = [size for size in others if solve_axis({**pins, "input": size}, transposed)][:2]
    return [size for size in (below, above) if size is not None], sorted(inputs)


def _candidates(pins: Pins, dilations: Sequence[int]) -> Iterator[AxisParameters]:
    """Yield kernel, stride, padding and dilation worth trying, still without output padding."""
    most, least = max(pins["input"], pins["output"]), min(pins["input"], pins["output"])
    fitting = {most // least, -(-most // least)}
    strides = sorted({*STRIDES, *fitting} if least > 1 else {1, 2})  # a single window, or stamp, takes no step
    for stride in _pinned(pins, "stride", strides):
        kernels = {*KERNEL_SIZES, stride, 2 * stride, 2 * stride - stride % 2, most if least == 1 else 1}
        several = _pinned(pins, "kernel", sorted(size for size in kernels if size <= LARGEST_PARAMETER))
        for kernel, dilation in product(several, _pinned(pins, "dilation", dilations)):
            if kernel > 1 or dilation == 1 or "dilation" in pins:
                yield from _padded(AxisParameters(kernel, stride, 0, dilation), pins)


def _padded(candidate: AxisParameters, pins: Pins) -> Iterator[AxisParameters]:
    """Yield the same with each padding worth trying: small ones, and those around the middle."""
    middle = {
        candidate.effective_kernel // 2,
        (candidate.effective_kernel - 1) // 2,
        (candidate.effective_kernel - candidate.stride) // 2,
        (candidate.effective_kernel - candidate.stride + 1) // 2,
    }
    pads = [pad for pad in sorted({*PADDINGS, *middle}) if 0 <= pad <= candidate.effective_kernel // 2]
    yield from (replace(candidate, padding=pad) for pad in _pinned(pins, "padding", pads))


def _pinned(pins: Pins, name: str, otherwise: Sequence[int]) -> Sequence[int]:
    return [pins[name]] if name in pins else otherwise


def _possible(pins: Pins, output: int | None, transposed: bool) -> Iterator[AxisParameters]:
    """Yield the parameters worth trying that a layer can have, from the input of `pins` to `output`, or to any."""
    for candidate in _candidates(pins, (1,) if transposed else DILATIONS):
        if not transposed:
            if pins["input"] + 2 * candidate.padding >= candidate.effective_kernel and output in (
                None,
                _size(candidate, pins["input"], False),
            ):
                yield candidate
            continue
        least = _size(candidate, pins["input"], True)
        given = "output_padding" in pins
        limit = max(candidate.stride, candidate.dilation) if given else candidate.stride
        extras = [pins["output_padding"]] if given else _extras(limit, least, pins["output"], output)
        for extra in extras:
            if 0 <= extra < limit and least + extra >= 1 and output in (None, least + extra):
                yield replace(candidate, output_padding=extra)


def _extras(limit: int, least: int, wanted: int, output: int | None) -> Iterable[int]:
    """Output paddings worth trying: the one that gives `output`, or, for any size, the closest on both sides."""
    if output is not None:
        return [output - least]
    return {min(max(0, size - least), limit - 1) for size in (wanted - 1, wanted + 1)}


def _size(candidate: AxisParameters, input: int, transposed: bool) -> int:
    if transposed:
        return (
            (input - 1) * candidate.stride
            + candidate.effective_kernel
            - 2 * candidate.padding
            + candidate.output_padding
        )
    return (input + 2 * candidate.padding - candidate.effective_kernel) // candidate.stride + 1


def sort_key(input: int, transposed: bool) -> Callable[[AxisParameters], Rank]:
    """Return the key for sorting: the most common parameters have the lowest rank."""
    return partial(_transposed_rank, input=input) if transposed else _forward_rank


def _forward_rank(candidate: AxisParameters) -> Rank:
    """Rank common parameters first: a centred odd kernel, or padding that shares the rest of kernel and stride."""
    kinds = {
        5: candidate.effective_kernel < candidate.stride,
        3: candidate.dilation > 1 and candidate.centred,
        4: candidate.dilation > 1,
        2: candidate.kernel == 1,
        0: candidate.centred or candidate.shared,
        1: candidate.padding == 0,
    }
    kind = next((kind for kind, holds in kinds.items() if holds), 4)
    return kind, candidate.dilation, _use(candidate.kernel), candidate.stride, candidate.padding


def _transposed_rank(candidate: AxisParameters, input: int) -> Rank:
    """Rank parameters without checkerboard first, then those that reach all cells, and crop both ends equally."""
    overlap = EVENNESS.index(candidate.overlap(input))
    kind = 0 if candidate.shared else 1 if candidate.centred else 2
    return (
        overlap,
        _behind_stamps(candidate) > 0,
        kind,
        candidate.dilation,
        _use(candidate.kernel),
        candidate.stride,
        candidate.padding,
        candidate.output_padding,
    )


def _use(kernel: int) -> int:
    return KERNEL_SIZES.index(kernel) if kernel in KERNEL_SIZES else len(KERNEL_SIZES) + kernel


def reason(candidate: AxisParameters, input: int, transposed: bool) -> str:
    """Return why to choose these parameters, in a few words, and the remainder of a convolution."""
    return _stamps(candidate, input) if transposed else _why(candidate, input)


def _why(candidate: AxisParameters, input: int) -> str:
    rest = (input + 2 * candidate.padding - candidate.effective_kernel) % candidate.stride
    middle = (
        "less padding than centred"
        if 2 * candidate.padding < candidate.effective_kernel - 1
        else "more padding than centred"
    )
    said = {
        "skips cells": candidate.effective_kernel < candidate.stride,
        f"dilated, reaches over {candidate.effective_kernel}": candidate.dilation > 1,
        "each cell alone": candidate.kernel == candidate.stride == 1 and candidate.padding == 0,
        "the whole input": candidate.effective_kernel == input and candidate.padding == 0,
        "patches side by side": candidate.kernel == candidate.stride and candidate.padding == 0,
        "keeps the size": candidate.centred and candidate.stride == 1,
        "centred": candidate.centred,
        "fits exactly": candidate.shared and not rest,
        "no padding": candidate.padding == 0,
    }
    return next((words for words, holds in said.items() if holds), middle) + (f", {rest} left over" if rest else "")


def _stamps(candidate: AxisParameters, input: int) -> str:
    words = OVERLAPS[candidate.overlap(input)]
    if candidate.kernel == candidate.stride and candidate.dilation == 1:
        words += ", stamps side by side"
    if input == 1:
        words = "a single stamp"
    behind = _behind_stamps(candidate)
    words += f", longer at the end by a = {candidate.output_padding}" if candidate.output_padding else ""
    return f"{words}, {behind} behind the last stamp" if behind else words


def _behind_stamps(candidate: AxisParameters) -> int:
    """Count the output cells that output padding adds behind the last stamp: a − p, as padding crops the end first."""
    return max(candidate.output_padding - candidate.padding, 0)
