"""One axis of a layer: its line of cells, and the cells under each window, placed one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tests.claims.padding import Pair, fitting, named_crop, named_padding, reach, stamped
from tests.claims.plain import Plain

NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@dataclass(frozen=True)
class Spot:
    """A cell of the padded, zero-inserted line: input, inserted, padding or beyond, and whose value it holds."""

    kind: str
    source: int | None = None
    cropped: bool = False


@dataclass(frozen=True)
class AxisModel:
    """One axis: the line of cells, and the places under the window of each output."""

    i: int
    k: int
    s: int
    d: int
    before: int
    after: int
    a: int
    line: list[Spot]
    windows: list[list[int]]
    full: list[list[tuple[int, int]]] = field(default_factory=list)
    dropped: bool = False
    mode: str = "zeros"
    ceil: bool = False

    @property
    def transposed(self) -> bool:
        return bool(self.full)

    @property
    def o(self) -> int:
        return len(self.windows)

    @property
    def reach(self) -> int:
        return reach(self.k, self.d)

    @cached_property
    def read(self) -> set[int]:
        """Places that a window reads."""
        return {place for window in self.windows for place in window}

    @cached_property
    def unread(self) -> list[int]:
        """Places that no window reads though nothing cropped them."""
        return [place for place, spot in enumerate(self.line) if place not in self.read and not spot.cropped]

    @property
    def padded(self) -> int:
        """Cells that are neither cropped nor beyond the padding."""
        return sum(not spot.cropped and spot.kind != "beyond" for spot in self.line)

    @property
    def beyond(self) -> int:
        return sum(spot.kind == "beyond" for spot in self.line)

    @property
    def behind(self) -> int:
        """Cells behind the last window."""
        return max(len(self.line) - 1 - self.windows[-1][-1], 0) if not self.transposed else 0

    def sources(self, output: int, kinds: tuple[str, ...] = ("input", "padding", "inserted")) -> list[int]:
        """The input cells under the window, those that padding copies included."""
        spots = [self.line[place] for place in self.windows[output]]
        return sorted({spot.source for spot in spots if spot.source is not None and spot.kind in kinds})

    @cached_property
    def touched(self) -> set[int]:
        """Input cells that at least one window reads, themselves or a copy of them."""
        return {source for output in range(self.o) for source in self.sources(output)}

    @property
    def spread(self) -> int:
        """Cells from the first input cell to the last, inserted zeros included."""
        places = [place for place, spot in enumerate(self.line) if spot.kind in ("input", "inserted")]
        return len(places)

    @property
    def implicit(self) -> Pair:
        """p′: cells that the gather line has before and after the spread input, without output padding."""
        first = next(place for place, spot in enumerate(self.line) if spot.kind == "input")
        last = max(place for place, spot in enumerate(self.line) if spot.kind == "input")
        return first - self.windows[0][0], self.windows[-1][-1] - last - self.a


def forward(i: int, k: int, s: int, d: int, p: Pair, mode: str = "zeros", ceil: bool | None = None) -> AxisModel | None:
    """An axis of a convolution, or with `ceil` of a pooling; None if no window fits."""
    if mode == "zeros":
        sources: list[int | None] = [*[None] * p[0], *range(i), *[None] * p[1]]
    else:
        sources = np.pad(np.arange(i), p, NUMPY_MODES[mode]).tolist()
    kinds = ["padding"] * p[0] + ["input"] * i + ["padding"] * p[1]
    line = [Spot(kind, source) for kind, source in zip(kinds, sources, strict=True)]
    windows, dropped = fitting(len(line), k, s, d), False
    start = len(windows) * s
    left_over = windows[-1][-1] < len(line) - 1 if windows else start < p[0] + i
    if ceil and left_over:
        dropped = start >= p[0] + i
        windows += [] if dropped else [[start + tap * d for tap in range(k)]]
    if not windows:
        return None
    line += [Spot("beyond")] * (windows[-1][-1] + 1 - len(line))
    return AxisModel(i, k, s, d, *p, 0, line, windows, dropped=dropped, mode=mode, ceil=bool(ceil))


def transposed(i: int, k: int, s: int, d: int, p: Pair, a: int = 0) -> AxisModel | None:
    """An axis of a transposed convolution: stamps scatter, both ends are cropped, a cells come back at the end."""
    full = stamped(i, k, s, d)
    last = len(full) + a - p[1]
    outputs = range(p[0], last)
    if not outputs:
        return None
    windows = [sorted(place - tap * d for tap in range(k)) for place in outputs]
    at = {cell * s: cell for cell in range(i)}
    shown = range(min(0, windows[0][0]), max(*at, windows[-1][-1]) + 1)
    line = []
    for place in shown:
        kind = "input" if place in at else "inserted" if 0 < place < max(at) else "padding"
        line.append(Spot(kind, at.get(place), not windows[0][0] <= place <= windows[-1][-1]))
    shifted = [[place - shown[0] for place in window] for window in windows]
    return AxisModel(i, k, s, d, *p, a, line, shifted, full)


def axis_of(plain: Plain, n: int, i: int | None = None) -> AxisModel | None:
    """Axis n of a layer, also for another input size, which padding by name follows; None if there is none."""
    i = plain.i[n] if i is None else i
    sizes = (i, plain.k[n], plain.s[n], plain.d[n])
    if plain.transposed:
        crop, extra = named_crop(plain.p, *sizes) if isinstance(plain.p, str) else (plain.p[n], 0)
        return transposed(*sizes, crop, extra if plain.a is None else plain.a[n])
    p = named_padding(plain.p, *sizes) if isinstance(plain.p, str) else plain.p[n]
    if (plain.mode == "reflect" and max(p) > i - 1) or (plain.mode == "circular" and max(p) > i):
        return None
    return forward(*sizes, p, plain.mode, plain.ceil if plain.pools else None)
