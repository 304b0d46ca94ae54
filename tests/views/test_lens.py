"""The lens: each step shows the numbers of its window, the weights, their products and the result in large cells."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, animate
from convviz.layers.layer import Layer
from convviz.layout.lens import LEAST_LENS, magnified_panels
from tests.layout.test_lay_out import problems
from tests.views.layers import number, states

RANDOM = np.random.default_rng(1)


def walked(x: Any, kernel: int, stride: int, padding: int) -> Any:
    """Yield the values under each window, by cutting them out of the padded input."""
    line = np.pad(x, padding)
    rows, cols = ((size - kernel) // stride + 1 for size in line.shape)
    for row, col in product(range(rows), range(cols)):
        yield line[row * stride : row * stride + kernel, col * stride : col * stride + kernel]


def texts(grid: Any) -> Any:
    return np.array([[number(cell.text) for cell in row] for row in grid])


@pytest.mark.parametrize("view", ["slide", "image"])
def test_a_lens_multiplies_the_window_by_the_kernel_and_adds(view: Any) -> None:
    x, w = RANDOM.integers(-3, 9, (34, 34)), RANDOM.integers(-3, 4, (3, 3))
    scene = animate(Conv(34, 3, 3, 1), view, x=x, w=w, bias=[7], pace="even").scene
    names = [panel.name for panel in scene.panels]
    assert names == ["input", "lens window", "kernel", "lens products", "bias", "lens result", "output"]
    for seen, (_, window, kernel, products, bias, result, _) in zip(walked(x, 3, 3, 1), states(scene), strict=True):
        assert (texts(window) == seen).all()
        assert (texts(kernel) == w).all()
        assert (texts(products) == seen * w).all()
        assert texts(bias) == 7
        assert texts(result) == (seen * w).sum() + 7


def test_the_lens_of_a_transposed_layer_shows_inserted_zeros_and_the_flipped_kernel() -> None:
    x, w = RANDOM.integers(1, 9, (17, 17)), RANDOM.integers(1, 9, (4, 4))
    spread = np.zeros((33, 33), int)
    spread[::2, ::2] = x
    scene = animate(ConvTranspose(17, 4, 2, 1), x=x, w=w, pace="even", max_frames=2000).scene
    for seen, (_, window, kernel, _, result, _) in zip(walked(spread, 4, 1, 2), states(scene), strict=True):
        assert (texts(window) == seen).all()
        assert (texts(kernel) == w[::-1, ::-1]).all()
        assert texts(result) == (seen * w[::-1, ::-1]).sum()


@pytest.mark.parametrize(
    ("layer", "compute"), [(MaxPool(48, 2), np.max), (AvgPool(48, 2), np.mean)], ids=["max", "mean"]
)
def test_a_lens_shows_the_values_that_are_pooled(layer: Layer, compute: Any) -> None:
    x = RANDOM.integers(0, 9, (48, 48)) * 4
    for seen, (_, window, result, _) in zip(
        walked(x, 2, 2, 0), states(animate(layer, x=x, pace="even").scene), strict=True
    ):
        assert (texts(window) == seen).all()
        assert texts(result) == compute(seen)


def test_the_first_step_is_told_in_moments() -> None:
    whole = animate(Conv(40, 3, 1, 1)).scene
    assert whole.moments == ("window", "multiply", "add", "write")
    told = []
    for grids, frame in zip(states(whole), whole.frames, strict=True):
        if frame.number == 1:
            told.append([[cell for row in grids[panel] for cell in row] for panel in (3, 4)])
    products, results = zip(*told, strict=True)
    assert [any(cell.text for cell in cells) for cells in products] == [False, True, True, True]
    assert all("·" in cell.note for cell in products[1] if cell.role == "product")
    assert [cell.text for cells in results for cell in cells][:3] == ["?", "?", ""]
    assert results[3][0].text.isdecimal()


@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (Conv(40, 3, 1, 1), (1280, 720)),
        (Conv(40, 3, 1, 1), (720, 720)),
        (ConvTranspose(20, 5, 2, 1), (720, 1280)),
        (MaxPool((20, 60), 3, 1), (1920, 1080)),
    ],
    ids=str,
)
def test_nothing_touches_in_a_picture_with_a_lens(layer: Layer, size: tuple[int, int]) -> None:
    drawn = animate(layer, size=size, frames=5).display_list
    layout = drawn.layout
    assert problems(layout, drawn.scene) == []
    inside = [grid for grid, shown in zip(layout.grids, magnified_panels(drawn.scene.body), strict=True) if shown]
    assert min(grid.pitch for grid in inside) >= LEAST_LENS * 0.7
    assert all(layout.numbered)


def test_lines_join_the_window_with_its_numbers_where_they_cross_no_text() -> None:
    wide, square = (animate(Conv(40, 3, 1, 1), size=size, frames=3).display_list for size in [(1280, 720), (720, 720)])
    assert wide.layout.lens_is_beside
    assert not square.layout.lens_is_beside
    assert len(list(wide.guide_lines(wide.scene.frames[1], {}, ()))) == 4
    assert list(square.guide_lines(square.scene.frames[1], {}, ())) == []


def test_a_kernel_too_large_for_a_lens_is_a_block_of_text() -> None:
    scene = animate(Conv(60, 9), frames=3).scene
    assert [panel.name for panel in scene.panels] == ["input", "output"]
