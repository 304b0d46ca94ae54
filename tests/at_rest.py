"""Animations with a frame for each step and no others, for tests that do not look at pace and motion."""

from __future__ import annotations

from typing import Any

import convviz
from convviz import Animation

AT_REST: dict[str, Any] = {"pace": "even", "motion": "none"}
AT_REST_WORDS = ("--pace", "even", "--motion", "none")


def animate(*layer_and_view: Any, **options: Any) -> Animation:
    """Animate at an even pace and without motion, unless another one is asked for."""
    return convviz.animate(*layer_and_view, **AT_REST | options)
