"""Random cases for the explorer's twins, legal and illegal, and what Python makes of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import product
from typing import Any

import numpy as np

from convviz import Conv, ConvTranspose
from convviz.analysis.diagnostics import diagnostics
from convviz.errors import GeometryError, PictureError
from convviz.frameworks.codegen.generate import code
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.examples import example_input, example_kernel
from convviz.layers.gradient_examples import output_gradient
from convviz.layers.kernels import named_kernel
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, conv_values
from convviz.layers.patterns import PATTERNS, named_input
from convviz.scene.frame_selection import only_frame
from convviz.scene.model import Scene, Timing
from convviz.scene.pace import StepFacts, schedule
from convviz.text.formatting import format_value, is_shown_exactly
from convviz.text.formulas import formulas
from convviz.text.lines import Equation, Sentence
from convviz.views.registry import VIEWS
from tests.views.strategies import Place, laid
from tests.web.link_oracle import Picture

Case = dict[str, Any]
VIEW_NAMES = ("slide", "steps", "scatter", "matrix", "overlap", "pair", "backward")
WRITTEN = ("torch", "keras", "jax")
LINKED = ("input", "padded", "kernel", "output")
NAMED = ("bilinear", "box", "gaussian", "identity", "laplacian", "nearest", "ones", "sharpen", "sobel-x", "sobel-y")
ODD = (0, -1, 2.5, -0.5, 1e-7, 10**6 + 1, 10**20, None, True, "three", "it's", "", [], [2, 2, 2], [[1, 2], 3, 4])


# Cases ----------------------------------------------------------------------------------------------------------------


def layer_case(rng: random.Random, largest: int = 9) -> tuple[str, dict[str, Any]]:
    """A kind and its parameters: mostly legal ones."""
    kind = rng.choice(("conv", "transposed"))
    axes = rng.choice((1, 2, 2))

    def spread(low: int, high: int) -> Any:
        each = [rng.randint(low, high) for _ in range(axes)]
        return each if axes == 1 or rng.random() < 0.6 else each[0]

    given: dict[str, Any] = {"input": spread(1, largest), "kernel": spread(1, 4)}
    if axes == 1:
        given["kernel"] = [rng.randint(1, 4)]
    if rng.random() < 0.7:
        given["stride"] = spread(1, 4)
    given["padding"] = rng.choice([padding(rng, axes), rng.choice(list(PADDING_RULES)), spread(0, 3), 0])
    if rng.random() < 0.4:
        given["dilation"] = spread(1, 3)
    if kind == "conv" and rng.random() < 0.4:
        given["padding_mode"] = rng.choice(list(PADDING_MODES))
    if kind == "transposed":
        extra = rng.choice(("", "", "output_padding", "output"))
        if extra:
            given[extra] = spread(0, 2) if extra == "output_padding" else spread(1, 3 * largest)
    return kind, given


def padding(rng: random.Random, axes: int) -> list[list[int]]:
    return [[rng.randint(0, 4), rng.randint(0, 4)] for _ in range(axes)]


def spoilt(rng: random.Random, given: dict[str, Any]) -> dict[str, Any]:
    """The same with something that hardly fits."""
    name = rng.choice(["input", "kernel", "stride", "padding", "dilation", "padding_mode", "output_padding", "output"])
    if name in ("input", "kernel", "stride", "dilation") and rng.random() < 0.3:
        return given | {name: rng.choice((97, 1000, 31))}
    if name == "padding":
        wrong = [*ODD, "diagonal", [[1, 2, 3], 1], ["same", 1], [[1, 2.5], [1, 2]], 40]
        return given | {name: rng.choice(wrong)}
    if name == "padding_mode":
        return given | {name: rng.choice(["mirror", "constructor", None, 3, "reflect", "circular"])}
    return given | {name: rng.choice(ODD)}


def values_of(rng: random.Random, kind: str, given: dict[str, Any]) -> dict[str, Any] | None:
    """How a picture gets its numbers; None for no numbers at all."""
    chance = rng.random()
    if chance < 0.1:
        return None
    found: dict[str, Any] = {"seed": rng.randrange(2**32)}
    if chance < 0.25:
        return found | {"visible": False}
    if chance < 0.4:
        found["bias"] = rng.choice([2, -3, 0.5, 0, 1 / 3])
    if chance > 0.8:
        found["w"] = rng.choice(NAMED)
    if 0.25 < chance < 0.32:
        found["x"] = rng.choice([*PATTERNS])
    if chance > 0.65:
        try:
            layer = layer_of(kind, given)
        except GeometryError:
            return found
        found["x"] = odd_floats(rng, layer.input)
        if "w" not in found:
            found["w"] = odd_floats(rng, layer.kernel)
        if chance > 0.9:
            found["dy"] = odd_floats(rng, layer.output)
    return found


def odd_floats(rng: random.Random, shape: tuple[int, ...]) -> Any:
    if not shape:
        kinds = (rng.randint(-9, 9), rng.randint(-40, 40) / 16, rng.uniform(-20, 20), rng.uniform(-1e5, 1e5), 0)
        return rng.choice(kinds)
    return [odd_floats(rng, shape[1:]) for _ in range(shape[0])]


def odd_values(rng: random.Random, count: int) -> list[float]:
    """Numbers that are hard to write: halves between two digits, fractions, huge and tiny ones."""
    fixed = [
        1 / 3,
        0.125,
        1e9,
        1e-7,
        -0.5,
        12345.678,
        0,
        -0.0,
        1.125,
        12.25,
        12.35,
        0.0625,
        0.1875,
        99.95,
        99.96,
        100.5,
    ]
    fixed += [
        101.5,
        -102.5,
        1e7,
        9999999.5,
        12500000,
        13500000,
        1.25e10,
        1e-3,
        9.995e-4,
        5e-324,
        1.7976931348623157e308,
    ]
    fixed += [-1.79e308, 255 / 256, 1 / 257, 2**53, 0.1 + 0.2, 2 / 3, 1e22, 123456789012345680000.0, 0.5 + 2**-53]
    made: list[float] = []
    while len(made) < count - len(fixed):
        made.append(
            rng.choice(
                [
                    rng.uniform(-100, 100),
                    rng.uniform(-1, 1),
                    rng.randint(-999, 999) / 2 ** rng.randint(0, 12),
                    rng.randint(-300, 300) / rng.randint(1, 300),
                    rng.randint(-(2**53), 2**53) * 2.0 ** rng.randint(-80, 80),
                    rng.randint(-(10**12), 10**12),
                    round(rng.uniform(-20, 20), rng.randint(1, 4)),
                ]
            )
        )
    return fixed + made


# What Python makes of them --------------------------------------------------------------------------------------------


def layer_of(kind: str, given: dict[str, Any]) -> Layer:
    return (ConvTranspose if kind == "transposed" else Conv)(**given)


def numbers_of(layer: Layer, given: dict[str, Any] | None) -> LayerValues | None:
    if given is None:
        return None
    seed = given.get("seed", 0)
    x, w = given.get("x"), given.get("w")
    x = example_input(layer.input, seed) if x is None else named_input(x, layer.input) if isinstance(x, str) else x
    w = example_kernel(layer.kernel, seed) if w is None else named_kernel(w, layer.kernel) if isinstance(w, str) else w
    found = conv_values(layer.sliding_windows, x, w, None if given.get("bias") is None else given["bias"])
    dy = output_gradient(layer, given.get("dy"), seed)
    return replace(found, visible=given.get("visible", True), dy=dy)


def scene_of(case: Case) -> Scene:
    layer = layer_of(case["kind"], case["given"])
    return VIEWS[case["view"]](layer, numbers_of(layer, case["numbers"]), Timing(**case["timing"]))


def _layer(case: Case) -> Any:
    layer = layer_of(case["kind"], case["given"])
    found: dict[str, Any] = {
        "output": layer.output,
        "padding": layer.padding,
        "outputPadding": layer.output_padding,
        "formulas": [asdict(one) for one in formulas(layer)],
        "notes": diagnostics(layer),
    }
    if case["slidingWindows"]:
        found["slidingWindows"] = [_walked(window) for window in layer.sliding_windows]
    return found


def _walked(window: SlidingWindow) -> Any:
    taps = [window.taps(output) for output in range(window.outputs)]
    return [asdict(cell) for cell in window.cells], taps, [window.kernel_index(tap) for tap in range(window.kernel)]


def _back(case: Case) -> Any:
    layer = layer_of(case["kind"], case["given"])
    assert isinstance(layer, Conv | ConvTranspose)
    other = layer.transpose()
    kind = "transposed" if isinstance(other, ConvTranspose) else "conv"
    return {"kind": kind, "input": other.input, "output": other.output, "outputPadding": other.output_padding}


def _links(case: Case) -> Any:
    """By loops over all windows, without the sliding windows of the package."""
    layer = layer_of(case["kind"], case["given"])
    grid = laid(layer)
    taps = list(product(*map(range, layer.kernel)))
    turned = isinstance(layer, ConvTranspose)
    weights = [tuple(k - 1 - u for k, u in zip(layer.kernel, tap, strict=True)) if turned else tap for tap in taps]
    met = [
        {"output": output, "padded": place, "kernel": weight, "input": grid.source(place)}
        for output in product(*map(range, layer.output))
        for place, weight in zip(grid.window(output), weights, strict=True)
    ]
    stands = {place: grid.source(place) for place in grid.places()}
    return [_linked(met, stands, case["panel"], tuple(index)) for index in case["indices"]]


def _linked(met: list[dict[str, Any]], stands: dict[Place, Place | None], panel: str, index: Place) -> Any:
    ours = [meeting for meeting in met if meeting[panel] == index]
    found = {name: {meeting[name] for meeting in ours} - {None} for name in LINKED if name != panel}
    if panel == "input":
        found["padded"] = {place for place, source in stands.items() if source == index}
    if panel == "padded":
        found["input"] = {stands[index]} - {None}
    return {name: sorted(cells) for name, cells in found.items()}


def _linked_in(case: Case) -> Any:
    """By loops over all windows and stamps: see `tests.web.link_oracle`."""
    layer = layer_of(case["kind"], case["given"])
    scene = scene_of(case | {"timing": {"step": 600, "hold": 2000}})
    picture = Picture(layer, case["view"], scene, case["step"])
    found = [picture.linked((cell[0], cell[1], cell[2])) for cell in case["cells"]]
    return [cells and sorted(map(list, cells)) for cells in found]


def _beats(case: Case) -> Any:
    edges = {name: case[name] for name in ("before", "after")}
    facts = StepFacts(case["count"], case["moments"], frozenset(case["special"]), case["row"], **edges)
    return [[beat.step, beat.duration, beat.moment, beat.is_before] for beat in schedule(facts, case["step"], 2000)]


def _code(case: Case) -> Any:
    layer = layer_of(case["kind"], case["given"])
    return {framework: code(layer, framework) for framework in WRITTEN}


ANSWERS = {
    "linked": _linked_in,
    "layer": _layer,
    "code": _code,
    "back": _back,
    "links": _links,
    "scene": lambda case: scene_of(case).to_dict(),
    "frame": lambda case: only_frame(scene_of(case), case["index"]).to_dict(),
    "pace": _beats,
    "values": lambda case: [[format_value(value), is_shown_exactly(value)] for value in case["values"]],
    "runs": lambda case: [list(run) for run in line_of(case["line"]).runs(case["length"])],
    "input": lambda case: np.ravel(example_input(tuple(case["shape"]), case["seed"])).tolist(),
    "kernel": lambda case: np.ravel(example_kernel(tuple(case["shape"]), case["seed"])).tolist(),
    "pattern": lambda case: np.ravel(named_input(case["name"], tuple(case["shape"]))).tolist(),
    "named": lambda case: np.ravel(named_kernel(case["name"], tuple(case["shape"]))).tolist(),
}


def line_of(facts: dict[str, Any]) -> Equation | Sentence:
    return Sentence(**facts) if "variants" in facts else Equation(**facts)


def answer(case: Case) -> Any:
    """The answer as JSON gives it back: the value, or the kind of error and its sentence."""
    try:
        return json.loads(json.dumps({"value": ANSWERS[case["ask"]](case)}))
    except (GeometryError, PictureError) as error:
        return {"error": [_class_of(error), str(error)]}


# The sweeps -----------------------------------------------------------------------------------------------------------


def layers(count: int, seed: int) -> Iterator[Case]:
    rng = random.Random(seed)
    for _ in range(count):
        kind, given = layer_case(rng, largest=12)
        if rng.random() < 0.45:
            given = spoilt(rng, given)
        given = {name: value for name, value in given.items() if kind in takes(name)}
        small = all(isinstance(value, int | str) and (isinstance(value, str) or value < 100) for value in flat(given))
        yield {"ask": "layer", "kind": kind, "given": given, "slidingWindows": small}
        if small and rng.random() < 0.3:
            yield {"ask": "back", "kind": kind, "given": given}


def takes(name: str) -> tuple[str, ...]:
    """Which kinds take a parameter."""
    only_one = {"padding_mode": ("conv",), "output_padding": ("transposed",), "output": ("transposed",)}
    return only_one.get(name, ("conv", "transposed"))


def flat(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from flat(entry)
    else:
        yield value


def scenes(count: int, seed: int, ask: str = "scene", *, story: bool = False) -> Iterator[Case]:
    """Scenes of legal layers of every view in turn, with and without numbers; among them some that a view refuses."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        kind, given = layer_case(rng, largest=5)
        try:
            layer = layer_of(kind, given)
        except GeometryError:
            continue
        if np.prod([window.size for window in layer.sliding_windows]) > 260:
            continue
        case = {"ask": ask, "kind": kind, "given": given, "view": VIEW_NAMES[made % len(VIEW_NAMES)]}
        case |= {"numbers": values_of(rng, kind, given), "timing": {"step": rng.choice([600, 50, 3000]), "hold": 2001}}
        if story:
            case["timing"] |= {"pace": "story", "glide": rng.choice([200, 0])}
        if ask == "frame":
            case["index"] = rng.randrange(int(np.prod(layer.output if case["view"] == "slide" else (1,))))
        made += 1
        yield case


def paces(count: int, seed: int) -> Iterator[Case]:
    """Stories of one step to very many, with and without moments, rows and special steps."""
    rng = random.Random(seed)
    for number in range(count):
        steps = rng.randint(1, rng.choice((3, 20, 90, 400, 3000))) if number else 65_536
        special = rng.sample(range(steps), rng.randint(0, min(steps, 7)))
        facts: Case = {"count": steps, "moments": rng.choice((0, 1, 3)), "special": special}
        facts |= {"row": rng.choice((0, rng.randint(1, steps))), "step": rng.choice((600, 50, 3000))}
        facts["before"] = rng.choice((0, 0, rng.randint(0, min(steps - 1, 20))))
        facts["after"] = int(rng.random() < 0.3 and facts["before"] < steps - 1)
        yield {"ask": "pace", **facts}


def links(count: int, seed: int) -> Iterator[Case]:
    rng = random.Random(seed)
    for number in range(count):
        kind, given = layer_case(rng, largest=5)
        try:
            layer = layer_of(kind, given)
        except GeometryError:
            continue
        shapes = {"input": layer.input, "kernel": layer.kernel, "output": layer.output}
        shapes["padded"] = tuple(window.size for window in layer.sliding_windows)
        panel = LINKED[number % len(LINKED)]
        cells = list(product(*map(range, shapes[panel])))
        indices = rng.sample(cells, min(len(cells), 6))
        yield {"ask": "links", "kind": kind, "given": given, "panel": panel, "indices": indices}


def linked_cells(count: int, seed: int) -> Iterator[Case]:
    """Cells of every panel of every view, at any step, also such as are not there."""
    rng = random.Random(seed)
    for number in range(count):
        view = VIEW_NAMES[number % len(VIEW_NAMES)]
        kind, given = layer_case(rng, largest=5)
        case = {"ask": "linked", "kind": kind, "given": given, "view": view, "numbers": {"seed": 1, "visible": False}}
        try:
            scene = scene_of(case | {"timing": {"step": 600, "hold": 2000}})
        except (GeometryError, PictureError):
            continue
        step = rng.choice((0, rng.randrange(scene.steps), scene.steps - 1))
        picture = Picture(layer_of(kind, given), view, scene, step)
        cells = sorted(picture.cells)
        chosen = [rng.choice([cell for cell in cells if cell[0] == panel]) for panel in {cell[0] for cell in cells}]
        yield case | {"step": step, "cells": [*chosen, *rng.sample(cells, min(len(cells), 5))]}


def codes(count: int, seed: int) -> Iterator[Case]:
    """Layers that pad with zeros, to be written as code; a name often stands for the padding."""
    rng = random.Random(seed)
    for _ in range(count):
        kind, given = layer_case(rng, largest=12)
        given.pop("padding_mode", None)
        if rng.random() < 0.3:
            given["padding"] = rng.choice(("same", "valid"))
        yield {"ask": "code", "kind": kind, "given": given}


def odd_line(rng: random.Random) -> dict[str, Any]:
    """An equation, or a sentence with cells, values and words that are neither."""
    name = rng.choice(["y[2,5]", "x[−1]", "w[0,0]", "(Cᵀ y)[1]", "cropped: y[−1,0]", "total", "xy[1]"])
    number = rng.choice(["3", "−2", "1/3", "0.333", "∞", "1.2e9", "?"])
    if rng.random() < 0.5:
        words = [
            name,
            rng.choice(["= ", "≈ ", ""]) + number,
            "stamps rows 1–3, columns 2;",
            "w[1] ≈ 0.5:",
            "of y[0], x",
        ]
        variants = [" ".join(words[:count]) for count in range(rng.randint(1, len(words)), 0, -1)]
        return {"variants": variants}
    inks = rng.choice([("input", "kernel"), ("input",), ("output", "kernel"), ()])
    terms = ["·".join([number, "(−7)", "5"][: max(1, len(inks))]) for _ in range(rng.randint(0, 6))]
    terms += ["2 (bias)"] * rng.randint(0, 1)
    relation = rng.choice("=≈")
    opening, closing, joint = rng.choice([("", "", " + "), ("max(", ")", ", "), ("(", ")/4", " + ")])
    facts = {"left": name, "terms": terms, "right": number, "relation": relation, "inks": inks}
    return {**facts, "opening": opening, "closing": closing, "joint": joint}


def examples(seed: int) -> Iterator[Case]:
    rng = random.Random(seed)
    yield {"ask": "values", "values": odd_values(rng, 4000)}
    for _ in range(150):
        shape = [rng.randint(1, 12) for _ in range(rng.choice((1, 2)))]
        seed = rng.choice([rng.randrange(100), rng.randrange(2**40), -rng.randrange(1, 100)])
        yield {"ask": "runs", "line": odd_line(rng), "length": rng.randint(1, 60)}
        yield {"ask": "input", "shape": shape, "seed": seed}
        yield {"ask": "kernel", "shape": shape, "seed": seed}
        yield {"ask": "pattern", "name": rng.choice([*PATTERNS]), "shape": shape}
        yield {"ask": "named", "name": rng.choice([*NAMED, "sobel", "toString"]), "shape": rng.choice([shape, [3, 3]])}


# The committed cases --------------------------------------------------------------------------------------------------


def _class_of(error: Exception) -> str:
    """The class that JavaScript has for an error; that of wrong arguments is Python's alone, where it is both."""
    name = type(error).__name__
    return "GeometryError" if name == "ArgumentError" else name


def said(case: Case) -> dict[str, Any]:
    """What Python says about a case of vectors/explorer.json: sizes and lines in full, or the sentence of an error."""
    try:
        layer = layer_of(case["kind"], case["given"])
        found: dict[str, Any] = {
            "output": list(layer.output),
            "formulas": [formula.variants()[0] for formula in formulas(layer)],
            "notes": diagnostics(layer),
        }
        if "view" in case:
            scene = scene_of({"timing": {}} | case)
            found["steps"] = scene.steps
            found["line"] = scene.frames[case["step"] - 1].caption.fitted(10_000)
    except (GeometryError, PictureError) as error:
        return {"error": [_class_of(error), str(error)]}
    return found
