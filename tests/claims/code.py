"""Random layers as calls of PyTorch, Keras and JAX, and the parameters that each framework makes of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.claims import plain as plains
from tests.claims.plain import Plain
from tests.claims.readers.calls import RefusedError, keras_crop
from tests.claims.readers.remarks import Code

Drawn = tuple[Code, Plain, str]
"""The call, the layer that it is, and the name of its padding, if the layer has it in numbers."""


def draw(random: Random) -> Drawn:
    """Draw a call of one of the frameworks. Raises `RefusedError` if the framework refuses it."""
    plain = replace(plains.draw(random), mode="zeros")
    return random.choice((torch, keras, jax))(random, plain)


def written(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else str(numbers)


def torch(random: Random, plain: Plain) -> Drawn:
    """PyTorch pads in equal numbers, and has groups."""
    if isinstance(plain.p, str) or any(before != after for before, after in plain.p):
        raise RefusedError
    groups = random.choice((1, 1, 2))
    channels = (random.choice((2, 4)), random.choice((2, 6)))
    padding = tuple(before for before, _ in plain.p)
    given = f"{written(plain.k)}, stride={written(plain.s)}, padding={written(padding)}"
    if plain.kind != "avgpool":
        given += f", dilation={written(plain.d)}"
    if plain.pools:
        if plain.kind == "avgpool" and set(plain.d) != {1}:
            raise RefusedError
        if any(2 * p > k for p, k in zip(padding, plain.k, strict=True)):
            raise RefusedError
        given += f", ceil_mode={plain.ceil}" + ("" if plain.include else ", count_include_pad=False")
        name = "MaxPool" if plain.kind == "maxpool" else "AvgPool"
        return Code("PyTorch", f"nn.{name}{plain.count}d({given})", (0, 0), bias=False), plain, ""
    given += f", output_padding={written(plain.a)}" if plain.a else ""
    given += f", groups={groups}" if groups > 1 else ""
    name = "ConvTranspose" if plain.transposed else "Conv"
    call = f"nn.{name}{plain.count}d({channels[0]}, {channels[1]}, {given})"
    return Code("PyTorch", call, channels, groups), plain, ""


def keras(random: Random, plain: Plain) -> Drawn:
    """Keras pads by name, and refuses strides with dilation; an explicit output padding has its own rule."""
    if plain.p not in ("same", "valid") or plain.ceil or (max(plain.s) > 1 and max(plain.d) > 1):
        raise RefusedError
    out = random.choice((2, 6))
    if plain.pools:
        if set(plain.d) != {1}:
            raise RefusedError
        name = "MaxPooling" if plain.kind == "maxpool" else "AveragePooling"
        call = f"layers.{name}{plain.count}D({written(plain.k)}, strides={written(plain.s)}, padding={plain.p!r})"
        plain = replace(plain, include=plain.kind == "maxpool")
        return Code("Keras", call, (0, 0), channels_last=True, bias=False), plain, ""
    given = f"{out}, {written(plain.k)}, strides={written(plain.s)}, padding={plain.p!r}"
    given += f", dilation_rate={written(plain.d)}"
    name, named = f"Conv{plain.count}D{'Transpose' if plain.transposed else ''}", ""
    if plain.a is not None:
        if any(a >= s for a, s in zip(plain.a, plain.s, strict=True)):
            raise RefusedError
        given += f", output_padding={written(plain.a)}"
        named = str(plain.p)
        axes = zip(plain.a, plain.i, plain.k, plain.s, plain.d, strict=True)
        crops = [keras_crop(named, *axis) for axis in axes]
        sides = tuple((before, max(after, 0)) for before, after in crops)
        plain = replace(plain, p=sides, a=tuple(max(-after, 0) for _, after in crops))
    return Code("Keras", f"layers.{name}({given})", (3, out), channels_last=True), plain, named


def jax(random: Random, plain: Plain) -> Drawn:
    """JAX's conv_transpose pads by name; the flip of its kernel changes no size."""
    if not plain.transposed or plain.p not in ("same", "valid") or plain.a is not None or plain.count == 1:
        raise RefusedError
    out = random.choice((2, 6))
    call = f"lax.conv_transpose(x, w, {plain.s}, {str(plain.p).upper()!r}, rhs_dilation={plain.d})"
    return Code("JAX", call, (3, out), channels_last=True, bias=False), plain, ""
