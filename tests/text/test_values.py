"""Numbers that a user types or keeps in a file."""

from __future__ import annotations

import pickle
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, GeometryError
from convviz.layers.kernels import KERNEL_NAMES
from convviz.layers.patterns import PATTERN_SKETCHES
from convviz.text.values import parse_values
from tests.profile import max_examples

WHOLE = st.integers(-(2**63), 2**63 - 1)
BOTH = pytest.mark.parametrize("name", ["input", "kernel"])


def grid(text: str, name: str = "input") -> list[list[Any]]:
    parsed = parse_values(name, text)
    assert isinstance(parsed, np.ndarray)
    return parsed.tolist()


# Typed


@BOTH
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2;3,4", [[1, 2], [3, 4]]),
        ("1 2; 3 4", [[1, 2], [3, 4]]),
        (" 1, 2 ;3 ,4; ", [[1, 2], [3, 4]]),
        ("5", [[5]]),
        ("1,2,3", [[1, 2, 3]]),
        ("1;2;3", [[1], [2], [3]]),
        ("-1,+2", [[-1, 2]]),
        ("0.5,1;1e2,-.25", [[0.5, 1], [100, -0.25]]),
    ],
)
def test_commas_part_numbers_and_semicolons_rows(name: str, text: str, expected: list[list[float]]) -> None:
    assert grid(text, name) == expected


def test_whole_numbers_stay_whole() -> None:
    parsed = parse_values("input", "9007199254740993,-1")
    assert isinstance(parsed, np.ndarray)
    assert parsed.dtype == np.int64
    assert parsed.tolist() == [[9007199254740993, -1]]


@max_examples(200)
@given(st.integers(1, 4).flatmap(lambda wide: st.lists(st.tuples(*[WHOLE] * wide), min_size=1)))
def test_a_grid_of_whole_numbers_comes_back(rows: list[tuple[int, ...]]) -> None:
    assert grid(";".join(",".join(map(str, row)) for row in rows)) == [list(row) for row in rows]


@BOTH
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_whole_numbers_beyond_64_bits_are_refused(tmp_path: Path, name: str, number: int) -> None:
    (tmp_path / "x.csv").write_text(f"1,{number}\n")
    for text in (f"1,{number}", str(tmp_path / "x.csv")):
        with pytest.raises(GeometryError) as caught:
            parse_values(name, text)
        assert str(caught.value) == f"{name} values hold a whole number beyond 64 bits; use smaller or decimal numbers"


@max_examples(200)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_row_of_decimal_numbers_comes_back(row: list[float]) -> None:
    assert grid(",".join(map(repr, row))) == [row]


@BOTH
@pytest.mark.parametrize("text", ["", " ", ";", "1,2;3", "1;2,3", "1,2;;3,4", ";;"])
def test_what_is_no_grid_is_refused_with_the_text(name: str, text: str) -> None:
    with pytest.raises(GeometryError) as caught:
        parse_values(name, text)
    expected = f"{name} values {text!r} are not a grid; separate numbers by commas and rows by ;"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "text", ["a,b", "1,x", "1,2;3,four", "1/0", "1/2/3", "0x10", "1:2", "True", "box", "x.dat", "1j"]
)
def test_words_are_refused_with_the_text_and_examples(text: str) -> None:
    expected = f'values {text!r} are neither numbers such as "1,2;3,4" nor a .npy, .csv, .tsv or .txt file'
    with pytest.raises(GeometryError) as caught:
        parse_values("bias", text)
    assert str(caught.value) == f"bias {expected}"


def test_an_unknown_pattern_is_refused_with_the_known_ones() -> None:
    with pytest.raises(GeometryError) as caught:
        parse_values("input", "ramps")
    assert str(caught.value) == (
        "input values 'ramps' are neither numbers such as \"1,2;3,4\" nor a .npy, .csv, .tsv or .txt file, "
        f"or a pattern's name: {', '.join(PATTERN_SKETCHES)}"
    )


@pytest.mark.parametrize("name", PATTERN_SKETCHES)
def test_a_pattern_s_name_is_a_name_for_inputs_only(name: str) -> None:
    assert parse_values("input", name) == name
    with pytest.raises(GeometryError, match="are neither numbers"):
        parse_values("kernel", name)


def test_an_unknown_kernel_is_refused_with_the_known_ones() -> None:
    with pytest.raises(GeometryError) as caught:
        parse_values("kernel", "sobel")
    assert str(caught.value) == (
        "kernel values 'sobel' are neither numbers such as \"1,2;3,4\" nor a .npy, .csv, .tsv or .txt file, "
        f"or a kernel's name: {', '.join(KERNEL_NAMES)}"
    )


@pytest.mark.parametrize("name", KERNEL_NAMES)
def test_a_kernel_s_name_is_a_name_for_kernels_only(name: str) -> None:
    assert parse_values("kernel", name) == name
    with pytest.raises(GeometryError, match="are neither numbers"):
        parse_values("input", name)


@pytest.mark.parametrize("text", ["nan,1;2,3", "inf,1;2,3", "-inf,1;2,3", "1e999,1;2,3"])
def test_nan_and_infinity_are_refused_at_the_latest_by_the_layer(text: str) -> None:
    with pytest.raises(GeometryError, match="nan or infinity; give finite numbers"):
        Conv(2, 1)(parse_values("input", text), [[1]])


# Kept in files


@BOTH
@pytest.mark.parametrize("array", [np.arange(6).reshape(2, 3), np.array([[0.5], [-1.25]]), np.array([[7]], np.uint8)])
def test_an_array_in_a_npy_file_comes_back(tmp_path: Path, name: str, array: np.ndarray) -> None:
    np.save(tmp_path / "x.npy", array)
    assert grid(str(tmp_path / "x.npy"), name) == array.tolist()


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "x.CSV").write_text("1,2\n")
    assert grid(str(tmp_path / "x.CSV")) == [[1, 2]]


@BOTH
@pytest.mark.parametrize(
    "content",
    [
        b"1,2\n3,4\n",
        b"1,2\n3,4",
        b"1,2\r\n3,4\r\n",
        b"\xef\xbb\xbf1,2\n3,4\n",
        b"1, 2\n3, 4\n\n",
        b"1 2\n3 4\n",
        b"1,2,\n3,4,\n",
    ],
)
def test_a_csv_file_holds_a_row_a_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    assert grid(str(tmp_path / "x.csv"), name) == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"1,5;2,5;3,0\n4,5;5,5;6,0\n", [[1.5, 2.5, 3], [4.5, 5.5, 6]]),  # German and French Excel
        (b"1;2\r\n3;4\r\n", [[1, 2], [3, 4]]),
        (b"sep=;\r\n1,5;2\r\n", [[1.5, 2]]),
        (b"1,5\t2,5\n3\t-0,5\n", [[1.5, 2.5], [3, -0.5]]),
        ("1,5\t2\n".encode("utf-16"), [[1.5, 2]]),  # Excel's Unicode text
        (b'"1,5","2"\n"3","4"\n', [[1.5, 2], [3, 4]]),
        (b"1,5 2,5\n3,0 4,5\n", [[1.5, 2.5], [3, 4.5]]),
        (b"a,b\n1,2\n", [[1, 2]]),
        ("Größe;Höhe\n1,5;2\n".encode("cp1252"), [[1.5, 2]]),
        (b"1, 2.5\n\n3, 4\n,,\n\n", [[1, 2.5], [3, 4]]),
        (b"1/3,-2/4\n", [[1 / 3, -0.5]]),
        (b"1.5,1e3\n", [[1.5, 1000]]),
    ],
)
def test_tables_of_spreadsheets_are_read(tmp_path: Path, content: bytes, rows: list[list[float]]) -> None:
    for suffix in (".csv", ".tsv", ".txt"):
        (tmp_path / f"x{suffix}").write_bytes(content)
        assert grid(str(tmp_path / f"x{suffix}")) == rows


@BOTH
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", " holds no numbers"),
        ("\n", " holds no numbers"),
        ("1,2\n\n3\n", ", line 3: expected 2 as in line 1, got 1 number"),
        ("1;2\n3;4,5,6\n", ", line 2: expected a number, got '4,5,6'"),
        ("1.5;2\n3;4,5\n", " has decimal commas (line 2) and points (line 1)"),
        ("1.234,5;2\n", ", line 1: expected a number, got '1.234,5'"),
        ("1,2\nx,4\n", ", line 2: expected a number, got 'x'"),
        (",a\nb,4\n", ", line 2: expected a number, got 'b'"),
        ("{}", ", line 1: expected a number, got '{}'"),
        ("1,é\n", ", line 1: expected a number, got 'é'"),
    ],
)
def test_a_table_that_is_no_grid_is_refused_with_its_line(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GeometryError) as caught:
        parse_values(name, str(path))
    assert str(caught.value).startswith(f"{path}{problem}")


def test_fractions_are_values() -> None:
    assert grid("1/3,2/3;-1/2,4/2") == [[1 / 3, 2 / 3], [-0.5, 2]]


@BOTH
@pytest.mark.parametrize("suffix", [".npy", ".csv"])
def test_a_missing_file_is_refused_with_its_name(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"none{suffix}"
    with pytest.raises(GeometryError) as caught:
        parse_values(name, str(path))
    assert str(caught.value) == f"the file {path} with {name} values does not exist"


def header_and(array: np.ndarray, lost: int) -> bytes:
    stream = BytesIO()
    np.save(stream, array)
    return stream.getvalue()[:-lost]


@pytest.mark.parametrize("content", [b"", b"not an array", b"\x93NUMPY", header_and(np.ones((2, 2)), 8)])
def test_a_broken_npy_file_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    with pytest.raises(GeometryError) as caught:
        parse_values("input", str(path))
    assert str(caught.value) == f"{path} does not hold one array of numbers; save one with numpy.save"


class Trap:
    """Unpickling this is what must not happen."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("sprung"),))


def test_a_pickle_is_refused_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pickled.npy").write_bytes(pickle.dumps(Trap()))
    np.save(tmp_path / "objects.npy", np.array([[Trap()]], dtype=object), allow_pickle=True)
    for file in ("pickled.npy", "objects.npy"):
        with pytest.raises(GeometryError, match=f"^{file} does not hold one array of numbers; save one with"):
            parse_values("input", file)
    assert not (tmp_path / "sprung").exists()
    with (tmp_path / "pickled.npy").open("rb") as trap:
        pickle.load(trap)
    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("shape", [(3,), (), (1, 2, 2), (2, 3, 2, 2)])
def test_an_array_of_any_number_of_axes_comes_back(tmp_path: Path, shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    np.save(tmp_path / "x.npy", array)
    for name in ("input", "kernel", "bias"):
        parsed = parse_values(name, str(tmp_path / "x.npy"))
        assert isinstance(parsed, np.ndarray)
        assert parsed.shape == shape
        assert parsed.tolist() == array.tolist()


@pytest.mark.parametrize(("axes", "name"), [(1, "input"), (1, "kernel"), (1, "bias"), (2, "bias")])
def test_a_row_is_a_line_where_the_layer_has_one_axis_and_for_a_bias(tmp_path: Path, axes: int, name: str) -> None:
    (tmp_path / "x.csv").write_text("1,2,3\n")
    np.save(tmp_path / "x.npy", np.array([[1, 2, 3]]))
    for text in ("1,2,3", str(tmp_path / "x.csv"), str(tmp_path / "x.npy")):
        parsed = parse_values(name, text, axes)
        assert isinstance(parsed, np.ndarray)
        assert parsed.tolist() == [1, 2, 3]
    several = parse_values(name, "1,2;3,4", axes)
    assert isinstance(several, np.ndarray)
    assert several.tolist() == [[1, 2], [3, 4]]


def test_a_row_is_a_grid_where_the_layer_has_two_axes() -> None:
    for name in ("input", "kernel"):
        assert grid("1,2,3", name) == [[1, 2, 3]]


def test_an_array_of_words_is_refused_by_the_layer(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([["a", "b"], ["c", "d"]]))
    with pytest.raises(GeometryError, match="input values are not numbers but <U1"):
        Conv(2, 1)(parse_values("input", str(tmp_path / "x.npy")), [[1]])


@pytest.mark.parametrize("suffix", [".npy", ".csv"])
def test_a_folder_is_refused_with_its_name(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    with pytest.raises(GeometryError) as caught:
        parse_values("input", str(folder))
    assert str(caught.value).startswith(f"cannot read input values from {folder}: ")
