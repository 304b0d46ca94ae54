"""What the legend says of cells that are shaded by their values: the scale of each grid."""

from __future__ import annotations

from typing import Any

from tests.claims.digits import check_value, read
from tests.claims.reading import About, holds, same


def check_scales(about: About) -> None:
    """Check the scales of input and output; their ends look as the cells of the lowest and the highest value do."""
    scales = {entry.text: entry.scale for entry in about.scene.legend if entry.scale}
    same(
        "grids with a scale", sorted(scales), ["input", "output"] if about.values and about.values.shown.shaded else []
    )
    if scales:
        is_exact = about.values.shown.scale == 1
        check_scale(scales["input"], list(about.values.shown.input(0).flat), is_exact)
        check_scale(scales["output"], list(about.values.all.values()), is_exact)


def check_scale(scale: Any, numbers: list[Any], is_exact: bool) -> None:
    """Check a scale; sums of fractions may miss 0 by a rounding error."""
    low, high = min(numbers), max(numbers)
    check_value("lowest value", scale[0].text, low)
    check_value("highest value", scale[-1].text, high)
    values = [read(part.text) for part in scale]
    holds("values on a scale rise", values == sorted(set(values)))
    same("values between", values[1:-1], [0] * len(values[1:-1]))
    same("0 is on a scale that has both signs", 0 in values[1:-1], low < 0 < high)
    cells = [cell for part in scale for cell in part.cells]
    ranks = [{"negative": -1, "exact zero": 0}.get(cell.role, 1) * cell.level for cell in cells]
    holds("shades rise", ranks == sorted(set(ranks)))
    if is_exact:
        same("signs of shades", {(rank > 0) - (rank < 0) for rank in ranks}, {(n > 0) - (n < 0) for n in numbers})
