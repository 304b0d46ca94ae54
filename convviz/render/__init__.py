"""Rendering: scene × theme × size → frames as palette indices. The only room that imports matplotlib."""

from __future__ import annotations

from convviz.layout import lay_out
from convviz.reel import Label, Reel
from convviz.render.fonts import measure_in
from convviz.render.picture import Picture
from convviz.render.stage import Stage
from convviz.scene import Scene
from convviz.theme import Theme

NO_LABEL = Label()


def make_picture(scene: Scene, theme: Theme, size: tuple[int, int], scale: int = 1) -> Picture:
    """The scene laid out on `size` pixels, in the colours of `theme`. Raises `PictureError` when there is no room."""
    return Picture(scene, lay_out(scene, size, measure_in(theme.font), scale), theme)


def film(picture: Picture, label: Label = NO_LABEL, *, transparent: bool = False) -> Reel:
    """The animation, drawn frame by frame while it is read."""
    stage = Stage(picture)
    durations = tuple(frame.duration for frame in picture.scene.frames)
    palette = stage.sprites.palette
    clear = palette.index(picture.theme.background) if transparent else None
    return Reel(picture.sheet.size, palette.colours, stage.shots(), durations, clear=clear, label=label)
