"""A new figure for every frame, collected as RGB and written by imageio."""

from __future__ import annotations

import imageio.v3 as imageio
import numpy as np
from drawing import Drawing, read
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

parts, target = read()
frames = []
for last in range(len(parts["frames"])):
    figure = Figure()
    canvas = FigureCanvasAgg(figure)
    drawing = Drawing(figure, parts)
    drawing.show_last(parts["frames"][: last + 1])
    canvas.draw()
    frames.append(np.asarray(canvas.buffer_rgba())[..., :3].copy())
imageio.imwrite(target, frames, duration=[frame["milliseconds"] for frame in parts["frames"]])
