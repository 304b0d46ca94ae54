"""Set type: font sizes for a picture of given dimensions, wrapping, and boxes side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, sqrt

from convviz.errors import PictureError
from convviz.layout.boxes import ASCENT, DESCENT, PlacedText
from convviz.style.theme import SMALLEST_TEXT_PX, TEXT_STYLES

Measure = Callable[[str, str, int], int]
"""(text, face, font size in pixels) → width in pixels."""


class TooSmallError(PictureError):
    """The picture is too small for its content."""


class Typography:
    """Font sizes and lengths for one picture size.

    `unit` is 1 for a picture of 1280×720. It shrinks with the area, and faster for very narrow or flat pictures.
    """

    def __init__(
        self, size: tuple[int, int], measure: Measure, scale: int = 1, like: tuple[int, int] | None = None
    ) -> None:
        self.width, self.height = size
        self.measure = measure
        self.scale = scale
        width, height = (side / scale for side in like or size)
        self.unit = scale * min(sqrt(width * height / (1280 * 720)), width / 900, height / 560)

    @property
    def smallest_px(self) -> int:
        """Smallest font size of any text, in pixels."""
        return smallest_text_px(self.width, self.scale)

    @property
    def margin(self) -> int:
        """Free border on the left and on the right."""
        return self.scaled(48)

    @property
    def content_width(self) -> int:
        """Width between the margins."""
        return self.width - 2 * self.margin

    def scaled(self, length: float) -> int:
        """Convert a length of the 1280×720 design to pixels of this picture."""
        return round(length * self.unit)

    def px(self, style: str) -> int:
        """Font size of a text style, in pixels."""
        return max(self.smallest_px, self.scaled(TEXT_STYLES[style].size))

    def text_width(self, text: str, style: str, px: int | None = None) -> int:
        """Width of `text` in pixels."""
        return self.measure(text, TEXT_STYLES[style].face, px or self.px(style))

    def text(
        self, text: str, style: str, x: int, baseline: int, *, ink: str | None = None, px: int | None = None
    ) -> PlacedText:
        """Place `text` with its left edge at `x`."""
        px = px or self.px(style)
        width = self.text_width(text, style, px)
        return PlacedText(text, style, ink or TEXT_STYLES[style].ink, x, baseline, px, width)

    def largest_px(self, text: str, style: str, limit: int) -> int:
        """Largest font size, up to that of the style, at which `text` fits into `limit`. Raises `TooSmallError`."""
        px = self.px(style)
        while self.text_width(text, style, px) > limit:
            px -= 1
            if px < self.smallest_px:
                raise TooSmallError(text)
        return px

    def wrap(self, text: str, style: str, limit: int) -> list[str]:
        """Wrap `text` at `limit` pixels; a longer word gets its own line."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.text_width(longer, style) <= limit:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def wrap_boxes(self, widths: Sequence[int], gap: int) -> list[list[int]]:
        """Distribute boxes of these widths over lines; return their indices per line. Raises `TooSmallError`."""
        lines: list[list[int]] = []
        used = 0
        for index, width in enumerate(widths):
            if width > self.content_width:
                raise TooSmallError("a line")
            used += gap + width
            if not lines or used > self.content_width:
                lines.append([])
                used = width
            lines[-1].append(index)
        return lines


def smallest_text_px(width: int, scale: int) -> int:
    """Smallest font size of any text in a picture of that width, in pixels."""
    return ceil(SMALLEST_TEXT_PX * max(scale, width / 1280))


def ascent(px: int) -> int:
    """Height of a text above its baseline."""
    return ceil(ASCENT * px)


def descent(px: int) -> int:
    """Height of a text below its baseline."""
    return ceil(DESCENT * px)


def line_height(px: int) -> int:
    """Distance from one baseline to the next."""
    return ascent(px) + descent(px)
