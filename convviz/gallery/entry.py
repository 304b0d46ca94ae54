"""What the gallery's pages say of a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """What a page says of one picture."""

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
    """NAME.png, a still: the first thing that one sees."""
    size: tuple[int, int]
    """CSS pixels."""
    explorer: str | None
    """The explorer's address after `#`, None where the explorer cannot show it."""
    theme: str
    """light, dark, …"""
