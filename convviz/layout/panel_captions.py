"""Place the caption of a panel, and in the same lines those that it has in the moments of a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from convviz.layout.boxes import PlacedText
from convviz.layout.typography import Typography, line_height
from convviz.scene.model import Panel

STYLE = "panel caption"


def place_caption(
    panel: Panel, lines: Sequence[str], limit: int, start: Callable[[int], int], baseline: int, fonts: Typography
) -> list[PlacedText]:
    """Return the lines of a caption, the first on `baseline`; a line of a width begins at `start(width)`.

    The captions of moments, none of which is longer, are wrapped at `limit` pixels, too.
    """

    def placed(line: str, number: int) -> PlacedText:
        left = start(fonts.text_width(line, STYLE))
        text = fonts.text(line, STYLE, left, baseline + number * line_height(fonts.px(STYLE)))
        return replace(text, tab=panel.caption_tab)

    others = [fonts.wrap(caption, STYLE, limit) for caption in panel.moment_captions]
    return [
        replace(
            placed(line, number),
            in_moments=tuple(placed(other[number] if number < len(other) else "", number) for other in others),
        )
        for number, line in enumerate(lines)
    ]
