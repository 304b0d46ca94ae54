"""Taps per residue against a count of contributions by brute force."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry.overlap import copies_inside, evenness, taps_per_residue, touched_cells

SMALL = st.integers(1, 9)


@given(SMALL, SMALL, SMALL)
def test_taps_per_residue_are_the_contributions_away_from_the_borders(kernel: int, stride: int, dilation: int) -> None:
    inputs = kernel * dilation + 2
    found = Counter(cell * stride + tap * dilation for cell in range(inputs) for tap in range(kernel))
    first = kernel * dilation
    counts = taps_per_residue(kernel, stride, dilation)
    for place in range(first, first + stride):
        assert found[place] == counts[place % stride]


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "expected"),
    [(4, 2, 1, "even"), (3, 2, 1, "uneven"), (2, 3, 1, "holes"), (3, 2, 2, "holes"), (5, 1, 3, "even")],
)
def test_evenness(kernel: int, stride: int, dilation: int, expected: str) -> None:
    assert evenness(kernel, stride, dilation) == expected


@pytest.mark.parametrize(("kernel", "stride", "dilation"), [*product(range(1, 5), range(1, 5), range(1, 4))])
def test_touched_cells_and_copies_inside_are_counted_without_listing_them(
    kernel: int, stride: int, dilation: int
) -> None:
    for copies, first, size in product((1, 2, 5), (0, 1, 4), (1, 3, 8)):
        places = [{copy * stride + tap * dilation for tap in range(kernel)} for copy in range(copies)]
        window = set(range(first, first + size))
        given = (copies, kernel, stride, dilation, first, size)
        assert touched_cells(*given) == len(set().union(*places) & window)
        assert copies_inside(*given) == sum(bool(cells & window) for cells in places)


def test_a_million_taps_are_not_counted_one_by_one() -> None:
    million = 10**6
    assert touched_cells(million, million, million, 1, 0, 10**12) == 10**12
    assert touched_cells(million, million - 1, million, 1, 0, 10**12) == 10**12 - million
    assert copies_inside(million, million, million, 1, 10**9, 1) == 1
