"""A story shows what the even pace shows: every change in order, from an empty output to the same last frame."""

from __future__ import annotations

import re

import pytest

from convviz import animate
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.scene.model import Frame, Scene
from convviz.scene.motion import Glide
from convviz.scene.timing import UNKNOWN
from convviz.text.lines import Equation, Sentence

CASES = [
    (Conv(5, 3, 2, 1), "slide"),
    (ConvTranspose(3, 4, 3, 1), "slide"),
    (Conv((9,), 3, 2), "slide"),
    (Conv(1, 1), "slide"),
    (Conv(24, 3), "slide"),
    (MaxPool(6, 2), "slide"),
    (AvgPool(5, 2, ceil_mode=True), "slide"),
    (ConvTranspose(2, 3, 2), "scatter"),
    (ConvTranspose(2, 3, 2), "steps"),
    (Conv(5, 3, 2, 1), "slide+matrix"),
    (Conv(5, 3, 2, 1), "pair"),
]


def cells(scene: Scene, until: int) -> dict[tuple[int, int, int], object]:
    """Content of each cell after some frames."""
    changes = (change for frame in scene.frames[:until] for change in frame.changes)
    return {(change.panel, change.row, change.col): change.cell for change in changes}


@pytest.mark.parametrize(("layer", "view"), CASES)
def test_it_begins_empty_and_ends_like_the_even_pace(layer: Layer, view: str) -> None:
    story = animate(layer, view, pace="story").scene
    even = animate(layer, view, pace="even").scene
    last = len(story.panels) - 1
    written = {place: cell for place, cell in cells(story, 1).items() if place[0] == last}
    assert all(cell.role == "empty" for cell in written.values())  # type: ignore[attr-defined]
    shown = {cell for place, cell in cells(story, len(story.frames)).items() if place[0] == last}
    assert shown == {cell for place, cell in cells(even, len(even.frames)).items() if place[0] == len(even.panels) - 1}
    assert story.frames[-1].caption == even.frames[-1].caption
    assert story.steps == even.steps
    numbers = [frame.number for frame in story.frames]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    assert numbers[-1] == even.steps


@pytest.mark.parametrize(("layer", "view"), CASES)
def test_before_a_step_ends_its_caption_says_less_and_nothing_else(layer: Layer, view: str) -> None:
    """A part of the equation with which the step ends, and `?` for what is not known; or what a stamp takes."""
    scene = animate(layer, view, pace="story").scene
    ends = {frame.number: frame.caption for frame in scene.frames}
    for frame in scene.frames:
        before, end = frame.caption, ends[frame.number]
        if isinstance(before, Equation):
            if "send back" in scene.moments:
                continue
            assert isinstance(end, Equation)
            assert before.left == end.left
            assert before.terms in ((), end.terms)
            assert before.right in (UNKNOWN, end.right)
        elif before != end:
            assert isinstance(end, Sentence)
            check_stamp(frame, before.variants[0], end.variants[0])


def check_stamp(frame: Frame, said: str, end: str) -> None:
    """Check what is said of a stamp before the step ends."""
    value = re.match(r"x\[[\d,]+\] = (\d+) stamps ", end)
    assert value
    if frame.moment == 0:
        assert end.startswith(f"{said.removeprefix('take ')} stamps ")
    elif frame.moment == 1:
        assert said == f"stamp = {value[1]} · kernel"
    else:
        sums = [change.cell.text for change in frame.changes if " + " in change.cell.text]
        assert said == (f"overlaps add: {sums[0]}" if sums else "no overlap: the stamp is written as it is")


def test_the_steps_tell_their_first_windows_after_all_stages() -> None:
    scene = animate(ConvTranspose(2, 3, 2, 1), "steps", pace="story").scene
    moments = [(frame.tab, frame.moment) for frame in scene.frames]
    first = moments.index((3, 0))
    assert all(moment is None for tab, moment in moments[:first])
    assert [tab for tab, _ in moments[:first]] == sorted(tab for tab, _ in moments[:first])
    assert moments[first : first + 8] == [(3, 0), (3, 1), (3, 2), (3, 3)] * 2
    assert moments[-1] == (3, None)
    window, multiply, add, write = (frame.changes[-1].cell for frame in scene.frames[first : first + 4])
    assert (window.text, multiply.text, add.text) == ("?", "?", "")
    assert (write.role, write.text) == ("output", scene.frames[first + 2].caption.right)  # type: ignore[union-attr]


def test_a_cell_of_a_pair_gathers_is_written_and_is_sent_back() -> None:
    x, w = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]]
    scene = animate(Conv(3, 2), "pair", x=x, w=w, pace="story").scene
    assert scene.moments == ("gather", "write", "send back")
    gather, write, back, second = scene.frames[:4]
    y = 1 * 1 + 2 * 2 + 4 * 3 + 5 * 4
    said = "y[0,0] = 1·1 + 2·2 + 4·3 + 5·4"
    assert [frame.caption.fitted(99) for frame in (gather, write)] == [f"{said} = ?", f"{said} = {y}"]
    assert back.caption.fitted(99).startswith("y[0,0] gathers rows 0–1, columns 0–1, and sends y[0,0]")
    grids = [{(one.panel, one.row, one.col): one.cell.text for one in frame.changes} for frame in (gather, write, back)]
    sent = {(2, row, col): str(y * weight) for row, line in enumerate(w) for col, weight in enumerate(line)}
    assert grids == [{(1, 0, 0): "?"}, {(1, 0, 0): str(y)}, {(1, 0, 0): str(y), **sent}]
    marked = [{mark.panel for mark in frame.marks} for frame in (gather, write, back)]
    assert marked == [{0, 1}, {0, 1}, {0, 1, 2}]
    assert (second.number, second.moment, second.changes[0].cell.text) == (2, 0, "?")
    assert (scene.frames[-1].number, scene.frames[-1].moment) == (5, None)
    blank = animate(Conv(3, 2), "pair", pace="story", numbers=False).scene
    first = [frame.caption.fitted(99) for frame in blank.frames[:2]]
    assert blank.moments == ("gather", "send back")
    assert first[0] == "y[0,0] gathers rows 0–1, columns 0–1"
    assert [len(frame.changes) for frame in blank.frames[:2]] == [0, 5]


def test_a_cell_that_is_written_once_drops_once() -> None:
    frames = animate(Conv(3, 2), "pair", pace="story").scene.frames
    assert not any(cell.panel == 1 for cell in Glide(frames[1], frames[2], 3).at(0.5).floating_cells)
    frames = animate(Conv(3, 2), "steps", pace="story").scene.frames
    add = next(index for index, frame in enumerate(frames) if frame.moment == 2)
    assert len(Glide(frames[add], frames[add + 1], 4).at(0.5).floating_cells) == 1


def test_a_window_is_told_in_four_moments() -> None:
    scene = animate(Conv(5, 3, 2, 1), pace="story").scene
    assert scene.moments == ("window", "multiply", "add", "write")
    window, multiply, add, write = scene.frames[:4]
    assert [frame.moment for frame in scene.frames[:4]] == [0, 1, 2, 3]
    assert [frame.number for frame in scene.frames[:5]] == [1, 1, 1, 1, 2]
    assert (window.caption.fitted(99), multiply.caption.fitted(99)[-3:]) == ("y[0,0] = ?", "= ?")
    assert [frame.changes[-1].cell.text for frame in scene.frames[:4]] == ["?", "?", "", write.caption.right]  # type: ignore[union-attr]
    assert add.caption == write.caption
    products = {cell.note: cell.text for change in write.changes for cell in [change.cell] if cell.note}
    factors = {note: note.split("·") for note in products}
    assert products
    assert all(int(one) * int(other) == int(products[note]) for note, (one, other) in factors.items())
    assert sum(int(change.cell.text) for change in write.changes if change.panel == 2) == int(write.caption.right)  # type: ignore[union-attr]
