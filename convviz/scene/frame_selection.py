"""Select the frames of a scene that are drawn: evenly spaced ones, or a single one for a still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal, get_args

from convviz.errors import PictureError
from convviz.errors.printable import shown
from convviz.scene.model import MARK_ROLES, Change, Frame, LegendEntry, Scene
from convviz.text.lines import Equation

FrameName = Literal["first", "middle", "last"]
FRAME_NAMES: tuple[FrameName, ...] = get_args(FrameName)


def still_index(scene: Scene, frame: int | str | None = None) -> int:
    """Return the index, from 0, of the frame that a still shows.

    `frame` is the number of a step, which is shown as it ends, or `first`, `middle` or `last`. By default it is the
    most representative step: one whose caption has the most terms, so that its window is full, and the nearest of these
    to two thirds of the animation, when much of the output is written. Raises `PictureError` for a frame that does not
    exist.
    """
    ends = ends_of_steps(scene)
    numbers = sorted(ends)
    if frame is None:
        return ends[max(numbers, key=lambda number: _rank(scene.frames[ends[number]], _distance(number, scene.steps)))]
    if frame in FRAME_NAMES:
        return {"first": 0, "middle": _middle(ends, scene.steps), "last": len(scene.frames) - 1}[str(frame)]
    if isinstance(frame, bool) or not isinstance(frame, int) or not 1 <= frame <= scene.steps:
        names = ", ".join(FRAME_NAMES)
        raise PictureError(f"there is no frame {shown(frame)}; use a step, 1 to {scene.steps}, or {names}")
    if frame not in ends:
        nearest = min(numbers, key=lambda number: abs(number - frame))
        raise PictureError(f"step {frame} has no frame of its own; use {nearest}, or the pace even and all frames")
    return ends[frame]


def ends_of_steps(scene: Scene) -> dict[int, int]:
    """Return the index of the last frame of each step that is shown, by its number."""
    return {frame.number: index for index, frame in enumerate(scene.frames)}


def _distance(number: int, steps: int) -> int:
    """Distance from two thirds of the animation."""
    return abs(3 * (number - 1) - 2 * (steps - 1))


def _middle(ends: Mapping[int, int], steps: int) -> int:
    """Return the index of the frame of the middle step, or of the last one before it."""
    return ends[max((number for number in ends if number <= steps // 2 + 1), default=min(ends))]


def _rank(frame: Frame, distance: int) -> tuple[int, int]:
    """Sort key of the most representative frame, the larger the better."""
    return len(frame.caption.terms) if isinstance(frame.caption, Equation) else 0, -distance


def only_frame(scene: Scene, index: int) -> Scene:
    """Return the scene with this frame alone, which includes all changes before it."""
    changes = tuple(change for frame in scene.frames[: index + 1] for change in frame.changes)
    return replace(scene, frames=(replace(scene.frames[index], changes=changes),))


def keep_evenly(scene: Scene, count: int, step: int = 0) -> Scene:
    """Return the scene with `count` evenly spaced frames, which include the changes of those left out.

    A frame takes the time of those left out before it, up to `step` milliseconds in all, so that it can be seen.
    """
    frames: list[Frame] = []
    pending: list[Change] = []
    time = 0
    indices = set(even_indices(len(scene.frames), count))
    for index, frame in enumerate(scene.frames):
        pending.extend(frame.changes)
        time += frame.duration
        if index in indices:
            frames.append(replace(frame, changes=tuple(pending), duration=max(frame.duration, min(time, step))))
            pending.clear()
            time = 0
    return replace(scene, frames=tuple(frames), legend=legend_of_frames(scene, frames))


def legend_of_frames(scene: Scene, frames: Iterable[Frame]) -> tuple[LegendEntry, ...]:
    """Return the legend without the marks that none of `frames` has."""
    marks = {mark.role for frame in frames for mark in frame.marks}
    return tuple(entry for entry in scene.legend if entry.role not in MARK_ROLES or entry.role in marks)


def filmstrip_indices(scene: Scene, count: int) -> list[int]:
    """Return the indices of `count` frames, evenly spaced; each stage of the animation is shown if there are enough.

    A stage that gets one frame shows its last one. Of a scene with moments, the first frames are those of the first
    step, and the others are ends of steps.
    """
    told = _told_indices(scene, count) if scene.moments else []
    if told:
        return told
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


def _told_indices(scene: Scene, count: int) -> list[int]:
    """Return the moments of the first step and then ends of steps, or nothing if there are too few for `count`."""
    first, *later = ends_of_steps(scene).values()
    moments = min(first + 1, max(1, count - 1))
    if first == 0 or not 1 < count <= moments + len(later):
        return []
    chosen = even_indices(first + 1, moments) if moments > 1 else [0]
    rest = count - len(chosen)
    return chosen + [later[(place + 1) * len(later) // rest - 1] for place in range(rest)]


def even_indices(length: int, count: int) -> list[int]:
    """Return `count` evenly spaced indices of a sequence of `length`, first and last included."""
    if count >= length:
        return list(range(length))
    if count == 1:
        return [length - 1]
    return [(index * (length - 1) + (count - 1) // 2) // (count - 1) for index in range(count)]
