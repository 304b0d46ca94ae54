"""`convviz deck`: recipes to a PowerPoint file."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path

import click

from convviz.cli.kinds import examples
from convviz.cli.options import ANY_FILE, FileName
from convviz.cli.output import open_file
from convviz.cli.progress import format_size, patience, progress_bar
from convviz.cli.terminal import echo


@click.command(
    epilog=examples(
        "convviz deck talk.toml -o talk.pptx",
        "convviz deck talk.toml --gif -o google-slides.pptx",
        "convviz deck talk.toml --template university.pptx -o talk.pptx",
    )
)
@click.argument("recipes", type=FileName(), metavar="RECIPES.toml")
@click.option(
    "-o",
    "--output",
    type=FileName(),
    metavar="FILE",
    help="Output file, .pptx  [default: the name of the recipe file, .pptx]",
)
@click.option("--force", is_flag=True, help="Overwrite a file that convviz did not write, or that was edited since")
@ANY_FILE
@click.option("--gif", is_flag=True, help="Use GIFs instead of videos, for Google Slides and Keynote")
@click.option("--template", type=FileName(), metavar="FILE", help="Your own .pptx file, whose slide master is used")
@click.option("--open", "show", is_flag=True, help="Open the file when it is written")
def deck(
    recipes: Path, output: Path | None, force: bool, any_file: bool, gif: bool, template: Path | None, show: bool
) -> None:
    """Write a PowerPoint file from recipes, one animation per slide.

    \b
    A recipe is a table; its keys are the long options of the commands
    conv, transposed, maxpool, avgpool, train, stack, preset and layer:
      [upsampling]
      kind = "transposed"
      input = 3
      stride = 2
      title = "Why a stride of 2 doubles the output"
    """
    from convviz.publish.pptx import write
    from convviz.recipes.reader import read

    started = time.perf_counter()
    with patience("laying out"):
        slides = read(recipes, any_file=any_file)
    for text in dict.fromkeys(chain.from_iterable(recipe.warnings for recipe in slides)):
        echo(f"Warning: {text}", err=True)
    target = recipes.with_suffix(".pptx") if output is None else output
    with progress_bar(len(slides)) as progress:
        write(slides, target, gif=gif, template=template, force=force, progress=progress)
    count = f"{len(slides)} slide{'s' * (len(slides) > 1)}"
    seconds = time.perf_counter() - started
    echo(f"{target}: {count}, {format_size(target.stat().st_size)}, drawn in {seconds:.1f} s")
    if show:
        open_file(target)
