"""The filmstrips of docs/filmstrips.md are what its commands draw.

`python -m tests.docs.test_filmstrips` draws them again.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from convviz.cli.main import main
from convviz.export.metadata import read as read_info
from convviz.version import versions
from tests import ROOT, VECTORS

PAGE = ROOT / "docs" / "filmstrips.md"
COMMANDS = re.findall(r"^convviz (.+ -o (docs/filmstrips/\S+))$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
RECORDED = json.loads((VECTORS / "drawing_format.json").read_text(encoding="utf-8"))["versions"]


def drawn(words: str, target: Path) -> None:
    """Draw a command of the page into another file."""
    *given, _ = shlex.split(words)
    result = CliRunner().invoke(main, [*given, str(target), "--force"])
    assert result.exit_code == 0, result.output


def test_there_are_three_and_the_page_shows_each() -> None:
    assert len(COMMANDS) == 3
    shown = re.findall(r"\]\((filmstrips/\S+)\)", PAGE.read_text(encoding="utf-8"))
    assert [f"docs/{name}" for name in shown] == [name for _, name in COMMANDS]
    assert "(docs/filmstrips.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "name"), COMMANDS)
def test_a_filmstrip_is_what_its_command_draws(words: str, name: str, tmp_path: Path) -> None:
    drawn(words, tmp_path / "new.png")
    assert read_info(ROOT / name)["command"] == read_info(tmp_path / "new.png")["command"]
    with Image.open(ROOT / name) as before, Image.open(tmp_path / "new.png") as after:
        assert before.width == after.width
        if versions() == RECORDED:  # others measure and draw letters otherwise
            assert before.tobytes() == after.tobytes()
    assert (ROOT / name).stat().st_size <= 100_000


if __name__ == "__main__":
    for line, file in COMMANDS:
        drawn(line, ROOT / file)
