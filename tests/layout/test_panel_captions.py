"""A panel may have another caption in each moment of a step, in the same place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convviz import animate
from convviz.layers.convolution import Conv
from convviz.render.display_list import make_display_list
from convviz.render.text_run import TextRun
from convviz.style.theme import LIGHT

EACH, SUMMED = "products, cell by cell", "products, added up"
SCENE = animate(Conv(5, 3, 2, 1)).scene


def captions(index: int, width: int = 1280, height: int = 720) -> list[str]:
    """Lines below the products in a frame, as they are drawn."""
    shown = make_display_list(SCENE, LIGHT, (width, height))
    texts = [run.text for run in shown.labels(SCENE.frames[index]) if isinstance(run, TextRun)]
    static = [run.text for run in shown.static_foreground() if isinstance(run, TextRun)]
    assert not any("product" in text for text in static)
    start = next(number for number, text in enumerate(texts) if text.startswith("products"))
    return texts[start : start + sum(bool(text.in_moments) for text in shown.layout.texts)]


def test_the_products_are_added_up_from_the_third_moment_on() -> None:
    assert [SCENE.frames[index].moment for index in (0, 1, 2, 3, -1)] == [0, 1, 2, 3, None]
    assert [captions(index) for index in (0, 1, 2, 3, -1)] == [[EACH], [EACH], [SUMMED], [SUMMED], [EACH]]


@pytest.mark.parametrize("size", [(1280, 720), (640, 400), (720, 720)])
def test_each_is_centred_below_the_products(size: tuple[int, int]) -> None:
    layout = make_display_list(SCENE, LIGHT, size).layout
    index = next(index for index, panel in enumerate(SCENE.panels) if panel.name == "products")
    grid = layout.grids[index].box
    (caption,) = (text for text in layout.texts if text.in_moments)
    for text in (caption, *caption.in_moments):
        assert abs(2 * text.x + text.width - 2 * grid.x - grid.w) <= 2
        assert text.baseline == caption.baseline
        assert text.width <= caption.width


def test_a_caption_that_wraps_has_the_lines_of_each_moment() -> None:
    long = SCENE.panels[2]
    wrapped = replace(long, caption="a caption of many words " * 4, moment_captions=("a caption of many words", "b"))
    body = SCENE.body.children
    column = replace(body[2], children=(body[2].children[0], wrapped))  # type: ignore[union-attr, type-var]
    scene = replace(SCENE, body=replace(SCENE.body, children=(*body[:2], column, *body[3:])))
    texts = [text for text in make_display_list(scene, LIGHT, (1280, 720)).layout.texts if text.in_moments]
    assert len(texts) > 1
    assert [[one.text for one in text.in_moments] for text in texts[1:]] == [["", ""]] * (len(texts) - 1)
    assert [one.text for one in texts[0].in_moments] == ["a caption of many words", "b"]
