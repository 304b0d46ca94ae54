"""From options to a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convviz.errors import GeometryError
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.layer import Layer

Options = Mapping[str, Any]
"""Options by name, as the command line or a recipe gives them; absent ones and None keep their defaults."""
OPTION_OF = {"output": "output_size"}
"""Parameter of a layer → the option that gives it, if it has another name."""


def make_layer(kind: type[Layer], options: Options) -> Layer:
    """Make a layer; parameters that are not given keep their defaults. Raises `GeometryError`."""
    named = {parameter: OPTION_OF.get(parameter, parameter) for parameter in kind.parameters}
    given = {parameter: options[name] for parameter, name in named.items() if options.get(name) is not None}
    parameters = {"input": PARAMETERS["input"].default, "kernel": kind.default_kernel, **given}
    axes = axis_count(options)
    if axes == 1:
        parameters["input"] = _one_axis(parameters["input"])
    if isinstance(parameters.get("padding"), tuple) and len(parameters["padding"]) == 1:
        parameters["padding"] *= axes
    return kind(**parameters)


def axis_count(options: Options) -> int:
    """Return 1 with `--1d`, else 2."""
    return 1 if options.get("one_dimension") else 2


def _one_axis(input: Any) -> Any:
    if isinstance(input, tuple) and len(input) > 1:
        raise GeometryError(f"input {'x'.join(map(str, input))} has two axes, but --1d makes one; give one number")
    return (input,) if isinstance(input, int) else input
