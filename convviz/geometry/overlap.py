"""Taps of the kernel per residue of the stride: how evenly the copies of a kernel overlap, and what they leave out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from math import gcd
from typing import Literal

Evenness = Literal["even", "uneven", "holes"]
EVENNESS: tuple[Evenness, ...] = ("even", "uneven", "holes")
"""From best to worst."""


def taps_per_residue(kernel: int, stride: int, dilation: int) -> Counter[int]:
    """Count, for each residue r of the stride s, the taps u with u·d ≡ r (mod s).

    Away from the borders, output cell o of a transposed convolution receives as many contributions as there are taps
    on the residue (o + p) mod s; an input cell of a convolution is read as often.
    """
    return Counter(tap * dilation % stride for tap in range(kernel))


def evenness(kernel: int, stride: int, dilation: int) -> Evenness:
    """Tell whether all residues have equally many taps (`even`), different numbers, or some none (`holes`).

    The taps step through the residues in a cycle of s/gcd(d, s), which misses some unless d and s share no divisor.
    """
    if kernel < stride or gcd(dilation, stride) > 1:
        return "holes"
    return "uneven" if kernel % stride else "even"


@lru_cache(maxsize=256)
def touched_cells(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> int:
    """Count the n with first ≤ n < first + size that are m·s + u·d for a copy m of the kernel and a tap u.

    For a convolution these are the cells under its windows, for a transposed one the cells under its stamps. The
    cells themselves are not listed, as there may be millions.
    """
    if dilation == 1 or kernel == 1:
        return _cells_of_blocks(copies, kernel, stride, first, first + size)
    starts: defaultdict[int, list[int]] = defaultdict(list)
    for tap in range(kernel):
        starts[tap * dilation % stride].append(tap * dilation // stride)
    count = 0
    for residue, quotients in starts.items():
        least, end = -((residue - first) // stride), -((residue - first - size) // stride)
        count += _union_size((max(start, least), min(start + copies, end)) for start in quotients)
    return count


def _cells_of_blocks(copies: int, kernel: int, stride: int, first: int, end: int) -> int:
    """Count the cells from `first` to `end` in blocks of k cells that begin s apart; they may overlap."""
    length, block = (copies - 1) * stride + kernel, min(kernel, stride)
    last_block = length - (copies - 1) * stride - block

    def below(position: int) -> int:
        inside = min(max(position, 0), length)
        whole, rest = divmod(min(inside, length - last_block), stride)
        return whole * block + min(rest, block) + max(0, inside - (length - last_block))

    return below(end) - below(first)


@lru_cache(maxsize=256)
def copies_inside(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> int:
    """Count the copies m of the kernel with a tap u for which first ≤ m·s + u·d < first + size."""
    if dilation == 1 or kernel == 1:
        least, most = max(0, -((kernel - 1 - first) // stride)), min(copies, -(-(first + size) // stride))
        return max(0, most - least) if size > 0 else 0
    spans = []
    for tap in range(kernel):
        place = tap * dilation - first
        spans.append((max(-(place // stride), 0), min(-((place - size) // stride), copies)))
    return _union_size(sorted(spans))


def _union_size(spans: Iterable[tuple[int, int]]) -> int:
    """Count the whole numbers in a union of half-open spans, which are in ascending order of their starts."""
    count, reached = 0, None
    for start, end in spans:
        begin = start if reached is None else max(start, reached)
        if end > begin:
            count += end - begin
            reached = end
    return count
