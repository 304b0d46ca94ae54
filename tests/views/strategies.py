"""Random layers of every kind for the views, and the expected content of their pictures, from loops that share no
formula with the package: windows slide while they fit, stamps scatter, `numpy.pad` pads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, conv_values, pool_values
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.scene.model import Panel, Scene, Timing
from convviz.text.lines import Equation
from convviz.views.slide import slide

Array = np.ndarray[Any, Any]
Place = tuple[int, ...]
KINDS = (Conv, ConvTranspose, MaxPool, AvgPool)
NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@st.composite
def any_layers(draw: Any, largest: int = 6, axes: int = 2, kinds: tuple[type[Layer], ...] = KINDS) -> Layer:
    """Draw any valid layer: uneven and named padding, modes, crops, output padding, an output size, ceil mode."""
    kind = draw(st.sampled_from(kinds))

    def sizes(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    pair = st.tuples(st.integers(0, 4), st.integers(0, 4))
    given: dict[str, Any] = {"input": sizes(1, largest), "kernel": sizes(1, 4), "stride": sizes(1, 4)}
    given["padding"] = draw(st.tuples(*[pair] * axes) | st.just((0,) * axes) | st.sampled_from(sorted(PADDING_RULES)))
    if kind is not AvgPool:
        given["dilation"] = draw(st.just((1,) * axes) | st.tuples(*[st.integers(1, 3)] * axes))
    if kind is Conv:
        given["padding_mode"] = draw(st.sampled_from(sorted(PADDING_MODES)))
    elif kind is ConvTranspose:
        extra = draw(st.sampled_from(["nothing", "output_padding", "output"]))
        if extra == "output_padding":
            given[extra] = sizes(0, 2)
        elif extra == "output":
            given[extra] = sizes(1, 3 * largest)
    else:
        given["ceil_mode"] = draw(st.booleans())
        if kind is AvgPool:
            given["count_include_pad"] = draw(st.booleans())
    try:
        return kind(**given)
    except GeometryError:
        assume(False)
        raise


# One axis -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """The cells that an axis shows, and the position of the window for each output."""

    kinds: list[str]
    sources: list[int | None]
    windows: list[list[int]]
    beyond: int = 0
    """Count the cells at the end that are neither input nor padding."""

    @property
    def covered(self) -> set[int]:
        return {place for window in self.windows for place in window}


def line_of(layer: Layer, axis: int) -> Line:
    return _scattered(layer, axis) if isinstance(layer, ConvTranspose) else _padded(layer, axis)


def _padded(layer: Layer, axis: int) -> Line:
    i, k, s, d = layer.input[axis], layer.kernel[axis], layer.stride[axis], layer.dilation[axis]
    before, after = layer.padding[axis]
    kinds = ["padding"] * before + ["input"] * i + ["padding"] * after
    options = {"constant_values": -1} if layer.padding_mode == "zeros" else {}
    padded = np.pad(np.arange(i), (before, after), NUMPY_MODES[layer.padding_mode], **options).tolist()
    sources = [None if source < 0 else source for source in padded]
    ceil = getattr(layer.axes[axis], "ceil_mode", False)
    windows: list[list[int]] = []
    start = 0
    while True:
        window = [start + tap * d for tap in range(k)]
        over = window[-1] >= len(kinds)
        more = ceil and start < before + i and windows and windows[-1][-1] < len(kinds) - 1
        if over and not more:
            if not windows and ceil and start < before + i:  # the very first may hang over too
                windows.append(window)
            break
        windows.append(window)
        start += s
    windows = [window for window in windows if not ceil or window[0] < before + i]
    beyond = max(0, windows[-1][-1] + 1 - len(kinds))
    return Line(kinds + ["padding"] * beyond, sources + [None] * beyond, windows, beyond)


def _scattered(layer: Layer, axis: int) -> Line:
    """Put input cell j at j·s; the output at place n of the full scatter takes the cells at n, n − d, …"""
    i, k, s, d = layer.input[axis], layer.kernel[axis], layer.stride[axis], layer.dilation[axis]
    before, after = layer.padding[axis]
    reached = {cell * s + tap * d for cell in range(i) for tap in range(k)}
    places = range(before, max(reached) + 1 + layer.output_padding[axis] - after)
    windows = [sorted(place - tap * d for tap in range(k)) for place in places]
    at = {cell * s: cell for cell in range(i)}
    first = min(0, windows[0][0])
    last = max(*at, windows[-1][-1])
    shown = range(first, last + 1)
    kinds = ["input" if n in at else "inserted" if 0 < n < max(at) else "padding" for n in shown]
    shifted = [[n - first for n in window] for window in windows]
    return Line(kinds, [at.get(n) for n in shown], shifted)


# Grids ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Laid:
    """Return, for each place of the padded input, its role, its source, and whether it is unused."""

    lines: list[Line]

    def places(self) -> list[Place]:
        return list(product(*(range(len(line.kinds)) for line in self.lines)))

    def role(self, place: Place) -> str:
        kinds = {line.kinds[n] for line, n in zip(self.lines, place, strict=True)}
        return next(kind for kind in ("padding", "inserted", "input") if kind in kinds)

    def source(self, place: Place) -> Place | None:
        found = tuple(line.sources[n] for line, n in zip(self.lines, place, strict=True))
        return None if None in found else found  # type: ignore[return-value]

    def beyond(self, place: Place) -> bool:
        return any(n >= len(line.kinds) - line.beyond for line, n in zip(self.lines, place, strict=True))

    def faded(self, place: Place) -> bool:
        return self.beyond(place) or any(n not in line.covered for line, n in zip(self.lines, place, strict=True))

    def window(self, output: Place) -> list[Place]:
        """Return the places under the window, in reading order."""
        return list(product(*(line.windows[o] for line, o in zip(self.lines, output, strict=True))))


def laid(layer: Layer) -> Laid:
    return Laid([line_of(layer, axis) for axis in range(len(layer.axes))])


def value_at(x: Array, source: Place | None) -> int:
    return 0 if source is None else int(x[source])


def applied(layer: Layer, w: Array) -> Array:
    """Return the kernel as the window applies it."""
    return w[(slice(None, None, -1),) * w.ndim] if isinstance(layer, ConvTranspose) else w


def expected(layer: Layer, x: Array, w: Array | None, output: Place) -> Fraction | float:
    """Return the value of one output cell of one channel."""
    grid = laid(layer)
    under = grid.window(output)
    if w is not None:
        weights = applied(layer, w).flatten().tolist()
        return Fraction(sum(value_at(x, grid.source(p)) * v for p, v in zip(under, weights, strict=True)))
    real = [value_at(x, grid.source(place)) for place in under if grid.role(place) == "input"]
    if isinstance(layer, MaxPool):
        return Fraction(max(real)) if real else float("-inf")
    counted = [place for place in under if not grid.beyond(place)]
    return Fraction(sum(real), len(counted) if getattr(layer, "count_include_pad", True) else len(real))


# Numbers, scenes, texts -----------------------------------------------------------------------------------------------


def values(layer: Layer, seed: int) -> tuple[Array, Array | None]:
    """Return whole numbers from −4 to 4 for the input and the kernel; a pooling has no kernel."""
    generator = np.random.default_rng(seed)
    x, w = generator.integers(-4, 5, layer.input), generator.integers(-4, 5, layer.kernel)
    return x, None if isinstance(layer, Pool) else w


def values_of(layer: Layer, x: Array, w: Array | None, **options: Any) -> LayerValues:
    if isinstance(layer, Pool):
        return pool_values(
            layer.sliding_windows, x, mean=layer.mean, include_padding=layer.count_include_pad, **options
        )
    assert w is not None
    return conv_values(layer.sliding_windows, x, w, **options)


def scene_of(layer: Layer, seed: int = 1) -> Scene:
    return slide(layer, values_of(layer, *values(layer, seed)), Timing())


def named(scene: Scene, name: str) -> list[int]:
    """Return the panels called `name`, by index."""
    return [index for index, panel in enumerate(scene.panels) if panel.name == name]


def panel(scene: Scene, name: str) -> Panel:
    """Return the only panel called `name`."""
    (index,) = named(scene, name)
    return scene.panels[index]


def shown(text: str) -> Fraction:
    return Fraction(text.removeprefix("≈").replace("−", "-") or "0")


def agrees(text: str, value: Fraction | float) -> bool:
    """Whether a cell's text is `value`, to three digits unless it is a whole number."""
    if value == float("-inf"):
        return text == "−∞"
    if Fraction(value).denominator == 1:
        return shown(text) == value
    return abs(shown(text) - Fraction(value)) <= Fraction(abs(value)) / 199


def evaluated(text: str) -> Fraction:
    """Return the exact value of `3·2 + (−1)·2 + 2 (bias)`, `max(3, −4)` or `(3 + 1)/4`."""
    code = text.replace("−", "-").replace("·", "*").replace(" (bias)", "")
    assert re.fullmatch(r"[-+*/(), .0-9e]*|max\([-+, .0-9e/]*\)", code), text
    code = re.sub(r"\d+(\.\d+)?(e-?\d+)?", r"F('\g<0>')", code)
    value = eval(code, {"F": Fraction, "max": lambda *numbers: max(numbers)})
    assert isinstance(value, Fraction)
    return value


def check_equation(line: Any, name: str, text: str) -> None:
    """Check that the equation is about `name`, ends with the text that is written, and has that value."""
    assert isinstance(line, Equation)
    whole = line.fitted(10_000)
    assert "…" not in whole
    left, *sums = re.split(r" [=≈] ", whole)
    assert left == name
    assert sums[-1] == text
    if text == "−∞":
        assert len(sums) == 1
        return
    for part in sums:
        if "≈" in whole:
            assert abs(evaluated(part) - shown(text)) <= abs(shown(text)) / 99
        else:
            assert evaluated(part) == shown(text), whole
