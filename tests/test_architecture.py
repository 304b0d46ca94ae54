"""Import direction, one home for each library, and a table for each view and format."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import convviz
from convviz.export.formats import EXPORTERS
from convviz.scene.model import CELL_ROLES, MARK_ROLES
from convviz.views.registry import VIEWS

ROOT = Path(convviz.__file__).parent
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))

LAYERS = (
    ("errors", "version"),
    ("files", "geometry"),
    ("layers",),
    ("text",),
    ("analysis", "scene", "style"),
    ("views", "layout"),
    ("raster",),
    ("render", "export"),
    ("web",),
    ("animation",),
    ("frameworks",),
    ("recipes",),
    ("publish",),
    ("gallery", "sphinx"),
    ("cli",),
    ("__main__",),
)
"""Packages from the bottom up: each imports only from layers below its own, and from itself."""
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names} | {"__init__": len(LAYERS)}
HELPERS = {
    "views": {
        *("backward_input", "backward_legend", "backward_panels", "backward_slide", "backward_text"),
        *("backward_values", "backward_weight"),
        *("loss_chart", "training", "training_text"),
        *("brackets", "cell_grids", "combined", "compare", "descriptions", "forward_steps", "full_output", "header"),
        *("kernel_block", "lanes", "last_window", "lens", "products", "shading", "story"),
        *("overlap_counts", "panels", "registry", "scatter_text", "stack", "staged_steps", "step_text", "taps"),
        *("overlap_values", "pair_end", "pair_story", "size_brackets", "scatter_totals", "stamp", "transposed_steps"),
        *("phase_brackets", "phase_text", "phases"),
    },
    "export": {"containers", "decode", "ffmpeg", "formats", "frame_diff", "lzw", "metadata", "overwrite"},
}
"""Modules of a folder with a table that are not entries of the table."""
HOMES = {
    "matplotlib": {"render"},
    "click": {"cli"},
    "PIL": {"export", "text"},
    "pptx": {"publish"},
    "docutils": {"sphinx"},
    "sphinx": {"sphinx"},
    "imageio": {"text"},
    "imageio_ffmpeg": {"export"},
    "distributed": {"gallery"},
    "onnx": {"frameworks"},
    "numpy": {"layers", "text", "raster", "render", "export", "animation", "frameworks", "gallery"},
}


def package(module: str) -> str:
    """The first-level name of a file (`views/slide.py` → views) or dotted import (`convviz.views.slide` → views)."""
    return module.replace("/", ".").removesuffix(".py").removeprefix("convviz.").split(".")[0]


def imports(module: str) -> Iterator[str]:
    """Every module that a file imports, at any depth of nesting."""
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if _is_module(inner) else node.module


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split(".")[1:])
    return name.startswith("convviz.") and (path.with_suffix(".py").exists() or path.is_dir())


def inner_imports(module: str) -> set[str]:
    """The modules of convviz that a file imports, as dotted names."""
    return {name for name in imports(module) if name.split(".")[0] == "convviz"}


def check_direction(module: str) -> None:
    """Fail where a file imports from its own layer's other packages or from a layer above."""
    own = package(module)
    for name in inner_imports(module) - {"convviz"}:
        assert package(name) == own or RANK[package(name)] < RANK[own], f"{module} imports {name}"


def test_imports_point_down() -> None:
    for module in MODULES:
        check_direction(module)


def test_nothing_inside_imports_the_public_names() -> None:
    assert {module for module in MODULES if "convviz" in inner_imports(module)} == set()


def test_every_package_has_a_layer() -> None:
    assert {package(module) for module in MODULES} == set(RANK)


def test_there_is_no_circle_of_modules() -> None:
    known = {module.removesuffix(".py").removesuffix("/__init__").replace("/", "."): module for module in MODULES}
    targets = {
        name: {found.removeprefix("convviz.") for found in inner_imports(module)} & set(known)
        for name, module in known.items()
        if name != "__init__"
    }
    while free := {name for name, needed in targets.items() if not needed & set(targets)}:
        targets = {name: needed for name, needed in targets.items() if name not in free}
    assert not targets, f"import circle among {sorted(targets)}"


def test_each_library_has_one_home() -> None:
    for module in MODULES:
        check_homes(module)


def check_homes(module: str) -> None:
    """Fail where a file imports a library outside of the packages that wrap it."""
    for name in imports(module):
        home = HOMES.get(name.split(".")[0])
        assert home is None or package(module) in home, f"{module} imports {name}"


def test_no_pyplot_and_no_global_state() -> None:
    for module in MODULES:
        text = (ROOT / module).read_text(encoding="utf-8")
        assert "matplotlib.pyplot" not in "\n".join(imports(module)), module
        assert "rcParams" not in text or module == "render/hermetic.py", module


def test_views_and_scenes_name_no_colour() -> None:
    for module in MODULES:
        if package(module) in ("views", "scene"):
            assert not re.search(r"#[0-9a-fA-F]{3}", (ROOT / module).read_text(encoding="utf-8")), module


def test_a_module_reads_in_one_sitting() -> None:
    for module in MODULES:
        assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= 250, module


def test_every_view_and_exporter_is_in_its_table() -> None:
    views = {name.partition("-")[0] for name in VIEWS}  # isometric-scatter is isometric's
    for folder, table in (("views", views), ("export", {name for name, _ in EXPORTERS.values()})):
        files = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
        assert files == table | HELPERS[folder]
        assert not table & HELPERS[folder]


def test_the_command_line_imports_what_draws_late() -> None:
    """What is imported at the top of a file is loaded by `--help`, too."""
    light = {"cli", "errors", "geometry", "layers", "recipes", "text", "version"}
    light |= {
        f"animation.{name}" for name in ("option_spec", "options", "save_options", "stopwatch", "training_options")
    }
    for path in (ROOT / "cli").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
        inner = {name.removeprefix("convviz.") for name in top if name.startswith("convviz.")}
        heavy = {name for name in inner if not {name, package(name)} & light}
        assert not heavy, f"{path.name} imports {heavy} at its top"


def test_the_import_rules_see_a_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "views").mkdir()
    (tmp_path / "render").mkdir()
    (tmp_path / "views" / "new.py").write_text("def f():\n    from convviz.render import compositor\n")
    with pytest.raises(AssertionError, match=r"imports convviz\.render"):
        check_direction("views/new.py")
    (tmp_path / "views" / "new.py").write_text("def f():\n    import matplotlib.figure\n")
    with pytest.raises(AssertionError, match="imports matplotlib"):
        check_homes("views/new.py")


def test_renderer_knows_only_roles_of_the_scene() -> None:
    assert len(set(CELL_ROLES)) == len(CELL_ROLES)
    assert len(set(MARK_ROLES)) == len(MARK_ROLES)
    assert not set(MARK_ROLES) & set(CELL_ROLES), "a legend entry is one or the other"


def test_warnings_are_collected_by_animations_alone() -> None:
    """Only the parser of foreign code silences warnings: those of Python's own compiler."""
    users = {module for module in MODULES if "catch_warnings" in (ROOT / module).read_text(encoding="utf-8")}
    assert users == {"frameworks/parse/syntax.py"}
