"""Tasks: one picture to draw with everything it needs, for a process that may run on another machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from convviz.animation.save_options import SaveOptions
from convviz.errors import ConvvizError, PictureError
from convviz.files.bounded import read_bounded
from convviz.gallery.checksum import with_checksum
from convviz.gallery.fingerprint import drawn_with, note
from convviz.gallery.time_limit import DEFAULT_SECONDS, time_limit
from convviz.recipes.fields import named_files
from convviz.recipes.recipe import Recipe

if TYPE_CHECKING:
    from convviz.animation.animation import Animation


@dataclass(frozen=True)
class Task:
    """A picture to draw."""

    recipe: Recipe
    recipe_key: str
    files: Mapping[str, bytes]
    """Option → contents of the file that it names."""
    drawn_with: Mapping[str, str]
    """Versions and drawing format that a worker must have."""
    scratch: str | None = None
    """Folder for temporary files; None for that of the system."""
    seconds: float = DEFAULT_SECONDS
    """The time limit."""
    previous: tuple[bytes, bytes] | None = None
    """GIF and PNG to compare with."""


@dataclass(frozen=True)
class Drawn:
    """A GIF and its poster, and the warnings about them."""

    gif: bytes
    png: bytes
    warnings: tuple[str, ...]


def make_task(recipe: Recipe, recipe_key: str, scratch: str | None = None, seconds: float = DEFAULT_SECONDS) -> Task:
    """Read the files of a recipe. A file that cannot be read is reported when the picture is laid out."""
    files = {}
    for option, name in named_files(recipe.options).items():
        path = recipe.path.parent / name
        if path.is_file():
            files[option] = read_bounded(path)
    return Task(recipe, recipe_key, files, drawn_with(), scratch, seconds)


def find_problems(tasks: Sequence[Task]) -> list[str | None]:
    """Lay out each picture; return its error, or None."""
    return [_problem(task) for task in tasks]


def _problem(task: Task) -> str | None:
    with TemporaryDirectory(dir=task.scratch) as folder:
        try:
            with time_limit(task.recipe.name, task.seconds, task.scratch):
                _lay_out(task, Path(folder))
        except ConvvizError as error:
            return str(error)
    return None


def draw(task: Task) -> Drawn:
    """Draw a picture. Raises `ConvvizError`, also where this process would draw it differently."""
    from convviz.export.formats import resolve_target

    if dict(task.drawn_with) != dict(drawn_with()):
        here, there = _describe(task.drawn_with), _describe(drawn_with())
        raise PictureError(f"expected a worker with {here}, got {there}; install the same versions there")
    limit = time_limit(task.recipe.name, task.seconds, task.scratch)
    with TemporaryDirectory(dir=task.scratch) as folder, limit as check_time:
        animation, warned = _lay_out(task, Path(folder))
        more = note(task.recipe_key, _about(animation, task.recipe))
        animation = replace(animation, provenance=replace(animation.provenance, extra=more))
        targets = [resolve_target(Path(folder, name)) for name in ("picture.gif", "picture.png")]
        options = SaveOptions(frame=task.recipe.frame)
        gif, png = (path.read_bytes() for path in animation.save_all(targets, options, progress=check_time))
        return Drawn(gif, with_checksum(png, gif), tuple(warned))


def _describe(drawn_with: Mapping[str, str]) -> str:
    return f"{drawn_with['versions']} (drawing format {drawn_with['drawing_format']})"


def _lay_out(task: Task, folder: Path) -> tuple[Animation, list[str]]:
    """Return the animation and its warnings. Named files are put into `folder`, each in a folder of its own."""
    options, originals = dict(task.recipe.options), {}
    for option, name in named_files(task.recipe.options).items():
        path = folder / option / Path(name).name
        options[option] = str(path)
        originals[str(path)] = str(task.recipe.path.parent / name)
        if option in task.files:
            path.parent.mkdir()
            path.write_bytes(task.files[option])
    try:
        animation = task.recipe.animate(options)
    except ConvvizError as error:
        raise PictureError(_replace_paths(str(error), originals)) from None
    return animation, [_replace_paths(text, originals) for text in animation.warnings]


def _replace_paths(text: str, originals: Mapping[str, str]) -> str:
    for path, original in originals.items():
        text = text.replace(path, original)
    return text


def _about(animation: Animation, recipe: Recipe) -> dict[str, Any]:
    """Return what the gallery's pages say of a picture."""
    from convviz.publish.platforms import css_size

    return {
        "title": animation.scene.title,
        "caption": recipe.options.get("caption", animation.scene.sizes),
        "alt": animation.alt_text,
        "view": animation.view,
        "theme": animation.display_list.theme.name,
        "size": css_size(animation),
    }
