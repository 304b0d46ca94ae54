"""PyTorch: numeric padding on both sides alike; what is uneven is padded, or sliced off, by a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convviz.frameworks.codegen.text import (
    Argument,
    Lines,
    arguments,
    around,
    axes_words,
    counted,
    crops,
    entries,
    first,
    pool_words,
    unlike,
)
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool
from convviz.text.formatting import format_padding


def write(layer: Layer) -> str:
    """The layer as a snippet. Twin of web/js/frameworks/codegen/torch.js, but for padding modes and poolings."""
    if isinstance(layer, Pool):
        return "\n".join(_pool(layer))
    return "\n".join(_transposed(layer) if isinstance(layer, ConvTranspose) else _conv(layer))


def _conv(layer: Layer) -> Lines:
    name = f"Conv{len(layer.axes)}d"
    even = not unlike(layer.padding)
    same = layer.named_padding == "same" and set(layer.stride) == {1}
    mode = layer.padding_mode if any(map(any, layer.padding)) else "zeros"
    said: list[Argument] = [("kernel_size", layer.kernel, None), ("stride", layer.stride, 1)]
    if even and not same:
        said.append(("padding", [before for before, _ in layer.padding], 0))
    named = ', padding="same"' if same else ""
    options = arguments(*said) + named + arguments(("dilation", layer.dilation, 1))
    if even or same:
        mode_option = f', padding_mode="{mode}"' if mode != "zeros" else ""
        return _snippet(layer, [], f"nn.{name}(1, 1{options}{mode_option}, bias=False)", "layer(x)")
    held = f', mode="{mode}"' if mode != "zeros" else ""
    note = (
        f"# {name} pads both sides alike, and here p = {format_padding(layer.padding)} (before, after): F.pad does it."
    )
    return _snippet(
        layer, [note], f"nn.{name}(1, 1{options}, bias=False)", f"layer({_padded('x', layer.padding, held)})"
    )


def _transposed(layer: Layer) -> Lines:
    """Padding p crops p cells at both ends, and output padding gives some of the last ones back, or appends zeros.

    So any crop can be said in which the end loses at most as much as the start, up to max(s, d) − 1 cells less.
    """
    name = f"ConvTranspose{len(layer.axes)}d"
    cropped = crops(layer)
    pads, extras, slices = [], [], []
    for (before, after), stride, dilation in zip(cropped, layer.stride, layer.dilation, strict=True):
        within = before - after < max(stride, dilation)
        pads.append(before if within else 0)
        extras.append(max(before - after, 0) if within else max(-after, 0))
        start, end = (0, max(after - before, 0)) if within else (before, max(after, 0))
        slices.append(f"{start or ''}:{-end or ''}")
    options = arguments(
        ("kernel_size", layer.kernel, None),
        ("stride", layer.stride, 1),
        ("padding", pads, 0),
        ("output_padding", extras, 0),
        ("dilation", layer.dilation, 1),
    )
    note, cut = [], ""
    if set(slices) != {":"}:
        note = [f"# {name} cannot crop {format_padding(cropped)} (before, after): a slice takes the rest off."]
        cut = f"[:, :, {', '.join(slices)}]"
    return _snippet(layer, note, f"nn.{name}(1, 1{options}, bias=False)", f"layer(x){cut}")


def _padded(name: str, sides: Iterable[Sequence[int]], held: str = "") -> str:
    """`F.pad(x, (0, 1, 0, 1))`: the last axis comes first; only the name where there is nothing to pad."""
    listed = [side for pair in reversed(list(sides)) for side in pair]
    return f"F.pad({name}, {entries(listed)}{held})" if any(listed) else name


def _pool(layer: Pool) -> Lines:
    name = f"{pool_words(layer).capitalize()}Pool{len(layer.axes)}d"
    dilated = set(layer.dilation) != {1}
    fits = all(2 * max(pair) <= kernel for pair, kernel in zip(layer.padding, layer.kernel, strict=True))
    native = fits and not unlike(layer.padding) and not (layer.mean and dilated)
    stride = [("stride", layer.stride, None)] if layer.stride != layer.kernel else []
    said: list[Argument] = [("kernel_size", layer.kernel, None), *stride]
    dilation = arguments(("dilation", layer.dilation, 1))
    if native:
        given = arguments(*said, ("padding", [before for before, _ in layer.padding], 0)) + dilation
        given += ", ceil_mode=True" * layer.ceil_mode + ", count_include_pad=False" * (not layer.count_include_pad)
        return _snippet(layer, [], f"nn.{name}({given[2:]})", "layer(x)")
    why = "has no dilation" if layer.mean and dilated else "pads both sides alike, by at most half of the kernel"
    if isinstance(layer, AvgPool):
        return _mean(layer, f"# {name} {why}: sums of windows are divided by how many cells they hold.")
    padded = _padded("x", around(layer), ', value=float("-inf")')
    note = f"# {name} {why}, and here p = {format_padding(around(layer))} (before, after): F.pad does it."
    return _snippet(layer, [note], f"nn.{name}({(arguments(*said) + dilation)[2:]})", f"layer({padded})")


def _mean(layer: AvgPool, note: str) -> Lines:
    """Any mean, as the quotient of two convolutions with ones."""
    count = len(layer.axes)
    steps = arguments(("stride", layer.stride, 1), ("dilation", layer.dilation, 1))
    total = f"F.conv{count}d({_padded('x', around(layer))}, window{steps})"
    cells = counted(layer)
    lines = [f"window = torch.ones{first(layer.kernel)}", f"total = {total}", "number = window.sum()"]
    if cells:
        ones = _padded(_padded("torch.ones_like(x)", cells[0], ", value=1.0"), cells[1])
        lines[-1] = f"number = F.conv{count}d({ones}, window{steps})"
    whole = "number" if not cells or layer.count_include_pad else "number.clamp(min=1)"
    return [
        note,
        "import torch",
        "from torch.nn import functional as F",
        "",
        f"x = torch.randn{first(layer.input)}  # (batch, channels, {axes_words(layer)})",
        *lines,
        f"y = total / {whole}  # {first(layer.output)}",
    ]


def _snippet(layer: Layer, notes: Lines, module: str, call: str) -> Lines:
    functional = ["from torch.nn import functional as F"] if "F.pad" in call else []
    return [
        *notes,
        "import torch",
        "from torch import nn",
        *functional,
        "",
        f"x = torch.randn{first(layer.input)}  # (batch, channels, {axes_words(layer)})",
        f"layer = {module}",
        f"y = {call}  # {first(layer.output)}",
    ]
