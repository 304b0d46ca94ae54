"""Rendering: scene × theme × size → frames as palette indices. The only room that imports matplotlib."""

from __future__ import annotations

from convviz.layout import lay_out
from convviz.reel import Reel
from convviz.render.fonts import measure
from convviz.render.picture import Picture
from convviz.render.stage import Stage
from convviz.scene import Scene
from convviz.theme import Theme


def make_picture(scene: Scene, theme: Theme, size: tuple[int, int]) -> Picture:
    """The scene laid out on `size` pixels, in the colours of `theme`. Raises `PictureError` when there is no room."""
    return Picture(scene, lay_out(scene, size, measure), theme)


def film(picture: Picture) -> Reel:
    """The animation, drawn frame by frame while it is read."""
    stage = Stage(picture)
    durations = tuple(frame.duration for frame in picture.scene.frames)
    return Reel(picture.sheet.size, stage.sprites.palette.colours, stage.shots(), durations)
