"""What the explorer says of a cell that is pointed at: what it depends on, and what it feeds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from tests.claims.digits import FACTOR, NUMBER, check_relation, check_value, read
from tests.claims.model import Index
from tests.claims.readers import equations, views
from tests.claims.readers.captions import CELLS
from tests.claims.readers.captions import reader as captions
from tests.claims.readers.equations import check_terms, total
from tests.claims.readers.signals import check_matrix_names
from tests.claims.reading import About, Reader, check_cells, check_listed, holds, per_axis, same, whole

VALUE = rf"(?: (?P<relation>[=≈]) (?P<value>{NUMBER}))?"
X, W, Y = (rf"{letter}\[(?P<{letter}>[\d,]+)\]" for letter in "xwy")
SPANS = r"\[(?P<spans>[\d–,… ×]+)\]"
BACKWARD = ("dy", "w", "dw", "dx", "x", "db")
"""The grids of the view backward."""
SHORT = f"(?: feeds {CELLS}(?P<of> of the output)?| → y{SPANS})"


def check(line: str, grid: str, index: Index, about: About, full: bool) -> None:
    """Check a caption of the cell `index` of a grid."""
    about = replace(about, full=full)
    if grid == "output":
        check_output(line, index, about)
        return
    if grid in BACKWARD:
        from tests.claims.readers import links_backward

        links_backward.check(line, grid, index, about)
        return
    readers = {"matrix": entries, "transposed": entries, "xRow": inputs, "yColumn": outputs}
    reader = counts if grid[:-1] in ("bars", "counts") else readers.get(grid) or READERS[grid]
    reader.read(line, Pointed.of(about, grid, index))


def of_kernel(longest: str, about: About) -> About:
    """Return the layer that a count belongs to: with the kernel that its longest caption names, if it names one."""
    named = re.match(r"k = ([\d×]+): ", longest)
    return views.variant(about, named[1]) if named else about


def check_output(line: str, output: Index, about: About) -> None:
    """Check what is said of an output cell."""
    named = equations.cell_of(line.removeprefix("y[").partition("]")[0], about)
    same("cell that is named", named, output)
    captions.read(line, about)


class Pointed(About):
    """A sentence about a cell that is pointed at."""

    grid: str
    index: Index

    @classmethod
    def of(cls, about: About, grid: str, index: Index) -> Pointed:
        found = cls(**vars(about))
        object.__setattr__(found, "grid", grid)
        object.__setattr__(found, "index", index)
        return found


inputs, outputs, weights, padded, full, entries, back, counts = (Reader() for _ in range(8))
READERS = {"input": inputs, "kernel": weights, "padded": padded, "full": full, "back": back}


def add_up(numbers: Iterable[Any]) -> Any:
    return sum(numbers)


def numbers_of(name: str) -> Index:
    return tuple(map(int, name.split(",")))


def flat(index: Index, shape: Index) -> int:
    """Return the place of a cell in reading order."""
    return list(product(*map(range, shape))).index(index)


def input_cell(x: str, about: Pointed) -> Index:
    """Return the input cell of a name, which must be the one that is pointed at."""
    cell = numbers_of(x)
    if about.grid == "xRow":
        same("cell in the row", (0, flat(cell, about.plain.i)), about.index)
    elif about.grid == "padded":
        same("cell under the pointer", about.model.source(about.index), cell)
    else:
        same("cell that is named", cell, about.index)
    return cell


def check_shown(what: str, relation: str | None, value: str | None, true: Any, about: About) -> None:
    """Check a value after its cell's name."""
    if value is None:
        holds("a value may be left out", not about.full or not about.values.visible)
        return
    holds("numbers are shown", about.values.visible)
    check_value(what, value, true)
    holds(f"{value} is exact", relation == "≈" or read(value) == true)


def check_spans(what: str, spans: str, true: set[Index]) -> None:
    """Check `0–1 × 1–3` against a set of cells."""
    parts = spans.split(" × ")
    for n, part in enumerate(parts):
        check_listed(what, part, sorted({cell[n] for cell in true}))


def check_fed(about: Pointed, true: set[Index], cells: str | None, spans: str | None, of: str | None) -> None:
    holds("it feeds some cell", bool(true))
    if cells:
        check_cells("cells that it feeds", cells, true, about.model.names)
        holds("it is said of what", bool(of) or not about.full)
    if spans:
        check_spans("cells that it feeds", spans, true)


# Input cells ---------------------------------------------------------------------------------------------------------


@inputs.says(X + VALUE + f"(?:{SHORT})?")
def feeds(about: Pointed, x: str, relation: str | None, value: str | None, **more: str | None) -> None:
    cell = input_cell(x, about)
    if value or more["cells"]:
        shown_value(about, x, relation, value, cell)
    if more["cells"] or more["spans"]:
        check_fed(about, views.fed(about, cell), more["cells"], more["spans"], more["of"])


def shown_value(about: Pointed, x: str, relation: str | None, value: str | None, cell: Index) -> None:
    check_shown(f"x[{x}]", relation, value, about.values.shown.input(0)[cell], about)


@inputs.says(f"(?:{X}{VALUE} is )?read by no output(?P<why>: padding crops all its contributions)?")
def feeds_nothing(about: Pointed, x: str | None, relation: str | None, value: str | None, why: str | None) -> None:
    cell = input_cell(x, about) if x else (about.model.source(about.index) if about.grid == "padded" else about.index)
    assert cell is not None
    if x:
        shown_value(about, x, relation, value, cell)
    if about.grid != "xRow":
        same("outputs that read it", views.fed(about, cell), set())
    if about.full:
        same("padding crops what it gives", bool(why), about.plain.transposed)


@inputs.says(
    X + VALUE + f" (?P<verb>stamps|feeds) {CELLS}"
    r"(?: of the output(?P<rest>; the rest of the stamp is cropped)?"
    r"|: a stride of (?P<stride>[\d×]+) moves the stamp, not a window)?"
)
def stamps(about: Pointed, x: str, relation: str | None, value: str | None, **words: Any) -> None:
    """The caption of the scatter view."""
    cell = input_cell(x, about)
    shown_value(about, x, relation, value, cell)
    same("a transposed layer stamps", words["verb"] == "stamps", about.plain.transposed)
    true = views.fed(about, cell)
    check_cells("cells that it stamps", words["cells"], true, about.model.names)
    if words["stride"]:
        stride = tuple(map(int, words["stride"].split("×")))
        same("stride", stride * (about.plain.count // len(stride)), about.plain.s)
    if about.full or words["rest"]:
        same("a part is cropped", bool(words["rest"]), about.plain.transposed and views.stamped(about, cell) != true)


@outputs.says("(?P<line>.+)")
def output_of_column(about: Pointed, line: str) -> None:
    """The column of the outputs in the matrix view."""
    cell = about.model.outputs()[about.index[0]]
    check_output(line, cell, about)


# Weights -------------------------------------------------------------------------------------------------------------


def multiplied(about: Pointed, weight: Index) -> set[Index]:
    """Return the input cells that meet a weight; in the scatter view those of all stamps, cropped ones too."""
    if about.view in ("links of scatter", "links of backward") and about.plain.transposed:
        return set(about.model.inputs())
    found = set()
    for output in about.model.outputs():
        for place, tap in zip(about.model.window(output), about.model.taps(), strict=True):
            source = about.model.source(place)
            if tap == weight and source is not None:
                found.add(source)
    return found


@weights.says(
    f"{W}{VALUE} multiplies {CELLS}(?P<of> of the input)?", rf"{W}{VALUE} · x{SPANS}", f"{W}{VALUE}", f"x{SPANS}"
)
def multiplies(about: Pointed, w: str = "", relation: str | None = None, value: str | None = None, **more: Any) -> None:
    if w:
        same("weight that is named", numbers_of(w), about.index)
        if more.get("cells"):
            check_shown(f"w[{w}]", relation, value, about.values.shown.kernel(0, False)[about.index], about)
        elif value:
            check_value(f"w[{w}]", value, about.values.shown.kernel(0, False)[about.index])
    true = multiplied(about, about.index)
    if more.get("cells"):
        check_cells("cells that it multiplies", more["cells"], true, about.model.names)
        holds("it is said of what", bool(more["of"]) or not about.full)
    if more.get("spans"):
        check_spans("cells that it multiplies", more["spans"], true)


@weights.says(f"{W}{VALUE} multiplies only zeros")
def multiplies_zeros(about: Pointed, w: str, relation: str | None, value: str | None) -> None:
    same("weight that is named", numbers_of(w), about.index)
    check_shown(f"w[{w}]", relation, value, about.values.shown.kernel(0, False)[about.index], about)
    same("cells that it multiplies", multiplied(about, about.index), set())


# The padded grid -----------------------------------------------------------------------------------------------------


def readers_of(about: Pointed) -> set[Index]:
    """Return the outputs whose window has this place."""
    return {output for output in about.model.outputs() if about.index in about.model.window(output)}


ZERO = r"(?:(?P<zero>an inserted zero|a zero of the padding)|padding that repeats " + X + VALUE + ")"


def check_zero(about: Pointed, zero: str | None, x: str | None, relation: str | None, value: str | None) -> None:
    kinds = {spot.kind for spot in about.model.spots(about.index)}
    source = about.model.source(about.index)
    if zero:
        same("it holds no value of the input", source, None)
        same("it is padding", zero == "a zero of the padding", "padding" in kinds)
        return
    assert x is not None
    same("cell that it repeats", numbers_of(x), source)
    holds("it is padding", "padding" in kinds)
    check_shown(f"x[{x}]", relation, value, about.values.shown.input(0)[source], about)


@padded.says(f"{ZERO} is read by {CELLS}(?P<of> of the output)?", f"{ZERO} → y{SPANS}")
def is_read(
    about: Pointed, zero: str | None, x: str | None, relation: str | None, value: str | None, **more: Any
) -> None:
    check_zero(about, zero, x, relation, value)
    check_fed(about, readers_of(about), more.get("cells"), more.get("spans"), more.get("of"))


@padded.says(f"(?:{ZERO} is )?(?P<cropped>cropped, and )?read by no output")
def is_not_read(about: Pointed, cropped: str | None, zero: str | None, x: str | None, **value: str | None) -> None:
    if zero or x:
        check_zero(about, zero, x, **value)
    same("outputs that read it", readers_of(about), set())
    if about.full and (zero or x):
        same("it is cropped", bool(cropped), any(spot.cropped for spot in about.model.spots(about.index)))


@padded.says(rf"y{SPANS}")
def only_readers(about: Pointed, spans: str) -> None:
    is_input = about.model.is_input(about.index)
    source = about.model.source(about.index)
    check_spans("cells that it feeds", spans, views.fed(about, source) if is_input and source else readers_of(about))


@padded.says("(?P<line>.+)")
def input_of_padded(about: Pointed, line: str) -> None:
    holds("it is a cell of the input", about.model.is_input(about.index))
    inputs.read(line, about)


@inputs.says(rf"y{SPANS}")
def only_fed(about: Pointed, spans: str) -> None:
    check_spans("cells that it feeds", spans, views.fed(about, about.index))


# The full output -----------------------------------------------------------------------------------------------------


@full.says(
    rf"cropped: y\[(?P<place>[\d,−]+)\](?: = (?P<sum>.+?))? (?P<relation>[=≈]) (?P<result>{NUMBER})"
    r"(?P<none>: no stamp reaches it)?",
    r"cropped: y\[(?P<place>[\d,−]+)\](?P<hidden> is not kept)?",
)
def is_cropped(about: Pointed, place: str, sum: str | None = None, **more: Any) -> None:
    said = tuple(map(whole, place.split(",")))
    place_of = tuple(at + axis.before for at, axis in zip(said, about.model.axes, strict=True))
    same("cell that is named", place_of, about.index)
    holds("it is cropped", said not in about.model.outputs())
    if "result" not in more:
        holds("numbers are hidden", not about.values.visible)
        return
    x, w = about.values.shown.input(0), about.values.shown.kernel(0, True)
    reached = [
        axis.full[at] if at < len(axis.full) else [] for axis, at in zip(about.model.axes, about.index, strict=True)
    ]
    met = [tuple(zip(*one, strict=True)) for one in product(*reached)]
    true = [(x[source], w[tap]) for source, tap in met]
    if more["none"] or (about.full and not met):
        same("stamps that reach it", met, [])
        same("it is said why", bool(more["none"]), about.full)
    check_total(about, sum, more["relation"], more["result"], true)


@full.says("(?P<line>.+)")
def is_kept(about: Pointed, line: str) -> None:
    before = [axis.before if about.plain.transposed else 0 for axis in about.model.axes]
    output = tuple(at - first for at, first in zip(about.index, before, strict=True))
    check_output(line, output, about)


def check_total(about: Pointed, sum: str | None, relation: str, result: str, true: list[tuple[Any, Any]]) -> None:
    """Check a sum of products, of which those that are zero may be left out."""
    check_value("sum", result, add_up(one * other for one, other in true))
    terms = sum.split(" + ") if sum and sum != "…" else []
    if terms:
        kept = [pair for pair in true if all(pair)]
        if check_terms(terms, kept, rf"({FACTOR})·({FACTOR})"):
            check_relation(relation, total(terms), read(result))
    elif about.full and not sum:
        same("products that are not zero", [pair for pair in true if all(pair)], [])


# The matrix, and what is sent back -----------------------------------------------------------------------------------


def between(about: Pointed, x: Index, y: Index) -> list[Index]:
    """Return the weights with which an output reads an input cell."""
    met = zip(about.model.window(y), about.model.taps(), strict=True)
    return [tap for place, tap in met if about.model.source(place) == x]


def check_entry(about: Pointed, name: str, row: str, col: str, x: Index, y: Index) -> None:
    check_matrix_names(about, name if about.grid == "matrix" else other_name(name), None)
    at = flat(y, about.model.o), flat(x, about.plain.i)
    same("entry", (int(row), int(col)), at if about.grid == "matrix" else at[::-1])
    same("cell under the pointer", about.index, (int(row), int(col)))


def other_name(name: str) -> str:
    return "C" if name == "Cᵀ" else "Cᵀ"


ENTRY = r"(?P<name>Cᵀ?)\[(?P<row>\d+),(?P<col>\d+)\]"


@entries.says(
    rf"{ENTRY} = (?P<names>w\[.+?\])(?: = (?P<value>{NUMBER}))?"
    rf"(?: (?:multiplies {X} for {Y}|sends y\[(?P<sent>[\d,]+)\] back to x\[(?P<to>[\d,]+)\]))?"
)
def entry(about: Pointed, name: str, row: str, col: str, names: str, value: str | None, **ends: str | None) -> None:
    at = (int(row), int(col)) if about.grid == "matrix" else (int(col), int(row))
    y, x = about.model.outputs()[at[0]], about.model.inputs()[at[1]]
    check_entry(about, name, row, col, x, y)
    found = between(about, x, y)
    same("weights", sorted(numbers_of(one[2:-1]) for one in names.split(" + ")), sorted(found))
    if value:
        w = about.values.shown.kernel(0, False)
        check_value("entry", value, add_up(w[one] for one in found))
    same("the value is shown", bool(value), about.values.visible)
    said = [ends["x"] or ends["to"], ends["y"] or ends["sent"]]
    if any(said):
        same("ends", [numbers_of(one or "") for one in said], [x, y])
        same("it sends back", bool(ends["sent"]), about.grid == "transposed")
    else:
        holds("a part is left out", not about.full)


@entries.says(f"{X} is not read by {Y}(?:: {ENTRY} = 0)?", f"{ENTRY} = 0")
def no_entry(about: Pointed, x: str = "", y: str = "", **ends: str | None) -> None:
    flat_ends = about.index if about.grid == "matrix" else about.index[::-1]
    cells = about.model.inputs()[flat_ends[1]], about.model.outputs()[flat_ends[0]]
    if x:
        same("ends", (numbers_of(x), numbers_of(y)), cells)
    if ends.get("name"):
        check_entry(about, ends["name"] or "", ends["row"] or "", ends["col"] or "", *cells)
    same("weights", between(about, *cells), [])


BACK = r"\((?P<name>Cᵀ?) y\)\[(?P<cell>[\d,]+)\]"


@back.says(
    rf"{BACK}(?: = (?P<sum>.+?))? (?P<relation>[=≈]) (?P<result>{NUMBER})"
    r"(?P<none>: nothing is sent back, x\[(?P<x>[\d,]+)\] is read by no output)?",
    rf"{BACK}(?: sums what {CELLS} of the output send back)?",
    rf"{BACK}(?P<none>: nothing is sent back, x\[(?P<x>[\d,]+)\] is read by no output)",
)
def sent_back(about: Pointed, name: str, cell: str, sum: str | None = None, result: str = "", **more: Any) -> None:
    same("cell that is named", numbers_of(cell), about.index)
    check_matrix_names(about, other_name(name), None)
    true = views.fed(about, about.index)
    if more.get("cells"):
        check_cells("outputs that send back", more["cells"], true, about.model.names)
        holds("numbers are hidden", not about.values.visible)
    if more.get("none"):
        same("outputs that send back", true, set())
        same("cell that is read by none", numbers_of(more["x"]), about.index)
    if result:
        w = about.values.shown.kernel(0, False)
        met = [(about.values.y(y), w[one]) for y in sorted(true) for one in between(about, about.index, y)]
        check_total(about, sum, more["relation"], result, met)


# Overlap -------------------------------------------------------------------------------------------------------------


def touched(about: Pointed, n: int, cell: int) -> list[int]:
    """Return the steps along axis n that touch a cell: inputs that reach an output, or outputs that read an input."""
    axis = about.model.axes[n]
    if about.plain.transposed:
        return axis.sources(cell)
    return [output for output in range(axis.o) if cell in axis.sources(output)]


@counts.says(
    r"(?:k = (?P<k>[\d×]+): )?(?P<cell>y\[[\d,]+\]|x\[[\d,]+\]|column \d+, along its axis,|cell \d+) "
    r"(?:gets|is read by) (?:(?P<factors>[\d·]+) = )?(?:(?P<count>\d+|no) )?(?P<noun>contributions?|windows?|output)"
    f"(?:, (?P<side>from|for) {CELLS} of the (?P<of>input|output))?"
)
def count(about: Pointed, k: str | None, cell: str, factors: str | None, count: str | None, **words: Any) -> None:
    if k:
        same("kernel", per_axis(k, about.plain.count), about.plain.k)
    named = tuple(map(int, re.findall(r"\d+", cell)))
    is_bar = cell.startswith(("column", "cell"))
    axes = [about.plain.count - 1] if is_bar else range(about.plain.count)
    same("cell that is named", named, about.index[-1:] if is_bar else about.index)
    steps = [touched(about, n, at) for n, at in zip(axes, named, strict=True)]
    true = prod(map(len, steps))
    if count:
        same("count", 0 if count == "no" else int(count), true)
    else:
        holds("numbers are hidden, and it is not none", not about.values.visible and true > 0)
    if factors:
        same("factors", [int(one) for one in factors.split("·")], [len(one) for one in steps])
    names = {"contribution": about.plain.transposed, "window": not about.plain.transposed, "output": not true}
    holds("it is called so", names[words["noun"].removesuffix("s")])
    same("plural", words["noun"].endswith("s"), count is None or true > 1)
    if words["cells"]:
        same("side", (words["side"], words["of"]), ("from", "input") if about.plain.transposed else ("for", "output"))
        check_cells("steps", words["cells"], set(product(*steps)), [about.model.names[n] for n in axes])
    else:
        holds("it is said of what", not true or not about.full)
