"""A legend lists what is seen in its animation, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from convviz import AvgPool, Conv, ConvTranspose, MaxPool
from convviz.errors import GeometryError, PictureError
from convviz.layers.layer import Layer
from convviz.scene.model import MARK_ROLES, Scene
from convviz.views.registry import VIEWS
from tests.views.layers import scene_of

LAYERS: list[Layer] = [
    Conv(4, 2, 1, 0),
    Conv(5, 3, 2, 1),
    Conv(6, 3, 2, 1, 2),
    Conv(4, 3, 1, 1, 1, "reflect"),
    Conv(4, 1, 3, 1, 1, "circular"),
    Conv(4, 4),
    Conv((6,), 3, 2, 1, 1, "replicate"),
    ConvTranspose(3, 3, 2, 1),
    ConvTranspose(2, 3, 2, 1, 1, 1),
    ConvTranspose(4, 2, 3, 2),
    ConvTranspose(3, 1, 1),
    ConvTranspose((3,), 2, 3),
    MaxPool(5, 3, 2, 1),
    MaxPool(5, 2, ceil_mode=True),
    AvgPool(5, 3, 2, 1, False, False),
]


def seen(scene: Scene) -> set[tuple[str, bool]]:
    """Return the roles of all cells at any step, with whether they are faded, and those of marks."""
    cells = [cell for panel in scene.panels for row in panel.cells for cell in row]
    cells += [change.cell for frame in scene.frames for change in frame.changes]
    cells += [floating.cell for frame in scene.frames for floating in frame.floating_cells]
    marks = {mark.role for frame in scene.frames for mark in frame.marks}
    return {(cell.role, cell.faded) for cell in cells} | {(role, False) for role in marks}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_each_entry_is_seen(layer: Any, view: str) -> None:
    try:
        scene = scene_of(layer, view, 1)
    except (PictureError, GeometryError):
        return
    named = [(entry.role, entry.faded, entry.text if entry.scale else "") for entry in scene.legend]
    assert len(named) == len(set(named))
    listed = {(role, faded) for role, faded, _ in named}
    assert listed <= seen(scene)
    assert {entry for entry in seen(scene) if entry[0] in MARK_ROLES} <= listed
