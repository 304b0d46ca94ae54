"""Train the kernel of a layer by gradient descent, so that its output becomes that of another kernel.

The loss is the mean squared error L = Σ (y − y*)² / n over all n output cells, so that dL/dy = 2(y − y*)/n, and
dL/dw is `layer.gradient_weight(x, dL/dy)`. A step of `sgd` is w ← w − η dL/dw; one of `momentum` is
v ← β v + dL/dw, w ← w − η v (Polyak, 1964, in the form of PyTorch's `SGD`).

L is a quadratic function of w with the Hessian H = 2 AᵀA/n, where column u of A is the output for a kernel that is 1 at
tap u. Gradient descent converges below the rate 2/λ, λ being the largest eigenvalue of H, and below 2(1 + β)/λ with
momentum; above it the loss grows. The best kernel is the least-squares solution of A w = y*.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from convviz.errors import GeometryError
from convviz.errors.arguments import instance, real_number, text, whole_number
from convviz.errors.printable import did_you_mean, shown
from convviz.layers.kernel_difference import largest_difference
from convviz.layers.kernels import KERNEL_NAMES, named_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convviz.layers.convolution import ConvLayer

OptimizerName = Literal["sgd", "momentum"]
OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)
LARGEST_DEFAULT_MOMENTUM = 0.5
"""With more, the first 20 steps of an ill-conditioned problem would end above the loss of `sgd`."""
MOST_STEPS = 1000
DIVERGED = 1e6
"""A run ends when its loss is so many times that of the start."""
LARGEST_VALUE = 1e100
"""A run also ends before a weight exceeds this, and no value may: its square is far below the largest number."""
FLAT = 1e-9
"""Eigenvalues of the Hessian below this share of the largest one count as 0."""
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
    """Standard deviation of the noise in y*."""

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

    @cached_property
    def curvatures(self) -> NDArray[Any]:
        """The eigenvalues of the Hessian 2 AᵀA/n that are not 0, the largest first."""
        found = np.linalg.svd(self.design, compute_uv=False) ** 2 * 2 / self.y.size
        return np.asarray(found[found > FLAT * found[0]] if found[0] else found[:0])

    def default_momentum(self) -> float:
        """Polyak's best β = ((√κ − 1)/(√κ + 1))² for the condition number κ, in tenths from 0.1 to 0.5."""
        if not self.curvatures.size:
            return LARGEST_DEFAULT_MOMENTUM
        root = math.sqrt(self.curvatures[0] / self.curvatures[-1])
        return min(LARGEST_DEFAULT_MOMENTUM, max(0.1, round(((root - 1) / (root + 1)) ** 2, 1)))

    def largest_rate(self, momentum: float = 0.0) -> float:
        """The rate above which the loss grows: 2(1 + β)/λ; infinity if the gradient is always 0."""
        return 2 * (1 + momentum) / float(self.curvatures[0]) if self.curvatures.size else math.inf

    def default_rate(self, momentum: float = 0.0) -> float:
        """Half the largest rate, rounded down to a digit (two with momentum): without it each step lowers the loss."""
        half = min(self.largest_rate(momentum) / 2, 1.0)
        digit = 10.0 ** (math.floor(math.log10(half)) - (momentum > 0))
        return float(f"{math.floor(half / digit * (1 + 1e-12)) * digit:.6g}")


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
    momentum: float
    """β; 0 is plain gradient descent."""
    start: str

    @property
    def diverges(self) -> bool:
        """Whether the rate is too large: above 2(1 + β)/λ, where the loss grows without bound."""
        return self.rate > self.problem.largest_rate(self.momentum)

    def difference(self, number: int) -> float:
        """Return the largest absolute difference of the kernel after `number` updates from the target kernel."""
        return largest_difference(self.steps[number].kernel, self.problem.target)

    @cached_property
    def largest_error(self) -> float:
        """The largest |y − y*| at the start, or of all steps if it is 0; 1 if there is none."""
        errors = [float(np.abs(step.output - self.problem.y).max()) for step in self.steps]
        return errors[0] or max(errors) or 1.0

    @cached_property
    def largest_values(self) -> Mapping[str, float]:
        """The largest magnitudes of the input, the target kernel and the target output; 1 if all are 0."""
        arrays = {"input": self.problem.x, "kernel": self.problem.target, "output": self.problem.y}
        return {name: float(np.abs(array).max()) or 1.0 for name, array in arrays.items()}


def train(
    problem: Problem,
    *,
    steps: int = 20,
    rate: float | None = None,
    optimizer: OptimizerName = "sgd",
    momentum: float | None = None,
    start: str = "zeros",
    seed: int = 0,
) -> Run:
    """Train from a kernel of zeros, of noise, or of any name; the result holds `steps` + 1 states.

    The default of `rate`, the learning rate η, is about half the largest one that converges; that of `momentum`, β,
    fits the problem. A run ends early if its loss exceeds a million times that of its start. Raises `GeometryError` for
    a rate that is not positive and finite, for steps outside 1 to 1000, a momentum outside 0 to 1, one for `sgd`, and
    for an unknown optimizer or start.
    """
    instance("problem", problem, Problem)
    beta = _momentum(problem, optimizer, momentum)
    eta = problem.default_rate(beta) if rate is None else real_number("lr", rate)
    if not 0 < eta < math.inf:
        raise GeometryError(f"lr: expected a learning rate above 0, got {shown(rate)}; try 0.1")
    count = whole_number("steps", steps)
    if not 1 <= count <= MOST_STEPS:
        raise GeometryError(f"steps: expected 1 to {MOST_STEPS}, got {shown(steps)}")
    first = _start_kernel(problem.layer, start, whole_number("seed", seed))
    return Run(problem, tuple(_descend(problem, first, count, eta, beta)), eta, beta, start)


def _momentum(problem: Problem, optimizer: OptimizerName, momentum: float | None) -> float:
    """Return β, which is 0 for `sgd`."""
    check_name("optimizer", optimizer, OPTIMIZERS)
    if momentum is None:
        return problem.default_momentum() if optimizer == "momentum" else 0.0
    if optimizer != "momentum":
        raise GeometryError(f"momentum: expected none for {optimizer}, got {shown(momentum)}; try --optimizer momentum")
    if not 0 < real_number("momentum", momentum) < 1:
        raise GeometryError(f"momentum: expected a number between 0 and 1, got {shown(momentum)}; try 0.5")
    return float(momentum)


def _descend(problem: Problem, kernel: NDArray[Any], steps: int, rate: float, momentum: float) -> Iterator[Step]:
    velocity, limit = np.zeros_like(kernel), math.inf
    for number in range(steps + 1):
        step = _state(problem, kernel)
        limit = DIVERGED * max(step.loss, 1.0) if number == 0 else limit
        yield step
        if step.loss > limit:
            return
        velocity = momentum * velocity + step.kernel_gradient
        with np.errstate(over="ignore"):
            kernel = kernel - rate * velocity
        if not (np.abs(kernel) < LARGEST_VALUE).all():
            return


def _state(problem: Problem, kernel: NDArray[Any]) -> Step:
    output = problem.layer(problem.x, kernel)
    error = output - problem.y
    sent = 2 * error / error.size
    return Step(kernel, output, float(np.mean(error**2)), sent, problem.layer.gradient_weight(problem.x, sent))


def _start_kernel(layer: ConvLayer, start: str, seed: int) -> NDArray[Any]:
    check_name("start", start, STARTS)
    if start == "zeros":
        return np.zeros(layer.kernel)
    if start == "noise":
        return np.asarray(np.random.RandomState((seed + 1) % 2**32).standard_normal(layer.kernel))
    return np.asarray(named_kernel(start, layer.kernel), dtype=float)


def check_name(name: str, value: str, known: tuple[str, ...]) -> None:
    """Raise `GeometryError` if `value` is not one of the names that are known."""
    if text(name, value, f"one of {', '.join(known)}") not in known:
        raise GeometryError(f"there is no {name} {shown(value)}; {did_you_mean(value, known)}{', '.join(known)}")
