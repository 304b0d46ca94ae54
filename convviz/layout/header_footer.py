"""The header and the footer of a picture."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.layout.boxes import CAPITALS, Box, PlacedText
from convviz.layout.scene_layout import Tab
from convviz.layout.typography import TooSmallError, Typography, above, below
from convviz.scene.model import Badge, LegendEntry, Scene


@dataclass(frozen=True, slots=True)
class Header:
    """Title, sizes and parameters."""

    texts: tuple[PlacedText, ...]
    badges: tuple[tuple[Box, Badge], ...]
    tabs: tuple[Tab, ...]
    bottom: int


@dataclass(frozen=True, slots=True)
class Footer:
    """The step's line, legend, formulas, counter and progress bar."""

    texts: tuple[PlacedText, ...]
    legend: tuple[tuple[Box, LegendEntry], ...]
    caption: Box | None
    caption_px: int
    caption_length: int
    counter: Box | None
    counter_px: int
    progress: Box | None
    top: int
    """Where the room for the stage ends."""


def header(scene: Scene, type: Typography) -> Header:
    """Title left, sizes right (below the title where the picture is narrow), badges in as many lines as they need."""
    if "header" in scene.without:
        tabs = _tabs(scene.tabs, type, type.scaled(26)) if scene.tabs else ()
        return Header((), (), tabs, max([0, *(tab.bold.box.bottom for tab in tabs)]))
    px = type.fitting(scene.title, "title", type.room)
    title = type.text(scene.title, "title", type.margin, type.scaled(30) + above(px), px=px)
    sizes_px = type.fitting(scene.sizes, "sizes", type.room)
    width = type.wide(scene.sizes, "sizes", sizes_px)
    if title.width + type.scaled(32) + width <= type.room:
        x, baseline = type.width - type.margin - width, title.baseline - type.scaled(3)
    else:
        x, baseline = type.margin, title.box.bottom + type.scaled(6) + above(sizes_px)
    sizes = type.text(scene.sizes, "sizes", x, baseline, px=sizes_px)
    top = max(title.box.bottom, sizes.box.bottom) + type.scaled(18)
    labels, badges, bottom = _badges(scene, type, top)
    tabs = _tabs(scene.tabs, type, bottom + type.scaled(26)) if scene.tabs else ()
    return Header((title, sizes, *labels), badges, tabs, max([bottom, *(tab.bold.box.bottom for tab in tabs)]))


def _tabs(names: tuple[str, ...], type: Typography, top: int) -> tuple[Tab, ...]:
    """Headings in slots of equal width: a bar, and the name below it. Raises `TooSmallError`."""
    slot, thick, space = type.room // len(names), max(2, type.scaled(4)), type.scaled(16)
    px = min(type.fitting(name, "present tab", slot - space) for name in names)
    tabs = []
    for index, name in enumerate(names):
        x = type.margin + index * slot
        baseline = top + thick + type.scaled(8) + above(px)
        plain, bold = (type.text(name, style, x, baseline, px=px) for style in ("tab", "present tab"))
        tabs.append(Tab(Box(x, top, slot - space, thick), plain, bold))
    return tuple(tabs)


def _badges(
    scene: Scene, type: Typography, top: int
) -> tuple[tuple[PlacedText, ...], tuple[tuple[Box, Badge], ...], int]:
    """Texts and boxes of the badges, and where they end."""
    px = type.px("badge")
    pad, gap, height = round(px * 0.8), round(px * 0.6), round(px * 1.9)
    widths = [type.wide(badge.text, "badge") + 2 * pad for badge in scene.badges]
    placed: list[tuple[Box, Badge]] = []
    labels: list[PlacedText] = []
    for row in type.flow(widths, gap):
        x = type.margin
        for index in row:
            badge, box = scene.badges[index], Box(x, top, widths[index], height)
            placed.append((box, badge))
            labels.append(type.text(badge.text, "badge", x + pad, middle(box, px), ink=badge.role))
            x = box.right + gap
        top += height + gap
    return tuple(labels), tuple(placed), top - gap


def footer(scene: Scene, type: Typography) -> Footer:
    """From the bottom up: progress bar, formulas with the counter, legend, the step's line."""
    thickness = max(3, type.scaled(5))
    bar = None if "bar" in scene.without else Box(0, type.height - thickness, type.width, thickness)
    bottom = type.height - max(type.scaled(24), thickness + 4)
    counter = None if "counter" in scene.without else _counter(scene, type, bottom)
    right = counter.x - type.scaled(24) if counter else type.width - type.margin
    formulas = [] if "formulas" in scene.without else _formulas(scene, type, bottom, right)
    over = min([bottom, *(text.box.y - type.scaled(12) for text in formulas)])
    legend, names, top = ((), [], over) if "legend" in scene.without else _legend(scene, type, over)
    if counter:
        top = min(top, counter.y)
    px, length = _line_size(scene, type)
    caption = None
    if "caption" not in scene.without:
        baseline = top - type.scaled(14) - below(px)
        caption = Box(type.margin, baseline - above(px), type.room, above(px) + below(px))
        top = caption.y
    return Footer((*formulas, *names), legend, caption, px, length, counter, type.px("counter"), bar, top)


def _counter(scene: Scene, type: Typography, bottom: int) -> Box:
    px = type.px("counter")
    width = type.wide(f"{scene.steps} / {scene.steps}", "counter")
    height = above(px) + below(px)
    return Box(type.width - type.margin - width, bottom - height, width, height)


def _formulas(scene: Scene, type: Typography, bottom: int, right: int) -> list[PlacedText]:
    px = type.px("formula")
    placed = []
    for formula in reversed(scene.formulas):
        fits = (text for text in formula.variants() if type.margin + type.wide(text, "formula") <= right)
        text = next(fits, None)
        if text is None:
            raise TooSmallError("the formula")
        placed.append(type.text(text, "formula", type.margin, bottom - below(px)))
        bottom = placed[-1].box.y - type.scaled(3)
    return placed


def _legend(
    scene: Scene, type: Typography, bottom: int
) -> tuple[tuple[tuple[Box, LegendEntry], ...], list[PlacedText], int]:
    px = type.px("legend")
    side, near, gap = round(px * 1.15), round(px * 0.7), round(px * 2)
    widths = [side + near + type.wide(entry.text, "legend") for entry in scene.legend]
    entries, names = [], []
    lines = type.flow(widths, gap)
    height = max(side, above(px) + below(px)) + type.scaled(4)
    top = bottom - height * len(lines)
    for number, row in enumerate(lines):
        x = type.margin
        for index in row:
            box = Box(x, top + number * height + (height - side) // 2, side, side)
            entries.append((box, scene.legend[index]))
            names.append(type.text(scene.legend[index].text, "legend", box.right + near, middle(box, px)))
            x += widths[index] + gap
    return tuple(entries), names, top


def _line_size(scene: Scene, type: Typography) -> tuple[int, int]:
    """Size and length of the step's line: the largest size at which every step can be said."""
    for px in range(type.px("caption"), type.least - 1, -1):
        length = type.room // type.wide("0", "caption", px)
        if all(len(frame.caption.fitted(length)) <= length for frame in scene.frames):
            return px, length
    raise TooSmallError("the line of the step")


def middle(box: Box, px: int) -> int:
    """The baseline that centres digits and capitals in `box`."""
    return box.y + round((box.h + CAPITALS * px) / 2)
