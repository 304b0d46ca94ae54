"""Captions of the views that look from the input's side, of the matrix, of the pair, and of the overlap."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tests.claims.digits import NUMBER, check_value
from tests.claims.inside import evenness_of, inner_counts
from tests.claims.model import Index, Model
from tests.claims.readers import panels
from tests.claims.readers.bias import check_bias, check_bias_cell
from tests.claims.readers.captions import CELLS, reader, written
from tests.claims.readers.equations import NAME
from tests.claims.readers.signals import check_matrix_names
from tests.claims.reading import About, alternatives, check_cells, holds, per_axis, same, sizes

ADDED = "; cells start at the (?P<bias>bias.*),(?P<sum> overlaps add)|(?P<add>; overlaps add)"
INPUT = r"x\[(?P<index>[\d,]+)\]"


# Scatter -------------------------------------------------------------------------------------------------------------


def input_cell(index: str, value: str | None, about: About) -> Index:
    """Return the input cell of a name, which must be the one of the frame, and check its value."""
    numbers = tuple(map(int, index.split(",")))
    channels, cells = about.values.channels, about.model.inputs()
    channel, cell = (numbers[0], numbers[1:]) if channels > 1 else (0, numbers)
    same("number of the input cell", channel * len(cells) + cells.index(cell), about.number)
    if value is not None:
        check_value(f"x[{index}]", value, about.values.shown.input(channel)[cell])
    return cell


def stamped(about: About, cell: Index) -> set[Index]:
    """Return where the stamp of an input cell lands, counted in output cells; some are cropped."""
    lines = [
        [place - axis.before for place, meeting in enumerate(axis.full) if cell[n] in {source for source, _ in meeting}]
        for n, axis in enumerate(about.model.axes)
    ]
    return set(product(*lines))


def fed(about: About, cell: Index) -> set[Index]:
    """Return the outputs that depend on an input cell."""
    return {output for output in about.model.outputs() if cell in about.model.reads(output)}


@reader.says(INPUT + rf"(?: [=≈] (?P<value>{NUMBER}))?(?: is read by no output| feeds nothing)")
def feeds_nothing(about: About, index: str, value: str | None) -> None:
    same("cells that it feeds", fed(about, input_cell(index, value, about)), set())
    holds("a stamp that is cropped is called so", not about.plain.transposed)


@reader.says(INPUT + rf"(?: [=≈] (?P<value>{NUMBER}))?(?: stamps only cells that are cropped| is cropped)")
def stamps_nothing(about: About, index: str, value: str | None) -> None:
    holds("the layer stamps", about.plain.transposed)
    same("cells that it stamps", fed(about, input_cell(index, value, about)), set())


@reader.says(INPUT)
def only_its_name(about: About, index: str) -> None:
    input_cell(index, None, about)


@reader.says(
    INPUT + rf"(?: [=≈] (?P<value>{NUMBER}))? (?P<verb>stamps|feeds) {CELLS}"
    r"(?: of the output(?P<rest>; the rest of the stamp is cropped)?"
    r"|: a stride of (?P<stride>[\d×]+) moves the stamp, not a window)?"
)
def feeds(
    about: About, index: str, value: str | None, verb: str, cells: str, rest: str | None, stride: str | None
) -> None:
    cell = input_cell(index, value, about)
    same("a transposed layer stamps", verb == "stamps", about.plain.transposed)
    check_cells("cells that it feeds", cells, fed(about, cell), about.model.names)
    if stride:
        same("stride", per_axis(stride, about.plain.count), about.plain.s)
    if rest or about.full:
        same("a part is cropped", bool(rest), about.plain.transposed and stamped(about, cell) != fed(about, cell))


def full_size(about: About) -> tuple[int, ...]:
    """Return the size of all that stamps reach, and output padding adds behind them."""
    return tuple(max(len(axis.full), axis.before + axis.o) for axis in about.model.axes)


@reader.says(r"padding crops the full output (?P<full>[\d×]+) to (?P<o>[\d×]+)")
def crops(about: About, full: str, o: str) -> None:
    same("sizes", (sizes(full), sizes(o)), (full_size(about), about.model.o))
    holds("padding alone crops", not any(axis.a for axis in about.model.axes))


@reader.says(r"padding and output padding keep (?P<o>[\d×]+) of the full output (?P<full>[\d×]+)")
def keeps(about: About, full: str, o: str) -> None:
    same("sizes", (sizes(full), sizes(o)), (full_size(about), about.model.o))
    holds("there is output padding", any(axis.a for axis in about.model.axes))


@reader.says(r"cropped(?: to (?P<o>[\d×]+))?")
def cropped(about: About, o: str | None) -> None:
    same("output", sizes(o) if o else about.model.o, about.model.o)


@panels.captions.says(
    r"full output (?P<full>[\d×]+), of which (?P<o>[\d×]+) are kept" + f"(?:{ADDED})?",
    panels.OUTPUT + f"(?:{ADDED})",
)
def full_output(about: About, add: str | None, o: str = "", full: str = "", bias: str = "", **more: str | None) -> None:
    same("output", sizes(o or more.get("size") or ""), about.model.o)
    if full:
        same("full output", sizes(full), full_size(about))
    same("overlaps add up", bool(add or more.get("sum")), not about.plain.pools)
    check_bias(bias or None, about)
    (panel,) = (panel for panel in about.scene.panels if panel.name == "output")
    starts = {cell.text for row in panel.cells for cell in row}
    if about.values.visible and about.values.shown.added is not None:
        check_value("start of each cell", starts.pop(), about.values.shown.added)
    same("other starts", starts - {""}, set())


@panels.captions.says(r"kernel (?P<size>[\d×]+) \((?P<flip>not flipped|stamped flipped)\)")
def stamped_kernel(about: About, size: str, flip: str) -> None:
    """A convolution's stamp is its kernel flipped: output o reads cell o·s − p + u·d with weight u."""
    same("kernel", sizes(size), about.plain.k)
    same("how it is stamped", flip, "not flipped" if about.plain.transposed else "stamped flipped")


@panels.captions.says("bias")
def bias_cell(about: About) -> None:
    check_bias_cell(about)


# Pair and matrix -----------------------------------------------------------------------------------------------------


@reader.says(
    NAME + rf" gathers {CELLS}(?:, and sends y\[(?P<sent>[\d,]+)\](?: times the weights back to them|·w back))?"
)
def gathers(about: About, index: str, cells: str, sent: str | None) -> None:
    output = written(index, about)
    check_cells(f"cells that y[{index}] gathers", cells, about.model.reads(output), about.model.names)
    same("what is sent", sent or index, index)


@reader.says(NAME + " reads only zeros, and sends nothing back")
def gathers_nothing(about: About, index: str) -> None:
    same(f"cells that y[{index}] gathers", about.model.reads(written(index, about)), set())


@panels.captions.says(r"sent back: (?P<size>[\d×]+)")
def sent_back(about: About, size: str) -> None:
    same("size", sizes(size), about.plain.i)


@panels.captions.says(r"kernel (?P<size>[\d×]+), the same both ways")
def kernel_of_both(about: About, size: str) -> None:
    same("kernel", sizes(size), about.plain.k)


START = r"Row (?P<row>\d+) of (?P<name>Cᵀ?) holds"


@reader.says(
    START + r" the weights of (?P<count>\d+) input cells?(?:; column (?P<column>\d+) of (?P<other>Cᵀ?) sends "
    r"y\[(?P<sent>[\d,]+)\] times these weights back to them)?",
    START + r" only (?P<none>zeros)(?:, and column (?P<column>\d+) of (?P<other>Cᵀ?) sends nothing back)?",
    r"Row (?P<row>\d+) of (?P<name>Cᵀ?) is column (?P<column>\d+) of (?P<other>Cᵀ?)",
    r"row (?P<row>\d+)",
)
def matrix_row(about: About, row: str, name: str = "", other: str | None = None, **more: str | None) -> None:
    """Check that a row is that of the frame, and how many input cells it has weights for."""
    same("row", int(row), about.number)
    same("column", more.get("column") or row, row)
    output = about.model.outputs()[int(row)]
    count = more.get("count") or ("0" if more.get("none") else None)
    if name:
        check_matrix_names(about, name, other)
    if count:
        same(f"weights in row {row}", int(count), len(about.model.reads(output)))
    if more.get("sent"):
        same("what is sent", more["sent"], ",".join(map(str, output)))


@panels.captions.says(r"x(?: channel (?P<channel>\d+) of (?P<channels>\d+):)? (?P<i>[\d×]+)", r"y (?P<o>[\d×]+)")
def x_or_y(about: About, i: str = "", o: str = "", channel: str | None = None, channels: str | None = None) -> None:
    if i:
        panels.check_channel(about, channel, channels)
    same("size", sizes(i or o), about.plain.i if i else about.model.o)


@panels.labels.says("Cᵀ?")
def matrix_label(about: About) -> None:
    """C turns x into y, Cᵀ goes back."""


# Overlap -------------------------------------------------------------------------------------------------------------


def variant(about: About, k: str) -> About:
    """Return the layer with another kernel and the same padding in numbers."""
    padding = tuple((axis.before, axis.after) for axis in about.model.axes)
    other = replace(about.plain, k=per_axis(k, about.plain.count), p=padding, a=about.model.sizes("a"))
    return replace(about, model=Model(other if about.plain.transposed else replace(other, a=None)))


@panels.captions.says(
    r"k = (?P<k>[\d×]+), s = (?P<s>[\d×]+): (?:(?P<evenness>even|uneven|holes), )?"
    r"(?:no cell is inside|(?P<counts>.+) inside); (?P<size>[\d×]+)"
)
def counts_of(about: About, k: str, s: str, evenness: str | None, counts: str | None, size: str) -> None:
    other = variant(about, k)
    same("stride", per_axis(s, about.plain.count), about.plain.s)
    same("evenness", evenness or "borders", evenness_of(other.model))
    same("counts inside", alternatives(counts) if counts else [], inside_counts(other))
    same("cells that are counted", sizes(size), other.model.o if about.plain.transposed else about.plain.i)


def inside_counts(about: About) -> list[int]:
    """Return the counts of the cells that only windows of this layer would reach, without copies in the padding."""
    return sorted(inner_counts(about.model))


@reader.says(r"k = (?P<k>[\d×]+), s = (?P<s>[\d×]+): (?:all cells are near a border, none|no cell) is inside")
def near_borders(about: About, k: str, s: str) -> None:
    same("parameters", (per_axis(k, about.plain.count), per_axis(s, about.plain.count)), (about.plain.k, about.plain.s))
    same("evenness", evenness_of(about.model), "borders")


@reader.says(
    r"k = (?P<k>[\d×]+), s = (?P<s>[\d×]+) (?:gives an (?P<evenness>even|uneven) overlap|leaves (?P<holes>holes))"
    r"(?P<inside> inside)?(?:; (?P<better>k = .+?) (?:gives an even one|is even))?"
)
def overlap(about: About, k: str, s: str, inside: str | None, better: str | None, **words: str | None) -> None:
    same("parameters", (per_axis(k, about.plain.count), per_axis(s, about.plain.count)), (about.plain.k, about.plain.s))
    said = words["evenness"] or words["holes"]
    same("evenness", said, evenness_of(about.model))
    counts = inside_counts(about)
    if inside:
        same("counts inside differ", len(counts) > 1 or 0 in counts, said != "even")
    for one in (better or "").removeprefix("k = ").split(" or k = "):
        if one:
            same(f"evenness for k = {one}", evenness_of(variant(about, one).model), "even")
