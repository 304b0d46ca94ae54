"""The numbers in a lens: the values under each window, the weights, their products, the bias and the output cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.claims.digits import check_value
from tests.claims.model import Index
from tests.claims.readers import panels
from tests.claims.reading import About, holds, same


def steps(about: About, name: str) -> Iterator[tuple[Index, list[str]]]:
    """Yield each output cell, and the texts of a panel in reading order when it is written."""
    (index,) = (index for index, panel in enumerate(about.scene.panels) if panel.name == name)
    panel = about.scene.panels[index]
    texts = {(row, col): cell.text for row, line in enumerate(panel.cells) for col, cell in enumerate(line)}
    for output, frame in zip(about.model.outputs(), about.scene.frames, strict=True):
        texts |= {(one.row, one.col): one.cell.text for one in frame.changes if one.panel == index}
        yield output, [texts[place] for place in sorted(texts)]


def value_at(about: About, place: Index) -> Any:
    """Return what is at a place of the padded input; None for what does not count."""
    source = about.model.source(place)
    if source is not None:
        return about.values.shown.input(0)[source]
    kind = about.plain.kind
    is_beyond = any(spot.kind == "beyond" for spot in about.model.spots(place))
    if is_beyond or (kind == "avgpool" and not about.plain.include):
        return None
    return float("-inf") if kind == "maxpool" else 0


@panels.captions.says("window")
def window(about: About) -> None:
    holds("the numbers of a window are in a lens", about.values.shown.lens)
    for output, texts in steps(about, "lens window"):
        for place, text in zip(about.model.window(output), texts, strict=True):
            value = value_at(about, place)
            if value is None:
                same("what does not count", text, "")
            else:
                check_value(f"value at {place}", text, value)


@panels.captions.says("products")
def products(about: About) -> None:
    w = about.values.shown.kernel(0, about.plain.transposed)
    for output, texts in steps(about, "lens products"):
        for place, tap, text in zip(about.model.window(output), about.model.taps(), texts, strict=True):
            check_value(f"product at {place}", text, value_at(about, place) * w[tap])


@panels.captions.says("output cell")
def output_cell(about: About) -> None:
    for output, (text,) in steps(about, "lens result"):
        check_value(f"y{output}", text, about.values.y(output))
    has_bias = any(panel.name == "bias" for panel in about.scene.panels)
    same("the bias is added", has_bias, about.values.shown.added is not None)
