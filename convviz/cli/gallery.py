"""`convviz gallery`: build many pictures from recipes, and check that they are up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from convviz.cli.kinds import examples
from convviz.cli.options import ANY_FILE, FileName, with_options
from convviz.cli.progress import format_size, progress_bar
from convviz.cli.terminal import echo

RECIPES = click.argument("recipes", type=FileName(), metavar="[RECIPES.toml]", default=Path("gallery/recipes.toml"))
WORKERS: tuple[Callable[[Any], Any], ...] = (
    click.option("--only", metavar="PATTERN", help="Only pictures whose names match, such as 'conv-*'"),
    click.option(
        "--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes  [default: one per core]"
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=1),
        metavar="S",
        default=600.0,
        help="Seconds that each picture may take  [default: 600]",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Draw on a Dask cluster, such as tcp://host:8786"),
    ANY_FILE,
)


@click.group(epilog=examples("convviz gallery build", "convviz gallery check --report build/differences"))
def gallery() -> None:
    """Build and check a gallery from a recipe file."""


@gallery.command(
    epilog=examples(
        "convviz gallery build",
        "convviz gallery build talk/recipes.toml --only 'stride-*' --jobs 4",
        "convviz gallery build --prune",
        "convviz gallery build --scheduler tcp://10.0.0.5:8786",
    )
)
@RECIPES
@click.option("--prune", is_flag=True, help="Remove pictures of earlier builds that no recipe makes")
def build(recipes: Path, prune: bool, **workers: Any) -> None:
    """Draw changed pictures and write the pages.

    GIFs and their first frames as PNGs are written next to the recipe file, with README.md.

    \b
    A recipe is a table, as for convviz deck; a list is a sweep:
      [upsampling]
      kind = "transposed"
      stride = [1, 2, 3]
    makes upsampling-s1.gif, upsampling-s2.gif and upsampling-s3.gif.
    """
    from convviz.gallery import build

    started = time.perf_counter()
    with _progress_bars() as progress:
        built = build(recipes, prune=prune, progress=progress, **workers)
    for line in built.warnings:
        echo(f"Warning: {line}", err=True)
    for path in built.orphans:
        consequence = "removed" if path in built.pruned else "--prune removes it"
        echo(f"{path.name}: no recipe makes it; {consequence}", err=True)
    for name, problem in built.failed.items():
        echo(f"{name}: {problem}", err=True)
    folder = recipes if recipes.is_dir() else recipes.parent
    size = sum((folder / f"{name}.gif").stat().st_size for name in (*built.drawn, *built.current))
    failed = f", {len(built.failed)} failed" if built.failed else ""
    seconds = time.perf_counter() - started
    counts = f"{len(built.drawn)} drawn, {len(built.current)} unchanged{failed}"
    echo(f"{folder}: {counts}, GIFs of {format_size(size)}, in {seconds:.1f} s")
    if built.failed:
        raise SystemExit(1)


@gallery.command(
    epilog=examples(
        "convviz gallery check",
        "convviz gallery check talk/recipes.toml --report build/differences",
    )
)
@RECIPES
@click.option(
    "--report",
    type=FileName(),
    metavar="FOLDER",
    help="Write images of the differences: before, after and difference",
)
def check(recipes: Path, report: Path | None, **workers: Any) -> None:
    """Draw everything again and report differences.

    Missing, stale and different files are listed, and the exit code is 1 if there are any. Pixels and durations are
    compared, not bytes, so that the version of an encoder does not matter.
    """
    from convviz.errors.printable import count_of
    from convviz.gallery import check
    from convviz.gallery.site import build_command

    with _progress_bars() as progress:
        checked = check(recipes, report=report, progress=progress, **workers)
    for path in checked.orphans:
        echo(f"{path.name}: no recipe makes it; {build_command(recipes, '--prune')} removes it", err=True)
    for name, finding in checked.findings.items():
        echo(f"{name}: {finding}")
    if checked.diff_files:
        echo(f"{report}: {count_of(len(checked.diff_files), 'image')} of differences")
    if checked.findings:
        count = len(checked.findings)
        which = "1 file is" if count == 1 else f"{count} files are"
        echo(f"{which} not up to date; {build_command(recipes)} updates {'it' if count == 1 else 'them'}")
        raise SystemExit(1)
    echo(f"{checked.count} pictures are up to date" if checked.count != 1 else "1 picture is up to date")


for _command in (build, check):
    with_options(_command, *WORKERS)


@contextmanager
def _progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that takes a phase, the number of steps done, and their total; each phase has its own bar."""
    with ExitStack() as open_bars:
        bars: dict[str, Callable[[int], None] | None] = {}

        def progress(phase: str, done: int, total: int) -> None:
            if phase not in bars:
                open_bars.close()
                bars[phase] = open_bars.enter_context(progress_bar(total, phase))
            show = bars[phase]
            if show:
                show(done)

        yield progress
