"""Composed frames are the frames that matplotlib draws whole, and every pixel sits where the layout says."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from convviz import Conv, ConvTranspose
from convviz.animation.animate import Animation
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.layout.boxes import Box
from convviz.render.compositor import Compositor, primitives_at
from convviz.render.font_files import SHAPES_TEXT
from convviz.render.palette import Palette
from convviz.render.rasterize import rasterize
from convviz.render.rectangles import DashedOutline, Fill, Outline, _dashes
from convviz.scene.model import CELL_ROLES, Cell
from convviz.style.colours import rgb
from convviz.style.theme import THEMES
from tests.at_rest import animate
from tests.profile import combined

SIZE = (854, 480)
"""Of pictures with few cells."""
CASES = [
    ConvTranspose(3, 3, 2, 1),
    ConvTranspose(2, 3, 2, 1, 1, 1),
    ConvTranspose(4, 2, 3, 2),
    Conv((6, 9), (3, 2), (2, 1), (1, 0)),
    Conv(7, 3, dilation=2),
    Conv(1, 1),
    Conv(20, 3, 1, 1),
]
NEW: dict[str, tuple[Layer, dict[str, Any]]] = {
    "reflect": (Conv(5, 3, 1, ((1, 2), (2, 0)), 1, "reflect"), {}),
    "circular, no numbers": (Conv(4, 3, 1, "same", 1, "circular"), {"numbers": False}),
    "uneven crop": (ConvTranspose(4, 3, 1, ((1, 3), (2, 2))), {}),
    "ceil mode": (MaxPool(5, 2, ceil_mode=True), {}),
    "ceil mode behind padding": (AvgPool(6, 3, 2, 1, ceil_mode=True), {}),
    "channels": (Conv(4, 3), {"channels": (3, 2), "bias": [1, -2], "channel": 1}),
    "many channels": (ConvTranspose(2, 3, 2), {"channels": (6, 4), "groups": 2, "channel": 3}),
    "lanes": (Conv((7,), 3, 2, 1), {}),
    "lanes, reflect, dilated": (Conv((9,), 3, 1, 2, 2, "reflect"), {}),
    "lanes, transposed": (ConvTranspose((4,), 3, 2, 1), {}),
    "lanes, cropped": (ConvTranspose((4,), 2, 3, ((2, 1),)), {}),
    "lanes, ceil mode": (MaxPool((7,), 3, ceil_mode=True), {}),
    "lanes, channels": (Conv((6,), 3), {"channels": (3, 1)}),
    "lanes without numbers": (Conv((30,), 3), {"numbers": False}),
}
"""Links, source marks, and cells that are faded and lit at once."""
TOLERANCE = 12
"""Of 255: antialiased edges pass through a palette with a dozen steps between ink and ground, and a glyph of the
fixed-pitch font that reaches into its neighbour's place loses that faint pixel."""


def whole(animation: Animation, frame: int) -> np.ndarray:
    size = animation.display_list.layout.size
    ground = Fill(Box(0, 0, *size), animation.display_list.theme.background)
    return rasterize([ground, *primitives_at(animation.display_list, frame)], size)[..., :3].astype(np.int16)


SHADED_TOLERANCE = 18
"""Of a shaded picture: its shades leave fewer steps of the palette to the edges."""


def differences(drawn: np.ndarray, expected: np.ndarray, tolerance: int = TOLERANCE) -> tuple[int, bool]:
    """Count the pixels that differ by more than the tolerance, and return whether none differs by three times as much.

    Before matplotlib 3.11, a few numbers of a picture lie one pixel beside those that are drawn whole: a thousandth of
    its pixels may differ.
    """
    off = np.abs(drawn - expected).max(axis=2)
    count = int((off > tolerance).sum())
    return (count, bool(off.max() <= 3 * tolerance)) if SHAPES_TEXT else (max(0, count - off.size // 1000), True)


def composed(animation: Animation) -> list[np.ndarray]:
    stage = Compositor(animation.display_list)
    colours = stage.sprites.palette.colours.astype(np.int16)
    return [colours[frame.pixels] for frame in stage.frames()]


def some_composed(animation: Animation, stage: Compositor | None = None) -> dict[int, np.ndarray]:
    """The first, the middle and the last frame, by number."""
    wanted = {0, animation.frames // 2, animation.frames - 1}
    stage = stage or Compositor(animation.display_list)
    colours = stage.sprites.palette.colours.astype(np.int16)
    return {number: colours[frame.pixels] for number, frame in enumerate(stage.frames()) if number in wanted}


@pytest.mark.parametrize(("layer", "theme"), combined(CASES, list(THEMES)), ids=str)
def test_composed_frames_equal_frames_drawn_whole(layer: Layer, theme: str) -> None:
    animation = animate(layer, theme=theme, frames=7, size=SIZE if layer.input[0] < 20 else (1280, 720))
    tolerance = SHADED_TOLERANCE if animation.display_list.layout.lens else TOLERANCE
    for index, frame in some_composed(animation).items():
        assert differences(frame, whole(animation, index), tolerance) == (0, True)


@pytest.mark.parametrize(("case", "theme"), combined(list(NEW), list(THEMES)))
def test_every_kind_of_scene_is_composed_as_it_is_drawn_whole_in_exact_colours(case: str, theme: str) -> None:
    """One composition, three promises: equal frames, exact flat colours, and a palette that leaves an entry free."""
    layer, options = NEW[case]
    animation = animate(layer, theme=theme, frames=4, size=SIZE, **options)
    stage = Compositor(animation.display_list)
    frames, last = some_composed(animation, stage), animation.frames - 1
    for index, frame in frames.items():
        expected = whole(animation, index)
        assert differences(frame, expected) == (0, True), index
    # what is filled with a colour has that colour: cells, dots, outlines, links, the progress bar
    flat = {item.colour for item in primitives_at(animation.display_list, last) if isinstance(item, Fill | Outline)}
    assert len(flat) >= 5
    allowed = 0 if SHAPES_TEXT else expected.size // 3000  # numbers that lie one pixel beside
    for colour in map(rgb, flat):
        seen = frames[last][(expected == colour).all(axis=2)]
        assert (seen != colour).any(axis=1).sum() <= allowed, colour
    colours = stage.sprites.palette.colours
    assert len(colours) <= 255
    assert len({tuple(colour) for colour in colours.tolist()}) == len(colours)


def test_no_trace_of_a_link_or_a_mark_stays_behind() -> None:
    """The frame after a thinned run equals the same frame after the whole run, but for the place of its caption."""
    for layer in (Conv((9,), 3, 1, 2, 2, "reflect"), Conv(5, 3, 1, 2, 1, "circular"), ConvTranspose((4,), 3, 2, 1)):
        every, ends = (animate(layer, size=(854, 480), frames=frames) for frames in (None, 2))
        caption = every.display_list.layout.caption
        assert caption
        all_frames, two = composed(every), composed(ends)
        for one, other in ((all_frames[-1], two[-1]), (all_frames[0], two[0])):
            differs = (one != other).any(axis=2)
            differs[caption.y : caption.bottom] = False
            assert not differs.any()


def test_a_source_is_outlined_inside_its_cell_in_the_colour_of_text() -> None:
    animation = animate(Conv(5, 3, 1, 1, 1, "circular"))
    picture, frame = animation.display_list, composed(animation)[0]
    text, grid = np.array(rgb(picture.theme.text)), picture.grid(0)
    outlined = set()
    for row, col in product(range(grid.rows), range(grid.cols)):
        box = grid.cell(row, col)
        edges = [frame[y, box.x : box.right] for y in (box.y, box.bottom - 1)]
        edges += [frame[box.y : box.bottom, x] for x in (box.x, box.right - 1)]
        if all((edge == text).all() for edge in edges):
            outlined.add((row, col))
        else:
            assert not any((edge == text).all() for edge in edges)
    assert outlined == {(5, 5), (5, 1), (5, 2), (1, 5), (2, 5)}


def test_links_are_drawn_in_the_colour_of_the_window_between_the_lanes() -> None:
    animation = animate(Conv((7,), 3, 2, 1))
    picture, frames = animation.display_list, composed(animation)
    colour = np.array(rgb(picture.theme.window))
    for drawn, frame in zip(frames, animation.scene.frames, strict=True):
        for upper, lower in ((0, 1), (1, 2)):
            top, bottom = picture.grid(upper).box.bottom, picture.grid(lower).box.y
            row = (drawn[(top + bottom) // 2] == colour).all(axis=1)
            linked = {link.col for link in frame.connectors if (link.upper, link.lower) == (upper, lower)}
            for col in range(picture.grid(upper).cols):
                box = picture.grid(upper).cell(0, col)
                assert row[box.x : box.right].any() == (col in linked)
            assert linked


@pytest.mark.parametrize("size", [(1280, 720), (641, 477)])
def test_cells_fill_exactly_their_boxes(size: tuple[int, int]) -> None:
    animation = animate(Conv(4, 2), numbers=False, size=size)
    picture = animation.display_list
    last = composed(animation)[-1]
    grid, fill = picture.grid(1), np.array(rgb(picture.theme.cell("kernel").fill))
    inside = np.zeros(last.shape[:2], dtype=bool)
    for row, col in product(range(2), range(2)):
        box = grid.cell(row, col)
        inside[box.y : box.bottom, box.x : box.right] = True
    whole_box = grid.box
    region = slice(whole_box.y - 1, whole_box.bottom + 1), slice(whole_box.x - 1, whole_box.right + 1)
    assert ((last[region] == fill).all(axis=2) == inside[region]).all()


def test_changes_stay_in_the_box_that_the_shot_names() -> None:
    animation = animate(ConvTranspose(3, 3, 2, 1), size=(640, 360))
    before: np.ndarray | None = None
    stage = Compositor(animation.display_list)
    for frame in stage.frames():
        if before is not None:
            differs = frame.pixels != before
            assert differs.any()
            for box in frame.changed:
                differs[max(0, box.y) : box.bottom, max(0, box.x) : box.right] = False
            assert not differs.any()
        before = frame.pixels.copy()


def test_the_progress_bar_ends_at_the_edge() -> None:
    animation = animate(Conv(4, 3), size=(640, 360))
    amber = np.array(rgb(animation.display_list.theme.accent))
    last_rows = [(frame[-1] == amber).all(axis=1) for frame in composed(animation)]
    assert [int(row.sum()) for row in last_rows] == [160, 320, 480, 640]


@pytest.mark.parametrize("theme", THEMES)
def test_a_palette_has_room_for_every_look_at_once(theme: str) -> None:
    picture = animate(ConvTranspose(4, 2, 3, 2), theme=theme).display_list
    cells = [
        (Cell(role, "0", faded), highlighted)
        for role in CELL_ROLES
        for faded, highlighted in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    box = picture.grid(0).cell(0, 0)
    items = [
        item
        for cell, highlighted in cells
        for item in picture.cell_primitives(box, cell, highlighted=bool(highlighted))
    ]
    blends = [blend for item in items for blend in item.blends()]
    palette = Palette(blends)
    assert len(palette.colours) <= 255
    flat = np.array([(*rgb(blend[0]), 255) for blend in blends], dtype=np.uint8)
    assert (palette.colours[palette.indices(flat)] == flat[:, :3]).all()


@pytest.mark.parametrize("width", [1, 2, 4])
def test_dashes_begin_and_end_a_side_and_are_symmetric(width: int) -> None:
    for length in range(6, 200):
        dashes = _dashes(length, width)
        assert dashes[0][0] == 0
        assert sum(dashes[-1]) == length
        mirrored = [(length - start - size, size) for start, size in reversed(dashes)]
        assert all(abs(a - b) <= 1 and abs(m - n) <= 1 for (a, m), (b, n) in zip(dashes, mirrored, strict=True))
        assert all(sum(one) < other[0] for one, other in pairwise(dashes)), (length, dashes)


def test_padding_is_dashed_and_not_filled() -> None:
    picture = animate(Conv(5, 3, 1, 1)).display_list
    items = list(picture.cell_primitives(picture.grid(0).cell(0, 0), Cell("padding")))
    assert any(isinstance(item, DashedOutline) for item in items)
    assert picture.theme.cell("padding").fill == picture.theme.background
