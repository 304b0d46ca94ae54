"""Read values that a user gives as text: inline (`1,2;3,4`), a file (.npy, .csv, .tsv, .txt), or a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.errors import GeometryError
from convviz.errors.printable import shown
from convviz.files.bounded import LARGEST_FILE, read_bounded
from convviz.text.number_table import decode_table, parse_number, parse_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE_SUFFIXES = (".npy", ".csv", ".tsv", ".txt")
LARGEST_TABLE = 10_000_000
"""Bytes of a .csv, .tsv or .txt file."""
LARGEST_IMAGE = 50_000_000
"""Pixels of an image, about 16 bytes of memory each."""
UNREADABLE = (ValueError, TypeError, OverflowError, EOFError, SyntaxError, RecursionError, MemoryError)
"""What numpy raises for a header that is no header, or that promises more than there is."""


def is_value_file(text: str) -> bool:
    """Return whether the text for values names a file."""
    return Path(text).suffix.lower() in FILE_SUFFIXES


def parse_values(name: str, text: str, axes: int = 2) -> NDArray[Any] | str:
    """Return numbers, or the name of a kernel or of an input pattern unchanged.

    A single row has one axis if the layer has one.
    Raises `GeometryError` for anything else.
    """
    if text in known_names(name):
        return text
    array = _from_file(name, Path(text)) if is_value_file(text) else _from_words(name, text)
    is_line = array.ndim == 2 and array.shape[0] == 1 and (axes == 1 or name == "bias")
    return array[0] if is_line else array


def known_names(name: str) -> list[str]:
    """Return the names that stand for values: kernels, or input patterns."""
    from convviz.layers.kernels import KERNEL_NAMES
    from convviz.layers.patterns import PATTERN_SKETCHES

    return {"kernel": KERNEL_NAMES, "input": list(PATTERN_SKETCHES)}.get(name, [])


def _from_words(name: str, text: str) -> NDArray[Any]:
    rows = [_fields(row) for row in text.replace("\n", ";").strip().strip(";").split(";")]
    if not _is_grid(rows):
        raise GeometryError(f"{name} values {_short(text)} are not a grid; separate numbers by commas and rows by ;")
    try:
        return _numbers(name, rows)
    except GeometryError:
        raise
    except ValueError:
        noun = {"kernel": "kernel", "input": "pattern"}.get(name)
        names = f", or a {noun}'s name: {', '.join(known_names(name))}" if noun else ""
        raise GeometryError(
            f'{name} values {_short(text)} are neither numbers such as "1,2;3,4" '
            f"nor a {', '.join(FILE_SUFFIXES[:-1])} or {FILE_SUFFIXES[-1]} file{names}"
        ) from None


def _fields(row: str) -> list[str]:
    """Cells of a row: between commas (one may end the row), or between blanks where there is no comma."""
    return row.strip().removesuffix(",").split(",") if "," in row else row.split()


def _is_grid(rows: list[list[str]]) -> bool:
    """Whether every row has the same number of cells, and none is empty."""
    return len({len(row) for row in rows}) == 1 and all(word.strip() for row in rows for word in row) and all(rows)


def _numbers(name: str, rows: list[list[str]]) -> NDArray[Any]:
    """Rows of words as numbers; raises `ValueError` for words that are none."""
    return _array(name, [[parse_number(word.strip()) for word in row] for row in rows])


def _array(name: str, numbers: list[list[int | float]]) -> NDArray[Any]:
    import numpy as np

    if any(isinstance(number, int) and not -(2**63) <= number < 2**63 for row in numbers for number in row):
        raise GeometryError(f"{name} values hold a whole number beyond 64 bits; use smaller or decimal numbers")
    return np.array(numbers)


def _short(text: str) -> str:
    return shown(text)


def _from_file(name: str, path: Path) -> NDArray[Any]:
    try:
        return _from_npy(path) if path.suffix.lower() == ".npy" else _from_table(name, path)
    except FileNotFoundError:
        raise GeometryError(f"the file {path} with {name} values does not exist") from None
    except OSError as error:
        raise GeometryError(f"cannot read {name} values from {path}: {error.strerror or error}") from None


def _from_table(name: str, path: Path) -> NDArray[Any]:
    return _array(name, parse_table(decode_table(read_bounded(path, LARGEST_TABLE)), str(path)))


def _from_npy(path: Path) -> NDArray[Any]:
    """Return the array of a .npy file; Python objects in it are never built."""
    import numpy as np

    try:
        with path.open("rb") as file:
            if path.stat().st_size > LARGEST_FILE:
                raise GeometryError(f"{path} has more than {LARGEST_FILE // 1_000_000} MB; use a smaller array")
            return np.asarray(np.lib.format.read_array(file, allow_pickle=False))
    except GeometryError:
        raise
    except UNREADABLE:
        raise GeometryError(f"{path} does not hold one array of numbers; save one with numpy.save") from None


def read_image(path: Path, pixels: int, *, coloured: bool = False) -> NDArray[Any]:
    """Read a picture as grey values, 0 to 255, scaled down so that its longest side has at most `pixels` cells.

    If it is `coloured`, the result is (3, rows, columns): red, green and blue. Transparent pixels become white. Raises
    `GeometryError` if the file cannot be read or `pixels` is not 2 to 512.
    """
    import numpy as np
    from PIL import Image

    if not 2 <= pixels <= 512:
        raise GeometryError(f"an image of {pixels} pixels is not possible; use --pixels 2 to 512")
    try:
        values, orientation = _decode_image(read_bounded(path))
    except FileNotFoundError:
        raise GeometryError(f"the image {path} does not exist") from None
    except GeometryError:
        raise
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise GeometryError(f"cannot read the image {path}: {error}") from None
    picture = Image.fromarray(values).convert("RGBA")
    if orientation in EXIF_TRANSPOSE:
        picture = picture.transpose(Image.Transpose[EXIF_TRANSPOSE[orientation]])
    opaque = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert(
        "RGB" if coloured else "L"
    )
    opaque.thumbnail((pixels, pixels))
    shades = np.asarray(opaque, dtype=np.int64)
    return np.moveaxis(shades, -1, 0) if coloured else shades


def _decode_image(data: bytes) -> tuple[NDArray[np.uint8], int]:
    """Return the first picture of a file as RGBA, or as grey if it has more than 8 bits, and its EXIF orientation.

    imageio can apply the orientation, but mirrors grey pictures in the wrong direction (2.38). It is read after the
    pixels, because Pillow applies and removes that of a TIFF while decoding.
    """
    import imageio.v3 as iio
    import numpy as np
    from PIL import Image

    most = f"use up to {LARGEST_IMAGE // 1_000_000} megapixels: scale it down first"
    try:
        opened: Any = iio.imopen(data, "r", plugin="pillow")
    except OSError as error:
        if isinstance(error.__cause__ or error.__context__, Image.DecompressionBombError):
            raise GeometryError(f"the image has too many pixels; {most}") from None
        raise OSError("unknown picture format") from None
    with opened as file:
        properties = file.properties(index=0)
        height, width = properties.shape[:2]
        if height * width > LARGEST_IMAGE:
            raise GeometryError(f"the image has {width}×{height} pixels; {most}")
        deep = np.dtype(properties.dtype).itemsize > 1
        values = file.read(index=0, mode="F" if deep else "RGBA")
        orientation = file.metadata(index=0, exclude_applied=False).get("Orientation", 1)
    if deep:
        shifted = values.astype(float) - values.min()
        values = (255 * shifted / max(float(np.ptp(values)), 1e-9)).astype(np.uint8)
    return values, orientation


EXIF_TRANSPOSE = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""EXIF orientation → member of `PIL.Image.Transpose` that undoes it."""
