"""Cells whose numbers do not fit are shaded by them, in any view, and the legend has the scales."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convviz import Conv, ConvTranspose, animate
from convviz.scene.shaded_panels import value_of
from tests.views.layers import last

RANDOM = np.random.default_rng(2)


@pytest.mark.parametrize(
    ("text", "value"),
    [("−3", -3), ("0.25", 0.25), ("3/16", 0.1875), ("≈0.3", 0.3), ("9 + −8", 1), ("1.2e9", 1.2e9), ("−∞", -np.inf)],
)
def test_the_text_of_a_cell_has_a_value(text: str, value: float) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize("text", ["?", "", "a", "1/0"])
def test_other_texts_have_none(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize("view", ["scatter", "steps"])
def test_large_grids_of_other_views_are_shaded_by_value(view: Any) -> None:
    x, w = RANDOM.integers(0, 4, (24, 24)), RANDOM.integers(-2, 3, (3, 3))
    scene = animate(Conv(24, 3), view, x=x, w=w).scene
    y = np.array([[(x[r : r + 3, c : c + 3] * w).sum() for c in range(22)] for r in range(22)])
    first, output = scene.panels[0], last(scene)[-1]
    assert [cell.role for row in first.cells for cell in row] == ["shade" if one else "exact zero" for one in x.flat]
    roles = np.array([[cell.role for cell in row] for row in output])
    assert (roles == np.where(y > 0, "positive", np.where(y < 0, "negative", "exact zero"))).all()
    levels = np.array([[cell.level * (cell.role == "positive") for cell in row] for row in output])
    order = np.argsort(y[y > 0], kind="stable")
    assert (np.diff(levels[y > 0][order]) >= 0).all()
    scales = {entry.text: [part.text for part in entry.scale] for entry in scene.legend if entry.scale}
    assert scales["input"] == ["0", "3"]
    if view == "steps":
        assert scales["output"] == [f"−{-y.min()}", "0", f"{y.max()}"]


def test_each_channel_is_shaded_on_the_same_scale() -> None:
    x = np.stack([np.full((24, 24), value) for value in (1, 2, 9)])
    scene = animate(Conv(24, 3), x=x, pace="even").scene
    levels = [scene.panels[panel].cells[0][0].level for panel in (0, 3, 6)]
    assert levels == [100 * 1 // 16, 100 * 2 // 16, 100]


def test_numbers_that_are_asked_for_or_not_wanted_are_not_shaded() -> None:
    assert not any(entry.scale for entry in animate(Conv(24, 3), "scatter", numbers=False).scene.legend)
    assert not any(entry.scale for entry in animate(ConvTranspose(3, 3, 2), "scatter").scene.legend)
