"""Composed frames are the frames that matplotlib draws whole, and every pixel sits where the layout says."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from convviz import Conv, ConvTranspose, animate
from convviz.animation import Animation
from convviz.layers import Layer
from convviz.render.items import Dashes, _dashes
from convviz.render.palette import Palette
from convviz.render.stage import Stage, draw_whole, items_at
from convviz.scene import CELL_ROLES, Cell
from convviz.theme import THEMES, rgb

CASES = [
    ConvTranspose(3, 3, 2, 1),
    ConvTranspose(2, 3, 2, 1, 1, 1),
    ConvTranspose(4, 2, 3, 2),
    Conv((6, 9), (3, 2), (2, 1), (1, 0)),
    Conv(7, 3, dilation=2),
    Conv(1, 1),
    Conv(20, 3, 1, 1),
]
TOLERANCE = 12
"""Of 255: antialiased edges pass through a palette with a dozen steps between ink and ground, and a glyph of the
fixed-pitch font that reaches into its neighbour's place loses that faint pixel."""


def whole(animation: Animation, frame: int) -> np.ndarray:
    return draw_whole(items_at(animation.picture, frame), animation.picture.sheet.size)[..., :3].astype(int)


def composed(animation: Animation) -> list[np.ndarray]:
    stage = Stage(animation.picture)
    return [stage.palette.colours[shot.pixels].astype(int) for shot in stage.shots()]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("layer", CASES, ids=str)
def test_composed_frames_equal_frames_drawn_whole(layer: Layer, theme: str) -> None:
    animation = animate(layer, theme=theme, frames=7)
    frames = composed(animation)
    for index in sorted({0, len(frames) // 2, len(frames) - 1}):
        assert np.abs(frames[index] - whole(animation, index)).max() <= TOLERANCE


def test_flat_colours_are_exact() -> None:
    animation = animate(ConvTranspose(3, 3, 2, 1))
    drawn, expected = composed(animation)[3], whole(animation, 3)
    theme = animation.picture.theme
    for role, lit in product(CELL_ROLES, (False, True)):
        colour = np.array(rgb(theme.cell(role, lit=lit).fill))
        assert (drawn[(expected == colour).all(axis=2)] == colour).all()


@pytest.mark.parametrize("size", [(1280, 720), (641, 477)])
def test_cells_fill_exactly_their_boxes(size: tuple[int, int]) -> None:
    animation = animate(Conv(4, 2), numbers=False, size=size)
    picture = animation.picture
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
    stage = Stage(animation.picture)
    for shot in stage.shots():
        if before is not None:
            differs = np.argwhere(shot.pixels != before)
            (top, left), (bottom, right) = differs.min(axis=0), differs.max(axis=0)
            box = shot.changed
            assert box.y <= top <= bottom < box.bottom
            assert box.x <= left <= right < box.right
        before = shot.pixels.copy()


def test_the_progress_bar_ends_at_the_edge() -> None:
    animation = animate(Conv(4, 3), size=(640, 360))
    amber = np.array(rgb(animation.picture.theme.window))
    last_rows = [(frame[-1] == amber).all(axis=1) for frame in composed(animation)]
    assert [int(row.sum()) for row in last_rows] == [160, 320, 480, 640]


@pytest.mark.parametrize("theme", THEMES)
def test_a_palette_has_room_for_every_look_at_once(theme: str) -> None:
    picture = animate(ConvTranspose(4, 2, 3, 2), theme=theme).picture
    cells = [(Cell(role, "0", faded), lit) for role in CELL_ROLES for faded, lit in ((0, 0), (0, 1), (1, 0))]
    box = picture.grid(0).cell(0, 0)
    items = [item for cell, lit in cells for item in picture.cell_items(box, cell, lit=bool(lit))]
    blends = [blend for item in items for blend in item.blends()]
    palette = Palette(blends)
    assert len(palette.colours) <= 255
    flat = np.array([rgb(blend[0]) for blend in blends], dtype=np.uint8)
    assert (palette.colours[palette.indices(flat)] == flat).all()


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
    picture = animate(Conv(5, 3, 1, 1)).picture
    items = list(picture.cell_items(picture.grid(0).cell(0, 0), Cell("padding")))
    assert any(isinstance(item, Dashes) for item in items)
    assert picture.theme.cell("padding").fill == picture.theme.background
