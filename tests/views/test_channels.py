"""Pictures of layers with channels: each panel against brute force, and each output with all its channels."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool
from convviz.scene.model import Group, Node, Operator, Scene, TextBlock, Timing
from convviz.text.lines import Sentence
from convviz.views.slide import slide
from tests.at_rest import animate
from tests.profile import max_examples
from tests.views.strategies import (
    any_layers,
    applied,
    check_equation,
    evaluated,
    expected,
    laid,
    named,
    panel,
    shown,
    value_at,
    values_of,
)

Case = dict[str, Any]


@st.composite
def cases(draw: Any, axes: int = 2) -> Case:
    """Draw a convolution of either kind with channels in groups, and the channel to show."""
    layer = draw(any_layers(4, axes=axes, kinds=(Conv, ConvTranspose)))
    groups, fed, made = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 2))
    generator = np.random.default_rng(draw(st.integers(0, 99)))
    inputs, outputs = groups * fed, groups * made
    leading = (inputs, made) if isinstance(layer, ConvTranspose) else (outputs, fed)
    return {
        "layer": layer,
        "x": generator.integers(-4, 5, (inputs, *layer.input)),
        "w": generator.integers(-4, 5, (*leading, *layer.kernel)),
        "bias": draw(st.none() | st.just(generator.integers(-4, 5, outputs))),
        "groups": groups,
        "channel": draw(st.integers(0, outputs - 1)),
    }


def scene_of(case: Case) -> Scene:
    layer, options = case["layer"], {name: case[name] for name in ("bias", "groups", "channel")}
    return slide(layer, values_of(layer, case["x"], case["w"], **options), Timing())


def fed_by(case: Case) -> list[tuple[int, np.ndarray]]:
    """Return the input channels that feed the shown output channel, each with its kernel."""
    layer, x, w, groups, channel = (case[name] for name in ("layer", "x", "w", "groups", "channel"))
    inputs = len(x) // groups
    outputs = w.shape[1] if isinstance(layer, ConvTranspose) else len(w) // groups
    group, member = divmod(channel, outputs)
    if isinstance(layer, ConvTranspose):
        return [(group * inputs + n, w[group * inputs + n, member]) for n in range(inputs)]
    return [(group * inputs + n, w[channel, n]) for n in range(inputs)]


def total_channels(case: Case) -> tuple[int, int]:
    w, groups = case["w"], case["groups"]
    return len(case["x"]), w.shape[1] * groups if isinstance(case["layer"], ConvTranspose) else len(w)


def signs(node: Node) -> list[str]:
    if isinstance(node, Group):
        return [text for child in node.children for text in signs(child)]
    return [node.text] if isinstance(node, Operator) else []


def text_blocks(node: Node) -> list[tuple[str, ...]]:
    if isinstance(node, Group):
        return [lines for child in node.children for lines in text_blocks(child)]
    return [node.lines] if isinstance(node, TextBlock) else []


@max_examples(150)
@given(case=cases())
def test_a_grid_pair_for_each_channel_and_beyond_three_the_first_and_the_last(case: Case) -> None:
    scene, fed = scene_of(case), fed_by(case)
    pairs = fed if len(fed) <= 3 else [fed[0], fed[-1]]
    assert len(named(scene, "input")) == len(named(scene, "kernel")) == len(pairs)
    grid = laid(case["layer"])
    for (channel, w), x_index, w_index in zip(pairs, named(scene, "input"), named(scene, "kernel"), strict=True):
        cells = scene.panels[x_index].cells
        for row, col in grid.places():
            assert shown(cells[row][col].text) == value_at(case["x"][channel], grid.source((row, col)))
        kernel = [[shown(cell.text) for cell in row] for row in scene.panels[w_index].cells]
        assert kernel == applied(case["layer"], w).tolist()
    sign = "⋆"
    rows = [sign, "="] * len(pairs) if len(fed) <= 3 else [sign, "=", "⋮", sign, "="]
    bias = ["+"] * (case["bias"] is not None)
    assert signs(scene.body) == ([*rows, "Σ", *bias, "="] if len(fed) > 1 else [sign, *bias, "="])
    assert len(named(scene, "bias")) == len(bias)


@max_examples(150)
@given(case=cases())
def test_the_terms_are_the_sums_of_the_channels(case: Case) -> None:
    layer, fed = case["layer"], fed_by(case)
    scene = scene_of(case)
    for frame in scene.frames:
        *partial_sums, change = frame.changes
        output = change.row, change.col
        parts = [expected(layer, case["x"][channel], w, output) for channel, w in fed]
        bias = 0 if case["bias"] is None else int(case["bias"][case["channel"]])
        assert shown(change.cell.text) == sum(parts) + bias
        assert change.panel == named(scene, "output")[0]
        shown_parts = parts if len(parts) <= 3 else [parts[0], parts[-1]]
        assert [one.panel for one in partial_sums] == named(scene, "partial")
        assert [(one.row, one.col) for one in partial_sums] == [output] * len(partial_sums)
        assert [shown(one.cell.text) for one in partial_sums] == (shown_parts if len(parts) > 1 else [])
        check_equation(frame.caption, f"y[{case['channel']},{output[0]},{output[1]}]", change.cell.text)
        if len(fed) > 1:
            assert list(map(evaluated, frame.caption.terms)) == parts + [bias] * (case["bias"] is not None)  # type: ignore[union-attr]
        assert sum("(bias)" in term for term in frame.caption.terms) == (case["bias"] is not None)  # type: ignore[union-attr]


@max_examples(150)
@given(case=cases())
def test_window_times_kernel_of_a_channel_is_its_term(case: Case) -> None:
    scene, fed = scene_of(case), fed_by(case)
    if not 1 < len(fed) <= 3:
        return
    for frame in scene.frames:
        for index, (x_index, w_index) in enumerate(zip(named(scene, "input"), named(scene, "kernel"), strict=True)):
            (mark,) = (mark for mark in frame.marks if mark.panel == x_index and mark.highlighted)
            grid, kernel = scene.panels[x_index].cells, scene.panels[w_index].cells
            taps = product(enumerate(mark.rows), enumerate(mark.cols))
            total = sum(shown(grid[r][c].text) * shown(kernel[u][v].text) for (u, r), (v, c) in taps)
            assert total == evaluated(frame.caption.terms[index])  # type: ignore[union-attr]


@max_examples(150)
@given(case=cases())
def test_every_channel_shown_wears_the_same_window_and_sources(case: Case) -> None:
    scene = scene_of(case)
    for frame in scene.frames:
        for role in ("window", "source"):
            found = [
                {(mark.rows, mark.cols) for mark in frame.marks if mark.panel == index and mark.role == role}
                for index in named(scene, "input")
            ]
            assert all(one == found[0] for one in found)
        marked = {name for name in ("input", "partial", "output") if named(scene, name)}
        assert {scene.panels[mark.panel].name for mark in frame.marks} <= marked


@max_examples(150)
@given(case=cases())
def test_captions_and_sizes_name_which_channel_of_how_many(case: Case) -> None:
    layer, scene, fed, (inputs, outputs) = case["layer"], scene_of(case), fed_by(case), total_channels(case)
    which = [channel for channel, _ in fed] if len(fed) <= 3 else [fed[0][0], fed[-1][0]]
    captions = [" ".join(lines) for lines in text_blocks(scene.body)]
    captions += [scene.panels[index].caption for index in named(scene, "input") if len(fed) == 1]
    for caption, channel in zip(captions, which, strict=True):
        assert re.match(rf"input channel {channel + 1} of {inputs}\b", caption)
    *_, kernel = [scene.panels[index].caption for index in named(scene, "kernel")]
    assert kernel.startswith(f"kernel for channel {which[-1] + 1}: ")
    assert panel(scene, "output").caption.startswith(f"output channel {case['channel'] + 1} of {outputs}: ")
    (i, j), (m, n) = layer.input, layer.output
    assert scene.sizes == f"input {inputs}×{i}×{j} → output {outputs}×{m}×{n}"


@pytest.mark.parametrize(
    ("layer", "options"),
    [
        (Conv(4, 3), {"channels": (3, 2)}),
        (Conv(4, 3), {"channels": (6, 2), "channel": 1}),
        (Conv(4, 3), {"channels": (4, 4), "groups": 2}),
        (Conv(4, 3), {"channels": (4, 4), "groups": 4, "channel": 3}),
        (ConvTranspose(3, 3, 2), {"channels": (4, 2), "groups": 2}),
        (MaxPool(4, 2), {"channels": (3, 1), "channel": 2}),
        (Conv((6,), 3), {"channels": (4, 4), "groups": 2}),
    ],
    ids=repr,
)
def test_without_numbers_channels_are_still_channels(layer: Layer, options: Case) -> None:
    hidden = animate(layer, numbers=False, **options).scene
    seen = animate(layer, numbers=True, **options).scene
    for one, other in zip(hidden.panels, seen.panels, strict=True):
        assert (one.name, one.caption, one.label) == (other.name, other.caption, other.label)
    assert hidden.sizes == seen.sizes
    assert not any(cell.text for panel in hidden.panels for row in panel.cells for cell in row)
    inputs = options["channels"][0]
    for frame in hidden.frames:
        assert isinstance(frame.caption, Sentence)
        text = frame.caption.fitted(1000)
        assert text.startswith(f"y[{options.get('channel', 0)},")
        found = re.search(r"all (\d+) input channels", text)
        assert found is None or int(found[1]) == inputs, text
        assert not text.endswith("of the input"), "this channel is not the whole input"


def test_a_depthwise_layer_shows_its_one_channel_with_all_products() -> None:
    scene = animate(Conv(4, 3), channels=(4, 4), groups=4, channel=3).scene
    assert scene.panels[0].caption.startswith("input channel 4 of 4")
    assert "·" in scene.frames[0].caption.fitted(500)
    assert scene.frames[0].caption.fitted(500).startswith("y[3,0,0] = ")


def test_bare_values_name_no_channel() -> None:
    text = repr(animate(Conv(4, 3)).scene.to_dict())
    assert "channel" not in text
    assert "kernel 3×3" in text
