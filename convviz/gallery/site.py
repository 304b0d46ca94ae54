"""The site: the gallery's pages and all that they show, in a folder that any web server, or none, can serve."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from convviz.errors import ExportError
from convviz.files.atomic import atomic_write

START = "index.html"
"""Where the site begins."""
UNCOOKED = ".nojekyll"
"""Tells GitHub Pages to serve the files as they are."""
LINKS = ("src", "href", "data-moving")


def site(gallery: Path, folder: Path, progress: Callable[[int], None] | None = None) -> list[Path]:
    """Copy the page of `gallery` and every file beside it that it names into `folder`, which is made where it is not.

    Returns the paths written; `progress` is called with the number of files done. Raises `ExportError` where a file is
    missing or cannot be written; a file of the site appears when it is complete.
    """
    names = [START, *named(_text(gallery / START))]
    missing = [name for name in names if not (gallery / name).is_file()]
    if missing:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise ExportError(f"{gallery / missing[0]} is missing{more}; run convviz gallery build first")
    written = []
    _made(folder)
    for count, name in enumerate(names, 1):
        with atomic_write(folder / name) as partial:
            shutil.copyfile(gallery / name, partial)
        written.append(folder / name)
        if progress:
            progress(count)
    with atomic_write(folder / UNCOOKED):
        pass
    return [*written, folder / UNCOOKED]


def named(page: str) -> list[str]:
    """The files beside a page that it shows or links to, each once."""
    found = _Links()
    found.feed(page)
    return list(dict.fromkeys(found.files()))


class _Links(HTMLParser):
    """Collects the addresses in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Called for each opening tag."""
        self.addresses += [value for key, value in attrs if key in LINKS and value]

    def files(self) -> Iterator[str]:
        """Those that are files in the page's own folder."""
        for address in self.addresses:
            parts = urlsplit(address)
            name = unquote(parts.path)
            if not parts.scheme and not parts.netloc and name and Path(name).name == name:
                yield name


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ExportError(f"cannot read {path}: {reason}; run convviz gallery build first") from None


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"cannot make the folder {folder}: {error.strerror or error}") from None
