"""A request for a picture: options by name become layers, values and picture options.

Options come from the command line, from a recipe or from a Sphinx page. Those that are absent or None keep their
defaults, unless they follow from values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from convviz.animation.input_values import InputValues
from convviz.animation.options import PictureOptions
from convviz.animation.training_options import TrainingOptions
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.convolution import ConvLayer
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from convviz.recipes.code import parse_code, read_parsed
from convviz.recipes.drawing_commands import FORCE
from convviz.recipes.fields import named_files
from convviz.recipes.layer import Options, axis_count, make_layer
from convviz.recipes.training import read_training
from convviz.recipes.values import read_values
from convviz.text.parsing import parse_layer

if TYPE_CHECKING:
    from convviz.animation.animation import Animation
    from convviz.frameworks.parse.parsed_layer import ParsedLayer


@dataclass(frozen=True)
class Request:
    """A picture to lay out."""

    layer: Layer | Sequence[Layer]
    options: PictureOptions
    values: InputValues = field(default_factory=InputValues)
    sources: tuple[str, ...] = ()
    """The files that options name; see `Animation.sources`."""
    force: bool = True
    """See `Animation.force`."""

    def with_options(self, **changes: Any) -> Request:
        """Return a copy with some picture options changed."""
        return replace(self, options=replace(self.options, **changes))

    def animate(self) -> Animation:
        """Lay out the animation. Raises `ConvvizError` if it cannot be drawn."""
        from convviz.animation.animate import build_animation

        animation = build_animation(self.layer, self.options, self.values)
        return replace(animation, sources=self.sources, force=self.force)


@dataclass(frozen=True)
class TrainingRequest(Request):
    """A training to lay out."""

    training: TrainingOptions = field(default_factory=TrainingOptions)

    def animate(self) -> Animation:
        """Lay out the animation. Raises `ConvvizError` if it cannot be drawn."""
        from convviz.animation.training import build_training

        assert isinstance(self.layer, ConvLayer)
        animation = build_training(self.layer, self.training, self.options)
        return replace(animation, sources=self.sources, force=self.force)


def request(kind: str, options: Options) -> Request:
    """Make the request of a drawing command.

    `kind` is a kind of layer, or `stack`, `train`, `preset` or `layer`, which need the option `layers`, `operation`,
    `preset` or `layer`.
    Raises `ConvvizError` for values and sizes that do not fit.
    """
    if kind == "layer":
        return request_parsed(parse_code(options), options)
    if kind == "train":
        layer, training = read_training(options)
        return _with_files(TrainingRequest(layer, PictureOptions.read(options), training=training), options)
    if kind == "preset":
        return request_preset(options["preset"], options)
    if kind == "stack":
        made = Request(make_stack(options["layers"], options), PictureOptions.read(options))
    else:
        completed, values = read_values(LAYER_KINDS[kind], options)
        made = Request(make_layer(LAYER_KINDS[kind], completed), PictureOptions.read(completed), values)
    return _with_files(made, options)


def _with_files(made: Request, options: Options) -> Request:
    """Add which files options name, and whether any file may be overwritten: only the command line has that option."""
    return replace(made, sources=tuple(named_files(options).values()), force=options.get(FORCE.name, True))


def request_parsed(parsed: ParsedLayer, options: Options) -> Request:
    """Make the request of a layer that was parsed from code or a model."""
    completed, values = read_parsed(parsed, options)
    return _with_files(Request(parsed.layer, PictureOptions.read(completed), values), options)


def request_preset(name: str, options: Options) -> Request:
    """Make the request of a preset."""
    from convviz.layers.presets import preset

    return _with_files(Request(preset(name), PictureOptions.read(options)), options)


def make_stack(notations: Sequence[str], options: Options) -> list[Layer]:
    """Make several layers, each of which takes the output of the one before."""
    size = PARAMETERS["input"].default if options.get("input") is None else options["input"]
    input = size if isinstance(size, tuple) else (size,) * axis_count(options)
    layers: list[Layer] = []
    for notation in notations:
        layers.append(parse_layer(notation, layers[-1].output if layers else input))
    return layers
