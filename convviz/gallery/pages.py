"""The gallery's pages: README.md for a forge, index.html for a browser, and the explorer to which that leads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convviz.exploring import explore
from convviz.export.files import complete
from convviz.gallery.entry import Entry
from convviz.gallery.index import EXPLORER, index
from convviz.gallery.readme import readme


def texts(entries: Sequence[Entry]) -> dict[str, bytes]:
    """File name → content, the same for the same entries; the explorer is among them where a link leads to it."""
    found = {"README.md": readme(entries), "index.html": index(entries)}
    if any(entry.explorer is not None for entry in entries):
        found[EXPLORER] = explore().html
    return {name: text.encode("utf-8") for name, text in found.items()}


def write_pages(entries: Sequence[Entry], folder: Path) -> list[Path]:
    """Write the pages into `folder` and return their paths; a file that is as it should be is left alone.

    Raises `ExportError`; each file appears when it is complete, and an older one stays as it was until then.
    """
    written = []
    for name, content in texts(entries).items():
        path = folder / name
        if not (path.is_file() and path.read_bytes() == content):
            with complete(path) as partial:
                partial.write_bytes(content)
        written.append(path)
    return written
