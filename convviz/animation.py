"""`animate`: a layer, a view and a theme become an `Animation`, which knows how to save itself."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz import kernels, views
from convviz.arithmetic import Numbers, pooled
from convviz.arithmetic import numbers as compute
from convviz.choice import still, thin
from convviz.errors import GeometryError, PictureError
from convviz.export import check_target, export, is_still
from convviz.layers import ConvTranspose, Layer, Pool
from convviz.layout import LARGEST
from convviz.reel import Shot
from convviz.render import film, make_picture
from convviz.render.picture import Picture
from convviz.scene import Scene, Timing
from convviz.shapes import array
from convviz.stopwatch import Stopwatch
from convviz.theme import find
from convviz.wording import sizes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

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

    def save(
        self,
        path: str | os.PathLike[str],
        loop: int = 0,
        progress: Progress | None = None,
        frame: int | str | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> Path:
        """Write a file in the format that the suffix names (.gif, .mp4, .png) and return its path.

        `loop` is how often a GIF plays, 0 for ever. `frame` chooses what a still shows: a number from 1, `first`,
        `middle` or `last`; without it, the most telling one. `progress` is called with the number of frames done, and
        `stopwatch` told how long drawing, frames and encoding take. The file appears when it is complete; raises
        `ExportError` otherwise, and leaves an older file as it was.
        """
        target = Path(path)
        check_target(target)
        if not 0 <= loop <= 65536:
            raise PictureError(f"loop {loop} is not possible; use 0 for ever, or 1 to 65536")
        picture = self.picture
        if is_still(target):
            picture = replace(picture, scene=still(picture.scene, frame))
        elif frame is not None:
            raise PictureError(
                f"frame {frame} chooses what a still shows, but {target.name} moves; use a .png, or no frame"
            )
        watch = stopwatch or Stopwatch()
        with watch.phase("first draw"):
            reel = film(picture)
        shots = watch.each("frames", reel.shots)
        with watch.phase("encoding"):
            return export(replace(reel, loop=loop, shots=_watched(shots, progress) if progress else shots), target)


def animate(
    layer: Layer | Sequence[Layer],
    view: str | None = None,
    theme: str = "light",
    *,
    size: tuple[int, int] = SIZE,
    numbers: bool | None = None,
    x: ArrayLike | None = None,
    w: ArrayLike | str | None = None,
    bias: ArrayLike | None = None,
    groups: int = 1,
    channel: int = 0,
    channels: tuple[int, int] | None = None,
    seed: int = 0,
    step: float = 0.6,
    hold: float = 2.0,
    frames: int | None = None,
    max_frames: int = MAX_FRAMES,
) -> Animation:
    """Make the animation of `layer`; several layers in a row make the view `stack`, which shows receptive fields.

    `view` is one of `convviz.views.VIEWS`, slide where none is given. `x` and `w` are the values of input and kernel
    (`w` may be a kernel's name); without them, `seed` chooses small whole numbers. With channels (`x` (C, H, W), shapes
    and `bias`, `groups` as when the layer is called) the picture shows output channel `channel`, from 0, as the sum
    over its input channels; `channels` (input, output) makes example values with so many. `numbers` shows the values in
    the cells; None does so where they can be read. `step` and `hold` are seconds for a step and for the last frame.
    `frames` keeps so many frames, evenly chosen.

    Raises `PictureError` when the picture cannot be drawn and `GeometryError` when values do not fit the layer.
    """
    colours = find(theme)
    timing = _timing(step, hold)
    size = _checked_size(size)
    _check_channels(channels)
    layers = [layer] if isinstance(layer, Layer) else list(layer)
    for one in layers:
        _check_room(one, size)
    several = not isinstance(layer, Layer)
    if not layers:
        raise PictureError("there is no layer to show; give at least one")
    scene_of: Callable[[bool], Scene]
    if several:
        trace = views.find_stack(view or "stack")

        def scene_of(_: bool) -> Scene:
            return trace(layers, timing)

    else:
        make = views.find(view or "slide")
        values = _numbers(layers[0], Given(x, w, bias, groups, channel, channels), seed)

        def scene_of(visible: bool) -> Scene:
            return make(layers[0], replace(values, visible=visible), timing)

    def picture(visible: bool) -> Picture:
        scene = scene_of(visible)
        _check_frames(len(scene.frames), frames, max_frames)
        return make_picture(thin(scene, frames) if frames else scene, colours, size)

    if numbers is False or several:
        return Animation(picture(visible=False))
    drawn = picture(visible=True)
    if numbers and not drawn.sheet.number_px:
        raise PictureError(
            f"the numbers do not fit into cells of {drawn.sheet.grids[0].pitch} pixels at {size[0]}x{size[1]}; "
            "use a smaller layer, shorter numbers, or no numbers"
        )
    return Animation(drawn if drawn.sheet.number_px else picture(visible=False))


def _numbers(layer: Layer, given: Given, seed: int) -> Numbers:
    """The values of the picture: those given, and examples for those that are not."""
    leading = given.channels[:1] if given.channels else ()
    x = kernels.example_input((*leading, *layer.input), seed) if given.x is None else given.x
    if isinstance(layer, Pool):
        if given.w is not None or given.bias is not None:
            raise GeometryError("a pooling has no kernel values and no bias; leave them out")
        return pooled(layer.tracks, x, given.channel, mean=layer.mean, include_padding=layer.count_include_pad)
    return compute(
        layer.tracks, x, _weights(layer, given, array("input", x).ndim, seed), given.bias, given.groups, given.channel
    )


def _weights(layer: Layer, given: Given, dimensions: int, seed: int) -> Any:
    """Kernel values as given, or by name or example for every channel of the input."""
    if given.w is not None and not isinstance(given.w, str):
        return given.w
    named = None if given.w is None else kernels.named(given.w, layer.kernel)
    if dimensions == len(layer.axes):
        return kernels.example_kernel(layer.kernel, seed) if named is None else named
    if isinstance(given.groups, bool) or not isinstance(given.groups, int) or given.groups < 1:
        raise GeometryError(f"groups {given.groups!r} is not possible; use a divisor of the channels")
    inputs, outputs = given.channels or (np.asarray(given.x).shape[-len(layer.axes) - 1], given.groups)
    per_group = max(1, inputs // given.groups), max(1, outputs // given.groups)
    leading = (inputs, per_group[1]) if isinstance(layer, ConvTranspose) else (outputs, per_group[0])
    if named is None:
        return kernels.example_weights(leading, layer.kernel, seed)
    return np.broadcast_to(np.asarray(named), (*leading, *layer.kernel))


@dataclass(frozen=True)
class Given:
    """Values as the caller gave them."""

    x: ArrayLike | None
    w: ArrayLike | str | None
    bias: ArrayLike | None
    groups: int
    channel: int
    channels: tuple[int, int] | None


def _timing(step: float, hold: float) -> Timing:
    for name, seconds, least in (("step", step, 0.02), ("hold", hold, 0)):
        if not least <= seconds <= 600:
            raise PictureError(f"{name} {seconds:g} s is not possible; use {least} to 600 seconds")
    return Timing(round(step * 1000), round(hold * 1000))


def _checked_size(size: tuple[int, int]) -> tuple[int, int]:
    try:
        width, height = (operator.index(side) for side in size)
    except (TypeError, ValueError):
        raise PictureError(f"a picture size is (width, height) in whole pixels, not {size!r}") from None
    if not (64 <= width <= LARGEST and 64 <= height <= LARGEST):
        raise PictureError(f"a picture of {width}x{height} is not possible; use 64 to {LARGEST} pixels a side")
    return width, height


def _check_channels(channels: tuple[int, int] | None) -> None:
    if channels is not None and not all(isinstance(count, int) and 1 <= count <= 512 for count in channels):
        raise PictureError(f"{channels[0]} input and {channels[1]} output channels are not possible; use 1 to 512")


def _check_frames(steps: int, frames: int | None, max_frames: int) -> None:
    for name, value in (("frames", frames), ("max-frames", max_frames)):
        if value is not None and value < 1:
            raise PictureError(f"{name} {value} is not possible; use 1 or more")
    count = min(steps, frames or steps)
    if count > max_frames:
        raise PictureError(
            f"this takes {count} frames, more than {max_frames}; "
            f"use --frames {max_frames} for that many, evenly chosen, or --max-frames {count}"
        )


def _check_room(layer: Layer, size: tuple[int, int]) -> None:
    """Refuse grids that cannot fit at the smallest cell size before any cell is made."""
    grids = ((*(1,) * (2 - len(grid)), *grid) for grid in ([t.size for t in layer.tracks], layer.kernel, layer.output))
    rows, cols = (max(sides) for sides in zip(*grids, strict=True))
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
