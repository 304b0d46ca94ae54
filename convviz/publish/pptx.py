"""A PowerPoint file with one animation a slide: title, movie with its poster, caption, alt text, speaker notes.

Slides are 16:9 in the colours of their picture's theme. The movie starts by itself, plays until the slide is left, and
pauses on a click. What the slide says already, title or sizes, is left out of the picture's own header. The same
recipes give the same bytes: every date in the file is the same constant, and nobody's name stands in it.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from convviz.errors import ExportError
from convviz.files.atomic import atomic_write, checked_path
from convviz.publish.pptx_timing import TIMING
from convviz.recipes.recipe import Recipe
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.animation.animate import Animation

SUFFIX = ".pptx"
EPOCH = datetime(1980, 1, 1)
"""The earliest date that a zip archive can say."""
EMU = 914_400
"""Office's unit of length: so many to the inch."""
STORED = (".gif", ".mp4", ".png", ".jpeg")
"""Compressed already."""
TITLE_ONLY = 5
"""Place of the layout with nothing but a title in python-pptx's template."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a slide, in inches."""

    x: float
    y: float
    w: float
    h: float

    def inside(self, size: tuple[int, int]) -> Area:
        """The largest rectangle with the proportions of `size`, in the middle."""
        scale = min(self.w / size[0], self.h / size[1])
        w, h = size[0] * scale, size[1] * scale
        return Area(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in Office's unit."""
        return round(self.x * EMU), round(self.y * EMU), round(self.w * EMU), round(self.h * EMU)


SLIDE = Area(0, 0, 40 / 3, 7.5)
TITLE = Area(1.7, 0.25, SLIDE.w - 3.4, 0.55)
PICTURE = Area(0.5, 0.8, SLIDE.w - 1, 6.05)
CAPTION = Area(1.7, 6.93, SLIDE.w - 3.4, 0.45)
"""Words begin where those of a wide picture do."""


def write(
    recipes: Sequence[Recipe],
    path: str | os.PathLike[str],
    *,
    gif: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Write the deck and return its path; the file appears when it is complete, an older one stays until then.

    `gif` puts GIFs in the place of movies, for Google Slides and Keynote; `progress` is called with the number of
    slides done. Raises `ExportError`, also without python-pptx.
    """
    target = Path(path)
    _check(recipes, target, gif)
    presentation = _presentation(recipes[0].title)
    with atomic_write(target) as partial, TemporaryDirectory() as folder:
        for done, recipe in enumerate(recipes, start=1):
            _add_slide(presentation, recipe, Path(folder), gif)
            if progress:
                progress(done)
        partial.write_bytes(_steady(presentation))
    return target


def _check(recipes: Sequence[Recipe], target: Path, gif: bool) -> None:
    """Refuse what cannot end well before anything is drawn."""
    if target.suffix.lower() != SUFFIX and not target.is_dir():
        raise ExportError(f"cannot write a deck to {target.name!r}; its name must end in {SUFFIX}")
    checked_path(target)
    if not recipes:
        raise ExportError("a deck needs at least one slide, but there is no recipe")
    problems = [] if gif else [f"{one.where}: [{one.name}] {said}" for one in recipes for said in _no_movie(one)]
    if problems:
        raise ExportError("\n".join(problems))
    _pptx()


def _no_movie(recipe: Recipe) -> Iterator[str]:
    """Why a recipe cannot become a movie."""
    from convviz.animation.animate import SIZE

    width, height = recipe.options.get("size", SIZE)
    if recipe.options.get("scale", 1) % 2 and (width % 2 or height % 2):
        even = f"{width + width % 2}x{height + height % 2}"
        yield f'a movie needs an even width and height, not {width}x{height}; use size = "{even}", or --gif'
    if recipe.options.get("transparent"):
        yield "a movie cannot be transparent; leave that out, or use --gif"


def _pptx() -> Any:
    """python-pptx, which comes with an extra."""
    try:
        import pptx
    except ImportError:
        raise ExportError("a deck needs python-pptx, which is not installed; pip install 'convviz[pptx]'") from None
    return pptx


def _presentation(title: str) -> Any:
    """An empty presentation of wide slides, without what python-pptx's template knows of its maker."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RELATED

    presentation = _pptx().Presentation()
    wider = SLIDE.w * EMU / presentation.slide_width
    presentation.slide_width, presentation.slide_height = SLIDE.emu[2:]
    presentation.element.sldSz.attrib.pop("type", None)  # which says 4:3
    for page in (presentation.slide_master, *presentation.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.xfrm is not None:
                shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    title_box = presentation.slide_layouts[TITLE_ONLY].placeholders[0]
    title_box.left, title_box.top, title_box.width, title_box.height = TITLE.emu
    for part in (presentation.part, presentation.part.package):
        for key, relation in list(part._rels.items()):
            if relation.reltype in (RELATED.PRINTER_SETTINGS, RELATED.THUMBNAIL, RELATED.EXTENDED_PROPERTIES):
                part._rels.pop(key)
    about = presentation.core_properties
    about.title, about.author, about.last_modified_by, about.comments = title[:255], "", "", ""
    about.keywords = f"convviz {__version__}"
    about.created, about.modified, about.revision = EPOCH, EPOCH, 1
    return presentation


def _add_slide(presentation: Any, recipe: Recipe, folder: Path, gif: bool) -> None:
    """Title, picture and caption, in the order in which they are read out; and the notes."""
    whole = _laid_out(recipe)
    theme = whole.picture.theme
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _rgb(theme.background)
    _say(slide.shapes.title, recipe.title, TITLE, 30, theme.text, bold=True)
    animation = _without(whole, (recipe.title, recipe.caption))
    area = PICTURE.inside(animation.picture.sheet.size)
    shown = _add_gif(slide, animation, folder, area) if gif else _add_movie(slide, animation, recipe, folder, area)
    shown.name = recipe.name
    shown.element.nvPicPr.cNvPr.set("descr", whole.alt_text)
    shown.element.nvPicPr.cNvPr.set("title", whole.origin.command)
    if recipe.caption:
        caption = slide.shapes.add_textbox(*CAPTION.emu)
        caption.name = "Caption"
        _say(caption, recipe.caption, CAPTION, 16, theme.muted)
    if recipe.notes:
        slide.notes_slide.notes_text_frame.text = recipe.notes


def _laid_out(recipe: Recipe) -> Animation:
    """The animation; what there is to warn of was said when the recipes were read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return recipe.animate()


def _without(animation: Animation, said: Sequence[str]) -> Animation:
    """The animation without those lines of its header that the slide says itself."""
    picture = animation.picture
    texts = tuple(text for text in picture.sheet.texts if text.style not in ("title", "sizes") or text.text not in said)
    return replace(animation, picture=replace(picture, sheet=replace(picture.sheet, texts=texts)))


def _add_movie(slide: Any, animation: Animation, recipe: Recipe, folder: Path, area: Area) -> Any:
    """The MP4 with its most telling frame as the poster; it starts by itself and repeats."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    movie = animation.save(folder / "movie.mp4").read_bytes()
    poster = animation.save(folder / "poster.png", frame=recipe.frame).read_bytes()
    shape = slide.shapes.add_movie(BytesIO(movie), *area.emu, BytesIO(poster), "video/mp4")
    timing = TIMING.format(namespaces=nsdecls("p"), shape=shape.shape_id, lasts=round(animation.seconds * 1000))
    slide.element.replace(slide.element.find(qn("p:timing")), parse_xml(timing))
    return shape


def _add_gif(slide: Any, animation: Animation, folder: Path, area: Area) -> Any:
    """The GIF, which plays on its own."""
    return slide.shapes.add_picture(BytesIO(animation.save(folder / "picture.gif").read_bytes()), *area.emu)


def _say(shape: Any, text: str, area: Area, points: int, ink: str, *, bold: bool = False) -> None:
    """Put `text` into `shape`, on the left and in the middle, as large as it fits, at most at `points`."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.text, frame.word_wrap, frame.vertical_anchor = text, True, MSO_ANCHOR.MIDDLE
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(fitting(text, area, points)), bold, _rgb(ink)


def fitting(text: str, area: Area, points: int) -> int:
    """The largest size, from `points` down to 10, at which `text` fits into `area`: a letter is 0.55 of it wide."""
    for size in range(points, 10, -1):
        across = int(area.w * 72 / (0.55 * size))
        lines = sum(-(-max(1, len(line)) // across) for line in text.split("\n"))
        if lines * size * 1.2 <= area.h * 72:
            return size
    return 10


def _rgb(colour: str) -> Any:
    from pptx.dml import color

    library: Any = color  # which has no annotations
    return library.RGBColor(*bytes.fromhex(colour[1:]))


def _steady(presentation: Any) -> bytes:
    """The file, with one date for everything in it."""
    drawn, steady = BytesIO(), BytesIO()
    presentation.save(drawn)
    with ZipFile(drawn) as source, ZipFile(steady, "w") as target:
        for name in source.namelist():
            info = ZipInfo(name)  # dated to the first day that zip knows, which is EPOCH
            info.create_system = 0  # the same wherever it is written
            info.compress_type = ZIP_STORED if name.endswith(STORED) else ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return steady.getvalue()
