"""matplotlib's FuncAnimation, written by PillowWriter as a GIF or by ffmpeg as an MP4."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from drawing import Drawing, read
from matplotlib.animation import FFMpegWriter, FuncAnimation, PillowWriter

parts, target = read()
figure = plt.figure()
drawing = Drawing(figure, parts)
animation = FuncAnimation(figure, lambda number: drawing.show(parts["frames"][number]), frames=len(parts["frames"]))
if target.endswith(".mp4"):
    import imageio_ffmpeg

    matplotlib.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    animation.save(target, writer=FFMpegWriter(fps=10), dpi=72)
else:
    animation.save(target, writer=PillowWriter(fps=2), dpi=72)
