"""The gallery: recipes to many pictures, and the pages that show them."""

from __future__ import annotations

from convviz.gallery.build import build
from convviz.gallery.check import check

__all__ = ["build", "check"]
