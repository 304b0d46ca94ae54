"""The pace of a story: which key frames an animation has, and how long each lasts, in whole milliseconds.

All lengths are multiples of the duration of a step, 600 ms by default, so that the whole lasts 15 to 40 seconds:

- The first steps are told in moments: two, and so many more that the whole is no shorter than `LEAST` steps.
- The rest of the first row and the last row have the duration of a step, special steps twice that. Steps before the
  first row have it, too, and so many less of that row.
- The other steps take `MOST_QUICK` in total: shorter and shorter ones, then equal ones, then longer ones again. From
  `MOST_QUICK_FRAMES` on, several of them are one key frame.
- What is still shorter than `LEAST` is stretched, up to `LONGEST` for a frame. So only an animation of fewer than
  `LEAST / LONGEST` key frames is shorter, such as one of a single step.

Twin of convviz/web/js/scene/pace.js.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

LEAST = 25
"""Duration of the whole, at least, in steps: 15 seconds by default."""
LONGEST = 5
"""Longest duration of a frame, in steps, apart from the last one's hold."""
TOLD = 2
"""Steps told in moments, at least."""
MOMENT_TENTHS = 16
"""Duration of a moment, in tenths of a step."""
NEAR = 8
"""Steps of the first and of the last row, and before the first row, that keep the duration of a step, at most."""
MOST_SPECIAL = 4
"""Special steps that are slowed down for, at most."""
MOST_QUICK = 20
"""Duration of all quick steps together, at most, in steps."""
MOST_QUICK_FRAMES = 250
"""Key frames of quick steps, at most, unless a view asks for fewer."""
FASTEST_SHARE = 15
"""The shortest frame takes 1/15 of a step, 40 ms by default."""
RAMP_TENTHS = 8
"""Each of the first quick steps takes so many tenths of the one before."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the pace depends on: the number of steps, and which are special."""

    count: int
    moments: int = 0
    """Frames before the end of a step that is told in moments; 0 if there are no moments."""
    special: frozenset[int] = frozenset()
    row: int = 0
    durations: tuple[int, ...] = ()
    """Milliseconds of each step that are fixed; 0 for others."""
    opens: bool = True
    """Whether a frame without the changes of the first step, if it is not told in moments, comes first."""
    before: int = 0
    """Steps without moments before the others, such as those that pad the input."""
    after: int = 0
    """Steps without moments after the others, such as a comparison at the end."""
    quick_frames: int = MOST_QUICK_FRAMES
    """Key frames of quick steps, at most."""

    def fixed(self, step: int) -> int:
        """Return the duration of a step that does not change, or 0."""
        return self.durations[step] if self.durations else 0

    @property
    def tellable(self) -> int:
        """Number of steps that can be told in moments."""
        return self.count - self.before - self.after if self.moments else 0


@dataclass(frozen=True, slots=True)
class Beat:
    """A key frame: the end of a step, from 0, or something before its end."""

    step: int
    duration: int
    moment: int | None = None
    is_before: bool = False


def schedule(facts: StepFacts, step: int, hold: int) -> list[Beat]:
    """Return the key frames of a story in order, whose steps last `step` milliseconds, and the last one `hold`."""
    for told in range(min(TOLD, facts.tellable), facts.tellable + 1):
        beats = _held(_beats(facts, told, step), hold)
        if sum(beat.duration for beat in beats) >= LEAST * step:
            break
    return _stretched(beats, step)


def _held(beats: list[Beat], hold: int) -> list[Beat]:
    """Give the first frame half of the hold, and the last one all of it, at least."""
    beats[0] = replace(beats[0], duration=max(hold // 2, beats[0].duration))
    beats[-1] = replace(beats[-1], duration=max(hold, beats[-1].duration))
    return beats


def _stretched(beats: list[Beat], step: int) -> list[Beat]:
    """Make frames longer, by the same factor, until the whole is long enough or each is as long as it may be."""
    for percent in range(100, 100 * LONGEST * FASTEST_SHARE + 1, 10):
        longer = [_longer(beat, percent, step) for beat in beats]
        if sum(beat.duration for beat in longer) >= LEAST * step:
            break
    return longer


def _longer(beat: Beat, percent: int, step: int) -> Beat:
    return replace(beat, duration=max(beat.duration, min(beat.duration * percent // 1000 * 10, LONGEST * step)))


def _beats(facts: StepFacts, told: int, step: int) -> list[Beat]:
    """Return the key frames with the first `told` steps that have moments in moments, before holds."""
    moment = step * MOMENT_TENTHS // 10
    in_moments = range(facts.before, facts.before + told)
    others = [index for index in range(facts.count) if index not in in_moments]
    slow = _slow(facts, others, step)
    groups = _quick_groups(others, slow, facts.quick_frames)
    quick = dict(zip(groups, _quick_durations(len(groups), step), strict=True))
    ends = [Beat(index, duration) for index, duration in sorted({**slow, **quick}.items())]
    opening = [Beat(0, moment, is_before=True)] if facts.opens and 0 in others else []
    told_beats = [
        Beat(index, moment, number, is_before=number < facts.moments)
        for index in in_moments
        for number in range(facts.moments + 1)
    ]
    first = sum(beat.step < facts.before for beat in ends)
    return [*opening, *ends[:first], *told_beats, *ends[first:]]


def _slow(facts: StepFacts, steps: Sequence[int], step: int) -> dict[int, int]:
    """Return the durations of those of `steps` that are not quick."""
    before, near = facts.before, min(facts.row or NEAR, NEAR)
    first = [*range(min(before, NEAR)), *range(before, before + max(near - before, min(near, TOLD)))]
    slow = {*first, *range(facts.count - facts.after - near, facts.count)}
    special = [index for index in steps if index in facts.special][:MOST_SPECIAL]
    found = {}
    for index in steps:
        if facts.fixed(index):
            found[index] = facts.fixed(index)
        elif index in special:
            found[index] = 2 * step
        elif index in slow:
            found[index] = step
    return found


def _quick_groups(steps: Sequence[int], slow: dict[int, int], most: int) -> list[int]:
    """Return the last steps of up to `most` groups of neighbouring quick steps that are one key frame each."""
    quick = [index for index in steps if index not in slow]
    size = max(1, -(-len(quick) // most))
    return list(_last_of_groups(quick, size))


def _last_of_groups(steps: list[int], size: int) -> Iterator[int]:
    members = 0
    for place, index in enumerate(steps):
        members += 1
        is_last = place + 1 == len(steps) or steps[place + 1] != index + 1
        if members == size or is_last:
            yield index
            members = 0


def _quick_durations(count: int, step: int) -> list[int]:
    """Return durations that fall and rise again, with the longest shortest one for which they are short enough."""
    fastest = max(20, step // FASTEST_SHARE // 10 * 10)
    durations = [step] * count
    for least in range(step // 10 * 10, fastest - 1, -10):
        if sum(durations) <= MOST_QUICK * step:
            break
        durations = _ramped(count, step, least)
    return durations


def _ramped(count: int, step: int, least: int) -> list[int]:
    rising = []
    duration = step
    for _ in range((count + 1) // 2):
        duration = max(least, duration * RAMP_TENTHS // 100 * 10)
        rising.append(duration)
    return [*rising, *reversed(rising[: count // 2])]
