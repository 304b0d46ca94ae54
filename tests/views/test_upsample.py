"""upsample: copies, phases and the grown kernel against loops; the output in three ways against numpy's repeat."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, PictureError
from convviz.layers.kernels import named_kernel
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.scene.model import Mark, Scene, Timing
from convviz.views.phases import Phases
from convviz.views.upsample import upsample
from tests.profile import max_examples
from tests.views.layers import faults, last, number, scene_of

INPUT, COPIED, KERNEL, PHASES, GROWN, OUTPUT = range(6)
Case = tuple[np.ndarray, np.ndarray, int]


def scene_for(x: Any, w: Any, factor: int, *, visible: bool = True) -> Scene:
    layer = ConvTranspose(np.shape(x), np.shape(w), factor)
    values = conv_values(layer.sliding_windows, np.array(x), np.array(w))
    return upsample(layer, replace(values, visible=visible), Timing())


def grid(scene: Scene, panel: int) -> np.ndarray:
    """Return the numbers of a panel at the end, nan where there are none."""
    cells = last(scene)[panel]
    return np.array([[number(cell.text) if cell.text else np.nan for cell in row] for row in cells], float)


def as_rows(array: np.ndarray) -> np.ndarray:
    return array.reshape(1, -1) if array.ndim == 1 else array


def before(kernel: int) -> int:
    """Zeros before the copies; an even kernel has one more behind them."""
    return (kernel - 1) // 2


def convolved(x: np.ndarray, w: np.ndarray, factor: int) -> np.ndarray:
    """Copy with numpy, then move a window without a flip over zeros, in loops."""
    copied = x
    for axis in range(x.ndim):
        copied = copied.repeat(factor, axis)
    y = np.zeros_like(copied)
    for place, tap in product(np.ndindex(copied.shape), np.ndindex(w.shape)):
        source = tuple(at + u - before(k) for at, u, k in zip(place, tap, w.shape, strict=True))
        if all(0 <= at < size for at, size in zip(source, copied.shape, strict=True)):
            y[place] += copied[source] * w[tap]
    return y


def stamped(x: np.ndarray, grown: np.ndarray, factor: int, kernel: tuple[int, ...]) -> np.ndarray:
    """Add a stamp of the grown kernel for each input cell, and crop k − 1 − p before."""
    full = np.zeros([(n - 1) * factor + size for n, size in zip(x.shape, grown.shape, strict=True)], int)
    for cell in np.ndindex(x.shape):
        region = tuple(slice(at * factor, at * factor + size) for at, size in zip(cell, grown.shape, strict=True))
        full[region] += x[cell] * grown
    crops = [k - 1 - before(k) for k in kernel]
    return full[tuple(slice(crop, crop + n * factor) for crop, n in zip(crops, x.shape, strict=True))]


def flipped_boxes(w: np.ndarray, factor: int) -> np.ndarray:
    """Spread each weight of the flipped kernel over a box of ones, and add."""
    grown = np.zeros([size + factor - 1 for size in w.shape], int)
    turned = np.flip(w)
    for tap in np.ndindex(w.shape):
        grown[tuple(slice(u, u + factor) for u in tap)] += turned[tap]
    return grown


@st.composite
def cases(draw: Any) -> Case:
    count = draw(st.sampled_from((1, 2, 2)))
    shape = draw(st.tuples(*[st.integers(1, 4)] * count))
    kernel = draw(st.tuples(*[st.integers(1, 5)] * count))
    generator = np.random.default_rng(draw(st.integers(0, 999)))
    return generator.integers(-9, 10, shape), generator.integers(-9, 10, kernel), draw(st.integers(2, 4))


@max_examples(40)
@given(case=cases())
def test_kernel_grown_kernel_and_output_are_those_of_loops(case: Case) -> None:
    x, w, factor = case
    scene = scene_for(x, w, factor)
    grown, y = grid(scene, GROWN), grid(scene, OUTPUT)
    assert (grid(scene, KERNEL) == as_rows(w)).all()
    assert (grown == as_rows(flipped_boxes(w, factor))).all()
    assert (y == as_rows(convolved(x, w, factor))).all()
    assert (y == as_rows(stamped(x, flipped_boxes(w, factor), factor, w.shape))).all()
    assert scene.frames[-1].caption.fitted(999).startswith(f"All {y.size} values agree: ")
    assert scene.steps == x.size + 2 * factor**x.ndim + 1 + y.size + 1
    assert faults(scene) == []


@max_examples(30)
@given(case=cases())
def test_each_copy_has_the_value_and_the_tint_of_its_source(case: Case) -> None:
    x, w, factor = case
    scene = scene_for(x, w, factor)
    copies, source = last(scene)[COPIED], scene.panels[INPUT].cells
    top, left = (before(k) for k in (1, *w.shape)[-2:])
    rows, cols = as_rows(x).shape
    down = factor if x.ndim == 2 else 1
    for row, col in product(range(rows * down), range(cols * factor)):
        assert copies[top + row][left + col] == source[row // down][col // factor]
    inner = {(top + row, left + col) for row, col in product(range(rows * down), range(cols * factor))}
    around = {copies[r][c].role for r, c in product(range(len(copies)), range(len(copies[0]))) if (r, c) not in inner}
    assert around <= {"padding"}
    for row, col in product(range(rows), range(cols)):
        for other in ((row + 1, col), (row, col + 1)):
            if other[0] < rows and other[1] < cols:
                assert source[row][col].level != source[other[0]][other[1]].level


@max_examples(30)
@given(case=cases())
def test_each_phase_adds_the_weights_that_meet_the_same_input_cell(case: Case) -> None:
    """Oracle: for an output cell away from the borders, the input cell under each tap, in loops."""
    _, w, factor = case
    phases = Phases((9,) * w.ndim, w, factor)
    for phase in product(range(factor), repeat=w.ndim):
        found: dict[tuple[int, ...], int] = {}
        for tap in np.ndindex(w.shape):
            trios = zip(phase, tap, w.shape, strict=True)
            cell = tuple((4 * factor + a + u - before(k)) // factor for a, u, k in trios)
            found[cell] = found.get(cell, 0) + w[tap]
        assert [found[cell] for cell in sorted(found)] == [v for _, v in sorted(phases.sums[phase].items())]
        assert sum(found.values()) == w.sum()


@max_examples(20)
@given(case=cases())
def test_the_phases_have_as_many_weights_as_the_grown_kernel(case: Case) -> None:
    x, w, factor = case
    scene = scene_for(x, w, factor)
    weights = [cell for row in last(scene)[PHASES] for cell in row if cell.role == "kernel"]
    assert sorted(cell.text for cell in weights) == sorted(c.text for row in last(scene)[GROWN] for c in row)
    tints = {cell.level for cell in weights}
    assert len(tints) == factor**x.ndim


@pytest.mark.parametrize(
    ("w", "phases", "grown"),
    [
        ([[1, 2, 3]], [[1, 5, None, 3, 3]], [3, 5, 3, 1]),
        ([[1, 2, 3, 4, 5]], [[3, 7, 5, None, 1, 5, 9]], [5, 9, 7, 5, 3, 1]),
    ],
    ids=repr,
)
def test_two_phases_by_hand(w: Any, phases: Any, grown: list[int]) -> None:
    """f = 2, k = 3, p = 1: y[2n] = w₀·x[n−1] + (w₁ + w₂)·x[n], and y[2n+1] = (w₀ + w₁)·x[n] + w₂·x[n+1]."""
    scene = scene_for([1, 2, 3], w[0], 2)
    shown = [[None if np.isnan(v) else int(v) for v in row] for row in grid(scene, PHASES)]
    assert shown == phases
    assert grid(scene, GROWN)[0].tolist() == grown


@pytest.mark.parametrize(("k", "f"), [(3, 2), (5, 2), (3, 3), (4, 2), (1, 2)])
def test_marked_input_cells_and_window_are_those_that_change_the_output_cell(k: int, f: int) -> None:
    """Oracle: a 1 in one input cell at a time, under a kernel of ones."""
    shape = (3, 2)
    fed: dict[Any, set[Any]] = {}
    for cell in np.ndindex(shape):
        x = np.zeros(shape, int)
        x[cell] = 1
        for output in np.argwhere(convolved(x, np.ones((k, k), int), f)):
            fed.setdefault(tuple(output), set()).add(cell)
    scene = scene_for(np.ones(shape, int), np.ones((k, k), int), f)
    written = [frame for frame in scene.frames if frame.tab == 3 and frame.changes]
    assert len(written) == 6 * f * f
    for frame in written:
        output = frame.changes[0].row, frame.changes[0].col
        assert cells_of(frame.marks, INPUT) == fed[output]
        assert cells_of(frame.marks, COPIED) == {(output[0] + u, output[1] + v) for u, v in np.ndindex(k, k)}
        assert len(cells_of(frame.marks, GROWN)) == len(fed[output])


def cells_of(marks: tuple[Mark, ...], panel: int) -> set[tuple[int, int]]:
    return {(row, col) for mark in marks if mark.panel == panel for row, col in product(mark.rows, mark.cols)}


def test_the_stages_follow_each_other_and_each_equation_holds() -> None:
    scene = scene_for([[1, 2], [3, 1]], [[1, 0, 2], [3, 1, 1], [2, 4, 1]], 2)
    assert scene.tabs == ("1  copy 2×2", "2  add by phase", "3  grow the kernel", "4  write the output")
    assert [frame.tab for frame in scene.frames] == [0] * 4 + [1] * 4 + [2] * 5 + [3] * 17
    y = convolved(np.array([[1, 2], [3, 1]]), np.array([[1, 0, 2], [3, 1, 1], [2, 4, 1]]), 2)
    for frame, value in zip(scene.frames[13:-1], y.ravel(), strict=True):
        terms, result = re.sub(r"y\[.*?\] = ", "", frame.caption.fitted(999)).split(" = ")
        products = (term.split("·") for term in terms.split(" + "))
        assert sum(int(a) * int(b) for a, b in products) == int(result) == value


def test_sizes_badges_and_rules() -> None:
    scene = scene_for(np.ones((3, 5), int), np.ones((3, 5), int), 2)
    assert scene.sizes == "3×5 → 6×10, p follows from k"
    assert [badge.text for badge in scene.badges] == ["i = 3×5", "k = 3×5", "f = s = 2"]
    assert [formula.symbols for formula in scene.formulas] == [
        "by choice: the grown kernel's 24 weights are sums of 15; learnt ones need not be",
        "for any weights: pixel shuffle of the phases = the transposed convolution",
        "no checkerboard from a constant input: each phase adds up to 15",
    ]
    hidden = scene_for(np.ones((3, 5), int), np.ones((3, 5), int), 2, visible=False)
    assert hidden.formulas[2].symbols.endswith("each phase adds up to the sum of the kernel")
    assert {cell.text for rows in last(hidden) for row in rows for cell in row} == {""}


@pytest.mark.parametrize(
    ("name", "shape", "factor", "words"),
    [
        ("gaussian", (3, 3), 2, "bilinear"),
        ("box", (3, 3), 3, "bilinear"),
        ("gaussian", (3,), 2, "linear"),
        ("ones", (3, 3), 2, ""),
        ("gaussian", (3, 3), 3, ""),
    ],
)
def test_a_grown_kernel_may_be_that_of_bilinear_interpolation(
    name: str, shape: tuple[int, ...], factor: int, words: str
) -> None:
    """Oracle: a ramp stays a ramp of one f-th of the slope, away from the borders."""
    ramp = np.broadcast_to(np.arange(8.0), (8,) * len(shape))
    w = np.array(named_kernel(name, shape))
    scene = scene_for(ramp, w, factor, visible=False)
    told = next(frame.caption.fitted(999) for frame in scene.frames if frame.tab == 2 and not frame.changes)
    assert told.endswith(f": the weights of {words} interpolation") == bool(words)
    y = as_rows(Phases(ramp.shape, w, factor).convolved(ramp))
    slope = np.diff(y[y.shape[0] // 2, 2 * factor : -2 * factor])
    assert np.allclose(slope, 1 / factor) == bool(words)


def test_rounded_values_agree_but_for_rounding() -> None:
    generator = np.random.default_rng(3)
    scene = scene_for(generator.normal(size=(3, 3)), generator.normal(size=(3, 3)), 3)
    assert scene.frames[-1].caption.fitted(30) == "All 81 values agree"


def test_a_kernel_that_is_not_a_sum_of_boxes_gives_other_values() -> None:
    """The numbers agree by choice: with another kernel of the same size, stamps are not copies under any kernel."""
    x, w = np.arange(9).reshape(3, 3), np.arange(9).reshape(3, 3)
    phases = Phases(x.shape, w, 2)
    assert phases.agreeing(x) == 36
    phases.grown[0, 0] += 1
    assert phases.agreeing(x) < 36


@pytest.mark.parametrize(
    "layer", [ConvTranspose(3, 3), ConvTranspose(3, 3, (2, 3)), Conv(5, 3, 2), MaxPool(4, 2), AvgPool(4, 2)]
)
def test_other_layers_are_refused_with_a_way_out(layer: Layer) -> None:
    with pytest.raises(PictureError, match="needs a transposed convolution; its stride, 2 or more, is the factor"):
        scene_of(layer, "upsample")


@pytest.mark.parametrize(
    ("dilation", "x", "w", "bias", "words"),
    [
        (2, (2, 2), (3, 3), None, "needs a kernel without gaps; leave out the dilation"),
        (1, (2, 2, 2), (2, 1, 3, 3), None, "shows one input channel; leave out the channels"),
        (1, (2, 2), (3, 3), [1], "adds no bias; leave out the bias"),
    ],
)
def test_what_it_does_not_show_is_refused_with_a_way_out(dilation: int, x: Any, w: Any, bias: Any, words: str) -> None:
    layer = ConvTranspose(2, 3, 2, dilation=dilation)
    with pytest.raises(PictureError, match=words):
        upsample(layer, conv_values(layer.sliding_windows, np.ones(x), np.ones(w), bias), Timing())
