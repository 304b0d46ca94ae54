"""The fifteen animations of conv_arithmetic: their parameters, and their windows at every step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convviz import Conv, ConvTranspose, PictureError
from convviz.layers.presets import PRESET_NAMES, preset
from convviz.scene.model import Timing
from convviz.views.slide import slide
from tests import oracles
from tests.at_rest import AT_REST_WORDS
from tests.views.layers import examples, frames_of, refused, run, values_of

ANIMATIONS: dict[str, dict[str, Any]] = oracles.vectors("conv_arithmetic.json")["animations"]


def test_the_names_are_those_of_conv_arithmetic() -> None:
    assert len(PRESET_NAMES) == 15
    assert sorted(PRESET_NAMES) == sorted(ANIMATIONS)


@pytest.mark.parametrize("name", ANIMATIONS)
def test_the_parameters_are_those_of_its_makefile(name: str) -> None:
    facts = ANIMATIONS[name]["config"]
    layer = preset(name)
    transposed = ANIMATIONS[name]["transposed"]
    assert isinstance(layer, ConvTranspose if transposed else Conv)
    sides = {"input": facts["input_size"], "output": facts["output_size"]}
    if transposed:
        sides = {"input": facts["output_size"], "output": facts["input_size"]}
    for parameter, side in sides.items():
        assert getattr(layer, parameter) == (side, side)
    for parameter, fact in (("kernel", "kernel_size"), ("stride", "stride"), ("dilation", "dilation")):
        assert getattr(layer, parameter) == (facts[fact],) * 2
    assert layer.padding == ((facts["padding"],) * 2,) * 2


@pytest.mark.parametrize("name", ANIMATIONS)
def test_the_window_stands_on_their_cells_at_every_step(name: str) -> None:
    theirs, layer = ANIMATIONS[name], preset(name)
    scene = slide(layer, values_of(layer), Timing())
    assert len(scene.frames) == theirs["n_steps"]
    assert [scene.panels[0].rows, scene.panels[0].cols] == theirs["grid"]
    assert [scene.panels[-1].rows, scene.panels[-1].cols] == theirs["output"]
    for frame, step in zip(scene.frames, theirs["steps"], strict=True):
        window, target = (mark for mark in frame.marks if mark.role != "last")
        assert [list(window.rows), list(window.cols)] == [step["window_rows"], step["window_cols"]]
        assert [*target.rows, *target.cols] == step["out"]
        assert window.panel == 0
        assert window.highlighted


@pytest.mark.parametrize("name", ANIMATIONS)
def test_the_input_cells_stand_where_theirs_do(name: str) -> None:
    theirs, layer = ANIMATIONS[name], preset(name)
    cells = slide(layer, None, Timing()).panels[0].cells
    found = {(r, c) for r, row in enumerate(cells) for c, cell in enumerate(row) if cell.role == "input"}
    assert found == {(r, c) for r in theirs["data_rows"] for c in theirs["data_cols"]}


@pytest.mark.parametrize("name", ["", "dilation_transposed", "Dilation", "no_padding"])
def test_other_names_are_refused_naming_all(name: str) -> None:
    with pytest.raises(PictureError, match="there is no preset") as refusal:
        preset(name)
    assert all(known in str(refusal.value) for known in ANIMATIONS)


def test_the_command_writes_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(
        "preset", "no_padding_strides", "--size", "640x360", "--view", "pair", "--theme", "print", *AT_REST_WORDS
    )
    assert result.exit_code == 0, result.output
    assert frames_of(tmp_path / "no_padding_strides.gif") == 5


@pytest.mark.parametrize("example", examples("preset"))
def test_the_examples_of_its_help_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*example, "--frames", "2", "--size", "640x360")
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == [example[example.index("-o") + 1]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["padding"], "there is no preset 'padding'"),
        (["dilation", "--view", "stack"], "the view stack shows several layers"),
        (["dilation", "--view", "nonsense"], "there is no view 'nonsense'"),
        (["dilation", "--theme", "pink"], "there is no theme 'pink'"),
        (["dilation", "-o", "out.doc"], ".doc"),
    ],
)
def test_the_command_refuses_in_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run("preset", *words), says)
    assert list(tmp_path.iterdir()) == []
