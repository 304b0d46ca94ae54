"""Size formulas: `o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3 (1 left over)`, whole or shortened."""

from __future__ import annotations

import re

from tests.claims.axis_model import AxisModel
from tests.claims.reading import About, Reader, axis_of, holds, same
from tests.oracles import evaluate

reader = Reader()
SIZE = r"(?:(?P<axis>rows|columns): )?o = (?P<steps>[^()]*\(.*\).* = )?(?P<value>\d+)(?: \((?P<note>[^()]+)\))?"


@reader.says(SIZE)
def size_formula(about: About, axis: str | None, steps: str | None, value: str, note: str | None) -> None:
    """Each step has the value, the numbers are those of the symbols, and so for each axis that is meant."""
    for n in [axis_of(axis, about)] if axis else range(len(about.model.axes)):
        one = about.model.axes[n]
        same("output size", int(value), one.o)
        known = symbols_of(one)
        for step in (steps or "").removesuffix(" = ").split(" = "):
            if step:
                same(f"value of {step}", evaluate(step, known), one.o)
        check_filled(steps, known)
        check_symbols(steps, one)
        if note:
            check_note(note, one)


def symbols_of(axis: AxisModel) -> dict[str, int]:
    """Return the numbers behind the symbols; p only if both sides are equal."""
    known = {"i": axis.i, "k": axis.k, "s": axis.s, "d": axis.d, "a": axis.a, "z": axis.s - 1}
    known |= {"p1": axis.before, "p2": axis.after}
    return known | ({"p": axis.before} if axis.before == axis.after else {})


def check_filled(steps: str | None, known: dict[str, int]) -> None:
    """Check that the second step is the first with its numbers filled in, one for one."""
    parts = (steps or "").removesuffix(" = ").split(" = ")
    if len(parts) < 2:
        return
    symbols, filled = parts
    expected = symbols.replace("p₁", str(known["p1"])).replace("p₂", str(known["p2"]))
    expected = re.sub(r"(?<=\d)(?=[ikspda])", "·", expected)
    expected = re.sub(r"[ikspdaz]", lambda symbol: str(known[symbol[0]]), expected)
    same("numbers of the formula", filled, expected)


def check_symbols(steps: str | None, axis: AxisModel) -> None:
    """Check that the formula has a dilation, an output padding, and a rounding up exactly if the layer has."""
    symbols = (steps or "").split(" = ")[0]
    if not re.search("[iks]", symbols):
        return
    holds("the formula leaves out d only if d = 1", ("d" in symbols) == (axis.d > 1))
    holds("the formula has a exactly if there is one", ("a" in symbols) == (axis.a > 0))
    holds("the formula rounds as the layer does", ("⌈" in symbols) == axis.ceil or axis.transposed)


def check_note(note: str, axis: AxisModel) -> None:
    left = re.fullmatch(r"(\d+) left over", note)
    if left:
        same("cells left over", int(left[1]), axis.behind)
    else:
        same("note", note, "a last window would start in the padding")
        holds("a window is dropped", axis.dropped)
