"""Alt text: a paragraph that says what a picture shows, for those who do not see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Frame, Scene
from convviz.text.formatting import format_padding, format_per_axis, format_sizes
from convviz.text.lines import Equation
from convviz.views.registry import SUMMARIES

AN = re.compile(r"8|11(?!\d)|18(?!\d)")
"""Numbers that are spoken with a vowel in front."""
LONGEST_LINE = 120
"""In characters; a longer sum is shortened in its middle."""


def alt_text(layers: Sequence[Layer], view: str, scene: Scene) -> str:
    """What happens, to what, and how it ends; of a still what it shows."""
    first, last = scene.frames[0], scene.frames[-1]
    what = _operation(layers[0]) if len(layers) == 1 else f"{len(layers)} layers in a row, {_chain(layers)}"
    if len(scene.frames) == 1:
        return " ".join(
            [f"Step {last.number} of {scene.steps} of {what}.", *_shown(layers, view), f"Here, {_says(last)}."]
        )
    steps = f"Animation in {scene.steps} steps of {what}."
    ends = f"It begins with {_says(first)} and ends with {_says(last)}."
    return " ".join([steps, *_shown(layers, view), ends])


def _operation(layer: Layer) -> str:
    """`a transposed convolution: a 3×3 kernel with stride 2 and padding 1 turns a 3×3 input into a 5×5 output`."""
    said = [f"stride {format_per_axis(layer.stride)}", f"padding {_padding(layer)}"]
    said += [f"dilation {format_per_axis(layer.dilation)}"] if set(layer.dilation) != {1} else []
    said += [f"output padding {format_per_axis(layer.output_padding)}"] if any(layer.output_padding) else []
    listed = f"{', '.join(said[:-1])} and {said[-1]}"
    turns = f"turns {_grid(layer.input)} input into {_grid(layer.output)} output"
    return f"{layer.noun}: {_grid(layer.kernel)} {layer.window_noun} with {listed} {turns}"


def _padding(layer: Layer) -> str:
    mode = f" ({layer.padding_mode})" if layer.padding_mode != "zeros" else ""
    return format_padding(layer.padding) + mode


def _grid(shape: Sequence[int]) -> str:
    """`a 3×3`, `an 8×8`, `a 5-cell`."""
    words = format_sizes(shape) if len(shape) > 1 else f"{shape[0]}-cell"
    return f"{'an' if AN.match(words) else 'a'} {words}"


def _chain(layers: Sequence[Layer]) -> str:
    return f"from {_grid(layers[0].input)} input to {_grid(layers[-1].output)} output"


def _shown(layers: Sequence[Layer], view: str) -> Iterator[str]:
    """The zeros that are inserted and padded, and what the view does."""
    if len(layers) == 1:
        axes = [axis for axis in layers[0].axes if isinstance(axis, ConvTransposeAxis)]
        if axes:
            zeros, border = (
                format_per_axis([axis.inserted_zeros for axis in axes]),
                format_padding([axis.implicit_padding for axis in axes]),
            )
            stand = "zero stands" if zeros == "1" else "zeros stand"
            yield (
                f"Seen as a convolution with stride 1, z = {zeros} {stand} between neighbouring input cells, "
                f"and a border of p′ = {border} lies around them."
            )
    for part in view.split("+"):
        line = re.sub(r" \(convviz [^)]*\)", "", SUMMARIES[part])
        if not isinstance(layers[0], ConvTranspose):
            line = line.replace("padded, zero-inserted input", _plain_input(layers[0]))
        yield f"{line[0].upper()}{line[1:]}."


def _plain_input(layer: Layer) -> str:
    return "padded input" if any(map(any, layer.padding)) else "input"


def _says(frame: Frame) -> str:
    line = frame.caption.fitted(LONGEST_LINE)
    return line if isinstance(frame.caption, Equation) else line[0].lower() + line[1:] if line[1:2].islower() else line
