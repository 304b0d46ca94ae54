"""A comparison of frameworks filled in with numbers: as a table, as plain data, and as a scene of one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from convviz.animation.provenance import compared
from convviz.errors import GeometryError
from convviz.frameworks.conventions import Convention, conventions_of
from convviz.layers import kernels
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.text.formatting import format_padding, format_sizes, format_value
from convviz.text.notation import command

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convviz.animation.provenance import Provenance
    from convviz.scene.model import Scene

LARGEST = 10
"""Rows and columns up to which outputs are written out."""
WIDEST = 100
"""Characters of a line of outputs side by side."""


@dataclass(frozen=True)
class Comparison:
    """What each framework makes of a layer, with example values."""

    layer: ConvLayer
    readings: tuple[Convention, ...]
    seed: int

    @cached_property
    def outputs(self) -> list[NDArray[Any] | None]:
        """The numbers of each framework; None where it refuses."""
        import numpy as np

        x = np.array(kernels.example_input(self.layer.input, self.seed))
        w = np.array(kernels.example_kernel(self.layer.kernel, self.seed))
        return [reading.layer(x, reading.kernel(w)) if reading.layer else None for reading in self.readings]

    def verdicts(self) -> Iterator[str]:
        """How the numbers of each framework differ from those of the first that takes the parameters."""
        first = next((number for number, y in enumerate(self.outputs) if y is not None), None)
        for number, y in enumerate(self.outputs):
            base = None if first is None else self.outputs[first]
            if y is None or base is None:
                yield "no numbers"
                continue
            name = self.readings[first or 0].framework
            differing = int((y != base).sum()) if y.shape == base.shape else -1
            if number == first:
                yield "compared with"
            elif differing < 0:
                yield f"other size than {name}"
            else:
                yield f"{differing} of {y.size} differ" if differing else f"as {name}"

    def plain(self) -> list[dict[str, Any]]:
        """The table as plain data."""
        sides = "cropped" if isinstance(self.layer, ConvTranspose) else "padded"
        return [
            {
                "framework": reading.framework,
                "call": reading.call,
                "output": list(reading.layer.output) if reading.layer else None,
                sides: [list(side) for side in reading.sides],
                "kernel_reversed": reading.reversed,
                "remark": reading.remark,
                "numbers": verdict,
                "values": None if y is None else y.tolist(),
            }
            for reading, verdict, y in zip(self.readings, self.verdicts(), self.outputs, strict=True)
        ]

    def text(self) -> str:
        """The table, remarks, and the outputs where they differ."""
        blocks = [f"{command(self.layer)}, on example values", "\n".join(self._table())]
        remarks = [f"{reading.framework}: {reading.remark}" for reading in self.readings if reading.remark]
        return "\n\n".join([*blocks, *(["\n".join(remarks)] if remarks else []), *self._grids()])

    def _table(self) -> list[str]:
        word = "cropped" if isinstance(self.layer, ConvTranspose) else "padded"
        rows = [("", "output", word, "kernel", "numbers", "written as")]
        for reading, verdict in zip(self.readings, self.verdicts(), strict=True):
            size = format_sizes(reading.layer.output) if reading.layer else "–"
            around = format_padding(reading.sides) if reading.layer else "–"
            kernel = "reversed" if reading.reversed else "as it is" if reading.layer else "–"
            rows.append((reading.framework, size, around, kernel, verdict, reading.call))
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return ["  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows]

    def _grids(self) -> Iterator[str]:
        """The different outputs, side by side where there is room, each under the frameworks that give it."""
        groups: dict[Any, tuple[list[str], NDArray[Any]]] = {}
        for reading, y in zip(self.readings, self.outputs, strict=True):
            if y is not None:
                groups.setdefault((y.shape, y.tobytes()), ([], y))[0].append(reading.framework)
        if len(groups) < 2 or any(max(y.shape) > LARGEST for _, y in groups.values()):
            return
        blocks = [[", ".join(names), *_rows(y)] for names, y in groups.values()]
        lines: list[list[str]] = [[]]
        for block in blocks:
            if lines[-1] and len(max(lines[-1], key=len)) + len(max(block, key=len)) + 4 > WIDEST:
                lines.append([])
            lines[-1] = _beside(lines[-1], block)
        yield from ("\n".join(one) for one in lines)

    def scene(self) -> tuple[Scene, ConvLayer, Provenance]:
        """The scene of the last axis, its layer, and how it was made. Raises `GeometryError` where all refuse."""
        import numpy as np

        from convviz.layers.ops import conv_values
        from convviz.scene.model import Timing
        from convviz.views.compare import Lane
        from convviz.views.compare import compare as lanes_of

        line = _last_axis(self.layer)
        readings = conventions_of(line, [reading.framework for reading in self.readings])
        if not any(reading.layer for reading in readings):
            raise GeometryError(f"there is nothing to draw: {readings[0].framework} {readings[0].remark}")
        x = np.array(kernels.example_input(line.input, self.seed))
        w = np.array(kernels.example_kernel(line.kernel, self.seed))
        values = [conv_values(one.layer.sliding_windows, x, one.kernel(w)) if one.layer else None for one in readings]
        lanes = [
            Lane(one.framework, _caption(one), one.layer, held) for one, held in zip(readings, values, strict=True)
        ]
        made = compared(self.layer, [reading.framework for reading in readings])
        return lanes_of(line, lanes, Timing()), line, made


def compare(layer: ConvLayer, frameworks: Sequence[str] = (), seed: int = 0) -> Comparison:
    """The comparison of `layer` in `frameworks`; raises `GeometryError` for those that do not exist."""
    return Comparison(layer, tuple(conventions_of(layer, frameworks)), seed)


def _last_axis(layer: ConvLayer) -> ConvLayer:
    """The layer of the last axis alone."""
    axis = layer.axes[-1]
    padding = layer.named_padding or (axis.padding,)
    given = ((axis.input,), axis.kernel, axis.stride, padding, axis.dilation)
    return ConvTranspose(*given, axis.output_padding) if isinstance(layer, ConvTranspose) else Conv(*given)


def _caption(reading: Convention) -> str:
    if reading.layer is None:
        return "no numbers"
    verb = "crops" if isinstance(reading.layer, ConvTranspose) else "pads"
    kernel = ", kernel reversed" if reading.reversed else ""
    return f"{verb} {format_padding(reading.sides)} → output {format_sizes(reading.layer.output)}{kernel}"


def _rows(y: NDArray[Any]) -> list[str]:
    cells = [[format_value(number) for number in row] for row in y.reshape(-1, y.shape[-1])]
    wide = max(len(text) for row in cells for text in row)
    return [" ".join(text.rjust(wide) for text in row) for row in cells]


def _beside(left: list[str], right: list[str]) -> list[str]:
    if not left:
        return right
    height, wide = max(len(left), len(right)), max(map(len, left))
    padded = [[*lines, *[""] * (height - len(lines))] for lines in (left, right)]
    return [f"{one.ljust(wide)}    {other}".rstrip() for one, other in zip(*padded, strict=True)]
