"""The command line between programs: pipes, terminals, notebooks' shells."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from convviz.cli.main import main


def test_values_come_from_standard_input(tmp_path: Path) -> None:
    arguments = ["conv", "--input-values", "-", "-k", "1", "--alt"]
    run = CliRunner().invoke(main, arguments, input="1,5;2\r\n0,5;4\r\n")
    assert (run.exit_code, "2×2 input" in run.output) == (0, True), run.output
    refused = CliRunner().invoke(main, arguments, input="1;2\n3\n")
    assert refused.exit_code == 2
    assert "standard input, line 2: expected 2 as in line 1, got 1 number" in refused.output
