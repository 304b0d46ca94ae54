"""Each `Literal` of choices equals the table that it names."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from mypy import api

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


CALLS = """
from convviz import AvgPool, Conv, ConvTranspose, MaxPool, animate

Conv(5, 3, padding="same", padding_mode="reflect")
Conv((5,), 3, padding=((1, 0),))
Conv(5, 3, padding="sme")  # type: ignore[arg-type]
Conv(5, 3, padding_mode="mirror")  # type: ignore[arg-type]
ConvTranspose(5, 3, 2, "smae")  # type: ignore[arg-type]
MaxPool(5, 3, padding="samee")  # type: ignore[arg-type]
AvgPool(5, 3, padding="")  # type: ignore[arg-type]
animate(Conv(5, 3), view="slde")  # type: ignore[arg-type]
"""


def test_mypy_catches_a_misspelt_choice(tmp_path: Path) -> None:
    """A `type: ignore` that ignores nothing is an error, and so is a mistake without one."""
    calls = tmp_path / "calls.py"
    calls.write_text(CALLS, encoding="utf-8")
    cache = Path(__file__).parent.parent / ".mypy_cache"
    found, errors, status = api.run(["--strict", "--cache-dir", str(cache), str(calls)])
    assert status == 0, found + errors
