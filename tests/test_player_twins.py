"""The page's modules in JavaScript against Python, run by Node: looks, lines, states and layouts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from convviz.export.html import joined
from tests.player_scenes import written

PLAYER = Path(__file__).parent.parent / "convviz" / "player"
TESTS = sorted((Path(__file__).parent / "js").glob("player_*.test.mjs"))


def node(*words: str, **environment: str) -> str:
    """What Node prints; fails where there is none, or where it finds fault."""
    executable = shutil.which("node")
    if not executable:
        pytest.fail("these tests need Node; install Node.js 18 or newer from your packages or from nodejs.org")
    whole = os.environ | environment
    done = subprocess.run([executable, *words], env=whole, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("player"))


@pytest.mark.parametrize("file", TESTS, ids=lambda path: path.name)
def test_the_modules_agree_with_python(file: Path, data: Path) -> None:
    printed = node("--test", "--test-reporter=tap", str(file), CONVVIZ_PLAYER_DATA=str(data))
    passed = re.search(r"^# pass (\d+)$", printed, re.MULTILINE)
    assert passed, printed
    assert int(passed[1]) >= 3, printed


def test_there_are_tests_for_node() -> None:
    assert len(TESTS) == 3


def test_all_files_make_one_module(tmp_path: Path) -> None:
    script = joined("player.js")
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    for path in PLAYER.glob("*.js"):
        exported = re.findall(r"^export (?:function|class|const) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        for name in exported:
            assert len(re.findall(rf"^(?:function|class|const) {name}\b", script, re.MULTILINE)) == 1, name
    assert "/**" not in script, "what is written for readers of the sources stays there"
    whole = tmp_path / "player.mjs"
    whole.write_text(script, encoding="utf-8")
    node("--check", str(whole))


def test_names_that_collide_are_seen(tmp_path: Path) -> None:
    whole = tmp_path / "twice.mjs"
    whole.write_text("const one = 1;\nfunction one() {}\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        node("--check", str(whole))


@pytest.mark.parametrize("path", sorted(PLAYER.glob("*.js")), ids=lambda path: path.name)
def test_the_player_knows_nothing_about_convolution(path: Path) -> None:
    words = re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower())
    assert not {"convolution", "convolutions", "stride", "dilation", "transposed"} & set(words)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("path", sorted(PLAYER.glob("*.js")), ids=lambda path: path.name)
def test_one_file_listens_and_three_know_the_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ("addEventListener" in text) == (path.name == "player.js")
    assert bool(re.search(r"\bdocument\b", text)) == (path.name in ("draw.js", "around.js", "player.js"))


def test_a_machine_without_node_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="install Node"):
        node("--version")
