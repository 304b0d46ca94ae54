"""Placing the grids: one cell size for all of them, as large as the picture allows, in a row or in a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from convviz.layout.boxes import Box, Grid, Text
from convviz.layout.type import TooSmallError, Type, above, below
from convviz.scene import Panel, Scene


@dataclass(frozen=True, slots=True)
class Placed:
    """Grids, their captions and the signs between them."""

    grids: tuple[Grid, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Block:
    """A panel at one cell size: the grid and the lines of its caption below it."""

    panel: Panel
    pitch: int
    lines: tuple[str, ...]
    wide: int
    """Width of the widest of grid and caption."""
    caption: int
    """Height of the caption with the space above it."""

    @cached_property
    def grid(self) -> tuple[int, int]:
        """Width and height of the cells."""
        return self.panel.cols * self.pitch, self.panel.rows * self.pitch


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign between two panels, and the space around it."""

    text: str
    style: str
    """`small sign` for a glyph that its font draws small."""
    wide: int
    px: int

    @property
    def drop(self) -> int:
        """From the middle of a sign down to its baseline; mathematical signs stand around 0.31 of their size."""
        return round(self.px * 0.31)

    @property
    def rise(self) -> int:
        """Height above the middle."""
        return above(self.px) - self.drop

    @property
    def fall(self) -> int:
        """Height below the middle."""
        return below(self.px) + self.drop


def place(scene: Scene, type: Type, stage: Box) -> Placed:
    """The arrangement with the largest cells; a row where both are as good. Raises `TooSmallError`."""
    signs = [_sign(text, type) for text in scene.signs]
    for pitch in pitches(type):
        blocks = [_block(panel, pitch, type) for panel in scene.panels]
        for arrange in (_in_a_row, _in_a_column):
            placed = arrange(blocks, signs, type, stage)
            if placed:
                return placed
    raise TooSmallError("the grids")


def pitches(type: Type) -> Iterator[int]:
    """Cell sizes worth trying, largest first: even ones while they are large, so that videos keep edges sharp."""
    least = -(-3 * type.width // 1280) if type.width > 1280 else 3
    for pitch in range(max(least, type.scaled(72)), least - 1, -1):
        if pitch < 16 or pitch % 2 == 0:
            yield pitch


def gap(pitch: int) -> int:
    """The space between cells: 2 pixels of 58, none below 6."""
    return 0 if pitch < 6 else max(1, round(pitch / 29))


def _sign(text: str, type: Type) -> Sign:
    style = "small sign" if text == "⋆" else "sign"
    return Sign(text, style, type.wide(text, style), type.px(style))


def _block(panel: Panel, pitch: int, type: Type) -> Block:
    px = type.px("caption")
    lines = type.wrapped(panel.caption, "caption", max(panel.cols * pitch, type.scaled(190)))
    widest = max(type.wide(line, "caption") for line in lines)
    height = type.scaled(12) + len(lines) * _leading(px)
    return Block(panel, pitch, tuple(lines), max(panel.cols * pitch, widest), height)


def _leading(px: int) -> int:
    return above(px) + below(px)


def _in_a_row(blocks: list[Block], signs: list[Sign], type: Type, stage: Box) -> Placed | None:
    """Side by side, centres on one line, captions below."""
    fixed = sum(block.wide for block in blocks) + sum(sign.wide for sign in signs)
    rise = max([block.grid[1] // 2 for block in blocks] + [sign.rise for sign in signs])
    fall = max([(block.grid[1] + 1) // 2 + block.caption for block in blocks] + [sign.fall for sign in signs])
    air = (stage.w - fixed) // (2 * len(signs)) if signs else 0
    if stage.w < fixed or (signs and air < type.scaled(12)) or rise + fall > stage.h:
        return None
    air = min(air, type.scaled(38))
    x = stage.x + (stage.w - fixed - 2 * air * len(signs)) // 2
    centre = stage.y + (stage.h - rise - fall) // 2 + rise
    grids, texts = [], []
    for index, block in enumerate(blocks):
        grid, caption = _set(block, x + block.wide // 2, centre - block.grid[1] // 2, type)
        grids.append(grid)
        texts += caption
        x += block.wide + air
        if index < len(signs):
            texts.append(type.text(signs[index].text, signs[index].style, x, centre + signs[index].drop))
            x += signs[index].wide + air
    return Placed(tuple(grids), tuple(texts))


def _in_a_column(blocks: list[Block], signs: list[Sign], type: Type, stage: Box) -> Placed | None:
    """One below the other, centred, for tall pictures."""
    air = max(6, type.scaled(8))
    heights = [block.grid[1] + block.caption for block in blocks]
    rows = [sign.rise + sign.fall + 2 * air for sign in signs]
    total = sum(heights) + sum(rows)
    if max(block.wide for block in blocks) > stage.w or total > stage.h:
        return None
    y = stage.y + (stage.h - total) // 2
    centre = stage.x + stage.w // 2
    grids, texts = [], []
    for index, block in enumerate(blocks):
        grid, caption = _set(block, centre, y, type)
        grids.append(grid)
        texts += caption
        y += heights[index]
        if index < len(signs):
            sign = signs[index]
            texts.append(type.text(sign.text, sign.style, centre - sign.wide // 2, y + air + above(sign.px)))
            y += rows[index]
    return Placed(tuple(grids), tuple(texts))


def _set(block: Block, centre: int, top: int, type: Type) -> tuple[Grid, list[Text]]:
    """The block's grid, on even pixels, and its caption, centred on `centre`."""
    space = gap(block.pitch)
    x = (centre - block.grid[0] // 2) // 2 * 2
    grid = Grid(x, top // 2 * 2, block.panel.rows, block.panel.cols, block.pitch, space)
    px = type.px("caption")
    baseline = top + block.grid[1] + type.scaled(12) + above(px)
    texts = []
    for line in block.lines:
        wide = type.wide(line, "caption")
        texts.append(type.text(line, "caption", grid.x + (grid.box.w - wide) // 2, baseline))
        baseline += _leading(px)
    return grid, texts
