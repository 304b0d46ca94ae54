"""Names and titles of the frameworks, and what each calls the kinds of layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from convviz.errors.printable import shown
from convviz.layers.layer import Layer

FrameworkName = Literal["torch", "keras", "jax", "onnx", "numpy"]
"""Frameworks that code is generated for."""
ComparedName = Literal["torch", "keras", "jax", "onnx"]
"""Frameworks whose conventions are compared."""
ParsedName = Literal["torch", "keras", "jax", "tensorflow", "paddle", "mlx"]
"""Frameworks whose code is parsed; `jax` includes Flax, `tensorflow` is `tf.nn` and `tf.layers`."""

TITLES: Mapping[FrameworkName, str] = {
    "torch": "PyTorch",
    "keras": "Keras",
    "jax": "JAX",
    "onnx": "ONNX",
    "numpy": "numpy",
}

CLASS_NAMES: Mapping[FrameworkName, Mapping[str, str]] = {
    "torch": {
        "conv": "Conv{axes}d",
        "transposed": "ConvTranspose{axes}d",
        "maxpool": "MaxPool{axes}d",
        "avgpool": "AvgPool{axes}d",
    },
    "keras": {
        "conv": "Conv{axes}D",
        "transposed": "Conv{axes}DTranspose",
        "maxpool": "MaxPooling{axes}D",
        "avgpool": "AveragePooling{axes}D",
    },
    "jax": {
        "conv": "conv_general_dilated",
        "transposed": "conv_transpose",
        "maxpool": "reduce_window",
        "avgpool": "reduce_window",
    },
    "onnx": {"conv": "Conv", "transposed": "ConvTranspose", "maxpool": "MaxPool", "avgpool": "AveragePool"},
}
"""Framework → kind of layer → class, function or operator for a number of axes."""


def class_name(framework: FrameworkName, kind: str, axes: int) -> str:
    """Return what a framework calls a kind of layer: `Conv2d`."""
    return CLASS_NAMES[framework][kind].format(axes=axes)


def class_name_of(framework: FrameworkName, layer: Layer) -> str:
    """Return the class of a layer in a framework: `Conv2d`."""
    return class_name(framework, layer.kind, len(layer.axes))


ALIASES = {"pytorch": "torch", "tf": "keras", "tensorflow": "keras", "flax": "jax", "np": "numpy"}
"""Other names of frameworks; TensorFlow's layers are those of Keras."""


def canonical(name: str) -> str:
    """Return the name of a framework here: `torch` for `PyTorch`; an unknown name as it is."""
    return ALIASES.get(name.lower(), name.lower())


def canonical_parsed(name: str) -> str:
    """Return the name of a framework whose code is parsed: `tensorflow` is none of its layers in Keras."""
    return "tensorflow" if name.lower() in ("tf", "tensorflow") else canonical(name)


def unknown_framework(name: str, known: Iterable[str]) -> str:
    """Return the text of the error for a framework that is not in `known`."""
    return f"expected a framework ({', '.join(known)}), got {shown(name)}"
