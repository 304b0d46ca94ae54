"""A+B: two views of one layer in one picture, in step with each other.

Views with the same number of frames stay in step: slide, matrix and pair have one per output cell, scatter and overlap
of a transposed layer one per input cell. Otherwise the longer view advances while the other waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convviz.scene.model import Frame, Group, GuideLine, LegendEntry, Node, Scene, Timing

FULL_NAMES = {"x": "input", "y": "output", "weight": "kernel"}
"""Short name in a legend → the name that other views have for the same cells."""


def combined(one: Scene, other: Scene, timing: Timing | None = None) -> Scene:
    """Return two scenes of an even pace in one; title, parameters and caption are those of `one`."""
    count = max(len(one.frames), len(other.frames))
    shift = len(one.panels)
    frames = []
    starts = [0, 0]
    for index in range(count):
        due = []
        for number, scene in enumerate((one, other)):
            end = max((index + 1) * len(scene.frames) // count, 1)
            due.append((scene.frames[starts[number] : end], scene.frames[end - 1]))
            starts[number] = end
        frames.append(_merged(due, shift, index, [one, other]))
    return replace(
        one,
        sizes=one.sizes if one.sizes == other.sizes else f"{one.sizes}   {other.sizes}",
        body=Group("column", (*_parts(one.body), *_parts(other.body)), may_turn=True),
        legend=_merged_legend((*one.legend, *other.legend)),
        frames=_paced(frames, timing),
        steps=count,
        tabs=one.tabs or other.tabs,
        moments=(),
    )


def _paced(frames: Sequence[Frame], timing: Timing | None) -> tuple[Frame, ...]:
    """Set the pace of merged frames; those of movements between steps keep their durations."""
    if timing is None or not timing.tells:
        return tuple(frames)
    return timing.timed([replace(frame, duration=frame.duration * (frame.duration < timing.step)) for frame in frames])


def _parts(body: Group) -> tuple[Node, ...]:
    """Return the groups of a body that may turn, so that the layout can arrange them freely; others stay whole."""
    free = body.may_turn and all(isinstance(child, Group) for child in body.children)
    return body.children if free else (body,)


def _merged_legend(entries: Sequence[LegendEntry]) -> tuple[LegendEntry, ...]:
    """Name each colour once, by a name that is true of both views, and use each name once; the first entry wins."""
    texts: dict[tuple[str, bool], list[str]] = {}
    for entry in entries:
        texts.setdefault((entry.role, entry.faded), []).append(entry.text)
    named: dict[str, LegendEntry] = {}
    for entry in entries:
        text = _shared_name(entry.role, list(dict.fromkeys(texts[entry.role, entry.faded])))
        named.setdefault(text, replace(entry, text=text))
    first = {(entry.role, entry.faded): entry for entry in reversed(named.values())}
    return tuple(entry for entry in named.values() if entry is first[entry.role, entry.faded])


def _shared_name(role: str, texts: Sequence[str]) -> str:
    """Name what two views call differently: the step for windows, else both names: `output, or 4 contributions`."""
    if len(texts) == 1:
        return texts[0]
    if role == "window":
        return "this step"
    full = dict.fromkeys(FULL_NAMES.get(text, text) for text in texts)
    return ", or ".join(text for text in full if not any(other != text and other.startswith(text) for other in full))


def _merged(due: Sequence[tuple[Sequence[Frame], Frame]], shift: int, index: int, scenes: Sequence[Scene]) -> Frame:
    """Merge the new frames of both scenes, and their current ones; panels and marks of the second are renumbered."""
    (new, now), (other_new, other_now) = due
    marks = len(now.marks)
    duration = _duration(now, other_now, scenes)
    return Frame(
        changes=(
            *(change for frame in new for change in frame.changes),
            *(replace(change, panel=change.panel + shift) for frame in other_new for change in frame.changes),
        ),
        marks=(*now.marks, *(replace(mark, panel=mark.panel + shift) for mark in other_now.marks)),
        caption=now.caption,
        number=index + 1,
        duration=duration,
        motion=min(max(now.motion, other_now.motion), duration),
        connectors=(
            *now.connectors,
            *(replace(line, upper=line.upper + shift, lower=line.lower + shift) for line in other_now.connectors),
        ),
        guides=(*now.guides, *(GuideLine(guide.start + marks, guide.end + marks) for guide in other_now.guides)),
        floating_cells=(
            *now.floating_cells,
            *(replace(cell, panel=cell.panel + shift) for cell in other_now.floating_cells),
        ),
        arrows=(*now.arrows, *(replace(one, panel=one.panel + shift) for one in other_now.arrows)),
        turned=now.turned if other_now.turned is None else other_now.turned + shift,
        tab=now.tab if scenes[0].tabs else other_now.tab,
    )


def _duration(now: Frame, other: Frame, scenes: Sequence[Scene]) -> int:
    """Return the duration in the scene with more frames; if both have as many, the longer duration."""
    frames, others = (len(scene.frames) for scene in scenes)
    if frames == others:
        return max(now.duration, other.duration)
    return now.duration if frames > others else other.duration
