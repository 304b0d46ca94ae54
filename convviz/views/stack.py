"""stack: several layers in a row; at step t the receptive field of output cell t is traced back to the input.

Each grid shows exactly the cells that the output cell depends on: under a dilated kernel they have gaps. Guide lines
join the fields of neighbouring layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from convviz.errors import PictureError
from convviz.errors.printable import count_of
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.convolution import Conv
from convviz.layers.layer import Layer
from convviz.scene.model import (
    Badge,
    Cell,
    CellRole,
    Change,
    Frame,
    Group,
    GuideLine,
    LegendEntry,
    Mark,
    Panel,
    Scene,
    Timing,
)
from convviz.text.formatting import MINUS, format_axis_indices, format_padding, format_per_axis, format_sizes
from convviz.text.lines import Formula, Sentence
from convviz.views.cell_grids import Cells, Index, grid_shape, row_and_col, rows_and_cols

Field = tuple[Index, ...]
"""For each axis, the indices of the cells that are read."""
PALE, FULL = 25, 100


def stack(layers: Sequence[Layer], timing: Timing) -> Scene:
    """Return the scene of `layers`. Raises `PictureError` if an output does not fit the next input."""
    for one, other in pairwise(layers):
        if one.output != other.input:
            given, wanted = format_sizes(one.output), format_sizes(other.input)
            raise PictureError(
                f"{_notation(other)} takes {count_of(wanted, 'cell')}, but {_notation(one)} gives {given}; "
                "give each layer the output of the one before as its input"
            )
    frames = tuple(_frames(layers))
    fields = [receptive_fields(layers, output)[0] for output in layers[-1].outputs()]
    reading = [field for field in fields if all(field)] or fields
    largest = tuple(max(map(len, axis)) for axis in zip(*reading, strict=True))
    return Scene(
        title=f"Receptive field: {len(layers)} layer{'s' * (len(layers) > 1)}",
        sizes=f"an output cell reads up to {format_sizes(largest)} input cell{'s' * (largest != (1,))}",
        badges=tuple(Badge(_notation(layer), "kernel") for layer in layers),
        body=Group("row" if len(layers[0].axes) == 2 else "column", tuple(_panels(layers)), align_captions=True),
        legend=(
            LegendEntry("input", "input"),
            LegendEntry("output", "output"),
            LegendEntry("window", "receptive field of the output cell"),
        ),
        formulas=_rule(layers),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _notation(layer: Layer) -> str:
    """Return kind and parameters: `conv k3 s2 p1`."""
    parameters = [f"k{format_per_axis(layer.kernel)}", f"s{format_per_axis(layer.stride)}"]
    parameters.append(f"p{format_padding(layer.padding)}")
    parameters += [f"d{format_per_axis(layer.dilation)}"] if set(layer.dilation) != {1} else []
    parameters += [f"a{format_per_axis(layer.output_padding)}"] if any(layer.output_padding) else []
    return f"{layer.kind} {' '.join(parameters)}"


def _panels(layers: Sequence[Layer]) -> Iterator[Panel]:
    yield _panel("input", layers[0].input, "input")
    for number, layer in enumerate(layers, start=1):
        yield _panel("output", layer.output, "output" if number == len(layers) else f"after layer {number}:")


def _panel(role: CellRole, shape: Index, name: str) -> Panel:
    """Return a grid with a caption below it, or a 1-D grid with a label on its left, away from the guide lines."""
    text = f"{name} {format_sizes(shape)}"
    return Panel(role, _grid(shape, role), text) if len(shape) == 2 else Panel(role, _grid(shape, role), label=text)


def _grid(shape: Index, role: CellRole) -> Cells:
    rows, cols = grid_shape(shape)
    return ((Cell(role, level=PALE),) * cols,) * rows


def receptive_fields(layers: Sequence[Layer], output: Index) -> list[Field]:
    """Return the cells that `output` depends on: in the input, and after each layer."""
    fields: list[Field] = [tuple((index,) for index in output)]
    for layer in reversed(layers):
        windows = layer.sliding_windows
        fields.append(tuple(_read(window, cells) for window, cells in zip(windows, fields[-1], strict=True)))
    return fields[::-1]


def _read(window: SlidingWindow, outputs: Index) -> Index:
    """Return the input cells on one axis that any of `outputs` reads."""
    positions = {position for output in outputs for position in window.taps(output)}
    sources = {window.cells[position].source for position in positions}
    return tuple(sorted(source for source in sources if source is not None))


def _frames(layers: Sequence[Layer]) -> Iterator[Frame]:
    """Yield one frame for each output cell of the last layer."""
    before: list[set[tuple[int, int]]] = [set() for _ in range(len(layers) + 1)]
    for output in layers[-1].outputs():
        fields = receptive_fields(layers, output)
        changes: list[Change] = []
        for panel, field in enumerate(fields):
            now = {row_and_col(index) for index in product(*field)}
            role: CellRole = "output" if panel else "input"
            changes += [Change(panel, *place, Cell(role, level=PALE)) for place in sorted(before[panel] - now)]
            changes += [Change(panel, *place, Cell(role, level=FULL)) for place in sorted(now - before[panel])]
            before[panel] = now
        marks = tuple(Mark(panel, *rows_and_cols(field)) for panel, field in enumerate(fields) if all(field))
        guides = tuple(GuideLine(mark, mark + 1) for mark in range(len(marks) - 1))
        yield Frame(tuple(changes), marks, _caption(output, fields[0]), guides=guides)


def _caption(output: Index, field: Field) -> Sentence:
    name = f"y[{','.join(map(str, output))}]"
    if not all(field):
        return Sentence((f"{name} reads no input cell", name))
    cells, extent = format_axis_indices(field), format_sizes([len(axis) for axis in field])
    counted = f"{extent} cell{'s' * (extent != '1')}"
    texts = (f"{cells} of the input: {counted}", cells, counted)
    return Sentence((*(f"{name} reads {text}" for text in texts), name))


def _rule(layers: Sequence[Layer]) -> tuple[Formula, ...]:
    """Return the recursion of receptive field r and jump j, filled in for convolutions with equal axes."""
    rule = f"r ← r + (k {MINUS} 1)·d·j,  j ← j·s"
    if not all(type(layer) is Conv and len(set(layer.axes)) == 1 for layer in layers):
        return (Formula("", rule, "", ""),)
    receptive_field, jump, sizes = 1, 1, ["r = 1"]
    for layer in layers:
        axis = layer.axes[0]
        receptive_field += (axis.kernel - 1) * axis.dilation * jump
        jump *= axis.stride
        sizes.append(str(receptive_field))
    return (Formula("", f"{rule}:  {' → '.join(sizes)},  jump {jump}", "", ""),)
