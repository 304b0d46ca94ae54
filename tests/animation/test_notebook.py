"""The notebook runs as it stands, and shows what it promises."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

from convviz import ConvTranspose, animate
from convviz.analysis.explain import explain
from tests import ROOT
from tests.markup import tags_of

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
SHOWN = ("slide", "scatter", "values")
"""Cells whose result is an animation."""
LAYER = ConvTranspose(3, 3, 2, 1)
pytestmark = pytest.mark.filterwarnings("ignore:Proactor event loop:RuntimeWarning")
"""What the kernel's sockets say of Windows."""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The outputs of every cell by its name, and the folder in which it ran; a cell that fails fails the tests."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
    client.execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}, folder


def test_it_is_valid_and_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells if cell.cell_type == "code" and cell.id in SHOWN] == list(SHOWN)
    for cell in notebook.cells:
        assert cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None)


def test_no_cell_fails_and_every_cell_says_something(executed: tuple[dict[str, Any], Path]) -> None:
    outputs, _ = executed
    for name, found in outputs.items():
        assert [output.output_type for output in found] in (["execute_result"], ["stream"]), name
        assert all(output.get("name") != "stderr" for output in found), name


@pytest.mark.parametrize("name", SHOWN)
def test_an_animation_shows_a_player_and_a_still(name: str, executed: tuple[dict[str, Any], Path]) -> None:
    (output,) = executed[0][name]
    found = re.fullmatch(r"<!--([^>]+)--><img ([^>]+)>", output.data["text/html"])
    assert found
    page = unquote(found[1])
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<script") >= 2
    (still,) = tags_of(output.data["text/html"], "img")
    assert still["alt"].startswith("Animation in ")
    assert still["src"] == f"data:image/png;base64,{output.data['image/png']}"
    with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (1280, 720))
    assert output.data["text/plain"].startswith("<Animation: ")


def test_the_animations_are_those_of_the_text(executed: tuple[dict[str, Any], Path]) -> None:
    for name, animation in {"slide": animate(LAYER), "scatter": animate(LAYER, "scatter")}.items():
        assert executed[0][name][0].data["text/plain"] == repr(animation)
        (still,) = tags_of(executed[0][name][0].data["text/html"], "img")
        assert still["alt"] == animation.alt_text
    assert "Bilinear upsampling" in executed[0]["values"][0].data["text/plain"]


def test_the_two_products_are_equal_and_the_words_are_those_of_explain(executed: tuple[dict[str, Any], Path]) -> None:
    (found,) = re.findall(r"\((\d+), (\d+)\)", executed[0]["adjoint"][0].data["text/plain"])
    assert found[0] == found[1] != "0"
    assert executed[0]["explain"][0].text == explain(LAYER) + "\n"


def test_the_file_is_there(executed: tuple[dict[str, Any], Path]) -> None:
    with Image.open(executed[1] / "transposed.gif") as image:
        assert image.n_frames > 25 + 24 * 3  # type: ignore[attr-defined] # steps, and places between them
