"""Which cells belong together in a view of the explorer, by loops over all windows and all stamps.

Nothing here knows the package's tracks: a convolution is y[o] = Σ x[o·s − p + u·d]·w[u], a transposed one adds
x[n]·w[u] to cell n·s + u·d of its full output, from which padding crops p cells in front. Only where a picture has
cells at a step is taken from the scene that Python draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Scene

Index = tuple[int, ...]
Thing = tuple[str, Index]
"""What a cell shows: a grid and an index into it."""
Cell = tuple[int, float, float]
"""Panel, row and column; cells on their way stand between places."""
NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


class Line:
    """One axis: `meets` are (output, place in the padded line, kernel, input or None), and `stamps` are (input, kernel,
    place in the full output)."""

    def __init__(self, layer: Layer, axis: int) -> None:
        self.transposed = isinstance(layer, ConvTranspose)
        self.i, self.k = layer.input[axis], layer.kernel[axis]
        self.s, self.d = layer.stride[axis], layer.dilation[axis]
        self.before, self.after = layer.padding[axis]
        if self.transposed:
            self._stamp(layer.output_padding[axis])
        else:
            self._walk(NUMPY_MODES[layer.padding_mode])

    def _walk(self, mode: str) -> None:
        options = {"constant_values": -1} if mode == "constant" else {}
        padded: list[int] = np.pad(np.arange(self.i), (self.before, self.after), mode, **options).tolist()
        self.size, self.inner = len(padded), self.before
        self.sources = [None if source < 0 else source for source in padded]
        self.outputs = 0
        self.meets: list[tuple[int, int, int, int | None]] = []
        while self.outputs * self.s + (self.k - 1) * self.d < self.size:
            for u in range(self.k):
                place = self.outputs * self.s + u * self.d
                self.meets.append((self.outputs, place, u, self.sources[place]))
            self.outputs += 1
        self.stamps = [(source, u, output) for output, _, u, source in self.meets if source is not None]
        self.full = self.outputs

    def _stamp(self, extra: int) -> None:
        self.stamps = [(n, u, n * self.s + u * self.d) for n in range(self.i) for u in range(self.k)]
        longest = 1 + max(place for _, _, place in self.stamps)
        self.outputs = longest + extra - self.before - self.after
        self.full = max(longest, self.before + self.outputs)
        self.inner = max(0, (self.k - 1) * self.d - self.before)
        stands = {self.inner + n * self.s: n for n in range(self.i)}
        self.meets = []
        for output, u in product(range(self.outputs), range(self.k)):
            place = self.inner + self.before + output - u * self.d
            self.meets.append((output, place, u, stands.get(place)))
        self.size = 1 + max(*stands, *(place for _, place, _, _ in self.meets))
        self.sources = [stands.get(place) for place in range(self.size)]

    def is_inner(self, place: int) -> bool:
        return self.sources[place] is not None and (self.transposed or 0 <= place - self.inner < self.i)


class Picture:
    """A view of a layer at a step, from 0: `shown` says what each cell shows."""

    def __init__(self, layer: Layer, view: str, scene: Scene, step: int) -> None:
        self.layer, self.view, self.scene, self.step = layer, view, scene, step
        self.lines = [Line(layer, axis) for axis in range(len(layer.axes))]
        self.input = tuple(line.i for line in self.lines)
        self.output = tuple(line.outputs for line in self.lines)
        self.meets = [_together(found) for found in product(*(line.meets for line in self.lines))]
        self.stamps = [tuple(zip(*found, strict=True)) for found in product(*(line.stamps for line in self.lines))]
        self.sources = {
            place: _all([line.sources[at] for line, at in zip(self.lines, place, strict=True)])
            for place in product(*(range(line.size) for line in self.lines))
        }

    @cached_property
    def cells(self) -> set[Cell]:
        """Every place for a cell, also of those that are not there."""
        floating = self._floats
        found: set[Cell] = {
            (number, row, col)
            for number, panel in enumerate(self.scene.panels)
            for row, line in enumerate(panel.cells)
            for col in range(len(line))
            if not floating or number != 1
        }
        return found | set(floating)

    @cached_property
    def shown(self) -> dict[Cell, Thing]:
        roles = self._roles
        flat = {cell: self._thing(cell[0], int(cell[1]), int(cell[2])) for cell in self.cells if cell in roles}
        there = {cell: thing for cell, thing in flat.items() if thing and roles[cell] != "blank"}
        return there | self._floats

    @property
    def _roles(self) -> dict[Cell, str]:
        found: dict[Cell, str] = {
            (number, row, col): cell.role
            for number, panel in enumerate(self.scene.panels)
            for row, line in enumerate(panel.cells)
            for col, cell in enumerate(line)
        }
        for frame in self.scene.frames[: self.step + 1]:
            found.update({(change.panel, change.row, change.col): change.cell.role for change in frame.changes})
        return found

    @cached_property
    def _floats(self) -> dict[Cell, Thing]:
        """Input cells on their way, which are in reading order wherever they are."""
        floats = sorted(self.scene.frames[self.step].floating_cells, key=lambda one: (one.row, one.col))
        cells = [(one.panel, one.row / 1000, one.col / 1000) for one in floats]
        return {cell: ("input", index) for cell, index in zip(cells, _indices(self.input), strict=False)}

    def _thing(self, panel: int, row: int, col: int) -> Thing | None:
        at = (row, col)[-len(self.lines) :]
        if self.view == "overlap":
            kind = {"profile": "bars", "counts": "counts"}.get(self.scene.panels[panel].name)
            return (f"{kind}{panel // 2}", (0, col) if kind == "bars" else at) if kind else None
        if self.view in ("pair", "backward"):
            names = ("input", "output", "back", "kernel")
            return (
                (names[panel], at) if self.view == "pair" else self._backward_thing(self.scene.panels[panel].name, at)
            )
        if self.view == "scatter":
            names = [one.name for one in self.scene.panels]
            thing = {"input": "input", "kernel": "kernel", "output": "full"}.get(names[panel])
            return (thing, at) if thing else None
        if self.view == "matrix":
            return self._matrix_thing(panel, row, col)
        if self.view == "slide" and len(self.lines) == 1:
            return self._lane_thing(panel, col)
        return self._window_thing(panel, at)

    def _window_thing(self, panel: int, at: Index) -> Thing:
        lines = self.lines
        names = ["padded", "kernel", "output"]
        if self.view == "steps" and lines[0].transposed:
            names = ["kernel", "spread", "padded", "output"]
        name = names[panel]
        if name == "spread":
            return "padded", tuple(place + line.inner for place, line in zip(at, lines, strict=True))
        if name == "kernel" and lines[0].transposed and not (self.view == "steps" and self.step == 0):
            return "kernel", tuple(line.k - 1 - tap for tap, line in zip(at, lines, strict=True))
        return name, at

    def _lane_thing(self, panel: int, col: int) -> Thing | None:
        (line,) = self.lines
        zeros = line.transposed and line.s > 1
        name = (["bare"] if zeros else []) + ["padded", "kernel", "output"]
        if name[panel] == "padded":
            return "padded", (col,)
        if name[panel] == "bare":
            start = line.inner + ((line.i - 1) * line.s + 1 - line.i) // 2
            return ("input", (col - start,)) if 0 <= col - start < line.i else None
        under = {o: [place for output, place, _, _ in line.meets if output == o] for o in range(line.outputs)}
        if name[panel] == "output":
            return next((("output", (o,)) for o, on in under.items() if (min(on) + max(on)) // 2 == col), None)
        now = [(u, place) for output, place, u, _ in line.meets if output == self.step]
        return next((("kernel", (u,)) for u, place in now if place == col), None)

    def _matrix_thing(self, panel: int, row: int, col: int) -> Thing | None:
        inputs, outputs = _indices(self.input), _indices(self.output)
        at = (row, col)[-len(self.lines) :]
        entry = {1: (row, col), 4: (col, row)}.get(panel)
        if entry:
            return "entry", (*outputs[entry[0]], *inputs[entry[1]])
        found: dict[int, Thing] = {5: ("input", at), 6: ("output", at)}
        if panel == 0:
            return "input", inputs[col]
        return ("output", outputs[row]) if panel == 3 else found.get(panel)

    def _backward_thing(self, name: str, at: Index) -> Thing | None:
        transposed = self.lines[0].transposed
        if name == "zero-inserted dL/dy":
            starts = [max(0, (line.k - 1) * line.d - line.before) for line in self.lines]
            steps = [divmod(place - start, line.s) for place, start, line in zip(at, starts, self.lines, strict=True)]
            there = all(not rest and 0 <= n < line.outputs for (n, rest), line in zip(steps, self.lines, strict=True))
            return ("output", tuple(n for n, _ in steps)) if there else None
        if name == "flipped kernel":
            return "kernel", tuple(line.k - 1 - tap for tap, line in zip(at, self.lines, strict=True))
        grids = {"kernel": "kernel", "dL/dw": "kernel", "dL/db": "bias", "dL/dy": "full" if transposed else "output"}
        return grids.get(name, "input" if transposed else "padded"), at

    def linked(self, cell: Cell) -> set[Cell] | None:
        """All cells that depend on this one or feed it, and itself; None where there is no cell."""
        thing = self.shown.get(cell)
        if thing is None:
            return None
        found = {thing, *self._related(*thing)}
        return {other for other, shown in self.shown.items() if shown in found}

    def _related(self, name: str, at: Index) -> Iterator[Thing]:
        if self.view == "overlap":
            kind, grid = name[:-1], name[-1]
            other = {"bars": "counts", "counts": "bars"}[kind] + grid
            yield from (thing for thing in self.shown.values() if thing[0] == other and thing[1][-1] == at[-1])
        elif self.view == "scatter":
            yield from self._stamped(name, at)
        elif self.view == "backward":
            yield from self._sent_back(name, at)
        elif self.view in ("matrix", "pair"):
            yield from self._joined(name, at)
        else:
            yield from self._read(name, at)

    def _stamped(self, name: str, at: Index) -> Iterator[Thing]:
        names = ("input", "kernel", "full")
        for stamp in self.stamps:
            if stamp[names.index(name)] == at:
                yield from zip(names, stamp, strict=True)

    def _sent_back(self, name: str, at: Index) -> Iterator[Thing]:
        """Also each cell of dL/dy, but those that were cropped, to dL/db."""
        transposed = self.lines[0].transposed
        grid, first = (
            ("full", [line.before for line in self.lines]) if transposed else ("output", [0] * len(self.lines))
        )
        terms = {tuple(n + start for n, start in zip(cell, first, strict=True)) for cell in _indices(self.output)}
        if name == "bias":
            yield from ((grid, term) for term in terms)
            return
        yield from self._stamped(name, at) if transposed else self._read(name, at)
        if name == grid and at in terms:
            yield "bias", (0,) * len(at)

    def _joined(self, name: str, at: Index) -> Iterator[Thing]:
        for output, _, tap, source in self.meets:
            if source is None:
                continue
            things = {"input": source, "output": output, "entry": (*output, *source)}
            if self.view == "pair":
                things = {"input": source, "output": output, "back": source}
                things |= {"kernel": tap} if name == "kernel" else {}
            if things[name] == at:
                yield from things.items()

    def _read(self, name: str, at: Index) -> Iterator[Thing]:
        if name == "padded" and self.sources[at] is not None:
            source = self.sources[at]
            inner = [place for place, held in self.sources.items() if held == source and self._is_inner(place)]
            if at in inner:
                yield from self._read("input", source)
                return
            yield from (("padded", place) for place in inner)
        if name == "input":
            yield "input", at
            yield from (("padded", place) for place, source in self.sources.items() if source == at)
        for meet in self.meets:
            things = dict(zip(("output", "padded", "kernel", "input"), meet, strict=True))
            if things[name] != at:
                continue
            for other, index in things.items():
                if index is not None and not (other in ("padded", "input") and name in ("padded", "input")):
                    yield other, index

    def _is_inner(self, place: Index) -> bool:
        return all(line.is_inner(at) for line, at in zip(self.lines, place, strict=True))


def _together(found: Any) -> tuple[Any, Any, Any, Any]:
    output, place, kernel, source = zip(*found, strict=True)
    return output, place, kernel, _all(source)


def _all(entries: Any) -> Any:
    return None if None in entries else tuple(entries)


def _indices(shape: Index) -> list[Index]:
    return list(product(*map(range, shape)))
