"""Run by hand, with onnx and onnxruntime installed: nodes of random models against onnxruntime and ONNX's reference.

    python -m tests.frameworks.check_onnx_models [random cases]

A case holds where convviz agrees with onnxruntime, or, where the two implementations differ, with either. It is counted
as not drawn where convviz agrees with neither and remarks that they differ. Exit code 1 where it says nothing.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from convviz import ConvvizError
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.onnx import parse_onnx_node
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from tests.frameworks.parse_cases import Dice, output, report


def model(op: str, attributes: dict[str, Any], x: np.ndarray, tensors: list[np.ndarray]) -> onnx.ModelProto:
    names = ["w", "b"][: len(tensors)]
    known = {key: value for key, value in attributes.items() if value is not None}
    node = helper.make_node(op, ["x", *names], ["y"], name="node", **known)
    graph = helper.make_graph(
        [node],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(tensor.astype("float32"), name) for tensor, name in zip(tensors, names, strict=True)],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def case(op: str, seed: int) -> tuple[onnx.ModelProto, np.ndarray, list[np.ndarray], dict[str, Any]]:
    dice = Dice(seed)
    axes = dice.randint(1, 2)
    several = [lambda low, high: [dice.randint(low, high) for _ in range(axes)]][0]
    kernel, strides, dilations = several(1, 4), several(1, 3), several(1, 2)
    cells = several(1, 7)
    attributes: dict[str, Any] = {
        "kernel_shape": dice.choice([None, kernel]) if "Conv" in op else kernel,
        "strides": dice.choice([None, strides]),
        "dilations": dice.choice([None, dilations]),
    }
    if dice.random() < 0.4:
        attributes["auto_pad"] = dice.choice(["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"])
    else:
        most = 3 if "Conv" in op else min(kernel) - 1
        attributes["pads"] = [dice.randint(0, most) for _ in range(2 * axes)]
    groups, ins, outs = dice.randint(1, 2), dice.randint(1, 2), dice.randint(1, 2)
    tensors: list[np.ndarray] = []
    if "Conv" in op:
        attributes["group"] = groups
        leading = (groups * ins, outs) if op == "ConvTranspose" else (groups * outs, ins)
        tensors = [dice.array(*leading, *kernel)] + ([dice.array(groups * outs)] if dice.random() < 0.5 else [])
    elif dice.random() < 0.5:
        attributes["ceil_mode"] = 1
    if op == "AveragePool":
        attributes["count_include_pad"] = dice.choice([None, 0, 1])
    if op == "ConvTranspose" and dice.random() < 0.4:
        attributes["output_padding"] = several(0, 1)
    if op == "ConvTranspose" and dice.random() < 0.4:
        s = attributes["strides"] or [1] * axes
        attributes["output_shape"] = [max(1, i * step + dice.randint(-2, 1)) for i, step in zip(cells, s, strict=True)]
    x = dice.array(1, groups * ins, *cells)
    return model(op, attributes, x, tensors), x, tensors, attributes


def attempt(run: Any) -> Any:
    try:
        return run()
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:80]}"


def verdict(op: str, seed: int, folder: Path) -> tuple[str, str]:
    made, x, tensors, attributes = case(op, seed)
    path = folder / "case.onnx"
    onnx.save(made, path)
    words = f"{op} {attributes} on {x.shape}"
    feed = {"x": x.astype("float32")}

    def by_runtime() -> np.ndarray:
        quiet = onnxruntime.SessionOptions()
        quiet.log_severity_level = 4
        session = onnxruntime.InferenceSession(path.read_bytes(), quiet, providers=["CPUExecutionProvider"])
        return session.run(None, feed)[0]

    def by_reference() -> np.ndarray:
        return ReferenceEvaluator(made).run(None, feed)[0]

    try:
        parsed: ParsedLayer | ConvvizError = parse_onnx_node(str(path), "node", ParseHints())
    except ConvvizError as error:
        parsed = error
    theirs = attempt(by_runtime)
    if agrees(parsed, theirs, x, tensors):
        return words, "refusal" if isinstance(parsed, ConvvizError) else "value"
    other = attempt(by_reference)
    if agrees(parsed, other, x, tensors):
        return words, "not drawn" if isinstance(parsed, ConvvizError) else "value"
    if isinstance(parsed, ParsedLayer) and any("differ" in note for note in parsed.notes):
        return words, "not drawn"
    if isinstance(parsed, ConvvizError) and not same(theirs, other):
        return words, "not drawn"
    ours = str(parsed) if isinstance(parsed, ConvvizError) else str(parsed.layer)
    shown = [one if isinstance(one, str) else one.shape for one in (theirs, other)]
    return words, f"{ours}\n            onnxruntime {shown[0]}\n            reference {shown[1]}"


def same(theirs: Any, other: Any) -> bool:
    """Whether the two implementations agree."""
    if isinstance(theirs, str) or isinstance(other, str):
        return type(theirs) is type(other)
    return theirs.shape == other.shape and np.allclose(theirs, other)


def agrees(parsed: ParsedLayer | ConvvizError, theirs: Any, x: np.ndarray, tensors: list[np.ndarray]) -> bool:
    if isinstance(theirs, str) or 0 in theirs.shape or not np.isfinite(theirs).all():
        return isinstance(parsed, ConvvizError)
    if isinstance(parsed, ConvvizError):
        return False
    if "Pool" not in parsed.name and parsed.weights is not None:
        assert np.array_equal(parsed.weights.weight, tensors[0])
    ours = output(parsed, x, *tensors) if tensors else output(parsed, x, None)
    theirs = np.where(theirs < -3e38, -np.inf, theirs)  # the maximum over padding alone
    return ours.shape == theirs.shape and np.allclose(ours, theirs, rtol=1e-5, atol=1e-4)


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        checks = {
            op: [verdict(op, seed, Path(folder)) for seed in range(count)]
            for op in ("Conv", "ConvTranspose", "MaxPool", "AveragePool")
        }
        versions = f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
        return 1 if report(checks, versions) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
