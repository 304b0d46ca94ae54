"""How a picture was made: the command that makes it again, and its parameters, to be kept in the file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from convviz.geometry import PARAMETERS
from convviz.layers import ConvTranspose, Layer
from convviz.shapes import array
from convviz.words import KINDS, LETTERS

MOST_VALUES = 256
"""More values than these are not said in the command; they come from a file anyway."""
Words = tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """The words of the command behind `convviz`, and the parameters, all of them, as plain data."""

    words: Words
    parameters: Mapping[str, Any]
    values: Words = ()
    """The words that say the values of input, kernel and bias."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What whoever asked for the picture wants to find in the file again."""

    @property
    def command(self) -> str:
        """`convviz transposed -i 3 -k 3 -s 2 -p 1`, as a shell takes it."""
        return shlex.join(("convviz", *self.words, *self.values))

    def plus(self, *words: str) -> Origin:
        """The same with more words, for what belongs to one file only."""
        return replace(self, words=(*self.words, *words))

    def json(self, version: str) -> str:
        """What a file keeps, in ASCII; no path, no name, no date."""
        said = {"convviz": version, "command": self.command, "parameters": dict(self.parameters), **self.more}
        return json.dumps(said, separators=(",", ":"))


def origin(layers: Sequence[Layer], stacked: bool, options: Mapping[str, Any], values: Mapping[str, Any]) -> Origin:
    """The origin of a picture of `layers`; `options` are those of `OPTIONS`, `values` are x, w and bias where given."""
    given = {name: value for name, value in options.items() if value != OPTIONS[name][0]}
    said = [word for name, value in given.items() for word in OPTIONS[name][1](value)]
    parameters: dict[str, Any] = {"layers": [_facts(layer) for layer in layers]} if stacked else _facts(layers[0])
    words = _stack(layers) if stacked else _layer(layers[0])
    listed = tuple(word for name, value in values.items() if value is not None for word in _values(name, value))
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    return Origin((*words, *said), parameters | plain, listed)


def command(*layers: Layer) -> str:
    """The command that draws a layer, or several: `convviz conv -i 5 -k 3 -s 2 -p 1`."""
    return Origin(_layer(layers[0]) if len(layers) == 1 else _stack(layers), {}).command


def compared(layer: Layer, frameworks: Sequence[str]) -> Origin:
    """The origin of a picture that compares frameworks."""
    kind, *said = _layer(layer)
    return Origin(("compare", kind, *frameworks, *said), _facts(layer) | {"frameworks": list(frameworks)})


def texts(layers: Sequence[Layer]) -> Words:
    """Each layer as the command line takes it in a stack: `conv k3 s2 p1`."""
    return tuple(" ".join([_kind(layer), *(letter + text for letter, text in _parameters(layer))]) for layer in layers)


def _facts(layer: Layer) -> dict[str, Any]:
    """A layer as plain data, its output size included."""
    facts: dict[str, Any] = {"kind": _kind(layer)}
    facts |= {name: _plain(getattr(layer, name)) for name in PARAMETERS}
    return facts | {"padding_mode": layer.padding_mode, "output": list(layer.output)}


def _plain(values: Any) -> Any:
    return [_plain(value) for value in values] if isinstance(values, tuple) else values


def _kind(layer: Layer) -> str:
    return next(word for word, kind in KINDS.items() if type(layer) is kind)


def _layer(layer: Layer) -> Words:
    """The words of the command line for one layer."""
    words = [_kind(layer), *(["--1d"] if len(layer.axes) == 1 else []), "-i", _sizes(layer.input)]
    words += [word for letter, text in _parameters(layer) for word in (f"-{letter}", text)]
    if layer.padding_mode != "zeros":
        words += ["--padding-mode", layer.padding_mode]
    words += ["--ceil-mode"] if any(getattr(axis, "ceil_mode", False) for axis in layer.axes) else []
    words += [] if getattr(layer, "count_include_pad", True) else ["--no-count-include-pad"]
    return tuple(words)


def _stack(layers: Sequence[Layer]) -> Words:
    line = ("--1d",) if len(layers[0].axes) == 1 else ()
    return ("stack", *texts(layers), *line, "-i", _sizes(layers[0].input))


def _parameters(layer: Layer) -> list[tuple[str, str]]:
    """Letter and value of kernel, stride and padding, and of dilation and output padding where they do something."""
    said = []
    for letter, name in LETTERS.items():
        values = getattr(layer, name)
        if name == "padding":
            said.append((letter, layer.named_padding or _sides(values)))
        elif values != _implied(layer, name):
            said.append((letter, _sizes(values)))
    return said


def _implied(layer: Layer, name: str) -> tuple[int, ...] | None:
    """What dilation and output padding are where nothing is said; a named padding may bring an output padding."""
    if name == "output_padding" and layer.named_padding and isinstance(layer, ConvTranspose):
        padding = layer.named_padding
        return ConvTranspose(layer.input, layer.kernel, layer.stride, padding, layer.dilation).output_padding
    plain = {"dilation": 1, "output_padding": 0}.get(name)
    return None if plain is None else (plain,) * len(layer.axes)


def _sizes(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values))


def _sides(pairs: Sequence[Sequence[int]]) -> str:
    said = [str(a) if a == b else f"{a},{b}" for a, b in pairs]
    return said[0] if len(set(said)) == 1 else "x".join(said)


def _values(name: str, value: Any) -> Words:
    """Values inline where they are few; a kernel by its name."""
    option = {"x": "--input-values", "w": "--kernel-values", "bias": "--bias"}[name]
    if isinstance(value, str):
        return option, value
    found = array(name, value)
    if found.size > MOST_VALUES or found.ndim > 2:
        return option, f"{option[2:].split('-')[0]}.npy"
    rows = found.reshape(1, -1) if found.ndim < 2 else found
    return option, ";".join(",".join(repr(number) for number in row) for row in rows.tolist())


def _word(option: str) -> Callable[[Any], Words]:
    return lambda value: (option, f"{value:g}" if isinstance(value, float) else str(value))


def _flag(yes: str, no: str = "") -> Callable[[Any], Words]:
    return lambda value: (yes,) if value else (no,)


def _parts(without: Sequence[str]) -> Words:
    return tuple(f"--no-{part}" for part in without)


OPTIONS: dict[str, tuple[Any, Callable[[Any], Words]]] = {
    "view": (None, _word("--view")),
    "theme": ("light", _word("--theme")),
    "size": ((1280, 720), lambda size: ("--size", f"{size[0]}x{size[1]}")),
    "scale": (1, _word("--scale")),
    "numbers": (None, _flag("--numbers", "--no-numbers")),
    "groups": (1, _word("--groups")),
    "channel": (0, _word("--channel")),
    "channels": (None, lambda counts: ("--channels", str(counts[0]), "--out-channels", str(counts[1]))),
    "seed": (0, _word("--seed")),
    "step": (0.6, _word("--step")),
    "hold": (2.0, _word("--hold")),
    "frames": (None, _word("--frames")),
    "title": (None, _word("--title")),
    "font": (None, lambda font: ("--font", Path(font).name)),
    "without": ((), _parts),
    "transparent": (False, _flag("--transparent")),
}
"""Option of `animate` → its default, and the words that say another value."""
