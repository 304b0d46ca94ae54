"""JAX's conventions: a transposed convolution flips the kernel, and pads the zero-inserted input in numbers."""

from __future__ import annotations

from convviz.errors import GeometryError
from convviz.frameworks.codegen.text import pairs_text, tuple_text
from convviz.frameworks.conventions.convention import Convention, explicit_output_padding, with_padding
from convviz.frameworks.names import class_name_of
from convviz.layers.convolution import ConvLayer, ConvTranspose

NAMES = {"same": "SAME", "same_lower": "SAME_LOWER", "valid": "VALID"}
"""Padding → its name in JAX."""


def convention(layer: ConvLayer) -> Convention:
    """Return what JAX makes of the parameters of `layer`."""
    if isinstance(layer, ConvTranspose):
        return _transposed(layer)
    name = NAMES.get(layer.named_padding or "")
    return Convention("jax", _call(layer, f'"{name}"' if name else pairs_text(layer.padding)), layer)


def _transposed(layer: ConvTranspose) -> Convention:
    name = layer.named_padding
    notes = ["there is no output padding"] if any(explicit_output_padding(layer)) else []
    notes.append("the kernel is flipped; transpose_kernel=True keeps it as given")
    if name in NAMES:
        named = "valid" if name == "valid" else "same"
        if name == "same_lower":
            notes.insert(0, 'padding="SAME_LOWER" does not exist; this layer is the closest')
        return Convention("jax", _call(layer, f'"{named.upper()}"'), with_padding(layer, named), "; ".join(notes), True)
    call = _call(layer, pairs_text(layer.padding))
    implied = "padding applies to the zero-inserted input"
    cropped = [
        (axis.effective_kernel - 1 - before, axis.effective_kernel - 1 - after)
        for axis, (before, after) in zip(layer.axes, layer.padding, strict=True)
    ]
    try:
        return Convention("jax", call, with_padding(layer, cropped), "; ".join([implied, *notes]), True)
    except GeometryError:
        padded = [
            window.zero_inserted_size + sum(sides)
            for window, sides in zip(layer.sliding_windows, layer.padding, strict=True)
        ]
        if any(size < axis.effective_kernel for size, axis in zip(padded, layer.axes, strict=True)):
            return Convention("jax", call, None, f"{implied}, and these numbers leave no output")
        beyond = f"{implied}, and these numbers exceed its kernel: some output cells get no contribution"
        return Convention("jax", call, None, beyond, missing="not computed")


def _call(layer: ConvLayer, padding: str) -> str:
    stride = "strides" if isinstance(layer, ConvTranspose) else "window_strides"
    dilation = f", rhs_dilation={tuple_text(layer.dilation)}" if set(layer.dilation) != {1} else ""
    name = class_name_of("jax", layer)
    return f"lax.{name}(x, w, {stride}={tuple_text(layer.stride)}, padding={padding}{dilation})"
