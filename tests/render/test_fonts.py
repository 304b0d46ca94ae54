"""Fonts: a file is registered once, other fonts fill gaps, and caches are bounded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest
from matplotlib import font_manager

from convviz import Conv, PictureError, animate
from convviz.render import font_files, fonts

BUNDLED = Path(matplotlib.get_data_path(), "fonts", "ttf")
ALEF, JOINER = "\u05d0", "\u200d"


def test_a_font_file_is_registered_once() -> None:
    path = BUNDLED / "STIXGeneral.ttf"
    family = font_files.find_family(str(path))
    count = len(font_files.fontManager.ttflist)
    assert font_files.find_family(str(path)) == family == "STIXGeneral"
    assert len(font_files.fontManager.ttflist) == count


@pytest.mark.parametrize("suffix", [".ttc", ".otc", ".TTF"])
def test_each_suffix_of_fonts_is_taken(suffix: str, tmp_path: Path) -> None:
    copy = tmp_path / f"copy{suffix}"
    copy.write_bytes((BUNDLED / "STIXGeneral.ttf").read_bytes())
    assert font_files.find_family(str(copy)) == "STIXGeneral"


def test_matplotlib_gets_the_path_as_a_string(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to matplotlib 3.10 a font is opened by `str` alone."""
    opened: list[object] = []
    monkeypatch.setattr(font_files, "FT2Font", lambda path: opened.append(path) or SimpleNamespace(family_name="cmr10"))
    font_files.find_family(str(BUNDLED / "cmr10.ttf"))
    assert [type(path) for path in opened] == [str]


def test_a_part_of_a_name_is_enough_to_find_similar_fonts() -> None:
    with pytest.raises(PictureError, match="did you mean STIXSizeFiveSym"):
        font_files.find_family("sizefive")


def test_characters_come_from_the_family_then_dejavu_then_an_installed_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Computer Modern has no Hebrew, which DejaVu has; DejaVu has no ⌒ in its oblique face, which upright STIX has."""
    assert font_files.split_fonts(f"ab {ALEF}c", "sans@cmr10") == (
        ("ab ", "sans@cmr10"),
        (ALEF, "sans"),
        ("c", "sans@cmr10"),
    )
    arc = "\u2312"
    monkeypatch.setattr(font_files, "_ranked", lambda _: ["cmr10", "STIXGeneral"])
    font_files.fallback_families.cache_clear()
    font_files.split_fonts.cache_clear()
    assert font_files.split_fonts(f"x{arc}{JOINER}", "oblique") == (
        ("x", "oblique"),
        (arc, "sans@STIXGeneral"),
    )
    font_files.fallback_families.cache_clear()
    font_files.split_fonts.cache_clear()


def test_text_that_no_font_has_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font_files, "fallback_families", lambda _: ())
    with pytest.warns(UserWarning, match=r"no installed font has \U00010400 \(U\+10400\), .*--font"):
        animate(Conv(3, 2), title="a \U00010400")


def test_right_to_left_text_is_shaped_or_a_warning_says_that_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """From matplotlib 3.11 on, which has `FontPath`, text is shaped."""
    assert hasattr(font_manager, "FontPath") == font_files.SHAPES_TEXT
    monkeypatch.setattr("convviz.animation.themes.SHAPES_TEXT", False)
    with pytest.warns(UserWarning, match=r"right-to-left .*3\.11"):
        animate(Conv(3, 2), title=ALEF)


def test_a_backend_that_is_not_installed_does_not_matter() -> None:
    code = "import convviz.render.fonts, matplotlib, os; print(os.environ['MPLBACKEND'], matplotlib.get_backend())"
    for backend, used in (("module://nonsense.inline", ""), ("svg", "svg")):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "MPLBACKEND": backend},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.startswith(f"{backend} {used}"), run.stderr


def test_caches_are_bounded() -> None:
    cached = (fonts.measure, font_files.font_file, font_files.split_fonts, font_files.has_glyph)
    assert all(one.cache_info().maxsize for one in cached)
