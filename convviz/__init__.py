"""convviz makes convolution visible: animations of standard and transposed convolution for any parameters."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError, ExportError, GeometryError, PictureError, ReadingError
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.analysis.explain import explain
    from convviz.analysis.solver import solve
    from convviz.animation.animate import animate
    from convviz.animation.animation import Animation
    from convviz.animation.explorer import explore
    from convviz.animation.training import train
    from convviz.frameworks.codegen.generate import code
    from convviz.frameworks.comparison import compare
    from convviz.frameworks.modules import from_keras, from_torch

__all__ = [
    "Animation",
    "AvgPool",
    "Conv",
    "ConvTranspose",
    "ConvvizError",
    "ExportError",
    "GeometryError",
    "MaxPool",
    "PictureError",
    "ReadingError",
    "__version__",
    "animate",
    "code",
    "compare",
    "explain",
    "explore",
    "from_keras",
    "from_torch",
    "solve",
    "train",
]

_LAZY = {
    "Animation": "convviz.animation.animation",
    "animate": "convviz.animation.animate",
    "code": "convviz.frameworks.codegen.generate",
    "compare": "convviz.frameworks.comparison",
    "explain": "convviz.analysis.explain",
    "explore": "convviz.animation.explorer",
    "from_keras": "convviz.frameworks.modules",
    "from_torch": "convviz.frameworks.modules",
    "solve": "convviz.analysis.solver",
    "train": "convviz.animation.training",
}
"""Public name → the module that defines it, imported at first use so that geometry alone stays light."""


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'convviz' has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
