"""What to look out for: every sentence against brute force, what it advises against what it warns of."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import gcd
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.analysis.diagnostics import diagnostics
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


@max_examples(400)
@given(forward())
@example((6, 1, 2, (0, 0), 1))
@example((10, 2, 4, (0, 0), 2))
def test_cells_behind_the_last_window_are_counted_and_the_named_inputs_have_none(axis: Axis) -> None:
    _i, k, s, p, d = axis
    line, end = oracles.conv_line(*axis), oracles.windows(*axis)[-1][-1] + 1
    behind = line[end:]
    text = said(layer_of(axis), "never read", "the floor drops")
    assert bool(text) is bool(behind)
    if text:
        data = sum(kind == "input" for kind, *_ in behind)
        dropped = "cell" if len(behind) == 1 else f"{len(behind)} cells"
        inside = "only padding is lost" if not data else f"{data} cell{'s' * (data > 1)} of the input among them"
        assert f"the floor drops the last {dropped} of the padded input ({inside}); i = " in text
        for size in numbers(text.split("; i = ")[1]):
            assert oracles.windows(size, k, s, p, d)[-1][-1] + 1 == len(oracles.conv_line(size, k, s, p, d))


@max_examples(400)
@given(forward())
@example((10, 2, 4, (0, 0), 2))
@example((9, 2, 3, (0, 0), 1))
def test_cells_between_two_windows_are_counted_and_the_named_stride_reads_them(axis: Axis) -> None:
    i, k, s, p, d = axis
    windows = oracles.windows(*axis)
    skipped = max(windows[1][0] - windows[0][-1] - 1, 0) if len(windows) > 1 else 0
    text = said(layer_of(axis), "never read", "each step skips")
    assert bool(text) is bool(skipped)
    if text:
        assert f"each step skips {skipped} cell{'s' * (skipped > 1)} (" in text
        symbols = {"s − k": s - k, "s − d(k−1) − 1": s - d * (k - 1) - 1}
        [(left, right)] = re.findall(r"\((.+) = (\d+)\)", text)
        assert symbols[left] == int(right)
        advised = int(re.findall(r"use s ≤ (\d+)", text)[0])
        closer = oracles.windows(i, k, advised, p, d)
        read = {cell for window in closer for cell in window}
        assert not set(range(closer[-1][-1])) - read, text


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
    holes, uneven = said(layer, "holes"), said(layer, "checkerboard")
    assert bool(holes) is (0 in inside)
    assert bool(uneven) is (0 not in inside and len(set(inside)) > 1)
    if uneven:
        assert f"receive {min(inside)} or {max(inside)} contributions along this axis" in uneven
        assert f"k mod s = {axis[1] % axis[2]};" in uneven


@max_examples(400)
@given(backward())
def test_holes_and_uneven_counts_are_said_where_they_are(axis: Axis) -> None:
    axis = long(axis)
    check_overlap(axis, counts(axis))
    text = said(layer_of(axis), "holes")
    if text:
        _, _, s, _p, *_ = axis
        period = counts(axis)[10 * s : 11 * s]
        gets = "gets" if period.count(0) == 1 else "get"
        assert f"holes: {period.count(0)} of every {s} output cells {gets} no contribution, only the bias; " in text


@max_examples(400)
@given(backward())
@example((1, 3, 2, (0, 0), 1, 0))
@example((1, 2, 3, (0, 0), 1, 0))
@example((1, 2, 3, (0, 0), 1, 1))
def test_a_map_too_short_to_show_it_is_not_accused(axis: Axis) -> None:
    """The inside of a short map may be empty, or even by accident."""
    check_overlap(axis, counts(axis))


@max_examples(400)
@given(backward())
@example((3, 2, 4, (0, 0), 2, 0))
def test_what_is_advised_against_holes_closes_them(axis: Axis) -> None:
    i, k, s, _p, d, _ = long(axis)
    text = said(layer_of(long(axis)), "holes")
    if not text:
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
    text = said(layer_of(axis), "cropped")
    assert bool(text) is any(kind == "input" and cropped for kind, _, _, cropped in line)
    if text:
        lost = i - len(reached)
        does = "cell of the input does" if lost == 1 else "cells of the input do"
        assert f"p′ is negative and {lost} {does} not reach the output" in text
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
    assert bool(said(layer, "never read", "the last")) is (left > 0)
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


@max_examples(300)
@given(st.one_of(st.tuples(forward(), forward()), st.tuples(backward(), backward())))
def test_two_axes_say_what_each_says_and_once_what_both_say(axes: tuple[Axis, Axis]) -> None:
    rows, columns = (diagnostics(layer_of(axis)) for axis in axes)
    kind = Conv if len(axes[0]) == 5 else ConvTranspose
    given = dict(zip(oracles.AXIS, zip(*axes, strict=True), strict=False))
    both = [line for line in rows if line in columns]
    expected = [f"rows: {line}" for line in rows if line not in both]
    expected += [f"columns: {line}" for line in columns if line not in both]
    assert diagnostics(kind(**given)) == both + expected


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
            "checkerboard: output cells receive 1 or 2 contributions along this axis, k mod s = 1; use k = 2 or 4 for "
            "even counts inside (borders and learnt weights can still be uneven)",
        ),
        (
            ConvTranspose((3,), 2, 3),
            "holes: 1 of every 3 output cells gets no contribution, only the bias; use k ≥ 3",
        ),
        (
            ConvTranspose((3,), 3, 2, dilation=2),
            "holes: 1 of every 2 output cells gets no contribution, only the bias; use a dilation that shares no "
            "factor with s = 2",
        ),
        (
            ConvTranspose((7,), 2, 1, 3),
            "cropped: p is larger than d(k−1) = 1, so that p′ is negative and 4 cells of the input do not reach the "
            "output; use p ≤ 1",
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
