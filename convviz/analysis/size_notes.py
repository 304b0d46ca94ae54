"""The sizes that a stride cannot tell apart, and what chooses one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from convviz.errors import GeometryError
from convviz.geometry.axis import ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.padding import PADDING_RULES, output_range
from convviz.text.formatting import format_alternatives
from convviz.text.nouns import Noun

FOLLOWS_INPUT = ("same", "same_lower")
"""Names of paddings that depend on the size of the input."""
MOST_LISTED = 8
"""Sizes that are listed one by one; of more, the first and the last are."""


@dataclass(frozen=True, slots=True)
class OutputPaddingNote:
    """What to say about the output padding of a framework that has its own rule."""

    chooses: Callable[[ConvTransposeAxis], str]
    """Says which output sizes it gives: `Keras's output_padding chooses: 0 gives 23, …`."""
    padding: str | None = None
    """Name of the padding in the framework, if the layer has it in numbers only."""


def equal_inputs(axis: ConvAxis, name: str | None, noun: Noun) -> Iterator[str]:
    """Say which inputs give the same output, and how a transposed convolution tells them apart."""
    if isinstance(axis, PoolAxis):
        return
    sizes = _inputs(axis, name)
    if len(sizes) < 2:
        return
    alike = f"ambiguous size: inputs of {_alternatives(sizes)} {noun.many} all give {axis.output}"
    if name in FOLLOWS_INPUT:
        yield (
            f"{alike} with padding {name}; transposed back with the same k, s and padding {name}, the output size "
            f"chooses, by default {axis.output * axis.stride}"
        )
    else:
        smallest = axis.input - axis.remainder
        yield f"{alike}; transposed back with the same k, s, p, output padding chooses: {_choices(sizes, smallest)}"


def _inputs(axis: ConvAxis, name: str | None) -> Sequence[int]:
    """List the inputs that give the output of `axis`; padding by a name that follows the input is that of each."""
    smallest, largest = axis.input - axis.remainder, axis.input - axis.remainder + axis.stride - 1
    if name in FOLLOWS_INPUT:
        smallest, largest = (axis.output - 1) * axis.stride + 1, axis.output * axis.stride
    least = next(size for size in range(max(1, smallest), largest + 1) if is_possible(axis, size, name))
    return range(least, largest + 1)


def is_possible(axis: ConvAxis, size: int, name: str | None) -> bool:
    """Whether the layer exists for an input of `size` cells; some padding modes limit the padding."""
    padding = axis.padding
    if name in FOLLOWS_INPUT:
        padding = PADDING_RULES[name](size, axis.effective_kernel, axis.stride)
    try:
        ConvAxis(
            input=size,
            kernel=axis.kernel,
            stride=axis.stride,
            padding=padding,
            dilation=axis.dilation,
            padding_mode=axis.padding_mode,
        )
    except GeometryError:
        return False
    return True


def possible_outputs(
    axis: ConvTransposeAxis, name: str | None, noun: Noun, note: OutputPaddingNote | None
) -> Iterator[str]:
    """Say which outputs the convolution maps to the input, and what chooses one of them: a framework's own `note`."""
    name = note.padding if note and note.padding else name
    padding = name if name in FOLLOWS_INPUT else axis.padding
    smallest, largest = output_range(padding, axis.input, axis.effective_kernel, axis.stride)
    sizes = range(max(1, smallest), largest + 1)
    if len(sizes) < 2:
        return
    same = f"k, s and padding {name}" if name in FOLLOWS_INPUT else "k, s, p"
    maps = f"the convolution with the same {same} maps {_alternatives(sizes)} {noun.many} to {axis.input}"
    if note is not None:
        chooses = note.chooses(axis)
    elif name in FOLLOWS_INPUT:
        chooses = f"the output size chooses, by default {axis.input * axis.stride}"
    else:
        chooses = f"output padding chooses: {_choices(sizes, smallest)}"
    yield f"ambiguous size: {maps}; {chooses}"


def _alternatives(sizes: Sequence[int]) -> str:
    """Format sizes: `5, 6 or 7`, or `5 to 60`."""
    return format_alternatives(sizes) if len(sizes) <= MOST_LISTED else f"{sizes[0]} to {sizes[-1]}"


def _choices(sizes: Sequence[int], smallest: int) -> str:
    """Say which output padding gives which size: `a = 0 gives 5, a = 1 gives 6`."""
    shown = sizes if len(sizes) <= MOST_LISTED else (*sizes[: MOST_LISTED - 1], sizes[-1])
    listed = [f"a = {size - smallest} gives {size}" for size in shown]
    return ", ".join(listed if len(sizes) <= MOST_LISTED else [*listed[:-1], "…", listed[-1]])
