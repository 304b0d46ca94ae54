"""What may be overwritten: files that convviz wrote, and never a file that a picture is made from."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from convviz.errors import ExportError
from convviz.files.frame_folder import FRAME_PREFIX, PROVENANCE_FILE
from convviz.files.stream import is_stream

MARK = re.compile(rb'\{(?:"|&quot;)convviz(?:"|&quot;):')
"""The beginning of the provenance in a file."""
PAGE = re.compile(rb'<!DOCTYPE html>\n<html lang="en">\n<head>\n(?:<(?:meta|link) [^>]*>\n)+<title>([^<]*)</title>\n')
"""The head of a page, and its title."""
PAGE_TITLES = (b"convviz: gallery", b"convviz: convolution explorer")
"""Titles of the pages without provenance."""
TIMELINE = re.compile(rb"(:[0-9.e+]+:\d+\n)+")
"""The content of a timeline for LaTeX's package animate."""
ENDS = 4_000_000
"""Bytes at the beginning and at the end of a file in which the mark is searched."""
SAVED_BY_CONVVIZ = (b"<cp:keywords>convviz ", b"1980-01-01T00:00:00Z</dcterms:modified>")
"""The properties of a presentation that no other program saved."""


def check_overwrite(path: Path, sources: Iterable[str | os.PathLike[str]] = (), *, force: bool = True) -> None:
    """Raise `ExportError` if writing to `path` would destroy one of `sources`.

    Without `force`, raise it also for a file that convviz did not write. Folders have rules of their own.
    """
    if not path.exists() or path.is_dir() or is_stream(path):
        return
    for source in sources:
        with suppress(FileNotFoundError):
            if os.path.samefile(path, source):
                raise ExportError(f"{path} is what the picture is made from; give the output another name")
    if not force and not is_own(path):
        raise ExportError(f"{path} exists, and convviz did not write it; choose another name, or add --force")


def is_own(path: Path) -> bool:
    """Return whether convviz wrote a file, which may be damaged; true for an empty one."""
    try:
        with path.open("rb") as file:
            data = file.read(ENDS)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(len(data), size - ENDS))
            data += file.read()
    except OSError:
        return False
    if data.startswith(b"PK"):
        return _is_own_archive(path)
    if data.lstrip()[:1] == b"<":
        return is_own_markup(data)
    return not data or bool(MARK.search(data) or TIMELINE.fullmatch(data))


def is_own_markup(data: bytes) -> bool:
    """Return whether convviz wrote an SVG or a page: not one that another program saved, or that quotes one."""
    page = PAGE.match(data)
    if page and page[1] in PAGE_TITLES:
        return True
    return bool((page or data.startswith(b"<svg xmlns=")) and MARK.search(data))


def _is_own_archive(path: Path) -> bool:
    """Return whether a .zip holds only frames, or is a presentation that no other program has saved since."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if PROVENANCE_FILE in names:
                return all(name == PROVENANCE_FILE or name.startswith(FRAME_PREFIX) for name in names)
            with archive.open("docProps/core.xml") as about:
                properties = about.read(ENDS)
                return all(part in properties for part in SAVED_BY_CONVVIZ)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return False
