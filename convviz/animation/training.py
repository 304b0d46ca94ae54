"""`convviz.train`: gradient descent on the kernel of a layer as an animation."""

from __future__ import annotations

import warnings
from math import prod
from typing import TYPE_CHECKING, Any

from convviz.animation import bounds
from convviz.animation.animate import animate_scene
from convviz.animation.animation import Animation
from convviz.animation.options import FIELDS, PictureOptions
from convviz.animation.provenance import training_provenance
from convviz.animation.training_options import TrainingOptions
from convviz.errors import ArgumentError, PictureError
from convviz.errors.arguments import instance, whole_number
from convviz.errors.printable import shown, visible
from convviz.layers import training as gradient_descent
from convviz.layers.convolution import ConvLayer
from convviz.layers.training_problem import training_problem
from convviz.layout.typography import smallest_text_px
from convviz.scene.model import Timing
from convviz.views.training import training
from convviz.views.training_text import ROUNDINGS

if TYPE_CHECKING:
    import os

    from numpy.typing import ArrayLike
    from typing_extensions import Unpack

    from convviz.animation.options import AnimateOptions
    from convviz.layers.training import OptimizerName, Run
    from convviz.style.theme import Theme, ThemeName

MOST_TAPS = 400
MOST_CELLS = 2_000_000
"""Cells of all frames that are computed."""
LEAST_PITCH = 2.6
"""Smallest distance from cell to cell at which digits of outputs fit, such as −0.1, in font sizes."""
OUTPUTS_WIDTH, OUTPUTS_HEIGHT = 0.85, 0.7
"""Shares of a picture that the outputs side by side, and the tallest grid, take at most."""
UNUSED = ("view", "groups", "channel", "channels")
"""Picture options that a training does not have."""


def train(
    layer: ConvLayer,
    target: ArrayLike | str | None = None,
    theme: ThemeName | os.PathLike[str] | Theme | None = None,
    *,
    steps: int = 20,
    lr: float | None = None,
    optimizer: OptimizerName = "sgd",
    momentum: float | None = None,
    loss: str = "mse",
    noise: float = 0.0,
    start: str = "zeros",
    **options: Unpack[AnimateOptions],
) -> Animation:
    """Animate gradient descent on the kernel of a convolution or a transposed convolution.

    The layer learns the output of the kernel `target` for an example input: a name, such as sobel-x, blur or bilinear,
    or values in the shape of the layer's kernel. `start` is the first kernel: zeros, noise or a name. `lr` is the
    learning rate; by default about half of 2/λ, above which training diverges, λ being the largest eigenvalue of the
    Hessian of the loss. The loss is mse, the mean squared error; `noise` is the standard deviation of what is added to
    the target output. The other keywords are those of `animate`; `seed` chooses input, noise and start.

    Raises `GeometryError` for a target, a rate or a start that is not possible, and `PictureError` if the picture
    cannot be drawn.
    """
    found = options.keys() & set(UNUSED) or options.keys() - {one.name for one in FIELDS}
    if found:
        raise ArgumentError(f"train() got an unexpected keyword argument {shown(min(found))}")
    chosen = TrainingOptions(target, steps, lr, optimizer, momentum, loss, noise, start)
    animation = build_training(layer, chosen, PictureOptions(theme=theme, **options))
    for message in animation.warnings:
        warnings.warn(visible(message), stacklevel=2)
    return animation


def build_training(layer: ConvLayer, chosen: TrainingOptions, options: PictureOptions) -> Animation:
    """Lay out the animation of a training without emitting its warnings; raises what `train` does."""
    instance("layer", layer, ConvLayer)
    bounds.check_room((layer,), options.size)
    _check_work(layer, chosen)
    run = _run(layer, chosen, options)
    provenance = training_provenance(layer, chosen, options)
    name = chosen.name_for(layer)
    timing = Timing(round(options.step * 1000), round(options.hold * 1000), pace=options.pace)

    def laid_out(rounding: Any) -> Animation:
        return animate_scene(training(run, name, timing, rounding), layer, "train", provenance, options)

    for rounding in ROUNDINGS if options.numbers is not False and _may_be_legible(run, options) else ():
        animation = laid_out(rounding)
        if all(animation.display_list.layout.numbered):
            return animation
    if options.numbers:
        width, height = options.size
        raise PictureError(f"the numbers do not fit into cells at {width}x{height}; use a smaller layer or no numbers")
    return laid_out(None)


def _run(layer: ConvLayer, chosen: TrainingOptions, options: PictureOptions) -> Run:
    problem = training_problem(layer, chosen.target_for(layer), seed=options.seed, noise=chosen.noise)
    return gradient_descent.train(
        problem,
        steps=chosen.steps,
        rate=chosen.lr,
        optimizer=chosen.optimizer,  # type: ignore[arg-type]
        momentum=chosen.momentum,
        start=chosen.start,
        seed=options.seed,
    )


def _check_work(layer: ConvLayer, chosen: TrainingOptions) -> None:
    """Refuse a training that would take long."""
    taps, cells = prod(layer.kernel), prod(layer.kernel) + 2 * prod(layer.output)
    if taps > MOST_TAPS:
        raise PictureError(f"expected a kernel of up to {MOST_TAPS} weights to train, got {taps}; use a smaller kernel")
    steps = whole_number("steps", chosen.steps)
    if 1 <= steps <= gradient_descent.MOST_STEPS and cells * steps > MOST_CELLS:
        fewer = max(1, MOST_CELLS // cells)
        advice = "use a smaller layer" if fewer < 5 else f"use --steps {fewer} or a smaller layer"
        raise PictureError(f"{steps} steps with {cells} cells each would take long; {advice}")


def _may_be_legible(run: Run, options: PictureOptions) -> bool:
    """Tell whether cells may be large enough for digits; of two axes, three outputs are side by side."""
    layer, (width, height) = run.problem.layer, options.size
    least = LEAST_PITCH * smallest_text_px(width, 1)
    if len(layer.axes) == 1:
        return max(layer.input[0], layer.output[0]) * least <= width
    rows = max(layer.output[0], layer.input[0])
    return 3 * layer.output[1] * least <= OUTPUTS_WIDTH * width and rows * least <= OUTPUTS_HEIGHT * height
