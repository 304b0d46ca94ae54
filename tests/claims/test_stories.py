"""Every sentence, number and label of stories of random layers, before and after each step ends, by brute force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.claims import sayings, stories
from tests.claims.model import Model
from tests.claims.plain import Plain
from tests.claims.reading import About
from tests.claims.shown import Shown, Values
from tests.claims.spoilt import CONV, UP
from tests.profile import ALL

CHUNKS = 4
LAYERS = 8_000 if ALL else 120


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_story_says_and_shows_nothing_false_or_too_early(chunk: int) -> None:
    for seed in range(chunk, LAYERS, CHUNKS):
        stories.check_story(seed)


# Stories that must be refused ----------------------------------------------------------------------------------------

Spoil = Callable[[Any], Any]


def with_frame(scene: Any, index: int, **changes: Any) -> Any:
    frames = list(scene.frames)
    frames[index] = replace(frames[index], **changes)
    return replace(scene, frames=tuple(frames))


def at_moment(scene: Any, name: str, step: int = 1) -> int:
    """Return the index of a moment of a step."""
    place = scene.moments.index(name)
    return next(n for n, one in enumerate(scene.frames) if (one.number, one.moment) == (step, place))


def with_cells(scene: Any, index: int, panel: str, change: Callable[[Any], Any]) -> Any:
    """Return the scene with other cells in a panel of a frame."""
    number = next(number for number, one in enumerate(scene.panels) if one.name == panel)
    changes = [
        replace(one, cell=change(one.cell)) if one.panel == number else one for one in scene.frames[index].changes
    ]
    assert changes != list(scene.frames[index].changes), "nothing is spoilt"
    return with_frame(scene, index, changes=tuple(changes))


def asked_beside_the_answer(scene: Any) -> Any:
    return with_cells(scene, at_moment(scene, "add"), "output", lambda cell: replace(cell, text="?"))


def answered_too_early(scene: Any) -> Any:
    answer = scene.frames[at_moment(scene, "write")].caption
    return with_frame(scene, at_moment(scene, "multiply"), caption=answer)


def written_too_early(scene: Any) -> Any:
    return with_frame(scene, at_moment(scene, "multiply"), changes=scene.frames[at_moment(scene, "write")].changes)


def multiplied_too_early(scene: Any) -> Any:
    multiplied = scene.frames[at_moment(scene, "multiply")].changes
    return with_frame(scene, at_moment(scene, "window"), changes=multiplied)


def product_too_early(scene: Any) -> Any:
    return with_cells(
        scene, at_moment(scene, "multiply"), "products", lambda cell: replace(cell, text=cell.text or "7")
    )


def products_of_the_last_window(scene: Any) -> Any:
    frame = scene.frames[at_moment(scene, "write")]
    return with_frame(scene, at_moment(scene, "multiply", 2), changes=frame.changes[:-1])


def window_of_the_next_step(scene: Any) -> Any:
    return with_frame(scene, at_moment(scene, "multiply"), marks=scene.frames[at_moment(scene, "write", 2)].marks)


def moments_out_of_order(scene: Any) -> Any:
    frames = list(scene.frames)
    frames[1], frames[2] = frames[2], frames[1]
    return replace(scene, frames=tuple(frames))


def other_result(scene: Any) -> Any:
    return with_cells(scene, at_moment(scene, "write"), "output", lambda cell: replace(cell, text=f"{cell.text}1"))


def wrong_term(scene: Any) -> Any:
    index = at_moment(scene, "multiply")
    caption = scene.frames[index].caption
    return with_frame(scene, index, caption=replace(caption, terms=("9·9", *caption.terms[1:])))


def wrong_cell_is_asked(scene: Any) -> Any:
    index = at_moment(scene, "window")
    return with_frame(scene, index, caption=replace(scene.frames[index].caption, left="y[0,1]"))


def falls_before_it_is_known(scene: Any) -> Any:
    index = at_moment(scene, "add")
    return with_frame(scene, index, caption=scene.frames[index - 1].caption)


def other_sum(scene: Any) -> Any:
    return with_cells(
        scene, at_moment(scene, "add", 2), "output", lambda cell: replace(cell, text=cell.text.replace(" + ", "1 + "))
    )


def other_stamp(scene: Any) -> Any:
    return with_cells(scene, at_moment(scene, "multiply"), "stamp", lambda cell: replace(cell, text="77"))


def sent_back_too_early(scene: Any) -> Any:
    return with_frame(scene, at_moment(scene, "write"), changes=scene.frames[at_moment(scene, "send back")].changes)


def partial_sum_too_early(scene: Any) -> Any:
    later = scene.frames[at_moment(scene, "partial sums")].changes
    return with_frame(scene, at_moment(scene, "window"), changes=later)


def other_product_in_the_lens(scene: Any) -> Any:
    return with_cells(scene, at_moment(scene, "add"), "lens products", lambda cell: replace(cell, text="77"))


def result_in_the_lens_too_early(scene: Any) -> Any:
    return with_cells(scene, at_moment(scene, "multiply"), "lens result", lambda cell: replace(cell, text="7"))


SPOILT: list[tuple[str, Spoil]] = [
    *(("slide", spoil) for spoil in (asked_beside_the_answer, answered_too_early, written_too_early, other_result)),
    *(("slide", spoil) for spoil in (multiplied_too_early, product_too_early, products_of_the_last_window)),
    *(("slide", spoil) for spoil in (window_of_the_next_step, moments_out_of_order, wrong_term, wrong_cell_is_asked)),
    ("slide", falls_before_it_is_known),
    *(("scatter", spoil) for spoil in (other_sum, other_stamp)),
    ("pair", sent_back_too_early),
    ("channels", partial_sum_too_early),
    *(("lens", spoil) for spoil in (other_product_in_the_lens, result_in_the_lens_too_early)),
]


def story(view: str, spoil: Spoil) -> stories.Story:
    plain: Plain = UP if view == "scatter" else CONV
    layer: Any = sayings.layer_of(plain)
    channels = 2 if view == "channels" else 0
    x = np.arange(1, 1 + int(np.prod(plain.i))).reshape(plain.i) % 5 + 1
    w = np.arange(int(np.prod(plain.k))).reshape(plain.k) % 4 + 1
    lens = view == "lens"
    numbers = Shown(x, w, None, visible=not lens, shaded=lens, lens=lens)
    if channels:
        numbers = Shown(np.stack([x, x + 1]), np.stack([w, w + 2])[None], np.array([1]), channel=0)
    shown_view = "slide" if channels or lens else view
    scene = sayings.story_of(layer, shown_view, numbers)
    model = Model(plain)
    return stories.Story(About(model, view=shown_view, scene=spoil(scene), values=Values(model, numbers)), layer)


@pytest.mark.parametrize(("view", "spoil"), SPOILT, ids=lambda value: getattr(value, "__name__", value))
def test_a_spoilt_story_is_refused_and_the_true_one_is_not(view: str, spoil: Spoil) -> None:
    story(view, lambda scene: scene).check()
    with pytest.raises(AssertionError, match=r"says|not true|not a number|no reader understands"):
        story(view, spoil).check()


def test_special_steps_are_found_by_placing_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    found = story("slide", lambda scene: scene)
    monkeypatch.setattr(sayings, "slowed", lambda _: frozenset({0, 2}))
    with pytest.raises(AssertionError, match="special steps"):
        found.check()
