"""The explanation says nothing that is not so: every equation in it holds, and its sizes are those of brute force."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.explain import LONGEST_TRACK, explain, geometry
from convviz.layers import Layer
from tests import oracles

Axis = tuple[int, ...]
FORWARD = oracles.axes(transposed=False).filter(oracles.is_legal)
BACKWARD = oracles.axes(transposed=True).filter(oracles.is_legal)


@st.composite
def explained(draw: Any) -> tuple[Axis, Axis, Layer]:
    """Two axes of one kind, alike or not, and their layer."""
    kind, axes = draw(st.sampled_from([(Conv, FORWARD), (ConvTranspose, BACKWARD)]))
    rows = draw(axes)
    columns = draw(st.one_of(st.just(rows), axes))
    return rows, columns, kind(**oracles.parameters(rows, columns))


# What brute force knows


def border(axis: Axis) -> int:
    """Padding cells before the first input cell of the zero-inserted line; negative where cells are cropped."""
    line = oracles.transposed_line(*axis)
    if line[0][0] == "padding":
        return [kind for kind, *_ in line].index("input")
    return -[cropped for *_, cropped in line].index(False)


def kept(axis: Axis) -> int:
    return sum(not cropped for *_, cropped in oracles.transposed_line(*axis))


def spread(axis: Axis) -> int:
    """Cells from the first input cell to the last in the zero-inserted line."""
    places = [place for place, (_, source, *_) in enumerate(oracles.transposed_line(*axis)) if source is not None]
    return places[-1] - places[0] + 1


def facts(axis: Axis, twin: Axis) -> dict[str, int]:
    """The symbols of one axis, for either kind of layer."""
    i, k, s, p, d = axis[:5]
    known = {"i": i, "k": k, "s": s, "p": p, "d": d, "a": 0, "z": s - 1, "S": 1}
    if len(twin) == 6:
        known["a"] = twin[5]
        known["P"] = border(twin)
    return known


def equations(line: str) -> list[list[str]]:
    """The chains `a = b = c` of a line, each part something to evaluate."""
    chains = []
    for piece in line.split(";"):
        if " = " in piece:
            text = re.sub(r" cells?$| \(\d+ left over\)$", "", piece.split(": ")[-1].strip())
            chains.append([part.replace("p′", "P").replace("s′", "S") for part in text.split(" = ")])
    return chains


def blocks(layer: Layer) -> list[list[str]]:
    return [block.split("\n") for block in explain(layer).split("\n\n")]


# The whole text


@settings(max_examples=500)
@given(explained())
def test_every_equation_holds(case: tuple[Axis, Axis, Layer]) -> None:
    rows, columns, layer = case
    checked = 0
    for line in (line for block in blocks(layer)[1:-1] for line in block if "not possible" not in line):
        axis = columns if "columns:" in line else rows
        known = facts(axis, axis)
        if "standard:" in line:
            known["o"] = len(oracles.windows(*axis[:5]))
        if "transposed:" in line:
            known["o"] = len(oracles.scattered(*axis[:5], known["a"]))
        for chain in equations(line):
            values = [oracles.evaluate(part, known) for part in chain]
            assert len(set(values)) == 1, (line, values)
            checked += 1
    assert checked >= 3


@settings(max_examples=300)
@given(explained())
def test_every_step_leads_from_the_size_before_to_the_size_after(case: tuple[Axis, Axis, Layer]) -> None:
    rows, columns, layer = case
    text = blocks(layer)
    title = "Transposed convolution" if isinstance(layer, ConvTranspose) else "Convolution"
    assert text[0] == [f"{title}: input {rows[0]}×{columns[0]} → output {layer.output[0]}×{layer.output[1]}"]
    for line in (line for block in text[1:-2] for line in block):
        axis = columns if "columns:" in line else rows
        arrow = re.search(r"(\d+) → (\d+) cells?\b", line)
        if arrow is None:
            continue
        if isinstance(layer, Conv):
            sizes = [(axis[0], len(oracles.conv_line(*axis)))]
        else:
            sizes = [(axis[0], spread(axis)), (spread(axis), kept(axis))]
        assert tuple(map(int, arrow.groups())) in sizes


@settings(max_examples=300)
@given(explained())
def test_both_sizes_are_given_or_why_there_is_none(case: tuple[Axis, Axis, Layer]) -> None:
    rows, columns, layer = case
    lines = blocks(layer)[-2]
    assert lines[0] == "Output size"
    extras = [axis[5] if len(axis) == 6 else 0 for axis in (rows, columns)]
    for name, legal in (
        ("standard", all(oracles.windows(*axis[:5]) for axis in (rows, columns))),
        (
            "transposed",
            all(oracles.is_legal_transposed(*axis[:5], a) for axis, a in zip((rows, columns), extras, strict=True)),
        ),
    ):
        own = [line for line in lines if line.startswith(f"   {name}:")]
        assert len(own) in (1, 2)
        assert any("not possible: " in line for line in own) is not legal


@settings(max_examples=300)
@given(explained())
def test_the_table_sets_both_kinds_side_by_side(case: tuple[Axis, Axis, Layer]) -> None:
    rows, columns, layer = case
    lines = blocks(layer)[-1]
    assert lines[0].split() == ["standard", "transposed"]
    assert set(lines[1]) == {"─", " "}
    table = {cells[0]: cells[1:] for cells in (re.split(r" {2,}", line) for line in lines[2:])}
    assert list(table) == ["operation", "zero insertions", "padding", "stride", "output size"]
    assert all(len(cells) == 2 for cells in table.values())

    axes = (rows, columns)
    extras = [axis[5] if len(axis) == 6 else 0 for axis in axes]
    backward = [(*axis[:5], a) for axis, a in zip(axes, extras, strict=True)]
    if all(oracles.windows(*axis[:5]) for axis in axes):
        assert numbers(table["padding"][0]) == [axis[3] for axis in axes]
        assert numbers(table["stride"][0]) == [axis[2] for axis in axes]
        assert numbers(table["output size"][0]) == [len(oracles.windows(*axis[:5])) for axis in axes]
    else:
        assert (table["padding"][0], table["stride"][0], table["output size"][0]) == ("p", "s", "none")
    if all(oracles.is_legal_transposed(*axis) for axis in backward):
        assert numbers(table["zero insertions"][1]) == [axis[2] - 1 for axis in axes]
        assert numbers(table["padding"][1]) == [border(axis) for axis in backward]
        assert numbers(table["output size"][1]) == [len(oracles.scattered(*axis)) for axis in backward]
    else:
        assert (table["zero insertions"][1], table["output size"][1]) == ("z = s − 1", "none")
    assert table["zero insertions"][0] == "0"
    assert table["stride"][1] == "s′ = 1"


def numbers(cell: str) -> list[int]:
    """`p = 3` and `p = 3×3` alike."""
    found = [int(number.replace("−", "-")) for number in cell.rsplit(" = ", maxsplit=1)[-1].split("×")]
    return found * 2 if len(found) == 1 else found


@settings(max_examples=200)
@given(explained())
def test_alike_axes_are_explained_once_and_no_line_is_empty(case: tuple[Axis, Axis, Layer]) -> None:
    rows, columns, layer = case
    text = explain(layer)
    if rows == columns:
        assert "rows:" not in text
        assert "columns:" not in text
    for block in blocks(layer)[1:-2]:
        starts = [line.split()[0] for line in block[1:]]
        assert starts == ["rows:", "columns:"] or len(starts) == 1
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert "None" not in text


def test_the_classic_transposed_convolution_word_for_word() -> None:
    assert explain(ConvTranspose(3, 3, stride=2, padding=1)).startswith(
        "Transposed convolution: input 3×3 → output 5×5\n"
        "\n"
        "1. New parameters\n"
        "   z = s − 1 = 2 − 1 = 1;  p′ = k − p − 1 = 3 − 1 − 1 = 1;  s′ = 1\n"
        "\n"
        "2. Insert z zeros between neighbouring rows and columns\n"
        "   3 → 5 cells: i + (i − 1)·z = 3 + 2·1 = 5\n"
        "\n"
        "3. Pad by p′ on each side (a negative p′ crops)\n"
        "   pad: 5 → 7 cells: 5 + 2·1 = 7\n"
        "\n"
        "4. Slide the flipped kernel with stride 1\n"
        "   7 − 3 + 1 = 5 cells\n"
    )


def test_the_classic_convolution_word_for_word() -> None:
    assert explain(Conv(6, 3, stride=2, padding=1)).startswith(
        "Convolution: input 6×6 → output 3×3\n"
        "\n"
        "1. Pad with p zeros on each side\n"
        "   6 → 8 cells: i + 2p = 6 + 2·1 = 8\n"
        "\n"
        "2. Slide the window with stride s\n"
        "   a window over 3 cells, 2 cells at a time: ⌊(8 − 3)/2⌋ + 1 = 3; "
        "the last cell of the padded input is never read\n"
    )


def test_a_negative_border_is_said_to_crop() -> None:
    text = explain(ConvTranspose(3, 1, stride=2, padding=1))
    assert "p′ = k − p − 1 = 1 − 1 − 1 = −1" in text
    assert "crop: 5 → 3 cells: 5 − 2·1 = 3" in text


@settings(max_examples=200)
@given(BACKWARD)
def test_the_third_step_crops_where_the_border_is_negative_and_pads_elsewhere(axis: Axis) -> None:
    line = blocks(ConvTranspose(**oracles.parameters(axis, axis)))[3][1].strip()
    verb = "crop" if border(axis) < 0 else "pad"
    also = ", and output padding a behind it" if axis[5] else ""
    assert line.startswith(f"{verb}{also}: {spread(axis)} → {kept(axis)} cells: ")


def test_cells_that_the_floor_drops_are_counted() -> None:
    assert "the last 2 cells of the padded input are never read" in explain(Conv(5, 3, stride=3))
    assert "never read" not in explain(Conv(5, 3, stride=2))


def test_a_twin_that_cannot_be_is_refused_in_the_words_of_the_error() -> None:
    text = explain(ConvTranspose(2, 5))
    with pytest.raises(GeometryError) as caught:
        Conv(2, 5)
    assert f"standard:    not possible: {caught.value}" in text


# For programs


@settings(max_examples=300)
@given(explained())
def test_the_geometry_for_programs_is_that_of_brute_force(case: tuple[Axis, Axis, Layer]) -> None:
    rows, columns, layer = case
    made = json.loads(json.dumps(geometry(layer)))
    assert made == geometry(layer)
    for index, name in enumerate(("input", "kernel", "stride", "padding", "dilation")):
        assert made[name] == [rows[index], columns[index]]
    is_transposed = isinstance(layer, ConvTranspose)
    assert made["kind"] == ("transposed" if is_transposed else "conv")
    assert made["output_padding"] == ([rows[5], columns[5]] if is_transposed else [0, 0])
    assert [axis["name"] for axis in made["axes"]] == ["rows", "columns"]
    for axis, found, size in zip((rows, columns), made["axes"], made["output"], strict=True):
        assert size == len(found["windows"])
        if is_transposed:
            check_transposed(axis, found)
        else:
            check_forward(axis, found)


def cells(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(cell["kind"], cell["input"], cell["read"], cell["cropped"]) for cell in found["cells"]]


def check_forward(axis: Axis, found: dict[str, Any]) -> None:
    line, windows = oracles.conv_line(*axis), oracles.windows(*axis)
    assert cells(found) == line
    assert found["windows"] == windows
    assert found["kernel_flipped"] is False
    assert found["left_over"] == len(line) - 1 - windows[-1][-1]
    assert len(equations(found["formula"])[0]) == 4
    assert f" = {len(windows)}" in found["formula"]


def check_transposed(axis: Axis, found: dict[str, Any]) -> None:
    assert cells(found) == oracles.transposed_line(*axis)
    assert found["kernel_flipped"] is True
    assert found["z"] == axis[2] - 1
    assert found["p_prime"] == border(axis)
    assert found["formula"].endswith(f" = {len(oracles.scattered(*axis))}")
    met = [
        {
            (found["cells"][place]["input"], axis[1] - 1 - tap)
            for tap, place in enumerate(window)
            if found["cells"][place]["kind"] == "input"
        }
        for window in found["windows"]
    ]
    assert met == oracles.scattered(*axis)


@pytest.mark.parametrize("layer", [Conv(LONGEST_TRACK + 1, 1), ConvTranspose(2, 1, stride=LONGEST_TRACK)])
def test_axes_too_long_to_list_are_refused_with_the_limit(layer: Layer) -> None:
    with pytest.raises(GeometryError, match=f"use at most {LONGEST_TRACK}"):
        geometry(layer)
    assert explain(layer)
