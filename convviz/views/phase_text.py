"""The texts of the upsample view: phases, the grown kernel, and when the numbers agree."""

from __future__ import annotations

from typing import Any

from convviz.layers.number_notation import Notation, notation_of
from convviz.text.formatting import (
    format_axis_indices,
    format_cell,
    format_factor,
    format_indices,
    format_per_axis,
    format_sizes,
    format_value,
    is_shown_exactly,
)
from convviz.text.lines import Equation, Sentence
from convviz.text.nouns import axis_nouns
from convviz.views.cell_grids import Index
from convviz.views.phases import Phases


def times_text(phases: Phases) -> str:
    """Return how often a cell is copied: `2×2`, or `2` in one dimension."""
    return format_sizes([phases.factor] * len(phases.axes))


def copy_caption(phases: Phases, cell: Index, value: tuple[Any, Notation] | None) -> Sentence:
    """Say where a cell is copied to: `x[0,1] = 2 is copied to rows 0–1, columns 2–3`."""
    name = f"x[{','.join(map(str, cell))}]"
    text = name
    if value:
        text += f" {'=' if is_shown_exactly(*value) else '≈'} {format_value(*value)}"
    f = phases.factor
    places = format_axis_indices([tuple(range(at * f, at * f + f)) for at in cell])
    copied = f"{text} is copied to {times_text(phases)} cells"
    return Sentence((f"{copied}: {places}", copied, f"copy {name}"))


def output_caption(
    phases: Phases, x: Any, output: Index, value: Any, notations: tuple[Notation, Notation, Notation] | None
) -> Equation | Sentence:
    """Write out the sum of a phase, or, without values, say which input cells an output cell depends on."""
    name = f"y[{','.join(map(str, output))}]"
    if notations is None:
        phase = f"phase ({','.join(str(at % phases.factor) for at in output)})"
        reads = [tuple(axis.reads(at)) for axis, at in zip(phases.axes, output, strict=True)]
        text = f"{name} depends on {format_axis_indices(reads)}"
        return Sentence((f"{text}, by {phase}", text, name))
    of_x, of_w, of_y = notations
    terms = phases.terms(x, output)
    exact = is_shown_exactly(value, of_y)
    exact = exact and all(is_shown_exactly(a, of_x) and is_shown_exactly(b, of_w) for a, b in terms)
    written = tuple(f"{format_factor(format_value(a, of_x))}·{format_factor(format_value(b, of_w))}" for a, b in terms)
    return Equation(name, written, format_value(value, of_y), "=" if exact else "≈")


def phase_name(phase: Index) -> str:
    """Name a phase: `Phase (0,1)`."""
    return f"Phase ({','.join(map(str, phase))})"


def phase_caption(phases: Phases, phase: Index) -> Sentence:
    """Say which weights meet the same input cell: `kernel rows 0 | 1–2 and columns 0–1 | 2 meet one each`."""
    lines = []
    for noun, axis, number in zip(axis_nouns(len(phases.axes)), phases.axes, phase, strict=True):
        groups = axis.groups[number].values()
        name = noun.one if axis.kernel == 1 else noun.many
        lines.append(f"{name} {' | '.join(map(format_indices, groups))}")
    text = f"{phase_name(phase)}: kernel {' and '.join(lines)}"
    return Sentence((f"{text} meet one input cell each and add up", f"{text} add up", phase_name(phase)))


def grow_caption(phases: Phases, phase: Index) -> Sentence:
    """Say where the weights of a phase are in the grown kernel."""
    places = [sorted(axis.places[number]) for axis, number in zip(phases.axes, phase, strict=True)]
    text = f"{phase_name(phase)} is in {format_axis_indices([tuple(one) for one in places])} of the grown kernel"
    order = ", in reverse order" if any(len(one) > 1 for one in places) else ""
    return Sentence((text + order, text, phase_name(phase)))


def grown_caption(phases: Phases) -> Sentence:
    """Say how large the grown kernel is, and what it is."""
    k, grown = (format_per_axis(shape) for shape in (phases.w.shape, phases.grown_shape))
    text = f"k + f − 1 = {k} + {phases.factor} − 1 = {grown}"
    spread = f"each weight of the flipped kernel, spread over {times_text(phases)} cells"
    if phases.is_bilinear:
        spread = f"the weights of {'bi' * (len(phases.axes) == 2)}linear interpolation"
    return Sentence((f"{text}: {spread}", text))


def agree_caption(agreeing: int, outputs: int) -> Sentence:
    """Say how many values agree."""
    agree = f"All {outputs} values agree" if agreeing == outputs else f"{agreeing} of {outputs} values agree"
    ways = "copies under the kernel, interleaved phases, stamps of the grown kernel"
    return Sentence((f"{agree}: {ways}", agree))


def rules(phases: Phases, visible: bool) -> tuple[str, ...]:
    """Say what is by choice, what holds for any weights, and why no checkerboard comes from a constant input."""
    grown, kernel = phases.counts()
    total = sum(value.item() for value in phases.w.ravel())
    adds = format_cell(total, notation_of([total])) if visible else "the sum of the kernel"
    return (
        f"by choice: the grown kernel's {grown} weights are sums of {kernel}; learnt ones need not be",
        "for any weights: pixel shuffle of the phases = the transposed convolution",
        f"no checkerboard from a constant input: each phase adds up to {adds}",
    )
