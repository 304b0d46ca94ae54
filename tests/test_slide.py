"""The slide view as text and cells, against brute force: nothing here uses convviz's tracks."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose
from convviz.arithmetic import numbers
from convviz.layers import Layer
from convviz.scene import Scene, Sentence, Timing, thin
from convviz.views.slide import INPUT, KERNEL, OUTPUT, caption, slide
from tests.strategies import layers

Values = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def values(layer: Layer, seed: int) -> Values:
    generator = np.random.default_rng(seed)
    return generator.integers(-4, 5, layer.input), generator.integers(-4, 5, layer.kernel)


def scene_of(layer: Layer, seed: int = 1) -> Scene:
    return slide(layer, numbers(layer.tracks, *values(layer, seed)), Timing())


def shown(text: str) -> int:
    return int(text.replace("−", "-"))


def window_products(scene: Scene, frame: int) -> int:
    """Σ of the shown numbers under the window times the shown numbers of the kernel."""
    mark = scene.frames[frame].marks[0]
    grid, kernel = scene.panels[INPUT].cells, scene.panels[KERNEL].cells
    total = 0
    for (u, row), (v, col) in product(enumerate(mark.rows), enumerate(mark.cols)):
        total += shown(grid[row][col].text or "0") * shown(kernel[u][v].text)
    return total


@settings(max_examples=400)
@given(layer=layers(6), seed=st.integers(0, 99))
def test_window_times_kernel_is_the_output_that_is_written(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, seed)
    for index, frame in enumerate(scene.frames):
        (change,) = frame.changes
        assert shown(change.cell.text) == window_products(scene, index)


@settings(max_examples=400)
@given(layer=layers(6), seed=st.integers(0, 99))
def test_the_equation_adds_up_and_drops_only_zeros(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, seed)
    for index, frame in enumerate(scene.frames):
        line = frame.line.fitted(10_000)
        (change,) = frame.changes
        left, *sums = line.split(" = ")
        assert left == f"y[{change.row},{change.col}]"
        arithmetic = [eval(part.replace("−", "-").replace("·", "*")) for part in sums]
        assert set(arithmetic) == {shown(change.cell.text)}
        assert len(frame.line.terms) == nonzero_products(scene, index)


def nonzero_products(scene: Scene, frame: int) -> int:
    mark = scene.frames[frame].marks[0]
    grid, kernel = scene.panels[INPUT].cells, scene.panels[KERNEL].cells
    taps = product(enumerate(mark.rows), enumerate(mark.cols))
    return sum(grid[r][c].text not in ("", "0") and kernel[u][v].text != "0" for (u, r), (v, c) in taps)


@settings(max_examples=300)
@given(layer=layers(6))
def test_faded_cells_are_exactly_those_that_no_window_covers(layer: Layer) -> None:
    scene = scene_of(layer)
    covered = {cell for frame in scene.frames for cell in product(frame.marks[0].rows, frame.marks[0].cols)}
    for row, line in enumerate(scene.panels[INPUT].cells):
        for col, cell in enumerate(line):
            assert cell.faded == ((row, col) not in covered)


@settings(max_examples=300)
@given(layer=layers(6))
def test_the_input_stands_in_the_grid_in_order_with_zeros_between(layer: Layer) -> None:
    x, _ = values(layer, 1)
    grid = scene_of(layer).panels[INPUT].cells
    found = [shown(cell.text) for row in grid for cell in row if cell.role == "input"]
    assert found == x.flatten().tolist()
    rows = [index for index, row in enumerate(grid) if any(cell.role == "input" for cell in row)]
    gap = layer.stride[0] if isinstance(layer, ConvTranspose) else 1
    assert rows == list(range(rows[0], rows[0] + gap * layer.input[0], gap))
    assert all(cell.text == "0" for row in grid for cell in row if cell.role == "inserted")
    assert all(cell.text == "" for row in grid for cell in row if cell.role == "padding")


@settings(max_examples=300)
@given(layer=layers(6))
def test_every_output_cell_is_written_once_in_reading_order(layer: Layer) -> None:
    scene = scene_of(layer)
    written = [(change.row, change.col) for frame in scene.frames for change in frame.changes]
    assert written == list(np.ndindex(*layer.output))
    assert all(change.panel == OUTPUT for frame in scene.frames for change in frame.changes)
    assert all(frame.marks[1].rows == (frame.changes[0].row,) for frame in scene.frames)
    assert [frame.number for frame in scene.frames] == list(range(1, scene.steps + 1))


def test_the_transposed_kernel_is_shown_flipped_and_says_so() -> None:
    layer = ConvTranspose(3, (2, 3), 2)
    scene = slide(layer, numbers(layer.tracks, np.ones((3, 3)), [[1, 2, 3], [4, 5, 6]]), Timing())
    assert [[cell.text for cell in row] for row in scene.panels[KERNEL].cells] == [["6", "5", "4"], ["3", "2", "1"]]
    assert scene.panels[KERNEL].caption == "kernel 2×3, flipped"
    plain = Conv(3, (2, 3))
    scene = slide(plain, numbers(plain.tracks, np.ones((3, 3)), [[1, 2, 3], [4, 5, 6]]), Timing())
    assert scene.panels[KERNEL].cells[0][0].text == "1"
    assert scene.panels[KERNEL].caption == "kernel 2×3"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (ConvTranspose(3, 3, 2, 1), "input, zeros inserted and padded: 7×7"),
        (ConvTranspose(4, 2, 3, 2), "input, zeros inserted and cropped: 8×8"),
        (ConvTranspose(3, 3, 1, 2), "input 3×3"),
        (ConvTranspose(3, 1, 4, 1, 1, 3), "input, zeros inserted, padded, cropped: 10×10"),
        (Conv(5, 3, 2, 1), "input, padded: 7×7"),
        (Conv(6, 3, 2), "input 6×6; last row and column are never read"),
        (Conv((6, 5), 3, 2), "input 6×5; last row is never read"),
        (Conv((5, 6), 3, 2), "input 5×6; last column is never read"),
        (Conv((6, 8), 3, (2, 3)), "input 6×8; last row and 2 columns are never read"),
        (Conv((5, 8), 3, (2, 3)), "input 5×8; last 2 columns are never read"),
    ],
)
def test_captions_say_what_was_done_to_the_input(layer: Layer, words: str) -> None:
    assert caption(layer) == words


def test_chips_show_given_and_derived_parameters() -> None:
    chips = [chip.text for chip in scene_of(ConvTranspose((3, 4), 3, 2, 3, (1, 2), 1)).chips]
    assert chips[:6] == ["i = 3×4", "k = 3", "s = 2", "p = 3", "d = 1×2", "a = 1"]
    assert chips[6:] == ["z = s−1 = 1", "p′ = d(k−1)−p = −1×1", "o = 2×6"]
    assert [chip.text for chip in scene_of(Conv(5, 3)).chips] == ["i = 5", "k = 3", "s = 1", "p = 0", "o = 3"]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (ConvTranspose(3, 3, 2, 1), ["input", "inserted zero", "padding", "kernel window", "output"]),
        (Conv(5, 3), ["input", "kernel window", "output"]),
        (Conv(6, 3, 2), ["input", "kernel window", "output", "never read"]),
        (ConvTranspose(4, 2, 3, 2), ["input", "inserted zero", "kernel window", "output", "cropped"]),
        (Conv(5, 1, 2), ["input", "kernel window", "output", "never read"]),
    ],
)
def test_the_legend_names_what_is_there_and_nothing_else(layer: Layer, words: list[str]) -> None:
    assert [key.text for key in scene_of(layer).legend] == words


@settings(max_examples=300)
@given(layer=layers(6))
def test_without_numbers_the_line_says_which_input_cells_are_read(layer: Layer) -> None:
    """Oracle: set one input cell to 1 at a time; ones in the kernel show which outputs it feeds."""
    scene = slide(layer, None, Timing())
    assert not any(cell.text for panel in scene.panels for row in panel.cells for cell in row)
    feeds = {}
    for cell in np.ndindex(*layer.input):
        x = np.zeros(layer.input, dtype=int)
        x[cell] = 1
        feeds[cell] = layer(x, np.ones(layer.kernel, dtype=int)) != 0
    for frame in scene.frames:
        assert isinstance(frame.line, Sentence)
        output = frame.changes[0].row, frame.changes[0].col
        read = {cell for cell, fed in feeds.items() if fed[output]}
        assert frame.line.fitted(10_000) == sentence(output, read)


def sentence(output: tuple[int, int], read: set[tuple[int, int]]) -> str:
    name = f"y[{output[0]},{output[1]}]"
    if not read:
        return f"{name} reads no input cell, only zeros"
    rows, cols = (sorted({cell[axis] for cell in read}) for axis in (0, 1))
    return f"{name} reads {listed('row', rows)}, {listed('column', cols)} of the input"


def listed(noun: str, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{noun}s {numbers[0]}–{numbers[-1]}"
    if len(numbers) > 3:
        return f"{noun}s {numbers[0]}, {numbers[1]}, …, {numbers[-1]}"
    return f"{noun}s {', '.join(map(str, numbers))}"


def test_rounded_numbers_make_the_equation_an_approximation() -> None:
    layer = Conv(1, 1)
    scene = slide(layer, numbers(layer.tracks, [[1.0]], [[1 / 3]]), Timing())
    assert scene.frames[0].line.fitted(99) == "y[0,0] = 1·0.333 ≈ 0.333"
    scene = slide(layer, numbers(layer.tracks, [[-2.0]], [[0.25]]), Timing())
    assert scene.frames[0].line.fitted(99) == "y[0,0] = (−2)·0.25 = −0.5"


def test_a_long_sum_is_shortened_in_the_middle_and_keeps_its_ends() -> None:
    layer = Conv(5, 5)
    line = (
        slide(layer, numbers(layer.tracks, np.arange(25).reshape(5, 5), np.arange(1, 26).reshape(5, 5)), Timing())
        .frames[0]
        .line
    )
    for length in range(20, 300):
        text = line.fitted(length)
        assert len(text) <= length
        assert text.startswith("y[0,0] = ")
        assert text.endswith(" = 5200")
    assert re.fullmatch(r"y\[0,0\] = 1·2 \+ 2·3 \+ … \+ 24·25 = 5200", line.fitted(40))
    assert line.fitted(20) == "y[0,0] = … = 5200"
    assert "…" not in line.fitted(300)


def test_first_and_last_frames_stay_longer() -> None:
    durations = [frame.duration for frame in slide(Conv(5, 3), None, Timing(500, 3000)).frames]
    assert durations == [1500, *[500] * 7, 3000]
    assert [frame.duration for frame in slide(Conv(1, 1), None, Timing(500, 3000)).frames] == [3000]


@pytest.mark.parametrize("wanted", [1, 2, 3, 8, 9, 20])
def test_fewer_frames_lose_nothing_that_was_written(wanted: int) -> None:
    scene = scene_of(Conv(5, 3))
    fewer = thin(scene, wanted)
    assert len(fewer.frames) == min(wanted, 9)
    assert [c for frame in fewer.frames for c in frame.changes] == [c for frame in scene.frames for c in frame.changes]
    assert fewer.frames[-1].marks == scene.frames[-1].marks
    if wanted > 1:
        assert fewer.frames[0] == scene.frames[0]
        gaps = np.diff([frame.number for frame in fewer.frames])
        assert gaps.max() - gaps.min() <= 1


def test_a_scene_turns_into_json_and_names_no_colour() -> None:
    import json

    text = json.dumps(scene_of(ConvTranspose(3, 3, 2, 1)).to_dict())
    assert not re.search(r"#[0-9a-f]{6}", text)
    assert json.loads(text)["stage"]["children"][0]["caption"] == "input, zeros inserted and padded: 7×7"
