"""The stage fills its room, grids of a row keep apart, and what belongs together is aligned."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, PictureError
from convviz.layers.kernels import named_kernel
from convviz.layers.layer import Layer
from convviz.layout.boxes import Box
from convviz.layout.lay_out import lay_out
from convviz.layout.scene_layout import SceneLayout
from convviz.render.font_files import SHAPES_TEXT
from convviz.render.fonts import measure
from convviz.render.inked_text import InkedLine
from convviz.scene.frame_selection import filmstrip_indices
from convviz.scene.model import Scene, Timing
from convviz.text.lines import Equation
from convviz.views.isometric import isometric_stack
from convviz.views.registry import VIEWS, find_view
from tests.at_rest import animate
from tests.profile import max_examples
from tests.views.layers import values_of
from tests.views.strategies import any_layers

SIZES = [(1280, 720), (1080, 1080), (720, 1280), (960, 720)]
BODY_STYLES = {"panel caption", "panel label", "text block", "operator", "small operator", "word operator"}
VIEW_NAMES = [name for name in VIEWS if name != "image"]


def layout_of(layer: Layer, view: str, size: tuple[int, int] = (1280, 720)) -> tuple[Scene, SceneLayout]:
    scene = find_view(view)(layer, values_of(layer), Timing())
    return scene, lay_out(scene, size, measure)


def filled(layout: SceneLayout) -> tuple[float, float]:
    """Return the shares of width and height, between header and caption, that the stage spans."""
    header, caption = max(box.bottom for box, _ in layout.badges), layout.caption
    assert caption
    boxes = [grid.box for grid in layout.grids] + [tab.bar for tab in layout.tabs]
    boxes += [text.box for text in layout.texts if text.style in BODY_STYLES | {"plane label"}]
    across = max(box.right for box in boxes) - min(box.x for box in boxes)
    down = max(box.bottom for box in boxes) - min(box.y for box in boxes)
    return across / caption.w, down / (caption.y - header)


@max_examples(120)
@given(layer=any_layers(8), view=st.sampled_from(VIEW_NAMES), size=st.sampled_from(SIZES))
def test_a_stage_fills_its_room(layer: Layer, view: str, size: tuple[int, int]) -> None:
    """It covers nearly a third of it, or reaches from side to side, or its cells are an eighth of the width."""
    try:
        _, layout = layout_of(layer, view, size)
    except (PictureError, ValueError, ZeroDivisionError):
        assume(False)
        return
    across, down = filled(layout)
    assert across * down >= 0.29 or max(across, down) >= 0.8 or layout.grids[0].pitch > size[0] / 8, (across, down)


@pytest.mark.parametrize("size", SIZES)
def test_one_cell_is_drawn_large(size: tuple[int, int]) -> None:
    across, down = filled(layout_of(Conv(1, 1), "slide", size)[1])
    assert across * down >= 0.29 or across > 0.95


@max_examples(100)
@given(layer=any_layers(6), view=st.sampled_from(VIEW_NAMES), size=st.sampled_from(SIZES))
def test_grids_side_by_side_keep_more_than_half_a_cell_apart(layer: Layer, view: str, size: tuple[int, int]) -> None:
    try:
        _, layout = layout_of(layer, view, size)
    except (PictureError, ValueError, ZeroDivisionError):
        assume(False)
        return
    for one, other in combinations(layout.grids, 2):
        a, b = sorted((one.box, other.box), key=lambda box: box.x)
        if a.right <= b.x and a.y < b.bottom and b.y < a.bottom:
            assert b.x - a.right >= min(0.5 * one.pitch, 30), (one, other)


@pytest.mark.parametrize("layer", [Conv(4, 3), Conv(3, 2), Conv((8,), 3)])
@pytest.mark.parametrize("view", ["matrix", "slide+matrix"])
def test_rows_of_y_are_beside_those_of_c_and_x_is_above_its_columns(layer: Layer, view: str) -> None:
    scene, layout = layout_of(layer, view)
    grids = {panel.name: grid for panel, grid in zip(scene.panels, layout.grids, strict=True)}
    assert grids["y"].y == grids["matrix"].y
    assert grids["x"].x == grids["matrix"].x
    assert grids["y"].rows == grids["matrix"].rows
    assert len({grid.pitch for grid in layout.grids}) == 1
    shown = {panel.name for panel, numbered in zip(scene.panels, layout.numbered, strict=True) if numbered}
    assert shown >= {"x", "matrix", "transposed", "input"}
    assert layout.number_px >= 11


@pytest.mark.parametrize(("kernel", "factor", "size"), [(3, 2, (1280, 720)), (3, 3, (1280, 720)), (3, 2, (720, 720))])
def test_numbers_of_an_upsampling_are_legible(kernel: int, factor: int, size: tuple[int, int]) -> None:
    """Those of the output may have three digits."""
    _, layout = layout_of(ConvTranspose(3, kernel, factor), "upsample", size)
    assert layout.number_px >= 11
    assert all(layout.numbered[:-1])
    assert len({grid.pitch for grid in layout.grids}) == 1


@pytest.mark.parametrize("size", [(1080, 1080), (720, 1280), (1280, 720)])
def test_overlap_takes_any_shape_of_picture(size: tuple[int, int]) -> None:
    _, layout = layout_of(ConvTranspose(6, 3, 2), "overlap", size)
    assert max(filled(layout)) >= 0.8


def test_steps_in_a_tall_picture_keep_their_digits_and_their_tabs() -> None:
    """Each tab is above its panel, in two rows or in one for each."""
    scene, layout = layout_of(ConvTranspose(3, 3, 2, 1), "steps", (720, 1280))
    assert layout.number_px >= 11
    assert all(layout.numbered)
    assert filled(layout)[1] >= 0.6
    assert [tab.plain.text for tab in layout.tabs] == list(scene.tabs)
    for tab, grid in zip(layout.tabs, layout.grids, strict=True):
        assert tab.bar.x <= grid.box.x
        assert grid.box.right <= tab.bar.right + 16
        assert tab.bold.box.bottom <= grid.box.y
        below = [other.bar for other in layout.tabs if other.bar.y > tab.bar.y]
        assert all(grid.box.bottom < bar.y for bar in below)


def test_channels_have_rows_with_partial_sums_then_the_bias_then_the_total() -> None:
    animation = animate(Conv(5, 3), channels=(3, 1), bias=[2])
    scene, layout = animation.scene, animation.display_list.layout
    boxes: dict[str, list[Box]] = {}
    for panel, grid in zip(scene.panels, layout.grids, strict=True):
        boxes.setdefault(panel.name, []).append(grid.box)
    assert [len(boxes[name]) for name in ("input", "kernel", "partial", "bias", "output")] == [3, 3, 3, 1, 1]
    for name in ("input", "kernel", "partial"):
        assert len({box.x for box in boxes[name]}) == 1, "columns are aligned"
        tops = [box.y for box in boxes[name]]
        assert tops == sorted(set(tops))
    order = [boxes[name][0].x for name in ("input", "kernel", "partial", "bias", "output")]
    assert order == sorted(order)
    assert all(layout.numbered)
    assert filled(layout)[0] * filled(layout)[1] >= 0.5


def test_digits_go_panel_by_panel() -> None:
    """In a small cell 1/9 and 3 fit, 12.33 does not."""
    animation = animate(ConvTranspose(3, 5, 3, 1), w=named_kernel("bilinear", (5, 5)))
    scene, layout = animation.scene, animation.display_list.layout
    shown = {panel.name: shown for panel, shown in zip(scene.panels, layout.numbered, strict=True)}
    assert shown == {"input": True, "kernel": True, "output": False}
    texts = {scene.panels[change.panel].name: change.cell.text for frame in scene.frames for change in frame.changes}
    assert texts == {"output": ""}
    assert animation.numbers
    assert isinstance(scene.frames[0].caption, Equation), "the sum is still written out"


def test_the_relation_sign_of_an_equation_stays_in_place() -> None:
    """Also if the names of the cells are not equally long."""
    animation = animate(Conv(12, 3, 1, 1), size=(1280, 720))
    picture, signs, ends = animation.display_list, set(), set()
    for frame in animation.scene.frames:
        (line,) = (item for item in picture.labels(frame) if isinstance(item, InkedLine))
        signs.add(next(one.x for one in line.characters() if one.text == "="))
        ends.add(line.box.right)
    assert len(signs) == 1
    assert len(ends) > 1
    assert max(ends) <= 1280 - 40


@pytest.mark.parametrize("count", [4, 6, 9])
def test_a_filmstrip_shows_each_stage(count: int) -> None:
    scene = animate(ConvTranspose(3, 3, 2, 1), "steps").scene
    indices = filmstrip_indices(scene, count)
    assert len(set(indices)) == count
    assert indices == sorted(indices)
    assert {scene.frames[index].tab for index in indices} == {0, 1, 2, 3}
    assert indices[-1] == len(scene.frames) - 1


@pytest.mark.parametrize(
    ("layer", "view", "size", "most"),
    [
        (ConvTranspose(3, 3, 2, 1), "steps", (1280, 720), 2100),
        (Conv(5, 3, 2, 1), "slide", (1280, 720), 900),
        (Conv(5, 3, 2, 1), "slide", (720, 1280), 1900),
        (Conv((8,), 3), "slide", (1280, 720), 800),
    ],
)
def test_a_filmstrip_has_the_shape_of_its_picture(
    layer: Layer, view: str, size: tuple[int, int], most: int, tmp_path: Any
) -> None:
    path = animate(layer, view, size=size).save(tmp_path / "strip.svg", filmstrip=6)
    head = path.read_text()[:400]
    width, height = (int(head.split(f'{name}="')[1].split('"')[0]) for name in ("width", "height"))
    assert width == size[0]
    assert height <= (most if SHAPES_TEXT else 1.3 * most), "letters are a little wider before matplotlib 3.11"


def test_planes_of_a_stack_are_side_by_side_in_a_wide_picture() -> None:
    layers: list[Layer] = [Conv(16, 3, 2, 1), Conv(8, 3), ConvTranspose(6, 4, 2, 1)]
    layout = lay_out(isometric_stack(layers, Timing()), (1280, 720), measure)
    lefts = [grid.box.x for grid in layout.grids]
    assert lefts == sorted(lefts, reverse=True), "the input, which is the last plane, is on the left"
    assert filled(layout)[0] >= 0.8
    assert layout.grids[0].pitch >= 16


def test_a_combined_legend_names_each_colour_once() -> None:
    scene = find_view("slide+matrix")(Conv(3, 2), values_of(Conv(3, 2)), Timing())
    roles = [(entry.role, entry.faded) for entry in scene.legend]
    assert len(roles) == len(set(roles))
    assert {role for role, _ in roles} == {"input", "window", "last", "output", "kernel", "zero"}
