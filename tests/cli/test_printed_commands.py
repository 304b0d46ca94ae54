"""Each command that convviz prints can be pasted: it is quoted for a shell, and it runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from convviz import Conv, ConvTranspose, compare
from convviz.cli.main import main
from convviz.errors import ConvvizError
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.onnx import parse_onnx_node
from convviz.gallery.site import build_command
from convviz.layers.layer import Layer
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.sphinx.command_line import parse_command
from convviz.text.notation import is_legible, runnable_command
from tests.frameworks.onnx_models import up_and_down

PRINTED_ELSEWHERE = (
    "--output",
    "-o",
    "--for",
    "--format",
    "--match",
    "--embed",
    "--alt",
    "--profile",
    "--fps",
    "--force",
)
"""Options of files and of what is printed, which pages of Sphinx do not have."""


def run(words: list[str]) -> str:
    result = CliRunner().invoke(main, words, prog_name="convviz")
    assert result.exit_code == 0, (words, result.output)
    return result.output


def check(line: str) -> None:
    """Run a command as a shell would, up to its first #; a drawing command as far as the layout."""
    convviz, *words = shlex.split(line, comments=True)
    assert convviz == "convviz"
    if words[0] in DRAWING_COMMANDS and words[0] != "layer" and not set(words) & set(PRINTED_ELSEWHERE):
        parse_command(words, Path()).request().animate()
    else:
        run(words)


def commands(text: str) -> list[str]:
    """The commands at the beginning of a line, after a colon or after a semicolon."""
    return re.findall(r"(?:^|: |; )(convviz .*?)(?: lists them| updates \w+| removes it)?$", text, re.MULTILINE)


@pytest.mark.parametrize(
    "words",
    [
        "solve -i 12 -o 24 --transposed --limit 2",
        "solve -i 224 -o 112 --limit 2",
        "solve -i 16000 -o 3200 --1d --limit 1",
        "solve -i 7x9 -o 14x18 --transposed --limit 1",
        "stack 'conv k3 s2 p1' 'conv k3 s2 p1' 'transposed k3 s2 p1' 'transposed k3 s2 p1' -i 11 --match",
        "stack 'conv k3 s2 p1' 'conv k3 s2 p1' 'transposed k3 s2 p1' 'transposed k3 s2 p1' -i 571 --match",
    ],
)
def test_solutions_and_matching_stacks_can_be_run(words: str) -> None:
    printed = commands(run(shlex.split(words)))
    assert printed
    for line in printed:
        check(line)


@pytest.mark.parametrize(
    "layer",
    [Conv(5, 3), ConvTranspose((3, 4), 3, 2), Conv(224, 7, 2, 3), Conv((16000,), 400, 160), Conv(9, 60, padding=30)],
)
def test_the_command_of_a_layer_draws_it_if_it_fits_and_else_explains_it(layer: Layer) -> None:
    check(runnable_command(layer))
    assert runnable_command(layer).startswith("convviz explain") == (not is_legible(layer))


def test_a_comparison_is_headed_by_a_command() -> None:
    check(str(compare(ConvTranspose(3, 3, 2))).partition(",")[0])


@pytest.mark.parametrize("folder", ["plain", "with space", "a;b", "it's"])
def test_a_model_is_named_as_a_shell_reads_it(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(folder).mkdir()
    file = up_and_down(Path(folder) / "model.onnx")
    for key in (None, "zzz"):
        with pytest.raises(ConvvizError) as caught:
            parse_onnx_node(file, key, ParseHints())
        (line,) = commands(str(caught.value).partition(" lists them")[0])
        check(line)
    (line,) = commands(run(["layer", file]))
    check(line)


def test_the_gallery_is_built_from_the_recipes_that_were_given() -> None:
    assert build_command("gallery/recipes.toml") == build_command("gallery") == "convviz gallery build"
    assert build_command(Path("my talk") / "r.toml", "--prune") in (
        "convviz gallery build 'my talk/r.toml' --prune",
        "convviz gallery build 'my talk\\r.toml' --prune",
    )


def examples() -> list[str]:
    """The examples in the help texts of drawing commands that need no file."""
    lines = []
    for name in DRAWING_COMMANDS:
        command = main.commands[name]
        assert isinstance(command, click.Command)
        lines += [" ".join(line.split()) for line in re.split(r"\n(?=\s*convviz )", command.epilog or "")]
    return [
        line for line in lines if line.startswith("convviz ") and not re.search(r"\.(onnx|png |npy|toml|csv)", line)
    ]


def test_there_are_examples() -> None:
    assert len(examples()) > 10


@pytest.mark.parametrize("line", examples())
def test_the_examples_of_the_help_can_be_laid_out(line: str) -> None:
    _, *words = shlex.split(line)
    kept = iter(words)
    shown = []
    for word in kept:
        if word in ("-o", "--output", "--for", "--format", "--fps"):
            next(kept)
        elif word not in PRINTED_ELSEWHERE:
            shown.append(word)
    parse_command(shown, Path()).request().animate()
