"""Each `Literal` of choices equals the table that it names."""

from __future__ import annotations

from typing import get_args

from convviz.export.formats import EXPORTERS, FormatName
from convviz.style.theme import THEMES, ThemeName
from convviz.views.registry import STACKS, VIEWS, ViewName


def test_themes() -> None:
    assert get_args(ThemeName) == tuple(THEMES)


def test_views() -> None:
    assert set(get_args(ViewName)) == VIEWS.keys() | STACKS.keys()


def test_formats() -> None:
    assert [f".{name}" for name in get_args(FormatName)] == [suffix for suffix in EXPORTERS if suffix != "/"]
