"""Padding that code adds to the input before a layer: `F.pad`, `jnp.pad`, `nn.ZeroPad2d`, `ZeroPadding2D`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.arguments import Arguments, format_argument
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.values import OpaqueCall, ShapedArray, Symbol, unknown_parts
from convviz.geometry.padding import PaddingModeName, PaddingPair
from convviz.layers.convolution import Conv
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool
from convviz.text.formatting import format_sizes

MODES: dict[str, PaddingModeName] = {
    "constant": "zeros",
    "zero": "zeros",
    "reflect": "reflect",
    "reflection": "reflect",
    "replicate": "replicate",
    "replication": "replicate",
    "edge": "replicate",
    "circular": "circular",
    "wrap": "circular",
}
"""Name of a padding in a framework → padding mode."""
CLASS = re.compile(r"(Zero|Constant|Reflection|Replication|Circular)Pad(?:ding)?([12])[dD]")
CHANNELS_FIRST = ("PyTorch", "JAX", "Paddle")


@dataclass(frozen=True)
class Pads:
    """Padding before a layer."""

    name: str
    """Dotted name of the function or class."""
    text: str
    """The call as code, truncated."""
    amounts: Any
    """As written: a number, pairs in PyTorch's order, or a pair for each axis."""
    mode: PaddingModeName | None
    """What it holds; None for something that no padding of a layer holds, such as ones."""
    inner: Any
    """What is padded."""
    reversed: bool
    """Whether `amounts` are in PyTorch's order: the last axis first, before and after."""

    def pairs(self, axes: int, channels_last: bool) -> tuple[PaddingPair, ...]:
        """Return padding before and after each spatial axis, rows first. Raises `ReadingError`."""
        unknown = next(unknown_parts(self.amounts), None)
        if unknown is not None:
            told = getattr(unknown, "unknown", "") or unknown.text
            raise ReadingError(f"{self.text}: {told} is unknown here; try --let {shlex.quote(f'{told}=1')}")
        amounts = self.amounts
        if type(amounts) is int:
            return ((amounts, amounts),) * axes
        if not isinstance(amounts, tuple) or not amounts:
            raise self._unclear(axes)
        pairs = tuple(one if isinstance(one, tuple) else (one, one) for one in amounts)
        if self.reversed:
            if len(amounts) % 2:
                raise self._unclear(axes)
            pairs = tuple(zip(amounts[::2], amounts[1::2], strict=True))[:axes][::-1]
            pairs = ((0, 0),) * (axes - len(pairs)) + pairs
        elif len(pairs) == axes + 2:
            pairs = pairs[1:-1] if channels_last else pairs[2:]
        elif axes == 1 and len(pairs) == 2 and all(type(one) is int for one in amounts):
            pairs = (amounts,)
        if len(pairs) != axes or any(len(pair) != 2 or {type(side) for side in pair} != {int} for pair in pairs):
            raise self._unclear(axes)
        return pairs

    def _unclear(self, axes: int) -> ReadingError:
        return ReadingError(
            f"{self.text}: expected padding in whole numbers for {'rows and columns' if axes == 2 else 'one axis'}, "
            f"got {format_argument(self.amounts)}"
        )


def explicit_pads(spec: LayerSpec, call: Call, arguments: Arguments, before: Any) -> Pads | None:
    """Return the padding of the input of a call, or that which precedes it in a list; None without any."""
    input = arguments[spec.input] if spec.input else (call.called_with or ((None,),))[0][:1]
    if isinstance(input, tuple):
        input = input[0] if input else None
    for value in (input, before):
        if isinstance(value, OpaqueCall) and value.call is not None:
            pads = _of_class(value.text, value.call) or _of_function(value.text, value.call)
            if pads is not None:
                return pads
    return None


def _of_class(text: str, call: Call) -> Pads | None:
    match = CLASS.fullmatch(call.path[-1])
    if not match:
        return None
    is_torch = call.path[-1].endswith("d")
    amounts = _argument(call, 0, ("padding",), 1)
    constant = _argument(call, 1, ("value",), 0) if match[1] == "Constant" else 0
    inner = call.called_with[0][0] if call.called_with and call.called_with[0] else None
    mode = MODES.get(match[1].lower()) if constant == 0 else None
    return Pads(".".join(call.path), text, amounts, mode, inner, is_torch and isinstance(amounts, tuple))


def _of_function(text: str, call: Call) -> Pads | None:
    if call.path[-1] != "pad":
        return None
    amounts = _argument(call, 1, ("pad", "pad_width", "paddings"), None)
    mode = _argument(call, 2, ("mode",), "constant")
    value = _argument(call, 3, ("value", "constant_values"), 0)
    known = MODES.get(str(mode).lower()) if value in (0, None) else None
    inner = _argument(call, 0, ("input", "x", "array", "tensor"), None)
    is_flat = isinstance(amounts, tuple) and not any(isinstance(one, tuple) for one in amounts)
    return Pads(".".join(call.path), text, amounts, known, inner, is_flat)


def _argument(call: Call, place: int, names: tuple[str, ...], default: Any) -> Any:
    if place < len(call.positional):
        return call.positional[place]
    return next((call.named[name] for name in names if name in call.named), default)


def add_padding(spec: LayerSpec, arguments: Arguments, hints: ParseHints, pads: Pads) -> ParsedLayer:
    """Return the layer with padding that precedes it as its own, or, if that is impossible, of the padded input."""
    axes = spec.axes or max(len(pads.amounts) - 2 if isinstance(pads.amounts, tuple) else 0, 1)
    channels_last = spec.framework not in CHANNELS_FIRST
    pairs = pads.pairs(axes, channels_last)
    shape = pads.inner.sizes if isinstance(pads.inner, ShapedArray) and len(pads.inner.sizes) > axes else None
    start = len(shape) - axes - channels_last if shape else 0
    cells = shape[start : start + axes] if shape else None
    if hints.input is None and cells is None:
        hints.input_size(axes)
    size = hints.input_size(axes, cells)
    padded = tuple(i + before + after for i, (before, after) in zip(size, pairs, strict=True))
    if min(padded) < 1:
        raise ReadingError(f"{pads.text} leaves nothing of an input of {format_sizes(size)}")
    array: Any = Symbol(pads.text)
    if shape:
        array = ShapedArray((*shape[:start], *padded, *shape[start + axes :]), pads.text)
    if spec.input:
        arguments = replace(arguments, values={**arguments.values, spec.input: array})
    elif hints.called_with and hints.called_with[0]:
        hints = replace(hints, called_with=((array, *hints.called_with[0][1:]), hints.called_with[1]))
    parsed = spec.parsed(arguments, replace(hints, input=padded))
    layer = _merged(parsed.layer, size, pairs, pads.mode)
    if layer is not None:
        return replace(parsed, layer=layer, notes=(*parsed.notes, f"{pads.text} is drawn as the layer's padding"))
    note = f"the input is what {pads.text} makes of {format_sizes(size)} cells: {format_sizes(padded)}"
    return replace(parsed, notes=(*parsed.notes, note))


def _merged(layer: Layer, size: Sizes, pairs: tuple[PaddingPair, ...], mode: PaddingModeName | None) -> Layer | None:
    """Return a layer with the padding before it as its own, None if no layer has such padding."""
    is_unpadded = not any(map(sum, layer.padding))
    if mode is None or min(map(min, pairs)) < 0 or not (is_unpadded or mode == layer.padding_mode == "zeros"):
        return None
    sides = tuple((b + p, a + q) for (b, a), (p, q) in zip(pairs, layer.padding, strict=True))
    make: Callable[[], Layer]
    if isinstance(layer, Conv):
        make = lambda: Conv(size, layer.kernel, layer.stride, sides, layer.dilation, mode)  # noqa: E731
    elif isinstance(layer, AvgPool) and is_unpadded and mode == "zeros" and not layer.ceil_mode:
        make = lambda: AvgPool(size, layer.kernel, layer.stride, sides)  # noqa: E731
    else:
        return None
    try:
        merged = make()
    except ConvvizError:
        return None
    return merged if merged.output == layer.output else None
