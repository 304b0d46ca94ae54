"""Check whether the skip connections of a chain such as a U-Net fit, and correct those that do not.

A convolution or a pooling with a stride goes down, a transposed convolution with a stride goes up. The output of a
layer that goes up is joined with the input of the last layer that went down from the same scale, the product of the
strides so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from convviz.errors import GeometryError
from convviz.geometry.axis import Axis
from convviz.geometry.per_axis import axis_names
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool, Pool

Scale = tuple[Fraction, ...]
Size = tuple[int, ...]


@dataclass(frozen=True)
class SkipConnection:
    """A skip connection: the output of layer `up` is joined with the input of layer `down`; layers count from 1."""

    down: int
    up: int
    target: Size
    """Input size of layer `down`."""
    unmatched_output: Size
    """Output size of layer `up` as it was given."""
    matched_output: Size
    """Output size of layer `up` after the change; a larger skip connection is cropped to it."""
    remedies: tuple[str, ...]
    """Changes that make the sizes match, as text; empty if they match already."""

    @property
    def mismatch(self) -> tuple[int, ...]:
        """Cells too many (or, below 0, too few) per axis, before the change."""
        return tuple(o - target for o, target in zip(self.unmatched_output, self.target, strict=True))


@dataclass(frozen=True)
class MatchedChain:
    """A corrected chain, and its skip connections in the order of their layers that go up."""

    layers: tuple[Layer, ...]
    skips: tuple[SkipConnection, ...]


def match_skip_connections(layers: Sequence[Layer]) -> MatchedChain:
    """Return the chain with each skip connection corrected that output padding or cropping can correct.

    Each layer takes the output of the one before. A corrected layer changes the sizes after it, which are corrected
    in turn. Raises `GeometryError` if no layer goes up to a scale that another came down from, or if a layer no
    longer fits.
    """
    scale: Scale = (Fraction(1),) * len(layers[0].axes)
    before: dict[Scale, tuple[int, Size]] = {}
    made: list[Layer] = []
    skips: list[SkipConnection] = []
    for number, layer in enumerate(layers, start=1):
        now = with_input(layer, made[-1].output) if made else layer
        if max(now.stride) > 1 and isinstance(now, ConvTranspose):
            scale = tuple(factor * step for factor, step in zip(scale, now.stride, strict=True))
            if scale in before:
                down, wanted = before[scale]
                mended, remedies = _corrected(now, wanted)
                skips.append(SkipConnection(down, number, wanted, now.output, mended.output, remedies))
                now = mended
        elif max(now.stride) > 1:
            before[scale] = (number, now.input)
            scale = tuple(factor / step for factor, step in zip(scale, now.stride, strict=True))
        made.append(now)
    if not skips:
        raise GeometryError(
            "there is no skip connection to match: no transposed layer goes up to a scale that another came down from; "
            "give both, such as 'conv k3 s2 p1' 'transposed k3 s2 p1'"
        )
    return MatchedChain(tuple(made), tuple(skips))


def with_input(layer: Layer, input: Size) -> Layer:
    """Return the same layer for another input."""
    padding = layer.named_padding or layer.padding
    if isinstance(layer, ConvTranspose):
        plain = ConvTranspose(layer.input, layer.kernel, layer.stride, padding, layer.dilation)
        extra = None if plain.output_padding == layer.output_padding else layer.output_padding
        return ConvTranspose(input, layer.kernel, layer.stride, padding, layer.dilation, extra)
    if isinstance(layer, Conv):
        return Conv(input, layer.kernel, layer.stride, padding, layer.dilation, layer.padding_mode)
    assert isinstance(layer, Pool)
    given: dict[str, Any] = {"input": input, "kernel": layer.kernel, "stride": layer.stride, "padding": padding}
    given |= {"dilation": layer.dilation, "ceil_mode": layer.ceil_mode}
    if isinstance(layer, AvgPool):
        return AvgPool(**given, count_include_pad=layer.count_include_pad)
    return MaxPool(**given)


def _corrected(layer: ConvTranspose, wanted: Size) -> tuple[ConvTranspose, tuple[str, ...]]:
    """Return the layer with output padding, or a crop, on the axes that need it, and what was done."""
    if layer.output == wanted:
        return layer, ()
    paddings, extras, done = [], [], []
    for axis, target in zip(layer.axes, wanted, strict=True):
        padding, extra, words = _axis(axis, target)
        paddings.append(padding)
        extras.append(extra)
        done.append(words)
    mended = ConvTranspose(layer.input, layer.kernel, layer.stride, paddings, layer.dilation, extras)
    return mended, tuple(_descriptions(done))


def _axis(axis: Axis, wanted: int) -> tuple[tuple[int, int], int, str]:
    """Return padding, output padding and a description: with them, a transposed axis gives `wanted` cells."""
    padding, missing = axis.padding, wanted - (axis.output - axis.output_padding)
    if axis.output == wanted:
        return padding, axis.output_padding, ""
    if missing < 0:
        start, end = -missing // 2, -missing - -missing // 2
        around = (padding[0] + start, padding[1] + end)
        shown = f"p = {around[0]}" if around[0] == around[1] else f"p = {around[0]},{around[1]}"
        return around, 0, f"crop {-missing} more off its output, {start} before and {end} after: {shown}"
    if missing < axis.stride:
        return padding, missing, f"output padding a = {missing}" if missing else "no output padding: a = 0"
    over = wanted - axis.output
    words = f"nothing does; crop {over} off the skip connection, {over // 2} before and {over - over // 2} after"
    return padding, axis.output_padding, words


def _descriptions(done: Sequence[str]) -> Iterator[str]:
    """Yield what was done, once if all axes had the same."""
    if len(set(done)) == 1:
        yield done[0]
        return
    for name, words in zip(axis_names(len(done)), done, strict=True):
        if words:
            yield f"{name}: {words}"
