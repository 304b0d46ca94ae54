"""One picture as the pages of a gallery describe it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """The description of one picture."""

    name: str
    kind: str
    """conv, transposed, maxpool, …"""
    view: str
    """slide, steps, …"""
    title: str
    caption: str
    alt: str
    command: str
    """`convviz transposed -i 3 … -o NAME.gif`"""
    file: str
    """NAME.gif, beside the pages."""
    poster: str
    """NAME.png, the still that is shown first."""
    size: tuple[int, int]
    """CSS pixels."""
    explorer: str | None
    """The part after `#` of a link into the explorer; None if the explorer cannot show the picture."""
    theme: str
    """light, dark, …"""
