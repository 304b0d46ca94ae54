"""Pictures of poolings: what the equation counts, windows that hang over, and channels."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.scene.model import Operator
from tests.at_rest import animate
from tests.profile import max_examples
from tests.views.strategies import any_layers, laid, named, panel, scene_of, shown, values

pools = any_layers(7, kinds=(MaxPool, AvgPool))
X = [[1, -2, 3], [-4, 5, -6], [7, -8, 9]]


@max_examples(300)
@given(layer=pools, seed=st.integers(0, 99))
def test_the_terms_are_the_input_cells_under_the_window_in_reading_order(layer: Layer, seed: int) -> None:
    (x, _), grid = values(layer, seed), laid(layer)
    for frame in scene_of(layer, seed).frames:
        output = frame.changes[0].row, frame.changes[0].col
        real = [grid.source(place) for place in grid.window(output) if grid.role(place) == "input"]
        terms = [shown(term.strip("()")) for term in frame.caption.terms]  # type: ignore[union-attr]
        assert terms == [x[source] for source in real if source is not None]


@max_examples(300)
@given(layer=any_layers(7, kinds=(AvgPool,)))
def test_the_divisor_counts_padding_where_it_is_included_and_never_what_hangs_over(layer: Layer) -> None:
    grid = laid(layer)
    for frame in scene_of(layer).frames:
        under = grid.window((frame.changes[0].row, frame.changes[0].col))
        counted = [place for place in under if not grid.beyond(place)]
        real = [place for place in under if grid.role(place) == "input"]
        wanted = len(counted if layer.count_include_pad else real)  # type: ignore[attr-defined]
        found = re.search(r"\)/(\d+) [=≈]", frame.caption.fitted(1000))
        assert found
        assert int(found[1]) == wanted


@max_examples(200)
@given(layer=pools)
def test_cells_that_hang_over_are_padding_without_text_and_faded(layer: Layer) -> None:
    grid, cells = laid(layer), panel(scene_of(layer), "input").cells
    for row, col in grid.places():
        if grid.beyond((row, col)):
            assert (cells[row][col].role, cells[row][col].text, cells[row][col].faded) == ("padding", "", True)


@max_examples(50)
@given(layer=pools)
def test_a_pooling_has_a_word_and_no_kernel(layer: Layer) -> None:
    scene = scene_of(layer)
    assert [panel.name for panel in scene.panels] == ["input", "output"]
    word, _, equals, _ = scene.body.children
    assert word == Operator("max" if isinstance(layer, MaxPool) else "mean")
    assert equals == Operator("=")
    assert "kernel" not in {key.role for key in scene.legend}
    assert not any("kernel" in entry.text for entry in scene.legend)


@pytest.mark.parametrize(
    ("layer", "lines"),
    [
        (MaxPool(3, 2, 1), {0: "y[0,0] = max(1, −2, −4, 5) = 5", 3: "y[1,1] = max(5, −6, −8, 9) = 9"}),
        (MaxPool(3, 2, ceil_mode=True), {1: "y[0,1] = max(3, −6) = 3", 3: "y[1,1] = max(9) = 9"}),
        (MaxPool(3, 2, 2, 1), {0: "y[0,0] = max(1) = 1", 1: "y[0,1] = max(−2, 3) = 3"}),
        (AvgPool(3, 2, 1), {0: "y[0,0] = (1 + (−2) + (−4) + 5)/4 = 0", 1: "y[0,1] = ((−2) + 3 + 5 + (−6))/4 = 0"}),
        (AvgPool(3, 2, 2, 1), {0: "y[0,0] = (1)/4 = 0.25", 1: "y[0,1] = ((−2) + 3)/4 = 0.25"}),
        (AvgPool(3, 2, 2, 1, count_include_pad=False), {0: "y[0,0] = (1)/1 = 1", 1: "y[0,1] = ((−2) + 3)/2 = 0.5"}),
        (AvgPool(3, 2, ceil_mode=True), {1: "y[0,1] = (3 + (−6))/2 = −1.5", 3: "y[1,1] = (9)/1 = 9"}),
        (AvgPool(3, 3), {0: "y[0,0] = (1 + (−2) + 3 + (−4) + 5 + (−6) + 7 + (−8) + 9)/9 = 5/9"}),
        (AvgPool(3, (1, 3)), {0: "y[0,0] = (1 + (−2) + 3)/3 = 2/3", 1: "y[1,0] = ((−4) + 5 + (−6))/3 = −5/3"}),
    ],
    ids=repr,
)
def test_equations_word_for_word(layer: Layer, lines: dict[int, str]) -> None:
    frames = animate(layer, x=X).scene.frames
    assert {index: frames[index].caption.fitted(200) for index in lines} == lines


def test_a_window_over_padding_alone_has_no_largest_cell() -> None:
    scene = animate(MaxPool(1, 2, 1, 1, 2), x=[[3]], numbers=True).scene
    assert [frame.caption.fitted(99) for frame in scene.frames] == ["y[0,0] = −∞"]
    assert scene.frames[0].changes[0].cell.text == "−∞"


def test_a_pooling_works_on_one_channel_and_names_it() -> None:
    x = [X, [[10 * value for value in row] for row in X]]
    scene = animate(MaxPool(3, 3), x=x, channel=1).scene
    assert len(named(scene, "input")) == 1
    assert panel(scene, "input").caption.startswith("input channel 2 of 2")
    assert panel(scene, "output").caption.startswith("output channel 2 of 2")
    assert scene.frames[0].caption.fitted(200).startswith("y[1,0,0] = max(10, −20")
    assert scene.sizes == "input 2×3×3 → output 2×1×1"
    mean = animate(AvgPool(3, 3), x=x, channel=0).scene
    assert shown(mean.frames[0].changes[0].cell.text) == Fraction(5, 9)


def test_long_lists_are_shortened_in_the_middle() -> None:
    line = animate(MaxPool(5, 5), size=(1920, 1080)).scene.frames[0].caption
    assert re.fullmatch(r"y\[0,0\] = max\(3, 2, 2, …, 3\) = 3", line.fitted(31))
    line = animate(AvgPool(5, 5), size=(1920, 1080)).scene.frames[0].caption
    assert re.fullmatch(r"y\[0,0\] = \(\d( \+ \d)* \+ …( \+ \d)+\)/25 = 2", line.fitted(50))
