"""Lay out the header and the footer of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convviz.layout.boxes import Box, PlacedText, centred_baseline
from convviz.layout.legend_entries import place_legend
from convviz.layout.scene_layout import Tab
from convviz.layout.title import MOST_LINES, math_title_lines, title_lines
from convviz.layout.typography import TooSmallError, Typography, ascent, descent, line_height
from convviz.scene.model import Badge, LegendEntry, Scene
from convviz.text.lines import Equation, Run, Sentence


@dataclass(frozen=True, slots=True)
class Header:
    """Title, sizes and parameters."""

    texts: tuple[PlacedText, ...]
    badges: tuple[tuple[Box, Badge], ...]
    tabs: tuple[Tab, ...]
    bottom: int


@dataclass(frozen=True, slots=True)
class Footer:
    """Caption, legend, formulas, step counter and progress bar."""

    texts: tuple[PlacedText, ...]
    legend: tuple[tuple[Box, LegendEntry], ...]
    caption: Box | None
    caption_px: int
    caption_length: int
    caption_lead: int
    caption_x: int
    counter: Box | None
    counter_px: int
    progress: Box | None
    top: int


def header(scene: Scene, typography: Typography, title_length: int = MOST_LINES) -> Header:
    """Place the title on the left, the sizes on the right (below the title if narrow), then badges and tabs.

    The title takes up to `title_length` lines.
    """
    if "header" in scene.without:
        tabs = tab_strip(scene.tabs, typography, typography.scaled(26)) if scene.tabs else ()
        return Header((), (), tabs, max([0, *(tab.bold.box.bottom for tab in tabs)]))
    title = _title(scene, typography, title_length)
    sizes = _sizes(scene, typography, title)
    top = max(title[-1].box.bottom, sizes.box.bottom) + typography.scaled(18)
    labels, badges, bottom = _badges(scene, typography, top)
    tabs = tab_strip(scene.tabs, typography, bottom + typography.scaled(26)) if scene.tabs else ()
    return Header((*title, sizes, *labels), badges, tabs, max([bottom, *(tab.bold.box.bottom for tab in tabs)]))


def _title(scene: Scene, typography: Typography, length: int) -> list[PlacedText]:
    math = math_title_lines(scene.math_title, typography, length) if scene.math_title else None
    lines, px = math or title_lines(scene.title, typography, length)
    style = "math title" if math else "title"
    top = typography.scaled(30) + ascent(px)
    return [
        typography.text(line, style, typography.margin, top + index * line_height(px), px=px)
        for index, line in enumerate(lines)
    ]


def _sizes(scene: Scene, typography: Typography, title: Sequence[PlacedText]) -> PlacedText:
    limit = typography.content_width
    px = typography.largest_px(scene.sizes, "sizes", limit)
    width = typography.text_width(scene.sizes, "sizes", px)
    if max(line.width for line in title) + typography.scaled(32) + width <= limit:
        x, baseline = typography.width - typography.margin - width, title[0].baseline - typography.scaled(3)
    else:
        x, baseline = typography.margin, title[-1].box.bottom + typography.scaled(6) + ascent(px)
    return typography.text(scene.sizes, "sizes", x, baseline, px=px)


def tab_strip(names: tuple[str, ...], typography: Typography, top: int, slots: int = 0) -> tuple[Tab, ...]:
    """Place headings in `slots` of equal width, by default one for each: a bar, and the name below it.

    Raises `TooSmallError`.
    """
    slot = typography.content_width // (slots or len(names))
    thickness, space = max(2, typography.scaled(4)), typography.scaled(16)
    px = min(typography.largest_px(name, "present tab", slot - space) for name in names)
    baseline = top + thickness + typography.scaled(8) + ascent(px)
    tabs = []
    for index, name in enumerate(names):
        x = typography.margin + index * slot
        plain, bold = (typography.text(name, style, x, baseline, px=px) for style in ("tab", "present tab"))
        tabs.append(Tab(Box(x, top, slot - space, thickness), plain, bold))
    return tuple(tabs)


def _badges(
    scene: Scene, typography: Typography, top: int
) -> tuple[tuple[PlacedText, ...], tuple[tuple[Box, Badge], ...], int]:
    """Place the badges in as many lines as they need; return their texts, their boxes, and the bottom of the last."""
    px = typography.px("badge")
    padding, gap, height = round(px * 0.8), round(px * 0.6), round(px * 1.9)
    widths = [typography.text_width(badge.text, "badge") + 2 * padding for badge in scene.badges]
    placed: list[tuple[Box, Badge]] = []
    labels: list[PlacedText] = []
    for line in typography.wrap_boxes(widths, gap):
        x = typography.margin
        for index in line:
            badge, box = scene.badges[index], Box(x, top, widths[index], height)
            placed.append((box, badge))
            baseline = centred_baseline(box, px)
            labels.append(typography.text(badge.text, "badge", x + padding, baseline, ink=badge.role))
            x = box.right + gap
        top += height + gap
    return tuple(labels), tuple(placed), top - gap


def footer(scene: Scene, typography: Typography) -> Footer:
    """Place, from the bottom up: progress bar, formulas beside the counter, legend, caption."""
    thickness = max(3, typography.scaled(5))
    bar = None if "bar" in scene.without else Box(0, typography.height - thickness, typography.width, thickness)
    bottom = typography.height - max(typography.scaled(24), thickness + 4)
    counter = None if "counter" in scene.without else _counter(scene, typography, bottom)
    right = counter.x - typography.scaled(24) if counter else typography.width - typography.margin
    formulas = [] if "formulas" in scene.without else _formulas(scene, typography, bottom, right)
    above = min([bottom, *(text.box.y - typography.scaled(12) for text in formulas)])
    legend, names, top = ((), [], above) if "legend" in scene.without else place_legend(scene.legend, typography, above)
    if counter:
        top = min(top, counter.y)
    px, length = _caption_size(scene, typography)
    caption = None
    if "caption" not in scene.without:
        baseline = top - typography.scaled(14) - descent(px)
        top = baseline - ascent(px)
        caption = Box(typography.margin, top, typography.content_width, ascent(px) + descent(px))
    texts = (*formulas, *names)
    lead, x = _caption_start(scene, typography, px, length)
    return Footer(texts, legend, caption, px, length, lead, x, counter, typography.px("counter"), bar, top)


def _counter(scene: Scene, typography: Typography, bottom: int) -> Box:
    px = typography.px("counter")
    width = typography.text_width(f"{scene.steps} / {scene.steps}", "counter")
    height = ascent(px) + descent(px)
    return Box(typography.width - typography.margin - width, bottom - height, width, height)


def _formulas(scene: Scene, typography: Typography, bottom: int, right: int) -> list[PlacedText]:
    limit, px = right - typography.margin, typography.px("formula")
    placed = []
    for formula in reversed(scene.formulas):
        variants = formula.variants()
        text = next((text for text in variants if typography.text_width(text, "formula") <= limit), variants[-1])
        for line in reversed(typography.wrap(text, "formula", limit)):
            placed.append(typography.text(line, "formula", typography.margin, bottom - descent(px)))
            if placed[-1].width > limit:
                raise TooSmallError("the formula")
            bottom = placed[-1].box.y - typography.scaled(3)
    return placed


def _caption_size(scene: Scene, typography: Typography) -> tuple[int, int]:
    """Largest font size at which the caption of each step fits, and how many characters fit then."""
    lead = _lead(scene)
    for px in range(typography.px("caption"), typography.smallest_px - 1, -1):
        length = typography.content_width // typography.text_width("0", "caption", px)
        if all(len(aligned(frame.caption, length, lead)) <= length for frame in scene.frames):
            return px, length
    raise TooSmallError("the caption")


def _caption_start(scene: Scene, typography: Typography, px: int, length: int) -> tuple[int, int]:
    """Characters in front of the relation sign, and the left edge, with which the longest caption is centred."""
    lead = _lead(scene)
    longest = max([0, *(len(aligned(frame.caption, length, lead)) for frame in scene.frames)])
    width = typography.text_width("0" * longest, "caption", px)
    return lead, typography.margin + max(0, (typography.content_width - width) // 2)


def _lead(scene: Scene) -> int:
    return max([0, *(len(frame.caption.left) for frame in scene.frames if isinstance(frame.caption, Equation))])


def aligned(caption: Equation | Sentence, length: int, lead: int) -> str:
    """Return a caption in at most `length` characters, an equation with its relation sign after `lead` characters."""
    indent = _indent(caption, lead)
    return " " * indent + caption.fitted(length - indent)


def aligned_runs(caption: Equation | Sentence, length: int, lead: int) -> list[Run]:
    """Return the caption of `aligned` in parts with their inks."""
    indent = _indent(caption, lead)
    return [Run(" " * indent)][: min(indent, 1)] + caption.runs(length - indent)


def _indent(caption: Equation | Sentence, lead: int) -> int:
    return 0 if isinstance(caption, Sentence) else lead - len(caption.left)
