"""Run by hand, with jax and flax installed: lines of code against what JAX and Flax make of them.

    python -m tests.frameworks.check_jax [random cases]

Exit code 1 where sizes, numbers or refusals disagree; what convviz says that it cannot draw is counted on its own.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import Any

import flax
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from jax import lax

from convviz.frameworks.parse import flax as flax_parser
from convviz.frameworks.parse import jax as jax_parser
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from tests.frameworks.parse_cases import Code, Dice, output, report, same_signature, verdict

PLACES = {"lax": lax, "jax": jax, "jnp": jnp, "nn": linen, "linen": linen, "nnx": nnx}


def signatures() -> Iterator[tuple[str, str]]:
    for name, spec in jax_parser.SPECS.items():
        yield f"lax.{name}", same_signature(spec.signature, getattr(lax, name))
    for name, spec in flax_parser.LINEN_SPECS.items():
        yield f"nn.{name}", same_signature(spec.signature, getattr(linen, name))
    for name, spec in flax_parser.NNX_SPECS.items():
        yield f"nnx.{name}", same_signature(spec.signature, inspect.unwrap(getattr(nnx, name).__init__), ("self",))


def pairs(dice: Dice, axes: int, low: int, high: int) -> Any:
    return [(dice.randint(low, high), dice.randint(low, high)) for _ in range(axes)]


def seen(x: np.ndarray, spec: str) -> np.ndarray:
    """An array by the names of its axes as (N or O, C or I, …)."""
    order = [spec.index(letter) for letter in ("N" if "N" in spec else "O", "C" if "C" in spec else "I")]
    return x.transpose(*order, *[spec.index(letter) for letter in "HW" if letter in spec])


def transposed(seed: int) -> tuple[str, str]:
    dice = Dice(seed)
    axes, swapped = dice.randint(1, 2), dice.random() < 0.5
    plain = ("NHC", "HIO", "NHC") if axes == 1 else ("NHWC", "HWIO", "NHWC")
    specs = dice.choice([plain, plain, ("NCH", "OIH", "NCH") if axes == 1 else ("NCHW", "OIHW", "NCHW")])
    sizes = {"N": 1, "C": dice.randint(1, 3), "O": dice.randint(1, 3)}
    sizes["I"] = sizes["C"]
    left = {**sizes, **{letter: dice.randint(1, 6) for letter in "HW"}}
    right = {**sizes, **{letter: dice.randint(1, 4) for letter in "HW"}}
    if swapped:
        right["I"], right["O"] = right["O"], right["I"]
    x = dice.array(*[left[letter] for letter in specs[0]]).astype("float32")
    w = dice.array(*[right[letter] for letter in specs[1]]).astype("float32")
    names = ["SAME", "VALID", "same", "SAME_LOWER", "FULL"]
    required = {
        "lhs": Code(f"jnp.ones({x.shape})"),
        "rhs": Code(f"jnp.zeros({w.shape})"),
        "strides": tuple(dice.randint(1, 3) for _ in range(axes)),
        "padding": dice.choice([*names[:2], *names, pairs(dice, axes, 0, 5), pairs(dice, axes, 0, 2)]),
    }
    if swapped:
        required["transpose_kernel"] = True
    if specs is not plain:
        required["dimension_numbers"] = specs
    others = {
        "rhs_dilation": tuple(dice.randint(1, 2) for _ in range(axes)),
        "use_consistent_padding": dice.random() < 0.3,
    }
    line = dice.line("lax.conv_transpose", required, others, ["lhs", "rhs", "strides", "padding"])
    run = line.replace(required["lhs"], "x").replace(required["rhs"], "w")

    def ours(parsed: ParsedLayer) -> np.ndarray:
        kernel = seen(w, specs[1])
        return output(parsed, seen(x, specs[0]), kernel if swapped else kernel.swapaxes(0, 1))

    def theirs() -> np.ndarray:
        return seen(np.asarray(eval(run, {**PLACES, "x": jnp.asarray(x), "w": jnp.asarray(w)})), specs[2])

    return line, verdict(line, ParseHints(), theirs, ours)


def general(seed: int) -> tuple[str, str]:
    dice = Dice(seed)
    axes, groups, ins, outs = dice.randint(1, 2), dice.randint(1, 2), dice.randint(1, 2), dice.randint(1, 2)
    spread = dice.random() < 0.4
    groups = 1 if spread else groups
    x = dice.array(1, groups * ins, *[dice.randint(1, 6) for _ in range(axes)]).astype("float32")
    w = dice.array(groups * outs, ins, *[dice.randint(1, 4) for _ in range(axes)]).astype("float32")
    low = -1 if dice.random() < 0.1 else 0
    required = {
        "lhs": Code(f"jnp.ones({x.shape})"),
        "rhs": Code(f"jnp.zeros({w.shape})"),
        "window_strides": (1,) * axes if spread else tuple(dice.randint(1, 3) for _ in range(axes)),
        "padding": dice.choice(["SAME", "VALID", "valid", "SAME_LOWER", "FULL", pairs(dice, axes, low, 3)]),
        "feature_group_count": groups,
    }
    if spread:
        required["lhs_dilation"] = tuple(dice.randint(1, 3) for _ in range(axes))
    others = {"rhs_dilation": tuple(dice.randint(1, 2) for _ in range(axes))}
    order = jax_parser.SPECS["conv_general_dilated"].signature.positional
    line = dice.line("jax.lax.conv_general_dilated", required, others, order)
    run = line.replace(required["lhs"], "x").replace(required["rhs"], "w")

    def ours(parsed: ParsedLayer) -> np.ndarray:
        return output(parsed, x, w.swapaxes(0, 1) if parsed.flipped else w)

    def theirs() -> np.ndarray:
        return np.asarray(eval(run, {**PLACES, "x": jnp.asarray(x), "w": jnp.asarray(w)}))

    return line, verdict(line, ParseHints(), theirs, ours)


def modules(seed: int, back: bool, new: bool) -> tuple[str, str]:
    """Linen's and NNX's modules."""
    dice = Dice(seed)
    axes, groups = dice.randint(1, 2), 1 if back else dice.randint(1, 2)
    ins, outs = groups * dice.randint(1, 2), groups * dice.randint(1, 2)
    kernel = tuple(dice.randint(1, 4) for _ in range(axes))
    names = ["SAME", "VALID", "CIRCULAR", "REFLECT", "CAUSAL", dice.randint(0, 3), pairs(dice, axes, 0, 3)]
    others: dict[str, Any] = {
        "strides": dice.choice([tuple(dice.randint(1, 3) for _ in range(axes)), None]),
        "padding": dice.choice([*names, [dice.randint(0, 2) for _ in range(axes)]]),
        "kernel_dilation": dice.choice([None, tuple(dice.randint(1, 2) for _ in range(axes))]),
        "use_bias": dice.random() < 0.5,
    }
    required: dict[str, Any] = {"in_features": ins, "out_features": outs} if new else {"features": outs}
    required["kernel_size"] = kernel if axes == 2 or dice.random() < 0.5 else kernel[0]
    if back:
        others["transpose_kernel"] = dice.random() < 0.5
    else:
        required["feature_group_count"] = groups
    if new:
        required["rngs"] = Code("nnx.Rngs(0)")
    name = "ConvTranspose" if back else "Conv"
    specs = flax_parser.NNX_SPECS if new else flax_parser.LINEN_SPECS
    line = dice.line(f"{'nnx' if new else 'nn'}.{name}", required, others, specs[name].signature.positional)
    x = dice.array(1, *[dice.randint(1, 6) for _ in range(axes)], ins).astype("float32")
    made: list[Any] = []

    def theirs() -> np.ndarray:
        layer = eval(line, PLACES)
        if new:
            layer.kernel.set_value(jnp.asarray(dice.array(*layer.kernel.shape).astype("float32")))
            made.extend([layer, np.asarray(layer.kernel.get_value())])
            return np.moveaxis(np.asarray(layer(jnp.asarray(x))), -1, 1)
        kept = layer.init(jax.random.key(0), jnp.asarray(x))
        numbers = dice.array(*kept["params"]["kernel"].shape).astype("float32")
        kept = {"params": {**kept["params"], "kernel": jnp.asarray(numbers)}}
        made.extend([layer, numbers])
        return np.moveaxis(np.asarray(layer.apply(kept, jnp.asarray(x))), -1, 1)

    def ours(parsed: ParsedLayer) -> np.ndarray:
        layer, numbers = made
        w = np.moveaxis(numbers, (-1, -2), (0, 1))
        if back and not layer.transpose_kernel:
            w = w.swapaxes(0, 1)
        return output(parsed, np.moveaxis(x, -1, 1), w)

    return f"{line} on {x.shape}", verdict(line, ParseHints(input=x.shape[1:-1]), theirs, ours)


def pooling(seed: int) -> tuple[str, str]:
    dice = Dice(seed)
    axes, mean = dice.randint(1, 2), dice.random() < 0.5
    required = {"inputs": Code("x"), "window_shape": tuple(dice.randint(1, 4) for _ in range(axes))}
    others = {
        "strides": tuple(dice.randint(1, 3) for _ in range(axes)),
        "padding": dice.choice(["SAME", "VALID", pairs(dice, axes, 0, 1)]),
    }
    if mean:
        others["count_include_pad"] = dice.random() < 0.5
    order = ["inputs", "window_shape"]
    line = dice.line(f"nn.{'avg' if mean else 'max'}_pool", required, others, order)
    x = dice.array(1, *[dice.randint(1, 8) for _ in range(axes)], 2).astype("float32")

    def theirs() -> np.ndarray:
        return np.moveaxis(np.asarray(eval(line, {**PLACES, "x": jnp.asarray(x)})), -1, 1)

    said = verdict(line, ParseHints(x.shape[1:-1]), theirs, lambda parsed: output(parsed, np.moveaxis(x, -1, 1), None))
    return f"{line} on {x.shape}", said


def main(count: int) -> int:
    seeds = range(count)
    checks = {
        "signatures": signatures(),
        "lax.conv_transpose": (transposed(seed) for seed in seeds),
        "lax.conv_general_dilated": (general(seed) for seed in seeds),
        "Linen, convolution": (modules(seed, False, False) for seed in seeds),
        "Linen, transposed": (modules(seed, True, False) for seed in seeds),
        "NNX, convolution": (modules(seed, False, True) for seed in seeds),
        "NNX, transposed": (modules(seed, True, True) for seed in seeds),
        "Linen, pooling": (pooling(seed) for seed in seeds),
    }
    return 1 if report(checks, f"jax {jax.__version__}, flax {flax.__version__}") else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
