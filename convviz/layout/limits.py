"""The limit of a picture's size."""

from __future__ import annotations

LARGEST_SIDE = 8192
"""Pixels of the longer side."""
LONGEST_STRIP = 2 * LARGEST_SIDE
"""Pixels of the height of a filmstrip."""
