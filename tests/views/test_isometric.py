"""isometric: the frames of slide, scatter and stack on planes above each other, with four lines from each window."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.layers.layer import Layer
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.render.paths import Stroke
from convviz.render.text_run import BackedText
from convviz.scene.model import Cell, Frame, PlaneStack, Scene, Timing
from convviz.style.colours import rgb
from convviz.views.isometric import isometric_stack
from convviz.views.scatter import scatter_grids
from convviz.views.slide import slide_grids
from convviz.views.stack import stack
from tests.at_rest import AT_REST_WORDS, animate
from tests.profile import max_examples, scaled
from tests.render.test_compositor import composed
from tests.views.layers import (  # fmt: skip
    any_layer,
    attempted,
    crossed_texts,
    faults,
    frames_of,
    last,
    layout_faults,
    many_layers,
    refused,
    run,
    scene_of,
    values_of,
)

ANY = any_layer(5, cells=120)


def told(scene: Scene) -> list[tuple[set[tuple[str, int, int, Cell]], set[tuple[str, object, object]], str]]:
    """Return the content of each frame, without positions: cells by panel name, windows but the last, and caption."""
    names = [f"{panel.name} {panel.cells}" for panel in scene.panels]
    return [
        (
            {(names[one.panel], one.row, one.col, one.cell) for one in frame.changes},
            {(names[mark.panel], mark.rows, mark.cols) for mark in frame.marks if mark.role != "last"},
            frame.caption.fitted(60),
        )
        for frame in scene.frames
    ]


@max_examples(150)
@given(layer=ANY)
def test_it_tells_what_slide_and_scatter_tell(layer: Layer) -> None:
    assert told(scene_of(layer, "isometric")) == told(slide_grids(layer, values_of(layer), Timing()))
    assert told(scene_of(layer, "isometric-scatter")) == told(
        scatter_grids(layer, values_of(layer), Timing(), has_stamp=False)
    )


def test_it_tells_what_stack_tells() -> None:
    layers = [Conv(12, 3, 2, 1), MaxPool(6, 2), ConvTranspose(3, 4, 2, 1)]
    plain, planes = stack(layers, Timing()), isometric_stack(layers, Timing())
    assert [frame.caption for frame in plain.frames] == [frame.caption for frame in planes.frames]
    assert last(planes) == last(plain)[:0:-1] + last(plain)[:1]
    assert [panel.label for panel in planes.panels] == [
        panel.caption for panel in (*plain.panels[:0:-1], plain.panels[0])
    ]


@max_examples(150)
@given(layer=ANY, view=st.sampled_from(["isometric", "isometric-scatter"]))
def test_the_output_lies_on_top_and_the_input_at_the_bottom(layer: Layer, view: str) -> None:
    scene = scene_of(layer, view)
    assert faults(scene) == []
    (tower,) = scene.body.children
    assert isinstance(tower, PlaneStack)
    names = [panel.name for panel in scene.panels]
    assert names == ["output", "input", *names[2:]]
    assert set(names[2:]) <= {"kernel"}
    assert all(panel.oblique for panel in scene.panels)
    assert all(panel.label and not panel.caption for panel in scene.panels[:2])


def joined(frame: Frame) -> list[tuple[int, int]]:
    """Return the panels that guide lines join."""
    return [(frame.marks[guide.start].panel, frame.marks[guide.end].panel) for guide in frame.guides]


@pytest.mark.parametrize("view", ["isometric", "isometric-scatter"])
def test_lines_lead_from_the_input_to_the_output(view: str) -> None:
    for layer in many_layers(120, seed=3, largest=4):
        scene = scene_of(layer, view)
        for frame in scene.frames:
            panels = {mark.panel for mark in frame.marks if mark.role == "window"}
            assert joined(frame) == ([(1, 0)] if panels == {0, 1} else []), layer
        if view == "isometric":
            assert all(frame.guides for frame in scene.frames)


def test_every_channel_that_is_shown_has_its_lines() -> None:
    scene = animate(Conv(4, 3), "isometric", channels=(3, 2)).scene
    assert all(joined(frame) == [(1, 0), (2, 0), (3, 0)] for frame in scene.frames)
    assert [panel.caption.split(":")[0] for panel in scene.panels[1:4]] == [
        f"input channel {n} of 3" for n in (1, 2, 3)
    ]
    assert [panel.caption.split(":")[0] for panel in scene.panels[4:]] == [f"kernel for channel {n}" for n in (1, 2, 3)]
    assert not crossed_texts(animate(Conv(4, 3), "isometric", channels=(3, 2)).display_list)


@pytest.mark.parametrize("size", [(1280, 720), (960, 720), (854, 480)])
def test_lines_pass_no_text(size: tuple[int, int]) -> None:
    tried = 0
    for number, layer in enumerate(many_layers(scaled(60), seed=11, largest=5)):
        view = ("isometric", "isometric-scatter")[number % 2]
        animation, sentence = attempted(lambda layer=layer, view=view: animate(layer, view, size=size, frames=6))
        if sentence:
            continue
        assert crossed_texts(animation.display_list) == [], layer
        tried += 1
    assert tried > scaled(40)


@max_examples(60)
@given(
    kinds=st.lists(st.sampled_from(["conv", "pool", "transposed"]), min_size=1, max_size=4),
    size=st.sampled_from([(1280, 720), (960, 720), (854, 480), (720, 1280)]),
    axes=st.integers(1, 2),
)
def test_stacks_hold_or_are_refused(kinds: list[str], size: tuple[int, int], axes: int) -> None:
    shape: tuple[int, ...] = (9,) * axes
    layers: list[Layer] = []
    for kind in kinds:
        make = {"conv": lambda s: Conv(s, 3, 1, 1), "pool": lambda s: AvgPool(s, 2, 2, 1), "transposed": twice}[kind]
        layers.append(make(shape))
        shape = layers[-1].output
    found, sentence = attempted(lambda: layout_faults(isometric_stack(layers, Timing()), size))
    assert not found
    assert "; use " in sentence or not sentence


def twice(shape: tuple[int, ...]) -> Layer:
    return ConvTranspose(shape, 4, 2, 1)


def test_four_lines_join_the_corners_of_the_window_and_of_the_output_cell() -> None:
    picture = animate(Conv(5, 3, 2, 1), "isometric").display_list
    grids = picture.layout.grids
    assert all(isinstance(grid, ObliqueGrid) for grid in grids)
    for t, frame in enumerate(picture.scene.frames):
        halo, stroke = (item for item in picture.guide_lines(frame, {}, ()) if isinstance(item, Stroke))
        row, col = divmod(t, 3)
        window = grids[1].span(tuple(range(2 * row, 2 * row + 3)), tuple(range(2 * col, 2 * col + 3)))
        assert list(stroke.lines) == list(zip(window.corners, grids[0].cell(row, col).corners, strict=True))
        assert halo.lines == stroke.lines
        assert halo.width > stroke.width
        assert (halo.colour, stroke.colour) == (picture.theme.background, picture.theme.window)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_numbers_stay_readable_where_a_line_passes_behind(theme: str) -> None:
    animation = animate(Conv(5, 3, 1, 1), "isometric", theme)
    picture = animation.display_list
    line = np.array(rgb(picture.theme.window))
    cells = {
        (p, r, c): cell
        for p, grid in enumerate(last(picture.scene))
        for r, row in enumerate(grid)
        for c, cell in enumerate(row)
    }
    patched = 0
    for frame, pixels in zip(picture.scene.frames, composed(animation), strict=True):
        state = {at: cell for at, cell in cells.items() if at[0] == 1}
        for item in picture.guide_lines(frame, state, ()):
            if isinstance(item, BackedText):
                box = item.box
                area = pixels[box.y : box.bottom, box.x : box.right]
                assert not (area == line).all(axis=2).any() or (line == rgb(item.text_run.colour)).all()
                patched += 1
    assert patched > 20


def test_a_stack_and_a_layer_have_the_view_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, words in enumerate(
        (
            ["conv", "-i", "5", "--view", "isometric"],
            ["transposed", "--view", "isometric-scatter"],
            ["stack", "conv k3 s2 p1", "maxpool k2", "-i", "9", "--view", "isometric"],
            ["preset", "padding_strides_odd_transposed", "--view", "isometric"],
        )
    ):
        result = run(*words, "--frames", "2", "--size", "640x480", *AT_REST_WORDS, "-o", f"{number}.gif")
        assert result.exit_code == 0, result.output
        assert frames_of(tmp_path / f"{number}.gif") == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["stack", "conv k3", "--view", "isometric-scatter"],
            "several layers are shown by the view stack or isometric",
        ),
        (
            ["conv", "--view", "isometric-stack"],
            "there is no view 'isometric-stack'; did you mean isometric-scatter? Use slide",
        ),
        (["conv", "-i", "90", "-k", "3", "--view", "isometric", "--frames", "2"], "; use --size"),
    ],
)
def test_what_it_cannot_show_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*words), message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(scaled(3)))
def test_tiny_cells_are_drawn_as_they_are_composed(seed: int) -> None:
    """Cells too small for smooth edges: every cell has its own pixels, and the last picture shows each fill."""
    layer = Conv(60 + Random(seed).randrange(5), 3, 1, 1)
    animation = animate(layer, "isometric", frames=2, numbers=False)
    grid = animation.display_list.layout.grids[0]
    assert grid.pitch < 8
    frame = composed(animation)[-1]
    green = rgb(animation.display_list.theme.cell("output").fill)
    for place in ((0, 0), (30, 17), (layer.output[0] - 2, 5)):
        (*_, run_) = grid.cell(*place).pixel_rows()
        assert tuple(frame[run_.y, run_.x]) == green
