"""The pace of a story: 15 to 40 seconds whatever the size, each change in order, the same end as at an even pace."""

from __future__ import annotations

from itertools import product
from math import isqrt

import pytest

from convviz.scene.pace import StepFacts, schedule

SIZES = (*range(1, 41), 64, 81, 100, 144, 256, 400, 1024, 4096, 20_000)


@pytest.mark.parametrize("moments", [0, 1, 2, 3])
def test_the_whole_lasts_15_to_40_seconds_at_any_size(moments: int) -> None:
    for count, special in product(SIZES, (False, True)):
        row = max(1, isqrt(count))
        steps = frozenset(one for one in (row, 2 * row, 3 * row + 1, count - 1) if special and one < count)
        beats = schedule(StepFacts(count, moments, steps, row), 600, 2000)
        seconds = sum(beat.duration for beat in beats) / 1000
        assert seconds <= 40
        assert seconds >= 15 or (len(beats) < 5 and all(beat.duration == 3000 for beat in beats)), (count, seconds)
        assert min(beat.duration for beat in beats) >= 40
        assert len(beats) < 300 or count < 300
        ends = [beat.step for beat in beats if not beat.is_before]
        assert ends == sorted(set(ends))
        assert ends[-1] == count - 1


@pytest.mark.parametrize(("before", "after"), [(0, 1), (2, 0), (9, 1), (40, 1)])
def test_steps_before_and_after_have_no_moments(before: int, after: int) -> None:
    for windows, row in product((1, 2, 9, 49, 400, 4096), (1, 4, 20)):
        count = before + windows + after
        facts = StepFacts(count, 3, frozenset({1, before, before + row}), row, before=before, after=after)
        beats = schedule(facts, 600, 2000)
        assert 15_000 <= sum(beat.duration for beat in beats) <= 40_000 or count < 5
        steps = [beat.step for beat in beats]
        assert steps == sorted(steps)
        told = [beat.step for beat in beats if beat.moment == 0]
        assert told == list(range(before, before + len(told)))
        assert min(2, windows) <= len(told) <= windows
        assert [(beat.step, beat.moment) for beat in beats if beat.moment is not None] == list(product(told, range(4)))
        assert [beat.step for beat in beats if beat.is_before] == [
            *([0] if before else []),
            *(step for step in told for _ in range(3)),
        ]


@pytest.mark.parametrize("step", [20, 50, 600, 3000])
def test_the_pace_follows_the_step(step: int) -> None:
    for count in (1, 2, 9, 64, 256, 4096):
        total = sum(beat.duration for beat in schedule(StepFacts(count, 3, row=isqrt(count)), step, 0))
        assert total <= 40 / 0.6 * step or step < 300
        assert total >= 25 * step or count == 1
