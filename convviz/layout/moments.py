"""Place the names of the moments of a step at the right of the badges: window → multiply → add → write."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from convviz.layout.boxes import Box, PlacedText, centred_baseline
from convviz.layout.scene_layout import Tab
from convviz.layout.typography import Typography, descent
from convviz.scene.model import Badge

ARROW = "→"
GAP = 8
"""Pixels of the 1280×720 design on both sides of an arrow."""
DISTANCE = 40
"""Pixels between the badges and the names, at least."""


def place_moments(
    names: Sequence[str], badges: Sequence[tuple[Box, Badge]], typography: Typography
) -> tuple[tuple[Tab, ...], tuple[PlacedText, ...]]:
    """Return the names, each in both weights with its line, and the arrows; nothing if they do not fit."""
    if not names or not badges:
        return (), ()
    line = [box for box, _ in badges if box.y == badges[0][0].y]
    gap, px = typography.scaled(GAP), typography.px("moment")
    widths = [max(typography.text_width(name, style, px) for style in ("moment", "present moment")) for name in names]
    arrow = typography.text_width(ARROW, "moment", px)
    left = typography.width - typography.margin - sum(widths) - (len(names) - 1) * (arrow + 2 * gap)
    if left < line[-1].right + typography.scaled(DISTANCE):
        return (), ()
    baseline = centred_baseline(line[0], px)
    thickness = max(2, typography.scaled(3))
    placed = []
    for name, width in zip(names, widths, strict=True):
        texts = (
            typography.text(name, style, left + (width - typography.text_width(name, style, px)) // 2, baseline, px=px)
            for style in ("moment", "present moment")
        )
        placed.append(Tab(Box(left, baseline + descent(px) + 1, width, thickness), *texts))
        left += width + arrow + 2 * gap
    arrows = tuple(
        typography.text(ARROW, "moment", one.bar.right + gap, baseline, px=px) for one, _ in pairwise(placed)
    )
    return tuple(placed), arrows
