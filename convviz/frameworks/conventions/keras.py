"""Keras's conventions: padding only by name, and its own rule for an explicit output padding."""

from __future__ import annotations

from convviz.errors import GeometryError
from convviz.frameworks.codegen.text import arguments_text, dimension, number_text
from convviz.frameworks.conventions.convention import (
    SAME_NAMES,
    Convention,
    exceeds_stride,
    explicit_output_padding,
    with_padding,
)
from convviz.frameworks.names import class_name_of
from convviz.layers.convolution import ConvLayer, ConvTranspose

STRIDE_AND_DILATION = "refuses strides > 1 together with dilation_rate > 1; convviz code gives a workaround"


def convention(layer: ConvLayer) -> Convention:
    """Return what Keras makes of the parameters of `layer`."""
    name, transposed = layer.named_padding, isinstance(layer, ConvTranspose)
    is_named = name in (*SAME_NAMES, "valid") or not any(map(any, layer.padding))
    keras_name = "same" if name in SAME_NAMES else "valid"
    call = _call(layer, keras_name)
    if max(layer.stride) > 1 and max(layer.dilation) > 1:
        return Convention("keras", call, None, STRIDE_AND_DILATION)
    if transposed and is_named and exceeds_stride(layer):
        return Convention("keras", call, None, "refuses an output padding that is not smaller than the stride")
    if name == "same_lower" and (transposed or layer.padding != with_padding(layer, "same").padding):
        note = 'padding="same_lower" does not exist; this layer is the closest'
        return _named(call, layer, "same", note)
    if is_named:
        return _named(call, layer, keras_name) if transposed else Convention("keras", call, layer)
    note = "crops only by name; Cropping" if transposed else "pads only by name; ZeroPadding"
    call = _call(layer, keras_name, with_output_padding=False)
    return Convention("keras", call, layer, f"{note}{dimension(layer)} does the rest")


def _named(call: str, layer: ConvLayer, name: str, note: str = "") -> Convention:
    """Return the layer that Keras makes with padding by name; None if its output padding leaves no output."""
    try:
        return Convention("keras", call, _named_layer(layer, name), note)
    except GeometryError:
        return Convention("keras", call, None, f'padding="{name}" crops more than these parameters leave')


def _named_layer(layer: ConvLayer, name: str) -> ConvLayer:
    """Return the layer with padding by name, and Keras's rule for an explicit output padding.

    The output has (i − 1)s + ke + a cells, for `same` 2·⌊ke/2⌋ fewer.
    """
    output_padding = explicit_output_padding(layer)
    if not any(output_padding):
        return with_padding(layer, name)
    crops, appended = [], []
    for axis, a in zip(layer.axes, output_padding, strict=True):
        full = (axis.input - 1) * axis.stride + axis.effective_kernel
        size = full + a - (2 * (axis.effective_kernel // 2) if name == "same" else 0)
        cropped = max(full - size, 0) if name == "same" else 0
        crops.append((cropped // 2, cropped - cropped // 2))
        appended.append(max(size - full, 0))
    return with_padding(layer, crops, appended)


def _call(layer: ConvLayer, padding: str, with_output_padding: bool = True) -> str:
    options = arguments_text(("strides", layer.stride, 1)) + (', padding="same"' if padding == "same" else "")
    if with_output_padding:
        options += arguments_text(("output_padding", explicit_output_padding(layer), 0))
    options += arguments_text(("dilation_rate", layer.dilation, 1))
    name = class_name_of("keras", layer)
    return f"keras.layers.{name}(1, {number_text(layer.kernel)}{options})"
