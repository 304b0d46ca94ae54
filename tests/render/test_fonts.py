"""Fonts: a file is registered once, and caches are bounded."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from matplotlib.font_manager import fontManager

from convviz.render import fonts


def test_a_font_file_is_registered_once() -> None:
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", "STIXGeneral.ttf")
    family = fonts.find_family(str(path))
    count = len(fontManager.ttflist)
    assert fonts.find_family(str(path)) == family == "STIXGeneral"
    assert len(fontManager.ttflist) == count


def test_caches_are_bounded() -> None:
    for cached in (fonts.font_properties, fonts.measure):
        assert cached.cache_info().maxsize
