"""The programs that convviz is measured against draw the same picture, and the measuring itself is right."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error

from benchmarks import explorer
from benchmarks.jobs import JOBS, VIEWS, rows
from benchmarks.measure import paired, run
from benchmarks.parts import write_parts
from convviz import Conv, animate, explore
from convviz.animation.animate import Animation
from convviz.style.colours import rgb
from convviz.views.registry import VIEWS as ALL_VIEWS
from convviz.web.explorer import LARGEST
from convviz.web.explorer import VIEWS as EXPLORED
from tests import ROOT

PEERS = ROOT / "benchmarks" / "peers"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Animation, Path]:
    animation = animate(Conv(4, 3, 1, 1), size=(640, 360), frames=4, pace="even")
    path = tmp_path_factory.mktemp("parts") / "parts.json"
    write_parts(animation, path)
    return animation, path


@pytest.mark.parametrize(
    ("script", "file", "frames"), [("bare_still.py", "a.png", 1), ("func_animation.py", "a.gif", 4)]
)
def test_peers_draw_the_same_cells(
    script: str, file: str, frames: int, parts: tuple[Animation, Path], tmp_path: Path
) -> None:
    animation, path = parts
    target = tmp_path / file
    subprocess.run([sys.executable, PEERS / script, path, target], check=True, capture_output=True)
    with Image.open(target) as picture:
        assert getattr(picture, "n_frames", 1) == frames
        picture.seek(frames - 1)
        drawn = np.asarray(picture.convert("RGB")).astype(int)
    assert drawn.shape == (360, 640, 3)
    grid, green = animation.display_list.grid(2), np.array(rgb(animation.display_list.theme.cell("output").fill))
    for row, col in product(range(4), range(4)):
        box = grid.cell(row, col)
        assert np.abs(drawn[box.y + 4, box.x + 4] - green).max() <= 8


def test_a_ratio_is_that_of_what_the_commands_take() -> None:
    slow, quick = ([sys.executable, "-c", f"import time; time.sleep({seconds})"] for seconds in (0.6, 0.1))
    pair = paired(slow, quick, 1, "seconds")
    assert pair.one > 0.6
    assert pair.ratio == pair.one / pair.other > 1


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="exit code 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_every_view_and_job_is_measured() -> None:
    assert set(VIEWS) | {"slide"} == {*ALL_VIEWS, "stack"}
    assert {row.name.split()[0] for row in rows()} >= {"J1", "J3", "J4"} <= set(JOBS)


def test_the_explorer_is_measured_in_every_view_and_with_every_slider(chromium: Browser, tmp_path: Path) -> None:
    names = " ".join(row.name for row in explorer.rows())
    assert all(view in names for view in EXPLORED if view != "slide")
    assert {name: most for name, (_, most) in explorer.SLIDERS_OF["transposed"].items()} == LARGEST
    file = explore().save(tmp_path / "a.html")
    for row in explorer.rows():
        if row.name in ("slider, 16×16 with numbers", "step of matrix"):
            spent = explorer.timed(chromium, file, row, rounds=3)
            assert len(spent) == 3
            assert min(spent) > 0
    assert len(explorer.dragged(chromium, file, "conv&i=3&k=3&s=1&p=1", "stride", times=1)) == 1


def test_a_hover_that_links_nothing_is_no_figure(chromium: Browser, tmp_path: Path) -> None:
    file = explore().save(tmp_path / "a.html")
    row = explorer.Row("hover", "conv&i=5&k=3", "explorer.painter.showLinks = () => {}, bench.hover([0], ROUNDS)", 4)
    with pytest.raises(Error, match="no cell is linked"):
        explorer.timed(chromium, file, row, rounds=1)
