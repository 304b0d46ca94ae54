"""Stamps: what a picture says of how it was made, so that one sees without drawing whether it is still what is asked.

A picture depends on its recipe (the options, the contents of the files that they name), on the libraries that draw,
and on convviz. The version alone does not change while one works on convviz itself, so that the stamp holds a hash of
the code that draws: it costs a few milliseconds, and errs on the side of drawing again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from convviz import errors
from convviz.recipes.fields import named_files
from convviz.recipes.recipe import Recipe
from convviz.version import versions

NOTE = "gallery"
"""Under which name the stamp stands in a file."""
FORM = 1
"""Another number draws everything again."""
AFTERWARDS = (*("analysis", "cli", "gallery", "publish", "sphinx"),)
"""Modules that make use of pictures, but have no part in drawing one."""
Digest = Callable[[Path], str]


def key(recipe: Recipe, digest: Digest) -> str:
    """Stands for a recipe; `digest` gives that of a file."""
    files = {option: digest(recipe.path.parent / name) for option, name in named_files(recipe.options).items()}
    return _hash(json.dumps([FORM, recipe.kind, recipe.options, files], sort_keys=True).encode())


def digests() -> Digest:
    """Reads each file once."""

    @cache
    def digest(path: Path) -> str:
        try:
            return _hash(path.read_bytes())
        except OSError:
            return "missing"

    return digest


@cache
def made() -> Mapping[str, str]:
    """With what pictures are drawn here."""
    return {"versions": versions(), "code": _code(Path(errors.__file__).parent)}


def _code(root: Path) -> str:
    """Of the modules that draw, the same on every system."""
    found = sorted((path.relative_to(root).as_posix(), path) for path in root.rglob("*.py"))
    texts = [
        [name, path.read_text(encoding="utf-8")]
        for name, path in found
        if name.removesuffix(".py").split("/")[0] not in AFTERWARDS
    ]
    return _hash(json.dumps(texts).encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def stamp(recipe_key: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """What goes into the picture; `about` is what a page says of it."""
    return {NOTE: {"recipe": recipe_key, **made(), **about}}
