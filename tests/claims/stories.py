"""Check a random layer as an animation tells it: what is not known yet is not shown, what is shown so far is true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from math import prod
from random import Random
from typing import Any

from tests.claims import plain as plains
from tests.claims import sayings, shown
from tests.claims.checking import MOST_CELLS, located
from tests.claims.digits import check_value
from tests.claims.model import Index, Model
from tests.claims.plain import Plain
from tests.claims.readers import moments, panels
from tests.claims.readers.equations import cell_of
from tests.claims.reading import About, FalseClaimError, NotUnderstoodError, holds, same
from tests.claims.scenes import LocatedError, check_scene, variants_of

VIEWS = ("slide", "slide", "slide", "steps", "pair", "scatter", "scatter", "matrix", "isometric", "image", "overlap")
WRITING = ("slide", "steps", "pair", "matrix", "isometric", "image")
"""Views in which each step writes an output cell, after those that prepare the input."""
SLIDING = ("slide", "steps", "isometric")
MOST_OUTPUTS = 30
UNWRITTEN = ("empty", "pending", "blank")
Cells = dict[tuple[int, int, int], Any]


def check_story(seed: int) -> None:
    """Check a view of a random layer, told as a story."""
    random = Random(seed)
    while True:
        plain = plains.draw(random, largest=6)
        layer = sayings.layer_of(plain)
        lines = [] if layer is None else [len(axis.line) for axis in Model(plain).axes]
        if lines and prod(layer.output) <= MOST_OUTPUTS and prod(lines) <= MOST_CELLS:  # type: ignore[union-attr]
            break
    check_told(seed, plain, layer, random.choice(VIEWS), shown.draw(random, plain))


def check_told(seed: int, plain: Plain, layer: Any, view: str, numbers: shown.Shown) -> None:
    """Check all that a story says, if the view shows such a layer."""
    lens = numbers.lens and view in ("slide", "image")
    numbers = replace(numbers, shaded=numbers.shaded and view == "slide", lens=lens)
    scene = sayings.story_of(layer, view, numbers)
    if scene is None:
        return
    model = Model(plain)
    about = About(model, view=view, scene=scene, values=shown.Values(model, numbers))
    story = Story(about, layer)
    command = f"convviz {plain.command()} --view {view}, told as a story"
    located(seed, command, lambda: check_scene(replace(about, scene=story.settled)))
    located(seed, command, story.check)


class Story:
    """The key frames of a scene, and the content of all cells at each."""

    def __init__(self, about: About, layer: Any) -> None:
        self.about, self.scene, self.layer = about, about.scene, layer
        self.model, self.values = about.model, about.values
        self.steps = [list(frames) for _, frames in groupby(self.scene.frames, lambda frame: frame.number)]
        self.settled = replace(self.scene, frames=tuple(map(merged, self.steps)))
        after = about.view == "pair" or (about.view == "steps" and about.plain.transposed)
        self.before = self.scene.steps - len(self.model.outputs()) - after
        self.shown = about.values.visible

    def panels(self, name: str) -> list[int]:
        return [number for number, panel in enumerate(self.scene.panels) if panel.name == name]

    def states(self) -> Iterator[tuple[Any, Cells]]:
        """Yield each key frame, and what its cells show."""
        cells: Cells = {
            (number, row, col): cell
            for number, panel in enumerate(self.scene.panels)
            for row, line in enumerate(panel.cells)
            for col, cell in enumerate(line)
        }
        for frame in self.scene.frames:
            cells = cells | {(one.panel, one.row, one.col): one.cell for one in frame.changes}
            yield frame, cells

    # What holds for all views ----------------------------------------------------------------------------------------

    def check(self) -> None:
        same("steps", [frames[0].number for frames in self.steps], list(range(1, self.scene.steps + 1)))
        for text in {text for panel in self.scene.panels for text in panel.moment_captions}:
            panels.captions.read(text, self.about)
        self.check_order()
        self.check_slowed()
        for frame, cells in self.states():
            try:
                self.check_frame(frame, cells)
            except (FalseClaimError, NotUnderstoodError) as fault:
                where = f"{self.about.view}, step {frame.number}, moment {self.name_of(frame)}: {frame.caption}"
                raise LocatedError(f"{where}\n{type(fault).__name__}: {fault}") from None
        self.check_ways()

    def name_of(self, frame: Any) -> str:
        return "" if frame.moment is None else self.scene.moments[frame.moment]

    def check_order(self) -> None:
        """Each step that is told goes through all moments in order, and after these a step is one frame."""
        told = [frames for frames in self.steps if frames[0].moment is not None]
        count = len(self.scene.moments)
        for frames in told:
            same("moments of a step", [frame.moment for frame in frames], list(range(count)))
        for number, frames in enumerate(self.steps):
            if frames not in told:
                opening = number == 0 and len(frames) == 2 and bool(frames[1].changes) and not frames[0].changes
                holds("a step that is not told is one frame", len(frames) == 1 or opening)
        first = [frames[0].number for frames in told]
        same("steps that are told", first, list(range(first[0], first[0] + len(first))) if first else [])

    def check_frame(self, frame: Any, cells: Cells) -> None:
        number = frame.number - 1
        frames = [*self.settled.frames[:number], frame, *self.settled.frames[number + 1 :]]
        about = replace(self.about, scene=replace(self.settled, frames=tuple(frames)), number=number)
        for full, line in variants_of(frame.caption):
            moments.reader.read(line, replace(about, full=full))
        self.check_unknown(frame.caption, cells)
        if frame is not self.steps[number][-1]:
            self.check_still(frame, about)
        if self.about.view in WRITING:
            if hasattr(frame.caption, "left"):
                named = cell_of(frame.caption.left.removeprefix("y[").removesuffix("]"), about)
                same("output cell of the equation", named, self.output(frame))
            self.check_outputs(frame, cells)
        if self.about.view in SLIDING:
            self.check_window(frame)
        for check in (self.check_products, self.check_partials, self.check_stamp, self.check_totals, self.check_back):
            if self.shown:
                check(frame, cells)
        if self.panels("lens result"):
            self.check_lens(frame, cells)

    def check_unknown(self, caption: Any, cells: Cells) -> None:
        """While a cell is a question mark, the equation has no result."""
        asked = [place for place, cell in cells.items() if cell.text == "?"]
        holds("one cell is asked for, at most", len(asked) <= (2 if self.about.view == "matrix" else 1))
        if asked and hasattr(caption, "right"):
            same("result of the equation", caption.right, "?")
        elif asked:
            holds("a sentence gives no result", not re.search(r"y\[[\d,]+\] [=≈]", caption.variants[0]))

    def check_still(self, frame: Any, about: About) -> None:
        """The alt text of a still of this moment says what its caption says, `= ?` in words."""
        still = sayings.still_of(self.scene, self.scene.frames.index(frame))
        said = sayings.alt_of(self.layer, self.about.view, still)
        start, _, line = said.removesuffix(".").rpartition(" Here, ")
        line = re.sub(r"^(y\[[\d,]+\]) is not computed yet$", r"\1 = ?", line)
        holds("it is a step of the animation", start.startswith(f"Step {frame.number} of {self.scene.steps} of "))
        try:
            moments.reader.read(line, replace(about, full=False))
        except NotUnderstoodError:
            moments.reader.read(line[0].upper() + line[1:], replace(about, full=False))

    def check_ways(self) -> None:
        """Also on the way to the next frame no cell is a question mark beside an answer, and no answer arrives."""
        outputs = self.panels("output")
        for (before, cells), (after, _) in pairwise(self.states()):
            if after.motion:
                way = sayings.half_way(before, after, len(self.scene.moments))
                self.check_unknown(
                    way.caption, cells | {(one.panel, one.row, one.col): one.cell for one in way.changes}
                )
                falling = [one.cell.text for one in way.floating_cells if one.panel in outputs and one.cell.text]
                holds("no answer falls before it is known", not falling or getattr(way.caption, "right", "") != "?")

    # What is written, read, multiplied and added ---------------------------------------------------------------------

    def done(self, frame: Any) -> int:
        """Return how many output cells are written."""
        is_end = frame is self.steps[frame.number - 1][-1]
        is_written = is_end or self.name_of(frame) == "write"
        return min(max(frame.number - 1 - self.before + is_written, 0), len(self.model.outputs()))

    def output(self, frame: Any) -> Index | None:
        """Return the output cell of a step."""
        number = frame.number - 1 - self.before
        return self.model.outputs()[number] if 0 <= number < len(self.model.outputs()) else None

    def check_outputs(self, frame: Any, cells: Cells) -> None:
        """The output cells of earlier steps have their values, and no others have any."""
        (panel,) = self.panels("output")
        grid = self.scene.panels[panel].cells
        places = [(row, col) for row, line in enumerate(grid) for col, cell in enumerate(line) if cell.role != "blank"]
        for number, (place, output) in enumerate(zip(places, self.model.outputs(), strict=True)):
            cell = cells[(panel, *place)]
            same(f"y{list(output)} is written", cell.role not in UNWRITTEN, number < self.done(frame))
            if number < self.done(frame):
                if self.shown and self.about.view != "image":
                    check_value(f"y{list(output)}", cell.text, self.values.y(output))
            else:
                may_be_asked = output == self.output(frame) and self.shown and not self.panels("lens result")
                holds(f"nothing is in y{list(output)}", cell.text in (("", "?") if may_be_asked else ("",)))

    def check_window(self, frame: Any) -> None:
        """The window is on the cells that the output cell reads."""
        output = self.output(frame)
        windows = [mark for mark in frame.marks if mark.highlighted]
        if output is None:
            same("windows", windows, [])
            return
        holds("there is a window", bool(windows))
        window = {place_of(0, place)[1:] for place in self.model.window(output)}
        for mark in windows:
            same("window", {(row, col) for row in mark.rows for col in mark.cols}, window)

    def check_products(self, frame: Any, cells: Cells) -> None:
        """Each product is that of a cell of the window and its weight, and only the factors are known at first."""
        output = self.output(frame)
        for panel in self.panels("products"):
            assert output is not None
            found = [cell for place, cell in sorted(cells.items()) if place[0] == panel]
            x, w = self.values.shown.input(0), self.values.shown.kernel(0, self.about.plain.transposed)
            window, taps = self.model.window(output), self.model.taps()
            for cell, place, tap in zip(found, window, taps, strict=True):
                source = self.model.source(place)
                value, weight = 0 if source is None else x[source], w[tap]
                if self.name_of(frame) == "window":
                    same("nothing is multiplied", (cell.role, cell.text, cell.note), ("empty", "", ""))
                elif value and weight:
                    factors = cell.note.split("·")
                    check_value("first factor", factors[0], value)
                    check_value("second factor", factors[1], weight)
                    known = self.name_of(frame) != "multiply"
                    same("the product is known", bool(cell.text), known)
                    if known:
                        check_value("product", cell.text, value * weight)
                else:
                    same("product with a zero", (cell.text, cell.note), ("0", ""))

    def check_lens(self, frame: Any, cells: Cells) -> None:
        """A lens has the values of its window, products once they are made, and the result when it is written."""
        output, name = self.output(frame), self.name_of(frame)
        assert output is not None
        window, taps = self.model.window(output), self.model.taps()
        grids = {
            panel: [cell for place, cell in sorted(cells.items()) if place[0] == number]
            for panel in ("lens window", "lens products")
            for number in self.panels(panel)
        }
        x, w = self.values.shown.input(0), self.values.shown.kernel(0, self.about.plain.transposed)
        for cell, place in zip(grids["lens window"], window, strict=True):
            source = self.model.source(place)
            if source is None:
                holds("it is what padding counts as", cell.text in ("0", "−∞", ""))
            else:
                check_value("value in the lens", cell.text, x[source])
        for cell, place, tap in zip(grids.get("lens products", ()), window, taps, strict=False):
            source = self.model.source(place)
            if name == "window":
                same("nothing is multiplied", (cell.role, cell.text, cell.note), ("empty", "", ""))
                continue
            value = 0 if source is None else x[source]
            check_value("product in the lens", cell.text, value * w[tap])
            for factor, known in zip(filter(None, cell.note.split("·")), (value, w[tap]), strict=False):
                check_value("factor in the lens", factor, known)
        (result,) = (cells[number, 0, 0].text for number in self.panels("lens result"))
        if frame is self.steps[frame.number - 1][-1]:
            check_value("result in the lens", result, self.values.y(output))
        else:
            holds("the result is not known", result in ("", "?"))

    def check_partials(self, frame: Any, cells: Cells) -> None:
        """The partial sums of channels are those of the steps so far, and of this one once it has them."""
        has = self.done(frame) + (self.name_of(frame) in ("partial sums", "add"))
        partials, channels = self.panels("partial"), range(self.values.channels)
        shown = list(channels) if len(partials) == len(channels) else [0, channels[-1]]
        for panel, channel in zip(partials, shown, strict=False):
            found = [cell for place, cell in sorted(cells.items()) if place[0] == panel]
            for number, (cell, output) in enumerate(zip(found, self.model.outputs(), strict=True)):
                same("a partial sum is written", cell.role == "output", number < has)
                if number < has:
                    check_value("partial sum", cell.text, self.values.part(channel, output))

    def check_stamp(self, frame: Any, cells: Cells) -> None:
        """The stamp is the input cell of the step times the kernel, once it is made."""
        for panel in self.panels("stamp"):
            number = min(frame.number, len(self.model.inputs())) - 1
            value = self.values.shown.input(0)[self.model.inputs()[number]]
            weights = self.values.shown.kernel(0, True).ravel()
            found = [cell for place, cell in sorted(cells.items()) if place[0] == panel]
            for cell, weight in zip(found, weights, strict=True):
                if self.name_of(frame) == "take":
                    same("nothing is stamped", (cell.role, cell.text), ("empty", ""))
                else:
                    check_value("product of the stamp", cell.text, value * weight)

    def check_totals(self, frame: Any, cells: Cells) -> None:
        """Each output cell of the scatter view has the sum so far, or that sum and what is added to it."""
        if self.about.view != "scatter" or self.about.plain.pools:
            return
        (panel,) = self.panels("output")
        ended = frame is self.steps[frame.number - 1][-1]
        adds = self.name_of(frame) == "add" and not ended
        before = [axis.before if self.about.plain.transposed else 0 for axis in self.model.axes]
        for output in self.model.outputs():
            place = tuple(at + first for at, first in zip(output, before, strict=True))
            text = cells[place_of(panel, place)].text
            earlier, count = self.so_far(output, frame.number - 1)
            now, reached = self.so_far(output, frame.number)
            if adds and reached > count and (count or self.values.shown.added is not None):
                one, sign, other = text.split(" ")
                check_value(f"so far in y{list(output)}", one, earlier)
                check_value("what is added", f"{'−' * (sign == '−')}{other}", now - earlier)
            elif text or ended:
                known = now if ended or adds else earlier
                holds("a cell that nothing reached is empty, or has the bias", bool(text) or not (reached and known))
                if text:
                    check_value(f"y{list(output)} so far", text, known)

    def so_far(self, output: Index, steps: int) -> tuple[Any, int]:
        """Return the sum of the bias and what the first input cells add to an output cell, and how often they do."""
        total, count = self.values.shown.added or 0, 0
        inputs = {cell: number for number, cell in enumerate(self.model.inputs())}
        for channel in range(self.values.channels):
            x, w = self.values.shown.input(channel), self.values.shown.kernel(channel, self.about.plain.transposed)
            for place, tap in zip(self.model.window(output), self.model.taps(), strict=True):
                source = self.model.source(place)
                if source is not None and channel * len(inputs) + inputs[source] < steps:
                    total, count = total + x[source] * w[tap], count + 1
        return total, count

    def check_back(self, frame: Any, cells: Cells) -> None:
        """The cells of the pair view have what the steps so far sent back; this one only when it has ended."""
        for panel in self.panels("back"):
            ended = frame.number - (frame is not self.steps[frame.number - 1][-1])
            kernel = self.values.shown.kernel(0, self.about.plain.transposed)
            sent: Counter[Index] = Counter()
            reached: set[Index] = set()
            for output in self.model.outputs()[:ended]:
                for place, tap in zip(self.model.window(output), self.model.taps(), strict=True):
                    source = self.model.source(place)
                    if source is not None:
                        sent[source] += self.values.y(output) * kernel[tap]
                        reached.add(source)
            for source in self.model.inputs():
                text = cells[place_of(panel, source)].text
                same("something was sent back", bool(text), source in reached or ended >= len(self.model.outputs()))
                if text:
                    check_value(f"sent back to x{list(source)}", text, sent[source])

    def check_slowed(self) -> None:
        """A story slows down for what is seen for the first time: padding, a stride, what is cropped or added."""
        if self.about.view not in ("slide", "steps", "pair"):
            return
        columns = self.model.o[-1]
        *rows, last = (set(first_seen(self.about, number)) for number in range(self.about.plain.count))
        same("special steps", set(sayings.slowed(self.layer)), last | {row * columns for row in set().union(*rows)})


def place_of(panel: int, index: Index) -> tuple[int, int, int]:
    """Return panel, row and column of a cell; a line has one row."""
    return (panel, *index) if len(index) == 2 else (panel, 0, *index)  # type: ignore[return-value]


def first_seen(about: About, number: int) -> Iterator[int]:
    """Yield the windows of an axis that show something for the first time."""
    axis = about.model.axes[number]
    windows = axis.windows
    for kind in ("padding", "beyond"):
        yield from [place for place, window in enumerate(windows) if any(axis.line[n].kind == kind for n in window)][:1]
    if len(windows) > 1 and windows[1][0] - windows[0][0] > 1:
        yield 1
    if axis.a:
        yield max(0, axis.o - axis.a)
    if axis.transposed and axis.implicit[1] + axis.a < 0:
        yield axis.o - 1


def merged(frames: list[Any]) -> Any:
    """Return the end of a step, with the changes of all its frames: the last one of each cell."""
    changes = {(one.panel, one.row, one.col): one for frame in frames for one in frame.changes}
    return replace(frames[-1], changes=tuple(changes.values()))
