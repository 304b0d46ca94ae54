"""Plot the cost of a frame against the size of the grid: it depends on what changes, not on what is there."""

from __future__ import annotations

import time

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.jobs import HERE, WORK
from convviz import Conv, animate

SIDES = (4, 6, 8, 12, 16, 24, 32, 48, 64)


def milliseconds(side: int) -> tuple[float, float, int]:
    """Return the milliseconds of a frame with its compression, of the frame alone, and the number of frames."""
    from convviz.animation.stopwatch import Stopwatch

    animation = animate(Conv(side, 3, 1, 1), numbers=False, max_frames=5000)
    animation.save(WORK / "scaling.gif")
    watch = Stopwatch()
    start = time.perf_counter()
    animation.save(WORK / "scaling.gif", stopwatch=watch)
    whole = time.perf_counter() - start - watch.seconds["first draw"]
    return 1000 * whole / animation.frames, 1000 * watch.seconds["frames"] / animation.frames, animation.frames


def main() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    whole, drawn = [], []
    for side in SIDES:
        both, alone, frames = milliseconds(side)
        whole.append(both)
        drawn.append(alone)
        print(
            f"{side:3}×{side:<3} {frames:5} frames  {both:.2f} ms a frame, of which drawn in {alone:.2f} ms", flush=True
        )
    figure = Figure(figsize=(7, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(
        xlabel="cells of the input",
        ylabel="milliseconds a frame",
        xscale="log",
        title="3×3 convolution with padding 1, GIF",
    )
    cells = [side * side for side in SIDES]
    axes.plot(cells, whole, "o-", label="drawn and compressed")
    axes.plot(cells, drawn, "s-", label="drawn")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.savefig(HERE / "scaling.png", dpi=100)


if __name__ == "__main__":
    main()
