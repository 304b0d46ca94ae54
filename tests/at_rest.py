"""Animations without motion, whose files have the frames of the scene and no others."""

from __future__ import annotations

from typing import Any

import convviz
from convviz import Animation


def animate(*layer_and_view: Any, **options: Any) -> Animation:
    """Animate without motion, unless it is asked for."""
    return convviz.animate(*layer_and_view, **{"motion": "none"} | options)
