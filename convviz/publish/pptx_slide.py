"""One slide of a PowerPoint file: title, movie or GIF, caption, speaker notes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from convviz.publish.pptx_timing import TIMING
from convviz.recipes.recipe import Recipe
from convviz.text.formatting import one_line

if TYPE_CHECKING:
    from convviz.animation.animation import Animation

EMU = 914_400
"""English Metric Units, the unit of length in Office, per inch."""
TITLE_ONLY = 5
"""Index of the layout with only a title in python-pptx's template."""
LETTER_WIDTH = 0.62
"""Average width of a bold letter, as a fraction of the font size, in the fonts that replace Calibri where it is
missing: Liberation Sans, Helvetica and others, which are a fifth wider."""
LINE_HEIGHT = 1.2
TITLE_POINTS, CAPTION_POINTS, SMALLEST_POINTS = 30, 16, 10


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a slide, in inches."""

    x: float
    y: float
    w: float
    h: float

    def fit(self, size: tuple[int, int]) -> Area:
        """Return the largest centred rectangle with the proportions of `size`."""
        scale = min(self.w / size[0], self.h / size[1])
        w, h = size[0] * scale, size[1] * scale
        return Area(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in English Metric Units."""
        return round(self.x * EMU), round(self.y * EMU), round(self.w * EMU), round(self.h * EMU)


SLIDE = Area(0, 0, 40 / 3, 7.5)
TITLE = Area(1.7, 0.25, SLIDE.w - 3.4, 0.55)
PICTURE = Area(0.5, 0.8, SLIDE.w - 1, 6.05)
CAPTION = Area(1.7, 6.93, SLIDE.w - 3.4, 0.45)
"""Aligned with the text of a wide picture."""


@dataclass(frozen=True)
class Places:
    """Where things go on a slide."""

    title: Area | None = TITLE
    """None leaves the title, and the background of the slide, to a template."""
    picture: Area = PICTURE
    caption: Area = CAPTION


def add_slide(presentation: Any, layout: Any, places: Places, recipe: Recipe, folder: Path, *, gif: bool) -> None:
    """Add the slide of `recipe`: title, picture and caption in reading order, and the notes. Files go to `folder`."""
    animation = recipe.animate()
    theme = animation.display_list.theme
    slide = presentation.slides.add_slide(layout)
    if places.title:
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _rgb(theme.background)
        _set_text(slide.shapes.title, recipe.title, places.title, TITLE_POINTS, theme.text, bold=True)
    else:
        slide.shapes.title.text_frame.text = recipe.title
        for shape in [one for one in slide.placeholders if one.placeholder_format.idx]:
            shape.element.getparent().remove(shape.element)
    shown = without_header_texts(animation, {recipe.title, recipe.caption})
    area = places.picture.fit(shown.display_list.layout.size)
    shape = _add_gif(slide, shown, folder, area) if gif else _add_movie(slide, shown, recipe, folder, area)
    shape.name = recipe.name
    shape.element.nvPicPr.cNvPr.set("descr", animation.alt_text)
    shape.element.nvPicPr.cNvPr.set("title", one_line(recipe.title))
    _add_command(shape.element.nvPicPr.cNvPr, animation.provenance.command)
    if recipe.caption:
        caption = slide.shapes.add_textbox(*places.caption.emu)
        caption.name = "Caption"
        _set_text(caption, recipe.caption, places.caption, CAPTION_POINTS, theme.muted if places.title else None)
    if recipe.notes:
        slide.notes_slide.notes_text_frame.text = recipe.notes


def _add_command(element: Any, command: str) -> None:
    """Store the command that draws a picture where `convviz info` finds it and no program shows it."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    element.append(parse_xml(EXTENSION.format(namespaces=nsdecls("a"), command=quoteattr(command))))


EXTENSION = """<a:extLst {namespaces}><a:ext uri="{{6E9B3D52-0C1F-4C0B-9E55-C0272C0272C0}}">\
<c:provenance xmlns:c="urn:convviz" command={command}/></a:ext></a:extLst>"""


def without_header_texts(animation: Animation, texts: Collection[str]) -> Animation:
    """Return the animation without those titles and sizes in its header that are in `texts`."""
    layout = animation.display_list.layout
    scene = animation.scene
    named = (("title", scene.title), ("math title", scene.title), ("sizes", scene.sizes))
    left_out = {style for style, text in named if text in texts}
    kept = (one for one in layout.texts if one.style not in left_out)
    display_list = replace(animation.display_list, layout=replace(layout, texts=tuple(kept)))
    return replace(animation, display_list=display_list)


def _add_movie(slide: Any, animation: Animation, recipe: Recipe, folder: Path, area: Area) -> Any:
    """Add an MP4 with its poster; it starts by itself and repeats."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    movie = animation.save(folder / "movie.mp4").read_bytes()
    poster = animation.save(folder / "poster.png", frame=recipe.frame).read_bytes()
    shape = slide.shapes.add_movie(BytesIO(movie), *area.emu, BytesIO(poster), "video/mp4")
    milliseconds = round(animation.seconds * 1000)
    timing = TIMING.format(namespaces=nsdecls("p"), shape_id=shape.shape_id, milliseconds=milliseconds)
    slide.element.replace(slide.element.find(qn("p:timing")), parse_xml(timing))
    return shape


def _add_gif(slide: Any, animation: Animation, folder: Path, area: Area) -> Any:
    return slide.shapes.add_picture(BytesIO(animation.save(folder / "picture.gif").read_bytes()), *area.emu)


def _set_text(shape: Any, text: str, area: Area, points: int, color: str | None, *, bold: bool = False) -> None:
    """Set the text of `shape`, left-aligned and vertically centred, at up to `points`; None leaves the colour."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.text, frame.word_wrap, frame.vertical_anchor = text, True, MSO_ANCHOR.MIDDLE
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(largest_font_size(text, area, points)), bold
            if color:
                run.font.color.rgb = _rgb(color)


def largest_font_size(text: str, area: Area, points: int) -> int:
    """Return the largest size in points, from `points` down to 10, at which `text` fits into `area`."""
    for size in range(points, SMALLEST_POINTS, -1):
        letters_per_line = int(area.w * 72 / (LETTER_WIDTH * size))
        lines = sum(-(-max(1, len(line)) // letters_per_line) for line in text.split("\n"))
        if lines * size * LINE_HEIGHT <= area.h * 72:
            return size
    return SMALLEST_POINTS


def _rgb(color: str) -> Any:
    from pptx.dml import color as library

    untyped: Any = library
    return untyped.RGBColor(*bytes.fromhex(color[1:]))
