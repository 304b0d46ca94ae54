"""Run by hand, with frameworks installed: the snippets of `convviz code`, run by the frameworks themselves.

    python -m tests.frameworks.check_code [torch] [keras] [jax] [onnx] [numpy] [--backward] [--random N] [--write]

Whole numbers take the place of the random ones; the output must be ours, exactly (means but for rounding), and have
the shape that the comment says; with --backward so must the gradients. Keras uses the backend of KERAS_BACKEND. Exit
code 1 where anything disagrees. With --write the snippets of tests.frameworks.snippets.TELLING that agree go to
tests/vectors/snippets.json.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import starmap
from typing import Any

import numpy as np

import tests
from convviz import GeometryError
from convviz.frameworks.codegen.backward import BACKWARD
from convviz.frameworks.codegen.generate import GENERATORS, code
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from tests.frameworks.snippets import TELLING, agrees, grid, integers, layer_of, run, some

MODULES = {"onnx": "onnxruntime"}
VECTORS = tests.VECTORS / "snippets.json"
SHOWN = 8


def result(framework: str, layer: Layer, rng: random.Random) -> tuple[np.ndarray, np.ndarray | None, np.ndarray, Any]:
    """Input, kernel and output of a snippet without batch and channels, and the shape of the output."""
    x = integers(rng, layer.input)
    w = None if isinstance(layer, Pool) else integers(rng, layer.kernel)

    def put(name: str, value: Any) -> Any:
        if name in ("x", "w"):
            given = x if name == "x" else w
            assert given is not None
            return like(value, given.reshape(value.shape))
        if name == "layer" and w is not None:
            weigh(framework, value, x, w)
        return value

    y = run(code(layer, framework), put)["y"]
    y = y.detach().numpy() if hasattr(y, "detach") else np.asarray(y)
    return x, w, y.reshape(layer.output) if y.size == np.prod(layer.output) else y, y.shape


def like(value: Any, given: np.ndarray) -> Any:
    """`given` as what `value` is: an array or a tensor of the same framework and type."""
    if isinstance(value, np.ndarray):
        return given.astype(value.dtype)
    module = type(value).__module__.split(".")[0]
    if module == "torch":
        return importlib.import_module("torch").tensor(given, dtype=value.dtype)
    if module == "jaxlib":
        return importlib.import_module("jax.numpy").asarray(given, dtype=value.dtype)
    return importlib.import_module("keras").ops.convert_to_tensor(given.astype(np.float32))


def weigh(framework: str, layer: Any, x: np.ndarray, w: np.ndarray) -> None:
    """Put a kernel into a live layer."""
    if framework == "torch":
        weight = layer.weight
        weight.data = importlib.import_module("torch").tensor(w.reshape(weight.shape), dtype=weight.dtype)
    else:
        layer.build((1, *[None] * x.ndim, 1))
        kernel, *bias = layer.get_weights()
        layer.set_weights([w.reshape(kernel.shape), *bias])


def gradients(framework: str, layer: Layer, rng: random.Random) -> str:
    """Whether the gradients of a snippet are ours: `agrees`, or how they are not."""
    x, dy = integers(rng, layer.input), integers(rng, layer.output)
    w = None if isinstance(layer, Pool) else integers(rng, layer.kernel)
    if framework == "keras" and isinstance(layer, MaxPool):
        x = np.array(rng.sample(range(x.size), x.size)).reshape(x.shape)  # no equal maxima, which share a gradient
    given = {"x": x, "w": w, "dy": dy}

    def put(name: str, value: Any) -> Any:
        if name == "layer" and w is not None:
            weigh(framework, value, x, w)
        return like(value, given[name].reshape(value.shape)) if given.get(name) is not None else value

    text = code(layer, framework, backward=True)
    scope = run(text, put)
    found = [np.asarray(scope[name]) for name in ("dx", "dw", "db") if name in scope]
    shapes = ", ".join(str(tuple(map(int, array.shape))) for array in found)
    if shapes != text.split("# ")[-1]:
        return f"shapes {shapes}, but the comment says {text.split('# ')[-1]}"
    ours = [*_gradients(layer, x, w, dy)]
    for one, other in zip(ours, [array.ravel() for array in found], strict=True):
        exact = not isinstance(layer, AvgPool)
        if not (np.array_equal(one.ravel(), other) if exact else np.allclose(one.ravel(), other, rtol=1e-5, atol=1e-5)):
            return f"other gradients: {other.tolist()}, not {one.tolist()}"
    return "agrees"


def _gradients(layer: Any, x: np.ndarray, w: np.ndarray | None, dy: np.ndarray) -> Iterator[np.ndarray]:
    if isinstance(layer, Pool):
        yield layer.gradient_input(dy) if isinstance(layer, AvgPool) else layer.gradient_input(dy, x)  # type: ignore[attr-defined]
    else:
        yield layer.gradient_input(dy, w)
        yield layer.gradient_weight(x, dy)
        yield layer.gradient_bias(dy)


def backward_verdicts(framework: str, layers: Iterator[Layer]) -> Iterator[tuple[Layer, str]]:
    """For each layer `agrees`, or how its gradients do not."""
    rng = random.Random(1)
    for layer in layers:
        try:
            yield layer, gradients(framework, layer, rng)
        except GeometryError:
            yield layer, "refused"
        except Exception as error:
            yield layer, f"{type(error).__name__}: {str(error)[:150]}"


def verdicts(framework: str, layers: Iterator[Layer]) -> Iterator[tuple[Layer, str]]:
    """For each layer `agrees`, or how it does not."""
    rng = random.Random(1)
    for layer in layers:
        try:
            code(layer, framework)
        except GeometryError:
            yield layer, "refused"
            continue
        try:
            x, w, y, shape = result(framework, layer, rng)
        except Exception as error:
            yield layer, f"{type(error).__name__}: {str(error)[:150]}"
            continue
        said = code(layer, framework).split("# ")[-1]
        if said != str(tuple(map(int, shape))):
            yield layer, f"shape {shape}, but the comment says {said}"
        else:
            yield layer, "agrees" if agrees(layer, x, w, y) else f"other numbers: {y.tolist()}"


def check(framework: str, count: int, backward: bool = False) -> int:
    """Print what agrees; the number of what does not."""
    try:
        module = importlib.import_module(MODULES.get(framework, framework))
    except ImportError as error:
        print(f"{framework}: cannot be run here ({error})")
        return 1
    if framework == "onnx":
        module.set_default_logger_severity(4)
    seen: Counter[str] = Counter()
    wrong = []
    for layer, verdict in (backward_verdicts if backward else verdicts)(
        framework, iter([*grid(), *some(count, seed=2)])
    ):
        kind = type(layer).__name__
        right = verdict in ("agrees", "refused")
        seen[f"{kind} {verdict if right else 'DISAGREES'}"] += 1
        wrong += [] if right else [f"{layer!r}: {verdict}"]
    backend = f" on {os.environ.get('KERAS_BACKEND', 'tensorflow')}" if framework == "keras" else ""
    print(f"{framework} {module.__version__}{backend}: {seen.total() - len(wrong)} of {seen.total()} agree")
    print("    " + ", ".join(f"{number} {words}" for words, number in sorted(seen.items())))
    for line in wrong[:SHOWN]:
        print(f"    {line}")
    return len(wrong)


def write() -> None:
    """Record snippets, forward and with gradients, that their frameworks agree with."""
    asked = [(framework, False) for framework in GENERATORS] + [(framework, True) for framework in BACKWARD]
    cases: list[dict[str, Any]] = []
    for framework, backward in asked:
        for (kind, given), layer in zip(TELLING, starmap(layer_of, TELLING), strict=True):
            ((_, verdict),) = (backward_verdicts if backward else verdicts)(framework, iter([layer]))
            assert verdict in ("agrees", "refused"), (framework, layer, verdict)
            if verdict == "agrees":
                text = code(layer, framework, backward=backward).splitlines()
                cases.append({"framework": framework, "kind": kind, "given": given, "backward": backward, "code": text})
    why = "Snippets as they were run by the frameworks, whose numbers were those of convviz."
    text = f'{{"why": "{why}",\n"cases": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]}\n"
    VECTORS.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    """Check the frameworks named, or all."""
    if "--write" in words:
        write()
        return 0
    count = int(words.pop(words.index("--random") + 1)) if "--random" in words else 600
    backward = "--backward" in words
    names = [word for word in words if not word.startswith("--")] or list(BACKWARD if backward else GENERATORS)
    return 1 if sum(check(name, count, backward) for name in names) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
