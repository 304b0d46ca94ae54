"""Who may import whom, and where matplotlib, click and the encoders live."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import convviz
from convviz.export import EXPORTERS
from convviz.scene import CELL_ROLES, MARK_ROLES
from convviz.views import VIEWS

ROOT = Path(convviz.__file__).parent
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "padding": set(),
    "phrases": set(),
    "slide_timing": set(),
    "snippets": set(),
    "stopwatch": set(),
    "version": set(),
    "libraries": {"version"},
    "kernels": {"errors"},
    "per_axis": {"errors", "padding"},
    "scene": {"phrases"},
    "tables": {"errors"},
    "theme": {"errors"},
    "track": {"padding"},
    "choice": {"errors", "phrases", "scene"},
    "geometry": {"errors", "padding", "track"},
    "layout": {"errors", "scene", "theme"},
    "own_theme": {"errors", "tables", "theme"},
    "shapes": {"errors", "track"},
    "values": {"errors", "kernels"},
    "arithmetic": {"errors", "shapes", "track"},
    "base": {"errors", "geometry", "per_axis", "track"},
    "reel": {"layout"},
    "export": {"errors", "layout", "reel", "scene", "theme"},
    "layers": {"arithmetic", "base", "errors", "geometry", "padding", "per_axis"},
    "render": {"errors", "layout", "reel", "scene", "theme"},
    "presets": {"errors", "layers"},
    "wording": {"geometry", "layers", "per_axis", "phrases"},
    "words": {"errors", "layers", "padding"},
    "entries": {"errors", "scene", "values", "words"},
    "exploring": {"errors", "export", "kernels", "layers", "snippets", "theme", "words"},
    "notes": {"geometry", "layers", "padding", "per_axis", "wording"},
    "origin": {"geometry", "layers", "shapes", "words"},
    "views": {
        "arithmetic",
        "errors",
        "geometry",
        "kernels",
        "layers",
        "per_axis",
        "phrases",
        "scene",
        "track",
        "wording",
    },
    "alt": {"geometry", "layers", "phrases", "scene", "views", "wording"},
    "explain": {"errors", "geometry", "layers", "notes", "per_axis", "wording"},
    "saving": {
        "alt",
        "choice",
        "errors",
        "export",
        "layers",
        "origin",
        "reel",
        "render",
        "scene",
        "snippets",
        "stopwatch",
        "theme",
        "version",
    },
    "animation": {
        "arithmetic",
        "choice",
        "errors",
        "kernels",
        "layers",
        "layout",
        "origin",
        "own_theme",
        "render",
        "saving",
        "scene",
        "shapes",
        "theme",
        "views",
        "wording",
    },
    "__init__": {"animation", "errors", "exploring", "layers", "version"},
    "places": {"animation", "choice", "errors", "export", "snippets"},
    "request": {"animation", "errors", "geometry", "kernels", "layers", "presets", "values", "words"},
    "sweeps": {"errors", "geometry"},
    "recipe": {"animation", "choice", "entries", "request", "scene", "sweeps"},
    "recipes": {"entries", "errors", "recipe", "sweeps", "tables"},
    "deck": {"animation", "errors", "export", "recipe", "slide_timing", "version"},
    "gallery": {
        "animation",
        "convviz",
        "entries",
        "errors",
        "export",
        "libraries",
        "places",
        "recipe",
        "recipes",
        "reel",
    },
    "cli": {
        "animation",
        "deck",
        "entries",
        "errors",
        "explain",
        "exploring",
        "export",
        "gallery",
        "geometry",
        "layers",
        "padding",
        "places",
        "recipes",
        "request",
        "snippets",
        "stopwatch",
        "version",
        "views",
        "words",
    },
    "kept": {"animation", "cli", "entries", "export", "libraries", "places"},
    "sphinx": {"cli", "convviz", "errors", "kept", "libraries", "snippets"},
}
"""For each room the others that it imports; each stands above those that import it. A folder knows its own files."""
HELPERS = {
    "views": {"both", "grids", "header", "lanes", "lines", "stack"},
    "export": {"files", "info", "pixels", "screen"},
}
"""Files in a folder with a table that are no entries of the table."""
HOMES = {
    "matplotlib": {"render"},
    "click": {"cli"},
    "PIL": {"export", "values"},
    "pptx": {"deck"},
    "docutils": {"sphinx"},
    "sphinx": {"sphinx"},
    "imageio_ffmpeg": {"export"},
    "distributed": {"gallery"},
    "numpy": {"arithmetic", "shapes", "values", "layers", "reel", "render", "export", "animation", "gallery"},
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
                yield from (f"convviz.{a.name}" if _is_room(a.name) else "convviz" for a in node.names)
            else:
                yield node.module


def _is_room(name: str) -> bool:
    return (ROOT / f"{name}.py").exists() or (ROOT / name).is_dir()


@pytest.mark.parametrize("module", MODULES)
def test_a_room_imports_only_what_stands_before_it(module: str) -> None:
    inner = {room(name) for name in imports(module) if name.split(".")[0] == "convviz"}
    folder = {room(module)} if "/" in module else set()
    assert inner <= MAY_IMPORT[room(module)] | folder


def test_every_permission_is_used() -> None:
    used: dict[str, set[str]] = {name: set() for name in MAY_IMPORT}
    for module in MODULES:
        used[room(module)] |= {room(name) for name in imports(module) if name.split(".")[0] == "convviz"}
    assert {name: rooms - {name} for name, rooms in used.items()} == MAY_IMPORT


def test_rooms_stand_in_the_order_of_the_list() -> None:
    order = list(MAY_IMPORT)
    for name, rooms in MAY_IMPORT.items():
        behind = [other for other in rooms - {"convviz"} if order.index(other) >= order.index(name)]
        assert not behind, f"{name} imports {behind}, which stand behind it"


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
    assert not re.search(r"#[0-9a-fA-F]{3}", (ROOT / module).read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_a_room_reads_in_one_sitting(module: str) -> None:
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= 350


def test_every_view_and_exporter_is_in_its_table() -> None:
    views = {name.partition("-")[0] for name in VIEWS}  # isometric-scatter is isometric's
    for folder, table in (("views", views), ("export", {name for name, _ in EXPORTERS.values()})):
        files = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
        assert files == table | HELPERS[folder]
        assert not table & HELPERS[folder]


def test_the_command_line_is_a_folder_and_only_its_drawing_half_imports_late() -> None:
    """What is imported at the top of a file is loaded by `--help`, too."""
    for path in (ROOT / "cli").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
        inner = {room(name) for name in top if name.startswith("convviz")}
        assert not inner & {
            "animation",
            "deck",
            "explain",
            "export",
            "gallery",
            "places",
            "recipes",
            "render",
            "saving",
            "arithmetic",
        }, path.name


def test_the_import_rules_see_a_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "new.py").write_text("from convviz.render import stage\n")
    with pytest.raises(AssertionError):
        test_a_room_imports_only_what_stands_before_it("views/new.py")
    (tmp_path / "scene.py").write_text("def f():\n    from convviz.render import stage\n    import matplotlib.figure\n")
    with pytest.raises(AssertionError):
        test_a_room_imports_only_what_stands_before_it("scene.py")
    with pytest.raises(AssertionError):
        test_each_library_has_one_home("scene.py")


def test_renderer_knows_only_roles_of_the_scene() -> None:
    assert len(set(CELL_ROLES)) == len(CELL_ROLES)
    assert len(set(MARK_ROLES)) == len(MARK_ROLES)
    assert not set(MARK_ROLES) & set(CELL_ROLES), "a legend entry is one or the other"
