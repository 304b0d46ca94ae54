"""PyTorch: modules and functions for convolution, transposed convolution and pooling, of one and two dimensions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature, per_axis_words, shown
from convviz.frameworks.parse.call import Name, Shape
from convviz.frameworks.parse.parsed_layer import (
    LayerSpec,
    ParsedLayer,
    ParseHints,
    Sizes,
    built,
    divided,
    tensor,
    text_of,
)
from convviz.geometry.padding import PADDING_MODES
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

FRAMEWORK = "PyTorch"
MODULES = ("nn", "torch.nn")
FUNCTIONS = ("F", "functional", "nn.functional", "torch.nn.functional", "torch")
PRINTED = (Name("same"), Name("valid"))
"""A padding by name as `print(model)` says it, without quotes."""
PLACES = "device=None, dtype=None"
CONV = f"kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', {PLACES}"
BACK = (
    "kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', "
    f"{PLACES}"
)
MAX = "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
MEAN = "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"


def module(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`nn.Conv2d` and `nn.ConvTranspose2d`, also lazy ones, which learn their input channels later."""
    assert row.axes
    inputs, outputs = given.count("in_channels"), given.count("out_channels")
    size, asked = _called(row.axes, asked)
    cells = asked.cells(row.axes, size[-row.axes :] if size else None)
    if size and isinstance(inputs, int) and inputs != size[-row.axes - 1]:
        raise ReadingError(f"the input has {size[-row.axes - 1]} channels, but in_channels={inputs}")
    return _convolution(row, given, asked, cells, given.sizes("kernel_size", row.axes, "kernel"), (inputs, outputs))


def _called(axes: int, asked: ParseHints) -> tuple[Sizes | None, ParseHints]:
    """The shape of the input that a module is called with, and the call without it."""
    if asked.applied is None or not asked.applied[0]:
        return None, asked
    first, *rest = asked.applied[0]
    size = first.sizes if isinstance(first, Shape) else None
    if size and not axes < len(size) <= axes + 2:
        raise ReadingError(
            f"the input {shown(first)} has {len(size)} axes; expected (N, C, {'H, W' if axes == 2 else 'L'})"
        )
    return size, replace(asked, applied=(tuple(rest), asked.applied[1]))


def function(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`F.conv2d` and `F.conv_transpose2d`: kernel and channels are those of the weight."""
    assert row.axes
    weight = given.shape("weight") or asked.weight
    if weight is None:
        raise ReadingError(f"the shape of weight={shown(given['weight'])} is not known; give it: --weight 64,32,3,3")
    if len(weight) != row.axes + 2:
        raise ReadingError(f"the weight has {len(weight)} sizes; expected {row.axes + 2}")
    groups = given.groups("groups")
    back = "output_padding" in given.defaults
    inputs, outputs = (weight[0], weight[1] * groups) if back else (weight[1] * groups, weight[0])
    size = given.shape("input")
    if size is not None and (not 0 < len(size) - row.axes <= 2 or size[-row.axes - 1] != inputs):
        raise ReadingError(f"the input {size} does not fit the weight {weight}; expected {inputs} channels")
    cells = asked.cells(row.axes, size[-row.axes :] if size else None)
    return _convolution(row, given, asked, cells, weight[2:], (inputs, outputs))


def _convolution(
    row: LayerSpec, given: Arguments, asked: ParseHints, cells: Sizes, kernel: Sizes, channels: tuple[Any, Any]
) -> ParsedLayer:
    assert row.axes
    axes, groups, short = row.axes, given.groups("groups"), "weight" in given
    inputs, outputs = channels
    divided(groups, in_channels=inputs, out_channels=outputs)
    shared = {name: given.sizes(name, axes, name, short) for name in ("stride", "dilation")} | {
        "input": cells,
        "kernel": kernel,
    }
    if "output_padding" in given.defaults:
        layer: Layer = _transposed(given, asked, shared, short)
    else:
        layer = _forward(given, shared, short)
    bias = given["bias"] is not None if short else given.flag("bias", assume=True)
    first, second = (inputs, "C_in"), (outputs, "C_out")
    if isinstance(layer, Conv):
        first, second = second, first
    weight = tensor(text_of(*first), text_of(*second, groups), *kernel)
    return ParsedLayer(
        *(row.framework, row.name, layer, inputs, outputs, groups, bias),
        notes=given.assumed("groups", *(() if short else ("bias",))),
        said=given.text,
        weight=weight,
    )


def _forward(given: Arguments, shared: dict[str, Sizes], short: bool) -> Layer:
    axes, mode = len(shared["input"]), "zeros"
    if "padding_mode" in given.defaults:
        mode = given.word("padding_mode", tuple(PADDING_MODES))
    padding = given["padding"]
    if isinstance(padding, str) or padding in PRINTED:
        padding = given.word("padding", ("valid", "same"))
        if padding == "same" and set(shared["stride"]) != {1}:
            raise ReadingError("PyTorch refuses padding='same' with a stride; use stride 1 or a padding in numbers")
    else:
        padding = given.sizes("padding", axes, "padding", short)
    return built(lambda: Conv(padding=padding, padding_mode=mode, **shared))


def _transposed(given: Arguments, asked: ParseHints, shared: dict[str, Sizes], short: bool) -> Layer:
    axes = len(shared["input"])
    if given["padding_mode"] not in (None, "zeros"):
        raise ReadingError("PyTorch's transposed convolution takes no padding mode but 'zeros': its padding crops")
    if isinstance(given["padding"], str):
        raise ReadingError("PyTorch's transposed convolution takes no padding by name; use a whole number")
    padding = given.sizes("padding", axes, "padding", short)
    extra = given.sizes("output_padding", axes, "output_padding", short)
    wanted = _output_size(asked, axes)
    if wanted is None:
        return built(lambda: ConvTranspose(padding=padding, output_padding=extra, **shared))
    return built(lambda: ConvTranspose(padding=padding, output=wanted, **shared))


def _output_size(asked: ParseHints, axes: int) -> Sizes | None:
    """`output_size` of the call, which chooses the output padding; batch and channels may stand in front."""
    positional, named = asked.applied or ((), {})
    wanted = named.get("output_size", positional[0] if positional else None)
    if wanted is None:
        return None
    sizes = wanted if isinstance(wanted, tuple) else (wanted,) * axes
    if any(type(size) is not int for size in sizes) or len(sizes) not in (axes, axes + 2):
        raise ReadingError(f"output_size={shown(wanted)} is not {per_axis_words(axes)}")
    return sizes[-axes:]


def pooling(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """Poolings of either form; the stride is the kernel where it is not given."""
    assert row.axes
    axes, short = row.axes, "input" in given
    size = given.shape("input") if short else None
    if not short:
        size, asked = _called(axes, asked)
    if size is not None and not 0 < len(size) - axes <= 2:
        raise ReadingError(f"the input has {len(size)} axes; expected (N, C, {'H, W' if axes == 2 else 'L'})")
    shared: dict[str, Any] = {
        "input": asked.cells(axes, size[-axes:] if size else None),
        "kernel": given.sizes("kernel_size", axes, "kernel", short),
        "stride": None if given["stride"] is None else given.sizes("stride", axes, "stride", short),
        "padding": given.sizes("padding", axes, "padding", short),
        "ceil_mode": given.flag("ceil_mode"),
    }
    notes: tuple[str, ...] = ()
    if "count_include_pad" in given.defaults:
        include = given.flag("count_include_pad")
        layer: Layer = built(lambda: AvgPool(count_include_pad=include, **shared))
        if given["divisor_override"] is not None:
            notes = ("divisor_override divides by another number than the picture, which shows the mean",)
    else:
        dilation = given.sizes("dilation", axes, "dilation", short)
        layer = built(lambda: MaxPool(dilation=dilation, **shared))
    channels = size[-axes - 1] if size else None
    return ParsedLayer(row.framework, row.name, layer, channels, channels, notes=notes, said=given.text)


def _rows() -> dict[str, LayerSpec]:
    rows = {}
    for axes in (1, 2):
        mean = MEAN + ", divisor_override=None" * (axes == 2)
        kinds = {
            f"Conv{axes}d": (f"in_channels, out_channels, {CONV}", module),
            f"ConvTranspose{axes}d": (f"in_channels, out_channels, {BACK}", module),
            f"LazyConv{axes}d": (f"out_channels, {CONV}", module),
            f"LazyConvTranspose{axes}d": (f"out_channels, {BACK}", module),
            f"MaxPool{axes}d": (MAX, pooling),
            f"AvgPool{axes}d": (mean, pooling),
            f"conv{axes}d": ("input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", function),
            f"conv_transpose{axes}d": (
                "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
                function,
            ),
            f"max_pool{axes}d": (
                "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
                pooling,
            ),
            f"avg_pool{axes}d": (f"input, {mean}", pooling),
        }
        for name, (signature, make) in kinds.items():
            place = "nn" if name[0].isupper() else "F"
            rows[name] = LayerSpec(FRAMEWORK, f"{place}.{name}", Signature(signature), make, axes)
    return rows


ROWS = _rows()
"""Name → layer."""


def prefixes(name: str) -> tuple[str, ...]:
    """What may stand before a name."""
    return MODULES if name[0].isupper() else FUNCTIONS
