"""Every sentence and every number in pictures of trainings, against loops."""

from __future__ import annotations

from typing import Any

import pytest

import convviz
from convviz import Conv, ConvTranspose
from convviz.layers.training_problem import training_problem
from tests.claims.readers import training
from tests.claims.readers.training import Trained, check, check_alt, spoiled
from tests.claims.reading import FalseClaimError

CASES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "plain": (Conv(5, 3), "sobel-x", {"steps": 4}),
    "learned": (Conv(4, 2), "random", {"steps": 80}),
    "strided, padded": (Conv(6, 3, 2, 1), "edge", {"steps": 3, "lr": 0.02}),
    "dilated": (Conv(7, 3, dilation=2), "sharpen", {"steps": 3, "start": "ones"}),
    "momentum": (Conv(5, 3), "laplacian", {"steps": 4, "optimizer": "momentum", "momentum": 0.5}),
    "diverges": (Conv(5, 3), "sobel-x", {"steps": 2, "lr": 0.9}),
    "too small": (Conv(5, 1, padding=0), "sobel-y", {"steps": 3}),
    "more than one kernel": (Conv(3, 2, padding=0), "edge", {"steps": 3}),
    "transposed": (ConvTranspose(3, 2, 2), "nearest", {"steps": 4}),
    "bilinear": (ConvTranspose(3, 4, 2, 1), "bilinear", {"steps": 3, "start": "ones"}),
    "noisy": (Conv(5, 3), "box", {"steps": 3, "noise": 0.5}),
}


def trained(name: str) -> tuple[Any, Any, Trained]:
    """The animation of a case, and what it is about."""
    layer, target, options = CASES[name]
    animation = convviz.train(layer, target, pace="even", size=(2560, 1440), **options)
    problem = training_problem(layer, target, noise=options.get("noise", 0))
    start = options.get("start", "zeros")
    about = Trained(
        layer.kind,
        problem.x.tolist(),
        problem.target.tolist(),
        layer.kernel,
        layer.stride[0],
        layer.padding[0][0],
        layer.dilation[0],
        options["steps"],
        options.get("lr"),
        options.get("momentum", 0),
        start,
        target,
        problem.y.tolist() if "noise" in options else None,
        [[1.0] * layer.kernel[1]] * layer.kernel[0] if start == "ones" else None,
    )
    return animation, animation.scene, about


@pytest.mark.parametrize("name", CASES)
def test_a_training_says_what_loops_compute(name: str) -> None:
    animation, scene, about = trained(name)
    check(scene, about)
    check_alt(animation.alt_text, scene, about)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("plain", "step 2 of", "step 3 of"),
        ("plain", "loss ≈ ", "loss ≈ 9"),
        ("plain", "w* is ≈", "w* is ≈9"),
        ("plain", "< 2/λ", "> 2/λ"),
        ("plain", "2/λ ≈ 0", "2/λ ≈ 1"),
        ("plain", "from zeros", "from noise"),
        ("plain", "the largest difference", "w* is learned: the largest difference"),
        ("plain", "; the largest", "; more than one kernel has the target output; the largest"),
        ("diverges", "is above", "is above 2/λ ≈ 9"),
        ("too small", "loss is ≈", "loss is ≈9"),
        ("too small", "no 1×1", "no 3×3"),
        ("momentum", "β = 0.5", "β = 0.9"),
    ],
)
def test_a_false_claim_is_found(name: str, old: str, new: str) -> None:
    _, scene, about = trained(name)
    wrong = spoiled(scene, old, new)
    assert wrong != scene
    with pytest.raises((FalseClaimError, training.NotUnderstoodError)):
        check(wrong, about)


@pytest.mark.parametrize("layer", [Conv(7, 3), ConvTranspose(3, 4, 2, 1), Conv(1, 1)])
def test_a_legend_of_shades_names_what_occurs(layer: Any) -> None:
    scene = convviz.train(layer, "identity", numbers=False, pace="even", steps=3, lr=0.01).scene
    words = {"shade": "input > 0", "positive": "kernel, output, error > 0", "negative": "below 0"}
    words |= {"exact zero": "exactly 0"}
    shown = {cell.role for panel in scene.panels for row in panel.cells for cell in row}
    shown |= {change.cell.role for frame in scene.frames for change in frame.changes}
    assert {entry.role: entry.text for entry in scene.legend} == {role: words[role] for role in shown}
