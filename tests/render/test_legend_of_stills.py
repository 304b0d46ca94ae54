"""The legend of a still, of kept frames and of a filmstrip names the marks that are drawn, and no others."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from convviz import AvgPool, Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import MARK_ROLES
from convviz.style.theme import LIGHT
from tests.at_rest import animate

LAYERS = (Conv(4, 3, 1, 1), Conv(4, 3, 1, 1, 1, "reflect"), Conv(3, 3), ConvTranspose(2, 3, 2, 1, 1), AvgPool(4, 2))
UNPAIRED = (LAYERS[1], LAYERS[-1])
"""Layers without a transpose."""
VIEWS = ("slide", "steps", "scatter", "matrix", "pair")
SHOWN = [(layer, view) for layer, view in product(LAYERS, VIEWS) if layer not in UNPAIRED or view != "pair"]


def words(path: Path) -> set[str]:
    """Return the texts of a picture, from its file."""
    return {text.replace("&#160;", " ") for text in re.findall(r">([^<>]+)</(?:text|tspan)>", path.read_text("utf-8"))}


@pytest.mark.parametrize(("layer", "view"), SHOWN, ids=str)
def test_a_still_names_the_marks_of_its_frame(layer: Layer, view: str, tmp_path: Path) -> None:
    animation = animate(layer, view, size=(1280, 720))
    entries = {entry.text: entry.role for entry in animation.scene.legend if entry.role in MARK_ROLES}
    for index in sorted({0, len(animation.scene.frames) // 2, len(animation.scene.frames) - 1}):
        frame = animation.scene.frames[index]
        shown = words(animation.save(tmp_path / "one.svg", frame=frame.number))
        named = {text for text in entries if text in shown}
        assert {entries[text] for text in named} == {mark.role for mark in frame.marks}


@pytest.mark.parametrize("size", [(320, 240), (480, 480), (1280, 720)])
@pytest.mark.parametrize("options", [{"frame": 1}, {"frame": 2}, *({"filmstrip": count} for count in (1, 4, 9))])
def test_the_last_window_is_named_only_where_it_is_drawn(
    size: tuple[int, int], options: dict[str, int], tmp_path: Path
) -> None:
    path = animate(Conv(6, 3, 1, 1), size=size).save(tmp_path / "one.svg", **options)  # type: ignore[arg-type]
    outlines = path.read_text("utf-8").count(f'fill="{LIGHT.last_window}"')
    assert outlines == 0 or outlines >= 2
    assert ("last window" in words(path)) == (outlines > 0)
