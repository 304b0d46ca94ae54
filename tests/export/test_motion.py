"""Gliding windows in files that are decoded again: where they are, how long it takes, and how many bytes it costs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image, ImageSequence

from convviz import Animation, Conv, ConvTranspose, animate
from convviz.layers.layer import Layer
from convviz.render.compositor import frame_stream
from convviz.scene.sampling import Sampling
from convviz.style.theme import LIGHT
from tests.export.test_video import pictures

STEPS = 4
SIZES: dict[str, tuple[Layer, dict[str, Any]]] = {
    "J1": (ConvTranspose(3, 3, 2, 1), {}),
    "J2": (Conv(5, 3, 2, 1), {"theme": "dark"}),
    "large": (Conv(16, 3, 1, 1), {"frames": 64}),
    "line": (ConvTranspose((4,), (3,), 2), {}),
    "isometric": (Conv(5, 3, 2, 1), {"view": "isometric"}),
    "matrix": (Conv(5, 3, 2, 1), {"view": "matrix"}),
    "image": (Conv(5, 3, 2, 1), {"view": "image"}),
    "steps": (ConvTranspose(3, 3, 2, 1), {"view": "steps"}),
}


def row(**options: Any) -> Animation:
    """A window that makes four steps in one row."""
    return animate(
        Conv((3, 6), 3), size=(640, 360), numbers=False, **{"pace": "even", "motion": "smooth", "hold": 0, **options}
    )


def decoded(path: Path) -> Iterator[tuple[np.ndarray[Any, Any], float]]:
    """Each picture of a file, and its milliseconds."""
    if path.suffix in (".mp4", ".webm"):
        count, seconds = imageio_ffmpeg.count_frames_and_secs(path)
        for picture in pictures(path):
            yield picture, 1000 * seconds / count
        return
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            frame.load()
            yield np.asarray(frame.convert("RGBA"))[..., :3], frame.info["duration"]


def left_edge(picture: np.ndarray[Any, Any], animation: Animation) -> int:
    """The leftmost column of the input with a vertical line in the colour of the window."""
    grid = animation.display_list.grid(0)
    colour = [int(LIGHT.window[at : at + 2], 16) for at in (1, 3, 5)]
    start = grid.box.x - 6
    part = picture[grid.box.y : grid.box.bottom, start : grid.box.right + 6].astype(int)
    lines = (np.abs(part - colour).max(axis=2) < 40).mean(axis=0) > 0.9
    return start + int(np.flatnonzero(lines)[0])


@pytest.mark.parametrize(("suffix", "between"), [(".gif", 3), (".apng", 6), (".webp", 6), (".mp4", 4), (".webm", 4)])
def test_the_window_passes_through_the_places_between(suffix: str, between: int, tmp_path: Path) -> None:
    """A video shows four frames between two steps, at 20 per second."""
    animation = row()
    shown = list(decoded(animation.save(tmp_path / f"a{suffix}")))
    edges = [left_edge(picture, animation) for picture, _ in shown]
    assert all(before <= after for before, after in pairwise(edges))
    pitch = animation.display_list.grid(0).cell(0, 1).x - animation.display_list.grid(0).cell(0, 0).x
    for step in range(STEPS - 1):
        start = edges[0] + step * pitch
        assert start in edges
        assert len({edge for edge in edges if start < edge < start + pitch}) >= between
    assert sum(duration for _, duration in shown) == pytest.approx(1000 * animation.seconds, abs=20)


@pytest.mark.parametrize("suffix", [".gif", ".apng"])
def test_no_motion_jumps(suffix: str, tmp_path: Path) -> None:
    animation = row(motion="none")
    edges = [left_edge(picture, animation) for picture, _ in decoded(animation.save(tmp_path / f"a{suffix}"))]
    assert len(edges) == len(set(edges)) == STEPS


def test_steps_have_two_places_between(tmp_path: Path) -> None:
    animation = row(motion="steps")
    for suffix in (".gif", ".apng"):
        edges = [left_edge(picture, animation) for picture, _ in decoded(animation.save(tmp_path / f"a{suffix}"))]
        assert len(set(edges)) == len(edges) == STEPS + 2 * (STEPS - 1)


def test_fps_rules(tmp_path: Path) -> None:
    """At 10 frames per second a glide of 200 ms has two frames, at 4 it has none."""
    for fps, count in ((10, STEPS + 2 * (STEPS - 1)), (4, STEPS)):
        animation = row()
        shown = list(decoded(animation.save(tmp_path / f"{fps}.mp4", fps=fps)))
        assert len({left_edge(picture, animation) for picture, _ in shown}) == count


@pytest.mark.parametrize("name", SIZES)
def test_a_gif_grows_by_three_fifths_at_most(name: str, tmp_path: Path) -> None:
    layer, options = SIZES[name]
    one, other = (
        animate(layer, motion=motion, **options).save(tmp_path / f"{motion}.gif").stat().st_size
        for motion in ("smooth", "none")
    )
    assert other < one <= 1.6 * other


def test_a_frame_at_rest_is_the_frame_without_motion() -> None:
    animation = animate(Conv(4, 3, 2, 1), "isometric", pace="even", motion="smooth", size=(640, 360))
    still, moving = (frame_stream(animation.display_list, sampling=one) for one in (None, Sampling(Fraction(60))))
    wanted = [frame.pixels.copy() for frame in still.frames]
    found, between = [], 0
    for frame in moving.frames:
        if frame.is_key:
            found.append(frame.pixels.copy())
        else:
            between += 1
            assert not np.array_equal(frame.pixels, wanted[len(found) - 1])
    assert between == 3 * (len(wanted) - 1)
    assert all(np.array_equal(one, other) for one, other in zip(found, wanted, strict=True))


def test_equal_calls_write_equal_bytes(tmp_path: Path) -> None:
    for suffix in (".gif", ".webp", ".mp4"):
        one, other = (row().save(tmp_path / f"{name}{suffix}").read_bytes() for name in "ab")
        assert one == other


def test_single_frames_are_at_rest(tmp_path: Path) -> None:
    """Also in a run that writes a file with in-between frames, whose frames are shared where they can be."""
    from convviz.export.formats import resolve_target

    animation = row()
    done: list[int] = []
    targets = [resolve_target(tmp_path / name) for name in ("a.gif", "a.zip", "b.gif", "a.apng")]
    gif, frames, again, apng = animation.save_all(targets, progress=done.append)
    with zipfile.ZipFile(frames) as archive:
        assert sum(name.endswith(".png") for name in archive.namelist()) == STEPS
    assert gif.read_bytes() == again.read_bytes() == row().save(tmp_path / "c.gif").read_bytes()
    assert len(list(decoded(apng))) == STEPS + 6 * (STEPS - 1)
    assert done == list(range(1, 4 * STEPS + 1)), "only the frames of the scene count"


@pytest.mark.parametrize("suffix", [".gif", ".apng"])
def test_transparent_pictures_jump_where_each_frame_is_stored_as_a_whole(suffix: str, tmp_path: Path) -> None:
    path = row(transparent=True).save(tmp_path / f"a{suffix}")
    assert len(list(decoded(path))) == STEPS
