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
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.convolution import ConvTranspose
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.text.parsing import parse_layer

if TYPE_CHECKING:
    from convviz.animation.animate import Animation
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

Options = Mapping[str, Any]
KEYWORDS = {
    "padding_mode": "padding_mode",
    "output_size": "output",
    "ceil_mode": "ceil_mode",
    "count_include_pad": "count_include_pad",
}
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
        from convviz.animation.animate import animate

        animation = animate(self.layer, **{**self.values, **_given(self.options, PICTURE), **others})
        said = _said(self.options)
        return replace(animation, origin=replace(animation.origin, values=said)) if said else animation


def request(kind: str, options: Options) -> Request:
    """The request for `kind`: one of `LAYER_KINDS`, or `stack`, `preset` or `layer` with the option of that name."""
    if kind == "stack":
        return of_stack(options["layers"], options)
    if kind == "preset":
        return of_preset(options["preset"], options)
    if kind == "layer":
        return of_found(found_of(options), options)
    if kind == "layer":
        return of_found(found_of(options), options)
    return of_layer(LAYER_KINDS[kind], options)


def of_layer(kind: type[Layer], options: Options) -> Request:
    """The request for a single layer, with its values. Raises `GeometryError` where words or sizes do not fit."""
    known = dict(options)
    values = _values(kind, known)
    return Request(make_layer(kind, known), known, values)


def _values(kind: type[Layer], known: dict[str, Any]) -> dict[str, Any]:
    """Keywords of `animate` for the numbers in the cells; what follows from them is added to `known`."""
    x, w, bias = _read_values(kind, known)
    values = {"x": x, "channels": _channels(known), **_given(known, ("numbers", "seed", "channel"))}
    if not issubclass(kind, Pool):
        values |= {"w": w, "bias": bias, **_given(known, ("groups",))}
    return values


def found_of(options: Options) -> ParsedLayer:
    """The layer in `layer`: a line of code, or the file of an ONNX model, of which `node` names a layer."""
    from convviz.frameworks.parse.hints import ParseHints
    from convviz.frameworks.parse.onnx import parse_onnx_node
    from convviz.frameworks.parse.onnx_graph import is_onnx_file
    from convviz.frameworks.parse.parser import parse_code
    from convviz.text.values import parse_values

    code, input = options["layer"], options.get("input")
    if input is None and options.get("input_values") is not None:
        input = tuple(getattr(parse_values("input", options["input_values"], 1), "shape", ())[-2:]) or None
    hints = ParseHints(input, options.get("weight"), dict(options.get("let") or ()))
    if is_onnx_file(code):
        return parse_onnx_node(code, options.get("node"), hints)
    if options.get("node") is not None:
        raise GeometryError("--node chooses from an ONNX model, a file that ends in .onnx; leave it out")
    return parse_code(code, hints, options.get("framework"))


def of_found(found: ParsedLayer, options: Options) -> Request:
    """The request for a layer that was read. Its own weights are shown where none are given, one channel of them."""
    layer = found.layer
    for name in ("kernel_values", "bias", "out_channels"):
        if isinstance(layer, Pool) and options.get(name) is not None:
            raise GeometryError(f"a pooling has no kernel values and no bias; leave --{name.replace('_', '-')} out")
    known = {**options, "input": layer.input, "kernel": layer.kernel, "one_dimension": len(layer.axes) == 1}
    known["groups"] = found.groups if options.get("channels") == found.in_channels else 1
    values = _values(type(layer), known)
    if found.flipped:
        known["title"] = "Transposed convolution, kernel turned" if known.get("title") is None else known["title"]
        values["w"] = None if values["w"] is None else _turned(values["w"], layer)
    if found.weights is not None and values["w"] is None:
        values |= _own(found, known)
    return Request(layer, known, values)


def _turned(w: Any, layer: Layer) -> Any:
    """Kernel values, or those of a kernel's name, turned by 180°."""
    from convviz.layers import arrays as shapes
    from convviz.layers import kernels

    grid = shapes.as_array("kernel", kernels.named_kernel(w, layer.kernel) if isinstance(w, str) else w)
    places: tuple[Any, ...] = (..., *[slice(None, None, -1)] * len(layer.axes))
    return grid[places]


def _own(found: ParsedLayer, known: dict[str, Any]) -> dict[str, Any]:
    """The weights that came with the layer: all of them for all its channels, else those between two."""
    assert found.weights
    from convviz.frameworks.weights import channel_title

    if known.get("channels") is not None:
        whole = known["channels"] == found.weights.in_channels and known.get("out_channels") is None
        return {"w": found.weights.weight, "bias": found.weights.bias} if whole else {}
    output = known.get("channel") or 0
    input = found.weights.first_input(output)
    if known.get("title") is None:
        known["title"] = channel_title(found.name.split()[0], found.weights, input, output)
    return {
        "w": found.weights.kernel(input, output),
        "bias": found.weights.single_channel_bias(output),
        "channel": 0,
    }


def of_stack(words: Sequence[str], options: Options) -> Request:
    """The request for several layers, each of which takes the output of the one before."""
    size = PARAMETERS["input"].default if options.get("input") is None else options["input"]
    input = size if isinstance(size, tuple) else (size,) * (1 if options.get("one_dimension") else 2)
    layers: list[Layer] = []
    for text in words:
        layers.append(parse_layer(text, layers[-1].output if layers else input))
    return Request(layers, options, {})


def of_preset(name: str, options: Options) -> Request:
    """The request for one of `presets.NAMES`."""
    from convviz.layers.presets import preset

    return Request(preset(name), options, _given(options, ("numbers", "seed")))


def make_layer(kind: type[Layer], options: Options) -> Layer:
    """The layer of the options given; others keep the defaults of their fields."""
    given = _given(options, tuple(PARAMETERS))
    given.setdefault("input", PARAMETERS["input"].default)
    given.setdefault("kernel", kind.default_kernel)
    count = 1 if options.get("one_dimension") else 2
    if count == 1:
        given["input"] = _line(given["input"])
    if isinstance(given.get("padding"), tuple) and len(given["padding"]) == 1:
        given["padding"] *= count
    given |= {KEYWORDS[name]: value for name, value in _given(options, tuple(KEYWORDS)).items()}
    return kind(**given)


def _said(options: Options) -> tuple[str, ...]:
    """The words that gave values, for the command that makes the picture again; of a file its name alone."""
    from convviz.text.values import is_value_file

    words: list[str] = []
    for name in ("input_values", "kernel_values", "bias"):
        if options.get(name) is not None:
            text = options[name]
            words += [f"--{name.replace('_', '-')}", Path(text).name if is_value_file(text) else text]
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
    from convviz.text import values

    axes = 1 if options.get("one_dimension") else 2
    x, w, bias = (
        values.parse_values(name, options[key], axes) if options.get(key) is not None else None
        for name, key in (("input", "input_values"), ("kernel", "kernel_values"), ("bias", "bias"))
    )
    if options.get("image") is not None:
        if x is not None:
            raise GeometryError("give --image or --input-values, not both: each is the input")
        x = values.read_image(options["image"], options.get("pixels", PIXELS))
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
    from convviz.layers import kernels

    stride = options.get("stride") or (2 if issubclass(kind, ConvTranspose) and name in ("bilinear", "nearest") else 1)
    if isinstance(stride, int) and stride > 0:
        for parameter, value in {"stride": stride, **kernels.kernel_parameters(name, stride)}.items():
            options[parameter] = value if options.get(parameter) is None else options[parameter]


def _channels(options: Options) -> tuple[int, int] | None:
    outputs = options.get("out_channels")
    if options.get("channels") is None:
        if outputs is not None:
            raise GeometryError(f"--out-channels {outputs} needs --channels: how many input channels there are")
        return None
    return options["channels"], max(1, options.get("groups", 1)) if outputs is None else outputs
