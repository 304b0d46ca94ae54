"""The options of saving: how often and how fast a file plays, and what a still shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from convviz.animation.option_spec import FRAME, INTEGER, OptionSpec, expected
from convviz.errors import PictureError
from convviz.errors.arguments import whole_number
from convviz.text.notation import Arguments

if TYPE_CHECKING:
    from convviz.scene.frame_selection import FrameName

LARGEST_LOOP = 65536
LARGEST_FPS = 60
"""Frames per second."""


LOOP = OptionSpec("loop", INTEGER, "Number of loops; 0 loops forever", "N", "0", in_recipes=False)
FRAME_OF_STILL = OptionSpec(
    "frame",
    FRAME,
    "Frame of a still, such as a .png: a step, shown as it ends, or a name",
    "N|first|middle|last",
    "the most representative frame",
)
FILMSTRIP = OptionSpec("filmstrip", INTEGER, "Still of N evenly spaced frames side by side", "N", in_recipes=False)
FPS = OptionSpec(
    "fps",
    INTEGER,
    "Frames per second of a video",
    "N",
    "20; without motion 10; or more for short steps",
    in_recipes=False,
    in_pages=False,
)


@dataclass(frozen=True)
class SaveOptions:
    """How files are saved. Raises `PictureError` for impossible values."""

    loop: int = field(default=0, metadata={"spec": LOOP})
    frame: int | FrameName | None = field(default=None, metadata={"spec": FRAME_OF_STILL})
    filmstrip: int | None = field(default=None, metadata={"spec": FILMSTRIP})
    fps: int | None = field(default=None, metadata={"spec": FPS})

    def __post_init__(self) -> None:
        for name in ("loop", "filmstrip", "fps"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        if self.frame is not None and not isinstance(self.frame, str):
            from convviz.scene.frame_selection import FRAME_NAMES

            what = f"a whole number, or {', '.join(FRAME_NAMES)}"
            object.__setattr__(self, "frame", whole_number("frame", self.frame, what))
        if self.loop is None or not 0 <= self.loop <= LARGEST_LOOP:
            raise PictureError(expected("loop", f"0 (forever) to {LARGEST_LOOP}", self.loop))
        if self.fps is not None and not 1 <= self.fps <= LARGEST_FPS:
            raise PictureError(f"expected 1 to {LARGEST_FPS} frames per second, got {self.fps}")
        if self.frame is not None and self.filmstrip is not None:
            raise PictureError("expected a frame or a filmstrip, got both: each chooses what a still shows")

    def check_filmstrip(self, frames: int) -> None:
        """Raise `PictureError` for a filmstrip of more frames than an animation has."""
        if self.filmstrip is not None and not 1 <= self.filmstrip <= frames:
            raise PictureError(expected("filmstrip", f"1 to {frames} frames", self.filmstrip))

    @property
    def choose_still(self) -> bool:
        """Whether they say what a still shows."""
        return self.frame is not None or self.filmstrip is not None

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> SaveOptions:
        """Take what belongs to saving from options by name; absent ones and None keep their defaults."""
        return cls(**{name: options[name] for name in SAVE_SPECS if options.get(name) is not None})

    def arguments(self, *names: str) -> Arguments:
        """Return the words of the command line for those of `names` that differ from their defaults."""
        changed = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return tuple(word for name in names if name in changed for word in SAVE_SPECS[name].arguments(changed[name]))


SAVE_SPECS: Mapping[str, OptionSpec] = {one.name: one.metadata["spec"] for one in fields(SaveOptions)}
