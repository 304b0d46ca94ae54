"""The kernel between one input channel and one output channel, out of all the weights of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from convviz.errors import ReadingError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer


@dataclass(frozen=True)
class Weights:
    """All the numbers of a layer, in PyTorch's order: (C_out, C_in/groups, …), transposed (C_in, C_out/groups, …)."""

    layer: Layer
    kernel: Any
    bias: Any
    groups: int

    @property
    def inputs(self) -> int:
        """C_in."""
        back = isinstance(self.layer, ConvTranspose)
        return int(self.kernel.shape[0] if back else self.kernel.shape[1] * self.groups)

    @property
    def outputs(self) -> int:
        """C_out."""
        back = isinstance(self.layer, ConvTranspose)
        return int(self.kernel.shape[1] * self.groups if back else self.kernel.shape[0])

    def first(self, output: int) -> int:
        """The first input channel that feeds an output channel."""
        self._check("output", output, self.outputs)
        return output // (self.outputs // self.groups) * self.fan

    @property
    def fan(self) -> int:
        """Input channels that feed an output channel."""
        return self.inputs // self.groups

    def between(self, input: int, output: int) -> Any:
        """The kernel (kH, kW) from one input channel to one output channel. Raises `ReadingError`."""
        self._check("input", input, self.inputs)
        start = self.first(output)
        if not start <= input < start + self.fan:
            fed = f"{start}" if self.fan == 1 else f"{start} to {start + self.fan - 1}"
            raise ReadingError(
                f"input channel {input} does not feed output channel {output}: with {self.groups} groups {fed} does"
            )
        if isinstance(self.layer, ConvTranspose):
            return self.kernel[input, output % (self.outputs // self.groups)]
        return self.kernel[output, input - start]

    def added(self, output: int) -> Any:
        """The bias of an output channel as animations take it; None where other input channels are summed, too."""
        return None if self.bias is None or self.fan > 1 else self.bias[output : output + 1]

    @staticmethod
    def _check(name: str, channel: Any, count: int) -> None:
        if type(channel) is not int or not 0 <= channel < count:
            raise ReadingError(f"there is no {name} channel {channel}: there are {count}, counted from 0")


def caption(name: str, weights: Weights, input: int, output: int) -> str:
    """Which channels a picture of a layer shows, from 1, as the words of a picture count."""
    return f"{name}: channel {input + 1} of {weights.inputs} → {output + 1} of {weights.outputs}"
