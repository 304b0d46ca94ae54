"""The explorer's page for one layer, and links into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.errors import PictureError
from convviz.errors.arguments import text, whole_number
from convviz.errors.printable import shown
from convviz.geometry.parameters import PARAMETERS
from convviz.layers import kernels, patterns
from convviz.layers.arrays import as_array
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.style.theme import DARK, LIGHT
from convviz.web.pages import explorer

VIEWS = ("slide", "steps", "scatter", "matrix", "overlap", "pair", "backward")
SHARED = ("input", "kernel", "stride", "dilation")
LARGEST = {"input": 64, "kernel": 11, "stride": 8, "dilation": 5, "padding": 10, "output_padding": 7}
"""Parameter → largest value of its slider."""
LARGEST_SEED = 9999
SYMBOLS = {
    name: PARAMETERS[name].symbol for name in ("input", "kernel", "stride", "padding", "dilation", "output_padding")
}
"""Parameter → its symbol in an address, in the order of the page."""


def page(layer: Layer | None, view: str, *, pattern: str = "", kernel: str = "", seed: int = 0) -> str:
    """Return the text of the page, opened at a layer and a view; raises what `convviz.explore` does."""
    _check_view(view)
    seed = _seed(seed)
    if text("kernel", kernel, "the name of a kernel"):
        kernels.named_kernel(kernel, layer.kernel if layer else (3, 3))
    start: dict[str, Any] = {"view": view, "seed": seed, "pattern": _pattern(pattern), "weights": kernel}
    return explorer((LIGHT, DARK), start | (_state(layer) if layer else {}))


def address(
    layer: Layer,
    view: str = "slide",
    *,
    kernel: str = "",
    seed: int = 0,
    numbers: bool = True,
    x: Any = None,
    w: Any = None,
    dy: Any = None,
) -> str:
    """Return the part after # of a link that opens the page at `layer`; `x`, `w` and `dy` are values, as for `animate`,
    `x` also the name of a pattern.

    Raises `PictureError` for a layer or a view that the page cannot show.
    """
    _check_view(view)
    seed = _seed(seed)
    state = _state(layer)
    parts = [state["kind"], *(["1d"] if len(layer.axes) == 1 else [])]
    parts += [f"{symbol}={'x'.join(map(str, dict.fromkeys(state[name])))}" for name, symbol in SYMBOLS.items()]
    options = {
        "preset": state["preset"],
        "pattern": _pattern(x) if isinstance(x, str) else "",
        "weights": kernel,
        "view": "" if view == VIEWS[0] else view,
        "seed": seed or "",
    }
    parts += [f"{name}={value}" for name, value in options.items() if value != ""]
    parts += [] if numbers else ["numbers=0"]
    given = {name: values for name, values in (("x", x), ("w", w), ("dy", dy)) if not isinstance(values, str | None)}
    parts += [f"{name}={_rows(name, values, len(layer.axes))}" for name, values in given.items()]
    return "&".join(parts)


def _check_view(view: Any) -> None:
    if text("view", view) not in VIEWS:
        raise PictureError(f"the explorer has no view {shown(view)}; use {', '.join(VIEWS)}")


def _pattern(name: Any) -> str:
    """Return the name of a pattern as the page knows it: examples have none. Raises `GeometryError`."""
    if text("pattern", name, "the name of a pattern") and name != patterns.RANDOM:
        patterns.named_input(name, (1, 1))
        return str(name)
    return ""


def _seed(seed: Any) -> int:
    number = whole_number("seed", seed)
    if not 0 <= number <= LARGEST_SEED:
        raise PictureError(f"seed {number} is more than the explorer takes; use 0 to {LARGEST_SEED}")
    return number


def _rows(name: str, values: Any, axes: int) -> str:
    """Format the rows of one channel: `1,2;3,4`."""
    found = as_array(name, values)
    if found.ndim != axes:
        raise PictureError("the explorer shows one input channel; leave out the channels")
    return ";".join(",".join(f"{value:.15g}" for value in row) for row in found.reshape(-1, found.shape[-1]).tolist())


def _state(layer: Layer) -> dict[str, Any]:
    """Return the state of the page for a layer. Raises `PictureError` if the page cannot show it."""
    if type(layer) not in (Conv, ConvTranspose) or layer.padding_mode != "zeros":
        raise PictureError("the explorer shows convolutions and transposed convolutions that are padded with zeros")
    preset = layer.named_padding if _follows_from_name(layer) else ""
    if not preset and any(before != after for before, after in layer.padding):
        raise PictureError("the explorer pads both sides alike, or by name; use such a padding, or convviz conv")
    state: dict[str, Any] = {"kind": layer.kind, "axes": len(layer.axes), "preset": preset}
    state |= {name: _rows_and_columns(getattr(layer, name)) for name in SHARED}
    state["padding"] = [0, 0] if preset else _rows_and_columns([before for before, _ in layer.padding])
    implied = bool(preset) and _implies_output_padding(layer)
    state["output_padding"] = [0, 0] if implied else _rows_and_columns(layer.output_padding)
    for name, most in LARGEST.items():
        if max(state[name]) > most:
            words = name.replace("_", " ")
            raise PictureError(
                f"{words} {max(state[name])} is more than the explorer's sliders reach; use up to {most}"
            )
    return state


def _follows_from_name(layer: Layer) -> bool:
    """Whether the page shows a layer by the name of its padding; it has no slider for an output size, and beside a name
    an output padding of 0 is the one that the name gives."""
    if not layer.named_padding or "output" in layer.arguments():
        return False
    return not isinstance(layer, ConvTranspose) or _implies_output_padding(layer) or any(layer.output_padding)


def _rows_and_columns(values: Sequence[int]) -> list[int]:
    """Return [rows, columns]; both are the same for a 1-D layer."""
    return [values[0], values[-1]]


def _implies_output_padding(layer: Layer) -> bool:
    """Whether the output padding follows from a named padding."""
    if not layer.named_padding or not isinstance(layer, ConvTranspose):
        return False
    given = {name: getattr(layer, name) for name in SHARED}
    return ConvTranspose(**given, padding=layer.named_padding) == layer
