"""A+B: two views of one layer in one picture, step by step together.

Views that step through the same things (slide, matrix and pair through outputs; scatter and overlap of a transposed
layer through inputs) stay in step; otherwise the longer one walks on while the other waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convviz.scene.model import Frame, Group, GuideLine, Scene


def combined(one: Scene, other: Scene) -> Scene:
    """Both scenes, one above the other or side by side; title, parameters and the step's line are those of `one`."""
    count = max(len(one.frames), len(other.frames))
    shift = len(one.panels)
    frames = []
    done = [0, 0]
    for index in range(count):
        parts = []
        for which, scene in enumerate((one, other)):
            upto = (index + 1) * len(scene.frames) // count
            fresh = scene.frames[done[which] : max(upto, 1)]
            parts.append((fresh, scene.frames[max(upto, 1) - 1]))
            done[which] = max(upto, 1)
        frames.append(_together(parts, shift, index, [one, other]))
    return replace(
        one,
        sizes=one.sizes if one.sizes == other.sizes else f"{one.sizes}   {other.sizes}",
        body=Group("column", (one.body, other.body), may_turn=True),
        legend=tuple({key.text: key for key in (*one.legend, *other.legend)}.values()),
        frames=tuple(frames),
        steps=count,
        tabs=one.tabs or other.tabs,
    )


def _together(parts: Sequence[tuple[Sequence[Frame], Frame]], shift: int, index: int, scenes: Sequence[Scene]) -> Frame:
    """The frames that are due in both scenes, as one; panels and marks of the second are counted on."""
    (fresh, now), (other_fresh, other_now) = parts
    marks = len(now.marks)
    return Frame(
        changes=(
            *(change for frame in fresh for change in frame.changes),
            *(replace(change, panel=change.panel + shift) for frame in other_fresh for change in frame.changes),
        ),
        marks=(*now.marks, *(replace(mark, panel=mark.panel + shift) for mark in other_now.marks)),
        caption=now.caption,
        number=index + 1,
        duration=_duration(now, other_now, scenes),
        connectors=(
            *now.connectors,
            *(replace(link, upper=link.upper + shift, lower=link.lower + shift) for link in other_now.connectors),
        ),
        guides=(*now.guides, *(GuideLine(guide.start + marks, guide.end + marks) for guide in other_now.guides)),
        floating_cells=(
            *now.floating_cells,
            *(replace(one, panel=one.panel + shift) for one in other_now.floating_cells),
        ),
        tab=now.tab if scenes[0].tabs else other_now.tab,
    )


def _duration(now: Frame, other: Frame, scenes: Sequence[Scene]) -> int:
    """The longer walk sets the pace; where both are as long, the slower step does."""
    steps, others = (len(scene.frames) for scene in scenes)
    if steps == others:
        return max(now.duration, other.duration)
    return now.duration if steps > others else other.duration
