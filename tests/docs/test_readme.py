"""What the README says runs as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from convviz import ConvTranspose
from convviz.cli.main import main
from convviz.gallery import build
from convviz.geometry.axis import ConvTransposeAxis
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.recipes.request import request
from convviz.sphinx.command_line import parse_command
from tests import ROOT
from tests.gallery import folders as galleries
from tests.profile import ALL

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = "\n".join(re.findall(r"```console\n(.+?)```", README, re.DOTALL))
(RECIPES,) = re.findall(r"```toml\n(.+?)```", README, re.DOTALL)
COMMANDS = re.findall(r"^convviz (.+)$", CONSOLE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three frames stand for all: where each is a file in every run, elsewhere but in the complete one."""
    monkeypatch.chdir(tmp_path)
    few = RECIPES if ALL else RECIPES.replace("[defaults]\n", '[defaults]\nframes = 3\nmotion = "none"\n')
    (tmp_path / "talk.toml").write_text(few, encoding="utf-8")
    words, _, redirected = command.partition(" > ")
    if not ALL:
        words = re.sub(r"--frames \d+", "--frames 3 --motion none", words)
    files = "--format pdf" in words or "--for" in words.split()
    moves = not ALL and words.split()[0] in DRAWING_COMMANDS and re.search(r"-o \S+\.(gif|mp4)", words)
    if "--frames" not in words and (files or moves):
        words += " --frames 3 --motion none"
    if words.startswith("gallery"):
        (tmp_path / "gallery").mkdir()
        recipes = galleries.written(tmp_path / "gallery", "[a]\n")
        assert words.startswith("gallery build") or not build(recipes, jobs=1).failed
    result = CliRunner().invoke(main, shlex.split(words))
    assert result.exit_code == 0, result.output
    for written in re.findall(r"-o (\S+)", words):
        if redirected:
            assert len(result.stdout_bytes) > 10_000
        elif "--for" in words:
            assert len(list(tmp_path.glob(f"{written}*"))) > 1
        else:
            assert (tmp_path / written).is_dir() or (tmp_path / written).stat().st_size > 10_000


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 10


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    scope: dict[str, object] = {}
    exec(code, scope)
    assert str(scope["layer"].output) == re.search(r"layer.output +# (.+)", code)[1]  # type: ignore[attr-defined, index]
    assert capsys.readouterr().out.strip() == re.search(r"print\(error\)  # (.+)", code)[1]  # type: ignore[index]
    assert (tmp_path / "transposed.gif").exists()


def test_the_first_picture_has_a_number_of_its_own_for_each_quantity() -> None:
    """z, p, p′ and k differ, so that a reader sees which is which; only s′, which is 1 in each, equals p."""
    command = re.search(r"```console\nconvviz (transposed .+?) -o", README)
    assert command
    layer = request("transposed", parse_command(shlex.split(command[1]), Path()).options).layer
    assert isinstance(layer, ConvTranspose)
    for axis in layer.axes:
        assert isinstance(axis, ConvTransposeAxis)
        (p, p_after), (border, border_after) = axis.padding, axis.implicit_padding
        assert (p, border) == (p_after, border_after)
        assert border == axis.kernel - p - 1
        assert len({axis.stride - 1, p, border, axis.kernel}) == 4
        assert axis.stride - 1 > 1
        assert border > 1


def test_pictures_are_there_and_made_by_the_command_below_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    picture, command = re.search(r"!\[.+?\]\((.+?)\)\n\n```console\nconvviz (.+?)\n", README, re.DOTALL).groups()  # type: ignore[union-attr]
    CliRunner().invoke(main, shlex.split(command))
    with Image.open(ROOT / picture) as shown, Image.open(tmp_path / "transposed.gif") as made:
        assert (shown.size, shown.n_frames) == (made.size, made.n_frames)  # type: ignore[attr-defined]
