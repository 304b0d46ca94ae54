"""The frame of a still, and that it equals that frame of the animation but for the legend."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convviz import AvgPool, Conv, ConvTranspose, PictureError
from convviz.animation.animate import Animation
from convviz.errors import ArgumentError
from convviz.layers.layer import Layer
from convviz.scene.frame_selection import only_frame, still_index
from convviz.scene.model import MARK_ROLES
from tests.at_rest import animate
from tests.render.test_compositor import differences, whole
from tests.views.layers import refused, run

CHOICES = [(None, None), (1, 0), (4, 3), (9, 8), ("first", 0), ("middle", 4), ("last", 8)]


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize(("frame", "index"), CHOICES)
def test_a_still_is_the_animation_at_that_frame(frame: int | str | None, index: int | None, tmp_path: Path) -> None:
    animation = animate(Conv(5, 3, 2, 1), size=(640, 360))
    scene = only_frame(animation.scene, still_index(animation.scene, frame))
    (shown,) = scene.frames
    if index is not None:
        assert shown.number == index + 1
    written = animation.save(tmp_path / "one.png", frame=frame)
    drawn, expected = pixels(written), whole(animation, shown.number - 1)
    entries = animation.display_list.layout.legend
    legend = slice(min(box.y for box, _ in entries), entries[-1][0].bottom + 4)
    drawn[legend] = expected[legend]
    assert differences(drawn, expected) == (0, True)
    assert scene.steps == 9


@pytest.mark.parametrize(
    ("layer", "view", "number"),
    [
        (Conv(5, 3, 2, 1), None, 5),  # the only window that lies inside the input
        (Conv(6, 3), None, 11),  # all windows are full: two thirds of 16
        (ConvTranspose(3, 3, 2), None, 33),  # four input cells under the window: y[4,4] of 7×7
        (AvgPool(4, 2), "overlap", 3),  # sentences only: two thirds of 4
    ],
)
def test_the_most_telling_frame_has_a_full_window(layer: Layer, view: str | None, number: int) -> None:
    assert still_index(animate(layer, view).scene) + 1 == number


@pytest.mark.parametrize("frame", [True, 2.0, []])
def test_a_frame_of_another_type_is_refused(frame: object, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="frame: expected a whole number, or first, middle, last, got"):
        animate(Conv(5, 3, 2, 1), size=(640, 360)).save(tmp_path / "one.png", frame=frame)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("frame", [0, 10, -1, "best"])
def test_a_frame_that_is_not_there_is_refused(frame: object, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"there is no frame .*; use a step, 1 to 9, or first, middle, last"):
        animate(Conv(5, 3, 2, 1), size=(640, 360)).save(tmp_path / "one.png", frame=frame)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_every_view_has_a_still(tmp_path: Path) -> None:
    stacked: Animation = animate([Conv(8, 3), AvgPool(6, 2)], size=(640, 360))
    assert pixels(stacked.save(tmp_path / "stack.png")).shape == (360, 640, 3)
    for view in ("steps", "scatter", "matrix", "isometric"):
        path = animate(ConvTranspose(2, 3, 2), view, "dark", size=(854, 480)).save(tmp_path / f"{view}.png")
        assert pixels(path).shape == (480, 854, 3)


def test_the_command_draws_stills_of_any_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("conv", "-i", "60", "-k", "3", "-o", "big.png", "--frame", "last")
    assert result.exit_code == 0, result.output
    assert "step 3364 of 3364, drawn" in result.output
    even = ("conv", "-i", "60", "-k", "3", "--pace", "even")
    assert "step 3364 of 3364, drawn" in run(*even, "-o", "big.png", "--frame", "last").output
    refused(run(*even, "-o", "big.gif"), "more than 2000")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_legend_of_kept_frames_names_the_marks_that_they_have(count: int) -> None:
    for layer, view in product((Conv(5, 3, 2, 1), ConvTranspose(3, 3, 2, 1)), ("slide", "steps", "scatter", "matrix")):
        scene = animate(layer, view, frames=count).scene
        marks = {mark.role for frame in scene.frames for mark in frame.marks}
        assert {entry.role for entry in scene.legend if entry.role in MARK_ROLES} == marks
