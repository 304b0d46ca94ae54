"""`Conv` and `ConvTranspose`: layers with weights, as products of their axes."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from convviz.errors import GeometryError
from convviz.geometry import padding as pads
from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, padding_pair
from convviz.geometry.per_axis import Padding, Sizes
from convviz.layers.layer import Layer, padding_arguments

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class ConvLayer(Layer):
    """What the two convolutions share: they have a kernel of weights, and a matrix."""

    def __call__(self, x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, groups: int = 1) -> NDArray[Any]:
        """The output for input values `x` and kernel values `w`.

        Shapes, as in PyTorch: `x` (H, W), (C, H, W) or (N, C, H, W), without W where the layer is 1-D. For a bare
        (H, W) `w` has the shape `layer.kernel`; else (C_out, C_in/groups, kH, kW), for a `ConvTranspose`
        (C_in, C_out/groups, kH, kW). `bias` holds one value for each output channel and is added everywhere.

        Deep-learning convention: `Conv` does not flip the kernel (y[o] = Σ x[o·s − p + u·d] w[u]), `ConvTranspose`
        stamps it unflipped (y[i·s − p + u·d] += x[i] w[u]). Whole numbers are computed exactly, in int64.
        Raises `GeometryError` when a shape does not fit.
        """
        from convviz.layers import ops as arithmetic

        return arithmetic.convolve(self.sliding_windows, x, w, bias, groups)

    def matrix(self, w: ArrayLike) -> NDArray[Any]:
        """The dense matrix C of one channel: `C @ x.ravel()` is `layer(x, w).ravel()`; shape (outputs, inputs).

        Raises `GeometryError` for more than 16 million entries.
        """
        from convviz.layers import ops as arithmetic

        return arithmetic.matrix(self.sliding_windows, w)

    def gradient_input(self, dy: ArrayLike, w: ArrayLike) -> NDArray[Any]:
        """Cᵀ dy: the gradient of the loss with respect to the input, given `dy` with respect to the output.

        This is what `layer.transpose()(dy, w)` computes: going back through a convolution is a transposed
        convolution, and the other way round. Raises `GeometryError` when a shape does not fit.
        """
        from convviz.layers import ops as arithmetic

        return arithmetic.input_gradient(self.sliding_windows, dy, w)


class Conv(ConvLayer):
    """A convolution: o = ⌊(i + 2p − d(k−1) − 1)/s⌋ + 1 per axis. A rest of the division is dropped, as frameworks do.

    `padding` is a whole number, (rows, columns), ((top, bottom), (left, right)), or a name: valid, same (TensorFlow's
    rule, at stride 1 also PyTorch's), same_lower, full, half. `padding_mode` is zeros, reflect, replicate or circular.

    >>> Conv(input=5, kernel=3, stride=2, padding=1).output
    (3, 3)

    Raises `GeometryError` (a `ValueError`) when a parameter is out of range or the kernel does not fit.
    """

    def __init__(
        self,
        input: Sizes,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Padding = 0,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
    ) -> None:
        def build(padding: str | pads.PaddingPair, **values: Any) -> Axis:
            around = pads.PADDING_RULES[padding](*padding_arguments(values)) if isinstance(padding, str) else padding
            return ConvAxis(padding=around, padding_mode=padding_mode, **values)

        self._set(build, padding, input=input, kernel=kernel, stride=stride, dilation=dilation)

    def transpose(self) -> ConvTranspose:
        """The transposed convolution whose matrix is the transpose of this one's; its output is this one's input.

        Its output padding is the rest that the floor drops, (i + 2p − d(k−1) − 1) mod s, so that the size comes back.
        Raises `GeometryError` where padding holds anything but zeros: such a matrix belongs to no transposed layer.
        """
        if self.padding_mode != "zeros":
            raise GeometryError(
                f"a convolution with {self.padding_mode} padding has no transposed convolution; "
                "use zeros, or gradient_input, which goes back through any padding"
            )
        rests = tuple(axis.remainder for axis in self.axes if isinstance(axis, ConvAxis))
        return ConvTranspose(self.output, self.kernel, self.stride, self.padding, self.dilation, rests)


class ConvTranspose(ConvLayer):
    """A transposed convolution: o = (i − 1)s + d(k−1) + 1 − 2p + a per axis.

    `padding` is as for `Conv`; by name it crops as TensorFlow does (`same`: o = i·s, an odd cell off the end).
    `output` asks for a size instead of giving an output padding: any that the convolution with these parameters maps
    to this input.

    >>> ConvTranspose(input=(3, 4), kernel=3, stride=2, padding=1).output
    (5, 7)

    Raises `GeometryError` (a `ValueError`) when a parameter is out of range, a ≥ max(s, d), nothing is left, or
    `output` is impossible.
    """

    def __init__(
        self,
        input: Sizes,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Padding = 0,
        dilation: Sizes = 1,
        output_padding: Sizes | None = None,
        output: Sizes | None = None,
    ) -> None:
        if output is not None and output_padding is not None:
            raise GeometryError("give an output size or an output padding, not both: one follows from the other")

        def build(
            padding: str | pads.PaddingPair, output: int | None = None, output_padding: int | None = None, **values: Any
        ) -> Axis:
            padding = padding if isinstance(padding, str) else padding_pair(padding)
            if output is not None:
                _check_output(padding, output, values)
            if isinstance(padding, str):
                padding, extra = pads.transposed_padding(padding, *padding_arguments(values), output)
            elif output is not None:
                extra = output - pads.output_range(padding, *padding_arguments(values))[0]
            else:
                extra = 0
            extra = extra if output_padding is None else output_padding
            return ConvTransposeAxis(padding=padding, output_padding=extra, **values)

        given = {"input": input, "kernel": kernel, "stride": stride, "dilation": dilation}
        if output_padding is not None:
            given["output_padding"] = output_padding
        if output is not None:
            given["output"] = output
        self._set(build, padding, **given)

    def transpose(self) -> Conv:
        """The convolution whose matrix is the transpose of this one's; its output is this one's input.

        Raises `GeometryError` where an output padding a ≥ s (legal for d > s) makes a size that maps elsewhere.
        """
        for axis in self.axes:
            if axis.output_padding >= axis.stride:
                raise GeometryError(
                    f"output padding {axis.output_padding} is not smaller than the stride {axis.stride}: "
                    f"no convolution maps {axis.output} cells to {axis.input}; use a ≤ {axis.stride - 1}"
                )
        return Conv(self.output, self.kernel, self.stride, self.padding, self.dilation)


def _check_output(padding: str | pads.PaddingPair, output: Any, values: dict[str, int]) -> None:
    smallest, largest = pads.output_range(padding, *padding_arguments(values))
    try:
        wanted = -1 if isinstance(output, bool) else operator.index(output)
    except TypeError:
        wanted = -1
    if largest < 1:
        raise GeometryError(f"output {output!r} is not possible: the padding crops everything; use a smaller padding")
    if not max(1, smallest) <= wanted <= largest:
        sizes = f"{smallest}" if smallest == largest else f"{max(1, smallest)} to {largest}"
        raise GeometryError(
            f"output {output!r} is not possible: the convolution with these parameters maps {sizes} cells "
            f"to {values['input']}; use one of these"
        )
