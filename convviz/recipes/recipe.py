"""A recipe: what a picture of each kind takes, and one picture as small data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.recipes.fields import located
from convviz.recipes.request import request
from convviz.recipes.sweep import spelled
from convviz.scene.frame_selection import still_index
from convviz.scene.model import PARTS

if TYPE_CHECKING:
    from convviz.animation.animate import Animation

OWN = ("kind", "caption", "notes")
"""Keys that are no options: the kind of picture, and words around it."""
WINDOW = ("input", "kernel", "stride", "padding", "one_dimension")
VALUES = ("input_values", "channels", "channel", "numbers", "seed")
IMAGE = ("image", "pixels")
WEIGHTS = ("kernel_values", "out_channels", "groups", "bias")
LEFT_OUT = {f"no_{part}": part for part in PARTS}
"""Option → the part of the picture that it leaves out."""
PICTURE = (
    *("view", "theme", "size", "scale", "title", "font", "transparent"),
    *("step", "hold", "frames", "frame", "max_frames", *LEFT_OUT, "bare"),
)
TAKES: Mapping[str, tuple[str, ...]] = {
    "conv": (*WINDOW, "dilation", "padding_mode", *VALUES, *IMAGE, *WEIGHTS, *PICTURE),
    "transposed": (*WINDOW, "dilation", "output_padding", "output_size", *VALUES, *WEIGHTS, *PICTURE),
    "maxpool": (*WINDOW, "dilation", "ceil_mode", *VALUES, *IMAGE, *PICTURE),
    "avgpool": (*WINDOW, "ceil_mode", "count_include_pad", *VALUES, *IMAGE, *PICTURE),
    "stack": ("layers", "input", "one_dimension", *PICTURE),
    "preset": ("preset", "numbers", "seed", *PICTURE),
}
"""Kind → the options it takes."""
EVERYTHING = tuple(dict.fromkeys(option for options in TAKES.values() for option in options))
NEEDS = {"stack": "layers", "preset": "preset"}
"""Kind → the option that it cannot do without."""
Problem = tuple[int, str]
"""A line of the file, and what is wrong there."""
Where = tuple[str, int]
"""The table in which a key stands, and its line."""


@dataclass(frozen=True)
class Recipe:
    """A picture that can be asked for, as small data: it is laid out each time that it is needed."""

    name: str
    kind: str
    options: Mapping[str, Any]
    """Read, but files are named as in the recipe."""
    path: Path
    """The file of recipes, beside which other files are looked for."""
    table: str
    line: int
    """Of the table."""
    keys: Mapping[str, Where]
    title: str = ""
    caption: str = ""
    """What is said around the picture; `read` puts the picture's own words where none are given."""

    @property
    def where(self) -> str:
        """`talk.toml:3`, the line of its table."""
        return f"{self.path}:{self.line}"

    @property
    def notes(self) -> str:
        """What the speaker says."""
        return str(self.options.get("notes", ""))

    @property
    def frame(self) -> int | str | None:
        """What a still of it shows; None for the most telling frame."""
        return self.options.get("frame")

    def animate(self, options: Mapping[str, Any] | None = None) -> Animation:
        """The animation, laid out; `options` are its own with their files found, where they lie elsewhere.

        Raises `ConvvizError` for parameters that cannot be.
        """
        given = located(self.options, self.path.parent) if options is None else options
        without = [part for key, part in LEFT_OUT.items() if given.get(key) or given.get("bare")]
        animation = request(self.kind, given).animate(without=without)
        still_index(animation.scene, self.frame)
        return animation

    def complaint(self, text: str) -> Problem:
        """What an error says, in the words of the file, and the line of the key that it speaks of first."""
        text = re.sub(r"--(?=[a-z0-9])", "", text)
        found = []
        for option, where in self.keys.items():
            named = re.search(rf"\b{re.escape(spelled(option)).replace('_', '[ _-]')}\b", text)
            if named and option not in OWN:
                found.append((named.start(), -len(option), where))
        table, line = min(found)[2] if found else (self.table, self.line)
        return line, f"[{table}] {text}"
