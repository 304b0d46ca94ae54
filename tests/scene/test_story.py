"""A story shows what the even pace shows: every change in order, from an empty output to the same last frame."""

from __future__ import annotations

import pytest

from convviz import animate
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.scene.model import Scene

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


def test_a_window_is_told_in_four_moments() -> None:
    scene = animate(Conv(5, 3, 2, 1), pace="story").scene
    assert scene.moments == ("window", "multiply", "add", "write")
    window, multiply, add, write = scene.frames[:4]
    assert [frame.moment for frame in scene.frames[:4]] == [0, 1, 2, 3]
    assert [frame.number for frame in scene.frames[:5]] == [1, 1, 1, 1, 2]
    assert (window.caption.fitted(99), multiply.caption.fitted(99)[-3:]) == ("y[0,0] = ?", "= ?")
    assert add.caption == write.caption
    products = {cell.note: cell.text for change in write.changes for cell in [change.cell] if cell.note}
    factors = {note: note.split("·") for note in products}
    assert products
    assert all(int(one) * int(other) == int(products[note]) for note, (one, other) in factors.items())
    assert sum(int(change.cell.text) for change in write.changes if change.panel == 2) == int(write.caption.right)  # type: ignore[union-attr]
