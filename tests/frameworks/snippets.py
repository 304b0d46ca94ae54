"""Snippets, run statement by statement, with concrete whole numbers in the place of random ones."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool

Put = Callable[[str, Any], Any]
"""Name and value of a variable → the value to put in its place."""


def run(code: str, put: Put) -> dict[str, Any]:
    """The variables of a snippet; whatever is assigned to a name is first handed to `put`."""
    scope: dict[str, Any] = {}
    for statement in ast.parse(code).body:
        exec(compile(ast.Module([statement], []), "<snippet>", "exec"), scope)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            scope[name] = put(name, scope[name])
    return scope


def integers(rng: random.Random, shape: tuple[int, ...]) -> np.ndarray:
    """Small whole numbers, neither symmetric nor all alike."""
    return np.random.default_rng(rng.randrange(2**32)).integers(-9, 10, shape)


def shown_shape(code: str) -> str:
    """The shape in the comment behind the output."""
    return code.splitlines()[-1].partition("  # ")[2]


def agrees(layer: Layer, x: np.ndarray, w: np.ndarray | None, y: np.ndarray) -> bool:
    """Whether `y` is what the layer makes of `x`: exactly, but for means, which are rounded."""
    ours = np.asarray(layer(x) if isinstance(layer, Pool) else layer(x, w))  # type: ignore[operator]
    if ours.shape != y.shape:
        return False
    if isinstance(layer, AvgPool):
        return bool(np.allclose(ours, y, rtol=1e-5, atol=1e-5))
    lowest = np.finfo(np.float32).min  # of onnxruntime, where a window holds padding alone
    return bool(np.array_equal(ours, np.where(np.isneginf(ours) & (y == lowest), ours, y)))


TELLING: list[tuple[str, dict[str, Any]]] = [
    ("conv", {"input": 5, "kernel": 3, "stride": 2, "padding": 1}),
    ("conv", {"input": [6, 5], "kernel": [3, 2], "stride": [2, 1], "padding": "same"}),
    ("conv", {"input": [8], "kernel": [4], "padding": "same"}),
    ("conv", {"input": 7, "kernel": 3, "stride": 2, "padding": [[1, 2], [0, 1]], "dilation": 2}),
    ("conv", {"input": 6, "kernel": 3, "padding": 1, "padding_mode": "reflect"}),
    ("conv", {"input": [4, 6], "kernel": 3, "padding": [[1, 2], [0, 1]], "padding_mode": "circular"}),
    ("transposed", {"input": 3, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1}),
    ("transposed", {"input": 2, "kernel": 3, "stride": 2, "padding": "same"}),
    ("transposed", {"input": [3, 2], "kernel": [2, 4], "stride": [3, 2], "padding": "valid"}),
    ("transposed", {"input": 4, "kernel": 2, "padding": 2, "stride": 3}),
    ("transposed", {"input": [4], "kernel": [3], "padding": [[3, 0]], "stride": [2]}),
    ("transposed", {"input": 3, "kernel": 3, "stride": 2, "padding": [[0, 1], [2, 0]], "dilation": 2}),
    ("transposed", {"input": 3, "kernel": 2, "stride": 2, "dilation": 4, "output_padding": 3}),
    ("maxpool", {"input": 6, "kernel": 2}),
    ("maxpool", {"input": [7], "kernel": [3], "stride": [2], "padding": [[1, 0]], "ceil_mode": True}),
    ("maxpool", {"input": 7, "kernel": 2, "stride": 2, "dilation": 2}),
    ("avgpool", {"input": 5, "kernel": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    ("avgpool", {"input": 6, "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("avgpool", {"input": [9], "kernel": [3], "dilation": 2, "stride": 1}),
]
"""A layer for each thing that a snippet does."""


def layer_of(kind: str, given: dict[str, Any]) -> Layer:
    """A layer of `TELLING`."""
    return LAYER_KINDS[kind](**given)  # type: ignore[call-arg]


def grid() -> Iterator[Layer]:
    """Layers with one axis in which every parameter meets every other."""
    for i, k, s, d in itertools.product((1, 4, 5), (1, 2, 3, 4), (1, 2, 3), (1, 2, 3)):
        for p in ("valid", "same", "same_lower", "full", (1, 1), (0, 1), (2, 0)):
            padding: Any = p if isinstance(p, str) else (p,)
            given = {"input": (i,), "kernel": k, "stride": s, "padding": padding, "dilation": d}
            yield from possible(Conv, given)
            yield from possible(ConvTranspose, given)
            for a in (1, 2):
                yield from possible(ConvTranspose, given | {"output_padding": a})


def some(count: int, seed: int) -> Iterator[Layer]:
    """Random layers of all four kinds, with one and two axes."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        for layer in possible(*_random(rng)):
            made += 1
            yield layer


def possible(kind: type[Layer], given: dict[str, Any]) -> Iterator[Layer]:
    """The layer, if there is such a one."""
    try:
        yield kind(**given)
    except GeometryError:
        return


def _random(rng: random.Random) -> tuple[type[Layer], dict[str, Any]]:
    axes = rng.choice((1, 2, 2))

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(rng.randint(low, high) for _ in range(axes))

    kind: type[Layer] = rng.choice((Conv, Conv, ConvTranspose, ConvTranspose, MaxPool, AvgPool))
    sides = tuple((rng.randint(0, 3), rng.randint(0, 3)) for _ in range(axes))
    padding = rng.choice([sides, each(0, 2), rng.choice(list(PADDING_RULES))])
    given: dict[str, Any] = {"input": each(1, 7), "kernel": each(1, 4), "stride": each(1, 4), "padding": padding}
    given["dilation"] = rng.choice([(1,) * axes, each(1, 3)])
    if kind is Conv:
        given["padding_mode"] = rng.choice(["zeros", *PADDING_MODES])
    elif kind is ConvTranspose and rng.random() < 0.5:
        given[rng.choice(["output_padding", "output"])] = each(0, 9) if rng.random() < 0.5 else each(0, 2)
    elif kind in (MaxPool, AvgPool):
        given["ceil_mode"] = rng.random() < 0.5
        if kind is AvgPool:
            given["count_include_pad"] = rng.random() < 0.5
    return kind, given
