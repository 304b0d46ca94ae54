"""The text of `convviz stack --match`: sizes at the skip connections, what misses, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from tests.claims.model import Model
from tests.claims.plain import Plain
from tests.claims.reading import NotUnderstoodError, holds, pairs, per_axis, same, whole

SKIP = re.compile(
    r"layer (\d+) gives ([\d×]+), and joins the ([\d×]+) that go into layer (\d+): (?:(fits)|misses by ([+−\d×]+))"
)


def check(text: str, plains: Sequence[Plain]) -> None:
    """Follow the chain, layer by layer; each remedy is applied before the next layer is looked at."""
    given, *lines = text.rstrip("\n").split("\n")
    same("sizes", given, " → ".join(map(short, sizes_of(plains))))
    chain = list(plains)
    while lines and (found := SKIP.fullmatch(lines[0])):
        told = [line.strip() for line in takewhile(lambda line: line.startswith("  "), lines[1:])]
        lines = lines[1 + len(told) :]
        chain = check_skip(found, told, chain)
    if lines:
        same("a blank line, the sizes and a command follow", (lines[0], len(lines)), ("", 3))
        same("sizes after the change", lines[1], " → ".join(map(short, sizes_of(chain))))
        holds("the command draws a stack", lines[2].startswith("convviz stack "))
    else:
        same("no layer is changed", sizes_of(chain), sizes_of(plains))


def short(size: tuple[int, ...]) -> str:
    return str(size[0]) if len(set(size)) == 1 else "×".join(map(str, size))


def sizes_of(plains: Sequence[Plain]) -> list[tuple[int, ...]]:
    """Return the input of the first layer and the output of each; each takes the output of the one before."""
    sizes = [plains[0].i]
    for plain in plains:
        sizes.append(Model(replace(plain, i=sizes[-1])).o)
    return sizes


def check_skip(found: re.Match[str], told: list[str], chain: list[Plain]) -> list[Plain]:
    """Check a skip connection, and return the chain with its remedies."""
    up, down = int(found[1]), int(found[4])
    sizes = sizes_of(chain)
    count = chain[0].count
    gives, wanted = sizes[up], sizes[down - 1]
    same("sizes", (per_axis(found[2], count), per_axis(found[3], count)), (gives, wanted))
    factors = [[plain.s[n] ** (1 if plain.transposed else -1) for plain in chain[down - 1 : up]] for n in range(count)]
    for axis in factors:
        product = 1.0
        for factor in axis:
            product *= factor
        same("scale between both ends", round(product, 9), 1)
    if found[5]:
        same("it fits", gives, wanted)
        return chain
    misses = [whole(number.lstrip("+")) for number in found[6].split("×")]
    misses = misses * count if len(misses) == 1 else misses
    same("cells that are missing or too many", misses, [o - target for o, target in zip(gives, wanted, strict=True)])
    mended = replace(chain[up - 1], i=sizes[up - 1])
    for remedy in told:
        mended = applied(remedy, mended, gives, wanted)
    lost = [n for remedy in told for n in axes_of(remedy, count) if "nothing does" in remedy]
    for n, (o, target) in enumerate(zip(Model(mended).o, wanted, strict=True)):
        holds(f"the remedies {told} give {target}", o == target or n in lost)
    return [*chain[: up - 1], mended, *chain[up:]]


def axes_of(remedy: str, count: int) -> list[int]:
    """Return the axes of a remedy, all if it names none."""
    return {"rows": [0], "columns": [1]}.get(remedy.partition(":")[0], list(range(count)))


def applied(remedy: str, plain: Plain, gives: Sequence[int], wanted: Sequence[int]) -> Plain:
    """Return the layer with a remedy."""
    words = re.sub("^(rows|columns): ", "", remedy)
    padding = [(axis.before, axis.after) for axis in Model(plain).axes]
    added = list(Model(plain).sizes("a"))
    for n in axes_of(remedy, plain.count):
        a = re.fullmatch(r"output padding a = (\d+)|no output padding: a = 0", words)
        crop = re.fullmatch(r"crop (\d+) more off its output, (\d+) before and (\d+) after: p = (\d+(?:,\d+)?)", words)
        skip = re.fullmatch(r"nothing does; crop (\d+) off the skip connection, (\d+) before and (\d+) after", words)
        if a:
            added[n] = int(a[1] or 0)
        elif crop:
            same("cropped in all", int(crop[2]) + int(crop[3]), int(crop[1]))
            ((before, after),) = pairs(crop[4], 1)
            same("padding", (before, after), (padding[n][0] + int(crop[2]), padding[n][1] + int(crop[3])))
            padding[n], added[n] = (before, after), 0
        elif skip:
            same("cropped off the skip connection", int(skip[1]), wanted[n] - gives[n])
            same("cropped in all", int(skip[2]) + int(skip[3]), int(skip[1]))
        else:
            raise NotUnderstoodError(f"no reader understands the remedy {remedy!r}")
    return replace(plain, p=tuple(padding), a=tuple(added))
