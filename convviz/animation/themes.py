"""From a theme option to themes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from convviz.animation.options import PictureOptions
from convviz.render.font_files import SHAPES_TEXT, find_family, reads_right_to_left, without_font
from convviz.render.fonts import face_of_family
from convviz.render.math_title import check_math
from convviz.style.theme import DARK, LIGHT, TEXT_STYLES, Theme, find_theme
from convviz.text.math_text import split_math


def resolve_themes(options: PictureOptions) -> tuple[tuple[Theme, ...], tuple[str, ...]]:
    """Return the theme of the picture followed by those that a page may switch to, and warnings.

    Warnings concern weak contrasts and letters that cannot be drawn. Raises `PictureError` for an unknown
    theme or font, and for mathematics in the title that cannot be drawn.
    """
    themes, warnings = _themes(options.theme)
    if options.font is not None:
        family = find_family(options.font)
        themes = tuple(replace(theme, font=family) for theme in themes)
    title = options.title or ""
    if options.math:
        check_math(title)
        title = "".join(part for part, is_math in split_math(title) if not is_math)
    return themes, (*warnings, *_font_warnings(title, themes[0].font))


def _font_warnings(title: str, family: str) -> Iterator[str]:
    """Yield warnings of characters that no font has, and of text that this matplotlib cannot shape."""
    missing = without_font(title, face_of_family(TEXT_STYLES["title"].face, family))
    if missing:
        listed = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:4])
        more = " and others" if len(missing) > 4 else ""
        yield f"no installed font has {listed}{more}, drawn as a box; name a font that has it with --font"
    if reads_right_to_left(title) and not SHAPES_TEXT:
        yield "this matplotlib draws right-to-left text reversed and unjoined; use matplotlib 3.11 or newer"


def _themes(theme: str | os.PathLike[str] | Theme | None) -> tuple[tuple[Theme, ...], tuple[str, ...]]:
    if theme is None:
        return (LIGHT, DARK), ()
    if isinstance(theme, Theme):
        return (theme,), ()
    if Path(theme).suffix != ".toml":
        return (find_theme(os.fspath(theme)),), ()
    from convviz.style.theme_file import read_theme

    own, weak_contrasts = read_theme(Path(theme))
    return (own,), tuple(weak_contrasts)
