"""An animation that is laid out: it can be saved in any format and shown in a notebook."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.animation.alt_text import alt_text
from convviz.animation.provenance import Provenance
from convviz.animation.save_job import Progress, SaveJob
from convviz.animation.save_options import SaveOptions
from convviz.animation.stopwatch import Stopwatch
from convviz.errors.arguments import instance
from convviz.errors.printable import count_of
from convviz.export.formats import Target, resolve_target
from convviz.export.overwrite import check_overwrite
from convviz.layers.layer import Layer
from convviz.raster import FileMetadata
from convviz.render.display_list import DisplayList
from convviz.scene.frame_selection import ends_of_steps, only_frame, still_index
from convviz.scene.model import Scene
from convviz.style.theme import LIGHT, Theme
from convviz.text.formatting import one_line
from convviz.text.notation import Arguments
from convviz.version import __version__

if TYPE_CHECKING:
    from convviz.export.formats import FormatName
    from convviz.scene.frame_selection import FrameName


@dataclass(frozen=True, repr=False)
class Animation:
    """A laid-out animation. Nothing is drawn before it is saved or shown."""

    display_list: DisplayList
    layers: tuple[Layer, ...]
    view: str
    themes: tuple[Theme, ...]
    """The theme of the picture, followed by those that an HTML page may switch to."""
    provenance: Provenance
    """The command that draws it again."""
    transparent: bool = False
    warnings: tuple[str, ...] = ()
    """Warnings of weak contrasts of your own theme."""
    sources: tuple[str, ...] = ()
    """The files that it is made from, which it never overwrites."""
    force: bool = True
    """Whether it overwrites files that convviz did not write; the command line does so only with `--force`."""

    @property
    def scene(self) -> Scene:
        """What it shows, as data."""
        return self.display_list.scene

    @property
    def numbers(self) -> bool:
        """Whether the cells show their values, and not only those of a lens."""
        layout = self.display_list.layout
        return bool(layout.number_px) and layout.lens is None

    @property
    def frames(self) -> int:
        """The number of frames."""
        return len(self.scene.frames)

    @property
    def shown_steps(self) -> Collection[int]:
        """The numbers of the steps that are shown as they end; a long animation leaves some out."""
        return ends_of_steps(self.scene).keys()

    @cached_property
    def seconds(self) -> float:
        """The duration of one loop."""
        return sum(frame.duration for frame in self.scene.frames) / 1000

    @property
    def alt_text(self) -> str:
        """A paragraph that describes the animation, for people who cannot see it."""
        return alt_text(self.layers, self.view, self.scene)

    def still_alt_text(self, options: SaveOptions | None = None) -> str:
        """Return a paragraph that describes the still, or the filmstrip, that is saved with these options.

        Raises `PictureError` for a frame that does not exist, and for a filmstrip of too many.
        """
        options = SaveOptions() if options is None else instance("options", options, SaveOptions)
        options.check_filmstrip(self.frames)
        if options.filmstrip is not None:
            return alt_text(self.layers, self.view, self.scene, options.filmstrip)
        return alt_text(self.layers, self.view, only_frame(self.scene, still_index(self.scene, options.frame)))

    def still_size(self, options: SaveOptions) -> tuple[int, int]:
        """Return width and height in CSS pixels of the still, or the filmstrip, that is saved with these options."""
        width, height = self._job(options, None, Stopwatch()).still_size
        scale = self.display_list.layout.scale
        return width // scale, height // scale

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        loop: int = 0,
        frame: int | FrameName | None = None,
        filmstrip: int | None = None,
        fps: int | None = None,
        format: FormatName | None = None,
        progress: Progress | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> Path:
        """Write a file in the format that the suffix names, and return its path.

        .gif, .apng, .webp, .mp4 and .webm are animations; .png, .svg and .pdf are stills; .html is a page with a
        player; a .zip, or a folder (a name that ends in /), holds every frame. `format` is for a name without a suffix;
        for a folder or .zip it is the format of the frames (png, pdf, svg).

        `loop` is the number of loops, if the format can store it; 0 loops forever. `fps` is the frame rate of a video;
        the default is 20, or 10 without motion, or more for short steps. `frame` is the frame of a still: the number of
        a step, `first`, `middle` or `last`; the default is the most representative one. `filmstrip` draws N frames as
        one still.
        `progress` is called with the number of frames done; `stopwatch` records how long drawing and encoding take.

        The file appears when it is complete. Raises `ExportError` otherwise, and then leaves an older file as it was.
        A device or a FIFO is written through. A folder is replaced only if convviz wrote all that it holds.
        """
        options = SaveOptions(loop, frame, filmstrip, fps)
        return self.save_all([resolve_target(path, format)], options, progress=progress, stopwatch=stopwatch)[0]

    def save_all(
        self,
        targets: Sequence[Target],
        options: SaveOptions | None = None,
        *,
        progress: Progress | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> list[Path]:
        """Write several files, whose frames are drawn once; see `save`."""
        for target in instance("targets", targets, Sequence):
            instance("target", target, Target)
        stopwatch = Stopwatch() if stopwatch is None else instance("stopwatch", stopwatch, Stopwatch)
        progress = None if progress is None else instance("progress", progress, Callable)
        options = SaveOptions() if options is None else instance("options", options, SaveOptions)
        return self._job(options, progress, stopwatch).run(targets)

    def _job(self, options: SaveOptions, progress: Progress | None, stopwatch: Stopwatch) -> SaveJob:
        return SaveJob(
            self.display_list,
            self.transparent,
            self._metadata,
            self.page,
            options,
            stopwatch,
            progress,
            check_target=self.check_target,
        )

    def check_target(self, path: Path) -> None:
        """Raise `ExportError` if `path` is a file that this animation must not overwrite."""
        check_overwrite(path, self.sources, force=self.force)

    def _metadata(self, scene: Scene, arguments: Arguments, strip: int = 0) -> FileMetadata:
        """Return the metadata of a file that shows `scene`, or a filmstrip of so many of its frames."""
        command = self.provenance.with_arguments(*arguments).json(__version__)
        text = alt_text(self.layers, self.view, scene, strip)
        return FileMetadata(f"{one_line(scene.title)}, {scene.sizes}", text, command)

    def page(self, loop: int = 0) -> str:
        """Return an HTML page with a player."""
        from convviz.web.pages import player

        options = SaveOptions(loop)
        fixed = ("--theme", "light") if self.themes == (LIGHT,) else ()
        arguments = (*fixed, *options.arguments("loop"))
        return player(
            self.scene,
            self.themes,
            title=one_line(self.scene.title),
            alt=self.alt_text,
            note=self.provenance.with_arguments(*arguments).json(__version__),
            loop=options.loop,
        )

    def __repr__(self) -> str:
        title, frames = one_line(self.scene.title), count_of(self.frames, "frame")
        return f"<Animation: {title}, {self.scene.sizes}, {frames}, {self.seconds:g} s>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return a player for notebooks, and a still for viewers without scripts or in untrusted notebooks."""
        from base64 import b64encode

        from convviz.web.embed import framed, interactive

        size, scale = self.display_list.layout.size, self.display_list.layout.scale
        png = self.still_png()
        return {
            "text/html": interactive(self.page(), png, self.alt_text, framed(f"{size[0] // scale}px", size)),
            "image/png": b64encode(png).decode(),
            "text/plain": repr(self),
        }

    def still_png(self) -> bytes:
        """Return the most representative frame as the bytes of a PNG file."""
        from convviz.export.png import encode_png

        stream = self._job(SaveOptions(), None, Stopwatch()).still_stream()
        (frame,) = stream.frames
        return encode_png(frame.pixels, stream)
