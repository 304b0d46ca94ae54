"""What all layers share: axes, sizes, windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from convviz.errors import GeometryError
from convviz.geometry.axis import PARAMETERS, Axis, checked_parameter
from convviz.geometry.per_axis import Padding, Sizes, as_list, axis_count, axis_names, padding_per_axis, per_axis
from convviz.geometry.sliding_window import SlidingWindow


@dataclass(frozen=True, init=False, repr=False)
class Layer:
    """What layers share. An int parameter holds for both axes, a pair is (rows, columns), a 1-tuple makes it 1-D."""

    axes: tuple[Axis, ...]
    named_padding: str | None
    """The name that padding was given by, such as `same`."""

    def _set(self, build: Callable[..., Axis], padding: Padding, **parameters: Sizes) -> None:
        """Build one axis for each entry of the parameters; an error says which axis, where they differ."""
        given = {name: as_list(value) for name, value in parameters.items()}
        padding = as_list(padding)
        count = axis_count([*given.values(), padding])
        split = {name: per_axis(name, value, count) for name, value in given.items()}
        split["padding"] = padding_per_axis(padding, count)
        axes = []
        for index, axis_name in enumerate(axis_names(count)):
            try:
                axes.append(build(**{name: values[index] for name, values in split.items()}))
            except GeometryError as error:
                same = all(value == values[0] for values in split.values() for value in values)
                raise error if same else GeometryError(f"{axis_name}: {error}") from None
        object.__setattr__(self, "axes", tuple(axes))
        object.__setattr__(self, "named_padding", padding if isinstance(padding, str) else None)

    @property
    def input(self) -> tuple[int, ...]:
        """i per axis, in cells."""
        return tuple(axis.input for axis in self.axes)

    @property
    def kernel(self) -> tuple[int, ...]:
        """k per axis, in cells."""
        return tuple(axis.kernel for axis in self.axes)

    @property
    def stride(self) -> tuple[int, ...]:
        """s per axis."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def padding(self) -> tuple[tuple[int, int], ...]:
        """p per axis, before and after."""
        return tuple(axis.padding for axis in self.axes)

    @property
    def dilation(self) -> tuple[int, ...]:
        """d per axis."""
        return tuple(axis.dilation for axis in self.axes)

    @property
    def output_padding(self) -> tuple[int, ...]:
        """a per axis; zeros for anything but a `ConvTranspose`."""
        return tuple(axis.output_padding for axis in self.axes)

    @property
    def output(self) -> tuple[int, ...]:
        """Size of the output per axis, in cells."""
        return tuple(axis.output for axis in self.axes)

    @property
    def padding_mode(self) -> str:
        """What padding holds: zeros, reflect, replicate or circular."""
        return self.axes[0].padding_mode

    @cached_property
    def sliding_windows(self) -> tuple[SlidingWindow, ...]:
        """The line and the walk of each axis."""
        return tuple(axis.sliding_window for axis in self.axes)

    def outputs(self) -> Iterator[tuple[int, ...]]:
        """Indices of the output cells, left to right, top to bottom."""
        return product(*(range(size) for size in self.output))

    def __repr__(self) -> str:
        names = [name for name in PARAMETERS if name != "output_padding" or any(self.output_padding)]
        shown = [f"{name}={getattr(self, name)}" for name in names]
        return f"{type(self).__name__}({', '.join([*shown, *self._options()])})"

    def _options(self) -> list[str]:
        """Whatever else differs from its default, for the repr."""
        return [] if self.padding_mode == "zeros" else [f"padding_mode={self.padding_mode!r}"]


def padding_arguments(values: dict[str, int]) -> tuple[int, int, int]:
    """Input, reach and stride of an axis, checked before anything is computed from them."""
    checked = {name: checked_parameter(name, value) for name, value in values.items()}
    return checked["input"], checked.get("dilation", 1) * (checked["kernel"] - 1) + 1, checked["stride"]
