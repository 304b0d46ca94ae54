"""Every sentence about thousands of random layers, against brute force."""

from __future__ import annotations

import pytest

from tests.claims import sweeps
from tests.claims.checking import check_layer
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
