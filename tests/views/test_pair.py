"""pair: the values sent back are the gradient, in loops; sizes return; output padding is at the end."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool, PictureError
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.scene.model import Scene, Timing
from convviz.views.pair import pair
from tests.profile import max_examples
from tests.views.layers import (  # fmt: skip
    Index,
    any_layer,
    at,
    attempted,
    expected,
    faults,
    flat,
    last,
    meetings_of,
    number,
    scene_of,
    states,
    text_of,
    values,
)

INPUT, OUTPUT, BACK = range(3)


def paired(layer: Layer, seed: int | None = 1) -> Scene:
    """Return the scene; layers without a transpose are skipped."""
    try:
        return scene_of(layer, "pair", seed)
    except (PictureError, GeometryError):
        assume(False)
        raise


@max_examples(130)
@given(layer=any_layer(4, ("conv", "transposed"), cells=100), seed=st.integers(0, 99))
def test_what_comes_back_is_the_gradient_of_loops_at_every_step(layer: Any, seed: int) -> None:
    scene = paired(layer, seed)
    y, w = expected(layer, seed), values(layer, seed)[1]
    met: dict[Index, list[tuple[Index, Index]]] = {output: [] for output in np.ndindex(layer.output)}
    for one, other, tap in meetings_of(layer):
        met[other].append((one, tap))
    back: defaultdict[Index, int] = defaultdict(int)
    for number_, (output, grids) in enumerate(zip(met, states(scene), strict=False), start=1):
        for one, tap in met[output]:
            back[one] += y[output] * w[tap]
        if number_ < len(met):
            cells = {(r, c): cell for r, line in enumerate(grids[BACK]) for c, cell in enumerate(line)}
            shown = {place: cell.text for place, cell in cells.items() if cell.role == "input"}
            assert shown == {at(one): text_of(value) for one, value in back.items()}
    end = last(scene)[BACK]
    assert flat(end) == [back[index] for index in np.ndindex(layer.input)]
    assert {cell.role for row in end for cell in row} == {"input"}


@max_examples(90)
@given(layer=any_layer(4, ("conv", "transposed"), cells=100))
def test_the_connected_cells_are_those_that_meet_the_output_cell(layer: Any) -> None:
    scene = paired(layer)
    read: dict[Index, set[tuple[int, int]]] = {output: set() for output in np.ndindex(layer.output)}
    for one, other, _ in meetings_of(layer):
        read[other].add(at(one))
    for frame, (output, cells) in zip(scene.frames[:-1], read.items(), strict=True):
        highlighted = {(m.panel, r, c) for m in frame.marks if m.highlighted for r in m.rows for c in m.cols}
        assert highlighted == {(panel, *cell) for cell in cells for panel in (INPUT, BACK)}
        assert [(m.rows, m.cols) for m in frame.marks if m.panel == OUTPUT] == [tuple((n,) for n in at(output))]
        y = f"y[{','.join(map(str, output))}]"
        assert ("sends nothing back" in frame.caption.fitted(999)) == (not cells)
        assert (f"and sends {y} times the weights back to them" in frame.caption.fitted(999)) == bool(cells)


@max_examples(110)
@given(layer=any_layer(5, ("conv", "transposed")))
def test_sizes_go_one_way_and_come_back(layer: Any) -> None:
    scene = paired(layer)
    inputs, outputs = ("×".join(map(str, sides)) for sides in (layer.input, layer.output))
    assert scene.sizes == f"{inputs} → {outputs} → {inputs}"
    assert (scene.panels[BACK].rows, scene.panels[BACK].cols) == (1, *layer.input)[-2:]
    assert scene.panels[BACK].caption == f"sent back: {inputs}"
    assert number(scene.panels[BACK].caption.split(" ")[-1].split("×")[0]) == layer.input[0]
    kernel = scene.panels[BACK + 1]
    assert kernel.caption == f"kernel {'×'.join(map(str, layer.kernel))}, the same both ways"
    w = values(layer, 1)[1]
    assert w is not None
    assert [number(cell.text) for row in kernel.cells for cell in row] == w.ravel().tolist()
    assert faults(scene) == []


@max_examples(110)
@given(layer=any_layer(6, ("conv",)))
def test_strips_are_on_the_last_rows_and_columns_that_the_floor_drops(layer: Any) -> None:
    """Oracle: the padded cells after the last window, counted one by one."""
    scene = paired(layer)
    strips = set()
    for axis in range(len(layer.axes)):
        end = layer.input[axis] + sum(layer.padding[axis])
        start = (layer.output[axis] - 1) * layer.stride[axis]
        reached = max(start + tap * layer.dilation[axis] for tap in range(layer.kernel[axis]))
        rest = len(range(reached + 1, end))
        shape = (1, *layer.input)[-2:]
        at_axis = axis + 2 - len(layer.axes)
        strips |= {place for place in np.ndindex(shape) if place[at_axis] >= shape[at_axis] - rest}
    for frame in scene.frames:
        sources = [mark for mark in frame.marks if mark.role == "source"]
        assert {mark.panel for mark in sources} <= {BACK}
        assert {(r, c) for mark in sources for r in mark.rows for c in mark.cols} == strips
    assert any(key.role == "source" for key in scene.legend) == bool(strips)


def test_cells_that_no_window_reads_come_back_as_zeros() -> None:
    layer = Conv(5, 1, 3)
    scene = scene_of(layer, "pair")
    read = {(r, c) for r in (0, 3) for c in (0, 3)}
    end = last(scene)[BACK]
    assert all(end[r][c].text == "0" for r, c in np.ndindex(5, 5) if (r, c) not in read)
    *_, before, _, _ = ([[cell.role for cell in row] for row in grids[BACK]] for grids in states(scene))
    assert all((before[r][c] == "empty") for r, c in np.ndindex(5, 5) if (r, c) not in read)


@pytest.mark.parametrize("layer", [MaxPool(4, 2), AvgPool(4, 2)])
def test_a_pooling_is_refused_with_a_way_out(layer: Layer) -> None:
    with pytest.raises(PictureError, match="a pooling has no transpose; use slide or scatter"):
        scene_of(layer, "pair")


@pytest.mark.parametrize("layer", [Conv(5, 3, padding=1, padding_mode="reflect"), ConvTranspose(2, 3, 2, 1, 3, 2)])
def test_a_layer_without_a_transpose_is_refused_with_a_way_out(layer: Layer) -> None:
    with pytest.raises((PictureError, GeometryError), match="; use "):
        scene_of(layer, "pair")


def test_the_formulas_name_both_layers() -> None:
    lines = [formula.variants()[0] for formula in scene_of(Conv(6, 3, 2, 1), "pair").formulas]
    assert lines[0].startswith("conv, o = ")
    assert lines[1].startswith("transposed, o = ")
    assert "= 3" in lines[0]
    assert lines[1].endswith("= 6")


def test_several_channels_are_refused_or_all_shown() -> None:
    """An output that gathers from three channels is not the window's sum over the one that is shown."""
    generator = np.random.default_rng(4)
    layer = Conv(3, 2)
    x, w = generator.integers(1, 5, (3, 3, 3)), generator.integers(1, 5, (1, 3, 2, 2))
    scene, sentence = attempted(lambda: pair(layer, conv_values(layer.sliding_windows, x, w), Timing()))
    if sentence:
        assert "channel" in sentence
        return
    assert sum(panel.name == "input" for panel in scene.panels) == 3


@max_examples(90)
@given(layer=any_layer(4, ("conv", "transposed"), cells=100), seed=st.integers(0, 99))
def test_the_end_says_what_a_cell_of_the_input_became(layer: Any, seed: int) -> None:
    """Oracle: what comes back is C^T C x, with the matrix C made of unit impulses in loops."""
    scene = paired(layer, seed)
    x, w = values(layer, seed)
    size = int(np.prod(layer.input))
    matrix = np.zeros((int(np.prod(layer.output)), size), int)
    for one, other, tap in meetings_of(layer):
        matrix[np.ravel_multi_index(other, layer.output), np.ravel_multi_index(one, layer.input)] += w[tap]  # type: ignore[index]
    back = (matrix.T @ matrix @ x.ravel()).reshape(layer.input)
    end = scene.frames[-1]
    assert scene.steps == len(scene.frames) == np.prod(layer.output) + 1
    marks = [mark for mark in end.marks if mark.role == "window"]
    assert [mark.panel for mark in marks] == [INPUT, BACK]
    assert len({(mark.rows, mark.cols) for mark in marks}) == 1
    if np.array_equal(back, x):
        assert end.caption.fitted(999) == "same size, and here the same numbers"
        return
    cell = (*marks[0].rows, *marks[0].cols)[-len(layer.axes) :]
    words = f"same size, other numbers: {text_of(x[cell])} became {text_of(back[cell])}; a transpose is not an inverse"
    assert end.caption.fitted(999) == words


def test_the_end_without_numbers_speaks_in_general() -> None:
    words = "same size, but in general other numbers: a transpose is not an inverse"
    assert scene_of(Conv(3, 2), "pair", None).frames[-1].caption.fitted(999) == words


def test_a_kernel_of_one_leaves_the_numbers() -> None:
    layer = Conv(2, 1)
    scene = pair(layer, conv_values(layer.sliding_windows, [[7, -2], [0, 1]], [[1]]), Timing())
    assert scene.frames[-1].caption.fitted(999) == "same size, and here the same numbers"
