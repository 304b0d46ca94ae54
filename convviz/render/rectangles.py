"""Rectangular primitives: filled, outlined, dashed, hatched and with round corners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.backend_bases import RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from convviz.layout.boxes import Box
from convviz.render.primitives import Colours, Primitive, flip_y, graphics_context
from convviz.style.colours import is_clear


@dataclass(frozen=True, slots=True)
class Fill(Primitive):
    """A filled rectangle with sharp edges."""

    box: Box
    colour: str

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        fill_boxes(renderer, [self.box], self.colour, dx, dy)

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


@dataclass(frozen=True, slots=True)
class Outline(Primitive):
    """A rectangular outline with sharp edges, `width` pixels inwards from `box`."""

    box: Box
    colour: str
    width: int

    def bars(self) -> list[Box]:
        """Return the top, bottom, left and right sides."""
        box, width = self.box, self.width
        return [
            Box(box.x, box.y, box.w, width),
            Box(box.x, box.bottom - width, box.w, width),
            Box(box.x, box.y + width, width, box.h - 2 * width),
            Box(box.right - width, box.y + width, width, box.h - 2 * width),
        ]

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        fill_boxes(renderer, self.bars(), self.colour, dx, dy)

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


@dataclass(frozen=True, slots=True)
class DashedOutline(Primitive):
    """A dashed rectangular outline with sharp edges and a dash at each corner."""

    box: Box
    colour: str
    width: int

    def bars(self) -> list[Box]:
        """Return the boxes of all dashes."""
        box, width = self.box, self.width
        bars = []
        for start, length in _dashes(box.w, width):
            bars += [Box(box.x + start, y, length, width) for y in (box.y, box.bottom - width)]
        for start, length in _dashes(box.h, width):
            bars += [Box(x, box.y + start, width, length) for x in (box.x, box.right - width)]
        return bars

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        fill_boxes(renderer, self.bars(), self.colour, dx, dy)

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


@dataclass(frozen=True, slots=True)
class Hatch(Primitive):
    """Rising diagonal lines, `step` pixels apart, on a background of one colour."""

    box: Box
    colour: str
    background: str
    step: int

    @property
    def width(self) -> float:
        """Line width in pixels."""
        return max(1.0, self.step / 7)

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        box = self.box
        context = graphics_context(renderer, self.colour)
        context.set_linewidth(self.width)
        context.set_clip_rectangle(Bbox.from_bounds(box.x + dx, flip_y(renderer, box.bottom + dy), box.w, box.h))
        for start in range(-box.h, box.w, self.step):
            ends = [(box.x + start, box.bottom), (box.x + start + box.h, box.y)]
            points = [(x + dx, flip_y(renderer, y + dy)) for x, y in ends]
            renderer.draw_path(context, Path(points), Affine2D())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield self.background, self.colour


@dataclass(frozen=True, slots=True)
class RoundedRectangle(Primitive):
    """A filled rectangle with round corners on a background of one colour."""

    box: Box
    colour: str
    background: str
    radius: int

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        box, radius = self.box, self.radius
        context = graphics_context(renderer, self.colour)
        context.set_linewidth(0)
        x, y = box.x + dx, flip_y(renderer, box.bottom + dy)
        renderer.draw_path(context, _rounded_path(x, y, box.w, box.h, radius), Affine2D(), context.get_rgb())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield self.background, self.colour


def fill_boxes(renderer: RendererBase, boxes: Sequence[Box], colour: str, dx: int, dy: int) -> None:
    """Fill exactly the pixels of `boxes`, without antialiasing; a clear colour leaves them as they are."""
    if is_clear(colour):
        return
    context = graphics_context(renderer, colour)
    context.set_linewidth(0)
    context.set_antialiased(False)
    context.set_snap(False)
    vertices: list[tuple[float, float]] = []
    codes = []
    for box in boxes:
        left, right = box.x + dx, box.right + dx
        low, high = flip_y(renderer, box.bottom + dy), flip_y(renderer, box.y + dy)
        vertices += [(left, low), (right, low), (right, high), (left, high), (left, low)]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    renderer.draw_path(context, Path(vertices, codes), Affine2D(), context.get_rgb())
    context.restore()


def _dashes(length: int, width: int) -> list[tuple[int, int]]:
    """Return start and length of each dash along a side, including one at each end."""
    count = max(2, round((length + 3 * width) / (7 * width)))
    space = 3 * width
    while count > 2 and length - (count - 1) * space < count * width:
        count -= 1
    dash = (length - (count - 1) * space) / count
    if dash < 1:
        return [(0, length)]
    edges = [(round(index * (dash + space)), round(index * (dash + space) + dash)) for index in range(count)]
    return [(start, end - start) for start, end in edges]


def _rounded_path(x: int, y: int, w: int, h: int, radius: int) -> Path:
    """Return a rectangle whose corners are quarter circles (Bézier approximation: 0.5523 of the radius)."""
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
