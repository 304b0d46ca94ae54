"""Galleries: recipes to a folder of pictures, and pages about them."""

from __future__ import annotations

from convviz.gallery.build import build
from convviz.gallery.check import check
from convviz.gallery.site import write_site

__all__ = ["build", "check", "write_site"]
