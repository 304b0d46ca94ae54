"""Snippets: those of numpy are run here, those of the frameworks by check_code.py."""

from __future__ import annotations

import ast
import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import convviz
from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool
from convviz.cli.main import main
from convviz.frameworks.codegen import generate
from convviz.frameworks.codegen.backward import BACKWARD
from convviz.frameworks.codegen.generate import GENERATORS, code
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from tests import VECTORS
from tests.frameworks.snippets import agrees, grid, integers, layer_of, run, shown_shape, some

RECORDED = json.loads((VECTORS / "snippets.json").read_text(encoding="utf-8"))["cases"]
LAYERS = [*list(grid())[::7], *some(400, seed=5)]


def numbers(layer: Layer, text: str) -> bool:
    """Whether a snippet of numpy computes what the layer computes."""
    rng = random.Random(repr(layer))
    x, w = integers(rng, layer.input), None if isinstance(layer, Pool) else integers(rng, layer.kernel)
    given = {"x": x.astype(float), "w": w}
    y = run(text, given.get)["y"]
    return str(y.shape) == shown_shape(text) and agrees(layer, x, w, np.asarray(y))


def test_numpy_computes_what_the_layer_computes() -> None:
    assert len(LAYERS) > 500
    assert [repr(layer) for layer in LAYERS if not numbers(layer, code(layer, "numpy"))] == []


@pytest.mark.parametrize(
    ("layer", "right", "wrong"),
    [
        (ConvTranspose(3, 3, 2, 1, output_padding=1), "+= x", "= x"),
        (ConvTranspose(3, 3, 2, ((0, 1), (1, 0))), "0:6", "1:7"),
        (Conv(5, 3, 2, ((1, 2), (1, 2))), "((1, 2), (1, 2))", "((2, 1), (2, 1))"),
        (AvgPool(5, 3, 2, 1, count_include_pad=False), "number, 1", "9, 1"),
    ],
    ids=str,
)
def test_a_wrong_snippet_is_seen(layer: Layer, right: str, wrong: str) -> None:
    text = code(layer, "numpy")
    assert right in text
    assert numbers(layer, text)
    assert not numbers(layer, text.replace(right, wrong))


@pytest.mark.parametrize("framework", GENERATORS)
def test_snippets_are_those_that_their_framework_agreed_with(framework: str) -> None:
    """A snippet that is meant to change is run again, and recorded: python -m tests.frameworks.check_code --write."""
    cases = [case for case in RECORDED if case["framework"] == framework]
    assert len(cases) >= 18
    for case in cases:
        layer = layer_of(case["kind"], case["given"])
        assert code(layer, framework, backward=case["backward"]).splitlines() == case["code"]


@pytest.mark.parametrize("framework", BACKWARD)
def test_every_snippet_with_gradients_is_python_that_ends_with_their_shapes(framework: str) -> None:
    for layer in LAYERS:
        if framework == "jax" and isinstance(layer, MaxPool) and max(layer.dilation) > 1:
            with pytest.raises(GeometryError, match=r"^JAX computes no gradient of a max pooling with dilation; use"):
                code(layer, framework, backward=True)
            continue
        text = code(layer, framework, backward=True)
        *_, gradients = ast.parse(text).body
        assert isinstance(gradients, ast.Assign)
        assert ast.unparse(gradients.targets[0]) == ("dx" if isinstance(layer, Pool) else "(dx, dw, db)")
        sizes = re.findall(r"\d+", text.rpartition("# ")[2])
        cells = [*layer.input, *([] if isinstance(layer, Pool) else layer.kernel)]
        assert sorted(size for size in map(int, sizes) if size > 1) == sorted(size for size in cells if size > 1)


@pytest.mark.parametrize("framework", ["onnx", "numpy"])
def test_a_framework_without_gradients_is_refused_with_those_that_have_them(framework: str) -> None:
    message = f"^{framework} computes no gradients; expected one of torch, keras, jax$"
    with pytest.raises(GeometryError, match=message):
        code(Conv(5, 3), framework, backward=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("framework", GENERATORS)
def test_every_snippet_is_python_that_ends_with_the_shape(framework: str) -> None:
    refused = 0
    for layer in LAYERS:
        try:
            text = code(layer, framework)
        except GeometryError:
            refused += 1
            continue
        ast.parse(text)
        sizes = tuple(map(int, re.findall(r"\d+", shown_shape(text))))
        channels = {"numpy": sizes, "keras": sizes[1:-1]}.get(framework, sizes[2:])
        assert channels == layer.output
        assert max(map(len, text.splitlines())) <= 140
    assert refused == 0 or (framework == "onnx" and refused < 30)


def test_the_files_of_the_folder_are_the_frameworks() -> None:
    files = {path.stem for path in Path(generate.__file__).parent.glob("*.py")}
    assert files - {"__init__", "backward", "generate", "text"} == set(GENERATORS)


def test_a_plain_layer_of_pytorch() -> None:
    assert convviz.code(ConvTranspose(12, 3, 2, 1, output_padding=1)).splitlines() == [
        "import torch",
        "from torch import nn",
        "",
        "x = torch.randn(1, 1, 12, 12)  # (batch, channels, rows, columns)",
        "layer = nn.ConvTranspose2d(1, 1, kernel_size=3, stride=2, padding=1, output_padding=1, bias=False)",
        "y = layer(x)  # (1, 1, 24, 24)",
    ]


SAID = {
    ("torch", ConvTranspose(2, 3, 2, "same")): ["cannot crop 0,1", "layer(x)[:, :, :-1, :-1]  # (1, 1, 4, 4)"],
    ("torch", Conv(6, 3, 2, "same")): ["pads both sides equally", "F.pad(x, (0, 1, 0, 1))"],
    ("torch", Conv(5, 3, 1, "same")): ['padding="same"'],
    ("torch", Conv(5, 3, 1, 1, padding_mode="circular")): ['padding=1, padding_mode="circular"'],
    ("torch", ConvTranspose(4, 3, 2, ((1, 0), (1, 0)))): ["padding=1, output_padding=1"],
    ("torch", MaxPool(5, 2, ceil_mode=True)): ["nn.MaxPool2d(kernel_size=2, ceil_mode=True)"],
    ("torch", AvgPool((7,), 3, 1, 0, dilation=2)): ["AvgPool1d has no dilation"],
    ("keras", Conv(5, 3, 2, 2)): ["Keras pads only by name, but here p = 2", "ZeroPadding2D(2)"],
    ("keras", ConvTranspose(2, 3, 2, "same")): ['Conv2DTranspose(1, 3, strides=2, padding="same"'],
    ("keras", ConvTranspose(2, 3, 2, 1)): ["the crop is 1 (before, after)", "Cropping2D(1)"],
    ("keras", ConvTranspose(2, 2, 3)): ["Keras appends zeros if s > k", "Cropping2D(((0, 1), (0, 1)))"],
    ("keras", Conv(7, 3, 2, 0, 2)): ["refuses strides > 1 together with dilation_rate > 1", "[:, ::2, ::2]"],
    ("keras", Conv(5, 3, 1, 1, padding_mode="replicate")): ["keras.ops.take", 'mode="edge"'],
    ("jax", ConvTranspose(4, 3, 2, 1)): ["transpose_kernel=True", "padding=((1, 1), (1, 1))"],
    ("jax", ConvTranspose(4, 2, 1, 2)): ["padding=((-1, -1), (-1, -1))"],
    ("jax", Conv(5, 3, 1, 1, padding_mode="reflect")): ['mode="reflect")', 'padding="VALID"'],
    ("onnx", ConvTranspose(4, 3, 2, ((0, 1), (0, 1)))): ["pads = [0, 0, 1, 1]"],
    ("onnx", ConvTranspose(4, 3, 1, 0, 2, 1)): ["refuses an output padding a ≥ s", "Pad (full, around)"],
}


@pytest.mark.parametrize(("framework", "layer"), SAID, ids=str)
def test_what_a_snippet_says(framework: str, layer: Layer) -> None:
    text = code(layer, framework)
    for part in SAID[framework, layer]:
        assert part in text


def said(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["code", *words])
    return result.exit_code, result.output


def test_the_command_prints_the_snippet() -> None:
    exit_code, output = said("transposed", "-i", "2", "-k", "3", "-s", "2", "-p", "same", "--framework", "keras")
    assert (exit_code, output) == (0, code(ConvTranspose(2, 3, 2, "same"), "keras") + "\n")
    assert said("conv", "-i", "8", "--1d", "--framework", "numpy")[1] == code(Conv((8,), 3), "numpy") + "\n"
    assert "count_include_pad=False" in said("avgpool", "-k", "3", "-p", "1", "--no-count-include-pad")[1]


def test_refusals() -> None:
    assert said("conv", "--framework", "caffe") == (
        2,
        "Error: expected a framework (torch, keras, jax, onnx, numpy), got 'caffe'\n",
    )
    exit_code, output = said("conv", "-i", "3", "-k", "5")
    assert exit_code == 2
    assert "kernel 5 does not fit" in output
    with pytest.raises(GeometryError, match=r"expected padding smaller than the kernel.* got p = 2 and k = 2; use jax"):
        code(MaxPool(5, 2, 2, ((2, 2), (2, 2)), 3), "onnx")
