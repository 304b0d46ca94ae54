"""scatter: the running totals and the highlighted cells, against stamps in plain loops."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.layers.pooling import Pool
from convviz.scene.model import Scene, Timing
from convviz.text.formatting import format_axis_indices
from convviz.views.scatter import scatter
from tests.profile import max_examples
from tests.views.layers import (
    Index,
    any_layer,
    at,
    close,
    counting,
    effective_kernel,
    expected,
    last,
    meetings_of,
    scene_of,
    states,
    text_of,
    values,
    values_of,
)


def stamps(layer: ConvTranspose) -> tuple[Index, dict[Index, list[tuple[Index, Index]]]]:
    """Return the size of the full output, and for each input cell the places of its stamp: (place, kernel cell)."""
    fallen: dict[Index, list[tuple[Index, Index]]] = {}
    for cell in np.ndindex(layer.input):
        fallen[cell] = []
        for tap in np.ndindex(layer.kernel):
            place = tuple(c * s + u * d for c, s, u, d in zip(cell, layer.stride, tap, layer.dilation, strict=True))
            fallen[cell].append((place, tap))
    full = [max(place[axis] for line in fallen.values() for place, _ in line) + 1 for axis in range(len(layer.axes))]
    ends = [p + o for (p, _), o in zip(layer.padding, layer.output, strict=True)]
    return tuple(map(max, full, ends)), fallen


@max_examples(110)
@given(layer=any_layer(4, ("transposed",)), seed=st.integers(0, 99))
def test_running_totals_of_stamps_are_those_of_loops_over_the_full_output(layer: Any, seed: int) -> None:
    x, w = values(layer, seed)
    shape, fallen = stamps(layer)
    scene = scene_of(layer, "scatter", seed)
    target = len(scene.panels) - 1
    assert (scene.panels[target].rows, scene.panels[target].cols) == (1, *shape)[-2:]
    totals: defaultdict[Index, int] = defaultdict(int)
    after = states(scene)
    for frame, (cell, stamp) in zip(scene.frames[:-1], fallen.items(), strict=False):
        grids = next(after)
        for place, tap in stamp:
            totals[place] += x[cell] * w[tap]
        shown = {
            (r, c): one.text
            for r, line in enumerate(grids[target])
            for c, one in enumerate(line)
            if one.role == "output"
        }
        assert shown == {at(place): str(total).replace("-", "−") for place, total in totals.items()}
        assert [mark.panel for mark in frame.marks if mark.role == "window"] == [0, target]


@max_examples(110)
@given(layer=any_layer(4), seed=st.integers(0, 99))
def test_highlighted_cells_are_exactly_those_that_a_unit_impulse_feeds(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, "scatter", seed)
    target = len(scene.panels) - 1
    shift = at(tuple(p for p, _ in layer.padding)) if isinstance(layer, ConvTranspose) else (0, 0)
    shape = (1, *layer.output)[-2:]
    for frame, (cell, fed) in zip(scene.frames, effective_kernel(layer).items(), strict=False):
        highlighted = [
            (m, r, c) for m in frame.marks if m.panel == target and m.highlighted for r in m.rows for c in m.cols
        ]
        inside = {(r - shift[0], c - shift[1]) for _, r, c in highlighted}
        inside = {(r, c) for r, c in inside if 0 <= r < shape[0] and 0 <= c < shape[1]}
        assert inside == {at(place) for place in fed}
        assert all(mark.highlighted for mark, _, _ in highlighted)
        assert (frame.marks[0].panel, (frame.marks[0].rows, frame.marks[0].cols)) == (0, tuple((i,) for i in at(cell)))
        written = {(one.row, one.col) for one in frame.changes}
        assert {(r, c) for _, r, c in highlighted} <= written


@max_examples(90)
@given(layer=any_layer(5), seed=st.integers(0, 99))
def test_the_kept_part_is_the_output_and_all_else_is_faded(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, "scatter", seed)
    grid = last(scene)[-1]
    shift = at(tuple(p for p, _ in layer.padding)) if isinstance(layer, ConvTranspose) else (0, 0)
    rows, cols = (1, *layer.output)[-2:]
    y = expected(layer, seed).reshape(rows, cols)
    for r, line in enumerate(grid):
        for c, cell in enumerate(line):
            row, col = r - shift[0], c - shift[1]
            inside = 0 <= row < rows and 0 <= col < cols
            assert cell.role == "output"
            assert cell.faded != inside
            assert not inside or close(cell.text, y[row, col])


@max_examples(110)
@given(layer=any_layer(4, ("maxpool", "avgpool")), seed=st.integers(0, 99))
def test_a_pooling_shows_the_largest_value_or_the_mean_of_what_came(layer: Any, seed: int) -> None:
    """A mean that includes padding divides the sum so far by the size of the window."""
    x, _ = values(layer, seed)
    scene = scene_of(layer, "scatter", seed)
    fed = effective_kernel(layer)
    seen: defaultdict[Index, list[int]] = defaultdict(list)
    grids = states(scene)
    for cell in list(fed)[:-1]:
        grid = next(grids)[-1]
        for place in fed[cell]:
            seen[place].append(int(x[cell]))
            row, col = at(place)
            if not layer.mean:
                assert close(grid[row][col].text, max(seen[place]))
            elif layer.count_include_pad:
                assert close(grid[row][col].text, sum(seen[place]) / counting(layer, place))


def test_holes_between_stamps_become_zeros_in_the_end() -> None:
    layer = ConvTranspose(2, 1, 3)
    scene = scene_of(layer, "scatter")
    empty = [(r, c) for r in range(4) for c in range(4) if r % 3 or c % 3]
    *_, before, _ = ([[cell.role for cell in row] for row in grids[-1]] for grids in states(scene))
    assert all(before[r][c] == "empty" for r, c in empty)
    end = last(scene)[-1]
    assert [end[r][c].text for r, c in empty] == ["0"] * len(empty)
    assert len(scene.frames) == 4


@max_examples(90)
@given(layer=any_layer(5, ("transposed",)))
def test_there_is_a_last_step_that_crops_exactly_where_something_is_cropped(layer: Any) -> None:
    scene = scene_of(layer, "scatter")
    shape, fallen = stamps(layer)
    crops = shape != layer.output
    assert len(scene.frames) == len(fallen) + crops
    assert (not any(mark.role == "window" for mark in scene.frames[-1].marks)) == crops
    assert any(key.faded for key in scene.legend) == crops
    if crops:
        assert "×".join(map(str, layer.output)) in scene.frames[-1].caption.fitted(999)


MOVES = "a stride of 2 moves the stamp, not a window"
CROPPED = " of the output; the rest of the stamp is cropped"


@pytest.mark.parametrize(
    ("layer", "frame", "words"),
    [
        (ConvTranspose(3, 3, 2, 1), 4, "x[1,1] stamps rows 1–3, columns 1–3: " + MOVES),
        (ConvTranspose(3, 3, 2, 1), 0, "x[0,0] stamps rows 0–1, columns 0–1" + CROPPED),
        (ConvTranspose(3, 3, 2, 1), 5, "x[1,2] stamps rows 1–3, columns 3–4" + CROPPED),
        (ConvTranspose(4, 2, 3, 2), 0, "x[0,0] stamps only cells that are cropped"),
        (ConvTranspose(3, 2, 1), 0, "x[0,0] stamps rows 0–1, columns 0–1 of the output"),
        (ConvTranspose(2, 3, 2, 0, 2), 0, "x[0,0] stamps rows 0, 2, 4, columns 0, 2, 4: " + MOVES),
        (ConvTranspose(3, 3, 2, 1), 9, "padding crops the full output 7×7 to 5×5"),
        (ConvTranspose(2, 3, 2, 1, 1, 1), 4, "padding and output padding keep 4×4 of the full output 5×5"),
        (Conv(5, 3, 2), 12, "x[2,2] feeds rows 0–1, columns 0–1 of the output"),
        (Conv(5, 1, 2), 1, "x[0,1] is read by no output"),
        (Conv(6, 3, 2), 35, "x[5,5] is read by no output"),
        (MaxPool(5, 2), 24, "x[4,4] is read by no output"),
        (AvgPool((4,), (2,)), 3, "x[3] feeds cell 1 of the output"),
        (ConvTranspose((4,), (3,), 2), 3, "x[3] stamps cells 6–8: " + MOVES),
    ],
)
def test_the_caption_names_what_an_input_cell_feeds(layer: Layer, frame: int, words: str) -> None:
    assert scene_of(layer, "scatter", None).frames[frame].caption.fitted(999) == words


def test_the_sentence_names_the_value_where_values_are_shown() -> None:
    layer = Conv(2, 1)
    scene = scatter(layer, conv_values(layer.sliding_windows, [[7, -2], [0, 1]], [[3]]), Timing())
    texts = [frame.caption.fitted(99).split(" feeds")[0] for frame in scene.frames]
    assert texts == ["x[0,0] = 7", "x[0,1] = −2", "x[1,0] = 0", "x[1,1] = 1"]


@pytest.mark.parametrize("channels", [2, 3, 5])
def test_stamps_of_all_channels_and_the_bias_add_up_to_the_output(channels: int) -> None:
    generator = np.random.default_rng(channels)
    layer = ConvTranspose(2, (2, 3), 2)
    x, w = generator.integers(-3, 4, (channels, 2, 2)), generator.integers(-3, 4, (channels, 1, 2, 3))
    y = np.full(layer.output, 7)
    for c, (r, q), (u, v) in (
        (c, cell, tap) for c in range(channels) for cell in np.ndindex(2, 2) for tap in np.ndindex(2, 3)
    ):
        y[2 * r + u, 2 * q + v] += x[c, r, q] * w[c, 0, u, v]
    scene = scatter(layer, conv_values(layer.sliding_windows, x, w, [7]), Timing())
    assert len(scene.frames) == 4 * channels
    assert [[cell.text for cell in row] for row in last(scene)[-1]] == [[text_of(n) for n in row] for row in y]


def test_the_kernel_is_shown_as_given_with_how_it_is_stamped() -> None:
    def kernel(scene: Scene) -> tuple[list[list[str]], str]:
        panel = next(panel for panel in scene.panels if panel.name == "kernel")
        return [[cell.text for cell in row] for row in panel.cells], panel.caption

    for layer, words in ((ConvTranspose(3, (2, 3)), "not flipped"), (Conv(3, (2, 3)), "stamped flipped")):
        scene = scatter(layer, conv_values(layer.sliding_windows, np.ones((3, 3)), [[1, 2, 3], [4, 5, 6]]), Timing())
        assert kernel(scene) == ([["1", "2", "3"], ["4", "5", "6"]], f"kernel 2×3 ({words})")


@max_examples(100)
@given(layer=any_layer(4))
def test_without_numbers_no_cell_holds_a_text(layer: Layer) -> None:
    scene = scene_of(layer, "scatter", None)
    assert {cell.text for grids in states(scene) for grid in grids for row in grid for cell in row} == {""}
    assert isinstance(layer, Pool) == (len(scene.panels) == 2)


@max_examples(90)
@given(layer=any_layer(5, ("transposed", "conv")))
def test_a_cell_has_the_name_that_it_has_in_slide(layer: Any) -> None:
    """Rows and columns of a caption are those of the output, in which slide counts y[0,0], wherever padding crops."""
    fed: dict[Index, set[Index]] = {cell: set() for cell in np.ndindex(layer.input)}
    for cell, output, _ in meetings_of(layer):
        fed[cell].add(output)
    for frame, outputs in zip(scene_of(layer, "scatter", None).frames, fed.values(), strict=False):
        text = frame.caption.fitted(999)
        spans = [sorted({index[axis] for index in outputs}) for axis in range(len(layer.axes))]
        assert (format_axis_indices(spans) in text) if outputs else ("cropped" in text or "no output" in text)


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        (ConvTranspose(3, 3, 2, 1), "y[s·m − p + u, s·n − p + v] += x[m, n]·w[u, v]"),
        (ConvTranspose(3, 3, 2, ((1, 0), (0, 1)), 2), "y[s·m − p₁ + d·u, s·n + d·v] += x[m, n]·w[u, v]"),
        (ConvTranspose((3,), 3, 2), "y[s·m + u] += x[m]·w[u]"),
        (Conv(5, 3, 2, 1), "y[m, n] += x[s·m − p + u, s·n − p + v]·w[u, v]"),
        (Conv((5,), 3), "y[m] += x[s·m + u]·w[u]"),
    ],
    ids=repr,
)
def test_the_rule_places_a_tap_in_the_output(layer: Layer, rule: str) -> None:
    assert [formula.symbols for formula in scene_of(layer, "scatter").formulas] == [rule]


def test_the_bias_is_named_where_it_is_in_the_sums() -> None:
    layer = ConvTranspose(3, 3, 2, 1)
    given_ = conv_values(layer.sliding_windows, np.ones((3, 3), int), np.ones((3, 3), int), [5])
    scene = scatter(layer, given_, Timing())
    assert scene.panels[-1].caption == "full output 7×7, of which 5×5 are kept; cells start at the bias 5, overlaps add"
    assert [formula.symbols for formula in scene.formulas][1:] == ["y = b, the bias, at first"]
    assert {cell.text for row in scene.panels[-1].cells for cell in row} == {"5"}
    assert {change.cell.text for change in scene.frames[0].changes if change.cell.role == "output"} == {"6"}


@max_examples(90)
@given(layer=any_layer(4, ("transposed",)), seed=st.integers(0, 99))
def test_the_stamp_is_the_outer_product_of_an_input_cell_and_the_kernel(layer: Any, seed: int) -> None:
    """It is where the full output is no lower than twice the kernel, less two rows."""
    x, w = values(layer, seed)
    assert w is not None
    scene = scene_of(layer, "scatter", seed)
    panels = [index for index, panel in enumerate(scene.panels) if panel.name == "stamp"]
    rows = (1, *layer.kernel)[-2]
    assert bool(panels) == (w.size <= 25 and 2 * rows <= scene.panels[-1].rows + 2)
    if not panels:
        return
    assert panels == [2]
    stamps_ = np.multiply.outer(x, w)
    for cell, grids in zip(np.ndindex(layer.input), states(scene), strict=False):
        assert [[one.text for one in row] for row in grids[2]] == [
            [text_of(n) for n in row] for row in stamps_[cell].reshape(rows, -1)
        ]


@max_examples(90)
@given(layer=any_layer(4))
def test_a_frame_shows_from_the_start_what_is_kept(layer: Layer) -> None:
    scene = scene_of(layer, "scatter")
    target = len(scene.panels) - 1
    shape = scene.panels[target].rows, scene.panels[target].cols
    crops = shape != (1, *layer.output)[-2:]
    shift = at(tuple(p for p, _ in layer.padding)) if isinstance(layer, ConvTranspose) else (0, 0)
    box = tuple(tuple(range(low, low + n)) for low, n in zip(shift, (1, *layer.output)[-2:], strict=True))
    for frame in scene.frames:
        kept = [(mark.panel, (mark.rows, mark.cols)) for mark in frame.marks if mark.role == "kept"]
        assert kept == ([(target, box)] if crops else [])
    assert any(entry.text == "kept" for entry in scene.legend) == crops


STORY = Timing(600, 2000, "story")


def test_a_step_is_told_in_moments_and_what_meets_is_a_sum_before_it_settles() -> None:
    layer = ConvTranspose(3, 3, 2)
    x, w = np.array([[3, 4, 1], [1, 1, 2], [4, 3, 2]]), np.array([[1, 2, 1], [2, 4, 3], [1, 2, 5]])
    scene = scatter(layer, conv_values(layer.sliding_windows, x, w), STORY)
    assert scene.moments == ("take", "multiply", "add", "write")
    after = [deepcopy(grids) for grids in states(scene)]
    (take, multiply, add, write) = (n for n, frame in enumerate(scene.frames) if frame.number == 2)
    captions = [scene.frames[n].caption.fitted(99) for n in (take, multiply, add)]
    assert captions == ["take x[0,1] = 4", "stamp = 4 · kernel", "overlaps add: 3 + 4"]
    column = [[row[2].text for row in after[n][-1][:3]] for n in (take, multiply, add, write)]
    assert column == [["3", "9", "15"], ["3", "9", "15"], ["3 + 4", "9 + 8", "15 + 4"], ["7", "17", "19"]]
    stamps_ = [[[cell.text for cell in row] for row in after[n][2]] for n in (take, multiply)]
    assert stamps_ == [[[""] * 3] * 3, [["4", "8", "4"], ["8", "16", "12"], ["4", "8", "20"]]]
    assert [len(scene.frames[n].marks) for n in (take, multiply, add, write)] == [1, 1, 2, 2]


@max_examples(60)
@given(layer=any_layer(3), seed=st.integers(0, 99))
def test_moments_end_where_steps_end(layer: Layer, seed: int) -> None:
    """Each sum, computed, is the value of its cell; and the last frame is that of an even pace."""
    scene = scene_of(layer, "scatter", seed)
    told = scatter(layer, values_of(layer, seed), STORY)
    assert last(told) == last(scene)
    by_number: dict[int, list[Any]] = defaultdict(list)
    for frame, grids in zip(told.frames, states(told), strict=True):
        by_number[frame.number].append((frame, deepcopy(grids[-1])))
    for steps in by_number.values():
        end = steps[-1][1]
        sums = [cell for _, grid in steps for row in grid for cell in row if " " in cell.text]
        assert not any(" " in cell.text for row in end for cell in row)
        for _, grid in steps:
            for r, row in enumerate(grid):
                for c, cell in enumerate(row):
                    if " " in cell.text:
                        one, sign, other = cell.text.replace("−", "-").split(" ")
                        total = int(one) + int(other) * (1 if sign == "+" else -1)
                        assert text_of(total) == end[r][c].text
        assert not sums or not isinstance(layer, Pool)


def test_a_bias_is_in_the_cells_from_the_start() -> None:
    layer = ConvTranspose(2, 2, 1)
    scene = scatter(layer, conv_values(layer.sliding_windows, np.ones((2, 2), int), np.ones((2, 2), int), [5]), STORY)
    moments = zip(scene.frames, states(scene), strict=True)
    (add,) = [
        deepcopy(grids)
        for frame, grids in moments
        if (frame.number, frame.moment) == (1, 2 if len(scene.panels) > 3 else 1)
    ]
    assert [[cell.text for cell in row] for row in add[-1]] == [
        ["5 + 1", "5 + 1", "5"],
        ["5 + 1", "5 + 1", "5"],
        ["5"] * 3,
    ]
