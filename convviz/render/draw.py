"""Rendering: scene × theme × size → frames as palette indices. The only room that imports matplotlib."""

from __future__ import annotations

from convviz.layout.lay_out import lay_out
from convviz.raster import FileMetadata, FrameStream
from convviz.render.compositor import Compositor
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure_in
from convviz.scene.model import Scene
from convviz.style.theme import Theme

NO_LABEL = FileMetadata()


def make_picture(scene: Scene, theme: Theme, size: tuple[int, int], scale: int = 1) -> DisplayList:
    """The scene laid out on `size` pixels, in the colours of `theme`. Raises `PictureError` when there is no room."""
    return DisplayList(scene, lay_out(scene, size, measure_in(theme.font), scale), theme)


def film(picture: DisplayList, label: FileMetadata = NO_LABEL, *, transparent: bool = False) -> FrameStream:
    """The animation, drawn frame by frame while it is read."""
    stage = Compositor(picture)
    durations = tuple(frame.duration for frame in picture.scene.frames)
    palette = stage.sprites.palette
    clear = palette.index(picture.theme.background) if transparent else None
    return FrameStream(picture.sheet.size, palette.colours, stage.shots(), durations, clear=clear, label=label)
