"""Faults that random calls and lines have found, each with its sentence."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from convviz import Conv, ConvvizError, MaxPool, animate, code, explain, explore, from_keras, from_torch, solve
from convviz.cli.main import main
from convviz.export.metadata import read


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["-o.svg", "o.png", "x.webp", "x.gif"])
def test_the_explorer_is_a_page(name: str) -> None:
    result = CliRunner().invoke(main, ["explore", "conv", "-i", "5", "-o", name], prog_name="convviz")
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: cannot write the explorer to {name}: it is a page; use a name that ends in .html\n"
    )
    assert not list(Path().iterdir())


@pytest.mark.parametrize("words", [("maxpool", "-o"), ("info",), ("deck",), ("gallery", "build"), ("explore", "-o")])
def test_no_file_has_a_nul_in_its_name(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "a\0.gif"], prog_name="convviz")
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    assert "no file can be called 'a\\x00.gif'; use another name" in result.stderr


def test_numbers_of_numpy_are_the_numbers_that_they_are() -> None:
    options: dict[str, Any] = {"seed": np.int64(3), "frames": np.int8(3), "step": np.float32(0.5), "hold": np.int16(1)}
    options |= {"size": (np.int64(1280), np.uint16(720)), "scale": np.int8(1), "numbers": np.bool_(True)}
    options |= {"channels": np.array([2, 1]), "groups": np.int64(1), "channel": np.int32(0)}
    path = animate(Conv(np.int64(4), np.array([3, 3])), **options).save("a.gif", loop=np.int64(2))
    plain = {"seed": 3, "frames": 3, "step": 0.5, "hold": 1, "size": (1280, 720), "numbers": True, "channels": (2, 1)}
    assert path.read_bytes() == animate(Conv(4, 3), **plain).save("b.gif", loop=2).read_bytes()  # type: ignore[arg-type]
    assert json.dumps(read(path)["parameters"])
    assert Conv(4, 3)(np.ones((2, 4, 4)), np.ones((2, 1, 3, 3)), groups=np.int64(2)).shape == (2, 2, 2)


CALLS = {
    "a layer": lambda: animate(True),  # type: ignore[arg-type]
    "not numbers": lambda: animate(Conv(4, 3), x=SimpleNamespace(shape=3)),  # type: ignore[arg-type]
    "a Target": lambda: animate(Conv(5, 3)).save_all("a.gif"),  # type: ignore[arg-type]
    "a list of layers": lambda: animate([Conv(5, 3), 3]),  # type: ignore[list-item]
    "the name of a theme": lambda: animate(Conv(5, 3), theme=3),  # type: ignore[arg-type]
    "in whole pixels": lambda: animate(Conv(5, 3), size=Fraction(1, 2)),  # type: ignore[arg-type]
    "i is a whole number": lambda: solve(input=None, output=12),  # type: ignore[arg-type]
    "a layer, such as Conv": lambda: code(3, "torch"),  # type: ignore[arg-type]
    "text": lambda: code(Conv(5, 3), []),  # type: ignore[arg-type]
    "such as Conv(5, 3)": lambda: explain("conv"),  # type: ignore[arg-type]
    "a Conv or a ConvTranspose": lambda: explore(3),  # type: ignore[arg-type]
    "the name of a kernel": lambda: explore(kernel={3}),  # type: ignore[arg-type]
    "True or False": lambda: MaxPool(5, 2, ceil_mode=()),  # type: ignore[arg-type]
    "the name of a file": lambda: animate(Conv(5, 3)).save(None),  # type: ignore[arg-type]
    "a whole number": lambda: animate(Conv(5, 3)).save("o.png", loop=1j),  # type: ignore[arg-type]
    "a layer of PyTorch": lambda: from_torch(object(), 5),
    "a layer of Keras": lambda: from_keras(object(), 5),
}


@pytest.mark.parametrize("what", CALLS)
def test_each_function_says_what_it_expected_and_what_came(what: str) -> None:
    with pytest.raises(ConvvizError) as caught:
        CALLS[what]()
    assert what in str(caught.value)
