"""Build a gallery: draw the pictures that are outdated, beside their recipes, and write its README."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from convviz.errors import ConvvizError
from convviz.errors.arguments import instance, real_number, text, whole_number
from convviz.errors.arguments import path as file_name
from convviz.errors.printable import shown
from convviz.files.partial import clean_up
from convviz.gallery.entry import Entry
from convviz.gallery.fingerprint import cached_file_hash, recipe_hash
from convviz.gallery.store import Store
from convviz.gallery.task import Task, draw, find_problems, make_task
from convviz.gallery.task_runner import run_tasks
from convviz.gallery.time_limit import DEFAULT_SECONDS
from convviz.gallery.worker_pool import ExternalPool, Pool, open_cluster, open_local
from convviz.recipes.parsed import Parsed
from convviz.recipes.reader import parse
from convviz.recipes.recipe import Recipe

RECIPES = "recipes.toml"
MAX_BATCH = 20
"""Recipes that a worker checks at a time."""
Progress = Callable[[str, int, int], None]
"""Called with an activity (`checking`, `drawing`), the number done, and the total."""


@dataclass
class BuildReport:
    """The result of a build."""

    drawn: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    """Pictures that were up to date."""
    failed: dict[str, str] = field(default_factory=dict)
    """Picture or page → why it could not be written."""
    orphans: list[Path] = field(default_factory=list)
    """Pictures of former builds that no recipe makes."""
    pruned: list[Path] = field(default_factory=list)
    """Orphans that were removed."""
    warnings: list[str] = field(default_factory=list)
    """Warnings about pictures, such as weak contrasts."""


@dataclass
class Gallery:
    """A recipe file, its folder, and the recipes that were chosen."""

    parsed: Parsed
    store: Store
    chosen: list[Recipe]
    recipe_keys: dict[str, str]
    """Name → hash of the recipe."""
    seconds: float = DEFAULT_SECONDS
    """The time limit of each picture."""

    def task(self, recipe: Recipe, pool: Pool | None = None) -> Task:
        """Return the task that draws a recipe."""
        return make_task(recipe, self.recipe_keys[recipe.name], pool.scratch if pool else None, self.seconds)

    def entries(self) -> list[Entry]:
        """Return what the pages say of each picture in the folder, in the order of the recipes."""
        return [entry for entry in map(self.store.entry, self.parsed.recipes) if entry]


def open_gallery(
    path: str | os.PathLike[str], only: str | None = None, timeout: float = DEFAULT_SECONDS, *, any_file: bool = False
) -> Gallery:
    """Read a recipe file, or `recipes.toml` in a folder. Raises `ConvvizError` if no picture is called `only`."""
    if real_number("timeout", timeout, "a number of seconds") < 1:
        raise ConvvizError(f"timeout: expected 1 second or more, got {timeout:g}")
    where = Path(file_name("path", path))
    only = None if only is None else text("only", only, "a pattern on names")
    parsed = parse(where / RECIPES if os.path.isdir(where) else where, any_file=any_file)
    chosen = [recipe for recipe in parsed.recipes if only is None or fnmatchcase(recipe.name, only)]
    if not chosen:
        parsed.check()
        names = ", ".join(recipe.name for recipe in islice(parsed.recipes, 8))
        raise ConvvizError(f"no picture is called {shown(only)}; there are {names}{' …' * (len(parsed.recipes) > 8)}")
    file_hash = cached_file_hash()
    recipe_keys = {recipe.name: recipe_hash(recipe, file_hash) for recipe in parsed.recipes}
    return Gallery(parsed, Store(parsed.path.parent), chosen, recipe_keys, timeout)


def open_pool(jobs: int | None, executor: Executor | None, scheduler: str | None) -> AbstractContextManager[Pool]:
    """Open the pool that draws: `executor`, the cluster of `scheduler`, or local processes. Raises `ConvvizError`."""
    if jobs is not None and whole_number("jobs", jobs) < 1:
        raise ConvvizError(f"expected 1 job or more, got {jobs}")
    if executor is not None and scheduler is not None:
        raise ConvvizError("give an executor or a scheduler, not both: each draws everything")
    if scheduler is not None:
        scheduler = text("scheduler", scheduler, "an address")
    if executor is not None:
        instance("executor", executor, Executor)
        return nullcontext(ExternalPool(executor))
    return open_cluster(scheduler) if scheduler else open_local(jobs)


def build(
    path: str | os.PathLike[str] = f"gallery/{RECIPES}",
    *,
    only: str | None = None,
    jobs: int | None = None,
    prune: bool = False,
    executor: Executor | None = None,
    scheduler: str | None = None,
    timeout: float = DEFAULT_SECONDS,
    progress: Progress | None = None,
    any_file: bool = False,
) -> BuildReport:
    """Draw the pictures whose recipe, files, libraries or drawing format changed, and write README.md.

    `only` is a shell pattern on their names. `jobs` processes draw, by default one per core; or the workers of a
    `concurrent.futures.Executor`, or of the Dask scheduler at an address such as `tcp://host:8786`. `timeout` is
    the number of seconds that each picture may take. `prune` removes the pictures of former builds that no recipe
    makes. Recipes name files in their folder, or below, unless `any_file` allows others. A picture that fails is listed
    in `BuildReport.failed`, and the others are built. Processes are spawned, so a script guards its call with
    `if __name__ == "__main__"`.

    Raises one `ConvvizError` with a line for each mistake in the recipes, before anything is drawn.
    """
    gallery = open_gallery(path, only, timeout, any_file=any_file)
    clean_up(gallery.store.folder)
    current = {recipe.name for recipe in gallery.chosen if _is_current(gallery, recipe)}
    outdated = [recipe for recipe in gallery.chosen if recipe.name not in current]
    report = BuildReport(current=[recipe.name for recipe in gallery.chosen if recipe.name in current])
    if outdated or gallery.parsed.problems:
        with open_pool(jobs, executor, scheduler) as pool:
            check_recipes(gallery, outdated, pool, progress)
            _draw(gallery, outdated, pool, progress, report)
    _handle_orphans(gallery, report, prune)
    _write_readme(gallery, report)
    return report


def _is_current(gallery: Gallery, recipe: Recipe) -> bool:
    return gallery.store.is_current(recipe, gallery.recipe_keys[recipe.name])


def check_recipes(gallery: Gallery, recipes: Sequence[Recipe], pool: Pool, progress: Progress | None) -> None:
    """Lay out each recipe; raise one `ConvvizError` with a line for each mistake."""
    size = max(1, min(MAX_BATCH, len(recipes) // (2 * pool.limit)))
    problems, count = [], 0
    for outcome in run_tasks(pool, find_problems, _batches(gallery, recipes, size, pool)):
        errors = outcome.result if outcome.failure is None else [outcome.failure] * len(outcome.task)
        for task, error in zip(outcome.task, errors or (), strict=True):
            if error is not None:
                problems.append(task.recipe.problem(error))
        count += len(outcome.task)
        report_progress(progress, "checking", count, len(recipes))
    gallery.parsed.check(problems)


def _batches(gallery: Gallery, recipes: Iterable[Recipe], size: int, pool: Pool) -> Iterator[tuple[Task, ...]]:
    remaining = iter(recipes)
    while batch := tuple(gallery.task(recipe, pool) for recipe in islice(remaining, size)):
        yield batch


def _draw(
    gallery: Gallery, outdated: Sequence[Recipe], pool: Pool, progress: Progress | None, report: BuildReport
) -> None:
    """Draw all, and write each picture as it comes."""
    tasks = (gallery.task(recipe, pool) for recipe in outdated)
    names: set[str] = set()
    for count, outcome in enumerate(run_tasks(pool, draw, tasks), start=1):
        name = outcome.task.recipe.name
        try:
            if outcome.result is None:
                raise ConvvizError(outcome.failure or "")
            gallery.store.write(outcome.task.recipe, outcome.result.gif, outcome.result.png)
            names.add(name)
            report.warnings += [text for text in outcome.result.warnings if text not in report.warnings]
        except ConvvizError as error:
            report.failed[name] = str(error)
        report_progress(progress, "drawing", count, len(outdated))
    report.drawn = [recipe.name for recipe in outdated if recipe.name in names]


def _handle_orphans(gallery: Gallery, report: BuildReport, prune: bool) -> None:
    report.orphans = gallery.store.orphans(gallery.parsed.recipes)
    for path in report.orphans if prune else ():
        try:
            path.unlink()
            report.pruned.append(path)
        except OSError as error:
            report.failed[path.name] = f"cannot remove {path}: {error.strerror or error}"


def _write_readme(gallery: Gallery, report: BuildReport) -> None:
    """Write the page about every picture in the folder."""
    from convviz.gallery.pages import README, readme_page, write_page

    entries = gallery.entries()
    if not entries:
        return
    try:
        write_page(README, readme_page(entries), gallery.store.folder)
    except (ConvvizError, OSError) as error:
        report.failed[README] = str(error)


def report_progress(progress: Progress | None, activity: str, done: int, total: int) -> None:
    """Call `progress` if there is one."""
    if progress:
        progress(activity, done, total)
