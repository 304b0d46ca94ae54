"""Random layers of every kind for the views, the expected results from loops, and helpers to read a scene."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain, combinations, product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from click.testing import CliRunner, Result
from hypothesis import assume
from hypothesis import strategies as st
from PIL import Image

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool, PictureError
from convviz.cli.main import main
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, conv_values, pool_values
from convviz.layers.pooling import Pool
from convviz.layout.boxes import Box
from convviz.layout.lay_out import lay_out
from convviz.layout.scene_layout import SceneLayout
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure
from convviz.render.paths import Stroke
from convviz.scene.model import Cell, Panel, Scene, Timing
from convviz.views.registry import VIEWS
from tests.layout.test_lay_out import fits, inside, line_problems, problems

Index = tuple[int, ...]
Pick = Callable[[int, int], int]
KINDS = ("conv", "transposed", "maxpool", "avgpool")
MODES = ("zeros", "zeros", "zeros", "reflect", "replicate", "circular")

# Layers -------------------------------------------------------------------------------------------------------------


def build(pick: Pick, largest: int, kinds: tuple[str, ...], axes: tuple[int, ...]) -> Layer:
    """Return a layer from whole numbers that `pick(low, high)` chooses. Raises `GeometryError` if not valid."""
    kind, count = kinds[pick(0, len(kinds) - 1)], axes[pick(0, len(axes) - 1)]

    def sides(low: int, high: int) -> Index:
        return tuple(pick(low, high) for _ in range(count))

    given: dict[str, Any] = {"input": sides(1, largest), "kernel": sides(1, 4), "stride": sides(1, 3)}
    if kind in ("maxpool", "avgpool"):
        given |= {"padding": tuple((pick(0, 1), pick(0, 1)) for _ in range(count)), "ceil_mode": pick(0, 1) == 1}
        if kind == "maxpool":
            return MaxPool(**given, dilation=sides(1, 2))
        return AvgPool(**given, count_include_pad=pick(0, 1) == 1)
    given |= {"padding": _padding(pick, count, kind), "dilation": sides(1, 2)}
    if kind == "transposed":
        return ConvTranspose(**given, **({} if isinstance(given["padding"], str) else {"output_padding": sides(0, 2)}))
    return Conv(**given, padding_mode=MODES[pick(0, len(MODES) - 1)])


def _padding(pick: Pick, count: int, kind: str) -> Any:
    """Return padding as one number, as two sides, or as a name."""
    how = pick(0, 5)
    if how == 0:
        return ("same", "same_lower", "valid", "half", "full")[pick(0, 4 if kind == "conv" else 2)]
    if how < 3:
        return tuple((pick(0, 3), pick(0, 3)) for _ in range(count))
    return tuple(pick(0, 3) for _ in range(count))


@st.composite
def any_layer(
    draw: Any, largest: int = 5, kinds: tuple[str, ...] = KINDS, axes: tuple[int, ...] = (2, 2, 1), cells: int = 400
) -> Layer:
    """Draw a valid layer of one of these kinds, 2-D or 1-D, with at most `cells` output cells."""
    try:
        layer = build(lambda low, high: draw(st.integers(low, high)), largest, kinds, axes)
    except GeometryError:
        assume(False)
        raise
    assume(np.prod(layer.output) <= cells)
    return layer


def many_layers(count: int, seed: int, largest: int = 4, kinds: tuple[str, ...] = KINDS) -> Iterator[Layer]:
    """Return `count` valid layers, quickly."""
    random = Random(seed)
    while count:
        try:
            layer = build(random.randint, largest, kinds, (2, 2, 1))
        except GeometryError:
            continue
        if np.prod(layer.output) <= 100:
            yield layer
            count -= 1


def values(layer: Layer, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return input and kernel in whole numbers without symmetry, some of them zero."""
    generator = np.random.default_rng(seed)
    return generator.integers(-4, 6, layer.input), generator.permutation(np.prod(layer.kernel)).reshape(
        layer.kernel
    ) - 1 * (np.prod(layer.kernel) > 2)


def values_of(layer: Layer, seed: int = 1) -> LayerValues:
    """Return the values as `animate` passes them to a view."""
    x, w = values(layer, seed)
    if isinstance(layer, Pool):
        return pool_values(layer.sliding_windows, x, mean=layer.mean, include_padding=layer.count_include_pad)
    return conv_values(layer.sliding_windows, x, w)


def scene_of(layer: Layer, view: str, seed: int | None = 1) -> Scene:
    return VIEWS[view](layer, None if seed is None else values_of(layer, seed), Timing())


# What must be, in loops -----------------------------------------------------------------------------------------------


def meetings(layer: Layer, axis: int) -> list[tuple[int, int, int]]:
    """Return (input cell, output cell, kernel cell) that meet on one axis, by sliding or by stamping."""
    i, k, s, d, o = (getattr(layer, name)[axis] for name in ("input", "kernel", "stride", "dilation", "output"))
    before, after = layer.padding[axis]
    if isinstance(layer, ConvTranspose):
        stamped = [(cell, cell * s + tap * d - before, tap) for cell in range(i) for tap in range(k)]
        return [meeting for meeting in stamped if 0 <= meeting[1] < o]
    mode = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}[layer.padding_mode]
    line = np.pad(np.arange(i), (before, after), mode, **({"constant_values": -1} if mode == "constant" else {}))
    line = np.append(line, np.full(s + k * d, -1))  # what a window of a pooling hangs over
    walked = [(int(line[output * s + tap * d]), output, tap) for output in range(o) for tap in range(k)]
    return [meeting for meeting in walked if meeting[0] >= 0]


def meetings_of(layer: Layer) -> Iterator[tuple[Index, Index, Index]]:
    """Return (input cell, output cell, kernel cell) that meet."""
    for met in product(*(meetings(layer, axis) for axis in range(len(layer.axes)))):
        one, other, tap = zip(*met, strict=True)
        yield one, other, tap


def expected(layer: Layer, seed: int = 1) -> np.ndarray:
    """Return the output of a convolution, or of a max pooling, for `values(layer, seed)`."""
    x, w = values(layer, seed)
    if isinstance(layer, Pool):
        seen: dict[Index, list[float]] = {index: [] for index in np.ndindex(layer.output)}
        for one, other, _ in meetings_of(layer):
            seen[other].append(float(x[one]))
        y = np.empty(layer.output)
        for index, found in seen.items():
            y[index] = sum(found) / counting(layer, index) if layer.mean else max(found, default=-np.inf)
        return y
    y = np.zeros(layer.output, dtype=int)
    for one, other, tap in meetings_of(layer):
        y[other] += x[one] * w[tap]
    return y


def counting(layer: Layer, output: Index) -> int:
    """Count the cells of a mean: input cells, and padding if it is included; none beyond the padding."""
    count = 1
    for axis, at in enumerate(output):
        before, after = layer.padding[axis] if layer.count_include_pad else (0, 0)
        places = [at * layer.stride[axis] - layer.padding[axis][0] + tap for tap in range(layer.kernel[axis])]
        count *= sum(-before <= place < layer.input[axis] + after for place in places)
    return count


def effective_kernel(layer: Layer) -> dict[Index, set[Index]]:
    """Return the output cells that each input cell feeds: a unit impulse through a kernel of ones."""
    fed: dict[Index, set[Index]] = {cell: set() for cell in np.ndindex(layer.input)}
    for one, other, _ in meetings_of(layer):
        fed[one].add(other)
    return fed


# Reading a scene ------------------------------------------------------------------------------------------------------


def states(scene: Scene) -> Iterator[list[list[list[Cell]]]]:
    """Yield the cells of all panels in each frame; the lists are changed in place."""
    grids = [[list(row) for row in panel.cells] for panel in scene.panels]
    for frame in scene.frames:
        for change in frame.changes:
            grids[change.panel][change.row][change.col] = change.cell
        yield grids


def last(scene: Scene) -> list[list[list[Cell]]]:
    """Return the cells of all panels in the last frame."""
    *_, grids = states(scene)
    return grids


def number(text: str) -> float:
    """Convert a cell's text, which may be rounded, to a number."""
    text = text.removeprefix("≈").replace("−", "-")
    return float(text.replace("∞", "inf")) if "∞" in text else float(Fraction(text))


def at(index: Index) -> tuple[int, int]:
    """Return row and column of a cell; a 1-D layer has one row."""
    row, col = (0, *index)[-2:]
    return row, col


def flat(grid: list[list[Cell]]) -> list[float]:
    return [number(cell.text) for row in grid for cell in row]


def close(text: str, value: float) -> bool:
    """Whether a text equals a value, to three digits."""
    shown = number(text)
    return shown == value or abs(shown - value) <= 0.006 * abs(value)


def texts(scene: Scene) -> str:
    """Return all texts of the picture outside the cells and the caption."""
    words = [scene.title, scene.sizes, *(badge.text for badge in scene.badges), *(entry.text for entry in scene.legend)]
    words += [panel.caption + " " + panel.label for panel in scene.panels]
    return "\n".join([*words, *(text for formula in scene.formulas for text in formula.variants())])


def attempted(make: Callable[[], Any]) -> tuple[Any, str]:
    """Return the result of `make`, or the message of its error."""
    try:
        return make(), ""
    except (PictureError, GeometryError) as refusal:
        return None, str(refusal)


def text_of(value: Any) -> str:
    """Return the text of a cell with a whole number."""
    return str(value).replace("-", "−")


# What is wrong --------------------------------------------------------------------------------------------------------


def faults(scene: Scene) -> list[str]:
    """List references to panels and cells that do not exist, and cells that change twice in a frame."""
    panels, found = scene.panels, []

    def outside(panel: int, rows: Index, cols: Index) -> bool:
        if not 0 <= panel < len(panels) or not rows or not cols:
            return True
        high, wide = panels[panel].rows, panels[panel].cols
        return not (0 <= min(rows) <= max(rows) < high and 0 <= min(cols) <= max(cols) < wide)

    if [frame.number for frame in scene.frames] != list(range(1, scene.steps + 1)):
        found.append("frames are not numbered 1 to steps")
    for index, panel in enumerate(panels):
        if any(len(row) != panel.cols for row in panel.cells):
            found.append(f"panel {index} has ragged rows")
    for frame in scene.frames:
        where = f"frame {frame.number}: "
        found += [f"{where}{one}" for one in frame.changes if outside(one.panel, (one.row,), (one.col,))]
        found += [f"{where}{one}" for one in frame.marks if outside(one.panel, one.rows, one.cols)]
        found += [f"{where}{one} unsorted" for one in frame.marks if not rising(one.rows) or not rising(one.cols)]
        for link in frame.connectors:
            if link.upper >= link.lower or any(outside(p, (0,), (link.col,)) for p in (link.upper, link.lower)):
                found.append(f"{where}{link}")
        for one in frame.floating_cells:
            rows, cols = ((place // 1000, -(-place // 1000)) for place in (one.row, one.col))
            if outside(one.panel, rows, cols):
                found.append(f"{where}{one}")
        found += [f"{where}{guide}" for guide in frame.guides if not 0 <= guide.start < guide.end < len(frame.marks)]
        if frame.duration < 20:
            found.append(f"{where}{frame.duration} ms")
        if not 0 <= frame.tab <= len(scene.tabs):
            found.append(f"{where}tab {frame.tab}")
        counted = Counter((one.panel, one.row, one.col) for one in frame.changes)
        found += [f"{where}{place} is written {times} times" for place, times in counted.items() if times > 1]
    return found


def rising(indices: Index) -> bool:
    return list(indices) == sorted(set(indices))


def layout_faults(scene: Scene, size: tuple[int, int]) -> list[str]:
    """List the faults of a scene's layout. Raises `PictureError` if it does not fit."""
    layout = lay_out(scene, size, measure)
    found = [one for one in problems(layout, scene) if not one.startswith("cells of") and "leaves its badge" not in one]
    labels = [text.box for text in layout.texts if text.style == "badge"]
    found += [
        "a text leaves its badge" for text, (box, _) in zip(labels, layout.badges, strict=True) if not inside(text, box)
    ]
    assert len(layout.grids) == len(scene.panels)
    base = next(grid.pitch for grid, panel in zip(layout.grids, scene.panels, strict=True))
    for index, (grid, panel) in enumerate(zip(layout.grids, scene.panels, strict=True)):
        if grid.pitch != base:
            found.append(f"grid {index} has cells of {grid.pitch} px, the others of {base}")
        if (grid.rows, grid.cols) != (panel.rows, panel.cols):
            found.append(f"grid {index} is {grid.rows}×{grid.cols}")
        if panel.seamless and grid.gap:
            found.append(f"grid {index} has seams")
    return found + small_number_faults(layout, scene) + tab_faults(layout, scene) + line_problems(layout, scene)


def small_number_faults(layout: SceneLayout, scene: Scene) -> list[str]:
    """List the faults of numbers in panels with smaller cells."""
    if not layout.number_px:
        return []
    found = []
    for grid, panel in zip(layout.grids, scene.panels, strict=True):
        longest = {cell.text for row in panel.cells for cell in row}
        found += [text for text in longest if not fits(text, grid.cell(0, 0), layout.number_px)]
    return [f"{text} leaves its small cell" for text in found]


def tab_faults(layout: SceneLayout, scene: Scene) -> list[str]:
    """List the tabs out of order, in one row or several, and names that are not below their bars."""
    found = [] if len(layout.tabs) == len(scene.tabs) else ["there are not as many tabs as names"]
    for one, other in combinations(layout.tabs, 2):
        is_right = one.bar.y == other.bar.y and one.bar.right < other.bar.x
        if not (is_right or one.bold.box.bottom < other.bar.y) or one.bar.w != other.bar.w:
            found.append("tabs are not in order")
    width = Box(0, 0, *layout.size)
    found += [f"{tab.plain.text} leaves the frame" for tab in layout.tabs if not inside(tab.plain.box, width)]
    return found + [f"{tab.plain.text} is not below" for tab in layout.tabs if tab.bold.box.y < tab.bar.bottom]


def named(scene: Scene, name: str) -> tuple[int, Panel]:
    """Return the only panel called `name`, and its index."""
    ((index, panel),) = [(index, panel) for index, panel in enumerate(scene.panels) if panel.name == name]
    return index, panel


def crossed_texts(picture: DisplayList) -> list[str]:
    """List the texts that a guide line crosses, and lines that leave the frame."""
    boxes = [(text.text, text.box) for text in picture.layout.texts]
    boxes += [(entry.text, box) for box, entry in picture.layout.legend]
    boxes += [("the line of the step", picture.layout.caption)]
    wide, high = picture.layout.size
    found = []
    for frame in picture.scene.frames:
        lines = [item.lines for item in picture.guide_lines(frame, {}, ()) if isinstance(item, Stroke)]
        for (x, y), (right, bottom) in chain.from_iterable(lines):
            for share in np.linspace(0, 1, 60):
                px, py = x + (right - x) * share, y + (bottom - y) * share
                if not (0 <= px <= wide and 0 <= py <= high):
                    found.append(f"frame {frame.number}: a line leaves the frame")
                hit = [text for text, box in boxes if box.x < px < box.right and box.y < py < box.bottom]
                found += [f"frame {frame.number}: a line passes through {text!r}" for text in hit]
    return found


# The command line -----------------------------------------------------------------------------------------------------


def run(*words: str) -> Result:
    """Run the command in this process; an error that click does not catch fails the test."""
    result = CliRunner().invoke(main, words, prog_name="convviz")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(result: Result, message: str) -> None:
    """Check exit code 2, and a message of one line."""
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def examples(command: str) -> list[list[str]]:
    """Return the examples at the end of a command's help, as words after `convviz`."""
    lines = run(command, "--help").output.split("Examples:")[1].splitlines()
    return [shlex.split(line)[1:] for line in lines if line.strip().startswith("convviz ")]


def frames_of(path: Path) -> int:
    """Count the frames of a GIF with another library."""
    with Image.open(path) as picture:
        return picture.n_frames  # type: ignore[attr-defined]
