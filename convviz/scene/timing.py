"""How long the frames of an animation last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from convviz.scene.frames import Frame


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in milliseconds: of a step, and of the hold on the last frame; the first frame gets half the hold."""

    step: int = 600
    hold: int = 2000

    def duration(self, frame: int, frames: int) -> int:
        """Duration of frame number `frame` (from 0) of `frames`."""
        if frame == frames - 1:
            return max(self.hold, self.step)
        return max(self.hold // 2, self.step) if frame == 0 else self.step

    def timed(self, frames: Sequence[Frame]) -> tuple[Frame, ...]:
        """Number `frames` from 1 and set their durations, except those that are set already."""
        return tuple(
            replace(frame, number=index + 1, duration=frame.duration or self.duration(index, len(frames)))
            for index, frame in enumerate(frames)
        )
