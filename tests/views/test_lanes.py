"""1-D layers as lanes, against brute force: corresponding cells are aligned, frame by frame."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.scene.frame_selection import keep_evenly
from convviz.scene.model import Cell, Connector, Scene, Timing
from convviz.text.lines import Sentence
from convviz.views.lanes import signal_notation
from convviz.views.slide import slide
from tests.at_rest import animate
from tests.profile import max_examples
from tests.views.strategies import (
    NUMPY_MODES,
    agrees,
    any_layers,
    applied,
    check_equation,
    expected,
    laid,
    line_of,
    named,
    panel,
    scene_of,
    shown,
    values,
)

BLANK = Cell("blank")
lines = any_layers(8, axes=1)


def states(scene: Scene, index: int) -> list[list[Cell]]:
    """Return the cells of a lane in each frame."""
    cells, found = list(scene.panels[index].cells[0]), []
    for frame in scene.frames:
        for change in frame.changes:
            if change.panel == index:
                assert change.row == 0
                cells[change.col] = change.cell
        found.append(list(cells))
    return found


@max_examples(300)
@given(layer=lines)
def test_every_lane_has_a_column_for_every_cell_of_the_line(layer: Layer) -> None:
    scene, line = scene_of(layer), line_of(layer, 0)
    assert {(panel.rows, panel.cols) for panel in scene.panels} == {(1, len(line.kinds))}
    assert scene.body.direction == "column"
    assert not scene.body.may_turn
    wanted = ["input"] + ["kernel"] * (not isinstance(layer, Pool)) + ["output"]
    if isinstance(layer, ConvTranspose) and layer.stride[0] > 1:
        wanted.insert(0, "x")
    assert [panel.name for panel in scene.panels] == wanted


@max_examples(300)
@given(layer=lines)
def test_the_line_shows_roles_values_and_cells_that_take_no_part(layer: Layer) -> None:
    (x, _), grid = values(layer, 1), laid(layer)
    for column, cell in enumerate(panel(scene_of(layer), "input").cells[0]):
        source = grid.source((column,))
        assert cell.role == grid.role((column,))
        assert cell.faded == grid.faded((column,))
        if source is not None:
            assert cell.text
            assert shown(cell.text) == x[source]
        else:
            assert cell.text == ("0" if cell.role == "inserted" else "")


@max_examples(300)
@given(layer=any_layers(8, axes=1, kinds=(Conv, ConvTranspose)), seed=st.integers(0, 99))
def test_the_kernel_is_under_the_cells_it_weighs_and_nowhere_else(layer: Layer, seed: int) -> None:
    (_, w), line, scene = values(layer, seed), line_of(layer, 0), scene_of(layer, seed)
    assert w is not None
    (lane,) = named(scene, "kernel")
    assert set(scene.panels[lane].cells[0]) == {BLANK}
    for window, cells in zip(line.windows, states(scene, lane), strict=True):
        at = dict(zip(window, applied(layer, w).tolist(), strict=True))
        for column, cell in enumerate(cells):
            assert cell.role == ("kernel" if column in at else "blank")
            assert not cell.faded
            assert (shown(cell.text) if column in at else cell) == at.get(column, BLANK)


@max_examples(300)
@given(layer=lines, seed=st.integers(0, 99))
def test_each_output_is_written_below_the_middle_of_its_window(layer: Layer, seed: int) -> None:
    (x, w), line, scene = values(layer, seed), line_of(layer, 0), scene_of(layer, seed)
    (lane,) = named(scene, "output")
    middles = [(window[0] + window[-1]) // 2 for window in line.windows]
    assert [n for n, cell in enumerate(scene.panels[lane].cells[0]) if cell.role == "empty"] == middles
    assert {cell.role for cell in scene.panels[lane].cells[0]} <= {"empty", "blank"}
    for output, (frame, cells) in enumerate(zip(scene.frames, states(scene, lane), strict=True)):
        written = [n for n, cell in enumerate(cells) if cell.role == "output"]
        assert written == middles[: output + 1]
        assert agrees(cells[middles[output]].text, expected(layer, x, w, (output,)))
        check_equation(frame.caption, f"y[{output}]", cells[middles[output]].text)
        marks = [mark for mark in frame.marks if mark.panel == lane]
        assert [(mark.rows, mark.cols, mark.role, mark.highlighted) for mark in marks] == [
            ((0,), (middles[output],), "window", False)
        ]


@max_examples(300)
@given(layer=lines)
def test_window_and_borrowed_cells_are_marked_on_the_line(layer: Layer) -> None:
    grid, scene = laid(layer), scene_of(layer)
    start = grid.lines[0].kinds.index("input")
    (lane,) = named(scene, "input")
    for output, frame in enumerate(scene.frames):
        under = grid.window((output,))
        marks = [mark for mark in frame.marks if mark.panel == lane]
        assert [mark.cols for mark in marks if mark.highlighted] == [tuple(n for (n,) in under)]
        sources = [grid.source(place) for place in under if grid.role(place) == "padding"]
        borrowed = {source[0] + start for source in sources if source is not None}
        assert {mark.cols for mark in marks if mark.role == "source"} == {(column,) for column in borrowed}
        assert len([mark for mark in marks if mark.role != "last"]) == 1 + len(borrowed)


@max_examples(300)
@given(layer=lines)
def test_links_go_straight_down_from_the_window_to_the_kernel_to_the_output(layer: Layer) -> None:
    line, scene = line_of(layer, 0), scene_of(layer)
    at = {panel.name: index for index, panel in enumerate(scene.panels)}
    for window, frame in zip(line.windows, scene.frames, strict=True):
        middle = (window[0] + window[-1]) // 2
        wanted = [Connector(at["input"], at["kernel"], column) for column in window] if "kernel" in at else []
        wanted.append(Connector(at.get("kernel", at["input"]), at["output"], middle))
        assert sorted(frame.connectors, key=repr) == sorted(wanted, key=repr)


@max_examples(100)
@given(layer=any_layers(8, axes=1, kinds=(ConvTranspose,)))
def test_before_zeros_are_inserted_the_input_is_in_the_middle_of_its_lane(layer: Layer) -> None:
    scene, (x, _) = scene_of(layer), values(layer, 1)
    if not named(scene, "x"):
        assert layer.stride == (1,)
        return
    cells = panel(scene, "x").cells[0]
    places = [n for n, cell in enumerate(cells) if cell.role != "blank"]
    assert places == list(range(places[0], places[0] + layer.input[0]))
    assert [shown(cells[n].text) for n in places] == x.tolist()
    line = panel(scene, "input").cells[0]
    spread = [n for n, cell in enumerate(line) if cell.role == "input"]
    assert abs((places[0] + places[-1]) - (spread[0] + spread[-1])) <= 1


@max_examples(200)
@given(layer=lines, wanted=st.integers(1, 5))
def test_fewer_frames_show_the_same_lanes(layer: Layer, wanted: int) -> None:
    scene = scene_of(layer)
    fewer = keep_evenly(scene, wanted)
    for index in range(len(scene.panels)):
        whole = dict(zip((frame.number for frame in scene.frames), states(scene, index), strict=True))
        for frame, cells in zip(fewer.frames, states(fewer, index), strict=True):
            assert cells == whole[frame.number]


@max_examples(200)
@given(layer=lines)
def test_without_numbers_no_cell_has_a_text_and_the_caption_names_what_is_read(layer: Layer) -> None:
    scene, grid = slide(layer, None, Timing()), laid(layer)
    for index in range(len(scene.panels)):
        assert not any(cell.text for cells in states(scene, index) for cell in cells)
        assert [[cell.role for cell in cells] for cells in states(scene, index)] == [
            [cell.role for cell in cells] for cells in states(scene_of(layer), index)
        ]
    for output, frame in enumerate(scene.frames):
        assert isinstance(frame.caption, Sentence)
        read = sorted({source[0] for source in map(grid.source, grid.window((output,))) if source is not None})
        text = frame.caption.fitted(1000)
        if not read:
            only = "padding" if isinstance(layer, Pool) else "zeros"
            assert text == f"y[{output}] reads no input cell, only {only}"
        elif len(read) == 1:
            assert text == f"y[{output}] reads cell {read[0]} of the input"
        else:
            assert text.startswith(f"y[{output}] reads cells {read[0]}")
            assert text.endswith(f"{read[-1]} of the input")


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Conv((5,), 3), "y = x ⋆ w"),
        (Conv((5,), 3, 2), "y = ↓2 (x ⋆ w)"),
        (Conv((5,), 2, 1, 0, 3), "y = x ⋆ (↑3 w)"),
        (Conv((9,), 2, 2, 0, 3), "y = ↓2 (x ⋆ (↑3 w))"),
        (ConvTranspose((5,), 3), "y = x ∗ w"),
        (ConvTranspose((5,), 3, 2), "y = (↑2 x) ∗ w"),
        (ConvTranspose((5,), 3, 1, 0, 2), "y = x ∗ (↑2 w)"),
        (ConvTranspose((5,), 3, 3, 0, 2), "y = (↑3 x) ∗ (↑2 w)"),
        (MaxPool((6,), 2), "y = max over 2 cells, ↓2"),
        (AvgPool((6,), 3, 1), "y = mean over 3 cells"),
    ],
)
def test_the_layer_as_signal_processing_writes_it(layer: Layer, words: str) -> None:
    assert signal_notation(layer) == words
    assert scene_of(layer).sizes == words


@max_examples(100)
@given(layer=any_layers(7, axes=1, kinds=(Conv, ConvTranspose)), seed=st.integers(0, 99))
def test_the_signal_sentence_computes_the_output(layer: Layer, seed: int) -> None:
    """Evaluate the notation literally, ∗ with numpy's convolve and ⋆ with its correlate; padding cropped or added."""

    def up(values: np.ndarray, factor: int) -> np.ndarray:
        spread = np.zeros((len(values) - 1) * factor + 1, dtype=int)
        spread[::factor] = values
        return spread

    (x, w), (before, after) = values(layer, seed), layer.padding[0]
    words = signal_notation(layer)
    factors = {what: int(n) for n, what in re.findall(r"↑(\d+) ([wx])", words)}
    down = int(words.split("↓")[1].split()[0]) if "↓" in words else 1
    assert w is not None
    w = up(w, factors.get("w", 1))
    sign = {"⋆": np.correlate, "∗": np.convolve}[re.findall("[⋆∗]", words)[0]]
    if isinstance(layer, Conv):
        padded = np.pad(x, (before, after), NUMPY_MODES[layer.padding_mode])  # type: ignore[call-overload]
        y = sign(padded, w, "valid")[::down]
    else:
        y = np.concatenate([sign(up(x, factors.get("x", 1)), w, "full"), [0] * layer.output_padding[0]])
        y = y[before : len(y) - after]
    scene = scene_of(layer, seed)
    (lane,) = named(scene, "output")
    assert [int(shown(cell.text)) for cell in states(scene, lane)[-1] if cell.role == "output"] == y.tolist()


@pytest.mark.parametrize(
    ("layer", "labels", "caption"),
    [
        (Conv((7,), 3, 2, 1), ["x", "w", "y"], "input, padded: 9 → output 4"),
        (Conv((6,), 3, 2), ["x", "w", "y"], "input 6; 1 of 6 input cells is never read → output 2"),
        (ConvTranspose((4,), 3), ["x", "w flipped", "y"], "input, padded: 8 → output 6"),
        (
            ConvTranspose((4,), 3, 2, 1),
            ["x", "↑2 x", "w flipped", "y"],
            "input, zeros inserted and padded: 9 → output 7",
        ),
        (MaxPool((5,), 2), ["x", "y"], "input 5; 1 of 5 input cells is never read → output 2"),
        (MaxPool((5,), 2, ceil_mode=True), ["x", "y"], "input 5; the last window hangs over by 1 cell → output 3"),
        (MaxPool((7,), 3, ceil_mode=True), ["x", "y"], "input 7; the last window hangs over by 2 cells → output 3"),
    ],
)
def test_labels_and_caption(layer: Layer, labels: list[str], caption: str) -> None:
    scene = scene_of(layer)
    assert [panel.label for panel in scene.panels] == labels
    assert [panel.caption for panel in scene.panels] == [""] * (len(labels) - 1) + [caption]
    assert scene.title.endswith("in one dimension")


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Conv((5,), 3), ["input", "kernel", "window", "output"]),
        (Conv((5,), 3, 1, 1, 1, "reflect"), ["input", "padding", "kernel", "window", "borrowed from", "output"]),
        (ConvTranspose((3,), 3, 2, 1), ["input", "inserted zero", "padding", "kernel", "window", "output"]),
        (MaxPool((5,), 2), ["input", "window", "output", "never read"]),
        (MaxPool((5,), 2, ceil_mode=True), ["input", "window", "output", "beyond the padding"]),
        (ConvTranspose((4,), 2, 3, 2), ["input", "inserted zero", "kernel", "window", "output", "cropped"]),
    ],
)
def test_the_legend_of_lanes(layer: Layer, words: list[str]) -> None:
    assert [entry.text for entry in scene_of(layer).legend if entry.role != "last"] == words


def test_channels_get_lanes_of_their_own_and_beyond_two_the_first_and_the_last() -> None:
    for count, which in ((2, [1, 2]), (3, [1, 3]), (5, [1, 5])):
        scene = animate(Conv((6,), 3), channels=(count, 2), channel=1).scene
        labels = [panel.label for panel in scene.panels]
        assert labels == [f"{name} {channel}" for channel in which for name in "xw"] + ["y"]
        assert "output channel 2 of 2" in scene.panels[-1].caption
        hidden = count - len(which)
        assert ("not shown" in scene.panels[-1].caption) == (hidden > 0)
        if hidden:
            assert f"{hidden} more input channel{'s' * (hidden > 1)} not shown" in scene.panels[-1].caption
        for frame in scene.frames:
            assert frame.caption.fitted(500).startswith(f"y[1,{frame.number - 1}] = ")
            assert len(frame.caption.terms) == count  # type: ignore[union-attr]
        assert scene.sizes == f"input {count}×6 → output 2×4"


def test_the_kernels_of_channels_move_together() -> None:
    x = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 1]]
    w = [[[1, 2, 3], [4, 5, 6]]]
    scene = animate(Conv((5,), 3), x=x, w=w).scene
    for lane, weights in zip(named(scene, "kernel"), w[0], strict=True):
        for output, cells in enumerate(states(scene, lane)):
            found = {column: int(cell.text) for column, cell in enumerate(cells) if cell.role == "kernel"}
            assert found == {output + tap: weight for tap, weight in enumerate(weights)}
    assert [frame.caption.fitted(99) for frame in scene.frames] == [
        "y[0,0] = 14 + 107 = 121",
        "y[0,1] = 20 + 122 = 142",
        "y[0,2] = 26 + 83 = 109",
    ]
