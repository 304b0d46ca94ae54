"""Check a gallery: draw every picture again and compare it with the file."""

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
from convviz.gallery.build import (
    RECIPES,
    Gallery,
    Progress,
    check_recipes,
    open_gallery,
    open_pool,
    report_progress,
)
from convviz.gallery.entry import Entry
from convviz.gallery.fingerprint import NOTE, drawn_with
from convviz.gallery.image_diff import ImageDiff, diff_images
from convviz.gallery.store import GIF, PNG, make_entry
from convviz.gallery.task import Task, draw
from convviz.gallery.task_runner import run_tasks
from convviz.gallery.time_limit import DEFAULT_SECONDS
from convviz.recipes.recipe import Recipe

DIFF_IMAGES = ("before", "after", "difference")


@dataclass
class CheckReport:
    """The result of a check."""

    count: int = 0
    """Pictures that were compared."""
    findings: dict[str, str] = field(default_factory=dict)
    """File → why it is not what the recipes give."""
    orphans: list[Path] = field(default_factory=list)
    diff_files: list[Path] = field(default_factory=list)
    """Pictures of what differs."""


@dataclass(frozen=True)
class Comparison:
    """What a worker found about the two files of a picture."""

    metadata: Mapping[str, Any]
    """Metadata of the newly drawn GIF."""
    differences: Mapping[str, ImageDiff]
    """Suffix → what differs."""


def compare(task: Task) -> Comparison:
    """Draw a picture and compare it with the previous files; an empty one was missing."""
    from convviz.export.metadata import peek_file

    drawn = draw(task)
    found: dict[str, ImageDiff] = {}
    for suffix, before, after in zip((GIF, PNG), task.previous or (), (drawn.gif, drawn.png), strict=True):
        try:
            difference = diff_images(before, after) if before and before != after else None
        except ExportError as error:
            difference = ImageDiff(str(error))
        if difference:
            found[suffix] = difference
    return Comparison(peek_file(BytesIO(drawn.gif)) or {}, found)


def check(
    path: str | os.PathLike[str] = f"gallery/{RECIPES}",
    *,
    only: str | None = None,
    jobs: int | None = None,
    report: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    timeout: float = DEFAULT_SECONDS,
    progress: Progress | None = None,
    any_file: bool = False,
) -> CheckReport:
    """Find the files that are missing, outdated, or different in pixels or durations from what the recipes give.

    A different version of a library is no finding if the pixels are the same. `report` is a folder for images of the
    frame that differs most: before, after, and the difference. Other options are those of `build`.

    Raises one `ConvvizError` with a line for each mistake in the recipes.
    """
    gallery = open_gallery(path, only, timeout, any_file=any_file)
    folder = None if report is None else _make_folder(Path(report))
    result = CheckReport(count=len(gallery.chosen), orphans=gallery.store.orphans(gallery.parsed.recipes))
    entries: dict[str, Entry] = {}
    with open_pool(jobs, executor, scheduler) as pool:
        check_recipes(gallery, gallery.chosen, pool, progress)
        tasks = (_with_previous(gallery, gallery.task(recipe, pool)) for recipe in gallery.chosen)
        for count, outcome in enumerate(run_tasks(pool, compare, tasks), start=1):
            recipe = outcome.task.recipe
            if outcome.result is None:
                result.findings[recipe.name] = outcome.failure or ""
            else:
                entries[recipe.name] = make_entry(recipe, dict(outcome.result.metadata))
                _add_findings(gallery, recipe, outcome.result, folder, result)
            report_progress(progress, "comparing", count, len(gallery.chosen))
    if only is None and len(entries) == len(gallery.chosen):
        result.findings |= _readme_finding(gallery, [entries[recipe.name] for recipe in gallery.chosen])
    return result


def _with_previous(gallery: Gallery, task: Task) -> Task:
    """Add the files of the folder to a task; empty where there are none."""
    gif, png = (_content(gallery.store.path(task.recipe.name, suffix)) for suffix in (GIF, PNG))
    return replace(task, previous=(gif, png))


def _content(path: Path) -> bytes:
    try:
        return b"" if path.is_symlink() else path.read_bytes()
    except OSError:
        return b""


def _add_findings(
    gallery: Gallery, recipe: Recipe, comparison: Comparison, folder: Path | None, result: CheckReport
) -> None:
    """Add what is wrong with each of the two files."""
    for suffix in (GIF, PNG):
        path = gallery.store.path(recipe.name, suffix)
        difference = comparison.differences.get(suffix)
        why = ". ".join(_reasons(gallery, recipe, suffix, difference))
        if not why:
            continue
        if folder is not None and difference and difference.images:
            written = [folder / f"{path.name}-{word}.png" for word in DIFF_IMAGES[: len(difference.images)]]
            for target, data in zip(written, difference.images, strict=True):
                with atomic_write(target) as partial:
                    partial.write_bytes(data)
            result.diff_files += written
        result.findings[path.name] = why


def _reasons(gallery: Gallery, recipe: Recipe, suffix: str, difference: ImageDiff | None) -> Iterator[str]:
    path = gallery.store.path(recipe.name, suffix)
    if path.is_symlink() or not path.is_file():
        yield "is missing" if not (path.is_symlink() or path.exists()) else "is a link or a folder, not a picture"
        return
    if not path.stat().st_size:
        yield "is empty"
        return
    note = gallery.store.metadata(recipe.name, suffix).get(NOTE)
    if note is None:
        yield "does not say how it was made, or is damaged"
    elif note.get("recipe") != gallery.recipe_keys[recipe.name]:
        yield f"is outdated: its recipe ({recipe.where}) has changed"
    if difference:
        here = drawn_with()["versions"]
        there = note.get("versions") if note else None
        versions = f"; it was drawn by {there}, here is {here}" if there and there != here else ""
        yield f"differs from what its recipe gives: {difference.why}{versions}"


def _readme_finding(gallery: Gallery, entries: list[Entry]) -> dict[str, str]:
    from convviz.gallery.pages import README, readme_page

    path = gallery.store.folder / README
    if not path.is_file():
        return {README: "is missing"}
    if path.read_bytes().replace(b"\r\n", b"\n") != readme_page(entries):
        return {README: "is outdated: it does not say what the recipes say"}
    return {}


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConvvizError(f"cannot make the folder {folder} for the report: {error.strerror or error}") from None
    return folder
