"""`Conv` and `ConvTranspose`: layers with weights."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from convviz.errors import GeometryError
from convviz.errors.printable import count_of, shown
from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis
from convviz.geometry.padding import PaddingModeName, PaddingName, PaddingPair, output_range, transposed_padding
from convviz.geometry.parameters import padding_pair
from convviz.geometry.per_axis import Padding, Sizes
from convviz.layers.layer import Layer, padding_arguments, resolved_padding

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class ConvLayer(Layer):
    """The base class of the two convolutions, which have a kernel of weights and a matrix."""

    def __call__(self, x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, groups: int = 1) -> NDArray[Any]:
        """Compute the output for input values `x` and kernel values `w`.

        Shapes, as in PyTorch: `x` (H, W), (C, H, W) or (N, C, H, W), without W if the layer is 1-D. For `x` (H, W)
        `w` has the shape `layer.kernel`; otherwise (C_out, C_in/groups, kH, kW), for a `ConvTranspose`
        (C_in, C_out/groups, kH, kW). `bias` has one value for each output channel.

        `Conv` is a cross-correlation, as in deep learning: y[o] = Σ x[o·s − p + u·d] w[u], without a flip.
        `ConvTranspose` adds a copy of the kernel for each input cell: y[i·s − p + u·d] += x[i] w[u]. Whole numbers
        are computed exactly, in int64. Raises `GeometryError` if a shape does not fit.
        """
        from convviz.layers import ops

        return ops.convolve(self.sliding_windows, x, w, bias, groups)

    def matrix(self, w: ArrayLike) -> NDArray[Any]:
        """Return the dense matrix of one channel, (outputs, inputs): `matrix @ x.ravel()` is `layer(x, w).ravel()`.

        That of a convolution is called C, and that of a transposed convolution is the Cᵀ of its `transpose()`.

        Raises `GeometryError` for more than 16 million entries.
        """
        from convviz.layers import ops

        return ops.matrix(self.sliding_windows, w)

    def gradient_input(self, dy: ArrayLike, w: ArrayLike, groups: int = 1) -> NDArray[Any]:
        """Return dL/dx, the gradient of a loss L with respect to the input: Cᵀ dL/dy for one channel.

        `dy` is dL/dy; it has the shape of the output, and `w` and `groups` are as in a call of the layer. The result
        has the shape of the input.

        For a convolution, dL/dx[i] = Σ dL/dy[o] w[u] over all o·s − p + u·d = i: the transposed convolution of dL/dy
        with the same kernel, `layer.transpose()(dy, w)`. For a transposed convolution it is a convolution with the same
        kernel. The gradient that padding receives is dropped, and with another padding mode it is added to the cells
        that the padding repeats. Whole numbers are computed exactly. Raises `GeometryError` if a shape does not fit.

        Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 4.
        """
        from convviz.layers import gradients

        return gradients.input_gradient(self.sliding_windows, dy, w, groups)

    def gradient_weight(self, x: ArrayLike, dy: ArrayLike, groups: int = 1) -> NDArray[Any]:
        """Return dL/dw, the gradient of a loss L with respect to the kernel, in the shape of the weights.

        `x` is the input and `dy` is dL/dy, both with or both without channels and batch, over which it is summed.

        For a convolution, dL/dw[u] = Σ over o of x[o·s − p + u·d] dL/dy[o]: every weight collects from all places where
        it was used. That is the cross-correlation of the padded input with dL/dy, dilated by the stride. For a
        transposed convolution, dL/dw[u] = Σ over i of x[i] dL/dy[i·s − p + u·d]. Whole numbers are computed exactly.
        Raises `GeometryError` if a shape does not fit.
        """
        from convviz.layers import gradients

        return gradients.weight_gradient(self.sliding_windows, x, dy, groups)

    def gradient_bias(self, dy: ArrayLike) -> NDArray[Any]:
        """Return dL/db, the gradient of a loss L with respect to the bias: the sum of dL/dy over all cells.

        It holds one number for each output channel; for `dy` without channels it is a single one, of shape (1,).
        Raises `GeometryError` if the shape of `dy` is not that of the output.
        """
        from convviz.layers import gradients

        return gradients.bias_gradient(self.sliding_windows, dy)


class Conv(ConvLayer):
    """A convolution: o = ⌊(i + 2p − d(k−1) − 1)/s⌋ + 1 per axis.

    `padding` is a whole number, (rows, columns), ((top, bottom), (left, right)), or a name: valid, same (TensorFlow's
    rule, at stride 1 also PyTorch's), same_lower, full, half. `padding_mode` is zeros, reflect, replicate or circular.

    >>> Conv(input=5, kernel=3, stride=2, padding=1).output
    (3, 3)

    Raises `GeometryError` (a `ValueError`) if a parameter is out of range or the kernel does not fit.
    """

    kind, title, noun = "conv", "Convolution", "a convolution"

    def __init__(
        self,
        input: Sizes,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Padding = 0,
        dilation: Sizes = 1,
        padding_mode: PaddingModeName = "zeros",
    ) -> None:
        def build(padding: PaddingName | PaddingPair, **parameters: Any) -> ConvAxis:
            return ConvAxis(padding=resolved_padding(padding, parameters), padding_mode=padding_mode, **parameters)

        self._set_axes(build, padding, input=input, kernel=kernel, stride=stride, dilation=dilation)

    def transpose(self) -> ConvTranspose:
        """Return the transposed convolution whose matrix is the transpose of this one's.

        Its output size is this input size: its output padding is the remainder (i + 2p − d(k−1) − 1) mod s.
        Raises `GeometryError` unless padding holds zeros: the transpose of such a matrix is not a layer.
        """
        if self.padding_mode != "zeros":
            raise GeometryError(
                f"a convolution with {self.padding_mode} padding has no transposed convolution; "
                "use zeros, or gradient_input, which goes back through any padding"
            )
        remainders = tuple(axis.remainder for axis in self.axes if isinstance(axis, ConvAxis))
        return ConvTranspose(self.output, self.kernel, self.stride, self.padding, self.dilation, remainders)


class ConvTranspose(ConvLayer):
    """A transposed convolution: o = (i − 1)s + d(k−1) + 1 − 2p + a per axis.

    `padding` is as for `Conv`; by name it crops as TensorFlow does (`same`: o = i·s, an odd cell at the end).
    `output` is an output size in place of an output padding: any size that the convolution with these parameters maps
    to this input.

    >>> ConvTranspose(input=(3, 4), kernel=3, stride=2, padding=1).output
    (5, 7)

    Raises `GeometryError` (a `ValueError`) if a parameter is out of range, a ≥ max(s, d), the padding crops the whole
    output, or `output` is impossible.
    """

    kind, title, noun = "transposed", "Transposed convolution", "a transposed convolution"
    also_called = 'fractionally strided convolution, or "deconvolution"'

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
            padding: PaddingName | PaddingPair,
            output: int | None = None,
            output_padding: int | None = None,
            **parameters: Any,
        ) -> ConvTransposeAxis:
            padding = padding if isinstance(padding, str) else padding_pair(padding)
            if output is not None:
                _check_output(padding, output, parameters)
            if isinstance(padding, str):
                padding, extra = transposed_padding(padding, *padding_arguments(parameters), output)
            else:
                extra = 0 if output is None else output - output_range(padding, *padding_arguments(parameters))[0]
            extra = extra if output_padding is None else output_padding
            return ConvTransposeAxis(padding=padding, output_padding=extra, **parameters)

        sizes = {"input": input, "kernel": kernel, "stride": stride, "dilation": dilation}
        optional = {"output_padding": output_padding, "output": output}
        self._set_axes(build, padding, **sizes, **{name: size for name, size in optional.items() if size is not None})

    def arguments(self) -> dict[str, Any]:
        """Return the keywords that build this layer again; options at their defaults are left out.

        With padding by name an output padding or output size is included only if it is not the one that the name gives.
        """
        given = super().arguments()
        implied = [self._implied_padding(axis) for axis in self.axes]
        if implied == [(axis.padding, axis.output_padding) for axis in self.axes]:
            return given
        if tuple(padding for padding, _ in implied) == self.padding:
            return given | {"output_padding": self.output_padding}
        return given | {"output": self.output}

    def _implied_padding(self, axis: Axis) -> tuple[PaddingPair, int]:
        """Return padding and output padding of an axis if neither an output padding nor an output size is given."""
        if self.named_padding is None:
            return axis.padding, 0
        return transposed_padding(self.named_padding, axis.input, axis.effective_kernel, axis.stride, None)

    def with_input(self, input: Sizes) -> ConvTranspose:
        """Return the layer with another input size and otherwise equal parameters. Raises `GeometryError`.

        Padding that follows from a name and an output size is kept in numbers, as no other input has that output size.
        """
        given = self.arguments()
        if given.pop("output", None):
            given |= {"padding": self.padding, "output_padding": self.output_padding}
        return ConvTranspose(**{**given, "input": input})

    def transpose(self) -> Conv:
        """Return the convolution whose matrix is the transpose of this one's; its output size is this input size.

        Raises `GeometryError` if an output padding a ≥ s (legal for d > s) gives a size that it maps to another input.
        """
        for axis in self.axes:
            if axis.output_padding >= axis.stride:
                raise GeometryError(
                    f"output padding {axis.output_padding} is not smaller than the stride {axis.stride}: "
                    f"no convolution maps {count_of(axis.output, 'cell')} to {axis.input}; use a ≤ {axis.stride - 1}"
                )
        return Conv(self.output, self.kernel, self.stride, self.padding, self.dilation)


def _check_output(padding: PaddingName | PaddingPair, output: Any, parameters: dict[str, int]) -> None:
    smallest, largest = output_range(padding, *padding_arguments(parameters))
    if largest < 1:
        raise GeometryError(
            f"output {shown(output)} is not possible: the padding crops everything; use a smaller padding"
        )
    try:
        possible = not isinstance(output, bool) and max(1, smallest) <= operator.index(output) <= largest
    except Exception:  # whatever an object answers that is no number
        possible = False
    if not possible:
        sizes = f"{smallest}" if smallest == largest else f"{max(1, smallest)} to {largest}"
        raise GeometryError(
            f"output {shown(output)} is not possible: the convolution with these parameters maps "
            f"{count_of(sizes, 'cell')} to {parameters['input']}; use one of these"
        )
