"""One axis, backwards: the kernels, strides, paddings and dilations that turn one size into another.

Searched is what people use: kernels up to 11 and those that follow from the stride, strides up to 8 and those that
follow from the sizes, padding of at most half of the kernel's reach, and output padding below the stride.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from convviz.geometry.overlap import EVENNESS, Evenness, evenness
from convviz.geometry.parameters import LARGEST_PARAMETER

KERNEL_SIZES = (3, 4, 2, 5, 7, 1, 6, 8, 9, 11, 10)
"""In the order of their use."""
STRIDES = range(1, 9)
PADDINGS = range(6)
DILATIONS = (1, 2, 3)
INPUT_SEARCH_RANGE = 16
"""How far away an input is looked for where an output cannot be reached."""
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
        """Whether padding is half of what an odd kernel reaches: the window's middle starts on the first cell."""
        return self.kernel % 2 == 1 and 2 * self.padding == self.effective_kernel - 1

    @property
    def shared(self) -> bool:
        """Whether padding is half of what kernel and stride do not share: a size that s divides is divided by s."""
        return self.output_padding == 0 and 2 * self.padding == self.effective_kernel - self.stride

    @property
    def overlap(self) -> Evenness:
        """How the stamps of a transposed convolution overlap away from the borders."""
        return evenness(self.kernel, self.stride, self.dilation)


def solve_axis(pins: Pins, transposed: bool) -> list[AxisParameters]:
    """All ways from the input to the output of `pins`, the most usual first."""
    return sorted(dict.fromkeys(_tried(pins, pins["output"], transposed)), key=sort_key(transposed))


def nearest_sizes(pins: Pins, transposed: bool) -> tuple[list[int], list[int]]:
    """The next outputs below and above that can be reached, and the next inputs from which the output can be."""
    input, output = pins["input"], pins["output"]
    sizes = {_size(way, input, transposed) for way in _tried(pins, None, transposed)}
    below = max((size for size in sizes if size < output), default=None)
    above = min((size for size in sizes if size > output), default=None)
    others = sorted(
        range(max(1, input - INPUT_SEARCH_RANGE), input + INPUT_SEARCH_RANGE + 1), key=lambda size: abs(size - input)
    )
    inputs = [size for size in others if solve_axis({**pins, "input": size}, transposed)][:2]
    return [size for size in (below, above) if size is not None], sorted(inputs)


def _candidates(pins: Pins, dilations: Sequence[int]) -> Iterator[AxisParameters]:
    """Kernel, stride, padding and dilation worth trying; no output padding yet."""
    most, least = max(pins["input"], pins["output"]), min(pins["input"], pins["output"])
    fitting = {most // least, -(-most // least)}
    strides = sorted({*STRIDES, *fitting} if least > 1 else {1, 2})  # a single window, or stamp, takes no step
    for stride in _pinned(pins, "stride", strides):
        kernels = {*KERNEL_SIZES, stride, 2 * stride, 2 * stride - stride % 2, most if least == 1 else 1}
        several = _pinned(pins, "kernel", sorted(size for size in kernels if size <= LARGEST_PARAMETER))
        for kernel, dilation in product(several, _pinned(pins, "dilation", dilations)):
            if kernel > 1 or dilation == 1 or "dilation" in pins:
                yield from _padded(AxisParameters(kernel, stride, 0, dilation), pins)


def _padded(way: AxisParameters, pins: Pins) -> Iterator[AxisParameters]:
    """The same with every padding worth trying: small ones, and those around the middle."""
    middle = {
        way.effective_kernel // 2,
        (way.effective_kernel - 1) // 2,
        (way.effective_kernel - way.stride) // 2,
        (way.effective_kernel - way.stride + 1) // 2,
    }
    pads = [pad for pad in sorted({*PADDINGS, *middle}) if 0 <= pad <= way.effective_kernel // 2]
    yield from (replace(way, padding=pad) for pad in _pinned(pins, "padding", pads))


def _pinned(pins: Pins, name: str, otherwise: Sequence[int]) -> Sequence[int]:
    return [pins[name]] if name in pins else otherwise


def _tried(pins: Pins, output: int | None, transposed: bool) -> Iterator[AxisParameters]:
    """Ways that a layer can have, of those worth trying, from the input of `pins` to `output`, or to any."""
    for way in _candidates(pins, (1,) if transposed else DILATIONS):
        if not transposed:
            if pins["input"] + 2 * way.padding >= way.effective_kernel and output in (
                None,
                _size(way, pins["input"], False),
            ):
                yield way
            continue
        least = _size(way, pins["input"], True)
        given = "output_padding" in pins
        limit = max(way.stride, way.dilation) if given else way.stride
        extras = [pins["output_padding"]] if given else _extras(limit, least, pins["output"], output)
        for extra in extras:
            if 0 <= extra < limit and least + extra >= 1 and output in (None, least + extra):
                yield replace(way, output_padding=extra)


def _extras(limit: int, least: int, wanted: int, output: int | None) -> Iterable[int]:
    """Output paddings worth trying: the one that gives `output`, or, for any size, the closest on both sides."""
    if output is not None:
        return [output - least]
    return {min(max(0, size - least), limit - 1) for size in (wanted - 1, wanted + 1)}


def _size(way: AxisParameters, input: int, transposed: bool) -> int:
    if transposed:
        return (input - 1) * way.stride + way.effective_kernel - 2 * way.padding + way.output_padding
    return (input + 2 * way.padding - way.effective_kernel) // way.stride + 1


def sort_key(transposed: bool) -> Callable[[AxisParameters], Rank]:
    """What ways are sorted by: the most usual have the lowest rank."""
    return _transposed_rank if transposed else _forward_rank


def _forward_rank(way: AxisParameters) -> Rank:
    """Usual ones first: an odd kernel in the middle, or one that shares what the stride leaves."""
    kinds = {
        5: way.effective_kernel < way.stride,
        3: way.dilation > 1 and way.centred,
        4: way.dilation > 1,
        2: way.kernel == 1,
        0: way.centred or way.shared,
        1: way.padding == 0,
    }
    kind = next((kind for kind, holds in kinds.items() if holds), 4)
    return kind, way.dilation, _use(way.kernel), way.stride, way.padding


def _transposed_rank(way: AxisParameters) -> Rank:
    """Those free of checkerboard first, then those that crop both ends alike."""
    overlap = EVENNESS.index(way.overlap)
    kind = 0 if way.shared else 1 if way.centred else 2
    return overlap, kind, way.dilation, _use(way.kernel), way.stride, way.padding, way.output_padding


def _use(kernel: int) -> int:
    return KERNEL_SIZES.index(kernel) if kernel in KERNEL_SIZES else len(KERNEL_SIZES) + kernel


def reason(way: AxisParameters, input: int, transposed: bool) -> str:
    """Why one takes this way, in a few words, and how many cells a convolution leaves over."""
    return _stamps(way, input) if transposed else _why(way, input)


def _why(way: AxisParameters, input: int) -> str:
    rest = (input + 2 * way.padding - way.effective_kernel) % way.stride
    middle = "less padding than centred" if 2 * way.padding < way.effective_kernel - 1 else "more padding than centred"
    said = {
        "skips cells": way.effective_kernel < way.stride,
        f"dilated, reaches over {way.effective_kernel}": way.dilation > 1,
        "each cell alone": way.kernel == way.stride == 1 and way.padding == 0,
        "the whole input": way.effective_kernel == input and way.padding == 0,
        "patches side by side": way.kernel == way.stride and way.padding == 0,
        "keeps the size": way.centred and way.stride == 1,
        "centred": way.centred,
        "fits exactly": way.shared and not rest,
        "no padding": way.padding == 0,
    }
    return next((words for words, holds in said.items() if holds), middle) + (f", {rest} left over" if rest else "")


def _stamps(way: AxisParameters, input: int) -> str:
    words = {"even": "no checkerboard", "uneven": "uneven overlap", "holes": "leaves holes"}[way.overlap]
    if way.kernel == way.stride and way.dilation == 1:
        words += ", stamps side by side"
    if input == 1:
        words = "a single stamp"
    return f"{words}, longer at the end by a = {way.output_padding}" if way.output_padding else words
