"""The slide view of 2-D layers as text and cells, against brute force, without convviz's sliding windows."""

from __future__ import annotations

import re
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.scene.frame_selection import keep_evenly
from convviz.scene.model import Mark, Scene, Timing
from convviz.text.lines import Sentence
from convviz.views.panels import padded_input_caption
from convviz.views.slide import slide
from tests.profile import max_examples
from tests.views.strategies import (
    NUMPY_MODES,
    agrees,
    any_layers,
    applied,
    check_equation,
    expected,
    laid,
    named,
    panel,
    scene_of,
    shown,
    values,
)


def marks(scene: Scene, frame: int, role: str, name: str) -> list[Mark]:
    (index,) = named(scene, name)
    return [mark for mark in scene.frames[frame].marks if mark.panel == index and mark.role == role]


def window(scene: Scene, frame: int) -> Mark:
    """Return the window on the input, which is the only one, and highlighted."""
    (mark,) = marks(scene, frame, "window", "input")
    assert mark.highlighted
    return mark


def window_products(scene: Scene, frame: int) -> list[tuple[int, int]]:
    """Return the shown numbers under the window, each with the shown weight."""
    mark = window(scene, frame)
    grid, kernel = panel(scene, "input").cells, panel(scene, "kernel").cells
    taps = product(enumerate(mark.rows), enumerate(mark.cols))
    return [(int(shown(grid[r][c].text)), int(shown(kernel[u][v].text))) for (u, r), (v, c) in taps]


@max_examples(500)
@given(layer=any_layers(), seed=st.integers(0, 99))
def test_the_value_written_is_that_of_brute_force(layer: Layer, seed: int) -> None:
    x, w = values(layer, seed)
    for frame in scene_of(layer, seed).frames:
        (change,) = frame.changes
        assert agrees(change.cell.text, expected(layer, x, w, (change.row, change.col)))


@max_examples(300)
@given(layer=any_layers(kinds=(Conv, ConvTranspose)), seed=st.integers(0, 99))
def test_window_times_kernel_is_the_output_that_is_written(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, seed)
    for index, frame in enumerate(scene.frames):
        (change,) = frame.changes
        assert shown(change.cell.text) == sum(a * b for a, b in window_products(scene, index))


@max_examples(300)
@given(layer=any_layers(), seed=st.integers(0, 99))
def test_the_window_is_on_the_cells_that_the_output_reads(layer: Layer, seed: int) -> None:
    scene, grid = scene_of(layer, seed), laid(layer)
    for index, frame in enumerate(scene.frames):
        mark = window(scene, index)
        assert list(product(mark.rows, mark.cols)) == grid.window((frame.changes[0].row, frame.changes[0].col))


@max_examples(300)
@given(layer=any_layers(), seed=st.integers(0, 99))
def test_the_equation_adds_up_and_drops_only_zeros(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, seed)
    grid = laid(layer)
    for index, frame in enumerate(scene.frames):
        (change,) = frame.changes
        check_equation(frame.caption, f"y[{change.row},{change.col}]", change.cell.text)
        if isinstance(layer, Pool):
            under = grid.window((change.row, change.col))
            assert len(frame.caption.terms) == sum(grid.role(place) == "input" for place in under)
        else:
            assert len(frame.caption.terms) == sum(bool(a and b) for a, b in window_products(scene, index))


@max_examples(300)
@given(layer=any_layers())
def test_roles_values_and_faded_cells_of_the_input_are_those_of_brute_force(layer: Layer) -> None:
    (x, _), grid, cells = values(layer, 1), laid(layer), panel(scene_of(layer), "input").cells
    assert len(cells) * len(cells[0]) == len(grid.places())
    for row, col in grid.places():
        cell, source = cells[row][col], grid.source((row, col))
        assert cell.role == grid.role((row, col))
        assert cell.faded == grid.faded((row, col))
        if source is not None:
            assert shown(cell.text) == x[source]
            assert cell.text
        else:
            assert cell.text == ("0" if cell.role == "inserted" else "")


@max_examples(300)
@given(layer=any_layers(kinds=(Conv,)))
def test_padding_shows_what_numpy_pads_with(layer: Layer) -> None:
    x, _ = values(layer, 1)
    padded = np.pad(x, layer.padding, NUMPY_MODES[layer.padding_mode])  # type: ignore[call-overload]
    found = [[shown(cell.text) for cell in row] for row in panel(scene_of(layer), "input").cells]
    assert found == padded.tolist()


@max_examples(300)
@given(layer=any_layers())
def test_cells_whose_values_padding_borrows_are_marked_and_no_others(layer: Layer) -> None:
    """Oracle: numpy pads the indices of the input cells; those in the padding under the window are borrowed."""
    scene, grid = scene_of(layer), laid(layer)
    starts = [line.kinds.index("input") for line in grid.lines]
    for index, frame in enumerate(scene.frames):
        under = grid.window((frame.changes[0].row, frame.changes[0].col))
        sources = [grid.source(place) for place in under if grid.role(place) == "padding"]
        borrowed = {(r + starts[0], c + starts[1]) for r, c in filter(None, sources)}
        found = marks(scene, index, "source", "input")
        assert {(mark.rows[0], mark.cols[0]) for mark in found} == borrowed
        assert len(found) == len(borrowed)
        assert all(len(mark.rows) == len(mark.cols) == 1 and not mark.highlighted for mark in found)
        cells = panel(scene, "input").cells
        assert all(cells[row][col].role == "input" for row, col in borrowed)


@max_examples(100)
@given(layer=any_layers(kinds=(Conv, ConvTranspose)))
def test_the_kernel_is_shown_as_the_window_applies_it(layer: Layer) -> None:
    _, w = values(layer, 1)
    assert w is not None
    found = [[shown(cell.text) for cell in row] for row in panel(scene_of(layer), "kernel").cells]
    assert found == applied(layer, w).tolist()


@max_examples(200)
@given(layer=any_layers())
def test_every_output_cell_is_written_once_in_reading_order(layer: Layer) -> None:
    scene = scene_of(layer)
    (target,) = named(scene, "output")
    changes = [change for frame in scene.frames for change in frame.changes]
    assert [(change.row, change.col) for change in changes] == list(np.ndindex(*layer.output))
    assert all(change.panel == target for change in changes)
    for index, change in enumerate(changes):
        assert [(m.rows, m.cols, m.highlighted) for m in marks(scene, index, "window", "output")] == [
            ((change.row,), (change.col,), False)
        ]
    assert [frame.number for frame in scene.frames] == list(range(1, scene.steps + 1))
    assert not any(frame.connectors for frame in scene.frames)


@max_examples(100)
@given(layer=any_layers())
def test_the_sizes_are_shown(layer: Layer) -> None:
    (i, j), (m, n) = layer.input, layer.output
    assert scene_of(layer).sizes == f"input {i}×{j} → output {m}×{n}"


def test_the_transposed_kernel_is_shown_flipped_and_named_so() -> None:
    layer = ConvTranspose(3, (2, 3), 2)
    scene = slide(layer, conv_values(layer.sliding_windows, np.ones((3, 3)), [[1, 2, 3], [4, 5, 6]]), Timing())
    assert [[cell.text for cell in row] for row in panel(scene, "kernel").cells] == [["6", "5", "4"], ["3", "2", "1"]]
    assert panel(scene, "kernel").caption == "kernel 2×3, flipped"
    plain = Conv(3, (2, 3))
    scene = slide(plain, conv_values(plain.sliding_windows, np.ones((3, 3)), [[1, 2, 3], [4, 5, 6]]), Timing())
    assert panel(scene, "kernel").cells[0][0].text == "1"
    assert panel(scene, "kernel").caption == "kernel 2×3"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (ConvTranspose(3, 3, 2, 1), "input, zeros inserted and padded: 7×7"),
        (ConvTranspose(4, 2, 3, 2), "input, zeros inserted and cropped: 8×8"),
        (ConvTranspose(3, 3, 1, 2), "input 3×3"),
        (ConvTranspose(3, 1, 4, 1, 1, 3), "input, zeros inserted, padded, cropped: 10×10"),
        (Conv(5, 3, 2, 1), "input, padded: 7×7"),
        (Conv(6, 3, 2), "input 6×6; 11 of 36 input cells are never read"),
        (Conv((6, 5), 3, 2), "input 6×5; 5 of 30 input cells are never read"),
        (Conv((5, 6), 3, 2), "input 5×6; 5 of 30 input cells are never read"),
        (Conv((6, 8), 3, (2, 3)), "input 6×8; 18 of 48 input cells are never read"),
        (Conv((5, 8), 3, (2, 3)), "input 5×8; 10 of 40 input cells are never read"),
        (Conv(5, 3, 1, ((0, 1), (2, 0))), "input, padded: 6×7"),
        (Conv(6, 3, 2, "same"), "input, padded: 7×7"),
        (Conv(5, 3, 1, "valid"), "input 5×5"),
        (Conv(5, 3, 1, 1, 1, "reflect"), "input, padded by reflection: 7×7"),
        (Conv(5, 3, 1, 1, 1, "replicate"), "input, padded by repeating the border: 7×7"),
        (Conv(5, 3, 1, 1, 1, "circular"), "input, padded from the other side: 7×7"),
        (Conv(6, 3, 2, 1, 1, "reflect"), "input, padded by reflection: 8×8; only padding is never read"),
        (ConvTranspose(4, 3, 1, ((2, 3), (2, 2))), "input, cropped: 3×4"),
        (ConvTranspose(3, 3, 1, ((1, 3), (2, 2))), "input, padded and cropped: 3×3"),
        (ConvTranspose(3, 3, 2, 1, output=6), "input, zeros inserted and padded: 8×8"),
        (MaxPool(6, 2), "input 6×6"),
        (MaxPool(5, 2), "input 5×5; 9 of 25 input cells are never read"),
        (Conv(6, 3, 2, 1, 2), "input, padded: 8×8; 27 of 36 input cells are never read"),
        (Conv((2, 1), 1, 2), "input 2×1; 1 of 2 input cells is never read"),
        (MaxPool(5, 2, ceil_mode=True), "input 5×5; the last window hangs over by 1 row and 1 column"),
        (MaxPool((5, 6), 2, ceil_mode=True), "input 5×6; the last window hangs over by 1 row"),
        (MaxPool((6, 7), 3, ceil_mode=True), "input 6×7; the last window hangs over by 2 columns"),
        (MaxPool((5, 7), (2, 3), ceil_mode=True), "input 5×7; the last window hangs over by 1 row and 2 columns"),
        (AvgPool(6, 3, 2, 1, ceil_mode=True), "input, padded: 8×8; the last window hangs over by 1 row and 1 column"),
        (AvgPool(5, 3, 2, 1), "input, padded: 7×7"),
    ],
)
def test_captions_name_what_was_done_to_the_input(layer: Layer, words: str) -> None:
    assert padded_input_caption(layer) == words


def badges(layer: Layer) -> list[str]:
    return [badge.text for badge in scene_of(layer).badges]


def test_badges_show_given_and_derived_parameters() -> None:
    shown = badges(ConvTranspose((3, 4), 3, 2, 3, (1, 2), 1))
    assert shown[:6] == ["i = 3×4", "k = 3", "s = 2", "p = 3", "d = 1×2", "a = 1"]
    assert shown[6:] == ["z = s−1 = 1", "p′ = d(k−1)−p = −1×1", "o = 2×6"]
    assert badges(Conv(5, 3)) == ["i = 5", "k = 3", "s = 1", "p = 0", "o = 3"]


def test_badges_show_sides_names_and_modes() -> None:
    assert badges(Conv(5, 3, 1, ((0, 1), (2, 0))))[3] == "p = 0,1×2,0"
    assert badges(Conv(6, 3, 2, "same"))[3] == "p = 0,1 (same)"
    assert badges(Conv(5, 3, 1, 1, 1, "reflect"))[3] == "p = 1, reflect"
    assert badges(Conv(5, 3, 1, "full", 1, "circular"))[3] == "p = 2 (full), circular"
    assert badges(Conv(5, 3, padding_mode="zeros"))[3] == "p = 0"
    crop = badges(ConvTranspose(3, 3, 2, ((0, 1), (2, 3))))
    assert crop[3] == "p = 0,1×2,3"
    assert "p′ = k−p−1 = 2,1×0,−1" in crop


def test_badges_of_poolings() -> None:
    assert badges(MaxPool(5, 2)) == ["i = 5", "k = 2", "s = 2", "p = 0", "o = 2"]
    assert badges(MaxPool(5, 2, ceil_mode=True)) == ["i = 5", "k = 2", "s = 2", "p = 0", "ceil mode", "o = 3"]
    assert badges(AvgPool(5, 3, 2, 1)) == ["i = 5", "k = 3", "s = 2", "p = 1", "o = 3"]


@pytest.mark.parametrize(
    ("layer", "title"),
    [
        (Conv(5, 3), "Convolution"),
        (ConvTranspose(3, 3), "Transposed convolution"),
        (MaxPool(4, 2), "Max pooling"),
        (AvgPool(4, 2), "Average pooling"),
    ],
)
def test_the_title_names_the_operation(layer: Layer, title: str) -> None:
    assert scene_of(layer).title == title


READ_BY_REFLECTION = ["input", "padding", "kernel window", "borrowed from", "output"]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (ConvTranspose(3, 3, 2, 1), ["input", "inserted zero", "padding", "kernel window", "output"]),
        (Conv(5, 3), ["input", "kernel window", "output"]),
        (Conv(6, 3, 2), ["input", "kernel window", "output", "never read"]),
        (ConvTranspose(4, 2, 3, 2), ["input", "inserted zero", "kernel window", "output", "cropped"]),
        (Conv(5, 1, 2), ["input", "kernel window", "output", "never read"]),
        (Conv(5, 3, 1, 1), ["input", "padding", "kernel window", "output"]),
        (Conv(5, 3, 1, 1, 1, "reflect"), ["input", "padding", "kernel window", "borrowed from", "output"]),
        (Conv(5, 3, 1, 0, 1, "reflect"), ["input", "kernel window", "output"]),
        (ConvTranspose(3, 3, 1, ((1, 3), (2, 2))), ["input", "padding", "kernel window", "output", "cropped"]),
        (MaxPool(4, 2), ["input", "window", "output"]),
        (MaxPool(5, 2), ["input", "window", "output", "never read"]),
        (MaxPool(5, 2, ceil_mode=True), ["input", "window", "output", "beyond the padding"]),
        (
            AvgPool(6, 3, 2, 1, ceil_mode=True),
            ["input", "padding (counts as 0)", "window", "output", "beyond the padding"],
        ),
        (MaxPool(5, 3, 2, 1), ["input", "padding (−∞)", "window", "output"]),
        (AvgPool(5, 3, 2, 1, False, False), ["input", "padding (not counted)", "window", "output"]),
        (Conv(4, 1, 3, 1, 1, "reflect"), [*READ_BY_REFLECTION, "never read"]),
        (MaxPool((5, 5), 2, (2, 3), ceil_mode=True), ["input", "window", "output", "beyond the padding or never read"]),
    ],
)
def test_the_legend_names_what_is_there_and_nothing_else(layer: Layer, words: list[str]) -> None:
    assert [entry.text for entry in scene_of(layer).legend if entry.role != "last"] == words


@max_examples(300)
@given(layer=any_layers())
def test_without_numbers_the_caption_names_which_input_cells_are_read(layer: Layer) -> None:
    scene, grid = slide(layer, None, Timing()), laid(layer)
    assert not any(cell.text for panel in scene.panels for row in panel.cells for cell in row)
    for frame in scene.frames:
        assert isinstance(frame.caption, Sentence)
        assert not any(change.cell.text for change in frame.changes)
        output = frame.changes[0].row, frame.changes[0].col
        read = {source for source in map(grid.source, grid.window(output)) if source is not None}
        assert frame.caption.fitted(10_000) == sentence(layer, output, read)
        lengths = list(map(len, frame.caption.variants))
        assert lengths == sorted(lengths, reverse=True)


def sentence(layer: Layer, output: tuple[int, int], read: set[tuple[int, ...]]) -> str:
    name = f"y[{output[0]},{output[1]}]"
    if not read:
        return f"{name} reads no input cell, only {'padding' if isinstance(layer, Pool) else 'zeros'}"
    rows, cols = (sorted({cell[axis] for cell in read}) for axis in (0, 1))
    return f"{name} reads {listed('row', rows)}, {listed('column', cols)} of the input"


def listed(noun: str, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{noun}s {numbers[0]}–{numbers[-1]}"
    if len(numbers) < 4:
        return f"{noun}s {', '.join(map(str, numbers))}"
    if len({after - before for before, after in pairwise(numbers)}) == 1:
        return f"{noun}s {numbers[0]}, {numbers[1]}, …, {numbers[-1]}"
    ends = [n for n in numbers if n - 1 not in numbers or n + 1 not in numbers]
    return f"{noun}s {', '.join(f'{n}–' if n + 1 in numbers else f'{n}' for n in ends)}".replace("–, ", "–")


def test_rounded_numbers_make_the_equation_an_approximation() -> None:
    layer = Conv(1, 1)
    for x, w, line in [
        (1.0, 0.1234567, "y[0,0] = 1·0.123 ≈ 0.123"),
        (1.0, 1 / 3, "y[0,0] = 1·(1/3) = 1/3"),
        (-2.0, 0.25, "y[0,0] = (−2)·0.25 = −0.5"),
        (-2.0, -4 / 3, "y[0,0] = (−2)·(−4/3) = 8/3"),
    ]:
        scene = slide(layer, conv_values(layer.sliding_windows, [[x]], [[w]]), Timing())
        assert scene.frames[0].caption.fitted(99) == line


@pytest.mark.parametrize(
    ("bias", "line"),
    [
        (2, "y[0,0] = 3·2 + 2 (bias) = 8"),
        (-2, "y[0,0] = 3·2 + (−2) (bias) = 4"),
        (0, "y[0,0] = 3·2 + 0 (bias) = 6"),
        (0.5, "y[0,0] = 3·2 + 0.5 (bias) = 6.5"),
        (-5.9375, "y[0,0] = 3·2 + (−95/16) (bias) = 1/16"),
        (None, "y[0,0] = 3·2 = 6"),
    ],
)
def test_a_bias_is_added_and_called_so(bias: float | None, line: str) -> None:
    layer = Conv(1, 1)
    scene = slide(layer, conv_values(layer.sliding_windows, [[3]], [[2]], None if bias is None else [bias]), Timing())
    assert scene.frames[0].caption.fitted(99) == line


def test_where_everything_is_zero_only_the_bias_is_left() -> None:
    layer = Conv(1, 1)
    scene = slide(layer, conv_values(layer.sliding_windows, [[0]], [[2]], [-3]), Timing())
    assert scene.frames[0].caption.fitted(99) == "y[0,0] = (−3) (bias) = −3"
    assert (
        slide(layer, conv_values(layer.sliding_windows, [[0]], [[2]]), Timing()).frames[0].caption.fitted(99)
        == "y[0,0] = 0"
    )


def test_a_long_sum_is_shortened_in_the_middle_and_keeps_its_ends() -> None:
    layer = Conv(5, 5)
    line = (
        slide(
            layer,
            conv_values(layer.sliding_windows, np.arange(25).reshape(5, 5), np.arange(1, 26).reshape(5, 5)),
            Timing(),
        )
        .frames[0]
        .caption
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
    fewer = keep_evenly(scene, wanted)
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
    assert json.loads(text)["body"]["children"][0]["caption"] == "input, zeros inserted and padded: 7×7"
