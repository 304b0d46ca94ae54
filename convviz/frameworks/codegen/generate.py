"""Layers as code: one file for each framework, and the table of them."""

from __future__ import annotations

from collections.abc import Callable

from convviz.errors import GeometryError
from convviz.frameworks.codegen import jax, keras, numpy, onnx, torch
from convviz.layers.layer import Layer

FRAMEWORKS: dict[str, Callable[[Layer], str]] = {
    "torch": torch.write,
    "keras": keras.write,
    "jax": jax.write,
    "onnx": onnx.write,
    "numpy": numpy.write,
}
"""Framework → what writes a layer in it."""


def code(layer: Layer, framework: str = "torch") -> str:
    """A snippet that makes `layer` and calls it, with the shapes in comments; `framework` is one of `FRAMEWORKS`.

    What the framework has no parameter for is said in a comment, and done by a line beside the layer. Raises
    `GeometryError` for an unknown framework.
    """
    if framework not in FRAMEWORKS:
        raise GeometryError(f"there is no framework {framework!r}; use {', '.join(FRAMEWORKS)}")
    return FRAMEWORKS[framework](layer)
