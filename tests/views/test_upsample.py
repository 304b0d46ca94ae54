"""upsample: four methods against numpy's repeat and loops, and bilinear against PyTorch's values."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, PictureError
from convviz.layers import examples
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.scene.model import Scene, Timing
from convviz.views.upsample import pixel_shuffle, upsample
from tests import oracles
from tests.profile import max_examples
from tests.views.layers import faults, flat, last, number, scene_of

NEAREST, TRANSPOSED, SHUFFLED, BILINEAR = range(4)
VECTORS = oracles.vectors("bilinear.json")["cases"]


def scene_for(x: Any, factor: int) -> Scene:
    x = np.array(x)
    layer = ConvTranspose(x.shape, 3, factor, 1)
    return upsample(layer, conv_values(layer.sliding_windows, x, np.ones((3, 3), int)), Timing())


def outputs(scene: Scene) -> list[np.ndarray]:
    return [np.array([[number(cell.text) for cell in row] for row in grid]) for grid in last(scene)[1::2]]


def convolved(x: np.ndarray, w: Any) -> np.ndarray:
    """A 3×3 window without a flip over x with one ring of zeros."""
    ringed = np.zeros((x.shape[0] + 2, x.shape[1] + 2), dtype=x.dtype)
    ringed[1:-1, 1:-1] = x
    y = np.zeros_like(x)
    for (row, col), (u, v) in product(np.ndindex(x.shape), np.ndindex(3, 3)):
        y[row, col] += ringed[row + u, col + v] * w[u][v]
    return y


@st.composite
def pictures(draw: Any) -> tuple[np.ndarray, int]:
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 4)))
    x = np.random.default_rng(draw(st.integers(0, 999))).integers(-9, 10, shape)
    return x, draw(st.integers(2, 4))


@max_examples(40)
@given(case=pictures())
def test_the_first_three_ways_are_repeat_and_then_a_window_in_loops(case: tuple[np.ndarray, int]) -> None:
    x, factor = case
    wanted = convolved(x.repeat(factor, axis=0).repeat(factor, axis=1), examples.example_kernel((3, 3), 0))
    for method in outputs(scene_for(x, factor))[:BILINEAR]:
        assert (method == wanted).all()


@max_examples(40)
@given(case=pictures())
def test_pixel_shuffle_computes_every_phase_for_any_kernel(case: tuple[np.ndarray, int]) -> None:
    """Oracle: stamps of the large kernel in loops; the kernel is not a sum of boxes here."""
    x, factor = case
    size = factor + 2
    grown = np.random.default_rng(factor).permutation(size * size).reshape(size, size) - 7
    full = np.zeros([n * factor + 2 for n in x.shape], dtype=int)
    for (row, col), (u, v) in product(np.ndindex(x.shape), np.ndindex(size, size)):
        full[row * factor + u, col * factor + v] += x[row, col] * grown[u, v]
    assert (pixel_shuffle(x, grown, factor) == full[1:-1, 1:-1]).all()


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{case['f']} {case['input_name']}")
def test_bilinear_is_what_pytorch_computes(case: dict[str, Any]) -> None:
    """Cells show one decimal."""
    scene = scene_for(case["x"], case["f"])
    wanted = np.array(case["y_conv_transpose"])
    shown = outputs(scene)[BILINEAR]
    assert shown.shape == wanted.shape
    assert np.abs(shown - wanted).max() <= 0.051


@max_examples(25)
@given(case=pictures())
def test_all_four_write_the_same_cell_at_each_step_in_reading_order(case: tuple[np.ndarray, int]) -> None:
    x, factor = case
    scene = scene_for(x, factor)
    shape = tuple(side * factor for side in x.shape)
    assert scene.sizes == f"{x.shape[0]}×{x.shape[1]} → {shape[0]}×{shape[1]}, k and p follow from f"
    assert scene.badges[-1].text == f"f = s = {factor}"
    assert [(panel.rows, panel.cols) for panel in scene.panels] == [x.shape, shape] * 4
    for frame, output in zip(scene.frames, np.ndindex(shape), strict=True):
        assert [(one.panel, one.row, one.col) for one in frame.changes] == [(panel, *output) for panel in (1, 3, 5, 7)]
        assert frame.tab == 4
    assert faults(scene) == []
    assert all(flat(panel.cells) == x.ravel().tolist() for panel in scene.panels[::2])


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_marked_input_cells_are_those_that_change_the_output_cell(factor: int) -> None:
    """With a 1 in one input cell at a time: the marks enclose exactly the cells that make a difference."""
    shape = (3, 2)
    fed: list[dict[Any, set[Any]]] = [{} for _ in range(4)]
    for cell in np.ndindex(shape):
        x = np.zeros(shape, dtype=int)
        x[cell] = 10
        for method, y in enumerate(outputs(scene_for(x, factor))):
            for output in np.argwhere(y):
                fed[method].setdefault(tuple(output), set()).add(cell)
    for frame in scene_for(np.ones(shape, int), factor).frames:
        output = frame.changes[0].row, frame.changes[0].col
        for method in range(4):
            highlighted = [(m.rows, m.cols) for m in frame.marks if m.panel == 2 * method and m.highlighted]
            cells = fed[method].get(output, set())
            assert highlighted == ([tuple(tuple(sorted({c[axis] for c in cells})) for axis in (0, 1))] if cells else [])


@pytest.mark.parametrize(
    "layer",
    [
        *(ConvTranspose(3, 3), ConvTranspose(3, 3, (2, 3)), ConvTranspose((3,), 3, 2)),
        *(Conv(5, 3, 2), MaxPool(4, 2), AvgPool(4, 2)),
    ],
)
def test_other_layers_are_refused_with_a_way_out(layer: Layer) -> None:
    with pytest.raises(PictureError, match="needs a 2-D transposed convolution; its stride, 2 or more, is the factor"):
        scene_of(layer, "upsample")


def test_several_channels_are_refused_with_a_way_out() -> None:
    layer = ConvTranspose(2, 3, 2)
    with pytest.raises(PictureError, match="shows one input channel; leave out the channels"):
        upsample(layer, conv_values(layer.sliding_windows, np.ones((2, 2, 2)), np.ones((2, 1, 3, 3))), Timing())
