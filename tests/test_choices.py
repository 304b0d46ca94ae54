"""Each `Literal` of choices equals the table that it names."""

from __future__ import annotations

from typing import get_args

from convviz.export.formats import EXPORTERS, FormatName
from convviz.frameworks.codegen.generate import GENERATORS
from convviz.frameworks.conventions.table import CONVENTIONS
from convviz.frameworks.names import CLASS_NAMES, TITLES, ComparedName, FrameworkName, ParsedName
from convviz.frameworks.parse.parser import MODULES
from convviz.geometry.overlap import EVENNESS, Evenness
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES, PaddingModeName, PaddingName
from convviz.layers.kinds import LAYER_KINDS, LayerKind
from convviz.layers.layer import REQUIRED
from convviz.style.theme import THEMES, ThemeName
from convviz.views.registry import STACKS, VIEWS, ViewName


def test_themes() -> None:
    assert get_args(ThemeName) == tuple(THEMES)


def test_views() -> None:
    assert set(get_args(ViewName)) == VIEWS.keys() | STACKS.keys()


def test_formats() -> None:
    assert [f".{name}" for name in get_args(FormatName)] == [suffix for suffix in EXPORTERS if suffix != "/"]


def test_frameworks() -> None:
    assert get_args(FrameworkName) == tuple(GENERATORS) == tuple(TITLES) == (*CLASS_NAMES, "numpy")
    assert get_args(ComparedName) == tuple(CONVENTIONS)
    assert get_args(ParsedName) == tuple(MODULES)


def test_each_framework_names_each_kind_of_layer() -> None:
    for names in CLASS_NAMES.values():
        assert names.keys() == LAYER_KINDS.keys()


def test_geometry() -> None:
    assert get_args(PaddingName) == tuple(PADDING_RULES)
    assert get_args(PaddingModeName) == tuple(PADDING_MODES)
    assert get_args(Evenness) == EVENNESS


def test_kinds_of_layers() -> None:
    assert get_args(LayerKind) == tuple(LAYER_KINDS)
    assert all(layer.title and layer.noun and layer.parameters["input"] is REQUIRED for layer in LAYER_KINDS.values())
