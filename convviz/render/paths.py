"""Lines and shapes with smooth edges, at any angle."""

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
from convviz.render.primitives import Colours, Primitive, context_of, height_of

Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Stroke(Primitive):
    """Thin antialiased lines through points, over whatever is there; a closed one joins its ends."""

    lines: tuple[Points, ...]
    colour: str
    width: float
    grounds: Colours
    closed: bool = False
    dashes: tuple[float, float] | None = None
    """Lengths of a dash and of the space behind it."""

    @property
    def box(self) -> Box:
        """The pixels that it may touch."""
        xs, ys = ([point[axis] for line in self.lines for point in line] for axis in (0, 1))
        x, y = floor(min(xs)), floor(min(ys))
        return Box(x, y, ceil(max(xs)) - x, ceil(max(ys)) - y).grown(2 + ceil(self.width))

    def crosses(self, box: Box) -> bool:
        """Whether a line comes within a pixel of `box`."""
        near = box.grown(1 + ceil(self.width / 2))
        return any(_meets(start, end, near) for line in self.lines for start, end in pairwise(line))

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = context_of(renderer, self.colour)
        context.set_linewidth(self.width)
        context.set_joinstyle("miter")
        if self.dashes:
            context.set_dashes(0, self.dashes)
        renderer.draw_path(context, _path(renderer, self.lines, self.closed, dx, dy), Affine2D())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        for ground in self.grounds:
            yield ground, self.colour


@dataclass(frozen=True, slots=True)
class Polygon(Primitive):
    """A filled shape with smooth edges on a ground of one colour."""

    corners: Points
    colour: str
    ground: str

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = context_of(renderer, self.colour)
        context.set_linewidth(0)
        renderer.draw_path(context, _path(renderer, [self.corners], True, dx, dy), Affine2D(), context.get_rgb())
        context.restore()

    def blends(self) -> Iterator[Colours]:
        yield self.ground, self.colour


def _meets(start: Point, end: Point, box: Box) -> bool:
    """Whether a segment has a point in `box`."""
    enters, leaves = 0.0, 1.0
    for a, b, low, high in zip(start, end, (box.x, box.y), (box.right, box.bottom), strict=True):
        if a == b:
            if not low <= a <= high:
                return False
            continue
        shares = sorted(((low - a) / (b - a), (high - a) / (b - a)))
        enters, leaves = max(enters, shares[0]), min(leaves, shares[1])
    return enters <= leaves


def _path(renderer: RendererBase, lines: Iterable[Points], closed: bool, dx: int, dy: int) -> Path:
    """Lines through points as one path of matplotlib's."""
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for line in lines:
        vertices += [(x + dx, height_of(renderer) - y - dy) for x, y in line]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(line) - 1)]
        if closed:
            vertices.append(vertices[-len(line)])
            codes.append(Path.CLOSEPOLY)
    return Path(vertices, codes)
