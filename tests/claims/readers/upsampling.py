"""What the view upsample says: copies under a kernel, phases, the grown kernel, and that their values agree."""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from tests.claims.digits import FACTOR, NUMBER, check_relation, check_value, is_exact, read
from tests.claims.readers import captions, panels, rules
from tests.claims.readers.equations import NAME, check_terms, total
from tests.claims.reading import About, check_cells, holds, same, sizes, whole

Index = tuple[int, ...]
VALUE = rf"≈?{NUMBER}"
PHASE = r"Phase \((?P<phase>[\d,]+)\)"
CELLS = r"(?P<cells>(?:rows?|columns?|cells?) [\d–…].*?)"


class Upsampled:
    """Copies, phases, grown kernel and output, each in loops over single cells."""

    def __init__(self, about: About) -> None:
        same("view", about.view, "upsample")
        self.i, self.k, self.s = about.plain.i, about.plain.k, about.plain.s
        self.x, self.w = about.values.shown.input(0), about.values.shown.kernel(0, True)
        self.o = tuple(i * s for i, s in zip(self.i, self.s, strict=True))
        self.phases = list(product(*map(range, self.s)))

    def source(self, output: Index, tap: Index) -> Index | None:
        """Return the input cell whose copy is under a tap of the window, None if it is a zero."""
        copies = tuple(o + u - (k - 1) // 2 for o, u, k in zip(output, tap, self.k, strict=True))
        inside = all(0 <= at < size for at, size in zip(copies, self.o, strict=True))
        return tuple(at // s for at, s in zip(copies, self.s, strict=True)) if inside else None

    def weights(self, output: Index) -> dict[Index, Any]:
        """Return the input cells under the window, each with the sum of the weights on its copies."""
        found: dict[Index, Any] = {}
        for tap in np.ndindex(self.k):
            source = self.source(output, tap)
            if source is not None:
                found[source] = found.get(source, 0) + self.w[tap]
        return found

    @cached_property
    def y(self) -> dict[Index, Any]:
        return {o: sum(self.x[at] * w for at, w in self.weights(o).items()) for o in product(*map(range, self.o))}

    @cached_property
    def grown(self) -> Any:
        """Spread each weight of the flipped kernel over f cells per axis, and add."""
        found = np.zeros([k + s - 1 for k, s in zip(self.k, self.s, strict=True)], object)
        turned = np.flip(self.w)
        for tap, shift in product(np.ndindex(self.k), self.phases):
            found[tuple(u + e for u, e in zip(tap, shift, strict=True))] += turned[tap]
        return found

    @cached_property
    def stamped(self) -> dict[Index, Any]:
        """Stamp the grown kernel for each input cell, f cells apart, and crop what is not in the output."""
        y = dict.fromkeys(self.y, 0)
        for cell, u in product(np.ndindex(self.i), np.ndindex(self.grown.shape)):
            axes = zip(cell, u, self.s, self.k, strict=True)
            place = tuple(n * s + at - k // 2 for n, at, s, k in axes)
            if place in y:
                y[place] += self.x[cell] * self.grown[u]
        return y

    def groups(self, phase: Index) -> list[list[list[int]]]:
        """Return, for each axis, the taps that meet the same input cell, in order."""
        found = []
        for a, k, s in zip(phase, self.k, self.s, strict=True):
            meets = [(7 * k * s + a + u - (k - 1) // 2) // s for u in range(k)]
            found.append([[u for u in range(k) if meets[u] == cell] for cell in sorted(set(meets))])
        return found

    def sums(self, phase: Index) -> list[Any]:
        """Return the sums of the weights that share an input cell, in reading order."""
        return [sum(self.w[tap] for tap in product(*taps)) for taps in product(*self.groups(phase))]

    def places(self, phase: Index) -> set[Index]:
        """Return where the weights of a phase are in the grown kernel: stamps of a single cell that reach it."""
        far = [7 * k for k in self.k]
        found = set()
        for u in np.ndindex(self.grown.shape):
            axes = zip(u, far, self.s, self.k, strict=True)
            place = tuple(n * s + at - k // 2 for at, n, s, k in axes)
            if tuple(at % s for at, s in zip(place, self.s, strict=True)) == phase:
                found.add(tuple(u))
        return found


KNOWN: WeakKeyDictionary[Any, Upsampled] = WeakKeyDictionary()


def upsampled(about: About) -> Upsampled:
    """Return what loops compute, once for the values of a picture."""
    if about.values not in KNOWN:
        KNOWN[about.values] = Upsampled(about)
    return KNOWN[about.values]


def index_of(text: str) -> Index:
    return tuple(map(int, text.split(",")))


def stage(about: About, number: int) -> Index:
    """Return what a frame of a stage is about: the cell, phase or output of its number."""
    f = upsampled(about)
    starts = [0, len(list(np.ndindex(f.i)))]
    starts += [starts[-1] + len(f.phases), starts[-1] + 2 * len(f.phases) + 1]
    indices = [list(product(*map(range, shape))) for shape in (f.i, f.s, f.s, f.o)]
    return indices[number][about.number - starts[number]] if about.number is not None else ()


@panels.captions.says(r"(?P<times>[\d×]+) copies of each cell: (?P<copied>[\d×]+)(?:, padded: (?P<padded>[\d×]+))?")
def copies(about: About, times: str, copied: str, padded: str | None) -> None:
    f = upsampled(about)
    same("copies", sizes(times), f.s)
    same("copied", sizes(copied), f.o)
    window = tuple(o + k - 1 for o, k in zip(f.o, f.k, strict=True))
    same("padded", sizes(padded) if padded else f.o, window)


@panels.captions.says(r"(?P<count>\d+) phases: weights on one input cell, added")
def phases(about: About, count: str) -> None:
    same("phases", int(count), len(upsampled(about).phases))


@panels.captions.says(r"grown kernel (?P<size>[\d×]+), a tint for each phase")
def grown(about: About, size: str) -> None:
    f = upsampled(about)
    same("grown kernel", sizes(size), f.grown.shape)
    cells = [
        one for frame in about.scene.frames for one in frame.changes if about.scene.panels[one.panel].name == "grown"
    ]
    tints: dict[int, set[Index]] = {}
    for one in cells:
        tints.setdefault(one.cell.level, set()).add((one.row, one.col)[-len(f.k) :])
        if one.cell.text:
            check_value("weight of the grown kernel", one.cell.text, f.grown[(one.row, one.col)[-len(f.k) :]])
    same("cells of each tint", sorted(map(sorted, tints.values())), sorted(sorted(f.places(a)) for a in f.phases))


@rules.reader.says(
    r"by choice: the grown kernel's (?P<grown>\d+) weights are sums of (?P<kernel>\d+); learnt ones need not be"
)
def by_choice(about: About, grown: str, kernel: str) -> None:
    f = upsampled(about)
    same("weights", (int(grown), int(kernel)), (f.grown.size, f.w.size))
    holds("there are kernels of this size that are no such sums", f.grown.size > f.w.size)


@rules.reader.says("for any weights: pixel shuffle of the phases = the transposed convolution")
def any_weights(about: About) -> None:
    """Check for a grown kernel of numbers that are not sums: phases against stamps."""
    f = Upsampled(about)
    f.grown = np.random.default_rng(1).permutation(f.grown.size).reshape(f.grown.shape)
    for o, value in f.stamped.items():
        phase = tuple(at % s for at, s in zip(o, f.s, strict=True))
        told = 0
        for u in f.places(phase):
            axes = zip(o, u, f.s, f.k, strict=True)
            cell = tuple((at - t + k // 2) // s for at, t, s, k in axes)
            if all(0 <= n < i for n, i in zip(cell, f.i, strict=True)):
                told += f.x[cell] * f.grown[u]
        same(f"y{list(o)} by its phase", told, value)


@rules.reader.says(
    rf"no checkerboard from a constant input: each phase adds up to (?:(?P<sum>{VALUE})|the sum of the kernel)"
)
def no_checkerboard(about: About, sum: str | None) -> None:
    f = upsampled(about)
    true = f.w.sum()
    for phase in f.phases:
        same(f"sum of phase {phase}", np.array([f.grown[at] for at in f.places(phase)], object).sum(), true)
    same("numbers are hidden", not sum, not about.values.visible)
    if sum:
        check_value("sum of the kernel", sum, true)


@captions.reader.says(
    rf"x\[(?P<index>[\d,]+)\](?: (?P<relation>[=≈]) (?P<value>{NUMBER}))? is copied to (?P<times>[\d×]+) cells"
    f"(?:: {CELLS})?"
)
def copy(about: About, index: str, relation: str | None, value: str | None, times: str, cells: str | None) -> None:
    f, cell = upsampled(about), index_of(index)
    same("cell", cell, stage(about, 0) or cell)
    same("copies", sizes(times), f.s)
    if value:
        check_value(f"x[{index}]", value, f.x[cell])
        holds(f"{value} is exact", relation == "≈" or is_exact(value, f.x[cell]))
    if cells:
        ones = {o for o in product(*map(range, f.o)) if tuple(at // s for at, s in zip(o, f.s, strict=True)) == cell}
        check_cells("copies", cells, ones, about.model.names)


@captions.reader.says(r"copy x\[(?P<index>[\d,]+)\]")
def name_of_input(about: About, index: str) -> None:
    same("cell", index_of(index), stage(about, 0))


@captions.reader.says(PHASE)
def name_of_phase(about: About, phase: str) -> None:
    holds("there is such a phase", index_of(phase) in upsampled(about).phases)


@captions.reader.says(PHASE + r": kernel (?P<groups>.+?)(?: meet one input cell each and| add| and) ?(?:add )?up")
def add_by_phase(about: About, phase: str, groups: str) -> None:
    f, a = upsampled(about), index_of(phase)
    same("phase", a, stage(about, 1) or a)
    lines = groups.split(" and ")
    for line, name, true in zip(lines, about.model.names, f.groups(a), strict=True):
        noun, _, listed = line.partition(" ")
        ends = [one.partition("–") for one in listed.split(" | ")]
        same(f"groups of {name}", [list(range(int(p), int(q or p) + 1)) for p, _, q in ends], true)
        same("plural", noun, name if sum(map(len, true)) > 1 else name.removesuffix("s"))


@captions.reader.says(PHASE + f" is in {CELLS} of the grown kernel(?P<reverse>, in reverse order)?")
def phase_in_grown(about: About, phase: str, cells: str, reverse: str | None) -> None:
    f, a = upsampled(about), index_of(phase)
    same("phase", a, stage(about, 2) or a)
    check_cells("weights", cells, f.places(a), about.model.names)
    if about.full:
        same("there is an order", bool(reverse), len(f.places(a)) > 1)
    if reverse:
        same("weights in reverse order", [f.grown[at] for at in sorted(f.places(a), reverse=True)], f.sums(a))


@captions.reader.says(
    r"k \+ f − 1 = (?P<k>[\d×]+) \+ (?P<f>\d+) − 1 = (?P<grown>[\d×]+)"
    r"(?:: each weight of the flipped kernel, spread over (?P<times>[\d×]+) cells"
    r"|: the weights of (?P<linear>bilinear|linear) interpolation)?"
)
def grown_size(about: About, k: str, f: str, grown: str, times: str | None, linear: str | None) -> None:
    true = upsampled(about)
    for text, shape in ((k, true.k), (grown, true.grown.shape)):
        numbers = tuple(map(whole, text.split("×")))
        same("size", numbers * len(shape) if len(numbers) == 1 else numbers, tuple(shape))
    same("factor", {int(f)}, set(true.s))
    if times:
        same("cells", sizes(times), true.s)
    if linear:
        same("dimensions", linear, "bilinear" if len(true.k) == 2 else "linear")
        check_linear(Upsampled(about))


def check_linear(f: Upsampled) -> None:
    """Check that stamps on cells n = 0, 1, 2, … give values on a straight line between them, along each axis."""
    for axis, s in enumerate(f.s):
        f.i = (9,) * len(f.i)
        f.o = tuple(9 * one for one in f.s)
        f.x = np.indices(f.i)[axis]
        f.__dict__.pop("stamped", None)
        f.__dict__["y"] = dict.fromkeys(product(*map(range, f.o)), 0)
        for o, value in f.stamped.items():
            if all(2 * step <= at < 7 * step for at, step in zip(o, f.s, strict=True)):
                same(f"s·y{list(o)}", round(float(s * value), 9), o[axis] - (s - 1) / 2)


@captions.reader.says(NAME + f" depends on {CELLS}(?:, by phase \\((?P<phase>[\\d,]+)\\))?")
def depends(about: About, index: str, cells: str, phase: str | None) -> None:
    f, o = upsampled(about), written(index, about)
    check_cells(f"cells that y[{index}] depends on", cells, set(f.weights(o)), about.model.names)
    if phase:
        same("phase", index_of(phase), tuple(at % s for at, s in zip(o, f.s, strict=True)))


@captions.reader.says(
    r"(?:All (?P<all>\d+)|(?P<some>\d+) of (?P<of>\d+)) values agree"
    r"(?:: copies under the kernel, interleaved phases, stamps of the grown kernel)?"
)
def agree(about: About, all: str | None, some: str | None, of: str | None) -> None:
    f = upsampled(about)
    equal = sum(f.stamped[o] == value for o, value in f.y.items())
    same("values", (int(some or all or 0), int(of or all or 0)), (equal, len(f.y)))


def written(index: str, about: About) -> Index:
    """Return the output cell of a name, which must be the one that the frame writes."""
    output = index_of(index)
    same("output cell", output, stage(about, 3) or output)
    return output


def equation(about: About, index: str, sum: str | None, relation: str, result: str) -> None:
    """Check `y[1,2] = 2·5 + 1·7 = 17`: input cells times what their weights add up to, without zeros."""
    f, o = upsampled(about), written(index, about)
    holds("numbers are shown", about.values.visible)
    check_value(f"y[{index}]", result, f.y[o])
    holds(f"{result} is exact", relation == "≈" or is_exact(result, f.y[o]))
    true = [(f.x[cell], w) for cell, w in sorted(f.weights(o).items()) if f.x[cell] and w]
    terms = sum.split(" + ") if sum else []
    if not terms or terms == ["…"]:
        holds("there is nothing to add", not about.full or not true)
    elif check_terms(terms, true, rf"({FACTOR})·({FACTOR})"):
        check_relation(relation, total(terms), read(result))
