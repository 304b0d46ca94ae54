"""stack: several layers in a row; at step t the receptive field of output cell t is traced back to the input.

Every grid shows the cells that the output cell depends on, exactly: under a dilated kernel they have gaps. Thin lines
join the fields of neighbouring layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from convviz.errors import PictureError
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
from convviz.views import panels as grids

Index = tuple[int, ...]
Field = tuple[Index, ...]
"""For each axis, the indices of the cells that are read."""
PALE, FULL = 25, 100


def stack(layers: Sequence[Layer], timing: Timing) -> Scene:
    """The scene of `layers`, each of which takes the output of the one before; raises `PictureError` if not."""
    for one, other in pairwise(layers):
        if one.output != other.input:
            raise PictureError(
                f"{words(other)} takes {format_sizes(other.input)} cells, "
                f"but {words(one)} gives {format_sizes(one.output)}; "
                "give each layer the output of the one before as its input"
            )
    frames = tuple(_frames(layers))
    largest = tuple(max(len(frame_field) for frame_field in axis) for axis in zip(*_input_fields(layers), strict=True))
    return Scene(
        title=f"Receptive field: {len(layers)} layer{'s' * (len(layers) > 1)}",
        sizes=f"an output cell reads up to {format_sizes(largest)} input cells",
        badges=tuple(Badge(words(layer), "kernel") for layer in layers),
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


def words(layer: Layer) -> str:
    """`conv k3 s2 p1`, as the command line takes it."""
    said = [
        f"k{format_per_axis(layer.kernel)}",
        f"s{format_per_axis(layer.stride)}",
        f"p{format_padding(layer.padding)}",
    ]
    said += [f"d{format_per_axis(layer.dilation)}"] if set(layer.dilation) != {1} else []
    said += [f"a{format_per_axis(layer.output_padding)}"] if any(layer.output_padding) else []
    return f"{layer.kind} {' '.join(said)}"


def _panels(layers: Sequence[Layer]) -> Iterator[Panel]:
    yield _panel("input", layers[0].input, "input")
    for number, layer in enumerate(layers, start=1):
        yield _panel("output", layer.output, "output" if number == len(layers) else f"after layer {number}:")


def _panel(role: CellRole, shape: Index, name: str) -> Panel:
    """A grid with a caption below it, or a line with a label on its left, where no guide lines pass."""
    words = f"{name} {format_sizes(shape)}"
    return Panel(role, _grid(shape, role), words) if len(shape) == 2 else Panel(role, _grid(shape, role), label=words)


def _grid(shape: Index, role: CellRole) -> tuple[tuple[Cell, ...], ...]:
    rows, cols = (1, *shape)[-2:]
    return ((Cell(role, level=PALE),) * cols,) * rows


def fields(layers: Sequence[Layer], output: Index) -> list[Field]:
    """What `output` depends on: for the input, and after each layer, the cells of each axis."""
    found: list[Field] = [tuple((place,) for place in output)]
    for layer in reversed(layers):
        found.append(tuple(_read(track, cells) for track, cells in zip(layer.sliding_windows, found[-1], strict=True)))
    return found[::-1]


def _read(track: SlidingWindow, outputs: Index) -> Index:
    """Input cells that any of `outputs` reads on one axis."""
    places = {place for output in outputs for place in track.taps(output)}
    sources = {track.cells[place].source for place in places}
    return tuple(sorted(source for source in sources if source is not None))


def _input_fields(layers: Sequence[Layer]) -> list[Field]:
    return [fields(layers, output)[0] for output in layers[-1].outputs()]


def _frames(layers: Sequence[Layer]) -> Iterator[Frame]:
    """One frame for each output cell of the last layer."""
    before: list[set[tuple[int, int]]] = [set() for _ in range(len(layers) + 1)]
    for output in layers[-1].outputs():
        traced = fields(layers, output)
        changes: list[Change] = []
        for panel, field in enumerate(traced):
            now = {grids.at(place) for place in product(*field)}
            role: CellRole = "output" if panel else "input"
            changes += [Change(panel, *at, Cell(role, level=PALE)) for at in sorted(before[panel] - now)]
            changes += [Change(panel, *at, Cell(role, level=FULL)) for at in sorted(now - before[panel])]
            before[panel] = now
        spans = [_span(field) for field in traced]
        marks = tuple(Mark(panel, *span) for panel, span in enumerate(spans) if span)
        guides = tuple(GuideLine(mark, mark + 1) for mark in range(len(marks) - 1))
        yield Frame(tuple(changes), marks, _says(output, traced), guides=guides)


def _span(field: Field) -> tuple[Index, Index] | None:
    """Rows and columns of a field; None where it is empty."""
    return grids.rows_and_cols(field) if all(field) else None


def _says(output: Index, traced: list[Field]) -> Sentence:
    name = f"y[{','.join(map(str, output))}]"
    if not all(traced[0]):
        return Sentence((f"{name} reads no input cell, only zeros", name))
    where, extent = format_axis_indices(traced[0]), format_sizes([len(axis) for axis in traced[0]])
    return Sentence(
        (
            f"{name} reads {where} of the input: {extent} cells",
            f"{name} reads {where}",
            f"{name} reads {extent} cells",
            name,
        )
    )


def _rule(layers: Sequence[Layer]) -> tuple[Formula, ...]:
    """The recursion of receptive field and jump, filled in for convolutions that are the same on all axes."""
    rule = f"r ← r + (k {MINUS} 1)·d·j,  j ← j·s"
    if not all(type(layer) is Conv and len(set(layer.axes)) == 1 for layer in layers):
        return (Formula("", rule, "", ""),)
    effective_kernel, jump, steps = 1, 1, ["r = 1"]
    for layer in layers:
        axis = layer.axes[0]
        effective_kernel, jump = effective_kernel + (axis.kernel - 1) * axis.dilation * jump, jump * axis.stride
        steps.append(str(effective_kernel))
    return (Formula("", f"{rule}:  {' → '.join(steps)},  jump {jump}", "", ""),)
