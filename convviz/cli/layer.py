"""`convviz layer`: a line of code, or a layer of an ONNX model, explained and drawn."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from convviz.animation.stopwatch import Stopwatch
from convviz.cli.draw import default_name
from convviz.cli.kinds import examples
from convviz.cli.options import JSON, click_argument, with_options
from convviz.cli.output import is_output, write
from convviz.cli.pipe import PIPE
from convviz.cli.terminal import echo, json_text
from convviz.recipes.code import parse_code
from convviz.recipes.drawing_commands import CODE, DRAWING_COMMANDS, FRAMEWORK, LET, NODE, WEIGHT, format_variable
from convviz.recipes.request import request_parsed

if TYPE_CHECKING:
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

STDIN = "-"


@click.command(
    epilog=examples(
        "convviz layer 'nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1)' -i 12",
        "convviz layer 'nn.Conv2d(3, 64, 7, stride=2, padding=3)' -i 14 --frames 20 -o stem.gif",
        "convviz layer 'layers.Conv2DTranspose(64, 3, strides=2, padding=\"same\")' -i 4 -o keras.gif",
        "convviz layer 'F.conv_transpose2d(x, w, stride=2)' -i 4 --weight 64,32,3,3",
        "convviz layer 'nn.ConvTranspose(features=8, kernel_size=(3, 3), strides=(2, 2))' -i 4",
        "convviz layer 'nn.Conv2d(planes, planes, 3, stride, padding=d, dilation=d)' -i 9 --let stride=2 --let d=2",
        "convviz layer model.onnx",
        "convviz layer model.onnx --node /up/ConvTranspose -i 6 -o up.gif",
    )
)
def layer(as_json: bool, **options: Any) -> None:
    """Explain a layer from code or an ONNX model; draw it with -o.

    CODE is a layer of PyTorch, Keras, JAX, Flax, TensorFlow, Paddle or MLX, as it is in your program, also within
    nn.Sequential or behind padding, or - to read it from standard input. It is parsed as data and never executed;
    sizes and values are those of its framework. Without --node, the layers of a model are listed.
    """
    from convviz.frameworks.parse.onnx import list_onnx_layers
    from convviz.frameworks.parse.onnx_graph import is_onnx_file

    if options["layer"] == STDIN:
        options["layer"] = sys.stdin.read(100_000)
    if is_onnx_file(options["layer"]) and options["node"] is None:
        echo(list_onnx_layers(options["layer"]))
        return
    parsed = parse_code(options)
    to_stderr = PIPE in options["output"]
    echo(_json(parsed) if as_json else _explanation(parsed), err=to_stderr)
    if is_output(options):
        echo(err=to_stderr)
        _draw(parsed, options)
    elif not as_json:
        echo(f"\nDraw it: {_drawing_command(options)}")


def _draw(parsed: ParsedLayer, options: dict[str, Any]) -> None:
    stopwatch = Stopwatch()
    with stopwatch.phase("values"):
        made = request_parsed(parsed, options)
    name = parsed.name.rpartition(".")[2].replace("/", "_")
    write(made, default_name(name, made), options, stopwatch)


def _explanation(parsed: ParsedLayer) -> str:
    from convviz.analysis.explain import explain

    return f"{parsed.describe()}\n\n{explain(parsed.layer)}"


def _json(parsed: ParsedLayer) -> str:
    from convviz.analysis.explain import geometry

    facts: Mapping[str, Any] = {
        "framework": parsed.framework,
        "layer": parsed.name,
        "arguments": parsed.arguments,
        "shapes": parsed.shapes,
        "groups": parsed.groups if isinstance(parsed.groups, int) else parsed.groups.text,
        "kernel_turned": parsed.flipped,
        "remarks": list(parsed.notes),
        **geometry(parsed.layer),
    }
    return json_text(facts)


def _drawing_command(options: Mapping[str, Any]) -> str:
    """Return the command that draws the layer."""
    words = ["convviz", "layer", " ".join(options["layer"].split())]
    if options["input"] is not None:
        size = options["input"]
        words += ["-i", "x".join(map(str, size)) if isinstance(size, tuple) else str(size)]
    words += [word for name, value in options["let"] for word in (LET.long, format_variable(name, value))]
    for spec in (FRAMEWORK, WEIGHT, NODE):
        value = options[spec.name]
        if value is not None:
            words += [spec.long, ",".join(map(str, value)) if isinstance(value, tuple) else value]
    return shlex.join([*words, "-o", "layer.gif"])


with_options(layer, click_argument(CODE), *DRAWING_COMMANDS["layer"].options, JSON)
