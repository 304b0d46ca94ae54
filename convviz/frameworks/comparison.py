"""One set of parameters in several frameworks, with example values: as a table, as plain data, and as a scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING, Any, cast

from convviz.animation.provenance import comparison_provenance
from convviz.errors import ArgumentError, GeometryError
from convviz.errors.arguments import texts, whole_number
from convviz.errors.printable import shown
from convviz.frameworks.conventions.convention import Convention
from convviz.frameworks.conventions.table import conventions_of
from convviz.frameworks.names import ComparedName
from convviz.layers import examples
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.text.formatting import format_padding, format_sizes
from convviz.text.notation import runnable_command
from convviz.text.table import grid_lines, table_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convviz.animation.provenance import Provenance
    from convviz.scene.model import Scene

MAX_GRID_SIZE = 10
"""Most rows and columns of an output that is written out."""
LARGEST_WORK = 2_000_000
"""Microseconds that the values of a framework may take."""
MAX_LINE_LENGTH = 100
"""Most characters of a line of outputs side by side."""


@dataclass(frozen=True)
class Comparison:
    """What each framework makes of a layer, with example values; `print` it as a table."""

    layer: ConvLayer
    conventions: tuple[Convention, ...]
    seed: int

    @cached_property
    def outputs(self) -> list[NDArray[Any] | None]:
        """Output of each framework; None if it refuses the parameters, or if convviz has no such layer."""
        x, w = _example_values(self.layer, self.seed)
        return [one.layer(x, one.kernel(w)) if one.layer else None for one in self.conventions]

    def verdicts(self) -> Iterator[str]:
        """Yield how the output of each framework differs from that of the first that takes the parameters."""
        reference = next((index for index, y in enumerate(self.outputs) if y is not None), -1)
        for index, y in enumerate(self.outputs):
            expected, name = self.outputs[reference], self.conventions[reference].framework
            if y is None or expected is None:
                yield self.conventions[index].missing
            elif index == reference:
                yield "reference"
            elif y.shape != expected.shape:
                yield f"size differs from {name}"
            else:
                differing = int((y != expected).sum())
                yield f"{differing} of {y.size} differ" if differing else f"same as {name}"

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, for JSON."""
        verb = "cropped" if isinstance(self.layer, ConvTranspose) else "padded"
        frameworks = [
            {
                "framework": one.framework,
                "call": one.call,
                "output": list(one.layer.output) if one.layer else None,
                verb: [list(pair) for pair in one.padding],
                "kernel_reversed": one.flipped,
                "remark": one.note,
                "numbers": verdict,
                "values": None if y is None else y.tolist(),
            }
            for one, verdict, y in zip(self.conventions, self.verdicts(), self.outputs, strict=True)
        ]
        return {"layer": runnable_command(self.layer), "seed": self.seed, "frameworks": frameworks}

    def __str__(self) -> str:
        """Return the table, the notes, and the outputs if they differ."""
        notes = [f"{one.framework}: {one.note}" for one in self.conventions if one.note]
        blocks = [
            f"{runnable_command(self.layer)}, on example values",
            "\n".join(table_lines(self._rows())),
            "\n".join(notes),
        ]
        return "\n\n".join([*filter(None, blocks), *self._grids()])

    def _rows(self) -> list[tuple[str, ...]]:
        verb = "cropped" if isinstance(self.layer, ConvTranspose) else "padded"
        rows: list[tuple[str, ...]] = [("", "output", verb, "kernel", "values", "code")]
        for one, verdict in zip(self.conventions, self.verdicts(), strict=True):
            facts = ("–", "–", "–")
            if one.layer:
                kernel = "flipped" if one.flipped else "as given"
                facts = (format_sizes(one.layer.output), format_padding(one.padding), kernel)
            rows.append((one.framework, *facts, verdict, one.call))
        return rows

    def _grids(self) -> Iterator[str]:
        """Yield the different outputs, side by side if they fit, each below the frameworks that give it."""
        groups: dict[Any, tuple[list[str], NDArray[Any]]] = {}
        for one, y in zip(self.conventions, self.outputs, strict=True):
            if y is not None:
                groups.setdefault((y.shape, y.tobytes()), ([], y))[0].append(one.framework)
        if len(groups) < 2 or any(max(y.shape) > MAX_GRID_SIZE for _, y in groups.values()):
            return
        rows: list[list[str]] = [[]]
        for names, y in groups.values():
            block = [", ".join(names), *grid_lines(y)]
            side_by_side = table_lines(list(zip_longest(rows[-1], block, fillvalue="")), gap="    ")
            if len(max(side_by_side, key=len)) > MAX_LINE_LENGTH:
                rows.append(block)
            else:
                rows[-1] = side_by_side if rows[-1] else block
        yield from map("\n".join, rows)

    def scene(self) -> tuple[Scene, ConvLayer, Provenance]:
        """Return the scene of the last axis, its layer, and its provenance.

        Raises `GeometryError` if all frameworks refuse the parameters.
        """
        from convviz.layers.ops import conv_values
        from convviz.scene.model import Timing
        from convviz.views.compare import FrameworkLane, compare_lanes

        axis_layer = _last_axis(self.layer)
        names = [one.framework for one in self.conventions]
        conventions = conventions_of(axis_layer, names)
        if not any(one.layer for one in conventions):
            raise GeometryError(f"there is nothing to draw: {conventions[0].framework} {conventions[0].note}")
        x, w = _example_values(axis_layer, self.seed)
        lanes = []
        for one in conventions:
            values = conv_values(one.layer.sliding_windows, x, one.kernel(w)) if one.layer else None
            lanes.append(FrameworkLane(one.framework, _caption(one), one.layer, values))
        return compare_lanes(axis_layer, lanes, Timing()), axis_layer, comparison_provenance(self.layer, names)


def compare(layer: ConvLayer, frameworks: Sequence[ComparedName] = (), seed: int = 0) -> Comparison:
    """Compare what PyTorch, Keras, JAX and ONNX make of the parameters of a convolution.

    Parameters are taken literally: `same` is each framework's own rule, and numbers are its own padding. `frameworks`
    are some of torch, keras, jax and onnx, by default all; `seed` chooses the example values.

    Print the result as a table, or take its `to_dict()`.

    Raises `GeometryError` for poolings, unknown frameworks, and padding modes other than zeros.
    """
    if not isinstance(layer, ConvLayer):
        raise ArgumentError(f"expected a Conv or a ConvTranspose, got {shown(layer)}")
    names = cast(Sequence[ComparedName], texts("frameworks", frameworks, "a list of frameworks"))
    conventions = tuple(conventions_of(layer, names))
    for one in conventions:
        _check_work(one.layer or layer)
    return Comparison(layer, conventions, whole_number("seed", seed))


def _check_work(layer: ConvLayer) -> None:
    """Refuse a layer whose example values take long to compute: 2 µs for each, and 20 µs for each tap."""
    kernel, outputs = prod(layer.kernel), prod(layer.output)
    cells = prod(layer.input) + prod(window.size for window in layer.sliding_windows)
    if 2 * (cells + outputs) + kernel * (20 + outputs // 300) > LARGEST_WORK:
        raise GeometryError(
            f"expected a layer that is small enough to compute, got {format_sizes(layer.input)} cells of input, "
            f"{format_sizes(layer.kernel)} of kernel and {format_sizes(layer.output)} of output; use a smaller layer, "
            "as sizes and padding follow the same rules"
        )


def _example_values(layer: ConvLayer, seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return input values and kernel values."""
    import numpy as np

    return np.array(examples.example_input(layer.input, seed)), np.array(examples.example_kernel(layer.kernel, seed))


def _last_axis(layer: ConvLayer) -> ConvLayer:
    """Return the layer of the last axis only."""
    axis = layer.axes[-1]
    padding = layer.named_padding or (axis.padding,)
    parameters = ((axis.input,), axis.kernel, axis.stride, padding, axis.dilation)
    return ConvTranspose(*parameters, axis.output_padding) if isinstance(layer, ConvTranspose) else Conv(*parameters)


def _caption(convention: Convention) -> str:
    if convention.layer is None:
        return convention.missing
    verb = "crops" if isinstance(convention.layer, ConvTranspose) else "pads"
    kernel = ", kernel flipped" if convention.flipped else ""
    return f"{verb} {format_padding(convention.padding)} → output {format_sizes(convention.layer.output)}{kernel}"
