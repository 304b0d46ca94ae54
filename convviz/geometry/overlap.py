"""Taps of the kernel per residue of the stride: how evenly the copies of a kernel overlap."""

from __future__ import annotations

from collections import Counter
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
