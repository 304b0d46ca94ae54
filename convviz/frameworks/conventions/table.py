"""The frameworks that are compared, and their conventions for a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from convviz.errors import GeometryError
from convviz.frameworks.conventions import jax, keras, onnx, torch
from convviz.frameworks.conventions.convention import Convention
from convviz.frameworks.names import ComparedName, canonical, unknown_framework
from convviz.layers.convolution import ConvLayer

CONVENTIONS: Mapping[ComparedName, Callable[[ConvLayer], Convention]] = {
    "torch": torch.convention,
    "keras": keras.convention,
    "jax": jax.convention,
    "onnx": onnx.convention,
}


def conventions_of(layer: ConvLayer, frameworks: Sequence[ComparedName] = ()) -> list[Convention]:
    """Return what each of `frameworks`, by default all, makes of the parameters of `layer`.

    Raises `GeometryError` for an unknown framework, and for padding modes other than zeros.
    """
    if layer.padding_mode != "zeros":
        raise GeometryError(f"expected padding_mode zeros, which all frameworks have, got {layer.padding_mode}")
    for name in frameworks:
        if canonical(name) not in CONVENTIONS:
            raise GeometryError(unknown_framework(name, CONVENTIONS))
    names = dict.fromkeys(map(canonical, frameworks or CONVENTIONS))
    return [CONVENTIONS[cast(ComparedName, name)](layer) for name in names]
