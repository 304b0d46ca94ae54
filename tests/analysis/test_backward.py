"""The backward pass as text and as data; its sentences are checked in tests/claims."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool, explain
from convviz.analysis.backward import backward_data
from convviz.analysis.explain import geometry
from convviz.cli.main import main


def test_the_data_hold_shapes_and_counts() -> None:
    assert backward_data(Conv(5, 3, 2, 1)) == {
        "dy": [3, 3],
        "dx": [5, 5],
        "dw": [3, 3],
        "products": 81,
        "outside": 81 - 49,
        "products_per_weight": 9,
    }
    assert backward_data(ConvTranspose((3,), 3, 2, 1))["outside"] == 2
    assert backward_data(MaxPool(4, 2)) == {"dy": [2, 2], "dx": [4, 4]}


def test_json_holds_them_only_on_request() -> None:
    assert "backward" not in geometry(Conv(5, 3))
    words = ["explain", "conv", "-i", "5", "-k", "3", "--backward", "--json"]
    assert json.loads(CliRunner().invoke(main, words).output)["backward"] == backward_data(Conv(5, 3))


@pytest.mark.parametrize("layer", [Conv(9, 3), ConvTranspose(2, 9), MaxPool(16, 2), AvgPool((9,), 2)])
def test_large_layers_have_no_example(layer: Conv) -> None:
    assert "In numbers" not in explain(layer, backward=True)


def test_huge_layers_are_counted_without_listing_their_cells() -> None:
    text = explain(Conv(100, 10**6, padding=500_000), backward=True)
    assert "10200999897990000 of 10201000000000000 products" in text


def test_an_answer_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(GeometryError, match="backward"):
        explain(Conv(5, 3), backward="yes")  # type: ignore[arg-type]
