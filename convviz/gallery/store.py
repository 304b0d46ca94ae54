"""The folder of a gallery: which pictures it holds, whether they are current, and how new ones are put in.

Nothing is written outside of the folder, and no file is replaced that convviz did not make.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from convviz.errors import ExportError
from convviz.export.metadata import peek
from convviz.export.overwrite import check_overwrite
from convviz.files.atomic import atomic_write
from convviz.gallery.checksum import is_intact
from convviz.gallery.entry import Entry
from convviz.gallery.fingerprint import NOTE, drawn_with
from convviz.recipes.fields import named_files, with_folder
from convviz.recipes.recipe import Recipe

GIF, PNG = ".gif", ".png"


class Store:
    """The pictures beside a recipe file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, suffix: str) -> Path:
        """Return the path of a picture."""
        return self.folder / f"{name}{suffix}"

    def metadata(self, name: str, suffix: str) -> dict[str, Any]:
        """Return the metadata of a picture that a gallery drew; empty if there is none."""
        path = self.path(name, suffix)
        found = None if path.is_symlink() else peek(path)
        return found if found is not None and isinstance(found.get(NOTE), dict) else {}

    def is_current(self, recipe: Recipe, recipe_key: str) -> bool:
        """Return whether both files of a picture are what the recipe would give here."""
        wanted = {"recipe": recipe_key, **drawn_with()}
        notes = (self.metadata(recipe.name, suffix).get(NOTE, {}) for suffix in (GIF, PNG))
        return all(wanted.items() <= _texts(note).items() for note in notes) and self.is_intact(recipe.name)

    def is_intact(self, name: str) -> bool:
        """Return whether no byte of a picture has changed since it was drawn."""
        gif, png = (self.path(name, suffix).read_bytes() for suffix in (GIF, PNG))
        return is_intact(png, gif)

    def write(self, recipe: Recipe, gif: bytes, png: bytes) -> None:
        """Put both files of a picture in place. Raises `ExportError`."""
        name = recipe.name
        sources = [recipe.path.parent / source for source in named_files(recipe.options).values()]
        for suffix in (GIF, PNG):
            self._check_free(self.path(name, suffix))
            check_overwrite(self.path(name, suffix), [recipe.path, *sources])
        for suffix, data in ((PNG, png), (GIF, gif)):
            with atomic_write(self.path(name, suffix)) as partial:
                partial.write_bytes(data)

    def _check_free(self, path: Path) -> None:
        if path.is_symlink():
            raise ExportError(f"{path} is a link, which may lead out of the gallery; remove it")
        if path.is_dir():
            raise ExportError(f"expected a picture at {path}, got a folder; remove or rename it")
        if path.exists() and path.stat().st_size and not _is_ours(path):
            raise ExportError(f"{path} is in the way: convviz did not make it, or it is damaged; remove or rename it")

    def entry(self, recipe: Recipe) -> Entry | None:
        """Return what the pages say of a picture in the folder, current or not; None if it is missing."""
        metadata = self.metadata(recipe.name, GIF)
        poster = self.path(recipe.name, PNG)
        if not metadata or not poster.is_file() or poster.is_symlink():
            return None
        try:
            return make_entry(recipe, metadata)
        except (KeyError, TypeError, IndexError):  # a note that no gallery has written
            return None

    def orphans(self, recipes: Iterable[Recipe]) -> list[Path]:
        """Return the pictures that no recipe makes any more, sorted."""
        wanted = {f"{recipe.name}{suffix}".lower() for recipe in recipes for suffix in (GIF, PNG)}
        with os.scandir(self.folder) as files:
            names = sorted(file.name for file in files if file.is_file(follow_symlinks=False))
        return [self.folder / name for name in names if name.lower() not in wanted and self._is_orphan(name)]

    def _is_orphan(self, name: str) -> bool:
        stem, suffix = os.path.splitext(name)
        return suffix.lower() in (GIF, PNG) and bool(self.metadata(stem, suffix))


def _is_ours(path: Path) -> bool:
    """Return whether convviz made a file, even if it is cut off."""
    with path.open("rb") as file:
        start = file.read(16_384)
    return start.startswith((b"GIF8", b"\x89PNG")) and b'{"convviz":' in start


def _texts(note: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in note.items() if isinstance(value, str)}


def make_entry(recipe: Recipe, metadata: dict[str, Any]) -> Entry:
    """Return what the pages say of a picture, from its own metadata."""
    from convviz.gallery.explorer_links import explorer_address

    about, gif = metadata[NOTE], f"{recipe.name}{GIF}"
    return Entry(
        name=recipe.name,
        kind=recipe.kind,
        view=about["view"],
        title=about["title"],
        caption=about["caption"],
        alt=about["alt"],
        command=f"{metadata['command']} -o {gif}",
        file=gif,
        poster=f"{recipe.name}{PNG}",
        size=(about["size"][0], about["size"][1]),
        explorer=explorer_address(recipe.kind, with_folder(recipe.options, recipe.path.parent)),
        theme=about["theme"],
    )
