"""The end of the pair view: a cell of the input beside what came back, as a transpose is not an inverse."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation
from convviz.text.formatting import format_value, is_shown_exactly
from convviz.text.lines import Sentence
from convviz.views.cell_grids import Index

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

IN_WORDS = ("same size, but in general other numbers: a transpose is not an inverse", "same size, not an inverse")
UNCHANGED = ("same size, and here the same numbers", "the same numbers")


def comparison(
    layer: Layer, values: LayerValues | None, back: Mapping[Index, Any], notation: Notation
) -> tuple[Index, Sentence]:
    """Return a cell of the input, and what became of its number: that in the middle, or else the first that changed.

    `back` is what came back to each cell that a window reads.
    """
    middle = tuple(size // 2 for size in layer.input)
    if values is None or not values.visible:
        return middle, Sentence(IN_WORDS)
    for cell in (middle, *product(*map(range, layer.input))):
        before = _shown(values.x[(0, *cell)], values.x_notation)
        after = _shown(back.get(cell, 0), notation)
        if before != after:
            became = f"{before} became {after}"
            short = f"same size, other numbers: {became}"
            return cell, Sentence((f"{short}; a transpose is not an inverse", short, became))
    return middle, Sentence(UNCHANGED)


def _shown(value: Any, notation: Notation) -> str:
    """Return a value as text, with `≈` if it is rounded."""
    return f"{'' if is_shown_exactly(value, notation) else '≈'}{format_value(value, notation)}"
