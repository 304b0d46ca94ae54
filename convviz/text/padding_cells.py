"""What padding consists of, in words."""

from __future__ import annotations

from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.text.formatting import MINUS

PADDING_CELLS = {
    "zeros": "zeros",
    "reflect": "reflected cells",
    "replicate": "copies of the border",
    "circular": "cells from the other side",
}
"""Padding mode → what padding consists of."""


def padding_cells(layer: Layer) -> str:
    """Say what padding consists of: zeros, or −∞ in a max pooling, where it is never the maximum."""
    if isinstance(layer, MaxPool):
        return f"cells of {MINUS}∞"
    if isinstance(layer, AvgPool) and not layer.count_include_pad:
        return "cells that do not count"
    return PADDING_CELLS[layer.padding_mode]
