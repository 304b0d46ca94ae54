"""From options to the values in the cells, and the parameters that follow from values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from convviz.animation.input_values import InputValues
from convviz.errors import GeometryError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.recipes.drawing_commands import OPTIONS
from convviz.recipes.layer import Options, axis_count
from convviz.recipes.layer_options import DEFAULT_PIXELS, IMAGE_FRAMES
from convviz.text.notation import Arguments

COLOURS = ("red", "green", "blue")
"""Channels of an image in colour."""
VALUES = {"input": "input_values", "kernel": "kernel_values", "bias": "bias", "dL/dy": "dy"}
"""What has values → the option that gives them."""


def read_values(kind: type[Layer], options: Options) -> tuple[dict[str, Any], InputValues]:
    """Read the values that options give, and add the options that follow from them.

    The size of the input follows from its values, that of the kernel from its values or its name, and the view from an
    image. Raises `GeometryError` for values that cannot be read.
    """
    from convviz.text import values

    completed, axes, names = dict(options), axis_count(options), tuple[str, ...]()
    x, w, bias, dy = (
        None if options.get(option) is None else values.parse_values(name, options[option], axes)
        for name, option in VALUES.items()
    )
    if options.get("image") is not None:
        if x is not None:
            raise GeometryError("expected --image or --input-values, got both: each is the input")
        names = _channel_names(options)
        x = values.read_image(Path(options["image"]), options.get("pixels") or DEFAULT_PIXELS, coloured=bool(names))
        completed["view"] = options.get("view") or "image"
        if options.get("frames") is None and options.get("pace") == "even":
            completed["frames"] = IMAGE_FRAMES
    for name, array in (("input", x), ("kernel", w)):
        if array is not None and not isinstance(array, str):
            if array.ndim < axes:
                raise GeometryError(f"the {name} values are a line of {array.size}; use --1d, or give rows and columns")
            if options.get(name) is None:
                completed[name] = tuple(array.shape[-axes:])
    if isinstance(w, str) and options.get("kernel") is None:
        completed |= _fitting(kind, w, options)
    return completed, InputValues(x, w, bias, dy, _given_as(options), names)


def _channel_names(options: Options) -> tuple[str, ...]:
    """Return the names of the channels of an image, none if it is grey. Raises `GeometryError` for other numbers."""
    count = options.get("channels") or 1
    if count not in (1, len(COLOURS)):
        raise GeometryError(
            f"expected --channels 3 (red, green and blue) or none (grey) with --image, got {count}; "
            "use --input-values for other channels"
        )
    return COLOURS if count > 1 else ()


def _fitting(kind: type[Layer], name: str, options: Options) -> dict[str, Any]:
    """Return the parameters that follow from the name of a kernel and are not given."""
    from convviz.layers import kernels

    upsampling = issubclass(kind, ConvTranspose) and name in ("bilinear", "nearest")
    stride = options.get("stride") or (2 if upsampling else 1)
    if not isinstance(stride, int) or stride < 1:
        return {}
    parameters = {"stride": stride, **kernels.kernel_parameters(name, stride)}
    return {parameter: value for parameter, value in parameters.items() if options.get(parameter) is None}


def _given_as(options: Options) -> Arguments:
    """Return the words that gave the values, with file names instead of paths."""
    words: list[str] = []
    for name in VALUES.values():
        if options.get(name) is not None:
            spec, text = OPTIONS[name], options[name]
            words += spec.arguments(Path(text).name if spec.names_file and spec.names_file(text) else text)
    if options.get("image") is not None:
        words += OPTIONS["image"].arguments(Path(options["image"]).name)
        words += OPTIONS["pixels"].arguments(options.get("pixels") or DEFAULT_PIXELS)
    return tuple(words)
