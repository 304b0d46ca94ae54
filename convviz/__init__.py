"""convviz makes convolution visible: animations of standard and transposed convolution for any parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError, ExportError, GeometryError, PictureError, ReadingError
from convviz.layers import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.animation import Animation, animate
    from convviz.exploring import explore
    from convviz.frameworks.live import from_keras, from_torch

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
    "explore",
    "from_keras",
    "from_torch",
]


def __getattr__(name: str) -> Any:
    """Import the drawing half on first use, so that geometry alone stays light."""
    if name in ("Animation", "animate"):
        from convviz import animation

        return getattr(animation, name)
    if name == "explore":
        from convviz.exploring import explore

        return explore
    if name in ("from_keras", "from_torch"):
        from convviz.frameworks import live

        return getattr(live, name)
    raise AttributeError(f"module 'convviz' has no attribute {name!r}")
