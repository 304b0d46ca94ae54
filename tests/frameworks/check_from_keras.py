"""Run by hand, with keras and a backend installed: lines of code and live layers against what Keras makes of them.

    KERAS_BACKEND=tensorflow python -m tests.frameworks.check_from_keras [random cases]

Keras's backends disagree in a few layers; those that convviz remarks on for this backend count as not drawn. Exit
code 1 where sizes, numbers or refusals disagree otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from convviz import from_keras
from convviz.frameworks.parse import keras as keras_parser
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.parser import parse_code
from tests.frameworks.parse_cases import Dice, output, report, same_signature, verdict

PLACES = {"keras": keras, "layers": keras.layers}


def signatures() -> Iterator[tuple[str, str]]:
    for name, spec in keras_parser.SPECS.items():
        kind = getattr(keras.layers, name, None)
        if kind is None:
            yield name, "keras has no such layer"
            continue
        own = set(spec.signature.names) - set(spec.signature.positional)
        said = same_signature(spec.signature, kind.__init__, ("self", "kwargs"))
        yield name, said if own else "no keywords"


def first(x: np.ndarray, last: bool) -> np.ndarray:
    """Channels first."""
    return np.moveaxis(x, -1, 1) if last else x


def layer(seed: int, back: bool) -> tuple[str, str]:
    dice = Dice(seed)
    axes = dice.randint(1, 2)
    last = keras.backend.backend() == "tensorflow" or dice.random() < 0.7
    groups, ins, outs = 1 if back else dice.randint(1, 2), dice.randint(1, 3), dice.randint(1, 3)
    spread = dice.random() < 0.3
    others = {
        "strides": 1 if spread else dice.sizes(axes, 1, 4),
        "padding": dice.choice(["same", "valid", "SAME", *(["causal"] if axes == 1 else [])]),
        "dilation_rate": dice.sizes(axes, 1, 3) if spread else 1,
        "use_bias": dice.random() < 0.5,
        "activation": None,
    }
    required: dict[str, Any] = {"filters": groups * outs, "kernel_size": dice.sizes(axes, 1, 5)}
    if back and dice.random() < 0.6:
        required["output_padding"] = dice.sizes(axes, 0, 3)
    if not back:
        required["groups"] = groups
    if not last:
        required["data_format"] = "channels_first"
    name = f"Conv{axes}D{'Transpose' * back}"
    prefix = dice.choice(["layers", "keras.layers"])
    line = dice.line(f"{prefix}.{name}", required, others, keras_parser.SPECS[name].signature.positional)
    cells = tuple(dice.randint(1, 8) for _ in range(axes))
    x = dice.array(1, *cells, groups * ins) if last else dice.array(1, groups * ins, *cells)
    made: list[Any] = []

    def theirs() -> np.ndarray:
        built = eval(line, PLACES)
        built.build(x.shape)
        built.set_weights([dice.array(*weight.shape) for weight in built.get_weights()])
        result = first(keras.ops.convert_to_numpy(built(x.astype("float32"))), last)
        made.extend([built, result])
        return result

    def ours(parsed: ParsedLayer) -> np.ndarray:
        kernel, *bias = made[0].get_weights()
        ordered = np.moveaxis(kernel, (-1, -2), (0, 1))
        return output(parsed, first(x, last), ordered.astype(float), bias[0].astype(float) if bias else None)

    said = verdict(line, ParseHints(input=cells), theirs, ours)
    if said == "value":
        alive = from_keras(made[0], x)
        said = said if np.allclose(alive(), made[1][0], atol=1e-3) else "from_keras gives other numbers"
    if said not in ("value", "refusal"):
        said = remarked(said, line, cells)
    return f"{line} on {x.shape}", said


def remarked(said: str, line: str, cells: tuple[int, ...]) -> str:
    """`not drawn` where convviz remarks that Keras differs on this backend."""
    backend = {"tensorflow": "on TensorFlow", "torch": "on PyTorch", "jax": "on JAX"}[keras.backend.backend()]
    remarks = parse_code(line, ParseHints(input=cells)).notes if "refused:" not in said[:8] else ()
    return "not drawn" if any(remark.startswith(f"Keras {backend}") for remark in remarks) else said


def pooling(seed: int) -> tuple[str, str]:
    dice = Dice(seed)
    axes, mean = dice.randint(1, 2), dice.random() < 0.5
    name = f"{'Average' if mean else 'Max'}Pooling{axes}D"
    others = {"strides": dice.choice([None, dice.sizes(axes, 1, 4)]), "padding": dice.choice(["same", "valid"])}
    required = {"pool_size": dice.sizes(axes, 1, 4)}
    line = dice.line(f"layers.{name}", required, others, keras_parser.SPECS[name].signature.positional)
    least = 4 if keras.backend.backend() == "tensorflow" else 1  # it ends the whole process for some larger windows
    x = dice.array(1, *[dice.randint(least, 9) for _ in range(axes)], 2)

    def theirs() -> np.ndarray:
        return first(keras.ops.convert_to_numpy(eval(line, PLACES)(x.astype("float32"))), True)

    said = verdict(line, ParseHints(x.shape[1:-1]), theirs, lambda parsed: output(parsed, first(x, True), None))
    if said == "value":
        alive = from_keras(eval(line, PLACES), x)
        said = said if np.allclose(alive(), theirs()[0], atol=1e-3) else "from_keras gives other numbers"
    if said == "other numbers":
        said = remarked(said, line, x.shape[1:-1])
    return f"{line} on {x.shape}", said


def main(count: int) -> int:
    checks = {
        "signatures": signatures(),
        "convolutions": (layer(seed, False) for seed in range(count)),
        "transposed convolutions": (layer(seed, True) for seed in range(count)),
        "poolings": (pooling(seed) for seed in range(count)),
    }
    return 1 if report(checks, f"keras {keras.__version__} on {keras.backend.backend()}") else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
