"""HTML: the text of a finished page, as a file."""

from __future__ import annotations

from pathlib import Path


def write(page: str, path: Path) -> None:
    """Write the text of a page to `path`."""
    path.write_bytes(page.encode("utf-8"))
