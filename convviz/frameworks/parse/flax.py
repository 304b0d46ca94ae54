"""Flax: `nn.Conv`, `nn.ConvTranspose` and poolings of Linen, `nnx.Conv` and `nnx.ConvTranspose`; channels last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature, shown
from convviz.frameworks.parse.jax import TURNED, Pads, dilated, forward, is_pair, named, padding_of, several, stamped
from convviz.frameworks.parse.parsed_layer import (
    Count,
    LayerSpec,
    ParsedLayer,
    ParseHints,
    Sizes,
    built,
    divided,
    tensor,
    text_of,
)
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

FLAX, NNX = "Flax", "Flax NNX"
AROUND = {"CIRCULAR": "circular", "REFLECT": "reflect"}


def flax(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`nn.Conv` and `nn.ConvTranspose`, of Linen and of NNX; channels last."""
    kernel = given["kernel_size"]
    axes = len(kernel) if isinstance(kernel, tuple) else 1
    if axes not in (1, 2):
        raise ReadingError(f"kernel_size={shown(kernel)} has {axes} axes; convviz draws one and two dimensions")
    back = "transpose_kernel" in given.defaults
    inputs = given.count("in_features")
    outputs = given.count("out_features" if row.framework == NNX else "features")
    groups = 1 if back else given.groups("feature_group_count")
    divided(groups, in_features=inputs, features=outputs)
    shape = asked.applied[0][0] if asked.applied and asked.applied[0] else None
    size = getattr(shape, "sizes", None)
    if size is not None and len(size) < axes + 1:
        raise ReadingError(f"the input {size} has {len(size)} axes; expected (N, {'H, W' if axes == 2 else 'L'}, C)")
    cells = asked.cells(axes, size[-axes - 1 : -1] if size else None)
    shared = (cells, given.sizes("kernel_size", axes, "kernel"), several(given, "strides", axes, "stride"))
    dilation = several(given, "kernel_dilation", axes, "dilation")
    pads, flipped = _flax_pads(given, axes), False
    if back:
        flipped = not given.flag("transpose_kernel")
        if isinstance(pads, str) and pads.upper() in AROUND:
            raise ReadingError(f"padding={pads!r} folds the output around, which is not drawn; use 'SAME' or 'VALID'")
        layer = stamped(*shared, dilation, pads)
    else:
        spread = several(given, "input_dilation", axes, "stride")
        layer, flipped = _flax_forward(*shared, pads, spread, dilation)
    inputs = inputs or (size[-1] if size else None)
    ends = text_of(inputs, "C_in", groups), text_of(outputs, "C_out")
    return ParsedLayer(
        *(row.framework, row.name, layer, inputs, outputs, groups),
        *(given.flag("use_bias", assume=True), True, flipped),
        notes=(TURNED,) * flipped + given.assumed("feature_group_count", "use_bias"),
        said=given.text,
        weight=tensor(*shared[1], *(ends[::-1] if back and not flipped else ends)),
    )


def _flax_pads(given: Arguments, axes: int) -> Pads:
    """As lax's, and a whole number for each axis, or for all."""
    value = given["padding"]
    if type(value) is int:
        return ((value, value),) * axes
    if isinstance(value, tuple) and len(value) == axes:
        return tuple((side, side) if type(side) is int else side for side in _pairs(given, value))
    return padding_of(given, axes)


def _pairs(given: Arguments, value: Sequence[Any]) -> Sequence[Any]:
    if all(type(side) is int or is_pair(side) for side in value):
        return value
    raise given.wrong("padding", "'SAME', 'VALID', a whole number, or pairs (before, after)")


def _flax_forward(
    cells: Sizes, kernel: Sizes, stride: Sizes, pads: Pads, spread: Sizes, dilation: Sizes
) -> tuple[Layer, bool]:
    name = pads if isinstance(pads, str) else ""
    if name == "CAUSAL":
        if len(cells) != 1:
            raise ReadingError("padding='CAUSAL' is for one dimension only; use 'SAME' or 'VALID'")
        return forward(cells, kernel, stride, ((dilation[0] * (kernel[0] - 1), 0),), dilation), False
    if name in AROUND:
        if set(spread) != {1}:
            raise ReadingError(f"padding={name!r} together with input_dilation is not drawn; use 'SAME' or 'VALID'")
        reaches = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        sides = tuple(((effective_kernel - 1) // 2, effective_kernel // 2) for effective_kernel in reaches)
        return forward(cells, kernel, stride, sides, dilation, AROUND[name]), False
    return dilated(cells, kernel, stride, pads, spread, dilation)


def pooling(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`nn.max_pool` and `nn.avg_pool` of Flax, which move one cell at a time where no stride is given."""
    window = given["window_shape"]
    axes = len(window) if isinstance(window, tuple) else 0
    if axes not in (1, 2):
        raise given.wrong("window_shape", "a tuple of one or two whole numbers")
    size = given.shape("inputs")
    cells = asked.cells(axes, size[-axes - 1 : -1] if size else None)
    pads = padding_of(given, axes)
    padding: Any = named(pads) if isinstance(pads, str) else pads
    shared = (cells, given.sizes("window_shape", axes, "kernel"), several(given, "strides", axes, "stride"), padding)
    include = "count_include_pad" not in given.defaults or given.flag("count_include_pad")
    try:
        layer: Layer = built(lambda: MaxPool(*shared) if "max" in row.name else AvgPool(*shared, False, include))
    except ReadingError as error:
        theirs = " (Flax takes it, which is not drawn)" if "too large for pooling" in str(error) else ""
        raise ReadingError(f"{error}{theirs}") from None
    channels: Count = size[-1] if size else None
    return ParsedLayer(row.framework, row.name, layer, channels, channels, last=True, said=given.text)


KERNEL = "kernel_size, strides={one}, {late}padding='SAME', "
CONV = "input_dilation=1, kernel_dilation=1, feature_group_count=1, use_bias=True, mask=None, dtype=None, "
BACK = "kernel_dilation=None, use_bias=True, mask=None, dtype=None, "
FLAX_LATE = "param_dtype=None, precision=None, kernel_init=None, bias_init=None, "
MODULE = "parent=None, name=None"
NNX_LATE = "promote_dtype=None, preferred_element_type=None, kernel_metadata=None, bias_metadata=None"
ROWS = {
    "Conv": LayerSpec(
        FLAX,
        "nn.Conv",
        Signature(
            f"features, {KERNEL.format(one=1, late='')}{CONV}{FLAX_LATE}promote_dtype=None, "
            f"conv_general_dilated=None, conv_general_dilated_cls=None, {MODULE}"
        ),
        flax,
    ),
    "ConvTranspose": LayerSpec(
        FLAX,
        "nn.ConvTranspose",
        Signature(
            f"features, {KERNEL.format(one=None, late='')}{BACK}{FLAX_LATE}transpose_kernel=False, promote_dtype=None, "
            f"preferred_element_type=None, {MODULE}"
        ),
        flax,
    ),
    "max_pool": LayerSpec(
        FLAX, "nn.max_pool", Signature("inputs, window_shape, strides=None, padding='VALID'"), pooling
    ),
    "avg_pool": LayerSpec(
        FLAX,
        "nn.avg_pool",
        Signature("inputs, window_shape, strides=None, padding='VALID', count_include_pad=True"),
        pooling,
    ),
}
"""Name → layer of Linen."""
NNX_ROWS = {
    "Conv": LayerSpec(
        NNX,
        "nnx.Conv",
        Signature(
            f"in_features, out_features, kernel_size, strides=1, *, padding='SAME', {CONV}{FLAX_LATE}"
            f"conv_general_dilated=None, {NNX_LATE}, rngs=None"
        ),
        flax,
    ),
    "ConvTranspose": LayerSpec(
        NNX,
        "nnx.ConvTranspose",
        Signature(
            f"in_features, out_features, kernel_size, strides=None, *, padding='SAME', {BACK}{FLAX_LATE}"
            f"transpose_kernel=False, {NNX_LATE}, rngs=None"
        ),
        flax,
    ),
}
"""Name → layer of NNX."""


def prefixes(_name: str) -> tuple[str, ...]:
    """What may stand before a name of Linen."""
    return ("nn", "linen", "flax.linen")


def nnx_prefixes(_name: str) -> tuple[str, ...]:
    """What may stand before a name of NNX."""
    return ("nnx", "flax.nnx")
