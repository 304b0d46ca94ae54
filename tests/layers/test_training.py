"""Training by gradient descent: against the closed form, finite differences and a loop of its own."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.kernel_difference import largest_difference
from convviz.layers.training import OPTIMIZERS, Problem, train
from convviz.layers.training_problem import TARGETS, training_problem
from tests.profile import max_examples

PROBLEMS = [
    (Conv(8, 3), "sobel-x"),
    (Conv(7, 3, stride=2, padding=1), "laplacian"),
    (Conv((12,), 3), "gaussian"),
    (Conv((6, 9), (2, 3), padding=((1, 0), (0, 2))), "box"),
    (Conv(9, 3, dilation=2), "sharpen"),
    (ConvTranspose(4, 4, 2, 1), "bilinear"),
    (ConvTranspose((3, 5), 3, 2, 1, 1, 1), "sobel-y"),
    (ConvTranspose((6,), 5, 3, 1), "ones"),
]
SEEDS = st.integers(0, 10**6)


@st.composite
def problems(draw: Any) -> Problem:
    layer, target = draw(st.sampled_from(PROBLEMS))
    return training_problem(layer, target, seed=draw(SEEDS), noise=draw(st.sampled_from([0.0, 0.5])))


@max_examples(80)
@given(problems(), st.sampled_from(["zeros", "noise", "ones"]), SEEDS)
def test_each_step_lowers_the_loss_by_default(problem: Problem, start: str, seed: int) -> None:
    losses = [step.loss for step in train(problem, steps=30, start=start, seed=seed).steps]
    assert len(losses) == 31
    reached = problem.best_loss * (1 + 1e-9) + 1e-20
    assert all(later < earlier or later <= reached for earlier, later in pairwise(losses))
    assert losses[-1] >= problem.best_loss - 1e-12


@max_examples(24)
@given(problems(), st.sampled_from(OPTIMIZERS))
def test_the_kernel_becomes_that_of_least_squares(problem: Problem, optimizer: Any) -> None:
    """Where the problem is well posed and its curvatures are not too different."""
    curvatures = np.linalg.svd(problem.design, compute_uv=False)
    assume(problem.is_well_posed and curvatures[-1] > curvatures[0] / 12)
    last = train(problem, steps=1000, optimizer=optimizer).steps[-1]
    closed = np.linalg.inv(problem.design.T @ problem.design) @ problem.design.T @ problem.y.ravel()
    np.testing.assert_allclose(last.kernel.ravel(), closed, atol=1e-3)
    np.testing.assert_allclose(problem.best_kernel.ravel(), closed, atol=1e-9)
    assert last.loss == pytest.approx(problem.best_loss, abs=1e-5)
    if not problem.noise and problem.target.shape == problem.layer.kernel:
        np.testing.assert_allclose(last.kernel, problem.target, atol=1e-3)


@max_examples(60)
@given(problems(), SEEDS)
def test_the_gradient_is_what_finite_differences_give(problem: Problem, seed: int) -> None:
    """The loss is quadratic, so central differences are exact."""
    step = train(problem, steps=1, start="noise", seed=seed).steps[0]
    for tap in np.ndindex(step.kernel.shape):
        change = np.zeros(step.kernel.shape)
        change[tap] = 0.5
        slope = problem.loss(step.kernel + change) - problem.loss(step.kernel - change)
        assert step.kernel_gradient[tap] == pytest.approx(slope, abs=1e-9)
    moved = (problem.layer(problem.x, step.kernel) - problem.y).ravel()
    assert step.output_gradient.ravel().tolist() == (2 * moved / moved.size).tolist()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_updates_are_those_of_a_loop(optimizer: Any) -> None:
    problem = training_problem(Conv(6, 3), "sobel-x", seed=3)
    momentum = 0.9 if optimizer == "momentum" else None
    run = train(problem, steps=5, rate=0.03, optimizer=optimizer, momentum=momentum, start="noise")
    w, v = run.steps[0].kernel, np.zeros((3, 3))
    for step in run.steps:
        np.testing.assert_allclose(step.kernel, w, rtol=1e-12)
        gradient = 2 * problem.design.T @ (problem.design @ w.ravel() - problem.y.ravel()) / problem.y.size
        v = (0.9 if optimizer == "momentum" else 0) * v + gradient.reshape(3, 3)
        w = w - 0.03 * v


@max_examples(60)
@given(problems(), st.sampled_from(OPTIMIZERS))
def test_the_largest_rate_divides_runs_that_converge_from_runs_that_diverge(problem: Problem, optimizer: Any) -> None:
    limit = problem.largest_rate(problem.default_momentum() if optimizer == "momentum" else 0)
    slow = train(problem, steps=400, rate=0.95 * limit, optimizer=optimizer)
    fast = train(problem, steps=1000, rate=1.3 * limit, optimizer=optimizer)
    assert not slow.diverges
    assert slow.steps[-1].loss <= slow.steps[0].loss
    assert fast.diverges
    assert fast.steps[-1].loss > 1000 * fast.steps[0].loss
    assert len(fast.steps) < 1001, "it ends when it has diverged"


@pytest.mark.parametrize(
    ("layer", "target"),
    [(Conv(8, 2), "sobel-x"), (ConvTranspose(4, 3, 2, 1), "bilinear"), (Conv(8, 1, padding=1), "laplacian")],
)
def test_a_kernel_that_is_too_small_has_a_best_loss_above_zero(layer: Any, target: str) -> None:
    problem = training_problem(layer, target)
    assert problem.y.shape == layer.output
    assert problem.best_loss > 0.01
    assert train(problem, steps=1000).steps[-1].loss == pytest.approx(problem.best_loss, rel=1e-3)


@pytest.mark.parametrize(
    ("layer", "target"), [(Conv(8, 5, padding=2), "sobel-x"), (ConvTranspose(4, 6, 2, 2), "bilinear")]
)
def test_a_larger_kernel_learns_the_target_in_its_middle(layer: Any, target: str) -> None:
    problem = training_problem(layer, target, seed=1)
    assert problem.best_loss < 1e-20
    if problem.is_well_posed:
        middle = problem.best_kernel[1:-1, 1:-1]
        np.testing.assert_allclose(middle, problem.target, atol=1e-9)


def test_without_noise_the_target_output_is_that_of_the_target_kernel() -> None:
    layer = Conv(6, 3, padding=1)
    problem = training_problem(layer, "sobel-x")
    assert problem.y.tolist() == layer(problem.x, problem.target).tolist()
    given = training_problem(layer, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], x=np.ones((6, 6)))
    assert given.y[2, 2] == 45


def test_the_numbers_depend_on_the_seed_alone() -> None:
    first, again = (training_problem(Conv(5, 3), "box", seed=4, noise=0.1) for _ in range(2))
    assert first.x.tolist() == again.x.tolist()
    assert first.y.tolist() == again.y.tolist()
    assert training_problem(Conv(4, 3), "box").x.tolist() == [
        [2, -2, 1, 1],
        [1, -1, 1, 0],
        [2, -2, -2, 2],
        [0, -1, -2, -1],
    ]
    assert first.x.tolist() != training_problem(Conv(5, 3), "box", seed=5).x.tolist()


@pytest.mark.parametrize(("layer", "target"), PROBLEMS)
def test_momentum_ends_below_plain_gradient_descent_by_default(layer: Any, target: str) -> None:
    for seed in range(10):
        problem = training_problem(layer, target, seed=seed)
        plain, fast = (train(problem, optimizer=optimizer).steps[-1].loss for optimizer in OPTIMIZERS)
        assert fast <= 1.001 * plain + 1e-9


def test_a_huge_rate_ends_the_run_before_numbers_overflow() -> None:
    problem = training_problem(Conv(5, 3), "sobel-x")
    for rate, least in ((1e300, 1), (1e90, 2), (1e3, 2)):
        run = train(problem, rate=rate)
        assert run.diverges
        assert least <= len(run.steps) < 21
        assert all(math.isfinite(step.loss) for step in run.steps)


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_is_learned_by_a_kernel_of_its_size(target: str) -> None:
    problem = training_problem(Conv(8, 3), target, seed=2)
    last = train(problem, steps=400).steps[-1]
    assert largest_difference(last.kernel, problem.target) < 1e-3


def test_the_targets_are_the_kernels_of_their_names() -> None:
    def kernel(layer: Any, target: str) -> Any:
        return training_problem(layer, target).target.tolist()

    assert kernel(Conv(5, 3), "edge") == [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
    assert kernel(Conv((5,), 3), "edge") == [-1, 2, -1]
    assert kernel(Conv((5,), 3), "blur") == [0.25, 0.5, 0.25]
    assert sorted(digit for row in kernel(Conv(5, 3), "random") for digit in row) == list(range(9))


def test_the_largest_difference_is_that_of_kernels_with_one_centre() -> None:
    assert largest_difference(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.5], [3.0, 4.0]])) == 0.5
    assert largest_difference(np.array([[7.0]]), np.array([[0, 0, 0], [0, 7.25, 0], [0, 0, -3.0]])) == 3


def test_a_layer_whose_output_never_changes_has_no_largest_rate() -> None:
    problem = training_problem(Conv(3, 2), "ones", x=np.zeros((3, 3)))
    assert problem.largest_rate() == math.inf
    assert train(problem).steps[-1].loss == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: train(p, rate=0), "lr: expected a learning rate above 0, got 0; try 0.1"),
        (lambda p: train(p, rate=math.nan), "lr: expected a learning rate above 0, got nan; try 0.1"),
        (lambda p: train(p, rate=math.inf), "lr: expected a learning rate above 0, got inf; try 0.1"),
        (lambda p: train(p, rate=True), "lr: expected a number, got True"),
        (lambda p: train(p, rate="0.1"), "lr: expected a number, got '0.1'"),
        (lambda p: train(p, steps=0), "steps: expected 1 to 1000, got 0"),
        (lambda p: train(p, steps=10**6), "steps: expected 1 to 1000, got 1000000"),
        (lambda p: train(p, steps=2.5), "steps: expected a whole number, got 2.5"),
        (lambda p: train(p, seed="a"), "seed: expected a whole number, got 'a'"),
        (lambda p: train(p, optimizer="sdg"), "there is no optimizer 'sdg'; use sgd, momentum"),
        (lambda p: train(p, optimizer=None), "optimizer: expected one of sgd, momentum, got None"),
        (lambda p: train(p, momentum=0.9), "momentum: expected none for sgd, got 0.9; try --optimizer momentum"),
        (
            lambda p: train(p, optimizer="momentum", momentum=1),
            "momentum: expected a number between 0 and 1, got 1; try 0.5",
        ),
        (lambda p: train(p, start="zero"), "there is no start 'zero'; did you mean zeros"),
        (lambda p: train(p, start=3), "start: expected one of zeros, noise, bilinear,"),
        (lambda _: train(3), "problem: expected a Problem, got 3"),
        (lambda _: training_problem(3, "box"), "layer: expected a ConvLayer, got 3"),
        (lambda _: training_problem(Conv(5, 3), "sobel"), "there is no target 'sobel'; did you mean sobel-"),
        (lambda _: training_problem(Conv((5,), 3), "sobel-x"), "target: expected a kernel for one axis, got sobel-x"),
        (lambda _: training_problem(Conv(5, 3), "box", noise=-1), "noise: expected 0 or more, got -1; try 0.1"),
        (lambda _: training_problem(Conv(5, 3), "box", noise="a"), "noise: expected a number, got 'a'"),
        (lambda _: training_problem(Conv(5, 3), "box", seed=1.5), "seed: expected a whole number, got 1.5"),
        (
            lambda _: training_problem(Conv(5, 3), [[1, 2]]),
            "target: expected 3×3 numbers, the size of the layer's kernel, got 1×2; use other numbers or another k",
        ),
        (lambda _: training_problem(Conv(5, 3), [["a"] * 3] * 3), "target values are not numbers"),
        (lambda _: training_problem(Conv(5, 3), None), "target values are not numbers"),
        (lambda _: training_problem(Conv(5, 3), [[1e200] * 3] * 3), "target values: expected up to 1e+100"),
        (
            lambda _: training_problem(Conv(5, 3, padding=1, padding_mode="reflect"), "box"),
            "expected padding with zeros for a training, got reflect; use zeros",
        ),
    ],
)
def test_what_cannot_be_trained_is_refused(call: Any, message: str) -> None:
    with pytest.raises(GeometryError) as caught:
        call(training_problem(Conv(5, 3), "box"))
    assert str(caught.value).startswith(message)
