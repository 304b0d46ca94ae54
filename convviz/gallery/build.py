"""`build`: draw what changed, put it into the folder of the recipes, and write the pages."""

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
from convviz.gallery import worker_pool as crew
from convviz.gallery.fingerprint import digests, key
from convviz.gallery.store import Store
from convviz.gallery.task import Task, draw, examine, job
from convviz.gallery.worker_pool import Pool
from convviz.recipes.reader import Parsed, parse
from convviz.recipes.recipe import Recipe

RECIPES = "recipes.toml"
BATCH = 20
"""Recipes that a worker examines at a time, at most."""
Progress = Callable[[str, int, int], None]
"""Told what is done (`checking`, `drawing`), how many, and of how many."""


@dataclass
class Built:
    """What a build did."""

    drawn: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Picture or page → why it could not be written."""
    orphans: list[Path] = field(default_factory=list)
    """Pictures of former builds that no recipe makes."""
    pruned: list[Path] = field(default_factory=list)
    """Those of them that were removed."""
    pages: list[Path] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What was warned of, such as weak contrasts."""


@dataclass
class Gallery:
    """Recipes, their folder, and which of them are meant."""

    parsed: Parsed
    shelf: Store
    chosen: list[Recipe]
    keys: dict[str, str]
    """Name → what stands for the recipe."""

    def job(self, recipe: Recipe) -> Task:
        """What a worker needs."""
        return job(recipe, self.keys[recipe.name])


def opened(path: str | os.PathLike[str], only: str | None) -> Gallery:
    """The gallery of a file of recipes, or of the folder that holds it. Raises `ConvvizError`."""
    where = Path(path)
    parsed = parse(where / RECIPES if where.is_dir() else where)
    chosen = [recipe for recipe in parsed.recipes if only is None or fnmatchcase(recipe.name, only)]
    if not chosen:
        parsed.check()
        names = ", ".join(recipe.name for recipe in islice(parsed.recipes, 8))
        raise ConvvizError(f"no picture is called {only!r}; there are {names}{' …' * (len(parsed.recipes) > 8)}")
    digest = digests()
    return Gallery(
        parsed, Store(parsed.path.parent), chosen, {recipe.name: key(recipe, digest) for recipe in parsed.recipes}
    )


def hired(jobs: int | None, executor: Executor | None, scheduler: str | None) -> AbstractContextManager[Pool]:
    """Who draws: those of `executor` or `scheduler`, else processes of our own. Raises `ConvvizError`."""
    if jobs is not None and jobs < 1:
        raise ConvvizError(f"{jobs} jobs are not possible; use 1 or more")
    if executor is not None and scheduler is not None:
        raise ConvvizError("give an executor or a scheduler, not both: each draws everything")
    if executor is not None:
        return nullcontext(crew.ExternalPool(executor))
    return crew.cluster(scheduler) if scheduler else crew.local(jobs)


def build(
    path: str | os.PathLike[str] = f"gallery/{RECIPES}",
    *,
    only: str | None = None,
    jobs: int | None = None,
    prune: bool = False,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Built:
    """Draw the pictures whose recipes, files, libraries or drawing code changed, beside their recipes.

    `only` is a shell pattern on their names. `jobs` processes draw, one for each core where none is given; or those of
    a `concurrent.futures.Executor`, or of the Dask scheduler at an address such as `tcp://host:8786`. `prune` removes
    the pictures of former builds that no recipe makes. A picture that fails is in `Built.failed`, and the others are
    built. Processes are started anew (as on Windows), so that a script guards its call with `__name__ == "__main__"`.

    Raises one `ConvvizError` with a line for everything that is wrong in the recipes, before anything is drawn.
    """
    gallery = opened(path, only)
    fresh = {one.name for one in gallery.chosen if gallery.shelf.is_fresh(one, gallery.keys[one.name])}
    stale = [one for one in gallery.chosen if one.name not in fresh]
    done = Built(fresh=[one.name for one in gallery.chosen if one.name in fresh])
    if stale or gallery.parsed.problems:
        with hired(jobs, executor, scheduler) as pool:
            checked(gallery, stale, pool, progress)
            _draw(gallery, stale, pool, progress, done)
    _tidy(gallery, done, prune)
    _write_pages(gallery, done)
    return done


def checked(gallery: Gallery, recipes: Sequence[Recipe], pool: Pool, progress: Progress | None) -> None:
    """Lay all out; raises one `ConvvizError` with every line that there is to say."""
    size = max(1, min(BATCH, len(recipes) // (2 * pool.room)))
    problems, count = [], 0
    for done in crew.results(pool, _examine, _batches(gallery, recipes, size)):
        said = done.result if done.failure is None else [done.failure] * len(done.task)
        for one, text in zip(done.task, said or (), strict=True):
            if text is not None:
                problems.append(one.recipe.complaint(text))
        count += len(done.task)
        _tell(progress, "checking", count, len(recipes))
    gallery.parsed.check(problems)


def _examine(jobs: tuple[Task, ...]) -> list[str | None]:
    return examine(jobs)


def _batches(gallery: Gallery, recipes: Iterable[Recipe], size: int) -> Iterator[tuple[Task, ...]]:
    rest = iter(recipes)
    while batch := tuple(gallery.job(recipe) for recipe in islice(rest, size)):
        yield batch


def _draw(gallery: Gallery, stale: Sequence[Recipe], pool: Pool, progress: Progress | None, built: Built) -> None:
    """Draw all, and write each as it comes."""
    tasks = (gallery.job(recipe) for recipe in stale)
    names: set[str] = set()
    for count, done in enumerate(crew.results(pool, draw, tasks), start=1):
        name = done.task.recipe.name
        try:
            if done.result is None:
                raise ConvvizError(done.failure or "")
            gallery.shelf.write(name, done.result.gif, done.result.png)
            names.add(name)
            built.complaints += [one for one in done.result.complaints if one not in built.complaints]
        except ConvvizError as error:
            built.failed[name] = str(error)
        _tell(progress, "drawing", count, len(stale))
    built.drawn = [recipe.name for recipe in stale if recipe.name in names]


def _tidy(gallery: Gallery, built: Built, prune: bool) -> None:
    built.orphans = gallery.shelf.orphans(gallery.parsed.recipes)
    for path in built.orphans if prune else ():
        try:
            path.unlink()
            built.pruned.append(path)
        except OSError as error:
            built.failed[path.name] = f"cannot remove {path}: {error.strerror or error}"


def _write_pages(gallery: Gallery, built: Built) -> None:
    """The pages speak of every picture that stands there."""
    from convviz.gallery import pages

    entries = [entry for entry in map(gallery.shelf.entry, gallery.parsed.recipes) if entry]
    for name, content in pages.texts(entries).items() if entries else ():
        try:
            built.pages.append(pages.write_page(name, content, gallery.shelf.folder))
        except (ConvvizError, OSError) as error:
            built.failed[name] = str(error)


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress:
        progress(what, done, total)
