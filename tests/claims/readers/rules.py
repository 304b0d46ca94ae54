"""Rules below a picture: `y[s·m + u, s·n + v] += x[m, n]·w[u, v]`, `C is 9×25: 81 of 225 entries hold weights`."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from math import prod

from tests.claims.axis_model import AxisModel
from tests.claims.inside import long_counts
from tests.claims.model import Model
from tests.claims.readers.formulas import SIZE, reader, size_formula, symbols_of
from tests.claims.readers.signals import check_matrix_names
from tests.claims.reading import About, holds, same, sizes
from tests.oracles import evaluate

Meeting = tuple[int, int, int]
"""Output cell, input cell, tap."""


@reader.says(r"y\[(?P<y>.+)\] \+= x\[(?P<x>.+)\]·w\[(?P<w>[^\]]+)\](?P<b>,  y = b at first)?")
def contributions(about: About, y: str, x: str, w: str, b: str | None) -> None:
    """Check, axis by axis, which weight takes which input cell to which output cell; outputs are named as in slide."""
    holds("there is a bias", not b or about.values.shown.added is not None)
    same("indices", [len(index.split(", ")) for index in (y, x, w)], [about.plain.count] * 3)
    for axis, *indices in zip(about.model.axes, y.split(", "), x.split(", "), w.split(", "), strict=True):
        same("contributions by the rule", meetings_by_rule(axis, *indices), meetings(axis))


def meetings_by_rule(axis: AxisModel, y: str, x: str, w: str) -> set[Meeting]:
    """Evaluate the indices for all values of their letters; keep those that are cells of the layer."""
    (letter,) = set(re.findall(r"[mn]", y + x))
    (tap_letter,) = set(re.findall(r"[uv]", w))
    found = set()
    for m, u in product(range(axis.i if axis.transposed else axis.o), range(axis.k)):
        known = {**symbols_of(axis), "p": axis.before, letter: m, tap_letter: u}
        output, source, tap = (evaluate(index, known) for index in (y, x, w))
        if 0 <= output < axis.o and 0 <= source < axis.i:
            found.add((output, source, tap))
    return found


def meetings(axis: AxisModel) -> set[Meeting]:
    """Return which input cells meet which weights in which outputs, by placing windows."""
    found = set()
    for output, window in enumerate(axis.windows):
        for number, place in enumerate(window):
            if axis.line[place].kind == "input":
                found.add((output, axis.line[place].source or 0, axis.k - 1 - number if axis.transposed else number))
    return found


@reader.says(r"(?P<name>Cᵀ?) is (?P<rows>\d+)×(?P<columns>\d+): (?P<filled>\d+) of (?P<all>\d+) entries hold weights")
def matrix(about: About, name: str, rows: str, columns: str, filled: str, all: str) -> None:
    check_matrix_names(about, name)
    outputs, inputs = prod(about.model.o), prod(about.plain.i)
    same("size of C", (int(rows), int(columns), int(all)), (outputs, inputs, outputs * inputs))
    same("entries", int(filled), sum(len(about.model.reads(output)) for output in about.model.outputs()))


@reader.says(r"(?P<kind>conv|transposed), " + SIZE)
def of_the_pair(about: About, kind: str, **formula: str | None) -> None:
    """Check the formula of the layer, or of its transpose, which leads back to the input."""
    if kind != about.plain.kind:
        about = replace(about, model=transpose_of(about))
        same("output of the transpose", about.model.o, about.scene and sizes(about.scene.sizes.split(" → ")[0]))
    size_formula(about, **formula)


def transpose_of(about: About) -> Model:
    """Return the other layer of the pair: from the output back to the input, with the padding in numbers."""
    padding = tuple((axis.before, axis.after) for axis in about.model.axes)
    other = replace(about.plain.opposite(), i=about.model.o, p=padding)
    if not about.plain.transposed:
        other = replace(other, a=about.model.sizes("behind"))
    return Model(other)


@reader.says("inside, counts are even when s divides k(?P<shares> and shares no factor with d)?")
def counts(about: About, shares: str | None) -> None:
    """Check that counts are even if s divides k, with this dilation or with one that shares no factor."""
    for axis in about.model.axes:
        for d in (1, 2, 3, 5, 7) if shares else (axis.d,):
            if all(axis.s % n or d % n for n in range(2, axis.s + 1)) or not shares:
                same(f"counts for k = 2s and d = {d}", len(set(long_counts(2 * axis.s, axis.s, d))), 1)


@reader.says("y = b, the bias, at first")
def bias_at_first(about: About) -> None:
    holds("there is a bias", about.values.shown.added is not None)


@reader.says("borders can receive (?P<more>more or )?fewer(?P<learnt>, and learnt weights can still be uneven)?")
def borders(about: About, more: str | None, learnt: str | None) -> None:
    holds("only a layer with a kernel has weights", not learnt or not about.plain.pools)
    same("copies in the padding add to the counts", bool(more), about.plain.mode != "zeros")
