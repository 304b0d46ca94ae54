"""The layers of published models: every line is read, and every size is the one that its paper prints."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from convviz.cli.main import main
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parser import parse_code
from tests import VECTORS

MODELS: list[dict[str, Any]] = json.loads((VECTORS / "models.json").read_text(encoding="utf-8"))
LAYERS = [(model["model"], layer) for model in MODELS for layer in model["layers"]]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["model"])
def test_sizes_are_those_of_the_paper(model: dict[str, Any]) -> None:
    size = model["layers"][0]["input"]
    for layer in model["layers"]:
        assert layer["input"] == size, layer
        size = list(parse_code(layer["code"], ParseHints(input=tuple(layer["input"]))).layer.output)
        assert size == layer["output"], layer


@pytest.mark.parametrize("name", ["U-Net", "DCGAN", "FCN-8s", "pix2pix", "VAE", "SegNet"])
def test_no_model_is_missing(name: str) -> None:
    assert any(model["model"].startswith(name) for model in MODELS)


@pytest.mark.parametrize(("name", "layer"), LAYERS[::9], ids=str)
def test_the_command_explains_them(name: str, layer: dict[str, Any]) -> None:
    size = "x".join(map(str, layer["input"]))
    result = CliRunner().invoke(main, ["layer", layer["code"], "-i", size], prog_name="convviz")
    assert result.exit_code == 0, result.output
    assert f"output {'×'.join(map(str, layer['output']))}" in result.stdout
