"""The numbers in cells: their shapes, their font size, and in which panels they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from convviz.layout.boxes import Grid
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.layout.typography import Typography
from convviz.scene.model import Scene
from convviz.text.formatting import is_sum

DIGITS = str.maketrans("123456789", "000000000")
"""Replaces each digit by 0: digits are equally wide, so one number stands for all of its shape."""


def number_size(
    shapes: Sequence[set[str]], typography: Typography, grids: Sequence[Grid | ObliqueGrid]
) -> tuple[int, tuple[bool, ...]]:
    """Font size of numbers of these shapes, and for each panel whether they are shown.

    A panel shows its numbers if the longest of them fits at the smallest readable size. The font size is the largest
    at which those of all these panels fit, or 0 if there are none.
    """
    largest_of = [_largest(grid, typography) for grid in grids]
    smallest = typography.smallest_px

    def fits(panel: int, px: int, tight: bool) -> bool:
        cell = grids[panel].cell(0, 0)
        widths = (typography.text_width(shape, "number", px) for shape in shapes[panel])
        return all(cell.holds(width, px, tight) for width in widths)

    shown = [
        panel
        for panel in range(len(grids))
        if shapes[panel] and largest_of[panel] >= smallest and fits(panel, smallest, True)
    ]
    largest = min((largest_of[panel] for panel in shown), default=0)
    sizes = product((False, True), range(largest, smallest - 1, -1))
    px = next((px for tight, px in sizes if all(fits(panel, px, tight) for panel in shown)), 0) if shown else 0
    return px, tuple(panel in shown or not shapes[panel] for panel in range(len(grids)))


def number_pitch(shapes: Sequence[set[str]], grids: Sequence[Grid | ObliqueGrid]) -> int:
    """Pixels from cell to cell of the grids that have numbers, which are those of a lens if there is one."""
    pairs = zip(grids, shapes, strict=True)
    return max((grid.pitch for grid, found in pairs if found), default=grids[0].pitch)


def _largest(grid: Grid | ObliqueGrid, typography: Typography) -> int:
    """Return the largest font size in the cells of a grid."""
    side = grid.pitch - grid.gap
    return max(round(side * 0.36), min(typography.smallest_px, round(side * 0.55)))


def number_shapes(scene: Scene) -> list[set[str]]:
    """Return the shapes of the numbers that each panel ever shows; a sum is drawn smaller, where it fits."""
    shapes: list[set[str]] = [{cell.text for row in panel.cells for cell in row} for panel in scene.panels]
    for frame in scene.frames:
        for change in frame.changes:
            shapes[change.panel].add(change.cell.text)
        for floating in frame.floating_cells:
            shapes[floating.panel].add(floating.cell.text)
    return [{text.translate(DIGITS) for text in texts if text and not is_sum(text)} for texts in shapes]
