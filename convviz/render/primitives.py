"""What matplotlib is asked to draw: a handful of shapes in whole pixels, each of which paints itself.

Every item is opaque and names the colours it may leave behind, so that one palette can hold a whole animation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from convviz.layout.boxes import CAPITALS, Box
from convviz.render.fonts import font, is_mono, measure, pieces

Colours = tuple[str, ...]


class Primitive(ABC):
    """Something to draw. `paint` shifts it by whole pixels, which moves the same pixels elsewhere."""

    @abstractmethod
    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        """Draw on a matplotlib renderer whose canvas has y upwards."""

    @abstractmethod
    def blends(self) -> Iterator[Colours]:
        """Colours that the item leaves: one alone, or two with everything between them (antialiased edges)."""


@dataclass(frozen=True, slots=True)
class Fill(Primitive):
    """A filled rectangle with sharp edges."""

    box: Box
    colour: str

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        _fill(renderer, [self.box], self.colour, dx, dy)

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


@dataclass(frozen=True, slots=True)
class Outline(Primitive):
    """A rectangular frame with sharp edges: `width` pixels inwards from `box`."""

    box: Box
    colour: str
    width: int

    def bars(self) -> list[Box]:
        """Top, bottom, left, right."""
        box, width = self.box, self.width
        return [
            Box(box.x, box.y, box.w, width),
            Box(box.x, box.bottom - width, box.w, width),
            Box(box.x, box.y + width, width, box.h - 2 * width),
            Box(box.right - width, box.y + width, width, box.h - 2 * width),
        ]

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        _fill(renderer, self.bars(), self.colour, dx, dy)

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


@dataclass(frozen=True, slots=True)
class Dashes(Primitive):
    """A dashed rectangular outline with sharp edges, the same on all four sides, dashes at the corners."""

    box: Box
    colour: str
    width: int

    def bars(self) -> list[Box]:
        """Every dash."""
        box, width = self.box, self.width
        bars = []
        for start, length in _dashes(box.w, width):
            bars += [Box(box.x + start, y, length, width) for y in (box.y, box.bottom - width)]
        for start, length in _dashes(box.h, width):
            bars += [Box(x, box.y + start, width, length) for x in (box.x, box.right - width)]
        return bars

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        _fill(renderer, self.bars(), self.colour, dx, dy)

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


@dataclass(frozen=True, slots=True)
class Hatch(Primitive):
    """Rising diagonals every `step` pixels, over a ground of one colour."""

    box: Box
    colour: str
    ground: str
    step: int

    @property
    def width(self) -> float:
        """Of a line, in pixels."""
        return max(1.0, self.step / 7)

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        box = self.box
        context = context_of(renderer, self.colour)
        context.set_linewidth(self.width)
        context.set_clip_rectangle(Bbox.from_bounds(box.x + dx, _up(renderer, box.bottom + dy), box.w, box.h))
        for start in range(-box.h, box.w, self.step):
            ends = [(box.x + start, box.bottom), (box.x + start + box.h, box.y)]
            points = [(x + dx, _up(renderer, y + dy)) for x, y in ends]
            renderer.draw_path(context, Path(points), Affine2D())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield self.ground, self.colour


@dataclass(frozen=True, slots=True)
class Pill(Primitive):
    """A rectangle with round corners on a ground of one colour."""

    box: Box
    colour: str
    ground: str
    radius: int

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        box, radius = self.box, self.radius
        context = context_of(renderer, self.colour)
        context.set_linewidth(0)
        x, y = box.x + dx, _up(renderer, box.bottom + dy)
        renderer.draw_path(context, _round(x, y, box.w, box.h, radius), Affine2D(), context.get_rgb())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield self.ground, self.colour


@dataclass(frozen=True, slots=True)
class TextRun(Primitive):
    """A line of text: left edge and baseline in whole pixels, on a ground of one colour (or hatched with another)."""

    text: str
    face: str
    px: int
    x: int
    baseline: int
    ink: str
    grounds: Colours

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = context_of(renderer, self.ink)
        baseline = self.baseline + dy if renderer.flipy() else _up(renderer, self.baseline + dy)
        for x, text, face in self.runs():
            renderer.draw_text(context, x + dx, baseline, text, font(face, self.px), 0)
        context.restore()

    @property
    def box(self) -> Box:
        """The pixels that it may touch."""
        return self.part_box(0, self.text)

    def parts(self) -> Sequence[str]:
        """What is drawn at once: a character where the font has a fixed pitch, else the whole."""
        return self.text if is_mono(self.face) else [self.text]

    def part_box(self, place: int, text: str) -> Box:
        """The pixels of a part; a last glyph may reach beyond its advance where the pitch is not fixed."""
        slack = 0 if is_mono(self.face) else 3
        x = self.x + place * measure("0", self.face, self.px)
        return Box(x, self.baseline - self.px, measure(text, self.face, self.px) + slack, round(self.px * 1.3))

    def runs(self) -> Iterator[tuple[int, str, str]]:
        """Left edge, text and face of what is drawn at once: fixed-pitch text goes character by character."""
        x = self.x
        parts = [(c, self.face) for c in self.text] if is_mono(self.face) else pieces(self.text, self.face)
        for text, face in parts:
            if text != " ":
                yield x, text, face
            x += measure(text, face, self.px)

    def blends(self) -> Iterator[Colours]:
        for ground in self.grounds:
            yield ground, self.ink


@dataclass(frozen=True, slots=True)
class Patch(Primitive):
    """A number on a small rectangle of its ground's colour, which hides what passes behind it."""

    words: TextRun

    @property
    def box(self) -> Box:
        """Around digits, a sign and a comma."""
        words = self.words
        top = words.baseline - ceil(CAPITALS * words.px)
        wide = measure(words.text, words.face, words.px)
        return Box(words.x, top, wide, words.baseline - top + ceil(words.px / 8)).grown(1)

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        _fill(renderer, [self.box], self.words.grounds[0], dx, dy)
        self.words.paint(renderer, dx, dy)

    def blends(self) -> Iterator[Colours]:
        return self.words.blends()


@dataclass(frozen=True, slots=True)
class Shifted(Primitive):
    """A picture in a picture: items, moved by whole pixels."""

    items: tuple[Primitive, ...]
    dx: int
    dy: int

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        for item in self.items:
            item.paint(renderer, self.dx + dx, self.dy + dy)

    def blends(self) -> Iterator[Colours]:
        for item in self.items:
            yield from item.blends()


def context_of(renderer: RendererBase, colour: str) -> GraphicsContextBase:
    """A matplotlib graphics context that draws in a colour; `restore` it."""
    context = renderer.new_gc()
    context.set_foreground(colour)
    return context


def height_of(renderer: RendererBase) -> int:
    """Height of the canvas, from which matplotlib counts y."""
    return int(renderer.get_canvas_width_height()[1])


def _up(renderer: RendererBase, y: int) -> int:
    """matplotlib's y, which counts from the bottom, for ours, which counts from the top."""
    return height_of(renderer) - y


def _fill(renderer: RendererBase, boxes: Sequence[Box], colour: str, dx: int, dy: int) -> None:
    """Rectangles with sharp edges: exactly the pixels of their boxes."""
    context = context_of(renderer, colour)
    context.set_linewidth(0)
    context.set_antialiased(False)
    context.set_snap(False)
    vertices: list[tuple[float, float]] = []
    codes = []
    for box in boxes:
        left, right = box.x + dx, box.right + dx
        low, high = _up(renderer, box.bottom + dy), _up(renderer, box.y + dy)
        vertices += [(left, low), (right, low), (right, high), (left, high), (left, low)]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    renderer.draw_path(context, Path(vertices, codes), Affine2D(), context.get_rgb())
    context.restore()


def _dashes(length: int, width: int) -> list[tuple[int, int]]:
    """Start and length of dashes along a side, the first and the last at its ends."""
    count = max(2, round((length + 3 * width) / (7 * width)))
    space = 3 * width
    while count > 2 and length - (count - 1) * space < count * width:
        count -= 1
    dash = (length - (count - 1) * space) / count
    if dash < 1:
        return [(0, length)]
    edges = [(round(index * (dash + space)), round(index * (dash + space) + dash)) for index in range(count)]
    return [(start, end - start) for start, end in edges]


def _round(x: int, y: int, w: int, h: int, radius: int) -> Path:
    """A rectangle with corners of a quarter circle (Bézier approximation, 0.5523 of the radius)."""
    r, c = radius, radius * (1 - 0.5523)
    corners = [
        ((x + r, y), (x + w - r, y), (x + w - c, y), (x + w, y + c), (x + w, y + r)),
        ((x + w, y + r), (x + w, y + h - r), (x + w, y + h - c), (x + w - c, y + h), (x + w - r, y + h)),
        ((x + w - r, y + h), (x + r, y + h), (x + c, y + h), (x, y + h - c), (x, y + h - r)),
        ((x, y + h - r), (x, y + r), (x, y + c), (x + c, y), (x + r, y)),
    ]
    vertices: list[tuple[float, float]] = [corners[0][0]]
    codes = [Path.MOVETO]
    for _, side, *curve in corners:
        vertices += [side, *curve]
        codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return Path([*vertices, vertices[0]], [*codes, Path.CLOSEPOLY])
