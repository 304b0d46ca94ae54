"""The folder of a gallery: which pictures stand there, whether they are fresh, and how new ones get in.

Nothing is written outside of it, and nothing over a file that convviz did not make.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from convviz.errors import ExportError
from convviz.export.metadata import peek
from convviz.files.atomic import atomic_write
from convviz.gallery.checksum import is_whole
from convviz.gallery.entry import Entry
from convviz.gallery.fingerprint import NOTE, made
from convviz.recipes.fields import located
from convviz.recipes.recipe import Recipe

GIF, PNG = ".gif", ".png"
LEFT = re.compile(r"\.convviz-[0-9a-f]{12}\.(gif|png)")
"""What a run that was killed leaves behind."""


class Store:
    """The folder beside the recipes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, suffix: str) -> Path:
        """Where a picture stands."""
        return self.folder / f"{name}{suffix}"

    def notes(self, name: str, suffix: str) -> dict[str, Any]:
        """What a whole picture of a gallery says of itself; nothing where there is none."""
        path = self.path(name, suffix)
        found = None if path.is_symlink() else peek(path)
        return found if found is not None and isinstance(found.get(NOTE), dict) else {}

    def is_fresh(self, recipe: Recipe, key: str) -> bool:
        """Whether both files are what the recipe would give here."""
        wanted = {"recipe": key, **made()}
        stamps = (self.notes(recipe.name, suffix).get(NOTE, {}) for suffix in (GIF, PNG))
        return all(wanted.items() <= _plain(stamp).items() for stamp in stamps) and self.is_whole(recipe.name)

    def is_whole(self, name: str) -> bool:
        """Whether no byte of a picture was damaged since it was drawn."""
        gif, png = (self.path(name, suffix).read_bytes() for suffix in (GIF, PNG))
        return is_whole(png, gif)

    def write(self, name: str, gif: bytes, png: bytes) -> None:
        """Put both files of a picture in place. Raises `ExportError`."""
        for suffix in (GIF, PNG):
            self._check_free(self.path(name, suffix))
        for suffix, data in ((PNG, png), (GIF, gif)):
            with atomic_write(self.path(name, suffix)) as partial:
                partial.write_bytes(data)

    def _check_free(self, path: Path) -> None:
        if path.is_symlink():
            raise ExportError(f"{path} is a link, which may lead out of the gallery; remove it")
        if path.is_dir():
            raise ExportError(f"{path} is a folder, where a picture belongs; remove or rename it")
        if path.exists() and path.stat().st_size and not _is_ours(path):
            raise ExportError(f"{path} is in the way: convviz did not make it, or it is damaged; remove or rename it")

    def entry(self, recipe: Recipe) -> Entry | None:
        """What a page says of a picture that stands here, fresh or not."""
        said = self.notes(recipe.name, GIF)
        return entry(recipe, said) if said and self.path(recipe.name, PNG).is_file() else None

    def orphans(self, recipes: Iterable[Recipe]) -> list[Path]:
        """Pictures that a gallery made and no recipe makes any more, and what killed runs left; in order."""
        wanted = {f"{recipe.name}{suffix}".lower() for recipe in recipes for suffix in (GIF, PNG)}
        with os.scandir(self.folder) as files:
            names = sorted(file.name for file in files if file.is_file(follow_symlinks=False))
        return [self.folder / name for name in names if name.lower() not in wanted and self._is_orphan(name)]

    def _is_orphan(self, name: str) -> bool:
        stem, suffix = os.path.splitext(name)
        return bool(LEFT.fullmatch(name)) or (suffix.lower() in (GIF, PNG) and bool(self.notes(stem, suffix)))


def _is_ours(path: Path) -> bool:
    """Whether convviz made a file, which may be cut off."""
    with path.open("rb") as file:
        start = file.read(16_384)
    return start.startswith((b"GIF8", b"\x89PNG")) and b'{"convviz":' in start


def _plain(stamp: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stamp.items() if isinstance(value, str)}


def entry(recipe: Recipe, said: dict[str, Any]) -> Entry:
    """What a page says of a picture, from what the picture says of itself."""
    from convviz.gallery.explorer_links import explorer_address

    about, gif = said[NOTE], f"{recipe.name}{GIF}"
    return Entry(
        name=recipe.name,
        kind=recipe.kind,
        view=about["view"],
        title=about["title"],
        caption=about["caption"],
        alt=about["alt"],
        command=f"{said['command']} -o {gif}",
        file=gif,
        poster=f"{recipe.name}{PNG}",
        size=(about["size"][0], about["size"][1]),
        explorer=explorer_address(recipe.kind, located(recipe.options, recipe.path.parent)),
        theme=about["theme"],
    )
