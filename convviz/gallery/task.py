"""Jobs: a picture to draw, with all that this takes, for a process that may run on another machine."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError, PictureError
from convviz.gallery.checksum import sealed
from convviz.gallery.fingerprint import made, stamp
from convviz.recipes.fields import named_files
from convviz.recipes.recipe import Recipe

if TYPE_CHECKING:
    from convviz.animation.animate import Animation

ALONE = threading.Lock()
"""Several threads of one process draw in turn: neither fonts nor warnings are made for more."""


@dataclass(frozen=True)
class Task:
    """A picture to draw."""

    recipe: Recipe
    key: str
    files: Mapping[str, bytes]
    """Contents of the files that its options name."""
    made: Mapping[str, str]
    """With what it is to be drawn."""
    older: tuple[bytes, bytes] | None = None
    """GIF and PNG to compare with."""


@dataclass(frozen=True)
class Drawn:
    """A GIF and its poster, and what was warned of."""

    gif: bytes
    png: bytes
    complaints: tuple[str, ...]


def job(recipe: Recipe, key: str) -> Task:
    """The job of a recipe, with its files read; one that cannot be read is missed when it is drawn."""
    files = {}
    for option, name in named_files(recipe.options).items():
        path = recipe.path.parent / name
        if path.is_file():
            files[option] = path.read_bytes()
    return Task(recipe, key, files, made())


def examine(jobs: Sequence[Task]) -> list[str | None]:
    """Lay each out; what is wrong with it, or None."""
    return [_complaint(one) for one in jobs]


def _complaint(one: Task) -> str | None:
    with ALONE, TemporaryDirectory() as folder:
        try:
            _laid_out(one, Path(folder))
        except ConvvizError as error:
            return str(error)
    return None


def draw(one: Task) -> Drawn:
    """The files of a picture. Raises `ConvvizError`, also where this process would draw it differently."""
    from convviz.export.formats import resolve_target

    if dict(one.made) != dict(made()):
        raise PictureError(f"a worker has {_said(made())}, but here it is {_said(one.made)}; install the same there")
    with ALONE, TemporaryDirectory() as folder:
        animation, complaints = _laid_out(one, Path(folder))
        origin = replace(animation.origin, more=stamp(one.key, _about(animation, one.recipe)))
        goals = [resolve_target(Path(folder, name)) for name in ("picture.gif", "picture.png")]
        gif, png = replace(animation, origin=origin).save_all(goals, frame=one.recipe.frame)
        moving = gif.read_bytes()
        return Drawn(moving, sealed(png.read_bytes(), moving), tuple(complaints))


def _said(made: Mapping[str, str]) -> str:
    return f"{made['versions']} (code {made['code']})"


def _laid_out(one: Task, folder: Path) -> tuple[Animation, list[str]]:
    """The animation, and what is warned of; its files lie in `folder`, each in one of its own to keep its name."""
    found, places = dict(one.recipe.options), {}
    for option, name in named_files(one.recipe.options).items():
        path = folder / option / Path(name).name
        found[option] = str(path)
        places[str(path)] = str(one.recipe.path.parent / name)
        if option in one.files:
            path.parent.mkdir()
            path.write_bytes(one.files[option])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            animation = one.recipe.animate(found)
        except ConvvizError as error:
            raise PictureError(_replaced(str(error), places)) from None
    return animation, [_replaced(str(warning.message), places) for warning in caught]


def _replaced(text: str, places: Mapping[str, str]) -> str:
    for path, real in places.items():
        text = text.replace(path, real)
    return text


def _about(animation: Animation, recipe: Recipe) -> dict[str, Any]:
    """What a page says of the picture."""
    from convviz.publish.platforms import css_size

    return {
        "title": animation.scene.title,
        "caption": recipe.options.get("caption", animation.scene.sizes),
        "alt": animation.alt_text,
        "view": animation.view,
        "theme": animation.display_list.theme.name,
        "size": css_size(animation),
    }
