"""From options to what is trained: the layer, and the target that it learns."""

from __future__ import annotations

from typing import Any

from convviz.animation.training_options import TrainingOptions, default_target
from convviz.errors import GeometryError
from convviz.errors.printable import shown
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from convviz.recipes.layer import Options, axis_count, make_layer
from convviz.recipes.values import read_values
from convviz.text.values import is_value_file, known_names

TRAINED_KINDS = ("conv", "transposed")
ONLY_TRANSPOSED = {"output_padding": "output-padding", "output_size": "output-size"}


def read_training(options: Options) -> tuple[Layer, TrainingOptions]:
    """Read layer and training. Raises `ConvvizError` for values and sizes that do not fit."""
    kind = options["operation"]
    if kind not in TRAINED_KINDS:
        raise GeometryError(f"there is no training of {shown(kind)}; use {' or '.join(TRAINED_KINDS)}")
    for name, spelled in ONLY_TRANSPOSED.items():
        if kind == "conv" and options.get(name) is not None:
            raise GeometryError(f"a convolution has no {spelled}; leave it out or train transposed")
    completed, target = _with_target(kind, options)
    return make_layer(LAYER_KINDS[kind], completed), TrainingOptions.read(options, target)


def _with_target(kind: str, options: Options) -> tuple[Options, Any]:
    """Return the options with the sizes that follow from the target, and the target: a name or values."""
    target = options.get("target") or default_target(kind, axis_count(options))
    if _is_word(target) and target not in known_names("kernel"):
        return options, target
    completed, values = read_values(LAYER_KINDS[kind], {**options, "kernel_values": target})
    return completed, values.w


def _is_word(target: str) -> bool:
    """Tell whether a target is a word, not numbers or a file of numbers."""
    return target[:1].isalpha() and not is_value_file(target)
