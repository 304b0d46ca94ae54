"""From options to a layer, its values, and a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convviz.cli.options import SHORT
from convviz.cli.words import layer_of
from convviz.errors import GeometryError
from convviz.geometry import PARAMETERS
from convviz.layers import AvgPool, ConvTranspose, Layer, MaxPool, Pool
from convviz.stopwatch import Stopwatch

if TYPE_CHECKING:
    from convviz.animation import Animation

Options = Mapping[str, Any]
KEYWORDS = {"padding_mode": "padding_mode", "output_size": "output", "ceil_mode": "ceil_mode"}
"""Option → keyword of the layers that take it."""


def make_layer(kind: type[Layer], options: Options) -> Layer:
    """The layer of the options given; others keep the defaults of their fields."""
    given = {name: options[name] for name in SHORT if options.get(name) is not None}
    given.setdefault("input", PARAMETERS["input"]["default"])
    if kind in (MaxPool, AvgPool):
        given.setdefault("kernel", 2)
    given.setdefault("kernel", PARAMETERS["kernel"]["default"])
    count = 1 if options["one_dimension"] else 2
    if count == 1:
        given["input"] = _line(given["input"])
    if isinstance(given.get("padding"), tuple) and len(given["padding"]) == 1:
        given["padding"] *= count
    given |= {keyword: options[name] for name, keyword in KEYWORDS.items() if options.get(name) is not None}
    if kind is AvgPool:
        given["count_include_pad"] = options["count_include_pad"]
    return kind(**given)


def _line(input: Any) -> Any:
    """The input of a layer with one axis."""
    if isinstance(input, tuple) and len(input) > 1:
        raise GeometryError(f"input {'x'.join(map(str, input))} has two axes, but --1d makes one; give one number")
    return (input,) if isinstance(input, int) else input


def draw(kind: type[Layer], word: str, options: dict[str, Any]) -> None:
    """Read values, make the animation, write the file, and say what was written."""
    watch = Stopwatch()
    with watch.phase("values"):
        x, w, bias = _values(kind, options)
        layer = make_layer(kind, options)
    given = {name: options[name] for name in ("numbers", "seed", "channel")}
    if not issubclass(kind, Pool):
        given |= {"w": w, "bias": bias, "groups": options["groups"]}
    target = options["output"] or default_name(word, layer, options)
    _write(layer, target, options, watch, x=x, channels=_channels(options), **given)


def _write(layer: Layer | Sequence[Layer], target: Path, options: Options, watch: Stopwatch, **given: Any) -> None:
    """Make the animation, write it, and say what was written; a target that cannot be is refused at first."""
    with watch.phase("imports"):
        from convviz.animation import animate
        from convviz.export import check_target, is_still

    check_target(target)
    given |= {name: options[name] for name in ("view", "theme", "size", "step", "hold", "frames")}
    with watch.phase("layout"):
        animation = animate(layer, max_frames=sys.maxsize if is_still(target) else options["max_frames"], **given)
    save(animation, target, options, watch)
    moves = f"{animation.frames} frames, {animation.seconds:g} s long"
    shown = f"one of {moves}" if is_still(target) else moves
    click.echo(f"{target}: {kilobytes(target.stat().st_size)}, {shown}, drawn in {watch.total:.1f} s")
    if options["profile"]:
        click.echo("\n".join(watch.lines()))


def draw_preset(name: str, options: dict[str, Any]) -> None:
    """Draw a preset, with the name of the preset as that of the file."""
    from convviz.presets import preset

    target = options["output"] or Path(f"{name}.gif")
    _write(preset(name), target, options, Stopwatch(), numbers=options["numbers"], seed=options["seed"])


def draw_stack(words: Sequence[str], options: dict[str, Any]) -> None:
    """Build the layers one after the other, make the animation, write the file, and say what was written."""
    size = PARAMETERS["input"]["default"] if options["input"] is None else options["input"]
    input = size if isinstance(size, tuple) else (size,) * (1 if options["one_dimension"] else 2)
    layers: list[Layer] = []
    for text in words:
        layers.append(layer_of(text, layers[-1].output if layers else input))
    target = options["output"] or Path("stack_" + "_".join(text.replace(" ", "") for text in words) + ".gif")
    _write(layers, target, options, Stopwatch())


def _values(kind: type[Layer], options: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Values given in words; they set the parameters that follow from them and were not given."""
    from convviz import values

    axes = 1 if options["one_dimension"] else 2
    x, w, bias = (
        values.parse(name, options[key], axes) if options.get(key) is not None else None
        for name, key in (("input", "input_values"), ("kernel", "kernel_values"), ("bias", "bias"))
    )
    if options.get("image") is not None:
        if x is not None:
            raise GeometryError("give --image or --input-values, not both: each is the input")
        x = values.image(options["image"], options["pixels"])
        options["view"] = options["view"] or "image"
    for name, given in (("input", x), ("kernel", w)):
        if given is None or isinstance(given, str):
            continue
        if given.ndim < axes:
            raise GeometryError(f"the {name} values are a line of {given.size}; use --1d, or give rows and columns")
        if options.get(name) is None:
            options[name] = tuple(given.shape[-axes:])
    if isinstance(w, str) and options["kernel"] is None:
        from convviz import kernels

        stride = options["stride"] or (2 if issubclass(kind, ConvTranspose) and w in ("bilinear", "nearest") else 1)
        if isinstance(stride, int) and stride > 0:
            for name, value in {"stride": stride, **kernels.fitting(w, stride)}.items():
                options[name] = value if options[name] is None else options[name]
    return x, w, bias


def _channels(options: Options) -> tuple[int, int] | None:
    outputs = options.get("out_channels")
    if options["channels"] is None:
        if outputs is not None:
            raise GeometryError(f"--out-channels {outputs} needs --channels: how many input channels there are")
        return None
    return options["channels"], max(1, options.get("groups", 1)) if outputs is None else outputs


def save(animation: Animation, target: Path, options: Options, watch: Stopwatch) -> None:
    """Write the file, with a progress bar on a terminal."""
    given = {"loop": options["loop"], "frame": options["frame"], "stopwatch": watch}
    if not sys.stderr.isatty():
        animation.save(target, **given)
        return
    with click.progressbar(length=animation.frames, label="drawing", file=sys.stderr) as bar:
        animation.save(target, **given, progress=lambda done: bar.update(done - bar.pos))


def default_name(word: str, layer: Layer, options: Options) -> Path:
    """`transposed_i3_k3_s2_p1.gif`: the parameters, and whatever differs from the defaults."""
    parts = [word]
    for name, option in SHORT.items():
        values = getattr(layer, name)
        plain = {"dilation": 1, "output_padding": 0}.get(name)
        if set(values) == {plain}:
            continue
        said = ["-".join(map(str, dict.fromkeys(v))) if isinstance(v, tuple) else str(v) for v in values]
        parts.append(option[1:] + ("x".join(said) if len(set(said)) > 1 else said[0]))
    defaults = {"view": None, "theme": "light", "padding_mode": "zeros"}
    parts += [options[name] for name, plain in defaults.items() if options.get(name, plain) != plain]
    flags = {"one_dimension": "1d", "ceil_mode": "ceil"}
    parts += [word for name, word in flags.items() if options.get(name)]
    parts += [] if options.get("count_include_pad", True) else ["nopad"]
    return Path("_".join(parts) + ".gif")


def kilobytes(size: int) -> str:
    """A file size as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
