"""Primitives as SVG: a few elements each, and text as text, placed where matplotlib places it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from html import escape

from convviz.errors.printable import UNSTORABLE
from convviz.layout.boxes import Box
from convviz.raster import FileMetadata
from convviz.render.fonts import is_mono, measure
from convviz.render.inked_text import InkedLine
from convviz.render.math_title import TEX, svg_path
from convviz.render.paths import Points, Polygon, SharpPolygon, Stroke
from convviz.render.primitives import Primitive, Translated
from convviz.render.rectangles import DashedOutline, Fill, Hatch, Outline, RoundedRectangle
from convviz.render.text_run import BackedText, TextRun
from convviz.style.colours import is_clear

SANS, MONO = "'DejaVu Sans', Verdana, sans-serif", "'DejaVu Sans Mono', Menlo, Consolas, monospace"
"""Font families; if DejaVu is missing, fonts of about the same widths are used."""


def svg_document(primitives: Iterable[Primitive], size: tuple[int, int], metadata: FileMetadata) -> str:
    """Return a complete SVG file of `size` pixels, with its metadata."""
    width, height = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [
            f'{head} role="img" font-family="{SANS}" xml:space="preserve">',
            f"<title>{_xml(metadata.title)}</title><desc>{_xml(metadata.alt_text)}</desc>",
            f'<metadata id="convviz">{_xml(metadata.provenance)}</metadata>',
            *filter(None, map(svg_element, primitives)),
            "</svg>\n",
        ]
    )


@singledispatch
def svg_element(primitive: Primitive) -> str:
    """Return the SVG of one primitive; each subclass is registered below."""
    raise TypeError(f"{type(primitive).__name__} has no SVG")


@svg_element.register
def _(fill: Fill) -> str:
    return "" if is_clear(fill.colour) else _rect(fill.box, f'fill="{fill.colour}"')


@svg_element.register
def _(outline: Outline) -> str:
    box, width = outline.box, outline.width
    inside = f'x="{box.x + width / 2:g}" y="{box.y + width / 2:g}" width="{box.w - width}" height="{box.h - width}"'
    return f'<rect {inside} fill="none" stroke="{outline.colour}" stroke-width="{width}"/>'


@svg_element.register
def _(outline: DashedOutline) -> str:
    bars = "".join(f"M{bar.x} {bar.y}h{bar.w}v{bar.h}h{-bar.w}z" for bar in outline.bars())
    return f'<path d="{bars}" fill="{outline.colour}"/>'


@svg_element.register
def _(hatch: Hatch) -> str:
    box, lines = hatch.box, []
    for start in range(-box.h, box.w, hatch.step):
        left, right = max(0, start), min(box.w, start + box.h)
        if left < right:
            lines.append(f"M{box.x + left} {box.bottom - left + start}L{box.x + right} {box.bottom - right + start}")
    return f'<path d="{"".join(lines)}" stroke="{hatch.colour}" stroke-width="{hatch.width:g}"/>'


@svg_element.register
def _(rectangle: RoundedRectangle) -> str:
    return _rect(rectangle.box, f'rx="{rectangle.radius}" fill="{rectangle.colour}"')


@svg_element.register
def _(run: TextRun) -> str:
    if is_mono(run.face):
        return _text(run, _lefts(run), run.text, run.face)
    return "".join(_segment(run, x, text, face) for x, text, face in run.segments())


@svg_element.register
def _(line: InkedLine) -> str:
    """Return one text, so that it is read and copied in one piece; its parts have their inks and weights."""
    parts = "".join(f"<tspan {_look(run)}>{_xml(run.text)}</tspan>" for run in line.runs)
    around = "".join(f'<text y="{run.baseline}" {_font("mono")}font-size="{run.px}">' for run in line.runs[:1])
    return f"{around}{parts}</text>{svg_element(line.outline) if line.outline else ''}" if parts else ""


def _look(run: TextRun) -> str:
    weight = ' font-weight="bold"' if run.face.endswith("bold") else ""
    return f'x="{_lefts(run)}" fill="{run.colour}"{weight}'


def _lefts(run: TextRun) -> str:
    """Return the left edge of each character in a monospaced face."""
    pitch = measure("0", run.face, run.px)
    return " ".join(str(run.x + index * pitch) for index in range(len(run.text)))


def _segment(run: TextRun, x: int, text: str, face: str) -> str:
    """Return a segment, as wide as in the measured font; SVG drops blanks at its ends, so `x` skips them."""
    if face == TEX:
        return f'<path d="{svg_path(text, run.px, x, run.baseline)}" fill="{run.colour}"/>'
    start = x + measure(" " * (len(text) - len(text.lstrip())), face, run.px)
    visible = text.strip()
    return _text(run, str(start), visible, face, f' textLength="{measure(visible, face, run.px)}"')


@svg_element.register
def _(number: BackedText) -> str:
    return _rect(number.box, f'fill="{number.text_run.backgrounds[0]}"') + svg_element(number.text_run)


@svg_element.register
def _(stroke: Stroke) -> str:
    dashes = f' stroke-dasharray="{stroke.dashes[0]:g} {stroke.dashes[1]:g}"' if stroke.dashes else ""
    shape = "".join(_line(line, stroke.closed) for line in stroke.lines)
    return f'<path d="{shape}" fill="none" stroke="{stroke.colour}" stroke-width="{stroke.width:g}"{dashes}/>'


@svg_element.register
def _(polygon: Polygon | SharpPolygon) -> str:
    return f'<path d="{_line(polygon.corners, True)}" fill="{polygon.colour}"/>'


@svg_element.register
def _(group: Translated) -> str:
    inner = "".join(svg_element(primitive) for primitive in group.primitives)
    return f'<g transform="translate({group.dx} {group.dy})">{inner}</g>'


def _xml(text: str) -> str:
    """Escape text; characters that XML cannot hold become U+FFFD."""
    return escape(UNSTORABLE.sub("\ufffd", text))


def _rect(box: Box, attributes: str) -> str:
    return f'<rect x="{box.x}" y="{box.y}" width="{box.w}" height="{box.h}" {attributes}/>'


def _text(run: TextRun, x: str, text: str, face: str, length: str = "") -> str:
    attributes = f'{_font(face)}font-size="{run.px}" fill="{run.colour}"'
    return f'<text x="{x}" y="{run.baseline}" {attributes}{length}>{_xml(text)}</text>'


def _font(face: str) -> str:
    """Return the font attributes that differ from those of the document."""
    base, _, family = face.partition("@")
    attributes = f"font-family=\"'{_xml(family)}', {SANS}\" " if family else ""
    attributes = f'font-family="{MONO}" ' if is_mono(face) else attributes
    attributes += 'font-weight="bold" ' if base.endswith("bold") else ""
    return attributes + ('font-style="italic" ' if base == "oblique" else "")


def _line(points: Points, closed: bool) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("z" if closed else "")
