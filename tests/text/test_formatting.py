"""Numbers, sizes and formulas as words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose
from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.text.formatting import (
    format_counted,
    format_factor,
    format_indices,
    format_padding,
    format_per_axis,
    format_sizes,
    format_value,
    is_shown_exactly,
    signed,
)
from convviz.text.formulas import formula, formulas
from tests import oracles
from tests.profile import max_examples


def read_back(text: str) -> float:
    top, _, bottom = text.replace("−", "-").replace("∞", "inf").partition("/")
    return float(top) / int(bottom or 1)


# Values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (-7, "−7"),
        (2.0, "2"),
        (9_999_999, "9999999"),
        (10_000_000, "1.0e7"),
        (-12_345_678, "−1.2e7"),
        (1.5, "1.5"),
        (-0.25, "−0.25"),
        (1 / 3, "1/3"),
        (-1 / 3, "−1/3"),
        (1 / 9, "1/9"),
        (3 / 16, "3/16"),
        (0.375, "3/8"),
        (0.75, "0.75"),
        (0.1, "0.1"),
        (4 / 3, "1.33"),
        (0.12345, "0.123"),
        (math.pi / 4, "0.785"),
        (0.1 + 0.2, "0.3"),
        (12.345, "12.3"),
        (123.456, "123"),
        (99.96, "100"),
        (0.001, "0.001"),
        (0.000999, "1.0e-3"),
        (-1e-9, "−1.0e-9"),
        (1e100, "1.0e100"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
        (True, "1"),
        (np.int64(-3), "−3"),
        (np.float32(0.1), "0.1"),
        (np.float64(-2), "−2"),
    ],
)
def test_a_value_in_words(value: Any, text: str) -> None:
    assert format_value(value) == text


@max_examples(500)
@given(st.one_of(st.floats(allow_nan=False), st.floats(-200, 200), st.integers(-(2**63), 2**63 - 1)))
def test_a_value_in_words_is_short_and_true_to_its_digits(value: float) -> None:
    text = format_value(value)
    assert len(text) <= len("−1.0e-308")
    assert "-" not in text.replace("e-", "")
    shown = read_back(text)
    if math.isinf(value):
        assert shown == value
        return
    digits = 2 if abs(value) >= 1e7 or abs(value) < 1e-3 else 3
    assert shown == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits), abs=0) or value == 0
    assert text.startswith("−") == (value < 0)


@given(st.integers(-9_999_999, 9_999_999))
def test_whole_numbers_are_shown_in_full(value: int) -> None:
    assert read_back(format_value(value)) == value == read_back(format_value(float(value)))
    assert is_shown_exactly(value)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.5, True),
        (0.125, True),
        (12.3, True),
        (1e9, True),
        (1 / 3, True),
        (4 / 3, False),
        (math.pi / 4, False),
        (123.5, False),
        (12_345_678, False),
    ],
)
def test_it_is_known_whether_the_text_says_all(value: float, exact: bool) -> None:
    assert is_shown_exactly(value) is exact
    assert is_shown_exactly(-value) is exact
    assert is_shown_exactly(np.float64(value)) is exact


@max_examples(300)
@given(st.floats(allow_nan=False))
def test_what_is_shown_exactly_reads_back_as_itself(value: float) -> None:
    assert is_shown_exactly(value) == (read_back(format_value(value)) == value)


# Small words


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (3, "3"), (-3, "−3")])
def test_a_minus_is_a_minus(number: int, text: str) -> None:
    assert signed(number) == text
    assert read_back(signed(number)) == number


@pytest.mark.parametrize(
    ("text", "inside"), [("2", "2"), ("−2", "(−2)"), ("0", "0"), ("−1.2e7", "(−1.2e7)"), ("1/3", "(1/3)")]
)
def test_a_negative_factor_stands_in_parentheses(text: str, inside: str) -> None:
    assert format_factor(text) == inside


@pytest.mark.parametrize(("numbers", "text"), [((3, 4), "3×4"), ((5, 5), "5×5"), ((7,), "7")])
def test_sizes_name_rows_first(numbers: tuple[int, ...], text: str) -> None:
    assert format_sizes(numbers) == text


@pytest.mark.parametrize(("numbers", "text"), [((3, 4), "3×4"), ((5, 5), "5"), ((-1, 2), "−1×2"), ((-1, -1), "−1")])
def test_short_sizes_say_a_square_once(numbers: tuple[int, ...], text: str) -> None:
    assert format_per_axis(numbers) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([2], "2"),
        ([1, 2], "1–2"),
        ([1, 2, 3], "1–3"),
        (range(12), "0–11"),
        ([0, 2], "0, 2"),
        ([0, 2, 4], "0, 2, 4"),
        ([0, 2, 4, 6, 8], "0, 2, …, 8"),
        ([0, 2, 4, 6], "0, 2, …, 6"),
        ([3, 3], "3, 3"),
        ([0, 3, 4], "0, 3, 4"),
        ([0, 3, 4, 5], "0, 3–5"),
        ([2, 3, 7, 8], "2–3, 7–8"),
        ([0, 2, 4, 5, 6], "0, 2, 4–6"),
    ],
)
def test_indices_as_people_write_them(numbers: Any, text: str) -> None:
    assert format_indices(numbers) == text
    assert format_indices(iter(list(numbers))) == text


# Formulas


def known(axis: Any) -> dict[str, int]:
    return {
        "i": axis.input,
        "k": axis.kernel,
        "s": axis.stride,
        **({"p": axis.padding[0]} if axis.padding[0] == axis.padding[1] else {}),
        "p1": axis.padding[0],
        "p2": axis.padding[1],
        "d": axis.dilation,
        "a": axis.output_padding,
    }


def square(parameters: tuple[int, ...]) -> dict[str, Any]:
    return oracles.parameters(parameters, parameters)


POOLED = st.tuples(
    *(st.integers(1, 7), st.integers(2, 4), st.integers(1, 4), st.tuples(st.integers(0, 1), st.integers(0, 1))),
    st.integers(1, 2),
)


@max_examples(400)
@given(POOLED, st.booleans())
def test_the_formula_of_a_pooling_gives_its_size(parameters: tuple[Any, ...], ceil: bool) -> None:
    """Rounded up in ceil mode, less a window that is dropped."""
    starts = oracles.pool_starts(*parameters, ceil)
    if not starts:
        return
    i, k, s, p, d = parameters
    axis = MaxPool((i,), k, s, (p,), d, ceil).axes[0]
    made = formula(axis)
    assert made.value == str(len(starts))
    assert oracles.evaluate(made.filled) == len(starts)
    assert oracles.evaluate(made.symbols, known(axis)) == len(starts)
    assert ("⌈" in made.symbols) is ceil
    behind = sum(p) + i - starts[-1] - d * (k - 1) - 1
    note = "a last window would start in the padding" if ceil else f"{behind} left over"
    assert made.note == (note if behind > 0 else "")


@max_examples(400)
@given(oracles.sided_axes(transposed=False))
def test_the_formula_of_a_convolution_gives_its_size(parameters: tuple[int, ...]) -> None:
    windows = oracles.windows(*parameters)
    axis = Conv(**square(parameters)).axes[0]
    made = formula(axis)
    assert made.value == str(len(windows))
    assert oracles.evaluate(made.filled) == len(windows)
    assert oracles.evaluate(made.symbols, known(axis)) == len(windows)
    never = len(oracles.conv_line(*parameters)) - 1 - windows[-1][-1]
    assert made.note == (f"{never} left over" if never else "")
    assert ("p₁" in made.symbols) is (axis.padding[0] != axis.padding[1])


@max_examples(400)
@given(oracles.sided_axes(transposed=True))
def test_the_formula_of_a_transposed_convolution_gives_its_size(parameters: tuple[int, ...]) -> None:
    axis = ConvTranspose(**square(parameters)).axes[0]
    size = len(oracles.scattered(*parameters))
    made = formula(axis)
    assert isinstance(axis, ConvTransposeAxis)
    assert made.value == str(size)
    assert oracles.evaluate(made.filled) == size
    assert oracles.evaluate(made.symbols, known(axis)) == size
    assert made.note == ""


@pytest.mark.parametrize(
    ("layer", "lines"),
    [
        (Conv(5, 3, 2, 1), ["o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3"]),
        (Conv(6, 3, 2, 1), ["o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(6 + 2·1 − 3)/2⌋ + 1 = 3 (1 left over)"]),
        (Conv(7, 3, dilation=2), ["o = ⌊(i + 2p − d·(k − 1) − 1)/s⌋ + 1 = ⌊(7 + 2·0 − 2·(3 − 1) − 1)/1⌋ + 1 = 3"]),
        (ConvTranspose(3, 3, 2, 1), ["o = (i − 1)·s + k − 2p = (3 − 1)·2 + 3 − 2·1 = 5"]),
        (
            ConvTranspose(3, 3, 2, 1, 2, 1),
            ["o = (i − 1)·s + d·(k − 1) + 1 − 2p + a = (3 − 1)·2 + 2·(3 − 1) + 1 − 2·1 + 1 = 8"],
        ),
        (
            Conv((5,), 3, 2, ((0, 1),)),
            ["o = ⌊(i + p₁ + p₂ − k)/s⌋ + 1 = ⌊(5 + 0 + 1 − 3)/2⌋ + 1 = 2 (1 left over)"],
        ),
        (ConvTranspose((3,), 3, 2, ((0, 1),)), ["o = (i − 1)·s + k − p₁ − p₂ = (3 − 1)·2 + 3 − 0 − 1 = 6"]),
        (AvgPool((5,), 2), ["o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(5 + 2·0 − 2)/2⌋ + 1 = 2 (1 left over)"]),
        (AvgPool((5,), 2, ceil_mode=True), ["o = ⌈(i + 2p − k)/s⌉ + 1 = ⌈(5 + 2·0 − 2)/2⌉ + 1 = 3"]),
        (
            MaxPool((2,), 1, 2, ceil_mode=True),
            ["o = ⌈(i + 2p − k)/s⌉ + 1 − 1 = ⌈(2 + 2·0 − 1)/2⌉ + 1 − 1 = 1 (a last window would start in the padding)"],
        ),
        (
            Conv((5, 6), 3),
            [
                "rows: o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(5 + 2·0 − 3)/1⌋ + 1 = 3",
                "columns: o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(6 + 2·0 − 3)/1⌋ + 1 = 4",
            ],
        ),
    ],
)
def test_a_formula_is_written_as_in_the_guide(layer: Layer, lines: list[str]) -> None:
    assert [made.variants()[0] for made in formulas(layer)] == lines


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([(1, 1), (1, 1)], "1"),
        ([(0, 1), (0, 1)], "0,1"),
        ([(1, 1), (0, 1)], "1×0,1"),
        ([(2, -1)], "2,−1"),
        ([(-1, -1), (2, 2)], "−1×2"),
    ],
)
def test_sides_are_said_each_where_they_differ(pairs: list[tuple[int, int]], text: str) -> None:
    assert format_padding(pairs) == text


@pytest.mark.parametrize(("indices", "text"), [([2], "row 2"), ([1, 2, 3], "rows 1–3"), ([0, 2], "rows 0, 2")])
def test_counted_things(indices: list[int], text: str) -> None:
    assert format_counted("row", indices) == text


@max_examples(200)
@given(*[oracles.axes(transposed=False).filter(oracles.is_legal)] * 2)
def test_a_layer_has_one_formula_where_its_axes_agree_and_two_where_not(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    assert [made.label for made in formulas(Conv(**square(a)))] == ["o"]
    both = formulas(Conv(**oracles.parameters(a, b)))
    assert [made.label for made in both] == (["o"] if a == b else ["rows: o", "columns: o"]) or len(both) == 1
    if len(both) == 1:
        assert len(oracles.windows(*a)) == len(oracles.windows(*b))
    else:
        assert [int(made.value) for made in both] == [len(oracles.windows(*a)), len(oracles.windows(*b))]
