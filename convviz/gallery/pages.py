"""The gallery's pages: README.md for a forge, index.html for a browser, and the explorer to which that leads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convviz.errors import ExportError
from convviz.files.atomic import atomic_write
from convviz.gallery.entry import Entry
from convviz.gallery.index_page import EXPLORER, index
from convviz.gallery.readme import readme
from convviz.web.explorer import explore

MARKS = {
    "README.md": b"`convviz gallery build`",
    "index.html": b"<title>convviz: gallery</title>",
    EXPLORER: b"<title>convviz: convolution explorer</title>",
}
"""What stands in a page that a build wrote."""


def texts(entries: Sequence[Entry]) -> dict[str, bytes]:
    """File name → content, the same for the same entries; the explorer is among them where a link leads to it."""
    found = {"README.md": readme(entries), "index.html": index(entries)}
    if any(entry.explorer is not None for entry in entries):
        found[EXPLORER] = explore().html
    return {name: text.encode("utf-8") for name, text in found.items()}


def write_page(name: str, content: bytes, folder: Path) -> Path:
    """Write one of the `texts` into `folder` and return its path; a file that is as it should be is left alone.

    Raises `ExportError`, also for a file of that name that no build wrote; an older page stays as it was until the new
    one is complete.
    """
    path = folder / name
    if path.is_symlink():
        raise ExportError(f"{path} is a link, which may lead out of the gallery; remove it")
    before = path.read_bytes() if path.is_file() else b""
    if before and MARKS[name] not in before:
        raise ExportError(f"{path} is in the way: no build of a gallery wrote it; rename it, or keep recipes elsewhere")
    if before != content:
        with atomic_write(path) as partial:
            partial.write_bytes(content)
    return path
