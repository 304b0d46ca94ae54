"""Check all that convviz says about one random layer; the fault names the layer, its command and the sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from random import Random
from typing import Any

from tests.claims import plain as plains
from tests.claims import sayings, shown
from tests.claims.model import Model
from tests.claims.plain import Plain
from tests.claims.readers import alt, backward, data, explain
from tests.claims.reading import About
from tests.claims.scenes import check_scene

MOST_OUTPUTS = 49
"""Output cells of a layer that is drawn."""
MOST_CELLS = 200
"""Cells of its padded input."""


def drawn(random: Random, kinds: tuple[str, ...] = plains.KINDS) -> tuple[Plain, Any]:
    """Draw parameters until convviz takes them; return them and the layer."""
    while True:
        plain = plains.draw(random, kinds)
        layer = sayings.layer_of(plain)
        if layer is not None:
            return plain, layer


def check_layer(seed: int) -> None:
    """Check the explanation of a random layer, and two views of it if it is small."""
    random = Random(seed)
    plain, layer = drawn(random)
    about = About(Model(plain))
    located(seed, f"convviz explain {plain.command()}", lambda: explain.read(sayings.explain(layer), about))
    located(seed, f"convviz explain {plain.command()} --json", lambda: data.check(sayings.geometry(layer), about))
    told = sayings.explain(layer, backward=True)
    located(seed, f"convviz explain {plain.command()} --backward", lambda: backward.read(told, about))
    cells = [len(axis.line) for axis in about.model.axes]
    if prod(about.model.o) <= MOST_OUTPUTS and prod(cells) <= MOST_CELLS:
        for view in random.sample(sorted(sayings.VIEWS), 2):
            numbers = shown.draw(random, plain)
            check_view(seed, plain, layer, view, shown.evened(numbers, seed) if view == "overlap" else numbers)


def check_view(seed: int, plain: Plain, layer: Any, view: str, numbers: shown.Shown) -> None:
    """Check the texts of a view, and its alt text, if the view shows such a layer."""
    lens = numbers.lens and view in ("slide", "image")
    numbers = replace(numbers, shaded=numbers.shaded and view == "slide", lens=lens)
    if view.startswith("backward"):
        numbers = shown.with_gradient(numbers, Model(plain).o, seed)
    scene = sayings.scene_of(layer, view, numbers)
    if scene is None:
        return
    model = Model(plain)
    about = About(model, view=view, scene=scene, values=shown.Values(model, numbers))
    command = f"convviz {plain.command()} --view {view}"
    located(seed, command, lambda: check_scene(about))
    located(seed, f"{command} --alt", lambda: alt.check(sayings.alt_of(layer, view, scene), about))


def located(seed: int, command: str, check: Callable[[], None]) -> None:
    """Run a check; a fault says where."""
    try:
        check()
    except AssertionError as fault:
        raise AssertionError(f"layer {seed}: {command}\n{fault}") from None
