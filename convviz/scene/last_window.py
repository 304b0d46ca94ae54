"""Leave out the last window, or its entry in the legend."""

from __future__ import annotations

from dataclasses import replace

from convviz.scene.model import Scene


def names_last_window(scene: Scene) -> bool:
    """Whether the legend has an entry of the last window."""
    return any(entry.role == "last" for entry in scene.legend)


def without_last_window(scene: Scene) -> Scene:
    """Return a scene without guide lines, and without marks and arrows of the last window and their entry."""
    frames = (
        replace(frame, marks=tuple(mark for mark in frame.marks if mark.role != "last"), arrows=())
        for frame in scene.frames
    )
    return replace(without_last_window_entry(scene), frames=tuple(frames))


def without_last_window_entry(scene: Scene) -> Scene:
    """Return the scene without the legend's entry of the last window."""
    return replace(scene, legend=tuple(entry for entry in scene.legend if entry.role != "last"))
