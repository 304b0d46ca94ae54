"""Who may import whom, and where matplotlib, click and the encoders live."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import convviz
from convviz.export import EXPORTERS
from convviz.scene import CELL_ROLES
from convviz.views import VIEWS

ROOT = Path(convviz.__file__).parent
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))

MAY_IMPORT = {
    "errors": set(),
    "geometry": {"errors"},
    "layers": {"errors", "geometry", "arithmetic"},
    "arithmetic": {"errors", "geometry"},
    "kernels": {"errors"},
    "values": {"errors", "kernels"},
    "scene": set(),
    "wording": {"geometry", "layers", "scene"},
    "explain": {"errors", "geometry", "layers", "wording"},
    "theme": {"errors"},
    "views": {"geometry", "layers", "arithmetic", "scene", "wording", "views"},
    "layout": {"errors", "scene", "theme", "layout"},
    "reel": {"layout"},
    "render": {"layout", "reel", "render", "scene", "theme"},
    "export": {"errors", "export", "layout", "reel"},
    "animation": {
        *("arithmetic", "errors", "export", "kernels", "layers", "layout", "reel", "render", "scene", "theme"),
        *("views", "wording"),
    },
    "cli": {"animation", "convviz", "errors", "explain", "export", "geometry", "layers", "values"},
    "__init__": {"animation", "errors", "layers"},
}
HOMES = {
    "matplotlib": {"render"},
    "click": {"cli"},
    "PIL": {"export"},
    "imageio_ffmpeg": {"export"},
    "numpy": {"arithmetic", "values", "layers", "reel", "render", "export", "animation"},
}


def room(module: str) -> str:
    """The room of a file (`views/slide.py` → views), or of a dotted import (`convviz.views.slide` → views)."""
    return module.replace("/", ".").removesuffix(".py").removeprefix("convviz.").split(".")[0]


def imports(module: str) -> Iterator[str]:
    """Every module that a file imports, at any depth of nesting."""
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "convviz":
                yield from (f"convviz.{a.name}" if (ROOT / f"{a.name}.py").exists() else "convviz" for a in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("module", MODULES)
def test_a_room_imports_only_what_stands_before_it(module: str) -> None:
    inner = {room(name) for name in imports(module) if name.split(".")[0] == "convviz"}
    assert inner <= MAY_IMPORT[room(module)]


@pytest.mark.parametrize("module", MODULES)
def test_each_library_has_one_home(module: str) -> None:
    for name in imports(module):
        home = HOMES.get(name.split(".")[0])
        assert home is None or room(module) in home, f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES)
def test_no_pyplot_and_no_global_state(module: str) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    assert "matplotlib.pyplot" not in "\n".join(imports(module))
    assert "rcParams" not in text


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) in ("views", "scene")])
def test_views_and_scenes_name_no_colour(module: str) -> None:
    assert "#" not in (ROOT / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_a_room_reads_in_one_sitting(module: str) -> None:
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= 350


def test_every_view_and_exporter_is_in_its_table() -> None:
    files = {path.stem for path in (ROOT / "views").glob("*.py")} - {"__init__", "common"}
    assert files == set(VIEWS)
    assert {path.stem for path in (ROOT / "export").glob("*.py")} - {"__init__", "files"} == set(EXPORTERS.values())


def test_the_import_rules_see_a_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "scene.py").write_text("def f():\n    from convviz.render import stage\n    import matplotlib.figure\n")
    with pytest.raises(AssertionError):
        test_a_room_imports_only_what_stands_before_it("scene.py")
    with pytest.raises(AssertionError):
        test_each_library_has_one_home("scene.py")


def test_renderer_knows_only_roles_of_the_scene() -> None:
    assert len(set(CELL_ROLES)) == len(CELL_ROLES)
