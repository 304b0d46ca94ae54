"""A single picture, as pixels, SVG or PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from convviz.layout.boxes import Box
from convviz.raster import FileMetadata, FrameStream, PalettedFrame
from convviz.render.compositor import primitives_at
from convviz.render.display_list import DisplayList
from convviz.render.figure import pdf_bytes, rasterize
from convviz.render.palette import Palette
from convviz.render.paths import Polygon
from convviz.render.primitives import Primitive, Translated
from convviz.render.rectangles import Fill
from convviz.render.svg import svg_document


@dataclass(frozen=True)
class StillImage:
    """Primitives on a background of one colour."""

    size: tuple[int, int]
    primitives: tuple[Primitive, ...]
    background: str
    transparent: bool
    """Whether everything in the background colour is transparent."""
    metadata: FileMetadata

    def svg(self) -> str:
        """Return the text of an SVG file."""
        return svg_document(self._all(), self.size, self.metadata)

    def pdf(self) -> bytes:
        """Return the bytes of a PDF file."""
        return pdf_bytes(self._all(), self.size, self.metadata)

    def frame_stream(self) -> FrameStream:
        """Return a stream of one frame."""
        opaque = replace(self, transparent=False)._all()
        palette = Palette(chain.from_iterable(primitive.blends() for primitive in opaque))
        frame = PalettedFrame(palette.indices(rasterize(opaque, self.size)), (Box(0, 0, *self.size),), 0)
        transparent = palette.index(self.background) if self.transparent else None
        return FrameStream(
            self.size, palette.colours, [frame], (0,), transparent_index=transparent, metadata=self.metadata
        )

    def _all(self) -> list[Primitive]:
        """Return all primitives to draw, with the background unless it is transparent."""
        if not self.transparent:
            return [Fill(Box(0, 0, *self.size), self.background), *self.primitives]
        return list(_without_background(self.primitives, self.background))


def _without_background(primitives: Iterable[Primitive], background: str) -> Iterator[Primitive]:
    """Yield the primitives except areas in the background colour."""
    for primitive in primitives:
        if isinstance(primitive, Translated):
            yield replace(primitive, primitives=tuple(_without_background(primitive.primitives, background)))
        elif not (isinstance(primitive, Fill | Polygon) and primitive.colour == background):
            yield primitive


def still_image(
    display_list: DisplayList, index: int, metadata: FileMetadata, *, transparent: bool = False
) -> StillImage:
    """Return frame `index` (from 0)."""
    primitives = tuple(primitives_at(display_list, index))
    return StillImage(display_list.layout.size, primitives, display_list.theme.background, transparent, metadata)
