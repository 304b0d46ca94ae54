"""What is printed: names and titles cannot command the terminal."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import convviz
from convviz import Conv, animate
from convviz.cli.main import main
from convviz.cli.terminal import json_text
from convviz.errors import ConvvizError, PictureError
from convviz.errors.printable import visible

ESCAPE = "\x1b]0;pwn\x07"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words, prog_name="convviz")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", result.output), result.output
    return result


def test_control_characters_are_pictures_of_themselves() -> None:
    assert visible("a\x00\x1b[31m\x7f\r") == "a␀␛[31m␡␍"
    assert visible("\x9b31m") == "␛[31m"  # the 8-bit spelling of the same escape
    assert visible("\u202egnp.\ud800\uffff") == "<U+202E>gnp.<U+D800><U+FFFF>"
    assert visible("two\nlines\tand 3×4 cells, p′") == "two\nlines\tand 3×4 cells, p′"


@pytest.mark.parametrize("title", [ESCAPE, "a\rb", "\x9b", "a\tb", "\ud800", "\uffff", "\x7f"])
def test_a_title_with_a_control_character_is_refused(title: str) -> None:
    result = run("conv", "--title", title, "--alt")
    assert result.exit_code == 2
    assert re.fullmatch(
        r"Error: title: expected text that can be drawn, got .*; leave this character out\n", result.stderr
    )
    with pytest.raises(PictureError, match=r"^title: expected text that can be drawn"):
        animate(Conv(5, 3), title=title)


@pytest.mark.filterwarnings("ignore:this matplotlib draws right-to-left text")
@pytest.mark.filterwarnings("ignore:no installed font has")
def test_a_title_may_have_two_lines_and_any_letters() -> None:
    assert animate(Conv(5, 3), title="Größe 大\nسطر").scene.title == "Größe 大\nسطر"


@pytest.mark.parametrize(
    "words",
    [
        ("conv", "-k", ESCAPE),
        ("conv", f"--{ESCAPE}"),
        (ESCAPE,),
        (f"--{ESCAPE}",),
        ("compare", ESCAPE, "conv"),
        ("conv", "-o", f"{ESCAPE}.xyz"),
        ("conv", "-o", f"no/{ESCAPE}.gif"),
        ("conv", "--theme", f"{ESCAPE}.toml", "--alt"),
        ("conv", "--font", ESCAPE, "--alt"),
        ("conv", "--input-values", f"{ESCAPE}.csv", "--alt"),
        ("info", ESCAPE),
        ("deck", ESCAPE),
        ("layer", f"nn.Conv2d({ESCAPE})"),
        ("layer", f"{ESCAPE}.onnx"),
        ("gallery", "build", ESCAPE),
        ("preset", ESCAPE),
        ("explore", "--view", ESCAPE),
    ],
)
def test_an_escape_sequence_in_an_argument_is_shown_and_not_obeyed(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_the_name_of_a_written_file_is_shown_and_not_obeyed() -> None:
    result = run("conv", "-i", "2", "-k", "1", "--size", "320x320", "-o", "\x1b[31m.svg")
    assert result.output.startswith("␛[31m.svg: ")
    assert Path("\x1b[31m.svg").exists()


def test_a_foreign_file_says_nothing_to_the_terminal() -> None:
    record = {"convviz": ESCAPE, "command": f"convviz {ESCAPE}", "parameters": {ESCAPE: ESCAPE}}
    Path("foreign").mkdir()
    Path("foreign/convviz.json").write_text(json.dumps(record))
    assert "␛]0;pwn␇" in run("info", "foreign").output
    assert json.loads(run("info", "--json", "foreign").output)["command"] == f"convviz {ESCAPE}"


def test_json_escapes_what_a_terminal_obeys_and_holds_the_same_value() -> None:
    value = {"name": "\x1b\x7f\x9b\u202e\ud800é"}
    assert json_text(value) == '{\n "name": "\\u001b\\u007f\\u009b\\u202e\\ud800é"\n}'
    assert json.loads(json_text(value)) == value


def test_an_error_is_printable_wherever_it_is_printed() -> None:
    assert str(ConvvizError(f"no file {ESCAPE}")) == "no file ␛]0;pwn␇"


def test_only_one_module_prints_names_and_titles() -> None:
    for module in (Path(convviz.__file__).parent / "cli").glob("*.py"):
        assert module.name in ("terminal.py", "standard_streams.py") or not re.search(
            r"click\.s?echo|\bprint\(", module.read_text("utf-8")
        ), module
