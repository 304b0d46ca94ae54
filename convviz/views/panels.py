"""The panels of a layer: the padded input, the bare input, the kernel, the output."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from convviz.analysis.unread import describe_unread
from convviz.geometry.axis import ConvAxis
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Cell, CellRole, Node, Operator, Panel
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.nouns import axis_nouns
from convviz.views.brackets import input_brackets, kernel_brackets
from convviz.views.cell_grids import Cells, Index, empty_grid, grid_shape, rows_and_cols, value_grid
from convviz.views.shading import PENDING, shaded_input
from convviz.views.taps import kernel_index

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

PADDED = {
    "zeros": "padded",
    "reflect": "padded by reflection",
    "replicate": "padded by repeating the border",
    "circular": "padded from the other side",
}


def window_rows_and_cols(layer: Layer, output: Index) -> tuple[Index, Index]:
    """Return rows and columns of the padded input under the window for an output cell."""
    return rows_and_cols([window.taps(index) for window, index in zip(layer.sliding_windows, output, strict=True)])


def padded_input_panel(layer: Layer, values: LayerValues | None, channel: int = 0) -> Panel:
    """Return the padded, zero-inserted input, with a caption that names these changes."""
    cells = padded_grid(layer, values, channel)
    caption = padded_input_caption(layer, describe_input(values, channel))
    shaded = values is not None and values.shaded
    return Panel("input", cells, caption, seamless=shaded, brackets=input_brackets(layer))


def bare_input_panel(layer: Layer, values: LayerValues | None, channel: int = 0) -> Panel:
    """Return the input without inserted zeros and padding."""
    shown = values.x[channel] if values and values.visible else None
    name = describe_input(values, channel)
    caption = f"{name}{':' if name != 'input' else ''} {format_sizes(layer.input)}"
    return Panel("input", value_grid("input", layer.input, shown, values.x_notation if values else "decimal"), caption)


def padded_grid(layer: Layer, values: LayerValues | None, channel: int = 0) -> Cells:
    """Return the cells of the padded, zero-inserted input; those that no window reads are faded."""
    windows = layer.sliding_windows
    return tuple(
        tuple(padded_cell(windows, position, values, channel) for position in row)
        for row in _positions(tuple(window.size for window in windows))
    )


def padded_cell(
    windows: tuple[SlidingWindow, ...], position: Index, values: LayerValues | None, channel: int = 0
) -> Cell:
    """Return one cell of the padded, zero-inserted input."""
    pairs = list(zip(windows, position, strict=True))
    cells = [window.cells[index] for window, index in pairs]
    overhanging = any(index >= window.size - window.overhang for window, index in pairs)
    faded = overhanging or not all(cell.read for cell in cells)
    kinds = {cell.kind for cell in cells}
    role: CellRole = "padding" if "padding" in kinds else "inserted" if "inserted" in kinds else "input"
    source = tuple(cell.source for cell in cells)
    if values and values.shaded and role == "input":
        return shaded_input(values, source, channel, faded)
    if not (values and values.visible):
        return Cell(role, "", faded)
    if None not in source:
        return Cell(role, format_cell(values.x[(channel, *source)], values.x_notation), faded)
    return Cell(role, "0" if role == "inserted" else "", faded)


def kernel_panel(layer: Layer, values: LayerValues | None, channel: int = 0) -> Panel:
    """Return the kernel as the window applies it: flipped for a transposed layer, with a caption that says so."""
    cells = tuple(tuple(kernel_cell(layer, tap, values, channel) for tap in row) for row in _positions(layer.kernel))
    flipped = ", flipped" if isinstance(layer, ConvTranspose) else ""
    dilated = set(layer.dilation) != {1}
    effective = f", reaches over {format_sizes([axis.effective_kernel for axis in layer.axes])}" if dilated else ""
    name = f"kernel for channel {values.channels.inputs[channel] + 1}:" if values and values.channels else "kernel"
    caption = f"{name} {format_sizes(layer.kernel)}{flipped}{effective}"
    return Panel("kernel", cells, caption, brackets=kernel_brackets(layer))


def kernel_cell(layer: Layer, tap: Index, values: LayerValues | None, channel: int = 0) -> Cell:
    """Return the weight on one tap of the window."""
    if not (values and values.visible) or values.w is None:
        return Cell("kernel")
    return Cell("kernel", format_cell(values.w[(channel, *kernel_index(layer, tap))], values.w_notation))


def output_panel(layer: Layer, values: LayerValues | None) -> Panel:
    """Return the output before any cell is written."""
    caption = f"{describe_output(values)} {format_sizes(layer.output)}"
    if values and values.shaded:
        rows, cols = grid_shape(layer.output)
        return Panel("output", ((PENDING,) * cols,) * rows, caption, seamless=True)
    return Panel("output", empty_grid(layer.output), caption)


def bias_nodes(values: LayerValues | None) -> tuple[Node, ...]:
    """Return the bias as one cell with a plus sign, if there is one."""
    if values is None or values.bias is None:
        return ()
    text = format_cell(values.bias, values.y_notation) if values.visible else ""
    return Operator("+"), Panel("bias", ((Cell("kernel", text),),), "bias")


def _positions(shape: Index) -> list[list[Index]]:
    """List the index of each cell of a grid, row by row."""
    rows, cols = grid_shape(shape)
    return [[(row, col)[-len(shape) :] for col in range(cols)] for row in range(rows)]


def describe_input(values: LayerValues | None, channel: int = 0) -> str:
    """Name the input: `input`, or `input channel 2 of 3`."""
    channels = values and values.channels
    return f"input channel {channels.inputs[channel] + 1} of {channels.all_inputs}" if channels else "input"


def describe_output(values: LayerValues | None) -> str:
    """Name the output: `output`, or `output channel 1 of 4:`."""
    channels = values and values.channels
    return f"output channel {channels.output + 1} of {channels.all_outputs}:" if channels else "output"


def describe_hidden_channels(values: LayerValues | None, shown: int) -> str:
    """Count the input channels that are not shown: `; 2 more input channels not shown`."""
    hidden = len(values.x) - shown if values else 0
    return f"; {hidden} more input channel{'s' * (hidden > 1)} not shown" if hidden > 0 else ""


def padded_input_caption(layer: Layer, name: str = "input") -> str:
    """Describe the padded input: `input, zeros inserted and padded: 7×7`."""
    windows = layer.sliding_windows
    changes = []
    if any(window.gap and window.input > 1 for window in windows):
        changes.append("zeros inserted")
    if any(window.before > 0 or window.after > window.overhang for window in windows):
        changes.append(PADDED[layer.padding_mode])
    if any(window.before < 0 or window.after < 0 for window in windows):
        changes.append("cropped")
    sizes = format_sizes([window.padded_size - window.overhang for window in windows])
    listed = " and ".join(changes) if len(changes) < 3 else ", ".join(changes)
    bare = f"{name} {sizes}" if name == "input" else f"{name}: {sizes}"
    return (f"{name}, {listed}: {sizes}" if changes else bare) + _describe_remainder(layer)


def padding_step_caption(layer: Layer, name: str = "input") -> str:
    """Describe the input before and after it is padded: `input 5×5 → padded 7×7`, which holds at each step."""
    windows = layer.sliding_windows
    before = f"{name}{':' if name != 'input' else ''} {format_sizes(layer.input)}"
    sizes = tuple(window.padded_size - window.overhang for window in windows)
    after = f" → {PADDED[layer.padding_mode]} {format_sizes(sizes)}" if sizes != layer.input else ""
    return before + after + _describe_remainder(layer)


def _describe_remainder(layer: Layer) -> str:
    """Count what no window reads, and say what `ceil_mode` adds: `; 27 of 36 input cells are never read`."""
    if not all(isinstance(axis, ConvAxis) for axis in layer.axes):
        return ""
    overhang = " and ".join(
        noun.counted(window.overhang)
        for noun, window in zip(axis_nouns(len(layer.axes)), layer.sliding_windows, strict=True)
        if window.overhang
    )
    return describe_unread(layer) + (f"; the last window hangs over by {overhang}" if overhang else "")


def borrowed_positions(layer: Layer, output: Index) -> set[Index]:
    """Return the positions of the input cells whose values the padding under the window repeats."""
    if layer.padding_mode == "zeros":
        return set()
    windows = layer.sliding_windows
    found = set()
    for position in product(*(window.taps(index) for window, index in zip(windows, output, strict=True))):
        cells = [window.cells[index] for window, index in zip(windows, position, strict=True)]
        if any(cell.kind == "padding" for cell in cells) and all(cell.source is not None for cell in cells):
            found.add(tuple(w.offset + (cell.source or 0) for w, cell in zip(windows, cells, strict=True)))
    return found
