"""JavaScript that computes what Python computes stands at the same place under the same name."""

from pathlib import Path

import convviz

PACKAGE = Path(convviz.__file__).parent
PAGES = ("player", "explorer", "gallery")
"""Folders for documents, listeners and layout in a browser."""
ALONE = {
    *(
        "itertools",
        "memoize",
        "rounding",
        "text/python_repr",
        "scene/builder",
        "scene/gliding_cells",
        "scene/lazy_scene",
    ),
    *("views/pair_totals", "views/transposed_frames"),
}
"""What Python has in its library, or in one piece with something else."""


def test_every_module_has_a_twin_in_python() -> None:
    modules = {path.relative_to(PACKAGE / "web" / "js").with_suffix("") for path in PACKAGE.glob("web/js/**/*.js")}
    computing = {module.as_posix() for module in modules if module.parts[0] not in PAGES}
    assert computing > ALONE
    assert [
        name
        for name in sorted(computing - ALONE)
        if not any((PACKAGE / twin).exists() for twin in (f"{name}.py", f"{name}/__init__.py"))
    ] == []


def test_every_module_reads_in_one_sitting() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.glob("web/js/**/*.js")}
    assert {name: length for name, length in lengths.items() if length > 150} == {}
