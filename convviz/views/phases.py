"""The phases of an upsampling by f: which weights of a kernel meet the same input cell, and the kernel grown from it.

Along one axis each input cell is copied f times, c[j] = x[⌊j/f⌋], and a kernel of k weights slides over the copies with
p = ⌊(k − 1)/2⌋ zeros before them: y[o] = Σ w[u]·c[o + u − p]. For o = f·n + a the tap u meets x[n + m] with
m = ⌊(a + u − p)/f⌋, so that each phase a is a convolution of x with the sums v_a[m] = Σ w[u] over the taps of that m.
The same y is a transposed convolution with stride f and W[a + P − f·m] = v_a[m], a kernel of k + f − 1 weights, which
is w, flipped and convolved with f ones, cropped by P = k − 1 − p (Shi et al., 2016, "Is the deconvolution layer the
same as a convolutional layer?"; Odena et al., 2016, "Deconvolution and checkerboard artifacts").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from convviz.layers import kernels
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.views.cell_grids import Index

TOLERANCE = 1e-9
"""Difference of two sums that is taken for a rounding error, as a share of the largest value."""


@dataclass(frozen=True)
class PhaseAxis:
    """One axis: i input cells, each copied f times, under a kernel of k weights."""

    input: int
    kernel: int
    factor: int

    @property
    def padding(self) -> tuple[int, int]:
        """Zeros before and after the copies, so that f·i outputs come out."""
        return (self.kernel - 1) // 2, self.kernel // 2

    @property
    def crop(self) -> tuple[int, int]:
        """Padding of the transposed convolution: k − 1 − p."""
        return self.padding[1], self.padding[0]

    @property
    def padded(self) -> int:
        """Copies with their padding: f·i + k − 1."""
        return self.input * self.factor + self.kernel - 1

    @property
    def grown(self) -> int:
        """Weights of the grown kernel: k + f − 1."""
        return self.kernel + self.factor - 1

    @cached_property
    def groups(self) -> list[dict[int, list[int]]]:
        """For each phase, the taps that meet the same input cell, by the distance of it from that of the output."""
        found: list[dict[int, list[int]]] = [{} for _ in range(self.factor)]
        for phase, tap in product(range(self.factor), range(self.kernel)):
            found[phase].setdefault((phase + tap - self.padding[0]) // self.factor, []).append(tap)
        return found

    @cached_property
    def places(self) -> list[list[int]]:
        """For each phase, the index of each sum in the grown kernel."""
        start = self.crop[0]
        return [[phase + start - self.factor * m for m in found] for phase, found in enumerate(self.groups)]

    def reads(self, output: int) -> dict[int, int]:
        """Return the input cells that an output cell depends on, each with the number of its sum in the phase."""
        cell, phase = divmod(output, self.factor)
        pairs = ((cell + distance, number) for number, distance in enumerate(self.groups[phase]))
        return {source: number for source, number in pairs if 0 <= source < self.input}


class Phases:
    """The sums of all phases, the grown kernel, and the output in three ways."""

    def __init__(self, shape: Index, w: Any, factor: int) -> None:
        self.axes = [PhaseAxis(size, kernel, factor) for size, kernel in zip(shape, w.shape, strict=True)]
        self.factor, self.w = factor, w

    @cached_property
    def all(self) -> list[Index]:
        """All phases, in reading order."""
        return list(product(range(self.factor), repeat=len(self.axes)))

    @cached_property
    def sums(self) -> dict[Index, dict[Index, Any]]:
        """Phase → number of each of its weights on each axis → its value."""
        return {phase: dict(self._sums(phase)) for phase in self.all}

    def _sums(self, phase: Index) -> Iterator[tuple[Index, Any]]:
        groups = [list(axis.groups[a].values()) for axis, a in zip(self.axes, phase, strict=True)]
        for numbers in product(*(range(len(group)) for group in groups)):
            taps = product(*(group[number] for group, number in zip(groups, numbers, strict=True)))
            total = sum(self.w[tap].item() for tap in taps)
            yield numbers, total if abs(total) > TOLERANCE * self._largest_weight else 0

    @cached_property
    def _largest_weight(self) -> float:
        return float(abs(self.w).max())

    @cached_property
    def grown(self) -> dict[Index, Any]:
        """The weights of the grown kernel, by index."""
        return {self.place(phase, number): v for phase, sums in self.sums.items() for number, v in sums.items()}

    def place(self, phase: Index, numbers: Index) -> Index:
        """Return where a weight of a phase is in the grown kernel."""
        trios = zip(self.axes, phase, numbers, strict=True)
        return tuple(axis.places[a][number] for axis, a, number in trios)

    @property
    def is_bilinear(self) -> bool:
        """Whether the grown kernel is that of bilinear interpolation, as a gaussian 3×3 kernel gives it for f = 2."""
        size = kernels.kernel_parameters("bilinear", self.factor)["kernel"]
        if set(self.grown_shape) != {size}:
            return False
        profile = kernels.named_kernel("bilinear", (size,))
        return all(abs(value - prod(profile[at] for at in index)) <= TOLERANCE for index, value in self.grown.items())

    @property
    def grown_shape(self) -> Index:
        """Shape of the grown kernel."""
        return tuple(axis.grown for axis in self.axes)

    def terms(self, x: Any, output: Index) -> list[tuple[Any, Any]]:
        """Return the input cells and weights that a phase multiplies for an output cell, without zero products."""
        sums = self.sums[tuple(place % self.factor for place in output)]
        reads = [axis.reads(place) for axis, place in zip(self.axes, output, strict=True)]
        found = (
            (x[tuple(source for source, _ in pairs)].item(), sums[tuple(number for _, number in pairs)])
            for pairs in product(*(read.items() for read in reads))
        )
        return [pair for pair in found if pair[0] and pair[1]]

    def copied(self, x: Any) -> Any:
        """Return the input with each cell copied f times along each axis."""
        for axis in range(x.ndim):
            x = x.repeat(self.factor, axis=axis)
        return x

    def convolved(self, x: Any) -> Any:
        """Return the convolution of the copies."""
        copies = self.copied(x)
        return Conv(copies.shape, self.w.shape, padding=[axis.padding for axis in self.axes])(copies, self.w)

    def stamped(self, x: Any) -> Any:
        """Return the transposed convolution with the grown kernel."""
        kernel = _nested(self.grown, self.grown_shape)
        padding = [axis.crop for axis in self.axes]
        return ConvTranspose(x.shape, self.grown_shape, self.factor, padding)(x, kernel)

    def agreeing(self, x: Any) -> int:
        """Count the output cells that are equal in all three ways, but for rounding errors of sums."""
        one, other = self.convolved(x), self.stamped(x)
        scale = TOLERANCE * float(abs(one).max()) if one.dtype.kind == "f" or other.dtype.kind == "f" else 0
        phased = {output: sum(a * b for a, b in self.terms(x, output)) for output in product(*map(range, one.shape))}
        return sum(
            abs(one[output] - other[output]) <= scale and abs(one[output] - value) <= scale
            for output, value in phased.items()
        )

    def counts(self) -> tuple[int, int]:
        """Return the number of weights of the grown kernel, and of the kernel."""
        return prod(self.grown_shape), prod(self.w.shape)


def _nested(values: dict[Index, Any], shape: Sequence[int]) -> list[Any]:
    if len(shape) == 1:
        return [values[(col,)] for col in range(shape[0])]
    return [[values[row, col] for col in range(shape[1])] for row in range(shape[0])]
