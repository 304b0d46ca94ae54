"""The ways to see a layer: one file each, and the table that names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from convviz.scene import Scene, Timing
from convviz.views.slide import slide

if TYPE_CHECKING:
    from convviz.arithmetic import Numbers
    from convviz.layers import Layer

View = Callable[["Layer", "Numbers | None", Timing], Scene]

VIEWS: dict[str, View] = {"slide": slide}
