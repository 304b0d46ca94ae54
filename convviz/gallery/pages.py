"""The pages of a gallery: README.md beside the pictures, and index.html and the explorer for a site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convviz.animation.explorer import explore
from convviz.errors import ExportError
from convviz.export.overwrite import is_own_markup
from convviz.files.atomic import atomic_write
from convviz.gallery.entry import Entry
from convviz.gallery.index_page import EXPLORER, index_html
from convviz.gallery.readme import GENERATED, readme_text

README, INDEX = "README.md", "index.html"


def readme_page(entries: Sequence[Entry]) -> bytes:
    """Return README.md."""
    return readme_text(entries).encode("utf-8")


def site_pages(entries: Sequence[Entry]) -> dict[str, bytes]:
    """Return file name → content of the pages of a site; the explorer is one of them if a picture links to it."""
    pages = {INDEX: index_html(entries)}
    if any(entry.explorer is not None for entry in entries):
        pages[EXPLORER] = explore().html
    return {name: text.encode("utf-8") for name, text in pages.items()}


def write_page(name: str, content: bytes, folder: Path, *, force: bool = False) -> Path:
    """Write a page into `folder` and return its path; an unchanged file is left alone.

    Raises `ExportError`, also for a link and, without `force`, for a file of that name that convviz did not write. The
    previous page stays until the new one is complete.
    """
    path = folder / name
    check_no_link(path)
    before = path.read_bytes() if path.is_file() else b""
    if not force and not _is_own(before):
        raise ExportError(f"{path} is in the way: convviz did not write it; rename it, or choose another folder")
    if before != content:
        with atomic_write(path) as partial:
            partial.write_bytes(content)
    return path


def _is_own(data: bytes) -> bool:
    """Return whether convviz wrote a page."""
    return not data or data.startswith(GENERATED.encode()) or is_own_markup(data)


def check_no_link(path: Path) -> None:
    """Raise `ExportError` for a symbolic link."""
    if path.is_symlink():
        raise ExportError(f"{path} is a link, which may lead out of the folder; remove it")
