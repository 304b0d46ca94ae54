"""Padding by name, as TensorFlow, Keras, ONNX and PyTorch have it, and by mode, as numpy pads."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.errors.printable import count_of
from convviz.geometry.axis import ConvAxis, ConvTransposeAxis
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.layers.ops import padded_input
from tests import oracles
from tests.profile import max_examples

Measures = tuple[int, int, int, int]
"""i, k, s, d."""
MEASURES = st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(1, 5), st.integers(1, 3))
NAMED = pytest.mark.parametrize("name", sorted(PADDING_RULES))
REORDERED = ["reflect", "replicate", "circular"]


def expected(name: str, measures: Measures) -> oracles.Pair:
    """The padding that a name stands for, by search and by counting."""
    i, k, s, d = measures
    effective_kernel = len(range(0, (k - 1) * d + 1))
    if name in ("same", "same_lower"):
        wanted = len(range(0, i, s))
        total = next(total for total in range(100) if len(oracles.windows(i, k, s, (0, total), d)) == wanted)
        small, large = total // 2, total - total // 2
        return (small, large) if name == "same" else (large, small)
    each = {"valid": 0, "full": effective_kernel - 1, "half": effective_kernel // 2}[name]
    return each, each


# Named padding of a convolution


@NAMED
@max_examples(200)
@given(measures=MEASURES)
def test_a_name_stands_for_its_padding(name: str, measures: Measures) -> None:
    i, k, s, d = measures
    padding = expected(name, measures)
    if not oracles.windows(i, k, s, padding, d):
        with pytest.raises(GeometryError, match="does not fit"):
            Conv((i,), k, s, name, d)
        return
    layer = Conv((i,), k, s, name, d)
    assert layer.padding == (padding,)
    assert layer.named_padding == name
    assert layer.axes == Conv((i,), k, s, (padding,), d).axes


@given(MEASURES)
def test_same_divides_the_size_by_the_stride_and_rounds_up(measures: Measures) -> None:
    i, k, s, d = measures
    for name in ("same", "same_lower"):
        assert Conv((i,), k, s, name, d).output == (len(range(0, i, s)),)


@given(MEASURES)
def test_full_sees_every_overlap_and_half_keeps_the_size_of_odd_kernels(measures: Measures) -> None:
    i, k, _, d = measures
    assert Conv((i,), k, 1, "full", d).output == (len(oracles.scattered(i, k, 1, 0, d, 0)),)
    half = Conv((i,), k, 1, "half", d).output[0]
    assert half == (i if d * (k - 1) % 2 == 0 else i + 1)


def test_same_depends_on_the_size_and_the_odd_cell_is_at_the_end() -> None:
    assert [Conv((i,), 3, 2, "same").padding[0] for i in (5, 6)] == [(1, 1), (0, 1)]
    assert [Conv((i,), 2, 1, "same").padding[0] for i in (5, 6)] == [(0, 1), (0, 1)]
    assert [Conv((i,), 2, 1, "same_lower").padding[0] for i in (5, 6)] == [(1, 0), (1, 0)]
    assert Conv((5, 6), 3, 2, "same").padding == ((1, 1), (0, 1))
    x = [[1, 2, 3, 4]]
    assert Conv((1, 4), (1, 2), 1, "same")(x, [[1, 10]]).tolist() == [[21, 32, 43, 4]]
    assert Conv((1, 4), (1, 2), 1, "same_lower")(x, [[1, 10]]).tolist() == [[10, 21, 32, 43]]


# Named padding of a transposed convolution


def test_the_odd_row_and_column_of_same_are_cropped_at_the_end() -> None:
    """As TensorFlow, Keras and JAX have it; padding and output padding cannot say this."""
    x, ones = [[1, 2], [3, 4]], np.ones((3, 3), int)
    layer = ConvTranspose(2, 3, 2, "same")
    assert layer(x, ones).tolist() == [[1, 1, 3, 2], [1, 1, 3, 2], [4, 4, 10, 6], [3, 3, 7, 4]]
    assert layer.padding == ((0, 1), (0, 1))
    assert ConvTranspose(2, 3, 2, "same_lower")(x, ones).tolist() == [
        [1, 3, 2, 2],
        [4, 10, 6, 6],
        [3, 7, 4, 4],
        [3, 7, 4, 4],
    ]
    extra = ConvTranspose(2, 3, 2, padding=1, output_padding=1)
    assert extra(x, ones).tolist() == [[1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]]


@max_examples(200)
@given(MEASURES)
def test_the_sizes_that_tensorflow_and_keras_choose(measures: Measures) -> None:
    """SAME: i·s; VALID: room for the kernel, and zeros where the stride is longer."""
    i, k, s, d = measures
    effective_kernel = (k - 1) * d + 1
    for name in ("same", "same_lower"):
        assert ConvTranspose((i,), k, s, name, d).output == (i * s,)
    assert ConvTranspose((i,), k, s, "valid", d).output == (i * s + max(effective_kernel - s, 0),)


@NAMED
@max_examples(200)
@given(measures=MEASURES)
def test_a_transposed_convolution_is_the_way_back_of_every_size_that_the_convolution_maps_to_it(
    name: str, measures: Measures
) -> None:
    """Which sizes `output` may have is searched for, and what stands where follows from the convolution's matrix."""
    i, k, s, d = measures
    possible = []
    for size in range(1, i * s + 2 * d * k + 2):
        padding = expected(name, (size, k, s, d))
        if len(oracles.windows(size, k, s, padding, d)) == i:
            possible.append(size)
            layer = ConvTranspose((i,), k, s, name, d, output=(size,))
            assert layer.output == (size,)
            assert layer.axes == Conv((size,), k, s, name, d).transpose().axes
            [(before, after)] = layer.padding
            assert oracles.transposed_line(i, k, s, (before, after), d, *layer.output_padding) == [
                (cell.kind, cell.source, cell.read, cell.cropped) for cell in layer.sliding_windows[0].cells
            ]
    for size in {0, -1, min(possible, default=1) - 1, max(possible, default=0) + 1} - set(possible):
        with pytest.raises(GeometryError, match=rf"^output {size} is not possible: ") as caught:
            ConvTranspose((i,), k, s, name, d, output=(size,))
        if possible:
            assert named_sizes(caught) == (min(possible), max(possible))
        else:
            assert "-" not in str(caught.value).removeprefix(f"output {size}")


def named_sizes(caught: pytest.ExceptionInfo[GeometryError]) -> tuple[int, int]:
    """The smallest and the largest size that the error offers."""
    match = re.search(r"maps (\d+)(?: to (\d+))? cells? to \d+; use one of these$", str(caught.value))
    assert match, caught.value
    return int(match[1]), int(match[2] or match[1])


@max_examples(200)
@given(MEASURES, st.integers(0, 5), st.integers(0, 5))
@example((1, 3, 1, 1), 3, 3)
@example((1, 3, 2, 1), 3, 3)
def test_an_output_size_chooses_the_output_padding(measures: Measures, before: int, after: int) -> None:
    i, k, s, d = measures
    given: dict[str, Any] = {"input": (i,), "kernel": k, "stride": s, "padding": ((before, after),), "dilation": d}
    possible = [
        size for size in range(1, i * s + d * k + 2) if len(oracles.windows(size, k, s, (before, after), d)) == i
    ]
    for size in possible:
        layer = ConvTranspose(**given, output=size)
        assert layer.output == (size,)
        assert layer.padding == ((before, after),)
        assert layer == ConvTranspose(**given, output_padding=layer.output_padding)
    for size in {0, min(possible, default=1) - 1, max(possible, default=0) + 1} - set(possible):
        with pytest.raises(GeometryError, match="is not possible") as caught:
            ConvTranspose(**given, output=size)
        assert not re.search(r"[-−]\d", str(caught.value).removeprefix(f"output {size}")), caught.value
        if possible:
            assert named_sizes(caught) == (min(possible), max(possible))


@pytest.mark.parametrize("output", [5.0, "5", True, (np.float64(5), 5)])
def test_an_output_that_is_no_whole_number_is_refused(output: Any) -> None:
    with pytest.raises(GeometryError, match="output"):
        ConvTranspose(3, 3, 2, 1, output=output)


@pytest.mark.parametrize("output", [6, (6, 5), [6, 5], np.int64(6), np.array([6, 5]), (np.int64(6), np.int64(5))])
def test_an_output_is_a_whole_number_of_any_kind_or_a_pair(output: Any) -> None:
    assert ConvTranspose(3, 3, 2, 1, output=output).output[0] == 6


@pytest.mark.parametrize("padding", [None, 2.5, -1, (None, 1), ("a", 1), ((1, 2.5), 1)])
def test_a_bad_padding_is_refused_with_an_output_as_without(padding: Any) -> None:
    with pytest.raises(GeometryError, match="p is a whole number from 0 to 1 000 000"):
        ConvTranspose(3, 3, 2, padding)
    with pytest.raises(GeometryError, match="p is a whole number from 0 to 1 000 000"):
        ConvTranspose(3, 3, 2, padding, output=5)


def test_an_output_and_an_output_padding_exclude_each_other() -> None:
    with pytest.raises(GeometryError, match=r"^give an output size or an output padding, not both"):
        ConvTranspose(3, 3, 2, 1, output_padding=0, output=5)


# Modes: what padding holds


@pytest.mark.parametrize("mode", sorted(PADDING_MODES))
@max_examples(200)
@given(st.integers(1, 7), st.integers(0, 9), st.integers(0, 9))
def test_padding_holds_what_numpy_pads(mode: str, i: int, before: int, after: int) -> None:
    """And it is refused exactly where PyTorch refuses: reflect up to i − 1, circular up to i cells a side."""
    most = {"zeros": 99, "replicate": 99, "reflect": i - 1, "circular": i}[mode]
    given: dict[str, Any] = {"input": i, "kernel": 1, "padding": (before, after), "padding_mode": mode}
    if max(before, after) > most:
        text = rf"^padding {max(before, after)} is too large for {mode} padding of {count_of(i, 'cell')}; "
        text += f"use p ≤ {most} or the mode"
        with pytest.raises(GeometryError, match=f"{text} replicate$"):
            ConvAxis(**given)
        clipped = {**given, "padding": (min(before, most), min(after, most))}
        assert ConvAxis(**clipped).output
        assert ConvAxis(**{**given, "padding_mode": "replicate"}).output
        return
    track = ConvAxis(**given).sliding_window
    cells = np.pad(np.arange(i), (before, after), mode=oracles.NUMPY_PAD[mode], **fill(mode))
    assert [-1 if cell.source is None else cell.source for cell in track.cells] == cells.tolist()
    assert [cell.kind for cell in track.cells] == ["padding"] * before + ["input"] * i + ["padding"] * after
    line = padded_input([track], np.arange(1, i + 1))
    assert line.tolist() == np.pad(np.arange(1, i + 1), (before, after), mode=oracles.NUMPY_PAD[mode]).tolist()


def fill(mode: str) -> dict[str, int]:
    return {"constant_values": -1} if mode == "zeros" else {}


@st.composite
def padded(draw: Any) -> dict[str, Any]:
    """A legal convolution of one or two axes with a mode and uneven sides."""
    mode, axes = draw(st.sampled_from(sorted(PADDING_MODES))), draw(st.integers(1, 2))
    columns = []
    for _ in range(axes):
        i, k, s, d = draw(st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2)))
        most = {"reflect": i - 1, "circular": i}.get(mode, 4)
        p = draw(st.tuples(st.integers(0, most), st.integers(0, most)))
        columns.append((i, k, s, p, d))
    split = tuple(zip(*columns, strict=True))
    return {**dict(zip(oracles.AXIS, split, strict=False)), "padding_mode": mode}


@max_examples(400)
@given(padded().filter(lambda g: all(oracles.windows(*axis) for axis in axes_of(g))), st.integers(0, 999))
def test_a_convolution_reads_what_stands_in_the_padding(given: dict[str, Any], seed: int) -> None:
    layer = Conv(**given)
    random = np.random.default_rng(seed)
    x, w = random.integers(-9, 10, given["input"]), random.integers(-9, 10, given["kernel"])
    y = oracles.gathered(
        x[None, None],
        w[None, None],
        stride=given["stride"],
        padding=given["padding"],
        dilation=given["dilation"],
        mode=given["padding_mode"],
    )
    assert layer(x, w).tolist() == y[0, 0].tolist()
    assert layer.padding_mode == given["padding_mode"]


def axes_of(given: dict[str, Any]) -> list[Any]:
    return list(zip(*(given[name] for name in oracles.AXIS[:5]), strict=True))


def test_every_mode_can_be_seen() -> None:
    seen = [Conv((3,), 1, padding=2, padding_mode=mode)([1, 2, 3], [1]).tolist() for mode in PADDING_MODES]
    assert seen == [[0, 0, 1, 2, 3, 0, 0], [3, 2, 1, 2, 3, 2, 1], [1, 1, 1, 2, 3, 3, 3], [2, 3, 1, 2, 3, 1, 2]]


@pytest.mark.parametrize("mode", ["constant", "", "Zeros", 0, None, ["zeros"]])
def test_an_unknown_mode_is_refused_with_the_known_ones(mode: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        Conv(5, 3, padding_mode=mode)
    assert str(caught.value) == f"there is no padding mode {mode!r}; use zeros, reflect, replicate, circular"


@pytest.mark.parametrize("mode", REORDERED)
def test_a_transposed_convolution_has_no_mode(mode: str) -> None:
    with pytest.raises(
        GeometryError, match=f"^a transposed convolution has no padding mode '{mode}': its padding crops"
    ):
        ConvTransposeAxis(padding_mode=mode)
    with pytest.raises(TypeError):
        ConvTranspose(5, 3, padding_mode=mode)  # type: ignore[call-arg]


@pytest.mark.parametrize("mode", REORDERED)
def test_named_padding_holds_a_mode_too(mode: str) -> None:
    layer = Conv((4,), 2, 1, "same", padding_mode=mode)
    end = {"reflect": 3, "replicate": 4, "circular": 1}[mode]
    assert layer([1, 2, 3, 4], [1, 10]).tolist() == [21, 32, 43, 4 + 10 * end]
