"""Random layers for the laws."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.layers.kinds import LAYER_KINDS
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


@st.composite
def layers_of_every_kind(draw: Any, kinds: tuple[str, ...] = tuple(LAYER_KINDS)) -> Layer:
    """Any legal layer: of one or two axes, with padding in numbers, per side or by name, and with every option."""
    layer = LAYER_KINDS[draw(st.sampled_from(kinds))]
    axes = draw(st.integers(1, 2))

    def sizes(low: int, high: int) -> st.SearchStrategy[tuple[int, ...]]:
        return st.tuples(*[st.integers(low, high)] * axes)

    sides = st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * axes)
    options = {
        "stride": sizes(1, 3),
        "padding": st.one_of(st.sampled_from(list(PADDING_RULES)), sides, sizes(0, 2), st.integers(0, 2)),
        "dilation": sizes(1, 3),
        "padding_mode": st.sampled_from(list(PADDING_MODES)),
        "output_padding": sizes(0, 2),
        "output": sizes(1, 20),
        "ceil_mode": st.booleans(),
        "count_include_pad": st.booleans(),
    }
    names = draw(st.sets(st.sampled_from([name for name in options if name in layer.parameters])))
    given = {"input": draw(sizes(1, 8)), "kernel": draw(sizes(1, 4))}
    try:
        return layer(**given, **{name: draw(options[name]) for name in options if name in {"padding", *names}})
    except GeometryError:
        assume(False)
        raise
