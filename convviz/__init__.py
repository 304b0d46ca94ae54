"""convviz makes convolution visible: animations of standard and transposed convolution for any parameters."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError, ExportError, GeometryError, PictureError, ReadingError
from convviz.layers import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.animation import Animation, animate
    from convviz.exploring import explore
    from convviz.frameworks.live import from_keras, from_torch
    from convviz.frameworks.writing import code
    from convviz.solving import solve

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
    "explore",
    "from_keras",
    "from_torch",
    "solve",
]


LATER = {
    "Animation": "convviz.animation",
    "animate": "convviz.animation",
    "code": "convviz.frameworks.writing",
    "explore": "convviz.exploring",
    "from_keras": "convviz.frameworks.live",
    "from_torch": "convviz.frameworks.live",
    "solve": "convviz.solving",
}
"""Name → the module that is imported when it is first used, so that geometry alone stays light."""


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module 'convviz' has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)
