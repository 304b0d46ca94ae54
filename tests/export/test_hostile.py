"""Files of strangers: `info`, values and images answer with a sentence, soon, and in little memory."""

from __future__ import annotations

import os
import struct
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from convviz import Conv, ConvvizError, ExportError, GeometryError, animate
from convviz.cli.main import main
from convviz.export.metadata import peek, read
from convviz.style.theme_file import read_theme
from convviz.text.values import parse_values, read_image

MEMORY = 200_000_000
"""Bytes that a refusal may take."""


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def packed(path: Path, *names: str) -> None:
    """An archive with members of 30 MB in a few kilobytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b" " * 30_000_000)


def encrypted(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("convviz.json", "{}")
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


FILES: dict[str, Callable[[Path], object]] = {
    "a.zip": lambda path: packed(path, "convviz.json"),
    "b.zip": lambda path: packed(path, "docProps/core.xml", *(f"ppt/slides/slide{n}.xml" for n in range(9))),
    "c.zip": encrypted,
    "d.zip": lambda path: path.write_bytes(b"PK\x03\x04" + b"\0" * 99),
    "a.svg": lambda path: path.write_text("<svg>" + '<metadata id="convviz">' * 300_000),
    "b.svg": lambda path: path.write_text('<svg><metadata id="convviz">' + "[" * 100_000 + "</metadata>"),
    "c.svg": lambda path: path.write_text(
        '<svg><metadata id="convviz">{"convviz":0,"command":[],"parameters":3}</metadata>'
    ),
    "a.html": lambda path: path.write_text(
        "<!doctype html>" + '<script type="application/json" id="convviz-recipe">' * 100_000
    ),
    "a.pdf": lambda path: path.write_bytes(b"%PDF" + b"/Keywords (" * 300_000),
    "b.pdf": lambda path: path.write_bytes(b"%PDF/Keywords (" + b"\\" * 1_000_001),
    "a.png": lambda path: path.write_bytes(png(60_000, 60_000)),
    "b.png": lambda path: path.write_bytes(
        png(1, 1, chunk(b"iTXt", b"convviz\0\1\0\0\0" + zlib.compress(b" " * 50_000_000)))
    ),
    "a.gif": lambda path: path.write_bytes(b"GIF89a" + b"\xff" * 200 + b";"),
}


@pytest.mark.parametrize("name", FILES)
def test_info_refuses_with_a_sentence_and_little_memory(name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    tracemalloc.start()
    try:
        with pytest.raises(ConvvizError):
            read(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("position", range(6, 10))
@pytest.mark.parametrize("name", ["a.gif", "a.png"])
def test_damaged_size_bytes_mean_no_provenance_and_no_crash(name: str, position: int, tmp_path: Path) -> None:
    path = animate(Conv(3, 2), size=(320, 240), numbers=False, frames=1).save(tmp_path / name)
    data = bytearray(path.read_bytes())
    data[position + 10 * (name == "a.png")] = 0xFF
    path.write_bytes(data)
    assert peek(path) is None or name == "a.gif"


NEW_NUMPY = int(np.__version__.split(".")[0]) >= 2
"""Numpy 1 takes −1 in a header as a length that follows from the data."""


def npy(path: Path, header: str) -> Path:
    text = header.encode() + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + b"\0" * 64)
    return path


@pytest.mark.parametrize(
    "header",
    [
        "(" * 60_000,
        f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({10**30},), }}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (True, True), }",
        *(["{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2), }"] if NEW_NUMPY else []),
        "{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }",
    ],
)
def test_an_array_whose_header_lies_is_refused(header: str, tmp_path: Path) -> None:
    with pytest.raises(GeometryError, match="does not hold one array of numbers"):
        parse_values("input", str(npy(tmp_path / "a.npy", header)))


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="this system has no /dev/zero")
@pytest.mark.parametrize("name", ["zero.csv", "zero.txt"])
def test_a_table_without_an_end_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(ConvvizError, match=f"{name} has more than 10 MB"):
        parse_values("input", str(tmp_path / name))


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(8000, 8000, chunk(b"IDAT", zlib.compress(b"\0" * 100))))
    with pytest.raises(GeometryError, match="8000×8000 pixels; use up to 50 megapixels: scale it down first"):
        read_image(tmp_path / "a.png", 40)
    (tmp_path / "c.png").write_bytes(png(20_000, 20_000, chunk(b"IDAT", zlib.compress(b"\0" * 100))))
    with pytest.raises(GeometryError, match="too many pixels; use up to 50 megapixels: scale it down first"):
        read_image(tmp_path / "c.png", 40)
    (tmp_path / "b.png").write_bytes(png(4, 4, chunk(b"IDAT", zlib.compress(b"\0\1\2\3\4" * 4))))
    assert np.array_equal(read_image(tmp_path / "b.png", 40), [[1, 2, 3, 4]] * 4)


@pytest.mark.parametrize("value", ["[]", "{}", "1", "2024-01-01", "nan", '"nonsense"'])
def test_a_theme_with_a_base_of_any_type_is_refused_with_its_line(value: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f"base = {value}\n", encoding="utf-8")
    with pytest.raises(ConvvizError, match=r"a\.toml:1: there is no theme"):
        read_theme(tmp_path / "a.toml")


def test_an_export_error_is_not_wrapped_in_another(tmp_path: Path) -> None:
    FILES["a.zip"](tmp_path / "a.zip")
    with pytest.raises(ExportError, match=r"^convviz\.json in .*a\.zip has more than 10 MB$"):
        read(tmp_path / "a.zip")


@pytest.mark.parametrize("command", [["info"], ["conv", "--alt", "--image"]])
def test_the_command_line_repeats_no_warning_of_pillow(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(10_000, 9_500, chunk(b"IDAT", zlib.compress(b"\0" * 100))))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert CliRunner().invoke(main, [*command, str(tmp_path / "a.png")]).exit_code == 2
    assert not caught
