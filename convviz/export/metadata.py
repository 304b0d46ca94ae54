"""Reading metadata: the provenance that an export wrote into a file."""

from __future__ import annotations

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import IO, Any

from convviz.errors import ConvvizError, ExportError
from convviz.files.bounded import read_bounded
from convviz.files.frame_folder import PROVENANCE_FILE

UNREADABLE = (OSError, EOFError, SyntaxError, ValueError, IndexError, KeyError, TypeError, OverflowError, struct.error)
"""What Pillow raises for damaged pictures, besides its `DecompressionBombError`."""
LARGEST_PART = 10_000_000
"""Bytes of the provenance, or of a slide, in an archive."""
MOST_SLIDES = 1000
Reader = Callable[[Path], "str | None"]
REQUIRED_KEYS = {"convviz": str, "command": str, "parameters": dict}
"""Version, the command that creates the file, and its parameters."""


def read(path: Path) -> dict[str, Any]:
    """Read the provenance (see `REQUIRED_KEYS`) of any exported file. Raises `ExportError` if it has none."""
    try:
        text = _choose_reader(path)(path)
    except ConvvizError:
        raise
    except OSError as error:
        raise ExportError(f"cannot read {path}: {error.strerror or error}") from None
    provenance = _parse(text)
    if provenance is None:
        raise ExportError(f"{path} does not say how it was made; convviz keeps that in every file that it writes")
    return provenance


def peek(path: Path) -> dict[str, Any] | None:
    """Read the provenance of a complete GIF or PNG without decoding its pixels; None for any other file."""
    try:
        with path.open("rb") as file:
            return peek_file(file)
    except OSError:
        return None


def peek_file(file: IO[bytes]) -> dict[str, Any] | None:
    """Read the provenance of an open file as `peek` does."""
    from PIL import Image

    try:
        start, size = file.read(4), file.seek(0, 2)
        file.seek(max(0, size - 8))
        end = file.read()
        if not (end.endswith(b";") if start == b"GIF8" else end.startswith(b"IEND")):
            return None
        file.seek(0)
        with Image.open(file) as image:
            return _parse(_image_text(image.info))
    except (*UNREADABLE, Image.DecompressionBombError):
        return None


def _parse(text: str | None) -> dict[str, Any] | None:
    try:
        provenance = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    if not isinstance(provenance, dict) or not provenance.keys() >= REQUIRED_KEYS.keys():
        return None
    fits = all(isinstance(provenance[key], type) for key, type in REQUIRED_KEYS.items())
    return provenance if fits else None


def _choose_reader(path: Path) -> Reader:
    """Choose by the first bytes, because a file may have any name."""
    if path.is_dir():
        return lambda folder: _read_text(folder / PROVENANCE_FILE) if (folder / PROVENANCE_FILE).exists() else None
    with path.open("rb") as file:
        start = file.read(64)
    return next((reader for pattern, reader in READERS if re.match(pattern, start, re.DOTALL)), lambda _: None)


def _read_text(path: Path) -> str:
    return read_bounded(path).decode("utf-8", errors="replace")


def _between(text: str, start: str, end: str) -> str | None:
    """Return what is between the first `start` and the next `end`; None if there is none."""
    _, found, rest = text.partition(start)
    inside, closed, _ = rest.partition(end)
    return inside if found and closed else None


def _from_image(path: Path) -> str | None:
    """Read a GIF comment, a PNG or APNG text, or WebP's XMP."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
            info = dict(image.info)
    except (*UNREADABLE, Image.DecompressionBombError) as error:
        raise ExportError(f"{path} cannot be read as a picture: {error}") from None
    if "xmp" in info:
        source = re.search(rb'dc:source="([^"]*)"', info["xmp"])
        return unescape(source[1].decode("utf-8", "replace")) if source else None
    return _image_text(info)


def _image_text(info: dict[Any, Any]) -> str | None:
    """Return PNG's text or GIF's comment."""
    text = info.get("convviz", info.get("comment"))
    return text.decode("ascii", "replace") if isinstance(text, bytes) else text


def _from_video(path: Path) -> str | None:
    """Read the tag `comment` as ffmpeg prints it, and remove its backslash escapes."""
    from convviz.export.ffmpeg import read_tags

    tags = read_tags(path)
    comment = re.search(r"^comment=((?:\\.|[^\n\\])*)$", tags, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return re.sub(r"\\(.)", r"\1", comment[1]) if comment else None


def _from_svg(path: Path) -> str | None:
    found = _between(_read_text(path), '<metadata id="convviz">', "</metadata>")
    return None if found is None else unescape(found)


def _from_html(path: Path) -> str | None:
    return _between(_read_text(path), '<script type="application/json" id="convviz-recipe">', "</script>")


def _from_pdf(path: Path) -> str | None:
    """Read the entry /Keywords of the document information, and remove the escapes of a PDF string."""
    _, _, rest = read_bounded(path).partition(b"/Keywords (")
    keywords = re.match(rb"([^\\)]*(?:\\.[^\\)]*)*)\)", rest[:LARGEST_PART], re.DOTALL)
    return re.sub(rb"\\(.)", rb"\1", keywords[1], flags=re.DOTALL).decode("latin-1") if keywords else None


def _from_zip(path: Path) -> str | None:
    """Read the file beside the frames, or the slides of a presentation."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if PROVENANCE_FILE in names:
                return _read_part(archive, PROVENANCE_FILE)
            slides = [name for name in names if SLIDE_PART.match(name)]
            if len(slides) > MOST_SLIDES:
                raise ExportError(f"{path} has more than {MOST_SLIDES} slides")
            return _from_slides({name: _read_part(archive, name) for name in slides})
    except ExportError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError):
        return None


def _read_part(archive: zipfile.ZipFile, name: str) -> str:
    """Read a file of an archive as text. Raises `ExportError` if it is larger than any that convviz writes."""
    with archive.open(name) as part:
        data = part.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise ExportError(f"{name} in {archive.filename} has more than {LARGEST_PART // 1_000_000} MB")
    return data.decode("utf-8", "replace")


def _from_slides(parts: dict[str, str]) -> str | None:
    """Return the version, and the commands of all slides in order, as JSON."""
    version = re.search(r"<cp:keywords>convviz ([^<]*)<", parts.pop("docProps/core.xml", ""))
    slides = sorted(parts.items(), key=lambda part: int(re.sub(r"\D", "", part[0])))
    commands = [unescape(title) for _, text in slides for title in COMMAND.findall(text)]
    if not version:
        return None
    return json.dumps(
        {"convviz": version[1], "command": "convviz deck recipes.toml", "parameters": {"slides": commands}}
    )


COMMAND = re.compile(r' (?:command|title)="(convviz [^"]*)"')
"""The command of a slide, whose picture had it as the title of its alt text in older files."""
SLIDE_PART = re.compile(r"ppt/slides/slide\d+\.xml$|docProps/core\.xml$")
READERS: tuple[tuple[bytes, Reader], ...] = (
    (rb"GIF8|\x89PNG|RIFF....WEBP", _from_image),
    (rb"....ftyp|\x1a\x45\xdf\xa3", _from_video),
    (rb"%PDF", _from_pdf),
    (rb"PK", _from_zip),
    (rb"\s*<svg|\s*<\?xml", _from_svg),
    (rb"\s*<!doctype html|\s*<!DOCTYPE html|\s*<html", _from_html),
)
"""Pattern of a file's first bytes → its reader."""
