"""CONTRIBUTING.md names files, functions and packages that are there."""

from __future__ import annotations

import re

import pytest

from tests import ROOT
from tests.test_architecture import LAYERS

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w./]+(?:/|\.(?:py|js|toml)))`", CONTRIBUTING)))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists() or (ROOT / "convviz" / path).exists()


def test_every_function_is_in_the_file_in_front_of_it() -> None:
    found = re.findall(r"`([\w/]+\.py)` \(`(\w+)`", CONTRIBUTING)
    assert {name for _, name in found} >= {"parse_padding", "github", "GifEncoder"}
    for path, name in found:
        assert re.search(rf"(def|class) {name}\b", (ROOT / "convviz" / path).read_text(encoding="utf-8")), name


def test_twins_have_the_name_of_the_python_module() -> None:
    rows = re.findall(r"\| `([\w/]+)\.py`[^|]* \| `web/js/([\w/]+)\.js` \|", CONTRIBUTING)
    computing = [(python, script) for python, script in rows if not script.startswith(("player/", "explorer/"))]
    assert len(computing) >= 4
    assert all(python == script for python, script in computing)


def test_the_packages_are_listed_in_the_order_of_imports() -> None:
    section = CONTRIBUTING.partition("## Imports")[2].partition("Each library")[0]
    listed = re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\d\. .+$", section, re.MULTILINE)))
    assert listed == [name for names in LAYERS for name in names if name != "__main__"]
