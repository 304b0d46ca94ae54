"""Primitives saved as PDF by matplotlib: this alone needs its figures, which take long to import."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure, SubplotParams

from convviz.raster import FileMetadata
from convviz.render.fonts import DPI
from convviz.render.hermetic import pdf_module
from convviz.render.primitives import Primitive


class PrimitivesArtist(Artist):
    """Primitives as one matplotlib artist."""

    def __init__(self, primitives: Iterable[Primitive]) -> None:
        super().__init__()
        self.primitives = list(primitives)

    def draw(self, renderer: RendererBase) -> None:
        """Paint the primitives in order."""
        for primitive in self.primitives:
            primitive.paint(renderer)


def pdf_bytes(primitives: Iterable[Primitive], size: tuple[int, int], metadata: FileMetadata) -> bytes:
    """Return the primitives as a PDF file, without a date, so that equal pictures give equal bytes."""
    figure = _figure(size)
    figure.add_artist(PrimitivesArtist(primitives))
    file = BytesIO()
    info = {
        "Title": metadata.title,
        "Subject": metadata.alt_text,
        "Keywords": metadata.provenance,
        "Creator": "convviz",
        "Producer": None,
        "CreationDate": None,
    }
    pdf_module().FigureCanvasPdf(figure).print_pdf(file, metadata=info)
    return file.getvalue()


def _figure(size: tuple[int, int]) -> Figure:
    """Return an empty figure; whatever is left out here would come from the settings of the process."""
    no_layout: Any = "none"  # matplotlib's annotations lack this value
    return Figure(
        figsize=(size[0] / DPI, size[1] / DPI),
        dpi=DPI,
        facecolor="none",
        edgecolor="none",
        linewidth=0,
        frameon=False,
        subplotpars=SubplotParams(0, 0, 1, 1, 0, 0),
        layout=no_layout,
    )
