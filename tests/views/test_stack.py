"""stack: the fields against dependencies from loops over cells; layers that do not fit together are refused."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, ConvvizError, GeometryError, MaxPool, PictureError, animate
from convviz.layers.layer import Layer
from convviz.scene.model import Scene, Timing
from convviz.text.parsing import parse_layer
from convviz.views.stack import stack
from tests.at_rest import AT_REST_WORDS
from tests.profile import combined, max_examples
from tests.views.layers import (  # fmt: skip
    KINDS,
    Index,
    at,
    attempted,
    build,
    crossed_texts,
    examples,
    faults,
    frames_of,
    layout_faults,
    meetings_of,
    refused,
    run,
    states,
)

PALE, FULL = 25, 100


def chain(seed: int, length: int, axes: int) -> list[Layer]:
    """Draw layers of any kind, each with the output of the one before as input."""
    random, layers = Random(seed), []
    while len(layers) < length:
        size = layers[-1].output if layers else tuple(random.randint(2, 7) for _ in range(axes))

        def pick(low: int, high: int) -> int:
            return random.randint(low, high)

        try:
            layer = build(pick, 7, KINDS, (axes,))
            layer = resized(layer, size)
        except GeometryError:
            continue
        if np.prod(layer.output) <= 81:
            layers.append(layer)
    return layers


def resized(layer: Layer, size: Index) -> Layer:
    """Return the layer with another input."""
    given_: dict[str, Any] = {"input": size, "kernel": layer.kernel, "stride": layer.stride, "padding": layer.padding}
    if isinstance(layer, ConvTranspose):
        return ConvTranspose(**given_, dilation=layer.dilation, output_padding=layer.output_padding)
    if isinstance(layer, AvgPool):
        return AvgPool(**given_)
    if isinstance(layer, MaxPool):
        return MaxPool(**given_, dilation=layer.dilation, ceil_mode=layer.axes[0].ceil_mode)
    return Conv(**given_, dilation=layer.dilation, padding_mode=layer.padding_mode)


def dependencies(layers: Sequence[Layer]) -> list[np.ndarray]:
    """For the input and after each layer: which of its cells (columns) each cell of the last output (rows) reads.

    A unit impulse in every cell, sent on through kernels of ones.
    """
    found = [np.eye(int(np.prod(layers[-1].output)), dtype=int)]
    for layer in reversed(layers):
        ones = np.zeros((int(np.prod(layer.output)), int(np.prod(layer.input))), dtype=int)
        for one, other, _ in meetings_of(layer):
            ones[np.ravel_multi_index(other, layer.output), np.ravel_multi_index(one, layer.input)] = 1
        found.append(((found[-1] @ ones) > 0).astype(int))
    return found[::-1]


CHAINS = st.builds(chain, st.integers(0, 9999), st.integers(1, 4), st.sampled_from([1, 2, 2]))


@max_examples(90)
@given(layers=CHAINS)
def test_bright_cells_are_exactly_those_that_the_output_cell_depends_on(layers: list[Layer]) -> None:
    scene = stack(layers, Timing())
    shapes = [layers[0].input, *(layer.output for layer in layers)]
    reads = dependencies(layers)
    for t, grids in enumerate(states(scene)):
        for grid, shape, depends in zip(grids, shapes, reads, strict=True):
            expected = {at(index) for index in np.ndindex(shape) if depends[t][np.ravel_multi_index(index, shape)]}
            levels = {(r, c): cell.level for r, line in enumerate(grid) for c, cell in enumerate(line)}
            assert set(levels.values()) <= {PALE, FULL}
            assert {place for place, level in levels.items() if level == FULL} == expected
    assert scene.steps == len(reads[0])


@max_examples(90)
@given(layers=CHAINS)
def test_marks_surround_the_fields_and_rays_join_neighbours(layers: list[Layer]) -> None:
    scene = stack(layers, Timing())
    assert faults(scene) == []
    for frame, grids in zip(scene.frames, states(scene), strict=True):
        bright = {
            index: {(r, c) for r, line in enumerate(grid) for c, cell in enumerate(line) if cell.level == FULL}
            for index, grid in enumerate(grids)
        }
        marked = {mark.panel: {(r, c) for r in mark.rows for c in mark.cols} for mark in frame.marks}
        assert marked == {index: cells for index, cells in bright.items() if cells}
        joined = [(frame.marks[guide.start].panel, frame.marks[guide.end].panel) for guide in frame.guides]
        assert joined == list(pairwise(sorted(marked)))
        assert all(after == before + 1 for before, after in joined)


@max_examples(100)
@given(layers=CHAINS)
def test_the_sentence_counts_the_input_cells(layers: list[Layer]) -> None:
    scene = stack(layers, Timing())
    reads = dependencies(layers)[0]
    sides = []
    for t, (frame, output) in enumerate(zip(scene.frames, np.ndindex(layers[-1].output), strict=True)):
        cells = [index for n, index in enumerate(np.ndindex(layers[0].input)) if reads[t][n]]
        name = f"y[{','.join(map(str, output))}]"
        line = frame.caption.fitted(999)
        if not cells:
            assert line == f"{name} reads no input cell"
            continue
        extent = [len({cell[axis] for cell in cells}) for axis in range(len(output))]
        sides.append(extent)
        assert line.startswith(f"{name} reads ")
        assert line.endswith(f" of the input: {'×'.join(map(str, extent))} cell{'s' * (extent != [1])}")
    if sides:
        largest = "×".join(str(max(axis)) for axis in zip(*sides, strict=True))
        assert scene.sizes == f"an output cell reads up to {largest} input cell{'s' * (largest != '1')}"


def test_the_recursion_is_filled_in_for_equal_axes() -> None:
    """Two 3-kernels see 5, a stride of 2 doubles every later step: 3, then 3 + 2·2 = 7, then a dilation of 2."""
    layers: list[Layer] = [Conv(16, 3, 2, 1)]
    layers.append(Conv(layers[-1].output, 3))
    layers.append(Conv(layers[-1].output, 3, dilation=2))
    scene = stack(layers, Timing())
    assert scene.formulas[0].variants()[0].endswith("r = 1 → 3 → 7 → 15,  jump 2")
    inside = max(dependencies(layers)[0].sum(axis=1))
    assert inside <= 15 * 15


def test_a_rectangular_or_mixed_stack_gives_the_bare_rule() -> None:
    for layers in ([Conv(8, (3, 2))], [Conv(8, 3), MaxPool(6, 2)]):
        assert "→" not in stack(layers, Timing()).formulas[0].variants()[0]


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([Conv(5, 3), Conv(4, 3)], "takes 4×4 cells, but conv k3 s1 p0 gives 3×3; give each layer the output"),
        ([Conv(5, 3), Conv((3,), 3)], "takes 3 cells, but conv k3 s1 p0 gives 3×3"),
        ([MaxPool(4, 2), ConvTranspose(3, 2)], "transposed k2 s1 p0 takes 3×3 cells, but maxpool k2 s2 p0 gives 2×2"),
    ],
)
def test_sizes_that_do_not_chain_are_refused(layers: list[Layer], words: str) -> None:
    with pytest.raises(PictureError) as refusal:
        stack(layers, Timing())
    assert words in str(refusal.value)


def test_no_layers_are_refused_with_a_sentence() -> None:
    with pytest.raises(ConvvizError, match="layer"):
        animate([])


def test_several_layers_are_shown_by_no_other_view() -> None:
    with pytest.raises(PictureError, match="several layers are shown by the view stack or isometric, not 'slide'"):
        animate([Conv(5, 3)], "slide")
    with pytest.raises(PictureError, match="give a list of them, or use convviz stack"):
        animate(Conv(5, 3), "stack")


@pytest.mark.parametrize(
    ("words", "layer"),
    [
        ("conv", Conv(8, 3)),
        ("conv k5 s2 p2", Conv(8, 5, 2, 2)),
        ("conv k3x2 s1x2 p1x0 d2x1", Conv(8, (3, 2), (1, 2), (1, 0), (2, 1))),
        ("conv k4 p1,2", Conv(8, 4, 1, ((1, 2), (1, 2)))),
        ("conv k3 psame", Conv(8, 3, 1, "same")),
        ("transposed k4 s2 p1 a1", ConvTranspose(8, 4, 2, 1, 1, 1)),
        ("maxpool", MaxPool(8, 2)),
        ("avgpool k3 s1 p1", AvgPool(8, 3, 1, 1)),
    ],
)
def test_words_make_a_layer(words: str, layer: Layer) -> None:
    assert parse_layer(words, (8, 8)) == layer


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "does not begin with a kind of layer; use conv, transposed, maxpool, avgpool"),
        ("pool k2", "does not begin with a kind of layer"),
        ("k3 conv", "does not begin with a kind of layer"),
        ("conv x3", "'x3' in 'conv x3' is not a parameter; use k, s, p, d or a"),
        ("conv k", "'k' in 'conv k' is not a parameter"),
        ("conv kk", "'k' is not a whole number"),
        ("conv k9", "conv k9: kernel 9 does not fit"),
        ("conv k3 pmost", "padding 'most' is neither"),
        ("transposed k3 a7", "transposed k3 a7: output padding 7 is too large"),
        ("conv k3 a1", "takes no output padding"),
        ("maxpool k2 a1", "takes no output padding"),
    ],
)
def test_words_that_are_not_a_layer_are_refused(words: str, message: str) -> None:
    with pytest.raises(GeometryError) as refusal:
        parse_layer(words, (8, 8))
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


LOOKED_AT: list[list[Layer]] = [
    [Conv(16, 3, 2, 1), Conv(8, 3), ConvTranspose(6, 4, 2, 1)],
    [Conv(14, 3), MaxPool(12, 2), Conv(6, 3, dilation=2)],
    [ConvTranspose(3, 4, 2, 1), ConvTranspose(6, 4, 2, 1)],
    [Conv((16,), 3, 2, 1), Conv((8,), 3), ConvTranspose((6,), 4, 2, 1)],
    [Conv(4, 1), ConvTranspose(4, 5, 3)],
]


@pytest.mark.parametrize(
    ("number", "shown"),
    combined(range(len(LOOKED_AT)), list(product([(1280, 720), (960, 720)], ["stack", "isometric"]))),
    ids=str,
)
def test_rays_pass_no_text_and_stay_in_the_frame(number: int, shown: tuple[tuple[int, int], str]) -> None:
    layers, (size, view) = LOOKED_AT[number], shown
    assert crossed_texts(animate(layers, view, size=size).display_list) == []


@max_examples(60)
@given(layers=CHAINS, size=st.sampled_from([(1280, 720), (960, 720), (854, 480), (1920, 1080)]))
def test_the_layout_holds_or_is_refused(layers: list[Layer], size: tuple[int, int]) -> None:
    scene: Scene = stack(layers, Timing())
    found, sentence = attempted(lambda: layout_faults(scene, size))
    assert not found
    assert "; use " in sentence or not sentence


SMALL = ("--size", "640x360", *AT_REST_WORDS)


def test_the_command_draws_the_layers_of_the_notation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("stack", "conv k3 s2 p1", "maxpool k2", "-i", "12x8", "--frames", "2", *SMALL)
    assert result.exit_code == 0, result.output
    (path,) = tmp_path.iterdir()
    assert path.name == "stack_convk3s2p1_maxpoolk2.gif"
    assert frames_of(path) == 2
    line = run("stack", "conv k3", "avgpool k2", "-i", "9", "--1d", *SMALL, "-o", "line.gif")
    assert line.exit_code == 0, line.output
    assert frames_of(tmp_path / "line.gif") == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["pool k2"], "does not begin with a kind of layer"),
        (["conv k3", ""], "does not begin with a kind of layer"),
        (["conv k9", "-i", "4"], "kernel 9 does not fit"),
        (["conv k3", "conv k3", "-i", "4"], "kernel 3 does not fit"),
        (["conv k3", "--view", "slide"], "several layers are shown by the view stack"),
        (["conv k3", "-o", "out.txt"], ".txt"),
        (["conv k3", "--size", "9x9"], "size: expected 64 to 8192 pixels per side, got 9x9"),
        (["conv k3", "-i", "4096"], "does not fit"),
    ],
)
def test_the_command_refuses_in_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run("stack", *words), message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("example", examples("stack"))
def test_the_examples_of_its_help_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*example, "--frames", "2", "--size", "854x480")
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == [example[example.index("-o") + 1]]
