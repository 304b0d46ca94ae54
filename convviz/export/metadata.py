"""How a file was made: what an export wrote into it, read again."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import IO, Any

from convviz.errors import ExportError
from convviz.files.atomic import ABOUT

Reader = Callable[[Path], "str | None"]


def read(path: Path) -> dict[str, Any]:
    """`convviz` (the version), `command` and `parameters`. Raises `ExportError` where a file does not say."""
    try:
        said = _reader(path)(path)
    except OSError as error:
        raise ExportError(f"cannot read {path}: {error.strerror or error}") from None
    try:
        found = json.loads(said or "null")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not {"convviz", "command", "parameters"} <= found.keys():
        raise ExportError(f"{path} does not say how it was made; convviz keeps that in every file that it writes")
    return found


def glance(path: Path) -> dict[str, Any] | None:
    """The same of a GIF or PNG that ends as it should, from its head alone: no pixel is decoded. None for any other."""
    try:
        with path.open("rb") as file:
            return said(file)
    except OSError:
        return None


def said(file: IO[bytes]) -> dict[str, Any] | None:
    """The same of an open file."""
    from PIL import Image

    try:
        start, size = file.read(4), file.seek(0, 2)
        file.seek(max(0, size - 8))
        end = file.read()
        if not (end.endswith(b";") if start == b"GIF8" else end.startswith(b"IEND")):
            return None
        file.seek(0)
        with Image.open(file) as image:
            found = json.loads(_kept(image.info) or "null")
    except (OSError, SyntaxError, ValueError):
        return None
    return found if isinstance(found, dict) and {"convviz", "command", "parameters"} <= found.keys() else None


def _reader(path: Path) -> Reader:
    """Chosen by the first bytes, since a file may be named anything."""
    if path.is_dir():
        return lambda folder: _text(folder / ABOUT) if (folder / ABOUT).exists() else None
    with path.open("rb") as file:
        start = file.read(64)
    return next((reader for pattern, reader in READERS if re.match(pattern, start, re.DOTALL)), lambda _: None)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _image(path: Path) -> str | None:
    """GIF comment, PNG and APNG text, WebP's XMP."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
            info = dict(image.info)
    except (OSError, SyntaxError, ValueError) as error:
        raise ExportError(f"{path} cannot be read as a picture: {error}") from None
    if "xmp" in info:
        found = re.search(rb'dc:source="([^"]*)"', info["xmp"])
        return unescape(found[1].decode("utf-8", "replace")) if found else None
    return _kept(info)


def _kept(info: dict[Any, Any]) -> str | None:
    """PNG's text, or GIF's comment."""
    said = info.get("convviz", info.get("comment"))
    return said.decode("ascii", "replace") if isinstance(said, bytes) else said


def _video(path: Path) -> str | None:
    """The tag `comment`, as ffmpeg says it, with its backslashes taken away."""
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "ffmetadata", "-"]
    said = subprocess.run(command, capture_output=True, check=False).stdout.decode("utf-8", "replace")
    found = re.search(r"^comment=((?:\\.|[^\n\\])*)$", said, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else None


def _svg(path: Path) -> str | None:
    found = re.search(r'<metadata id="convviz">(.*?)</metadata>', _text(path), re.DOTALL)
    return unescape(found[1]) if found else None


def _html(path: Path) -> str | None:
    found = re.search(r'<script type="application/json" id="convviz-recipe">(.*?)</script>', _text(path), re.DOTALL)
    return found[1] if found else None


def _pdf(path: Path) -> str | None:
    """The entry /Keywords of the document's information, with the escapes of a PDF string taken away."""
    found = re.search(rb"/Keywords \(((?:\\.|[^\\)])*)\)", path.read_bytes(), re.DOTALL)
    return re.sub(rb"\\(.)", rb"\1", found[1], flags=re.DOTALL).decode("latin-1") if found else None


def _zip(path: Path) -> str | None:
    """The file beside the frames, or what the slides of a presentation say of their pictures."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if ABOUT in names:
                return archive.read(ABOUT).decode("utf-8", "replace")
            return _deck({name: archive.read(name).decode("utf-8", "replace") for name in names if SLIDE.match(name)})
    except zipfile.BadZipFile:
        return None


def _deck(parts: dict[str, str]) -> str | None:
    """The version, and the command of every slide, in order."""
    version = re.search(r"<cp:keywords>convviz ([^<]*)<", parts.pop("docProps/core.xml", ""))
    slides = sorted(parts.items(), key=lambda part: int(re.sub(r"\D", "", part[0])))
    commands = [unescape(found) for _, text in slides for found in re.findall(r' title="(convviz [^"]*)"', text)]
    if not version:
        return None
    said = {"convviz": version[1], "command": "convviz deck recipes.toml", "parameters": {"slides": commands}}
    return json.dumps(said)


SLIDE = re.compile(r"ppt/slides/slide\d+\.xml$|docProps/core\.xml$")


READERS: tuple[tuple[bytes, Reader], ...] = (
    (rb"GIF8|\x89PNG|RIFF....WEBP", _image),
    (rb"....ftyp|\x1a\x45\xdf\xa3", _video),
    (rb"%PDF", _pdf),
    (rb"PK", _zip),
    (rb"\s*<svg|\s*<\?xml", _svg),
    (rb"\s*<!doctype html|\s*<!DOCTYPE html|\s*<html", _html),
)
"""First bytes → how to read it."""
