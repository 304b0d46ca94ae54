"""What a framework makes of the parameters of a layer, and helpers to change a layer's padding.

Parameters are taken literally: `same` is a name that PyTorch's transposed convolution does not have, numbers are a
padding that Keras does not have, and in JAX's `conv_transpose` they pad the zero-inserted input. If a framework has no
such parameter, its closest layer is used, with a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convviz.frameworks.codegen.text import output_crops
from convviz.frameworks.names import ComparedName
from convviz.geometry.padding import transposed_padding
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_NAMES = ("same", "same_lower")


@dataclass(frozen=True)
class Convention:
    """What a framework makes of the parameters of a layer."""

    framework: ComparedName
    call: str
    """The code for these parameters."""
    layer: ConvLayer | None
    """The layer that the call computes; None if the framework refuses it, or if convviz has no such layer."""
    note: str = ""
    """How the framework differs from the parameters, or why it refuses them; empty if it takes them as they are."""
    flipped: bool = False
    """Whether the kernel is flipped."""
    missing: str = "refused"
    """Why there is no layer, if there is none: the framework refuses it, or convviz has no such layer."""

    @property
    def padding(self) -> list[tuple[int, int]]:
        """Cells padded, or cropped less output padding, before and after each axis; empty if the layer is refused."""
        if self.layer is None:
            return []
        return output_crops(self.layer) if isinstance(self.layer, ConvTranspose) else list(self.layer.padding)

    def kernel(self, w: NDArray[Any]) -> NDArray[Any]:
        """Return the kernel as this framework applies it."""
        return w[(slice(None, None, -1),) * w.ndim] if self.flipped else w


def with_padding(layer: ConvLayer, padding: Any, output_padding: Any = None) -> ConvLayer:
    """Return the layer with other padding."""
    parameters = (layer.input, layer.kernel, layer.stride, padding, layer.dilation)
    return ConvTranspose(*parameters, output_padding) if isinstance(layer, ConvTranspose) else Conv(*parameters)


def explicit_output_padding(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output padding that was given, zeros if it only follows from a padding by name."""
    if not layer.named_padding:
        return layer.output_padding
    sizes = [(axis.input, axis.effective_kernel, axis.stride) for axis in layer.axes]
    implied = tuple(transposed_padding(layer.named_padding, *axis, None)[1] for axis in sizes)
    return layer.output_padding if layer.output_padding != implied else (0,) * len(implied)


def exceeds_stride(layer: ConvLayer) -> bool:
    """Return whether a given output padding is not smaller than the stride, which Keras and onnxruntime refuse."""
    return any(a >= s for a, s in zip(explicit_output_padding(layer), layer.stride, strict=True))
