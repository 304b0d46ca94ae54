"""`convviz gallery site`: the gallery as a folder to publish."""

from __future__ import annotations

from pathlib import Path

import click

from convviz.cli.kinds import examples
from convviz.cli.options import ANY_FILE, FileName
from convviz.cli.progress import format_size
from convviz.cli.terminal import echo


@click.command(epilog=examples("convviz gallery site", "convviz gallery site talks/recipes.toml -o public"))
@click.argument("recipes", type=FileName(), metavar="[RECIPES.toml]", default=Path("gallery/recipes.toml"))
@click.option(
    "-o",
    "--output",
    type=FileName(),
    default=Path("build/site"),
    show_default=True,
    metavar="FOLDER",
    help="Output folder; it is created if it is missing",
)
@click.option("--force", is_flag=True, help="Overwrite files that convviz did not write")
@ANY_FILE
def site(recipes: Path, output: Path, force: bool, any_file: bool) -> None:
    """Write a built gallery as a web site.

    A page with search and filters, the pictures, and the explorer. All links are relative: the folder works on any web
    server, in any subfolder, and as local files.
    """
    from convviz.errors.printable import count_of
    from convviz.gallery.site import write_site

    written = write_site(recipes, output, force=force, any_file=any_file)
    size = format_size(sum(path.stat().st_size for path in written))
    echo(f"{output}: {count_of(len(written), 'file')}, {size}")
