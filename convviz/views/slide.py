"""slide: the window walks over the padded (and zero-inserted) input; each stop writes one output cell.

At step t the window stands on the cells that output cell t reads, left to right and top to bottom; the cell it writes
wears the same outline, and the line below says the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.geometry import ForwardAxis
from convviz.layers import ConvTranspose
from convviz.scene import Cell, Change, Frame, Group, Mark, Panel, Scene, Sign, Timing
from convviz.views import common
from convviz.wording import formulas, sizes, value_text

if TYPE_CHECKING:
    from convviz.arithmetic import Numbers
    from convviz.layers import Layer

INPUT, KERNEL, OUTPUT = range(3)


def slide(layer: Layer, numbers: Numbers | None, timing: Timing) -> Scene:
    """The scene of `layer`, with the values of `numbers` in the cells, or without any."""
    panels = (input_panel(layer, numbers), common.kernel_panel(layer, numbers), common.output_panel(layer))
    operator = Sign("∗" if isinstance(layer, ConvTranspose) else "⋆")
    stops = list(layer.outputs())
    return Scene(
        title=common.title(layer),
        sizes=common.sizes_line(layer),
        chips=common.chips(layer),
        stage=Group("row", (panels[INPUT], operator, panels[KERNEL], Sign("="), panels[OUTPUT]), turns=True),
        legend=common.legend(panels, layer),
        formulas=formulas(layer),
        frames=tuple(
            stop(layer, numbers, output, number, timing.duration(number - 1, len(stops)))
            for number, output in enumerate(stops, start=1)
        ),
        steps=len(stops),
    )


def stop(layer: Layer, numbers: Numbers | None, output: tuple[int, ...], number: int, duration: int) -> Frame:
    """The frame in which the window writes `output`."""
    row, col = output
    written = Cell("output", value_text(numbers.y[output]) if numbers else "")
    rows, cols = (track.taps(index) for track, index in zip(layer.tracks, output, strict=True))
    return Frame(
        changes=(Change(OUTPUT, row, col, written),),
        marks=(Mark(INPUT, rows, cols, lit=True), Mark(OUTPUT, (row,), (col,))),
        line=common.step_line(layer, output, numbers),
        number=number,
        duration=duration,
    )


def input_panel(layer: Layer, numbers: Numbers | None) -> Panel:
    """The input as the window sees it, and a caption that says what was done to it."""
    return Panel("input", common.laid_cells(layer, numbers), caption(layer))


def caption(layer: Layer) -> str:
    """`input, zeros inserted and padded: 7×7`."""
    tracks = layer.tracks
    done = []
    if any(track.gap and track.input > 1 for track in tracks):
        done.append("zeros inserted")
    if any(track.before > 0 or track.after > 0 for track in tracks):
        done.append("padded")
    if any(track.before < 0 or track.after < 0 for track in tracks):
        done.append("cropped")
    kept = sizes([track.kept for track in tracks])
    changed = f"input, {' and '.join(done)}: {kept}" if len(done) < 3 else f"input, {', '.join(done)}: {kept}"
    return (changed if done else f"input {kept}") + _never_read(layer)


def _never_read(layer: Layer) -> str:
    """`; last row and column are never read`, for what the floor of the division drops."""
    rests = [axis.left_over if isinstance(axis, ForwardAxis) else 0 for axis in layer.axes]
    lines = [
        name if rest == 1 else f"{rest} {name}s" for rest, name in zip(rests, ("row", "column"), strict=True) if rest
    ]
    if not lines:
        return ""
    return f"; last {' and '.join(lines)} {'is' if sum(rests) == 1 else 'are'} never read"
