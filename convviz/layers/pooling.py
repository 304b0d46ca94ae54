"""`MaxPool` and `AvgPool`: layers without weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from convviz.errors.arguments import flag
from convviz.geometry.axis import PoolAxis
from convviz.geometry.padding import PaddingName, PaddingPair
from convviz.geometry.per_axis import Padding, Sizes, as_list, is_sequence
from convviz.layers.layer import Layer, resolved_padding

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Pool(Layer):
    """The base class of poolings, which have no weights."""

    window_noun = "window"
    default_kernel = 2
    mean: ClassVar[bool]
    count_include_pad: bool = True

    @property
    def ceil_mode(self) -> bool:
        """Whether the last window may extend past the end."""
        return any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in self.axes)

    def __call__(self, x: ArrayLike) -> NDArray[Any]:
        """Compute the output for input values `x`: (H, W), (C, H, W) or (N, C, H, W), without W if the layer is 1-D.

        Raises `GeometryError` if the shape does not fit.
        """
        from convviz.layers import ops

        return ops.pool(self.sliding_windows, x, mean=self.mean, include_padding=self.count_include_pad)


class MaxPool(Pool):
    """A max pooling: the largest value under each window; padding is never the maximum.

    Sizes and errors are those of PyTorch's `MaxPool2d`. `stride` defaults to the kernel size. With `ceil_mode` the
    last window may extend past the end; it is dropped if it starts in the padding. Raises `GeometryError`, also for
    p > k/2, or, for padding given per side (as ONNX's pads), for p > d(k−1).
    """

    kind, title, noun = "maxpool", "Max pooling", "max pooling"
    mean = False

    def __init__(
        self,
        input: Sizes,
        kernel: Sizes,
        stride: Sizes | None = None,
        padding: Padding = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
    ) -> None:
        stride = kernel if stride is None else stride
        build = _axis_builder(flag("ceil mode", ceil_mode), padding)
        self._set_axes(build, padding, input=input, kernel=kernel, stride=stride, dilation=dilation)

    def gradient_input(self, dy: ArrayLike, x: ArrayLike) -> NDArray[Any]:
        """Return dL/dx: the gradient dL/dy of each window goes to the cell of `x` that is its maximum.

        Of equal maxima the first one, row by row, receives it, as in PyTorch; windows that share a maximum add up.
        A window over padding alone sends nothing. Raises `GeometryError` if a shape does not fit.
        """
        from convviz.layers import gradients

        return gradients.max_gradient(self.sliding_windows, dy, x)


@dataclass(frozen=True, init=False, repr=False)
class AvgPool(Pool):
    """An average pooling: the mean of each window.

    Sizes and errors are those of PyTorch's `AvgPool2d`, with ONNX's dilation. With `count_include_pad` padding counts
    as zeros in the mean; cells past the end, which `ceil_mode` adds, never count. Raises `GeometryError`.
    """

    kind, title, noun = "avgpool", "Average pooling", "average pooling"
    mean = True
    count_include_pad: bool

    def __init__(
        self,
        input: Sizes,
        kernel: Sizes,
        stride: Sizes | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        dilation: Sizes = 1,
    ) -> None:
        stride = kernel if stride is None else stride
        build = _axis_builder(flag("ceil mode", ceil_mode), padding)
        self._set_axes(build, padding, input=input, kernel=kernel, stride=stride, dilation=dilation)
        object.__setattr__(self, "count_include_pad", flag("count_include_pad", count_include_pad))

    def gradient_input(self, dy: ArrayLike) -> NDArray[Any]:
        """Return dL/dx: each cell under a window receives dL/dy divided by the number of cells that its mean counts.

        What padding receives is dropped. Raises `GeometryError` if the shape of `dy` is not that of the output.
        """
        from convviz.layers import gradients

        return gradients.mean_gradient(self.sliding_windows, dy, include_padding=self.count_include_pad)


def _axis_builder(ceil_mode: bool, padding: Padding) -> Callable[..., PoolAxis]:
    sides = as_list(padding)
    per_side = is_sequence(sides) and any(is_sequence(side) for side in sides)

    def build(padding: PaddingName | PaddingPair, **parameters: Any) -> PoolAxis:
        around = resolved_padding(padding, parameters)
        return PoolAxis(padding=around, ceil_mode=ceil_mode, per_side=per_side, **parameters)

    return build
