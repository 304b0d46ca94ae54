"""Font sizes of notes: the factors of a product, alone in a cell or above the product."""

from __future__ import annotations

from collections.abc import Sequence

from convviz.layout.boxes import CAPITALS, Box, Grid
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.layout.typography import Typography
from convviz.scene.model import Scene

DIGITS = str.maketrans("123456789", "000000000")
NOTE_SHARE = 0.2
"""Font size of a note above a number, as a share of the cell."""
SPACE_SHARE = 0.07
"""Space above a note, as a share of the cell."""


def note_sizes(
    scene: Scene, typography: Typography, grids: Sequence[Grid | ObliqueGrid], number_px: int
) -> tuple[int, int]:
    """Return the font sizes of notes alone and of notes above numbers of `number_px`; 0 for those that do not fit."""
    shapes = {
        (change.panel, change.cell.note.translate(DIGITS))
        for frame in scene.frames
        for change in frame.changes
        if change.cell.note
    }
    if not shapes or not number_px:
        return 0, 0
    noted = grids[next(panel for panel, _ in shapes)]
    side = noted.pitch - noted.gap
    smallest = typography.smallest_px
    widest = max((note for _, note in shapes), key=lambda note: typography.text_width(note, "note", 100))
    sizes = range(number_px, smallest - 1, -1)
    alone = next((px for px in sizes if typography.text_width(widest, "note", px) <= 0.9 * side), 0)
    above = min(alone, max(smallest, round(side * NOTE_SHARE)))
    return alone, above if above and above + number_px <= 0.85 * side else 0


def note_and_number(box: Box, note_px: int, number_px: int) -> tuple[int, int]:
    """Return the baselines of a note and of the number below it, both together in the middle of a cell."""
    note, number = CAPITALS * note_px, CAPITALS * number_px
    space = box.h * SPACE_SHARE * 2
    top = box.y + (box.h - note - space - number) / 2
    return round(top + note), round(top + note + space + number)
