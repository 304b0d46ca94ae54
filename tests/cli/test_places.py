"""The command line between programs: pipes, terminals, notebooks' shells."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from convviz.cli.main import main
from convviz.layers.presets import PRESET_NAMES


def test_values_come_from_standard_input(tmp_path: Path) -> None:
    arguments = ["conv", "--input-values", "-", "-k", "1", "--alt"]
    run = CliRunner().invoke(main, arguments, input="1,5;2\r\n0,5;4\r\n")
    assert (run.exit_code, "2×2 input" in run.output) == (0, True), run.output
    refused = CliRunner().invoke(main, arguments, input="1;2\n3\n")
    assert refused.exit_code == 2
    assert "standard input, line 2: expected 2 as in line 1, got 1 number" in refused.output


@pytest.mark.parametrize(
    ("encoding", "formula", "refusal"),
    [
        ("ascii", "floor((6 + 2*1 - 3)/2) + 1", "3 + 2*0 = 3; use k <= 3 or p >= 3"),
        ("cp1252", "floor((6 + 2·1 - 3)/2) + 1", "3 + 2·0 = 3; use k <= 3 or p >= 3"),
        ("utf-8", "⌊(6 + 2·1 − 3)/2⌋ + 1", "3 + 2·0 = 3; use k ≤ 3 or p ≥ 3"),
    ],
)
def test_a_terminal_without_a_sign_gets_other_words(encoding: str, formula: str, refusal: str) -> None:
    runner = CliRunner(charset=encoding)
    told = runner.invoke(main, ["explain", "conv", "-i", "6", "-k", "3", "-s", "2", "-p", "1"])
    assert formula in told.output
    assert "?" not in told.output
    refused = runner.invoke(main, ["conv", "-i", "3", "-k", "9"])
    assert refusal in refused.output


def done(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_bare_command_helps() -> None:
    bare = done()
    assert (bare.exit_code, bare.output) == (0, done("--help").output)


def test_presets_are_listed() -> None:
    assert done("preset").output.split() == PRESET_NAMES
    assert done("preset").exit_code == 0
    assert set(PRESET_NAMES) <= set(done("preset", "--help").output.split())


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["conv", "--view", "isometic"], "did you mean isometric? Use "),
        (["conv", "--theme", "drak"], "did you mean dark? Use light, dark, print"),
        (["conv", "--theme", "blue"], "there is no theme 'blue'; use light, dark, print"),
        (["conv", "--for", "powerpiont"], "did you mean powerpoint? Use "),
        (["preset", "dilatation"], "did you mean dilation? Use "),
    ],
)
def test_a_name_that_is_nearly_right_is_recognized(words: list[str], advice: str) -> None:
    refused = done(*words)
    assert refused.exit_code == 2
    assert advice in refused.output


@pytest.mark.parametrize(("alias", "name"), [("pytorch", "torch"), ("tf", "keras"), ("Flax", "jax"), ("np", "numpy")])
def test_frameworks_have_other_names(alias: str, name: str) -> None:
    written = done("code", "conv", "-k", "3", "--framework", alias)
    assert written.exit_code == 0
    assert written.output == done("code", "conv", "-k", "3", "--framework", name).output


def test_frameworks_of_code_have_other_names() -> None:
    read = done("layer", "Conv2d(3, 8, 3)", "--framework", "PyTorch", "-i", "5")
    assert read.output.startswith("PyTorch: nn.Conv2d(")
    assert "tf.nn.conv2d" in done("layer", "conv2d(x, w, 1, 'SAME')", "--framework", "tf").output


def test_padding_may_be_named_in_capitals() -> None:
    assert done("explain", "conv", "-p", "SAME").output == done("explain", "conv", "-p", "same").output
    assert done("compare", "conv", "pytorch", "tf", "-p", "SAME").exit_code == 0


def test_a_file_without_a_name_is_named_in_full_and_files_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    printed = done("conv", "-i", "3", "-k", "2", "--size", "640x360", "--open").output
    file = tmp_path / "conv_i3_k2_s1_p0.gif"
    assert printed.startswith(f"{file}: ")
    assert opened == [file.as_uri()]
    assert done("conv", "-i", "3", "-k", "2", "--size", "640x360", "-o", "a.png").output.startswith("a.png: ")
    assert len(opened) == 1
