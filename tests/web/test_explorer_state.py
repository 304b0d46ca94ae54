"""The explorer's addresses and commands: thousands of random ones, each of which must mean the same to Python."""

from __future__ import annotations

import json
import random
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convviz import Conv, ConvTranspose, ConvvizError, PictureError
from convviz.animation.layer_values import layer_values, with_gradient
from convviz.geometry.padding import PADDING_RULES
from convviz.layers.kernels import KERNEL_NAMES
from convviz.layers.patterns import PATTERNS
from convviz.recipes.request import request
from convviz.sphinx.command_line import parse_command
from convviz.web.explorer import LARGEST, VIEWS, address
from tests.web.test_explorer_twins import node

STATES = Path(__file__).parent / "js" / "explorer_states.mjs"
SMALL = {"i": 9, "k": 5, "s": 3, "p": 3, "d": 3, "a": 2}

ODD = ["k=", "s=0", "i=-1", "a=1e9", "view=b", "x=1,z", "%%%", "=", "kind=<b>", "axes=7"]


def addresses(count: int, seed: int) -> Iterator[str]:
    """Addresses as the page writes them, every third with something odd in it."""
    rng = random.Random(seed)
    for _ in range(count):
        one = rng.random() < 0.25
        parts = [rng.choice(["conv", "transposed"])] + ["1d"] * one
        sizes: dict[str, tuple[int, int]] = {}
        for symbol, most in SMALL.items():
            least = 0 if symbol in "pa" else 1
            rows = rng.randint(least, most)
            sizes[symbol] = (rows, rows if one or rng.random() < 0.5 else rng.randint(least, most))
            parts.append(f"{symbol}={rows}" if len(set(sizes[symbol])) == 1 else f"{symbol}={rows}x{sizes[symbol][1]}")
        parts += rng.sample([f"preset={rng.choice([*PADDING_RULES])}", f"seed={rng.randint(0, 99)}"], rng.randint(0, 2))
        parts += rng.choice([[], [f"weights={rng.choice(KERNEL_NAMES)}"], [values("w", sizes["k"], one, rng)]])
        parts += rng.choice([[], [f"pattern={rng.choice([*PATTERNS])}"], [values("x", sizes["i"], one, rng)]])
        parts += rng.sample([f"view={rng.choice(VIEWS)}", "numbers=0", f"step={rng.randint(1, 9)}"], rng.randint(0, 3))
        parts += rng.choice([[], [values("dy", (rng.randint(1, 3), rng.randint(1, 3)), one, rng)]])
        if rng.random() < 0.33:
            parts.insert(
                rng.randint(0, len(parts)), rng.choice(["k=", "s=0", "i=-1", "a=1e9", "view=b", "x=1,z", "%%%", "="])
            )
        yield "&".join(parts)


def values(name: str, shape: tuple[int, int], one: bool, rng: random.Random) -> str:
    rows = [[rng.choice([rng.randint(-9, 9), 0.5]) for _ in range(shape[1])] for _ in range(1 if one else shape[0])]
    return f"{name}=" + ";".join(",".join(map(str, row)) for row in rows)


def answers(found: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in node(str(STATES), text="".join(f"{one}\n" for one in found)).splitlines()]


def python(command: str) -> dict[str, Any]:
    """What Python makes of a command: sizes and numbers, or the sentence of its refusal."""
    words = shlex.split(command)
    assert (words[0], words[-2]) == ("convviz", "-o")
    try:
        parsed = parse_command(words[1:-2], Path())
        made = request(parsed.kind, parsed.options)
        layer = made.layer
        values = layer_values(layer, made.values, made.options)
        assert values.w is not None
        values = with_gradient(layer, values, made.values, made.options, made.options.view or "slide")
        shown = {"x": values.x[0], "w": values.w[0], "y": values.y}
        shown |= {} if values.dy is None else {"dy": values.dy}
    except ConvvizError as error:
        return {"error": str(error)}
    names = ("input", "kernel", "stride", "padding", "dilation", "output")
    extra = layer.output_padding if isinstance(layer, ConvTranspose) else (0,) * len(layer.input)
    sizes = {name: json.loads(json.dumps(getattr(layer, name))) for name in names} | {"outputPadding": list(extra)}
    return {"shown": sizes | {name: np.ravel(array).tolist() for name, array in shown.items()}}


def test_the_command_means_what_the_page_shows() -> None:
    found = answers(list(addresses(2000, seed=31)))
    drawn = refused = 0
    for one in found:
        wanted = python(one["command"])
        assert {name: one.get(name) for name in wanted} == wanted, one
        drawn += "shown" in wanted
        refused += "error" in wanted
    assert drawn > 500
    assert refused > 300


def test_an_address_says_the_whole_state() -> None:
    for one in answers(list(addresses(1000, seed=32))):
        assert one["same"] == one["again"]


def test_a_link_holds_dy() -> None:
    layer = Conv((4,), (2,), 2)
    found = address(layer, "backward", dy=[7, -0.5])
    (one,) = answers([found])
    assert found.endswith("&dy=7,-0.5")
    assert one["shown"]["dy"] == [7, -0.5]
    assert '--view backward --dy "7,-0.5"' in one["command"]
    for other in ("k=3", "s=1", "i=9", "k=9"):  # an output of another size, or none
        (one,) = answers([f"{found}&{other}"])
        assert "dy=" not in one["again"]


def test_the_sliders_reach_as_far_as_python_says() -> None:
    script = "import { LARGEST } from './explorer/state.js'; console.log(JSON.stringify(LARGEST))"
    here = (STATES.parents[3] / "convviz" / "web" / "js").as_uri()
    found = json.loads(node("--input-type=module", "--eval", script.replace("./", f"{here}/")))
    assert found == LARGEST


@pytest.mark.parametrize("k", [2, 3, 4, 5])
@pytest.mark.parametrize("name", ["same", "same_lower"])
def test_an_output_that_was_asked_for_is_opened_or_refused(name: Any, k: int) -> None:
    """The page has no slider for an output size: padding is then in numbers, or cannot be shown."""
    opened = 0
    for s, output in [(2, None), (2, 13), (2, 14), (3, 19), (3, 20), (3, 21)]:
        layer = ConvTranspose(7, k, s, name, output=output)
        try:
            parts = dict(part.split("=") for part in address(layer).split("&") if "=" in part)
        except PictureError:
            continue
        padding: Any = parts.get("preset") or int(parts["p"])
        a = None if parts.get("preset") and parts["a"] == "0" else int(parts["a"])
        shown = ConvTranspose(int(parts["i"]), int(parts["k"]), int(parts["s"]), padding, output_padding=a)
        assert shown == layer
        opened += 1
    assert opened >= 2
