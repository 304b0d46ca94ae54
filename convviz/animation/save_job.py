"""One call of `Animation.save_all`: several files, whose frames are drawn once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.animation.in_betweens import frame_rate, sampling
from convviz.animation.save_options import SaveOptions
from convviz.animation.stopwatch import Stopwatch
from convviz.errors import PictureError
from convviz.export.formats import FRAMES, MOVING, PAGE, STILL, VECTOR, Target, export
from convviz.files.partial import clean_up
from convviz.files.temporary import temporary_folder
from convviz.raster import FileMetadata, FrameCache, FrameStream, PalettedFrame
from convviz.render.compositor import frame_stream
from convviz.render.display_list import DisplayList
from convviz.scene.frame_selection import filmstrip_indices, only_frame, still_index
from convviz.scene.model import Scene
from convviz.scene.sampling import Sampling

if TYPE_CHECKING:
    from convviz.export.frame_files import FrameFiles
    from convviz.render.still import StillImage

Progress = Callable[[int], None]
"""Takes the number of frames done."""


@dataclass
class SaveJob:
    """Draws the frames of an animation and writes them to targets."""

    display_list: DisplayList
    transparent: bool
    metadata: Callable[..., FileMetadata]
    """Takes what a file shows, the arguments that concern this file only, and the frames of a filmstrip."""
    page: Callable[[int], str]
    """Takes the number of loops and returns HTML."""
    options: SaveOptions
    stopwatch: Stopwatch
    progress: Progress | None = None
    check_target: Callable[[Path], None] = lambda _: None
    """Raises `ExportError` for a file that must not be overwritten."""
    _done: int = 0
    _several: bool = False
    """Whether more than one file takes all frames."""
    _caches: dict[Sampling | None, FrameCache] = field(default_factory=dict)
    """Frames for several files: by what they show of glides."""

    def run(self, targets: Sequence[Target]) -> list[Path]:
        """Write all targets. Raises `PictureError` for options that fit none of them, and `ExportError`."""
        self._check(targets)
        for folder in {target.path.absolute().parent for target in targets}:
            clean_up(folder)
        self._several = sum(target.kind in (MOVING, FRAMES) for target in targets) > 1
        return [self._write(target) for target in targets]

    def _check(self, targets: Sequence[Target]) -> None:
        self.options.check_filmstrip(self._count)
        if not any(target.is_still for target in targets):
            for name, value in (("frame", self.options.frame), ("filmstrip", self.options.filmstrip)):
                if value is not None:
                    raise PictureError(
                        f"{name} {value} is for stills, but {targets[0].path.name} is an animation; "
                        f"use a .png, .svg or .pdf, or no {name}"
                    )
        _ = self._shown
        for target in targets:
            self.check_target(target.path)

    @property
    def _scene(self) -> Scene:
        return self.display_list.scene

    @property
    def _count(self) -> int:
        return len(self._scene.frames)

    @cached_property
    def _shown(self) -> list[int]:
        """The frames of a still, counted from 0."""
        if self.options.filmstrip is None:
            return [still_index(self._scene, self.options.frame)]
        return filmstrip_indices(self._scene, self.options.filmstrip)

    def _write(self, target: Target) -> Path:
        draw: Callable[[], Any] = {
            MOVING: lambda: self._moving(target),
            STILL: self.still_stream,
            VECTOR: self._still,
            PAGE: lambda: self.page(self.options.loop),
            FRAMES: lambda: self._frames(target),
        }[target.kind]
        with self.stopwatch.phase("first draw"):
            content = draw()
        with self.stopwatch.phase("encoding"):
            return export(content, target)

    def _stream(self, chosen: Sampling | None) -> FrameStream:
        metadata = self.metadata(self._scene, self.options.arguments("loop", "fps"))
        stream = frame_stream(self.display_list, metadata, transparent=self.transparent, sampling=chosen)
        return replace(stream, loop=self.options.loop, frames=self.stopwatch.each("frames", stream.frames))

    def _moving(self, target: Target) -> FrameStream:
        rate = frame_rate(self._scene, target, self.options.fps)
        chosen = sampling(self._scene, target, rate, transparent=self.transparent)
        if self._several and chosen not in self._caches:
            self._caches[chosen] = FrameCache(self._stream(chosen))
        stream = self._caches[chosen].replay() if self._several else self._stream(chosen)
        return replace(stream, frames=self._counted(stream.frames), frame_rate=rate)

    def _counted(self, frames: Iterable[PalettedFrame]) -> Iterator[PalettedFrame]:
        for frame in frames:
            yield frame
            if frame.is_key:
                self._count_one()

    def _count_one(self) -> None:
        self._done += 1
        if self.progress:
            self.progress(self._done)

    @property
    def _still_metadata(self) -> FileMetadata:
        if self.options.filmstrip is not None:
            return self.metadata(self._scene, self.options.arguments("filmstrip"), self.options.filmstrip)
        return self.metadata(only_frame(self._scene, self._shown[0]), self.options.arguments("frame"))

    @property
    def still_size(self) -> tuple[int, int]:
        """Width and height of a still in pixels; a filmstrip is as high as its frames need."""
        return self.display_list.layout.size if self.options.filmstrip is None else self._still().size

    def still_stream(self) -> FrameStream:
        """Return a still as a stream of one frame."""
        if self.options.filmstrip is not None:
            return self._still().frame_stream()
        from convviz.render.still import named_for_still

        still = named_for_still(self.display_list, self._shown[0])
        one = replace(still, scene=only_frame(still.scene, self._shown[0]))
        stream = frame_stream(one, self._still_metadata, transparent=self.transparent)
        return replace(stream, frames=self._counted(self.stopwatch.each("frames", stream.frames)))

    def _still(self) -> StillImage:
        from convviz.render.filmstrip import filmstrip_image
        from convviz.render.still import named_for_still, still_image

        if self.options.filmstrip is not None:
            return filmstrip_image(self.display_list, self._shown, self._still_metadata, transparent=self.transparent)
        still = named_for_still(self.display_list, self._shown[0])
        return still_image(still, self._shown[0], self._still_metadata, transparent=self.transparent)

    def _frames(self, target: Target) -> FrameFiles:
        from convviz.export.frame_files import FrameFiles
        from convviz.export.png import encode_png

        stream, suffix = self._moving(target), target.frame_suffix
        drawn = (encode_png(frame.pixels, stream) for frame in stream.frames)
        files = drawn if suffix == ".png" else self._drawings(suffix)
        return FrameFiles(files, self._count, suffix, stream.metadata)

    def _drawings(self, suffix: str) -> Iterator[bytes]:
        from convviz.export.vector import encode_vector
        from convviz.render.font_subset import drawing_with
        from convviz.render.still import still_image

        metadata = self.metadata(self._scene, ())
        with temporary_folder() as folder:
            fonts = self._small_fonts(folder) if suffix == ".pdf" and self._count > 1 else {}
            for index in range(self._count):
                image = still_image(self.display_list, index, metadata, transparent=self.transparent)
                with drawing_with(fonts):
                    content = encode_vector(image, suffix)
                yield content
                self._count_one()

    def _small_fonts(self, folder: Path) -> Mapping[str, str]:
        """Write fonts with the characters of all frames."""
        from convviz.render.compositor import primitives_at
        from convviz.render.font_subset import small_fonts, texts_of

        shown = (primitives_at(self.display_list, index) for index in range(self._count))
        return small_fonts(dict.fromkeys(chain.from_iterable(map(texts_of, shown))), folder)
