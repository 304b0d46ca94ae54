"""docs/train.md: its commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests import ROOT
from tests.cli.test_cli import run

PAGE = (ROOT / "docs" / "train.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^convviz (.+) -o (\S+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("words", "name"), COMMANDS)
def test_each_command_runs(words: str, name: str, tmp_path: Path) -> None:
    still = tmp_path / Path(name).with_suffix(".svg")
    result = run(*shlex.split(words), "--steps", "3", "-o", str(still))
    assert result.exit_code == 0, result.output
    assert still.read_text(encoding="utf-8").startswith("<svg")


def test_the_page_is_linked() -> None:
    assert len(COMMANDS) > 4
    assert "(docs/train.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
