"""`convviz gallery`: many pictures from recipes: only what changed, and whether they are what the recipes give."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from convviz.cli.draw import bar, kilobytes

RECIPES = click.argument(
    "recipes", type=click.Path(path_type=Path), metavar="[RECIPES.toml]", default=Path("gallery/recipes.toml")
)
WHO: list[Callable[[Any], Any]] = [
    click.option("--only", metavar="PATTERN", help="Pictures whose names match, such as 'conv-*'."),
    click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that draw. [default: every core]"),
    click.option("--scheduler", metavar="ADDRESS", help="Let the workers of a Dask cluster draw: tcp://host:8786."),
]


def _who(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(WHO):
        command = option(command)
    return command


@click.group(
    epilog="""\b
Examples:
  convviz gallery build
  convviz gallery check --report build/differences"""
)
def gallery() -> None:
    """Keep a folder of pictures and its pages as a file of recipes says."""


@gallery.command(
    epilog="""\b
Examples:
  convviz gallery build
  convviz gallery build talk/recipes.toml --only 'stride-*' --jobs 4
  convviz gallery build --prune
  convviz gallery build --scheduler tcp://10.0.0.5:8786"""
)
@RECIPES
@_who
@click.option("--prune", is_flag=True, help="Remove pictures of former builds that no recipe makes any more.")
def build(recipes: Path, prune: bool, **who: Any) -> None:
    """Draw what changed, as GIFs with a PNG to begin with, beside the recipes, and write README.md.

    \b
    A recipe is a table, as for convviz deck; a list is a sweep:
      [upsampling]
      kind = "transposed"
      stride = [1, 2, 3]
    makes upsampling-s1.gif, upsampling-s2.gif and upsampling-s3.gif.
    """
    from convviz.gallery import build

    started = time.perf_counter()
    with _bars() as progress:
        built = build(recipes, prune=prune, progress=progress, **who)
    for line in built.warnings:
        click.echo(f"Warning: {line}", err=True)
    for path in built.orphans:
        how = "removed" if path in built.pruned else "--prune removes it"
        click.echo(f"{path.name}: no recipe makes it; {how}", err=True)
    for name, why in built.failed.items():
        click.echo(f"{name}: {why}", err=True)
    folder = recipes if recipes.is_dir() else recipes.parent
    size = sum((folder / f"{name}.gif").stat().st_size for name in (*built.drawn, *built.current))
    failed = f", {len(built.failed)} failed" if built.failed else ""
    seconds = time.perf_counter() - started
    said = f"{len(built.drawn)} drawn, {len(built.current)} unchanged{failed}"
    click.echo(f"{folder}: {said}, GIFs of {kilobytes(size)}, in {seconds:.1f} s")
    if built.failed:
        raise SystemExit(1)


@gallery.command(
    epilog="""\b
Examples:
  convviz gallery check
  convviz gallery check talk/recipes.toml --report build/differences"""
)
@RECIPES
@_who
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write pictures of what differs: before, after, and the difference.",
)
def check(recipes: Path, **given: Any) -> None:
    """Draw everything again, and say which files are missing, stale or different: exit code 1 where there are any.

    Pixels and durations are compared, so that another version of an encoder is no difference.
    """
    from convviz.gallery import check

    with _bars() as progress:
        found = check(recipes, progress=progress, **given)
    for path in found.orphans:
        click.echo(f"{path.name}: no recipe makes it; convviz gallery build --prune removes it", err=True)
    for name, why in found.findings.items():
        click.echo(f"{name}: {why}")
    if found.diff_files:
        click.echo(f"{given['report']}: {len(found.diff_files)} pictures of what differs")
    if found.findings:
        click.echo(f"{len(found.findings)} files are not what the recipes give; convviz gallery build makes them so")
        raise SystemExit(1)
    click.echo(f"{found.count} pictures are what the recipes give")


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """Something to call with what is done, how many and of how many: a progress bar for each, on a terminal."""
    with ExitStack() as open_bars:
        shown: dict[str, Callable[[int], None] | None] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in shown:
                open_bars.close()
                shown[what] = open_bars.enter_context(bar(total, what))
            update = shown[what]
            if update:
                update(done)

        yield progress
