"""All notes on a layer: each is true, and none is missing."""

from __future__ import annotations

import re

from tests.claims.inside import inner_counts
from tests.claims.readers.notes import contributions, inputs_of, sizes_to, unread
from tests.claims.readers.notes_cells import reader
from tests.claims.reading import About, same
from tests.claims.reading import axis_of as axis_called


def check_all(notes: list[str], about: About) -> None:
    """Check each note, and that a note is there for each topic that the layer has."""
    said = set()
    for note in notes:
        check(note, about)
        said.add(re.sub("^(rows|columns): ", "", note).partition(":")[0])
    optional = {"never read"} if any(axis.unread for axis in about.model.axes) else set()
    true = topics(about)
    same("topics", said - (optional - true), true)


def check(sentence: str, about: About) -> None:
    """Check a note about all axes, or about the one that it names."""
    found = re.fullmatch(r"(rows|columns): (.+)", sentence)
    if found:
        reader.read(found[2], about.on(axis_called(found[1], about)))
    else:
        reader.read(sentence, about)


def topics(about: About) -> set[str]:
    """Return what there is to say about a layer, by brute force."""
    axes, plain = about.model.axes, about.plain
    if plain.transposed:
        counts = inner_counts(about.model)
        has_holes = any(not contributions(about.model, output) for output in about.model.outputs())
        true = {
            "ambiguous size": any(len(sizes_to(about, n)) > 1 for n in range(plain.count)),
            "holes": has_holes,
            "checkerboard": not has_holes and len(counts) > 1 and 0 not in counts,
            "cropped": bool(unread(about.model)) or any(spot.cropped for axis in axes for spot in axis.line),
        }
    else:
        true = {
            "ambiguous size": not plain.pools and any(len(inputs_of(about, n)) > 1 for n in range(plain.count)),
            "never read": bool(unread(about.model)) or any(axis.behind for axis in axes),
            "dropped window": any(axis.dropped for axis in axes),
        }
    return {topic for topic, holds in true.items() if holds}
