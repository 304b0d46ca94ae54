"""Run by hand, with frameworks installed: the calls of `convviz compare`, made, and their numbers.

    python -m tests.frameworks.check_compare [torch] [keras] [jax] [onnx] [--write]

A call without a remark, or with one that says what comes nearest, must give the numbers that `convviz compare` says;
one that convviz says is refused must be refused. Exit code 1 where anything disagrees. With --write some of them go to
tests/vectors/frameworks.json, as the frameworks have it.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

import tests
from convviz import Conv, ConvTranspose, GeometryError
from convviz.frameworks.conventions.convention import Convention
from convviz.frameworks.conventions.table import CONVENTIONS, conventions_of
from convviz.layers.convolution import ConvLayer
from tests.frameworks.snippets import integers

VECTORS = tests.VECTORS / "frameworks.json"
BESIDE = ("does the rest", "no output padding")
"""Remarks that say that a line beside the call, or its absence, makes the difference."""


def layers() -> Iterator[ConvLayer]:
    """Parameters of one axis, and some of two."""
    for i, k, s, d in product((1, 4, 5), (1, 2, 3, 4, 5), (1, 2, 3), (1, 2)):
        for padding in ("same", "same_lower", "valid", "half", "full", (0,), (1,), ((0, 1),)):
            given: dict[str, Any] = {"input": (i,), "kernel": k, "stride": s, "padding": padding, "dilation": d}
            for kind, extra in ((Conv, {}), (ConvTranspose, {}), (ConvTranspose, {"output_padding": 1})):
                try:
                    yield kind(**given, **extra)
                except GeometryError:
                    continue
    for padding in ("same", "valid", 1, (1, 0)):
        yield Conv((6, 5), (3, 2), (2, 1), padding)
        yield ConvTranspose((3, 4), (3, 4), (2, 3), padding)


def made(convention: Convention, layer: ConvLayer, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The numbers of a call, without batch and channels."""
    first, last = (1, 1, *x.shape), (1, *x.shape, 1)
    if convention.framework == "torch":
        torch = importlib.import_module("torch")
        module = eval(convention.call, {"nn": torch.nn})
        module.weight.data = torch.tensor(w, dtype=torch.float32).reshape(module.weight.shape)
        module.bias.data.zero_()
        return module(torch.tensor(x, dtype=torch.float32).reshape(first)).detach().numpy()[0, 0]
    if convention.framework == "keras":
        keras = importlib.import_module("keras")
        module = eval(convention.call, {"keras": keras})
        module.build((1, *[None] * x.ndim, 1))
        module.set_weights([w.reshape((*w.shape, 1, 1)).astype(np.float32), np.zeros(1)])
        return np.asarray(module(x.reshape(last).astype(np.float32)))[0, ..., 0]
    if convention.framework == "jax":
        transposed = isinstance(layer, ConvTranspose)
        given = {"x": x.reshape(last if transposed else first).astype(np.float32)}
        given["w"] = w.reshape((*w.shape, 1, 1) if transposed else (1, 1, *w.shape)).astype(np.float32)
        y = np.asarray(eval(convention.call, given | {"lax": importlib.import_module("jax.lax")}))
        return y[0, ..., 0] if transposed else y[0, 0]
    return of_onnx(convention.call, x.reshape(first), w.reshape((1, 1, *w.shape)))[0, 0]


def of_onnx(node: str, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    onnx, runtime = importlib.import_module("onnx.parser"), importlib.import_module("onnxruntime")
    runtime.set_default_logger_severity(4)
    names = (f"float[{','.join(map(str, given.shape))}] {name}" for name, given in (("x", x), ("w", w)))
    free = ",".join("abcd"[: x.ndim])
    text = (
        f'<ir_version: 10, opset_import: ["": 21]> g ({", ".join(names)}) => (float[{free}] y) {{ y = {node} (x, w) }}'
    )
    session = runtime.InferenceSession(onnx.parse_model(text).SerializeToString())
    return session.run(None, {"x": x.astype(np.float32), "w": w.astype(np.float32)})[0]


def verdict(convention: Convention, layer: ConvLayer, rng: random.Random) -> str:
    if any(words in convention.note for words in BESIDE):
        return "beside"
    x, w = integers(rng, layer.input), integers(rng, layer.kernel)
    try:
        y = made(convention, layer, x, w)
    except Exception as error:
        return "refused" if convention.layer is None else f"REFUSED: {str(error)[:110]!r}"
    if convention.layer is None:
        return "beyond" if "these numbers" in convention.note else f"TAKEN: {y.shape}"
    ours = convention.layer(x, convention.kernel(w))
    return "agrees" if np.array_equal(ours, y) else f"OTHER NUMBERS: {y.tolist()} and ours {ours.tolist()}"


def recorded(name: str) -> Iterator[dict[str, Any]]:
    """Some cases as a framework has them: the call, the input, the kernel, and the output or none."""
    rng = random.Random(4)
    every = list(layers())
    longer = [layer for layer in every if layer.named_padding == "same" and any(layer.output_padding)]
    for layer in (*every[::29], *longer[::6]):
        (convention,) = conventions_of(layer, [name])
        if any(words in convention.note for words in (*BESIDE, "these numbers")):
            continue
        x, w = integers(rng, layer.input), integers(rng, layer.kernel)
        try:
            y = made(convention, layer, x, w).astype(int).tolist()
        except Exception:
            y = None
        given = {key: getattr(layer, key) for key in ("input", "kernel", "stride", "dilation")}
        given["padding"] = layer.named_padding or layer.padding
        if isinstance(layer, ConvTranspose):
            given["output_padding"] = layer.output_padding
        kind = "transposed" if isinstance(layer, ConvTranspose) else "conv"
        yield {
            "framework": name,
            "kind": kind,
            "given": given,
            "call": convention.call,
            "x": x.tolist(),
            "w": w.tolist(),
            "y": y,
        }


def write() -> None:
    """Record cases of all frameworks."""
    cases = [json.dumps(case) for name in CONVENTIONS for case in recorded(name)]
    why = "What the frameworks make of the same parameters: named padding, the odd cell, reversed kernels, refusals."
    VECTORS.write_text(f'{{"why": "{why}",\n"cases": [\n' + ",\n".join(cases) + "\n]}\n", encoding="utf-8")


def main(names: list[str]) -> int:
    """Check the frameworks named, or all."""
    failed = 0
    if "--write" in names:
        write()
        return 0
    for name in names or list(CONVENTIONS):
        rng, seen, wrong = random.Random(3), Counter[str](), []
        for layer in layers():
            (convention,) = conventions_of(layer, [name])
            found = verdict(convention, layer, rng)
            seen[found.split(":")[0]] += 1
            wrong += [f"{layer!r}: {convention.call}: {found}"] if ":" in found else []
        version = importlib.import_module("onnxruntime" if name == "onnx" else name).__version__
        print(f"{name} {version}: " + ", ".join(f"{count} {words}" for words, count in sorted(seen.items())))
        for line in wrong[:6]:
            print(f"    {line}"[:600])
        failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
