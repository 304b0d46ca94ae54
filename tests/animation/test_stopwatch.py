"""Times add up, inner phases are not counted twice, and the command says where the time went."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from convviz.animation.stopwatch import Stopwatch
from tests.views.layers import run


def test_an_inner_phase_does_not_count_for_the_outer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
    watch = Stopwatch()
    with watch.phase("outer"):
        items = list(watch.each("inner", "ab"))
    assert items == ["a", "b"]
    assert watch.seconds == {"outer": 4.0, "inner": 3.0}
    assert watch.total == 7.0
    assert [line.split() for line in watch.lines()] == [
        ["outer", "4.000", "s", "57%"],
        ["inner", "3.000", "s", "43%"],
        ["together", "7.000", "s", "100%"],
    ]


def test_an_error_ends_its_phase() -> None:
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError), watch.phase("broken"):
        raise ZeroDivisionError
    with watch.phase("next"):
        pass
    assert list(watch.seconds) == ["broken", "next"]


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".png"])
def test_the_command_says_where_the_time_went(suffix: str, tmp_path: Path) -> None:
    result = run("conv", "-i", "4", "-k", "3", "--profile", "--size", "640x360", "-o", str(tmp_path / f"a{suffix}"))
    assert result.exit_code == 0, result.output
    first, *lines = result.output.splitlines()
    assert f"a{suffix}" in first
    names = [re.split(r"  +", line)[0] for line in lines]
    assert names == ["values", "imports", "layout", "first draw", "encoding", "frames", "together"]
    *parts, total = (float(re.findall(r"[\d.]+(?= s)", line)[0]) for line in lines)
    assert total == pytest.approx(sum(parts), abs=0.01)
