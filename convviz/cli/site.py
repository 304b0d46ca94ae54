"""`convviz gallery site`: the gallery as a folder that can be published."""

from __future__ import annotations

from pathlib import Path

import click

from convviz.cli.draw import kilobytes


@click.command(
    epilog="""\b
Examples:
  convviz gallery site
  convviz gallery site talks/pictures -o public"""
)
@click.argument("gallery", type=click.Path(path_type=Path), default=Path("gallery"), metavar="[FOLDER]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("build/site"),
    show_default=True,
    metavar="FOLDER",
    help="Folder to write; it is made where it is not.",
)
def site(gallery: Path, output: Path) -> None:
    """Copy a built gallery, its pictures and the explorer into a folder to publish.

    Everything in it is relative: it works on any web server, in any sub-folder, and as files.
    """
    from convviz.gallery.site import site as copied

    written = copied(gallery, output)
    click.echo(f"{output}: {len(written)} files, {kilobytes(sum(path.stat().st_size for path in written))}")
