"""Properties of all views and all kinds of layers: scenes are complete, pictures fit, and all agree on the output."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool, PictureError, animate
from convviz.layers.layer import Layer
from convviz.render.compositor import Compositor
from convviz.scene.model import Scene, Timing
from convviz.style.colours import rgb
from convviz.style.theme import THEMES
from convviz.views.registry import SUMMARIES, VIEWS
from tests.profile import combined, max_examples, scaled
from tests.render.test_compositor import differences, some_composed, whole
from tests.views.layers import (  # fmt: skip
    any_layer,
    attempted,
    close,
    expected,
    faults,
    last,
    layout_faults,
    many_layers,
    meetings_of,
    number,
    run,
    scene_of,
    values_of,
)

SIZES = [(1280, 720), (1920, 1080), (960, 720), (720, 720), (720, 1280), (854, 480), (1281, 699)]


def shown(layer: Layer, view: str, seed: int | None = 1) -> Scene:
    """Return the scene, unless the view refuses the layer, in one sentence with advice."""
    try:
        return scene_of(layer, view, seed)
    except (PictureError, GeometryError) as refusal:
        sentence = str(refusal)
        assert "\n" not in sentence
        assert any(advice in sentence for advice in ("; use ", "; give ", "; its stride", "; leave out")), sentence
        assume(False)
        raise


ANY = any_layer(5, cells=120)
FOR = {
    "upsample": st.builds(
        lambda shape, kernel, factor: ConvTranspose(shape, kernel, factor, 1),
        st.tuples(st.integers(1, 3), st.integers(1, 4)),
        st.integers(3, 5),
        st.integers(2, 3),
    ),
    "image": any_layer(5, axes=(2,), cells=120),
    "matrix": any_layer(5, ("conv", "transposed", "avgpool"), cells=64),
    "pair": any_layer(5, ("conv", "transposed"), cells=120),
    "backward-weight": any_layer(5, ("conv", "transposed"), cells=60),
    **dict.fromkeys(("backward", "backward-input"), any_layer(4, cells=60)),
}
"""Layers that a view accepts, mostly; those that it refuses are in its own tests."""
CASES = st.sampled_from(list(VIEWS)).flatmap(lambda view: st.tuples(st.just(view), FOR.get(view, ANY)))


def is_counted(layer: Layer, view: str) -> bool:
    """Whether `overlap` has anything to count, and `image` a finite value to shade."""
    if view not in ("overlap", "image"):
        return True
    return any(meetings_of(layer)) if view == "overlap" else bool(np.isfinite(expected(layer)).all())


@max_examples(300)
@given(case=CASES, numbered=st.booleans())
def test_a_scene_names_only_what_it_has_and_turns_into_json(case: tuple[str, Layer], numbered: bool) -> None:
    view, layer = case
    assume(is_counted(layer, view))
    scene = shown(layer, view, 1 if numbered or view in ("upsample", "image") else None)
    assert faults(scene) == []
    known = json.loads(json.dumps(scene.to_dict()))
    assert len(known["frames"]) == known["steps"]
    assert [frame["number"] for frame in known["frames"]] == list(range(1, known["steps"] + 1))
    levels = [cell.level for grid in last(scene) for row in grid for cell in row]
    assert all(isinstance(level, int) and 0 <= level <= 100 for level in levels)


@pytest.mark.parametrize("size", SIZES, ids=str)
@max_examples(50)
@given(case=CASES, numbered=st.booleans())
def test_a_layout_holds_or_is_refused(size: tuple[int, int], case: tuple[str, Layer], numbered: bool) -> None:
    view, layer = case
    assume(is_counted(layer, view))
    scene = shown(layer, view, 1 if numbered or view in ("upsample", "image") else None)
    found, sentence = attempted(lambda: layout_faults(scene, size))
    assert not found
    assert "; use " in sentence or not sentence


@pytest.mark.parametrize(
    ("view", "layer", "size"),
    [
        ("matrix", AvgPool((5,), (4,), 2, 1, ceil_mode=True), (1280, 720)),
        ("matrix", Conv((3,), (2,), 1, ((0, 2),)), (1281, 699)),
        ("overlap", ConvTranspose((5, 4), 1, (1, 3), (0, 3), 1, (0, 2)), (1281, 699)),
    ],
)
def test_panels_below_each_other_leave_room_for_their_outlines(view: str, layer: Layer, size: tuple[int, int]) -> None:
    assert layout_faults(scene_of(layer, view), size) == []


TELLING: dict[str, list[Any]] = {
    "slide": [Conv(5, 3, 1, 1, padding_mode="reflect"), ConvTranspose((4,), (3,), 2)],
    "steps": [ConvTranspose(3, 3, 2, 1), ConvTranspose(3, 2, 3, 2), Conv((6,), (3,), 2, 1)],
    "scatter": [ConvTranspose(2, 3, 2, 1, 1, 1), AvgPool(5, 2, ceil_mode=True)],
    "matrix": [Conv(4, 3), AvgPool(4, 2), ConvTranspose((4,), (3,), 2)],
    "overlap": [ConvTranspose(4, 3, 2), Conv((6,), (3,), 2)],
    "pair": [Conv(6, 3, 2, 1), ConvTranspose(2, 3, 2)],
    "upsample": [ConvTranspose(2, 3, 2, 1)],
    "image": [Conv(6, 3, 1, 1), MaxPool(6, 2)],
    "isometric": [
        Conv(5, 3, 2, 1),
        Conv(5, 3, 1, 1, padding_mode="reflect"),
        ConvTranspose(4, 2, 3, 2),
        MaxPool(5, 2, ceil_mode=True),
        Conv(30, 3, 1, 1),
        ConvTranspose((4,), (3,), 2),
        [Conv(8, 3, 2, 1), ConvTranspose(4, 4, 2, 1)],
        [Conv((8,), (3,)), MaxPool((6,), (2,))],
    ],
    "isometric-scatter": [ConvTranspose(2, 3, 2, 1, 1, 1), Conv(4, 3)],
    "stack": [[Conv(8, 3, 2, 1), ConvTranspose(4, 4, 2, 1)], [Conv((8,), (3,)), MaxPool((6,), (2,))]],
    "backward": [Conv(4, 3, 2, 1), ConvTranspose((3,), (3,), 2, 1)],
    "backward-input": [MaxPool(5, 3, 2, 1), Conv(4, 3, 1, 1, padding_mode="reflect")],
    "backward-weight": [ConvTranspose(2, 3, 2, 1)],
    "slide+matrix": [Conv(4, 3)],
    "isometric+slide": [Conv(4, 3)],
    "steps+overlap": [ConvTranspose(2, 3, 2)],
}
CROSSINGS = 300
"""Pixels of an oblique picture in which three colours meet, a smooth line over the smooth edges of two cells; the
palette blends two colours each."""
DRAWN = [(view, layer) for view, layers in TELLING.items() for layer in layers]


@pytest.mark.parametrize(("drawn", "theme"), combined(range(len(DRAWN)), list(THEMES)), ids=str)
def test_composed_frames_equal_frames_drawn_whole(drawn: int, theme: str) -> None:
    view, layer = DRAWN[drawn]
    size = (1280, 720) if view in ("steps+overlap", "upsample", "slide+matrix", "isometric+slide") else (854, 480)
    animation = animate(layer, view, theme, size=size, frames=9)
    for index, frame in some_composed(animation).items():
        count, are_close = differences(frame, whole(animation, index))
        assert count <= (CROSSINGS if "isometric" in view else 0), f"frame {index}"
        assert are_close, f"frame {index}"


FILLED = [
    *DRAWN,
    ("overlap", Conv(19, 10)),
    ("overlap+scatter", ConvTranspose(6, 7, 2)),
    ("image", Conv(12, 3, 1, 1)),
    ("overlap+image", Conv(12, 7)),
]


@pytest.mark.parametrize(("filled", "theme"), combined(range(len(FILLED)), list(THEMES)), ids=str)
def test_a_palette_holds_every_fill_exactly(filled: int, theme: str) -> None:
    view, layer = FILLED[filled]
    picture = animate(
        layer, view, theme, size=(854, 480) if "+" not in view and view != "upsample" else (1280, 720)
    ).display_list
    colours = {tuple(colour) for colour in Compositor(picture).sprites.palette.colours.tolist()}
    assert len(colours) <= 255
    cells = {cell for panel in picture.scene.panels for row in panel.cells for cell in row}
    cells |= {change.cell for frame in picture.scene.frames for change in frame.changes}
    for cell in cells:
        if cell.role != "bar":
            fill = picture.theme.cell(cell.role, faded=cell.faded, level=cell.level).fill
            assert rgb(fill) in colours, cell
    assert rgb(picture.theme.window) in colours


def finals(layer: Layer, seed: int) -> dict[str, list[str]]:
    """Return the output that each view shows in the end, in reading order."""
    found = {}
    for view in ("slide", "steps", "scatter", "matrix", "isometric", "isometric-scatter"):
        try:
            grids = last(scene_of(layer, view, seed))
        except PictureError:
            continue
        grid = grids[0] if view.startswith("isometric") else grids[-1]
        found[view] = [cell.text for row in grid for cell in row if cell.role == "output" and not cell.faded]
    return found


@pytest.mark.parametrize("part", range(8))
def test_every_view_shows_the_same_output_and_it_is_that_of_loops(part: int) -> None:
    for layer in many_layers(scaled(300), seed=part, largest=4):
        shown_ = finals(layer, part)
        assert {"slide", "steps", "scatter", "isometric", "isometric-scatter"} <= shown_.keys()
        assert len({tuple(map(number, texts)) for texts in shown_.values()}) == 1, layer
        y = expected(layer, part).ravel()
        assert all(close(text, value) for text, value in zip(shown_["slide"], y, strict=True)), layer


@max_examples(100)
@given(case=CASES)
def test_hiding_the_numbers_changes_only_texts(case: tuple[str, Layer]) -> None:
    view, layer = case
    assume(is_counted(layer, view))
    full = shown(layer, view)
    hidden = VIEWS[view](layer, replace(values_of(layer), visible=False), Timing())
    assert {cell.text for grid in last(hidden) for row in grid for cell in row} <= {""}
    kept = [n for n, panel in enumerate(full.panels) if panel.name in {panel.name for panel in hidden.panels}]
    grids = last(full)
    assert [[[replace(cell, text="") for cell in row] for row in grids[n]] for n in kept] == last(hidden)
    assert len(full.panels) - len(kept) <= (view in ("scatter", "backward-weight"))  # products need numbers
    marks = [
        tuple(replace(mark, panel=kept.index(mark.panel)) for mark in frame.marks if mark.panel in kept)
        for frame in full.frames
    ]
    if view in ("backward", "backward-input"):  # sums are read in a frame of their own
        merged = [[one for one, _ in groupby(steps)] for steps in (marks, [frame.marks for frame in hidden.frames])]
        assert merged[0] == merged[1]
    else:
        assert marks == [frame.marks for frame in hidden.frames]


def test_every_view_has_a_summary() -> None:
    assert set(VIEWS) < set(SUMMARIES)
    assert set(SUMMARIES) - set(VIEWS) == {"stack", "compare", "A+B"}
    assert len(set(SUMMARIES.values())) == len(SUMMARIES)
    assert all(about and "\n" not in about for about in SUMMARIES.values())


def test_the_command_lists_every_view_in_a_line() -> None:
    lines = run("views").output.splitlines()
    assert [line.split()[0] for line in lines] == list(SUMMARIES)
    for line, about in zip(lines, SUMMARIES.values(), strict=True):
        assert line.endswith(f" {about}")


@pytest.mark.parametrize("view", VIEWS)
def test_a_layer_of_one_cell_has_a_picture_or_a_refusal(view: str) -> None:
    for layer in (Conv(1, 1), ConvTranspose(1, 1), ConvTranspose(1, 1, 2), AvgPool((1,), (1,)), Conv((1,), (1,))):
        scene, sentence = attempted(lambda layer=layer: scene_of(layer, view))
        if sentence:
            assert ";" in sentence or ":" in sentence
            continue
        assert faults(scene) == []
        assert layout_faults(scene, (1280, 720)) == []
