"""Scenes of every view for the tests of the page, and what Python says they show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import convviz
from convviz import Animation, Conv, ConvTranspose, MaxPool
from convviz.layers.layer import Layer
from convviz.render.cell_states import CellMap, highlighted_cells, initial_cells
from convviz.scene.model import Cell, Change, FloatingCell, Frame, GuideLine, Mark, Scene
from convviz.scene.motion import Glide
from convviz.style.theme import TEXT_STYLES, THEMES
from convviz.text.lines import Sentence
from convviz.views.registry import STACKS, VIEWS
from convviz.web.pages import compact, plain

animate = partial(convviz.animate, pace="even")
J1 = ConvTranspose(3, 3, 2, 1)
LAYERS: dict[str, Layer] = {
    "slide": J1,
    "steps": J1,
    "scatter": ConvTranspose(2, 3, 2, 1, 1, 1),
    "matrix": Conv(4, 3),
    "overlap": ConvTranspose(4, 3, 2),
    "pair": Conv(6, 3, 2, 1),
    "upsample": ConvTranspose(2, 3, 2, 1),
    "backward": Conv(4, 3, 1, 1),
    "backward-input": J1,
    "backward-weight": J1,
    "image": Conv(12, 3, 1, 1),
    "isometric": Conv(5, 3, 2, 1),
    "isometric-scatter": J1,
}
STACK = [Conv(16, 3, 2, 1), Conv(8, 3, 1, 1), ConvTranspose(8, 4, 2, 1)]


MADE: dict[str, Callable[[], Animation]] = {
    **{view: partial(animate, LAYERS[view], view) for view in VIEWS},
    **{f"several layers, {view}": partial(animate, STACK, view) for view in STACKS},
    "line": lambda: animate(ConvTranspose((4,), (3,), 2)),
    "line in steps": lambda: animate(ConvTranspose((4,), (3,), 2), "steps"),
    "long line": lambda: animate(Conv((16,), (5,), 2, 2)),
    "channels": lambda: animate(Conv(5, 3), channels=(3, 1), bias=[2]),
    "scattered channels": lambda: animate(ConvTranspose(2, 3, 2), "scatter", channels=(2, 1)),
    "slanted channels": lambda: animate(Conv(4, 3), "isometric", channels=(3, 1)),
    "borrowed": lambda: animate(Conv(5, 3, 1, 1, padding_mode="reflect")),
    "left over": lambda: animate(Conv(6, 3, 2)),
    "cropped": lambda: animate(ConvTranspose(4, 2, 3, 2)),
    "pooling": lambda: animate(MaxPool(5, 2, ceil_mode=True)),
    "long numbers": lambda: animate(Conv(4, 2), x=np.arange(16).reshape(4, 4) / 7 - 1, w=[[0.5, -12], [3, 7]]),
    "no numbers": lambda: animate(J1, numbers=False),
    "one cell": lambda: animate(Conv(1, 1)),
    "training": lambda: convviz.train(Conv(5, 3), steps=4, pace="even"),
    "shaded training": lambda: convviz.train(ConvTranspose(9, 4, 2, 1), steps=3, pace="even"),
    "story": lambda: animate(Conv(4, 3), pace="story"),
    "two views": lambda: animate(Conv(4, 3), "slide+matrix"),
    "thinned": lambda: animate(Conv(16, 3, 1, 1), numbers=False, frames=40),
    "large image": lambda: animate(Conv(32, 3, 1, 1), "image", frames=20),
    "lens": lambda: animate(Conv(40, 3, 1, 1), pace="story", frames=24),
    "lens of a pooling": lambda: animate(MaxPool(48, 2), frames=9),
}


class Scenes(Mapping[str, Scene]):
    """One scene of every view at least, by name; each is made when it is asked for."""

    def __getitem__(self, name: str) -> Scene:
        return made(name)

    def __iter__(self) -> Iterator[str]:
        return iter(MADE)

    def __len__(self) -> int:
        return len(MADE)


@cache
def made(name: str) -> Scene:
    return MADE[name]().scene


def scenes() -> Mapping[str, Scene]:
    return Scenes()


def written(folder: Path) -> Path:
    """A JSON file for the tests in JavaScript: the scenes in both forms, themes, texts, looks and fitted lines."""
    path = folder / "player.json"
    data = {
        "scenes": {name: {"whole": scene.to_dict(), "compact": compact(scene)} for name, scene in scenes().items()},
        "themes": plain(THEMES),
        "texts": plain(TEXT_STYLES),
        "looks": list(looks()),
        "lines": list(lines()),
        "glides": list(glides()),
        "formulas": [[plain(one) | {"note": one.note}, one.variants()] for one in formulas()],
    }
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def looks() -> Iterator[Any]:
    """Every look of every role in every theme: [theme, role, lit, faded, [style of level 0, …, style of level 100]]."""
    names = ("fill", "ink", "dashes", "hatch", "small", "dot", "border")
    for theme in THEMES.values():
        for role in theme.cells:
            for highlighted in (False, True):
                for faded in (False, True):
                    styles = [
                        theme.cell(role, highlighted=highlighted, faded=faded, level=level) for level in range(101)
                    ]
                    yield [
                        theme.name,
                        role,
                        highlighted,
                        faded,
                        [[getattr(one, name) for name in names] for one in styles],
                    ]


def lines() -> Iterator[Any]:
    """The first, middle and last line of every scene in the lengths that a page may have: [scene, frame, texts]."""
    for name, scene in scenes().items():
        for index in sorted({0, len(scene.frames) // 2, len(scene.frames) - 1}):
            line = scene.frames[index].caption
            yield [name, index, [line.fitted(length) for length in range(121)]]


def glides() -> Iterator[Any]:
    """In-between frames: of every scene, and made ones in which cells float, turn and drop: [before, after, …]."""
    for scene in scenes().values():
        for before, after in list(pairwise(scene.frames))[:12]:
            yield from _glide(before, after, len(scene.moments))
    cells = [FloatingCell(0, 1000 * row, 1000 * col, Cell("kernel")) for row in range(2) for col in range(3)]
    apart = [replace(one, row=3 * one.row, col=one.col * 7 // 3) for one in cells]
    caption = Sentence(("step",))
    ghost = Mark(0, (0, 1), (0, 1), role="last")
    window, guide = Mark(0, (2, 4), (3, 5), highlighted=True), GuideLine(1, 2)
    first = Frame((), (ghost, window, Mark(1, (0,), (0,))), caption, guides=(guide,), floating_cells=tuple(cells))
    yield from _glide(first, replace(first, floating_cells=tuple(apart)))
    flipped = tuple(Change(2, row, col, Cell("kernel", "1")) for row in range(2) for col in range(3))
    yield from _glide(first, replace(first, changes=flipped, turned=2))
    moved = Mark(0, (3, 5), (0, 2), highlighted=True)
    written = Change(1, 2, 3, Cell("output", "7")), Change(0, 0, 0, Cell("input", "7"))
    second = replace(first, changes=written, marks=(replace(ghost, cols=(1, 2)), moved, Mark(1, (0,), (1,))))
    yield from _glide(first, replace(second, moment=3), moments=4)
    yield from _glide(first, replace(second, moment=2, floating_cells=()), moments=4)


def _glide(before: Frame, after: Frame, moments: int = 0) -> Iterator[Any]:
    glide = Glide(before, after, moments)
    ends = asdict(before), asdict(after)
    for progress in (0.1, 0.25, 0.5, 0.7) if glide.moves else (0.5,):
        yield [*ends, moments, progress, glide.moves, asdict(glide.at(progress))]


def formulas() -> Iterator[Any]:
    """All formulas of the scenes."""
    for scene in scenes().values():
        yield from scene.formulas


def states(scene: Scene) -> Iterator[tuple[Frame, CellMap, frozenset[tuple[int, int, int]]]]:
    """Each frame with all cells as they are in it, and the positions of those that are lit; the cells are changed."""
    cells = initial_cells(scene)
    for frame in scene.frames:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
        yield frame, cells, highlighted_cells(frame)
