"""`animate`: a layer, a view and a theme become an `Animation`, which knows how to save itself."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from convviz import kernels
from convviz.arithmetic import Numbers
from convviz.arithmetic import numbers as compute
from convviz.errors import PictureError
from convviz.export import check_target, export
from convviz.layout import LARGEST
from convviz.reel import Shot
from convviz.render import film, make_picture
from convviz.render.picture import Picture
from convviz.scene import Scene, Timing, thin
from convviz.theme import find
from convviz.views import VIEWS
from convviz.wording import sizes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convviz.layers import Layer

SIZE = (1280, 720)
MAX_FRAMES = 2000
SMALLEST_CELL = 3
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Animation:
    """A laid-out animation. Nothing is drawn before `save`."""

    picture: Picture

    @property
    def scene(self) -> Scene:
        """What it shows, as data."""
        return self.picture.scene

    @property
    def numbers(self) -> bool:
        """Whether the cells show their values."""
        return bool(self.picture.sheet.number_px)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return len(self.scene.frames)

    @cached_property
    def seconds(self) -> float:
        """How long it plays once."""
        return sum(frame.duration for frame in self.scene.frames) / 1000

    def save(self, path: str | os.PathLike[str], loop: int = 0, progress: Progress | None = None) -> Path:
        """Write a file in the format that the suffix names (.gif, .mp4) and return its path.

        `loop` is how often a GIF plays, 0 for ever. `progress` is called with the number of frames done. The file
        appears when it is complete; raises `ExportError` otherwise, and leaves an older file as it was.
        """
        target = Path(path)
        check_target(target)
        if not 0 <= loop <= 65536:
            raise PictureError(f"loop {loop} is not possible; use 0 for ever, or 1 to 65536")
        reel = replace(film(self.picture), loop=loop)
        return export(replace(reel, shots=_watched(reel.shots, progress)) if progress else reel, target)


def animate(
    layer: Layer,
    view: str = "slide",
    theme: str = "light",
    *,
    size: tuple[int, int] = SIZE,
    numbers: bool | None = None,
    x: ArrayLike | None = None,
    w: ArrayLike | str | None = None,
    seed: int = 0,
    step: float = 0.6,
    hold: float = 2.0,
    frames: int | None = None,
    max_frames: int = MAX_FRAMES,
) -> Animation:
    """Make the animation of `layer`.

    `x` and `w` are the values of input and kernel (`w` may be a kernel's name); without them, `seed` chooses small
    whole numbers. `numbers` shows the values in the cells; None does so where they can be read. `step` and `hold` are
    seconds for a step and for the last frame. `frames` keeps so many frames, evenly chosen.

    Raises `PictureError` when the picture cannot be drawn and `GeometryError` when values do not fit the layer.
    """
    if view not in VIEWS:
        raise PictureError(f"there is no view {view!r}; use {', '.join(VIEWS)}")
    colours = find(theme)
    timing = _timing(step, hold)
    _check_size(size)
    _check_room(layer, size)
    _check_frames(math.prod(layer.output), frames, max_frames)
    values = _numbers(layer, x, w, seed)

    def picture(shown: Numbers | None) -> Picture:
        scene = VIEWS[view](layer, shown, timing)
        return make_picture(thin(scene, frames) if frames else scene, colours, size)

    if numbers is False:
        return Animation(picture(None))
    drawn = picture(values)
    if numbers and not drawn.sheet.number_px:
        raise PictureError(
            f"the numbers do not fit into cells of {drawn.sheet.grids[0].pitch} pixels; "
            f"use a larger size than {size[0]}x{size[1]}, or no numbers"
        )
    return Animation(drawn if drawn.sheet.number_px else picture(None))


def _numbers(layer: Layer, x: ArrayLike | None, w: ArrayLike | str | None, seed: int) -> Numbers:
    inputs = kernels.example_input(layer.input, seed) if x is None else x
    if w is None:
        w = kernels.example_kernel(layer.kernel, seed)
    return compute(layer.tracks, inputs, kernels.named(w, layer.kernel) if isinstance(w, str) else w)


def _timing(step: float, hold: float) -> Timing:
    for name, seconds, least in (("step", step, 0.02), ("hold", hold, 0)):
        if not least <= seconds <= 600:
            raise PictureError(f"{name} {seconds:g} s is not possible; use {least} to 600 seconds")
    return Timing(round(step * 1000), round(hold * 1000))


def _check_size(size: tuple[int, int]) -> None:
    if not all(isinstance(side, int) and 64 <= side <= LARGEST for side in size):
        raise PictureError(f"a picture of {size[0]}x{size[1]} is not possible; use 64 to {LARGEST} pixels a side")


def _check_frames(steps: int, frames: int | None, max_frames: int) -> None:
    if frames is not None and frames < 1:
        raise PictureError(f"{frames} frames are not possible; use 1 or more")
    count = min(steps, frames or steps)
    if count > max_frames:
        raise PictureError(
            f"this takes {count} frames, more than {max_frames}; "
            f"use --frames {max_frames} for that many, evenly chosen, or --max-frames {count}"
        )


def _check_room(layer: Layer, size: tuple[int, int]) -> None:
    """Refuse grids that cannot fit at the smallest cell size before any cell is made."""
    grids = ([track.size for track in layer.tracks], layer.kernel, layer.output)
    rows, cols = (max(grid[axis] for grid in grids) for axis in (0, 1))
    if rows * SMALLEST_CELL <= size[1] and cols * SMALLEST_CELL <= size[0]:
        return
    needed = (cols * SMALLEST_CELL, rows * SMALLEST_CELL)
    too_much = f"a grid of {sizes((rows, cols))} cells does not fit into a picture of {size[0]}x{size[1]}"
    if max(needed) > LARGEST:
        raise PictureError(f"{too_much}, nor into any up to {LARGEST} pixels; use a smaller layer")
    raise PictureError(
        f"{too_much}: it needs more than {needed[0]}x{needed[1]}; use a smaller layer or a larger --size"
    )


def _watched(shots: Iterable[Shot], progress: Progress) -> Iterator[Shot]:
    for done, shot in enumerate(shots, start=1):
        yield shot
        progress(done)
