"""Layers are equal if they compute the same, and survive their repr."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given, settings

from convviz import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.geometry.axis import PoolAxis
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from tests.strategies import layers_of_every_kind

NAMES: dict[str, Any] = {layer.__name__: layer for layer in LAYER_KINDS.values()}


@settings(max_examples=300)
@given(layers_of_every_kind())
def test_a_layer_survives_its_repr(layer: Layer) -> None:
    twin = eval(repr(layer), NAMES)
    event(type(layer).__name__ + (" by name" if layer.named_padding else ""))
    assert twin == layer
    assert hash(twin) == hash(layer)
    assert repr(twin) == repr(layer)
    assert (twin.named_padding, twin.padding_mode) == (layer.named_padding, layer.padding_mode)


@settings(max_examples=100)
@given(layers_of_every_kind())
def test_an_axis_survives_its_repr(layer: Layer) -> None:
    for axis in layer.axes:
        twin = eval(repr(axis), {type(axis).__name__: type(axis)})
        assert twin == axis
        assert repr(twin) == repr(axis)


@settings(max_examples=100)
@given(layers_of_every_kind())
def test_padding_in_numbers_equals_padding_by_name(layer: Layer) -> None:
    numbers = layer.arguments() | {"padding": layer.padding}
    if isinstance(layer, ConvTranspose):
        numbers.pop("output", None)
        numbers["output_padding"] = layer.output_padding
    twin = type(layer)(**numbers)
    assert twin == layer
    assert hash(twin) == hash(layer)
    assert twin.named_padding is None


@settings(max_examples=100)
@given(layers_of_every_kind(), layers_of_every_kind())
def test_layers_are_equal_only_if_kind_and_parameters_are(one: Layer, other: Layer) -> None:
    def facts(layer: Layer) -> Any:
        ceil, include = getattr(layer, "ceil_mode", None), getattr(layer, "count_include_pad", None)
        sizes = (layer.input, layer.kernel, layer.stride, layer.padding, layer.dilation, layer.output_padding)
        return layer.kind, sizes, layer.padding_mode, ceil, include

    assert (one == other) == (facts(one) == facts(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Conv(6, 3, padding="valid"), Conv(6, 3)),
        (Conv(6, 3, padding="same"), Conv(6, 3, padding=1)),
        (Conv((6,), 4, padding="same"), Conv((6,), 4, padding=((1, 2),))),
        (ConvTranspose(3, 3, 2, padding="same"), ConvTranspose(3, 3, 2, padding=((0, 1), (0, 1)))),
        (ConvTranspose(3, 3, 2, 1, output=6), ConvTranspose(3, 3, 2, 1, output_padding=1)),
        (MaxPool(6, 2), MaxPool((6, 6), (2, 2), 2, 0, 1, False)),
        (MaxPool(6, 2, padding=1), MaxPool(6, 2, padding=((1, 1), (1, 1)))),
        (AvgPool(6, 3, padding="half"), AvgPool(6, 3, padding=1)),
    ],
    ids=repr,
)
def test_equal_layers_are_equal_however_they_are_written(one: Layer, other: Layer) -> None:
    assert one == other
    assert len({one, other}) == 1


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv(6, 3, padding="same"), "padding='same', dilation=(1, 1))"),
        (ConvTranspose(3, 3, 2, "same"), "padding='same', dilation=(1, 1))"),
        (ConvTranspose(3, 3, 2, "same", output=5), "padding='same', dilation=(1, 1), output=(5, 5))"),
        (ConvTranspose(3, 3, 2, "full", output_padding=1), "padding='full', dilation=(1, 1), output_padding=(1, 1))"),
        (Conv((5,), 3, padding=1, padding_mode="reflect"), "padding=((1, 1),), dilation=(1,), padding_mode='reflect')"),
        (AvgPool(5, 2, 2, ceil_mode=True, count_include_pad=False), "ceil_mode=True, count_include_pad=False)"),
    ],
    ids=repr,
)
def test_the_repr_has_what_differs_from_a_default(layer: Layer, text: str) -> None:
    assert repr(layer).endswith(text)


def test_padding_given_per_side_is_part_of_the_repr_of_an_axis_but_not_of_equality() -> None:
    wide = PoolAxis(input=6, kernel=3, padding=(2, 2), per_side=True)
    assert "per_side=True" in repr(wide)
    assert PoolAxis(kernel=3, padding=(1, 1), per_side=True) == PoolAxis(kernel=3, padding=(1, 1))
