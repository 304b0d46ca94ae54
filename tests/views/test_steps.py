"""steps: the input spreads out, zeros are inserted, rings are added, cropped cells fade; then the window slides."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.layers.pooling import Pool
from convviz.render.compositor import primitives_at
from convviz.render.text_run import TextRun
from convviz.scene.model import Frame, Scene, TextBlock, Timing
from convviz.views.steps import steps
from tests.at_rest import animate
from tests.profile import max_examples
from tests.views.layers import (
    any_layer,
    at,
    close,
    expected,
    faults,
    last,
    meetings_of,
    named,
    scene_of,
    states,
    text_of,
    values,
)

Place = tuple[int, int]


def by_tab(scene: Scene) -> list[list[Frame]]:
    return [[frame for frame in scene.frames if frame.tab == tab] for tab in range(len(scene.tabs))]


def slides(scene: Scene) -> list[Frame]:
    """Return the frames in which the window slides, without what is said of libraries in the end."""
    return [frame for frame in by_tab(scene)[-1] if frame.marks]


def spread_places(layer: ConvTranspose) -> list[Place]:
    """Return the places of the input cells among inserted zeros."""
    return [at(tuple(n * s for n, s in zip(cell, layer.stride, strict=True))) for cell in np.ndindex(layer.input)]


@max_examples(90)
@given(layer=any_layer(5))
def test_tabs_advance_one_by_one_from_the_first_to_the_last(layer: Layer) -> None:
    scene = scene_of(layer, "steps")
    tabs = [frame.tab for frame in scene.frames]
    assert (tabs[0], tabs[-1]) == (0, len(scene.tabs) - 1)
    assert {after - before for before, after in pairwise(tabs)} <= {0, 1}
    assert len(scene.tabs) == (4 if isinstance(layer, ConvTranspose) else 2)
    assert ("in four steps" in scene.title) == isinstance(layer, ConvTranspose)
    assert len(slides(scene)) == np.prod(layer.output)
    assert faults(scene) == []


@max_examples(130)
@given(layer=any_layer(5, ("transposed",)), seed=st.integers(0, 99))
def test_input_cells_glide_from_close_together_to_their_places(layer: Any, seed: int) -> None:
    scene = scene_of(layer, "steps", seed)
    spread, _ = named(scene, "spread")
    x = values(layer, seed)[0]
    gliding = [frame for frame in scene.frames if frame.floating_cells]
    cells = list(np.ndindex((1, *layer.input)[-2:]))
    paths = [[(one.row, one.col) for one in frame.floating_cells] for frame in gliding]
    for frame in gliding:
        assert {one.panel for one in frame.floating_cells} == {spread}
        assert [one.cell.text for one in frame.floating_cells] == [text_of(n) for n in x.ravel()]
    top, left = paths[0][0]
    assert paths[0] == [(top + 1000 * row, left + 1000 * col) for row, col in cells]
    size = scene.panels[spread].rows, scene.panels[spread].cols
    middle = [(min(line) + max(line) + 1000) / 2 for line in zip(*paths[0], strict=True)]
    assert middle == [500 * side for side in size]
    ends = [(1000 * row, 1000 * col) for row, col in spread_places(layer)]
    assert paths[-1] == ends
    assert set(map(tuple, paths[:-1])) == {tuple(paths[0])}
    assert len(gliding) == (3 if np.prod(layer.kernel) > 1 else 2)


@max_examples(130)
@given(layer=any_layer(5, ("transposed",)), seed=st.integers(0, 99))
def test_input_cells_stay_where_they_moved_and_zeros_come_after_them(layer: Any, seed: int) -> None:
    scene = scene_of(layer, "steps", seed)
    spread, panel = named(scene, "spread")
    assert {cell.role for row in panel.cells for cell in row} == {"blank"}
    written = [[one for one in frame.changes if one.panel == spread] for frame in scene.frames]
    placed, zeros = [changes for frame, changes in zip(scene.frames, written, strict=True) if frame.tab == 1][-2:]
    x = values(layer, seed)[0]
    assert [(one.row, one.col, one.cell.text) for one in placed] == [
        (*place, text_of(n)) for place, n in zip(spread_places(layer), x.ravel(), strict=True)
    ]
    assert {one.cell.role for one in placed} == {"input"}
    others = set(np.ndindex(panel.rows, panel.cols)) - set(spread_places(layer))
    assert {(one.row, one.col) for one in zeros} == others
    assert all((one.cell.role, one.cell.text, one.cell.faded) == ("inserted", "0", False) for one in zeros)
    assert sum(map(len, written)) == len(placed) + len(zeros)


@max_examples(90)
@given(layer=any_layer(4))
def test_padding_comes_in_rings_from_the_inside_outwards(layer: Layer) -> None:
    """Oracle: a box around the input that grows by one cell on each side."""
    scene = scene_of(layer, "steps")
    index, panel = named(scene, "padded")
    rings = [
        frame
        for frame in scene.frames
        if frame.changes
        and all(
            (one.panel, one.cell.role) == (index, "padding") and not old(scene, frame, one) for one in frame.changes
        )
    ]
    inner = [place for place, cell in cells_of(last(scene)[index]) if cell.role != "padding"]
    (top, left), (bottom, right) = inner[0], inner[-1]
    last_rows, last_cols = (0, *layer.output_padding)[-2:]
    added = {
        (r, c)
        for r, c in np.ndindex(panel.rows, panel.cols)
        if r >= panel.rows - last_rows or c >= panel.cols - last_cols
    } - set(inner)
    apart = [frame for frame in rings if frame.caption.fitted(999).startswith("Add a = ")]
    implicit = [axis.implicit_padding[1] for axis in layer.axes if getattr(axis, "output_padding", 0)]
    assert [{(one.row, one.col) for one in frame.changes} for frame in apart] == (
        [added] if implicit and min(implicit) >= 0 else []
    )
    added = added if apart else set()
    rings = [frame for frame in rings if frame not in apart]
    done: set[Place] = set()
    for grown, frame in enumerate(rings, start=1):
        box = (
            {
                (r, c)
                for r in range(max(0, top - grown), min(panel.rows, bottom + grown + 1))
                for c in range(max(0, left - grown), min(panel.cols, right + grown + 1))
            }
            - set(inner)
            - added
        )
        assert {(one.row, one.col) for one in frame.changes} == box - done
        assert frame.tab == (2 if isinstance(layer, ConvTranspose) else 0)
        done = box
    assert done | added | set(inner) == set(np.ndindex(panel.rows, panel.cols))


def cells_of(grid: Any) -> list[tuple[Place, Any]]:
    return [((r, c), cell) for r, line in enumerate(grid) for c, cell in enumerate(line)]


def is_ring(scene: Scene, frame: Frame, panel: int) -> bool:
    """Whether a frame only adds padding."""
    placed = all((one.panel, one.cell.role) == (panel, "padding") for one in frame.changes)
    return placed and not any(old(scene, frame, one) for one in frame.changes)


def old(scene: Scene, frame: Frame, change: Any) -> bool:
    """Whether a cell of padding existed before this frame."""
    return any(
        (one.panel, one.row, one.col, one.cell.role) == (change.panel, change.row, change.col, "padding")
        for before in scene.frames[: frame.number - 1]
        for one in before.changes
    )


@max_examples(90)
@given(layer=any_layer(4))
def test_cells_that_no_window_covers_fade_before_sliding_and_no_others(layer: Layer) -> None:
    scene = scene_of(layer, "steps")
    index, _ = named(scene, "padded")
    covered = {
        (r, c) for frame in scene.frames for m in frame.marks if m.panel == index for r in m.rows for c in m.cols
    }
    walk = len(scene.tabs) - 1
    ends = (1, *(i + sum(p) for i, p in zip(layer.input, layer.padding, strict=True)))[-2:]
    for frame, grids in zip(scene.frames, states(scene), strict=True):
        if frame.tab == walk:
            everything = {place for place, _ in cells_of(grids[index])}
            beyond = {(r, c) for r, c in everything if isinstance(layer, Pool) and (r >= ends[0] or c >= ends[1])}
            assert {place for place, cell in cells_of(grids[index]) if cell.faded} == (everything - covered) | beyond
            break


@max_examples(90)
@given(layer=any_layer(4), seed=st.integers(0, 99))
def test_sliding_writes_the_output_with_the_captions_of_slide(layer: Layer, seed: int) -> None:
    scene = scene_of(layer, "steps", seed)
    walk = slides(scene)
    y = expected(layer, seed)
    target = len(scene.panels) - 1
    slid = scene_of(layer, "slide", seed)
    for output, frame, other in zip(np.ndindex(layer.output), walk, slid.frames, strict=True):
        (change,) = frame.changes
        assert (change.panel, change.row, change.col) == (target, *at(output))
        assert close(change.cell.text, y[output])
        assert frame.caption == other.caption
        assert frame.marks[-1].rows + frame.marks[-1].cols == at(output)
        assert frame.marks[-2].highlighted
        if len(layer.axes) == 2:
            assert [(m.rows, m.cols, m.role) for m in frame.marks] == [(m.rows, m.cols, m.role) for m in other.marks]


@max_examples(110)
@given(layer=any_layer(4, ("conv", "transposed")), seed=st.integers(0, 99))
def test_the_window_is_on_the_input_cells_that_the_output_reads(layer: Any, seed: int) -> None:
    scene = scene_of(layer, "steps", seed)
    index, _ = named(scene, "padded")
    grid = last(scene)[index]
    order = [place for place, cell in cells_of(grid) if cell.role == "input"]
    cells = dict(zip(np.ndindex(layer.input), order, strict=True))
    read: dict[Any, set[Place]] = {output: set() for output in np.ndindex(layer.output)}
    if layer.padding_mode == "zeros":
        for one, other, _ in meetings_of(layer):
            read[other].add(cells[one])
        for frame, places in zip(slides(scene), read.values(), strict=True):
            (window,) = (mark for mark in frame.marks if mark.highlighted)
            under = {(r, c) for r in window.rows for c in window.cols}
            assert under & set(order) == places


def test_each_frame_has_the_time_of_a_step_and_the_kernel_turns() -> None:
    scene = animate(ConvTranspose(3, 3, 2, 1), "steps", motion="smooth").scene
    assert {frame.duration for frame in scene.frames[1:-1]} == {600}
    assert [frame.motion for frame in scene.frames[1:4]] == [500, 500, 200]
    assert [frame.number for frame in scene.frames if frame.turned is not None] == [2]
    assert scene.panels[scene.frames[1].turned or 0].name == "kernel"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            ConvTranspose(3, 3, 2, 1),
            [
                "New parameters: z = 1, p′ = 1, and the window will move by 1",
                "Flip the kernel in both directions: as it slides, the last weight comes first",
                "Insert z = 1 zero between neighbours: 3×3 becomes 5×5",
                "Pad by p′ = 1: 5×5 becomes 7×7, and each window is full",
            ],
        ),
        (
            ConvTranspose(4, 2, 3, 2),
            [
                "New parameters: z = 2, p′ = −1, and the window will move by 1",
                "Flip the kernel in both directions: as it slides, the last weight comes first",
                "Insert z = 2 zeros between neighbours: 4×4 becomes 10×10",
                "Crop by p′ = −1: 10×10 becomes 8×8, as p′ is negative where p is larger than k − 1",
            ],
        ),
        (
            ConvTranspose(2, 3, 2, 1, 1, 1),
            [
                "New parameters: z = 1, p′ = 1, and the window will move by 1",
                "Flip the kernel in both directions: as it slides, the last weight comes first",
                "Insert z = 1 zero between neighbours: 2×2 becomes 3×3",
                "Pad by p′ = 1: 3×3 becomes 5×5, and each window is full",
                "Add a = 1 at the end: 5×5 becomes 6×6, and the output grows by a",
            ],
        ),
        (
            ConvTranspose(3, 2, 3, 2, 1, 1),
            [
                "New parameters: z = 2, p′ = −1, and the window will move by 1",
                "Flip the kernel in both directions: as it slides, the last weight comes first",
                "Insert z = 2 zeros between neighbours: 3×3 becomes 7×7",
                "Crop by p′ = −1, and add a = 1 at the end: 7×7 becomes 6×6, "
                "as p′ is negative where p is larger than k − 1",
            ],
        ),
        (
            ConvTranspose(3, 3, 2, ((0, 3), (1, 3)), 2),
            [
                "New parameters: z = 1, p′ = 4,1×3,1, and the window will move by 1",
                "Flip the kernel in both directions: as it slides, the last weight comes first",
                "Insert z = 1 zero between neighbours: 3×3 becomes 5×5",
                "Pad by p′ = 4,1×3,1: 5×5 becomes 10×9, and each window is full",
            ],
        ),
        (
            ConvTranspose(3, 3, 2, ((0, 3), (1, 1))),
            [
                "New parameters: z = 1, p′ = 2,−1×1, and the window will move by 1",
                "Flip the kernel in both directions: as it slides, the last weight comes first",
                "Insert z = 1 zero between neighbours: 3×3 becomes 5×5",
                "Pad and crop by p′ = 2,−1×1: 5×5 becomes 6×7, as p′ is negative where p is larger than k − 1",
            ],
        ),
        (Conv(5, 3, 2, 1), ["Pad by p = 1 with zeros around the input"]),
        (Conv(5, 3, 2, 1, 1, "reflect"), ["Pad by p = 1 with reflected cells around the input"]),
        (MaxPool(5, 3, 2, 1), ["Pad by p = 1 with cells of −∞ around the input"]),
        (Conv(5, 3, 2), ["p = 0: no padding"]),
    ],
)
def test_captions_name_what_each_step_does(layer: Layer, words: list[str]) -> None:
    tabs = by_tab(scene_of(layer, "steps"))[:-1]
    assert list(dict.fromkeys(frame.caption.fitted(999) for tab in tabs for frame in tab)) == words


@max_examples(110)
@given(layer=any_layer(5, ("conv", "maxpool", "avgpool")))
def test_no_step_that_adds_cells_around_the_input_claims_there_is_none(layer: Layer) -> None:
    scene = scene_of(layer, "steps")
    for frame in by_tab(scene)[0]:
        if any(one.cell.role == "padding" for one in frame.changes):
            assert "no padding" not in frame.caption.fitted(999), (layer, frame)


def test_lines_are_below_each_other_and_grids_below_their_tabs() -> None:
    assert scene_of(ConvTranspose((4,), (3,), 2), "steps").body.direction == "column"
    assert scene_of(Conv((4,), (3,)), "steps").body.direction == "column"
    grids = scene_of(ConvTranspose(4, 3, 2), "steps").body
    assert (grids.direction, grids.equal_widths) == ("row", True)


@pytest.mark.parametrize("layer", [Conv(4, 3), ConvTranspose(2, 3, 2)])
def test_channels_that_are_not_shown_are_counted(layer: Layer) -> None:
    captions = [panel.caption for panel in animate(layer, "steps", channels=(3, 1)).scene.panels]
    assert captions[-1].endswith("; 2 more input channels not shown")
    assert "not shown" not in animate(layer, "steps", channels=(1, 1)).scene.panels[-1].caption


@pytest.mark.parametrize("layer", [MaxPool(4, 2), AvgPool(5, 3, 2, 1)])
def test_a_pooling_has_no_kernel_panel(layer: Layer) -> None:
    assert [panel.name for panel in scene_of(layer, "steps").panels] == ["padded", "output"]


@pytest.mark.parametrize(
    ("layer", "captions"),
    [
        (Conv(5, 3, 2, 1), ["input 5×5 → padded 7×7", "kernel 3×3", "output 3×3"]),
        (Conv(5, 3), ["input 5×5", "kernel 3×3", "output 3×3"]),
        (
            ConvTranspose(2, 3, 2, 1, 1, 1),
            ["kernel 3×3, flipped", "2×2 → 3×3: i + (i − 1)·z", "3×3 → 6×6: + 2p′ + a", "output 4×4"],
        ),
        (
            ConvTranspose(4, 2, 3, ((2, 1), (2, 2))),
            ["kernel 2×2, flipped", "4×4 → 10×10: i + (i − 1)·z", "10×10 → 9×8: + p′₁ + p′₂", "output 8×7"],
        ),
    ],
    ids=repr,
)
def test_captions_of_grids_hold_at_each_step(layer: Layer, captions: list[str]) -> None:
    """They name the size before and after, as a grid is empty or bare at first."""
    assert [panel.caption for panel in scene_of(layer, "steps").panels] == captions


def test_output_padding_is_a_parameter_and_part_of_the_third_step() -> None:
    scene = scene_of(ConvTranspose(2, 3, 2, 1, 1, 1), "steps")
    assert scene.tabs[2] == "3  pad by p′ and a"
    (block,) = [node for node in scene.body.children[0].children if isinstance(node, TextBlock)]  # type: ignore[union-attr]
    assert block.lines[-1] == "a = 1"


def test_captions_of_grids_appear_with_what_they_name() -> None:
    """In every frame that is drawn: nothing names zeros before they are inserted, nor padding before it is there."""
    picture = animate(ConvTranspose(3, 3, 2, 1), "steps").display_list
    first = {"3×3 → 5×5: i + (i − 1)·z": 1, "5×5 → 7×7: + 2p′": 2}
    for number, frame in enumerate(picture.scene.frames):
        drawn = {item.text for item in primitives_at(picture, number) if isinstance(item, TextRun)}
        for text, tab in first.items():
            assert (text in drawn) is (frame.tab >= tab), (number, text)
    assert {frame.tab for frame in picture.scene.frames} == {0, 1, 2, 3}


def test_the_kernel_is_drawn_as_it_is_given_and_then_flipped() -> None:
    layer = ConvTranspose(2, (2, 3), 2)
    w = np.array([[1, 2, 3], [4, 5, 6]])
    scene = steps(layer, conv_values(layer.sliding_windows, np.ones((2, 2), int), w), Timing())
    grids = [[[int(cell.text) for cell in row] for row in after[0]] for after in states(scene)]
    assert grids[0] == w.tolist()
    assert all(grid == [[6, 5, 4], [3, 2, 1]] for grid in grids[1:])
    assert scene.panels[0].caption == "kernel 2×3, flipped"
    assert [frame.tab for frame in scene.frames[:2]] == [0, 0]
    assert scene.panels[0].caption_tab == 1, "it says flipped when it is"


@pytest.mark.parametrize("layer", [ConvTranspose(2, 1, 2), ConvTranspose((3,), (1,), 2)])
def test_a_single_weight_is_not_flipped(layer: Layer) -> None:
    assert not any("Flip" in frame.caption.fitted(999) for frame in scene_of(layer, "steps").frames)


def test_the_last_frame_says_how_libraries_compute_it() -> None:
    end = scene_of(ConvTranspose(3, 3, 2), "steps").frames[-1].caption.fitted(999)
    assert end == "Libraries insert no zeros: they compute it as the gradient of a convolution (see --view scatter)"
    assert "Libraries" not in scene_of(Conv(3, 3), "steps").frames[-1].caption.fitted(999)
