"""The legend: it lists what is seen in the animation, all of it and nothing else."""

from __future__ import annotations

import re

from tests.claims.inside import hits
from tests.claims.readers.rules import transpose_of
from tests.claims.readers.views import full_size, variant
from tests.claims.reading import About, NotUnderstoodError, holds, per_axis, same

NAMES = {
    "input": ("input", "x", "input, and what is sent back", "input and copies, in two tints"),
    "inserted": ("inserted zero",),
    "padding": ("padding", "padding (−∞)", "padding (counts as 0)", "padding (not counted)"),
    "kernel": ("kernel", "weight"),
    "window": ("window", "kernel window", "stamp", "fed by this cell", "this step", "connected cells"),
    "last": ("last window",),
    "source": ("borrowed from",),
    "output": ("output", "y"),
    "empty": ("none",),
    "zero": ("zero",),
    "shade": ("input",),
    "pixel": ("input", "output"),
    "positive": ("output",),
    "negative": ("negative",),
    "exact zero": ("exactly 0",),
    "pending": ("not yet computed",),
}
"""Role → what it may be called."""
SHADES = ("shade", "positive", "negative", "exact zero", "pending")
NAMED_ROLES = ("input", "inserted", "padding", "kernel", "output", *SHADES)
MARK_ROLES = ("window", "last", "source", "kept")
REASONS = ("cropped", "beyond the padding", "never read")


def seen_cells(about: About) -> set[tuple[str, bool]]:
    """Return the roles of all cells that a frame shows, with whether they are faded; products have a caption."""
    products = [number for number, panel in enumerate(about.scene.panels) if panel.name == "products"]
    seen = {(cell.role, cell.faded) for panel in about.scene.panels for row in panel.cells for cell in row}
    for frame in about.scene.frames:
        seen |= {(one.cell.role, one.cell.faded) for one in frame.changes if one.panel not in products}
        seen |= {(floating.cell.role, floating.cell.faded) for floating in frame.floating_cells}
    return seen


def check_legend(about: About) -> None:
    cells = seen_cells(about)
    marks = {mark.role for frame in about.scene.frames for mark in frame.marks}
    in_scales = {(cell.role, False) for entry in about.scene.legend for part in entry.scale for cell in part.cells}
    listed = {(entry.role, entry.faded) for entry in about.scene.legend} | in_scales
    for role, _ in in_scales:
        holds(f"{role} of a scale is seen in the animation", bool({(role, False), (role, True)} & cells))
    for entry in about.scene.legend:
        if entry.scale:
            check_entry(entry.role, entry.text, entry.faded, about)
            continue
        check_entry(entry.role, entry.text, entry.faded, about)
        seen = entry.role in marks if entry.role in MARK_ROLES else (entry.role, entry.faded) in cells
        holds(f"{entry.text!r} ({entry.role}{', faded' * entry.faded}) is seen in the animation", seen)
    for role, faded in cells:
        if faded:
            holds("faded cells are explained", any(shown for _, shown in listed))
        elif role in NAMED_ROLES and not (role == "kernel" and has_named_kernel(about)):
            holds(f"{role} is explained", (role, False) in listed)
    for role in marks:
        holds(f"the mark {role} is explained", (role, False) in listed)


def kind_of_padding(about: About) -> int:
    """Return which of the names of padding is true: a maximum ignores it, a mean may count it."""
    return {"maxpool": 1, "avgpool": 2 if about.plain.include else 3}.get(about.plain.kind, 0)


def has_named_kernel(about: About) -> bool:
    """Return whether each grid of weights says that it is the kernel."""
    grids = [panel for panel in about.scene.panels if panel.name == "kernel"]
    return not grids or any(panel.caption.startswith("kernel") or panel.label.startswith("w") for panel in grids)


def check_entry(role: str, text: str, faded: bool, about: About) -> None:
    if about.view.startswith("backward") and (faded or role != "padding"):
        from tests.claims.readers import backward_view

        backward_view.check_entry(role, text, faded, about)
    elif faded:
        check_faded(text, about)
    elif text in NAMES.get(role, ()):
        check_name(text, about)
    else:
        check_special(role, text, about)


def check_name(text: str, about: About) -> None:
    if text in ("kernel window", "kernel", "borrowed from"):
        holds("the layer has a kernel", not about.plain.pools)
    if text.startswith("padding"):
        same("what padding counts as", text, NAMES["padding"][kind_of_padding(about)])
    if text == "stamp":
        holds("stamps are of a transposed layer", about.plain.transposed)


def check_faded(text: str, about: About) -> None:
    """Check `cropped or never read`: each reason holds of some cells, and no reason is left out."""
    axes = about.model.axes
    if about.view.endswith("scatter"):
        same("reason", text, "cropped")
        return
    true = {
        "cropped": any(spot.cropped for axis in axes for spot in axis.line),
        "beyond the padding": any(axis.beyond for axis in axes),
        "never read": any(axis.unread for axis in axes),
    }
    same("reasons", text.split(" or "), [reason for reason in REASONS if true[reason]])


def check_special(role: str, text: str, about: About) -> None:
    """Check entries with numbers."""
    counted = re.fullmatch(r"(\d+) contributions?", text)
    last = re.fullmatch(r"last ones: output padding a = ([\d×]+)", text)
    if counted and role == "output":
        same("highest count", int(counted[1]), max(map(highest_count, shown_variants(about))))
    elif (role, text) == ("kept", "kept"):
        holds("a part of the full output is cropped", full_size(about) != about.model.o)
    elif last and role == "source":
        other = about.model if about.plain.transposed else transpose_of(about)
        same("output padding", per_axis(last[1], about.plain.count), other.sizes("a"))
    elif (role, text) not in (("window", "touched in this step"), ("window", "read by this output cell")):
        raise NotUnderstoodError(f"no reader understands the legend {text!r} of {role}")


def shown_variants(about: About) -> list[About]:
    """Return the layer with each kernel that a panel shows."""
    captions = [panel.caption for panel in about.scene.panels]
    return [variant(about, found[1]) for caption in captions if (found := re.match(r"k = ([\d×]+)", caption))]


def highest_count(about: About) -> int:
    """Return the most windows that read a cell, or the most stamps that hit one."""
    most = 1
    for axis in about.model.axes:
        most *= max(hits(axis, cell) for cell in range(axis.o if axis.transposed else axis.i))
    return most
