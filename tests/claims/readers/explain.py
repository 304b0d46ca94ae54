"""The text of `convviz explain`: its blocks, and the lines of each."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.claims.model import Model
from tests.claims.readers import diagnostics, errors, formulas, steps
from tests.claims.reading import About, NotUnderstoodError, Reader, holds, pairs, per_axis, same, sizes

title = Reader()
table = Reader()
CONVOLUTIONS = ("standard", "transposed")
TITLES = {
    "conv": "Convolution",
    "transposed": "Transposed convolution",
    "maxpool": "Max pooling",
    "avgpool": "Average pooling",
}


def read(text: str, about: About) -> None:
    """Check each line of the text, and that no block is missing."""
    seen: list[str] = []
    told: list[str] = []
    for block in text.split("\n\n"):
        head, *lines = block.split("\n")
        if re.match(r"\d\. ", head):
            seen.append(head[0])
            steps.check_step(head, lines, about)
        elif head == "Output size":
            seen.append("sizes")
            check_sizes(lines, about)
        elif head == "Worth knowing":
            told = [line.removeprefix("   - ") for line in lines]
        elif re.match(r" +standard +transposed", head):
            seen.append("table")
            check_table(lines, about)
        else:
            title.read(block, about)
            seen.append("title")
    diagnostics.check_all(told, about)
    numbers = [str(n + 1) for n in range(4 if about.plain.transposed else 2)]
    same("blocks", seen, ["title", *numbers, "sizes", *([] if about.plain.pools else ["table"])])


@title.says(r"(?P<name>[A-Z][a-z ]+): input (?P<before>[\d×]+) → output (?P<after>[\d×]+)")
def headline(about: About, name: str, before: str, after: str) -> None:
    same("kind", name, TITLES[about.plain.kind])
    same("input", sizes(before), about.plain.i)
    same("output", sizes(after), about.model.o)


def both(about: About) -> dict[str, About]:
    """Return the convolution and the transposed convolution with the words of the layer."""
    other = replace(about, model=Model(about.plain.opposite()))
    pair = (other, about) if about.plain.transposed else (about, other)
    return dict(zip(CONVOLUTIONS, pair, strict=True))


def check_sizes(lines: list[str], about: About) -> None:
    """Check the formulas; those of a convolution are labelled `standard` and `transposed`."""
    told: dict[str, list[str]] = {}
    for line in lines:
        found = re.fullmatch(r"   (?:(standard|transposed): +)?(.*)", line)
        if not found:
            raise NotUnderstoodError(f"no reader understands {line!r}")
        told.setdefault(found[1] or "", []).append(found[2])
    meant = {"": about} if about.plain.pools else both(about)
    same("labels of the formulas", list(told), list(meant))
    for label, said in told.items():
        if said[0].startswith("not possible: "):
            same("lines", len(said), 1)
            errors.reader.read(said[0].removeprefix("not possible: "), meant[label])
            continue
        for line in said:
            formulas.reader.read(line, meant[label])
        named = [line.split(":")[0] for line in said if ":" in line]
        same("axes of the formulas", named, list(about.model.names) if len(said) > 1 else [])


def check_table(lines: list[str], about: About) -> None:
    """Check the columns `standard` and `transposed`."""
    columns = [match.span() for match in re.finditer("─+", lines[0])]
    for line in lines[1:]:
        name, *cells = [line[start:end].strip() for start, end in columns]
        for (which, meant), cell in zip(both(about).items(), cells, strict=True):
            table.read(f"{which} {name}: {cell}", meant)


@table.says("standard operation: gathers, mostly downsampling", "transposed operation: scatters, mostly upsampling")
def operation(about: About) -> None:
    """Nothing that depends on numbers."""


@table.says("standard zero insertions: 0", "transposed stride: s′ = 1")
def constant(about: About) -> None:
    """Nothing that depends on numbers."""


@table.says("transposed zero insertions: z = s − 1(?: = (?P<z>.+))?")
def insertions(about: About, z: str | None) -> None:
    same("z is given exactly if there is a layer", bool(z), about.model.exists)
    if z:
        same("z", per_axis(z, about.plain.count), tuple(s - 1 for s in about.plain.s))


@table.says(r"standard padding: p(?: = (?P<p>[\d×,]+))?(?P<rest>.*)")
def padding(about: About, p: str | None, rest: str) -> None:
    same("p is given exactly if there is a layer", bool(p), about.model.exists)
    same("more about padding", rest, "")
    if p:
        given = tuple((axis.before, axis.after) for axis in about.model.axes)
        same("p", pairs(p, about.plain.count), given)


@table.says(r"transposed padding: p(?:′ = (?P<symbols>.+?) = (?P<p>[−\d×,]+))?")
def implicit(about: About, symbols: str | None, p: str | None) -> None:
    same("p′ is given exactly if there is a layer", bool(p), about.model.exists)
    if p:
        same("symbols", symbols, "k − p − 1" if set(about.plain.d) == {1} else "d(k − 1) − p")
        same("p′", pairs(p, about.plain.count), tuple(axis.implicit for axis in about.model.axes))


@table.says(r"standard stride: s(?: = (?P<s>[\d×]+))?")
def stride(about: About, s: str | None) -> None:
    same("s is given exactly if there is a layer", bool(s), about.model.exists)
    if s:
        same("s", per_axis(s, about.plain.count), about.plain.s)


@table.says(r"(?:standard|transposed) output size: (?P<o>[\d×]+|none)")
def output(about: About, o: str) -> None:
    if o == "none":
        holds("there is no such layer", not about.model.exists)
    else:
        same("output", sizes(o), about.model.o)
