"""The command line: words to values, errors to exit code 2. Heavy imports wait until something is drawn."""

from __future__ import annotations

import io
import json
import signal
import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from convviz.cli import code as code_command
from convviz.cli import compare as compare_command
from convviz.cli import options
from convviz.cli.deck import deck
from convviz.cli.draw import draw, draw_preset, draw_stack
from convviz.cli.explore import explore as explore_command
from convviz.cli.gallery import gallery
from convviz.cli.info import info
from convviz.cli.layer import layer
from convviz.cli.match import mended
from convviz.cli.options import Option, with_options
from convviz.cli.site import site
from convviz.cli.solve import solve
from convviz.errors import ConvvizError
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.recipes.request import make_layer
from convviz.version import __version__


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


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  convviz transposed -i 3 -k 3 -s 2 -p 1 -o upsampling.gif
  convviz conv -i 5 -k 3 -s 2 -p 1 --theme dark -o conv.mp4
  convviz explain transposed -i 3 -k 3 -s 2 -p 1
  convviz layer 'nn.Conv2d(3, 64, 7, stride=2, padding=3)' -i 224""",
)
@click.version_option(__version__, prog_name="convviz")
def main() -> None:
    """Draw standard and transposed convolution as an animation, for any input, kernel, stride and padding."""
    _end_cleanly_when_terminated()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _end_cleanly_when_terminated() -> None:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does, so that nothing half-written stays; an ignored one stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
            click.get_current_context().call_on_close(partial(signal.signal, number, signal.SIG_DFL))


@main.group(
    epilog="""\b
Examples:
  convviz explain transposed -i 3 -k 3 -s 2 -p 1
  convviz explain conv -i 6 -k 3 -s 2 --json"""
)
def explain() -> None:
    """Say in words how the sizes come about: steps, formulas, standard against transposed, and what to look out for."""


@dataclass(frozen=True)
class Kind:
    """A kind of layer as a command: `convviz WORD` draws it, `convviz explain WORD` explains it."""

    word: str
    layer: type[Layer]
    about: str
    geometry: list[Option]
    values: list[Option]
    examples: tuple[str, ...]


KINDS = (
    Kind(
        "conv",
        Conv,
        "a convolution",
        [*options.geometry(("input", "kernel", "stride", "padding", "dilation")), options.PADDING_MODE],
        [options.INPUT_VALUES, options.IMAGE, options.PIXELS, *options.WEIGHTS, options.CHANNELS, options.CHANNEL],
        (
            "-i 5 -k 3 -s 2 -p 1 -o conv.gif",
            "-i 6x9 -k 3x2 -s 2x1 -p 1x0 --theme dark -o rectangle.mp4",
            "-i 7 -k 3 -d 2 -o dilated.gif",
            "-i 6 -k 3 -s 2 -p same -o same.gif",
            "-i 5 -k 3 -p 1 --padding-mode reflect -o reflect.gif",
            "-i 8 -k 3 --1d -o line.gif",
            "-i 5 -k 3 --channels 3 --bias 2 -o channels.gif",
            "--input-values numbers.csv --kernel-values sobel-x -o edges.gif",
            "--image photo.png --kernel-values sobel-x --frames 100 -o photo.gif",
        ),
    ),
    Kind(
        "transposed",
        ConvTranspose,
        'a transposed convolution (also called fractionally strided, or "deconvolution")',
        [
            *options.geometry(("input", "kernel", "stride", "padding", "dilation", "output_padding")),
            options.OUTPUT_SIZE,
        ],
        [options.INPUT_VALUES, *options.WEIGHTS, options.CHANNELS, options.CHANNEL],
        (
            "-i 3 -k 3 -s 2 -p 1 -o upsampling.gif",
            "-i 2 -k 3 -s 2 -p 1 -a 1 -o output_padding.gif",
            "-i 3 -k 3 -s 2 -p 1 --output-size 6 -o six.gif",
            "-i 2 -k 3 -s 2 -p same -o tensorflow.gif",
            "-i 3 -s 2 --kernel-values bilinear -o bilinear.mp4",
        ),
    ),
    Kind(
        "maxpool",
        MaxPool,
        "a max pooling",
        [
            *options.geometry(("input", "kernel", "stride", "padding", "dilation"), kernel="2", stride="k"),
            options.CEIL_MODE,
        ],
        [options.INPUT_VALUES, options.IMAGE, options.PIXELS, options.CHANNELS, options.CHANNEL],
        ("-i 6 -k 2 -o maxpool.gif", "-i 5 -k 2 --ceil-mode -o ceil.gif"),
    ),
    Kind(
        "avgpool",
        AvgPool,
        "an average pooling",
        [
            *options.geometry(("input", "kernel", "stride", "padding"), kernel="2", stride="k"),
            options.CEIL_MODE,
            options.COUNT_INCLUDE_PAD,
        ],
        [options.INPUT_VALUES, options.IMAGE, options.PIXELS, options.CHANNELS, options.CHANNEL],
        ("-i 6 -k 2 -o avgpool.gif", "-i 5 -k 3 -s 2 -p 1 --no-count-include-pad -o mean.gif"),
    ),
)


@main.command(
    epilog="""\b
Examples:
  convviz stack "conv k3 s2 p1" "conv k3" "transposed k4 s2 p1" -i 16 -o stack.gif
  convviz stack "conv k3" "maxpool k2" "conv k3 d2" -i 14 --theme dark -o pooled.mp4
  convviz stack "conv k3 s2 p1" "transposed k4 s2 p1" -i 10 --view isometric -o planes.gif
  convviz stack "conv k3 s2 p1" "conv k3 s2 p1" "transposed k3 s2 p1" "transposed k3 s2 p1" -i 10 --match -o unet.gif"""
)
@click.argument("layers", nargs=-1, required=True)
def stack(layers: tuple[str, ...], match: bool, **given: Any) -> None:
    """Trace the receptive field of an output cell back through several layers.

    Each layer is a kind (conv, transposed, maxpool, avgpool) and its parameters: "conv k3 s2 p1 d1".
    """
    chain = mended(layers, given) if match else layers
    if not match or given["output"] or given["place"] or given["alt"]:
        draw_stack(chain, given)


with_options(stack, options.STACK)


@main.command(
    epilog="""\b
Examples:
  convviz preset padding_strides_odd_transposed -o odd.gif
  convviz preset dilation --theme dark --no-numbers -o dilation.mp4
  convviz preset full_padding_no_strides --view isometric --no-numbers -o full.gif"""
)
@click.argument("name")
def preset(name: str, **given: Any) -> None:
    """Draw one of conv_arithmetic's animations by its name."""
    draw_preset(name, given)


with_options(preset, [*options.PICTURE, *options.NUMBERS])


@main.command(epilog="Example: convviz views")
def views() -> None:
    """List the views, with a line each."""
    from convviz.views.registry import SUMMARIES

    wide = max(map(len, SUMMARIES)) + 1
    for name, about in SUMMARIES.items():
        click.echo(f"{name:{wide}} {about}")


def add(kind: Kind) -> None:
    """Register both commands of a kind."""
    hint = "\n\nSizes are N, or ROWSxCOLS where the axes differ."

    def animated(**given: Any) -> None:
        draw(kind.layer, kind.word, given)

    def explained(as_json: bool, **given: Any) -> None:
        _say(make_layer(kind.layer, given), as_json)

    examples = "\n".join(f"  convviz {kind.word} {example}" for example in kind.examples)
    main.command(kind.word, help=f"Animate {kind.about}.{hint}", epilog=f"\b\nExamples:\n{examples}")(
        with_options(animated, [*kind.geometry, *options.PICTURE, *options.NUMBERS, *kind.values])
    )
    geometry_only = kind.examples[0].split(" -o ")[0]
    explain.command(
        kind.word,
        help=f"Explain {kind.about}.{hint}",
        epilog=f"Example: convviz explain {kind.word} {geometry_only}",
    )(with_options(explained, [*kind.geometry, options.JSON]))
    code_command.add(kind.word, kind.layer, kind.about, kind.geometry, geometry_only)
    if issubclass(kind.layer, ConvLayer):
        names = [name for name in options.SHORT if name != "output_padding" or kind.layer is ConvTranspose]
        given = options.geometry(names)
        compare_command.add(kind.word, kind.layer, kind.about, given, f"{geometry_only} -p same")


def _say(layer: Layer, as_json: bool) -> None:
    from convviz.analysis.explain import explain, geometry

    click.echo(json.dumps(geometry(layer), indent=1, ensure_ascii=False) if as_json else explain(layer))


for _kind in KINDS:
    add(_kind)
main.add_command(code_command.code)
main.add_command(compare_command.compare)
main.add_command(deck)
main.add_command(explore_command)
gallery.add_command(site)
main.add_command(gallery)
main.add_command(info)
main.add_command(layer)
main.add_command(solve)
