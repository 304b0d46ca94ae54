"""Grids whose cells are too small for digits: shaded by value, zeros and signs apart, sums written out."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from convviz import Animation, Conv, ConvTranspose, MaxPool, animate
from convviz.layers.layer import Layer
from convviz.layout.boxes import Box
from convviz.render.rasterize import rasterize
from convviz.render.rectangles import Fill
from convviz.render.text_run import TextRun
from convviz.scene.model import Cell
from convviz.text.lines import Equation
from convviz.views.shading import STEPS
from tests.views.layers import states

RANDOM = np.random.default_rng(0)
LARGE: list[tuple[Layer, dict[str, Any]]] = [
    (Conv(40, 3, 1, 1), {"x": RANDOM.integers(0, 4, (40, 40)), "w": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])}),
    (Conv(36, 3, 2), {"x": RANDOM.integers(-9, 10, (36, 36)), "w": RANDOM.integers(0, 3, (3, 3))}),
    (ConvTranspose(20, 4, 2, 1), {"x": RANDOM.integers(1, 4, (20, 20)), "w": RANDOM.integers(1, 10, (4, 4))}),
    (MaxPool(48, 2), {"x": np.arange(48 * 48).reshape(48, 48) - 1000}),
]


def shades(values: Any, positive: str) -> list[tuple[str, int]]:
    """Role and level of each value, found by trying all steps between the smallest and the largest magnitude."""
    sizes = [abs(value) for value in values.flat if value]
    least = 0 if values.min() < 0 < values.max() else min(sizes)

    def shade(value: float) -> tuple[str, int]:
        if value == 0:
            return "exact zero", 100
        share = (abs(value) - least) / (max(sizes) - least)
        step = min(range(1, STEPS + 1), key=lambda one: (abs(one / STEPS - share), one % 2))
        return (positive if value > 0 else "negative"), 100 * step // STEPS

    return [shade(value) for value in values.flat]


@cache
def drawn(number: int) -> Animation:
    layer, given = LARGE[number]
    return animate(layer, pace="even", max_frames=10_000, **given)


@pytest.mark.parametrize("number", range(len(LARGE)))
def test_cells_are_shaded_by_their_values(number: int) -> None:
    (layer, given), animation = LARGE[number], drawn(number)
    scene = animation.scene
    layout = animation.display_list.layout
    assert layout.grids[0].pitch == layout.grids[-1].pitch < min(grid.pitch for grid in layout.grids[1:-1])
    first, output = scene.panels[0], len(scene.panels) - 1
    assert {cell.role for row in scene.panels[output].cells for cell in row} == {"pending"}
    x, y = given["x"], layer(*given.values())
    shown = [cell for row in first.cells for cell in row if cell.role not in ("padding", "inserted")]
    assert [(cell.role, cell.level) for cell in shown] == shades(x, "shade")
    *_, end = states(scene)
    written = [cell for row in end[output] for cell in row]
    assert [(cell.role, cell.level) for cell in written] == shades(y, "positive")


@pytest.mark.parametrize("number", range(len(LARGE)))
def test_the_sum_is_written_out_and_the_legend_names_what_is_there(number: int) -> None:
    scene = drawn(number).scene
    assert all(isinstance(frame.caption, Equation) for frame in scene.frames)
    roles = {cell.role for panel in scene.panels for row in panel.cells for cell in row}
    roles |= {change.cell.role for frame in scene.frames for change in frame.changes}
    named = {entry.role for entry in scene.legend}
    named |= {cell.role for entry in scene.legend for part in entry.scale for cell in part.cells}
    assert roles & {"shade", "positive", "negative", "exact zero", "pending"} == named - {
        *("window", "last", "padding", "inserted", "source")
    }


SCALES = [
    ([3, 5, 9], ["3", "9"], [range(1, STEPS + 1)]),
    ([0, 2, 9], ["0", "9"], [range(STEPS + 1)]),
    ([-8, 0, 4], ["−8", "0", "4"], [range(-STEPS, 0), range(STEPS // 2 + 1)]),
    ([-8, 3, 4], ["−8", "0", "4"], [range(-STEPS, 0), range(1, STEPS // 2 + 1)]),
    ([-8, -2, 0], ["−8", "0"], [range(-STEPS, 0), range(1)]),
    ([-8, -4, -2], ["−8", "−2"], [range(-STEPS, 0)]),
    ([5, 5, 5], ["5"], [range(STEPS, STEPS + 1)]),
    ([0, 0, 0], ["0"], [range(1)]),
]


@pytest.mark.parametrize(("numbers", "texts", "steps"), SCALES, ids=str)
def test_the_legend_has_a_scale_from_the_lowest_to_the_highest_value(numbers: Any, texts: Any, steps: Any) -> None:
    """Steps below 0 are shades of negative values, 0 is exactly 0."""
    x = np.array(numbers * 300).reshape(30, 30)
    entries = animate(Conv(30, 1), x=x, w=[[1]], frames=2).scene.legend
    known = {"negative": -1, "exact zero": 0}
    for role in ("shade", "positive"):
        (scale,) = (entry.scale for entry in entries if entry.role == role)
        assert [part.text for part in scale] == texts
        shown = [[known.get(cell.role, 1) * cell.level for cell in part.cells] for part in scale if part.cells]
        levels = [[np.sign(step) * (100 * abs(step) // STEPS) for step in run] for run in steps]
        assert shown == levels


@pytest.mark.parametrize(("role", "theme"), [("negative", "print"), ("pending", "print"), ("pending", "light")])
def test_the_smallest_cells_keep_their_hatching(role: Any, theme: Any) -> None:
    drawn = animate(Conv(5, 3), theme=theme).display_list
    for side in (3, 4, 5):
        box = Box(0, 0, side, side)
        pixels = rasterize(drawn.cell_primitives(box, Cell(role)), (side, side))
        assert len(np.unique(pixels.reshape(-1, 4), axis=0)) > 1, f"cells of {side} pixels are plain"


def test_a_negative_number_in_a_cell_is_not_crossed_by_lines() -> None:
    drawn = animate(Conv(5, 3), theme="print").display_list
    kinds = {type(one) for one in drawn.cell_primitives(Box(0, 0, 40, 40), Cell("negative", "−3"))}
    assert kinds == {Fill, TextRun}


def test_without_numbers_on_purpose_nothing_is_shaded() -> None:
    scene = animate(Conv(40, 3), numbers=False).scene
    assert {cell.role for row in scene.panels[0].cells for cell in row} == {"input"}


def test_a_large_picture_is_a_small_file(tmp_path: Any) -> None:
    path = animate(Conv(64, 3, 1, 1), x="digit", w="sobel-x").save(tmp_path / "a.gif")
    assert path.stat().st_size < 1_000_000
