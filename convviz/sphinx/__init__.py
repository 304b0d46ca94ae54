"""A Sphinx extension: `extensions = ["convviz.sphinx"]`, then `.. convviz:: transposed -i 3 -k 3 -s 2 -p 1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    from convviz.sphinx.directive import setup

    return setup(app)
