"""The page's modules in JavaScript against Python, run by Node: looks, lines, states and layouts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from convviz.web.bundle import bundle, module_paths
from tests import ROOT
from tests.web.player_scenes import written

WEB = ROOT / "convviz" / "web"
MODULES = module_paths("player/main.js")
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


def test_the_modules_agree_with_python(tmp_path: Path) -> None:
    """One test of all files, for which Python's answers are written once, also where tests run in several processes."""
    data = written(tmp_path)
    for file in TESTS:
        printed = node("--test", "--test-reporter=tap", str(file), CONVVIZ_PLAYER_DATA=str(data))
        passed = re.search(r"^# pass (\d+)$", printed, re.MULTILINE)
        assert passed, printed
        assert int(passed[1]) >= 3, printed


def test_there_are_tests_for_node() -> None:
    assert len(TESTS) == 3


def test_the_bundle_is_a_script_without_comments(tmp_path: Path) -> None:
    script = bundle("player/main.js")
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert "/**" not in script, "what is written for readers of the sources stays there"
    whole = tmp_path / "player.mjs"
    whole.write_text(script, encoding="utf-8")
    node("--check", str(whole))


def test_every_file_of_the_player_is_in_its_bundle() -> None:
    here = {path.relative_to(WEB / "js").as_posix() for path in (WEB / "js" / "player").glob("*.js")}
    assert here == {path for path in MODULES if path.startswith("player/")}


@pytest.mark.parametrize("path", MODULES)
def test_the_player_knows_nothing_about_convolution(path: str) -> None:
    words = re.findall(r"[a-z]+", source(path).lower())
    assert not {"convolution", "convolutions", "stride", "dilation", "transposed"} & set(words)


@pytest.mark.parametrize("path", MODULES)
def test_one_file_listens_and_five_know_the_page(path: str) -> None:
    text = source(path)
    assert ("addEventListener" in text) == (path == "player/main.js")
    knowing = {f"player/{name}.js" for name in ("main", "page_text", "playback", "player", "svg")}
    assert bool(re.search(r"\bdocument\b", text)) == (path in knowing)


def source(path: str) -> str:
    return (WEB / "js" / path).read_text(encoding="utf-8")


def test_a_machine_without_node_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="install Node"):
        node("--version")
