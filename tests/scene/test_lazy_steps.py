"""Steps that are built on demand are those that were listed, and a long story builds no more than it shows."""

from __future__ import annotations

from typing import Any

import pytest

from convviz import animate
from convviz.layers.convolution import Conv
from convviz.scene.frames import Change, Frame
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.model import Timing
from convviz.scene.nodes import Cell
from convviz.text.lines import Sentence
from convviz.views import image, slide, staged_steps


def step(number: int, tab: int = 0) -> Frame:
    return Frame((Change(0, 0, number, Cell("output")),), (), Sentence((str(number),)), tab=tab)


LISTED = [step(0), step(1, 1), *(step(number, 2) for number in range(2, 402)), step(402, 2), step(403, 3)]
LAZY = LazySteps(
    LISTED[:2],
    400,
    frame=lambda index: LISTED[2 + index],
    changes=lambda index: LISTED[2 + index].changes,
    after=LISTED[-2:],
)


@pytest.mark.parametrize("pace", ["story", "even"])
def test_they_are_timed_like_listed_ones(pace: Any) -> None:
    timing = Timing(600, 2000, pace=pace, glide=200)
    assert timing.timed(LAZY) == timing.timed(LISTED)
    assert list(LAZY) == LISTED
    assert [LAZY.changes(index) for index in range(len(LAZY))] == [frame.changes for frame in LISTED]
    assert LAZY.tab_starts() == {1, 2, 403}


@pytest.mark.parametrize("index", [-1, 404])
def test_there_is_none_beyond_the_end(index: int) -> None:
    with pytest.raises(IndexError):
        LAZY[index]


@pytest.mark.parametrize(
    ("view", "module", "layer"),
    [("slide", slide, Conv(40, 3)), ("image", image, Conv(40, 3)), ("steps", staged_steps, Conv(40, 3))],
)
def test_a_long_story_builds_few_of_its_steps(
    view: Any, module: Any, layer: Conv, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key frame once, and the moments of the first steps, for each of the looks that are tried."""
    built: list[Any] = []
    caption = module.step_caption
    monkeypatch.setattr(module, "step_caption", lambda *given: built.append(given[1]) or caption(*given))
    frames = animate(layer, view, numbers=view == "image").scene.frames
    assert len(frames) < 300 < 38 * 38
    assert len(frames) / 2 < len(built) < len(frames) + 20
