"""The font file of a face, and installed fonts for characters that it lacks.

A face is `bold`, or `bold@Lato` in another family. Files are named to matplotlib, which then looks up nothing itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib
from matplotlib import font_manager as process_fonts
from matplotlib.ft2font import FT2Font

from convviz.errors import PictureError
from convviz.errors.printable import shown
from convviz.render.hermetic import font_manager
from convviz.style.theme import FONT_SUFFIXES

BUNDLED = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "oblique": "DejaVuSans-Oblique.ttf",
    "mono": "DejaVuSansMono.ttf",
    "mono-bold": "DejaVuSansMono-Bold.ttf",
}
"""Face → font file that comes with matplotlib, so that pictures look alike on every machine."""
PREFERRED = {
    "JP": ("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAexGothic", "IPAPGothic"),
    "KR": ("Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic"),
    "SC": ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", "SimHei"),
}
"""Language → families whose shapes of Chinese characters are its own."""
INVISIBLE = ("Cf", "Cc")
"""Unicode categories of characters that change others and are not drawn themselves, such as joiners."""
SHAPES_TEXT = hasattr(font_manager, "FontPath")
"""Whether this matplotlib, 3.11 or newer, joins letters and orders text from right to left."""
fontManager = font_manager.fontManager  # noqa: N816
_registering = Lock()


@lru_cache(maxsize=256)
def font_file(face: str) -> str:
    """Return the font file of a face: in its family the nearest weight and style, else DejaVu."""
    base, _, family = face.partition("@")
    weight, style = (700 if base == "bold" else 400), ("italic" if base == "oblique" else "normal")
    entries = [entry for entry in fontManager.ttflist if entry.name == family] if family else []
    if not entries:
        return str(Path(matplotlib.get_data_path(), "fonts", "ttf", BUNDLED[base]))

    def distance(entry: Any) -> tuple[float, str]:
        return fontManager.score_style(style, entry.style) + fontManager.score_weight(weight, entry.weight), entry.fname

    return _file_of(min(entries, key=distance))


def _file_of(entry: Any) -> str:
    """Return the file of an entry of matplotlib's list, with the number of the face in a collection if it has one."""
    index = getattr(entry, "index", 0)  # from matplotlib 3.11 on
    return font_manager.FontPath(entry.fname, index) if index else str(entry.fname)


@lru_cache(maxsize=1 << 13)
def has_glyph(file: str, character: str) -> bool:
    """Return whether a font file can draw a character."""
    return bool(font_manager.get_font(file).get_char_index(ord(character)))


@lru_cache(maxsize=1 << 12)
def split_fonts(text: str, face: str) -> tuple[tuple[str, str], ...]:
    """Split `text` into parts with a face each that has their characters: this one, DejaVu, or an installed font.

    Characters that no font has stay in `face`. Joiners that a font lacks are left out.
    """
    if all(has_glyph(font_file(face), character) for character in text):
        return ((text, face),)
    base = face.partition("@")[0]
    families = fallback_families(missing_in(text, face))
    faces = [face, base, *(f"{style}@{family}" for family in families for style in (base, "sans"))]
    parts: list[tuple[str, str]] = []
    for character in text:
        before = parts[-1][1] if parts else face
        chosen = before
        if character != " " and not _belongs_to_previous(character):
            chosen = next((one for one in faces if has_glyph(font_file(one), character)), face)
        elif _is_invisible(character) and not has_glyph(font_file(before), character):
            continue
        if parts and chosen == before:
            parts[-1] = (parts[-1][0] + character, chosen)
        else:
            parts.append((character, chosen))
    return tuple(parts)


def drawable(text: str, face: str) -> str:
    """Return `text` with a box for each character that the font of a face lacks: matplotlib would print warnings."""
    file = font_file(face)
    if all(has_glyph(file, character) for character in text):
        return text
    box = next(one for one in "□?" if has_glyph(file, one) or one == "?")
    return "".join(one if has_glyph(file, one) else box for one in text)


def missing_in(text: str, face: str) -> frozenset[str]:
    """Return the visible characters that neither a face nor DejaVu has."""
    files = [font_file(one) for one in dict.fromkeys([face, face.partition("@")[0]])]
    return frozenset(one for one in text if not _is_invisible(one) and not any(has_glyph(file, one) for file in files))


def without_font(text: str, face: str) -> str:
    """Return the characters of `text` that no font has, each once, in their order."""
    found = dict.fromkeys(character for part, one in split_fonts(text, face) for character in part if one == face)
    return "".join(one for one in found if one in missing_in(text, face))


def reads_right_to_left(text: str) -> bool:
    """Return whether `text` has letters that are read from right to left, such as Arabic and Hebrew ones."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _belongs_to_previous(character: str) -> bool:
    return bool(unicodedata.combining(character)) or unicodedata.category(character) in ("Mn", "Me", *INVISIBLE)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in INVISIBLE or "\ufe00" <= character <= "\ufe0f"


@lru_cache(maxsize=256)
def fallback_families(characters: frozenset[str]) -> tuple[str, ...]:
    """Return as few installed families as have all of these characters, or most of them; preferred ones first."""
    left, families = {one for one in characters if unicodedata.category(one) != "Co"}, []
    _add_new_fonts()
    ranked = _ranked(characters) if left else []
    while left:
        most: tuple[int, str] = (0, "")
        for family in ranked:
            file = font_file(f"sans@{family}")
            found = sum(_can_draw(file, character) for character in left)
            most = (found, family) if found > most[0] else most
            if found == len(left):
                break
        if not most[0]:
            break
        families.append(most[1])
        left = {one for one in left if not _can_draw(font_file(f"sans@{most[1]}"), one)}
    return tuple(families)


def _can_draw(file: str, character: str) -> bool:
    try:
        return has_glyph(file, character)
    except (OSError, RuntimeError):  # a file that is gone or damaged
        return False


def _ranked(characters: Iterable[str]) -> list[str]:
    """List the installed families: those of the language of the characters, then proportional sans-serif ones."""
    preferred = PREFERRED[_language(characters)]
    names = {entry.name for entry in fontManager.ttflist if not entry.name.startswith("Last Resort")}

    def rank(name: str) -> tuple[int, bool, str]:
        plain = any(word in name for word in ("Mono", "Serif", "Mincho", "Ming", "Song", "Coding"))
        return preferred.index(name) if name in preferred else len(preferred), plain, name

    return sorted(names, key=rank)


def _language(characters: Iterable[str]) -> str:
    """Return JP if there is kana, KR if there is hangul, else SC."""
    names = [unicodedata.name(character, "") for character in characters]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "JP"
    return "KR" if any(name.startswith("HANGUL") for name in names) else "SC"


def find_family(name: str) -> str:
    """Return the family of an installed font or of a font file.

    Raises `PictureError`, with similar names, if there is none.
    """
    if Path(name).suffix.lower() in FONT_SUFFIXES:
        return _register_file(Path(name))
    family = _installed_families().get(name.lower())
    if family is None:
        _add_new_fonts()
        families = _installed_families()
        family = families.get(name.lower())
    if family is None:
        parts = sorted(one for key, one in families.items() if name.lower() in key)
        similar = parts[:3] or get_close_matches(name, families.values(), n=3, cutoff=0.5)
        suffixes = f"{', '.join(FONT_SUFFIXES[:-1])} or {FONT_SUFFIXES[-1]}"
        advice = f"did you mean {' or '.join(similar)}?" if similar else f"give the path of a {suffixes} file"
        raise PictureError(f"there is no font {shown(name)} on this machine; {advice}")
    return family


def _installed_families() -> dict[str, str]:
    return {entry.name.lower(): entry.name for entry in fontManager.ttflist}


@lru_cache(maxsize=1)
def _add_new_fonts() -> None:
    """Add fonts that were installed after matplotlib last listed them, or that this process has registered with it."""
    with _registering:
        known = {entry.fname for entry in fontManager.ttflist}
        registered = {entry.fname for entry in process_fonts.fontManager.ttflist}
        for file in sorted({*font_manager.findSystemFonts(), *registered} - known):
            with suppress(OSError, RuntimeError, NotImplementedError, ValueError, KeyError):
                fontManager.addfont(file)
    font_file.cache_clear()


def _register_file(path: Path) -> str:
    """Return the family of a font file, the first of a collection, which matplotlib's font list then holds.

    A file is registered once.
    """
    try:
        family = str(FT2Font(str(path)).family_name)
        with _registering:
            if not any(entry.fname == str(path) and entry.name == family for entry in fontManager.ttflist):
                fontManager.addfont(str(path))
    except (OSError, RuntimeError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"the font {path} cannot be read: {reason}") from None
    font_file.cache_clear()
    return family
