"""The grids of a layer: the input as the window sees it, the kernel, the output."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.geometry.axis import ConvAxis
from convviz.geometry.per_axis import axis_names
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Cell, CellRole, Panel
from convviz.text.formatting import format_sizes, format_value

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

EMPTY = Cell("empty")
PADDED = {
    "zeros": "padded",
    "reflect": "padded by reflection",
    "replicate": "padded by repeating the border",
    "circular": "padded from the other side",
}


def input_panel(layer: Layer, numbers: LayerValues | None, channel: int = 0) -> Panel:
    """The input as the window sees it, and a caption that says what was done to it."""
    return Panel("input", laid_grid(layer, numbers, channel), caption(layer, input_words(numbers, channel)))


def at(index: tuple[int, ...]) -> tuple[int, int]:
    """Row and column of a cell; a line is a grid of one row."""
    return (index[0], index[1]) if len(index) == 2 else (0, index[0])


def window(layer: Layer, output: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows and columns of the laid grid under the window for an output cell."""
    return rows_and_cols([track.taps(index) for track, index in zip(layer.sliding_windows, output, strict=True)])


def rows_and_cols(spans: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The indices of each axis as those of rows and columns; a line is a grid of one row."""
    return (spans[0], spans[1]) if len(spans) == 2 else ((0,), spans[0])


def empty(shape: tuple[int, ...]) -> tuple[tuple[Cell, ...], ...]:
    """A grid, or a line, in which nothing is written yet."""
    rows, cols = (1, *shape)[-2:]
    return ((EMPTY,) * cols,) * rows


def value_grid(role: CellRole, shape: tuple[int, ...], values: Any) -> tuple[tuple[Cell, ...], ...]:
    """Cells of one role with the texts of `values`, or blank ones where there are none; a line is a grid of one row."""
    rows, cols = (1, *shape)[-2:]
    if values is None:
        return ((Cell(role),) * cols,) * rows
    return tuple(tuple(Cell(role, format_value(value)) for value in row) for row in values.reshape(rows, cols))


def bare_panel(layer: Layer, numbers: LayerValues | None, channel: int = 0) -> Panel:
    """The input as it is, without inserted zeros and padding."""
    values = numbers.x[channel] if numbers and numbers.visible else None
    words = input_words(numbers, channel)
    caption = f"{words}{':' if words != 'input' else ''} {format_sizes(layer.input)}"
    return Panel("input", value_grid("input", layer.input, values), caption)


def laid_grid(layer: Layer, numbers: LayerValues | None, channel: int = 0) -> tuple[tuple[Cell, ...], ...]:
    """The padded, zero-inserted input; cells that no window reads are faded. A line is a grid of one row."""
    rows, cols = (1, *(track.size for track in layer.sliding_windows))[-2:]
    places = [[(row, col)[-len(layer.sliding_windows) :] for col in range(cols)] for row in range(rows)]
    return tuple(tuple(laid_cell(layer.sliding_windows, place, numbers, channel) for place in line) for line in places)


def laid_cell(
    tracks: tuple[SlidingWindow, ...], position: tuple[int, ...], numbers: LayerValues | None, channel: int = 0
) -> Cell:
    """One cell of the padded, zero-inserted input."""
    cells = [track.cells[place] for track, place in zip(tracks, position, strict=True)]
    beyond = any(place >= track.size - track.overhang for track, place in zip(tracks, position, strict=True))
    faded = beyond or not all(cell.read for cell in cells)
    kinds = {cell.kind for cell in cells}
    source = tuple(cell.source for cell in cells)
    role: CellRole = "padding" if "padding" in kinds else "inserted" if "inserted" in kinds else "input"
    if not (numbers and numbers.visible):
        return Cell(role, "", faded)
    if None not in source:
        return Cell(role, format_value(numbers.x[(channel, *source)]), faded)
    return Cell(role, "0" if role == "inserted" else "", faded)


def kernel_panel(layer: Layer, numbers: LayerValues | None, channel: int = 0) -> Panel:
    """The kernel as the window applies it: flipped for a transposed layer, and saying so."""
    rows, cols = (1, *layer.kernel)[-2:]
    places = [[(row, col)[-len(layer.sliding_windows) :] for col in range(cols)] for row in range(rows)]
    cells = tuple(tuple(kernel_cell(layer.sliding_windows, taps, numbers, channel) for taps in line) for line in places)
    flipped = ", flipped" if isinstance(layer, ConvTranspose) else ""
    dilated = set(layer.dilation) != {1}
    effective_kernel = (
        f", reaches over {format_sizes([axis.effective_kernel for axis in layer.axes])}" if dilated else ""
    )
    name = f"kernel for channel {numbers.channels.inputs[channel] + 1}:" if numbers and numbers.channels else "kernel"
    return Panel("kernel", cells, f"{name} {format_sizes(layer.kernel)}{flipped}{effective_kernel}")


def kernel_cell(
    tracks: tuple[SlidingWindow, ...], taps: tuple[int, ...], numbers: LayerValues | None, channel: int = 0
) -> Cell:
    """The weight that lies on one tap of the window."""
    if not (numbers and numbers.visible) or numbers.w is None:
        return Cell("kernel")
    weights = (track.kernel_index(tap) for track, tap in zip(tracks, taps, strict=True))
    return Cell("kernel", format_value(numbers.w[(channel, *weights)]))


def output_panel(layer: Layer, numbers: LayerValues | None) -> Panel:
    """The output before anything is written."""
    return Panel("output", empty(layer.output), f"{output_words(numbers)} {format_sizes(layer.output)}")


def written_cell(output: tuple[int, ...], numbers: LayerValues | None) -> Cell:
    """The output cell once it is written."""
    return Cell("output", format_value(numbers.y[output]) if numbers and numbers.visible else "")


def input_words(numbers: LayerValues | None, channel: int = 0) -> str:
    """`input`, or `input channel 2 of 3` where there are channels."""
    channels = numbers and numbers.channels
    return f"input channel {channels.inputs[channel] + 1} of {channels.all_inputs}" if channels else "input"


def output_words(numbers: LayerValues | None) -> str:
    """`output`, or `output channel 1 of 4:` where there are channels."""
    channels = numbers and numbers.channels
    return f"output channel {channels.output + 1} of {channels.all_outputs}:" if channels else "output"


def hidden_words(numbers: LayerValues | None, shown: int) -> str:
    """`; 2 more input channels not shown`, which the output is a sum over all the same."""
    hidden = len(numbers.x) - shown if numbers else 0
    return f"; {hidden} more input channel{'s' * (hidden > 1)} not shown" if hidden > 0 else ""


def caption(layer: Layer, name: str = "input") -> str:
    """`input, zeros inserted and padded: 7×7`."""
    tracks = layer.sliding_windows
    done = []
    if any(track.gap and track.input > 1 for track in tracks):
        done.append("zeros inserted")
    if any(track.before > 0 or track.after > track.overhang for track in tracks):
        done.append(PADDED[layer.padding_mode])
    if any(track.before < 0 or track.after < 0 for track in tracks):
        done.append("cropped")
    kept = format_sizes([track.padded_size - track.overhang for track in tracks])
    changed = f"{name}, {' and '.join(done)}: {kept}" if len(done) < 3 else f"{name}, {', '.join(done)}: {kept}"
    bare = f"{name} {kept}" if name == "input" else f"{name}: {kept}"
    return (changed if done else bare) + _rest(layer)


def _rest(layer: Layer) -> str:
    """`; last row and column are never read`, and what `ceil_mode` adds or drops at the end."""
    forward = [axis for axis in layer.axes if isinstance(axis, ConvAxis)]
    if not forward:
        return ""
    names = [name.removesuffix("s") for name in axis_names(len(layer.axes))]
    rests = [axis.remainder for axis in forward]
    unread = _counted(names, rests)
    over = " and ".join(
        f"{track.overhang} {name}{'s' * (track.overhang > 1)}"
        for name, track in zip(names, layer.sliding_windows, strict=True)
        if track.overhang
    )
    words = f"; last {unread} {'is' if sum(rests) == 1 else 'are'} never read" if unread else ""
    return words + (f"; the last window hangs over by {over}" if over else "")


def _counted(names: list[str], counts: list[int]) -> str:
    """`row and 2 columns`; nothing for zeros."""
    named = zip(names, counts, strict=True)
    return " and ".join(name if count == 1 else f"{count} {name}s" for name, count in named if count)


def borrowed(layer: Layer, output: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Positions of the input cells whose values the padding under the window borrows."""
    tracks = layer.sliding_windows
    found = set()
    for position in product(*(track.taps(index) for track, index in zip(tracks, output, strict=True))):
        cells = [track.cells[place] for track, place in zip(tracks, position, strict=True)]
        if any(cell.kind == "padding" for cell in cells) and all(cell.source is not None for cell in cells):
            found.add(tuple(t.offset + (cell.source or 0) for t, cell in zip(tracks, cells, strict=True)))
    return found
