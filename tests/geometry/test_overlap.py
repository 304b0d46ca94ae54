"""Overlap of the copies of a kernel against a count of contributions by brute force."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry.overlap import (
    copies_inside,
    evenness,
    inner_cells,
    inner_counts,
    long_evenness,
    touched_cells,
    touched_places,
)

SMALL = st.integers(1, 9)


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "expected"),
    [(4, 2, 1, "even"), (3, 2, 1, "uneven"), (2, 3, 1, "holes"), (3, 2, 2, "holes"), (5, 1, 3, "even")],
)
def test_evenness_of_a_long_axis(kernel: int, stride: int, dilation: int, expected: str) -> None:
    assert long_evenness(kernel, stride, dilation) == expected
    assert evenness(40, kernel, stride, dilation, 0, 39 * stride + dilation * (kernel - 1) + 1) == expected


@pytest.mark.parametrize(
    ("copies", "kernel", "stride", "first", "size", "expected"),
    [
        (2, 11, 2, 5, 3, "borders"),  # 2 2 2
        (2, 5, 2, 1, 5, "even"),  # 1 2 2 2 1
        (2, 3, 2, 0, 5, "uneven"),  # 1 1 2 1 1
        (1, 3, 2, 0, 3, "even"),  # 1 1 1
        (1, 4, 2, 0, 5, "even"),  # 1 1 1 1, and one cell behind them
        (2, 2, 3, 0, 5, "holes"),  # 1 1 0 1 1
        (2, 2, 4, 0, 2, "even"),  # 1 1
    ],
)
def test_evenness_of_a_short_axis(copies: int, kernel: int, stride: int, first: int, size: int, expected: str) -> None:
    assert evenness(copies, kernel, stride, 1, first, size) == expected


@given(SMALL, SMALL, SMALL, SMALL, st.integers(0, 12), st.integers(1, 20))
def test_counts_inside_are_those_that_more_copies_would_not_change(
    copies: int, kernel: int, stride: int, dilation: int, first: int, size: int
) -> None:
    reach = dilation * (kernel - 1) + 1
    found = Counter(copy * stride + tap * dilation for copy in range(copies) for tap in range(kernel))
    beyond = {place for start in range(-stride * reach, 0, stride) for place in range(start, start + reach)}
    inside = [place for place in range(first, first + size) if place not in beyond and place < copies * stride]
    given = (copies, kernel, stride, dilation, first, size)
    assert list(inner_cells(*given)) == [place - first for place in inside]
    assert inner_counts(*given) == {found[place] for place in inside}


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
        touched = touched_places(*given[:4])
        assert {place for place, is_touched in enumerate(touched) if is_touched} == set().union(*places)


def test_a_million_taps_are_not_counted_one_by_one() -> None:
    million = 10**6
    assert touched_cells(million, million, million, 1, 0, 10**12) == 10**12
    assert touched_cells(million, million - 1, million, 1, 0, 10**12) == 10**12 - million
    assert copies_inside(million, million, million, 1, 10**9, 1) == 1
    assert touched_cells(3, million, 1, 3, 0, 3 * million) == 3 * million
    assert touched_cells(million, million, million - 1, million - 2, 0, 3) == 1
    assert inner_counts(million, million, million - 1, 2, million, 10**12) == {1, 2}
