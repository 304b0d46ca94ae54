"""The gallery: recipes to many pictures, and the pages that show them."""

from __future__ import annotations

from convviz.gallery.checking import check
from convviz.gallery.making import build

__all__ = ["build", "check"]
