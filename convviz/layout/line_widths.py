"""Widths of gaps between cells, and of lines around them, for a cell size."""

from __future__ import annotations


def gap(pitch: int) -> int:
    """Gap between cells: 2 pixels at pitch 58, none below pitch 6."""
    return 0 if pitch < 6 else max(1, round(pitch / 29))


def outline(pitch: int, unit: float = 1) -> int:
    """Width of the window's outline; `unit` is that of the typography."""
    return min(max(2, round(pitch / 14)), max(6, round(6 * unit))) if pitch >= 8 else 1


def halo(outline: int) -> int:
    """Width of the halo on both sides of an outline."""
    return max(1, outline // 2)


def reach(outline: int) -> int:
    """Pixels by which the window's outline and its halo extend beyond the cells."""
    return outline - outline // 2 + halo(outline)


def bracket_distance(pitch: int, unit: float = 1) -> int:
    """Least distance of brackets from a grid: beyond the halo of the window's outline."""
    return reach(outline(pitch, unit)) + 1
