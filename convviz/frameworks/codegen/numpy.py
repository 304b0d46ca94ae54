"""numpy: what a layer does, without any framework: windows that slide, and stamps that add up."""

from __future__ import annotations

from collections.abc import Sequence

from convviz.frameworks.codegen.text import Lines, around, borrowing, counted, crops, entries, pairs
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool

LETTERS = {1: ("i", "u"), 2: ("ij", "uv")}
WINDOWS = "from numpy.lib.stride_tricks import sliding_window_view"


def write(layer: Layer) -> str:
    """The layer as a snippet, one channel alone."""
    if isinstance(layer, Pool):
        return "\n".join(_pool(layer))
    return "\n".join(_transposed(layer) if isinstance(layer, ConvTranspose) else _conv(layer))


def _conv(layer: Layer) -> Lines:
    mode = borrowing(layer)
    held = f', mode="{mode}"' if mode else ""
    stops, taps = LETTERS[len(layer.axes)]
    return [
        *_start(layer, True, WINDOWS),
        f"padded = {_padded('x', layer.padding, held)}",
        f"windows = {_windows(layer, 'padded')}",
        f'y = np.einsum("{stops}{taps},{taps}->{stops}", windows, w)  # {entries(layer.output)}',
    ]


def _transposed(layer: Layer) -> Lines:
    """Every input cell stamps the kernel; what output padding appends is part of the canvas."""
    cropped = crops(layer)
    canvas = [
        (axis.input - 1) * axis.stride + axis.effective_kernel + max(-after, 0)
        for axis, (_, after) in zip(layer.axes, cropped, strict=True)
    ]
    names = ["row", "col"] if len(layer.axes) == 2 else ["cell"]
    spans = [
        f"{_times(name, axis.stride)} : {_times(name, axis.stride)} + {axis.effective_kernel}"
        + (f" : {axis.dilation}" if axis.dilation > 1 else "")
        for name, axis in zip(names, layer.axes, strict=True)
    ]
    kept = [f"{before}:{before + size}" for (before, _), size in zip(cropped, layer.output, strict=True)]
    return [
        *_start(layer, True),
        f"full = np.zeros({entries(canvas)})",
        f"for {', '.join(names)}{',' * (len(names) == 1)} in np.ndindex{entries(layer.input)}:",
        f"    full[{', '.join(spans)}] += x[{', '.join(names)}] * w",
        f"y = full[{', '.join(kept)}]  # {entries(layer.output)}",
    ]


def _pool(layer: Pool) -> Lines:
    axes = entries([-2, -1] if len(layer.axes) == 2 else [-1])
    start = _start(layer, False, WINDOWS)
    if not isinstance(layer, AvgPool):
        start.append(f"padded = {_padded('x', around(layer), ', constant_values=-np.inf')}")
        return [*start, f"y = {_windows(layer, 'padded')}.max({axes})  # {entries(layer.output)}"]
    start.append(f"padded = {_padded('x', around(layer))}")
    cells = counted(layer)
    if cells is None:
        return [*start, f"y = {_windows(layer, 'padded')}.mean({axes})  # {entries(layer.output)}"]
    ones = _padded(_padded("np.ones_like(x)", cells[0], ", constant_values=1"), cells[1])
    return [
        *start,
        f"counted = {ones}  # 1 for each cell that counts",
        f"total, number = ({_windows(layer, 'cells')}.sum({axes}) for cells in (padded, counted))",
        f"y = total / np.maximum(number, 1)  # {entries(layer.output)}",
    ]


def _windows(layer: Layer, name: str) -> str:
    """Windows over the kernel's reach at each stop, of which every d-th cell is taken."""
    effective_kernel = entries([axis.effective_kernel for axis in layer.axes])
    steps = [*layer.stride, *layer.dilation]
    return f"sliding_window_view({name}, {effective_kernel})[{', '.join(f'::{step}' for step in steps)}]"


def _padded(name: str, sides: Sequence[Sequence[int]], held: str = "") -> str:
    return f"np.pad({name}, {pairs(sides)}{held})" if any(map(any, sides)) else name


def _times(name: str, stride: int) -> str:
    return f"{name} * {stride}" if stride > 1 else name


def _start(layer: Layer, kernel: bool, *imports: str) -> Lines:
    return [
        "import numpy as np",
        *imports,
        "",
        f"x = np.random.standard_normal({entries(layer.input)})",
        *([f"w = np.random.standard_normal({entries(layer.kernel)})"] if kernel else []),
    ]
