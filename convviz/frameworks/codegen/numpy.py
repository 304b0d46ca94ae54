"""numpy code: what a layer computes, by sliding windows, or by adding scaled copies of the kernel."""

from __future__ import annotations

from convviz.frameworks.codegen.text import (
    Snippet,
    mean_padding,
    numpy_mode,
    output_crops,
    pad_call,
    tuple_text,
    window_padding,
)
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool

LETTERS = {1: ("i", "u"), 2: ("ij", "uv")}
"""Number of axes → letters of output cells and of taps in `einsum`."""
WINDOWS_IMPORT = "from numpy.lib.stride_tricks import sliding_window_view"


def conv(layer: Conv) -> Snippet:
    """Return the lines for a convolution of one channel."""
    mode = numpy_mode(layer)
    padded = pad_call("np.pad", "x", layer.padding, f', mode="{mode}"' if mode else "")
    cells, taps = LETTERS[len(layer.axes)]
    return [
        *_head(layer, WINDOWS_IMPORT),
        _kernel(layer),
        f"padded = {padded}",
        f"windows = {_windows(layer, 'padded')}",
        f'y = np.einsum("{cells}{taps},{taps}->{cells}", windows, w)  # {tuple_text(layer.output)}',
    ]


def transposed(layer: ConvTranspose) -> Snippet:
    """Return the lines for a transposed convolution of one channel: each input cell adds a scaled kernel."""
    crops = output_crops(layer)
    size = [
        (axis.input - 1) * axis.stride + axis.effective_kernel + max(-after, 0)
        for axis, (_, after) in zip(layer.axes, crops, strict=True)
    ]
    names = ["row", "col"] if len(layer.axes) == 2 else ["cell"]
    spans = [
        f"{_times(name, axis.stride)} : {_times(name, axis.stride)} + {axis.effective_kernel}"
        + (f" : {axis.dilation}" if axis.dilation > 1 else "")
        for name, axis in zip(names, layer.axes, strict=True)
    ]
    cropped = [f"{before}:{before + output}" for (before, _), output in zip(crops, layer.output, strict=True)]
    return [
        *_head(layer),
        _kernel(layer),
        f"full = np.zeros({tuple_text(size)})",
        f"for {', '.join(names)}{',' * (len(names) == 1)} in np.ndindex{tuple_text(layer.input)}:",
        f"    full[{', '.join(spans)}] += x[{', '.join(names)}] * w",
        f"y = full[{', '.join(cropped)}]  # {tuple_text(layer.output)}",
    ]


def pool(layer: Pool) -> Snippet:
    """Return the lines for a pooling of one channel."""
    axes = tuple_text([-2, -1] if len(layer.axes) == 2 else [-1])
    head, sides, comment = _head(layer, WINDOWS_IMPORT), window_padding(layer), f"  # {tuple_text(layer.output)}"
    if not isinstance(layer, AvgPool):
        padded = pad_call("np.pad", "x", sides, ", constant_values=-np.inf")
        return [*head, f"padded = {padded}", f"y = {_windows(layer, 'padded')}.max({axes}){comment}"]
    head.append(f"padded = {pad_call('np.pad', 'x', sides)}")
    padding = mean_padding(layer)
    if padding is None:
        return [*head, f"y = {_windows(layer, 'padded')}.mean({axes}){comment}"]
    ones = pad_call("np.pad", "np.ones_like(x)", padding[0], ", constant_values=1")
    return [
        *head,
        f"counted = {pad_call('np.pad', ones, padding[1])}  # 1 for each cell that counts in the mean",
        f"total, number = ({_windows(layer, 'cells')}.sum({axes}) for cells in (padded, counted))",
        f"y = total / np.maximum(number, 1){comment}",
    ]


def _windows(layer: Layer, array: str) -> str:
    """Return the code for the windows at each output cell: of the effective kernel size, each d-th cell."""
    size = tuple_text([axis.effective_kernel for axis in layer.axes])
    steps = ", ".join(f"::{step}" for step in (*layer.stride, *layer.dilation))
    return f"sliding_window_view({array}, {size})[{steps}]"


def _times(name: str, stride: int) -> str:
    return f"{name} * {stride}" if stride > 1 else name


def _head(layer: Layer, *imports: str) -> Snippet:
    """Return the imports and the input."""
    return ["import numpy as np", *imports, "", f"x = np.random.standard_normal({tuple_text(layer.input)})"]


def _kernel(layer: Layer) -> str:
    return f"w = np.random.standard_normal({tuple_text(layer.kernel)})"
