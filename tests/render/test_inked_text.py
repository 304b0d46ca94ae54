"""Captions in several inks: each glyph is where a single run would have it, and frames equal full drawings."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from convviz import Animation, AvgPool, Conv, ConvTranspose, MaxPool, animate
from convviz.layout.boxes import centred_baseline
from convviz.layout.header_footer import aligned
from convviz.raster import FileMetadata
from convviz.render.compositor import Compositor, primitives_at
from convviz.render.display_list import DisplayList, make_display_list
from convviz.render.fonts import measure
from convviz.render.inked_text import InkedLine
from convviz.render.rasterize import rasterize
from convviz.render.rectangles import Fill
from convviz.render.still import still_image
from convviz.render.text_run import TextRun
from convviz.style.colours import contrast
from convviz.style.theme import THEMES
from convviz.text.lines import UNKNOWN, Equation

PICTURES: dict[str, Any] = {
    "products": lambda **options: animate(ConvTranspose(3, 3, 2, 1), **options),
    "bias": lambda **options: animate(Conv(4, 3), bias=[2], **options),
    "channels": lambda **options: animate(Conv(4, 3), channels=(2, 1), **options),
    "maximum": lambda **options: animate(MaxPool(4, 2), **options),
    "mean": lambda **options: animate(AvgPool((6,), (2,)), **options),
    "scatter": lambda **options: animate(ConvTranspose(2, 3, 2, 1), "scatter", **options),
}
SMALL = (640, 400)
TOLERANCE = 12
"""Of 255, as in test_compositor."""


def with_questions(animation: Animation) -> DisplayList:
    """The picture with each second result not known yet."""
    scene = animation.scene
    frames = [
        replace(frame, caption=replace(frame.caption, right=UNKNOWN))
        if index % 2 and isinstance(frame.caption, Equation)
        else frame
        for index, frame in enumerate(scene.frames)
    ]
    return make_display_list(replace(scene, frames=tuple(frames)), THEMES["light"], SMALL)


def line_of(picture: DisplayList, index: int) -> InkedLine:
    (line,) = (one for one in picture.labels(picture.scene.frames[index]) if isinstance(one, InkedLine))
    return line


@pytest.mark.parametrize("name", PICTURES)
def test_each_glyph_is_where_a_single_run_has_it(name: str) -> None:
    picture = PICTURES[name](size=SMALL).display_list
    layout = picture.layout
    assert layout.caption
    for index, frame in enumerate(picture.scene.frames):
        line = line_of(picture, index)
        text = aligned(frame.caption, layout.caption_length, layout.caption_lead)
        whole = TextRun(text, "mono", layout.caption_px, layout.caption_x, 0, "#000000", ("#ffffff",))
        places = [(x, text) for x, text, _ in whole.segments()]
        assert [(one.x, one.text) for one in line.characters() if one.text != " "] == places
        assert {run.baseline for run in line.runs} == {centred_baseline(layout.caption, layout.caption_px)}


def test_bold_glyphs_are_as_wide_as_others() -> None:
    for px in range(11, 60):
        assert {measure(sign, face, px) for face in ("mono", "mono-bold") for sign in "0?·+=("} == {
            measure("0", "mono", px)
        }


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("theme", THEMES)
def test_captions_wear_the_inks_of_the_badges(name: str, theme: str) -> None:
    picture = PICTURES[name](size=SMALL, theme=theme).display_list
    badges, found = picture.theme.badges, set()
    for index in range(len(picture.scene.frames)):
        found |= {run.colour for run in line_of(picture, index).runs if run.text.strip()}
    roles = {
        "products": ("input", "kernel"),
        "bias": ("input", "kernel"),
        "channels": ("output",),
        "scatter": ("input",),
    }
    wanted = {badges[role] for role in roles.get(name, ("input",))}
    wanted |= {picture.theme.text} | ({badges["output"]} if name != "scatter" else set())
    assert found == wanted
    assert all(contrast(colour, picture.theme.background) >= 4.5 for colour in found)


def test_input_and_kernel_differ_without_colours() -> None:
    line = line_of(PICTURES["products"](theme="print").display_list, 7)
    faces = {run.text: run.face for run in line.runs if run.text.isdigit()}
    assert set(faces.values()) == {"mono", "mono-bold"}


def test_composed_frames_equal_full_drawings_also_with_a_boxed_question_mark() -> None:
    picture = with_questions(PICTURES["products"](size=SMALL, pace="even"))
    compositor = Compositor(picture)
    outlines = []
    for index, _ in enumerate(compositor.frames()):
        background = Fill(picture.layout.grids[0].box.grown(2000), picture.theme.background)
        drawn = rasterize([background, *primitives_at(picture, index)], picture.layout.size)
        shown = compositor.sprites.palette.colours[compositor.pixels].astype(int)
        off = np.abs(shown - drawn[..., :3].astype(int)).max(axis=2) > TOLERANCE
        assert np.count_nonzero(off) <= off.size // 1000, index
        outline = line_of(picture, index).outline
        for bar in outline.bars() if outline else ():
            assert not off[bar.y : bar.bottom, bar.x : bar.right].any(), index
        outlines.append(line_of(picture, index).outline)
    assert [outline is not None for outline in outlines] == [bool(index % 2) for index in range(len(outlines))]


def test_a_question_mark_is_where_its_number_begins_and_its_box_touches_nothing() -> None:
    known = PICTURES["products"](size=SMALL, pace="even").display_list
    picture = with_questions(PICTURES["products"](size=SMALL, pace="even"))
    for index in range(1, len(picture.scene.frames), 2):
        line, plain = line_of(picture, index), line_of(known, index)
        *before, question = line.characters()
        assert question.text == UNKNOWN
        assert question.x == plain.runs[-1].x
        assert line.outline
        ends = [one.part_box(0, one.text).right for one in before if one.text != " "]
        assert max(ends) <= line.outline.box.x
        assert line.outline.box.bottom <= min(box.y for box, _ in picture.layout.legend)
        assert line.outline.box.y > max(grid.box.bottom for grid in picture.layout.grids)


def test_an_svg_has_a_caption_as_one_text() -> None:
    picture = PICTURES["products"]().display_list
    svg = still_image(picture, 7, FileMetadata()).svg()
    texts = list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))
    (caption,) = (one for one in texts if "y[" in "".join(one.itertext()))
    line = line_of(picture, 7)
    assert "".join(caption.itertext()) == "".join(run.text for run in line.runs)
    assert [part.get("fill") for part in caption] == [run.colour for run in line.runs]
    lefts = " ".join(part.get("x", "") for part in caption).split()
    assert lefts == [str(one.x) for one in line.characters()]


def test_formulas_are_where_a_single_run_has_them() -> None:
    picture = PICTURES["products"](size=SMALL).display_list
    (placed,) = (one for one in picture.layout.texts if one.style == "formula")
    whole = TextRun(placed.text, "math", placed.px, placed.x, placed.baseline, "#000000", ("#ffffff",))
    parts = [one for one in picture.static_foreground() if isinstance(one, TextRun) and one.face == "math"]
    assert [segment for one in parts for segment in one.segments()] == list(whole.segments())
    assert {one.text: one.colour for one in parts if one.text in "iko"} == {
        "i": picture.theme.badges["input"],
        "k": picture.theme.badges["kernel"],
        "o": picture.theme.badges["output"],
    }
    assert all(before.x <= after.x for before, after in pairwise(parts))
    assert np.isin([one.colour for one in parts if one.text in "sp"], [picture.theme.muted]).all()
