"""A+B, two views in one picture: what is said is true of both, and the caption is that of the frame that is seen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.claims.readers import alt, legend
from tests.claims.reading import About, NotUnderstoodError, holds, same

SHORT = {"x": "input", "y": "output", "weight": "kernel"}
"""Names that two views have for the same cells."""


def check(both: Any, one: About, other: About) -> None:
    """Check the texts of a picture of two scenes, each of which is true on its own."""
    for part in ("title", "badges", "formulas"):
        same(part, getattr(both, part), getattr(one.scene, part))
    same("sizes", set(both.sizes.split("   ")), {one.scene.sizes, other.scene.sizes})
    same("tabs", both.tabs, one.scene.tabs or other.scene.tabs)
    check_legend(both.legend, one, other)
    check_frames(both, one.scene, other.scene)


def check_legend(entries: Any, one: About, other: About) -> None:
    """Check that colours and names are there once, and that a name is true of each view that shows the colour."""
    for names in ([(entry.role, entry.faded) for entry in entries], [entry.text for entry in entries]):
        same("each is there once", len(names), len(set(names)))
    for about in (one, other):
        for entry in about.scene.legend:
            found = [one.text for one in entries if (one.role, one.faded) == (entry.role, entry.faded)]
            if not found:
                holds(f"{entry.text!r} is the name of another colour", entry.text in [one.text for one in entries])
            for text in found:
                check_name(text, entry, about)
    for entry in entries:
        for text in parts(entry.text):
            own = {name for about in (one, other) for each in about.scene.legend for name in names_of(each)}
            holds(f"{text!r} is in one of the views", text in own or text == "this step")


def parts(text: str) -> list[str]:
    return text.split(", or ")


def names_of(entry: Any) -> set[str]:
    return {entry.text, SHORT.get(entry.text, entry.text)}


def check_name(text: str, entry: Any, about: About) -> None:
    """Check that a name of a colour holds in a view; a window is at least that of the step."""
    if entry.role == "window" and text == "this step":
        holds("windows are marked", any(mark.role == "window" for frame in about.scene.frames for mark in frame.marks))
        return
    wide = {f"{name}, and what is sent back" for name in names_of(entry)}
    own = [name for name in parts(text) if name in names_of(entry) or name in wide]
    holds(f"{text!r} is what {about.view} calls {entry.text!r}", bool(own))
    if not entry.faded and entry.text in own:
        legend.check_entry(entry.role, entry.text, entry.faded, about)


def check_frames(both: Any, one: Any, other: Any) -> None:
    """Check that a frame has the caption and the marks of one frame of each scene, and that they are in step."""
    shift = len(one.panels)
    at = [0, 0]
    for number, frame in enumerate(both.frames):
        marks: tuple[list[Any], list[Any]] = ([], [])
        for mark in frame.marks:
            second = mark.panel >= shift
            marks[second].append((mark.panel - shift * second, mark.rows, mark.cols, mark.role))
        for which, scene in enumerate((one, other)):
            numbers: Iterable[int] = range(at[which], len(scene.frames))
            if len(scene.frames) == len(both.frames):
                numbers = [number]
            elif number == len(both.frames) - 1:
                numbers = [len(scene.frames) - 1]
            at[which] = frame_with(scene, numbers, marks[which], None if which else frame.caption)


def frame_with(scene: Any, numbers: Iterable[int], marks: list[Any], caption: Any) -> int:
    """Return the first of these frames with these marks, and this caption."""
    for number in numbers:
        frame = scene.frames[number]
        own = [(mark.panel, mark.rows, mark.cols, mark.role) for mark in frame.marks]
        if own == marks and caption in (None, frame.caption):
            return number
    raise NotUnderstoodError("the view has no such frame here, with these marks and this caption")


def check_alt(text: str, both: Any, one: About, other: About) -> None:
    """Check an alt text: the operation, a sentence for each view, and the captions of the first view."""
    found = re.fullmatch(rf"(?P<start>(?:Animation in|Step) .+?)\. (?P<middle>(?:.+\. )?){alt.ENDS}", text)
    if not found:
        raise NotUnderstoodError(f"no reader understands the alt text {text!r}")
    alt.reader.read(found["start"], About(one.model, view=f"{one.view}+{other.view}", scene=both))
    said = re.findall(r"(.+?)\. ", found["middle"])
    own = [alone(about) for about in (one, other)]
    shared = said[: len(said) - sum(map(len, own))]
    same("sentences on the views", said[len(shared) :], own[0] + own[1])
    for sentence in shared:
        alt.reader.read(sentence, one)
    for about, sentences in zip((one, other), own, strict=True):
        for sentence in sentences:
            alt.reader.read(sentence, about)
    for caption, number in ((found["first"], 0), (found["last"], -1), (found["here"], 0)):
        if caption:
            line = one.scene.frames[number].caption.fitted(120)
            same("caption", caption.lower(), line.lower())


def alone(about: About) -> list[str]:
    """Return what the view says of the layer where it is the only one."""
    from tests.claims import sayings

    return sayings.description(about.view, about.plain)
