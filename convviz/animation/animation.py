"""An animation that is ready to be saved, in any format, and to be shown in a notebook."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.animation.alt_text import alt_text
from convviz.animation.provenance import Provenance
from convviz.animation.stopwatch import Stopwatch
from convviz.errors import PictureError
from convviz.export.formats import FRAMES, MOVING, PAGE, STILL, VECTOR, Target, export, resolve_target
from convviz.layers.layer import Layer
from convviz.raster import FileMetadata, FrameCache, FrameStream, PalettedFrame
from convviz.render.compositor import frame_stream
from convviz.render.display_list import DisplayList
from convviz.scene.frame_selection import even_indices, only_frame, still_index
from convviz.scene.model import Scene
from convviz.style.theme import LIGHT, Theme
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.export.frame_files import FrameFiles
    from convviz.render.still import StillImage

FASTEST = 60
"""Frames a second of a video."""
Progress = Callable[[int], None]


@dataclass(frozen=True, repr=False)
class Animation:
    """A laid-out animation. Nothing is drawn before it is saved or shown."""

    display_list: DisplayList
    layers: tuple[Layer, ...]
    view: str
    themes: tuple[Theme, ...]
    """That of the picture, and others that a page may switch to."""
    origin: Provenance
    """The command that makes it again."""
    transparent: bool = False

    @property
    def scene(self) -> Scene:
        """What it shows, as data."""
        return self.display_list.scene

    @property
    def numbers(self) -> bool:
        """Whether the cells show their values."""
        return bool(self.display_list.layout.number_px)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return len(self.scene.frames)

    @cached_property
    def seconds(self) -> float:
        """How long it plays once."""
        return sum(frame.duration for frame in self.scene.frames) / 1000

    @property
    def alt_text(self) -> str:
        """A paragraph that says what it shows, for those who do not see it."""
        return alt_text(self.layers, self.view, self.scene)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        loop: int = 0,
        frame: int | str | None = None,
        filmstrip: int | None = None,
        fps: int | None = None,
        format: str | None = None,
        progress: Progress | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> Path:
        """Write a file in the format that the suffix names, and return its path.

        .gif, .apng, .webp, .mp4 and .webm move; .png, .svg and .pdf are stills; .html is a page that plays; a .zip, or
        a folder (a name that ends in /), holds every frame. `format` is for a name without a suffix, and says what the
        frames in a folder or a .zip are (png, pdf, svg).

        `loop` is how often it plays where the format can say so, 0 for ever. `fps` is the frame rate of a video, which
        repeats frames while they stay; without it 10, or more where steps are shorter. `frame` chooses what a still
        shows: a number from 1, `first`, `middle` or `last`; without it, the most telling one. `filmstrip` puts so many
        frames, evenly chosen, into one still. `progress` is called with the number of frames done, and `stopwatch` told
        how long drawing, frames and encoding take. The file appears when it is complete; raises `ExportError`
        otherwise, and leaves an older file as it was.
        """
        goal = resolve_target(path, format)
        return self.save_all(
            [goal], loop=loop, frame=frame, filmstrip=filmstrip, fps=fps, progress=progress, stopwatch=stopwatch
        )[0]

    def save_all(
        self,
        targets: Sequence[Target],
        *,
        loop: int = 0,
        frame: int | str | None = None,
        filmstrip: int | None = None,
        fps: int | None = None,
        progress: Progress | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> list[Path]:
        """Write several files, whose frames are drawn once; as `save`."""
        self._check(targets, loop, frame, filmstrip)
        if fps is not None and not 1 <= fps <= FASTEST:
            raise PictureError(f"{fps} frames a second are not possible; use 1 to {FASTEST}")
        shown = [still_index(self.scene, frame)] if filmstrip is None else even_indices(self.frames, filmstrip)
        several = sum(goal.kind in (MOVING, FRAMES) for goal in targets) > 1
        job = _Job(self, loop, frame, filmstrip, shown, stopwatch or Stopwatch(), progress, fps, several)
        return [job.write(goal) for goal in targets]

    def _check(self, targets: Sequence[Target], loop: int, frame: int | str | None, filmstrip: int | None) -> None:
        if not 0 <= loop <= 65536:
            raise PictureError(f"loop {loop} is not possible; use 0 for ever, or 1 to 65536")
        if filmstrip is not None and not 1 <= filmstrip <= self.frames:
            raise PictureError(f"a filmstrip of {filmstrip} is not possible; use 1 to {self.frames} frames")
        if frame is not None and filmstrip is not None:
            raise PictureError("give a frame or a filmstrip, not both: each chooses what a still shows")
        if not any(goal.is_still for goal in targets):
            for name, value in (("frame", frame), ("filmstrip", filmstrip)):
                if value is not None:
                    moving = targets[0].path.name
                    raise PictureError(
                        f"{name} {value} chooses what a still shows, but {moving} moves; "
                        f"use a .png, .svg or .pdf, or no {name}"
                    )

    def page(self, loop: int = 0) -> str:
        """A page of its own that plays it, as HTML."""
        from convviz.web.pages import player

        fixed = ("--theme", "light") if self.themes == (LIGHT,) else ()
        return player(
            self.scene,
            self.themes,
            title=self.scene.title,
            alt=self.alt_text,
            note=self.origin.plus(*fixed, *_looped(loop)).json(__version__),
            loop=loop,
        )

    def __repr__(self) -> str:
        return f"<Animation: {self.scene.title}, {self.scene.sizes}, {self.frames} frames, {self.seconds:g} s>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook shows: a player, and a still where no script may run."""
        from base64 import b64encode

        from convviz.export.png import encode_png
        from convviz.web.embed import framed, inline

        stream = _Job(self, 0, None, None, [still_index(self.scene)], Stopwatch(), None).still_stream()
        (drawn,) = stream.frames
        size, scale = self.display_list.layout.size, self.display_list.layout.scale
        frame = inline(self.page(), self.alt_text, framed(f"{size[0] // scale}px", size))
        return {
            "text/html": frame,
            "image/png": b64encode(encode_png(drawn.pixels, stream)).decode(),
            "text/plain": repr(self),
        }


def _looped(loop: int) -> tuple[str, ...]:
    return ("--loop", str(loop)) if loop else ()


@dataclass
class _Job:
    """One call of `save_all`."""

    animation: Animation
    loop: int
    frame: int | str | None
    filmstrip: int | None
    shown: list[int]
    """The frames of a still, from 0."""
    watch: Stopwatch
    progress: Progress | None
    fps: int | None = None
    several: bool = False
    """Whether more than one file takes all frames."""
    done: int = 0

    def write(self, goal: Target) -> Path:
        """Write one file."""
        make: Callable[[], Any] = {
            MOVING: self._moving,
            STILL: self.still_stream,
            VECTOR: self._still,
            PAGE: lambda: self.animation.page(self.loop),
            FRAMES: lambda: self._frames(goal.frame_suffix),
        }[goal.kind]
        with self.watch.phase("first draw"):
            what = make()
        with self.watch.phase("encoding"):
            return export(what, goal)

    @cached_property
    def _cache(self) -> FrameCache:
        return FrameCache(self._stream())

    def _stream(self) -> FrameStream:
        animation = self.animation
        fps = ("--fps", str(self.fps)) if self.fps else ()
        metadata = self._metadata(animation.scene, (*_looped(self.loop), *fps))
        stream = frame_stream(animation.display_list, metadata, transparent=animation.transparent)
        return replace(stream, loop=self.loop, frame_rate=self.fps, frames=self.watch.each("frames", stream.frames))

    def _metadata(self, scene: Scene, more: Iterable[str]) -> FileMetadata:
        animation = self.animation
        alt = alt_text(animation.layers, animation.view, scene)
        return FileMetadata(f"{scene.title}, {scene.sizes}", alt, animation.origin.plus(*more).json(__version__))

    def _moving(self) -> FrameStream:
        stream = self._cache.replay() if self.several else self._stream()
        return replace(stream, frames=self._watched(stream.frames))

    def _watched(self, frames: Iterable[PalettedFrame]) -> Iterator[PalettedFrame]:
        for frame in frames:
            yield frame
            self.count()

    def count(self) -> None:
        """Another frame is done."""
        self.done += 1
        if self.progress:
            self.progress(self.done)

    @property
    def _still_metadata(self) -> FileMetadata:
        if self.filmstrip is not None:
            return self._metadata(self.animation.scene, ("--filmstrip", str(self.filmstrip)))
        chosen = () if self.frame is None else ("--frame", str(self.frame))
        return self._metadata(only_frame(self.animation.scene, self.shown[0]), chosen)

    def still_stream(self) -> FrameStream:
        """A still as a stream of one frame."""
        animation = self.animation
        if self.filmstrip is not None:
            return self._still().frame_stream()
        display_list = replace(animation.display_list, scene=only_frame(animation.scene, self.shown[0]))
        stream = frame_stream(display_list, self._still_metadata, transparent=animation.transparent)
        return replace(stream, frames=self._watched(self.watch.each("frames", stream.frames)))

    def _still(self) -> StillImage:
        from convviz.render.filmstrip import filmstrip_image
        from convviz.render.still import still_image

        animation, metadata = self.animation, self._still_metadata
        if self.filmstrip is not None:
            return filmstrip_image(animation.display_list, self.shown, metadata, transparent=animation.transparent)
        return still_image(animation.display_list, self.shown[0], metadata, transparent=animation.transparent)

    def _frames(self, suffix: str) -> FrameFiles:
        from convviz.export.frame_files import FrameFiles
        from convviz.export.png import encode_png

        stream = self._moving()
        files = (
            (encode_png(frame.pixels, stream) for frame in stream.frames)
            if suffix == ".png"
            else self._drawings(suffix)
        )
        return FrameFiles(files, self.animation.frames, suffix, stream.metadata)

    def _drawings(self, suffix: str) -> Iterator[bytes]:
        from convviz.export.vector import encode_vector
        from convviz.render.still import still_image

        animation, metadata = self.animation, self._metadata(self.animation.scene, ())
        for index in range(animation.frames):
            yield encode_vector(
                still_image(animation.display_list, index, metadata, transparent=animation.transparent), suffix
            )
            self.count()
