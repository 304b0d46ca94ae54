"""The values in the cells: those that were given, and examples for the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.animation.input_values import InputValues
from convviz.animation.options import PictureOptions
from convviz.errors import GeometryError, PictureError
from convviz.layers import examples, kernels, patterns
from convviz.layers.arrays import as_array
from convviz.layers.convolution import ConvTranspose
from convviz.layers.gradient_examples import output_gradient
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, conv_values, pool_values
from convviz.layers.pooling import Pool

GRADIENT_VIEWS = ("backward", "backward-input", "backward-weight")
"""Views that show dL/dy."""


def layer_values(layer: Layer, given: InputValues, options: PictureOptions) -> LayerValues:
    """Return the values of input, kernel and output. Raises `GeometryError` if they do not fit the layer."""
    values = _layer_values(layer, given, options)
    if not given.channel_names or values.channels is None:
        return values
    names = tuple(given.channel_names[channel] for channel in values.channels.inputs)
    return replace(values, channels=replace(values.channels, names=names))


def _layer_values(layer: Layer, given: InputValues, options: PictureOptions) -> LayerValues:
    if options.view == "overlap" and isinstance(layer, ConvTranspose):
        given = _ones_by_default(given)
    x = _input_values(layer, given.x, options)
    if not isinstance(layer, Pool):
        w = _kernel_values(layer, given, np.shape(x), options)
        return conv_values(layer.sliding_windows, x, w, given.bias, options.groups, options.channel)
    if given.w is not None or given.bias is not None:
        raise GeometryError("a pooling has no kernel values and no bias; leave them out")
    padding_counts = layer.count_include_pad
    return pool_values(layer.sliding_windows, x, options.channel, mean=layer.mean, include_padding=padding_counts)


def _ones_by_default(given: InputValues) -> InputValues:
    """Return the given values, and ones for the others, in which the pattern of an overlap is seen."""
    x, w = ("constant" if given.x is None else given.x), ("ones" if given.w is None else given.w)
    return InputValues(x, w, given.bias)


def with_gradient(
    layer: Layer, values: LayerValues, given: InputValues, options: PictureOptions, view: str
) -> LayerValues:
    """Add dL/dy to the values of a view that shows gradients. Raises `PictureError` if another view is given it."""
    if any(part in GRADIENT_VIEWS for part in view.split("+")):
        return replace(values, dy=output_gradient(layer, given.dy, options.seed))
    if given.dy is not None:
        raise PictureError(f"the view {view} shows no dL/dy; use --view {GRADIENT_VIEWS[0]}, or leave dL/dy out")
    return values


def _input_values(layer: Layer, given: Any, options: PictureOptions) -> Any:
    """Return the given input values, or a pattern, equal in all channels, or example values."""
    leading = options.channels[:1] if options.channels else ()
    if given is None or (isinstance(given, str) and given == patterns.RANDOM):
        return examples.example_inputs(leading, layer.input, options.seed)
    if isinstance(given, str):
        return np.broadcast_to(patterns.named_input(given, layer.input), (*leading, *layer.input))
    return as_array("input", given)


def _kernel_values(layer: Layer, given: InputValues, input_shape: tuple[int, ...], options: PictureOptions) -> Any:
    """Return the given kernel values, or a named or example kernel for each channel of an input of `input_shape`."""
    if given.w is not None and not isinstance(given.w, str):
        return given.w
    named = None if given.w is None else kernels.named_kernel(given.w, layer.kernel)
    if len(input_shape) <= len(layer.axes):
        return examples.example_kernel(layer.kernel, options.seed) if named is None else named
    groups = options.groups
    inputs, outputs = options.channels or (input_shape[-len(layer.axes) - 1], groups)
    inputs_per_group, outputs_per_group = max(1, inputs // groups), max(1, outputs // groups)
    leading = (inputs, outputs_per_group) if isinstance(layer, ConvTranspose) else (outputs, inputs_per_group)
    if named is None:
        return examples.example_weights(leading, layer.kernel, options.seed)
    return np.broadcast_to(np.asarray(named), (*leading, *layer.kernel))
