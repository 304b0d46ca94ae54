"""What views have in common: the header, the grids of a layer, and the equation of a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from convviz.geometry import Track, TransposedAxis
from convviz.layers import ConvTranspose
from convviz.scene import Cell, Chip, Equation, Key, Panel, Sentence
from convviz.wording import counted, factor, is_shown_exactly, short, sizes, value_text

if TYPE_CHECKING:
    from convviz.arithmetic import Numbers
    from convviz.layers import Layer

KEY_WORDS = {
    "input": "input",
    "inserted": "inserted zero",
    "padding": "padding",
    "kernel": "kernel",
    "window": "kernel window",
    "output": "output",
}
EMPTY = Cell("empty")


def title(layer: Layer) -> str:
    """The name of the operation."""
    return "Transposed convolution" if isinstance(layer, ConvTranspose) else "Convolution"


def sizes_line(layer: Layer) -> str:
    """`input 3×3 → output 5×5`."""
    return f"input {sizes(layer.input)} → output {sizes(layer.output)}"


def chips(layer: Layer) -> tuple[Chip, ...]:
    """The parameters, given and derived; dilation and output padding only where they do something."""
    shown = [
        Chip(f"i = {short(layer.input)}", "input"),
        Chip(f"k = {short(layer.kernel)}", "kernel"),
        Chip(f"s = {short(layer.stride)}", "plain"),
        Chip(f"p = {short(layer.padding)}", "plain"),
    ]
    if set(layer.dilation) != {1}:
        shown.append(Chip(f"d = {short(layer.dilation)}", "plain"))
    if any(layer.output_padding):
        shown.append(Chip(f"a = {short(layer.output_padding)}", "plain"))
    return (*shown, *_derived(layer), Chip(f"o = {short(layer.output)}", "output"))


def _derived(layer: Layer) -> Iterator[Chip]:
    axes = [axis for axis in layer.axes if isinstance(axis, TransposedAxis)]
    if axes:
        border = "k−p−1" if set(layer.dilation) == {1} else "d(k−1)−p"
        yield Chip(f"z = s−1 = {short([axis.inserted for axis in axes])}", "derived")
        yield Chip(f"p′ = {border} = {short([axis.borders[0] for axis in axes])}", "derived")


def laid_cells(layer: Layer, numbers: Numbers | None) -> tuple[tuple[Cell, ...], ...]:
    """The padded, zero-inserted input; cells that no window reads are faded."""
    rows, cols = layer.tracks
    return tuple(
        tuple(_laid_cell(rows, cols, row, col, numbers) for col in range(cols.size)) for row in range(rows.size)
    )


def _laid_cell(rows: Track, cols: Track, row: int, col: int, numbers: Numbers | None) -> Cell:
    across, down = rows.cells[row], cols.cells[col]
    faded = not (across.read and down.read)
    kinds = {across.kind, down.kind}
    if "padding" in kinds:
        return Cell("padding", "", faded)
    if "inserted" in kinds:
        return Cell("inserted", "0" if numbers else "", faded)
    return Cell("input", value_text(numbers.x[across.source, down.source]) if numbers else "", faded)


def kernel_panel(layer: Layer, numbers: Numbers | None) -> Panel:
    """The kernel as the window applies it: flipped for a transposed layer, and saying so."""
    rows, cols = layer.tracks
    cells = tuple(
        tuple(
            Cell("kernel", value_text(numbers.w[rows.weight(u), cols.weight(v)]) if numbers else "")
            for v in range(cols.kernel)
        )
        for u in range(rows.kernel)
    )
    flipped = ", flipped" if isinstance(layer, ConvTranspose) else ""
    dilated = set(layer.dilation) != {1}
    reach = f", reaches over {sizes([axis.reach for axis in layer.axes])}" if dilated else ""
    return Panel("kernel", cells, f"kernel {sizes(layer.kernel)}{flipped}{reach}")


def output_panel(layer: Layer) -> Panel:
    """The output before anything is written."""
    rows, cols = layer.output
    return Panel("output", ((EMPTY,) * cols,) * rows, f"output {sizes(layer.output)}")


def legend(panels: Iterable[Panel], layer: Layer) -> tuple[Key, ...]:
    """Names for the roles that occur in `panels`, the window and the output, and for the faded cells."""
    cells = {(cell.role, cell.faded) for panel in panels for row in panel.cells for cell in row}
    keys = [Key(role, KEY_WORDS[role]) for role in ("input", "inserted", "padding") if (role, False) in cells]
    keys += [Key("window", KEY_WORDS["window"]), Key("output", KEY_WORDS["output"])]
    faded = next((role for role in ("input", "inserted", "padding") if (role, True) in cells), None)
    if faded:
        keys.append(Key(faded, faded_words(layer), True))
    return tuple(keys)


def faded_words(layer: Layer) -> str:
    """Why cells are faded: cropped by a negative border, read by no window, or both."""
    cells = [cell for track in layer.tracks for cell in track.cells]
    cropped = any(cell.cropped for cell in cells)
    unread = any(not cell.read and not cell.cropped for cell in cells)
    return " or ".join(["cropped"] * cropped + ["never read"] * unread)


def step_line(layer: Layer, output: tuple[int, ...], numbers: Numbers | None) -> Equation | Sentence:
    """What the step computes: with numbers as an equation, otherwise which input cells are read."""
    name = f"y[{','.join(map(str, output))}]"
    return equation(name, layer, output, numbers) if numbers else _reads(name, layer, output)


def equation(name: str, layer: Layer, output: tuple[int, ...], numbers: Numbers) -> Equation:
    """The sum of one output cell; terms that are zero are dropped, rounded numbers make it an ≈."""
    rows, cols = layer.tracks
    terms, exact = [], True
    for (u, row), (v, col) in product(enumerate(rows.taps(output[0])), enumerate(cols.taps(output[1]))):
        sources = rows.cells[row].source, cols.cells[col].source
        weight = numbers.w[rows.weight(u), cols.weight(v)]
        if None in sources or not weight or not numbers.x[sources]:
            continue
        exact = exact and is_shown_exactly(numbers.x[sources]) and is_shown_exactly(weight)
        terms.append(f"{factor(value_text(numbers.x[sources]))}·{factor(value_text(weight))}")
    total = numbers.y[output]
    return Equation(name, tuple(terms), value_text(total), "=" if exact and is_shown_exactly(total) else "≈")


def _reads(name: str, layer: Layer, output: tuple[int, ...]) -> Sentence:
    rows, cols = (
        [cell.source for cell in (track.cells[tap] for tap in track.taps(index)) if cell.source is not None]
        for track, index in zip(layer.tracks, output, strict=True)
    )
    if not rows or not cols:
        return Sentence((f"{name} reads no input cell, only zeros", f"{name} reads only zeros", name))
    where = f"{counted('row', rows)}, {counted('column', cols)}"
    return Sentence((f"{name} reads {where} of the input", f"{name} reads {where}", name))
