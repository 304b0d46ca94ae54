"""The frames that a file shows: key frames, and as many in-between frames as its format takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from convviz.scene.frames import Frame
from convviz.scene.model import Scene
from convviz.scene.motion import Glide

LEAST_GUIDED = 200
"""Shortest duration in milliseconds of a key frame with lines to a lens, where files grow with each line."""
COARSE = 2
"""In-between frames of a glide, at most, where a few are enough."""
LEAST_OF_SEVERAL = 100
"""Shortest thrifty glide of several windows, in milliseconds: quick steps of a matrix jump."""
THRIFTY_OUTLINES = 3
"""Outlines drawn during a thrifty glide: three of a single window, or one of each of several."""


class InBetween(NamedTuple):
    """A frame of an animation as it is shown, which may be on its way to a key frame."""

    frame: Frame
    arrived: bool


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often a format shows glides."""

    interval: Fraction
    """Shortest duration of an in-between frame in milliseconds."""
    thrifty: bool = False
    """Whether files grow with each outline, so that there are few of them; see `Glide`."""

    def count(self, glide: Glide, *, coarse: bool = False) -> int:
        """Return how many in-between frames there are on the way to a key frame."""
        most = COARSE if coarse else glide.after.motion
        if self.thrifty and glide.windows > 1 and glide.after.motion < LEAST_OF_SEVERAL:
            return 0
        if self.thrifty and glide.windows:
            most = min(most, max(1, THRIFTY_OUTLINES // glide.windows))
        return min(most, int(glide.after.motion / self.interval)) if glide.moves else 0


def shown_frames(scene: Scene, sampling: Sampling | None = None) -> Iterator[InBetween]:
    """Yield the key frames of a scene, and the in-between frames that a format takes, if any.

    The durations add up to those of the key frames.
    """
    frames, has_lens = scene.frames, scene.lens
    if frames:
        yield InBetween(frames[0], arrived=True)
    for before, after in pairwise(frames):
        left = after.duration
        glide = Glide(before, after, len(scene.moments), bool(sampling and sampling.thrifty))
        count = sampling.count(glide, coarse=scene.coarse) if sampling and after.motion >= sampling.interval else 0
        for number in range(1, count + 1):
            duration = after.motion * number // count - after.motion * (number - 1) // count
            left -= duration
            yield InBetween(replace(glide.at(number / (count + 1)), duration=duration), arrived=False)
        is_bare = has_lens and sampling and sampling.thrifty and after.duration < LEAST_GUIDED
        yield InBetween(replace(after, duration=left, guides=() if is_bare else after.guides), arrived=True)


def shown_durations(scene: Scene, sampling: Sampling | None) -> tuple[int, ...]:
    """Return the durations of `shown_frames`."""
    if not sampling:
        return tuple(frame.duration for frame in scene.frames)
    return tuple(shown.frame.duration for shown in shown_frames(scene, sampling))
