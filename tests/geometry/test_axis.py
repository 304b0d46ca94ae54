"""One axis: its line, the walk of the window over it, and what it refuses."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convviz.errors import GeometryError
from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.padding import padding_sum
from convviz.geometry.parameters import LARGEST_PARAMETER, PARAMETERS
from convviz.geometry.sliding_window import SlidingWindow
from tests import oracles
from tests.profile import max_examples

Cells = list[tuple[str, int | None, bool, bool]]


def forward(i: int, k: int, s: int, p: int, d: int) -> ConvAxis:
    return ConvAxis(input=i, kernel=k, stride=s, padding=(p, p), dilation=d)


def transposed(i: int, k: int, s: int, p: int, d: int, a: int) -> ConvTransposeAxis:
    return ConvTransposeAxis(input=i, kernel=k, stride=s, padding=(p, p), dilation=d, output_padding=a)


def cells(track: SlidingWindow) -> Cells:
    return [(cell.kind, cell.source, cell.read, cell.cropped) for cell in track.cells]


def taps(track: SlidingWindow) -> list[list[int]]:
    return [list(track.taps(output)) for output in range(track.outputs)]


# The law of the walk, against brute force


@max_examples(1500)
@given(oracles.axes(transposed=False))
@example((5, 3, 3, 0, 1))
@example((1, 1, 4, 3, 3))
def test_a_convolution_stands_where_brute_force_stands(parameters: tuple[int, ...]) -> None:
    expected = oracles.windows(*parameters)
    if not expected:
        with pytest.raises(GeometryError, match="does not fit"):
            forward(*parameters)
        return
    axis = forward(*parameters)
    assert axis.output == axis.sliding_window.outputs == len(expected)
    assert taps(axis.sliding_window) == expected
    assert cells(axis.sliding_window) == oracles.conv_line(*parameters)
    assert axis.remainder == axis.sliding_window.size - 1 - expected[-1][-1]
    assert [axis.sliding_window.kernel_index(tap) for tap in range(axis.kernel)] == list(range(axis.kernel))


@max_examples(1800)
@given(oracles.axes(transposed=True))
@example((1, 1, 1, 2, 5, 4))
@example((5, 2, 3, 2, 1, 2))
@example((3, 2, 2, 4, 1, 1))
def test_a_transposed_convolution_gathers_what_the_scatter_sends(parameters: tuple[int, ...]) -> None:
    if not oracles.is_legal_transposed(*parameters):
        with pytest.raises(GeometryError, match=r"output padding \d+ is too large|leaves no output"):
            transposed(*parameters)
        return
    axis = transposed(*parameters)
    track = axis.sliding_window
    gathered = [
        {(track.cells[place].source, track.kernel_index(tap)) for tap, place in enumerate(places)}
        for places in taps(track)
    ]
    met = [{pair for pair in pairs if pair[0] is not None} for pairs in gathered]
    assert met == oracles.scattered(*parameters)
    assert axis.output == track.outputs == len(met)
    assert cells(track) == oracles.transposed_line(*parameters)


@max_examples(300)
@given(oracles.axes(transposed=True).filter(oracles.is_legal))
def test_the_window_of_a_transposed_convolution_steps_one_cell_and_reads_to_the_end(p: tuple[int, ...]) -> None:
    track = transposed(*p).sliding_window
    walk = taps(track)
    assert [place[0] for place in walk] == list(range(track.origin, track.origin + len(walk)))
    assert all(after - before == p[4] for places in walk for before, after in pairwise(places))
    assert walk[-1][-1] == track.origin + track.padded_size - 1
    assert len(track.cells) == track.size


@max_examples(300)
@given(
    st.builds(
        ConvAxis,
        input=st.integers(1, 7),
        kernel=st.integers(1, 2),
        stride=st.integers(1, 4),
        padding=st.tuples(st.integers(1, 5), st.integers(0, 5)),
    )
)
def test_the_two_sides_of_a_convolution_are_padded_each_by_its_own(axis: ConvAxis) -> None:
    parameters = (axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
    assert cells(axis.sliding_window) == oracles.conv_line(*parameters)
    assert taps(axis.sliding_window) == oracles.windows(*parameters)


@max_examples(300)
@given(i=st.integers(1, 6), k=st.integers(1, 4), s=st.integers(1, 3), before=st.integers(0, 4), after=st.integers(0, 4))
def test_the_two_sides_of_a_transposed_convolution_are_cropped_each_by_its_own(
    i: int, k: int, s: int, before: int, after: int
) -> None:
    full = oracles.scattered(i, k, s, 0, 1, 0)
    kept = full[before : len(full) - after] if before + after < len(full) else []
    if not kept:
        with pytest.raises(GeometryError, match=f"crops {before + after} of {len(full)} cells?;"):
            ConvTransposeAxis(input=i, kernel=k, stride=s, padding=(before, after))
        return
    track = ConvTransposeAxis(input=i, kernel=k, stride=s, padding=(before, after)).sliding_window
    met = [
        {
            (track.cells[place].source, track.kernel_index(tap))
            for tap, place in enumerate(places)
            if track.cells[place].kind == "input"
        }
        for places in taps(track)
    ]
    assert met == kept
    assert cells(track) == oracles.transposed_line(i, k, s, (before, after), 1, 0)


def test_output_padding_first_gives_back_what_the_crop_took() -> None:
    """Five cells, kernel 2, stride 3, padding 2: with a = 1 the end gains a data cell, not a zero."""
    reached = [bool(pairs) for pairs in oracles.scattered(5, 2, 3, 2, 1, 2)]
    assert reached[-2:] == [True, True]
    with_data = [
        any(track.cells[place].kind == "input" for place in track.taps(track.outputs - 1))
        for track in (transposed(5, 2, 3, 2, 1, a).sliding_window for a in range(3))
    ]
    assert with_data == [False, True, True]


def test_a_crop_beyond_the_input_leaves_cropped_cells_between_data_and_window() -> None:
    """One cell, p = 2, a = 4 < d = 5: the only window stands two cells behind the input."""
    track = transposed(1, 1, 1, 2, 5, 4).sliding_window
    assert cells(track) == [
        ("input", 0, False, True),
        ("padding", None, False, True),
        ("padding", None, True, False),
    ]


# The fifteen animations

ARITHMETIC = oracles.vectors("conv_arithmetic.json")


def animated(facts: dict[str, Any]) -> Axis:
    """The axis of one animation; of a transposed one the configuration describes the convolution it belongs to."""
    made = facts["config"]
    i, k, s, p, d = (made[name] for name in ("input_size", "kernel_size", "stride", "padding", "dilation"))
    if not facts["transposed"]:
        return forward(i, k, s, p, d)
    back = len(oracles.scattered(made["output_size"], k, s, p, d, 0))
    return transposed(made["output_size"], k, s, p, d, i - back)


@pytest.mark.parametrize("name", sorted(ARITHMETIC["animations"]))
def test_every_step_of_a_known_animation_stands_on_the_same_cells(name: str) -> None:
    facts = ARITHMETIC["animations"][name]
    axis = animated(facts)
    track = axis.sliding_window
    assert [track.size, track.size] == facts["grid"]
    assert [axis.output, axis.output] == facts["output"]
    steps = [
        {"out": [row, col], "window_rows": list(track.taps(row)), "window_cols": list(track.taps(col))}
        for row in range(axis.output)
        for col in range(axis.output)
    ]
    assert steps == [{key: step[key] for key in ("out", "window_rows", "window_cols")} for step in facts["steps"]]
    assert len(steps) == facts["n_steps"]


@pytest.mark.parametrize("name", sorted(ARITHMETIC["animations"]))
def test_every_cell_of_a_known_animation_has_the_same_kind(name: str) -> None:
    facts = ARITHMETIC["animations"][name]
    track = animated(facts).sliding_window
    data = [place for place, cell in enumerate(track.cells) if cell.kind == "input"]
    assert data == facts["data_rows"] == facts["data_cols"]
    ends = (facts["pad"]["top"], facts["pad"]["bottom"])
    padding = [place for place, cell in enumerate(track.cells) if cell.kind == "padding"]
    assert padding == [*range(ends[0]), *range(track.size - ends[1], track.size)]
    inserted = [place for place, cell in enumerate(track.cells) if cell.kind == "inserted"]
    assert inserted == [place for place in range(data[0], data[-1]) if (place - data[0]) % facts["spacing"]]


def test_all_fifteen_animations_were_there() -> None:
    animations = ARITHMETIC["animations"].values()
    assert len(animations) == 15
    assert sum(len(facts["steps"]) for facts in animations) == ARITHMETIC["meta"]["counts"]["steps"] == 322


# Refusals


AXES = pytest.mark.parametrize("axis_type", [ConvAxis, ConvTransposeAxis, PoolAxis])


def axis_with(axis_type: type[Axis], name: str, value: Any) -> Axis:
    return axis_type(**{name: (value, value) if name == "padding" else value})


@AXES
@pytest.mark.parametrize("name", sorted(PARAMETERS))
@pytest.mark.parametrize("value", [2.0, 1.5, "3", b"3", None, True, False, 2 + 0j, [3], (1, 2), float("nan")])
def test_what_is_not_a_whole_number_is_refused_with_the_range(axis_type: type[Axis], name: str, value: Any) -> None:
    facts = PARAMETERS[name]
    with pytest.raises(GeometryError) as caught:
        axis_with(axis_type, name, value)
    assert str(caught.value) == (
        f"{name.replace('_', ' ')} {value!r} is not a whole number: "
        f"{facts.symbol} is a whole number from {facts.minimum} to 1 000 000"
    )


@AXES
@pytest.mark.parametrize("name", sorted(PARAMETERS))
@pytest.mark.parametrize("below", [1, 2, 10**12])
def test_what_is_too_small_is_refused_with_the_range(axis_type: type[Axis], name: str, below: int) -> None:
    facts = PARAMETERS[name]
    value = facts.minimum - below
    with pytest.raises(GeometryError) as caught:
        axis_with(axis_type, name, value)
    assert str(caught.value) == (
        f"{name.replace('_', ' ')} {value} is too small: "
        f"{facts.symbol} is a whole number from {facts.minimum} to 1 000 000"
    )


@AXES
@pytest.mark.parametrize("name", sorted(PARAMETERS))
@pytest.mark.parametrize("above", [1, 10**12])
def test_what_is_too_large_is_refused_with_the_range(axis_type: type[Axis], name: str, above: int) -> None:
    with pytest.raises(GeometryError, match=rf"{name.replace('_', ' ')} {LARGEST_PARAMETER + above} is too large: "):
        axis_with(axis_type, name, LARGEST_PARAMETER + above)


def test_the_limits_themselves_are_legal() -> None:
    assert ConvAxis(input=LARGEST_PARAMETER, kernel=LARGEST_PARAMETER).output == 1
    assert (
        ConvAxis(
            input=1,
            kernel=1,
            stride=LARGEST_PARAMETER,
            padding=(LARGEST_PARAMETER, LARGEST_PARAMETER),
            dilation=LARGEST_PARAMETER,
        ).output
        == 3
    )
    largest = ConvTransposeAxis(
        input=LARGEST_PARAMETER,
        kernel=LARGEST_PARAMETER,
        stride=LARGEST_PARAMETER,
        output_padding=LARGEST_PARAMETER - 1,
    )
    assert largest.output == (LARGEST_PARAMETER - 1) * LARGEST_PARAMETER + LARGEST_PARAMETER + LARGEST_PARAMETER - 1


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ((1, 3, 1, 0, 1), "kernel 3 does not fit: the padded input is 1 + 2·0 = 1; use k ≤ 1 or p ≥ 1"),
        ((5, 7, 1, 0, 1), "kernel 7 does not fit: the padded input is 5 + 2·0 = 5; use k ≤ 5 or p ≥ 1"),
        ((5, 9, 2, 1, 1), "kernel 9 does not fit: the padded input is 5 + 2·1 = 7; use k ≤ 7 or p ≥ 2"),
        (
            (5, 3, 1, 0, 3),
            "kernel 3 with dilation 3 reaches over 7 cells and does not fit: "
            "the padded input is 5 + 2·0 = 5; use k ≤ 2, d ≤ 2 or p ≥ 1",
        ),
        (
            (1, 7, 1, 1, 3),
            "kernel 7 with dilation 3 reaches over 19 cells and does not fit: "
            "the padded input is 1 + 2·1 = 3; use k ≤ 1 or p ≥ 9",
        ),
    ],
)
def test_a_kernel_that_does_not_fit_is_refused_with_its_numbers(parameters: tuple[int, ...], text: str) -> None:
    with pytest.raises(GeometryError) as caught:
        forward(*parameters)
    assert str(caught.value) == text


def test_a_kernel_that_does_not_fit_an_unevenly_padded_input_shows_both_sides() -> None:
    with pytest.raises(GeometryError, match=re.escape("the padded input is 2 + 1 + 0 = 3; use k ≤ 3 or p ≥ 2")):
        ConvAxis(input=2, kernel=5, padding=(1, 0))


def test_a_convolution_has_no_output_padding() -> None:
    with pytest.raises(GeometryError, match="output padding 1 belongs to a transposed convolution"):
        ConvAxis(output_padding=1)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            (3, 3, 2, 0, 1, 2),
            "output padding 2 is too large: it must be smaller than max(stride, dilation) = max(2, 1) = 2; use a ≤ 1",
        ),
        (
            (3, 3, 1, 0, 3, 4),
            "output padding 4 is too large: it must be smaller than max(stride, dilation) = max(1, 3) = 3; use a ≤ 2",
        ),
        ((1, 1, 1, 1, 1, 0), "padding 1 leaves no output: it crops 2 of 1 cell; use p ≤ 0 or a larger input"),
        ((2, 1, 2, 2, 1, 1), "padding 2 leaves no output: it crops 4 of 4 cells; use p ≤ 1 or a larger input"),
    ],
)
def test_a_transposed_convolution_is_refused_with_its_numbers(parameters: tuple[int, ...], text: str) -> None:
    with pytest.raises(GeometryError) as caught:
        transposed(*parameters)
    assert str(caught.value) == text


def test_output_padding_is_refused_before_an_empty_output() -> None:
    with pytest.raises(GeometryError, match="output padding 7 is too large"):
        transposed(1, 1, 2, 9, 1, 7)


def test_output_padding_up_to_the_dilation_is_legal_for_any_stride() -> None:
    assert [transposed(2, 2, 1, 0, 3, a).output for a in (0, 1, 2)] == [5, 6, 7]


# The way out that an error names


def advice(error: pytest.ExceptionInfo[GeometryError]) -> list[tuple[str, int]]:
    """The pairs (symbol, limit) of `use k ≤ 2, d ≤ 1 or p ≥ 3`."""
    offered = re.findall(r"([kdpa]) [≤≥] (\d+)", str(error.value).split("; use ")[1])
    assert offered
    return [(symbol, int(limit)) for symbol, limit in offered]


PLACES = {"k": 1, "p": 3, "d": 4, "a": 5}


def changed(parameters: tuple[int, ...], symbol: str, value: int) -> tuple[int, ...]:
    place = PLACES[symbol]
    return (*parameters[:place], value, *parameters[place + 1 :])


@max_examples(500)
@given(
    st.tuples(st.integers(1, 6), st.integers(2, 12), st.integers(1, 3), st.integers(0, 3), st.integers(1, 4)).filter(
        lambda parameters: not oracles.windows(*parameters)
    )
)
def test_every_way_out_for_a_kernel_that_does_not_fit_is_legal_and_the_nearest(parameters: tuple[int, ...]) -> None:
    with pytest.raises(GeometryError) as caught:
        forward(*parameters)
    for symbol, limit in advice(caught):
        assert forward(*changed(parameters, symbol, limit)).output >= 1
        further = limit - 1 if symbol == "p" else limit + 1
        with pytest.raises(GeometryError):
            forward(*changed(parameters, symbol, further))


@max_examples(500)
@given(
    st.tuples(
        st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(1, 12), st.integers(1, 3), st.just(0)
    ).filter(lambda parameters: not oracles.scattered(*parameters)),
    st.integers(0, 2),
)
def test_the_way_out_of_an_empty_output_is_legal_and_the_nearest(parameters: tuple[int, ...], a: int) -> None:
    i, k, s, p, d, _ = parameters
    parameters = (i, k, s, p, d, min(a, max(s, d) - 1))
    if oracles.scattered(*parameters):
        return
    with pytest.raises(GeometryError, match="or a larger input") as caught:
        transposed(*parameters)
    [(symbol, limit)] = advice(caught)
    assert symbol == "p"
    assert transposed(*changed(parameters, "p", limit)).output >= 1
    with pytest.raises(GeometryError):
        transposed(*changed(parameters, "p", limit + 1))
    larger = i + 2 * p + 1
    assert transposed(larger, *parameters[1:]).output >= 1


@max_examples(300)
@given(i=st.integers(1, 5), k=st.integers(1, 4), s=st.integers(1, 4), d=st.integers(1, 4), a=st.integers(1, 9))
def test_the_way_out_of_a_too_large_output_padding_is_legal_and_the_nearest(
    i: int, k: int, s: int, d: int, a: int
) -> None:
    if a < s or a < d:
        return
    with pytest.raises(GeometryError) as caught:
        transposed(i, k, s, 0, d, a)
    [(symbol, limit)] = advice(caught)
    assert symbol == "a"
    assert transposed(i, k, s, 0, d, limit).output_padding == limit
    with pytest.raises(GeometryError, match="output padding"):
        transposed(i, k, s, 0, d, limit + 1)


# Small things


def test_a_geometry_error_is_a_value_error() -> None:
    assert issubclass(GeometryError, ValueError)


def test_every_parameter_carries_its_symbol_limit_and_help() -> None:
    assert {name: (facts.symbol, facts.minimum, facts.default) for name, facts in PARAMETERS.items()} == {
        "input": ("i", 1, 5),
        "kernel": ("k", 1, 3),
        "stride": ("s", 1, 1),
        "padding": ("p", 0, (0, 0)),
        "dilation": ("d", 1, 1),
        "output_padding": ("a", 0, 0),
    }
    assert all(facts.help for facts in PARAMETERS.values())
    assert {field.name for field in dataclasses.fields(Axis)} == {*PARAMETERS, "padding_mode"}


def test_a_single_number_pads_both_sides() -> None:
    assert ConvAxis(padding=2) == ConvAxis(padding=(2, 2))  # type: ignore[arg-type]


def test_axes_are_frozen_values() -> None:
    axis = ConvAxis(input=6)
    assert axis == ConvAxis(input=6)
    assert hash(axis) == hash(ConvAxis(input=6))
    assert axis != ConvTransposeAxis(input=6)
    with pytest.raises(dataclasses.FrozenInstanceError):
        axis.input = 7  # type: ignore[misc]


@pytest.mark.parametrize(("padding", "text"), [((1, 1), "5 + 2·1"), ((0, 0), "5 + 2·0"), ((1, 2), "5 + 1 + 2")])
def test_a_padding_sum_names_uneven_sides_each(padding: tuple[int, int], text: str) -> None:
    assert padding_sum(5, padding) == text
    assert oracles.evaluate(text) == 5 + sum(padding)
