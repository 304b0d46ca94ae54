"""A single picture, as pixels, SVG or PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

from convviz.layout.boxes import Box
from convviz.layout.legend import with_legend_of
from convviz.raster import FileMetadata, FrameStream, PalettedFrame
from convviz.render.compositor import primitives_at
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure_for
from convviz.render.palette import Palette
from convviz.render.primitives import Primitive
from convviz.render.rasterize import rasterize
from convviz.render.rectangles import Fill
from convviz.render.svg import svg_document
from convviz.scene.frame_selection import legend_of_frames
from convviz.style.colours import is_clear


@dataclass(frozen=True)
class StillImage:
    """Primitives on a background of one colour, which may be clear."""

    size: tuple[int, int]
    primitives: tuple[Primitive, ...]
    background: str
    metadata: FileMetadata

    def svg(self) -> str:
        """Return the text of an SVG file."""
        return svg_document(self._all(), self.size, self.metadata)

    def pdf(self) -> bytes:
        """Return the bytes of a PDF file."""
        from convviz.render.figure import pdf_bytes

        return pdf_bytes(self._all(), self.size, self.metadata)

    def frame_stream(self) -> FrameStream:
        """Return a stream of one frame."""
        primitives = self._all()
        palette = Palette(chain.from_iterable(primitive.blends() for primitive in primitives))
        frame = PalettedFrame(palette.indices(rasterize(primitives, self.size)), (Box(0, 0, *self.size),), 0)
        transparent = palette.index(self.background) if is_clear(self.background) else None
        return FrameStream(
            self.size,
            palette.colours,
            [frame],
            (0,),
            transparent_index=transparent,
            alphas=palette.alphas,
            metadata=self.metadata,
        )

    def _all(self) -> list[Primitive]:
        """Return all primitives to draw, from the background on."""
        return [Fill(Box(0, 0, *self.size), self.background), *self.primitives]


def named_for_still(display_list: DisplayList, index: int) -> DisplayList:
    """Return a copy whose legend names the marks of frame `index` (from 0) alone; all else stays in place."""
    scene, theme, layout = display_list.scene, display_list.theme, display_list.layout
    named = replace(scene, legend=legend_of_frames(scene, (scene.frames[index],)))
    return DisplayList(named, with_legend_of(named, layout, measure_for(theme.font)), theme)


def still_image(
    display_list: DisplayList, index: int, metadata: FileMetadata, *, transparent: bool = False
) -> StillImage:
    """Return frame `index` (from 0)."""
    shown = display_list.with_clear_background() if transparent else display_list
    primitives = tuple(primitives_at(shown, index))
    return StillImage(shown.layout.size, primitives, shown.theme.background, metadata)
