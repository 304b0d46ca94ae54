"""The base class of all layers: axes, sizes and windows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, ClassVar

from convviz.errors import GeometryError
from convviz.errors.arguments import wrong_type
from convviz.geometry.axis import Axis
from convviz.geometry.padding import PADDING_RULES, PaddingModeName, PaddingName, PaddingPair
from convviz.geometry.parameters import PARAMETERS, checked_parameter
from convviz.geometry.per_axis import Padding, Sizes, as_list, axis_count, axis_names, padding_per_axis, per_axis
from convviz.geometry.sliding_window import SlidingWindow

REQUIRED = inspect.Parameter.empty
"""Default of a parameter that has none."""


@dataclass(frozen=True, init=False, repr=False)
class Layer:
    """A layer of one or two axes, equal to another of its kind if all axes are equal.

    An int holds for both axes, a pair is (rows, columns), and a 1-tuple makes the layer 1-D.
    """

    kind: ClassVar[str]
    """Name on the command line and in recipes."""
    title: ClassVar[str]
    """Name of the operation, as a heading."""
    noun: ClassVar[str]
    """Name of the operation in a sentence, with its article."""
    also_called: ClassVar[str] = ""
    """Other names of the operation."""
    window_noun: ClassVar[str] = "kernel"
    """What moves over the input."""
    default_kernel: ClassVar[int] = PARAMETERS["kernel"].default
    """Kernel size of commands and recipes that give none."""
    parameters: ClassVar[Mapping[str, Any]]
    """Name → default of the constructor's parameters; `REQUIRED` for those without."""

    axes: tuple[Axis, ...]
    named_padding: PaddingName | None = field(compare=False)
    """The name that padding was given by, such as `same`."""

    def __init_subclass__(cls) -> None:
        if "__init__" in vars(cls):
            _, *parameters = inspect.signature(cls.__init__).parameters.values()
            cls.parameters = {parameter.name: parameter.default for parameter in parameters}

    def _set_axes(self, build: Callable[..., Axis], padding: Padding, **sizes: Sizes) -> None:
        """Build an axis from each entry of the parameters; an error names the axis if they differ."""
        given = {name: as_list(value) for name, value in sizes.items()}
        padding = as_list(padding)
        count = axis_count([*given.values(), padding])
        split = {name: per_axis(name, value, count) for name, value in given.items()}
        split["padding"] = padding_per_axis(padding, count)
        axes: list[Axis] = []
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
        """Input size per axis, in cells."""
        return tuple(axis.input for axis in self.axes)

    @property
    def kernel(self) -> tuple[int, ...]:
        """Kernel size per axis, in cells."""
        return tuple(axis.kernel for axis in self.axes)

    @property
    def stride(self) -> tuple[int, ...]:
        """Stride per axis."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def padding(self) -> tuple[PaddingPair, ...]:
        """Padding before and after, per axis, in cells."""
        return tuple(axis.padding for axis in self.axes)

    @property
    def dilation(self) -> tuple[int, ...]:
        """Dilation per axis."""
        return tuple(axis.dilation for axis in self.axes)

    @property
    def output_padding(self) -> tuple[int, ...]:
        """Output padding per axis, in cells; 0 for anything but a `ConvTranspose`."""
        return tuple(axis.output_padding for axis in self.axes)

    @property
    def output(self) -> tuple[int, ...]:
        """Output size per axis, in cells."""
        return tuple(axis.output for axis in self.axes)

    @property
    def padding_mode(self) -> PaddingModeName:
        """What padding holds: zeros, reflect, replicate or circular."""
        return self.axes[0].padding_mode

    @cached_property
    def sliding_windows(self) -> tuple[SlidingWindow, ...]:
        """The window of each axis."""
        return tuple(axis.sliding_window for axis in self.axes)

    def outputs(self) -> Iterator[tuple[int, ...]]:
        """Yield the indices of the output cells, row by row."""
        return product(*(range(size) for size in self.output))

    def arguments(self) -> dict[str, Any]:
        """Return the keywords that build this layer again; options at their defaults are left out."""
        given = {name: getattr(self, name) for name in ("input", "kernel", "stride", "padding", "dilation")}
        options = {name: getattr(self, name) for name in self.parameters if name not in PARAMETERS and name != "output"}
        changed = {name: value for name, value in options.items() if value != self.parameters[name]}
        return {**given, "padding": self.named_padding or self.padding, **changed}

    def with_input(self, input: Sizes) -> Layer:
        """Return the layer with another input size and otherwise equal parameters. Raises `GeometryError`."""
        return type(self)(**{**self.arguments(), "input": input})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.arguments().items())})"


def a_layer(value: Any, what: str = "a layer, such as Conv(5, 3)") -> Layer:
    """Return a layer; raise `ArgumentError` for anything else."""
    if not isinstance(value, Layer):
        raise wrong_type("layer", what, value)
    return value


def padding_arguments(parameters: Mapping[str, int]) -> tuple[int, int, int]:
    """Return what rules of padding take: input size, effective kernel size and stride. Raises `GeometryError`."""
    checked = {name: checked_parameter(name, value) for name, value in parameters.items()}
    return checked["input"], checked.get("dilation", 1) * (checked["kernel"] - 1) + 1, checked["stride"]


def resolved_padding(padding: PaddingName | PaddingPair, parameters: Mapping[str, int]) -> PaddingPair:
    """Return padding before and after; a name gives what its rule computes. Raises `GeometryError`."""
    return PADDING_RULES[padding](*padding_arguments(parameters)) if isinstance(padding, str) else padding
