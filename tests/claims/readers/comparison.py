"""The text of `convviz compare`: a table of frameworks, notes, and the outputs that differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tests.claims.digits import check_value
from tests.claims.model import Model, computed
from tests.claims.plain import Plain, read_command
from tests.claims.readers.calls import Made, RefusedError, made_by
from tests.claims.reading import Reader, holds, pairs, same, sizes

notes = Reader()


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    framework: str
    output: str
    pads: str
    kernel: str
    verdict: str
    call: str


@dataclass(frozen=True)
class Told:
    """What a note is about: the layer that was asked for, a row, and whether the framework refuses the call."""

    plain: Plain
    row: Row
    refused: bool


def check(text: str, plain: Plain, x: Any, w: Any) -> None:
    """Check the whole text; x and w are the example values."""
    head, table, *blocks = text.split("\n\n")
    same("example values are said", head.endswith(", on example values"), True)
    check_command(head.removesuffix(", on example values"), plain)
    rows = rows_of(table, plain)
    told = [one for block in blocks for one in block.split("\n") if re.match(r"(torch|keras|jax|onnx): ", one)]
    outputs: dict[str, Any] = {}
    for row in rows:
        said = [note.partition(": ")[2] for note in told if note.startswith(f"{row.framework}: ")]
        outputs[row.framework] = check_row(row, said, plain, x, w)
    check_verdicts(rows, outputs)
    check_grids([block for block in blocks if block.split("\n") != told], outputs)


def check_command(command: str, plain: Plain) -> None:
    """Check the first line, if its padding is in equal numbers."""
    if isinstance(plain.p, str) or any(before != after for before, after in plain.p):
        holds("the command names the layer", command.startswith(f"convviz {plain.kind} "))
        return
    read = read_command(command)
    same("layer", Model(replace(read, a=read.a or None)).o, Model(plain).o)
    same("parameters", (read.kind, read.i, read.k, read.s, read.d), (plain.kind, plain.i, plain.k, plain.s, plain.d))


def rows_of(table: str, plain: Plain) -> list[Row]:
    head, *lines = table.split("\n")
    names = ["output", "cropped" if plain.transposed else "padded", "kernel", "values", "code"]
    same("columns", head.split(), names)
    starts = [0, *(head.index(name) for name in names)]
    cells = [[line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)] for line in lines]
    return [Row(*row) for row in cells]


def check_row(row: Row, said: list[str], plain: Plain, x: Any, w: Any) -> Any:
    """Check the facts of a framework and its notes; return its outputs, None if it refuses the call."""
    made: Made | None
    try:
        made = made_by(row.framework, row.call, plain)
    except RefusedError:
        made = None
    for note in (part for one in said for part in one.split("; ")):
        notes.read(note, Told(plain, row, made is None))  # type: ignore[arg-type]
    missing = "refused" if made is None else "not computed" if exceeds(made, row.call) else ""
    if made is None or missing:
        same("facts of a call without a layer", (row.output, row.pads, row.kernel, row.verdict), (*"–––", missing))
        return None
    holds(f"{row.framework} takes {row.call}", row.verdict not in ("refused", "not computed"))
    pads = pairs(row.pads, plain.count)
    if any("does the rest" in one for one in said):
        check_rest(pads, made.pads, plain)
    else:
        same(f"pads of {row.call}", pads, made.pads)
    same("kernel", row.kernel, "flipped" if made.flipped else "as given")
    return outputs_of(row, pads, made.flipped, plain, x, w)


def exceeds(made: Made, call: str) -> bool:
    """Whether numbers pad more than a layer of convviz has: a crop below zero."""
    return made.flipped and 'padding="' not in call and any(side < 0 for pads in made.pads for side in pads)


def check_rest(said: Sequence[tuple[int, int]], made: Sequence[tuple[int, int]], plain: Plain) -> None:
    """Check that another call pads or crops what is missing, so that the layer is the one that was asked for."""
    asked = tuple((axis.before, axis.after - axis.a) for axis in Model(plain).axes)
    same("pads", tuple(said), asked)
    for (before, after), (small, smaller) in zip(said, made, strict=True):
        holds("something is left to do, in the same direction", small <= before and smaller <= max(after, smaller))


def outputs_of(row: Row, pads: Sequence[tuple[int, int]], flipped: bool, plain: Plain, x: Any, w: Any) -> Any:
    """Return the outputs by brute force, whose size is checked."""
    sides = tuple((before, max(after, 0)) for before, after in pads)
    added = tuple(max(-after, 0) for _, after in pads)
    model = Model(replace(plain, p=sides, a=added if plain.transposed else None))
    same(f"output of {row.framework}", sizes(row.output), model.o)
    kernel = w[(slice(None, None, -1),) * w.ndim] if flipped else w
    y = np.zeros(model.o, dtype=int)
    for output, value in computed(model, x, kernel).items():
        y[output] = value
    return y


def check_verdicts(rows: list[Row], outputs: dict[str, Any]) -> None:
    first = next((name for name, y in outputs.items() if y is not None), None)
    for row in rows:
        y, expected = outputs[row.framework], outputs.get(first or "")
        if y is None:
            continue
        if row.framework == first:
            true = "reference"
        elif y.shape != expected.shape:
            true = f"size differs from {first}"
        else:
            differ = int((y != expected).sum())
            true = f"{differ} of {y.size} differ" if differ else f"same as {first}"
        same(f"verdict on {row.framework}", row.verdict, true)


def check_grids(blocks: list[str], outputs: dict[str, Any]) -> None:
    """Check outputs that are written out side by side, each below the frameworks that give it."""
    for block in blocks:
        head, *lines = block.strip("\n").split("\n")
        starts = [found.start() for found in re.finditer(r"(?:(?<=^)|(?<= {4}))(?=\w)", head)]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            for name in head[start:end].strip().split(", "):
                check_grid([line[start:end] for line in lines], outputs[name])


def check_grid(lines: list[str], y: Any) -> None:
    rows = [line.split() for line in lines if line.strip()]
    grid = y.reshape(-1, y.shape[-1])
    same("size of the grid", [len(row) for row in rows], [grid.shape[1]] * len(grid))
    for texts, values in zip(rows, grid, strict=True):
        for text, value in zip(texts, values, strict=True):
            check_value("output", text, value)


# Notes ----------------------------------------------------------------------------------------------------------------


@notes.says(r'padding="(?P<name>\w+)" (?P<why>does not exist|exists only for stride 1)')
def no_such_name(told: Told, name: str, why: str) -> None:
    """Names that frameworks have: Keras and JAX `same`, PyTorch `same` for a convolution of stride 1."""
    same("padding", name.lower(), told.plain.p)
    if why.startswith("exists"):
        same("framework", (told.row.framework, told.plain.transposed, name), ("torch", False, "same"))
        holds("the stride is not 1", set(told.plain.s) != {1})
    else:
        holds("there is no such name", name.lower() == "same_lower" or told.plain.transposed)
        holds("there is no such name in this framework", told.row.framework == "torch" or name.lower() == "same_lower")


@notes.says("this layer is the closest")
def closest(told: Told) -> None:
    holds("a layer is shown", not told.refused)


@notes.says(r"(?P<verb>pads|crops) (?:both sides|both ends) equally", r"(?P<verb>pads|crops) only by name")
def only_so(told: Told, verb: str) -> None:
    same("verb", verb, "crops" if told.plain.transposed else "pads")


@notes.says(r"(?P<helper>F\.pad|a slice|ZeroPadding[12]D|Cropping[12]D) does the rest")
def helper(told: Told, helper: str) -> None:
    plain = told.plain
    torch = "a slice" if plain.transposed else "F.pad"
    keras = f"{'Cropping' if plain.transposed else 'ZeroPadding'}{plain.count}D"
    same("helper", helper, {"torch": torch, "keras": keras}[told.row.framework])


@notes.says("there is no output padding")
def no_output_padding(told: Told) -> None:
    same("framework", told.row.framework, "jax")
    holds("output padding was asked for", any(told.plain.a or ()))


@notes.says("the kernel is flipped", "transpose_kernel=True keeps it as given")
def flipped(told: Told) -> None:
    same("framework and kind", (told.row.framework, told.plain.transposed), ("jax", True))


@notes.says("padding applies to the zero-inserted input(?P<why>, and these numbers .+)?")
def applies(told: Told, why: str | None) -> None:
    same("framework and kind", (told.row.framework, told.plain.transposed), ("jax", True))
    exceed = ", and these numbers exceed its kernel: some output cells get no contribution"
    reasons = {"refused": ", and these numbers leave no output", "not computed": exceed}
    same("the reason", why, reasons.get(told.row.verdict))


@notes.says(
    r"refuses strides > 1 together with dilation_rate > 1",
    r"convviz code gives a workaround",
    r"(?:onnxruntime )?refuses an output padding that is not smaller than the stride",
    r"onnxruntime refuses auto_pad together with dilations",
    r"give pads",
)
def refuses(told: Told) -> None:
    holds(f"{told.row.framework} refuses {told.row.call}", told.refused)


@notes.says(r"onnxruntime gives fewer cells than the i·s of ONNX's specification")
def fewer(told: Told) -> None:
    full = tuple(i * s for i, s in zip(told.plain.i, told.plain.s, strict=True))
    given = sizes(told.row.output)
    holds(f"{given} is less than {full}", given != full and all(o <= most for o, most in zip(given, full, strict=True)))
