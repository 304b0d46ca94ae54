"""`check`: whether every picture and page is what the recipes give; all are drawn again and compared."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError, ExportError
from convviz.files.atomic import atomic_write
from convviz.gallery import worker_pool as crew
from convviz.gallery.build import RECIPES, Gallery, Progress, checked, hired, opened
from convviz.gallery.entry import Entry
from convviz.gallery.fingerprint import NOTE, stamp
from convviz.gallery.image_diff import Difference, difference
from convviz.gallery.store import GIF, PNG, entry
from convviz.gallery.task import Task, draw
from convviz.recipes.recipe import Recipe

SHOWN = ("before", "after", "difference")


@dataclass
class Checked:
    """What a check found."""

    count: int = 0
    """Pictures that were looked at."""
    findings: dict[str, str] = field(default_factory=dict)
    """File → why it is not what the recipes give."""
    orphans: list[Path] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    """Pictures of what differs."""


@dataclass(frozen=True)
class Verdict:
    """What a worker says of the two files of a picture."""

    about: Mapping[str, Any]
    """The stamp of the new GIF."""
    differences: Mapping[str, Difference]
    """Suffix → what differs."""


def verify(one: Task) -> Verdict:
    """Draw the picture and compare it with the older files; what is empty was missing."""
    from convviz.export.metadata import peek_file

    drawn = draw(one)
    found: dict[str, Difference] = {}
    for suffix, before, after in zip((GIF, PNG), one.older or (), (drawn.gif, drawn.png), strict=True):
        try:
            differs = difference(before, after) if before and before != after else None
        except ExportError as error:
            differs = Difference(str(error))
        if differs:
            found[suffix] = differs
    return Verdict(peek_file(BytesIO(drawn.gif)) or {}, found)


def check(
    path: str | os.PathLike[str] = f"gallery/{RECIPES}",
    *,
    only: str | None = None,
    jobs: int | None = None,
    report: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Find the files that are missing, stale, or other than what the recipes give, in pixels or durations.

    Another version of a library that gives the same pixels is fine. `report` is a folder for pictures of what differs:
    before, after, and the difference, of the frame that differs most. Other options as for `build`.

    Raises one `ConvvizError` with a line for everything that is wrong in the recipes.
    """
    gallery = opened(path, only)
    folder = None if report is None else _made(Path(report))
    found = Checked(count=len(gallery.chosen), orphans=gallery.shelf.orphans(gallery.parsed.recipes))
    entries: dict[str, Entry] = {}
    with hired(jobs, executor, scheduler) as pool:
        checked(gallery, gallery.chosen, pool, progress)
        tasks = (_task(gallery, recipe) for recipe in gallery.chosen)
        for count, done in enumerate(crew.results(pool, verify, tasks), start=1):
            recipe = done.task.recipe
            if done.result is None:
                found.findings[recipe.name] = done.failure or ""
            else:
                entries[recipe.name] = entry(recipe, dict(done.result.about))
                _judge(gallery, recipe, done.result, folder, found)
            if progress:
                progress("comparing", count, len(gallery.chosen))
    if only is None and len(entries) == len(gallery.chosen):
        found.findings |= _stale_pages(gallery, [entries[recipe.name] for recipe in gallery.chosen])
    return found


def _task(gallery: Gallery, recipe: Recipe) -> Task:
    """The job of a recipe, with the files that stand there; empty where there are none."""
    gif, png = (_content(gallery.shelf.path(recipe.name, suffix)) for suffix in (GIF, PNG))
    return replace(gallery.job(recipe), older=(gif, png))


def _content(path: Path) -> bytes:
    try:
        return b"" if path.is_symlink() else path.read_bytes()
    except OSError:
        return b""


def _judge(gallery: Gallery, recipe: Recipe, verdict: Verdict, folder: Path | None, found: Checked) -> None:
    """Say of each of the two files what is wrong with it."""
    for suffix in (GIF, PNG):
        path = gallery.shelf.path(recipe.name, suffix)
        differs = verdict.differences.get(suffix)
        why = ". ".join(_reasons(gallery, recipe, suffix, differs))
        if not why:
            continue
        if folder is not None and differs and differs.pictures:
            written = [folder / f"{path.name}-{word}.png" for word in SHOWN[: len(differs.pictures)]]
            for target, data in zip(written, differs.pictures, strict=True):
                with atomic_write(target) as partial:
                    partial.write_bytes(data)
            found.reports += written
        found.findings[path.name] = why


def _reasons(gallery: Gallery, recipe: Recipe, suffix: str, differs: Difference | None) -> Iterator[str]:
    path = gallery.shelf.path(recipe.name, suffix)
    if path.is_symlink() or not path.is_file():
        yield "is missing" if not (path.is_symlink() or path.exists()) else "is a link or a folder, no picture"
        return
    if not path.stat().st_size:
        yield "is empty"
        return
    said = gallery.shelf.notes(recipe.name, suffix).get(NOTE)
    if said is None:
        yield "does not say how it was made, or is damaged"
    elif said.get("recipe") != gallery.keys[recipe.name]:
        yield f"is stale: its recipe ({recipe.where}) has changed"
    if differs:
        here = stamp("", {})[NOTE]["versions"]
        other = f"; it was drawn by {said['versions']}, here is {here}" if said and said.get("versions") != here else ""
        yield f"differs from what its recipe gives: {differs.why}{other}"


def _stale_pages(gallery: Gallery, entries: list[Entry]) -> dict[str, str]:
    from convviz.gallery import pages

    found = {}
    for name, wanted in pages.texts(entries).items():
        path = gallery.shelf.folder / name
        if not path.is_file():
            found[name] = "is missing"
        elif path.read_bytes().replace(b"\r\n", b"\n") != wanted:
            found[name] = "is stale: it does not say what the recipes say"
    return found


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConvvizError(f"cannot make the folder {folder} for the report: {error.strerror or error}") from None
    return folder
