"""Where the weights of an ONNX model are: in files next to it, in other nodes, or nowhere; and layers in bodies."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import TensorProto, helper, numpy_helper

from convviz import ReadingError
from convviz.cli.main import main
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.onnx import parse_onnx_node
from convviz.frameworks.parse.onnx_listing import list_onnx_layers, onnx_layers_as_data
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.sphinx.command_line import parse_command
from tests.frameworks.onnx_models import SIZE, save, up_and_down

W = np.arange(4 * 2 * 3 * 3, dtype=np.float32).reshape(4, 2, 3, 3)
CONV = helper.make_node("Conv", ["x", "w"], ["y"], name="node")


def external(folder: Path, name: str = "weights.data", **entries: Any) -> Path:
    """A model whose weights are in a file next to it; `entries` replace those of the reference."""
    file = Path(save(folder / "model.onnx", [CONV], {"w": W}))
    model = onnx.load(file)
    onnx.save(model, file, save_as_external_data=True, location=name, size_threshold=0)
    if entries:
        model = onnx.load(file, load_external_data=False)
        for entry in model.graph.initializer[0].external_data:
            entry.value = str(entries.get(entry.key, entry.value))
        file.write_bytes(model.SerializeToString())
    return file


def node(file: Path | str, key: str = "node", input: Any = None) -> ParsedLayer:
    return parse_onnx_node(str(file), key, ParseHints(input))


def reason(parsed: ParsedLayer) -> str:
    assert parsed.weights is None
    assert parsed.has_example_values
    return parsed.notes[-1].removeprefix("example values are shown, as the weights are ")


def test_weights_in_a_file_next_to_the_model_are_read(tmp_path: Path) -> None:
    one = node(external(tmp_path))
    assert one.weights is not None
    assert one.weights.kernel(1, 3).tolist() == W[3, 1].tolist()
    assert not one.has_example_values
    (tmp_path / "sub").mkdir()
    (tmp_path / "weights.data").rename(tmp_path / "sub" / "w")
    assert node(external(tmp_path, location="sub/w")).weights is not None


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({"location": "../outside.data"}, "in a file outside of the model's folder, which is not read"),
        ({"location": "missing.data"}, "in missing.data, which is missing"),
        ({"location": "."}, "in a file outside of the model's folder, which is not read"),
        ({"location": ""}, "in a file outside of the model's folder, which is not read"),
        ({"location": "a\0b"}, "in a file"),
        ({"offset": 10**9}, "in weights.data, which is too short"),
        ({"offset": -4}, "damaged"),
        ({"offset": "x"}, "in a file that cannot be found"),
        ({"length": 4}, "damaged"),
    ],
)
def test_weights_outside_of_the_folder_and_damaged_ones_are_not_read(
    entries: dict[str, Any], says: str, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "outside.data").write_bytes(W.tobytes())
    assert reason(node(external(folder, **entries))).startswith(says)
    absolute = external(folder, location=str(tmp_path / "outside.data"))
    assert reason(node(absolute)) == "in a file outside of the model's folder, which is not read"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    file = external(folder)
    (folder / "weights.data").rename(tmp_path / "outside.data")
    (folder / "weights.data").symlink_to(tmp_path / "outside.data")
    assert reason(node(file)) == "in a file outside of the model's folder, which is not read"
    (folder / "weights.data").unlink()
    (folder / "weights.data").symlink_to("/dev/zero")
    assert reason(node(file)) == "in a file outside of the model's folder, which is not read"


def test_huge_weights_are_not_read(tmp_path: Path) -> None:
    file = external(tmp_path)
    model = onnx.load(file, load_external_data=False)
    model.graph.initializer[0].dims[0] = 10**7
    file.write_bytes(model.SerializeToString())
    assert reason(node(file)) == "too large to be shown (687 MB)"


def test_large_weights_in_the_model_are_read(tmp_path: Path) -> None:
    large = np.arange(64 * 64 * 3 * 3, dtype=np.float32).reshape(64, 64, 3, 3)
    one = node(save(tmp_path / "large.onnx", [CONV], {"w": large}, (1, 64, 6, 8)))
    assert one.layer.output == (4, 6)
    assert one.weights is not None
    assert one.weights.kernel(63, 63).tolist() == large[63, 63].tolist()


def test_weights_of_other_nodes_are_example_values(tmp_path: Path) -> None:
    quantized = numpy_helper.from_array(np.ones((4, 2, 3, 3), np.int8), "q")
    scale = numpy_helper.from_array(np.float32(0.5), "s")
    nodes = [helper.make_node("DequantizeLinear", ["q", "s"], ["w"]), CONV]
    file = Path(save(tmp_path / "qdq.onnx", nodes, {}))
    model = onnx.load(file)
    model.graph.initializer.extend([quantized, scale])
    onnx.save(model, file)
    assert reason(node(file)) == "the output of DequantizeLinear, which is not computed"
    picture = parse_command(["layer", str(file), "--node", "node"], Path()).request()
    assert picture.options.title == "Conv: example values"
    text = CliRunner().invoke(main, ["layer", str(file), "--node", "node", "--json"], prog_name="convviz").stdout
    assert json.loads(text)["example_values"] is True


def test_weights_of_too_few_channels_are_example_values(tmp_path: Path) -> None:
    file = up_and_down(tmp_path / "model.onnx")
    options = ["layer", file, "--node", "y", "--channels"]
    assert parse_command([*options, "2"], Path()).request().options.title == "ConvTranspose: example values"
    assert parse_command([*options, "4"], Path()).request().options.title is None


def test_quantized_layers_are_layers(tmp_path: Path) -> None:
    tensors = {
        **{"w": np.ones((4, 2, 3, 3), np.int8), "s": np.float32(0.1), "z": np.int8(0)},
        **{"b": np.zeros(4, np.int32), "u": np.uint8(0)},
    }
    nodes = [
        helper.make_node("QLinearConv", ["x", "s", "u", "w", "s", "z", "s", "u", "b"], ["c"], name="q", pads=[1] * 4),
        helper.make_node("ConvInteger", ["c", "w2"], ["y"], name="i", strides=[2, 2]),
    ]
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, SIZE)],
        [helper.make_tensor_value_info("y", TensorProto.INT32, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in tensors.items()]
        + [numpy_helper.from_array(np.ones((3, 4, 2, 2), np.uint8), "w2")],
    )
    file = tmp_path / "quantized.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), file)
    assert [layer["operator"] for layer in onnx_layers_as_data(str(file))] == ["QLinearConv", "ConvInteger"]
    one = node(file, "q")
    assert (one.layer.output, one.in_channels, one.out_channels, one.bias) == ((6, 8), 2, 4, True)
    assert reason(one) == "quantized"
    assert (node(file, "i").layer.output, node(file, "i").bias) == ((3, 4), False)


def in_bodies(folder: Path) -> str:
    """A model whose convolutions are in the branches of an If, one of them in the body of a Loop."""
    info = helper.make_tensor_value_info
    loop = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "w"], ["looped"], name="inner"),
            helper.make_node("Identity", ["on"], ["still"]),
        ],
        "body",
        [info("step", TensorProto.INT64, []), info("on", TensorProto.BOOL, [])],
        [info("still", TensorProto.BOOL, []), info("looped", TensorProto.FLOAT, None)],
    )
    one = helper.make_graph(
        [helper.make_node("Loop", ["times", "yes"], ["stacked"], body=loop)],
        "one",
        [],
        [info("stacked", TensorProto.FLOAT, None)],
    )
    other = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["other"], strides=[2, 2])],
        "other",
        [],
        [info("other", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(W + 1, "w")],
    )
    graph = helper.make_graph(
        [
            helper.make_node("Constant", [], ["times"], value=numpy_helper.from_array(np.int64(2))),
            helper.make_node("If", ["yes"], ["y"], then_branch=one, else_branch=other),
        ],
        "graph",
        [info("x", TensorProto.FLOAT, SIZE), info("yes", TensorProto.BOOL, [])],
        [info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(W, "w")],
    )
    file = folder / "bodies.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), file)
    return str(file)


def test_layers_in_bodies_are_listed_and_read_with_their_weights(tmp_path: Path) -> None:
    file = in_bodies(tmp_path)
    found = {layer["number"]: layer["name"] for layer in onnx_layers_as_data(file)}
    assert found == {"1.then_branch.0.body.0": "inner", "1.else_branch.0": "other"}
    inner, other = node(file, "inner"), node(file, "1.else_branch.0")
    assert (inner.layer.output, other.layer.output) == ((4, 6), (2, 3))
    assert inner.weights is not None
    assert inner.weights.kernel(0, 0).tolist() == W[0, 0].tolist()
    assert other.weights is not None
    assert other.weights.kernel(0, 0).tolist() == (W[0, 0] + 1).tolist()


def test_sizes_follow_from_the_size_of_the_model(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], name="a", strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("MaxPool", ["c"], ["y"], name="b", kernel_shape=[2, 2], strides=[2, 2]),
    ]
    for size in (("N", 2, "H", "W"), (1, 2, 32, 32)):
        file = save(tmp_path / "symbolic.onnx", nodes, {"w": W}, size)
        a, b = onnx_layers_as_data(file, 640)
        assert (a["input"][1:], a["output"][1:], b["output"][1:]) == ((2, 640, 640), (4, 320, 320), (4, 160, 160))
        assert onnx_layers_as_data(file, (64, 32))[1]["input"][2:] == (32, 16)
        lines = list_onnx_layers(file, 640).split("\n")
        assert f"({size[0]}, 4, 320, 320) → ({size[0]}, 4, 160, 160)  k2 s2" in lines[1]
        assert lines[-1].endswith("--node a -i 640")


def test_the_listing_fits_the_terminal(tmp_path: Path) -> None:
    long = "/model.22/" + "very_long_module_name/" * 20 + "Conv"
    dim = "floor(height/2 - 1) + 1"
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"], name=long, pads=[1, 0, 2, 1], dilations=[2, 2])]
    file = save(tmp_path / "long.onnx", nodes, {"w": W}, ("batch", 2, dim, dim))
    for width in (80, 120, 200):
        *rows, blank, command = list_onnx_layers(file, None, width).split("\n")
        assert max(map(len, rows)) < width
        assert not blank
        assert command.endswith("--node 0 -i 12"), "the number is shorter than the name"
    assert "(batch,2,?,?) → (batch,4,?,?)" in rows[0]
    assert rows[0].endswith("k3 p1,2x0,1 d2")
    assert rows[0].split()[1].startswith("/model.22/")
    assert rows[0].split()[1].endswith("/Conv")


@pytest.mark.parametrize("name", ["a; touch touched", "it's", "$(touch touched)", "a\x1b[31mb\nc", "né", "--help", "3"])
def test_what_is_printed_can_be_pasted(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my models; no"
    folder.mkdir()
    monkeypatch.chdir(folder)
    file = save(Path("my model.onnx"), [helper.make_node("Conv", ["x", "w"], ["y"], name=name)], {"w": W})
    printed = CliRunner().invoke(main, ["layer", file], prog_name="convviz").stdout
    assert "\x1b" not in printed
    words = pasted(printed)
    explained = CliRunner().invoke(main, words, prog_name="convviz")
    assert explained.exit_code == 0, explained.output
    assert "\x1b" not in explained.output
    assert parse_command(pasted(explained.output)[:-2], Path()).request().animate().scene.steps == 24
    assert not Path("touched").exists()


def pasted(printed: str) -> list[str]:
    """The arguments of the command in the last line."""
    convviz, *words = shlex.split(printed.strip().split("\n")[-1].partition(": ")[2])
    assert convviz == "convviz"
    return words


def test_a_remark_says_who_gives_the_output(tmp_path: Path) -> None:
    file = Path(save(tmp_path / "wrong.onnx", [CONV], {"w": W}))
    assert not node(file).notes
    model = onnx.load(file)
    dims = model.graph.output[0].type.tensor_type
    for size in (1, 4, 7, 7):
        dims.shape.dim.add().dim_value = size
    onnx.save(model, file)
    assert node(file).notes == ("the file gives the output as (1, 4, 7, 7), which differs from ONNX's rules",)
    assert not node(file, input=9).notes


def test_a_model_of_other_kinds_says_what_they_are(tmp_path: Path) -> None:
    nodes = [helper.make_node("GlobalAveragePool", ["x"], ["m"], name="gap"), helper.make_node("Relu", ["m"], ["y"])]
    file = save(tmp_path / "other.onnx", nodes, {})
    with pytest.raises(ReadingError, match=r"has no layer to draw; .*it has GlobalAveragePool, Relu, which are"):
        list_onnx_layers(file)
    with pytest.raises(ReadingError, match="GlobalAveragePool is a global pooling: its window is the whole input"):
        node(file, "gap")
