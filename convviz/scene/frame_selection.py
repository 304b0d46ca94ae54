"""Which frames of a scene are drawn: evenly chosen ones, or a single one for a still."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from convviz.errors import PictureError
from convviz.scene.model import Change, Frame, Scene
from convviz.text.lines import Equation

FrameName = Literal["first", "middle", "last"]
NAMED: tuple[FrameName, ...] = get_args(FrameName)


def still(scene: Scene, frame: int | str | None = None) -> int:
    """Which frame a still shows, from 0: a number from 1, `first`, `middle`, `last`, or the most telling one.

    That is one whose line has the most terms, since its window is full, as near as possible to two thirds of the way,
    where much of the output is there already. Raises `PictureError` for a frame that does not exist.
    """
    count = len(scene.frames)
    if frame is None:
        return max(range(count), key=lambda index: _telling(scene.frames[index], abs(3 * index - 2 * (count - 1))))
    if frame in NAMED:
        return {"first": 0, "middle": count // 2, "last": count - 1}[str(frame)]
    if isinstance(frame, bool) or not isinstance(frame, int) or not 1 <= frame <= count:
        raise PictureError(f"there is no frame {frame!r}; use 1 to {count}, or {', '.join(NAMED)}")
    return frame - 1


def _telling(frame: Frame, away: int) -> tuple[int, int]:
    return len(frame.caption.terms) if isinstance(frame.caption, Equation) else 0, -away


def only(scene: Scene, index: int) -> Scene:
    """The scene with this frame alone, and all that happened before it."""
    changes = tuple(change for frame in scene.frames[: index + 1] for change in frame.changes)
    return replace(scene, frames=(replace(scene.frames[index], changes=changes),))


def keep_evenly(scene: Scene, wanted: int) -> Scene:
    """The scene with `wanted` of its frames, first and last included, evenly chosen; nothing that happens is lost."""
    kept: list[Frame] = []
    pending: list[Change] = []
    chosen = set(evenly(len(scene.frames), wanted))
    for index, frame in enumerate(scene.frames):
        pending.extend(frame.changes)
        if index in chosen:
            kept.append(replace(frame, changes=tuple(pending)))
            pending.clear()
    return replace(scene, frames=tuple(kept))


def evenly(count: int, wanted: int) -> list[int]:
    """`wanted` of the numbers 0 … count − 1, first and last included, spread evenly."""
    if wanted >= count:
        return list(range(count))
    if wanted == 1:
        return [count - 1]
    return [(index * (count - 1) + (wanted - 1) // 2) // (wanted - 1) for index in range(wanted)]
