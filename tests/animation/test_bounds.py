"""Pictures that would take long are refused before the first cell is made; all others are as they were."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import numpy as np
import pytest

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, PictureError, animate, compare
from convviz.animation import bounds
from convviz.animation.options import PictureOptions
from convviz.errors import ConvvizError
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.text.lines import Equation
from convviz.views.step_text import MOST_TERMS, step_caption
from tests.profile import combined

HUGE: list[tuple[Any, dict[str, Any]]] = [
    (MaxPool(5, 2, 100_000), {"view": "overlap"}),
    (ConvTranspose(1, 3, 100_000, output_padding=1), {"view": "upsample"}),
    (ConvTranspose(2, 3, 200), {"view": "upsample", "size": (8192, 8192)}),
    (Conv(2700, 1), {"size": (8192, 8192), "numbers": False}),
    (Conv(40, 30), {"channels": (512, 512)}),
    (Conv(600, 40), {"view": "scatter", "size": (8192, 8192)}),
    ([Conv(4, 1)] * 5_000, {}),
]


@pytest.mark.parametrize(("layer", "options"), HUGE)
def test_what_takes_long_is_refused_at_once_and_in_little_memory(layer: Any, options: dict[str, Any]) -> None:
    tracemalloc.start()
    before = time.process_time()
    with pytest.raises(PictureError, match=r"use a smaller layer|expected a stack"):
        animate(layer, **options)
    assert time.process_time() - before < 2
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("layer", [Conv(100_000, 3), ConvTranspose(100_000, 3), Conv(5, 10**6, padding=10**6)])
def test_a_comparison_that_takes_long_is_refused_at_once(layer: Any) -> None:
    with pytest.raises(ConvvizError, match=r"^expected a layer that is small enough to compute"):
        compare(layer)


@pytest.mark.parametrize(
    ("layer", "view", "size"),
    combined(
        [Conv(30, 3), Conv((40,), 3), MaxPool((9, 60), 2), AvgPool(20, 3), ConvTranspose(9, 3, 2), Conv(64, 3)],
        ["slide", "isometric", "slide"],
        [(640, 360), (480, 900), (1280, 720)],
    ),
)
def test_numbers_are_left_out_without_a_try_only_where_none_would_be_legible(
    layer: Layer, view: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    guessed = animate(layer, view, size=size, frames=2)
    monkeypatch.setattr(bounds, "may_be_legible", lambda *_: True)
    tried = animate(layer, view, size=size, frames=2)
    assert guessed.scene == tried.scene
    assert guessed.numbers == tried.numbers


def test_a_picture_that_is_far_too_small_for_numbers_is_not_laid_out_with_them() -> None:
    assert not bounds.may_be_legible(Conv(200, 3), "slide", PictureOptions())
    assert bounds.may_be_legible(Conv(5, 3), "slide", PictureOptions())


def test_numbers_that_are_asked_for_and_cannot_be_legible_are_refused() -> None:
    with pytest.raises(PictureError, match=r"^the numbers do not fit into cells of \d+ pixels at 640x360"):
        animate(Conv(45, 3), numbers=True, size=(640, 360))


@pytest.mark.parametrize(("kernel", "terms"), [(14, 14 * 14), (15, MOST_TERMS + 2)])
def test_an_equation_of_very_many_terms_has_its_first_ones_and_its_last(kernel: int, terms: int) -> None:
    layer = Conv(16, kernel)
    x, w = np.arange(1, 257).reshape(16, 16), np.ones((kernel, kernel), dtype=int)
    equation = step_caption(layer, (0, 0), conv_values(layer.sliding_windows, x, w))
    assert isinstance(equation, Equation)
    last = (kernel - 1) * 16 + kernel
    assert len(equation.terms) == terms
    assert equation.terms[0] == "1·1"
    assert equation.terms[-1] == f"{last}·1"
    assert ("…" in equation.terms) == (terms != kernel**2)
    assert equation.right == str(x[:kernel, :kernel].sum())
    assert equation.fitted(60).endswith(f"+ … + {last}·1 = {equation.right}")
    assert equation.fitted(10_000).count("·") == min(terms, MOST_TERMS + 1)


@pytest.mark.parametrize(
    ("layer", "view", "time"),
    [
        (Conv(2700, 1), "slide", "about 6 minutes"),
        (MaxPool(5, 2, 100_000), "overlap", "about 2 hours"),
        (ConvTranspose(1, 3, 300_000), "upsample", "more than a year"),
    ],
)
def test_the_limit_is_said_in_units_that_people_know(layer: Layer, view: str, time: str) -> None:
    with pytest.raises(PictureError) as caught:
        animate(layer, view=view, size=(8192, 8192), numbers=False)
    assert str(caught.value) == (
        f"laying out the steps of the view {view} would take {time}, and at most 20 seconds are allowed; "
        "use a smaller layer, fewer channels or another view"
    )
