"""Primitives at any angle: antialiased lines and polygons, and sharp polygons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import Any

from matplotlib.backend_bases import RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from convviz.layout.boxes import Box
from convviz.layout.oblique_grid import Point
from convviz.render.primitives import Colours, Primitive, canvas_height, graphics_context

Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Stroke(Primitive):
    """Thin antialiased lines through points, blended into what is below; closed lines join their ends."""

    lines: tuple[Points, ...]
    colour: str
    width: float
    backgrounds: Colours
    """The colours that may be below."""
    closed: bool = False
    dashes: tuple[float, float] | None = None
    """Length of a dash and of the gap after it, in pixels."""

    @property
    def box(self) -> Box:
        """The pixels that the lines may touch."""
        xs, ys = ([point[axis] for line in self.lines for point in line] for axis in (0, 1))
        x, y = floor(min(xs)), floor(min(ys))
        return Box(x, y, ceil(max(xs)) - x, ceil(max(ys)) - y).grown(2 + ceil(self.width))

    def crosses(self, box: Box) -> bool:
        """Return whether a line comes within a pixel of `box`."""
        near = box.grown(1 + ceil(self.width / 2))
        return any(_intersects(start, end, near) for line in self.lines for start, end in pairwise(line))

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = graphics_context(renderer, self.colour)
        context.set_linewidth(self.width)
        context.set_joinstyle("miter")
        if self.dashes:
            context.set_dashes(0, self.dashes)
        renderer.draw_path(context, _path(renderer, self.lines, self.closed, dx, dy), Affine2D())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        for background in self.backgrounds:
            yield background, self.colour


@dataclass(frozen=True, slots=True)
class Polygon(Primitive):
    """A filled antialiased polygon on a background of one colour."""

    corners: Points
    colour: str
    background: str

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = graphics_context(renderer, self.colour)
        context.set_linewidth(0)
        renderer.draw_path(context, _path(renderer, [self.corners], True, dx, dy), Affine2D(), context.get_rgb())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield self.background, self.colour


@dataclass(frozen=True, slots=True)
class SharpPolygon(Primitive):
    """A filled polygon whose corners are on whole pixels, without antialiasing."""

    corners: Points
    colour: str

    @property
    def box(self) -> Box:
        """The pixels that it may cover."""
        xs, ys = zip(*self.corners, strict=True)
        x, y = floor(min(xs)), floor(min(ys))
        return Box(x, y, ceil(max(xs)) - x, ceil(max(ys)) - y)

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = graphics_context(renderer, self.colour)
        context.set_linewidth(0)
        context.set_antialiased(False)
        renderer.draw_path(context, _path(renderer, [self.corners], True, dx, dy), Affine2D(), context.get_rgb())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield (self.colour,)


def _intersects(start: Point, end: Point, box: Box) -> bool:
    """Return whether a segment has a point in `box`: Liang–Barsky line clipping."""
    first, last = 0.0, 1.0
    for a, b, low, high in zip(start, end, (box.x, box.y), (box.right, box.bottom), strict=True):
        if a == b:
            if not low <= a <= high:
                return False
            continue
        shares = sorted(((low - a) / (b - a), (high - a) / (b - a)))
        first, last = max(first, shares[0]), min(last, shares[1])
    return first <= last


def _path(renderer: RendererBase, lines: Iterable[Points], closed: bool, dx: int, dy: int) -> Path:
    """Return one matplotlib path of all lines, translated."""
    height = canvas_height(renderer)
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for line in lines:
        vertices += [(x + dx, height - y - dy) for x, y in line]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(line) - 1)]
        if closed:
            vertices.append(vertices[-len(line)])
            codes.append(Path.CLOSEPOLY)
    return Path(vertices, codes)
