"""What the explorer says of a cell of the backward view that is pointed at."""

from __future__ import annotations

from fractions import Fraction

from tests.claims.digits import NUMBER
from tests.claims.model import Index
from tests.claims.readers import links
from tests.claims.readers.backward_view import CELL, COLLECTS, EQUATION, Truth, check_collected, check_sum, products
from tests.claims.readers.captions import CELLS
from tests.claims.readers.links import Pointed, check_shown, numbers_of
from tests.claims.reading import About, Reader, check_cells, holds, same, sizes

VALUE = rf"(?: (?P<relation>[=≈]) (?P<value>{NUMBER}))?"
dx, dw, db, dy = (Reader() for _ in range(4))


def check(line: str, grid: str, index: Index, about: About) -> None:
    """Check a caption; those of x and w are those of the forward views."""
    forward = {"w": "kernel", "x": "input" if about.plain.transposed else "padded"}
    if grid in forward:
        links.READERS[forward[grid]].read(line, Pointed.of(about, forward[grid], index))
    else:
        {"dx": dx, "dw": dw, "db": db, "dy": dy}[grid].read(line, Pointed.of(about, grid, index))


def inside(about: Pointed) -> Index | None:
    """Return the cell of dL/dx or dL/dy that is pointed at; None for the places around them."""
    if about.grid == "dx" and about.plain.transposed:
        return about.index
    is_bare = about.grid == "dy" and not about.plain.transposed
    starts = [0 if is_bare else axis.before for axis in about.model.axes]
    cell = tuple(at - start for at, start in zip(about.index, starts, strict=True))
    limits = about.plain.i if about.grid == "dx" else about.model.o
    return cell if all(0 <= at < size for at, size in zip(cell, limits, strict=True)) else None


@dx.says(rf"dL/dx{CELL}{EQUATION}")
def input_gradient(about: Pointed, index: str, sum: str | None, relation: str, result: str) -> None:
    cell, truth = numbers_of(index), Truth(about)
    same("cell that is named", cell, inside(about))
    holds("numbers are shown", about.values.visible)
    met = [one for one in products(about.model) if one.source == cell]
    order = {tap: number for number, tap in enumerate(sorted(about.model.taps()))}
    met.sort(key=lambda one: order[one.tap] if about.plain.transposed else (one.output, order[one.tap]))
    true = [(truth.dy[one.output], truth.w[one.tap]) for one in met]
    value = Fraction(0)
    for one, other in true:
        value += Fraction(one) * other
    check_sum(about, sum, relation, result, [pair for pair in true if all(pair)], value)


@dx.says(rf"dL/dx{CELL}(?: collects (?:(?P<nothing>nothing, only zeros)|from {CELLS} of dL/dy))?")
def input_collects(about: Pointed, index: str, nothing: str | None, cells: str | None) -> None:
    cell = numbers_of(index)
    same("cell that is named", cell, inside(about))
    met = {one.output for one in products(about.model) if one.source == cell}
    if nothing:
        same("cells of dL/dy", met, set())
    if cells:
        check_cells("cells of dL/dy", cells, met, about.model.names)


@dx.says(
    "padding that (?P<nothing>receives nothing)",
    r"padding: (?:what it receives is )?(?:(?P<cropped>cropped)|added to dL/dx\[(?P<cell>[\d,]+)\])",
)
def around(about: Pointed, nothing: str | None = None, cropped: str | None = None, cell: str | None = None) -> None:
    same("it is padding", inside(about), None)
    same("nothing arrives", bool(nothing), not links.readers_of(about))
    source = about.model.source(about.index)
    if cropped:
        same("cell that it repeats", source, None)
    if cell:
        same("cell that it repeats", numbers_of(cell), source)


@dw.says(rf"dL/dw{CELL}{EQUATION}")
def weight_gradient(about: Pointed, index: str, sum: str | None, relation: str, result: str) -> None:
    same("weight that is named", numbers_of(index), about.index)
    holds("numbers are shown", about.values.visible)
    pairs = Truth(about).pairs(about.index)
    value = Fraction(0)
    for x, gradient in pairs:
        value += Fraction(x) * gradient
    check_sum(about, sum, relation, result, [pair for pair in pairs if all(pair)], value)


@dw.says(COLLECTS)
def weight_collects(about: Pointed, index: str, **said: str | None) -> None:
    same("weight that is named", numbers_of(index), about.index)
    check_collected(about, about.index, **said)


@db.says(
    rf"dL/db{EQUATION}",
    r"dL/db is (?:the sum of all (?P<size>[\d×]+) cells|(?P<single>the only cell)) of dL/dy",
    "dL/db = Σ dL/dy",
)
def bias(about: Pointed, sum: str | None = None, relation: str = "", result: str = "", **more: str | None) -> None:
    if more.get("size"):
        same("dL/dy", sizes(more["size"] or ""), about.model.o)
    if more.get("single"):
        same("cells of dL/dy", len(about.model.outputs()), 1)
    if result:
        numbers = [Truth(about).dy[output] for output in about.model.outputs()]
        value = Fraction(0)
        for number in numbers:
            value += Fraction(number)
        check_sum(about, sum, relation, result, [(number,) for number in numbers if number], value)


@dy.says(
    rf"dL/dy{CELL}{VALUE} (?P<verb>stamps|is sent to) "
    rf"(?:(?P<only>only padding|no cell of dL/dx)|{CELLS}(?P<of> of dL/dx)?(?P<cut>, and padding)?)",
    rf"dL/dy{CELL}",
)
def sends(
    about: Pointed, index: str, relation: str | None = None, value: str | None = None, **more: str | None
) -> None:
    output = numbers_of(index)
    same("cell that is named", output, inside(about))
    if "verb" not in more:
        return
    if value:
        check_shown(f"dL/dy[{index}]", relation, value, Truth(about).dy[output], about)
    same("verb", more["verb"], "is sent to" if about.plain.transposed else "stamps")
    sent = [one for one in products(about.model) if one.output == output]
    reached = {one.source for one in sent if one.is_itself}
    same("it reaches dL/dx", bool(more["only"]), not reached)
    if more["cells"]:
        check_cells("cells of dL/dx", more["cells"], reached, about.model.names)  # type: ignore[arg-type]
        holds("it is said of what", bool(more["of"]) or not about.full)
        is_cut = not about.plain.transposed and not all(one.is_itself for one in sent)
        holds("a part is on the padding", bool(more["cut"]) == is_cut or not about.full)


@dy.says("a zero(?: in the place of a cropped cell of y)?")
def cropped(about: Pointed) -> None:
    holds("the layer crops", about.plain.transposed)
    same("it is a cell of dL/dy", inside(about), None)
