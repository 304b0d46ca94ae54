"""`convviz explore`: an interactive page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from convviz.animation.options import SPECS
from convviz.cli.kinds import examples
from convviz.cli.options import FileName, with_options
from convviz.cli.output import open_file
from convviz.cli.progress import format_size
from convviz.cli.terminal import echo
from convviz.errors import GeometryError
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.recipes.drawing_commands import FORCE
from convviz.recipes.layer_options import LAYER_OPTIONS, OUTPUT_SIZE
from convviz.recipes.request import request


@click.command(
    epilog=examples(
        "convviz explore -o explorer.html",
        "convviz explore conv -i 5 -k 3 -s 2 -p 1 -o conv.html",
        "convviz explore transposed -i 3 -k 3 -s 2 --view scatter -o scatter.html",
    )
)
@click.argument("kind", type=click.Choice([Conv.kind, ConvTranspose.kind]), default="transposed")
def explore(kind: str, output: Path, force: bool, show: bool, view: str, **options: Any) -> None:
    """Write an interactive HTML page.

    It works in any browser without a network; change any parameter and see the result.
    """
    from convviz.animation import explorer
    from convviz.export.overwrite import check_overwrite

    if kind == Conv.kind and options.pop("output_padding") is not None:
        raise GeometryError("output padding belongs to a transposed convolution; leave -a out, or use transposed")
    made = request(kind, options)
    assert isinstance(made.layer, ConvLayer)
    names = {"pattern": options["input_values"] or "", "kernel": options["kernel_values"] or ""}
    page = explorer.explore(made.layer, view, **names, seed=made.options.seed)
    check_overwrite(output, force=force)
    written = page.save(output)
    echo(f"{written}: {format_size(written.stat().st_size)}")
    if show:
        open_file(written)


with_options(
    explore,
    *(option for option in LAYER_OPTIONS[ConvTranspose.kind] if option is not OUTPUT_SIZE),
    click.option("--input-values", metavar="NAME", help="Name of an input pattern, such as ramp or digit"),
    click.option("--kernel-values", metavar="NAME", help="Name of a kernel, such as bilinear or sobel-x"),
    SPECS["seed"],
    click.option("--view", default="slide", show_default=True, help="slide, steps, scatter, matrix, overlap or pair"),
    click.option(
        "-o",
        "--output",
        type=FileName(),
        default=Path("explorer.html"),
        show_default=True,
        metavar="FILE",
        help="Output file",
    ),
    FORCE,
    click.option("--open", "show", is_flag=True, help="Open the page in a browser"),
)
