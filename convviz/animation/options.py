"""The options of a picture: one field per option, with its default, range, spelling and help.

`animate` takes the fields as keywords; the command line, recipes and provenance are derived from them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypedDict

from convviz.animation.option_checks import (
    check_range,
    check_scaled_size,
    checked_channels,
    checked_choice,
    checked_font,
    checked_parts,
    checked_theme,
    checked_title,
    checked_view,
)
from convviz.animation.option_facts import ends_in, facts
from convviz.animation.option_spec import (
    FLAG,
    INTEGER,
    PICTURE_SIZE,
    SECONDS,
    TEXT,
    OptionSpec,
)
from convviz.errors import GeometryError, PictureError
from convviz.layout.limits import LARGEST_SIDE
from convviz.scene.choices import MOTIONS, PACES
from convviz.style.theme import FONT_SUFFIXES
from convviz.text.notation import Arguments

if TYPE_CHECKING:
    from convviz.scene.choices import Motion, Pace
    from convviz.scene.model import PartName
    from convviz.style.theme import Theme

LARGEST_SCALE = 8
PART_HELP: dict[PartName, str] = {
    "header": "title, sizes and parameters",
    "legend": "the names of the colours",
    "formulas": "the size formulas",
    "caption": "the computation of the step",
    "counter": "the step number",
    "bar": "the progress bar",
}
"""Part of a picture that can be left out → its content."""

OUT_CHANNELS = OptionSpec(
    "out_channels", INTEGER, "Number of output channels; needs --channels", "N", default="one per group"
)
LEFT_OUT = tuple(OptionSpec(f"no_{part}", FLAG, f"Leave out {content}") for part, content in PART_HELP.items())
BARE = OptionSpec("bare", FLAG, "Leave out all of these parts")


@dataclass(frozen=True)
class PictureOptions:
    """Everything that a picture depends on, apart from layers and values. Raises `PictureError` for impossible ones."""

    view: str | None = field(
        default=None,
        metadata=facts(TEXT, "View to draw; `convviz views` lists them", "VIEW", default="slide", check=checked_view),
    )
    theme: str | os.PathLike[str] | Theme | None = field(
        default=None,
        metadata=facts(
            TEXT,
            "light, dark, print, or a .toml file with your own colours; without one, an HTML page follows the system",
            "NAME|FILE",
            default="light",
            names_file=ends_in(".toml"),
            check=checked_theme,
        ),
    )
    size: tuple[int, int] = field(
        default=(1280, 720),
        metadata=facts(
            PICTURE_SIZE, f"Size in pixels, up to {LARGEST_SIDE} per side, or 16:9, 4:3, 1:1, 9:16, hd, 4k", "WxH|NAME"
        ),
    )
    scale: int = field(
        default=1,
        metadata=facts(
            INTEGER,
            "Resolution multiplier; 2 doubles the pixel count per side",
            "N",
            minimum=1,
            maximum=LARGEST_SCALE,
        ),
    )
    numbers: bool | None = field(
        default=None,
        metadata=facts(FLAG, "Show the values in the cells", negatable=True, default="if they are legible"),
    )
    groups: int = field(default=1, metadata=facts(INTEGER, "Number of channel groups", "N", minimum=1))
    channel: int = field(default=0, metadata=facts(INTEGER, "Output channel to show, counted from 0", "N"))
    channels: tuple[int, int] | None = field(
        default=None,
        metadata=facts(
            INTEGER,
            "Number of input channels of the example values",
            "N",
            more=[OUT_CHANNELS],
            check=checked_channels,
        ),
    )
    seed: int = field(default=0, metadata=facts(INTEGER, "Random seed for example values", "N"))
    step: float = field(default=0.6, metadata=facts(SECONDS, "Seconds per step", "S", minimum=0.02, maximum=600))
    pace: Pace = field(
        default="story",
        metadata=facts(
            TEXT,
            "story: the first steps in moments, then faster ones, 15 to 40 s in all by default; even: a frame per step",
            "|".join(PACES),
            check=checked_choice(PACES),
        ),
    )
    hold: float = field(
        default=2.0,
        metadata=facts(SECONDS, "Seconds for the last frame; the first takes half", "S", minimum=0, maximum=600),
    )
    motion: Motion = field(
        default="smooth",
        metadata=facts(
            TEXT,
            "How the window gets to its next place: none (it jumps), steps (two frames between) or smooth",
            "|".join(MOTIONS),
            check=checked_choice(MOTIONS),
        ),
    )
    frames: int | None = field(default=None, metadata=facts(INTEGER, "Keep N evenly spaced frames", "N", minimum=1))
    max_frames: int = field(
        default=2000, metadata=facts(INTEGER, "Refuse animations with more than N frames", "N", minimum=1)
    )
    title: str | None = field(
        default=None,
        metadata=facts(TEXT, "Title; replaces the name of the operation", "TEXT", check=checked_title),
    )
    math: bool = field(
        default=False,
        metadata=facts(
            FLAG, "Draw mathematics between dollars in the title, such as '$p' = k - p - 1$'; pages show plain text"
        ),
    )
    without: Sequence[PartName] = field(
        default=(),
        metadata=facts(
            FLAG, "", more=[*LEFT_OUT, BARE], check=lambda name, value: checked_parts(name, value, PART_HELP)
        ),
    )
    font: str | None = field(
        default=None,
        metadata=facts(
            TEXT,
            f"Installed font, or a {', '.join(FONT_SUFFIXES[:-1])} or {FONT_SUFFIXES[-1]} file",
            "NAME|FILE",
            names_file=ends_in(*FONT_SUFFIXES),
            check=checked_font,
        ),
    )
    transparent: bool = field(default=False, metadata=facts(FLAG, "Leave out the background; not for videos"))

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None and one.default is None:
                continue
            label = one.name.replace("_", "-")
            value = one.metadata["check"](label, value)
            object.__setattr__(self, one.name, value)
            if one.metadata["minimum"] is not None:
                unit = "seconds" if one.metadata["spec"]["type"] is SECONDS else ""
                check_range(label, value, one.metadata["minimum"], one.metadata["maximum"], unit)
        check_scaled_size(self.size, self.scale)
        if self.math and self.title is None:
            raise PictureError("math: expected a title with mathematics between dollars, got none; use --title")

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> PictureOptions:
        """Take what belongs to a picture from options by name; absent ones and None keep their defaults."""
        given = {name: options[name] for name in SPECS if options.get(name) is not None}
        if options.get("out_channels") is not None and "channels" not in given:
            raise GeometryError(f"--out-channels {options['out_channels']} needs --channels, the input channels")
        if "channels" in given:
            outputs = options.get("out_channels")
            given["channels"] = given["channels"], max(1, given.get("groups", 1)) if outputs is None else outputs
        without = tuple(part for part in PART_HELP if options.get("bare") or options.get(f"no_{part}"))
        return cls(**given, without=without)

    def arguments(self) -> Arguments:
        """Return the words of the command line for everything that differs from its default."""
        words: list[str] = []
        for name, value in self.changed().items():
            if name == "without":
                words += [f"--no-{part}" for part in value]
            elif name == "channels":
                words += [*SPECS[name].arguments(value[0]), *OUT_CHANNELS.arguments(value[1])]
            else:
                words += SPECS[name].arguments(value)
        return tuple(words)

    def changed(self) -> dict[str, Any]:
        """Return what differs from its default and changes what is drawn, by name."""
        values = {one.name: (getattr(self, one.name), one.default) for one in fields(self) if one.name != "max_frames"}
        return {name: value for name, (value, default) in values.items() if value != default}


def _shown(default: Any) -> str:
    if isinstance(default, tuple):
        return "x".join(map(str, default))
    return "" if default is None or default is False else str(default)


FIELDS = fields(PictureOptions)
SPECS: Mapping[str, OptionSpec] = {
    one.name: OptionSpec(one.name, **{"default": _shown(one.default), **one.metadata["spec"]})
    for one in FIELDS
    if one.name != "without"
}
"""Field → the option of the same name."""


class AnimateOptions(TypedDict, total=False):
    """The keywords of `animate` for editors and mypy: the fields of `PictureOptions` behind view and theme."""

    size: tuple[int, int]
    scale: int
    numbers: bool | None
    groups: int
    channel: int
    channels: tuple[int, int] | None
    seed: int
    step: float
    pace: Pace
    hold: float
    motion: Motion
    frames: int | None
    max_frames: int
    title: str | None
    math: bool
    without: Sequence[PartName]
    font: str | None
    transparent: bool
