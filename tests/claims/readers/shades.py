"""What the legend says of cells that are shaded by their values: the scale of each grid."""

from __future__ import annotations

from typing import Any

from tests.claims.digits import check_value, read
from tests.claims.reading import About, holds, same


def check_scales(about: About) -> None:
    """Check the scales of input and output; their ends look as the cells of the lowest and the highest value do."""
    scales = {entry.text: entry.scale for entry in about.scene.legend if entry.scale}
    is_image = about.view == "image"
    is_shaded = is_image or (about.values is not None and about.values.shown.shaded)
    same("grids with a scale", sorted(scales), ["input", "output"] if is_shaded else [])
    if not scales:
        return
    outputs = list(about.values.all.values())
    if is_image:
        check_greys(scales["input"], drawn_values(about))
        check_greys(scales["output"], outputs)
    else:
        is_exact = about.values.shown.scale == 1
        check_scale(scales["input"], list(about.values.shown.input(0).flat), is_exact)
        check_scale(scales["output"], outputs, is_exact)


def check_greys(scale: Any, numbers: list[Any]) -> None:
    """Check the scale of a picture: its lowest value is black, and its highest one white, unless all are equal."""
    check_value("lowest value", scale[0].text, min(numbers))
    check_value("highest value", scale[-1].text, max(numbers))
    levels = [cell.level for part in scale for cell in part.cells]
    holds("shades rise", levels == sorted(set(levels)))
    same("ends of the shades", (levels[0], levels[-1]), (50, 50) if min(numbers) == max(numbers) else (0, 100))


def drawn_values(about: About) -> list[object]:
    """Return the values that are drawn in shades: the input, and zeros that count."""
    numbers = list(about.values.shown.input(0).flat)
    pads = not about.plain.pools or (about.plain.kind == "avgpool" and about.plain.include)
    zeros = (
        spot.source is None and spot.kind in ("padding", "inserted", "beyond")
        for a in about.model.axes
        for spot in a.line
    )
    return [*numbers, *([0] if pads and any(zeros) else [])]


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
