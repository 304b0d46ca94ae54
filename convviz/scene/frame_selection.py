"""Select the frames of a scene that are drawn: evenly spaced ones, or a single one for a still."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from convviz.errors import PictureError
from convviz.errors.printable import shown
from convviz.scene.model import Change, Frame, Scene
from convviz.text.lines import Equation

FrameName = Literal["first", "middle", "last"]
FRAME_NAMES: tuple[FrameName, ...] = get_args(FrameName)


def still_index(scene: Scene, frame: int | str | None = None) -> int:
    """Return the index, from 0, of the frame that a still shows.

    `frame` is a number from 1, `first`, `middle` or `last`. By default it is the most representative frame: one whose
    caption has the most terms, so that its window is full, and the nearest of these to two thirds of the animation,
    when much of the output is written. Raises `PictureError` for a frame that does not exist.
    """
    count = len(scene.frames)
    if frame is None:
        return max(range(count), key=lambda index: _rank(scene.frames[index], abs(3 * index - 2 * (count - 1))))
    if frame in FRAME_NAMES:
        return {"first": 0, "middle": count // 2, "last": count - 1}[str(frame)]
    if isinstance(frame, bool) or not isinstance(frame, int) or not 1 <= frame <= count:
        raise PictureError(f"there is no frame {shown(frame)}; use 1 to {count}, or {', '.join(FRAME_NAMES)}")
    return frame - 1


def _rank(frame: Frame, distance: int) -> tuple[int, int]:
    """Sort key of the most representative frame, the larger the better."""
    return len(frame.caption.terms) if isinstance(frame.caption, Equation) else 0, -distance


def only_frame(scene: Scene, index: int) -> Scene:
    """Return the scene with this frame alone, which includes all changes before it."""
    changes = tuple(change for frame in scene.frames[: index + 1] for change in frame.changes)
    return replace(scene, frames=(replace(scene.frames[index], changes=changes),))


def keep_evenly(scene: Scene, count: int) -> Scene:
    """Return the scene with `count` evenly spaced frames, which include the changes of those left out."""
    frames: list[Frame] = []
    pending: list[Change] = []
    indices = set(even_indices(len(scene.frames), count))
    for index, frame in enumerate(scene.frames):
        pending.extend(frame.changes)
        if index in indices:
            frames.append(replace(frame, changes=tuple(pending)))
            pending.clear()
    return replace(scene, frames=tuple(frames))


def filmstrip_indices(scene: Scene, count: int) -> list[int]:
    """Return the indices of `count` frames, evenly spaced; each stage of the animation is shown if there are enough.

    A stage that gets one frame shows its last one.
    """
    tabs = [frame.tab for frame in scene.frames]
    stages = [[index for index, tab in enumerate(tabs) if tab == stage] for stage in sorted(set(tabs))]
    if not len(stages) <= count < len(tabs) or len(stages) == 1:
        return even_indices(len(tabs), count)
    shares = [1] * len(stages)
    for _ in range(count - len(stages)):
        fullest = max(range(len(stages)), key=lambda stage: (len(stages[stage]) - shares[stage]) / shares[stage])
        shares[fullest] += 1
    return [
        stage[number] for stage, share in zip(stages, shares, strict=True) for number in even_indices(len(stage), share)
    ]


def even_indices(length: int, count: int) -> list[int]:
    """Return `count` evenly spaced indices of a sequence of `length`, first and last included."""
    if count >= length:
        return list(range(length))
    if count == 1:
        return [length - 1]
    return [(index * (length - 1) + (count - 1) // 2) // (count - 1) for index in range(count)]
