"""SVG and PDF: a still as shapes and text, sharp at every size."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Drawing(Protocol):
    """A still that draws itself."""

    def svg(self) -> str:
        """As SVG."""

    def pdf(self) -> bytes:
        """As PDF."""


def write(drawing: Drawing, path: Path) -> None:
    """Write `drawing` in the format that the suffix of `path` names."""
    path.write_bytes(encoded(drawing, path.suffix.lower()))


def encoded(drawing: Drawing, suffix: str) -> bytes:
    """The bytes of a file with this suffix."""
    return drawing.pdf() if suffix == ".pdf" else drawing.svg().encode("utf-8")
