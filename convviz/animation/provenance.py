"""How a picture was made: the command that makes it again, and its parameters, to be kept in the file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from convviz.geometry.parameters import PARAMETERS
from convviz.layers.arrays import as_array
from convviz.layers.layer import Layer
from convviz.text.notation import Arguments, layer_arguments, stack_arguments

MOST_VALUES = 256
"""More values than these are not said in the command; they come from a file anyway."""


@dataclass(frozen=True)
class Provenance:
    """The words of the command behind `convviz`, and the parameters, all of them, as plain data."""

    words: Arguments
    parameters: Mapping[str, Any]
    values: Arguments = ()
    """The words that say the values of input, kernel and bias."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What whoever asked for the picture wants to find in the file again."""

    @property
    def command(self) -> str:
        """`convviz transposed -i 3 -k 3 -s 2 -p 1`, as a shell takes it."""
        return shlex.join(("convviz", *self.words, *self.values))

    def plus(self, *words: str) -> Provenance:
        """The same with more words, for what belongs to one file only."""
        return replace(self, words=(*self.words, *words))

    def json(self, version: str) -> str:
        """What a file keeps, in ASCII; no path, no name, no date."""
        said = {"convviz": version, "command": self.command, "parameters": dict(self.parameters), **self.more}
        return json.dumps(said, separators=(",", ":"))


def provenance(
    layers: Sequence[Layer], stacked: bool, options: Mapping[str, Any], values: Mapping[str, Any]
) -> Provenance:
    """The origin of a picture of `layers`; `options` are those of `OPTIONS`, `values` are x, w and bias where given."""
    given = {name: value for name, value in options.items() if value != OPTIONS[name][0]}
    said = [word for name, value in given.items() for word in OPTIONS[name][1](value)]
    parameters: dict[str, Any] = {"layers": [_facts(layer) for layer in layers]} if stacked else _facts(layers[0])
    words = stack_arguments(layers) if stacked else layer_arguments(layers[0])
    listed = tuple(word for name, value in values.items() if value is not None for word in _values(name, value))
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    return Provenance((*words, *said), parameters | plain, listed)


def compared(layer: Layer, frameworks: Sequence[str]) -> Provenance:
    """The origin of a picture that compares frameworks."""
    kind, *said = layer_arguments(layer)
    return Provenance(("compare", kind, *frameworks, *said), _facts(layer) | {"frameworks": list(frameworks)})


def _facts(layer: Layer) -> dict[str, Any]:
    """A layer as plain data, its output size included."""
    facts: dict[str, Any] = {"kind": layer.kind}
    facts |= {name: _plain(getattr(layer, name)) for name in PARAMETERS}
    return facts | {"padding_mode": layer.padding_mode, "output": list(layer.output)}


def _plain(values: Any) -> Any:
    return [_plain(value) for value in values] if isinstance(values, tuple) else values


def _values(name: str, value: Any) -> Arguments:
    """Values inline where they are few; a kernel by its name."""
    option = {"x": "--input-values", "w": "--kernel-values", "bias": "--bias"}[name]
    if isinstance(value, str):
        return option, value
    found = as_array(name, value)
    if found.size > MOST_VALUES or found.ndim > 2:
        return option, f"{option[2:].split('-')[0]}.npy"
    rows = found.reshape(1, -1) if found.ndim < 2 else found
    return option, ";".join(",".join(repr(number) for number in row) for row in rows.tolist())


def _word(option: str) -> Callable[[Any], Arguments]:
    return lambda value: (option, f"{value:g}" if isinstance(value, float) else str(value))


def _flag(yes: str, no: str = "") -> Callable[[Any], Arguments]:
    return lambda value: (yes,) if value else (no,)


def _parts(without: Sequence[str]) -> Arguments:
    return tuple(f"--no-{part}" for part in without)


OPTIONS: dict[str, tuple[Any, Callable[[Any], Arguments]]] = {
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
