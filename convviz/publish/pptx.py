"""PowerPoint files with one animation per slide, from recipes.

Slides are 16:9 in the colours of the theme. The movie starts by itself, repeats until the next slide, and pauses on a
click. Title and sizes are left out of the picture's header when the slide has them. The same recipes give the same
bytes: every date in the file is one constant, and no author is recorded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from convviz.animation.options import PictureOptions
from convviz.errors import ExportError
from convviz.export.overwrite import check_overwrite
from convviz.files.atomic import atomic_write, checked_path
from convviz.files.partial import clean_up
from convviz.files.temporary import temporary_folder
from convviz.publish.pptx_slide import EMU, SLIDE, TITLE, TITLE_ONLY, Places, add_slide
from convviz.publish.pptx_template import open_template, template_places, title_layout
from convviz.recipes.fields import named_files
from convviz.recipes.recipe import Recipe
from convviz.version import __version__

SUFFIX = ".pptx"
EPOCH = datetime(1980, 1, 1)
"""The earliest date of a zip archive."""
COMPRESSED = (".gif", ".mp4", ".png", ".jpeg")
"""Suffixes of files that the archive stores as they are."""


def write(
    recipes: Sequence[Recipe],
    path: str | os.PathLike[str],
    *,
    gif: bool = False,
    template: Path | None = None,
    force: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Write the presentation and return its path; an older file is replaced when the new one is complete.

    `gif` inserts GIFs instead of movies, for Google Slides and Keynote; `template` is a presentation whose slide master
    is used; `progress` is called with the number of finished slides. Without `force`, a file that convviz did not
    write, or that was edited since, stays. Raises `ExportError`, also if python-pptx is not installed.
    """
    target = Path(path)
    _check(recipes, target, gif)
    check_overwrite(target, [*_sources(recipes), *filter(None, [template])], force=force)
    clean_up(target.absolute().parent)
    if template:
        presentation = open_template(_import_pptx(), template)
        layout = title_layout(presentation, template)
        places = template_places(presentation, layout)
    else:
        presentation, places = _empty_presentation(), Places()
        layout = presentation.slide_layouts[TITLE_ONLY]
    _set_properties(presentation, recipes[0].title)
    with atomic_write(target) as partial, temporary_folder() as folder:
        for done, recipe in enumerate(recipes, start=1):
            add_slide(presentation, layout, places, recipe, folder, gif=gif)
            if progress:
                progress(done)
        partial.write_bytes(_reproducible_bytes(presentation))
    return target


def _sources(recipes: Sequence[Recipe]) -> Iterator[Path]:
    """Yield the files that the slides are made from."""
    for recipe in recipes:
        yield recipe.path
        yield from (recipe.path.parent / name for name in named_files(recipe.options).values())


def _check(recipes: Sequence[Recipe], target: Path, gif: bool) -> None:
    """Raise `ExportError` for everything that is known to fail before drawing."""
    if target.suffix.lower() != SUFFIX and not target.is_dir():
        raise ExportError(f"cannot write a presentation to {target.name!r}; its name must end in {SUFFIX}")
    checked_path(target)
    if not recipes:
        raise ExportError("a presentation needs at least one slide, but there is no recipe")
    if not gif:
        problems = [f"{one.where}: [{one.name}] {text}" for one in recipes for text in _movie_problems(one)]
        if problems:
            raise ExportError("\n".join(problems))
    _import_pptx()


def _movie_problems(recipe: Recipe) -> Iterator[str]:
    """Yield the reasons why a recipe cannot become a movie."""
    width, height = recipe.options.get("size", PictureOptions.size)
    if recipe.options.get("scale", 1) % 2 and (width % 2 or height % 2):
        even = f"{width + width % 2}x{height + height % 2}"
        yield f'a movie needs an even width and height, not {width}x{height}; use size = "{even}", or --gif'
    if recipe.options.get("transparent"):
        yield "a movie cannot be transparent; leave transparent out, or use --gif"


def _import_pptx() -> Any:
    """Return the module of python-pptx, an optional dependency."""
    try:
        import pptx
    except ImportError:
        raise ExportError("PowerPoint files need python-pptx, which is missing; pip install python-pptx") from None
    return pptx


def _empty_presentation() -> Any:
    """Return a presentation without slides, in 16:9, without the metadata of python-pptx's template."""
    presentation = _import_pptx().Presentation()
    wider = SLIDE.w * EMU / presentation.slide_width
    presentation.slide_width, presentation.slide_height = SLIDE.emu[2:]
    presentation.element.sldSz.attrib.pop("type", None)  # which says 4:3
    for page in (presentation.slide_master, *presentation.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.xfrm is not None:
                shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    title_box = presentation.slide_layouts[TITLE_ONLY].placeholders[0]
    title_box.left, title_box.top, title_box.width, title_box.height = TITLE.emu
    _drop_template_metadata(presentation)
    return presentation


def _set_properties(presentation: Any, title: str) -> None:
    """Set title, version and dates."""
    about = presentation.core_properties
    about.title, about.author, about.last_modified_by, about.comments = title[:255], "", "", ""
    about.keywords = f"convviz {__version__}"
    about.created, about.modified, about.revision = EPOCH, EPOCH, 1


def _drop_template_metadata(presentation: Any) -> None:
    """Remove the printer settings, thumbnail and application properties of python-pptx's template."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part, package = presentation.part, presentation.part.package
    for relation in list(part.rels.values()):
        if relation.reltype == RELATIONSHIP_TYPE.PRINTER_SETTINGS:
            part.drop_rel(relation.rId)
    for relation in list(package.iter_rels()):
        if relation.reltype in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES):
            package.drop_rel(relation.rId)


def _reproducible_bytes(presentation: Any) -> bytes:
    """Return the file with one date for all its members."""
    saved, rewritten = BytesIO(), BytesIO()
    presentation.save(saved)
    with ZipFile(saved) as source, ZipFile(rewritten, "w") as target:
        for name in source.namelist():
            info = ZipInfo(name)  # whose date is EPOCH
            info.create_system = 0  # independent of the operating system
            info.compress_type = ZIP_STORED if name.endswith(COMPRESSED) else ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return rewritten.getvalue()
