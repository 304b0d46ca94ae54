"""The options of a picture are one fact: the keywords of `animate`, the command line, recipes and provenance follow."""

from __future__ import annotations

import subprocess
import sys
import warnings
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import pytest

import convviz
from convviz import Conv, PictureError, animate
from convviz.animation.animate import build_animation
from convviz.animation.option_spec import FLAG
from convviz.animation.options import BARE, LEFT_OUT, OUT_CHANNELS, SPECS, AnimateOptions, PictureOptions
from convviz.animation.save_options import SAVE_SPECS
from convviz.cli.main import main
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.recipes.fields import FIELDS

CHANGED: dict[str, Any] = {
    "view": "scatter",
    "theme": "dark",
    "size": (640, 360),
    "scale": 2,
    "numbers": False,
    "groups": 2,
    "channel": 1,
    "channels": (4, 6),
    "seed": 3,
    "step": 0.5,
    "hold": 1.5,
    "motion": "steps",
    "pace": "even",
    "frames": 4,
    "title": "T",
    "math": True,
    "without": ("header", "bar"),
    "font": "DejaVu Serif",
    "transparent": True,
}
PALE = 'text = "#dddddd"\n'


def test_the_keywords_of_animate_are_the_fields() -> None:
    names = {one.name: one.type for one in fields(PictureOptions)}
    keywords = AnimateOptions.__annotations__
    assert list(keywords) == list(names)[2:]
    assert list(names)[:2] == ["view", "theme"]
    for name, annotation in keywords.items():
        assert annotation.__forward_arg__ == names[name], name


def test_each_field_is_an_option_of_the_command_line_and_a_key_of_recipes() -> None:
    options = {option.name: option for option in main.commands["conv"].params if isinstance(option, click.Option)}
    specs = [*SPECS.values(), OUT_CHANNELS, *LEFT_OUT, BARE]
    assert SPECS.keys() | {"without"} == {one.name for one in fields(PictureOptions)}
    for spec in specs:
        assert spec.name in FIELDS
        assert spec.long in options[spec.name].opts
        assert spec.help in str(options[spec.name].help)


@pytest.mark.parametrize("name", CHANGED)
def test_the_words_of_an_option_give_its_value_again(name: str) -> None:
    others = {"title": "$k$"} if name == "math" else {}
    changed = replace(PictureOptions(**others), **{name: CHANGED[name]})
    assert changed.changed() == others | {name: CHANGED[name]}
    words = changed.arguments()
    read = main.commands["conv"].make_context("conv", list(words)).params
    assert PictureOptions.read(read) == changed


def test_all_options_of_provenance_are_tested() -> None:
    assert CHANGED.keys() | {"max_frames"} == {one.name for one in fields(PictureOptions)}


def test_an_unknown_keyword_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"animate\(\) got an unexpected keyword argument 'colour'"):
        animate(Conv(5, 3), colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scale": 1.5}, "scale: expected a whole number, got 1.5"),
        ({"scale": True}, "scale: expected a whole number, got True"),
        ({"frames": "3"}, "frames: expected a whole number, got '3'"),
        ({"max_frames": 0}, "max-frames: expected 1 or more, got 0"),
        ({"step": "soon"}, "step: expected a number of seconds, got 'soon'"),
        ({"groups": 0}, "groups: expected 1 or more, got 0"),
        ({"channels": (0, 2)}, "channels: expected 1 to 512, got 0 input and 2 output channels"),
    ],
)
def test_an_impossible_value_says_what_was_expected(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PictureError) as caught:
        PictureOptions(**options)
    assert str(caught.value) == message


def test_a_pair_of_views_is_drawn_together() -> None:
    assert animate(Conv(3, 2), ("slide", "matrix")).scene == animate(Conv(3, 2), "slide+matrix").scene  # type: ignore[arg-type]


def test_each_spec_says_how_it_is_spelled() -> None:
    for command in DRAWING_COMMANDS.values():
        spellings = [spelling for spec in command.options for spelling in spec.spellings]
        assert len(spellings) == len(set(spellings)), command.name
        for spec in command.options:
            assert spec.help, spec.name
            assert not spec.help.endswith("."), spec.name
            assert bool(spec.metavar) is (spec.type is not FLAG), spec.name
    assert [SAVE_SPECS[name].long for name in SAVE_SPECS] == ["--loop", "--frame", "--filmstrip", "--fps"]


# Warnings


def test_animate_warns_its_caller_once_and_the_animation_keeps_the_text(tmp_path: Path) -> None:
    theme = tmp_path / "pale.toml"
    theme.write_text(PALE)
    with pytest.warns(UserWarning, match="hard to read") as caught:
        animation = animate(Conv(3, 2), theme=theme)
    assert [str(one.message) for one in caught] == list(animation.warnings)
    assert {one.filename for one in caught} == {__file__}


def test_the_inner_function_does_not_warn(tmp_path: Path) -> None:
    theme = tmp_path / "pale.toml"
    theme.write_text(PALE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        animation = build_animation(Conv(3, 2), PictureOptions(theme=theme))
    assert len(animation.warnings) == 1
    assert animate(Conv(3, 2)).warnings == ()


# Editors and mypy

MISTAKES = {
    'Conv(5, 3, padding="sme")': "arg-type",
    'Conv(5, 3, padding_mode="mirror")': "arg-type",
    'ConvTranspose(5, 3, 2, "smae")': "arg-type",
    'MaxPool(5, 3, padding="samee")': "arg-type",
    'AvgPool(5, 3, padding="")': "arg-type",
    'animate(Conv(5, 3), view="slde")': "arg-type",
    'animate(Conv(5, 3), theme="drak")': "arg-type",
    "animate(Conv(5, 3), size=640)": "arg-type",
    "animate(Conv(5, 3), colour=1)": "call-arg",
    'animate(Conv(5, 3), without=["title"])': "list-item",
    'animate(Conv(5, 3)).save("a.png", frame="best")': "arg-type",
    'animate(Conv(5, 3)).save("a", format="gfi")': "arg-type",
}
RIGHT = [
    'Conv(5, 3, padding="same", padding_mode="reflect")',
    "Conv((5,), 3, padding=((1, 0),))",
    'animate(Conv(5, 3), "slide", "dark", size=(640, 360), without=["bar"], channels=(2, 1))',
    'animate([Conv(5, 3)], view="stack", theme=Path("own.toml"))',
    'animate(Conv(5, 3), ("slide", "matrix")).save("a.png", frame="last", format="png")',
]


def test_mypy_catches_a_mistake_in_each_choice(tmp_path: Path) -> None:
    head = ["from pathlib import Path", "from convviz import AvgPool, Conv, ConvTranspose, MaxPool, animate"]
    (tmp_path / "user.py").write_text("\n".join([*head, *RIGHT, *MISTAKES]) + "\n")
    root = Path(convviz.__file__).parent.parent
    options = ["--config-file", str(root / "pyproject.toml"), "--no-error-summary"]  # as `make test` has it, so cached
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(tmp_path / "user.py")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if "user.py:" in line and ": error: " in line]
    first = len(head) + len(RIGHT) + 1
    assert [int(line.split(":")[1]) for line in errors] == list(range(first, first + len(MISTAKES))), done.stdout
    for line, code in zip(errors, MISTAKES.values(), strict=True):
        assert f"[{code}]" in line, line


# Public names


def test_dir_lists_exactly_the_public_names() -> None:
    assert dir(convviz) == sorted(convviz.__all__)


def test_explain_and_compare_are_public() -> None:
    layer = Conv(5, 3)
    assert convviz.explain(layer).startswith("Convolution: input 5×5 → output 3×3")
    assert "torch" in str(convviz.compare(layer, ["torch"]))


def test_type_checkers_see_each_lazy_name() -> None:
    text = Path(convviz.__file__).read_text(encoding="utf-8")
    block = text.partition("if TYPE_CHECKING:\n")[2].partition("\n\n")[0]
    for name, module in convviz._LAZY.items():
        assert any(f"from {module} import" in line and name in line for line in block.splitlines()), name
