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
from convviz.export.formats import FRAMES, MOVING, PAGE, STILL, VECTOR, Target, export, target
from convviz.layers.layer import Layer
from convviz.raster import FileMetadata, FrameCache, FrameStream, PalettedFrame
from convviz.render.display_list import DisplayList
from convviz.render.draw import film
from convviz.scene.frame_selection import evenly, only, still
from convviz.scene.model import Scene
from convviz.style.theme import LIGHT, Theme
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.export.frame_files import Frames
    from convviz.render.still import Still

FASTEST = 60
"""Frames a second of a video."""
Progress = Callable[[int], None]


@dataclass(frozen=True, repr=False)
class Animation:
    """A laid-out animation. Nothing is drawn before it is saved or shown."""

    picture: DisplayList
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
        goal = target(path, format)
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
        shown = [still(self.scene, frame)] if filmstrip is None else evenly(self.frames, filmstrip)
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
        if not any(goal.one_frame for goal in targets):
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

        from convviz.export.png import encoded
        from convviz.web.embed import framed, inline

        reel = _Job(self, 0, None, None, [still(self.scene)], Stopwatch(), None).still_reel()
        (shot,) = reel.shots
        size, scale = self.picture.sheet.size, self.picture.sheet.scale
        frame = inline(self.page(), self.alt_text, framed(f"{size[0] // scale}px", size))
        return {
            "text/html": frame,
            "image/png": b64encode(encoded(shot.pixels, reel)).decode(),
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
            STILL: self.still_reel,
            VECTOR: self._still,
            PAGE: lambda: self.animation.page(self.loop),
            FRAMES: lambda: self._frames(goal.frame),
        }[goal.kind]
        with self.watch.phase("first draw"):
            what = make()
        with self.watch.phase("encoding"):
            return export(what, goal)

    @cached_property
    def _tape(self) -> FrameCache:
        return FrameCache(self._film())

    def _film(self) -> FrameStream:
        animation = self.animation
        fps = ("--fps", str(self.fps)) if self.fps else ()
        label = self._label(animation.scene, (*_looped(self.loop), *fps))
        reel = film(animation.picture, label, transparent=animation.transparent)
        return replace(reel, loop=self.loop, rate=self.fps, shots=self.watch.each("frames", reel.shots))

    def _label(self, scene: Scene, more: Iterable[str]) -> FileMetadata:
        animation = self.animation
        alt = alt_text(animation.layers, animation.view, scene)
        return FileMetadata(f"{scene.title}, {scene.sizes}", alt, animation.origin.plus(*more).json(__version__))

    def _moving(self) -> FrameStream:
        reel = self._tape.again() if self.several else self._film()
        return replace(reel, shots=self._watched(reel.shots))

    def _watched(self, shots: Iterable[PalettedFrame]) -> Iterator[PalettedFrame]:
        for shot in shots:
            yield shot
            self.count()

    def count(self) -> None:
        """Another frame is done."""
        self.done += 1
        if self.progress:
            self.progress(self.done)

    @property
    def _still_label(self) -> FileMetadata:
        if self.filmstrip is not None:
            return self._label(self.animation.scene, ("--filmstrip", str(self.filmstrip)))
        chosen = () if self.frame is None else ("--frame", str(self.frame))
        return self._label(only(self.animation.scene, self.shown[0]), chosen)

    def still_reel(self) -> FrameStream:
        """A still as a reel of one shot."""
        animation = self.animation
        if self.filmstrip is not None:
            return self._still().reel()
        picture = replace(animation.picture, scene=only(animation.scene, self.shown[0]))
        reel = film(picture, self._still_label, transparent=animation.transparent)
        return replace(reel, shots=self._watched(self.watch.each("frames", reel.shots)))

    def _still(self) -> Still:
        from convviz.render.still import still, strip

        animation, label = self.animation, self._still_label
        if self.filmstrip is not None:
            return strip(animation.picture, self.shown, label, transparent=animation.transparent)
        return still(animation.picture, self.shown[0], label, transparent=animation.transparent)

    def _frames(self, suffix: str) -> Frames:
        from convviz.export.frame_files import Frames
        from convviz.export.png import encoded

        reel = self._moving()
        files = (encoded(shot.pixels, reel) for shot in reel.shots) if suffix == ".png" else self._drawings(suffix)
        return Frames(files, self.animation.frames, suffix, reel.label)

    def _drawings(self, suffix: str) -> Iterator[bytes]:
        from convviz.export.vector import encoded
        from convviz.render.still import still

        animation, label = self.animation, self._label(self.animation.scene, ())
        for index in range(animation.frames):
            yield encoded(still(animation.picture, index, label, transparent=animation.transparent), suffix)
            self.count()
