"""Text primitives: a line of text, and a number that hides the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from matplotlib.backend_bases import RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from convviz.layout.boxes import CAPITALS, Box
from convviz.render.font_files import drawable
from convviz.render.fonts import font_properties, is_mono, measure, split_faces
from convviz.render.math_title import TEX, math_outline
from convviz.render.primitives import Colours, Primitive, flip_y, graphics_context
from convviz.render.rectangles import fill_boxes


@dataclass(frozen=True, slots=True)
class TextRun(Primitive):
    """A line of text whose left edge and baseline are whole pixels."""

    text: str
    face: str
    px: int
    x: int
    baseline: int
    colour: str
    backgrounds: Colours
    """The colour behind the text, and that of its hatching, if any."""

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        context = graphics_context(renderer, self.colour)
        baseline = self.baseline + dy if renderer.flipy() else flip_y(renderer, self.baseline + dy)
        for x, text, face in self.segments():
            if face == TEX:
                vertices, codes = math_outline(text, self.px)
                place = Affine2D().translate(x + dx, flip_y(renderer, self.baseline + dy))
                context.set_linewidth(0)
                context.set_snap(False)
                renderer.draw_path(context, Path(vertices, codes), place, context.get_rgb())
                continue
            renderer.draw_text(context, x + dx, baseline, drawable(text, face), font_properties(face, self.px), 0)
        context.restore()

    @property
    def box(self) -> Box:
        """The pixels that the text may touch."""
        return self.part_box(0, self.text)

    def parts(self) -> Sequence[str]:
        """Return what can be replaced separately: each character in a monospaced face, else the whole text."""
        return self.text if is_mono(self.face) else [self.text]

    def part_box(self, index: int, text: str) -> Box:
        """Return the pixels of a part; in a proportional face the last glyph may extend beyond its advance."""
        slack = 0 if is_mono(self.face) else 3
        x = self.x + index * measure("0", self.face, self.px)
        return Box(x, self.baseline - self.px, measure(text, self.face, self.px) + slack, round(self.px * 1.3))

    def segments(self) -> Iterator[tuple[int, str, str]]:
        """Yield left edge, text and face of what is drawn in one call: single characters in a monospaced face."""
        x = self.x
        parts = [(c, self.face) for c in self.text] if is_mono(self.face) else split_faces(self.text, self.face)
        for text, face in parts:
            if text != " ":
                yield x, text, face
            x += measure(text, face, self.px)

    def blends(self) -> Iterator[Colours]:
        for background in self.backgrounds:
            yield background, self.colour


@dataclass(frozen=True, slots=True)
class BackedText(Primitive):
    """A number on a small rectangle of its background colour, which hides the lines behind it; or another text."""

    text_run: TextRun
    is_number: bool = True
    """Whether the text has nothing but digits, sign and comma, or letters and signs as high."""

    @property
    def box(self) -> Box:
        """The rectangle around the text."""
        run = self.text_run
        if not self.is_number:
            return run.box.grown(1)
        top = run.baseline - ceil(CAPITALS * run.px)
        width = measure(run.text, run.face, run.px)
        return Box(run.x, top, width, run.baseline - top + ceil(run.px / 8)).grown(1)

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        fill_boxes(renderer, [self.box], self.text_run.backgrounds[0], dx, dy)
        self.text_run.paint(renderer, dx, dy)

    def blends(self) -> Iterator[Colours]:
        return self.text_run.blends()
