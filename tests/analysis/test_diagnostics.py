"""What to look out for: every sentence against brute force, what it advises against what it warns of."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from math import gcd
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.analysis.diagnostics import diagnostics
from convviz.errors.printable import count_of
from convviz.geometry.parameters import LARGEST_PARAMETER
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from tests import oracles
from tests.profile import max_examples

Axis = tuple[Any, ...]
"""i, k, s, (p, p′), d, and a for a transposed one."""


@st.composite
def forward(draw: Any) -> Axis:
    i, k, s, d = draw(st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(1, 5), st.integers(1, 3)))
    axis = (i, k, s, draw(st.tuples(st.integers(0, 3), st.integers(0, 3))), d)
    assume(oracles.is_legal(axis))
    return axis


@st.composite
def backward(draw: Any) -> Axis:
    i, k, s, d = draw(st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 5), st.integers(1, 3)))
    axis = (i, k, s, draw(st.tuples(st.integers(0, 4), st.integers(0, 4))), d, draw(st.integers(0, max(s, d) - 1)))
    assume(oracles.is_legal(axis))
    return axis


def layer_of(axis: Axis) -> Layer:
    kind = Conv if len(axis) == 5 else ConvTranspose
    return kind(**{name: (value,) for name, value in zip(oracles.AXIS, axis, strict=False)})


def said(layer: Layer, topic: str, needle: str = "") -> str:
    """The only note of that topic, or nothing."""
    found = [line for line in diagnostics(layer) if line.startswith(f"{topic}: ") and needle in line]
    assert len(found) <= 1
    return found[0] if found else ""


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def sizes_to(outputs: int, k: int, s: int, p: oracles.Pair, d: int) -> list[int]:
    """Every input of a convolution that gives so many outputs."""
    return [i for i in range(1, outputs * s + d * k + 2) if len(oracles.windows(i, k, s, p, d)) == outputs]


# Sizes that collapse


def check_choices(text: str, sizes: list[int], back: Callable[[int], ConvTranspose]) -> None:
    """`a = 0 gives 5, a = 1 gives 6`: each output padding brings its size back, and no size is left out."""
    choices = re.findall(r"a = (\d+) gives (\d+)", text)
    assert [int(size) for _, size in choices] == sizes
    for a, size in choices:
        assert back(int(a)).output == (int(size),)


@max_examples(400)
@given(forward())
@example((1, 1, 3, (1, 1), 1))
def test_inputs_of_the_same_output_are_all_named_and_all_come_back(axis: Axis) -> None:
    _, k, s, p, d = axis
    output = len(oracles.windows(*axis))
    sizes = sizes_to(output, k, s, p, d)
    text = said(layer_of(axis), "ambiguous size")
    assert bool(text) is (len(sizes) > 1)
    if text:
        match = re.match(
            r"ambiguous size: inputs of ([\d, or]+) cells all give (\d+); transposed back with the same", text
        )
        assert match
        assert (numbers(match[1]), int(match[2])) == (sizes, output)
        check_choices(text, sizes, lambda a: ConvTranspose((output,), k, s, (p,), d, a))


@max_examples(400)
@given(backward())
@example((1, 1, 3, (1, 1), 1, 2))
def test_sizes_that_the_convolution_maps_to_the_input_are_all_named_and_all_come_back(axis: Axis) -> None:
    i, k, s, p, d, _ = axis
    sizes = sizes_to(i, k, s, p, d)
    text = said(layer_of(axis), "ambiguous size")
    assert bool(text) is (len(sizes) > 1)
    if text:
        match = re.match(
            r"ambiguous size: the convolution with the same k, s, p maps ([\d, or]+) cells to (\d+); ", text
        )
        assert match
        assert (numbers(match[1]), int(match[2])) == (sizes, i)
        check_choices(text, sizes, lambda a: ConvTranspose((i,), k, s, (p,), d, a))


@pytest.mark.parametrize("mode", ["reflect", "circular", "replicate"])
def test_the_sizes_named_are_those_that_the_padding_mode_allows(mode: str) -> None:
    for i in range(1, 7):
        for p in range(5):
            try:
                layer = Conv((i,), 1, 2, p, padding_mode=mode)
            except GeometryError:
                continue
            text = said(layer, "ambiguous size")
            named = numbers(text.split(" cells ")[0]) if text else []
            assert all(Conv((size,), 1, 2, p, padding_mode=mode).output == layer.output for size in named), text


# Cells that are never read


def names_of_inputs(unread: int, i: int) -> str:
    return f"never read: {unread} of {count_of(i, 'input cell')}" if unread else "never read: padding alone"


@max_examples(400)
@given(forward())
@example((6, 1, 2, (0, 0), 1))
@example((10, 2, 4, (0, 0), 2))
@example((9, 2, 5, (0, 1), 4))
def test_cells_that_are_never_read_are_counted_and_the_named_inputs_leave_none_behind(axis: Axis) -> None:
    i, k, s, p, d = axis
    line, read = oracles.conv_line(*axis), {cell for window in oracles.windows(*axis) for cell in window}
    unread = sum(kind == "input" and place not in read for place, (kind, *_) in enumerate(line))
    behind = line[max(read) + 1 :]
    text = said(layer_of(axis), "never read")
    assert bool(text) is bool(unread or behind)
    if text:
        assert text.split(";")[0] == names_of_inputs(unread, i)
        assert ("the floor drops" in text) is bool(behind)
    if behind:
        dropped = "cell" if len(behind) == 1 else f"{len(behind)} cells"
        found = re.search(rf"the floor drops the last {dropped} of the padded input, i = ([\d or]+) leaves", text)
        assert found, text
        for size in numbers(found[1]):
            assert oracles.windows(size, k, s, p, d)[-1][-1] + 1 == len(oracles.conv_line(size, k, s, p, d))


@max_examples(400)
@given(forward())
@example((10, 2, 4, (0, 0), 2))
@example((9, 2, 3, (0, 0), 1))
def test_cells_between_two_windows_are_counted_and_the_named_stride_skips_none(axis: Axis) -> None:
    i, k, s, p, d = axis
    windows = oracles.windows(*axis)
    skipped = max(windows[1][0] - windows[0][-1] - 1, 0) if len(windows) > 1 else 0
    text = said(layer_of(axis), "never read", "each step skips")
    assert bool(text) is bool(skipped)
    if text:
        assert f"each step skips {skipped} cell{'s' * (skipped > 1)} (" in text
        symbols = {"s − k": s - k, "s − d(k−1) − 1": s - d * (k - 1) - 1}
        [(left, right)] = re.findall(r"\((s .+?) = (\d+)\)", text)
        assert symbols[left] == int(right)
        advised = int(re.findall(r"use s ≤ (\d+)", text)[0])
        closer = oracles.windows(i, k, advised, p, d)
        assert all(two[0] - one[-1] <= 1 for one, two in pairwise(closer)), text


@max_examples(400)
@given(forward())
@example((7, 3, 2, (1, 1), 2))
def test_stride_and_dilation_with_a_common_factor_are_named(axis: Axis) -> None:
    _, k, s, _p, d = axis
    windows = oracles.windows(*axis)
    shared = max(n for n in range(1, 9) if s % n == d % n == 0) if len(windows) > 1 and k > 1 else 1
    text = said(layer_of(axis), "never read", "share the factor")
    assert bool(text) is (shared > 1 and bool(said(layer_of(axis), "never read")))
    if text:
        assert f"share the factor {shared}, so that windows read at most one of every {shared} cells" in text
        assert {place % shared for window in windows for place in window} == {0}


# Holes and checkerboards


def counts(axis: Axis) -> list[int]:
    """How many contributions each output cell receives, away from the border of the input.

    Cell n of the full scatter is inside where no stamp is missing that an infinite input would have.
    """
    i, k, s, p, d, _a = axis
    found = [len(pairs) for pairs in oracles.scattered(*axis)]
    return found[max(d * (k - 1) + 1 - s - p[0], 0) : max(i * s - p[0], 0)]


def long(axis: Axis) -> Axis:
    """The same parameters with an input so long that whole periods lie inside."""
    return (40, *axis[1:])


def check_overlap(axis: Axis, inside: list[int]) -> None:
    layer = layer_of(axis)
    found = [len(pairs) for pairs in oracles.scattered(*axis)]
    holes, uneven = said(layer, "holes"), said(layer, "checkerboard")
    assert bool(holes) is (0 in found)
    assert bool(uneven) is (0 not in found and len(set(inside)) > 1)
    if holes:
        gets = "gets" if found.count(0) == 1 else "get"
        cells = count_of(len(found), "output cell")
        assert f"holes: {found.count(0)} of {cells} {gets} no contribution, only the bias" in holes
    if uneven:
        assert f"inside, output cells receive {min(inside)} or {max(inside)} contributions" in uneven
        assert f"as k mod s = {axis[1] % axis[2]};" in uneven


@max_examples(400)
@given(backward())
def test_holes_and_uneven_counts_are_said_where_they_are(axis: Axis) -> None:
    axis = long(axis)
    check_overlap(axis, counts(axis))


@max_examples(400)
@given(backward())
@example((1, 3, 2, (0, 0), 1, 0))
@example((1, 2, 3, (0, 0), 1, 0))
@example((1, 2, 3, (0, 0), 1, 1))
@example((8, 5, 4, (3, 1), 1, 3))
def test_a_map_too_short_to_show_it_is_not_accused(axis: Axis) -> None:
    """The inside of a short map may be empty, or even by accident."""
    check_overlap(axis, counts(axis))


@max_examples(400)
@given(backward())
@example((8, 5, 4, (3, 1), 1, 3))
def test_cells_behind_the_last_stamp_are_put_down_to_output_padding(axis: Axis) -> None:
    full = oracles.scattered(*axis[:3], 0, axis[4], 0)
    behind = min(max(axis[3][0] + len(oracles.scattered(*axis)) - len(full), 0), len(oracles.scattered(*axis)))
    text = said(layer_of(axis), "holes", "behind the last stamp")
    assert bool(text) is bool(behind)
    if behind:
        assert f"output padding adds the last {'cell' if behind == 1 else f'{behind} cells'} behind" in text


@max_examples(400)
@given(backward())
@example((3, 2, 4, (0, 0), 2, 0))
def test_what_is_advised_against_holes_closes_them(axis: Axis) -> None:
    i, k, s, _p, d, _ = long(axis)
    text = said(layer_of(long(axis)), "holes")
    if "use " not in text:
        return
    kernels = [int(number) for number in re.findall(r"k ≥ (\d+)", text)]
    least = kernels[0] if kernels else k
    dilations = [e for e in range(1, 8) if gcd(e, s) == 1] if "a dilation that shares no factor" in text else [d]
    assert bool(kernels) or dilations != [d]
    for e in dilations:
        for longer in (least, least + 1):
            assert 0 not in counts((i, longer, s, (0, 0), e, 0)), text
    if kernels:
        assert 0 in counts((i, least - 1, s, (0, 0), dilations[0], 0)), text


@max_examples(400)
@given(backward())
def test_what_is_advised_against_a_checkerboard_makes_the_counts_even(axis: Axis) -> None:
    i, _, s, _p, d, _ = long(axis)
    text = said(layer_of(long(axis)), "checkerboard")
    if text:
        kernels = numbers(re.findall(r"use k = ([\d or]+) for even counts inside", text)[0])
        assert 1 <= len(kernels) <= 2
        for k in kernels:
            assert len(set(counts((i, k, s, (0, 0), d, 0)))) == 1
        assert min(abs(k - axis[1]) for k in kernels) == min(abs(n * s - axis[1]) for n in range(1, 9))


# Input cells that are cropped


@max_examples(400)
@given(backward())
@example((4, 1, 3, (0, 1), 1, 1))
@example((2, 2, 2, (1, 3), 2, 0))
def test_input_cells_that_do_not_reach_the_output_are_counted(axis: Axis) -> None:
    i, k, s, p, d, _ = axis
    reached = {cell for pairs in oracles.scattered(*axis) for cell, _ in pairs}
    line = oracles.transposed_line(*axis)
    text, lost = said(layer_of(axis), "cropped"), i - len(reached)
    is_negative = any(kind == "input" and cropped for kind, _, _, cropped in line)
    assert bool(text) is bool(is_negative or lost)
    if text:
        count = f"{lost} of {count_of(i, 'input cell')} {'does' if lost == 1 else 'do'} not reach the output"
        assert text.split(";")[0] == f"cropped: {count if lost else 'every input cell still reaches the output'}"
        assert ("p′ is negative" in text) is is_negative
    if is_negative:
        advised = int(re.findall(r"use p ≤ (\d+)", text)[0])
        assert advised == d * (k - 1) < max(p)
        gentler = (10, k, s, (min(p[0], advised), min(p[1], advised)), d, 0)
        assert {cell for pairs in oracles.scattered(*gentler) for cell, _ in pairs} == set(range(10))


# Poolings, clean layers and two axes


@pytest.mark.parametrize("kind", [MaxPool, AvgPool])
@max_examples(200)
@given(st.integers(1, 7), st.integers(1, 4), st.integers(1, 4), st.integers(0, 2), st.booleans())
def test_a_pooling_tells_of_a_dropped_window_and_of_cells_that_are_not_read(
    kind: type[MaxPool], i: int, k: int, s: int, p: int, ceil: bool
) -> None:
    starts = oracles.pool_starts(i, k, s, (p, p), 1, ceil)
    if not starts or 2 * p > k:
        return
    layer = kind((i,), k, s, p, ceil_mode=ceil)
    left = i + 2 * p - starts[-1] - k
    assert bool(said(layer, "dropped window")) is (ceil and left > 0)
    assert bool(said(layer, "never read", "the floor drops the last")) is (left > 0)
    assert not said(layer, "ambiguous size")


@pytest.mark.parametrize(
    "layer",
    [
        Conv(5, 3),
        Conv(5, 3, 1, 1, 2),
        Conv((5,), 3, padding="same", padding_mode="circular"),
        Conv(1, 1),
        ConvTranspose(5, 3),
        ConvTranspose((5,), 3, 1, 2, 2),
        MaxPool(4, 2),
        AvgPool((5,), 3, 1, 1),
        MaxPool((5,), 2, ceil_mode=True),
    ],
    ids=repr,
)
def test_a_clean_layer_has_no_notes(layer: Layer) -> None:
    assert diagnostics(layer) == []


@pytest.mark.parametrize(
    "layer",
    [
        ConvTranspose((LARGEST_PARAMETER,), 3, LARGEST_PARAMETER),
        ConvTranspose((LARGEST_PARAMETER,), 3, LARGEST_PARAMETER, 1),
        Conv((LARGEST_PARAMETER,), 3, 1000, dilation=7),
        MaxPool((LARGEST_PARAMETER,), 3, 2),
    ],
    ids=repr,
)
def test_long_axes_are_noted_without_listing_their_cells(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first would be a million millions of cells."""
    monkeypatch.setattr(SlidingWindow, "cells", property(lambda _: pytest.fail("lists every cell")))
    monkeypatch.setattr(SlidingWindow, "read", property(lambda _: pytest.fail("lists every cell")))
    assert diagnostics(layer)


def test_an_upsampling_by_a_divisor_has_neither_holes_nor_a_checkerboard() -> None:
    assert [line.split(":")[0] for line in diagnostics(ConvTranspose(5, 4, 2, 1))] == ["ambiguous size"]


def counted(layer: Layer, topic: str) -> tuple[int, int] | None:
    """The numbers of `topic: 33 of 49 …`."""
    found = re.match(r"\w+(?: \w+)?: (\d+) of (\d+) ", said(layer, topic))
    return (int(found[1]), int(found[2])) if found else None


def missing(found: int, of: int) -> tuple[int, int] | None:
    return (of - found, of) if found < of else None


@max_examples(300)
@given(forward(), forward())
@example((7, 3, 2, (1, 1), 2), (7, 3, 2, (1, 1), 2))
@example((6, 3, 2, (1, 1), 2), (6, 3, 2, (1, 1), 2))
def test_two_axes_count_unread_cells_of_the_grid(rows: Axis, columns: Axis) -> None:
    layer = Conv(**dict(zip(oracles.AXIS, zip(rows, columns, strict=True), strict=False)))
    read = {
        (row - rows[3][0], col - columns[3][0])
        for one in oracles.windows(*rows)
        for other in oracles.windows(*columns)
        for row in one
        for col in other
    }
    cells = {(row, col) for row in range(rows[0]) for col in range(columns[0])}
    assert counted(layer, "never read") == missing(len(cells & read), len(cells))


@max_examples(300)
@given(backward(), backward())
@example((4, 2, 3, (2, 2), 1, 0), (4, 2, 3, (2, 2), 1, 0))
def test_two_axes_count_holes_and_cropped_cells_of_the_grid(rows: Axis, columns: Axis) -> None:
    layer = ConvTranspose(**dict(zip(oracles.AXIS, zip(rows, columns, strict=True), strict=False)))
    found = [(one, other) for one in oracles.scattered(*rows) for other in oracles.scattered(*columns)]
    assert counted(layer, "holes") == missing(sum(bool(one and other) for one, other in found), len(found))
    reaching = {(row, col) for one, other in found for row, _ in one for col, _ in other}
    assert counted(layer, "cropped") == missing(len(reaching), rows[0] * columns[0])


@max_examples(200)
@given(backward(), backward())
@example((6, 3, 2, (1, 1), 1, 0), (6, 3, 2, (1, 1), 1, 0))
def test_two_axes_name_the_counts_of_their_checkerboard(rows: Axis, columns: Axis) -> None:
    layer = ConvTranspose(**dict(zip(oracles.AXIS, zip(rows, columns, strict=True), strict=False)))
    text = said(layer, "checkerboard")
    if text:
        inside = {one * other for one in counts(rows) for other in counts(columns)}
        assert set(numbers(text.split(" contributions")[0])) == inside


@pytest.mark.parametrize("s", [1, 2, 3, 4])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", ["same", "same_lower"])
def test_padding_that_follows_the_input_is_that_of_each_size(name: Any, k: int, s: int) -> None:
    for i in range(1, 12):
        layer = Conv((i,), k, s, name)
        sizes = [n for n in range(1, 20) if Conv((n,), k, s, name).output == layer.output]
        text = said(layer, "ambiguous size")
        assert bool(text) is (len(sizes) > 1)
        back = ConvTranspose(layer.output, k, s, name)
        maps = said(back, "ambiguous size")
        if text:
            assert (
                numbers(text.split(" cells all give")[0]) == numbers(maps.split("maps")[1].split(" cells")[0]) == sizes
            )
            assert numbers(text)[-1] == numbers(maps)[-1] == back.output[0]
            assert [ConvTranspose(layer.output, k, s, name, output=n).output for n in sizes] == [(n,) for n in sizes]


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (
            Conv((6,), 3, 2, 1),
            "ambiguous size: inputs of 5 or 6 cells all give 3; transposed back with the same k, s, p, output padding "
            "chooses: a = 0 gives 5, a = 1 gives 6",
        ),
        (
            ConvTranspose((3,), 3, 2),
            "checkerboard: inside, output cells receive 1 or 2 contributions, as k mod s = 1; use k = 2 or 4 for even "
            "counts inside (borders and learnt weights can still be uneven)",
        ),
        (
            ConvTranspose((3,), 2, 3),
            "holes: 2 of 8 output cells get no contribution, only the bias; k is smaller than s = 3, use k ≥ 3",
        ),
        (
            ConvTranspose((3,), 3, 2, dilation=2),
            "holes: 4 of 9 output cells get no contribution, only the bias; use a dilation that shares no factor with "
            "s = 2",
        ),
        (
            ConvTranspose((7,), 2, 1, 3),
            "cropped: 4 of 7 input cells do not reach the output; p is larger than d(k−1) = 1, so that p′ is negative, "
            "use p ≤ 1",
        ),
        (
            Conv(24, 3, 2, "same"),
            "ambiguous size: inputs of 23 or 24 rows and columns all give 12 with padding same; transposed back with "
            "the same k, s and padding same, the output size chooses, by default 24",
        ),
        (
            Conv(7, 3, 2, 1, 2),
            "never read: 40 of 49 input cells; s = 2 and d = 2 share the factor 2, so that windows read at most one of "
            "every 2 rows and columns, use s and d without a common factor",
        ),
        (
            ConvTranspose(4, 2, 3, 2),
            "holes: 33 of 49 output cells get no contribution, only the bias; k is smaller than s = 3, use k ≥ 3",
        ),
        (
            MaxPool((2,), 1, 2, ceil_mode=True),
            "dropped window: ceil mode would add one that starts in the padding, so that it is left out",
        ),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) else repr(value),
)
def test_a_note_word_for_word(layer: Layer, text: str) -> None:
    assert text in diagnostics(layer)
