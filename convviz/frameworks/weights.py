"""All weights of a layer, and the kernel between one input channel and one output channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from convviz.errors import ReadingError
from convviz.errors.printable import shown
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer


@dataclass(frozen=True)
class LayerWeights:
    """The weights of a layer in PyTorch's order: (C_out, C_in/groups, …), transposed (C_in, C_out/groups, …)."""

    layer: Layer
    weight: Any
    bias: Any
    groups: int

    @property
    def in_channels(self) -> int:
        """C_in."""
        transposed = isinstance(self.layer, ConvTranspose)
        return int(self.weight.shape[0] if transposed else self.weight.shape[1] * self.groups)

    @property
    def out_channels(self) -> int:
        """C_out."""
        transposed = isinstance(self.layer, ConvTranspose)
        return int(self.weight.shape[1] * self.groups if transposed else self.weight.shape[0])

    @property
    def inputs_per_output(self) -> int:
        """Number of input channels that are summed in an output channel, C_in/groups."""
        return self.in_channels // self.groups

    def first_input(self, out_channel: int) -> int:
        """Return the first input channel that an output channel sums. Raises `ReadingError`."""
        check_channel("output", out_channel, self.out_channels)
        return out_channel // (self.out_channels // self.groups) * self.inputs_per_output

    def kernel(self, in_channel: int, out_channel: int) -> Any:
        """Return the kernel (kH, kW) from an input channel to an output channel.

        Raises `ReadingError` for channels that do not exist, and for channels of different groups.
        """
        check_channel("input", in_channel, self.in_channels)
        start = self.first_input(out_channel)
        if not start <= in_channel < start + self.inputs_per_output:
            last = start + self.inputs_per_output - 1
            expected = f"{start}" if start == last else f"{start} to {last}"
            raise ReadingError(
                f"expected input channel {expected} for output channel {out_channel} in {self.groups} groups, "
                f"got {in_channel}"
            )
        if isinstance(self.layer, ConvTranspose):
            return self.weight[in_channel, out_channel % (self.out_channels // self.groups)]
        return self.weight[out_channel, in_channel - start]

    def single_channel_bias(self, out_channel: int) -> Any:
        """Return the bias of an output channel, shape (1,); None if other input channels are summed in it, too."""
        return None if self.bias is None or self.inputs_per_output > 1 else self.bias[out_channel : out_channel + 1]


def check_channel(kind: str, channel: Any, count: int) -> None:
    """Raise `ReadingError` for an `input` or `output` channel that does not exist."""
    if type(channel) is not int or not 0 <= channel < count:
        raise ReadingError(f"expected an {kind} channel from 0 to {count - 1}, got {shown(channel)}")


def channel_title(name: str, weights: LayerWeights, in_channel: int, out_channel: int) -> str:
    """Return a picture's title that names its channels, counted from 1."""
    return f"{name}: channel {in_channel + 1} of {weights.in_channels} → {out_channel + 1} of {weights.out_channels}"
