"""The result of parsing: a layer of convviz, and what else the framework determines."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from convviz.analysis.size_notes import OutputPaddingNote
from convviz.frameworks.output_sizes import WITHOUT_OUTPUT_PADDING, no_output_padding
from convviz.frameworks.parse.channels import Count, Groups, format_count, format_shape
from convviz.frameworks.parse.hints import Sizes
from convviz.frameworks.weights import LayerWeights
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.text.table import grid_lines

MAX_KERNEL_CELLS = 49
"""Largest kernel that is written out."""


@dataclass(frozen=True)
class ParsedLayer:
    """A layer as its framework has it."""

    framework: str
    """Title of the framework: `PyTorch`."""
    name: str
    """`nn.Conv2d`."""
    layer: Layer
    in_channels: Count = None
    out_channels: Count = None
    groups: Groups = 1
    bias: bool = False
    channels_last: bool = False
    flipped: bool = False
    """Whether the kernel is flipped (rotated by 180°) compared with the other frameworks, as in JAX."""
    notes: tuple[str, ...] = ()
    """What the framework does differently, and what the picture does not show."""
    arguments: str = ""
    """The given arguments by name, as text."""
    weight_shape: str = ""
    """Shape of the weights in the framework's order."""
    own_output_padding: OutputPaddingNote | None = None
    """The framework's own rule for output padding, if it has one."""
    weights: LayerWeights | None = None
    """Values of kernel and bias, if they are known."""
    has_example_values: bool = False
    """Whether the layer has weights whose values cannot be had, so that a picture shows others."""

    @property
    def known_groups(self) -> int:
        """Number of groups, 1 if it is unknown."""
        return self.groups if isinstance(self.groups, int) else 1

    @property
    def output_padding_note(self) -> OutputPaddingNote | None:
        """What to say about output padding; None if the framework's is PyTorch's."""
        is_without = self.framework.startswith(WITHOUT_OUTPUT_PADDING)
        return no_output_padding(self.framework) if is_without else self.own_output_padding

    @property
    def shapes(self) -> dict[str, str]:
        """Shapes of the tensors by name, in the framework's order."""
        if isinstance(self.layer, Pool):
            channels = format_count(self.in_channels, "C_in")
            sizes = {"input": self.layer.input, "output": self.layer.output}
            return {name: self._tensor_shape(channels, size) for name, size in sizes.items()}
        shapes = {
            "input": self._tensor_shape(format_count(self.in_channels, "C_in"), self.layer.input),
            "output": self._tensor_shape(format_count(self.out_channels, "C_out"), self.layer.output),
            "weight": self.weight_shape,
        }
        return shapes | ({"bias": f"({format_count(self.out_channels, 'C_out')})"} if self.bias else {})

    def _tensor_shape(self, channels: str, sizes: Sizes) -> str:
        return format_shape("N", *sizes, channels) if self.channels_last else format_shape("N", channels, *sizes)

    def describe(self) -> str:
        """Return the call with its arguments by name, the shapes, small kernel values, and notes, as text."""
        shapes = self.shapes
        flow = f"{shapes.pop('input')} → {shapes.pop('output')}"
        rest = "".join(f"; {name} {shape}" for name, shape in shapes.items())
        groups = "" if self.groups == 1 else f"; {format_count(self.groups, '')} groups"
        lines = [f"{self.framework}: {self.name}({self.arguments})", f"   {flow}{rest}{groups}"]
        return "\n".join([*lines, *self._kernel_lines(), *(f"   - {note}" for note in self.notes)])

    def _kernel_lines(self) -> list[str]:
        """Return the kernel from the first input channel to the first output channel, if it is known and small."""
        if self.weights is None or prod(self.layer.kernel) > MAX_KERNEL_CELLS:
            return []
        rows = grid_lines(self.weights.kernel(0, 0))
        heading = f"   the kernel from channel 1 of {self.in_channels} to channel 1 of {self.out_channels}:"
        return [heading, *(f"      {row}" for row in rows)]
