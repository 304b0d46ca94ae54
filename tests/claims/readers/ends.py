"""Stamps, and the closing captions: what the last step of a view says of the whole."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from tests.claims.digits import NUMBER, check_value
from tests.claims.model import Index, computed
from tests.claims.readers import panels
from tests.claims.readers.captions import reader
from tests.claims.readers.rules import reader as rules
from tests.claims.readers.views import variant
from tests.claims.reading import About, holds, same


def returned(about: About) -> Counter[Index]:
    """Send each output times its weights back to the cells under its window; cells that no window reads get nothing."""
    model, kernel = about.model, about.values.shown.kernel(0, about.plain.transposed)
    back: Counter[Index] = Counter()
    for output, value in about.values.all.items():
        for place, tap in zip(model.window(output), model.taps(), strict=True):
            source = model.source(place)
            if source is not None:
                back[source] += value * kernel[tap]
    return back


def the_end(about: About) -> None:
    holds("the view has an end", about.view in ("pair", "steps"))
    same("frame", about.number, len(about.scene.frames) - 1)


@reader.says(
    rf"(?:same size, other numbers: )?(?P<before>≈?{NUMBER}) became (?P<after>≈?{NUMBER})"
    r"(?:; a transpose is not an inverse)?"
)
def became(about: About, before: str, after: str) -> None:
    the_end(about)
    cells: dict[int, Any] = {
        mark.panel: (*mark.rows, *mark.cols) for mark in about.frame.marks if mark.role == "window"
    }
    same("cells that are compared", cells[0], cells[2])
    cell = cells[0][-about.plain.count :]
    check_value("the cell of the input", before, about.values.shown.input(0)[cell])
    check_value("what came back", after, returned(about)[cell])
    holds("the numbers differ", before != after)


@reader.says("same size, and here the same numbers", "the same numbers")
def unchanged(about: About) -> None:
    the_end(about)
    holds("numbers are shown", about.values.visible)
    texts = {
        (change.row, change.col)[-about.plain.count :]: change.cell.text
        for frame in about.scene.frames
        for change in frame.changes
        if change.panel == 2
    }
    for cell in about.model.inputs():
        check_value("what came back", texts[cell], about.values.shown.input(0)[cell])


@reader.says("same size, but in general other numbers: a transpose is not an inverse", "same size, not an inverse")
def in_general(about: About) -> None:
    the_end(about)
    holds("numbers are hidden", not about.values.visible)


@reader.says(
    r"Libraries insert no zeros(?:: they compute it as the gradient of a convolution)?(?: \(see --view scatter\))?"
)
def libraries(about: About) -> None:
    holds("the layer is transposed", about.plain.transposed)
    the_end(about)


@panels.captions.says("stamp = x · kernel")
def stamp(about: About) -> None:
    """Check the products that each step writes."""
    index = next(index for index, panel in enumerate(about.scene.panels) if panel.name == "stamp")
    kernel = about.values.shown.kernel(0, True)
    for cell, frame in zip(about.model.inputs(), about.scene.frames, strict=False):
        for change in frame.changes:
            if change.panel == index:
                weight = kernel[(change.row, change.col)[-about.plain.count :]]
                check_value("product", change.cell.text, about.values.shown.input(0)[cell] * weight)


@rules.says("these counts are also values: the output if input and kernel are all ones")
def counts_as_values(about: About) -> None:
    """Compute that output for the kernel of each panel, and compare it with what the panel counts in the end."""
    for index, panel in enumerate(about.scene.panels):
        found = re.match(r"k = ([\d×]+)", panel.caption)
        if found and about.values.visible:
            model = variant(about, found[1]).model
            ones = computed(model, np.ones(model.plain.i, int), np.ones(model.plain.k, int))
            counts = {
                (change.row, change.col)[-about.plain.count :]: change.cell.text
                for frame in about.scene.frames
                for change in frame.changes
                if change.panel == index
            }
            same("values", {cell: str(value) for cell, value in ones.items() if value}, counts)
