"""Write a site: a gallery's pages and pictures in a folder that any web server can serve, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from convviz.errors import ExportError
from convviz.export.overwrite import check_overwrite
from convviz.files.atomic import atomic_write
from convviz.files.partial import clean_up
from convviz.gallery.build import RECIPES, open_gallery
from convviz.gallery.pages import check_no_link, site_pages, write_page
from convviz.text.notation import shell

NO_JEKYLL = ".nojekyll"
"""Tells GitHub Pages to serve the files as they are."""


def build_command(recipes: str | os.PathLike[str], *options: str) -> str:
    """Return the command that builds the gallery of a recipe file: `convviz gallery build talk/recipes.toml`."""
    is_default = Path(recipes) in (Path("gallery"), Path("gallery") / RECIPES)
    return shell("gallery", "build", *(() if is_default else (os.fspath(recipes),)), *options)


def write_site(
    path: str | os.PathLike[str] = f"gallery/{RECIPES}",
    folder: Path = Path("build/site"),
    progress: Callable[[int], None] | None = None,
    *,
    force: bool = False,
    any_file: bool = False,
) -> list[Path]:
    """Write index.html, the explorer and the pictures of a built gallery into `folder`; return the paths written.

    `path` is a recipe file, or a folder with `recipes.toml`. `progress` is called with the number of files done.
    Raises `ConvvizError` for recipes with mistakes, and `ExportError` if a picture is missing, if a file cannot be
    written, for a symbolic link in `folder`, and, without `force`, for a file there that convviz did not write. All
    is checked before the first file is written.
    """
    gallery = open_gallery(path, any_file=any_file)
    gallery.parsed.check()
    entries = gallery.entries()
    pictures = [name for entry in entries for name in (entry.file, entry.poster)]
    missing = [recipe.name for recipe in gallery.parsed.recipes if recipe.name not in {entry.name for entry in entries}]
    if missing:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise ExportError(f"the picture {missing[0]} is missing{more}; run {build_command(path)} first")
    pages = site_pages(entries)
    for name in (*pages, *pictures, NO_JEKYLL):
        check_no_link(folder / name)
    for name in (*pages, *pictures):
        check_overwrite(folder / name, force=force)
    _make_folder(folder)
    clean_up(folder)
    written = [write_page(name, content, folder, force=force) for name, content in pages.items()]
    for count, name in enumerate(pictures, len(pages) + 1):
        source = gallery.store.path(*os.path.splitext(name))
        if not (folder / name).exists() or not os.path.samefile(source, folder / name):
            with atomic_write(folder / name) as partial:
                shutil.copyfile(source, partial)
        written.append(folder / name)
        if progress:
            progress(count)
    if not (folder / NO_JEKYLL).exists():
        with atomic_write(folder / NO_JEKYLL):
            pass
    return [*written, folder / NO_JEKYLL]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"cannot make the folder {folder}: {error.strerror or error}") from None
