"""`Conv` and `ConvTranspose`: a layer is the product of its axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from convviz.errors import GeometryError
from convviz.geometry import Axis, ForwardAxis, Track, TransposedAxis

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

AXIS_NAMES = ("rows", "columns")
Sizes = int | Sequence[int]


@dataclass(frozen=True, init=False, repr=False)
class Layer:
    """What convolutions share. An int parameter is square 2-D, a pair is (rows, columns)."""

    axes: tuple[Axis, ...]
    axis_type: ClassVar[type[Axis]]

    def __init__(self, **parameters: Sizes) -> None:
        split = {name: _per_axis(name, value) for name, value in parameters.items()}
        object.__setattr__(self, "axes", self._build(split))

    def _build(self, split: dict[str, tuple[Any, ...]]) -> tuple[Axis, ...]:
        axes = []
        for index, axis_name in enumerate(AXIS_NAMES):
            values = {name: value[index] for name, value in split.items()}
            values["padding"] = (values["padding"], values["padding"])
            try:
                axes.append(self.axis_type(**values))
            except GeometryError as error:
                same = all(value[0] == value[1] for value in split.values())
                raise error if same else GeometryError(f"{axis_name}: {error}") from None
        return tuple(axes)

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
    def padding(self) -> tuple[int, ...]:
        """p per axis."""
        return tuple(axis.padding[0] for axis in self.axes)

    @property
    def dilation(self) -> tuple[int, ...]:
        """d per axis."""
        return tuple(axis.dilation for axis in self.axes)

    @property
    def output_padding(self) -> tuple[int, ...]:
        """a per axis; zeros for a `Conv`."""
        return tuple(axis.output_padding for axis in self.axes)

    @property
    def output(self) -> tuple[int, ...]:
        """Size of the output per axis, in cells."""
        return tuple(axis.output for axis in self.axes)

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The line and the walk of each axis."""
        return tuple(axis.track for axis in self.axes)

    def outputs(self) -> Iterator[tuple[int, ...]]:
        """Indices of the output cells, left to right, top to bottom."""
        return product(*(range(size) for size in self.output))

    def __call__(self, x: ArrayLike, w: ArrayLike) -> NDArray[Any]:
        """The output for input values `x` and kernel values `w`, shapes `layer.input` and `layer.kernel`.

        Deep-learning convention: `Conv` does not flip the kernel (y[o] = Σ x[o·s − p + u·d] w[u]), `ConvTranspose`
        stamps it unflipped (y[i·s − p + u·d] += x[i] w[u]). Whole numbers are computed exactly, in int64.
        Raises `GeometryError` when a shape does not fit.
        """
        from convviz import arithmetic

        return arithmetic.numbers(self.tracks, x, w).y

    def __repr__(self) -> str:
        shown = [field.name for field in fields(Axis) if field.name != "output_padding" or any(self.output_padding)]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)}' for name in shown)})"


class Conv(Layer):
    """A convolution: o = ⌊(i + 2p − d(k−1) − 1)/s⌋ + 1 per axis. A rest of the division is dropped, as frameworks do.

    >>> Conv(input=5, kernel=3, stride=2, padding=1).output
    (3, 3)

    Raises `GeometryError` (a `ValueError`) when a parameter is out of range or the kernel does not fit.
    """

    axis_type = ForwardAxis

    def __init__(self, input: Sizes, kernel: Sizes, stride: Sizes = 1, padding: Sizes = 0, dilation: Sizes = 1) -> None:
        super().__init__(input=input, kernel=kernel, stride=stride, padding=padding, dilation=dilation)


class ConvTranspose(Layer):
    """A transposed convolution: o = (i − 1)s + d(k−1) + 1 − 2p + a per axis.

    >>> ConvTranspose(input=(3, 4), kernel=3, stride=2, padding=1).output
    (5, 7)

    Raises `GeometryError` (a `ValueError`) when a parameter is out of range, a ≥ max(s, d), or nothing is left.
    """

    axis_type = TransposedAxis

    def __init__(
        self,
        input: Sizes,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        output_padding: Sizes = 0,
    ) -> None:
        super().__init__(
            input=input,
            kernel=kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            output_padding=output_padding,
        )


def _per_axis(name: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return (value,) * len(AXIS_NAMES)
    if len(value) != len(AXIS_NAMES):
        raise GeometryError(
            f"{name.replace('_', ' ')} {tuple(value)} has {len(value)} values: "
            "expected one whole number or (rows, columns)"
        )
    return tuple(value)
