"""Code for a layer in any framework: the table of frameworks, one module for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from convviz.errors import GeometryError
from convviz.errors.arguments import flag, text
from convviz.frameworks.codegen import jax, keras, numpy, onnx, torch
from convviz.frameworks.codegen.backward import with_gradients
from convviz.frameworks.codegen.text import Snippet
from convviz.frameworks.names import FrameworkName, canonical, unknown_framework
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer, a_layer
from convviz.layers.pooling import Pool


class Generator(Protocol):
    """A module that generates the code of one framework."""

    def conv(self, layer: Conv, /) -> Snippet:
        """Return the lines for a convolution."""

    def transposed(self, layer: ConvTranspose, /) -> Snippet:
        """Return the lines for a transposed convolution."""

    def pool(self, layer: Pool, /) -> Snippet:
        """Return the lines for a pooling."""


GENERATORS: Mapping[FrameworkName, Generator] = {
    "torch": torch,
    "keras": keras,
    "jax": jax,
    "onnx": onnx,
    "numpy": numpy,
}


def code(layer: Layer, framework: FrameworkName = "torch", *, backward: bool = False) -> str:
    """Return code that makes `layer` in a framework and calls it, with the shapes in comments.

    With `backward` it goes on to the gradients dL/dx, dL/dw and dL/db that the framework's autograd computes from a
    gradient dL/dy of the output: those of `layer.gradient_input`, `gradient_weight` and `gradient_bias`.

    If the framework has no parameter for something, a comment notes it, and another line of code does it. Raises
    `GeometryError` for an unknown framework, a pooling that onnxruntime refuses, and gradients in ONNX or numpy.
    """
    layer = a_layer(layer)
    name = canonical(text("framework", framework))
    if name not in GENERATORS:
        raise GeometryError(unknown_framework(framework, GENERATORS))
    lines = _forward(layer, GENERATORS[cast(FrameworkName, name)])
    return "\n".join(with_gradients(layer, name, lines) if flag("backward", backward) else lines)


def _forward(layer: Layer, generator: Generator) -> Snippet:
    if isinstance(layer, Pool):
        return generator.pool(layer)
    if isinstance(layer, ConvTranspose):
        return generator.transposed(layer)
    assert isinstance(layer, Conv)
    return generator.conv(layer)
