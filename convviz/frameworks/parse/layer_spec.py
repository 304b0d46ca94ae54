"""One layer of one framework: its signature, and the function that makes a layer of convviz of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.layers.layer import Layer


@dataclass(frozen=True)
class LayerSpec:
    """One layer of one framework: what its arguments are called, and how they become a layer."""

    framework: str
    """Title of the framework: `PyTorch`."""
    name: str
    """`nn.Conv2d`."""
    kind: str
    """`conv`, `transposed`, `maxpool` or `avgpool`."""
    signature: Signature
    make: Callable[[LayerSpec, Arguments, ParseHints], ParsedLayer]
    axes: int = 0
    """Number of axes; 0 if the arguments decide."""
    input: str = ""
    """Argument that is the input; empty if the layer is called with it."""
    accepts: Callable[[Call], bool] = lambda _call: True
    """Whether a call with this name may mean this layer, if several layers have the name."""

    @property
    def is_transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return self.kind == "transposed"

    def parsed(self, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
        """Return the layer with these arguments. Raises `ReadingError`."""
        return self.make(self, arguments, hints)


def build_layer(make: Callable[[], Layer]) -> Layer:
    """Return the layer that `make` returns; an error of its parameters becomes a `ReadingError`."""
    try:
        return make()
    except ConvvizError as error:
        raise ReadingError(str(error)) from None


def effective_kernels(kernel: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    """Return d(k−1) + 1 per axis."""
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
