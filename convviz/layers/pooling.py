"""`MaxPool` and `AvgPool`: windows without weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from convviz.geometry import padding as pads
from convviz.geometry.axis import Axis, PoolAxis
from convviz.geometry.per_axis import Padding, Sizes, as_list, is_sequence
from convviz.layers.layer import Layer, padding_arguments

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Pool(Layer):
    """What poolings share: windows without weights."""

    mean: ClassVar[bool]
    count_include_pad: bool = True

    @property
    def ceil_mode(self) -> bool:
        """Whether a last window may hang over the end."""
        return any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in self.axes)

    def _options(self) -> list[str]:
        return ["ceil_mode=True"] * self.ceil_mode + ["count_include_pad=False"] * (not self.count_include_pad)

    def __call__(self, x: ArrayLike) -> NDArray[Any]:
        """The output for input values `x`: (H, W), (C, H, W) or (N, C, H, W), without W where the layer is 1-D.

        Raises `GeometryError` when the shape does not fit.
        """
        from convviz.layers import ops as arithmetic

        return arithmetic.pool(self.sliding_windows, x, mean=self.mean, include_padding=self.count_include_pad)


class MaxPool(Pool):
    """The largest cell under each window; padding never wins. Sizes and refusals as PyTorch's `MaxPool2d`.

    `stride` is the kernel where it is not given. With `ceil_mode` a last window may hang over the end, unless it would
    start in the padding: that one is dropped. Raises `GeometryError`, also for p > k/2, or for padding given per side
    (as ONNX's pads) for p > d(k−1).
    """

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
        self._set(_pool_axis(ceil_mode, padding), padding, input=input, kernel=kernel, stride=stride, dilation=dilation)


class AvgPool(Pool):
    """The mean of each window. Sizes and refusals as PyTorch's `AvgPool2d`, which has no dilation; ONNX's has.

    With `count_include_pad` padding counts as zeros in the mean; cells that hang over the end by `ceil_mode` never do.
    """

    mean = True

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
        self._set(_pool_axis(ceil_mode, padding), padding, input=input, kernel=kernel, stride=stride, dilation=dilation)
        object.__setattr__(self, "count_include_pad", count_include_pad)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AvgPool):
            return NotImplemented
        return (self.axes, self.count_include_pad) == (other.axes, other.count_include_pad)

    def __hash__(self) -> int:
        return hash((self.axes, self.count_include_pad))


def _pool_axis(ceil_mode: bool, given: Padding) -> Callable[..., Axis]:
    given = as_list(given)
    sided = is_sequence(given) and any(is_sequence(side) for side in given)  # type: ignore[union-attr]

    def build(padding: str | pads.PaddingPair, **values: Any) -> Axis:
        around = pads.PADDING_RULES[padding](*padding_arguments(values)) if isinstance(padding, str) else padding
        return PoolAxis(padding=around, ceil_mode=ceil_mode, sided=sided, **values)

    return build
