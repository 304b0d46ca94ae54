"""The picture of `convviz train`: every number in it, recomputed with loops from the input and the target it shows.

The gradient is a central difference, which is exact for a loss that is quadratic in each weight; λ, the largest
eigenvalue of the Hessian, comes from a power iteration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

from tests.claims.reading import FalseClaimError, NotUnderstoodError, holds, same

Grid = list[list[float]]
NUMBER = r"([=≈]) (−?\d\S*?)"
ABOUT = r"(≈?)(−?\d\S*)"
DIFFERENCE = rf"the largest difference between w and w\* is {ABOUT}"
LEAST = rf"the smallest possible loss is {ABOUT}"


@dataclass(frozen=True)
class Trained:
    """What a training was asked for, and the exact target output where noise was added to it."""

    kind: str
    x: Grid
    target: Grid
    kernel: tuple[int, int]
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    steps: int = 20
    lr: float | None = None
    momentum: float = 0
    start: str = "zeros"
    name: str = "given"
    noisy: Grid | None = None
    first: Grid | None = field(default=None)

    def output(self, w: Grid, extra: int = 0) -> Grid:
        """Return the output of a kernel, `extra` cells larger on each side than the layer's."""
        padding = self.padding + self.dilation * extra
        if self.kind == "transposed":
            return self._stamped(w, padding)
        sides = [len(self.x) + 2 * padding, len(self.x[0]) + 2 * padding]
        sizes = [
            (side - self.dilation * (taps - 1) - 1) // self.stride + 1
            for side, taps in zip(sides, (len(w), len(w[0])), strict=True)
        ]
        y = [[0.0] * sizes[1] for _ in range(sizes[0])]
        for row, col, u, v in product(*map(range, (*sizes, len(w), len(w[0])))):
            i, j = (at * self.stride - padding + tap * self.dilation for at, tap in ((row, u), (col, v)))
            if 0 <= i < len(self.x) and 0 <= j < len(self.x[0]):
                y[row][col] += self.x[i][j] * w[u][v]
        return y

    def _stamped(self, w: Grid, padding: int) -> Grid:
        taps = len(w), len(w[0])
        sizes = [
            (size - 1) * self.stride + self.dilation * (tap - 1) + 1 - 2 * padding
            for size, tap in zip((len(self.x), len(self.x[0])), taps, strict=True)
        ]
        y = [[0.0] * sizes[1] for _ in range(sizes[0])]
        for i, j, u, v in product(range(len(self.x)), range(len(self.x[0])), *map(range, taps)):
            row, col = (at * self.stride - padding + tap * self.dilation for at, tap in ((i, u), (j, v)))
            if 0 <= row < sizes[0] and 0 <= col < sizes[1]:
                y[row][col] += self.x[i][j] * w[u][v]
        return y

    @cached_property
    def y(self) -> Grid:
        """The target output."""
        return self.noisy or self.output(self.target, (len(self.target) - self.kernel[0]) // 2)

    def loss(self, w: Grid) -> float:
        squares = [(a - b) ** 2 for a, b in zip(flat(self.output(w)), flat(self.y), strict=True)]
        return sum(squares) / len(squares)

    def gradient(self, w: Grid) -> Grid:
        found = [[0.0] * self.kernel[1] for _ in range(self.kernel[0])]
        for u, v in product(*map(range, self.kernel)):
            up, down = ([list(row) for row in w] for _ in range(2))
            up[u][v] += 1
            down[u][v] -= 1
            found[u][v] = (self.loss(up) - self.loss(down)) / 2
        return found

    @cached_property
    def columns(self) -> list[list[float]]:
        """The output of each unit kernel."""
        units = []
        for u, v in product(*map(range, self.kernel)):
            unit = [[0.0] * self.kernel[1] for _ in range(self.kernel[0])]
            unit[u][v] = 1
            units.append(flat(self.output(unit)))
        return units

    @cached_property
    def largest_rate(self) -> float:
        """2(1 + β)/λ."""
        n, columns = len(flat(self.y)), self.columns
        vector = [1.0 + index / 7 for index in range(len(columns))]
        size = 1.0
        for _ in range(4000):
            image = [sum(column[o] * weight for column, weight in zip(columns, vector, strict=True)) for o in range(n)]
            vector = [sum(a * b for a, b in zip(column, image, strict=True)) * 2 / n for column in columns]
            size = sum(one**2 for one in vector) ** 0.5
            vector = [one / size for one in vector]
        return 2 * (1 + self.momentum) / size

    def kernels(self, lr: float) -> Iterator[Grid]:
        """Yield the kernel after each update."""
        w = [list(row) for row in self.first] if self.first else [[0.0] * self.kernel[1] for _ in range(self.kernel[0])]
        v = [[0.0] * self.kernel[1] for _ in range(self.kernel[0])]
        while True:
            yield w
            gradient = self.gradient(w)
            v = [[self.momentum * b + g for b, g in zip(*rows, strict=True)] for rows in zip(v, gradient, strict=True)]
            w = [[a - lr * b for a, b in zip(*rows, strict=True)] for rows in zip(w, v, strict=True)]

    def difference(self, w: Grid) -> float:
        """Largest difference of the kernels, with the same centre."""
        sizes = [max(pair) for pair in zip(self.kernel, (len(self.target), len(self.target[0])), strict=True)]
        placed = []
        for kernel in (w, self.target):
            grid = [[0.0] * sizes[1] for _ in range(sizes[0])]
            top, left = (sizes[0] - len(kernel)) // 2, (sizes[1] - len(kernel[0])) // 2
            for u, v in product(range(len(kernel)), range(len(kernel[0]))):
                grid[top + u][left + v] = kernel[u][v]
            placed.append(flat(grid))
        return max(abs(a - b) for a, b in zip(*placed, strict=True))

    @cached_property
    def least_loss(self) -> float:
        """The loss of the least-squares kernel, from the normal equations."""
        import numpy as np

        a, y = np.array(self.columns).T, np.array(flat(self.y))
        w = np.linalg.pinv(a.T @ a) @ a.T @ y
        return float(np.mean((a @ w - y) ** 2))

    @cached_property
    def kernel_is_unique(self) -> bool:
        import numpy as np

        return bool(np.linalg.matrix_rank(np.array(self.columns)) == len(self.columns))


def flat(grid: Grid) -> list[float]:
    return [value for row in grid for value in row]


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def check_number(what: str, relation: str, text: str, true: float) -> None:
    """Compare a number with the true one: exact after `=` or nothing, rounded in its last digit after ≈."""
    shown = Decimal(text.replace("−", "-"))
    half = 0.5 * 10.0 ** int(shown.as_tuple().exponent) if relation == "≈" else 0.0
    if abs(float(shown) - true) > half * (1 + 1e-6) + 1e-9 * abs(true) + 1e-12 * (relation == "≈"):
        raise FalseClaimError(f"{what}: says {relation} {text}, is {true}")


def check(scene: Any, about: Trained) -> None:
    """Check the texts and cells of a whole scene, with digits in its cells."""
    same(
        "title",
        scene.title,
        f"Gradient descent on the kernel of a {'transposed ' * (about.kind == 'transposed')}convolution",
    )
    lr = _check_badges([badge.text for badge in scene.badges], about)
    _check_captions(scene, about)
    _check_legend(scene)
    _check_rule([line for one in scene.formulas for line in one.variants()], about)
    cells = [[[cell.text for cell in row] for row in panel.cells] for panel in scene.panels]
    _check_cells("input", cells[0], about.x, 0)
    _check_cells("target kernel", cells[2], about.target, 0.051)
    _check_cells("target output", cells[4], about.y, 0.051)
    kernels = about.kernels(lr)
    done = -1
    chart = next(node for node in scene.body.children[1].children if hasattr(node, "points"))
    w: Grid = []
    for frame in scene.frames:
        while done < frame.number:
            w, done = next(kernels), done + 1
        for change in frame.changes:
            cells[change.panel][change.row][change.col] = change.cell.text
        y = about.output(w)
        errors = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(y, about.y, strict=True)]
        for panel, name, values in ((1, "kernel", w), (3, "output", y), (5, "error", errors)):
            _check_cells(f"{name} of step {done}", cells[panel], values, 0.051)
        for line in frame.caption.variants:
            check_sentence(line, done, lr, w, about, scene.steps)
        label = re.fullmatch(rf"step (\d+): {ABOUT}", chart.labels[done])
        holds("the label of a point is a step and a loss", bool(label))
        assert label
        same("step at the line", int(label[1]), done)
        check_number("loss at the line", label[2], label[3], about.loss(w))


def _check_cells(what: str, texts: list[list[str]], values: Grid, slack: float) -> None:
    """Whole numbers are exact; others are rounded to a decimal at least, from 10 on to whole ones."""
    for text, value in zip((text for row in texts for text in row), flat(values), strict=True):
        most = slack * (10 if abs(value) >= 9.9 else 1) * max(1, abs(value) / 100)
        if abs(number(text.replace("+", "")) - value) > most + 1e-9:
            raise FalseClaimError(f"{what}: a cell says {text}, is {value}")
        holds("a plus is in front of what is above 0", not text.startswith("+") or value > 0)


def _check_badges(texts: list[str], about: Trained) -> float:
    """Check the badges of a training, and return the learning rate."""
    texts = [text for text in texts if not re.match(r"[ikspdao] = ", text)]
    same("target", texts.pop(0), f"target {about.name}")
    found = re.fullmatch(rf"lr {NUMBER} ([<>]) (2/λ|2\(1 \+ β\)/λ) {NUMBER}", texts.pop(0))
    if not found:
        raise NotUnderstoodError("badge of the rate")
    lr = number(found[2])
    if about.lr is not None:
        check_number("rate", found[1], found[2], about.lr)
    same("symbols of the limit", found[4], "2(1 + β)/λ" if about.momentum else "2/λ")
    check_number("largest rate", found[5], found[6], about.largest_rate)
    same("rate against the limit", found[3], ">" if lr > about.largest_rate else "<")
    for text in texts:
        if match := re.fullmatch(rf"β {NUMBER}", text):
            check_number("momentum", *match.groups(), about.momentum)
        elif match := re.fullmatch(rf"best loss {NUMBER}", text):
            check_number("best loss", *match.groups(), about.least_loss)
            holds("the target is out of reach", about.least_loss > 1e-6)
        elif re.fullmatch(r"noise = \S+", text):
            holds("there is noise", about.noisy is not None)
        else:
            raise NotUnderstoodError(text)
    holds("a β is shown if there is one", bool(about.momentum) == any(text.startswith("β") for text in texts))
    return about.lr or lr


def _check_captions(scene: Any, about: Trained) -> None:
    words = {"input": "input x", "kernel": "kernel w", "target kernel": "target w*", "output": "output y"}
    words |= {"target output": "target y*", "error": "error y − y*"}
    for panel in scene.panels:
        caption, _, about_text = panel.caption.partition(" (")
        name = words[panel.name]
        holds(f"the caption of {panel.name} begins with {name}", caption.startswith(name))
        if panel.name != "error":
            same("size in a caption", caption.removeprefix(name), f" {panel.rows}×{panel.cols}")
        exact = {"input": about.x, "target kernel": about.target, "target output": about.y}
        if panel.name in exact:
            rounded = any(
                number(cell.text) != value for cell, value in zip(_cells(panel), flat(exact[panel.name]), strict=True)
            )
            same(f"≈ of {panel.name}", bool(about_text), rounded)
        else:
            same("sign of rounding", about_text, "≈)")


def _cells(panel: Any) -> list[Any]:
    return [cell for row in panel.cells for cell in row]


def _check_legend(scene: Any) -> None:
    shown = {cell.role for panel in scene.panels for cell in _cells(panel)}
    shown |= {change.cell.role for frame in scene.frames for change in frame.changes}
    words = {"input": "input", "kernel": "kernel", "output": "output", "positive": "error > 0: too high"}
    words |= {"negative": "error < 0: too low", "exact zero": "exactly 0"}
    same(
        "legend",
        {entry.role: entry.text for entry in scene.legend},
        {role: words[role] for role in words if role in shown},
    )


def _check_rule(lines: list[str], about: Trained) -> None:
    update = "v ← β · v + dL/dw,  w ← w − lr · v" if about.momentum else "w ← w − lr · dL/dw"
    slides = "y = x ⋆ w,  " * (about.kind == "conv")
    same("rule", lines, [f"{slides}L = mean (y − y*)²,  {update}"])


def check_sentence(line: str, done: int, lr: float, w: Grid, about: Trained, steps: int) -> None:
    """Check what is said of a step."""
    found = re.fullmatch(
        rf"(?:step (\d+) of (\d+): |step 0, from (\S+): |after (\d+) steps?: )?loss {NUMBER}(?:; (.*))?", line
    )
    if not found:
        raise NotUnderstoodError(line)
    if found[1]:
        same("step", (int(found[1]), int(found[2])), (done, steps))
    if found[3]:
        same("start", (found[3], done), (about.start, 0))
    if found[4]:
        same("steps", (int(found[4]), steps), (done, done))
    check_number("loss", found[5], found[6], about.loss(w))
    if found[7]:
        _check_remark(found[7], w, lr, about)


def _check_remark(remark: str, w: Grid, lr: float, about: Trained) -> None:
    limit = rf"lr {NUMBER} is above (?:2/λ|2\(1 \+ β\)/λ) {NUMBER}"
    diverges = re.fullmatch(rf"diverges(?:(?:, for the rate |: ){limit})?", remark)
    same("says that it diverges", bool(diverges), lr > about.largest_rate)
    if diverges:
        if diverges[1]:
            check_number("rate", diverges[1], diverges[2], lr)
            check_number("largest rate", diverges[3], diverges[4], about.largest_rate)
        return
    if remark.startswith("w* is learned"):
        holds("w* is learned", about.difference(w) <= 1e-3 and about.noisy is None)
        remark = remark.removeprefix("w* is learned").removeprefix(": ")
    if found := re.fullmatch(r"no (\d+×\d+) kernel has the target output: (.*)", remark):
        same("size of the kernel", found[1], f"{about.kernel[0]}×{about.kernel[1]}")
        holds("no kernel has the target output", about.least_loss > 1e-6)
        remark = found[2]
    if found := re.fullmatch(r"more than one kernel has the target output; (.*)", remark):
        holds("more than one kernel has the target output", not about.kernel_is_unique and about.least_loss < 1e-9)
        remark = found[1]
    for part in filter(None, remark.split("; ")):
        if found := re.fullmatch(LEAST, part):
            check_number("smallest loss", *found.groups(), about.least_loss)
        elif found := re.fullmatch(DIFFERENCE, part) or re.fullmatch(rf"largest \|w − w\*\| {NUMBER}", part):
            check_number("largest difference", found[1].replace("=", ""), found[2], about.difference(w))
        else:
            raise NotUnderstoodError(part)


def spoiled(scene: Any, old: str, new: str) -> Any:
    """Return a scene whose captions and badges say something else."""
    frames = tuple(
        replace(
            frame,
            caption=replace(frame.caption, variants=tuple(one.replace(old, new) for one in frame.caption.variants)),
        )
        for frame in scene.frames
    )
    badges = tuple(replace(badge, text=badge.text.replace(old, new)) for badge in scene.badges)
    return replace(scene, frames=frames, badges=badges)


def check_alt(alt: str, scene: Any, about: Trained) -> None:
    """Check the alt text: what is done, the badges, what is shown, and how it begins and ends."""
    size = "an" if len(about.x) in (8, 11, 18) else "a"
    kernel = "×".join(map(str, about.kernel))
    noun = f"a{' transposed' * (about.kind == 'transposed')} convolution"
    badges = ", ".join(badge.text for badge in scene.badges if not re.match(r"[ikspdao] = ", badge.text))
    more = f" and dilation {about.dilation}" if about.dilation > 1 else ""
    listed = f"stride {about.stride}{',' if more else ' and'} padding {about.padding}{more}"
    rows, cols = len(about.y), len(about.y[0])
    out = "an" if rows in (8, 11, 18) else "a"
    said = [
        f"Animation in {scene.steps} steps of gradient descent on the kernel of {noun}: a {kernel} kernel "
        f"with {listed} turns {size} {len(about.x)}×{len(about.x[0])} input into {out} {rows}×{cols} output; {badges}.",
        "Shown are the input, the kernel beside the target kernel, the output, the target output, their difference, "
        "and the loss of each step as a line.",
        f"At first, {scene.frames[0].caption.variants[0]}; at the end, {scene.frames[-1].caption.variants[0]}.",
    ]
    same("alt text", alt, " ".join(said))
