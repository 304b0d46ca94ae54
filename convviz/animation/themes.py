"""From a theme option to themes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from convviz.animation.options import PictureOptions
from convviz.render.fonts import find_family
from convviz.style.theme import DARK, LIGHT, Theme, find_theme


def resolve_themes(options: PictureOptions) -> tuple[tuple[Theme, ...], tuple[str, ...]]:
    """Return the theme of the picture followed by those that a page may switch to, and warnings of weak contrasts.

    Raises `PictureError` for unknown themes and fonts.
    """
    themes, warnings = _themes(options.theme)
    if options.font is not None:
        family = find_family(options.font)
        themes = tuple(replace(theme, font=family) for theme in themes)
    return themes, warnings


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
