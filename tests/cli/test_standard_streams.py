"""Standard streams that are closed or full: files are whole, messages are sentences, and nothing is a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from convviz.cli import standard_streams
from convviz.cli.main import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
CONVVIZ = f"{sys.executable} -m convviz"
SMALL = "--size 320x240 --no-numbers -k 2 -i 3 --motion none"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False)


def test_a_picture_is_drawn_with_all_streams_closed(tmp_path: Path) -> None:
    """Files get the descriptors of closed streams: whatever was printed there would be in them."""
    done = shell(f"{CONVVIZ} conv {SMALL} --pace even -o a.gif <&- >&- 2>&-", tmp_path)
    assert done.returncode == 0
    assert os.listdir(tmp_path) == ["a.gif"]
    with Image.open(tmp_path / "a.gif") as image:
        assert getattr(image, "n_frames", 1) == 4


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", ["explain conv -i 4", "--help"])
def test_a_full_standard_output_is_one_line_and_exit_code_2(words: str, tmp_path: Path) -> None:
    done = shell(f"{CONVVIZ} {words} >/dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (2, "Error: cannot print: No space left on device\n")


def test_nothing_is_read_from_or_piped_to_a_closed_stream(tmp_path: Path) -> None:
    done = shell(f"{CONVVIZ} layer - <&-; {CONVVIZ} conv -o - --format gif >&-", tmp_path)
    reading, piping = done.stderr.splitlines()
    assert reading.startswith("Error: expected a layer call")
    assert piping == "Error: standard output is closed; add > FILE or | PROGRAM, or name a file with -o"


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_the_device_of_standard_output_is_a_pipe_like_any_other(name: str) -> None:
    done = CliRunner().invoke(main, ["conv", *SMALL.split(), "--format", "gif", "-o", name])
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"GIF89a")
    assert done.stdout_bytes.endswith(b";"), "and nothing is printed behind it"


def test_open_streams_stay_as_they_are() -> None:
    before = sys.stdin, sys.stdout, sys.stderr
    standard_streams.open_closed_streams()
    assert (sys.stdin, sys.stdout, sys.stderr) == before


def test_an_interrupt_while_modules_are_imported_is_no_traceback(tmp_path: Path) -> None:
    code = (
        "import builtins, convviz.__main__ as command\n"
        "def interrupted(*_): raise KeyboardInterrupt\n"
        "builtins.__import__ = interrupted\n"
        "command.run()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Aborted!\n")
