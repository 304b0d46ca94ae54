"""The backward views: each number of each frame, against plain loops, and against what is drawn beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool, PictureError, animate
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.model import Cell, Frame, Mark, Scene, Timing
from convviz.views.registry import VIEWS
from tests.profile import scaled
from tests.views.layers import (
    Index,
    at,
    close,
    counting,
    examples,
    many_layers,
    named,
    number,
    refused,
    run,
    states,
    text_of,
    values_of,
)

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
LAYERS = scaled(160)
Grids = list[list[list[Cell]]]


def case_of(layer: Layer, seed: int, view: str) -> tuple[Scene, Any, Any, Any]:
    """Return the scene, x, the kernel or None, and dL/dy in whole numbers, with zeros and negative ones."""
    dy = np.random.default_rng(seed).integers(-3, 5, layer.output)
    values = replace(values_of(layer, seed), dy=dy)
    return VIEWS[view](layer, values, Timing()), values.x[0], None if values.w is None else values.w[0], dy


def met(layer: Layer) -> Iterator[tuple[Index, Index, Index, Index | None, bool]]:
    """Yield output, place in the padded line, tap, input cell there, and whether it is that cell itself; no stamps."""
    axes = []
    for i, k, s, d, o, (before, after) in zip(
        layer.input, layer.kernel, layer.stride, layer.dilation, layer.output, layer.padding, strict=True
    ):
        constant = {"constant_values": -1} if layer.padding_mode == "zeros" else {}
        line = np.pad(np.arange(i), (before, after), MODES[layer.padding_mode], **constant)  # type: ignore[call-overload]
        line = [*line.tolist(), *[-2] * (s + k * d)]  # what a window of a pooling hangs over
        axes.append(
            [
                (output, output * s + tap * d, tap, line[output * s + tap * d], 0 <= output * s + tap * d - before < i)
                for output, tap in product(range(o), range(k))
            ]
        )
    for one in product(*axes):
        outputs, places, taps, sources, inside = zip(*one, strict=True)
        yield outputs, places, taps, None if min(sources) < 0 else sources, all(inside)


def arrivals(layer: Layer, x: Any, w: Any, dy: Any) -> dict[Index, list[tuple[Index, Any]]]:
    """Return for each output, in order, the places that it sends something to, and what."""
    sent: dict[Index, list[tuple[Index, Any]]] = {index: [] for index in np.ndindex(layer.output)}
    windows: dict[Index, list[tuple[Index, Index]]] = {index: [] for index in sent}
    for output, place, tap, source, inside in met(layer):
        if isinstance(layer, MaxPool):
            if inside and source is not None:
                windows[output].append((place, source))
        elif isinstance(layer, AvgPool):
            before = layer.padding if layer.count_include_pad else [(0, 0)] * len(place)
            lows = [p - q for (p, _), (q, _) in zip(layer.padding, before, strict=True)]
            highs = [i + p + q for i, (p, _), (_, q) in zip(layer.input, layer.padding, before, strict=True)]
            if all(low <= one < high for low, one, high in zip(lows, place, highs, strict=True)):
                sent[output].append((place, Fraction(int(dy[output]), counting(layer, output))))
        else:
            sent[output].append((place, dy[output] * w[tap]))
    for output, cells in windows.items():
        if cells:
            best = max(x[source] for _, source in cells)
            sent[output].append((next(place for place, source in cells if x[source] == best), dy[output]))
    return sent


def folded(layer: Layer, sent: dict[Index, list[tuple[Index, Any]]]) -> Any:
    """Return dL/dx: what arrives in each cell, and in the copies of it that padding makes."""
    dx = np.zeros(layer.input, dtype=object)
    sources = {place: source for _, place, _, source, _ in met(layer)}
    for place, amount in (one for arrived in sent.values() for one in arrived):
        source = sources[place]
        if source is not None:
            dx[source] += amount
    return dx


def window(frame: Frame, panel: int) -> Mark:
    """Return the highlighted window of a panel."""
    (mark,) = (mark for mark in frame.marks if mark.panel == panel and mark.highlighted)
    return mark


def under(grids: Grids, panel: int, mark: Mark) -> list[float]:
    """Return the numbers under a window; padding is zero."""
    cells = [grids[panel][row][col] for row in mark.rows for col in mark.cols]
    return [number(cell.text) if cell.text else 0 for cell in cells]


def lit(grids: Grids, frame: Frame, panel: int) -> list[float]:
    """Return the numbers of all cells that are tinted, under one outline or several."""
    marks = [mark for mark in frame.marks if mark.panel == panel and mark.highlighted]
    return [number for mark in marks for number in under(grids, panel, mark)]


def grid(grids: Grids, panel: int) -> list[float]:
    return [number(cell.text) for row in grids[panel] for cell in row]


def single(frame: Frame, panel: int) -> tuple[int, int]:
    """Return the only cell of a panel with an outline of its own."""
    ((row, col),) = {
        (*mark.rows, *mark.cols)
        for mark in frame.marks
        if mark.panel == panel and mark.role == "window" and len(mark.rows) == len(mark.cols) == 1
    }
    return row, col


def stamping(count: int, seed: int) -> Iterator[tuple[int, Layer]]:
    kinds = ("conv", "conv", "maxpool", "avgpool")
    yield from enumerate(many_layers(count, seed, 5, kinds), start=seed)


def test_what_arrives_in_each_cell_of_dx_is_read_before_it_is_added() -> None:
    for seed, layer in stamping(LAYERS, 100):
        scene, x, w, dy = case_of(layer, seed, "backward-input")
        target, source = named(scene, "dL/dx")[0], named(scene, "dL/dy")[0]
        steps = iter(zip(scene.frames, states(scene), strict=True))
        totals: dict[Index, Any] = {}
        sent = arrivals(layer, x, w, dy)
        for output, arrived in sent.items():
            frame, grids = next(steps)
            assert single(frame, source) == at(output)
            adds = any(place in totals for place, _ in arrived)
            for place, amount in arrived:
                row, col = at(place)
                first, _, second = grids[target][row][col].text.partition(" ")
                if place in totals:
                    assert close(first, totals[place]), layer
                    assert close(second.replace("+ ", "").replace("− ", "−"), amount), layer
                else:
                    assert not second
                    assert close(first, amount)
            for place, amount in arrived:
                totals[place] = totals.get(place, 0) + amount
            if adds:
                frame, grids = next(steps)
                assert single(frame, source) == at(output)
            check_totals(grids[target], totals, layer)
        _, grids = next(steps)
        dx = folded(layer, sent)
        for cell in np.ndindex(layer.input):
            row, col = at(tuple(one + before for one, (before, _) in zip(cell, layer.padding, strict=True)))
            assert close(grids[target][row][col].text, dx[cell]), layer
            assert not grids[target][row][col].faded
        assert not (list(steps) and isinstance(layer, Pool)), "only a convolution has a sliding form"


def check_totals(shown: list[list[Cell]], totals: dict[Index, Any], layer: Layer) -> None:
    """Check all cells of dL/dx: those that something arrived in, and which of them are padding."""
    written = {(r, c): cell for r, row in enumerate(shown) for c, cell in enumerate(row) if cell.text}
    assert set(written) == {at(place) for place in totals}
    for place, total in totals.items():
        cell = written[at(place)]
        assert close(cell.text, total), layer
        bounds = zip(place, layer.padding, layer.input, strict=True)
        assert cell.faded is not all(0 <= one - before < i for one, (before, _), i in bounds)
        assert cell.role == "input"


def test_the_sliding_form_of_a_convolution_has_the_same_numbers() -> None:
    layers = (layer for layer in many_layers(3 * LAYERS, 200, 5, ("conv",)) if layer.padding_mode == "zeros")
    for seed, layer in enumerate(layers):
        scene, x, w, dy = case_of(layer, seed, "backward-input")
        dx = folded(layer, arrivals(layer, x, w, dy))
        spread, kernel, target = (named(scene, name)[0] for name in ("zero-inserted dL/dy", "flipped kernel", "dL/dx"))
        count = int(np.prod(layer.input))
        told = list(zip(scene.frames, states(scene), strict=True))[-count:]
        for cell, (frame, grids) in zip(np.ndindex(layer.input), told, strict=True):
            pairs = zip(under(grids, spread, window(frame, spread)), grid(grids, kernel), strict=True)
            assert sum(a * b for a, b in pairs) == dx[cell], layer
            row, col = single(frame, target)
            assert (row, col) == at(tuple(one + p for one, (p, _) in zip(cell, layer.padding, strict=True)))
            assert number(grids[target][row][col].text) == dx[cell]


def test_dx_of_a_transposed_convolution_is_collected_by_a_plain_window() -> None:
    for seed, layer in enumerate(many_layers(LAYERS, 300, 4, ("transposed",))):
        scene, _, w, dy = case_of(layer, seed, "backward-input")
        source, kernel, target = (named(scene, name)[0] for name in ("dL/dy", "kernel", "dL/dx"))
        told = zip(scene.frames, states(scene), strict=True)
        for cell, (frame, grids) in zip(np.ndindex(layer.input), told, strict=True):
            total = 0
            for tap in np.ndindex(layer.kernel):
                places = zip(cell, layer.stride, tap, layer.dilation, layer.padding, strict=True)
                output = tuple(c * s + u * d - p for c, s, u, d, (p, _) in places)
                if all(0 <= one < o for one, o in zip(output, layer.output, strict=True)):
                    total += dy[output] * w[tap]
            row, col = single(frame, target)
            assert (row, col) == at(cell)
            assert grids[target][row][col].text == text_of(total), layer
            mark = window(frame, source)
            assert sum(a * b for a, b in zip(under(grids, source, mark), grid(grids, kernel), strict=True)) == total


def test_each_weight_collects_the_products_that_are_drawn() -> None:
    for seed, layer in enumerate(many_layers(LAYERS, 400, 4, ("conv", "transposed"))):
        scene, x, _, dy = case_of(layer, seed, "backward-weight")
        flips = isinstance(layer, ConvTranspose)
        line, small, products, target, kernel = (
            named(scene, name)[0]
            for name in (*(("dL/dy", "x") if flips else ("x", "dL/dy")), "x · dL/dy", "dL/dw", "kernel")
        )
        dw = weights_of(layer, x, dy)
        told = zip(scene.frames, states(scene), strict=True)
        for tap, (frame, grids) in zip(np.ndindex(layer.kernel), told, strict=True):
            drawn = [a * b for a, b in zip(lit(grids, frame, line), grid(grids, small), strict=True)]
            assert grid(grids, products) == drawn
            row, col = single(frame, target)
            assert (row, col) == single(frame, kernel) == at(tap)
            assert number(grids[target][row][col].text) == sum(drawn) == dw[tap], layer


def weights_of(layer: Layer, x: Any, dy: Any) -> Any:
    """Return dL/dw in loops."""
    dw = np.zeros(layer.kernel, dtype=int)
    if not isinstance(layer, ConvTranspose):
        for output, _, tap, source, _ in met(layer):
            dw[tap] += 0 if source is None else x[source] * dy[output]
        return dw
    for cell, tap in product(np.ndindex(layer.input), np.ndindex(layer.kernel)):
        places = zip(cell, layer.stride, tap, layer.dilation, layer.padding, strict=True)
        output = tuple(c * s + u * d - p for c, s, u, d, (p, _) in places)
        if all(0 <= one < o for one, o in zip(output, layer.output, strict=True)):
            dw[tap] += x[cell] * dy[output]
    return dw


def test_the_whole_pass_ends_with_all_gradients() -> None:
    for seed, layer in enumerate(many_layers(LAYERS, 500, 4)):
        scene, x, w, dy = case_of(layer, seed, "backward")
        *_, grids = states(scene)
        shown = {panel.name: [cell for row in grids[n] for cell in row] for n, panel in enumerate(scene.panels)}
        assert [number(cell.text) for cell in shown["dL/dy"] if cell.role == "output"] == list(dy.ravel())
        found = [number(cell.text) for cell in shown["dL/dx"] if not cell.faded and cell.text]
        if not isinstance(layer, ConvTranspose):
            true = folded(layer, arrivals(layer, x, w, dy)).ravel()
            assert len(found) == len(true)
            assert np.allclose(found, true.astype(float), rtol=0.01, atol=0.006)
        if not isinstance(layer, Pool):
            assert [number(cell.text) for cell in shown["dL/dw"]] == list(weights_of(layer, x, dy).ravel())
            assert [number(cell.text) for cell in shown["dL/db"]] == [dy.sum()]


def test_a_maximum_is_the_largest_number_under_its_window() -> None:
    for seed, layer in enumerate(many_layers(LAYERS // 2, 600, 5, ("maxpool",))):
        scene, *_ = case_of(layer, seed, "backward-input")
        source = named(scene, "x")[0]
        for frame, grids in zip(scene.frames[:-1], states(scene), strict=False):
            mark = window(frame, source)
            cells = [grids[source][row][col] for row in mark.rows for col in mark.cols]
            numbers = [number(cell.text) for cell in cells if cell.role == "input"]
            chosen = [
                one for one in frame.marks if one.panel == source and not one.highlighted and one.role == "window"
            ]
            assert len(chosen) == bool(numbers)
            for one in chosen:
                assert number(grids[source][one.rows[0]][one.cols[0]].text) == max(numbers)


# What is refused, and how dL/dy is given -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: animate(MaxPool(4, 2), "backward-weight"), "a pooling has no weights; use --view backward-input"),
        (lambda: animate(Conv(4, 3), "backward", channels=(2, 1)), "show one input channel; leave out the channels"),
        (lambda: animate(Conv(4, 3), "backward", channels=(1, 2)), "show one input channel; leave out the channels"),
        (lambda: animate(MaxPool(4, 2), "backward-input", channels=(2, 2)), "leave out the channels"),
        (lambda: animate(Conv(4, 3), dy=[[1, 2], [3, 4]]), "the view slide shows no dL/dy; use --view backward, or"),
        (
            lambda: animate(Conv(4, 3), "backward-input", dy=[[1, 2, 3]]),
            "dL/dy values are 1×3, but the output is 2×2; give 2×2 numbers, of one channel",
        ),
        (lambda: animate(Conv(4, 3), "backward", dy=[["a"]]), "dL/dy values are not numbers"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_advice(call: Any, message: str) -> None:
    with pytest.raises((PictureError, GeometryError, TypeError)) as caught:
        call()
    assert message in str(caught.value)


def test_the_command_line_gives_dy_and_refuses_a_wrong_shape() -> None:
    words = ("conv", "-i", "4", "-k", "3", "--view", "backward-input")
    result = run(*words, "--dy", "1,2;3,4", "--alt")
    assert result.exit_code == 0, result.output
    assert "each dL/dy stamps dL/dy·w into dL/dx" in result.output
    refused(run(*words, "--dy", "1,2,3", "--alt"), "dL/dy values are 1×3, but the output is 2×2; give 2×2 numbers")
    refused(run("conv", "-i", "4", "--dy", "1,2;3,4", "--alt"), "shows no dL/dy; use --view backward")


def test_dy_is_part_of_the_command_that_draws_the_picture_again() -> None:
    animation = animate(Conv((4,), (3,)), "backward", dy=[5, 7])
    assert animation.provenance.command.endswith(" --dy 5,7")
    assert any("5·" in term for frame in animation.scene.frames for term in getattr(frame.caption, "terms", ()))


def test_help_shows_an_example() -> None:
    assert any("backward" in words for words in examples("conv"))
