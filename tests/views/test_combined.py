"""A+B: all changes of both scenes happen once and in order, with the panels of the second renumbered."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, PictureError
from convviz.layers.layer import Layer
from convviz.scene.model import GuideLine, Scene, Timing
from convviz.views.combined import combined
from convviz.views.registry import VIEWS, find_view
from convviz.views.stack import stack
from tests.profile import max_examples
from tests.views.layers import any_layer, attempted, faults, last, layout_faults, scene_of, values_of

PAIRS = [
    ("slide", "matrix"),
    ("matrix", "slide"),
    ("steps", "scatter"),
    ("slide", "steps"),
    ("scatter", "overlap"),
    ("slide", "pair"),
    ("image", "slide"),
    ("steps", "steps"),
    ("upsample", "steps"),
    ("slide", "slide"),
]


def scenes(layer: Layer, names: tuple[str, str]) -> tuple[Scene, Scene, Scene]:
    """Return both scenes, and their combination."""
    try:
        parts = [scene_of(layer, name) for name in names]
    except (PictureError, ValueError, ZeroDivisionError):
        assume(False)
        raise
    return parts[0], parts[1], find_view("+".join(names))(layer, values_of(layer), Timing())


@max_examples(100)
@given(layer=any_layer(4, cells=64), names=st.sampled_from(PAIRS))
def test_every_change_of_both_happens_once_and_in_order(layer: Layer, names: tuple[str, str]) -> None:
    one, other, together = scenes(layer, names)
    shift = len(one.panels)
    done = [change for frame in together.frames for change in frame.changes]
    assert [change for change in done if change.panel < shift] == [c for frame in one.frames for c in frame.changes]
    theirs = [replace(change, panel=change.panel - shift) for change in done if change.panel >= shift]
    assert theirs == [c for frame in other.frames for c in frame.changes]
    assert last(together) == last(one) + last(other)
    assert together.panels == one.panels + other.panels


@max_examples(100)
@given(layer=any_layer(4, cells=64), names=st.sampled_from(PAIRS))
def test_each_frame_is_a_frame_of_both_and_they_end_together(layer: Layer, names: tuple[str, str]) -> None:
    one, other, together = scenes(layer, names)
    shift = len(one.panels)
    for scene, moved in ((one, 0), (other, shift)):
        alone = [(frame.marks, frame.connectors, frame.floating_cells) for frame in scene.frames]
        assert without_repeats(seen(together, moved, len(scene.panels))) == without_repeats(alone)
    assert len(together.frames) == together.steps == max(len(one.frames), len(other.frames))
    assert together.frames[-1].caption == one.frames[-1].caption
    assert faults(together) == []


def seen(together: Scene, moved: int, count: int) -> list[Any]:
    """Return marks, connectors and floating cells of each frame on the panels of one of the two."""
    panels = range(moved, moved + count)
    return [
        (
            tuple(replace(mark, panel=mark.panel - moved) for mark in frame.marks if mark.panel in panels),
            tuple(
                replace(x, upper=x.upper - moved, lower=x.lower - moved) for x in frame.connectors if x.upper in panels
            ),
            tuple(replace(x, panel=x.panel - moved) for x in frame.floating_cells if x.panel in panels),
        )
        for frame in together.frames
    ]


def without_repeats(frames: list[Any]) -> list[Any]:
    return [frame for frame, _ in groupby(frames)]


def test_rays_of_the_second_count_its_marks_on() -> None:
    one, other = stack([Conv(5, 3), Conv(3, 2)], Timing()), stack([Conv(4, 3), Conv(2, 1)], Timing())
    together = combined(one, other)
    for frame, mine, theirs in zip(together.frames, one.frames, other.frames, strict=True):
        shift = len(mine.marks)
        assert frame.guides == (
            *mine.guides,
            *(GuideLine(guide.start + shift, guide.end + shift) for guide in theirs.guides),
        )
        assert all(frame.marks[guide.start].panel + 1 == frame.marks[guide.end].panel for guide in frame.guides)
    assert faults(together) == []


def test_title_parameters_and_line_are_those_of_the_first() -> None:
    one, _, together = scenes(ConvTranspose(3, 3, 2, 1), ("scatter", "overlap"))
    assert (together.title, together.badges, together.formulas) == (one.title, one.badges, one.formulas)
    assert {frame.caption for frame in together.frames} <= {frame.caption for frame in one.frames}
    names = [entry.text for entry in together.legend]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("names", [("steps", "slide"), ("slide", "steps"), ("upsample", "steps"), ("slide", "matrix")])
def test_tabs_are_those_of_the_first_that_has_some(names: tuple[str, str]) -> None:
    one, other, together = scenes(ConvTranspose(2, 3, 2, 1), names)
    assert together.tabs == (one.tabs or other.tabs)
    tabs = [frame.tab for frame in together.frames]
    assert tabs == sorted(tabs)
    assert tabs[-1] == (one if one.tabs else other).frames[-1].tab


def test_cells_move_as_fast_as_alone_while_the_other_view_waits() -> None:
    layer, timing = ConvTranspose(2, 2, 3), Timing(glide=200)
    alone, together = (find_view(name)(layer, values_of(layer), timing) for name in ("steps", "slide+steps"))
    moving = [frame.motion for frame in alone.frames if frame.floating_cells]
    assert any(moving)
    assert [frame.motion for frame in together.frames if frame.floating_cells] == moving


def test_a_frame_that_waits_is_no_longer_than_a_step() -> None:
    """The first and the last frame of a view last longer; waiting in them must not repeat that."""
    _, _, together = scenes(ConvTranspose(2, 3, 3), ("scatter", "slide"))
    assert [frame.duration for frame in together.frames[1:-1]] == [600] * (together.steps - 2)


@pytest.mark.parametrize(
    "name", ["slide+nonsense", "nonsense+slide", "slide+", "+slide", "+", "slide+slide+slide", "Slide+matrix"]
)
def test_unknown_parts_are_refused_naming_those_that_exist(name: str) -> None:
    with pytest.raises(PictureError, match="there is no view") as refusal:
        find_view(name)
    assert all(view in str(refusal.value) for view in VIEWS)


@pytest.mark.parametrize("name", ["stack", "slide+stack", "stack+slide"])
def test_stack_is_no_part(name: str) -> None:
    with pytest.raises(PictureError, match="the view stack shows several layers; give a list of them"):
        find_view(name)


@max_examples(60)
@given(
    layer=any_layer(4, cells=49),
    names=st.sampled_from(PAIRS),
    size=st.sampled_from([(1280, 720), (1920, 1080), (720, 720), (720, 1280)]),
)
def test_the_layout_holds_or_is_refused(layer: Layer, names: tuple[str, str], size: tuple[int, int]) -> None:
    _, _, together = scenes(layer, names)
    found, sentence = attempted(lambda: layout_faults(together, size))
    assert not found
    assert "; use " in sentence or not sentence
