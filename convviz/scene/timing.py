"""Which frames an animation has, in which order, and how long each lasts.

A view returns its steps, a frame for each *as it ends*, and calls `Timing.timed`:

    timing.timed(frames)                       # enough for every view
    timing.timed(frames, Story(moments=…, special=…, row=…))
    timing.timed(LazySteps(…), …)              # many steps, of which most are not shown

At the pace "even" the frames stay as they are. At the pace "story" they become *key frames* (see `pace`):

- The first steps that have moments, and more of a short animation, are told in them: `Story.moments(index)` returns
  the frames that are shown before `frames[index]`, in which the step is not complete. They and `frames[index]` have
  `Frame.moment` 0, 1, 2 …, indices into `Scene.moments`, and the number of the step. The first moment of the first
  step has an empty output. If the first step has no moments, one frame comes before it, if it changes anything: the
  step without its changes, and with "?" as its result.
- Then steps follow faster and faster, and slower again for the last row and for `special` steps.
- In a very long animation several steps become one key frame, with the changes of all and the number of the last.

Whatever a moment changes, `frames[index]` must set again or leave: each step is also shown without its moments.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from convviz.scene.choices import Pace
from convviz.scene.frames import Frame
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.pace import MOST_QUICK_FRAMES, Beat, StepFacts, schedule
from convviz.text.lines import Equation, Sentence

LEAST_REST = 20
"""Milliseconds that a frame rests after a glide: browsers show for 100 ms what is to be shown for 10 or less."""
UNKNOWN = "?"
"""Stands for a result that is not written yet."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a view knows of its steps, beyond the frames in which they end. Steps are counted from 0."""

    moments: Callable[[int], Sequence[Frame]] | None = None
    """Takes a step; returns the frames before the one in which it ends, as many for each step."""
    special: Collection[int] = ()
    """Steps that show something for the first time, such as a window that touches padding."""
    row: int = 0
    """Number of steps of the first row, and of the last one; 0 if there are no rows."""
    before: int = 0
    """First steps that have no moments."""
    after: int = 0
    """Last steps that have no moments."""
    quick_frames: int = MOST_QUICK_FRAMES
    """Key frames of quick steps, at most."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in milliseconds: of a step, and of the hold on the last frame; the first frame gets half the hold."""

    step: int = 600
    hold: int = 2000
    pace: Pace = "even"
    glide: int = 0
    """Milliseconds in which marks glide to their places, at most; shorter in frames of less than three times that."""

    def duration(self, frame: int, frames: int) -> int:
        """Duration of frame number `frame` (from 0) of `frames` at an even pace."""
        if frame == frames - 1:
            return max(self.hold, self.step)
        return max(self.hold // 2, self.step) if frame == 0 else self.step

    def timed(self, frames: Sequence[Frame] | LazySteps, story: Story | None = None) -> tuple[Frame, ...]:
        """Return the key frames of steps, numbered from 1, with durations; those that are set already stay."""
        if self.pace == "even":
            timed: Iterable[Frame] = (
                replace(frame, number=index + 1, duration=frame.duration or self.duration(index, len(frames)))
                for index, frame in enumerate(frames)
            )
        else:
            timed = _key_frames(frames, story or Story(), self)
        return tuple(replace(frame, motion=self.motion(frame)) for frame in timed)

    def motion(self, frame: Frame) -> int:
        """Milliseconds in which a frame of a known duration glides to its place, and then rests.

        Those that are set already stay, but leave a sixth of the frame, and `LEAST_REST`, for the place itself.
        """
        if not self.glide:
            return 0
        if frame.motion:
            rest = max(-(-frame.duration // 6), LEAST_REST)
            return min(frame.motion, max(frame.duration - rest, 0))
        return min(self.glide, frame.duration // 3)

    @property
    def tells(self) -> bool:
        """Whether steps are told in moments."""
        return self.pace == "story"

    def even(self) -> Timing:
        """Return the same durations at an even pace."""
        return replace(self, pace="even")


def _key_frames(frames: Sequence[Frame] | LazySteps, story: Story, timing: Timing) -> Iterator[Frame]:
    """Yield the frames of each beat of the schedule."""
    steps = frames if isinstance(frames, LazySteps) else LazySteps(frames)
    moments = story.moments
    facts = StepFacts(
        count=len(steps),
        moments=len(moments(story.before)) if moments else 0,
        special=frozenset(story.special) | steps.tab_starts(),
        row=story.row,
        durations=steps.durations(),
        opens=bool(steps.changes(0)),
        before=story.before,
        after=story.after,
        quick_frames=story.quick_frames,
    )
    done = 0
    for beat in schedule(facts, timing.step, timing.hold):
        yield _key_frame(beat, steps, done, moments)
        done = done if beat.is_before else beat.step + 1


def _key_frame(beat: Beat, steps: LazySteps, done: int, moments: Callable[[int], Sequence[Frame]] | None) -> Frame:
    """Return one key frame; the changes of the steps from `done` on are part of the one that ends a step."""
    if beat.moment is not None and beat.is_before:
        assert moments is not None
        frame = replace(moments(beat.step)[beat.moment], moment=beat.moment)
    else:
        end = steps[beat.step]
        frame = replace(end, changes=(), caption=asked(end.caption))
        if not beat.is_before:
            changes = tuple(change for index in range(done, beat.step) for change in steps.changes(index))
            frame = replace(end, changes=(*changes, *end.changes), moment=beat.moment)
    return replace(frame, number=beat.step + 1, duration=beat.duration)


def asked(caption: Equation | Sentence) -> Equation | Sentence:
    """Return an equation with a question mark as its result; a sentence stays as it is."""
    return replace(caption, right=UNKNOWN) if isinstance(caption, Equation) else caption
