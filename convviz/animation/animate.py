"""`animate`: a layer, a view and a theme become an `Animation`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from convviz.animation import bounds
from convviz.animation.animation import Animation
from convviz.animation.in_betweens import GLIDE
from convviz.animation.input_values import InputValues
from convviz.animation.layer_values import layer_values, with_gradient
from convviz.animation.options import FIELDS, PictureOptions
from convviz.animation.provenance import Provenance, picture_provenance
from convviz.animation.themes import resolve_themes
from convviz.errors import ArgumentError, PictureError
from convviz.errors.arguments import wrong_type
from convviz.errors.printable import shown, visible
from convviz.layers.layer import Layer
from convviz.render.display_list import DisplayList, make_display_list
from convviz.scene.frame_selection import keep_evenly
from convviz.scene.model import Scene, Timing
from convviz.scene.shaded_panels import is_shaded
from convviz.style.theme import Theme
from convviz.text.math_text import plain_math
from convviz.views import registry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from typing_extensions import Unpack

    from convviz.animation.options import AnimateOptions
    from convviz.layers.patterns import PatternName
    from convviz.style.theme import ThemeName
    from convviz.views.registry import ViewName

VALUES = ("x", "w", "bias", "dy")
"""The keywords that give values."""
Look = Literal["numbers", "lens", "shades", "plain"]
"""What cells show of their values."""
LOOKS_WITHOUT_DIGITS: tuple[Look, ...] = ("lens", "shades")
"""What cells without digits may show, the best first."""
SHADED_VIEWS = ("slide", "image")
"""Views that show values without digits in their cells, and write out sums."""
SceneMaker = Callable[[Look], Scene]


def animate(
    layer: Layer | Sequence[Layer],
    view: ViewName | tuple[ViewName, ViewName] | None = None,
    theme: ThemeName | os.PathLike[str] | Theme | None = None,
    *,
    x: ArrayLike | PatternName | None = None,
    w: ArrayLike | str | None = None,
    bias: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    **options: Unpack[AnimateOptions],
) -> Animation:
    """Animate a layer, or several layers in a row to show receptive fields.

    `view` is one of `convviz.views.registry.VIEWS`, or two of them as a pair; the default is `slide`, and `stack` for
    several layers. `theme` is `light`, `dark`, `print`, or the path of a .toml file with your own colours, whose weak
    contrasts cause warnings. Without a theme a picture is light, and an HTML page follows the system.

    `x`, `w` and `bias` are the values of input, kernel and bias, with shapes as in a call of the layer; `x` may be the
    name of a pattern (ramp, impulse, checker, constant, edge or digit), `w` the name of a kernel. `dy` is dL/dy, of the
    shape of the output, for the views backward, backward-input and backward-weight. Without them, `seed` chooses small
    whole numbers; the view `overlap` of a transposed layer has ones. With channels, the picture shows output channel
    `channel`, the sum over its input channels; `channels=(input, output)` sets their number for example values.

    The other keywords are the fields of `convviz.animation.options.PictureOptions`, which are also the options of the
    command line: `size` and `scale` (pixels), `numbers` (show values in the cells; by default if they are legible),
    `step` and `hold` (seconds), `pace` (even or story), `motion` (none, steps or smooth), `frames` (keep N evenly
    spaced frames), `max_frames`, `title`, `without` (parts to leave out), `font`, `transparent`.

    Raises `PictureError` if the picture cannot be drawn, and `GeometryError` if values do not fit the layer.
    """
    return animate_keywords(layer, {"view": view, "theme": theme, "x": x, "w": w, "bias": bias, "dy": dy, **options})


def animate_keywords(layer: Layer | Sequence[Layer], keywords: Mapping[str, Any]) -> Animation:
    """Animate with the keywords of `animate`, and emit warnings for the caller of the function that calls this one."""
    unknown = keywords.keys() - {*(one.name for one in FIELDS), *VALUES}
    if unknown:
        raise ArgumentError(f"animate() got an unexpected keyword argument {shown(min(unknown))}")
    options = {name: value for name, value in keywords.items() if name not in VALUES}
    values = {name: value for name, value in keywords.items() if name in VALUES}
    animation = build_animation(layer, PictureOptions(**options), InputValues(**values))
    for text in animation.warnings:
        warnings.warn(visible(text), stacklevel=3)
    return animation


def build_animation(
    layer: Layer | Sequence[Layer], options: PictureOptions, values: InputValues | None = None
) -> Animation:
    """Lay out an animation without emitting its warnings; raises what `animate` does."""
    values = values or InputValues()
    stacked = not isinstance(layer, Layer)
    layers = _layers(layer)
    themes, texts = resolve_themes(options)
    default_view = "stack" if stacked else "slide"
    view = options.view or default_view
    bounds.check_room(layers, options.size)
    bounds.check_work(layers, view, options, values)
    if stacked:
        drawn = _lay_out(_stack_scene(layers, view, options), replace(options, numbers=False), themes[0])
    else:
        legible = bounds.may_be_legible(layers[0], view, options)
        drawn = _lay_out(_layer_scene(layers[0], view, values, options), options, themes[0], legible)
    shades = options.numbers is None and (view in SHADED_VIEWS or is_shaded(drawn.scene))
    keeps = stacked or drawn.layout.number_px or shades
    numbers = None if keeps else False
    effective = replace(options, view=None if view == default_view else view, numbers=numbers)
    provenance = picture_provenance(layers, stacked, effective, values)
    return Animation(drawn, layers, view, themes, provenance, options.transparent, texts)


def _layers(given: Any) -> tuple[Layer, ...]:
    if isinstance(given, Layer):
        return (given,)
    if not isinstance(given, Sequence) or not all(isinstance(one, Layer) for one in given):
        raise wrong_type("layer", "a layer or a list of layers, such as Conv(5, 3)", given)
    if not given:
        raise PictureError("expected at least one layer, got none")
    return tuple(given)


def animate_scene(scene: Scene, layer: Layer, view: str, provenance: Provenance, options: PictureOptions) -> Animation:
    """Lay out a scene that exists already, such as the comparison of frameworks."""
    themes, texts = resolve_themes(options)
    drawn = _lay_out(lambda _: scene, replace(options, numbers=False), themes[0])
    return Animation(drawn, (layer,), view, themes, provenance, options.transparent, texts)


def _stack_scene(layers: Sequence[Layer], view: str, options: PictureOptions) -> SceneMaker:
    make = registry.find_stack_view(view)
    return lambda _: make(layers, _timing(options))


def _layer_scene(layer: Layer, view: str, given: InputValues, options: PictureOptions) -> SceneMaker:
    make = registry.find_view(view)
    values = with_gradient(layer, layer_values(layer, given, options), given, options, view)
    is_shown = len(values.x) == 1 or view == "image"
    may_be_shaded = view in SHADED_VIEWS and options.numbers is None and len(layer.axes) == 2 and is_shown

    def make_scene(look: Look) -> Scene:
        if look in LOOKS_WITHOUT_DIGITS and not may_be_shaded:
            raise PictureError(f"the view {view} has no cells that are shaded from the start; use another view")
        shaded = may_be_shaded and look in ("lens", "shades")
        shown = replace(values, visible=look == "numbers", shaded=shaded, lens=shaded and look == "lens")
        return make(layer, shown, _timing(options))

    return make_scene


def _timing(options: PictureOptions) -> Timing:
    glide = 0 if options.motion == "none" else GLIDE
    return Timing(round(options.step * 1000), round(options.hold * 1000), pace=options.pace, glide=glide)


def _lay_out(make_scene: SceneMaker, options: PictureOptions, theme: Theme, legible: bool = True) -> DisplayList:
    """Lay out the frames that are kept; values that are illegible are left out, or refused if they were asked for.

    `legible` tells whether there may be cells that are large enough for values.
    """

    def laid_out(look: Look) -> DisplayList:
        scene = make_scene(look)
        bounds.check_frames(len(scene.frames), options)
        title, math = scene.title if options.title is None else options.title, ""
        if options.math:
            title, math = plain_math(title), title
        scene = replace(
            scene, title=title, math_title=math, without=tuple(options.without), coarse=options.motion == "steps"
        )
        pixels = (options.size[0] * options.scale, options.size[1] * options.scale)
        kept = keep_evenly(scene, options.frames, _timing(options).step) if options.frames else scene
        return make_display_list(kept, theme, pixels, options.scale, shades=options.numbers is None)

    def without_numbers(numbered: DisplayList | None = None) -> DisplayList:
        """Return cells shaded by their values: with a lens, beside the kernel, or as in `numbered`; or plain ones."""
        for look in LOOKS_WITHOUT_DIGITS:
            with suppress(PictureError):
                return laid_out(look)
        return numbered if numbered and is_shaded(numbered.scene) else laid_out("plain")

    drawn = laid_out("numbers") if legible and options.numbers is not False else without_numbers()
    shown = legible and (all(drawn.layout.numbered) if options.numbers else drawn.layout.number_px)
    if options.numbers is False or shown:
        return drawn
    if options.numbers:
        width, height = options.size
        raise PictureError(
            f"the numbers do not fit into cells of {drawn.layout.grids[0].pitch} pixels at {width}x{height}; "
            "use a smaller layer, shorter numbers, or no numbers"
        )
    return without_numbers(drawn) if legible else drawn
