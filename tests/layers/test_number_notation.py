"""One notation in a grid: decimals where they are short, fractions where these are exact, ≈ where neither is."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import convviz
from convviz import AvgPool, Conv, ConvTranspose
from convviz.layers.number_notation import Notation, notation_of
from convviz.text.formatting import format_cell
from convviz.views.registry import VIEWS
from tests.at_rest import animate
from tests.views.layers import states


@pytest.mark.parametrize(
    ("values", "notation", "texts"),
    [
        ([1, 2, 3], "decimal", ["1", "2", "3"]),
        ([0.5, 0.25, 1.5, 12.5], "decimal", ["0.5", "0.25", "1.5", "12.5"]),
        ([0.375, 1.125, 0.25], "fraction", ["3/8", "9/8", "1/4"]),
        ([1 / 16, 1 / 8, 1 / 4, 2], "fraction", ["1/16", "1/8", "1/4", "2"]),
        ([sum([1 / 9] * 7), -1 / 3], "fraction", ["7/9", "−1/3"]),
        ([0.1 + 0.2], "decimal", ["0.3"]),
        ([np.pi, 0.5], "decimal", ["≈3.14", "0.5"]),
        ([2891 / 16], "decimal", ["≈181"]),
        ([-np.inf, 0.5], "decimal", ["−∞", "0.5"]),
        ([10000.5, 1], "decimal", ["≈10000", "1"]),
    ],
    ids=str,
)
def test_a_grid_has_one_notation(values: list[float], notation: Notation, texts: list[str]) -> None:
    assert notation_of(np.array(values)) == notation
    assert [format_cell(value, notation) for value in values] == texts


def exact(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


CASES: list[tuple[Any, dict[str, Any]]] = [
    (ConvTranspose(3, 4, 2, 1), {"w": "bilinear"}),
    (Conv(6, 3), {"w": "gaussian"}),
    (Conv(4, 3, 1, 1), {"w": "box"}),
    (AvgPool(5, 3, 2, 1), {}),
    (Conv((6,), 3, 2), {"w": "gaussian", "x": [0.1, 0.7, 2.5, 3, 4, 0.3]}),
]


@pytest.mark.parametrize("view", [name for name in VIEWS if name not in ("overlap", "upsample")])
@pytest.mark.parametrize(("layer", "given"), CASES, ids=repr)
def test_no_grid_mixes_fractions_and_decimals(layer: Any, given: dict[str, Any], view: str) -> None:
    try:
        scene = convviz.animate(layer, view, size=(1920, 1080), **given).scene
    except ValueError:  # a view that does not show such a layer
        return
    texts: list[set[str]] = [set() for _ in scene.panels]
    for grids in states(scene):
        for found, grid in zip(texts, grids, strict=True):
            found.update(cell.text for row in grid for cell in row)
    for found in texts:
        assert not (any("/" in text for text in found) and any("." in text for text in found)), found


def test_results_of_a_fractional_kernel_are_exact() -> None:
    """The output in exact arithmetic, from the numbers that the picture shows."""
    scene = animate(Conv(6, 3), w="gaussian", size=(1920, 1080)).scene
    x, w = (np.array([[exact(cell.text) for cell in row] for row in panel.cells]) for panel in scene.panels[:2])
    for (row, col), grids in zip(np.ndindex(4, 4), states(scene), strict=True):
        assert exact(grids[2][row][col].text) == (x[row : row + 3, col : col + 3] * w).sum()
    assert all(" = " in frame.caption.fitted(999) for frame in scene.frames)


def test_rounded_cells_and_equations_say_so() -> None:
    scene = animate(Conv((3,), 2), x=[np.pi, 1, 2], w=[1, 2], size=(1920, 1080)).scene
    texts = [cell.text for grid in [*states(scene)][-1] for row in grid for cell in row if cell.text]
    assert "≈3.14" in texts
    assert "≈5.14" in texts
    assert [re.findall("[=≈]", frame.caption.fitted(999))[-1] for frame in scene.frames] == ["≈", "="]
