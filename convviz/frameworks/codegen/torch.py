"""PyTorch code: padding in numbers, equal on both sides; `F.pad` or a slice does the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convviz.frameworks.codegen.text import (
    Option,
    Snippet,
    arguments_text,
    axes_text,
    channels_first,
    is_uneven,
    mean_padding,
    output_crops,
    tuple_text,
    window_padding,
)
from convviz.frameworks.names import class_name_of
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool
from convviz.text.formatting import format_padding


def conv(layer: Conv) -> Snippet:
    """Return the lines for a convolution."""
    name = class_name_of("torch", layer)
    is_same = layer.named_padding == "same" and set(layer.stride) == {1}
    is_native = is_same or not is_uneven(layer.padding)
    mode = layer.padding_mode if any(map(any, layer.padding)) else "zeros"
    options: list[Option] = [("kernel_size", layer.kernel, None), ("stride", layer.stride, 1)]
    if is_native and not is_same:
        options.append(("padding", [before for before, _ in layer.padding], 0))
    arguments = arguments_text(*options) + ', padding="same"' * is_same
    arguments += arguments_text(("dilation", layer.dilation, 1))
    if is_native:
        mode_option = f', padding_mode="{mode}"' if mode != "zeros" else ""
        return _snippet(layer, [], f"nn.{name}(1, 1{arguments}{mode_option}, bias=False)", "layer(x)")
    mode_option = f', mode="{mode}"' if mode != "zeros" else ""
    padded, amount = _pad("x", layer.padding, mode_option), format_padding(layer.padding)
    note = f"# {name} pads both sides equally, but here p = {amount} (before, after): use F.pad."
    return _snippet(layer, [note], f"nn.{name}(1, 1{arguments}, bias=False)", f"layer({padded})")


def transposed(layer: ConvTranspose) -> Snippet:
    """Return the lines for a transposed convolution.

    Padding p crops p cells at both ends, and output padding below max(s, d) crops fewer at the end, or appends zeros.
    So a crop needs a slice if the end loses more than the start, or fewer by max(s, d) or more.
    """
    name, cropped = class_name_of("torch", layer), output_crops(layer)
    padding, output_padding, slices = [], [], []
    for (before, after), stride, dilation in zip(cropped, layer.stride, layer.dilation, strict=True):
        is_native = before - after < max(stride, dilation)
        padding.append(before if is_native else 0)
        output_padding.append(max(before - after, 0) if is_native else max(-after, 0))
        start, end = (0, max(after - before, 0)) if is_native else (before, max(after, 0))
        slices.append(f"{start or ''}:{-end or ''}")
    arguments = arguments_text(
        ("kernel_size", layer.kernel, None),
        ("stride", layer.stride, 1),
        ("padding", padding, 0),
        ("output_padding", output_padding, 0),
        ("dilation", layer.dilation, 1),
    )
    module = f"nn.{name}(1, 1{arguments}, bias=False)"
    if set(slices) == {":"}:
        return _snippet(layer, [], module, "layer(x)")
    note = f"# {name} cannot crop {format_padding(cropped)} (before, after): a slice crops the rest."
    return _snippet(layer, [note], module, f"layer(x)[:, :, {', '.join(slices)}]")


def pool(layer: Pool) -> Snippet:
    """Return the lines for a pooling."""
    name, is_dilated = class_name_of("torch", layer), set(layer.dilation) != {1}
    fits = all(2 * max(pair) <= kernel for pair, kernel in zip(layer.padding, layer.kernel, strict=True))
    stride: list[Option] = [("stride", layer.stride, None)] if layer.stride != layer.kernel else []
    options: list[Option] = [("kernel_size", layer.kernel, None), *stride]
    dilation = arguments_text(("dilation", layer.dilation, 1))
    if fits and not is_uneven(layer.padding) and not (layer.mean and is_dilated):
        arguments = arguments_text(*options, ("padding", [before for before, _ in layer.padding], 0)) + dilation
        arguments += ", ceil_mode=True" * layer.ceil_mode + ", count_include_pad=False" * (not layer.count_include_pad)
        return _snippet(layer, [], f"nn.{name}({arguments[2:]})", "layer(x)")
    reason = "has no dilation" if layer.mean and is_dilated else "pads both sides equally, by up to half of the kernel"
    if isinstance(layer, AvgPool):
        return _mean(layer, f"# {name} {reason}: divide the sum of each window by its number of cells.")
    sides = window_padding(layer)
    note = f"# {name} {reason}, but here p = {format_padding(sides)} (before, after): use F.pad."
    padded = _pad("x", sides, ', value=float("-inf")')
    return _snippet(layer, [note], f"nn.{name}({(arguments_text(*options) + dilation)[2:]})", f"layer({padded})")


def _mean(layer: AvgPool, note: str) -> Snippet:
    """Return the lines for any mean, as the quotient of two convolutions with ones."""
    function = f"F.conv{len(layer.axes)}d"
    steps = arguments_text(("stride", layer.stride, 1), ("dilation", layer.dilation, 1))
    padding = mean_padding(layer)
    number, divisor = "window.sum()", "number"
    if padding:
        ones = _pad(_pad("torch.ones_like(x)", padding[0], ", value=1.0"), padding[1])
        number = f"{function}({ones}, window{steps})"
        divisor = "number" if layer.count_include_pad else "number.clamp(min=1)"
    return [
        note,
        "import torch",
        "from torch.nn import functional as F",
        "",
        _input(layer),
        f"window = torch.ones{channels_first(layer.kernel)}",
        f"total = {function}({_pad('x', window_padding(layer))}, window{steps})",
        f"number = {number}",
        f"y = total / {divisor}  # {channels_first(layer.output)}",
    ]


def _pad(array: str, sides: Iterable[Sequence[int]], options: str = "") -> str:
    """Return `F.pad(x, (0, 1, 0, 1))`, the last axis first, or only the array if there is no padding."""
    numbers = [side for pair in reversed(list(sides)) for side in pair]
    return f"F.pad({array}, {tuple_text(numbers)}{options})" if any(numbers) else array


def _input(layer: Layer) -> str:
    return f"x = torch.randn{channels_first(layer.input)}  # (batch, channels, {axes_text(layer)})"


def _snippet(layer: Layer, notes: Snippet, module: str, call: str) -> Snippet:
    functional = ["from torch.nn import functional as F"] if "F.pad" in call else []
    return [
        *notes,
        "import torch",
        "from torch import nn",
        *functional,
        "",
        _input(layer),
        f"layer = {module}",
        f"y = {call}  # {channels_first(layer.output)}",
    ]
