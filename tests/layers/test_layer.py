"""Layers: their axes, sizes and refusals as PyTorch has them, and what a layer is as a value."""

from __future__ import annotations

import copy
import pickle
import re
from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from convviz import Conv, ConvTranspose, ConvvizError, GeometryError
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from tests import oracles
from tests.profile import max_examples

SHAPES = oracles.vectors("torch_shapes.json")
REASONS = {1: r"does not fit", 2: r"output padding \d+ is too large", 3: r"leaves no output"}
NAMES = ("input", "kernel", "stride", "padding", "dilation")


def square(row: list[int], kind: type[Layer]) -> Layer:
    i, k, s, p, d, a = row[:6]
    given = {"input": i, "kernel": k, "stride": s, "padding": p, "dilation": d}
    return kind(**given, output_padding=a) if kind is ConvTranspose else kind(**given)


# PyTorch's sizes and refusals


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("conv", Conv, {0: 723, 1: 177}),
        ("conv_transpose", ConvTranspose, {0: 867, 2: 516, 3: 117}),
    ],
)
def test_sizes_and_refusals_are_those_of_pytorch(name: str, kind: type[Layer], expected: dict[int, int]) -> None:
    seen: Counter[int] = Counter()
    for row in SHAPES[name]:
        size, reason = row[6:]
        if reason:
            with pytest.raises(GeometryError, match=REASONS[reason]):
                square(row, kind)
        else:
            assert square(row, kind).output == (size, size), row
        seen[reason] += 1
    assert seen == expected


@pytest.mark.parametrize(("name", "kind"), [("conv", Conv), ("conv_transpose", ConvTranspose)])
def test_the_axes_of_a_rectangular_layer_are_independent(name: str, kind: type[Layer]) -> None:
    rows = SHAPES[name]
    refused = 0
    for row, column in zip(rows, rows[7:] + rows[:7], strict=True):
        given = oracles.parameters(tuple(row[:6]), tuple(column[:6]))
        if kind is Conv:
            del given["output_padding"]
        if row[7] or column[7]:
            where, reason = ("rows", row[7]) if row[7] else ("columns", column[7])
            with pytest.raises(GeometryError, match=f"^{where}: .*{REASONS[reason]}"):
                kind(**given)
            refused += 1
        else:
            assert kind(**given).output == (row[6], column[6])
    assert 0 < refused < len(rows)


@max_examples(300)
@given(*[oracles.axes(transposed=False).filter(oracles.is_legal)] * 2)
def test_transposing_a_convolution_gives_its_input_size_back(rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
    conv = Conv(**oracles.parameters(rows, columns))
    rest = tuple(axis.remainder for axis in conv.axes)
    facts = {name: getattr(conv, name) for name in ("kernel", "stride", "padding", "dilation")}
    assert ConvTranspose(input=conv.output, **facts, output_padding=rest).output == conv.input


# One number or one a side


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
def test_a_number_stands_for_both_axes(kind: type[Layer], name: str) -> None:
    given = {"input": 9, "kernel": 3, "stride": 2, "padding": 1, "dilation": 2}
    for pair in ((given[name],) * 2, [given[name]] * 2, np.int64(given[name])):
        assert kind(**{**given, name: pair}) == kind(**given)


@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
def test_a_pair_is_rows_then_columns(kind: type[Layer]) -> None:
    layer = kind(input=(8, 9), kernel=(2, 3), stride=(1, 2), padding=(0, 1), dilation=(3, 2))
    rows, columns = layer.axes
    assert (rows.input, rows.kernel, rows.stride, rows.padding, rows.dilation) == (8, 2, 1, (0, 0), 3)
    assert (columns.input, columns.kernel, columns.stride, columns.padding, columns.dilation) == (9, 3, 2, (1, 1), 2)
    shown = (layer.input, layer.kernel, layer.stride, layer.padding, layer.dilation)
    assert shown == ((8, 9), (2, 3), (1, 2), ((0, 0), (1, 1)), (3, 2))


def test_output_padding_is_a_pair_too() -> None:
    assert ConvTranspose(2, 2, stride=3, output_padding=(2, 1)).output == (7, 6)
    assert ConvTranspose(2, 2, stride=3, output_padding=(2, 1)).output_padding == (2, 1)
    assert Conv(2, 2).output_padding == (0, 0)


@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [(), (3, 3, 3), [3, 3, 3, 3], np.array([3, 3, 3])])
def test_a_wrong_number_of_values_is_refused_with_the_count(kind: type[Layer], name: str, value: Any) -> None:
    given = {"input": 5, "kernel": 3, name: value}
    text = f"{name} {tuple(map(int, value))} has {len(value)} values: expected one whole number or (rows, columns)"
    with pytest.raises(GeometryError, match=f"^{re.escape(text)}$"):
        kind(**given)


# One axis


ALL = pytest.mark.parametrize("kind", [Conv, ConvTranspose, MaxPool])


@ALL
@pytest.mark.parametrize("name", NAMES)
def test_a_single_value_in_parentheses_makes_a_layer_of_one_axis(kind: type[Layer], name: str) -> None:
    given = {"input": 9, "kernel": 3, "stride": 2, "padding": 1, "dilation": 2}
    layer = kind(**{**given, name: (given[name],)})
    assert layer.axes == kind(**given).axes[:1]
    assert (layer.input, layer.kernel, layer.stride, layer.padding, layer.dilation) == (
        (9,),
        (3,),
        (2,),
        ((1, 1),),
        (2,),
    )
    assert len(layer.output) == len(layer.sliding_windows) == len(layer.output_padding) == 1
    assert list(layer.outputs()) == [(n,) for n in range(layer.output[0])]
    assert layer == kind(**{name: (value,) for name, value in given.items()})
    assert layer != kind(**given)


@ALL
@pytest.mark.parametrize("name", NAMES)
def test_pairs_do_not_mix_with_single_values(kind: type[Layer], name: str) -> None:
    given = {"input": (9,), "kernel": (3,), "stride": (2,), "padding": (1,), "dilation": (2,)}
    text = rf"{name} \(2, 2\) has 2 values: expected one whole number or a 1-tuple, as the layer is 1-D$"
    with pytest.raises(GeometryError, match=f"^{text}"):
        kind(**{**given, name: (2, 2)})


def test_the_names_of_the_axes_are_in_the_errors() -> None:
    with pytest.raises(GeometryError, match=r"^kernel 7 does not fit"):
        Conv((5,), 7)
    with pytest.raises(GeometryError, match=r"^columns: kernel 7 does not fit"):
        Conv((9, 5), 7)


# Padding as users write it


@ALL
@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (1, ((1, 1), (1, 1))),
        ((1, 0), ((1, 1), (0, 0))),
        ([1, 0], ((1, 1), (0, 0))),
        (((0, 1), (1, 2)), ((0, 1), (1, 2))),
        ([[0, 1], [1, 2]], ((0, 1), (1, 2))),
        (((0, 1), 2), ((0, 1), (2, 2))),
        ((2, (0, 1)), ((2, 2), (0, 1))),
        (np.array([[0, 1], [1, 2]]), ((0, 1), (1, 2))),
        (((2, 1),), ((2, 1),)),
        (np.int64(2), ((2, 2), (2, 2))),
    ],
)
def test_padding_is_a_number_a_pair_or_a_pair_of_sides(kind: type[Layer], padding: Any, expected: Any) -> None:
    layer = kind(9, 4, 2, padding)
    assert layer.padding == expected
    assert layer.named_padding is None


@ALL
@pytest.mark.parametrize(
    ("padding", "text"),
    [
        ((1, 2, 3), "padding (1, 2, 3) has 3 values: expected one whole number or (rows, columns)"),
        (((1, 2, 3), 1), "padding (1, 2, 3) of an axis has 3 values: expected one, or (before, after)"),
        (((), 1), "padding () of an axis has 0 values: expected one, or (before, after)"),
        ("1", "there is no padding '1'; use a whole number or valid, same, same_lower, full, half"),
        ("SAME", "there is no padding 'SAME'; use a whole number or valid, same, same_lower, full, half"),
    ],
)
def test_what_is_no_padding_is_refused_with_what_is(kind: type[Layer], padding: Any, text: str) -> None:
    with pytest.raises(GeometryError) as caught:
        kind(9, 4, 2, padding)
    assert str(caught.value) == text


@ALL
@pytest.mark.parametrize("padding", [((0, 1), (0, -1)), ((0, 1), (0, 0.5)), ((0, 1), ("same", 0)), ((0, 1), None)])
def test_a_bad_side_is_refused_with_the_axis(kind: type[Layer], padding: Any) -> None:
    with pytest.raises(GeometryError, match=r"^columns: padding .* p is a whole number from 0 to 1 000 000$"):
        kind(9, 4, 2, padding)


BAD = [0, -1, 2.5, 3.0, True, "3", None, 10**9, (3, 0), (3, "x"), (2.5, 3), (3, False), ((1, 2), (1, 2))]


@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
@pytest.mark.parametrize("name", ["input", "kernel", "stride", "dilation"])
@pytest.mark.parametrize("value", BAD)
def test_what_no_layer_can_have_is_refused_with_name_value_and_range(kind: type[Layer], name: str, value: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        kind(**{"input": 9, "kernel": 3, name: value})
    assert isinstance(caught.value, (ValueError, ConvvizError))
    assert re.search(
        rf"{name} .+ is (not a whole number|too small|too large): {name[0] if name != 'input' else 'i'} "
        r"is a whole number from 1 to 1 000 000$",
        str(caught.value),
    )


@pytest.mark.parametrize(("name", "symbol"), [("padding", "p"), ("output_padding", "a")])
@pytest.mark.parametrize("value", [-1, 0.5, True, 10**7, (0, -2), (0, "1")])
def test_a_bad_padding_is_refused_with_name_value_and_range(name: str, symbol: str, value: Any) -> None:
    with pytest.raises(GeometryError, match=f"{symbol} is a whole number from 0 to 1 000 000") as caught:
        ConvTranspose(5, 3, **{name: value})
    assert name.replace("_", " ") in str(caught.value)


def test_an_output_padding_of_none_is_none_and_a_padding_of_none_is_no_padding() -> None:
    assert ConvTranspose(5, 3, output_padding=None) == ConvTranspose(5, 3)
    with pytest.raises(GeometryError, match=r"^padding None is not a whole number: p is a whole number"):
        Conv(5, 3, padding=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "axis"), [((3, 0), "columns"), ((0, 3), "rows")])
def test_an_error_names_the_axis_where_the_axes_differ(value: tuple[int, int], axis: str) -> None:
    with pytest.raises(
        GeometryError, match=rf"^{axis}: stride 0 is too small: s is a whole number from 1 to 1 000 000$"
    ):
        Conv(5, 3, stride=value)


def test_an_error_names_no_axis_where_they_agree() -> None:
    with pytest.raises(GeometryError, match=r"^kernel 7 does not fit: the padded input is 5 \+ 2·0 = 5; use k ≤ 5"):
        Conv(5, 7)


def test_a_convolution_takes_no_output_padding() -> None:
    with pytest.raises(TypeError, match="output_padding"):
        Conv(5, 3, output_padding=1)  # type: ignore[call-arg]


# A layer is a value


def test_equal_parameters_make_equal_layers_and_kinds_differ() -> None:
    assert Conv(5, 3) == Conv(input=(5, 5), kernel=[3, 3], stride=1, padding=0, dilation=1)
    assert hash(Conv(5, 3)) == hash(Conv((5, 5), 3))
    assert Conv(5, 3) != Conv(5, 3, padding=1)
    assert Conv(5, 1) != ConvTranspose(5, 1)
    with pytest.raises(AttributeError):
        Conv(5, 3).axes = ()  # type: ignore[misc]


LAYERS: list[Layer] = [
    Conv((5, 6), 3, padding=1),
    Conv((5,), 3),
    Conv(6, 3, padding=((0, 1), (1, 2)), padding_mode="circular"),
    Conv(6, 2, 2, "same"),
    ConvTranspose((3, 4), 3, 2, 1),
    ConvTranspose(3, 2, 3, output_padding=(2, 1)),
    ConvTranspose(3, 3, 2, "same"),
    ConvTranspose((3,), 3, 2, output=8),
    MaxPool(5, 2),
    MaxPool((5,), 2, 1, 1, 2, ceil_mode=True),
    AvgPool(5, 2),
    AvgPool(5, 3, 2, ((0, 1), 1), ceil_mode=True, count_include_pad=False),
]


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_a_layer_survives_a_copy_and_a_pickle(layer: Layer) -> None:
    assert layer.sliding_windows[0].cells
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert twin == layer
        assert twin.__dict__ == layer.__dict__


def test_layers_that_compute_differently_are_not_equal() -> None:
    assert AvgPool(4, 2) != AvgPool(4, 2, count_include_pad=False)
    assert AvgPool(4, 2) != AvgPool(4, 2, ceil_mode=True)
    assert AvgPool(4, 2) != MaxPool(4, 2)
    assert Conv(4, 3, padding=1) != Conv(4, 3, padding=1, padding_mode="reflect")
    assert Conv(4, 3, padding=((1, 0), (1, 0))) != Conv(4, 3, padding=((0, 1), (0, 1)))


def test_output_cells_come_left_to_right_and_top_to_bottom() -> None:
    layer = Conv((4, 3), (3, 2))
    assert list(layer.outputs()) == [(0, 0), (0, 1), (1, 0), (1, 1)] == list(product(range(2), range(2)))
    assert list(ConvTranspose((1, 2), 1).outputs()) == [(0, 0), (0, 1)]


def test_the_tracks_are_those_of_the_axes() -> None:
    layer = ConvTranspose((3, 4), (2, 3), stride=(2, 3), padding=1)
    assert layer.sliding_windows == tuple(axis.sliding_window for axis in layer.axes)
    assert [track.outputs for track in layer.sliding_windows] == list(layer.output)
