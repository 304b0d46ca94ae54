"""Every sentence about thousands of random layers, against brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.claims import sayings, shown, sweeps
from tests.claims.checking import check_layer
from tests.claims.model import Model
from tests.claims.plain import Plain
from tests.claims.readers import captions
from tests.claims.reading import About, FalseClaimError
from tests.profile import ALL

CHUNKS = 8
LAYERS = 20_000 if ALL else 480
NAMES = ("chain", "question", "comparison", "lanes", "code", "flax", "onnx", "skips", "together")
OTHERS = 1_600 if ALL else 48


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_all_that_is_said_of_a_layer_is_true(chunk: int) -> None:
    for seed in range(chunk, LAYERS, CHUNKS):
        check_layer(seed)


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_said_of_anything_else_is_true(name: str) -> None:
    check = getattr(sweeps, f"check_{name}")
    for seed in range(OTHERS):
        check(seed)


@pytest.mark.parametrize("seed", [10987, 17055, 19577])
def test_without_output_padding_there_may_be_no_window(seed: int) -> None:
    """Then no window is full before a is added, and the output grows from nothing."""
    check_layer(seed)


@pytest.mark.parametrize(("count", "weights"), [(1, [1, 2, 1]), (2, [1, 2, 1]), (2, [1, 1, 1])])
def test_weights_of_bilinear_interpolation_keep_a_ramp(count: int, weights: list[int]) -> None:
    """The view upsample says so of the first two alone, and the reader believes it of no other kernel."""
    w = np.array(weights) / 4 if count == 1 else np.multiply.outer(weights, weights) / 16
    plain = Plain("transposed", (2,) * count, (3,) * count, (2,) * count, (1,) * count, ((0, 0),) * count)
    numbers = shown.Shown(np.ones((2,) * count), w, None, scale=Fraction(1, 16))
    scene = sayings.scene_of(sayings.layer_of(plain), "upsample", numbers)
    model = Model(plain)
    about = About(model, view="upsample", scene=scene, values=shown.Values(model, numbers))
    told = "k + f − 1 = 3 + 2 − 1 = 4: the weights of " + ("linear" if count == 1 else "bilinear") + " interpolation"
    is_told = any(frame.caption.fitted(999) == told for frame in scene.frames)
    assert is_told == (weights == [1, 2, 1])
    if is_told:
        captions.reader.read(told, about)
    else:
        with pytest.raises(FalseClaimError):
            captions.reader.read(told, about)
