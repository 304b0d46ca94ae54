"""`convviz layer`: a line of code, or a layer of an ONNX model, explained and drawn."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from convviz.animation.stopwatch import Stopwatch
from convviz.cli.draw import default_name
from convviz.cli.drawing_advice import drawing_advice
from convviz.cli.kinds import examples
from convviz.cli.options import JSON, click_argument, with_options
from convviz.cli.output import is_output, write
from convviz.cli.pipe import PIPE
from convviz.cli.terminal import echo, json_text
from convviz.recipes.code import parse_code
from convviz.recipes.drawing_commands import CODE, DRAWING_COMMANDS
from convviz.recipes.request import request_parsed

if TYPE_CHECKING:
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

STDIN = "-"
WIDTH = 120
"""Characters of a line where there is no terminal."""


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
    sizes and values are those of its framework. Without --node, the layers of a model are listed; -i is then the size
    of the model's input, and with --node that of the node's.
    """
    from convviz.frameworks.parse.onnx_graph import is_onnx_file

    if options["layer"] == STDIN:
        options["layer"] = sys.stdin.read(100_000)
    if is_onnx_file(options["layer"]) and options["node"] is None:
        echo(_listing(options["layer"], options["input"], as_json))
        return
    parsed = parse_code(options)
    to_stderr = PIPE in options["output"]
    echo(_json(parsed) if as_json else _explanation(parsed), err=to_stderr)
    if is_output(options):
        echo(err=to_stderr)
        _draw(parsed, options)
    elif not as_json:
        echo(drawing_advice(parsed, options))


def _listing(file: str, input: Any, as_json: bool) -> str:
    """Return the layers of a model, in lines that fit the terminal."""
    from convviz.frameworks.parse.onnx_listing import list_onnx_layers, onnx_layers_as_data

    if as_json:
        return json_text(onnx_layers_as_data(file, input))
    return list_onnx_layers(file, input, shutil.get_terminal_size((WIDTH, 24)).columns)


def _draw(parsed: ParsedLayer, options: dict[str, Any]) -> None:
    stopwatch = Stopwatch()
    with stopwatch.phase("values"):
        made = request_parsed(parsed, options)
    name = parsed.name.rpartition(".")[2].replace("/", "_")
    write(made, default_name(name, made), options, stopwatch)


def _explanation(parsed: ParsedLayer) -> str:
    from convviz.analysis.explain import explain

    return f"{parsed.describe()}\n\n{explain(parsed.layer, parsed.output_padding_note)}"


def _json(parsed: ParsedLayer) -> str:
    from convviz.analysis.explain import geometry

    facts: Mapping[str, Any] = {
        "framework": parsed.framework,
        "layer": parsed.name,
        "arguments": parsed.arguments,
        "shapes": parsed.shapes,
        "groups": parsed.groups if isinstance(parsed.groups, int) else parsed.groups.text,
        "kernel_turned": parsed.flipped,
        "example_values": parsed.has_example_values,
        "remarks": list(parsed.notes),
        **geometry(parsed.layer, parsed.output_padding_note),
    }
    return json_text(facts)


with_options(layer, click_argument(CODE), *DRAWING_COMMANDS["layer"].options, JSON)
