"""Fingerprints: what a picture records of how it was drawn, so that a build need not draw it to know if it is current.

A picture depends on its recipe (options, and the contents of the files that they name), on the versions of the
libraries that draw, and on convviz itself. The last is `DRAWING_FORMAT`, a number raised by hand. A hash of what is
drawn would need the layout of every picture (seconds for a hundred, where reading notes takes a quarter of a second),
and a hash of the code would call every picture outdated after a change that draws nothing differently.
`tests/gallery/test_drawing_format.py` fails when scenes or pixels change and the number does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError
from convviz.files.bounded import read_bounded
from convviz.recipes.fields import named_files
from convviz.recipes.recipe import Recipe
from convviz.version import versions

DRAWING_FORMAT = 5
"""Raise it when a change makes any picture look different: every picture is then drawn again."""
NOTE = "gallery"
"""Key of the gallery's note in the metadata of a picture."""
FileHash = Callable[[Path], str]


def recipe_hash(recipe: Recipe, file_hash: FileHash) -> str:
    """Hash the kind, the options and the named files of a recipe."""
    files = {option: file_hash(recipe.path.parent / name) for option, name in named_files(recipe.options).items()}
    return _hash(json.dumps([recipe.kind, recipe.options, files], sort_keys=True).encode())


def cached_file_hash() -> FileHash:
    """Return a function that hashes files and reads each of them once."""

    @cache
    def file_hash(path: Path) -> str:
        try:
            return _hash(read_bounded(path))
        except (OSError, ConvvizError):
            return "missing"

    return file_hash


def drawn_with() -> Mapping[str, str]:
    """Return the versions and the drawing format of this process."""
    return {"versions": versions(), "drawing_format": str(DRAWING_FORMAT)}


def note(recipe_key: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the note of a picture: its fingerprint, and `about` for the gallery's pages."""
    return {NOTE: {"recipe": recipe_key, **drawn_with(), **about}}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
