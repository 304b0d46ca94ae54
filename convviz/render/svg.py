"""Items as SVG: a few elements each, and text as text, placed where matplotlib would place it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from html import escape

from convviz.layout.boxes import Box
from convviz.raster import FileMetadata
from convviz.render.fonts import is_mono, measure
from convviz.render.paths import Points, Polygon, Stroke
from convviz.render.primitives import Dashes, Fill, Hatch, Outline, Patch, Pill, Primitive, Shifted, TextRun

SANS, MONO = "'DejaVu Sans', Verdana, sans-serif", "'DejaVu Sans Mono', Menlo, Consolas, monospace"
"""Where DejaVu is missing, fonts of about the same widths."""


def svg(items: Iterable[Primitive], size: tuple[int, int], label: FileMetadata) -> str:
    """A picture of `size` pixels as a file of its own, with title, description and how it was made."""
    width, height = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [
            f'{head} role="img" font-family="{SANS}" xml:space="preserve">',
            f"<title>{escape(label.title)}</title><desc>{escape(label.alt)}</desc>",
            f'<metadata id="convviz">{escape(label.origin)}</metadata>',
            *(element(item) for item in items),
            "</svg>\n",
        ]
    )


@singledispatch
def element(item: Primitive) -> str:
    """One item; every kind has its own way below."""
    raise TypeError(f"{type(item).__name__} has no SVG")


@element.register
def _(item: Fill) -> str:
    return _rect(item.box, f'fill="{item.colour}"')


@element.register
def _(item: Outline) -> str:
    box, width = item.box, item.width
    inside = f'x="{box.x + width / 2:g}" y="{box.y + width / 2:g}" width="{box.w - width}" height="{box.h - width}"'
    return f'<rect {inside} fill="none" stroke="{item.colour}" stroke-width="{width}"/>'


@element.register
def _(item: Dashes) -> str:
    bars = "".join(f"M{bar.x} {bar.y}h{bar.w}v{bar.h}h{-bar.w}z" for bar in item.bars())
    return f'<path d="{bars}" fill="{item.colour}"/>'


@element.register
def _(item: Hatch) -> str:
    box, lines = item.box, []
    for start in range(-box.h, box.w, item.step):
        left, right = max(0, start), min(box.w, start + box.h)
        if left < right:
            lines.append(f"M{box.x + left} {box.bottom - left + start}L{box.x + right} {box.bottom - right + start}")
    return f'<path d="{"".join(lines)}" stroke="{item.colour}" stroke-width="{item.width:g}"/>'


@element.register
def _(item: Pill) -> str:
    return _rect(item.box, f'rx="{item.radius}" fill="{item.colour}"')


@element.register
def _(item: TextRun) -> str:
    if is_mono(item.face):
        pitch = measure("0", item.face, item.px)
        places = " ".join(str(item.x + index * pitch) for index in range(len(item.text)))
        return _text(item, places, item.text, item.face)
    return "".join(_run(item, x, text, face) for x, text, face in item.runs())


def _run(item: TextRun, x: int, text: str, face: str) -> str:
    """A part of a text, as wide as with the font that it was measured with; blanks at its ends would be dropped."""
    start = x + measure(" " * (len(text) - len(text.lstrip())), face, item.px)
    shown = text.strip()
    return _text(item, str(start), shown, face, f' textLength="{measure(shown, face, item.px)}"')


@element.register
def _(item: Patch) -> str:
    return _rect(item.box, f'fill="{item.words.grounds[0]}"') + element(item.words)


@element.register
def _(item: Stroke) -> str:
    dashes = f' stroke-dasharray="{item.dashes[0]:g} {item.dashes[1]:g}"' if item.dashes else ""
    shape = "".join(_line(line, item.closed) for line in item.lines)
    return f'<path d="{shape}" fill="none" stroke="{item.colour}" stroke-width="{item.width:g}"{dashes}/>'


@element.register
def _(item: Polygon) -> str:
    return f'<path d="{_line(item.corners, True)}" fill="{item.colour}"/>'


@element.register
def _(item: Shifted) -> str:
    inner = "".join(element(one) for one in item.items)
    return f'<g transform="translate({item.dx} {item.dy})">{inner}</g>'


def _rect(box: Box, look: str) -> str:
    return f'<rect x="{box.x}" y="{box.y}" width="{box.w}" height="{box.h}" {look}/>'


def _text(item: TextRun, x: str, text: str, face: str, length: str = "") -> str:
    look = f'{_font(face)}font-size="{item.px}" fill="{item.ink}"'
    return f'<text x="{x}" y="{item.baseline}" {look}{length}>{escape(text)}</text>'


def _font(face: str) -> str:
    """What differs from the picture's own font."""
    base, _, family = face.partition("@")
    own = f"font-family=\"'{escape(family)}', {SANS}\" " if family else ""
    said = f'font-family="{MONO}" ' if is_mono(face) else own
    said += 'font-weight="bold" ' if base.endswith("bold") else ""
    return said + ('font-style="italic" ' if base == "oblique" else "")


def _line(points: Points, closed: bool) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("z" if closed else "")
