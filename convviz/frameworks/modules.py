"""Layers that live in a program, with their weights: `from_torch` and `from_keras`. Neither framework is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import ReadingError
from convviz.frameworks.parse import keras, torch
from convviz.frameworks.parse.arguments import Arguments
from convviz.frameworks.parse.call import so_far
from convviz.frameworks.parse.parsed_layer import LayerSpec, ParsedLayer, ParseHints
from convviz.frameworks.weights import Weights, caption
from convviz.layers.arrays import as_array
from convviz.layers.convolution import ConvLayer
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.text.formatting import format_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convviz.animation.animate import Animation


@dataclass(frozen=True, eq=False)
class Live:
    """A layer of a program with its weights, ready to be animated. Arrays are in PyTorch's order, channels first."""

    name: str
    """Its class."""
    layer: Layer
    weights: NDArray[Any] | None
    """(C_out, C_in/groups, kH, kW), transposed (C_in, C_out/groups, kH, kW); None for a pooling."""
    bias: NDArray[Any] | None
    groups: int
    x: NDArray[Any] | None
    """(C, H, W), or (H, W) for the input channel that is shown; None where only a size was given."""
    channel: int | None
    """The input channel that is shown; None for the sum of all that feed the output channel."""
    out_channel: int

    def __call__(self) -> NDArray[Any]:
        """The output of the whole layer (C, H, W) for the input values. Raises `ReadingError` without any."""
        if self.x is None:
            raise ReadingError("there are no input values; give an array or a tensor in the place of the size")
        if isinstance(self.layer, Pool):
            return self.layer(self.x)
        assert isinstance(self.layer, ConvLayer)
        assert self.weights is not None
        return self.layer(self._all_channels(), self.weights, self.bias, self.groups)

    def animate(self, view: str | None = None, theme: Any = None, **options: Any) -> Animation:
        """The animation of what is shown, with its numbers; arguments as `convviz.animate` takes them."""
        from convviz.animation.animate import animate

        return animate(self.layer, view, theme, **{**self._values(), **options})

    def _values(self) -> dict[str, Any]:
        """What `animate` takes for the chosen channels. The bias is added where all that feeds it is summed."""
        if self.weights is None:
            return {"x": None if self.x is None else self._of(self.out_channel)}
        every = Weights(self.layer, self.weights, self.bias, self.groups)
        if self.channel is None:
            known = {"channels": (every.inputs, every.outputs)} if self.x is None else {"x": self._all_channels()}
            numbers = {"w": self.weights, "bias": self.bias, "groups": self.groups, "channel": self.out_channel}
            return numbers | known
        return {
            "w": every.between(self.channel, self.out_channel),
            "bias": every.added(self.out_channel),
            "x": None if self.x is None else self._of(self.channel),
            "title": caption(self.name, every, self.channel, self.out_channel),
        }

    def _of(self, channel: int) -> NDArray[Any]:
        assert self.x is not None
        return self.x if self.x.ndim == len(self.layer.axes) else self.x[channel]

    def _all_channels(self) -> NDArray[Any]:
        assert self.x is not None
        return self.x[None] if self.x.ndim == len(self.layer.axes) else self.x


def from_torch(module: Any, input: Any, *, channel: int | str = "first", out_channel: int = 0) -> Live:
    """A module of PyTorch with its weights: `convviz.from_torch(model.up, 12).animate().save("up.gif")`.

    `module` is a Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d, MaxPool or AvgPool. `input` is a size, (rows,
    columns), a shape (C, H, W) or (N, C, H, W), or an array or a tensor, whose values are then shown. The picture shows
    the kernel from input channel `channel` to output channel `out_channel`, both from 0; without `channel` that is the
    first that feeds the output channel, and `channel="all"` sums over all of them, and adds the bias.

    Raises `ReadingError` for another module, for weights that are not there yet, and for channels that do not exist.
    """
    row = _row(module, torch.ROWS, "PyTorch")
    given = _attributes(module, row)
    if "bias" in row.signature.names:
        given["bias"] = module.bias is not None
    values, size, count = _input(input, row, last=False)
    with so_far(f"{row.framework} {row.name}"):
        found = row.make(row, Arguments(row.name, given, row.signature.defaults), ParseHints(size))
        weight, bias = (_numbers(getattr(module, name, None), name) for name in ("weight", "bias"))
        return _live(found, module, (weight, bias), values, count, (channel, out_channel))


def from_keras(layer: Any, input: Any, *, channel: int | str = "first", out_channel: int = 0) -> Live:
    """A built layer of Keras with its weights, as `from_torch`; shapes and arrays are in the layer's `data_format`.

    Raises `ReadingError` for another layer, for one that is not built, and for channels that do not exist.
    """
    row = _row(layer, keras.ROWS, "Keras")
    given = _attributes(layer, row)
    values, size, count = _input(input, row, last=given.get("data_format") != "channels_first")
    with so_far(f"{row.framework} {row.name}"):
        found = row.make(row, Arguments(row.name, given, row.signature.defaults), ParseHints(size))
        if isinstance(found.layer, Pool):
            return _live(found, layer, (None, None), values, count, (channel, out_channel))
        if not getattr(layer, "built", True):
            raise ReadingError("the layer is not built and has no weights yet; call it once, or its build(shape)")
        kernel = _numbers(layer.kernel, "kernel")
        bias = _numbers(layer.bias, "bias") if found.bias else None
        assert kernel is not None
        weights = np.moveaxis(kernel, (-1, -2), (0, 1))
        return _live(found, layer, (weights, bias), values, count, (channel, out_channel))


def _row(module: Any, rows: Mapping[str, LayerSpec], framework: str) -> LayerSpec:
    """The layer of the table that a module is, or is derived from."""
    for kind in type(module).__mro__:
        if kind.__name__ in rows:
            return rows[kind.__name__]
    known = ", ".join(name for name in rows if name[0].isupper() and "Lazy" not in name)
    raise ReadingError(f"{type(module).__name__} is no layer of {framework} that can be drawn; give one of {known}")


def _attributes(module: Any, row: LayerSpec) -> dict[str, Any]:
    """The parameters of a module by the names of its arguments."""
    found = {name: getattr(module, name) for name in row.signature.positional if hasattr(module, name)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _input(given: Any, row: LayerSpec, last: bool) -> tuple[NDArray[Any] | None, tuple[int, ...], int | None]:
    """The values of the input, channels first, or None; its cells; and its channels, where they are said."""
    axes = row.axes or 2
    numbers = given if isinstance(given, tuple | list) else (given,)
    is_size = all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in numbers)
    shape = tuple(map(int, numbers)) if is_size else ()
    shape *= axes if len(shape) == 1 else 1
    values = None
    if not is_size:
        values = _numbers(given, "input")
        assert values is not None
        shape = values.shape
    if not axes <= len(shape) <= axes + 2:
        plain = "(H, W)" if axes == 2 else "(L,)"
        raise ReadingError(
            f"an input with {len(shape)} axes does not fit {row.name}; expected {plain}, channels or N too"
        )
    if len(shape) == axes + 2 and values is not None:
        if shape[0] != 1:
            raise ReadingError(f"a picture shows one input, not {shape[0]}; give x[:1]")
        values = values[0]
    if values is not None and last and values.ndim > axes:
        values = np.moveaxis(values, -1, 0)
    cells = shape[-axes - 1 : -1] if last and len(shape) > axes else shape[-axes:]
    return values, cells, None if len(shape) == axes else shape[-1] if last else shape[-axes - 1]


def _numbers(value: Any, name: str) -> NDArray[Any] | None:
    """An array, a tensor or a variable as numbers, wherever it lives. Raises `ReadingError`."""
    if value is None:
        return None
    try:
        for step in ("detach", "cpu", "double", "numpy"):
            value = getattr(value, step)() if hasattr(value, step) else value
        found = as_array(name, value)
    except Exception as error:  # a framework's own, for a tensor without memory or with a layout of its own
        reason = str(error).partition("\n")[0].partition(". ")[0]
        raise ReadingError(f"{name} holds no numbers that can be read, {reason or type(error).__name__}") from None
    return found


def _live(
    found: ParsedLayer,
    module: Any,
    numbers: tuple[Any, Any],
    values: Any,
    count: int | None,
    channels: tuple[int | str, int],
) -> Live:
    layer, name = found.layer, type(module).__name__
    (weights, bias), (channel, output) = numbers, channels
    if isinstance(layer, Pool):
        if count is not None and not (type(output) is int and 0 <= output < count):
            raise ReadingError(f"there is no channel {output!r}: the input has {count}, counted from 0")
        return Live(name, layer, None, None, 1, values, None, output)
    if weights is None or weights.shape[2:] != layer.kernel:
        raise ReadingError(
            f"the weights do not belong to a kernel of {format_sizes(layer.kernel)}; give a layer as it was made"
        )
    every = Weights(layer, weights, bias, found.groups)
    if count not in (None, every.inputs):
        raise ReadingError(f"the input has {count} channels, but {name} takes {every.inputs}")
    shown = _chosen(every, channel, output)
    return Live(name, layer, weights, bias, found.groups, values, shown, output)


def _chosen(every: Weights, channel: int | str, output: int) -> int | None:
    """The input channel to show; None for all."""
    first = every.first(output)
    if isinstance(channel, str):
        if channel not in ("first", "all"):
            raise ReadingError(f"channel {channel!r} is not possible; use a number, 'first' or 'all'")
        return first if channel == "first" else None
    every.between(channel, output)
    return channel
