"""Rendering: a laid-out scene to pixels, SVG and PDF. The only package that imports matplotlib."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def _import_matplotlib() -> None:
    """Import matplotlib, even if MPLBACKEND names a backend that this environment lacks, as in a notebook's shell.

    convviz uses no backend by name. A valid MPLBACKEND still counts for other code of the process.
    """
    backend = None if "matplotlib" in sys.modules else os.environ.pop("MPLBACKEND", None)
    if backend is None:
        return
    try:
        import matplotlib
    finally:
        os.environ["MPLBACKEND"] = backend
    with suppress(ValueError, ImportError):
        matplotlib.use(backend)


_import_matplotlib()
