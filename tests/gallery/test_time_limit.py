"""The time limit of a picture: what hangs costs its own time and no other picture."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from convviz.errors import ConvvizError, PictureError
from convviz.gallery import build, check, worker_pool
from convviz.gallery.task_runner import run_tasks
from convviz.gallery.time_limit import time_limit
from tests.gallery.folders import written

MESSAGE = "it takes longer than 0.2 seconds; make it smaller, or allow more with --timeout"


class Hanging:
    """Squares numbers; 3 hangs."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __call__(self, number: int) -> int:
        with time_limit(str(number), 0.2, self.folder, grace=0):
            if number == 3:
                time.sleep(600)
        return number * number


def test_a_picture_that_hangs_ends_with_its_process_and_the_others_are_drawn(tmp_path: Path) -> None:
    before = time.monotonic()
    with worker_pool.open_local(1) as pool:
        done = {one.task: one for one in run_tasks(pool, Hanging(tmp_path), iter(range(6)))}
    assert time.monotonic() - before < 120
    assert done.pop(3).failure == MESSAGE
    assert {number: one.result for number, one in done.items()} == {0: 0, 1: 1, 2: 4, 4: 16, 5: 25}


def test_a_picture_with_too_many_frames_ends_after_the_frame_at_which_its_time_is_over() -> None:
    with time_limit("slow", 0.2, None) as check_time:
        check_time(1)
        time.sleep(0.3)
        with pytest.raises(PictureError) as caught:
            check_time(2)
    assert str(caught.value) == MESSAGE


def test_the_limit_of_a_build_holds_for_each_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipes = written(tmp_path, "[one]\n[two]\ninput = 40\nsize = '640x640'\nmax_frames = 5000\n")
    now = iter(range(0, 10**9, 100))  # each look at the clock is 100 seconds later
    monkeypatch.setattr("convviz.gallery.time_limit.monotonic", lambda: next(now))
    with ThreadPoolExecutor(1) as executor:
        built = build(recipes, executor=executor, timeout=1500)
    assert built.drawn == ["one"]
    assert built.failed == {"two": "it takes longer than 1500 seconds; make it smaller, or allow more with --timeout"}


@pytest.mark.parametrize("run", [build, check])
def test_a_time_limit_is_a_second_or_more(run: object, tmp_path: Path) -> None:
    recipes = written(tmp_path, "[one]\n")
    for timeout in (0, "soon"):
        with pytest.raises(ConvvizError, match=r"^timeout: expected (1 second or more|a number of seconds), got"):
            run(recipes, timeout=timeout)  # type: ignore[operator]
