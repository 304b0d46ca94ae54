"""The way back: transpose(), matrix() and gradient_input(), against matrices built cell by cell and loops."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.geometry.padding import PADDING_MODES
from convviz.layers.convolution import ConvLayer
from tests import oracles
from tests.profile import max_examples

SEEDS = st.integers(0, 10**6)


@st.composite
def axis(draw: Any, kind: type[ConvLayer], mode: str) -> tuple[Any, ...]:
    """i, k, s, (p, p′), d and, for a transposed one, a; legal."""
    i, k, s, d = draw(st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)))
    most = {"reflect": i - 1, "circular": i}.get(mode, 4)
    p = draw(st.tuples(st.integers(0, most), st.integers(0, most)))
    return (i, k, s, p, d) if kind is Conv else (i, k, s, p, d, draw(st.integers(0, max(s, d) - 1)))


@st.composite
def layers(
    draw: Any, kinds: tuple[type[ConvLayer], ...] = (Conv, ConvTranspose), modes: Any = tuple(PADDING_MODES)
) -> ConvLayer:
    """A legal layer of one or two axes with uneven sides; a convolution with any padding mode."""
    kind = draw(st.sampled_from(kinds))
    mode = draw(st.sampled_from(modes)) if kind is Conv else "zeros"
    legal = axis(kind, mode).filter(oracles.is_legal)
    axes = draw(st.lists(legal, min_size=1, max_size=2))
    given = dict(zip(oracles.AXIS, (tuple(column) for column in zip(*axes, strict=True)), strict=False))
    return kind(**given, padding_mode=mode) if kind is Conv else kind(**given)


def random(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-9, 10, shape)


def brute_matrix(layer: ConvLayer, w: np.ndarray) -> np.ndarray:
    """C from the loops of the oracles, one input cell at a time."""
    columns = []
    for cell in product(*map(range, layer.input)):
        x = np.zeros((1, 1, *layer.input), int)
        x[(0, 0, *cell)] = 1
        given: dict[str, Any] = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
        if isinstance(layer, ConvTranspose):
            y = oracles.stamped(x, w[None, None], **given, output_padding=layer.output_padding)
        else:
            y = oracles.gathered(x, w[None, None], **given, mode=layer.padding_mode)
        columns.append(y.ravel())
    return np.array(columns).T


@max_examples(250)
@given(layers(), SEEDS)
def test_the_matrix_is_that_of_brute_force(layer: ConvLayer, seed: int) -> None:
    x, w = random(layer.input, seed), random(layer.kernel, seed + 1)
    c = layer.matrix(w)
    assert c.dtype == np.int64
    assert c.tolist() == brute_matrix(layer, w).tolist()
    assert (c @ x.ravel()).tolist() == layer(x, w).ravel().tolist()


@max_examples(250)
@given(layers(), SEEDS)
def test_the_gradient_of_the_input_is_the_adjoint(layer: ConvLayer, seed: int) -> None:
    """⟨Cx, y⟩ = ⟨x, Cᵀy⟩, for every padding mode."""
    x, w, y = random(layer.input, seed), random(layer.kernel, seed + 1), random(layer.output, seed + 2)
    back = layer.gradient_input(y, w)
    assert back.shape == layer.input
    assert (layer(x, w) * y).sum() == (x * back).sum()
    assert back.ravel().tolist() == (brute_matrix(layer, w).T @ y.ravel()).tolist()


@max_examples(250)
@given(layers(modes=("zeros",)), SEEDS)
def test_transposing_turns_the_matrix_and_the_sizes_round_and_back(layer: Any, seed: int) -> None:
    if any(a >= s for a, s in zip(layer.output_padding, layer.stride, strict=True)):
        return
    back = layer.transpose()
    assert type(back) is (Conv if isinstance(layer, ConvTranspose) else ConvTranspose)
    assert (back.input, back.output) == (layer.output, layer.input)
    w, y = random(layer.kernel, seed), random(layer.output, seed + 1)
    assert back.matrix(w).tolist() == layer.matrix(w).T.tolist()
    assert back(y, w).tolist() == layer.gradient_input(y, w).tolist()
    assert back.transpose().axes == layer.axes


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_a_convolution_with_another_mode_has_no_transposed_layer(mode: str) -> None:
    layer = Conv((4,), 3, padding=1, padding_mode=mode)
    with pytest.raises(GeometryError, match=rf"^a convolution with {mode} padding has no transposed convolution; use"):
        layer.transpose()
    assert layer.gradient_input([1, 1, 1, 1], [1, 1, 1]).sum() == 12


def test_an_output_padding_as_long_as_the_stride_has_no_convolution() -> None:
    """a ≥ s is legal for d > s, but no convolution maps that size back."""
    layer = ConvTranspose((3,), 2, 2, dilation=3, output_padding=2)
    with pytest.raises(GeometryError, match=r"^output padding 2 is not smaller than the stride 2: .*; use a ≤ 1$"):
        layer.transpose()
    assert len(oracles.windows(*layer.output, 2, 2, 0, 3)) != 3
    assert ConvTranspose((3,), 2, 2, dilation=3, output_padding=1).transpose().output == (3,)


@pytest.mark.parametrize("name", ["same", "same_lower", "valid", "full", "half"])
@pytest.mark.parametrize("i", [5, 6, 7])
def test_named_padding_goes_there_and_back(name: str, i: int) -> None:
    layer = Conv((i, i + 1), 3, 2, name)
    back = layer.transpose()
    assert back.output == (i, i + 1)
    assert back.transpose().axes == layer.axes
    assert ConvTranspose(layer.output, 3, 2, name, output=(i, i + 1)).axes == back.axes


@max_examples(300)
@given(oracles.axes(transposed=True, largest=5).filter(oracles.is_legal), SEEDS)
def test_the_scatter_is_the_gather_of_the_flipped_kernel_over_inserted_zeros(axis: tuple[int, ...], seed: int) -> None:
    """Two independent loops: stamps of the kernel, and a stride-1 convolution of the line with the kernel turned."""
    i, k, s, p, d, a = axis
    layer = ConvTranspose((i,), k, s, p, d, a)
    x, w = random((i,), seed), random((k,), seed + 1)
    line = np.zeros((i - 1) * s + 1, int)
    line[::s] = x
    line = np.pad(line, (d * (k - 1), d * (k - 1) + a))
    gathered = [
        sum(line[start + tap * d] * w[::-1][tap] for tap in range(k)) for start in range(len(line) - d * (k - 1))
    ]
    assert layer(x, w).tolist() == gathered[p : len(gathered) - p]


@max_examples(200)
@given(*[oracles.axes(transposed=True, largest=4).filter(oracles.is_legal)] * 2, SEEDS)
def test_a_separable_kernel_works_axis_by_axis(rows: tuple[int, ...], columns: tuple[int, ...], seed: int) -> None:
    layer = ConvTranspose(**oracles.parameters(rows, columns))
    one, other = (
        ConvTranspose(**{name: (value,) for name, value in zip(oracles.AXIS, axis, strict=True)})
        for axis in (rows, columns)
    )
    u, v, x = random(one.kernel, seed), random(other.kernel, seed + 1), random(layer.input, seed + 2)
    down = np.array([one(column, u) for column in x.T]).T
    assert layer(x, np.outer(u, v)).tolist() == [other(row, v).tolist() for row in down]
    assert layer.matrix(np.outer(u, v)).tolist() == np.kron(one.matrix(u), other.matrix(v)).tolist()


@max_examples(200)
@given(layers(), SEEDS)
def test_a_row_of_height_one_is_a_line(layer: ConvLayer, seed: int) -> None:
    if len(layer.axes) != 1:
        return
    single = {"input": 1, "kernel": 1, "stride": 1, "padding": (0, 0), "dilation": 1, "output_padding": 0}
    names = oracles.AXIS if isinstance(layer, ConvTranspose) else oracles.AXIS[:5]
    given = {name: (single[name], getattr(layer, name)[0]) for name in names}
    mode = {} if isinstance(layer, ConvTranspose) else {"padding_mode": layer.padding_mode}
    row = type(layer)(**given, **mode)
    x, w, y = random(layer.input, seed), random(layer.kernel, seed + 1), random(layer.output, seed + 2)
    assert row.output == (1, *layer.output)
    assert row([x], [w]).tolist() == [layer(x, w).tolist()]
    assert row.matrix([w]).tolist() == layer.matrix(w).tolist()
    assert row.gradient_input([y], [w]).tolist() == [layer.gradient_input(y, w).tolist()]


def test_the_classic_matrix_of_the_guide() -> None:
    """A 3×3 kernel on 4×4 cells: sixteen columns, four rows, each row the kernel at its place."""
    w = np.arange(1, 10).reshape(3, 3)
    c = Conv(4, 3).matrix(w)
    assert c.shape == (4, 16)
    assert c[0].tolist() == [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]
    assert c[3].tolist() == [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9]
    assert ConvTranspose(2, 3).matrix(w).tolist() == c.T.tolist()


# Overlap


OVERLAP = oracles.vectors("distill_overlap.json")


@pytest.mark.parametrize("s", [1, 2, 3, 4])
def test_each_output_cell_is_written_as_often_as_pytorch_writes_it(s: int) -> None:
    rows = [row for row in OVERLAP["rows"] if row[2] == s]
    assert len(rows) == 48
    for i, k, _, counts, low, high, is_uniform in rows:
        found = ConvTranspose((i,), k, s)(np.ones(i, int), np.ones(k, int)).tolist()
        assert found == counts
        assert (low, high) == (None, None) or (len(set(found[low:high])) == 1) == is_uniform


@pytest.mark.parametrize("row", OVERLAP["period"], ids=lambda row: f"k={row[0]} s={row[1]}")
def test_the_counts_are_periodic_far_from_the_border_and_even_where_the_stride_divides_the_kernel(row: Any) -> None:
    k, s, counts = row
    found = ConvTranspose((40,), k, s)(np.ones(40, int), np.ones(k, int)).tolist()
    assert found[10 * s : 30 * s] == counts * 20
    assert (len(set(counts)) == 1) == (k % s == 0)


def test_counts_of_two_axes_multiply() -> None:
    layer = ConvTranspose((3, 4), (3, 2), (2, 3))
    rows, columns = ConvTranspose((3,), 3, 2), ConvTranspose((4,), 2, 3)
    counts = [axis(np.ones(axis.input, int), np.ones(axis.kernel, int)) for axis in (rows, columns)]
    assert layer(np.ones((3, 4), int), np.ones((3, 2), int)).tolist() == np.outer(*counts).tolist()


# Refusals


@pytest.mark.parametrize("method", ["matrix", "gradient_input"])
@pytest.mark.parametrize("w", [[1, 2, 3], [[1, 2, 3]], [[[[1, 2], [3, 4]]]], [[1, 2, 3], [4, 5, 6]]])
def test_a_kernel_of_the_wrong_shape_is_refused_with_both(method: str, w: Any) -> None:
    layer = Conv(2, 2)
    given = [np.ones(layer.output)] if method == "gradient_input" else []
    shape = "×".join(map(str, np.shape(w)))
    with pytest.raises(GeometryError, match=f"^kernel values are {shape}, but the kernel is 2×2"):
        getattr(layer, method)(*given, w)


@pytest.mark.parametrize("dy", [[1, 2], [[1, 2]], [[1], [2]], 3, [[[1, 2], [3, 4]]]])
def test_a_gradient_of_the_wrong_shape_is_refused_with_both(dy: Any) -> None:
    with pytest.raises(GeometryError, match=r"^dL/dy values are .+, but the output is 2×2"):
        Conv(3, 2).gradient_input(dy, [[1, 2], [3, 4]])


def test_a_matrix_too_large_to_write_out_is_refused_with_its_size() -> None:
    assert Conv(20, 1).matrix([[1]]).shape == (400, 400)
    with pytest.raises(GeometryError, match=r"^a matrix of 4096×4096 is too large to write out; use a smaller layer$"):
        Conv(64, 1).matrix([[1]])
    with pytest.raises(GeometryError, match="is too large to write out"):
        ConvTranspose(1_000_000, 1, 1000).matrix([[1]])
