"""The fifteen animations of conv_arithmetic by their names.

Parameters are those of the figures of Dumoulin & Visin, *A guide to convolution arithmetic for deep learning* (2016);
each `…_transposed` is the transpose of the convolution before it.
"""

from __future__ import annotations

from typing import Any

from convviz.errors import PictureError
from convviz.errors.printable import did_you_mean, shown
from convviz.layers.convolution import Conv, ConvTranspose

CONV_PRESETS: dict[str, dict[str, Any]] = {
    "no_padding_no_strides": {"input": 4, "kernel": 3},
    "arbitrary_padding_no_strides": {"input": 5, "kernel": 4, "padding": 2},
    "same_padding_no_strides": {"input": 5, "kernel": 3, "padding": 1},
    "full_padding_no_strides": {"input": 5, "kernel": 3, "padding": 2},
    "no_padding_strides": {"input": 5, "kernel": 3, "stride": 2},
    "padding_strides": {"input": 5, "kernel": 3, "stride": 2, "padding": 1},
    "padding_strides_odd": {"input": 6, "kernel": 3, "stride": 2, "padding": 1},
    "dilation": {"input": 7, "kernel": 3, "dilation": 2},
}
PRESET_NAMES = [*CONV_PRESETS, *(f"{name}_transposed" for name in CONV_PRESETS if name != "dilation")]


def preset(name: str) -> Conv | ConvTranspose:
    """The layer of that name; raises `PictureError` naming those that exist."""
    if name not in PRESET_NAMES:
        raise PictureError(
            f"there is no preset {shown(name)}; {did_you_mean(name, PRESET_NAMES)}{', '.join(PRESET_NAMES)}"
        )
    layer = Conv(**CONV_PRESETS[name.removesuffix("_transposed")])
    return layer.transpose() if name.endswith("_transposed") else layer
