"""Small font files for many PDFs of one animation.

matplotlib embeds the used glyphs of a font in each file and reads the whole font for it, which takes most of the time;
from a font that has only the characters of the animation it takes little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from convviz.render.font_files import drawable, font_file
from convviz.render.fonts import replaced_files
from convviz.render.inked_text import InkedLine
from convviz.render.math_title import TEX
from convviz.render.primitives import Primitive, Translated
from convviz.render.text_run import BackedText, TextRun


def texts_of(primitives: Iterable[Primitive]) -> Iterator[tuple[str, str]]:
    """Yield each piece of text with its face."""
    for primitive in primitives:
        if isinstance(primitive, Translated):
            yield from texts_of(primitive.primitives)
        elif isinstance(primitive, BackedText):
            yield from texts_of([primitive.text_run])
        elif isinstance(primitive, InkedLine):
            yield from texts_of(primitive.runs)
        elif isinstance(primitive, TextRun):
            yield from ((text, face) for _, text, face in primitive.segments() if face != TEX)


def small_fonts(texts: Iterable[tuple[str, str]], folder: Path) -> Mapping[str, str]:
    """Write a small font file for each TrueType font of `texts` into `folder`; return font file → small file."""
    characters: dict[str, set[str]] = {}
    for text, face in texts:
        characters.setdefault(font_file(face), set()).update(drawable(text, face))
    files = [file for file in characters if Path(file).suffix.lower() == ".ttf"]
    return {file: _subset(file, characters[file], folder / f"{index}.ttf") for index, file in enumerate(files)}


def _subset(file: str, characters: Iterable[str], target: Path) -> str:
    """Write the font with these characters, its metrics and its names; return the path."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(name_IDs=["*"], notdef_outline=True, recommended_glyphs=True, hinting=True, layout_features=["*"])
    options.drop_tables += ["FFTM"]  # dates of FontForge
    font = load_font(file, options)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(characters))
    subsetter.subset(font)
    save_font(font, str(target), options)
    font.close()
    return str(target)


@contextmanager
def drawing_with(files: Mapping[str, str]) -> Iterator[None]:
    """Draw text with other files instead of fonts, in this thread, until the block ends."""
    token = replaced_files.set(files)
    try:
        yield
    finally:
        replaced_files.reset(token)
