"""Run by hand, with one of tensorflow, paddle and mlx installed: lines of code as these frameworks compute them.

    python -m tests.frameworks.check_other_frameworks tensorflow|paddle|mlx [random cases]

Exit code 1 and the first disagreements if there is any.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convviz.frameworks.parse.hints import ParseHints
from tests.frameworks.parse_cases import Dice, output, report, verdict

Case = tuple[str, str]


def channels_first(values: Any) -> np.ndarray:
    return np.moveaxis(np.asarray(values), -1, 1)


def case(
    line: str,
    x: np.ndarray,
    w: np.ndarray | None,
    theirs: Callable[[], np.ndarray],
    weight: tuple[int, ...] | None = None,
) -> Case:
    """A line for the input `x` (N, C, H, W) and weights `w` in PyTorch's order; `weight` is their shape in the code."""
    hints = ParseHints(x.shape[2:], weight)
    return line, verdict(line, hints, theirs, lambda parsed: output(parsed, x, w))


def tensorflow(cases: int) -> dict[str, Iterator[Case]]:
    tf = importlib.import_module("tensorflow")

    def conv() -> Iterator[Case]:
        for dice in map(Dice, range(cases)):
            k, s, padding = dice.sizes(2, 1, 4), dice.randint(1, 3), dice.choice(["SAME", "VALID"])
            x, w = dice.array(1, 8, 9, 2), dice.array(*((k, k) if isinstance(k, int) else k), 2, 3)
            line = f"tf.nn.conv2d(x, w, [1, {s}, {s}, 1], {padding!r})"
            theirs = lambda x=x, w=w, s=s, p=padding: channels_first(tf.nn.conv2d(x, w, s, p))  # noqa: E731
            yield case(line, channels_first(x), np.transpose(w, (3, 2, 0, 1)), theirs, w.shape)

    def transposed() -> Iterator[Case]:
        for dice in map(Dice, range(cases)):
            k, s, padding = dice.randint(1, 4), dice.randint(1, 3), dice.choice(["SAME", "VALID"])
            x, w = dice.array(1, 5, 6, 2), dice.array(k, k, 3, 2)
            o = [i * s if padding == "SAME" else (i - 1) * s + k for i in (5, 6)]
            o = [size + dice.choice([-1, 0, 0, 1]) for size in o]
            line = f"tf.nn.conv2d_transpose(x, w, [1, {o[0]}, {o[1]}, 3], {s}, {padding!r})"

            def theirs(x: Any = x, w: Any = w, o: Any = o, s: int = s, p: str = padding) -> np.ndarray:
                return channels_first(tf.nn.conv2d_transpose(x, w, [1, *o, 3], s, p))

            yield case(line, channels_first(x), np.transpose(w, (3, 2, 0, 1)), theirs, w.shape)

    def pooling() -> Iterator[Case]:
        for dice in map(Dice, range(cases)):
            k, s, padding = dice.sizes(2, 1, 4), dice.randint(1, 3), dice.choice(["SAME", "VALID"])
            name, x = dice.choice(["max", "avg"]), dice.array(1, 8, 9, 2)
            line = f"tf.nn.{name}_pool2d(x, {k}, {s}, {padding!r})"
            pool = getattr(tf.nn, f"{name}_pool2d")
            theirs = lambda pool=pool, x=x, k=k, s=s, p=padding: channels_first(pool(x, k, s, p))  # noqa: E731
            yield case(line, channels_first(x), None, theirs)

    return {"tf.nn.conv2d": conv(), "tf.nn.conv2d_transpose": transposed(), "tf.nn poolings": pooling()}


def paddle(cases: int) -> dict[str, Iterator[Case]]:
    library = importlib.import_module("paddle")

    def weighted(name: str) -> Iterator[Case]:
        for dice in map(Dice, range(cases)):
            k, s, d, g = dice.randint(1, 3), dice.randint(1, 3), dice.randint(1, 2), dice.choice([1, 2])
            p = dice.choice([0, 1, [1, 2, 0, 1], "VALID"]) if name == "Conv2D" else dice.randint(0, 1)
            x, w = dice.array(1, 4, 8, 9), dice.array(4, 4 // g, k, k)
            given = {"stride": s, "padding": p, "dilation": d, "groups": g, "bias_attr": False}
            text = ", ".join(f"{key}={value!r}" for key, value in given.items())

            def theirs(x: Any = x, w: Any = w, k: int = k, given: Any = given) -> np.ndarray:
                layer = getattr(library.nn, name)(4, 4, k, **given)
                layer.weight.set_value(w.astype("float32"))
                return np.asarray(layer(library.to_tensor(x.astype("float32"))).numpy())

            yield case(f"paddle.nn.{name}(4, 4, {k}, {text})", x, w, theirs)

    def pooling() -> Iterator[Case]:
        for dice in map(Dice, range(cases)):
            k, s, p, ceil = dice.randint(2, 4), dice.randint(1, 3), dice.randint(0, 1), dice.choice([True, False])
            name, x = dice.choice(["MaxPool2D", "AvgPool2D"]), dice.array(1, 2, 8, 9)
            pool = getattr(library.nn, name)(k, s, p, ceil_mode=ceil)
            theirs = lambda pool=pool, x=x: np.asarray(pool(library.to_tensor(x)).numpy())  # noqa: E731
            yield case(f"paddle.nn.{name}({k}, {s}, {p}, ceil_mode={ceil})", x, None, theirs)

    names = ("Conv2D", "Conv2DTranspose")
    return {**{f"paddle.nn.{name}": weighted(name) for name in names}, "paddle.nn poolings": pooling()}


def mlx(cases: int) -> dict[str, Iterator[Case]]:
    core, nn = importlib.import_module("mlx.core"), importlib.import_module("mlx.nn")

    def weighted(name: str) -> Iterator[Case]:
        for dice in map(Dice, range(cases)):
            k, s, d, p = dice.randint(2, 3), dice.randint(1, 3), dice.randint(1, 2), dice.randint(0, 1)
            x, w = dice.array(1, 8, 9, 2), dice.array(3, k, k, 2)

            def theirs(x: Any = x, w: Any = w, given: Any = (k, s, p, d)) -> np.ndarray:
                layer = getattr(nn, name)(2, 3, *given, bias=False)
                layer.weight = core.array(w.astype("float32"))
                return channels_first(np.array(layer(core.array(x.astype("float32")))))

            order = (3, 0, 1, 2) if name == "ConvTranspose2d" else (0, 3, 1, 2)
            line = f"mlx.nn.{name}(2, 3, {k}, {s}, {p}, {d}, bias=False)"
            yield case(line, channels_first(x), np.transpose(w, order), theirs)

    return {f"mlx.nn.{name}": weighted(name) for name in ("Conv2d", "ConvTranspose2d")}


FRAMEWORKS = {"tensorflow": tensorflow, "paddle": paddle, "mlx": mlx}

if __name__ == "__main__":
    framework, *rest = sys.argv[1:]
    sys.exit(report(FRAMEWORKS[framework](int(rest[0]) if rest else 200), framework))
