"""The caption of a step that computes: `y[1,2] = 3·2 + (−1)·2 + 2 (bias) = 6`, `max(3, 4) = 4`, `(3 + 4)/2 = 3.5`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from tests.claims.digits import FACTOR, NUMBER, check_relation, check_value, is_exact, read
from tests.claims.model import Index, divisor
from tests.claims.reading import About, NotUnderstoodError, Reader, holds, same

reader = Reader()
NAME = r"y\[(?P<index>[\d,]+)\]"
ELLIPSIS = "…"


def cell_of(index: str, about: About) -> Index:
    """Return the output cell of a name; with channels, the first number is the shown one."""
    numbers = tuple(map(int, index.split(",")))
    channel = about.values.shown.channel if about.values else None
    if channel is not None:
        same("output channel", numbers[0], channel)
        numbers = numbers[1:]
    holds(f"y[{index}] is an output cell", numbers in about.model.outputs())
    return numbers


@reader.says(NAME + rf"(?: = (?P<sum>.+?))? (?P<relation>[=≈]) (?P<result>{NUMBER})")
def equation(about: About, index: str, sum: str | None, relation: str, result: str) -> None:
    if about.view == "upsample":
        from tests.claims.readers import upsampling

        upsampling.equation(about, index, sum, relation, result)
        return
    output = cell_of(index, about)
    holds("numbers are shown", about.values is not None and about.values.written)
    check_value(f"y[{index}]", result, about.values.y(output))
    holds(f"{result} is exact", relation == "≈" or is_exact(result, about.values.y(output)))
    check_written(about, output, sum, relation, result)


@reader.says(NAME + r"(?: = (?P<sum>.+?))? (?P<relation>[=≈]) \?")
def asked(about: About, index: str, sum: str | None, relation: str) -> None:
    """Check the terms of an equation whose result is not known yet; a window that was just moved has none."""
    output = cell_of(index, about)
    holds("numbers are shown", about.values is not None and about.values.written)
    if sum and sum != ELLIPSIS:
        check_written(about, output, sum, relation, None)


def check_written(about: About, output: Index, sum: str | None, relation: str, result: str | None) -> None:
    """Check the terms of an equation, and if the result is known, the relation."""
    if about.plain.pools:
        check_pooling(about, output, sum, relation, result)
    else:
        check_sum(about, output, sum, relation, result)


def check_terms(said: list[str], true: list[tuple[Any, ...]], pattern: str) -> bool:
    """Check the terms one by one; return whether all are there. An ellipsis leaves out a middle part."""
    if ELLIPSIS in said:
        gap = said.index(ELLIPSIS)
        head, tail = said[:gap], said[gap + 1 :]
        holds("an ellipsis leaves out at least one term", len(head) + len(tail) < len(true))
        pairs = [*zip(head, true, strict=False), *zip(tail, true[len(true) - len(tail) :], strict=True)]
    else:
        same("number of terms", len(said), len(true))
        pairs = list(zip(said, true, strict=True))
    for text, values in pairs:
        found = re.fullmatch(pattern, text)
        if not found:
            raise NotUnderstoodError(f"no reader understands the term {text!r}")
        for number, value in zip(found.groups(), values, strict=True):
            check_value(f"{number} in {text}", number, value)
    return ELLIPSIS not in said


def check_sum(about: About, output: Index, sum: str | None, relation: str, result: str | None) -> None:
    """Check a sum of products, or of channels, and its bias."""
    values, bias = about.values, about.values.shown.added
    terms = sum.split(" + ") if sum else []
    if not sum or terms == [ELLIPSIS]:
        holds("there is nothing to add", not about.full or (bias is None and not products(about, output)))
        return
    whole = terms[-1:]
    if bias is not None:
        found = re.fullmatch(rf"({FACTOR}) \(bias\)", whole[0])
        holds("the bias is the last term", bool(found))
        assert found
        check_value("bias", found[1], bias)
        terms = terms[:-1]
    holds("only a bias is called so", not any("bias" in term for term in terms))
    if values.channels > 1:
        complete = check_terms(terms, [(values.part(n, output),) for n in range(values.channels)], rf"({FACTOR})")
    else:
        complete = check_terms(terms, products(about, output), rf"({FACTOR})·({FACTOR})")
    if complete and result:
        check_relation(relation, total([*terms, *(whole if bias is not None else [])]), read(result))


def products(about: About, output: Index) -> list[tuple[Any, ...]]:
    """Return the factors, in reading order, of all products that are not zero."""
    model, shown = about.model, about.values.shown
    x, w = shown.input(0), shown.kernel(0, model.plain.transposed)
    found = []
    for place, tap in zip(model.window(output), model.taps(), strict=True):
        source = model.source(place)
        if source is not None and x[source] and w[tap]:
            found.append((x[source], w[tap]))
    return found


def total(terms: list[str]) -> Fraction:
    """Return the sum of what is written."""
    found = Fraction(0)
    for term in terms:
        product = Fraction(1)
        for factor in term.removesuffix(" (bias)").split("·"):
            product *= Fraction(read(factor))
        found += product
    return found


def inputs_under(about: About, output: Index) -> list[tuple[Any, ...]]:
    model, x = about.model, about.values.shown.input(0)
    return [(x[model.source(place)],) for place in model.window(output) if model.is_input(place)]


def check_pooling(about: About, output: Index, sum: str | None, relation: str, result: str | None) -> None:
    """Check `max(3, 4) = 4`, or `(3 + 4)/2 = 3.5` and its divisor; without an input cell nothing is written out."""
    if not sum:
        return
    is_maximum = about.plain.kind == "maxpool"
    found = re.fullmatch(r"max\((?P<terms>.+)\)" if is_maximum else r"\((?P<terms>.+)\)/(?P<divisor>\d+)", sum)
    holds(f"{sum} is a {'maximum' if is_maximum else 'mean'}", bool(found))
    assert found
    terms = found["terms"].split(", " if is_maximum else " + ")
    complete = check_terms(terms, inputs_under(about, output), f"({NUMBER})" if is_maximum else f"({FACTOR})")
    if not is_maximum:
        same("divisor", int(found["divisor"]), divisor(about.model, output))
    if complete and result:
        value = max(map(read, terms)) if is_maximum else total(terms) / int(found["divisor"])
        check_relation(relation, value, read(result))
