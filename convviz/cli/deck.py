"""`convviz deck`: recipes to a PowerPoint file."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import click

from convviz.cli.draw import bar, kilobytes


@click.command(
    epilog="""\b
Examples:
  convviz deck talk.toml -o talk.pptx
  convviz deck talk.toml --gif -o google-slides.pptx"""
)
@click.argument("recipes", type=click.Path(path_type=Path), metavar="RECIPES.toml")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write, .pptx. [default: the name of the recipes, .pptx]",
)
@click.option("--gif", is_flag=True, help="GIFs in the place of movies, for Google Slides and Keynote.")
def deck(recipes: Path, output: Path | None, gif: bool) -> None:
    """Write a PowerPoint file with one animation a slide, from a file of recipes.

    \b
    A recipe is a table; its keys are the long names of the options of
    the commands conv, transposed, maxpool, avgpool, stack and preset:
      [upsampling]
      kind = "transposed"
      input = 3
      stride = 2
      title = "Why a stride of 2 doubles the output"
    """
    from convviz.publish.pptx import write
    from convviz.recipes.reader import read

    started = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        found = read(recipes)
    for line in dict.fromkeys(f"Warning: {warning.message}" for warning in caught):
        click.echo(line, err=True)
    target = recipes.with_suffix(".pptx") if output is None else output
    with bar(len(found)) as progress:
        write(found, target, gif=gif, progress=progress)
    slides = f"{len(found)} slide{'s' * (len(found) > 1)}"
    seconds = time.perf_counter() - started
    click.echo(f"{target}: {slides}, {kilobytes(target.stat().st_size)}, drawn in {seconds:.1f} s")
