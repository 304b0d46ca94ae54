"""The picture of `convviz compare`: what each framework pads or crops on the last axis, and where outputs differ."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.claims.digits import check_value
from tests.claims.model import Model, computed
from tests.claims.plain import Plain
from tests.claims.readers import header
from tests.claims.readers.calls import Made, RefusedError, made_by
from tests.claims.readers.comparison import exceeds
from tests.claims.readers.explain import TITLES
from tests.claims.reading import About, NotUnderstoodError, holds, pairs, same
from tests.oracles import evaluate

Outputs = dict[str, dict[tuple[int, ...], Any] | None]


def check(scene: Any, calls: dict[str, str], plain: Plain, x: Any, w: Any) -> None:
    """Check all texts; `calls` are those of the frameworks for the last axis, x and w its example values."""
    about = About(Model(plain), view="compare", scene=scene)
    same("title", scene.title, f"{TITLES[plain.kind]} in {listed(list(calls))}")
    same("sizes", scene.sizes, f"input {plain.i[0]}, one axis")
    outputs: Outputs = {}
    layers = []
    for panel, (name, call) in zip(scene.panels, calls.items(), strict=True):
        same("label", panel.label, name)
        outputs[name] = check_lane(panel.caption, name, call, plain, x, w)
        layers += [] if outputs[name] is None else [layer_of(panel.caption, plain)]
    check_badges([badge.text for badge in scene.badges], about)
    for formula in scene.formulas:
        for layer in layers:
            check_formula(formula.variants()[0], layer)
    for number, frame in enumerate(scene.frames):
        for line in frame.caption.variants:
            check_caption(line, number, outputs, scene)
    check_legend(scene, outputs)


def check_formula(line: str, layer: Model) -> None:
    """Check `o = … = (3 − 1)·2 + 3 − 2·1 = 5 (1 left over)`, whose numbers are those of each framework."""
    found = re.fullmatch(r"o = .+ = (.+) = (\d+)(?: \(.+\))?", line)
    if not found:
        raise NotUnderstoodError(f"no reader understands {line!r}")
    same("output size", (evaluate(found[1]), int(found[2])), (layer.o[0],) * 2)


def listed(names: list[str]) -> str:
    """Join names: `torch, keras and jax`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def check_badges(texts: list[str], about: About) -> None:
    """Check the given parameters; padding by name is not in numbers, as each framework has its own."""
    plain = about.plain
    for text in texts:
        if isinstance(plain.p, str) and text.startswith("p = "):
            same("name of the padding", text, f"p = {plain.p}")
        else:
            header.badges.read(text, about)
    needed = {"i", "k", "s", "p", *(["d"] if set(plain.d) != {1} else []), *(["a"] if any(plain.a or ()) else [])}
    holds("no parameter is hidden", needed <= {text.split(" = ")[0] for text in texts})


def layer_of(caption: str, plain: Plain) -> Model:
    """Return the layer of a lane: `pads 0,1 → output 3`."""
    found = re.match(r"(?:pads|crops) (\S+) →", caption)
    assert found
    ((before, after),) = pairs(found[1], 1)
    padding = ((before, max(after, 0)),)
    return Model(replace(plain, p=padding, a=(max(-after, 0),) if plain.transposed else None))


def check_lane(caption: str, name: str, call: str, plain: Plain, x: Any, w: Any) -> dict[tuple[int, ...], Any] | None:
    """Check what a framework pads or crops; return its outputs, None if there is no layer."""
    made: Made | None
    try:
        made = made_by(name, call, plain)
    except RefusedError:
        made = None
    if made is None or exceeds(made, call):
        same("why there is no layer", caption, "refused" if made is None else "not computed")
        return None
    found = re.fullmatch(r"(pads|crops) (\S+) → output (\d+)(, kernel flipped)?", caption)
    if not found:
        raise NotUnderstoodError(f"no reader understands {caption!r}")
    same("verb", found[1], "crops" if plain.transposed else "pads")
    model = layer_of(caption, plain)
    same("output", (int(found[3]),), model.o)
    same("the kernel is flipped", bool(found[4]), made.flipped)
    asked = tuple((axis.before, axis.after - axis.a) for axis in Model(plain).axes)
    holds(f"{name} pads or crops {found[2]}", pairs(found[2], 1) in (made.pads, asked))
    return computed(model, x, w[::-1] if made.flipped else w)


def check_caption(line: str, number: int, outputs: Outputs, scene: Any) -> None:
    """Check `y[2] = 4 in torch; 7 in keras and jax; onnx refuses`, `y[2] agrees in torch and onnx`, `y[2] differs`."""
    name, _, rest = line.partition(" ")
    same("output cell", name, f"y[{number}]")
    taking = {one: found.get((number,)) for one, found in outputs.items() if found is not None}
    values = set(taking.values())
    if rest == "differs":
        holds("values differ", len(values) > 1)
    elif rest.startswith("agrees in "):
        same("those that agree", (rest.removeprefix("agrees in "), len(values)), (listed(list(taking)), 1))
    elif rest:
        check_values(rest.removeprefix("= ").removeprefix("is "), taking, scene)


def check_values(text: str, taking: dict[str, Any], scene: Any) -> None:
    said: list[str] = []
    for part in text.split("; "):
        value, _, names = part.partition(" in ")
        if not names:
            check_missing(part, scene)
            continue
        for name in re.split(r", | and ", names):
            said.append(name)
            if value == "missing":
                same(f"value in {name}", taking[name], None)
            else:
                check_value(f"value in {name}", value, taking[name])
    same("frameworks", sorted(said), sorted(taking))


def check_missing(part: str, scene: Any) -> None:
    """Check `keras refuses`, `keras and onnx refuse`, `jax is not computed`."""
    found = re.fullmatch(r"(.+) (refuses?|(?:is|are) not computed)", part)
    if not found:
        raise NotUnderstoodError(f"no reader understands {part!r}")
    word = "not computed" if "computed" in found[2] else "refused"
    same("those without a layer", re.split(r", | and ", found[1]), [p.label for p in scene.panels if p.caption == word])


def check_legend(scene: Any, outputs: Outputs) -> None:
    """Check that only what is seen is listed; `differs from torch` names the first framework that has a layer."""
    cells = {(cell.role, cell.faded) for panel in scene.panels for row in panel.cells for cell in row}
    cells |= {(change.cell.role, change.cell.faded) for frame in scene.frames for change in frame.changes}
    marks = {mark.role for frame in scene.frames for mark in frame.marks}
    for entry in scene.legend:
        seen = entry.role in marks if entry.role in ("window", "last", "source") else (entry.role, entry.faded) in cells
        holds(f"{entry.text!r} is seen", seen)
        if entry.role == "source":
            first = next(name for name, found in outputs.items() if found is not None)
            same("first framework", entry.text, f"differs from {first}")
    listed_ = {entry.role for entry in scene.legend}
    holds("marks are explained", marks <= listed_)


def check_alt(text: str, scene: Any, plain: Plain) -> None:
    """Check the alt text: the frameworks, the parameters, each lane, and the first and the last caption."""
    noun = {"conv": "a convolution", "transposed": "a transposed convolution"}[plain.kind]
    names = [panel.label for panel in scene.panels]
    several = len(scene.frames) > 1
    start = f"Animation in {scene.steps} steps" if several else f"Step {scene.steps} of {scene.steps}"
    badges = ", ".join(badge.text for badge in scene.badges)
    sentences = [f"{start} of {noun} in {listed(names)}, with {badges}."]
    sentences.append("A line for each framework: its padding left and right, and what comes out.")
    sentences += [f"{panel.label}: {panel.caption}." for panel in scene.panels]
    first, last = (frame.caption.fitted(120) for frame in (scene.frames[0], scene.frames[-1]))
    course = f"At the end, {last}." if first == last else f"At first, {first}; at the end, {last}."
    sentences.append(course if several else f"Here, {last}.")
    same("alt text", text, " ".join(sentences))
