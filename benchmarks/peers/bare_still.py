"""One PNG of the same cells and texts, with nothing but matplotlib."""

from __future__ import annotations

from drawing import Drawing, read
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

parts, target = read()
figure = Figure()
FigureCanvasAgg(figure)
drawing = Drawing(figure, parts)
drawing.show_last(parts["frames"])
figure.savefig(target, dpi=72)
