"""The text of the arrow from the last window touches no number, bracket or outline, and is shown if there is room."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, PictureError
from convviz.layers.layer import Layer
from convviz.layout.boxes import CAPITALS, Box
from convviz.render.display_list import DisplayList, make_display_list
from convviz.render.fonts import face_of_family, measure
from convviz.render.last_window import LastWindowPrimitives
from convviz.render.text_run import BackedText
from convviz.scene.model import Cell, Frame, Scene
from convviz.style.theme import LIGHT, TEXT_STYLES
from tests.layout.test_lay_out import scene_of, scenes
from tests.profile import max_examples

SIZES = [(1280, 720), (720, 720), (640, 400), (1920, 1080)]
CLEARANCE = 2


def texts_of(display: DisplayList, frame: Frame) -> list[BackedText]:
    primitives = LastWindowPrimitives(display.layout, display.theme).primitives(frame)
    return [one for one in primitives if isinstance(one, BackedText)]


def steps_with_arrows(scene: Scene) -> Iterator[tuple[Frame, list[list[list[Cell]]]]]:
    """Yield some frames with an arrow, and the cells of all panels at each."""
    cells = [[list(row) for row in panel.cells] for panel in scene.panels]
    left = 12
    for frame in scene.frames:
        for change in frame.changes:
            cells[change.panel][change.row][change.col] = change.cell
        if frame.arrows and left:
            left -= 1
            yield frame, cells


def number_boxes(display: DisplayList, panel: int, cells: list[list[Cell]]) -> Iterator[Box]:
    """Yield the boxes of the digits of a panel."""
    layout, face = display.layout, face_of_family(TEXT_STYLES["number"].face, display.theme.font)
    if not layout.number_px:
        return
    for row, line in enumerate(cells):
        for col, cell in enumerate(line):
            if cell.text:
                box, height = layout.grids[panel].cell(row, col).box, ceil(CAPITALS * layout.number_px)
                width = measure(cell.text, face, layout.number_px)
                yield Box(box.x + (box.w - width) // 2, box.y + (box.h - height) // 2, width, height)


@max_examples(60)
@given(scene=scenes(6), size=st.sampled_from(SIZES))
def test_the_text_of_an_arrow_touches_no_number_bracket_or_outline(scene: Scene, size: tuple[int, int]) -> None:
    try:
        display = make_display_list(scene, LIGHT, size)
    except PictureError:
        assume(False)
        return
    check(display)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("layer", "view"),
    [
        (Conv(5, 3, 1, 1, dilation=2), "slide"),
        (Conv((6, 2), 2), "slide"),
        (ConvTranspose(3, 4, 3, 1), "slide"),
        (ConvTranspose(3, 3, 2, 1), "steps"),
        (Conv(5, 3, 2, 1), "steps"),
    ],
)
def test_the_text_of_a_short_arrow_touches_no_number(layer: Layer, view: str, size: tuple[int, int]) -> None:
    check(make_display_list(scene_of(layer, view), LIGHT, size))


def check(display: DisplayList) -> None:
    layout = display.layout
    fixed = [one.box for one in layout.brackets] + [one.box for one in layout.texts]
    for frame, cells in steps_with_arrows(display.scene):
        arrows = {arrow.panel: arrow for arrow in frame.arrows}
        windows = [display.mark_outlines.bounds(mark) for mark in frame.marks if mark.highlighted]
        outlines = [mark for mark in frame.marks if mark.role == "source"]
        for text in texts_of(display, frame):
            digits = [box for panel in arrows for box in number_boxes(display, panel, cells[panel])]
            taken = [
                *fixed,
                *(box.box for box in windows),
                *(display.mark_outlines.bounds(mark).box for mark in outlines),
            ]
            assert not any(text.box.grown(CLEARANCE).overlaps(box) for box in digits), text
            assert not any(text.box.overlaps(box) for box in taken), text


@pytest.mark.parametrize(
    ("layer", "step", "shown"),
    [
        (Conv(5, 3, 2, 1), 8, "s = 2"),
        (Conv(5, 3, 1, 1, dilation=2), 5, "s=1"),
        (Conv((7, 3), 3, (2, 1)), 2, "s = 2"),
        (Conv((5, 3), 3), 1, "s = 1"),
        (ConvTranspose(3, 5, 3, 1), 21, "s′ = 1"),
        (ConvTranspose(3, 4, 3, 1), 21, "s′ = 1"),
    ],
)
def test_the_stride_is_named_at_1280_by_720(layer: Layer, step: int, shown: str) -> None:
    display = make_display_list(scene_of(layer), LIGHT, (1280, 720))
    (text,) = texts_of(display, display.scene.frames[step])
    assert text.text_run.text == shown
