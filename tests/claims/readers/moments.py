"""What is said before a step ends: what is taken, what is not known yet, and what is added."""

from __future__ import annotations

from tests.claims.digits import FACTOR, NUMBER, check_value
from tests.claims.readers import ends, panels
from tests.claims.readers.views import INPUT, input_cell
from tests.claims.reading import About, Reader, holds, same

reader = Reader(ends.reader)
SUM = rf"≈?{NUMBER} [+−] {NUMBER}"


@reader.says(INPUT.join(("take ", rf"(?: [=≈] (?P<value>{NUMBER}))?")))
def taken(about: About, index: str, value: str | None) -> None:
    input_cell(index, value, about)
    same("its value is said", value is not None or not about.full, about.values.visible or not about.full)


@reader.says(rf"stamp = ≈?(?P<factor>{FACTOR}) · kernel")
def made(about: About, factor: str) -> None:
    assert about.number is not None
    check_value("the cell that is taken", factor, about.values.shown.input(0)[about.model.inputs()[about.number]])


def sums(about: About) -> list[str]:
    """Return what the frame shows as sums, in reading order."""
    target = next(number for number, panel in enumerate(about.scene.panels) if panel.name == "output")
    found = {(one.row, one.col): one.cell.text for one in about.frame.changes if one.panel == target}
    return [text for _, text in sorted(found.items()) if " " in text]


@reader.says("no overlap(?:: the stamp is written as it is)?")
def alone(about: About) -> None:
    same("sums", sums(about), [])


@reader.says(rf"(?:(?P<what>overlaps add|added to the bias): )?(?P<sum>{SUM})")
def added(about: About, what: str | None, sum: str) -> None:
    holds(f"{sum} is in a cell", sum in sums(about))
    if what == "added to the bias":
        check_value("bias", sum.split(" ", maxsplit=1)[0], about.values.shown.added)


@panels.captions.says("products, added up")
def products(about: About) -> None:
    """Checked with the cells: each is the product of two cells, and they add up to the output."""
    holds("one channel is multiplied", about.values.channels == 1 and not about.plain.pools)
