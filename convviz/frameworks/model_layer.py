"""A layer of a model in memory, with its weights, ready to be animated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convviz.errors import ReadingError
from convviz.frameworks.weights import LayerWeights, channel_title
from convviz.layers.convolution import ConvLayer
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convviz.animation.animation import Animation


@dataclass(frozen=True, eq=False)
class ModelLayer:
    """A layer of a model with its weights. Arrays are in PyTorch's order, channels first."""

    name: str
    """Name of its class."""
    layer: Layer
    weights: NDArray[Any] | None
    """(C_out, C_in/groups, kH, kW), transposed (C_in, C_out/groups, kH, kW); None for a pooling."""
    bias: NDArray[Any] | None
    groups: int
    x: NDArray[Any] | None
    """(C, H, W), or (H, W) for the input channel that is shown; None if only a size was given."""
    channel: int | None
    """The input channel that is shown; None for the sum of all that feed the output channel."""
    out_channel: int

    def __call__(self) -> NDArray[Any]:
        """Return the output of the whole layer (C, H, W) for the input values. Raises `ReadingError` without any."""
        if self.x is None:
            raise ReadingError("expected input values, got only a size; give an array or a tensor as the input")
        if isinstance(self.layer, Pool):
            return self.layer(self.x)
        assert isinstance(self.layer, ConvLayer)
        assert self.weights is not None
        return self.layer(self._all_channels(), self.weights, self.bias, self.groups)

    def animate(self, view: Any = None, theme: Any = None, **options: Any) -> Animation:
        """Return the animation of the chosen channels with their values; takes the arguments of `convviz.animate`."""
        from convviz.animation.animate import animate_keywords

        return animate_keywords(self.layer, {**self._values(), "view": view, "theme": theme, **options})

    def _values(self) -> dict[str, Any]:
        """Return the values of the chosen channels as keywords of `animate`.

        The bias is added only if all input channels that feed the output channel are summed.
        """
        if self.weights is None:
            return {"x": None if self.x is None else self._channel(self.out_channel)}
        weights = LayerWeights(self.layer, self.weights, self.bias, self.groups)
        if self.channel is None:
            values = {"w": self.weights, "bias": self.bias, "groups": self.groups, "channel": self.out_channel}
            if self.x is None:
                return values | {"channels": (weights.in_channels, weights.out_channels)}
            return values | {"x": self._all_channels()}
        return {
            "w": weights.kernel(self.channel, self.out_channel),
            "bias": weights.single_channel_bias(self.out_channel),
            "x": None if self.x is None else self._channel(self.channel),
            "title": channel_title(self.name, weights, self.channel, self.out_channel),
        }

    def _channel(self, channel: int) -> NDArray[Any]:
        assert self.x is not None
        return self.x if self.x.ndim == len(self.layer.axes) else self.x[channel]

    def _all_channels(self) -> NDArray[Any]:
        assert self.x is not None
        return self.x[None] if self.x.ndim == len(self.layer.axes) else self.x
