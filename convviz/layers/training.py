"""Train the kernel of a layer by gradient descent, so that its output becomes that of another kernel.

The loss is the mean squared error L = Σ (y − y*)² / n over all n output cells, so that dL/dy = 2(y − y*)/n, and
dL/dw is `layer.gradient_weight(x, dL/dy)`. A step of `sgd` is w ← w − η dL/dw; one of `momentum` is
v ← β v + dL/dw, w ← w − η v with β = 0.9 (Polyak, 1964, in the form of PyTorch's `SGD`).

L is a quadratic function of w with the Hessian H = 2 AᵀA/n, where column u of A is the output for a kernel that is 1 at
tap u. Gradient descent converges below the rate 2/λ, λ being the largest eigenvalue of H, and below 2(1 + β)/λ with
momentum; above it the loss grows. The best kernel is the least-squares solution of A w = y*.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from convviz.errors import GeometryError
from convviz.errors.printable import did_you_mean, shown
from convviz.layers.arrays import array_of_shape
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.layers.kernels import FIXED_KERNELS, KERNEL_NAMES, named_kernel

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

OptimizerName = Literal["sgd", "momentum"]
OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)
MOMENTUM = 0.9
MOST_STEPS = 1000
LARGEST_INPUT_VALUE = 2
"""Inputs are whole numbers from −2 to 2: with a mean of 0, one rate suits all taps."""
DIVERGED = 1e6
"""A run ends when its loss is so many times that of the start."""
STARTS = ("zeros", "noise", *KERNEL_NAMES)


@dataclass(frozen=True)
class Problem:
    """What a layer has to learn: the output of a kernel for one input."""

    layer: ConvLayer
    x: NDArray[Any]
    y: NDArray[Any]
    """The target output y*, noise included."""
    target: NDArray[Any]
    """The target kernel w*; it may have another size than the layer's."""
    noise: float

    @cached_property
    def design(self) -> NDArray[Any]:
        """The matrix A, (outputs, taps): `A @ w.ravel()` is the output for the kernel w."""
        units = np.eye(math.prod(self.layer.kernel)).reshape(-1, *self.layer.kernel)
        return np.stack([self.layer(self.x, unit).ravel() for unit in units], axis=1)

    @cached_property
    def best_kernel(self) -> NDArray[Any]:
        """The least-squares kernel; of several, the one with the smallest norm."""
        solution = np.linalg.lstsq(self.design, self.y.ravel(), rcond=None)[0]
        return np.asarray(solution).reshape(self.layer.kernel)

    @cached_property
    def best_loss(self) -> float:
        """The smallest loss that a kernel of this size reaches."""
        return self.loss(self.best_kernel)

    @property
    def is_well_posed(self) -> bool:
        """Whether only one kernel has the smallest loss."""
        return bool(np.linalg.matrix_rank(self.design) == self.design.shape[1])

    def loss(self, w: NDArray[Any]) -> float:
        """Mean squared error of a kernel."""
        return float(np.mean((self.layer(self.x, w) - self.y) ** 2))

    def largest_rate(self, optimizer: OptimizerName) -> float:
        """The rate above which the loss grows: 2/λ, with momentum 2(1 + β)/λ; infinity if the gradient is always 0."""
        curvature = float(np.linalg.norm(self.design, 2)) ** 2 * 2 / self.y.size
        factor = 2 * (1 + MOMENTUM) if optimizer == "momentum" else 2
        return factor / curvature if curvature else math.inf

    def safe_rate(self, optimizer: OptimizerName) -> float:
        """Half the largest rate, rounded down to one digit: with it each step of `sgd` lowers the loss."""
        half = min(self.largest_rate(optimizer) / 2, 1.0)
        digit = 10.0 ** math.floor(math.log10(half))
        return round(math.floor(half / digit) * digit, 12)


@dataclass(frozen=True)
class Step:
    """The state before an update: kernel, output, loss, and the gradients that the update uses."""

    kernel: NDArray[Any]
    output: NDArray[Any]
    loss: float
    output_gradient: NDArray[Any]
    """dL/dy = 2(y − y*)/n."""
    kernel_gradient: NDArray[Any]
    """dL/dw."""


@dataclass(frozen=True)
class Run:
    """A training: `steps[n]` is the state after n updates; fewer than were asked for if it diverges."""

    problem: Problem
    steps: tuple[Step, ...]
    rate: float
    optimizer: OptimizerName

    @property
    def diverges(self) -> bool:
        """Whether the rate is too large: the loss grows from step to step."""
        return self.rate > self.problem.largest_rate(self.optimizer)


def training_problem(
    layer: ConvLayer, target: ArrayLike | str, *, seed: int = 0, noise: float = 0.0, x: ArrayLike | None = None
) -> Problem:
    """Return what `layer` has to learn: the output of the kernel `target`, a name or values.

    A target kernel may be larger or smaller than the layer's: both have the same centre. `noise` is the standard
    deviation of what is added to the target output; `seed` chooses it and the input, unless `x` is given. Raises
    `GeometryError` for an unknown name, values that are no kernel, and noise that is negative or not finite.
    """
    if not math.isfinite(noise) or noise < 0:
        raise GeometryError(f"expected noise of 0 or more, got {shown(noise)}")
    if layer.padding_mode != "zeros":
        raise GeometryError(f"expected padding with zeros for a training, got {layer.padding_mode}; use zeros")
    random = np.random.RandomState(seed % 2**32)  # its numbers are the same in all versions of numpy
    values = random.randint(-LARGEST_INPUT_VALUE, LARGEST_INPUT_VALUE + 1, layer.input)
    given = values if x is None else array_of_shape("input", x, layer.input)
    kernel = _target_kernel(layer, target)
    y = _output_of(layer, given, kernel) + noise * random.standard_normal(layer.output)
    return Problem(layer, given, y, kernel, noise)


def train(
    problem: Problem,
    *,
    steps: int = 20,
    rate: float | None = None,
    optimizer: OptimizerName = "sgd",
    start: str = "zeros",
    seed: int = 0,
) -> Run:
    """Train from a kernel of zeros, of noise, or of any name; the result holds `steps` + 1 states.

    The default of `rate`, the learning rate η, is half the largest one that converges. A run whose loss exceeds a
    million times that of its start ends there. Raises `GeometryError` for a rate that is not positive and finite, for
    steps outside 1 to 1000, and for an unknown optimizer or start.
    """
    if optimizer not in OPTIMIZERS:
        raise GeometryError(
            f"there is no optimizer {shown(optimizer)}; {did_you_mean(optimizer, OPTIMIZERS)}{', '.join(OPTIMIZERS)}"
        )
    rate = problem.safe_rate(optimizer) if rate is None else rate
    if isinstance(rate, bool) or not math.isfinite(rate) or rate <= 0:
        raise GeometryError(f"expected a rate above 0, got {shown(rate)}; try 0.1")
    if not 1 <= steps <= MOST_STEPS:
        raise GeometryError(f"expected 1 to {MOST_STEPS} steps, got {shown(steps)}")
    first = _start_kernel(problem.layer, start, seed)
    return Run(problem, tuple(_descend(problem, first, steps, rate, optimizer)), rate, optimizer)


def _descend(
    problem: Problem, kernel: NDArray[Any], steps: int, rate: float, optimizer: OptimizerName
) -> Iterator[Step]:
    velocity, keep = np.zeros_like(kernel), MOMENTUM if optimizer == "momentum" else 0.0
    limit = None
    for number in range(steps + 1):
        step = _state(problem, kernel)
        limit = DIVERGED * max(step.loss, 1.0) if limit is None else limit
        yield step
        if step.loss > limit or number == steps:
            return
        velocity = keep * velocity + step.kernel_gradient
        kernel = kernel - rate * velocity


def _state(problem: Problem, kernel: NDArray[Any]) -> Step:
    output = problem.layer(problem.x, kernel)
    error = output - problem.y
    sent = 2 * error / error.size
    return Step(kernel, output, float(np.mean(error**2)), sent, problem.layer.gradient_weight(problem.x, sent))


def _start_kernel(layer: ConvLayer, start: str, seed: int) -> NDArray[Any]:
    if start not in STARTS:
        raise GeometryError(f"there is no start {shown(start)}; {did_you_mean(start, STARTS)}{', '.join(STARTS)}")
    if start == "zeros":
        return np.zeros(layer.kernel)
    if start == "noise":
        return np.asarray(np.random.RandomState((seed + 1) % 2**32).standard_normal(layer.kernel))
    return np.asarray(named_kernel(start, layer.kernel), dtype=float)


def _target_kernel(layer: ConvLayer, target: ArrayLike | str) -> NDArray[Any]:
    """Return the values of a target kernel: of a fixed size, of that of an upsampling, or of the layer's."""
    if not isinstance(target, str):
        return array_of_shape("kernel", target, layer.kernel).astype(float)
    shape = layer.kernel
    if target in FIXED_KERNELS and len(shape) == 2:
        shape = (len(FIXED_KERNELS[target]), len(FIXED_KERNELS[target][0]))
    elif target == "bilinear" and isinstance(layer, ConvTranspose):
        shape = tuple(2 * factor - factor % 2 for factor in layer.stride)
    return np.asarray(named_kernel(target, shape), dtype=float)


def _output_of(layer: ConvLayer, x: NDArray[Any], kernel: NDArray[Any]) -> NDArray[Any]:
    """Return the output of a kernel of any size whose centre is that of the layer's kernel."""
    sizes = [max(pair) for pair in zip(layer.kernel, kernel.shape, strict=True)]
    around, placed = layer.padding, np.zeros(sizes)
    padding = []
    for size, own, (before, after) in zip(sizes, layer.kernel, around, strict=True):
        padding.append((before + (size - own) // 2, after + size - own - (size - own) // 2))
    corner = [(size - other) // 2 for size, other in zip(sizes, kernel.shape, strict=True)]
    for tap in product(*map(range, kernel.shape)):
        placed[tuple(start + index for start, index in zip(corner, tap, strict=True))] = kernel[tap]
    given: dict[str, Any] = {"input": layer.input, "kernel": tuple(sizes), "stride": layer.stride}
    given |= {"padding": tuple(padding), "dilation": layer.dilation}
    if isinstance(layer, ConvTranspose):
        return ConvTranspose(**given, output_padding=layer.output_padding)(x, placed)
    return Conv(**given)(x, placed)
