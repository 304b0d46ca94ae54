"""Requests: a picture by the names of the command line's options, as its layers, its values and its animation.

Options that are absent or None were not given: the defaults of the layers and of `animate` hold. Several others follow
from values: the input's size from its numbers, the kernel's from its numbers or its name, the view from an image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.errors import GeometryError
from convviz.geometry import PARAMETERS
from convviz.layers import AvgPool, ConvTranspose, Layer, MaxPool, Pool
from convviz.words import KINDS, layer_of

if TYPE_CHECKING:
    from convviz.animation import Animation

Options = Mapping[str, Any]
KEYWORDS = {"padding_mode": "padding_mode", "output_size": "output", "ceil_mode": "ceil_mode"}
"""Option → keyword of the layers that take it."""
PICTURE = (
    *("view", "theme", "size", "scale", "step", "hold", "frames", "max_frames"),
    *("title", "font", "transparent"),
)
"""Options that are keywords of `animate`."""
PIXELS = 40
"""Longest side of an image where none is given."""


@dataclass(frozen=True)
class Request:
    """What is asked for, all words read."""

    layer: Layer | Sequence[Layer]
    options: Options
    """Those given, and those that follow from values."""
    values: Options
    """Keywords of `animate`: the numbers in the cells, and how they are chosen."""

    def animate(self, **others: Any) -> Animation:
        """The animation, laid out; `others` are keywords of `animate` that win over the options."""
        from convviz.animation import animate

        animation = animate(self.layer, **{**self.values, **_given(self.options, PICTURE), **others})
        said = _said(self.options)
        return replace(animation, origin=replace(animation.origin, values=said)) if said else animation


def request(kind: str, options: Options) -> Request:
    """The request for `kind`: one of `words.KINDS`, or `stack` with `layers`, or `preset` with its name as `preset`."""
    if kind == "stack":
        return of_stack(options["layers"], options)
    if kind == "preset":
        return of_preset(options["preset"], options)
    return of_layer(KINDS[kind], options)


def of_layer(kind: type[Layer], options: Options) -> Request:
    """The request for a single layer, with its values. Raises `GeometryError` where words or sizes do not fit."""
    known = dict(options)
    x, w, bias = _read_values(kind, known)
    values = {"x": x, "channels": _channels(known), **_given(known, ("numbers", "seed", "channel"))}
    if not issubclass(kind, Pool):
        values |= {"w": w, "bias": bias, **_given(known, ("groups",))}
    return Request(make_layer(kind, known), known, values)


def of_stack(words: Sequence[str], options: Options) -> Request:
    """The request for several layers, each of which takes the output of the one before."""
    size = PARAMETERS["input"]["default"] if options.get("input") is None else options["input"]
    input = size if isinstance(size, tuple) else (size,) * (1 if options.get("one_dimension") else 2)
    layers: list[Layer] = []
    for text in words:
        layers.append(layer_of(text, layers[-1].output if layers else input))
    return Request(layers, options, {})


def of_preset(name: str, options: Options) -> Request:
    """The request for one of `presets.NAMES`."""
    from convviz.presets import preset

    return Request(preset(name), options, _given(options, ("numbers", "seed")))


def make_layer(kind: type[Layer], options: Options) -> Layer:
    """The layer of the options given; others keep the defaults of their fields."""
    given = _given(options, tuple(PARAMETERS))
    given.setdefault("input", PARAMETERS["input"]["default"])
    if kind in (MaxPool, AvgPool):
        given.setdefault("kernel", 2)
    given.setdefault("kernel", PARAMETERS["kernel"]["default"])
    count = 1 if options.get("one_dimension") else 2
    if count == 1:
        given["input"] = _line(given["input"])
    if isinstance(given.get("padding"), tuple) and len(given["padding"]) == 1:
        given["padding"] *= count
    given |= {KEYWORDS[name]: value for name, value in _given(options, tuple(KEYWORDS)).items()}
    if kind is AvgPool:
        given |= _given(options, ("count_include_pad",))
    return kind(**given)


def _said(options: Options) -> tuple[str, ...]:
    """The words that gave values, for the command that makes the picture again; of a file its name alone."""
    from convviz.values import is_file

    words: list[str] = []
    for name in ("input_values", "kernel_values", "bias"):
        if options.get(name) is not None:
            text = options[name]
            words += [f"--{name.replace('_', '-')}", Path(text).name if is_file(text) else text]
    if options.get("image") is not None:
        words += ["--image", Path(options["image"]).name, "--pixels", str(options.get("pixels", PIXELS))]
    return tuple(words)


def _given(options: Options, names: Sequence[str]) -> dict[str, Any]:
    return {name: options[name] for name in names if options.get(name) is not None}


def _line(input: Any) -> Any:
    """The input of a layer with one axis."""
    if isinstance(input, tuple) and len(input) > 1:
        raise GeometryError(f"input {'x'.join(map(str, input))} has two axes, but --1d makes one; give one number")
    return (input,) if isinstance(input, int) else input


def _read_values(kind: type[Layer], options: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Values given in words; they set the parameters that follow from them and were not given."""
    from convviz import values

    axes = 1 if options.get("one_dimension") else 2
    x, w, bias = (
        values.parse(name, options[key], axes) if options.get(key) is not None else None
        for name, key in (("input", "input_values"), ("kernel", "kernel_values"), ("bias", "bias"))
    )
    if options.get("image") is not None:
        if x is not None:
            raise GeometryError("give --image or --input-values, not both: each is the input")
        x = values.image(options["image"], options.get("pixels", PIXELS))
        options["view"] = options.get("view") or "image"
    for name, given in (("input", x), ("kernel", w)):
        if given is None or isinstance(given, str):
            continue
        if given.ndim < axes:
            raise GeometryError(f"the {name} values are a line of {given.size}; use --1d, or give rows and columns")
        if options.get(name) is None:
            options[name] = tuple(given.shape[-axes:])
    if isinstance(w, str) and options.get("kernel") is None:
        _fit_kernel(kind, w, options)
    return x, w, bias


def _fit_kernel(kind: type[Layer], name: str, options: dict[str, Any]) -> None:
    """The parameters that a kernel's name brings, where they were not given."""
    from convviz import kernels

    stride = options.get("stride") or (2 if issubclass(kind, ConvTranspose) and name in ("bilinear", "nearest") else 1)
    if isinstance(stride, int) and stride > 0:
        for parameter, value in {"stride": stride, **kernels.fitting(name, stride)}.items():
            options[parameter] = value if options.get(parameter) is None else options[parameter]


def _channels(options: Options) -> tuple[int, int] | None:
    outputs = options.get("out_channels")
    if options.get("channels") is None:
        if outputs is not None:
            raise GeometryError(f"--out-channels {outputs} needs --channels: how many input channels there are")
        return None
    return options["channels"], max(1, options.get("groups", 1)) if outputs is None else outputs
