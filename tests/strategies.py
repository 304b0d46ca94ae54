"""Random layers for the laws."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.layer import Layer


@st.composite
def layers(draw: Any, largest: int = 9) -> Layer:
    """Any legal layer of either kind: rectangular, dilated, cropping, with output padding."""

    def pair(low: int, high: int) -> tuple[int, int]:
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    given = {
        "input": pair(1, largest),
        "kernel": pair(1, 5),
        "stride": pair(1, 4),
        "padding": pair(0, 4),
        "dilation": pair(1, 3),
    }
    try:
        if draw(st.booleans()):
            return ConvTranspose(**given, output_padding=pair(0, 3))
        return Conv(**given)
    except GeometryError:
        assume(False)
        raise
