"""Oblique grids: cells share no pixel, and small ones leave none out."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.layout.boxes import Box
from convviz.layout.oblique_grid import SMOOTH_PITCH, ObliqueGrid, Parallelogram, oblique_steps
from convviz.render.paths import Polygon
from convviz.render.rasterize import rasterize
from tests.layout.test_lay_out import is_inside

Pixels = set[tuple[int, int]]


def pixels(boxes: list[Box]) -> Pixels:
    return {(x, y) for box in boxes for y in range(box.y, box.bottom) for x in range(box.x, box.right)}


def touched(cell: Parallelogram, size: tuple[int, int]) -> Pixels:
    """Return the pixels that matplotlib changes when it draws a cell in black on white."""
    drawn = rasterize([Polygon(cell.inset(), "#000000", "#ffffff")], size)[..., 0] < 255
    return {(int(x), int(y)) for y, x in zip(*np.nonzero(drawn), strict=True)}


@pytest.mark.parametrize("pitch", range(4, SMOOTH_PITCH))
def test_small_cells_tile_the_plane(pitch: int) -> None:
    """Each pixel whose centre is on the plane belongs to exactly one cell."""
    grid = ObliqueGrid(3, 5, 6, 7, pitch)
    cells = [pixels(grid.cell(row, col).pixel_rows()) for row, col in product(range(6), range(7))]
    assert sum(map(len, cells)) == len(set().union(*cells))
    box, corners = grid.box, grid.whole.corners
    centres = [(x, y) for x in range(box.x, box.right) for y in range(box.y, box.bottom)]
    inner = {at for at in centres if strictly_inside((at[0] + 0.5, at[1] + 0.5), corners)}
    assert inner <= set().union(*cells)
    assert all(is_inside((x + 0.5, y + 0.5), corners) for x, y in set().union(*cells))
    right, down = oblique_steps(pitch)
    assert {len(cell) for cell in cells} == {right[0] * down[1] - right[1] * down[0]}


def strictly_inside(point: tuple[float, float], corners: tuple[tuple[float, float], ...]) -> bool:
    nudged = [(point[0] + dx, point[1] + dy) for dx, dy in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01))]
    return all(is_inside(at, corners) for at in nudged)


@pytest.mark.parametrize("pitch", [*range(SMOOTH_PITCH, 32), 40, 56, 72, 118])
def test_smooth_cells_share_no_pixel(pitch: int) -> None:
    grid = ObliqueGrid(2, 1, 3, 3, pitch)
    size = grid.box.right + 4, grid.box.bottom + 4
    drawn = [touched(grid.cell(row, col), size) for row, col in product(range(3), range(3))]
    assert all(not one & other for one, other in combinations(drawn, 2))
    assert all(len(one) > 0.4 * grid.cell(0, 0).area for one in drawn)
    assert all(inside_box(one, grid.box) for one in drawn)


def inside_box(found: Pixels, box: Box) -> bool:
    return all(box.x <= x < box.right and box.y <= y < box.bottom for x, y in found)


@pytest.mark.parametrize("pitch", [8, 20, 56])
def test_cells_differ_only_in_place(pitch: int) -> None:
    grid = ObliqueGrid(7, 3, 4, 5, pitch)
    size = grid.box.right + 2, grid.box.bottom + 2
    first = grid.cell(0, 0)
    for row, col in product(range(4), range(5)):
        cell = grid.cell(row, col)
        assert cell.at_origin == first.at_origin
        dx, dy = cell.x - first.x, cell.y - first.y
        if (row, col) in ((3, 4), (2, 1)):
            assert touched(cell, size) == {(x + dx, y + dy) for x, y in touched(first, size)}


PITCHES = st.integers(4, 80)


@given(pitch=PITCHES, rows=st.integers(1, 9), cols=st.integers(1, 9), x=st.integers(-9, 9), y=st.integers(-9, 9))
def test_a_grid_spans_its_corner_cells(pitch: int, rows: int, cols: int, x: int, y: int) -> None:
    grid = ObliqueGrid(x, y, rows, cols, pitch)
    assert (grid.box.x, grid.box.y) == (x, y)
    corners = [grid.cell(row, col).corners for row in (0, rows - 1) for col in (0, cols - 1)]
    assert grid.whole.corners == (corners[0][0], corners[1][1], corners[3][2], corners[2][3])
    xs, ys = zip(*(corner for cell in corners for corner in cell), strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == (grid.box.x, grid.box.right, grid.box.y, grid.box.bottom)
    assert grid.fractional_cell(1000 * (rows - 1), 1000 * (cols - 1)) == grid.cell(rows - 1, cols - 1)
