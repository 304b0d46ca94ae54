"""The captions and rules of the backward pass: how each gradient comes about, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.text.formatting import format_axis_indices, format_factor, format_sizes, format_value, is_shown_exactly
from convviz.text.lines import Equation, Formula, Ink, Sentence
from convviz.views.backward_values import Backward
from convviz.views.cell_grids import Index
from convviz.views.scatter_text import cell_place
from convviz.views.step_text import ELLIPSIS, MOST_TERMS

Factor = tuple[Any, Notation]
"""A number, and the notation of its tensor."""


class Term(NamedTuple):
    """A product, or a share: `3·2`, `3/4`."""

    factors: tuple[Factor, ...]
    divisor: int = 0
    """0 for a product."""

    def __str__(self) -> str:
        product = "·".join(format_factor(format_value(*factor)) for factor in self.factors)
        return f"{product}/{self.divisor}" if self.divisor else product


INKS: dict[str, tuple[Ink, ...]] = {
    "dL/dy·w": ("output", "kernel"),
    "x·dL/dy": ("input", "output"),
    "dL/dy": ("output",),
}
"""Form of a term → the inks of its factors."""
ARRIVES = (
    "dL/dy arrives from the next layer: how the loss L changes with each cell of y",
    "dL/dy arrives: how L changes with each cell of y",
    "dL/dy arrives",
)
"""The caption of the first step."""


def name(tensor: str, cell: Index) -> str:
    """Name a cell: `dL/dx[1,2]`."""
    return f"{tensor}[{','.join(map(str, cell))}]"


def text_of(number: Any, notation: Notation) -> str:
    """Return a number with its relation: ` = 3`, or ` ≈ 0.333` if it is rounded."""
    return f" {'=' if is_shown_exactly(number, notation) else '≈'} {format_value(number, notation)}"


def sum_equation(left: str, terms: Sequence[Term], result: Factor, form: str) -> Equation:
    """Write out a sum; terms that are zero are dropped."""
    kept = [term for term in terms if all(number for number, _ in term.factors)]
    texts = [str(term) for term in ([*kept[:MOST_TERMS], *kept[-1:]] if len(kept) > MOST_TERMS else kept)]
    if len(kept) > MOST_TERMS:
        texts.insert(MOST_TERMS, ELLIPSIS)
    exact = all(is_shown_exactly(*factor) for factor in (result, *(one for term in kept for one in term.factors)))
    return Equation(left, tuple(texts), format_value(*result), "=" if exact else "≈", inks=INKS[form])


def stamp_sentence(back: Backward, place: Index, cells: Sequence[Sequence[int]], is_cut: bool) -> Sentence:
    """Say where dL/dy of a place is sent; `cells` are the indices in dL/dx on each axis, without padding."""
    left = name("dL/dy", place)
    value = text_of(back.dy[place], back.notations["dL/dy"]) if back.visible else ""
    verb = "is shared by" if isinstance(back.layer, AvgPool) else "stamps"
    if not all(cells):
        return Sentence((f"{left}{value} {verb} only padding", f"{left} {verb} only padding", left))
    where = f"{left}{value} {verb} {format_axis_indices(cells)} of dL/dx"
    return Sentence((*([f"{where}, and padding"] if is_cut else []), where, left))


def switch_sentence(back: Backward, place: Index) -> Sentence:
    """Say to which maximum dL/dy of a window goes."""
    left, switch = name("dL/dy", place), back.switches[place]
    value = text_of(back.dy[place], back.notations["dL/dy"]) if back.visible else ""
    if switch is None:
        return Sentence((f"{left}{value} goes nowhere: its window holds only padding", f"{left} goes nowhere", left))
    cell = back.source(switch)
    assert cell is not None
    assert back.x is not None
    window = [back.position(place, weight) for weight in back.weights()]
    equal = sum(back.value_at(at) == back.x[cell] for at in window if back.is_inside(at))
    maximum = f"the first of {equal} equal maxima" if equal > 1 else "the maximum"
    best = text_of(back.x[cell], back.notations["x"]) if back.visible else ""
    goes = f"{left}{value} goes to {name('x', cell)}"
    return Sentence((f"{goes}{best}, {maximum} of its window", goes, left))


def input_end(back: Backward) -> Sentence:
    """Say what dL/dx is, once all has arrived, and what becomes of the padding."""
    layer, size = back.layer, format_sizes(back.layer.input)
    done = f"dL/dx {size} is complete"
    if isinstance(layer, MaxPool):
        return Sentence((f"{done}: each dL/dy went to the maximum of its window", done))
    if isinstance(layer, AvgPool):
        whole = f"{done}: each dL/dy was shared equally by the cells of its window"
        return Sentence((f"{whole}{'; the padding is cropped' * back.crops}", whole, done))
    what = "is the transposed convolution of dL/dy with the same kernel"
    if not back.crops:
        return Sentence((f"dL/dx {size} {what}", done))
    if layer.padding_mode == "zeros":
        return Sentence((f"The padding is cropped: dL/dx {size} {what}", f"the padding is cropped: dL/dx {size}", done))
    return Sentence((f"What fell on the padding is added to the cells that it repeats: dL/dx {size}", done))


def reads_sentence(tensor: str, cell: Index, cells: Sequence[Sequence[int]], source: str) -> Sentence:
    """Say which cells of a gradient a cell collects: `dL/dx[1,2] collects from rows 0–1, columns 1 of dL/dy`."""
    left = name(tensor, cell)
    if not all(cells):
        return Sentence((f"{left} collects nothing, only zeros", left))
    return Sentence((f"{left} collects from {format_axis_indices(cells)} of {source}", left))


BIAS_RULE = "dL/db = Σ dL/dy"


def input_rules(layer: Layer) -> tuple[Formula, ...]:
    """Return the rule of dL/dx."""
    return _input_rule(layer, len(layer.axes))


def _input_rule(layer: Layer, axes: int) -> tuple[Formula, ...]:
    """Return the rule of dL/dx with the indices of one axis or two."""
    places, cells, taps = _indices(layer, axes)
    if isinstance(layer, MaxPool):
        return (_rule("dL/dx[first maximum of each window] += dL/dy"),)
    if isinstance(layer, AvgPool):
        return (_rule("dL/dx[each cell that the mean counts] += dL/dy / their number"),)
    if isinstance(layer, ConvTranspose):
        return (_rule(f"dL/dx[{cells}] = Σ dL/dy[{places}]·w[{taps}]"),)
    return (_rule(f"dL/dx[{places}] += dL/dy[{cells}]·w[{taps}]"),)


def weight_rules(layer: Layer) -> tuple[Formula, ...]:
    """Return the rule of dL/dw."""
    return _weight_rule(layer, len(layer.axes))


def _weight_rule(layer: Layer, axes: int) -> tuple[Formula, ...]:
    """Return the rule of dL/dw with the indices of one axis or two."""
    places, cells, taps = _indices(layer, axes)
    x, dy = (cells, places) if isinstance(layer, ConvTranspose) else (places, cells)
    return (_rule(f"dL/dw[{taps}] = Σ x[{x}]·dL/dy[{dy}]"),)


def all_rules(layer: Layer) -> tuple[Formula, ...]:
    """Return the rules of all gradients of a layer, in one line if they are alike on both axes."""
    if isinstance(layer, Pool):
        return input_rules(layer)
    if len({cell_place(axis, "m", "u") for axis in layer.axes}) == 1:
        one = [rule.symbols for make in (_input_rule, _weight_rule) for rule in make(layer, 1)]
        return (_rule(",   ".join([*one, BIAS_RULE])),)
    return (*input_rules(layer), *weight_rules(layer), _rule(BIAS_RULE))


def _indices(layer: Layer, axes: int) -> tuple[str, str, str]:
    """Return the indices in the line, of a place, and of a weight: `s·m − p + u`, `m`, `u`."""
    names, taps = ("m", "n")[:axes], ("u", "v")[:axes]
    places = ", ".join(cell_place(axis, m, u) for axis, m, u in zip(layer.axes, names, taps, strict=False))
    return places, ", ".join(names), ", ".join(taps)


def _rule(text: str) -> Formula:
    return Formula("", text, "", "")
