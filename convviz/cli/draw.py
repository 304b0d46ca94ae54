"""The commands that draw: `convviz conv`, `transposed`, `maxpool`, `avgpool`, `stack` and `preset`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from convviz.animation.options import PictureOptions
from convviz.animation.stopwatch import Stopwatch
from convviz.cli.kinds import EXAMPLES, examples, kind_help
from convviz.cli.options import click_argument, with_options
from convviz.cli.output import is_output, write
from convviz.cli.terminal import echo
from convviz.layers.layer import Layer
from convviz.layers.presets import PRESET_NAMES
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.recipes.layer_options import SHORT
from convviz.recipes.request import Request, request


def draw(kind: str, options: dict[str, Any]) -> None:
    """Draw a single layer of that kind."""
    stopwatch = Stopwatch()
    with stopwatch.phase("values"):
        made = request(kind, options)
    write(made, default_name(kind, made), options, stopwatch)


def layer_command(kind: str) -> click.Command:
    """Return the command that draws a kind of layer."""

    def run(**options: Any) -> None:
        draw(kind, options)

    lines = (f"convviz {kind} {example}" for example in EXAMPLES[kind])
    command = click.command(kind, help=kind_help("Animate {noun}.", kind), epilog=examples(*lines))(run)
    return with_options(command, *DRAWING_COMMANDS[kind].options)


LAYER_COMMANDS = tuple(map(layer_command, EXAMPLES))


@click.command(
    epilog=examples(
        'convviz stack "conv k3 s2 p1" "conv k3" "transposed k4 s2 p1" -i 16 -o stack.gif',
        'convviz stack "conv k3" "maxpool k2" "conv k3 d2" -i 14 --theme dark -o pooled.mp4',
        'convviz stack "conv k3 s2 p1" "transposed k4 s2 p1" -i 10 --view isometric -o planes.gif',
        'convviz stack "conv k3 s2 p1" "conv k3 s2 p1" "transposed k3 s2 p1" "transposed k3 s2 p1" '
        "-i 10 --match -o unet.gif",
    )
)
def stack(match: bool, **options: Any) -> None:
    """Animate receptive fields through several layers.

    Each layer is a kind (conv, transposed, maxpool, avgpool) and its parameters: "conv k3 s2 p1 d1".
    """
    if match:
        from convviz.cli.match import matched

        options["layers"] = matched(options["layers"], options)
        if not is_output(options):
            return
    name = "stack_" + "_".join(notation.replace(" ", "") for notation in options["layers"])
    write(request("stack", options), name, options, Stopwatch())


class PresetCommand(click.Command):
    """A command that lists the names of the presets if it gets no words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Print the names, or parse the words."""
        if not args:
            echo("\n".join(PRESET_NAMES))
            ctx.exit()
        return super().parse_args(ctx, args)


@click.command(
    cls=PresetCommand,
    epilog=examples(
        "convviz preset padding_strides_odd_transposed -o odd.gif",
        "convviz preset dilation --theme dark --no-numbers -o dilation.mp4",
        "convviz preset full_padding_no_strides --view isometric --no-numbers -o full.gif",
    ),
    help="Draw an animation of conv_arithmetic by its name.\n\n\b\nNAME is one of\n"
    + "\n".join(f"  {name}" for name in PRESET_NAMES),
)
def preset(**options: Any) -> None:
    """Draw a preset."""
    write(request("preset", options), options["preset"], options, Stopwatch())


for _command in (stack, preset):
    _drawing = DRAWING_COMMANDS[str(_command.name)]
    assert _drawing.argument
    with_options(_command, click_argument(_drawing.argument), *_drawing.options)


def default_name(first: str, made: Request) -> str:
    """Return a file name such as `transposed_i3_k3_s2_p1`: the parameters, and what differs from the defaults."""
    layer = made.layer
    assert isinstance(layer, Layer)
    parts = [first, *_parameters(layer), *_looks(made.options)]
    parts += [layer.padding_mode] if layer.padding_mode != "zeros" else []
    parts += ["1d"] if len(layer.axes) == 1 else []
    parts += ["ceil"] if getattr(layer, "ceil_mode", False) else []
    parts += [] if getattr(layer, "count_include_pad", True) else ["nopad"]
    return "_".join(parts)


def _parameters(layer: Layer) -> Sequence[str]:
    """Return `i3`, `k3`, `s2`, `p1`, and dilation and output padding if they have an effect."""
    parts = []
    for name, option in SHORT.items():
        values = getattr(layer, name)
        if set(values) == {{"dilation": 1, "output_padding": 0}.get(name)}:
            continue
        per_axis = ["-".join(map(str, dict.fromkeys(v))) if isinstance(v, tuple) else str(v) for v in values]
        parts.append(option[1:] + ("x".join(per_axis) if len(set(per_axis)) > 1 else per_axis[0]))
    return parts


def _looks(options: PictureOptions) -> Sequence[str]:
    return [Path(str(value)).stem for value in (options.view, options.theme) if value is not None]
