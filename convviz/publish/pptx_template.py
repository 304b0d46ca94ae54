"""Your own PowerPoint file as the template of a deck: its size, fonts, colours and background, without its slides."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from convviz.errors import ExportError
from convviz.publish.pptx_slide import EMU, Area, Places


def open_template(library: Any, path: Path) -> Any:
    """Return the presentation at `path` without its slides. Raises `ExportError` if it cannot be read."""
    if not path.is_file():
        raise ExportError(f"the template {path} does not exist")
    try:
        presentation = library.Presentation(str(path))
    except (library.exc.PythonPptxError, BadZipFile, KeyError, ValueError, OSError) as error:
        raise ExportError(f"cannot read the template {path}: {error}; give a .pptx file") from None
    element = presentation.element
    for slide in [] if element.sldIdLst is None else list(element.sldIdLst):
        presentation.part.drop_rel(slide.rId)
        element.sldIdLst.remove(slide)
    for extension in element.findall("{*}extLst"):
        element.remove(extension)  # whose sections list the slides
    return presentation


def title_layout(presentation: Any, path: Path) -> Any:
    """Return the layout with a title and the fewest other placeholders. Raises `ExportError` if none has a title."""
    layouts = [layout for layout in presentation.slide_layouts if _title_of(layout) is not None]
    if not layouts:
        raise ExportError(f"the template {path} has no layout with a title; add one in the slide master")
    return min(layouts, key=lambda layout: len(layout.placeholders))


def template_places(presentation: Any, layout: Any) -> Places:
    """Return where picture and caption go: below the title of a layout, above its lower margin."""
    width, height = presentation.slide_width / EMU, presentation.slide_height / EMU
    title = _title_of(layout)
    bottom = 0.15 * height
    if title.top is not None and title.top + title.height < presentation.slide_height / 2:
        bottom = (title.top + title.height) / EMU
    top, low = bottom + 0.02 * height, 0.9 * height
    margin = 0.05 * width
    return Places(
        None,
        Area(margin, top, width - 2 * margin, low - top),
        Area(margin, low + 0.01 * height, width - 2 * margin, 0.06 * height),
    )


def _title_of(layout: Any) -> Any:
    """Return the placeholder of the title of a layout, or None; its number is always 0."""
    return next((shape for shape in layout.placeholders if shape.placeholder_format.idx == 0), None)
