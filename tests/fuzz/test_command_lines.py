"""Random command lines in process: each ends with a known exit code, printable output and no traceback."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from convviz.cli.main import main
from convviz.errors.printable import UNPRINTABLE
from tests.fuzz.harness import check_random
from tests.fuzz.lines import MAKERS, Line, random_line, write_files
from tests.profile import ALL

SHARDS = 4
LINES = (20_000 if ALL else 2_000) // SHARDS
LONGEST = 100_000
"""Characters of an error."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    handlers = {
        number: signal.getsignal(number) for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))
    }
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def outcome(line: Line) -> str | None:
    """Return what is wrong with the end of a command; None if nothing is."""
    result = CliRunner().invoke(main, line.words, prog_name="convviz")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code not in (0, 1, 2):
        return f"exit code {result.exit_code}"
    if result.exit_code and not result.output.strip():
        return "fails without a word"
    if "Traceback" in result.stderr or len(result.stderr) > LONGEST:
        return f"an error of {len(result.stderr)} characters: {result.stderr[-500:]}"
    found = UNPRINTABLE.search(result.stderr if "-" in line.words else result.output)
    return f"not printable: {found!r}" if found else None


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_command_lines_end_with_a_sentence(shard: int) -> None:
    check_random(random_line, outcome, LINES, seed=shard)


def test_random_command_lines_reach_success_and_refusal_of_each_kind() -> None:
    dice = random.Random(0)
    for maker in MAKERS:
        codes: set[int] = set()
        for _ in range(40):
            codes.add(CliRunner().invoke(main, maker(dice), prog_name="convviz").exit_code)
            if {0, 2} <= codes:
                break
        assert {0, 2} <= codes, maker
