"""`convviz solve`: the layers that turn one size into another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from convviz.cli.options import SHORT, with_options
from convviz.cli.param_types import PerAxis
from convviz.errors import GeometryError
from convviz.geometry.parameters import PARAMETERS

PINS = ("kernel", "stride", "padding", "dilation", "output_padding")


@click.command(
    epilog="""\b
Examples:
  convviz solve --input 24 --output 12
  convviz solve --transposed --input 12 --output 24
  convviz solve --input 224 --output 14 -k 16
  convviz solve --transposed --input 12x9 --output 24x18 -k 3 --json"""
)
def solve(as_json: bool, one_dimension: bool, **given: Any) -> None:
    """List the layers that turn one size into another, as commands to copy, the most usual first.

    Transposed convolutions free of checkerboard come before all others. Options such as -k 3 keep a parameter as it is.
    """
    from convviz.analysis.solver import solve as answer

    if one_dimension:
        for name in ("input", "output"):
            if isinstance(given[name], tuple):
                said = "x".join(map(str, given[name]))
                raise GeometryError(f"{name} {said} has two axes, but --1d makes one; give one number")
        given["input"] = (given["input"],)
    found = answer(**given)
    click.echo(json.dumps(found, indent=1, ensure_ascii=False) if as_json else "\n".join(_lines(found)))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    from convviz.text.formatting import format_sizes

    word = "transposed convolution" if found["kind"] == "transposed" else "convolution"
    question = f"{format_sizes(found['input'])} → {format_sizes(found['output'])}"
    if not found["found"]:
        yield f"{question}: no {word} of usual parameters does it"
        yield from _nearest(found)
        return
    ways = found["ways"]
    shown = "" if len(ways) == found["found"] else f", the first {len(ways)} of {found['found']} (--limit shows more)"
    yield f"{question} by a {word}{shown}"
    yield ""
    wide = max(len(way["command"]) for way in ways)
    yield from (f"{way['command']:{wide}}  # {way['reason']}" for way in ways)


def _nearest(found: Mapping[str, Any]) -> Iterator[str]:
    for axis in found["nearest"]:
        before = f"{axis['axis']}: " if axis["axis"] else ""
        outputs = " or ".join(map(str, axis["outputs"])) or "no output at all"
        yield f"  {before}the input as it is reaches {outputs}"
        if axis["inputs"]:
            yield f"  {before}the output as it is comes from {' or '.join(map(str, axis['inputs']))}"
    if found["kind"] == "conv" and any(o > i for i, o in zip(found["input"], found["output"], strict=True)):
        yield "  a convolution does not enlarge: try --transposed"


def _pin(name: str) -> Any:
    option = (SHORT[name], f"--{name.replace('_', '-')}", name)
    return click.option(*option, type=PerAxis(), metavar="N|RxC", help=f"Only this {PARAMETERS[name].symbol}.")


with_options(
    solve,
    [
        click.option("-i", "--input", type=PerAxis(), required=True, metavar="N|RxC", help="Size of the input."),
        click.option("-o", "--output", type=PerAxis(), required=True, metavar="N|RxC", help="Size of the output."),
        click.option("--transposed", is_flag=True, help="By a transposed convolution."),
        *(_pin(name) for name in PINS),
        click.option("--1d", "one_dimension", is_flag=True, help="One axis: a line of cells instead of a grid."),
        click.option("--limit", type=int, default=10, show_default=True, help="How many to list."),
        click.option("--json", "as_json", is_flag=True, help="All that is known as JSON, for programs."),
    ],
)
