"""`animate`: a layer, a view and a theme become an `Animation`."""

from __future__ import annotations

import operator
import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.animation.animation import Animation
from convviz.animation.provenance import OPTIONS, Provenance, provenance
from convviz.errors import GeometryError, PictureError
from convviz.layers import kernels
from convviz.layers.arrays import as_array
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, pool_values
from convviz.layers.ops import conv_values as compute
from convviz.layers.pooling import Pool
from convviz.layout.limits import LARGEST_SIDE
from convviz.render.display_list import DisplayList, make_display_list
from convviz.render.fonts import find_family
from convviz.scene.frame_selection import keep_evenly
from convviz.scene.model import PARTS, Scene, Timing
from convviz.style.theme import DARK, LIGHT, Theme, find_theme
from convviz.text.formatting import format_sizes
from convviz.views import registry as views

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Animation", "animate"]

SIZE = (1280, 720)
MAX_FRAMES = 2000
SMALLEST_CELL = 3
LARGEST_SCALE = 8


def animate(
    layer: Layer | Sequence[Layer],
    view: str | None = None,
    theme: str | os.PathLike[str] | Theme | None = None,
    *,
    size: tuple[int, int] = SIZE,
    scale: int = 1,
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
    title: str | None = None,
    without: Sequence[str] = (),
    font: str | None = None,
    transparent: bool = False,
) -> Animation:
    """Make the animation of `layer`; several layers in a row make the view `stack`, which shows receptive fields.

    `view` is one of `convviz.views.VIEWS`, slide where none is given. `x` and `w` are the values of input and kernel
    (`w` may be a kernel's name); without them, `seed` chooses small whole numbers. With channels (`x` (C, H, W), shapes
    and `bias`, `groups` as when the layer is called) the picture shows output channel `channel`, from 0, as the sum
    over its input channels; `channels` (input, output) makes example values with so many. `numbers` shows the values in
    the cells; None does so where they can be read. `step` and `hold` are seconds for a step and for the last frame.
    `frames` keeps so many frames, evenly chosen.

    `theme` is light, dark or print, or a .toml file of one's own colours, whose weak contrasts are warned of; without
    one, pictures are light, and pages follow the system. `scale` makes so many pixels of each of `size`, for dense
    screens. `title` replaces the name of the operation, `without` leaves out some of `convviz.scene.PARTS`, `font` is a
    family or a .ttf or .otf file, and a `transparent` picture has no background.

    Raises `PictureError` when the picture cannot be drawn and `GeometryError` when values do not fit the layer.
    """
    given = {name: value for name, value in locals().items() if name in OPTIONS}
    themes = tuple(_with_font(one, font) for one in _themes(theme))
    timing = _timing(step, hold)
    size = _checked_size(size, scale)
    _check_channels(channels)
    _check_parts(without)
    layers = [layer] if isinstance(layer, Layer) else list(layer)
    for one in layers:
        _check_room(one, size)
    several = not isinstance(layer, Layer)
    if not layers:
        raise PictureError("there is no layer to show; give at least one")
    scene_of: Callable[[bool], Scene]
    if several:
        trace = views.find_stack_view(view or "stack")

        def scene_of(_: bool) -> Scene:
            return trace(layers, timing)

    else:
        make = views.find_view(view or "slide")
        values = _numbers(layers[0], InputValues(x, w, bias, groups, channel, channels), seed)

        def scene_of(visible: bool) -> Scene:
            return make(layers[0], replace(values, visible=visible), timing)

    def picture(visible: bool) -> DisplayList:
        scene = scene_of(visible)
        _check_frames(len(scene.frames), frames, max_frames)
        shown = replace(scene, title=scene.title if title is None else title, without=tuple(without))
        pixels = (size[0] * scale, size[1] * scale)
        return make_display_list(keep_evenly(shown, frames) if frames else shown, themes[0], pixels, scale)

    drawn = picture(visible=not (numbers is False or several))
    if numbers and not several and not drawn.layout.number_px:
        raise PictureError(
            f"the numbers do not fit into cells of {drawn.layout.grids[0].pitch} pixels at {size[0]}x{size[1]}; "
            "use a smaller layer, shorter numbers, or no numbers"
        )
    if numbers is None and not several and not drawn.layout.number_px:
        drawn = picture(visible=False)
    plain = "stack" if several else "slide"
    given["numbers"] = None if several or drawn.layout.number_px else False
    given |= {"view": None if view == plain else view, "theme": _name(theme), "without": tuple(without)}
    return Animation(
        display_list=drawn,
        layers=tuple(layers),
        view=view or plain,
        themes=themes,
        origin=provenance(layers, several, given, {"x": x, "w": w, "bias": bias}),
        transparent=transparent,
    )


def of_scene(
    scene: Scene,
    layer: Layer,
    view: str,
    made: Provenance,
    theme: str | os.PathLike[str] | Theme | None = None,
    size: tuple[int, int] = SIZE,
) -> Animation:
    """A scene that is there already as an animation; `theme`, `size` and what is raised are as for `animate`."""
    themes = _themes(theme)
    _check_frames(len(scene.frames), None, MAX_FRAMES)
    drawn = make_display_list(scene, themes[0], _checked_size(size, 1), 1)
    return Animation(display_list=drawn, layers=(layer,), view=view, themes=themes, origin=made)


def _themes(theme: str | os.PathLike[str] | Theme | None) -> tuple[Theme, ...]:
    """The theme of the picture, and those that a page may switch to."""
    if theme is None:
        return LIGHT, DARK
    if isinstance(theme, Theme):
        return (theme,)
    if Path(theme).suffix != ".toml":
        return (find_theme(os.fspath(theme)),)
    from convviz.style.theme_file import read_theme

    own, weak = read_theme(Path(theme))
    for line in weak:
        warnings.warn(line, stacklevel=3)
    return (own,)


def _name(theme: str | os.PathLike[str] | Theme | None) -> str:
    """How a theme is named in the file; of a path no more than the last part."""
    if theme is None:
        return LIGHT.name
    return theme.name if isinstance(theme, Theme) else Path(theme).name


def _with_font(theme: Theme, font: str | None) -> Theme:
    return theme if font is None else replace(theme, font=find_family(font))


def _check_parts(without: Sequence[str]) -> None:
    unknown = [part for part in without if part not in PARTS]
    if unknown:
        raise PictureError(f"there is no part {unknown[0]!r} to leave out; use {', '.join(PARTS)}")


def _numbers(layer: Layer, given: InputValues, seed: int) -> LayerValues:
    """The values of the picture: those given, and examples for those that are not."""
    leading = given.channels[:1] if given.channels else ()
    x = kernels.example_input((*leading, *layer.input), seed) if given.x is None else given.x
    if isinstance(layer, Pool):
        if given.w is not None or given.bias is not None:
            raise GeometryError("a pooling has no kernel values and no bias; leave them out")
        return pool_values(
            layer.sliding_windows, x, given.channel, mean=layer.mean, include_padding=layer.count_include_pad
        )
    return compute(
        layer.sliding_windows,
        x,
        _weights(layer, given, as_array("input", x).ndim, seed),
        given.bias,
        given.groups,
        given.channel,
    )


def _weights(layer: Layer, given: InputValues, dimensions: int, seed: int) -> Any:
    """Kernel values as given, or by name or example for every channel of the input."""
    if given.w is not None and not isinstance(given.w, str):
        return given.w
    named = None if given.w is None else kernels.named_kernel(given.w, layer.kernel)
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
class InputValues:
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


def _checked_size(size: tuple[int, int], scale: int) -> tuple[int, int]:
    try:
        width, height = (operator.index(side) for side in size)
    except (TypeError, ValueError):
        raise PictureError(f"a picture size is (width, height) in whole pixels, not {size!r}") from None
    if not (64 <= width <= LARGEST_SIDE and 64 <= height <= LARGEST_SIDE):
        raise PictureError(f"a picture of {width}x{height} is not possible; use 64 to {LARGEST_SIDE} pixels a side")
    if isinstance(scale, bool) or not isinstance(scale, int) or not 1 <= scale <= LARGEST_SCALE:
        raise PictureError(f"scale {scale!r} is not possible; use a whole number from 1 to {LARGEST_SCALE}")
    if max(width, height) * scale > LARGEST_SIDE:
        raise PictureError(
            f"{width}x{height} at scale {scale} is {width * scale}x{height * scale}, "
            f"more than {LARGEST_SIDE} pixels a side; use a smaller size or scale"
        )
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
    grids = (
        (*(1,) * (2 - len(grid)), *grid)
        for grid in ([t.size for t in layer.sliding_windows], layer.kernel, layer.output)
    )
    rows, cols = (max(sides) for sides in zip(*grids, strict=True))
    if rows * SMALLEST_CELL <= size[1] and cols * SMALLEST_CELL <= size[0]:
        return
    needed = (cols * SMALLEST_CELL, rows * SMALLEST_CELL)
    too_much = f"a grid of {format_sizes((rows, cols))} cells does not fit into a picture of {size[0]}x{size[1]}"
    if max(needed) > LARGEST_SIDE:
        raise PictureError(f"{too_much}, nor into any up to {LARGEST_SIDE} pixels; use a smaller layer")
    raise PictureError(
        f"{too_much}: it needs more than {needed[0]}x{needed[1]}; use a smaller layer or a larger --size"
    )
