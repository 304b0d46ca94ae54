"""How often a file shows an in-between frame while marks glide."""

from __future__ import annotations

from fractions import Fraction

from convviz.export.formats import VIDEOS, Target
from convviz.scene.model import Scene
from convviz.scene.sampling import Sampling

GLIDE = 200
"""Milliseconds in which marks glide to their places, at most."""
SMOOTH_RATE = 20
"""Frames per second of a video in which marks glide."""
SAMPLINGS = {
    ".gif": Sampling(Fraction(60), thrifty=True),
    ".webp": Sampling(Fraction(30)),
    ".apng": Sampling(Fraction(30)),
}
"""Format that is no video → how often it shows glides. A GIF would be twice as large with all that the others show."""
RESENT_WHEN_TRANSPARENT = (".gif", ".apng")
"""Formats that store each frame of a transparent picture as a whole, so that in-between frames would be too large."""


def frame_rate(scene: Scene, target: Target, fps: int | None = None) -> int | None:
    """Return the frame rate of a file that is a video, `fps` if it is given."""
    if target.suffix not in VIDEOS:
        return None
    from convviz.export.video import MAX_FRAMES, default_frame_rate

    durations = tuple(frame.duration for frame in scene.frames)
    rate = default_frame_rate(durations)
    glides = any(frame.motion for frame in scene.frames) and sum(durations) * SMOOTH_RATE <= 1000 * MAX_FRAMES
    return fps or (max(rate, SMOOTH_RATE) if glides else rate)


def sampling(scene: Scene, target: Target, rate: int | None, *, transparent: bool = False) -> Sampling | None:
    """Return how often a file shows glides; None if it has key frames only. `rate` is that of a video.

    A GIF with a lens is thrifty without glides, too.
    """
    if transparent and target.suffix in RESENT_WHEN_TRANSPARENT:
        return None
    glides, chosen = any(frame.motion for frame in scene.frames), SAMPLINGS.get(target.suffix)
    if not glides:
        return chosen if scene.lens and chosen and chosen.thrifty else None
    return Sampling(Fraction(1000, rate)) if rate else chosen
