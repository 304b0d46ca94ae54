"""Flax: `nn.Conv`, `nn.ConvTranspose` and poolings of Linen, `nnx.Conv` and `nnx.ConvTranspose`; channels last."""

from __future__ import annotations

from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature, format_argument
from convviz.frameworks.parse.channels import check_groups, format_count, format_shape, groups_note
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.jax import FLIPPED_KERNEL, conv_layer, dilated_layer, transposed_layer
from convviz.frameworks.parse.jax_padding import Padding, is_pair, padding_argument, padding_name
from convviz.frameworks.parse.layer_spec import LayerSpec, build_layer, effective_kernels
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.geometry.padding import PaddingModeName
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

LINEN, NNX = "Flax", "Flax NNX"
PADDING_MODES: dict[str, PaddingModeName] = {"CIRCULAR": "circular", "REFLECT": "reflect"}
"""Names of padding that are padding modes of convviz."""


def parse_convolution(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `nn.Conv` or `nn.ConvTranspose`, of Linen or NNX."""
    kernel = arguments["kernel_size"]
    axes = len(kernel) if isinstance(kernel, tuple) else 1
    if axes not in (1, 2):
        raise ReadingError(
            f"kernel_size: expected 1 or 2 axes, which convviz draws, got {axes}: {format_argument(kernel)}"
        )
    inputs = arguments.count("in_features")
    outputs = arguments.count("out_features" if spec.framework == NNX else "features")
    groups = 1 if spec.is_transposed else arguments.groups("feature_group_count")
    check_groups(groups, in_features=inputs, features=outputs)
    shape = _input_shape(axes, hints)
    sizes = {
        "input": hints.input_size(axes, shape[-axes - 1 : -1] if shape else None),
        "kernel": arguments.sizes("kernel_size", axes, "kernel"),
        "stride": arguments.sizes_or_ones("strides", axes, "stride"),
        "dilation": arguments.sizes_or_ones("kernel_dilation", axes, "dilation"),
    }
    layer, flipped = (_conv_transpose if spec.is_transposed else _conv)(arguments, sizes)
    inputs = inputs or (shape[-1] if shape else None)
    channels = format_count(inputs, "C_in", groups), format_count(outputs, "C_out")
    is_swapped = spec.is_transposed and not flipped
    return ParsedLayer(
        *(spec.framework, spec.name, layer, inputs, outputs, groups),
        bias=arguments.flag("use_bias", assume_default=True),
        channels_last=True,
        flipped=flipped,
        notes=(FLIPPED_KERNEL,) * flipped
        + groups_note("feature_group_count", groups, inputs)
        + arguments.assumptions("use_bias"),
        arguments=arguments.text,
        weight_shape=format_shape(*sizes["kernel"], *(channels[::-1] if is_swapped else channels)),
    )


def _input_shape(axes: int, hints: ParseHints) -> Sizes | None:
    """Return the shape of the array that the module is called with, None if it is unknown."""
    first = hints.called_with[0][0] if hints.called_with and hints.called_with[0] else None
    shape = getattr(first, "sizes", None)
    if shape is not None and len(shape) < axes + 1:
        raise ReadingError(f"expected an input of shape (N, {'H, W' if axes == 2 else 'L'}, C), got {shape}")
    return shape


def _padding(arguments: Arguments, axes: int) -> Padding:
    """Return padding as in `lax`, or a whole number for each axis, or for all."""
    value = arguments["padding"]
    if type(value) is int:
        return ((value, value),) * axes
    if not isinstance(value, tuple) or len(value) != axes:
        return padding_argument(arguments, axes)
    if not all(type(side) is int or is_pair(side) for side in value):
        raise arguments.invalid("padding", "'SAME', 'VALID', a whole number, or pairs (before, after)", "SAME")
    return tuple((side, side) if type(side) is int else side for side in value)


def _conv_transpose(arguments: Arguments, sizes: dict[str, Sizes]) -> tuple[Layer, bool]:
    """Return the transposed layer, and whether its kernel is flipped."""
    padding = _padding(arguments, len(sizes["input"]))
    flipped = not arguments.flag("transpose_kernel")
    if isinstance(padding, str) and padding.upper() in PADDING_MODES:
        raise ReadingError(f"padding={padding!r} wraps the output around, which is not drawn; use 'SAME' or 'VALID'")
    return transposed_layer(sizes, padding), flipped


def _conv(arguments: Arguments, sizes: dict[str, Sizes]) -> tuple[Layer, bool]:
    """Return the layer, and whether its kernel is flipped, as it is with `input_dilation`."""
    axes = len(sizes["input"])
    padding, input_dilation = _padding(arguments, axes), arguments.sizes_or_ones("input_dilation", axes, "stride")
    if padding == "CAUSAL":
        if axes != 1:
            raise ReadingError("padding='CAUSAL' is for one dimension only; use 'SAME' or 'VALID'")
        return conv_layer(sizes, ((sizes["dilation"][0] * (sizes["kernel"][0] - 1), 0),)), False
    if isinstance(padding, str) and padding in PADDING_MODES:
        if set(input_dilation) != {1}:
            raise ReadingError(f"padding={padding!r} together with input_dilation is not drawn; use 'SAME' or 'VALID'")
        kernels = effective_kernels(sizes["kernel"], sizes["dilation"])
        sides = tuple(((ke - 1) // 2, ke // 2) for ke in kernels)
        return conv_layer(sizes, sides, PADDING_MODES[padding]), False
    return dilated_layer(sizes, padding, input_dilation)


def parse_pooling(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `nn.max_pool` or `nn.avg_pool`; the stride defaults to 1."""
    window = arguments["window_shape"]
    axes = len(window) if isinstance(window, tuple) else 0
    if axes not in (1, 2):
        raise arguments.invalid("window_shape", "a tuple of one or two whole numbers")
    shape = arguments.shape("inputs")
    input = hints.input_size(axes, shape[-axes - 1 : -1] if shape else None)
    pads = padding_argument(arguments, axes)
    padding: Any = padding_name(pads) if isinstance(pads, str) else pads
    kernel = arguments.sizes("window_shape", axes, "kernel")
    parameters = (input, kernel, arguments.sizes_or_ones("strides", axes, "stride"), padding)
    include = spec.kind == "avgpool" and arguments.flag("count_include_pad")
    try:
        layer: Layer = build_layer(
            lambda: MaxPool(*parameters) if spec.kind == "maxpool" else AvgPool(*parameters, False, include)
        )
    except ReadingError as error:
        is_too_large = not isinstance(pads, str) and any(max(pair) >= k for pair, k in zip(pads, kernel, strict=True))
        raise ReadingError(f"{error}{' (Flax takes it, which is not drawn)' * is_too_large}") from None
    channels = shape[-1] if shape else None
    return ParsedLayer(
        *(spec.framework, spec.name, layer, channels, channels), channels_last=True, arguments=arguments.text
    )


CONV = "input_dilation=1, kernel_dilation=1, feature_group_count=1, use_bias=True, mask=None, dtype=None, "
TRANSPOSED = "kernel_dilation=None, use_bias=True, mask=None, dtype=None, "
INITIALIZERS = "param_dtype=None, precision=None, kernel_init=None, bias_init=None, "
MODULE = "parent=None, name=None"
NNX_KEYWORDS = "promote_dtype=None, preferred_element_type=None, kernel_metadata=None, bias_metadata=None, rngs=None"
POOL = "inputs, window_shape, strides=None, padding='VALID'"
LINEN_SIGNATURES = {
    "Conv": (
        f"features, kernel_size, strides=1, padding='SAME', {CONV}{INITIALIZERS}promote_dtype=None, "
        f"conv_general_dilated=None, conv_general_dilated_cls=None, {MODULE}"
    ),
    "ConvTranspose": (
        f"features, kernel_size, strides=None, padding='SAME', {TRANSPOSED}{INITIALIZERS}transpose_kernel=False, "
        f"promote_dtype=None, preferred_element_type=None, {MODULE}"
    ),
    "max_pool": POOL,
    "avg_pool": f"{POOL}, count_include_pad=True",
}
NNX_SIGNATURES = {
    "Conv": (
        f"in_features, out_features, kernel_size, strides=1, *, padding='SAME', {CONV}{INITIALIZERS}"
        f"conv_general_dilated=None, {NNX_KEYWORDS}"
    ),
    "ConvTranspose": (
        f"in_features, out_features, kernel_size, strides=None, *, padding='SAME', {TRANSPOSED}{INITIALIZERS}"
        f"transpose_kernel=False, {NNX_KEYWORDS}"
    ),
}
KINDS = {"Conv": "conv", "ConvTranspose": "transposed", "max_pool": "maxpool", "avg_pool": "avgpool"}


def _specs(framework: str, module: str, signatures: dict[str, str]) -> dict[str, LayerSpec]:
    return {
        name: LayerSpec(
            *(framework, f"{module}.{name}", KINDS[name], Signature(signature)),
            make=parse_pooling if name.endswith("pool") else parse_convolution,
            input="inputs" if name.endswith("pool") else "",
        )
        for name, signature in signatures.items()
    }


LINEN_SPECS = _specs(LINEN, "nn", LINEN_SIGNATURES)
"""Layers of Linen by name."""
NNX_SPECS = _specs(NNX, "nnx", NNX_SIGNATURES)
"""Layers of NNX by name."""


def linen_prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name of Linen."""
    return ("nn", "linen", "flax.linen")


def nnx_prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name of NNX."""
    return ("nnx", "flax.nnx")
