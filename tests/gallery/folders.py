"""Galleries to test with."""

from __future__ import annotations

from pathlib import Path

SMALL = """
[defaults]
kind = "conv"
input = 4
size = "320x240"
bare = true
numbers = false
pace = "even"
motion = "none"
"""
"""Pictures that are drawn quickly."""
COMMAND = "import sys; from convviz.cli.main import main; main(sys.argv[1:], prog_name='convviz')"


def written(folder: Path, text: str, name: str = "recipes.toml") -> Path:
    path = folder / name
    path.write_text(SMALL + text, encoding="utf-8")
    return path
