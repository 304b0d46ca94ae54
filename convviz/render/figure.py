"""Primitives on a matplotlib figure: drawn to pixels, or saved as PDF."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from convviz.raster import ByteArray, FileMetadata
from convviz.render.fonts import DPI
from convviz.render.primitives import Primitive

PDF_SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "pdf.use14corefonts": False,
    "pdf.inheritcolor": False,
}
"""Embed TrueType fonts (matplotlib's default, Type 3, is refused by some publishers), whatever a matplotlibrc says."""
_changing_settings = Lock()


class PrimitivesArtist(Artist):
    """Primitives as one matplotlib artist."""

    def __init__(self, primitives: Iterable[Primitive]) -> None:
        super().__init__()
        self.primitives = list(primitives)

    def draw(self, renderer: RendererBase) -> None:
        """Paint the primitives in order."""
        for primitive in self.primitives:
            primitive.paint(renderer)


def make_figure(primitives: Iterable[Primitive], size: tuple[int, int]) -> Figure:
    """Return a figure of `size` pixels that shows the primitives and nothing else."""
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI, facecolor="none")
    figure.add_artist(PrimitivesArtist(primitives))
    return figure


def rasterize(primitives: Iterable[Primitive], size: tuple[int, int]) -> ByteArray:
    """Return the pixels (height, width, RGBA) of the primitives, drawn by matplotlib in full."""
    canvas = FigureCanvasAgg(make_figure(primitives, size))
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def pdf_bytes(primitives: Iterable[Primitive], size: tuple[int, int], metadata: FileMetadata) -> bytes:
    """Return the primitives as a PDF file, without a date, so that equal pictures give equal bytes.

    The settings are global in matplotlib and its PDF backend takes them from nowhere else; the lock keeps threads that
    save PDFs from restoring each other's values.
    """
    figure = make_figure(primitives, size)
    figure.patch.set_visible(False)
    file = BytesIO()
    info = {
        "Title": metadata.title,
        "Subject": metadata.alt_text,
        "Keywords": metadata.provenance,
        "Creator": "convviz",
        "Producer": None,
        "CreationDate": None,
    }
    with _changing_settings, rc_context(PDF_SETTINGS):
        FigureCanvasPdf(figure).print_pdf(file, metadata=info)
    return file.getvalue()
