"""Delays that a format cannot hold are split, and videos that are too long are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convviz import Animation, Conv, ExportError
from tests.at_rest import animate


def slow(**options: object) -> Animation:
    """Four frames of 1×1 cells: 0.6 s each, and a last one that is longer than an APNG's longest delay."""
    return animate(Conv((2, 2), 1), size=(320, 320), hold=140, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("suffix", ["apng", "gif", "webp"])
def test_a_long_delay_is_played_in_full_with_the_same_picture(suffix: str, transparent: bool, tmp_path: Path) -> None:
    animation = slow(transparent=transparent)
    shown: list[tuple[float, np.ndarray]] = []
    with Image.open(animation.save(tmp_path / f"a.{suffix}")) as image:
        for index in range(image.n_frames):
            image.seek(index)
            pixels = np.array(image.convert("RGBA"))
            milliseconds = image.info.get("duration", 0)
            if shown and (pixels == shown[-1][1]).all():
                shown[-1] = (shown[-1][0] + milliseconds, pixels)
            else:
                shown.append((milliseconds, pixels))
    assert [round(milliseconds, -1) for milliseconds, _ in shown] == [70_000, 600, 600, 140_000]


def test_each_delay_of_an_apng_can_be_stored(tmp_path: Path) -> None:
    with Image.open(slow().save(tmp_path / "a.apng")) as image:
        delays = []
        for index in range(image.n_frames):
            image.seek(index)
            delays.append(image.info["duration"])
    assert delays == [65_535, 4_465, 600, 600, 65_535, 65_535, 8_930]


def test_a_video_of_more_than_an_hour_is_refused_before_it_is_drawn(tmp_path: Path) -> None:
    animation = animate(Conv(5, 3), size=(320, 320), step=600, hold=600)
    with pytest.raises(
        ExportError, match=r"^expected a video of up to 36000 frames, got 54000, as it lasts 1\.5 hours"
    ):
        animation.save(tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_a_filmstrip_that_would_be_too_high_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"^a filmstrip of 1156 frames would be \d+ pixels high, more than 16384; use "
    ):
        animate(Conv(36, 3), numbers=False).save(tmp_path / "a.png", filmstrip=1156)
