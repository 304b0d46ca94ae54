"""`convviz explore`: the page in which one changes a number and sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from convviz.cli import options
from convviz.cli.draw import kilobytes
from convviz.errors import GeometryError
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.kinds import LAYER_KINDS
from convviz.recipes.request import of_layer


@click.command(
    epilog="""\b
Examples:
  convviz explore -o explorer.html
  convviz explore conv -i 5 -k 3 -s 2 -p 1 -o conv.html
  convviz explore transposed -i 3 -k 3 -s 2 --view scatter -o scatter.html"""
)
@click.argument("kind", type=click.Choice([Conv.kind, ConvTranspose.kind]), default="transposed")
def explore(kind: str, output: Path, show: bool, view: str, **given: Any) -> None:
    """Write one HTML file, for any browser and without any network, to change every number and see what happens."""
    from convviz.web.explorer import explore as page

    if kind == "conv" and given.pop("output_padding") is not None:
        raise GeometryError("output padding belongs to a transposed convolution; leave -a out, or use transposed")
    made = of_layer(LAYER_KINDS[kind], given)
    assert isinstance(made.layer, Conv | ConvTranspose)
    written = page(made.layer, view, kernel=given["kernel_values"] or "", seed=given["seed"]).save(output)
    click.echo(f"{written}: {kilobytes(written.stat().st_size)}")
    if show:
        import webbrowser

        webbrowser.open(written.resolve().as_uri())


options.with_options(
    explore,
    [
        *options.geometry(("input", "kernel", "stride", "padding", "dilation", "output_padding")),
        click.option("--kernel-values", metavar="NAME", help="A kernel by name, such as bilinear or sobel-x."),
        click.option("--seed", type=int, default=0, show_default=True, help="Chooses the example values."),
        click.option(
            "--view", default="slide", show_default=True, help="slide, steps, scatter, matrix, overlap or pair."
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            default=Path("explorer.html"),
            show_default=True,
            metavar="FILE",
            help="File to write.",
        ),
        click.option("--open", "show", is_flag=True, help="Open it in the browser."),
    ],
)
