"""overlap: counts against loops of ones, and evenness against an axis so long that its borders are far away."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import gcd
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from convviz import Conv, ConvTranspose, MaxPool, animate
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.scene.model import Scene, Timing
from convviz.views.overlap import overlap
from tests.profile import max_examples
from tests.views.layers import any_layer, at, faults, last, meetings_of, number, scene_of, states

CONVOLUTIONS = any_layer(4, ("conv", "transposed")).filter(lambda layer: any(meetings_of(layer)))


ONES = "these counts are also values: the output if input and kernel are all ones"
FEWER, LEARNT = "borders can receive fewer", ", and learnt weights can still be uneven"


def alike(layer: Layer, kernel: tuple[int, ...]) -> Layer:
    """Return the layer with another kernel."""
    if kernel == layer.kernel:
        return layer
    given = layer.input, kernel, layer.stride, layer.padding, layer.dilation
    if isinstance(layer, ConvTranspose):
        return ConvTranspose(*given, layer.output_padding)
    return Conv(*given, layer.padding_mode)


def counted(scene: Scene, items: Iterable[Any]) -> list[Any]:
    """Return those of `items`, one for each panel, that belong to grids of counts."""
    return [item for panel, item in zip(scene.panels, items, strict=True) if panel.name == "counts"]


def kernels(scene: Scene) -> list[tuple[int, ...]]:
    """Return the kernels of the panels, from their captions."""
    kernels = [panel.caption.split(",")[0].removeprefix("k = ") for panel in counted(scene, scene.panels)]
    axes = len(counted(scene, scene.panels)[0].caption.split("; ")[1].split("×"))
    return [tuple(map(int, one.split("×"))) * (1 if "×" in one else axes) for one in kernels]


def ones(layer: Layer) -> np.ndarray:
    """Count the products of each cell: stamps on an output cell, windows on an input cell."""
    transposed = isinstance(layer, ConvTranspose)
    counts = np.zeros(layer.output if transposed else layer.input, dtype=int)
    for one, other, _ in meetings_of(layer):
        counts[other if transposed else one] += 1
    return counts


@max_examples(90)
@given(layer=CONVOLUTIONS)
def test_the_final_counts_are_those_of_ones_convolved_with_ones(layer: Any) -> None:
    scene = scene_of(layer, "overlap", 1)
    end = last(scene)
    assert layer.kernel in kernels(scene)
    for grid, kernel in zip(counted(scene, end), kernels(scene), strict=True):
        counts = ones(alike(layer, kernel))
        assert (len(grid), len(grid[0])) == (1, *counts.shape)[-2:]
        for index, count in np.ndenumerate(counts):
            row, col = at(index)
            assert grid[row][col].text == (str(count) if count else "")
            assert grid[row][col].role == ("output" if count else "empty")


@max_examples(100)
@given(layer=CONVOLUTIONS)
def test_each_step_adds_one_and_outlines_where(layer: Layer) -> None:
    scene = scene_of(layer, "overlap", 1)
    before = [[[0] * panel.cols for _ in range(panel.rows)] for panel in scene.panels]
    for frame, grids in zip(scene.frames, states(scene), strict=True):
        grids_of_counts = counted(scene, range(len(grids)))
        marked = {(m.panel, r, c) for m in frame.marks for r in m.rows for c in m.cols if m.panel in grids_of_counts}
        assert marked == {(one.panel, one.row, one.col) for one in frame.changes if one.panel in grids_of_counts}
        for panel in grids_of_counts:
            now = [[int(cell.text or 0) for cell in row] for row in grids[panel]]
            for (r, c), count in np.ndenumerate(np.array(now)):
                added = count - before[panel][r][c]
                assert bool(added) == ((panel, r, c) in marked)
                assert added <= 1 or layer.padding_mode != "zeros"
            before[panel] = now
    assert faults(scene) == []


@max_examples(90)
@given(layer=CONVOLUTIONS)
def test_levels_of_all_grids_are_on_one_scale(layer: Layer) -> None:
    scene = scene_of(layer, "overlap", 1)
    cells = [cell for grid in counted(scene, last(scene)) for row in grid for cell in row if cell.text]
    highest = max(int(cell.text) for cell in cells)
    for cell in cells:
        assert cell.level == max(15, round(100 * int(cell.text) / highest))
    assert scene.legend[0].text == f"{highest} contribution{'s' if highest > 1 else ''}"


@max_examples(90)
@given(layer=CONVOLUTIONS)
def test_bars_are_the_counts_along_the_columns_on_one_scale(layer: Any) -> None:
    """Oracle: the last axis alone, as a layer of one axis."""
    if layer.padding_mode != "zeros":
        layer = Conv(layer.input, layer.kernel, layer.stride, layer.padding, layer.dilation)
    scene = scene_of(layer, "overlap", 1)
    lines, tallest = [], 0
    for kernel in kernels(scene):
        whole = alike(layer, kernel)
        given_ = {name: (getattr(whole, name)[-1],) for name in ("input", "kernel", "stride", "padding", "dilation")}
        extra = {"output_padding": whole.output_padding[-1:]} if isinstance(whole, ConvTranspose) else {}
        lines.append(ones(type(whole)(**given_, **extra)))
        across = [
            ones(type(whole)(**{n: v[:1] if n != "input" else v for n, v in axis.items()})) for axis in _axes(whole)
        ]
        tallest = max(tallest, *(int(line.max()) for line in across))
    profiles = [panel for panel in scene.panels if panel.name == "profile"]
    for panel, line in zip(profiles, lines, strict=True):
        assert [cell.role for cell in panel.cells[0]] == ["bar"] * len(line)
        assert [cell.level for cell in panel.cells[0]] == [round(100 * int(count) / tallest) for count in line]


def _axes(layer: Layer) -> list[dict[str, Any]]:
    names = ["input", "kernel", "stride", "padding", "dilation"]
    names += ["output_padding"] if isinstance(layer, ConvTranspose) else []
    return [{name: (getattr(layer, name)[axis],) for name in names} for axis in range(len(layer.axes))]


def far_inside(kernel: int, stride: int, dilation: int) -> set[int]:
    """Return the counts of one axis, far from both ends of 60 stamps."""
    line = [0] * (60 * stride + kernel * dilation)
    for start in range(0, 60 * stride, stride):
        for tap in range(kernel):
            line[start + tap * dilation] += 1
    return set(line[20 * stride : 40 * stride])


@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
def test_the_verdict_is_that_of_a_long_axis(kind: Any) -> None:
    for kernel, stride, dilation in product(range(1, 7), range(1, 5), range(1, 4)):
        layer = kind((9 * dilation * stride + 40,), (kernel,), stride, 0, dilation)
        scene = scene_of(layer, "overlap", 1)
        for panel, (k,) in zip(counted(scene, scene.panels), kernels(scene), strict=True):
            inside = far_inside(k, stride, dilation)
            verdict = "holes" if 0 in inside else "even" if len(inside) == 1 else "uneven"
            *most, highest = sorted(inside)
            counts = f"{', '.join(map(str, most))} or {highest}" if most else str(highest)
            assert panel.caption.startswith(f"k = {k}, s = {stride}: {verdict}, {counts} inside; "), (kernel, stride)
            if k == kernel:
                factor = gcd(stride, dilation)
                why = f"gcd(d, s) = {factor}" if factor > 1 else f"k mod s = {kernel % stride}"
                assert scene.sizes == f"{why} → {verdict}"
                assert (verdict == "even") == (kernel % stride == 0 and gcd(stride, dilation) == 1) or stride == 1
                said_line = scene.frames[0].caption.fitted(999)
                assert ("leaves holes" if verdict == "holes" else f"gives an {verdict} overlap") in said_line


@pytest.mark.parametrize(
    ("kernel", "stride", "neighbours"),
    [(3, 2, [2, 3, 4]), (4, 2, [4]), (5, 3, [3, 5, 6]), (1, 2, [1, 2]), (2, 3, [2, 3]), (3, 1, [3]), (7, 4, [4, 7, 8])],
)
def test_the_kernel_is_between_the_nearest_multiples_of_the_stride(
    kernel: int, stride: int, neighbours: list[int]
) -> None:
    scene = scene_of(ConvTranspose(4, kernel, stride), "overlap", 1)
    assert [k for k, _ in kernels(scene)] == neighbours


@pytest.mark.parametrize(
    "layer", [Conv((1,), (1,), 2, 1), Conv(1, 2, 1, ((1, 1), (0, 1)), (2, 1)), Conv(1, 2, 1, 1, 2)]
)
def test_windows_that_are_on_padding_alone_count_nothing(layer: Layer) -> None:
    scene = scene_of(layer, "overlap", 1)
    own = kernels(scene).index(layer.kernel)
    assert {cell.text for row in last(scene)[2 * own + 1] for cell in row} == {""}
    assert faults(scene) == []


def test_a_neighbour_that_does_not_exist_is_left_out() -> None:
    assert [k for k, _ in kernels(scene_of(Conv(5, 5, 3), "overlap", 1))] == [3, 5]
    assert [k for k, _ in kernels(scene_of(ConvTranspose(1, 3, 2, 1), "overlap", 1))] == [3, 4]


def test_neighbours_keep_output_padding_and_ceil_mode() -> None:
    scene = scene_of(ConvTranspose(2, 3, 2, 1, 1, 1), "overlap", 1)
    assert [panel.caption.split("; ")[1] for panel in counted(scene, scene.panels)] == ["3×3", "4×4", "5×5"]
    pooled = scene_of(MaxPool((6,), (3,), 2, ceil_mode=True), "overlap", 1)
    assert [[cell.text for cell in row] for (row,) in counted(pooled, last(pooled))] == [
        ["1", "1", "1", "1", "1", "1"],
        ["1", "1", "2", "1", "2", "1"],
        ["1", "1", "2", "2", "1", "1"],
    ]


def test_axes_have_neighbours_of_their_own() -> None:
    scene = scene_of(ConvTranspose(3, (3, 4), (2, 3)), "overlap", 1)
    assert kernels(scene) == [(2, 3), (3, 4), (4, 6)]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (ConvTranspose(4, 3, 2), "k = 3, s = 2 gives an uneven overlap inside; k = 2 or k = 4 gives an even one"),
        (ConvTranspose(4, 4, 2), "k = 4, s = 2 gives an even overlap inside"),
        (ConvTranspose(4, 1, 2), "k = 1, s = 2 leaves holes inside; k = 2 gives an even one"),
        (ConvTranspose(3, 2, 2, 0, 2), "k = 2, s = 2 leaves holes inside"),
        (ConvTranspose(1, 3, 2), "k = 3, s = 2 gives an even overlap inside"),
        (
            ConvTranspose((2, 14), (11, 3), (2, 1), (5, 1)),
            "k = 11×3, s = 2×1: all cells are near a border, none is inside",
        ),
    ],
)
def test_the_sentence_names_the_kernels_that_are_even(layer: Layer, words: str) -> None:
    assert {frame.caption.fitted(999) for frame in scene_of(layer, "overlap", 1).frames} == {words}


def test_without_numbers_in_the_cells_the_shades_stay() -> None:
    from dataclasses import replace

    from tests.views.layers import values_of

    layer = ConvTranspose(3, 3, 2)
    shown, hidden = (last(overlap(layer, replace(values_of(layer), visible=v), Timing())) for v in (True, False))
    for one, other in zip(shown, hidden, strict=True):
        assert [[cell.level for cell in row] for row in one] == [[cell.level for cell in row] for row in other]
        assert {cell.text for row in other for cell in row} == {""}


@pytest.mark.parametrize(
    ("layer", "rules"),
    [
        (ConvTranspose(4, 3, 2), ["inside, counts are even when s divides k", FEWER + LEARNT, ONES]),
        (
            ConvTranspose(4, 2, 2, 0, 2),
            ["inside, counts are even when s divides k and shares no factor with d", FEWER + LEARNT, ONES],
        ),
        (MaxPool(7, 3, 2), ["inside, counts are even when s divides k", FEWER]),
        (
            Conv(6, 3, 2, 1, 1, "reflect"),
            ["inside, counts are even when s divides k", "borders can receive more or fewer" + LEARNT],
        ),
    ],
    ids=repr,
)
def test_the_rules_are_those_of_the_layer(layer: Layer, rules: list[str]) -> None:
    assert [formula.symbols for formula in scene_of(layer, "overlap").formulas] == rules


def test_what_is_said_holds_at_the_size_of_the_layer() -> None:
    """A single stamp is even. Two stamps of 11 cells, cropped to three, have no cell away from both borders."""
    scene = scene_of(ConvTranspose((1,), 3, 2), "overlap")
    assert scene.sizes == "k mod s = 1, but even at this size"
    assert [panel.caption for panel in counted(scene, scene.panels)] == [
        "k = 2, s = 2: even, 1 inside; 2",
        "k = 3, s = 2: even, 1 inside; 3",
        "k = 4, s = 2: even, no cell is inside; 4",
    ]
    few = scene_of(ConvTranspose((2,), 11, 2, 5), "overlap")
    assert few.sizes == "k mod s = 1, but no cell is inside"
    assert few.panels[3].caption == "k = 11, s = 2: no cell is inside; 3"
    gap = scene_of(ConvTranspose((1,), 4, 2, 0, 3), "overlap")
    assert gap.sizes == "k mod s = 0, but holes at this size"


@max_examples(60)
@given(layer=any_layer(4, ("transposed",)).filter(lambda layer: any(meetings_of(layer))))
def test_the_counts_of_stamps_are_the_output_of_ones(layer: Any) -> None:
    """Oracle: a window of ones, in loops, over ones between inserted zeros."""
    scene = scene_of(layer, "overlap", 1)
    own = kernels(scene).index(layer.kernel)
    y = np.zeros(layer.output, int)
    for cell, tap in product(np.ndindex(layer.input), np.ndindex(layer.kernel)):
        facts = zip(cell, layer.stride, tap, layer.dilation, layer.padding, strict=True)
        place = tuple(n * s + u * d - before for n, s, u, d, (before, _) in facts)
        if all(0 <= at_ < size for at_, size in zip(place, layer.output, strict=True)):
            y[place] += 1
    grid = last(scene)[2 * own + 1]
    assert [int(cell.text or 0) for row in grid for cell in row] == y.ravel().tolist()
    assert scene.formulas[-1].symbols == ONES


def constant(layer: Any, x: float, w: Any) -> Scene:
    """Return the scene for an input whose cells are all `x`."""
    made = conv_values(layer.sliding_windows, np.full(layer.input, x), np.broadcast_to(w, layer.kernel))
    return overlap(layer, made, Timing())


def output_of(layer: Any, x: float, w: Any) -> np.ndarray:
    """Return the output of a constant input, in loops over stamps."""
    w, y = np.broadcast_to(w, layer.kernel), np.zeros(layer.output, np.result_type(np.asarray(w), type(x)))
    for cell, tap in product(np.ndindex(layer.input), np.ndindex(layer.kernel)):
        facts = zip(cell, layer.stride, tap, layer.dilation, layer.padding, strict=True)
        place = tuple(n * s + u * d - before for n, s, u, d, (before, _) in facts)
        if all(0 <= at_ < size for at_, size in zip(place, layer.output, strict=True)):
            y[place] += x * w[tap]
    return y


SIGNED = np.arange(16).reshape(4, 4) % 5 - 2
BESIDE = [
    (ConvTranspose(4, 3, 2), 1, 1, "output 9×9: equal to the counts"),
    (ConvTranspose((3, 4), 4, 2, 1), 3, -2, "output 6×8: −6 times the counts"),
    (ConvTranspose((9,), 3, 2), 0.5, 1, "output 19: 0.5 times the counts"),
    (ConvTranspose(3, 4, 2, 1, 1), 2, SIGNED, "output 6×6: 3 different values inside"),
    (ConvTranspose(4, 2, 2), 1, np.array([[3, 1], [1, -1]]), "output 8×8: 3 different values inside"),
    (ConvTranspose((4,), 4, 2), 5, np.array([1, 2, 3, 2]), "output 10: all cells inside are equal"),
]


@pytest.mark.parametrize(("layer", "x", "w", "caption"), BESIDE, ids=repr)
def test_the_output_of_a_constant_input_is_shown_in_values_and_shades(
    layer: Any, x: float, w: Any, caption: str
) -> None:
    scene, y = constant(layer, x, w), output_of(layer, x, w)
    names = [panel.name for panel in scene.panels]
    assert names[-3:] == ["input", "kernel", "output"]
    assert scene.panels[-1].caption == caption
    grid = last(scene)[-1]
    touched = ones(layer) > 0
    most = max(
        abs(number(one.cell.text)) for frame in scene.frames for one in frame.changes if one.panel == len(names) - 1
    )
    for index, value in np.ndenumerate(y):
        cell = grid[at(index)[0]][at(index)[1]]
        assert (number(cell.text) if cell.text else 0) == value
        role = "empty" if not touched[index] else "exact zero" if value == 0 else "output" if value > 0 else "negative"
        assert cell.role == role
        if value:
            assert cell.level == max(15, round(100 * abs(value) / most))
    assert {cell.role for row in grid for cell in row} & {"negative", "exact zero"} <= {e.role for e in scene.legend}
    assert faults(scene) == []


def test_a_checkerboard_is_seen_in_values_where_the_stride_does_not_divide_the_kernel() -> None:
    """Distill: k = 3, s = 2 gives 1, 2 and 4 from an input of ones; k = 4 gives 4 everywhere inside."""
    three, four = (last(constant(ConvTranspose(4, k, 2), 1, 1))[-1] for k in (3, 4))
    assert {cell.text for row in three[2:-2] for cell in row[2:-2]} == {"1", "2", "4"}
    assert {cell.text for row in four[2:-2] for cell in row[2:-2]} == {"4"}


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        (ConvTranspose(6, 3, 2), ["input", "kernel"]),
        (ConvTranspose(9, 3, 2), []),
        (ConvTranspose((20,), 3, 2), ["input", "kernel"]),
        (Conv(6, 3, 2), []),
    ],
    ids=repr,
)
def test_an_output_without_room_is_left_out(layer: Any, names: list[str]) -> None:
    """Its values are the counts, which are there already."""
    scene = constant(layer, 1, 1)
    assert [panel.name for panel in scene.panels if panel.name not in ("profile", "counts")] == names
    if names:
        assert scene.panels[-1].caption == f"kernel {'×'.join(map(str, layer.kernel))}: all 1; output = counts"


def test_an_input_that_is_not_constant_or_a_bias_hides_the_output() -> None:
    layer = ConvTranspose(3, 3, 2)
    for x, bias in ((np.arange(9).reshape(3, 3), None), (np.zeros((3, 3)), None), (np.ones((3, 3)), [2])):
        made = conv_values(layer.sliding_windows, x, np.ones((3, 3)), bias)
        assert "output" not in [panel.name for panel in overlap(layer, made, Timing()).panels]


@pytest.mark.parametrize("given", [{}, {"x": "constant"}, {"w": "ones"}, {"seed": 7}], ids=repr)
def test_animate_shows_ones_by_default(given: dict[str, Any]) -> None:
    scene = animate(ConvTranspose(3, 3, 2), "overlap", frames=1, **given).scene
    assert [panel.caption for panel in scene.panels[-3:]] == [
        "input 3×3: all 1",
        "kernel 3×3: all 1",
        "output 7×7: equal to the counts",
    ]


def test_animate_takes_the_kernel_at_hand() -> None:
    scene = animate(ConvTranspose(3, 2, 2), "overlap", frames=1, w=[[1, 2], [3, 4]]).scene
    assert scene.panels[-1].caption == "output 6×6: 4 different values inside"


def test_the_alt_text_says_what_is_beside_the_counts() -> None:
    said = animate(ConvTranspose(3, 3, 2), "overlap").alt_text
    beside = "input 3×3: all 1, kernel 3×3: all 1, output 7×7: equal to the counts"
    assert f" of the stride. Beside the counts: {beside}. " in said
    assert "Beside" not in animate(Conv(5, 3, 2), "overlap").alt_text


def test_where_nothing_is_touched_no_output_is_beside_the_counts() -> None:
    scene = animate(ConvTranspose((1,), 4, 1, "half", 2), "overlap").scene
    assert [entry.text for entry in scene.legend] == ["none"]
    assert not any(frame.marks for frame in scene.frames)
