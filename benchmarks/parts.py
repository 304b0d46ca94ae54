"""Write the parts of a picture as JSON, for programs that draw the same one without convviz: places, colours, texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from convviz.animation.animate import Animation
from convviz.layout.boxes import Box
from convviz.render.cell_states import highlighted_cells, initial_cells
from convviz.render.font_files import BUNDLED
from convviz.render.rectangles import Fill, Outline
from convviz.render.text_run import TextRun
from convviz.scene.model import Cell


def write_parts(animation: Animation, path: Path) -> None:
    """Write everything that the frames of a picture of flat grids show."""
    picture = animation.display_list
    cells = initial_cells(picture.scene)
    order = {position: number for number, position in enumerate(cells)}
    looks = {position: _look(animation, cell, False) for position, cell in cells.items()}
    boxes = [_box(picture.grid(panel).cell(row, col).box) for panel, row, col in cells]
    start, frames = list(looks.values()), []
    for frame in picture.scene.frames:
        highlighted = highlighted_cells(frame)
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
        now = {position: _look(animation, cell, position in highlighted) for position, cell in cells.items()}
        changes = {order[position]: look for position, look in now.items() if look != looks[position]}
        looks = now
        over = [
            [*_box(item.box), item.colour, item.width] for item in picture.overlays(frame) if isinstance(item, Outline)
        ]
        labels = list(picture.labels(frame))
        frames.append(
            {
                "changes": changes,
                "outlines": over,
                "texts": [_text(label) for label in labels if isinstance(label, TextRun)],
                "bars": [[*_box(label.box), label.colour] for label in labels if isinstance(label, Fill)],
                "milliseconds": frame.duration,
            }
        )
    still = list(picture.static_primitives())
    parts = {
        "size": picture.layout.size,
        "background": picture.theme.background,
        "texts": [_text(item) for item in still if isinstance(item, TextRun)],
        "fills": [[*_box(item.box), item.colour] for item in still if isinstance(item, Fill)],
        "cells": [[*box, *look] for box, look in zip(boxes, start, strict=True)],
        "frames": frames,
    }
    path.write_text(json.dumps(parts), encoding="utf-8")


def _look(animation: Animation, cell: Cell, highlighted: bool) -> list[Any]:
    """Return fill, text, text colour and text size of a cell."""
    sheet, style = (
        animation.display_list.layout,
        animation.display_list.theme.cell(cell.role, highlighted=highlighted, faded=cell.faded),
    )
    size = sheet.small_number_px if style.small else sheet.number_px
    return [style.fill, cell.text if sheet.number_px else "", style.ink, size]


def _text(run: TextRun) -> list[Any]:
    family = BUNDLED.get(run.face, BUNDLED["sans"]).removesuffix(".ttf").replace("DejaVu", "DejaVu ").split("-")
    style = "bold" if "Bold" in family[-1] else "normal"
    return [
        run.text,
        run.x,
        run.baseline,
        run.px,
        family[0].replace("SansMono", "Sans Mono"),
        style,
        run.colour,
    ]


def _box(box: Box) -> list[int]:
    return [box.x, box.y, box.w, box.h]
