"""Group the pictures of a gallery into sections, one per kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convviz.gallery.entry import Entry
from convviz.layers.kinds import LAYER_KINDS

TITLES = {
    **{kind: (layer.title, layer.noun.removeprefix("a ")) for kind, layer in LAYER_KINDS.items()},
    "stack": ("Several layers", "several layers"),
    "preset": ("The animations of conv_arithmetic", "conv_arithmetic"),
    "train": ("Training", "training"),
    "layer": ("Layers from code and models", "code and models"),
}
"""Kind → title of its section and label of its filter, in the order of the page."""


@dataclass(frozen=True)
class Section:
    """The pictures of a kind, in the order of the recipes."""

    kind: str
    title: str
    label: str
    entries: tuple[Entry, ...]


def sections(entries: Sequence[Entry]) -> list[Section]:
    """Return the sections that are not empty; kinds without a title come last."""
    kinds = dict.fromkeys([*TITLES, *(entry.kind for entry in entries)])
    found = [(kind, tuple(entry for entry in entries if entry.kind == kind)) for kind in kinds]
    return [Section(kind, *TITLES.get(kind, (kind, kind)), group) for kind, group in found if group]
