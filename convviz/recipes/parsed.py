"""What is read from a recipe file: recipes and problems; and the rules for names of pictures and of files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from convviz.errors import ConvvizError
from convviz.recipes.recipe import Problem, Recipe

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
"""Names of devices, which Windows finds in every folder and with every suffix."""
MOST_PROBLEMS = 100
"""Problems of a file that are listed."""


@dataclass(frozen=True)
class Parsed:
    """The valid recipes of a file, and all problems of the others."""

    path: Path
    recipes: list[Recipe]
    problems: list[Problem]
    has_too_many: bool = False
    """Whether there are more pictures than a file may have, so that none is worth laying out."""

    def check(self, more: Iterable[Problem] = ()) -> None:
        """Raise one `ConvvizError` with a line `path:line: …` for each problem and each of `more`."""
        problems = sorted([*self.problems, *more], key=lambda problem: problem[0])
        if problems:
            lines = [f"{self.path}:{line}: {text}" for line, text in dict.fromkeys(problems)]
            lines[MOST_PROBLEMS:] = [f"{len(lines) - MOST_PROBLEMS} more"] if len(lines) > MOST_PROBLEMS else []
            raise ConvvizError("\n".join(lines))


def name_problem(name: str) -> str:
    """Return why a picture cannot have a name; empty if it can."""
    if not NAME.fullmatch(name):
        return "use up to 100 letters, digits, - and _"
    if name.startswith("-"):
        return "it begins like an option; begin with a letter, a digit or _"
    if RESERVED.fullmatch(name):
        return "Windows keeps it for a device; use another"
    return ""


def is_inside(folder: Path, file: str) -> bool:
    """Return whether a file that is named relative to `folder` is in it or below, also if links are followed."""
    try:
        return (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a link to itself, or no name
        return False
