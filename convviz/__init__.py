"""convviz makes convolution visible: animations of standard and transposed convolution for any parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError, ExportError, GeometryError, PictureError
from convviz.layers import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.animation import Animation, animate
    from convviz.exploring import explore
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
    "__version__",
    "animate",
    "code",
    "explore",
    "solve",
]


def __getattr__(name: str) -> Any:
    """Import the drawing half on first use, so that geometry alone stays light."""
    if name in ("Animation", "animate"):
        from convviz import animation

        return getattr(animation, name)
    if name == "explore":
        from convviz.exploring import explore

        return explore
    if name == "code":
        from convviz.frameworks.writing import code

        return code
    if name == "solve":
        from convviz.solving import solve

        return solve
    raise AttributeError(f"module 'convviz' has no attribute {name!r}")
