"""`convviz solve`: the layers that turn one size into another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from convviz.animation.option_spec import FLAG, INTEGER, SIZES, OptionSpec
from convviz.cli.kinds import examples
from convviz.cli.options import JSON, click_option, with_options
from convviz.cli.terminal import echo, json_text
from convviz.errors import GeometryError
from convviz.recipes.layer_options import ONE_DIMENSION, axis_option

if TYPE_CHECKING:
    from convviz.analysis.solver import Solutions

FIXABLE = ("kernel", "stride", "padding", "dilation", "output_padding")


@click.command(
    epilog=examples(
        "convviz solve --input 24 --output 12",
        "convviz solve --transposed --input 12 --output 24",
        "convviz solve --input 224 --output 14 -k 16",
        "convviz solve --transposed --input 12x9 --output 24x18 -k 3 --json",
    )
)
def solve(as_json: bool, one_dimension: bool, limit: int | None, **options: Any) -> None:
    """List layers that turn one size into another.

    The most common come first; of transposed convolutions, those without checkerboard artifacts. Options such as -k 3
    fix a parameter.
    """
    from convviz.analysis import solver

    if one_dimension:
        for name in ("input", "output"):
            if isinstance(options[name], tuple):
                size = "x".join(map(str, options[name]))
                raise GeometryError(f"{name} {size} has two axes, but --1d makes one; give one number")
        options["input"] = (options["input"],)
    if limit is not None:
        options["limit"] = limit
    solutions = solver.solve(**options)
    text = json_text(solutions.to_dict()) if as_json else "\n".join(_lines(solutions))
    echo(text)


def _lines(found: Solutions) -> Iterator[str]:
    from convviz.text.formatting import format_sizes
    from convviz.text.table import table_lines

    kind = "transposed convolution" if found.kind == "transposed" else "convolution"
    question = f"{format_sizes(found.input)} → {format_sizes(found.output)}"
    if not found.count:
        yield f"{question}: no {kind} with common parameters does this"
        yield from _nearest(found)
        return
    shown = len(found.solutions)
    more = "" if shown == found.count else f", the first {shown} of {found.count} (--limit shows more)"
    yield f"{question} by a {kind}{more}"
    yield ""
    yield from table_lines([(solution.command, f"# {solution.reason}") for solution in found.solutions])


def _nearest(found: Solutions) -> Iterator[str]:
    for sizes in found.nearest:
        before = f"{sizes.axis}: " if sizes.axis else ""
        outputs = " or ".join(map(str, sizes.outputs)) or "no output at all"
        yield f"  {before}this input size gives {outputs}"
        if sizes.inputs:
            yield f"  {before}this output size comes from {' or '.join(map(str, sizes.inputs))}"
    if found.kind == "conv" and any(o > i for i, o in zip(found.input, found.output, strict=True)):
        yield "  a transposed convolution enlarges: try --transposed"


def _fixed(name: str) -> OptionSpec:
    return replace(axis_option(name), type=SIZES, metavar="N|RxC", help=f"Fix the {name.replace('_', ' ')}", default="")


with_options(
    solve,
    click_option(OptionSpec("input", SIZES, "Input size", "N|RxC", letter="-i"), required=True),
    click_option(OptionSpec("output", SIZES, "Output size", "N|RxC", letter="-o"), required=True),
    OptionSpec("transposed", FLAG, "Use transposed convolutions"),
    *map(_fixed, FIXABLE),
    ONE_DIMENSION,
    OptionSpec("limit", INTEGER, "Maximum number of layers to list", "N", "10"),
    JSON,
)
