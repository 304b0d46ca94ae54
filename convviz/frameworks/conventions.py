"""One set of parameters, as each framework takes it: what one writes, what it pads or crops, which numbers come out.

Parameters are taken literally. `same` is a word that PyTorch's transposed convolution does not have, numbers are a
padding that Keras does not have, and to JAX's `conv_transpose` they pad the zero-inserted input. Where a framework has
no such parameter, what comes nearest stands for it, and a remark says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convviz.errors import GeometryError
from convviz.frameworks.codegen.text import arguments, crops, dimension, entries, number, pairs, unlike
from convviz.geometry.padding import transposed_padding
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER", "valid": "VALID"}
"""Names of padding as ONNX has them."""
TOGETHER = "refuses strides > 1 together with dilation_rate > 1; convviz code shows a way"


@dataclass(frozen=True)
class Convention:
    """What a framework makes of the parameters."""

    framework: str
    call: str
    """What one writes."""
    layer: ConvLayer | None
    """What that computes; None where it is refused."""
    remark: str = ""
    """Why it is not the parameters as they are, or what else to know; empty where all is as it is said."""
    reversed: bool = False
    """Whether the kernel is stamped reversed."""

    @property
    def sides(self) -> list[tuple[int, int]]:
        """Cells padded, or cropped, before and after each axis; what output padding gives back is not cropped."""
        if self.layer is None:
            return []
        return crops(self.layer) if isinstance(self.layer, ConvTranspose) else list(self.layer.padding)

    def kernel(self, w: NDArray[Any]) -> NDArray[Any]:
        """The kernel as this framework stamps it."""
        return w[(slice(None, None, -1),) * w.ndim] if self.reversed else w


def conventions_of(layer: ConvLayer, frameworks: Sequence[str] = ()) -> list[Convention]:
    """What each of `frameworks` (all of `READERS` where none is named) makes of the parameters of `layer`.

    Raises `GeometryError` for an unknown framework, and for padding that borrows.
    """
    if layer.padding_mode != "zeros":
        raise GeometryError(f"frameworks are compared with zeros for padding, not with {layer.padding_mode}")
    for name in frameworks:
        if name not in READERS:
            raise GeometryError(f"there is no framework {name!r} to compare; use {', '.join(READERS)}")
    return [READERS[name](layer) for name in dict.fromkeys(frameworks or READERS)]


def _with(layer: ConvLayer, padding: Any, output_padding: Any = None) -> ConvLayer:
    """The same layer with other padding."""
    shared = (layer.input, layer.kernel, layer.stride, padding, layer.dilation)
    return ConvTranspose(*shared, output_padding) if isinstance(layer, ConvTranspose) else Conv(*shared)


# PyTorch --------------------------------------------------------------------------------------------------------------


def _torch(layer: ConvLayer) -> Convention:
    word, transposed = layer.named_padding, isinstance(layer, ConvTranspose)
    if word == "same" and not transposed and set(layer.stride) == {1}:
        return Convention("torch", _torch_call(layer, ', padding="same"'), layer)
    if word in ("same", "same_lower") and (transposed or unlike(layer.padding) or word == "same"):
        nearest = _torch_same(layer)
        why = "is for stride 1 alone" if word == "same" and not transposed else "does not exist"
        return Convention("torch", _torch_call(nearest), nearest, f'padding="{word}" {why}: this comes nearest')
    if word == "valid":
        layer = _with(layer, 0)
    does = "crops both ends alike: a slice" if transposed else "pads both sides alike: F.pad"
    return Convention("torch", _torch_call(layer), layer, f"{does} does the rest" if unlike(layer.padding) else "")


def _torch_same(layer: ConvLayer) -> ConvLayer:
    """The padding of both sides, and the output padding, with which ⌈i/s⌉ cells come out, transposed i·s.

    Where output padding has no room (s = d = 1), a cell more comes out.
    """
    if not isinstance(layer, ConvTranspose):
        sizes = [(axis.input, axis.effective_kernel, axis.stride) for axis in layer.axes]
        halves = [((effective_kernel - 1) // 2, effective_kernel // 2) for _, effective_kernel, _ in sizes]
        fits = [
            (i + 2 * low - effective_kernel) // s + 1 == -(-i // s)
            for (i, effective_kernel, s), (low, _) in zip(sizes, halves, strict=True)
        ]
        return _with(layer, [low if fit else high for (low, high), fit in zip(halves, fits, strict=True)])
    over = [axis.effective_kernel - axis.stride for axis in layer.axes]
    even = [max(stride, dilation) == 1 for stride, dilation in zip(layer.stride, layer.dilation, strict=True)]
    pads = [max(cells + (not low), 0) // 2 for cells, low in zip(over, even, strict=True)]
    extras = [0 if low else 2 * pad - cells for pad, cells, low in zip(pads, over, even, strict=True)]
    return _with(layer, pads, extras)


def _torch_call(layer: ConvLayer, named: str = "") -> str:
    kind = "ConvTranspose" if isinstance(layer, ConvTranspose) else "Conv"
    pads = [min(pair) for pair in layer.padding]
    options = arguments(("stride", layer.stride, 1))
    options += named or arguments(("padding", pads, 0), ("output_padding", layer.output_padding, 0))
    options += arguments(("dilation", layer.dilation, 1))
    return f"nn.{kind}{len(layer.axes)}d(1, 1, {number(layer.kernel)}{options})"


# Keras ----------------------------------------------------------------------------------------------------------------


def _keras(layer: ConvLayer) -> Convention:
    word = layer.named_padding
    transposed = isinstance(layer, ConvTranspose)
    zero = not any(map(any, layer.padding))
    named = "same" if word in ("same", "same_lower") else "valid"
    call = _keras_call(layer, named)
    if max(layer.stride) > 1 and max(layer.dilation) > 1:
        return Convention("keras", call, None, TOGETHER)
    if transposed and any(a >= s for a, s in zip(_asked(layer), layer.stride, strict=True)) and (word in SAME or zero):
        return Convention("keras", call, None, "refuses an output padding that is not below the stride")
    if word == "same_lower" and (transposed or layer.padding != _with(layer, "same").padding):
        return Convention(
            "keras", call, _keras_layer(layer, "same"), 'there is no padding="same_lower": this comes nearest'
        )
    if word in ("same", "same_lower", "valid") or zero:
        return Convention("keras", call, _keras_layer(layer, named) if transposed else layer)
    does = "crops by name alone: Cropping" if transposed else "pads by name alone: ZeroPadding"
    return Convention("keras", _keras_call(layer, named, 0), layer, f"{does}{dimension(layer)} does it")


def _keras_layer(layer: ConvLayer, named: str) -> ConvLayer:
    """Keras's own rule where it gets an output padding: (i − 1)s + ke + a cells, for `same` 2·⌊ke/2⌋ less of them."""
    asked = _asked(layer)
    if not any(asked):
        return _with(layer, named)
    pads, extras = [], []
    for axis, extra in zip(layer.axes, asked, strict=True):
        full = (axis.input - 1) * axis.stride + axis.effective_kernel
        size = full + extra - (2 * (axis.effective_kernel // 2) if named == "same" else 0)
        over = max(full - size, 0) if named == "same" else 0
        pads.append((over // 2, over - over // 2))
        extras.append(max(size - full, 0))
    return _with(layer, pads, extras)


def _asked(layer: ConvLayer) -> tuple[int, ...]:
    """The output padding that was asked for, not that which a padding by name brings."""
    if not layer.named_padding:
        return layer.output_padding
    sizes = [(axis.input, axis.effective_kernel, axis.stride) for axis in layer.axes]
    brought = tuple(transposed_padding(layer.named_padding, *measures, None)[1] for measures in sizes)
    return layer.output_padding if layer.output_padding != brought else (0,) * len(brought)


def _keras_call(layer: ConvLayer, named: str, extra: int = 1) -> str:
    kind = "Transpose" if isinstance(layer, ConvTranspose) else ""
    said = arguments(("strides", layer.stride, 1)) + (', padding="same"' if named == "same" else "")
    said += arguments(
        ("output_padding", [extra * cells for cells in _asked(layer)], 0), ("dilation_rate", layer.dilation, 1)
    )
    return f"keras.layers.Conv{dimension(layer)}{kind}(1, {number(layer.kernel)}{said})"


# JAX ------------------------------------------------------------------------------------------------------------------


def _jax(layer: ConvLayer) -> Convention:
    word = layer.named_padding
    if not isinstance(layer, ConvTranspose):
        named = word.upper() if word in SAME else ""
        return Convention("jax", _jax_call(layer, f'"{named}"' if named else pairs(layer.padding)), layer)
    told = "the kernel is stamped reversed; transpose_kernel=True keeps it as it is"
    if any(_asked(layer)):
        told = f"there is no output padding; {told}"
    if word in SAME:
        named = "valid" if word == "valid" else "same"
        lower = 'there is no padding="SAME_LOWER": this comes nearest; ' if word == "same_lower" else ""
        return Convention("jax", _jax_call(layer, f'"{named.upper()}"'), _with(layer, named), lower + told, True)
    told = f"padding is that of the zero-inserted input; {told}"
    reaches = [axis.effective_kernel - 1 for axis in layer.axes]
    cropped = [
        (effective_kernel - before, effective_kernel - after)
        for effective_kernel, (before, after) in zip(reaches, layer.padding, strict=True)
    ]
    call = _jax_call(layer, pairs(layer.padding))
    try:
        return Convention("jax", call, _with(layer, cropped), told, True)
    except GeometryError:
        beyond = "pad it beyond its kernel" if min(map(min, cropped)) < 0 else "leave no output"
        return Convention("jax", call, None, f"padding is that of the zero-inserted input, and these numbers {beyond}")


def _jax_call(layer: ConvLayer, padding: str) -> str:
    transposed = isinstance(layer, ConvTranspose)
    steps = f"{'strides' if transposed else 'window_strides'}={entries(layer.stride)}"
    dilation = f", rhs_dilation={entries(layer.dilation)}" if set(layer.dilation) != {1} else ""
    name = "conv_transpose" if transposed else "conv_general_dilated"
    return f"lax.{name}(x, w, {steps}, padding={padding}{dilation})"


# ONNX -----------------------------------------------------------------------------------------------------------------


def _onnx(layer: ConvLayer) -> Convention:
    word, transposed = layer.named_padding, isinstance(layer, ConvTranspose)
    asked = _asked(layer)
    said = [f"strides = {list(layer.stride)}"]
    if word in SAME:
        said.append(f'auto_pad = "{SAME[word]}"')
    elif any(map(any, layer.padding)):
        said.append(f"pads = {[side[end] for end in (0, 1) for side in layer.padding]}")
    said += [f"output_padding = {list(asked)}"] if any(asked) else []
    said += [f"dilations = {list(layer.dilation)}"] if set(layer.dilation) != {1} else []
    call = f"{'ConvTranspose' if transposed else 'Conv'} <{', '.join(said)}>"
    if transposed and any(a >= s for a, s in zip(asked, layer.stride, strict=True)):
        return Convention("onnx", call, None, "onnxruntime refuses an output padding that is not below the stride")
    if not transposed and word in ("same", "same_lower") and set(layer.dilation) != {1}:
        return Convention("onnx", call, None, "onnxruntime refuses auto_pad together with dilations; give pads")
    if transposed and word == "valid":
        return Convention("onnx", call, _with(layer, 0, asked))
    if transposed and word in ("same", "same_lower"):
        made = _onnx_same(layer, word == "same_lower", asked)
        short = made.output != tuple(i * s for i, s in zip(layer.input, layer.stride, strict=True))
        remark = "onnxruntime gives fewer than the i·s cells of ONNX's specification" if short else ""
        return Convention("onnx", call, made, remark)
    return Convention("onnx", call, layer)


def _onnx_same(layer: ConvLayer, lower: bool, asked: Sequence[int]) -> ConvLayer:
    """onnxruntime crops what is more than i·s cells, an odd one at the end, or at the start where SAME is LOWER."""
    full = [(axis.input - 1) * axis.stride + axis.effective_kernel for axis in layer.axes]
    sizes = [size * step for size, step in zip(layer.input, layer.stride, strict=True)]
    over = [max(cells + extra - size, 0) for cells, extra, size in zip(full, asked, sizes, strict=True)]
    return _with(layer, [(cells // 2, cells - cells // 2)[:: -1 if lower else 1] for cells in over], asked)


READERS: Mapping[str, Callable[[ConvLayer], Convention]] = {
    "torch": _torch,
    "keras": _keras,
    "jax": _jax,
    "onnx": _onnx,
}
"""Framework → what it makes of the parameters of a layer."""
