"""Setting type: sizes for a picture of given dimensions, wrapping, and lines of things side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, sqrt

from convviz.errors import PictureError
from convviz.layout.boxes import ASCENT, DESCENT, PlacedText
from convviz.style.theme import SMALLEST, TEXTS

Measure = Callable[[str, str, int], int]
"""(text, face, size in pixels) → width in pixels."""


class TooSmallError(PictureError):
    """The picture has no room for what it must show."""


class Typography:
    """Fonts at the sizes of one picture."""

    def __init__(
        self, size: tuple[int, int], measure: Measure, scale: int = 1, like: tuple[int, int] | None = None
    ) -> None:
        self.width, self.height = size
        self.measure = measure
        self.scale = scale
        """Pixels a side for each pixel of a screen of ordinary density: everything is so many times as large."""
        width, height = (side / scale for side in like or size)
        self.unit = scale * min(sqrt(width * height / (1280 * 720)), width / 900, height / 560)
        """1 for 1280×720; shrinks with the area, and faster for very narrow or flat pictures; or as `like` has it."""

    @property
    def least(self) -> int:
        """The smallest size of any text, in pixels."""
        return ceil(SMALLEST * max(self.scale, self.width / 1280))

    @property
    def margin(self) -> int:
        """Free border left and right."""
        return self.scaled(48)

    @property
    def room(self) -> int:
        """Width between the margins."""
        return self.width - 2 * self.margin

    def scaled(self, length: float) -> int:
        """A length of the 1280×720 design in this picture's pixels."""
        return round(length * self.unit)

    def px(self, style: str) -> int:
        """Size of a text style."""
        return max(self.least, self.scaled(TEXTS[style].size))

    def wide(self, text: str, style: str, px: int | None = None) -> int:
        """Width of `text`."""
        return self.measure(text, TEXTS[style].face, px or self.px(style))

    def text(
        self, text: str, style: str, x: int, baseline: int, *, ink: str | None = None, px: int | None = None
    ) -> PlacedText:
        """`text` with its left edge at `x`."""
        size = px or self.px(style)
        return PlacedText(text, style, ink or TEXTS[style].ink, x, baseline, size, self.wide(text, style, size))

    def fitting(self, text: str, style: str, limit: int) -> int:
        """The largest size, at most the style's own, at which `text` is `limit` wide. Raises `TooSmallError`."""
        px = self.px(style)
        while self.wide(text, style, px) > limit:
            px -= 1
            if px < self.least:
                raise TooSmallError(text)
        return px

    def wrapped(self, text: str, style: str, limit: int) -> list[str]:
        """`text` in lines of at most `limit` pixels; a longer word keeps a line of its own."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.wide(longer, style) <= limit:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def flow(self, widths: Sequence[int], gap: int) -> list[list[int]]:
        """Indices of things of these widths, set side by side in lines as wide as the room. Raises `TooSmallError`."""
        lines: list[list[int]] = []
        used = 0
        for index, width in enumerate(widths):
            if width > self.room:
                raise TooSmallError("a line")
            used += gap + width
            if not lines or used > self.room:
                lines.append([])
                used = width
            lines[-1].append(index)
        return lines


def above(px: int) -> int:
    """Pixels of a text above its baseline."""
    return ceil(ASCENT * px)


def below(px: int) -> int:
    """Pixels of a text below its baseline."""
    return ceil(DESCENT * px)


def leading(px: int) -> int:
    """From one baseline to the next."""
    return above(px) + below(px)
