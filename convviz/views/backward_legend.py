"""The legend of the backward pass: what is seen in an animation, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convviz.scene.model import CellRole, Frame, LegendEntry, Panel
from convviz.views.backward_slide import SPREAD, sliding_layer
from convviz.views.backward_values import Backward
from convviz.views.header import describe_faded, padding_text
from convviz.views.last_window import LEGEND_TEXT

TENSORS: tuple[tuple[CellRole, tuple[str, ...]], ...] = (
    ("input", ("x", "dL/dx")),
    ("kernel", ("w", "dL/dw", "dL/db")),
    ("output", ("dL/dy",)),
)
"""Role → the tensors in its colour."""
PANEL_OF = {"w": "kernel"}


def legend(back: Backward, panels: Sequence[Panel], frames: Sequence[Frame]) -> tuple[LegendEntry, ...]:
    """Name the roles of cells and marks that are seen."""
    names = {panel.name for panel in panels}
    seen = _seen(panels, frames)
    marks = {mark.role for frame in frames for mark in frame.marks}
    entries = []
    for role, tensors in TENSORS:
        shown = [tensor for tensor in tensors if PANEL_OF.get(tensor, tensor) in names]
        if (role, False) in seen:
            entries.append(LegendEntry(role, " and ".join(shown) if len(shown) < 3 else ", ".join(shown)))
    if ("inserted", False) in seen:
        entries.append(LegendEntry("inserted", "zero"))
    if ("padding", False) in seen:
        entries.append(LegendEntry("padding", padding_text(back.layer)))
    entries += [LegendEntry("window", "this step")] if "window" in marks else []
    entries += [LegendEntry("last", LEGEND_TEXT)] if "last" in marks else []
    entries += [LegendEntry("source", "inside of dL/dx")] if "source" in marks else []
    return (*entries, *_faded(back, names, seen))


def _seen(panels: Sequence[Panel], frames: Sequence[Frame]) -> set[tuple[CellRole, bool]]:
    """Return the roles of all cells that a frame shows, with whether they are faded."""
    seen = {(cell.role, cell.faded) for panel in panels for row in panel.cells for cell in row}
    return seen | {(change.cell.role, change.cell.faded) for frame in frames for change in frame.changes}


def _faded(back: Backward, names: set[str], seen: set[tuple[CellRole, bool]]) -> Iterator[LegendEntry]:
    """Say why cells are faded: those of the padding of dL/dx, of dL/dy that is cropped, of x that no window reads."""
    layer, reasons = back.layer, []
    if "dL/dx" in names and not back.transposed and back.line != layer.input:
        lost = "cropped" if layer.padding_mode == "zeros" else "added to what it repeats"
        reasons.append(lost if back.crops else "receives nothing")
    if SPREAD in names:
        other = sliding_layer(layer)
        assert other
        reasons += describe_faded(other).split(" or ")
    if "x" in names and not back.transposed:
        reasons += describe_faded(layer).split(" or ")
    roles: tuple[CellRole, ...] = ("input", "output", "padding", "inserted", "empty")
    role = next((role for role in roles if (role, True) in seen), None)
    if role:
        yield LegendEntry(role, " or ".join(dict.fromkeys(filter(None, reasons))), faded=True)
