"""The base class of everything that is drawn with matplotlib, in whole pixels, and helpers for its subclasses.

Each primitive is opaque and names the colours it leaves, so that one palette can hold a whole animation. Subclasses:
`rectangles`, `text_run`, `paths`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.backend_bases import GraphicsContextBase, RendererBase

Colours = tuple[str, ...]


class Primitive(ABC):
    """A shape or text to draw."""

    @abstractmethod
    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        """Draw on a matplotlib renderer, translated by whole pixels, which leaves the pixel values unchanged."""

    @abstractmethod
    def blends(self) -> Iterator[Colours]:
        """Yield the resulting colours: one alone, or two whose mixtures occur at antialiased edges."""


@dataclass(frozen=True, slots=True)
class Translated(Primitive):
    """A group of primitives, translated by whole pixels."""

    primitives: tuple[Primitive, ...]
    dx: int
    dy: int

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        for primitive in self.primitives:
            primitive.paint(renderer, self.dx + dx, self.dy + dy)

    def blends(self) -> Iterator[Colours]:
        for primitive in self.primitives:
            yield from primitive.blends()


def graphics_context(renderer: RendererBase, colour: str) -> GraphicsContextBase:
    """Return a matplotlib graphics context that draws in `colour`; the caller must `restore` it."""
    context = renderer.new_gc()
    context.set_foreground(colour)
    return context


def canvas_height(renderer: RendererBase) -> int:
    """Return the height of the canvas in pixels."""
    return int(renderer.get_canvas_width_height()[1])


def flip_y(renderer: RendererBase, y: int) -> int:
    """Convert y measured from the top edge to matplotlib's y, measured from the bottom edge."""
    return canvas_height(renderer) - y
