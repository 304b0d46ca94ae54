"""The command line: words to values, errors to exit code 2. Heavy imports wait until something is drawn."""

from __future__ import annotations

import dataclasses
import json
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from convviz import __version__
from convviz.errors import ConvvizError, GeometryError, PictureError
from convviz.geometry import Axis
from convviz.layers import Conv, ConvTranspose, Layer

if TYPE_CHECKING:
    from convviz.animation import Animation

Command = TypeVar("Command", bound=Callable[..., Any])
SHORT = {
    "input": "-i",
    "kernel": "-k",
    "stride": "-s",
    "padding": "-p",
    "dilation": "-d",
    "output_padding": "-a",
}


class Refusal(click.ClickException):
    """A convviz error as one line and exit code 2."""

    exit_code = 2


class Commands(click.Group):
    """A group that turns convviz's errors into refusals."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ConvvizError as error:
            raise Refusal(str(error)) from None


class PerAxis(click.ParamType):
    """`N` or `ROWSxCOLS`."""

    name = "N|RxC"

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """An int, or a pair of ints."""
        if not isinstance(value, str):
            return value
        if re.fullmatch(r"[+-]?\d+(x[+-]?\d+)?", value, re.ASCII):
            numbers = tuple(int(part) for part in value.split("x"))
            return numbers if len(numbers) > 1 else numbers[0]
        name = ((param and param.name) or "value").replace("_", " ")
        raise GeometryError(f"{name} {value!r} is not a whole number N or ROWSxCOLS, such as 3 or 3x4")


class PictureSize(click.ParamType):
    """`1280x720`."""

    name = "WxH"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """A pair of ints."""
        if not isinstance(value, str):
            return value
        match = re.fullmatch(r"(\d+)x(\d+)", value, re.ASCII)
        if not match:
            raise PictureError(f"size {value!r} is not WIDTHxHEIGHT in pixels, such as 1280x720")
        return int(match[1]), int(match[2])


def geometry_options(transposed: bool) -> Callable[[Command], Command]:
    """One option for each parameter of an axis, with the symbol and the help of its field."""

    def decorate(command: Command) -> Command:
        for field in reversed(dataclasses.fields(Axis)):
            if field.name == "output_padding" and not transposed:
                continue
            default = field.default[0] if isinstance(field.default, tuple) else field.default
            text = f"{field.metadata['symbol']}: {field.metadata['help']}  [default: {default}]"
            names = (SHORT[field.name], f"--{field.name.replace('_', '-')}", field.name)
            command = click.option(*names, type=PerAxis(), metavar="N|RxC", help=text)(command)
        return command

    return decorate


def picture_options(command: Command) -> Command:
    """Options of everything that draws."""
    options = [
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="File to write, .gif or .mp4. [default: a name made from the parameters, .gif]",
        ),
        click.option("--view", default="slide", show_default=True, help="What to show: slide."),
        click.option("--theme", default="light", show_default=True, help="light, dark or print."),
        click.option(
            "--size",
            type=PictureSize(),
            metavar="WxH",
            default="1280x720",
            show_default=True,
            help="Width and height in pixels.",
        ),
        click.option("--step", type=float, default=0.6, show_default=True, help="Seconds for a step."),
        click.option(
            "--hold",
            type=float,
            default=2.0,
            show_default=True,
            help="Seconds for the last frame; the first gets half.",
        ),
        click.option("--loop", type=int, default=0, show_default=True, help="How often a GIF plays; 0 is for ever."),
        click.option(
            "--numbers/--no-numbers", default=None, help="Values in the cells. [default: where they can be read]"
        ),
        click.option(
            "--input-values",
            metavar="VALUES",
            help='Inline, such as "1,2;3,4", or a .npy or .csv file; sets -i where it is not given.',
        ),
        click.option(
            "--kernel-values", metavar="VALUES", help="The same, or a kernel's name: sobel-x, gaussian, ones, …"
        ),
        click.option("--seed", type=int, default=0, show_default=True, help="Chooses the example values."),
        click.option("--frames", type=int, help="Keep so many frames, evenly chosen."),
        click.option(
            "--max-frames", type=int, default=2000, show_default=True, help="Refuse animations with more frames."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  convviz transposed -i 3 -k 3 -s 2 -p 1 -o upsampling.gif
  convviz conv -i 5 -k 3 -s 2 -p 1 --theme dark -o conv.mp4
  convviz explain transposed -i 3 -k 3 -s 2 -p 1""",
)
@click.version_option(__version__, prog_name="convviz")
def main() -> None:
    """Draw standard and transposed convolution as an animation, for any input, kernel, stride and padding."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


@main.command(
    epilog="""\b
Examples:
  convviz conv -i 5 -k 3 -s 2 -p 1 -o conv.gif
  convviz conv -i 6x9 -k 3x2 -s 2x1 -p 1x0 --theme dark -o rectangle.mp4
  convviz conv -i 7 -k 3 -d 2 -o dilated.gif
  convviz conv --input-values photo.csv --kernel-values sobel-x -o edges.gif"""
)
@geometry_options(transposed=False)
@picture_options
def conv(**options: Any) -> None:
    """Animate a convolution.

    Each parameter is N, or ROWSxCOLS where the axes differ.
    """
    draw(Conv, "conv", options)


@main.command(
    epilog="""\b
Examples:
  convviz transposed -i 3 -k 3 -s 2 -p 1 -o upsampling.gif
  convviz transposed -i 2 -k 3 -s 2 -p 1 -a 1 -o output_padding.gif
  convviz transposed -i 3 -k 4 -s 2 -p 1 --kernel-values bilinear -o bilinear.mp4"""
)
@geometry_options(transposed=True)
@picture_options
def transposed(**options: Any) -> None:
    """Animate a transposed convolution (also called fractionally strided, or "deconvolution").

    Each parameter is N, or ROWSxCOLS where the axes differ.
    """
    draw(ConvTranspose, "transposed", options)


@main.group(
    epilog="""\b
Examples:
  convviz explain transposed -i 3 -k 3 -s 2 -p 1
  convviz explain conv -i 6 -k 3 -s 2 --json"""
)
def explain() -> None:
    """Say in words how the sizes come about: steps, formulas, standard against transposed."""


JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="The geometry as JSON, for programs.")


@explain.command("conv", epilog="Example: convviz explain conv -i 6 -k 3 -s 2 -p 1")
@geometry_options(transposed=False)
@JSON_OPTION
def explain_conv(as_json: bool, **options: Any) -> None:
    """Explain a convolution: pad, slide."""
    say(make_layer(Conv, options), as_json)


@explain.command("transposed", epilog="Example: convviz explain transposed -i 3 -k 3 -s 2 -p 1")
@geometry_options(transposed=True)
@JSON_OPTION
def explain_transposed(as_json: bool, **options: Any) -> None:
    """Explain a transposed convolution: new parameters, insert zeros, pad, slide with stride 1."""
    say(make_layer(ConvTranspose, options), as_json)


def say(layer: Layer, as_json: bool) -> None:
    """Print the explanation of a layer."""
    from convviz.explain import explain, geometry

    click.echo(json.dumps(geometry(layer), indent=1, ensure_ascii=False) if as_json else explain(layer))


def make_layer(kind: type[Conv] | type[ConvTranspose], options: Mapping[str, Any]) -> Layer:
    """The layer of the options given; others keep the defaults of their fields."""
    given = {name: options[name] for name in SHORT if options.get(name) is not None}
    defaults: dict[str, Any] = {field.name: field.default for field in dataclasses.fields(Axis)}
    return kind(**{"input": defaults["input"], "kernel": defaults["kernel"]} | given)


def draw(kind: type[Conv] | type[ConvTranspose], word: str, options: dict[str, Any]) -> None:
    """Read values, make the animation, write the file, and say what was written."""
    from convviz import values

    x, w = (
        values.parse(name, options[f"{name}_values"]) if options[f"{name}_values"] else None
        for name in ("input", "kernel")
    )
    for name, given in (("input", x), ("kernel", w)):
        if options[name] is None and given is not None and not isinstance(given, str):
            options[name] = given.shape
    layer = make_layer(kind, options)
    target = options["output"] or default_name(word, layer, options)
    started = time.perf_counter()
    animation = make_animation(layer, x, w, target, options)
    save(animation, target, options["loop"])
    size = target.stat().st_size
    click.echo(
        f"{target}: {kilobytes(size)}, {animation.frames} frames, {animation.seconds:g} s long, "
        f"drawn in {time.perf_counter() - started:.1f} s"
    )


def make_animation(layer: Layer, x: Any, w: Any, target: Path, options: Mapping[str, Any]) -> Animation:
    """The animation that the options ask for; a target that cannot be written is refused before anything is drawn."""
    from convviz.animation import animate
    from convviz.export import check_target

    check_target(target)
    names = ("view", "theme", "size", "numbers", "seed", "step", "hold", "frames", "max_frames")
    return animate(layer, x=x, w=w, **{name: options[name] for name in names})


def save(animation: Animation, target: Path, loop: int) -> None:
    """Write the file, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        animation.save(target, loop)
        return
    with click.progressbar(length=animation.frames, label="drawing", file=sys.stderr) as bar:
        animation.save(target, loop, progress=lambda done: bar.update(done - bar.pos))


def default_name(word: str, layer: Layer, options: Mapping[str, Any]) -> Path:
    """`transposed_i3_k3_s2_p1.gif`: the parameters, and whatever differs from the defaults."""
    parts = [word]
    for name, option in SHORT.items():
        per_axis = getattr(layer, name)
        if name in ("dilation", "output_padding") and per_axis == ((1, 1) if name == "dilation" else (0, 0)):
            continue
        parts.append(option[1:] + "x".join(map(str, per_axis if len(set(per_axis)) > 1 else per_axis[:1])))
    parts += [options["view"]] if options["view"] != "slide" else []
    parts += [options["theme"]] if options["theme"] != "light" else []
    return Path("_".join(parts) + ".gif")


def kilobytes(size: int) -> str:
    """A file size as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
