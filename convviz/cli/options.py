"""The options of the command line, in groups that commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from convviz.cli.param_types import FRAME, PADDING, PICTURE_SIZE, PerAxis
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.geometry.parameters import PARAMETERS
from convviz.recipes.request import PIXELS as LONGEST_SIDE

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Any], Any]
SHORT = {
    "input": "-i",
    "kernel": "-k",
    "stride": "-s",
    "padding": "-p",
    "dilation": "-d",
    "output_padding": "-a",
}


def with_options(command: Command, options: Sequence[Option]) -> Command:
    """`command` with `options`, which its help lists in this order."""
    ready = isinstance(command, click.Command)  # lists them as they come, where a function is read from the inside out
    for option in options if ready else reversed(options):
        command = option(command)
    return command


def geometry(names: Sequence[str], **defaults: str) -> list[Option]:
    """One option for each parameter of an axis, with the symbol and the help of its field; and `--1d`."""
    return [
        *(_parameter(name, defaults.get(name)) for name in names),
        ONE_DIMENSION,
    ]


def _parameter(name: str, default: str | None) -> Option:
    parameter = PARAMETERS[name]
    value = parameter.default
    shown = default or (value[0] if isinstance(value, tuple) else value)
    text = f"{parameter.symbol}: {parameter.help}"
    if name == "padding":
        text += f"; before,after or {', '.join(PADDING_RULES)}"
    kind: click.ParamType = PADDING if name == "padding" else PerAxis()
    option = (SHORT[name], f"--{name.replace('_', '-')}", name)
    return click.option(
        *option, type=kind, metavar="P" if name == "padding" else "N|RxC", help=f"{text}  [default: {shown}]"
    )


ONE_DIMENSION = click.option("--1d", "one_dimension", is_flag=True, help="One axis: a line of cells instead of a grid.")
PADDING_MODE = click.option(
    "--padding-mode", default="zeros", show_default=True, metavar="MODE", help=f"{', '.join(PADDING_MODES)}."
)
INPUT = _parameter("input", None)
OUTPUT_SIZE = click.option(
    "--output-size", type=PerAxis(), metavar="N|RxC", help="Ask for an output size; output padding follows from it."
)
CEIL_MODE = click.option("--ceil-mode", is_flag=True, help="Let the last window hang over the end.")
COUNT_INCLUDE_PAD = click.option(
    "--count-include-pad/--no-count-include-pad", default=True, show_default=True, help="Padding counts in the mean."
)
JSON = click.option("--json", "as_json", is_flag=True, help="The geometry as JSON, for programs.")

INPUT_VALUES = click.option(
    "--input-values",
    metavar="VALUES",
    help='Inline, such as "1,2;3,4", or a .npy or .csv file; sets -i where it is not given.',
)
IMAGE = click.option(
    "--image",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A picture as input, in grey, under the view image; every format that Pillow reads.",
)
PIXELS = click.option(
    "--pixels", type=int, default=LONGEST_SIDE, show_default=True, help="Longest side that --image is scaled down to."
)
CHANNELS = click.option("--channels", type=int, metavar="C", help="Example values with C input channels.")
CHANNEL = click.option("--channel", type=int, default=0, show_default=True, help="The output channel to show, from 0.")
GROUPS = click.option("--groups", type=int, default=1, show_default=True, help="Groups that the channels fall into.")
WEIGHTS: list[Option] = [
    click.option(
        "--kernel-values",
        metavar="VALUES",
        help="The same, or a kernel's name, which also picks -k (and -p) where they are not given: bilinear, box, "
        "gaussian, identity, laplacian, nearest, ones, sharpen, sobel-x, sobel-y.",
    ),
    click.option("--out-channels", type=int, metavar="C", help="With --channels. [default: one for each group]"),
    GROUPS,
    click.option("--bias", metavar="VALUES", help='One number for each output channel, such as "1,-2".'),
]


def _picture(view: str) -> list[Option]:
    """The options of every command that draws, with `view` as the default view."""
    return [*_files(), *_looks(view), *_timing(), *_parts()]


def _files() -> list[Option]:
    return [
        click.option(
            "-o",
            "--output",
            multiple=True,
            metavar="FILE",
            help="File to write, as often as you like: .gif .apng .webp .mp4 .webm, stills .png .svg .pdf, a page "
            ".html, every frame in a .zip or a folder (name/), - for a pipe. "
            "[default: a name made from the parameters, .gif]",
        ),
        click.option(
            "--format", metavar="F", help="Format of a pipe, or of frames in a folder or .zip (png, pdf, svg)."
        ),
        click.option(
            "--for",
            "place",
            metavar="PLACE",
            help="Write what a place needs and print what to paste: powerpoint, keynote, google-slides, beamer, "
            "reveal, quarto, github or sphinx.",
        ),
        click.option(
            "--frame",
            type=FRAME,
            metavar="N|first|middle|last",
            help="What a still shows, such as a .png. [default: the most telling frame]",
        ),
        click.option("--filmstrip", type=int, metavar="N", help="A still of N frames side by side, evenly chosen."),
        click.option("--alt", is_flag=True, help="Say in a paragraph what is seen; without -o nothing is drawn."),
        click.option("--embed", is_flag=True, help="Print the HTML that shows the file in a page."),
    ]


def _looks(view: str) -> list[Option]:
    return [
        click.option("--view", metavar="VIEW", help=f"What to show; convviz views lists them. [default: {view}]"),
        click.option(
            "--theme",
            metavar="NAME|FILE",
            help="light, dark, print, or a .toml file of your own colours; a page follows the system where none is "
            "given. [default: light]",
        ),
        click.option(
            "--size",
            type=PICTURE_SIZE,
            metavar="WxH|NAME",
            help="Size in pixels, or 16:9, 4:3, 1:1, 9:16, hd, 4k. [default: 1280x720]",
        ),
        click.option(
            "--scale",
            type=int,
            default=1,
            show_default=True,
            help="So many pixels for each, for dense screens and print.",
        ),
        click.option("--title", metavar="TEXT", help="A title in the place of the operation's name."),
        click.option("--font", metavar="NAME|FILE", help="An installed font, or a .ttf or .otf file."),
        click.option("--transparent", is_flag=True, help="No background (not for videos)."),
    ]


def _timing() -> list[Option]:
    return [
        click.option("--step", type=float, default=0.6, show_default=True, help="Seconds for a step."),
        click.option(
            "--hold",
            type=float,
            default=2.0,
            show_default=True,
            help="Seconds for the last frame; the first gets half.",
        ),
        click.option("--loop", type=int, default=0, show_default=True, help="How often it plays; 0 is for ever."),
        click.option("--fps", type=int, help="Frames a second of a video. [default: 10, or what short steps need]"),
        click.option("--frames", type=int, help="Keep so many frames, evenly chosen."),
        click.option(
            "--max-frames", type=int, default=2000, show_default=True, help="Refuse animations with more frames."
        ),
        click.option("--profile", is_flag=True, help="Say where the time went."),
    ]


def _parts() -> list[Option]:
    flags = [
        click.option(
            f"--no-{part}", f"show_{part}", is_flag=True, flag_value=False, default=True, help=f"Leave out {what}."
        )
        for part, what in PART_WORDS.items()
    ]
    return [*flags, click.option("--bare", is_flag=True, help="Leave out all of these.")]


def left_out(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of a picture that the options leave out."""
    return tuple(part for part in PART_WORDS if options["bare"] or not options[f"show_{part}"])


PART_WORDS = {
    "header": "title, sizes and parameters",
    "legend": "the names of colours",
    "formulas": "the formulas",
    "caption": "what the step computes",
    "counter": "the number of the step",
    "bar": "the progress bar",
}


PICTURE = _picture("slide")
NUMBERS: list[Option] = [
    click.option("--numbers/--no-numbers", default=None, help="Values in the cells. [default: where they can be read]"),
    click.option("--seed", type=int, default=0, show_default=True, help="Chooses the example values."),
]
MATCH = click.option(
    "--match",
    is_flag=True,
    help="Say where the skip connections of a U-Net miss, and mend them; without -o nothing is drawn.",
)
STACK: list[Option] = [INPUT, ONE_DIMENSION, MATCH, *_picture("stack")]
