"""Primitives drawn by matplotlib to pixels."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from convviz.raster import ByteArray
from convviz.render.fonts import DPI
from convviz.render.hermetic import RendererAgg
from convviz.render.primitives import Primitive


def rasterize(primitives: Iterable[Primitive], size: tuple[int, int]) -> ByteArray:
    """Return the pixels (height, width, RGBA) of the primitives and nothing else."""
    canvas = RendererAgg(*size, DPI)
    for primitive in primitives:
        primitive.paint(canvas)
    return np.asarray(canvas.buffer_rgba())
