"""Nothing touches, overlaps, leaves the frame or gets too small, for any layer, size and theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, PictureError
from convviz.layers.examples import example_input, example_kernel
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values, pool_values
from convviz.layers.pooling import MaxPool, Pool
from convviz.layout.boxes import Box
from convviz.layout.header_footer import aligned
from convviz.layout.lay_out import lay_out
from convviz.layout.oblique_grid import Parallelogram
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.typography import Typography
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure
from convviz.render.rectangles import Fill
from convviz.scene.model import Scene, Timing
from convviz.style.theme import LIGHT, SMALLEST_TEXT_PX
from convviz.text.formatting import is_sum
from convviz.views.registry import VIEWS
from convviz.views.slide import slide
from tests.at_rest import animate
from tests.profile import max_examples
from tests.views.strategies import any_layers, values, values_of

LARGE = [(1280, 720), (1920, 1080), (3840, 2160)]
SIZES = [*LARGE, (960, 720), (720, 720), (720, 1280), (640, 360), (854, 480), (1281, 699)]


def scene_of(layer: Layer, view: str = "slide", with_numbers: bool = True) -> Scene:
    x, w = example_input(layer.input, 0), example_kernel(layer.kernel, 0)
    return VIEWS[view](layer, conv_values(layer.sliding_windows, x, w) if with_numbers else None, Timing())


@st.composite
def scenes(draw: Any, largest: int = 9) -> Scene:
    """Draw any layer in one or two dimensions, with or without channels; numbers are short, long, broken or hidden."""
    layer = draw(any_layers(largest, axes=draw(st.sampled_from([1, 2, 2]))))
    fed, made, groups = draw(st.sampled_from([(1, 1, 1), (1, 2, 3), (2, 1, 1), (3, 1, 1), (2, 2, 2), (7, 1, 1)]))
    channels = () if draw(st.booleans()) else (fed * groups,)
    largest_value = draw(st.sampled_from([3, 99, 4000]))
    generator = np.random.default_rng(draw(st.integers(0, 9)))
    x = generator.integers(-largest_value, largest_value + 1, (*channels, *layer.input))
    if draw(st.booleans()):
        x = x / 7
    if isinstance(layer, Pool):
        shown = pool_values(layer.sliding_windows, x, mean=layer.mean, include_padding=layer.count_include_pad)
    elif not channels:
        shown = conv_values(layer.sliding_windows, x, generator.integers(-3, 4, layer.kernel))
    else:
        leading = (fed * groups, made) if isinstance(layer, ConvTranspose) else (made * groups, fed)
        bias = draw(st.none() | st.just(generator.integers(-9, 10, made * groups)))
        w = generator.integers(-3, 4, (*leading, *layer.kernel))
        shown = conv_values(layer.sliding_windows, x, w, bias, groups, channel=made * groups - 1)
    shown = replace(shown, visible=draw(st.booleans()))
    return VIEWS["slide"](layer, shown, Timing())


def problems(layout: SceneLayout, scene: Scene) -> list[str]:
    """List the problems of a layout."""
    width, height = layout.size
    boxes = list(layout.boxes())
    found = [f"{one} overlaps {two}" for (one, a), (two, b) in combinations(boxes, 2) if a.overlaps(b)]
    found += [f"{name} leaves the frame" for name, box in boxes if not inside(box, Box(0, 0, width, height))]
    sizes = {text.text: text.px for text in layout.texts} | {"line": layout.caption_px, "counter": layout.counter_px}
    if layout.number_px:
        sizes |= {"numbers": layout.number_px, "small numbers": layout.small_number_px}
    found += [f"{name} is {px} px" for name, px in sizes.items() if px < SMALLEST_TEXT_PX * max(1, width / 1280)]
    found += [f"{name} is no whole pixel box" for name, box in boxes if not all(isinstance(n, int) for n in parts(box))]
    found += [f"cells of {grid.pitch} px" for grid in layout.grids if not fits_others(grid, layout)]
    badges = {badge.text: box for box, badge in layout.badges}
    for text in layout.texts:
        if text.style == "badge" and not inside(text.box, badges[text.text]):
            found.append(f"{text.text} leaves its badge")
    return found + number_problems(layout, scene) + line_problems(layout, scene) + link_problems(layout, scene)


def fits_others(grid: Any, layout: SceneLayout) -> bool:
    """Whether cells are as large as those of the first grid, or larger in a lens."""
    if layout.lens and inside(grid.box, layout.lens):
        return bool(grid.pitch >= layout.grids[0].pitch)
    return bool(grid.pitch == layout.grids[0].pitch)


def number_problems(layout: SceneLayout, scene: Scene) -> list[str]:
    if not layout.number_px:
        return []
    texts = [{cell.text for row in panel.cells for cell in row} for panel in scene.panels]
    for frame in scene.frames:
        for change in frame.changes:
            texts[change.panel].add(change.cell.text)
    return [  # a sum is drawn smaller, or its first term alone
        f"{text} leaves its cell"
        for grid, numbered, shown in zip(layout.grids, layout.numbered, texts, strict=True)
        for text in (shown if numbered else ())
        if not is_sum(text) and not fits(text, grid.cell(0, 0), layout.number_px)
    ]


def fits(text: str, place: Box | Parallelogram, px: int) -> bool:
    """Whether a number in the middle of a cell stays inside; digits are three quarters as high as the font size."""
    wide = measure(text, "bold", px)
    if isinstance(place, Box):
        return wide <= place.w - 2
    middle_x, middle_y = (sum(corner[axis] for corner in place.corners) / 4 for axis in (0, 1))
    corners = product((middle_x - wide / 2, middle_x + wide / 2), (middle_y - 0.365 * px, middle_y + 0.365 * px))
    return not text or all(is_inside(corner, place.corners) for corner in corners)


def is_inside(point: tuple[float, float], corners: Sequence[tuple[float, float]]) -> bool:
    """Whether a point is on the same side of all edges."""
    turns = [
        (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
        for a, b in pairwise([*corners, corners[0]])
    ]
    return all(turn >= 0 for turn in turns)


def line_problems(layout: SceneLayout, scene: Scene) -> list[str]:
    lines = (aligned(frame.caption, layout.caption_length, layout.caption_lead) for frame in scene.frames)
    found = [
        f"{line} is too long"
        for line in lines
        if layout.caption and layout.caption_x + measure(line, "mono", layout.caption_px) > layout.caption.right
    ]
    last = f"{scene.steps} / {scene.steps}"
    too_wide = layout.counter and measure(last, "mono", layout.counter_px) > layout.counter.w
    return found + [last] * bool(too_wide)


def link_problems(layout: SceneLayout, scene: Scene) -> list[str]:
    """List the connectors that do not run straight down between their cells, or cross something."""
    found, picture = [], DisplayList(scene, layout, LIGHT)
    links = {link for frame in scene.frames for link in frame.connectors}
    boxes = dict(layout.boxes())
    frames = [replace(frame, marks=()) for frame in scene.frames[:1]]
    for link in links:
        (bar, *_) = (
            item.box for item in picture.overlays(replace(frames[0], connectors=(link,))) if isinstance(item, Fill)
        )
        upper, lower = (layout.grids[index].cell(0, link.col) for index in (link.upper, link.lower))
        if bar.h and not (upper.bottom < bar.y and bar.bottom < lower.y):
            found.append(f"{link} leaves the space between its panels")
        if not (bar.x >= max(upper.x, lower.x) and bar.right <= min(upper.right, lower.right)):
            found.append(f"{link} leaves its column")
        found += [f"{link} crosses {name}" for name, box in boxes.items() if bar.h and bar.overlaps(box)]
    return found


def inside(box: Box, outer: Box) -> bool:
    return box.x >= outer.x and box.y >= outer.y and box.right <= outer.right and box.bottom <= outer.bottom


def parts(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.w, box.h


@max_examples(800)
@given(layer=any_layers(9), size=st.sampled_from(SIZES), with_numbers=st.booleans())
def test_any_layer_at_any_size_holds_or_is_refused(layer: Layer, size: tuple[int, int], with_numbers: bool) -> None:
    scene = slide(layer, values_of(layer, *values(layer, 1)) if with_numbers else None, Timing())
    check(scene, size)


@max_examples(900)
@given(scene=scenes(), size=st.sampled_from(SIZES))
def test_any_scene_at_any_size_holds_or_is_refused(scene: Scene, size: tuple[int, int]) -> None:
    check(scene, size)


@max_examples(400)
@given(scene=scenes(5), width=st.integers(64, 2000), height=st.integers(64, 2000))
def test_any_odd_size_holds_or_is_refused(scene: Scene, width: int, height: int) -> None:
    check(scene, (width, height))


def check(scene: Scene, size: tuple[int, int]) -> None:
    try:
        layout = lay_out(scene, size, measure)
    except PictureError:
        assert size not in LARGE
        return
    assert problems(layout, scene) == []


@pytest.mark.parametrize(
    "layer",
    [
        Conv(64, 3, 1, 1),
        ConvTranspose(64, 3, 2, 1),
        Conv(1, 1),
        Conv((64, 1), 1),
        Conv((64,), 3, 1, 1),
        ConvTranspose((64,), 3, 2, 1),
        Conv((1,), 1),
        Conv((200,), 3),
    ],
)
def test_from_one_cell_to_64_by_64_there_is_a_picture(layer: Layer) -> None:
    scene = scene_of(layer)
    assert problems(lay_out(scene, (1280, 720), measure), scene) == []


def test_the_advised_size_would_do() -> None:
    layer = ConvTranspose((3, 5), 3, (2, 3), 1)
    with pytest.raises(PictureError, match=r"does not fit into a picture of 200x150; use --size \d+x\d+") as refusal:
        animate(layer, size=(200, 150))
    width, height = str(refusal.value).split("--size ")[1].split()[0].split("x")
    assert animate(layer, size=(int(width), int(height))).frames == 65


def test_what_does_not_fit_is_named_by_its_cells_and_not_by_a_formula() -> None:
    with pytest.raises(PictureError, match=r"^Convolution in one dimension with a grid of 1×640 cells does not fit"):
        animate(Conv((640,), 256, 128), size=(3840, 2160))


def test_a_larger_output_looks_larger() -> None:
    layout = lay_out(scene_of(ConvTranspose(3, 4, 2, 1)), (1280, 720), measure)
    assert layout.grids[2].box.w > 6 * layout.grids[0].pitch - layout.grids[0].gap - 1


def test_a_tall_picture_stacks_its_panels() -> None:
    layout = lay_out(scene_of(Conv(5, 3, 1, 1)), (720, 1280), measure)
    tops = [grid.y for grid in layout.grids]
    assert tops == sorted(tops)
    assert all(above.box.bottom < below.y for above, below in zip(layout.grids, layout.grids[1:], strict=False))


def test_numbers_disappear_before_the_grid_does() -> None:
    few, many = (lay_out(scene_of(Conv(size, 3, 1, 1)), (1280, 720), measure) for size in (5, 40))
    assert few.number_px >= 11
    assert many.number_px == 0


@pytest.mark.parametrize("size", LARGE)
def test_channels_and_lanes_show_their_numbers_where_slides_are_shown(size: tuple[int, int]) -> None:
    for layer, channels in (
        (Conv(5, 3), (3, 1)),
        (ConvTranspose(3, 3, 2, 1), (2, 1)),
        (Conv((8,), 3, 2, 1), None),
        (ConvTranspose((4,), 3, 2, 1), None),
        (MaxPool(6, 2), None),
    ):
        assert animate(layer, channels=channels, size=size).numbers, layer


@pytest.mark.parametrize("layer", [Conv((8,), 3, 1, 1), ConvTranspose((4,), 3, 2, 1), MaxPool((6,), 2)])
@pytest.mark.parametrize("size", LARGE)
def test_columns_of_lanes_are_below_each_other_and_links_can_be_seen(layer: Layer, size: tuple[int, int]) -> None:
    animation = animate(layer, size=size)
    grids = animation.display_list.layout.grids
    assert len({grid.x for grid in grids}) == 1
    bars = [item.box for item in animation.display_list.overlays(animation.scene.frames[0]) if isinstance(item, Fill)]
    assert len(bars) == len(animation.scene.frames[0].connectors)
    assert min(bar.h for bar in bars) >= 4


@pytest.mark.parametrize("size", [(342, 188), (360, 200), (400, 225), (480, 270)])
def test_labels_of_lanes_keep_apart_in_small_pictures(size: tuple[int, int]) -> None:
    for layer in (MaxPool((1,), 1), Conv((5,), 3), ConvTranspose((4,), 3, 2, 1)):
        check(slide(layer, None, Timing()), size)


def test_problems_are_seen() -> None:
    """The comparator finds overlaps, tiny text and things outside."""
    scene = scene_of(Conv(5, 3))
    layout = lay_out(scene, (1280, 720), measure)
    wrong = SceneLayout(
        **{name: getattr(layout, name) for name in layout.__slots__}
        | {"caption": Box(1000, 300, 400, 30), "caption_px": 9, "number_px": 60}
    )
    found = problems(wrong, scene)
    lanes = animate(Conv((5,), 3)).display_list
    upper, lower = lanes.layout.grids[:2]
    crossed = replace(lanes.layout, grids=(upper, replace(lower, x=lower.x + 400), *lanes.layout.grids[2:]))
    assert any("leaves its column" in problem for problem in problems(crossed, lanes.scene))
    assert any("overlaps" in problem for problem in found)
    assert "caption leaves the frame" in found
    assert "line is 9 px" in found
    assert any("leaves its cell" in problem for problem in found)


@pytest.mark.parametrize("text", ["one two three four five six", "word"])
def test_wrapped_lines_keep_every_word_and_the_limit(text: str) -> None:
    typography = Typography((1280, 720), measure)
    lines = typography.wrap(text, "panel caption", 90)
    assert " ".join(lines) == text
    assert all(typography.text_width(line, "panel caption") <= 90 or " " not in line for line in lines)
