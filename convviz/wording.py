"""Numbers, sizes and formulas as words, the same in pictures, explanations and errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from convviz.geometry import Axis, ForwardAxis, TransposedAxis, padding_sum
from convviz.scene import Formula

if TYPE_CHECKING:
    from convviz.layers import Layer

MINUS = "−"


def signed(number: int) -> str:
    """A whole number with a typographic minus."""
    return f"{MINUS}{-number}" if number < 0 else str(number)


def value_text(value: Any) -> str:
    """A cell's value: whole numbers in full, others to three significant digits, huge and tiny ones as 1.2e9."""
    number = value.item() if hasattr(value, "item") else value
    magnitude = abs(number)
    if not math.isfinite(number):
        text = "nan" if math.isnan(number) else "∞" if number > 0 else "-∞"
    elif magnitude >= 1e7 or 0 < magnitude < 1e-3:
        mantissa, exponent = f"{number:.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    elif number == int(number) or magnitude >= 100:
        text = str(round(number))
    else:
        text = f"{number:.3g}"
    return MINUS + text[1:] if text.startswith("-") else text


def is_shown_exactly(value: Any) -> bool:
    """Whether `value_text` says the value in full."""
    return float(value_text(value).replace(MINUS, "-").replace("∞", "inf")) == float(value)


def factor(text: str) -> str:
    """A value inside a product: negative ones in parentheses."""
    return f"({text})" if text.startswith(MINUS) else text


def sizes(numbers: Sequence[int]) -> str:
    """`3×4`, rows first."""
    return "×".join(map(str, numbers))


def short(numbers: Sequence[int]) -> str:
    """`3` where all axes agree, else `3×4`."""
    return signed(numbers[0]) if len(set(numbers)) == 1 else "×".join(map(signed, numbers))


def run(numbers: Iterable[int]) -> str:
    """Indices as people write them: `2`, `1–3`, `0, 2`, `0, 2, …, 8`."""
    listed = list(numbers)
    if len(listed) > 1 and listed == list(range(listed[0], listed[-1] + 1)):
        return f"{listed[0]}–{listed[-1]}"
    if len(listed) > 3:
        return f"{listed[0]}, {listed[1]}, …, {listed[-1]}"
    return ", ".join(map(str, listed))


def counted(noun: str, numbers: Sequence[int]) -> str:
    """`row 2`, `rows 1–3`."""
    return f"{noun if len(numbers) == 1 else noun + 's'} {run(numbers)}"


def formulas(layer: Layer) -> tuple[Formula, ...]:
    """The output size per axis with the numbers filled in; one formula where the axes agree."""
    made = [formula(axis) for axis in layer.axes]
    if len(set(made)) == 1:
        return (_labelled(made[0], "o"),)
    return (_labelled(made[0], "rows: o"), _labelled(made[1], "columns: o"))


def formula(axis: Axis) -> Formula:
    """The output size of one axis."""
    if isinstance(axis, TransposedAxis):
        return _transposed_formula(axis)
    assert isinstance(axis, ForwardAxis)
    return _forward_formula(axis)


def _forward_formula(axis: ForwardAxis) -> Formula:
    reach, filled_reach = _reach(axis, MINUS)
    padded = padding_sum(axis.input, axis.padding)
    return Formula(
        label="o",
        symbols=f"⌊(i + 2p {reach})/s⌋ + 1",
        filled=f"⌊({padded} {filled_reach})/{axis.stride}⌋ + 1",
        value=str(axis.output),
        note=f"{axis.left_over} left over" if axis.left_over else "",
    )


def _transposed_formula(axis: TransposedAxis) -> Formula:
    reach, filled_reach = _reach(axis, "+")
    one, filled_one = (" + 1", " + 1") if axis.dilation > 1 else ("", "")
    extra, filled_extra = (" + a", f" + {axis.output_padding}") if axis.output_padding else ("", "")
    crop = f"2·{axis.padding[0]}"
    return Formula(
        label="o",
        symbols=f"(i − 1)·s {reach}{one} − 2p{extra}",
        filled=f"({axis.input} − 1)·{axis.stride} {filled_reach}{filled_one} − {crop}{filled_extra}",
        value=str(axis.output),
    )


def _reach(axis: Axis, sign: str) -> tuple[str, str]:
    """The kernel's part of a size, in symbols and in numbers; the dilation only where there is one."""
    if axis.dilation == 1:
        return f"{sign} k", f"{sign} {axis.kernel}"
    one = f" {MINUS} 1" if sign == MINUS else ""
    return f"{sign} d·(k − 1){one}", f"{sign} {axis.dilation}·({axis.kernel} − 1){one}"


def _labelled(made: Formula, label: str) -> Formula:
    return Formula(label, made.symbols, made.filled, made.value, made.note)
