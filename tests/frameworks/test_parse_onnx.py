"""Layers out of ONNX models, which are made here with the package onnx."""

from __future__ import annotations

import builtins
import contextlib
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, ReadingError
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.onnx import parse_onnx_node
from convviz.frameworks.parse.onnx_graph import is_onnx_file
from convviz.frameworks.parse.onnx_listing import list_onnx_layers
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from tests.frameworks.onnx_models import SIZE, save, up_and_down

W = np.arange(2 * 3 * 3 * 2, dtype=np.float32).reshape(2, 3, 3, 2)


def parsed(folder: Path, op: str, input: Any = None, size: tuple[Any, ...] = SIZE, **attributes: Any) -> ParsedLayer:
    """The only node of a model, which has weights if it is a convolution."""
    tensors = {"w": W if op == "ConvTranspose" else np.ones((4, 2, 3, 2), np.float32)} if "Conv" in op else {}
    node = helper.make_node(op, ["x", *tensors], ["y"], name="node", **attributes)
    return parse_onnx_node(save(folder / "one.onnx", [node], tensors, size), "node", ParseHints(input))


@pytest.mark.parametrize(
    ("op", "attributes", "layer"),
    [
        ("Conv", {}, Conv((6, 8), (3, 2))),
        ("Conv", {"pads": [1, 0, 2, 1], "strides": [2, 1]}, Conv((6, 8), (3, 2), (2, 1), ((1, 2), (0, 1)))),
        ("Conv", {"auto_pad": "SAME_UPPER", "strides": [2, 2]}, Conv((6, 8), (3, 2), 2, "same")),
        ("Conv", {"auto_pad": "SAME_LOWER", "dilations": [2, 2]}, Conv((6, 8), (3, 2), 1, "same_lower", 2)),
        ("Conv", {"auto_pad": "VALID"}, Conv((6, 8), (3, 2))),
        ("ConvTranspose", {"pads": [0, 0, 1, 1]}, ConvTranspose((6, 8), (3, 2), 1, ((0, 1), (0, 1)))),
        (
            "ConvTranspose",
            {"strides": [2, 2], "output_padding": [1, 0]},
            ConvTranspose((6, 8), (3, 2), 2, output_padding=(1, 0)),
        ),
        (
            "ConvTranspose",
            {"strides": [2, 2], "output_shape": [12, 15]},
            ConvTranspose((6, 8), (3, 2), 2, ((1, 0), (1, 0))),
        ),
        (
            "ConvTranspose",
            {"strides": [2, 2], "output_shape": [12, 15], "auto_pad": "SAME_UPPER"},
            ConvTranspose((6, 8), (3, 2), 2, ((0, 1), (0, 1))),
        ),
        ("ConvTranspose", {"strides": [2, 2], "auto_pad": "SAME_UPPER"}, ConvTranspose((6, 8), (3, 2), 2, "same")),
        ("MaxPool", {"kernel_shape": [3, 2]}, MaxPool((6, 8), (3, 2), 1)),
        (
            "MaxPool",
            {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1], "ceil_mode": 1},
            MaxPool((6, 8), 3, 2, ((0, 1), (0, 1)), ceil_mode=True),
        ),
        ("AveragePool", {"kernel_shape": [3, 3]}, AvgPool((6, 8), 3, 1, count_include_pad=False)),
        (
            "AveragePool",
            {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1},
            AvgPool((6, 8), 3, 1, ((1, 1), (1, 1))),
        ),
    ],
)
def test_a_node_is_the_layer_that_onnx_describes(
    op: str, attributes: dict[str, Any], layer: Any, tmp_path: Path
) -> None:
    made = parsed(tmp_path, op, **attributes).layer
    assert (type(made), made.axes) == (type(layer), layer.axes)
    assert getattr(made, "count_include_pad", None) == getattr(layer, "count_include_pad", None)


def test_weights_come_from_the_file(tmp_path: Path) -> None:
    one = parsed(tmp_path, "ConvTranspose", group=2)
    assert (one.in_channels, one.out_channels, one.groups, one.bias) == (2, 6, 2, False)
    assert one.shapes["weight"] == "(2, 3, 3, 2)"
    assert one.weights is not None
    assert one.weights.kernel(1, 4).tolist() == W[1, 1].tolist()
    with pytest.raises(ReadingError, match="expected input channel 1 for output channel 4 in 2 groups, got 0"):
        one.weights.kernel(0, 4)


def test_one_dimension(tmp_path: Path) -> None:
    node = helper.make_node("Conv", ["x", "w"], ["y"], name="node", strides=[2])
    file = save(tmp_path / "line.onnx", [node], {"w": np.ones((1, 2, 3), np.float32)}, (1, 2, 9))
    assert parse_onnx_node(file, "node", ParseHints()).layer == Conv((9,), 3, 2)


def test_symbolic_sizes_are_asked_for(tmp_path: Path) -> None:
    size = ("N", 2, "H", "W")
    with pytest.raises(ReadingError, match=r"the size of the input is symbolic, \(N, 2, H, W\); try -i 12"):
        parsed(tmp_path, "Conv", size=size)
    assert parsed(tmp_path, "Conv", input=(5, 7), size=size).layer.input == (5, 7)
    other = parsed(tmp_path, "Conv", input=9)
    assert (other.layer.input, other.notes) == ((9, 9), ()), "-i wins over the file"


def test_what_implementations_make_differently_is_said(tmp_path: Path) -> None:
    longer = parsed(tmp_path, "ConvTranspose", strides=[4, 4], auto_pad="SAME_UPPER")
    assert longer.layer.output == (24, 32)
    assert any("implementations of ONNX differ" in note for note in longer.notes)
    spread = parsed(tmp_path, "MaxPool", kernel_shape=[2, 2], dilations=[2, 2], auto_pad="SAME_UPPER")
    assert any("implementations differ" in note for note in spread.notes)
    assert not parsed(tmp_path, "Conv", auto_pad="SAME_UPPER").notes


@pytest.fixture
def model(tmp_path: Path) -> str:
    return up_and_down(tmp_path / "model.onnx")


def test_the_listing_names_what_can_be_drawn(model: str) -> None:
    lines = list_onnx_layers(model).split("\n")
    words = [" ".join(line.split()) for line in lines]
    assert words[:3] == [
        "0 /down/Conv Conv (1, 2, 6, 8) → (1, 4, 3, 4) k3 s2 p1",
        "2 m MaxPool (1, 4, 3, 4) → (1, 4, 1, 2) k2 s2",
        "3 /up/ConvTranspose ConvTranspose (1, 4, 3, 4) → (1, 3, 6, 8) k2 s2",
    ]
    assert lines[-1].endswith("--node /down/Conv")


@pytest.mark.parametrize("name", ["/up/ConvTranspose", "y", "3"])
def test_a_node_is_found_by_name_output_and_number(model: str, name: str) -> None:
    assert parse_onnx_node(model, name, ParseHints()).layer == ConvTranspose((3, 4), 2, 2)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/up/ConvTranspos", "has no node '/up/ConvTranspos'; did you mean /up/ConvTranspose?"),
        ("zzz", "has no node 'zzz'; convviz layer"),
        ("99", "has no node '99'"),
        (
            "relu",
            "expected a node of type Conv, ConvTranspose, MaxPool, .*; Relu is an activation, without a kernel: relu",
        ),
        (None, "choose a node of .* with --node"),
    ],
)
def test_a_node_that_is_not_there(model: str, name: str | None, says: str) -> None:
    with pytest.raises(ReadingError, match=says) as caught:
        parse_onnx_node(model, name, ParseHints())
    assert "understood so far: the name of a model" in str(caught.value)


def test_files_that_are_no_models(tmp_path: Path, model: str) -> None:
    whole = Path(model).read_bytes()
    broken = {"noise": b"\xff" * 90, "empty": b"", "text": b"nn.Conv2d(3, 4, 3)", "half": whole[: len(whole) // 2]}
    for name, content in broken.items():
        path = tmp_path / f"{name}.onnx"
        path.write_bytes(content)
        with pytest.raises(ReadingError, match=rf"{name}.onnx (is not an ONNX model, or it is broken|has no nodes)"):
            list_onnx_layers(str(path))
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(ReadingError, match=r"folder\.onnx is not a file"):
        list_onnx_layers(str(tmp_path / "folder.onnx"))
    with pytest.raises(ReadingError, match=r"the model .*missing\.onnx does not exist"):
        list_onnx_layers(str(tmp_path / "missing.onnx"))


def test_a_model_cut_anywhere_is_refused_or_read(tmp_path: Path, model: str) -> None:
    whole, path = Path(model).read_bytes(), tmp_path / "cut.onnx"
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        try:
            parse_onnx_node(str(path), "0", ParseHints(5))
        except ReadingError as error:
            assert "\n" not in str(error)  # noqa: PT017
            assert "understood so far" in str(error)  # noqa: PT017


def test_a_model_with_damaged_bytes_is_refused_or_read(tmp_path: Path, model: str) -> None:
    whole, path, dice = Path(model).read_bytes(), tmp_path / "damaged.onnx", random.Random(0)
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(damaged))
            damaged[place] = dice.choice([0, 255, damaged[place] ^ 1 << dice.randrange(8)])
            del damaged[place + 1 : place + dice.choice([1, 1, 1, 1, 4])]
        path.write_bytes(damaged)
        for attempt in (
            lambda: list_onnx_layers(str(path)),
            lambda: parse_onnx_node(str(path), "3", ParseHints(5)).describe(),
        ):
            with contextlib.suppress(ReadingError):
                attempt()


def test_a_model_without_layers(tmp_path: Path) -> None:
    file = save(tmp_path / "relu.onnx", [helper.make_node("Relu", ["x"], ["y"])], {})
    with pytest.raises(ReadingError, match=r"relu.onnx has no layer to draw; expected Conv, ConvTranspose"):
        list_onnx_layers(file)


@pytest.mark.parametrize(
    ("op", "attributes", "says"),
    [
        ("Conv", {"auto_pad": "HALF"}, "auto_pad: expected NOTSET, SAME_UPPER, SAME_LOWER, VALID, got 'HALF'"),
        ("Conv", {"kernel_shape": "3"}, "kernel_shape: expected whole numbers, got str; the file is broken"),
        ("Conv", {"strides": [2]}, "strides: expected 2 whole numbers, got (2,); the file is broken"),
        ("Conv", {"group": 3}, "group=3 does not divide 4 channels; the file is broken"),
        ("Conv", {"pads": [-1, 0, 0, 0]}, "padding -1 is too small"),
        ("MaxPool", {"kernel_shape": [2, 2, 2]}, "expected a kernel with 1 or 2 axes, which convviz draws, got 3"),
        ("MaxPool", {"kernel_shape": [9, 9]}, "kernel 9 does not fit"),
    ],
)
def test_nodes_that_cannot_be(op: str, attributes: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        parsed(tmp_path, op, **attributes)
    assert says in str(caught.value)
    assert f"understood so far: {op} node(" in str(caught.value)


def test_weights_that_are_not_in_the_file(tmp_path: Path) -> None:
    node = helper.make_node("Conv", ["x", "unknown"], ["y"], name="node")
    file = save(tmp_path / "late.onnx", [node], {})
    with pytest.raises(ReadingError, match="the shape of the weights is not in the file; try --weight 64,32,3,3"):
        parse_onnx_node(file, "node", ParseHints())
    late = parse_onnx_node(file, "node", ParseHints(weight=(4, 2, 3, 3)))
    assert late.layer == Conv((6, 8), 3)
    assert late.weights is None


def test_without_the_package_onnx_the_way_out_is_said(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name == "onnx":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(ReadingError, match=r"needs the package onnx, which is missing; pip install onnx"):
        list_onnx_layers(model)


def test_what_is_a_model() -> None:
    assert is_onnx_file("a/b.onnx")
    assert is_onnx_file(" B.ONNX\n")
    assert not is_onnx_file("nn.Conv2d(3, 4, 3)")
