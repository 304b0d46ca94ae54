"""The command line between programs: pipes, terminals, notebooks' shells."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from convviz.cli.main import main


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
