"""Taps per residue against a count of contributions by brute force."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry.overlap import evenness, taps_per_residue

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
