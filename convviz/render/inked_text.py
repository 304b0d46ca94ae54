"""Text whose parts have the inks of their roles: the caption of a step, and formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matplotlib.backend_bases import RendererBase

from convviz.layout.boxes import Box, PlacedText
from convviz.layout.typography import ascent, descent
from convviz.render.fonts import measure
from convviz.render.primitives import Colours, Primitive
from convviz.render.rectangles import DashedOutline
from convviz.render.text_run import TextRun
from convviz.style.theme import Theme
from convviz.text.lines import UNKNOWN, Run, symbol_runs


@dataclass(frozen=True, slots=True)
class InkedLine(Primitive):
    """A line of monospaced text in several inks and weights, and the dashed box of a result that is not known yet."""

    runs: tuple[TextRun, ...]
    outline: DashedOutline | None = None

    @property
    def box(self) -> Box:
        """The pixels that the line may touch."""
        boxes = [run.box for run in self.runs] + ([self.outline.box] if self.outline else [])
        if not boxes:
            return Box(0, 0, 0, 0)
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)

    def characters(self) -> list[TextRun]:
        """Return each character at its place; blanks are equal, whatever run they are in."""
        found = []
        for run in self.runs:
            pitch = measure("0", run.face, run.px)
            for index, character in enumerate(run.text):
                face, colour = ("mono", run.backgrounds[0]) if character == " " else (run.face, run.colour)
                place = run.x + index * pitch
                found.append(TextRun(character, face, run.px, place, run.baseline, colour, run.backgrounds))
        return found

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        for part in self._parts():
            part.paint(renderer, dx, dy)

    def blends(self) -> Iterator[Colours]:
        for part in self._parts():
            yield from part.blends()

    def _parts(self) -> Iterator[Primitive]:
        yield from self.runs
        if self.outline:
            yield self.outline


def inked_line(runs: Iterable[Run], x: int, baseline: int, px: int, theme: Theme) -> InkedLine:
    """Place the runs of a caption one behind the other; the result `?` gets a dashed box, half a character wider.

    Where input and kernel have the same ink, as in the theme `print`, weights are not bold, so that they differ.
    """
    placed: list[TextRun] = []
    outline, pitch = None, measure("0", "mono", px)
    plain = {"kernel"} if theme.ink("kernel") == theme.ink("input") else set()
    for text, ink, bold in runs:
        face, colour = "mono-bold" if bold and ink not in plain else "mono", theme.ink(ink)
        placed.append(TextRun(text, face, px, x, baseline, colour, (theme.background,)))
        if text == UNKNOWN:
            box = Box(x - pitch // 2, baseline - ascent(px), pitch + 2 * (pitch // 2), ascent(px) + descent(px))
            outline = DashedOutline(box, colour, max(1, px // 13))
        x += len(text) * pitch
    return InkedLine(tuple(placed), outline)


def formula_runs(formula: PlacedText, face: str, theme: Theme) -> Iterator[TextRun]:
    """Yield a formula as texts side by side: the symbols of input, kernel and output in the inks of their badges."""
    x = formula.x
    for text, ink, _ in symbol_runs(formula.text):
        colour = theme.ink(formula.ink if ink == "text" else ink)
        yield TextRun(text, face, formula.px, x, formula.baseline, colour, (theme.background,))
        x += measure(text, face, formula.px)
