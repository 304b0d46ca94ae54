"""The picture as matplotlib artists, made once and changed from frame to frame, as a script for a lecture would."""

from __future__ import annotations

import json
import sys
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

Parts = dict[str, Any]


def read() -> tuple[Parts, str]:
    """The parts, and the file to write."""
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file), sys.argv[2]


class Drawing:
    """Rectangles and texts on axes that fill the figure."""

    def __init__(self, figure: Figure, parts: Parts) -> None:
        width, height = parts["size"]
        figure.set_dpi(72)
        figure.set_size_inches(width / 72, height / 72)
        figure.set_facecolor(parts["background"])
        self.axes: Axes = figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.axis("off")
        for x, y, w, h, colour in parts["fills"][1:]:
            self._rectangle(x, y, w, h, colour)
        for words in parts["texts"]:
            self._words(*words)
        self.cells = [self._cell(*cell) for cell in parts["cells"]]
        self.moving: list[Any] = []

    def show(self, frame: Parts) -> None:
        """Change what differs, and draw anew what moves."""
        for artist in self.moving:
            artist.remove()
        for number, (fill, text, ink, size) in frame["changes"].items():
            rectangle, number_text = self.cells[int(number)]
            rectangle.set_facecolor(fill)
            number_text.set(text=text, color=ink, size=size or 1)
        self.moving = [self._rectangle(x, y, w, h, colour) for x, y, w, h, colour in frame["bars"]]
        for x, y, w, h, colour, width in frame["outlines"]:
            self.moving.append(self._rectangle(x, y, w, h, "none", colour, width))
        self.moving += [self._words(*words) for words in frame["texts"]]

    def show_last(self, frames: list[Parts]) -> None:
        """The last of `frames`, with all that changed before it."""
        changes = {number: look for frame in frames for number, look in frame["changes"].items()}
        self.show(frames[-1] | {"changes": changes})

    def _rectangle(self, x: int, y: int, w: int, h: int, fill: str, edge: str = "none", width: int = 0) -> Rectangle:
        return self.axes.add_patch(Rectangle((x, y), w, h, facecolor=fill, edgecolor=edge, linewidth=width))

    def _words(self, text: str, x: int, y: int, size: int, family: str, weight: str, ink: str) -> Any:
        return self.axes.text(x, y, text, size=size, family=family, weight=weight, color=ink)

    def _cell(self, x: int, y: int, w: int, h: int, fill: str, text: str, ink: str, size: int) -> tuple[Rectangle, Any]:
        middle = {"ha": "center", "va": "center", "weight": "bold", "color": ink, "size": size or 1}
        return self._rectangle(x, y, w, h, fill), self.axes.text(x + w / 2, y + h / 2, text, **middle)
