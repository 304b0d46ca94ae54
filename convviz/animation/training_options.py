"""The options of a training, each with its default, range and help; they are those of `convviz train`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from convviz.animation.input_values import InputValues
from convviz.animation.option_spec import INTEGER, NUMBER, TEXT, VALUES, OptionSpec, expected
from convviz.errors import PictureError
from convviz.errors.arguments import text
from convviz.errors.printable import shown
from convviz.text.notation import Arguments
from convviz.text.values import is_value_file

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convviz.layers.layer import Layer

LOSSES = ("mse",)


@dataclass(frozen=True, eq=False)
class TrainingOptions:
    """What a training depends on, apart from layer and seed; `convviz.layers.training` checks the numbers."""

    target: ArrayLike | str | None = None
    """Target kernel, values or a name; by default one that suits the layer."""
    steps: int = 20
    lr: float | None = None
    optimizer: str = "sgd"
    momentum: float | None = None
    loss: str = "mse"
    noise: float = 0.0
    start: str = "zeros"
    given_as: str = ""
    """The words of the command line that gave the target, if a command did."""

    def __post_init__(self) -> None:
        if text("loss", self.loss) not in LOSSES:
            raise PictureError(f"{expected('loss', 'mse, the mean squared error', shown(self.loss))}; use mse")

    @classmethod
    def read(cls, options: Mapping[str, Any], target: ArrayLike | str | None) -> TrainingOptions:
        """Take what belongs to a training from options by name; absent ones and None keep their defaults."""
        names = [one.name for one in fields(cls) if one.name in TRAINING_SPECS and one.name != "target"]
        given = {name: options[name] for name in names if options.get(name) is not None}
        words = options.get("target") or ""
        return cls(target, **given, given_as=words)

    def target_for(self, layer: Layer) -> ArrayLike | str:
        """Return the target; by default bilinear for a transposed convolution, edges for a convolution."""
        if self.target is not None:
            return self.target
        return default_target(layer.kind, len(layer.axes))

    def name_for(self, layer: Layer) -> str:
        """Return the name of the target, `given` for values."""
        target = self.target_for(layer)
        return target if isinstance(target, str) else "given"

    def arguments(self, layer: Layer) -> Arguments:
        """Return the words of the command line for the target and all that differs from its default."""
        values = InputValues(w=self.target_for(layer)).arguments()[1]
        words = [*TRAINING_SPECS["target"].arguments(self.given_as or values)]
        for name, value in self.changed().items():
            words += TRAINING_SPECS[name].arguments(value)
        return tuple(words)

    def changed(self) -> dict[str, Any]:
        """Return what differs from its default, by name, but for the target."""
        values = {one.name: (getattr(self, one.name), one.default) for one in fields(self)}
        return {
            name: value
            for name, (value, default) in values.items()
            if name not in ("target", "given_as") and value != default
        }


def default_target(kind: str, axes: int) -> str:
    """Return the target of a kind of layer: the name of a kernel."""
    return "bilinear" if kind == "transposed" else "sobel-x" if axes == 2 else "edge"


TRAINING_SPECS: Mapping[str, OptionSpec] = {
    spec.name: spec
    for spec in (
        OptionSpec(
            "target",
            VALUES,
            "Target kernel, whose output is to be learned: bilinear, blur, box, edge, gaussian, identity, laplacian, "
            'nearest, ones, random, sharpen, sobel-x, sobel-y, numbers such as "1,0;2,-1", or a file of numbers',
            "NAME|VALUES",
            default="sobel-x, or bilinear for transposed",
            names_file=is_value_file,
        ),
        OptionSpec("steps", INTEGER, "Number of updates, 1 to 1000", "N", default="20"),
        OptionSpec(
            "lr",
            NUMBER,
            "Learning rate; above 2/λ, which the picture states, training diverges",
            "RATE",
            default="half of that",
        ),
        OptionSpec("optimizer", TEXT, "sgd (plain gradient descent) or momentum", "NAME", default="sgd"),
        OptionSpec("momentum", NUMBER, "β of the optimizer momentum, between 0 and 1", "B", default="from the problem"),
        OptionSpec("loss", TEXT, "mse, the mean squared error", "NAME", default="mse"),
        OptionSpec("noise", NUMBER, "Standard deviation of the noise added to the target output", "S", default="0"),
        OptionSpec(
            "start",
            TEXT,
            "First kernel: zeros, noise, or the name of a kernel such as bilinear",
            "NAME",
            default="zeros",
        ),
    )
}
"""Name → option."""
