"""`convviz layer`: a line of code, or a layer of an ONNX model, explained and drawn."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from convviz.cli import options
from convviz.cli.draw import draw_found
from convviz.cli.param_types import PerAxis, Word
from convviz.cli.pipe import PIPE
from convviz.errors import ReadingError
from convviz.recipes.request import found_of

if TYPE_CHECKING:
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

STDIN = "-"


def shape(text: str) -> tuple[int, ...]:
    """`64,32,3,3`, the shape of an array. Raises `ReadingError`."""
    if not re.fullmatch(r"\s*[(\[]?\s*[1-9]\d{0,8}(\s*,\s*[1-9]\d{0,8})*\s*,?\s*[)\]]?\s*", text, re.ASCII):
        raise ReadingError(f"{text[:40]!r} is not the shape of an array, such as 64,32,3,3")
    return tuple(map(int, re.findall(r"\d+", text)))


def number(text: str) -> tuple[str, int]:
    """`stride=2`, a name and its number. Raises `ReadingError`."""
    name, _, value = (part.strip() for part in text.partition("="))
    if not name or not re.fullmatch(r"-?\d{1,12}", value, re.ASCII):
        raise ReadingError(f"{text[:40]!r} is not a name and its number, such as stride=2")
    return name, int(value)


@click.command(
    epilog="""\b
Examples:
  convviz layer 'nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1)' -i 12
  convviz layer 'nn.Conv2d(3, 64, 7, stride=2, padding=3)' -i 14 --frames 20 -o stem.gif
  convviz layer 'layers.Conv2DTranspose(64, 3, strides=2, padding="same")' -i 4 -o keras.gif
  convviz layer 'F.conv_transpose2d(x, w, stride=2)' -i 4 --weight 64,32,3,3
  convviz layer 'nn.ConvTranspose(features=8, kernel_size=(3, 3), strides=(2, 2))' -i 4
  convviz layer 'nn.Conv2d(planes, planes, 3, stride, padding=d, dilation=d)' -i 9 --let stride=2 --let d=2
  convviz layer model.onnx
  convviz layer model.onnx --node /up/ConvTranspose -i 6 -o up.gif"""
)
@click.argument("layer", metavar="CODE|MODEL.onnx")
@click.option(
    "--framework",
    metavar="NAME",
    help="torch, keras or jax, where the code does not say whose layer it is.",
)
@click.option(
    "--weight",
    type=Word("N,N,…", shape),
    metavar="N,N,…",
    help="The shape of the weights, in the framework's order, where the code has only their name.",
)
@click.option(
    "--let",
    multiple=True,
    type=Word("NAME=N", number),
    metavar="NAME=N",
    help="The number behind a name in the code, as often as there are names.",
)
@click.option("--node", metavar="NAME|N", help="A node of an ONNX model: its name, its output or its number.")
@options.JSON
def layer(as_json: bool, **given: Any) -> None:
    """Explain a layer from a line of code, or from an ONNX model, and draw it with -o.

    CODE is one call of PyTorch, Keras, JAX or Flax, as it stands in your program, or - to read it from standard input.
    It is read as data and never run; sizes and numbers are those of its framework. A model without --node is listed.
    """
    from convviz.frameworks.parse.onnx import list_onnx_layers
    from convviz.frameworks.parse.onnx_graph import is_onnx_file

    if given["layer"] == STDIN:
        given["layer"] = sys.stdin.read(100_000)
    if is_onnx_file(given["layer"]) and given["node"] is None:
        click.echo(list_onnx_layers(given["layer"]))
        return
    found = found_of(given)
    draws = bool(given["output"] or given["place"] or given["alt"])
    click.echo(_json(found) if as_json else _words(found), err=PIPE in given["output"])
    if draws:
        click.echo(err=PIPE in given["output"])
        draw_found(found, given)
    elif not as_json:
        click.echo(f"\nDraw it: {_command(given)}")


def _words(found: ParsedLayer) -> str:
    from convviz.analysis.explain import explain

    return f"{found.describe()}\n\n{explain(found.layer)}"


def _json(found: ParsedLayer) -> str:
    from convviz.analysis.explain import geometry

    said: Mapping[str, Any] = {
        "framework": found.framework,
        "layer": found.name,
        "arguments": found.arguments,
        "shapes": found.shapes,
        "groups": found.groups,
        "kernel_turned": found.flipped,
        "remarks": list(found.notes),
        **geometry(found.layer),
    }
    return json.dumps(said, indent=1, ensure_ascii=False)


def _command(given: Mapping[str, Any]) -> str:
    """The command that draws the layer."""
    words = ["convviz", "layer", " ".join(given["layer"].split())]
    if given["input"] is not None:
        size = given["input"]
        words += ["-i", "x".join(map(str, size)) if isinstance(size, tuple) else str(size)]
    words += [word for name, value in given["let"] for word in ("--let", f"{name}={value}")]
    for name in ("framework", "weight", "node"):
        if given[name] is not None:
            value = given[name]
            words += [f"--{name}", ",".join(map(str, value)) if isinstance(value, tuple) else value]
    return shlex.join([*words, "-o", "layer.gif"])


options.with_options(
    layer,
    [
        click.option(
            "-i", "--input", type=PerAxis(), metavar="N|RxC", help="Cells of the input. [default: the code's]"
        ),
        *options.PICTURE,
        *options.NUMBERS,
        options.INPUT_VALUES,
        options.IMAGE,
        options.PIXELS,
        *(option for option in options.WEIGHTS if option is not options.GROUPS),
        options.CHANNELS,
        options.CHANNEL,
    ],
)
