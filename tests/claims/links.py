"""What the explorer says of each cell that is pointed at, from one process of Node for all layers."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from random import Random
from typing import Any

import numpy as np

from tests.claims import plain as plains
from tests.claims import sayings, shown
from tests.claims.model import Model
from tests.claims.plain import Plain
from tests.claims.readers import links
from tests.claims.reading import About
from tests.claims.scenes import FITTED
from tests.web.test_explorer_twins import asked

VIEWS = ("slide", "steps", "scatter", "matrix", "overlap", "pair", "backward")
MOST_CELLS = 36
"""Cells of the input, and of the output, of a layer whose every cell is pointed at."""
Drawn = tuple[int, Plain, str, shown.Shown, int]
"""Seed, layer, view, values, and the number of steps."""


def drawn(seed: int) -> Drawn:
    """Draw a layer that a view can show, the view and values."""
    random = Random(seed)
    while True:
        plain, view = plains.draw(random, ("conv", "transposed"), largest=5), random.choice(VIEWS)
        layer = sayings.layer_of(plain)
        if layer is None or max(prod(layer.input), prod(layer.output)) > MOST_CELLS:
            continue
        numbers = shown.draw(random, plain, channels=False)
        numbers = shown.Shown(numbers.x, numbers.w, None, numbers.visible, scale=numbers.scale)
        numbers = shown.with_gradient(numbers, layer.output, seed)
        scene = sayings.scene_of(layer, view, numbers)
        if scene is not None and not (view == "overlap" and plain.mode != "zeros"):
            return seed, plain, view, numbers, scene.steps


def case_of(plain: Plain, view: str, numbers: shown.Shown, steps: int) -> dict[str, Any]:
    """Return what the explorer is asked; at the last step all cells are there."""
    layer: Any = sayings.layer_of(plain)
    given = {"input": plain.i, "kernel": plain.k, "stride": plain.s, "dilation": plain.d, "padding": layer.padding}
    given |= {"output_padding": layer.output_padding} if plain.transposed else {"padding_mode": plain.mode}
    values = {"x": np.array(numbers.x).tolist(), "w": np.array(numbers.w).tolist(), "visible": numbers.visible}
    values |= {} if numbers.dy is None else {"dy": np.array(numbers.dy).tolist()}
    case = {"ask": "captions", "kind": plain.kind, "given": given, "view": view, "numbers": values}
    return case | {"step": steps - 1, "lengths": FITTED}


def check_links(seeds: range) -> int:
    """Check what is said of every cell; return the number of sentences."""
    chosen = list(map(drawn, seeds))
    return sum(check_told(*one) for one in zip(chosen, asked([case_of(*one[1:]) for one in chosen]), strict=True))


def check_told(drawn: Drawn, told: dict[str, Any], spoil: Callable[[str], str] = str) -> int:
    """Check what is said of every cell of a layer, each sentence `spoil`ed; return the number of sentences."""
    seed, plain, view, numbers, _ = drawn
    model = Model(plain)
    about = About(model, view=f"links of {view}", values=shown.Values(model, numbers))
    for grid, index, lines in told["value"]:
        for place, line in enumerate(map(spoil, lines)):
            try:
                links.check(line, grid, tuple(index), links.of_kernel(lines[0], about), full=not place)
            except AssertionError as fault:
                command = f"convviz explore {plain.command()} --view {view}"
                raise AssertionError(f"layer {seed}: {command}: {grid} {index}: {line!r}\n{fault}") from None
    return sum(len(lines) for *_, lines in told["value"])
