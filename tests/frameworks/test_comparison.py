"""What frameworks make of the same parameters, against numbers that the frameworks computed; table and picture."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import tests
from convviz import Conv, ConvTranspose, GeometryError, MaxPool
from convviz.cli.main import main
from convviz.frameworks.comparison import compare
from convviz.frameworks.conventions.convention import Convention
from convviz.frameworks.conventions.table import CONVENTIONS, conventions_of
from convviz.layers.convolution import ConvLayer
from convviz.scene.model import Scene
from tests.views.layers import states

VECTORS = json.loads((tests.VECTORS / "frameworks.json").read_text(encoding="utf-8"))["cases"]


def layer_of(case: dict[str, Any]) -> ConvLayer:
    return (ConvTranspose if case["kind"] == "transposed" else Conv)(**case["given"])


def only(layer: ConvLayer, framework: str) -> Convention:
    (convention,) = conventions_of(layer, [framework])
    return convention


def agrees(case: dict[str, Any]) -> bool:
    convention = only(layer_of(case), case["framework"])
    if case["y"] is None or convention.layer is None:
        return case["y"] is None and convention.layer is None and bool(convention.note)
    return bool(np.array_equal(convention.layer(case["x"], convention.kernel(np.array(case["w"]))), case["y"]))


def test_the_numbers_are_those_of_the_frameworks() -> None:
    assert [case for case in VECTORS if not agrees(case)] == []
    assert [case for case in VECTORS if only(layer_of(case), case["framework"]).call != case["call"]] == []
    assert {case["framework"] for case in VECTORS} == set(CONVENTIONS)
    assert sum(case["y"] is None for case in VECTORS) >= 10
    assert len(VECTORS) >= 100


KNOWN = {
    "torch": [[1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]],
    "keras": [[1, 1, 3, 2], [1, 1, 3, 2], [4, 4, 10, 6], [3, 3, 7, 4]],
}


@pytest.mark.parametrize("framework", CONVENTIONS)
def test_the_odd_cell_of_same(framework: str) -> None:
    """A 2×2 input, a 3×3 kernel of ones, stride 2, `same`: PyTorch cannot say it, and crops the other end."""
    convention = only(ConvTranspose(2, 3, 2, "same"), framework)
    assert convention.layer is not None
    y = convention.layer([[1, 2], [3, 4]], np.ones((3, 3), dtype=int))
    assert y.tolist() == KNOWN["torch" if framework == "torch" else "keras"]
    assert convention.padding == [(1, 0) if framework == "torch" else (0, 1)] * 2
    assert convention.flipped == (framework == "jax")


def test_numbers_to_jax_pad_the_zero_inserted_input() -> None:
    convention = only(ConvTranspose(3, 3, 2, 0), "jax")
    assert convention.layer is not None
    assert (convention.padding, convention.layer.output) == ([(2, 2)] * 2, (3, 3))
    assert "padding applies to the zero-inserted input" in convention.note
    assert only(ConvTranspose(9, 3, 2, 3), "jax").layer is None


def test_a_table_says_where_numbers_differ() -> None:
    comparison = compare(ConvTranspose(2, 3, 2, "same"), ["keras", "torch", "jax", "onnx"], 0)
    assert next(comparison.verdicts()) == "reference"
    assert list(comparison.verdicts())[3] == "same as keras"
    assert "of 16 differ" in list(comparison.verdicts())[1]
    lines = str(comparison).splitlines()
    assert lines[0] == "convviz transposed -i 2 -k 3 -s 2 -p same, on example values"
    assert [line.split()[:4] for line in lines[3:7]] == [
        ["keras", "4×4", "0,1", "as"],
        ["torch", "4×4", "1,0", "as"],
        ["jax", "4×4", "0,1", "flipped"],
        ["onnx", "4×4", "0,1", "as"],
    ]
    heads = next(line for line in lines if line.startswith("keras, onnx"))
    assert heads.split("    ")[0] == "keras, onnx"
    written = np.array([[int(n) for n in line.split()[:4]] for line in lines[lines.index(heads) + 1 :]])
    assert np.array_equal(written, comparison.outputs[0])


def test_sizes_can_differ_too() -> None:
    comparison = compare(ConvTranspose(3, 2, 3), ["torch", "keras"], 0)
    assert list(comparison.verdicts()) == ["reference", "size differs from torch"]
    assert [convention.layer and convention.layer.output for convention in comparison.conventions] == [(8, 8), (9, 9)]
    assert "\n\ntorch" in str(comparison)
    large = compare(ConvTranspose(30, 2, 3), ["torch", "keras"], 0)
    assert "\n\ntorch" not in str(large)


def test_all_refuse() -> None:
    comparison = compare(Conv(7, 3, 2, 1, 2), ["keras"], 0)
    assert list(comparison.verdicts()) == ["refused"]
    assert "keras: refuses strides > 1 together with dilation_rate > 1" in str(comparison)
    with pytest.raises(GeometryError, match="nothing to draw: keras refuses"):
        comparison.scene()


# The picture ----------------------------------------------------------------------------------------------------------


def columns(scene: Scene, panel: int, role: str) -> list[int]:
    """Columns in which cells of a role stand in the end, in the line (row 0) or among the outputs (row 1)."""
    *_, last = states(scene)
    cells = last[panel]
    row = 1 if role == "output" else 0
    return [col for col, cell in enumerate(cells[row]) if cell.role == role]


@pytest.mark.parametrize("layer", [ConvTranspose((3, 2), 3, 2, "same"), Conv((5, 6), 3, 2, "same"), Conv((7,), 4)])
def test_inputs_stand_below_each_other_and_padding_beside_them(layer: ConvLayer) -> None:
    comparison = compare(layer, [], 0)
    scene, line, _ = comparison.scene()
    assert line.axes == (layer.axes[-1],)
    inputs = [columns(scene, panel, "input") for panel in range(len(scene.panels))]
    assert len({tuple(found) for found in inputs}) == 1
    for panel, convention in enumerate(conventions_of(line)):
        assert convention.layer is not None
        (track,) = convention.layer.sliding_windows
        before = [col for col in columns(scene, panel, "padding") if col < inputs[panel][0]]
        assert len(before) == track.before
        assert len(columns(scene, panel, "output")) == convention.layer.output[0]
        assert scene.panels[panel].label == convention.framework


def test_the_last_step_marks_what_differs() -> None:
    scene, line, _ = compare(ConvTranspose((2,), 3, 2, "same"), ["torch", "keras", "jax", "onnx"], 0).scene()
    marked = [mark.panel for mark in scene.frames[-1].marks if mark.role == "source"]
    assert 0 not in marked
    assert marked.count(1) == marked.count(3) == 4
    assert line.output == (4,)
    assert not any(mark.role == "source" for frame in scene.frames[:-1] for mark in frame.marks)
    alike, _, _ = compare(Conv((5,), 3), [], 0).scene()
    assert not any(mark.role == "source" for frame in alike.frames for mark in frame.marks)
    assert alike.frames[0].caption.fitted(100).endswith(" in torch, keras, jax and onnx")
    assert [formula.value for formula in alike.formulas] == ["3"]


def test_a_framework_that_refuses_is_named_beside_those_that_agree() -> None:
    scene, _, _ = compare(Conv((7,), 3, 2, 1, 2), ["torch", "keras"], 0).scene()
    for frame in scene.frames:
        assert re.fullmatch(r"y\[\d\] = \d+ in torch; keras refuses", frame.caption.fitted(100))
    assert [badge.text for badge in scene.badges] == ["i = 7", "k = 3", "s = 2", "p = 1", "d = 2"]


def test_padding_by_name_has_no_numbers_of_one_framework() -> None:
    scene, _, _ = compare(ConvTranspose((2,), 3, 2, "same"), ["torch", "keras"], 0).scene()
    assert "p = same" in [badge.text for badge in scene.badges]
    assert compare(ConvTranspose((3,), 3, 2), ["torch", "jax"], 0).scene()[0].formulas == ()


def test_a_crop_that_leaves_nothing_is_refused() -> None:
    """Keras: o = (i − 1)s + ke − 2⌊ke/2⌋ + a = 0; a tensor of no cells has no picture."""
    (keras,) = conventions_of(ConvTranspose((1,), 4, 2, "same", output_padding=0), ["keras"])
    found = list(compare(ConvTranspose((1,), 4, 3, "same", output_padding=0), ["keras"], 0).verdicts())
    assert keras.layer is None or keras.layer.output[0] >= 1
    assert found in (["refused"], ["reference"])


# The command ----------------------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["compare", *words])
    return result.exit_code, result.output


def test_the_command_prints_and_draws(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("still.png", "moving.gif", "page.html", "picture.svg")]
    words = [word for file in files for word in ("-o", file)]
    exit_code, output = run("transposed", "torch", "keras", "-i", "2", "-k", "3", "-s", "2", "-p", "same", *words)
    assert exit_code == 0, output
    assert output.startswith("convviz transposed -i 2 -k 3 -s 2 -p same, on example values\n\n")
    with Image.open(files[0]) as still, Image.open(files[1]) as moving:
        assert (still.size, moving.n_frames) == ((1280, 720), 4)  # type: ignore[attr-defined]
    info = CliRunner().invoke(main, ["info", files[1]]).output
    assert info.startswith("convviz compare transposed torch keras -i 2 -k 3 -s 2 -p same -o moving.gif")
    assert "differs from torch" in Path(files[3]).read_text(encoding="utf-8")


def test_frameworks_may_come_first() -> None:
    rest = ("-i", "2", "-k", "3", "-s", "2", "-p", "same")
    assert run("torch", "jax", "transposed", *rest) == run("transposed", "torch", "jax", *rest)
    assert run("torch", "jax", *rest)[0] == 2
    assert "'torch' is not a kind of layer; add conv or transposed" in run("torch", "jax", *rest)[1]
    assert run("torch", "transposed", "keras", *rest) == run("transposed", "torch", "keras", *rest)


def test_json() -> None:
    exit_code, output = run("conv", "-i", "6", "-k", "3", "-s", "2", "-p", "same", "--json")
    found = json.loads(output)
    assert exit_code == 0
    assert [one["framework"] for one in found] == list(CONVENTIONS)
    assert [one["padded"] for one in found] == [[[1, 1], [1, 1]], *[[[0, 1], [0, 1]]] * 3]
    assert np.array_equal(found[1]["values"], compare(Conv(6, 3, 2, "same"), ["keras"], 0).outputs[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conv", "caffe"), "expected a framework (torch, keras, jax, onnx), got 'caffe'"),
        (("conv", "-i", "3", "-k", "9"), "kernel 9 does not fit"),
        (("conv", "-o", "x.xyz"), "xyz"),
        (("conv", "keras", "-s", "2", "-d", "2", "-o", "x.png"), "there is nothing to draw: keras refuses"),
        (("conv", "-o", "x.gif", "--theme", "purple"), "purple"),
    ],
)
def test_refusals(words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exit_code, output = run(*words)
    assert exit_code == 2
    assert said in output
    assert output.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


def test_poolings_are_not_compared() -> None:
    with pytest.raises(GeometryError, match="expected a Conv or a ConvTranspose, got MaxPool"):
        compare(MaxPool(4, 2))  # type: ignore[arg-type]


def test_padding_modes_are_not_compared() -> None:
    with pytest.raises(GeometryError, match="expected padding_mode zeros, which all frameworks have, got reflect"):
        conventions_of(Conv(5, 3, 1, 1, padding_mode="reflect"))
