"""SVG and PDF: a still image as shapes and text, sharp at any size."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class VectorImage(Protocol):
    """A still image that can be written as SVG and PDF."""

    def svg(self) -> str:
        """Return the text of an SVG file."""

    def pdf(self) -> bytes:
        """Return the bytes of a PDF file."""


def write(image: VectorImage, path: Path) -> None:
    """Write `image` in the format that the suffix of `path` names."""
    path.write_bytes(encode_vector(image, path.suffix.lower()))


def encode_vector(image: VectorImage, suffix: str) -> bytes:
    """Return the bytes of a file with this suffix."""
    return image.pdf() if suffix == ".pdf" else image.svg().encode("utf-8")
