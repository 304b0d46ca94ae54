"""Values that a user gives in words: inline (`1,2;3,4`), a file (.npy, .csv), or the name of a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.errors import GeometryError
from convviz.kernels import KERNELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

READERS = (".npy", ".csv")


def parse(name: str, text: str) -> NDArray[Any] | str:
    """A grid of numbers, or the name of a kernel as it is. Raises `GeometryError` for anything else."""
    if text in KERNELS and name == "kernel":
        return text
    if Path(text).suffix.lower() in READERS:
        return _from_file(name, Path(text))
    return _from_words(name, text)


def _from_words(name: str, text: str) -> NDArray[Any]:
    import numpy as np

    rows = [row.replace(",", " ").split() for row in text.strip().strip(";").split(";")]
    if not all(rows) or len(set(map(len, rows))) != 1:
        raise GeometryError(f"{name} values {text!r} are not a grid; separate numbers by commas and rows by ;")
    try:
        return np.array([[_number(word) for word in row] for row in rows])
    except ValueError:
        names = f", or a kernel's name: {', '.join(KERNELS)}" if name == "kernel" else ""
        raise GeometryError(
            f'{name} values {text!r} are neither numbers such as "1,2;3,4" nor a {" or ".join(READERS)} file{names}'
        ) from None


def _number(word: str) -> int | float:
    try:
        return int(word)
    except ValueError:
        return float(word)


def _from_file(name: str, path: Path) -> NDArray[Any]:
    import numpy as np

    try:
        if path.suffix.lower() == ".csv":
            return _from_words(name, path.read_text(encoding="utf-8-sig").strip().replace("\n", ";"))
        array = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise GeometryError(f"the file {path} with {name} values does not exist") from None
    except GeometryError:
        raise GeometryError(f"{path} is not a grid of numbers; write a row a line, separated by commas") from None
    except (OSError, ValueError, EOFError) as error:
        raise GeometryError(f"cannot read {name} values from {path}: {error}") from None
    if getattr(array, "ndim", 0) != 2:
        raise GeometryError(f"{path} does not hold a 2-D array of numbers, but {getattr(array, 'ndim', 'several')}-D")
    return np.asarray(array)
