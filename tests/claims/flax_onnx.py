"""Random layers as calls of Flax, and as nodes of ONNX models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from onnx import helper

from tests.claims.code import Drawn
from tests.claims.padding import named_crop, named_padding, reach
from tests.claims.plain import Pairs, Plain
from tests.claims.readers.calls import RefusedError
from tests.claims.readers.remarks import Code
from tests.frameworks.onnx_models import save

FLAX_MODES = {"circular": "CIRCULAR", "reflect": "REFLECT"}
AUTO_PAD = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER", "valid": "VALID"}
OPERATORS = {"conv": "Conv", "transposed": "ConvTranspose", "maxpool": "MaxPool", "avgpool": "AveragePool"}


def flax(random: Random, plain: Plain) -> Drawn:
    """Flax pads in numbers, by name and by mode; a transposed layer pads its zero-inserted input."""
    if plain.ceil or plain.a is not None:
        raise RefusedError
    nnx, groups = random.random() < 0.4, 1 if plain.transposed else random.choice((1, 1, 2))
    channels = (4, random.choice((2, 6)))
    if plain.pools:
        return flax_pool(plain)
    padding, plain = flax_padding(random, plain)
    features = f"{channels[0]}, {channels[1]}" if nnx else f"features={channels[1]}"
    given = f"{features}, kernel_size={plain.k}, strides={plain.s}, kernel_dilation={plain.d}, padding={padding}"
    given += f", feature_group_count={groups}" if groups > 1 else ""
    name = "ConvTranspose" if plain.transposed else "Conv"
    title, module = ("Flax NNX", "nnx") if nnx else ("Flax", "nn")
    return Code(title, f"{module}.{name}({given})", channels, groups, channels_last=True), plain, ""


def flax_pool(plain: Plain) -> Drawn:
    """A mean of Flax counts padding if it is told so."""
    if set(plain.d) != {1} or plain.p not in ("same", "valid"):
        raise RefusedError
    name = "max_pool" if plain.kind == "maxpool" else "avg_pool"
    given = f"x, {plain.k}, strides={plain.s}, padding={str(plain.p).upper()!r}"
    given += "" if plain.include else ", count_include_pad=False"
    return Code("Flax", f"nn.{name}({given})", (0, 0), channels_last=True, bias=False), plain, ""


def flax_padding(random: Random, plain: Plain) -> tuple[str, Plain]:
    """Return the argument, and the layer with what it pads or crops."""
    if plain.p in ("same", "valid") and plain.mode == "zeros":
        return repr(str(plain.p).upper()), plain
    reaches = [reach(k, d) for k, d in zip(plain.k, plain.d, strict=True)]
    if plain.transposed:
        sides = random.randint(0, min(reaches) - 1)
        return str(sides), replace(plain, p=tuple((r - 1 - sides,) * 2 for r in reaches))
    if plain.mode in FLAX_MODES:
        return repr(FLAX_MODES[plain.mode]), replace(plain, p=tuple(((r - 1) // 2, r // 2) for r in reaches))
    if isinstance(plain.p, str) or plain.mode != "zeros":
        raise RefusedError
    if plain.count == 1 and random.random() < 0.4:
        return "'CAUSAL'", replace(plain, p=((reaches[0] - 1, 0),))
    return str(plain.p), plain


def onnx(random: Random, plain: Plain, path: Path) -> Drawn:
    """Write a model of one node; ONNX pads in numbers or by name, which for a transposed layer crops to i·s cells."""
    if plain.p in ("full", "half") or (plain.pools and plain.p == "same_lower"):
        raise RefusedError
    groups = random.choice((1, 1, 2))
    channels = (2, 2) if plain.pools else (4, random.choice((2, 6)))
    given: dict[str, object] = {"kernel_shape": plain.k, "strides": plain.s}
    given |= {"dilations": plain.d} if set(plain.d) != {1} or plain.kind == "maxpool" else {}
    if plain.kind == "avgpool":
        given |= {"count_include_pad": int(plain.include)}
    if plain.pools:
        given |= {"ceil_mode": int(plain.ceil)}
    else:
        given |= {"group": groups}
    if isinstance(plain.p, str):
        given["auto_pad"] = AUTO_PAD[plain.p]
    else:
        given["pads"] = [side for sides in zip(*plain.p, strict=True) for side in sides]
    if plain.a is not None:
        given["output_padding"] = plain.a
    plain = in_numbers(plain)
    first, second = channels if plain.transposed else channels[::-1]
    shape = (first, second // groups, *plain.k)
    weights = None if plain.pools else np.random.default_rng(random.randrange(99)).integers(-3, 4, shape)
    node = helper.make_node(
        OPERATORS[plain.kind], ["x"] if weights is None else ["x", "w"], ["y"], name="node", **given
    )
    save(path, [node], {} if weights is None else {"w": weights}, (1, channels[0], *plain.i))
    call = f"{OPERATORS[plain.kind]} node()"
    return Code("ONNX", call, channels, 1 if plain.pools else groups, bias=False, weights=weights), plain, ""


def in_numbers(plain: Plain) -> Plain:
    """Return the layer that ONNX makes of padding by name; only a convolution keeps the name."""
    if not isinstance(plain.p, str) or plain.kind == "conv":
        return plain
    axes = list(zip(plain.i, plain.k, plain.s, plain.d, strict=True))
    if plain.pools:
        return replace(plain, p=tuple(named_padding(plain.p, *axis) for axis in axes))
    if plain.p == "valid":
        return replace(plain, p=((0, 0),) * plain.count)
    if plain.a is not None:
        raise RefusedError
    crops = [named_crop(plain.p, *axis) for axis in axes]
    sides: Pairs = tuple(side for side, _ in crops)
    return replace(plain, p=sides, a=tuple(extra for _, extra in crops))
