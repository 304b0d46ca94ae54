"""Several layers in a row: receptive fields, traced back from an output cell to the input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import Any

from tests.claims.model import Index, Model
from tests.claims.padding import fitting
from tests.claims.readers.alt import ENDS, GRID, grid_of
from tests.claims.reading import NotUnderstoodError, check_cells, holds, pairs, per_axis, same, sizes


@dataclass(frozen=True)
class Chain:
    """Layers of which each takes the output of the one before, and their scene."""

    models: tuple[Model, ...]
    scene: Any

    @property
    def count(self) -> int:
        return self.models[0].plain.count

    def reads(self, output: Index) -> set[Index]:
        """Input cells that an output cell of the last layer depends on."""
        cells = {output}
        for model in reversed(self.models):
            cells = set().union(*(model.reads(cell) for cell in cells))
        return cells

    def extents(self, output: Index) -> tuple[int, ...]:
        cells = self.reads(output)
        return tuple(len({cell[n] for cell in cells}) for n in range(self.count))


def check(chain: Chain) -> None:
    """Check all texts of the scene."""
    scene, models = chain.scene, chain.models
    number = len(models)
    same("title", scene.title, f"Receptive field: {number} layer{'s' * (number > 1)}")
    check_largest(scene.sizes, chain)
    for badge, model in zip(scene.badges, models, strict=True):
        check_badge(badge.text, model)
    check_panels(chain)
    for formula in scene.formulas:
        check_rule(formula.symbols, chain)
    for output, frame in zip(models[-1].outputs(), scene.frames, strict=True):
        for line in frame.caption.variants:
            check_caption(line, output, chain)


def check_largest(text: str, chain: Chain) -> None:
    found = re.fullmatch(r"an output cell reads up to ([\d×]+) input cells?", text)
    if not found:
        raise NotUnderstoodError(f"no reader understands {text!r}")
    extents = [chain.extents(output) for output in chain.models[-1].outputs()]
    largest = tuple(max(axis) for axis in zip(*extents, strict=True))
    if any(largest):
        same("largest field", sizes(found[1]), largest)
    else:
        same("cells of the largest field", prod(sizes(found[1])), 0)
    same("plural", text.endswith("cells"), found[1] != "1")


def check_badge(text: str, model: Model) -> None:
    """Check `conv k3 s2 p1 d2 a1`."""
    kind, *words = text.split(" ")
    plain, count = model.plain, model.plain.count
    same("kind", kind, plain.kind)
    given = {word[0]: word[1:] for word in words}
    same("kernel and stride", (per_axis(given["k"], count), per_axis(given["s"], count)), (plain.k, plain.s))
    same("padding", pairs(given["p"], count), tuple((axis.before, axis.after) for axis in model.axes))
    same("dilation", per_axis(given.get("d", "1"), count), plain.d)
    same("output padding", per_axis(given.get("a", "0"), count), model.sizes("a"))


def check_panels(chain: Chain) -> None:
    shapes = [chain.models[0].plain.i, *(model.o for model in chain.models)]
    last = len(chain.models)
    for number, (panel, shape) in enumerate(zip(chain.scene.panels, shapes, strict=True)):
        text = panel.caption or panel.label
        found = re.fullmatch(r"(input|output|after layer (\d+):) ([\d×]+)", text)
        if not found:
            raise NotUnderstoodError(f"no reader understands {text!r}")
        name = "input" if not number else "output" if number == last else f"after layer {number}:"
        same("panel", (found[1], sizes(found[3])), (name, shape))


def check_caption(line: str, output: Index, chain: Chain) -> None:
    name = f"y[{','.join(map(str, output))}]"
    holds(f"{line!r} is about {name}", line.startswith(name))
    cells, rest = chain.reads(output), line.removeprefix(name)
    if rest == " reads no input cell":
        same("cells that are read", cells, set())
        return
    found = re.fullmatch(
        r"(?: reads (?:((?:rows?|columns?|cells?) .+?)(?: of the input: ([\d×]+) cells?)?|([\d×]+) cells?))?", rest
    )
    if not found:
        raise NotUnderstoodError(f"no reader understands {line!r}")
    if found[1]:
        check_cells("the field", found[1], cells, chain.models[0].names)
    for extent in (found[2], found[3]):
        if extent:
            same("plural", rest.endswith("cells"), extent != "1")
            same("extent", sizes(extent), chain.extents(output))


def check_rule(text: str, chain: Chain) -> None:
    """Check `r ← r + (k − 1)·d·j,  j ← j·s:  r = 1 → 3 → 7,  jump 2` far from all borders."""
    found = re.fullmatch(r"r ← r \+ \(k − 1\)·d·j,  j ← j·s(?::  r = ([\d → ]+),  jump (\d+))?", text)
    if not found:
        raise NotUnderstoodError(f"no reader understands {text!r}")
    if not found[1]:
        return
    said = [int(number) for number in found[1].split(" → ")]
    for n in range(chain.count):
        axes = [(model.plain.k[n], model.plain.s[n], model.plain.d[n]) for model in chain.models]
        true = [extent(axes[:number], 0) for number in range(len(axes) + 1)]
        same("receptive fields", said, [last - first + 1 for first, last in true])
        same("jump", int(found[2]), extent(axes, 1)[0] - extent(axes, 0)[0])


def extent(axes: list[tuple[int, int, int]], output: int) -> tuple[int, int]:
    """The first and the last input cell of an output cell, in layers without padding."""
    cells = {output}
    for k, s, d in reversed(axes):
        walk = fitting(max(cells) * s + (k - 1) * d + 1, k, s, d)
        cells = {cell for one in cells for cell in walk[one]}
    return min(cells), max(cells)


def check_alt(text: str, chain: Chain) -> None:
    """Check the alt text of several layers sentence by sentence; of one, it is that of the layer."""
    found = re.fullmatch(
        r"(?:Animation in (?P<steps>\d+) steps?|Step (?P<step>\d+) of (?P<all>\d+)) of (?P<count>\d+) layers in a row, "
        rf"from (?P<i>{GRID}) input to (?P<o>{GRID}) output\. "
        rf"Layers in a row, and the receptive field of an output cell\. {ENDS}",
        text,
    )
    if not found:
        raise NotUnderstoodError(f"no reader understands {text!r}")
    outputs = chain.models[-1].outputs()
    same("steps", int(found["steps"] or found["all"]), len(outputs))
    same("layers", int(found["count"]), len(chain.models))
    same("sizes", (grid_of(found["i"]), grid_of(found["o"])), (chain.models[0].plain.i, chain.models[-1].o))
    for caption, output in ((found["first"], outputs[0]), (found["last"], outputs[-1]), (found["here"], outputs[0])):
        if caption:
            check_caption(caption, output, chain)
