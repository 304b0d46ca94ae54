"""matrix: the entries of C, the highlighted rows, and the values of x and y, against unit impulses."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, PictureError
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.layers.pooling import Pool
from convviz.scene.model import Timing
from convviz.views.matrix import matrix
from tests.profile import max_examples
from tests.views.layers import (
    any_layer,
    at,
    attempted,
    close,
    counting,
    expected,
    faults,
    flat,
    last,
    meetings_of,
    named,
    number,
    scene_of,
    states,
    texts,
    values,
)

LINEAR = ("conv", "transposed", "avgpool")
SMALL = any_layer(4, LINEAR, cells=64)


def impulses(layer: Layer, w: np.ndarray) -> np.ndarray:
    """Return the matrix, one column for each unit impulse sent through the loops."""
    c = np.zeros((prod(layer.output), prod(layer.input)))
    for one, other, tap in meetings_of(layer):
        row, col = np.ravel_multi_index(other, layer.output), np.ravel_multi_index(one, layer.input)
        c[row, col] += 1 / counting(layer, other) if isinstance(layer, Pool) else w[tap]
    return c


@max_examples(90)
@given(layer=SMALL, seed=st.integers(0, 99))
def test_the_entries_are_what_unit_impulses_give(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, "matrix", seed)
    c = impulses(layer, values(layer, seed)[1])
    reached = impulses(layer, np.ones(layer.kernel)) != 0
    grid = named(scene, "matrix")[1].cells
    assert (len(grid), len(grid[0])) == c.shape
    for (row, col), entry in np.ndenumerate(c):
        cell = grid[row][col]
        assert (cell.role == "kernel") == reached[row, col]
        assert close(cell.text, entry) if reached[row, col] else (cell.role, cell.text) == ("zero", "0")


@max_examples(90)
@given(layer=SMALL, seed=st.integers(0, 99))
def test_the_shown_matrix_times_the_shown_x_is_the_shown_y(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, "matrix", seed)
    grids = last(scene)
    c = np.array([[number(cell.text or "0") for cell in row] for row in grids[named(scene, "matrix")[0]]])
    x, y = (flat(grids[named(scene, name)[0]]) for name in ("x", "y"))
    assert np.allclose(c @ np.array(x), y, rtol=0.01, atol=0.05)
    assert np.allclose(y, expected(layer, seed).ravel(), rtol=0.006, atol=1e-9)


@max_examples(90)
@given(layer=SMALL)
def test_row_t_of_c_and_column_t_of_its_transpose_are_outlined(layer: Layer) -> None:
    scene = scene_of(layer, "matrix")
    c, turned, corner = (named(scene, name)[0] for name in ("matrix", "transposed", "corner"))
    inputs = prod(layer.input)
    assert [frame.number for frame in scene.frames] == list(range(1, prod(layer.output) + 1))
    for t, (frame, grids) in enumerate(zip(scene.frames, states(scene), strict=True)):
        marks = {mark.panel: (mark.rows, mark.cols) for mark in frame.marks}
        assert marks[c] == ((t,), tuple(range(inputs)))
        assert marks[turned] == (tuple(range(inputs)), (t,))
        assert corner not in marks
        assert [list(line) for line in zip(*grids[turned], strict=True)] == [list(line) for line in grids[c]]


@max_examples(90)
@given(layer=SMALL)
def test_the_grids_of_x_and_y_show_the_window_and_its_output_cell(layer: Layer) -> None:
    scene = scene_of(layer, "matrix")
    x, line, grid = (named(scene, name)[0] for name in ("input", "y", "output"))
    read: dict[Any, set[Any]] = {index: set() for index in np.ndindex(layer.output)}
    for one, other, _ in meetings_of(layer):
        read[other].add(at(one))
    for t, (frame, (output, cells)) in enumerate(zip(scene.frames, read.items(), strict=True)):
        highlighted = {(m.panel, r, c) for m in frame.marks if m.highlighted for r in m.rows for c in m.cols}
        assert highlighted == {(x, *cell) for cell in cells}
        marks = {mark.panel: (mark.rows, mark.cols) for mark in frame.marks}
        assert marks[line] == ((t,), (0,))
        assert marks[grid] == tuple((n,) for n in at(output))
        written = {(c.panel, c.row, c.col): c.cell for c in frame.changes}
        assert written[line, t, 0] == written[(grid, *at(output))]
        own, other = named_matrices(layer)
        y = f"y[{','.join(map(str, output))}]"
        words = f"Row {t} of {own} holds the weights of {len(cells)} input cell{'s' * (len(cells) != 1)}; "
        words += f"column {t} of {other} sends {y} times these weights back to them"
        if not cells:
            words = f"Row {t} of {own} holds only zeros, and column {t} of {other} sends nothing back"
        assert frame.caption.fitted(999) == words


def named_matrices(layer: Layer) -> tuple[str, str]:
    """Return the names of Dumoulin & Visin: C is the matrix of the convolution, Cᵀ that of a transposed one."""
    return ("Cᵀ", "C") if isinstance(layer, ConvTranspose) else ("C", "Cᵀ")


@pytest.mark.parametrize("layer", [Conv(4, 3), ConvTranspose(2, 3), Conv((5,), 2, 2), ConvTranspose((3,), 2, 2)])
def test_a_transposed_layer_has_the_transposed_matrix_of_its_convolution(layer: Layer) -> None:
    assert isinstance(layer, Conv | ConvTranspose)
    w = values(layer, 1)[1]
    own, other = named_matrices(layer)
    assert w is not None
    conv = layer if isinstance(layer, Conv) else layer.transpose()
    c = {"C": conv.matrix(w), "Cᵀ": conv.matrix(w).T}
    scene = scene_of(layer, "matrix", 1)
    shown = {panel.label: panel for panel in scene.panels}
    assert [[number(cell.text or "0") for cell in row] for row in shown[own].cells] == c[own].tolist()
    assert np.shape(shown[other].cells)[:2] == c[other].shape
    assert scene.sizes == f"y = {own} x  ·  sent back: {other} y"
    assert scene.formulas[0].symbols.startswith(f"{own} is ")


@max_examples(100)
@given(layer=any_layer(5, ("avgpool",), cells=64))
def test_rows_of_an_average_sum_to_one_where_no_padding_counts(layer: Any) -> None:
    scene = scene_of(layer, "matrix")
    grid = named(scene, "matrix")[1].cells
    window = prod(layer.kernel)
    for row in grid:
        cells = [number(cell.text) for cell in row if cell.text]
        if len(cells) == window or not layer.count_include_pad:
            assert abs(sum(cells) - 1) < 0.01


@max_examples(100)
@given(layer=SMALL)
def test_the_formula_counts_the_entries_that_hold_a_weight(layer: Layer) -> None:
    scene = scene_of(layer, "matrix")
    rows, cols = prod(layer.output), prod(layer.input)
    filled = int((impulses(layer, np.ones(layer.kernel)) != 0).sum())
    (words,) = scene.formulas[0].variants()
    assert words.startswith(f"{named_matrices(layer)[0]} is {rows}×{cols}: {filled} of {rows * cols} entries ")
    assert ("zero" in [entry.text for entry in scene.legend]) == (filled < rows * cols)
    assert faults(scene) == []


def test_a_maximum_has_no_matrix() -> None:
    with pytest.raises(PictureError, match="needs a linear layer: a maximum is not one; use slide or scatter"):
        scene_of(MaxPool(4, 2), "matrix")


@pytest.mark.parametrize("layer", [Conv(9, 3), ConvTranspose(3, 3, 3), Conv((65,), (2,)), AvgPool((13, 5), 1)])
def test_more_than_64_cells_are_refused_with_a_way_out(layer: Layer) -> None:
    rows, cols = prod(layer.output), prod(layer.input)
    with pytest.raises(PictureError, match=rf"a matrix of {rows}×{cols} cannot be read; use at most 64"):
        scene_of(layer, "matrix")


@pytest.mark.parametrize(
    "layer", [Conv(8, 1), Conv((64,), (1,)), ConvTranspose((8, 4), 1, (1, 2), output_padding=(0, 1))]
)
def test_64_cells_are_drawn(layer: Layer) -> None:
    assert faults(scene_of(layer, "matrix")) == []


def test_several_channels_are_refused_or_all_shown() -> None:
    """The picture says y = C x; of three channels one alone is not x."""
    generator = np.random.default_rng(4)
    layer = Conv(3, 2)
    x, w = generator.integers(1, 5, (3, 3, 3)), generator.integers(1, 5, (1, 3, 2, 2))
    scene, sentence = attempted(lambda: matrix(layer, conv_values(layer.sliding_windows, x, w), Timing()))
    if sentence:
        assert "channel" in sentence
        return
    grids = last(scene)
    c = np.array([[number(cell.text or "0") for cell in row] for row in grids[named(scene, "matrix")[0]]])
    x_line, y_line = (flat(grids[named(scene, name)[0]]) for name in ("x", "y"))
    assert (c @ np.array(x_line)).tolist() == y_line


def test_a_bias_is_refused_or_shown() -> None:
    layer = Conv(3, 2)
    given_ = conv_values(layer.sliding_windows, np.ones((3, 3), int), [[1, 2], [3, 4]], [5])
    scene, sentence = attempted(lambda: matrix(layer, given_, Timing()))
    assert "bias" in sentence or scene
    assert sentence or "y = C x + bias 5" in texts(scene)
