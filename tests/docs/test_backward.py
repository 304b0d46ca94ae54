"""docs/backward.md: its commands work, and its numbers are those of the picture."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np

from convviz import Conv
from convviz.layers.gradient_examples import example_gradients
from tests.views.layers import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "backward.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^convviz (?!explore )(.+) -o \S+$", PAGE, re.MULTILINE)


def test_each_command_draws_a_picture() -> None:
    assert len(COMMANDS) == 12
    for command in COMMANDS:
        assert run(*shlex.split(command), "--alt").exit_code == 0, command


def test_it_opens_the_explorer(tmp_path: Path) -> None:
    (command,) = re.findall(r"^convviz (explore .+) -o \S+$", PAGE, re.MULTILINE)
    assert run(*shlex.split(command), "-o", str(tmp_path / "explorer.html")).exit_code == 0


def test_the_numbers_are_those_of_the_example() -> None:
    dy, dx = (
        np.array([row.split() for row in block.strip().splitlines()], dtype=int)
        for block in re.findall(r"```text\n(.+?)```", PAGE, re.DOTALL)
    )
    found = example_gradients(Conv(5, 3))
    assert (dy == found["dL/dy"]).all()
    assert (dx == found["dL/dx"]).all()


def test_readme_names_the_page() -> None:
    assert "(docs/backward.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
