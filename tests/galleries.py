"""Galleries to test with, and stand-ins for the pages where the real ones are not there."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any


def texts(entries: Sequence[Any]) -> dict[str, bytes]:
    lines = "".join(f"{entry.name}|{entry.title}|{entry.caption}|{entry.alt}|{entry.command}\n" for entry in entries)
    return {"README.md": lines.encode(), "index.html": f"<p>{lines}".encode()}


def write_pages(entries: Sequence[Any], folder: Path) -> list[Path]:
    from convviz.export.files import complete

    paths = []
    for name, content in texts(entries).items():
        with complete(folder / name) as partial:
            partial.write_bytes(content)
        paths.append(folder / name)
    return paths


def explorer_address(kind: str, options: Mapping[str, Any]) -> str | None:
    return None


for _name, _members in (
    ("pages", {"texts": texts, "write_pages": write_pages}),
    ("links", {"explorer_address": explorer_address}),
):
    if find_spec(f"convviz.gallery.{_name}") is None:
        _module = ModuleType(f"convviz.gallery.{_name}")
        vars(_module).update(_members)
        sys.modules[_module.__name__] = _module

SMALL = """
[defaults]
kind = "conv"
input = 4
size = "320x240"
bare = true
numbers = false
"""
"""Pictures that are drawn quickly."""
COMMAND = "import sys, tests.galleries; from convviz.cli import main; main(sys.argv[1:], prog_name='convviz')"


def written(folder: Path, text: str, name: str = "recipes.toml") -> Path:
    path = folder / name
    path.write_text(SMALL + text, encoding="utf-8")
    return path
