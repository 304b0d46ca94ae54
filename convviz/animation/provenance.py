"""Provenance: the command that draws a picture again, and its parameters, stored in each file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from convviz.animation.input_values import InputValues
from convviz.animation.options import PictureOptions
from convviz.animation.training_options import TrainingOptions
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.layer import Layer
from convviz.style.theme import LIGHT, Theme
from convviz.text.notation import Arguments, layer_arguments, stack_arguments


@dataclass(frozen=True)
class Provenance:
    """The arguments of the command `convviz`, and all parameters as plain data."""

    arguments: Arguments
    parameters: Mapping[str, Any]
    value_arguments: Arguments = ()
    """The arguments that give the values of input, kernel and bias; they come last."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further entries for the file."""

    @property
    def command(self) -> str:
        """`convviz transposed -i 3 -k 3 -s 2 -p 1`, quoted for a shell."""
        return shlex.join(("convviz", *self.arguments, *self.value_arguments))

    def with_arguments(self, *arguments: str) -> Provenance:
        """Return a copy with more arguments, for options that concern one file only."""
        return replace(self, arguments=(*self.arguments, *arguments))

    def json(self, version: str) -> str:
        """Return what a file stores, in ASCII; it contains no path, no user name and no date."""
        entries = {"convviz": version, "command": self.command, "parameters": dict(self.parameters), **self.extra}
        return json.dumps(entries, separators=(",", ":"))


def picture_provenance(
    layers: Sequence[Layer], stacked: bool, options: PictureOptions, values: InputValues
) -> Provenance:
    """Return the provenance of a picture of one layer, or of several if `stacked`."""
    portable = _portable(options)
    changed = {name: list(value) if isinstance(value, tuple) else value for name, value in portable.changed().items()}
    facts: dict[str, Any] = {"layers": [_facts(layer) for layer in layers]} if stacked else _facts(layers[0])
    words = stack_arguments(layers) if stacked else layer_arguments(layers[0])
    return Provenance((*words, *portable.arguments()), facts | changed, values.arguments())


def comparison_provenance(layer: Layer, frameworks: Sequence[str]) -> Provenance:
    """Return the provenance of a picture that compares frameworks."""
    kind, *parameters = layer_arguments(layer)
    return Provenance(("compare", kind, *frameworks, *parameters), _facts(layer) | {"frameworks": list(frameworks)})


def training_provenance(layer: Layer, training: TrainingOptions, options: PictureOptions) -> Provenance:
    """Return the provenance of a training."""
    portable = _portable(options)
    changed = {name: list(value) if isinstance(value, tuple) else value for name, value in portable.changed().items()}
    facts = {"training": {"target": training.name_for(layer), **training.changed()}}
    words = ("train", *layer_arguments(layer), *portable.arguments())
    return Provenance(words, _facts(layer) | facts | changed, training.arguments(layer))


def _portable(options: PictureOptions) -> PictureOptions:
    """Return the options with file names instead of paths, and without a theme that is the default."""
    theme = options.theme.name if isinstance(options.theme, Theme) else options.theme and Path(options.theme).name
    font = options.font and Path(options.font).name
    return replace(options, theme=None if theme == LIGHT.name else theme, font=font)


def _facts(layer: Layer) -> dict[str, Any]:
    """Return a layer as plain data, including its output size."""
    facts: dict[str, Any] = {"kind": layer.kind}
    facts |= {name: _lists(getattr(layer, name)) for name in PARAMETERS}
    return facts | {"padding_mode": layer.padding_mode, "output": list(layer.output)}


def _lists(values: Any) -> Any:
    return [_lists(value) for value in values] if isinstance(values, tuple) else values
