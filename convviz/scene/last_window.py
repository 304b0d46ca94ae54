"""Leave out the last window where cells are too small for it."""

from __future__ import annotations

from dataclasses import replace

from convviz.scene.model import Scene


def shows_last_window(scene: Scene) -> bool:
    """Whether a frame marks the window of the step before."""
    return any(mark.role == "last" for frame in scene.frames for mark in frame.marks)


def without_last_window(scene: Scene) -> Scene:
    """Return the scene without marks and arrows of the last window, and without its entry in the legend."""
    frames = (
        replace(frame, marks=tuple(mark for mark in frame.marks if mark.role != "last"), arrows=())
        for frame in scene.frames
    )
    legend = tuple(entry for entry in scene.legend if entry.role != "last")
    return replace(scene, frames=tuple(frames), legend=legend)
