"""Measure mathematical signs between panels."""

from __future__ import annotations

from convviz.layout.measured_node import MeasuredNode
from convviz.layout.typography import Typography, ascent, descent
from convviz.scene.model import Operator


def measure_operator(typography: Typography, operator: Operator) -> MeasuredNode:
    """Measure a mathematical sign, whose middle is about 0.31 of its size above the baseline."""
    style, px = operator_style(operator), typography.px(operator_style(operator))
    drop = round(px * 0.31)
    return MeasuredNode(operator, typography.text_width(operator.text, style), ascent(px) - drop, descent(px) + drop)


def operator_style(operator: Operator) -> str:
    """Text style of an operator; the font draws some glyphs small."""
    if len(operator.text) > 1:
        return "word operator"
    return "small operator" if operator.text == "⋆" else "operator"
