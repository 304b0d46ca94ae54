"""The captions, panels and rules of the views of the backward pass, recomputed product by product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from tests.claims.digits import FACTOR, NUMBER, check_relation, check_value, is_exact, read
from tests.claims.model import Index, Model, divisor
from tests.claims.readers import alt, header, panels
from tests.claims.readers.captions import CELLS, reader
from tests.claims.readers.equations import check_terms, total
from tests.claims.readers.rules import meetings, meetings_by_rule, transpose_of
from tests.claims.readers.rules import reader as rules
from tests.claims.reading import About, check_cells, holds, per_axis, same, sizes

EQUATION = rf"(?: = (?P<sum>.+?))? (?P<relation>[=≈]) (?P<result>{NUMBER})"
TRANSPOSED = " is the transposed convolution of dL/dy with the same kernel"
CELL = r"\[(?P<index>[\d,]+)\]"


@dataclass(frozen=True)
class Product:
    """An output cell, the input cell of the product or None, whether it is that cell itself, and the weight."""

    output: Index
    source: Index | None
    is_itself: bool
    tap: Index
    is_counted: bool
    """Whether a mean counts the cell."""


PRODUCTS: WeakKeyDictionary[Model, list[Product]] = WeakKeyDictionary()
"""What windows make, found once for each model: every sentence asks for it."""


def products(model: Model) -> list[Product]:
    """Return the products that windows make, in reading order."""
    if model not in PRODUCTS:
        PRODUCTS[model] = list(each_product(model))
    return PRODUCTS[model]


def each_product(model: Model) -> Iterator[Product]:
    for output in model.outputs():
        for place, tap in zip(model.window(output), model.taps(), strict=True):
            inside = model.is_input(place)
            spots = model.spots(place)
            counted = inside or (model.plain.include and all(spot.kind != "beyond" for spot in spots))
            yield Product(output, model.source(place), inside, tap, counted)


class Truth:
    """The numbers of the backward pass by brute force."""

    def __init__(self, about: About) -> None:
        self.model, shown = about.model, about.values.shown
        self.x, self.dy = shown.input(0), shown.exact_dy
        self.w = shown.kernel(0, about.plain.transposed)
        self.kind = about.plain.kind

    def switch(self, output: Index) -> Index | None:
        """The input cell that is the first maximum of a window."""
        return max(self.inside(output), key=lambda cell: self.x[cell], default=None)

    def inside(self, output: Index) -> list[Index]:
        """The input cells under a window."""
        return [self.model.source(place) for place in self.model.window(output) if self.model.is_input(place)]  # type: ignore[misc]

    def arrivals(self, *, copies: bool) -> Iterator[tuple[Index, Index, tuple[Any, ...]]]:
        """Yield output cell, input cell and factors of what arrives in dL/dx; also by copies in the padding."""
        for one in products(self.model):
            if one.source is None or not (one.is_itself or copies):
                continue
            if self.kind == "maxpool":
                if one.source == self.switch(one.output) and one.is_itself:
                    yield one.output, one.source, (self.dy[one.output],)
            elif self.kind == "avgpool":
                yield one.output, one.source, (self.dy[one.output], divisor(self.model, one.output))
            else:
                yield one.output, one.source, (self.dy[one.output], self.w[one.tap])

    def amount(self, factors: tuple[Any, ...]) -> Any:
        one, *others = factors
        if not others:
            return one
        return Fraction(one) / others[0] if self.kind == "avgpool" else one * others[0]

    def dx(self, cell: Index) -> Any:
        return self.all_dx.get(cell, 0)

    @cached_property
    def all_dx(self) -> dict[Index, Any]:
        """The sums of the cells that something arrives in."""
        found: dict[Index, Any] = {}
        for _, source, factors in self.arrivals(copies=True):
            found[source] = found.get(source, 0) + self.amount(factors)
        return found

    def places(self, tap: Index) -> list[tuple[Any, Any]]:
        """Return the numbers of x and dL/dy at each place of a weight; 0 for those of the padding."""
        if not self.model.plain.transposed:
            return self.pairs(tap)
        met = {one.source: one.output for one in products(self.model) if one.tap == tap}
        return [(self.x[cell], self.dy[met[cell]] if cell in met else 0) for cell in self.model.inputs()]

    def pairs(self, tap: Index) -> list[tuple[Any, Any]]:
        """Return the numbers of x and dL/dy that a weight multiplied, place by place."""
        found = [one for one in products(self.model) if one.tap == tap]
        if self.model.plain.transposed:
            found = sorted((one for one in found if one.source is not None), key=lambda one: one.source or ())
        return [(0 if one.source is None else self.x[one.source], self.dy[one.output]) for one in found]


def marked(about: About, name: str) -> list[Index]:
    """Return the cells of a panel that have an outline of their own in this frame."""
    numbers = [number for number, panel in enumerate(about.scene.panels) if panel.name == name]
    return [
        (*mark.rows, *mark.cols)[-about.plain.count :]
        for mark in about.frame.marks
        if mark.role == "window" and not mark.highlighted and mark.panel in numbers
        if len(mark.rows) == len(mark.cols) == 1
    ]


def cell_of(about: About, tensor: str, index: str) -> Index:
    """Return the cell of a name, which must be the one that is outlined in the frame."""
    cell = tuple(map(int, index.split(",")))
    if about.full:
        holds(f"{tensor}[{index}] is outlined", cell in marked(about, tensor))
    return cell


def number_of(about: About, sentence: str) -> None:
    holds(f"numbers are shown: {sentence}", about.values.visible)


def is_backward(about: About, *views: str) -> None:
    holds(f"the view is one of {views}", about.view in views)


# Captions ------------------------------------------------------------------------------------------------------------


@reader.says(
    "dL/dy arrives(?: from the next layer: how the loss L changes with each cell of y)?",
    "dL/dy arrives: how L changes with each cell of y",
)
def arrives(about: About) -> None:
    is_backward(about, "backward")
    same("frame", about.number, 0)
    (panel,) = (number for number, panel in enumerate(about.scene.panels) if panel.name == "dL/dy")
    texts = [change.cell.text for change in about.frame.changes if change.panel == panel]
    same("cells that arrive", len(texts), len(about.model.outputs()))
    for output, text in zip(about.model.outputs(), texts, strict=True):
        if about.values.visible:
            check_value(f"dL/dy{output}", text, about.values.shown.exact_dy[output])
        else:
            same("text", text, "")


@reader.says(rf"(?P<partial>so far, )?dL/dx{CELL}{EQUATION}")
def input_equation(about: About, partial: str | None, index: str, sum: str | None, relation: str, result: str) -> None:
    number_of(about, index)
    cell, truth = tuple(map(int, index.split(","))), Truth(about)
    arrived = [(output, factors) for output, source, factors in truth.arrivals(copies=False) if source == cell]
    stamps = marked(about, "dL/dy")
    if stamps:
        (output,) = stamps
        later = any(one > output for one, _ in arrived)
        same("there is more to come", bool(partial), later or about.plain.mode != "zeros")
        holds("the stamp reaches the cell", any(one == output for one, _ in arrived))
        arrived = [(one, factors) for one, factors in arrived if one <= output]
    else:
        holds("a window collects all", not partial)
        holds("the cell is outlined", cell in [position(about, one) for one in marked(about, "dL/dx")])
        if about.plain.transposed:
            order = {tap: number for number, tap in enumerate(sorted(about.model.taps()))}
            found = [one for one in products(about.model) if one.source == cell]
            found.sort(key=lambda one: order[one.tap])
            arrived = [(one.output, (truth.dy[one.output], truth.w[one.tap])) for one in found]
    true = [factors for _, factors in arrived if all(factors)]
    value = Fraction(0)
    for _, factors in arrived:
        value += truth.amount(factors)
    check_sum(about, sum, relation, result, true, value)


def position(about: About, place: Index) -> Index:
    """Return the cell of dL/dx at a place of its panel, which of a convolution has its padding around it."""
    if about.plain.transposed:
        return place
    return tuple(at - axis.before for at, axis in zip(place, about.model.axes, strict=True))


def check_sum(
    about: About, sum: str | None, relation: str, result: str, true: list[tuple[Any, ...]], value: Any
) -> None:
    """Check the terms, the result, and that = is exact."""
    check_value("result", result, value)
    holds(f"{result} is exact", relation == "≈" or is_exact(result, value))
    if not sum or sum == "…":
        holds("there is nothing to add", not about.full or not true)
        return
    terms = sum.split(" + ")
    patterns = {1: rf"({FACTOR})", 2: rf"({FACTOR})·({FACTOR})"}
    pattern = rf"({FACTOR})/(\d+)" if about.plain.kind == "avgpool" else patterns[len(true[0])]
    if not check_terms(terms, true, pattern):
        return
    if about.plain.kind == "avgpool":
        shares = (term.rpartition("/") for term in terms)
        added = Fraction(0)
        for share, _, count in shares:
            added += Fraction(read(share)) / int(count)
        check_relation(relation, added, read(result))
    else:
        check_relation(relation, total(terms), read(result))


@reader.says(
    rf"dL/dy{CELL}(?: [=≈] (?P<value>{NUMBER}))? (?P<verb>stamps|is shared by) "
    rf"(?:(?P<only>only padding)|{CELLS} of dL/dx(?P<cut>, and padding)?)"
)
def sends(
    about: About, index: str, value: str | None, verb: str, only: str | None, cells: str | None, cut: str | None
) -> None:
    output, truth = cell_of(about, "dL/dy", index), Truth(about)
    if value:
        check_value(f"dL/dy[{index}]", value, truth.dy[output])
    same("verb", verb, "is shared by" if about.plain.kind == "avgpool" else "stamps")
    sent = [one for one in products(about.model) if one.output == output and (one.is_counted or not about.plain.pools)]
    inside = {one.source for one in sent if one.is_itself}
    same("it reaches dL/dx", bool(only), not inside)
    if cells:
        check_cells("cells of dL/dx", cells, inside, about.model.names)  # type: ignore[arg-type]
    if about.full and not only:
        same("a part is on the padding", bool(cut), not all(one.is_itself for one in sent))


@reader.says(
    rf"dL/dy{CELL}(?: [=≈] (?P<value>{NUMBER}))? goes to x\[(?P<cell>[\d,]+)\](?: [=≈] (?P<best>{NUMBER}))?"
    r"(?P<why>, the (?:first of (?P<equal>\d+) equal maxima|maximum) of its window)?"
)
def switched(
    about: About, index: str, value: str | None, cell: str, best: str | None, why: str | None, equal: str | None
) -> None:
    output, truth = cell_of(about, "dL/dy", index), Truth(about)
    same("kind", about.plain.kind, "maxpool")
    chosen = tuple(map(int, cell.split(",")))
    same("maximum", chosen, truth.switch(output))
    if value:
        check_value(f"dL/dy[{index}]", value, truth.dy[output])
    if best:
        check_value(f"x[{cell}]", best, truth.x[chosen])
    if why:
        same("equal maxima", int(equal or 1), sum(truth.x[one] == truth.x[chosen] for one in truth.inside(output)))


@reader.says(
    rf"dL/dy{CELL}(?: [=≈] (?P<value>{NUMBER}))? goes nowhere(?:: its window holds only padding)?",
)
def goes_nowhere(about: About, index: str, value: str | None) -> None:
    output, truth = cell_of(about, "dL/dy", index), Truth(about)
    same("maximum", truth.switch(output), None)
    if value:
        check_value(f"dL/dy[{index}]", value, truth.dy[output])


@reader.says(rf"dL/dy{CELL}")
def only_dy(about: About, index: str) -> None:
    cell_of(about, "dL/dy", index)


@reader.says(
    r"dL/dx (?P<size>[\d×]+) is complete(?:: each dL/dy (?P<pooled>.+?))?(?P<crop>; the padding is cropped)?",
    rf"(?P<crop>[Tt]he padding is cropped): dL/dx (?P<size>[\d×]+)(?P<what>{TRANSPOSED})?",
    rf"dL/dx (?P<size>[\d×]+)(?P<what>{TRANSPOSED})",
    r"What fell on the padding is (?P<repeats>added to the cells that it repeats): dL/dx (?P<size>[\d×]+)",
)
def completed(
    about: About,
    size: str,
    pooled: str | None = None,
    crop: str | None = None,
    what: str | None = None,
    repeats: str | None = None,
) -> None:
    """Check the numbers of the whole panel, and what became of the padding."""
    same("dL/dx", sizes(size), about.plain.i)
    truth, plain = Truth(about), about.plain
    if pooled:
        went = {"maxpool": "went to the maximum", "avgpool": "was shared equally by the cells"}
        same("what each did", pooled, f"{went[plain.kind]} of its window")
    if what:
        same("kind", plain.kind, "conv")
    sent = [one for one in products(about.model) if one.is_counted or not plain.pools]
    falls = plain.kind != "maxpool" and any(not one.is_itself for one in sent)
    if crop:
        holds("something falls on padding of zeros", falls and plain.mode == "zeros")
    if repeats:
        holds("something falls on padding that repeats cells", falls and plain.mode != "zeros")
    if about.full:
        same("the padding is told", bool(crop or repeats), falls)
    (panel,) = (number for number, panel in enumerate(about.scene.panels) if panel.name == "dL/dx")
    changes = {(change.row, change.col): change.cell for change in about.frame.changes if change.panel == panel}
    for cell in about.model.inputs():
        place = (0, *(at + axis.before for at, axis in zip(cell, about.model.axes, strict=True)))[-2:]
        if about.values.visible:
            check_value(f"dL/dx{cell}", changes[place].text, truth.dx(cell))  # type: ignore[index]
        holds(f"dL/dx{cell} is not faded", not changes[place].faded)  # type: ignore[index]


@reader.says(rf"dL/dx{CELL}(?: collects (?:(?P<nothing>nothing, only zeros)|from {CELLS} of dL/dy))?")
def collects(about: About, index: str, nothing: str | None, cells: str | None) -> None:
    cell = tuple(map(int, index.split(",")))
    if about.full:
        holds("the cell is outlined", cell in [position(about, one) for one in marked(about, "dL/dx")])
    met = {one.output for one in products(about.model) if one.source == cell}
    if nothing:
        same("cells of dL/dy", met, set())
    if cells:
        check_cells("cells of dL/dy", cells, met, about.model.names)


@reader.says(rf"dL/dw{CELL}{EQUATION}")
def weight_equation(about: About, index: str, sum: str | None, relation: str, result: str) -> None:
    number_of(about, index)
    pairs = Truth(about).pairs(cell_of(about, "dL/dw", index))
    value = Fraction(0)
    for x, dy in pairs:
        value += Fraction(x) * dy
    check_sum(about, sum, relation, result, [pair for pair in pairs if all(pair)], value)


COLLECTS = (
    rf"dL/dw{CELL}(?: collects (?:(?P<nothing>nothing, only zeros)|from {CELLS} of (?P<line>x|dL/dy)"
    r"(?:, times (?P<small>x|dL/dy))?))?"
)


@reader.says(COLLECTS)
def weight_collects(about: About, index: str, **said: str | None) -> None:
    check_collected(about, cell_of(about, "dL/dw", index), **said)


def check_collected(
    about: About, tap: tuple[int, ...], nothing: str | None, cells: str | None, line: str | None, small: str | None
) -> None:
    """Check from which cells the gradient of a weight collects."""
    transposed = about.plain.transposed
    met = [one for one in products(about.model) if one.tap == tap and one.source is not None]
    true = {one.output if transposed else one.source for one in met}
    if nothing:
        same("cells", true, set())
    if cells:
        same("tensor", line, "dL/dy" if transposed else "x")
        check_cells(f"cells of {line}", cells, true, about.model.names)  # type: ignore[arg-type]
    if small:
        same("the other tensor", small, "x" if transposed else "dL/dy")


@reader.says(
    rf"dL/db{EQUATION}",
    r"dL/db is (?:the sum of all (?P<size>[\d×]+) cells|(?P<single>the only cell)) of dL/dy",
    "dL/db = Σ dL/dy",
)
def bias(
    about: About,
    size: str | None = None,
    single: str | None = None,
    sum: str | None = None,
    relation: str | None = None,
    result: str | None = None,
) -> None:
    holds("there is a bias", not about.plain.pools)
    same("frame", about.number, len(about.scene.frames) - 1)
    if size:
        same("dL/dy", sizes(size), about.model.o)
    if single:
        same("cells of dL/dy", len(about.model.outputs()), 1)
    if result and relation:
        numbers = [Truth(about).dy[output] for output in about.model.outputs()]
        value = Fraction(0)
        for number in numbers:
            value += Fraction(number)
        check_value("result", result, value)
        check_sum(about, sum, relation, result, [(number,) for number in numbers if number], value)


# Panels, header, rules -----------------------------------------------------------------------------------------------


@panels.captions.says(r"(?P<panel>(?:x|dL/dy) [\d×]+), dilated by s = (?P<s>[\d×]+)")
def dilated(about: About, panel: str, s: str) -> None:
    """Check the tensor that slides for dL/dw: its cells meet cells that are s apart."""
    same("view", about.view, "backward-weight")
    same("it slides", panel.split(" ", maxsplit=1)[0], "x" if about.plain.transposed else "dL/dy")
    same("stride", per_axis(s, about.plain.count), about.plain.s)
    panels.captions.read(panel, about)


@panels.captions.says(r"dL/dy (?P<size>[\d×]+)(?:, padded with zeros: (?P<line>[\d×]+))?")
def dy_panel(about: About, size: str, line: str | None) -> None:
    same("dL/dy", sizes(size), about.model.o)
    full = tuple(max(len(axis.full), axis.before + axis.o) for axis in about.model.axes)
    true = full if about.plain.transposed else about.model.o
    same("padded", sizes(line or size), true)


@panels.captions.says(r"dL/dx (?P<size>[\d×]+)(?:; (?P<what>.+))?")
def dx_panel(about: About, size: str, what: str | None) -> None:
    plain = about.plain
    same("dL/dx", sizes(size), plain.i)
    sent = [one for one in products(about.model) if one.is_counted or not plain.pools]
    falls = plain.kind != "maxpool" and any(not one.is_itself for one in sent)
    around = any(len(axis.line) > axis.i for axis in about.model.axes)
    if plain.transposed or not around:
        same("what is around", what, None)
    elif falls:
        fate = "cropped" if plain.mode == "zeros" else "added to the cells that it repeats"
        same("what is around", what, f"its padding is {fate}")
    else:
        same("what is around", what, "the cells around it receive nothing")


@panels.captions.says(r"dL/dy, (?P<changes>[a-z ,]+): (?P<size>[\d×]+)")
def spread_panel(about: About, changes: str, size: str) -> None:
    """The panel is the padded input of the transposed convolution from dL/dy to dL/dx."""
    listed = changes.split(", ")
    joined = " and ".join(listed) if len(listed) < 3 else changes
    other = replace(about, model=transpose_of(about), view="slide", values=None)
    panels.captions.read(f"input, {joined}: {size}", other)


@panels.captions.says(r"w (?P<size>[\d×]+)(?P<what>, flipped|, not flipped|: this weight)")
def w_panel(about: About, size: str, what: str) -> None:
    same("w", sizes(size), about.plain.k)
    flipped = [panel.name for panel in about.scene.panels if panel.caption.endswith(", flipped")]
    same("grids that are flipped", set(flipped), {"flipped kernel"} if flipped else set())
    if not about.values.visible:
        return
    kernel = about.values.shown.kernel(0, about.plain.transposed)
    true = [kernel[tap] for tap in sorted(about.model.taps())]
    name = "flipped kernel" if what == ", flipped" else "kernel"
    (panel,) = (panel for panel in about.scene.panels if panel.name == name)
    texts = [cell.text for row in panel.cells for cell in row]
    for text, value in zip(texts, true[::-1] if what == ", flipped" else true, strict=True):
        check_value("weight", text, value)


@panels.captions.says(r"x(?P<rest>[ ,](?!channel).+)")
def x_panel(about: About, rest: str) -> None:
    """x is padded as in the forward pass; of a transposed layer it is bare."""
    if not about.view.startswith("backward"):
        panels.captions.read(f"input{rest}", about)
    elif about.plain.transposed:
        same("x", sizes(rest.strip()), about.plain.i)
    else:
        panels.captions.read(f"input{rest}", replace(about, values=None))


@panels.captions.says("products, cell by cell")
def product_panel(about: About) -> None:
    """Check the products that each step of dL/dw writes, place by place; those of windows are checked in stories."""
    if not about.view.startswith("backward"):
        holds("one channel is multiplied", about.values.channels == 1 and not about.plain.pools)
        return
    names = [panel.name for panel in about.scene.panels]
    truth, taps = Truth(about), sorted(about.model.taps())
    for tap, frame in zip(taps, about.scene.frames, strict=True):
        texts = [change.cell.text for change in frame.changes if change.panel == names.index("x · dL/dy")]
        pairs = truth.places(tap)
        same("products", len(texts), len(pairs))
        for text, (x, dy) in zip(texts, pairs, strict=True):
            check_value("product", text, Fraction(x) * dy)


@panels.captions.says(r"dL/dw (?P<size>[\d×]+)", "dL/db")
def dw_panel(about: About, size: str | None = None) -> None:
    holds("there is a kernel", not about.plain.pools)
    if size:
        same("dL/dw", sizes(size), about.plain.k)


@header.titles.says(r"(?P<name>[A-Z][a-z]+(?: [a-z]+)?), backward(?P<more>| to the input| to the weights)")
def title(about: About, name: str, more: str) -> None:
    header.titles.read(name, about)
    same("view", about.view, {"": "backward", " to the input": "backward-input"}.get(more, "backward-weight"))


@header.sizes_of.says(
    r"dL/dy (?P<dy>[\d×]+) → dL/dx (?P<dx>[\d×]+)(?:, dL/dw (?P<dw>[\d×]+), dL/db)?",
    r"x (?P<dx>[\d×]+), dL/dy (?P<dy>[\d×]+) → dL/dw (?P<dw>[\d×]+)",
)
def gradient_sizes(about: About, dy: str, dx: str, dw: str | None) -> None:
    same("dL/dy", sizes(dy), about.model.o)
    same("x, dL/dx", sizes(dx), about.plain.i)
    same("dL/dw", dw and sizes(dw), None if about.plain.pools or about.view == "backward-input" else about.plain.k)


@rules.says(r"(?P<one>dL/d[wxb].*?)(?:,   (?P<other>dL/.+))?")
def rule(about: About, one: str, other: str | None) -> None:
    check_rule(about, one)
    if other:
        rule(about, *re.fullmatch(r"(dL/.+?)(?:,   (dL/.+))?", other).groups())  # type: ignore[union-attr]


def check_rule(about: About, text: str) -> None:
    """Check a rule on each axis: which weight meets which cells."""
    product = r"(?P<a>x|dL/dy)\[(?P<in_a>.+?)\]·(?P<b>w|dL/dy)\[(?P<in_b>.+?)\]"
    found = re.fullmatch(rf"dL/d(?P<to>[xw])\[(?P<left>.+?)\] \+?= (?:Σ )?{product}", text)
    if not found:
        pools = {
            "maxpool": "dL/dx[first maximum of each window] += dL/dy",
            "avgpool": "dL/dx[each cell that the mean counts] += dL/dy / their number",
        }
        same("rule", text, pools.get(about.plain.kind, "dL/db = Σ dL/dy"))
        return
    indices = {f"dL/d{found['to']}": found["left"], found["a"]: found["in_a"], found["b"]: found["in_b"]}
    x = indices.get("dL/dx") or indices["x"]
    w = indices.get("dL/dw") or indices["w"]
    split = [one.split(", ") for one in (indices["dL/dy"], x, w)]
    for number, axis in enumerate(about.model.axes):
        y_index, x_index, w_index = (one[min(number, len(one) - 1)] for one in split)
        same("products by the rule", meetings_by_rule(axis, y_index, x_index, w_index), meetings(axis))
    adds = about.plain.kind == "conv" and found["to"] == "x"
    same("it is a sum", "Σ" in text, not adds)


PASS = {
    "conv": (
        "each dL/dy stamps dL/dy·w into dL/dx, and overlaps add: the transposed convolution of dL/dy",
        "for dL/dw each weight collects the cells of x that it met, times dL/dy",
    ),
    "transposed": (
        "dL/dx is a plain convolution of dL/dy with the same kernel, which is not flipped",
        "for dL/dw each weight collects the cells of dL/dy that it met, times x",
    ),
    "maxpool": ("each dL/dy goes to the maximum of its window", ""),
    "avgpool": ("each dL/dy is shared equally by the cells of its window", ""),
}


@alt.reader.says(r"The backward pass(?P<to> to the input| to the weights)?: (?P<what>.+)")
def described(about: About, to: str | None, what: str) -> None:
    same("view", about.view, {None: "backward", " to the input": "backward-input"}.get(to, "backward-weight"))
    of_input, of_weight = PASS[about.plain.kind]
    both = f"{of_input}; {of_weight}; dL/db is the sum of dL/dy"
    whole = f"dL/dy arrives, and {of_input}" if about.plain.pools else f"dL/dy arrives; {both}"
    true = {None: whole, " to the input": of_input, " to the weights": of_weight}
    same("what happens", what, true[to])


def check_tabs(tabs: tuple[str, ...], about: About) -> None:
    """Check the acts: which there are, and the strides."""
    plain = about.plain
    stride = "×".join(map(str, plain.s)) if len(set(plain.s)) > 1 else str(plain.s[0])
    slides = plain.kind == "conv" and plain.mode == "zeros"
    if about.view == "backward-weight":
        same("tabs", tabs, ())
    elif about.view == "backward-input":
        same("tabs", tabs, ("1  stamp and add", "2  the same: slide, stride 1") if slides else ())
    elif plain.pools:
        what = "to the maxima" if plain.kind == "maxpool" else "equal shares"
        same("tabs", tabs, ("1  dL/dy arrives", f"2  dL/dx: {what}"))
    else:
        acts = [f"dL/dx: slide, stride {stride}"] if plain.transposed else ["dL/dx: stamp and add"]
        acts += ["dL/dx: slide, stride 1"] if slides else []
        acts = ["dL/dy arrives", *acts, "dL/dw and dL/db"]
        same("tabs", tabs, tuple(f"{number}  {act}" for number, act in enumerate(acts, start=1)))


TENSORS = {"x": "x", "dL/dx": "dL/dx", "w": "kernel", "dL/dw": "dL/dw", "dL/db": "dL/db", "dL/dy": "dL/dy"}
"""Tensor → the name of its panel."""
COLOURS = {"input": ("x", "dL/dx"), "kernel": ("w", "dL/dw", "dL/db"), "output": ("dL/dy",)}


def check_entry(role: str, text: str, faded: bool, about: About) -> None:
    """Check an entry of the legend: the tensors of a colour, or why cells are faded."""
    names = {panel.name for panel in about.scene.panels}
    if faded:
        same("reasons", text.split(" or "), [reason for reason, holds in reasons(about, names) if holds])
    elif role in COLOURS:
        true = [tensor for tensor in COLOURS[role] if TENSORS[tensor] in names]
        same("tensors", text, " and ".join(true) if len(true) < 3 else ", ".join(true))
    else:
        expected = {"inserted": "zero", "window": "this step", "last": "last window", "source": "inside of dL/dx"}
        same(f"name of {role}", text, expected[role])


def reasons(about: About, names: set[str]) -> list[tuple[str, bool]]:
    """Return why cells may be faded, and whether they are."""
    plain, axes = about.plain, about.model.axes
    sent = [one for one in products(about.model) if one.is_counted or not plain.pools]
    falls = plain.kind != "maxpool" and any(not one.is_itself for one in sent)
    around = "dL/dx" in names and not plain.transposed and any(len(axis.line) > axis.i for axis in axes)
    found = {
        "cropped": around and falls and plain.mode == "zeros",
        "added to what it repeats": around and falls and plain.mode != "zeros",
        "receives nothing": around and not falls,
    }
    if "zero-inserted dL/dy" in names:
        other = transpose_of(about).axes
        found["cropped"] |= any(spot.cropped for axis in other for spot in axis.line)
        found["beyond the padding"] = False
        found["never read"] = any(axis.unread for axis in other)
    if "x" in names and not plain.transposed:
        found["beyond the padding"] = any(axis.beyond for axis in axes)
        found["never read"] = found.get("never read", False) or any(axis.unread for axis in axes)
    return list(found.items())
