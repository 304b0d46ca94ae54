"""Measure and place a few lines of text between panels."""

from __future__ import annotations

from collections.abc import Iterator

from convviz.layout.boxes import PlacedText
from convviz.layout.measured_node import MeasuredNode
from convviz.layout.typography import Typography, ascent, line_height
from convviz.scene.model import TextBlock

STYLE = "text block"


def measure_text_block(typography: Typography, block: TextBlock) -> MeasuredNode:
    """Measure lines of text, whose middle is on the centre line."""
    width = max(typography.text_width(line, STYLE) for line in block.lines)
    height = len(block.lines) * _line_height(typography)
    return MeasuredNode(block, width, height // 2, height - height // 2)


def text_block_lines(typography: Typography, block: TextBlock, x: int, top: int) -> Iterator[PlacedText]:
    """Yield the lines of a block whose upper left corner is at (x, top)."""
    baseline = top + ascent(typography.px(STYLE))
    for number, line in enumerate(block.lines):
        yield typography.text(line, STYLE, x, baseline + number * _line_height(typography))


def _line_height(typography: Typography) -> int:
    return round(1.3 * line_height(typography.px(STYLE)))
