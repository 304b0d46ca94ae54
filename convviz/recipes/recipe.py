"""A recipe: one picture as small data, and the keys that each kind of picture takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.recipes.fields import with_folder
from convviz.recipes.request import request
from convviz.recipes.sweep import spelled
from convviz.scene.frame_selection import still_index

if TYPE_CHECKING:
    from convviz.animation.animation import Animation

OWN = ("kind", "caption", "notes")
"""Keys that are not options: the kind of picture, and text around it."""
KINDS = ("conv", "transposed", "maxpool", "avgpool", "stack", "preset", "layer", "train")
NEEDS = {kind: argument.name for kind in KINDS if (argument := DRAWING_COMMANDS[kind].argument)}
"""Kind → the option that it requires."""
TAKES: Mapping[str, tuple[str, ...]] = {
    kind: (*filter(None, [NEEDS.get(kind)]), *(o.name for o in DRAWING_COMMANDS[kind].options if o.in_recipes))
    for kind in KINDS
}
"""Kind → the options that it takes."""
EVERYTHING = tuple(dict.fromkeys(option for options in TAKES.values() for option in options))
Problem = tuple[int, str]
"""A line of the file, and what is wrong there."""
Location = tuple[str, int]
"""A table of the file, and a line in it."""


@dataclass(frozen=True)
class Recipe:
    """A picture as small data; it is laid out each time that it is needed."""

    name: str
    kind: str
    options: Mapping[str, Any]
    """Values, with files named as in the recipe file."""
    path: Path
    """The recipe file; other files are relative to its folder."""
    table: str
    line: int
    """The line of the table."""
    keys: Mapping[str, Location]
    """Option → where its key is."""
    title: str = ""
    caption: str = ""
    """The text around the picture; `read` fills in the picture's own if none is given."""
    warnings: tuple[str, ...] = ()
    """Warnings of the picture, such as weak contrasts; `read` fills them in."""

    @property
    def where(self) -> str:
        """`talk.toml:3`, the line of its table."""
        return f"{self.path}:{self.line}"

    @property
    def notes(self) -> str:
        """The speaker's notes."""
        return str(self.options.get("notes", ""))

    @property
    def frame(self) -> Any:
        """The frame of its still; None for the most representative one."""
        return self.options.get("frame")

    def animate(self, options: Mapping[str, Any] | None = None) -> Animation:
        """Lay out the animation; `options` replace its own, for example if its files were moved.

        Raises `ConvvizError` for impossible parameters.
        """
        found = with_folder(self.options, self.path.parent) if options is None else options
        animation = request(self.kind, found).animate()
        still_index(animation.scene, self.frame)
        return animation

    def problem(self, text: str) -> Problem:
        """Locate an error: return the line of the option that its text names first, and the text in terms of keys."""
        text = re.sub(r"--(?=[a-z0-9])", "", text)
        mentions = []
        for option, location in self.keys.items():
            mention = re.search(rf"\b{re.escape(spelled(option)).replace('_', '[ _-]')}\b", text)
            if mention and option not in OWN:
                mentions.append((mention.start(), -len(option), location))
        table, line = min(mentions)[2] if mentions else (self.table, self.line)
        return line, f"[{table}] {text}"
