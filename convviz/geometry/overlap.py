"""The copies of a kernel along one axis: how evenly they overlap, and what they leave out, without listing them.

The copies m < `copies` of a kernel stand s apart, and their taps u < k stand d apart: the place m·s + u·d. For a
transposed convolution copies are stamps and places those of the output before cropping; for a convolution they are
windows, on the padded input. Cells are the `size` places from `first` on.
"""

from __future__ import annotations

from collections.abc import Collection
from math import gcd
from typing import Literal

Evenness = Literal["even", "borders", "uneven", "holes"]
EVENNESS: tuple[Evenness, ...] = ("even", "borders", "uneven", "holes")
"""From best to worst. `borders`: no cell is away from them, so that there is no inside to judge."""


def evenness(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> Evenness:
    """Tell how evenly copies overlap on the cells of this axis, borders apart."""
    given = (copies, kernel, stride, dilation, first, size)
    last = (copies - 1) * stride + dilation * (kernel - 1)
    gaps = min(size, max(last + 1 - first, 0)) - touched_cells(*given)
    return judged(inner_counts(*given), gaps=gaps > 0, single=copies == 1)


def long_evenness(kernel: int, stride: int, dilation: int) -> Evenness:
    """Tell how evenly copies overlap on an axis long enough to have a whole period of the stride inside.

    The taps step through the residues of s in a cycle of s/gcd(d, s): it misses some unless d and s share no divisor.
    """
    if kernel < stride or gcd(dilation, stride) > 1:
        return "holes"
    return "uneven" if kernel % stride else "even"


def judged(inside: Collection[int], gaps: bool, single: bool) -> Evenness:
    """Judge the distinct counts inside; without any, whether there are `gaps`, or a `single` copy, which is even."""
    if inside:
        return "holes" if 0 in inside else "uneven" if len(inside) > 1 else "even"
    return "holes" if gaps else "even" if single else "borders"


def inner_cells(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> range:
    """Return the cells away from both borders: copies before the first or behind the last would not touch them."""
    return range(max(dilation * (kernel - 1) + 1 - stride - first, 0), min(copies * stride - first, size))


def inner_counts(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> set[int]:
    """Return how many contributions the inner cells receive: the taps u with u·d ≡ place (mod s)."""
    cells = inner_cells(copies, kernel, stride, dilation, first, size)
    if not cells:
        return set()
    factor = gcd(stride, dilation)
    cycle = stride // factor
    fewer, rest = divmod(kernel, cycle)
    # Only multiples of the factor have taps: those y·factor whose first tap, y/d modulo the cycle, is below the rest
    # have one more.
    start, end = -(-(first + cells[0]) // factor), -(-(first + cells[-1] + 1) // factor)
    inverse = pow(dilation // factor, -1, cycle)
    more = _count_below(rest, end - start, cycle, inverse, start * inverse % cycle)
    found = {fewer: end - start - more, fewer + 1: more}
    return {count for count, times in found.items() if times} | ({0} if len(cells) > end - start else set())


def touched_cells(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> int:
    """Count the cells that at least one copy touches.

    Copy m + d′ with tap u − s′ is at the place of copy m with tap u, for s′ = s/gcd(s, d) and d′ = d/gcd(s, d). Of
    these the one with the smallest tap is counted: u < s′, or m ≥ copies − d′.
    """
    factor = gcd(stride, dilation)
    cycle, last = stride // factor, max(0, copies - dilation // factor)
    count = pairs_inside(copies, min(kernel, cycle), stride, dilation, first, size)
    if kernel > cycle:
        moved = first - last * stride - cycle * dilation
        count += pairs_inside(copies - last, kernel - cycle, stride, dilation, moved, size)
    return count


def touched_places(copies: int, kernel: int, stride: int, dilation: int) -> bytearray:
    """Return for each place, from the first to the last tap, 1 if a copy touches it, else 0; marks none twice."""
    factor = gcd(stride, dilation)
    cycle, last = stride // factor, max(0, copies - dilation // factor)
    places = bytearray((copies - 1) * stride + dilation * (kernel - 1) + 1)
    _mark(places, (0, copies, stride), (0, min(kernel, cycle), dilation))
    _mark(places, (last * stride, copies - last, stride), (cycle * dilation, max(kernel - cycle, 0), dilation))
    return places


def _mark(places: bytearray, *walks: tuple[int, int, int]) -> None:
    """Mark all sums of a place of one walk (start, count, step) and one of the other."""
    (start, fewer, outer), (first, more, inner) = sorted(walks, key=lambda walk: walk[1])
    for begin in range(start + first, start + first + fewer * outer, outer):
        places[begin : begin + more * inner : inner] = b"\1" * more


def copies_inside(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> int:
    """Count the copies with at least one tap on a cell."""
    if size < dilation and kernel > 1:  # a copy has at most one
        return pairs_inside(copies, kernel, stride, dilation, first, size)
    least = max(0, -((dilation * (kernel - 1) - first) // stride))
    return max(0, min(copies, -(-(first + size) // stride)) - least)


def pairs_inside(copies: int, kernel: int, stride: int, dilation: int, first: int, size: int) -> int:
    """Count the pairs of copy and tap on a cell; several pairs may be on one."""
    given = (copies, kernel, stride, dilation)
    return _pairs_below(first + size, *given) - _pairs_below(first, *given)


def _pairs_below(end: int, copies: int, kernel: int, stride: int, dilation: int) -> int:
    """Count the pairs of copy m and tap u with m·s + u·d < end."""
    whole = min(max(-(-(end - (copies - 1) * stride) // dilation), 0), kernel)  # taps that are below it in all copies
    some = min(max(-(-end // dilation), 0), kernel)
    return copies * whole + _floor_sum(some - whole, stride, dilation, end + stride - 1 - (some - 1) * dilation)


def _count_below(limit: int, count: int, modulus: int, factor: int, start: int) -> int:
    """Count the x from 0 to `count` with (factor·x + start) mod modulus < limit, for a limit below the modulus."""
    reached = _floor_sum(count, modulus, factor, start + modulus)
    return reached - _floor_sum(count, modulus, factor, start + modulus - limit)


def _floor_sum(count: int, divisor: int, factor: int, start: int) -> int:
    """Sum ⌊(factor·x + start)/divisor⌋ for x from 0 to `count`, in steps of Euclid's algorithm; nothing is negative."""
    total = 0
    while count > 0:
        total += factor // divisor * count * (count - 1) // 2 + start // divisor * count
        factor, start = factor % divisor, start % divisor
        count, start = divmod(factor * count + start, divisor)
        divisor, factor = factor, divisor
    return total
