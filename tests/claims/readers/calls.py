"""Calls of frameworks in `convviz compare`, and what each framework makes of them, by its own rules.

Keras: `compute_conv_transpose_output_shape`; JAX: `lax._conv_transpose_padding`; ONNX: onnxruntime's `ConvTranspose`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from tests.claims.padding import Pair, named_crop, named_padding, reach, stamped
from tests.claims.plain import Plain
from tests.claims.reading import NotUnderstoodError, same


@dataclass(frozen=True)
class Made:
    """What a call does per axis: padding, or crop less appended zeros, before and after; and whether it flips."""

    pads: tuple[Pair, ...]
    flipped: bool = False


class RefusedError(Exception):
    """The framework refuses the call."""


def made_by(framework: str, call: str, plain: Plain) -> Made:
    """Return what a framework makes of a call. Raises `RefusedError`."""
    return {"torch": by_torch, "keras": by_keras, "jax": by_jax, "onnx": by_onnx}[framework](call, plain)


def parsed(call: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Return name, arguments and keywords of a call; names of arrays stay strings."""
    node = ast.parse(call, mode="eval").body
    if not isinstance(node, ast.Call):
        raise NotUnderstoodError(f"no reader understands the call {call!r}")

    def value(one: ast.expr) -> Any:
        return one.id if isinstance(one, ast.Name) else ast.literal_eval(one)

    keywords = {str(keyword.arg): value(keyword.value) for keyword in node.keywords}
    return ast.unparse(node.func), [value(one) for one in node.args], keywords


def each(value: Any, count: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,) * count


def check_parameters(plain: Plain, kernel: Any, stride: Any, dilation: Any) -> None:
    """Check kernel, stride and dilation of a call."""
    given = tuple(each(value, plain.count) for value in (kernel, stride, dilation))
    same("parameters of the call", given, (plain.k, plain.s, plain.d))


def axes_of(plain: Plain) -> list[tuple[int, int, int, int]]:
    return list(zip(plain.i, plain.k, plain.s, plain.d, strict=True))


def by_torch(call: str, plain: Plain) -> Made:
    name, arguments, given = parsed(call)
    same("class", name, f"nn.Conv{'Transpose' if plain.transposed else ''}{plain.count}d")
    same("channels", arguments[:2], [1, 1])
    check_parameters(plain, arguments[2], given.get("stride", 1), given.get("dilation", 1))
    padding = given.get("padding", 0)
    if padding == "same":
        same("strides of same", set(plain.s), {1})
        return Made(tuple(named_padding("same", *axis) for axis in axes_of(plain)))
    added = each(given.get("output_padding", 0), plain.count)
    return Made(tuple((p, p - a) for p, a in zip(each(padding, plain.count), added, strict=True)))


def by_keras(call: str, plain: Plain) -> Made:
    name, arguments, given = parsed(call)
    same("class", name, f"keras.layers.Conv{plain.count}D{'Transpose' if plain.transposed else ''}")
    check_parameters(plain, arguments[1], given.get("strides", 1), given.get("dilation_rate", 1))
    if max(plain.s) > 1 and max(plain.d) > 1:
        raise RefusedError
    padding = given.get("padding", "valid")
    if not plain.transposed:
        return Made(tuple(named_padding(padding, *axis) for axis in axes_of(plain)))
    added = each(given.get("output_padding"), plain.count)
    if any(a is not None and a >= s for a, s in zip(added, plain.s, strict=True)):
        raise RefusedError
    return Made(tuple(keras_crop(padding, a, *axis) for a, axis in zip(added, axes_of(plain), strict=True)))


def keras_crop(padding: str, a: int | None, i: int, k: int, s: int, d: int) -> Pair:
    """Without a, same gives i·s cells; with a, (i − 1)·s + k + a − 2⌊k/2⌋; valid crops nothing."""
    if a is None:
        (before, after), appended = named_crop(padding, i, k, s, d)
        return before, after - appended
    full, over = len(stamped(i, k, s, d)), reach(k, d)
    size = full + a - (over // 2 * 2 if padding == "same" else 0)
    crop = full - size
    return (crop // 2, crop - crop // 2) if crop > 0 else (0, crop)


def by_jax(call: str, plain: Plain) -> Made:
    name, arguments, given = parsed(call)
    same("function", name, "lax.conv_transpose" if plain.transposed else "lax.conv_general_dilated")
    same("arrays", arguments, ["x", "w"])
    stride = given.get("strides" if plain.transposed else "window_strides")
    check_parameters(plain, plain.k, stride, given.get("rhs_dilation", 1))
    padding = given["padding"]
    if not plain.transposed:
        if isinstance(padding, str):
            return Made(tuple(named_padding(padding.lower(), *axis) for axis in axes_of(plain)))
        return Made(tuple(map(tuple, padding)))
    pads = [padding] * plain.count if isinstance(padding, str) else padding
    crops = []
    for pad, (i, k, s, d) in zip(pads, axes_of(plain), strict=True):
        before, after = jax_padding(pad, reach(k, d), s) if isinstance(pad, str) else pad
        if (i - 1) * s + 1 + before + after < reach(k, d):
            raise RefusedError
        crops.append((reach(k, d) - 1 - before, reach(k, d) - 1 - after))
    return Made(tuple(crops), flipped=True)


def jax_padding(name: str, k: int, s: int) -> Pair:
    """JAX pads the zero-inserted input."""
    if name == "SAME":
        total = k + s - 2
        before = k - 1 if s > k - 1 else -(-total // 2)
    else:
        total, before = k + s - 2 + max(k - s, 0), k - 1
    return before, total - before


def by_onnx(call: str, plain: Plain) -> Made:
    found = re.fullmatch(r"(Conv|ConvTranspose) <(.*)>", call)
    if not found:
        raise NotUnderstoodError(f"no reader understands the call {call!r}")
    same("operator", found[1], "ConvTranspose" if plain.transposed else "Conv")
    given = {name: ast.literal_eval(value) for name, value in re.findall(r'(\w+) = (\[.*?\]|".*?")', found[2])}
    check_parameters(plain, plain.k, given["strides"], given.get("dilations", 1))
    name = {"SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": "valid"}.get(given.get("auto_pad"), "")
    pads = given.get("pads", [0] * 2 * plain.count)
    sides = list(zip(pads[: plain.count], pads[plain.count :], strict=True))
    if not plain.transposed:
        if name.startswith("same") and set(plain.d) != {1}:
            raise RefusedError
        return Made(tuple(named_padding(name, *axis) for axis in axes_of(plain)) if name else tuple(sides))
    added = each(given.get("output_padding", 0), plain.count)
    if any(a >= s for a, s in zip(added, plain.s, strict=True)):
        raise RefusedError
    crops = []
    for a, side, (i, k, s, d) in zip(added, sides, axes_of(plain), strict=True):
        crop = max(len(stamped(i, k, s, d)) + a - i * s, 0)
        halves = (crop // 2, crop - crop // 2) if name == "same" else (crop - crop // 2, crop // 2)
        before, after = halves if name.startswith("same") else side
        crops.append((before, after - a))
    return Made(tuple(crops))
