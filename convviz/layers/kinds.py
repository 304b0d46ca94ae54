"""The kinds of layers: the table from which commands, recipes, pages and texts are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

LayerKind = Literal["conv", "transposed", "maxpool", "avgpool"]
LAYER_KINDS: Mapping[str, type[Layer]] = {layer.kind: layer for layer in (Conv, ConvTranspose, MaxPool, AvgPool)}
"""Kind → class."""
