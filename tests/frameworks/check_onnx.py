"""Run by hand, with onnx installed: ONNX's own test cases for convolution and pooling, as far as they can be said.

    python -m tests.frameworks.check_onnx

Prints which cases hold and which cannot be expressed, with the reason; exit code 1 where a value is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx.backend.test.loader import load_model_tests

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.pooling import AvgPool, MaxPool

NAMED = {"SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": "valid"}
Attributes = dict[str, Any]


class CannotSayError(Exception):
    """The case is outside what convviz has."""


def padding(attributes: Attributes, axes: int) -> Any:
    """`auto_pad` as a name, `pads` (begins, then ends) as a pair for each axis."""
    auto = attributes.get("auto_pad", b"NOTSET").decode()
    if auto != "NOTSET":
        return NAMED[auto]
    pads = attributes.get("pads", [0] * 2 * axes)
    return tuple(zip(pads[:axes], pads[axes:], strict=True))


def shape(attributes: Attributes, inputs: list[np.ndarray]) -> tuple[tuple[int, ...], Attributes]:
    """The size of the input, and what all four operators share."""
    size = inputs[0].shape[2:]
    axes = len(size)
    if axes > 2:
        raise CannotSayError(f"{axes}-D")
    kernel = tuple(attributes.get("kernel_shape") or inputs[1].shape[2:])
    shared = {"kernel": kernel, "stride": tuple(attributes.get("strides", [1] * axes))}
    return size, {**shared, "dilation": tuple(attributes.get("dilations", [1] * axes))}


def conv(attributes: Attributes, inputs: list[np.ndarray]) -> np.ndarray:
    size, given = shape(attributes, inputs)
    layer = Conv(size, padding=padding(attributes, len(size)), **given)
    return layer(*inputs, groups=attributes.get("group", 1))


def conv_transpose(attributes: Attributes, inputs: list[np.ndarray]) -> np.ndarray:
    """With `output_shape` the crop follows from it, an odd cell at the start unless SAME_UPPER says otherwise."""
    size, given = shape(attributes, inputs)
    pads = padding(attributes, len(size))
    extra = tuple(attributes.get("output_padding", [0] * len(size)))
    target = attributes.get("output_shape")
    if target and not isinstance(pads, str):
        full = ConvTranspose(size, **given, output_padding=extra).output
        totals = [whole - wanted for whole, wanted in zip(full, target, strict=True)]
        if min(totals) < 0:
            given["output"] = tuple(target)
            extra = None
        else:
            pads = tuple((total - total // 2, total // 2) for total in totals)
    elif target:
        given["output"] = tuple(target)
        extra = None
    layer = ConvTranspose(size, padding=pads, output_padding=extra if extra and any(extra) else None, **given)
    return layer(*inputs, groups=attributes.get("group", 1))


def max_pool(attributes: Attributes, inputs: list[np.ndarray]) -> np.ndarray:
    size, given = shape(attributes, inputs)
    layer = MaxPool(size, padding=padding(attributes, len(size)), ceil_mode=bool(attributes.get("ceil_mode")), **given)
    return layer(inputs[0])


def average_pool(attributes: Attributes, inputs: list[np.ndarray]) -> np.ndarray:
    size, given = shape(attributes, inputs)
    ceil, include = bool(attributes.get("ceil_mode")), bool(attributes.get("count_include_pad"))
    if set(given["dilation"]) == {1}:
        del given["dilation"]
    pads = padding(attributes, len(size))
    try:
        return AvgPool(size, padding=pads, ceil_mode=ceil, count_include_pad=include, **given)(inputs[0])
    except TypeError:
        raise CannotSayError("an average pooling has no dilation") from None


OPERATORS: dict[str, Callable[[Attributes, list[np.ndarray]], np.ndarray]] = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "AveragePool": average_pool,
    "MaxPool": max_pool,
}


def verdict(operator: str, attributes: Attributes, data: Any, tolerance: dict[str, float]) -> str:
    """`holds`, `cannot be said: …` or `wrong: …`; only the first output counts (no positions of maxima)."""
    inputs, outputs = data
    try:
        found = OPERATORS[operator](attributes, list(inputs))
    except CannotSayError as reason:
        return f"cannot be said: {reason}"
    except GeometryError as error:
        return f"cannot be said: refused, {error}"
    if found.shape != outputs[0].shape:
        return f"wrong: size {found.shape}, not {outputs[0].shape}"
    if not np.allclose(found, outputs[0], **tolerance):
        return f"wrong: values differ by {np.abs(found - outputs[0]).max()}"
    more = "; the positions of the maxima are not checked" if len(outputs) > 1 else ""
    return f"holds{more}"


def main() -> int:
    found: list[tuple[str, str]] = []
    for case in load_model_tests(kind="node"):
        nodes = case.model.graph.node if case.model else []
        if len(nodes) == 1 and nodes[0].op_type in OPERATORS:
            attributes = {one.name: onnx.helper.get_attribute_value(one) for one in nodes[0].attribute}
            tolerance = {"rtol": case.rtol, "atol": case.atol}
            said = [verdict(nodes[0].op_type, attributes, data, tolerance) for data in case.data_sets]
            found.append((case.name, next((line for line in said if not line.startswith("holds")), said[0])))
    for name, said in sorted(found, key=lambda one: (one[1], one[0])):
        print(f"{name.removeprefix('test_'):80} {said}")
    wrong = sum(said.startswith("wrong") for _, said in found)
    holding = sum(said.startswith("holds") for _, said in found)
    print(
        f"onnx {onnx.__version__}: {holding} of {len(found)} hold, {len(found) - holding - wrong} cannot be said,",
        end="",
    )
    print(f" {wrong} wrong")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
