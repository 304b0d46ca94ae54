"""The explanation says nothing that is not so: every equation in it holds, and its sizes are those of brute force."""

from __future__ import annotations

import json
import re
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.analysis.diagnostics import diagnostics
from convviz.analysis.explain import LONGEST_AXIS, explain, geometry
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from tests import oracles
from tests.profile import max_examples

Axis = tuple[Any, ...]
"""i, k, s, (p, p′), d, and a for a transposed one."""
FORWARD = oracles.sided_axes(transposed=False)
BACKWARD = oracles.sided_axes(transposed=True)


@st.composite
def explained(draw: Any) -> tuple[list[Axis], Layer]:
    """One axis, or two, alike or not, of one kind, and their layer."""
    kind, axes = draw(st.sampled_from([(Conv, FORWARD), (ConvTranspose, BACKWARD)]))
    first = draw(axes)
    given = draw(st.one_of(st.just([first]), st.just([first, first]), axes.map(lambda other: [first, other])))
    return given, kind(**oracles.parameters(*given))


# What brute force knows


def borders(axis: Axis) -> list[int]:
    """Padding cells before and after the zero-inserted input, without output padding; negative where it is cropped."""
    found = []
    line = oracles.transposed_line(*axis)
    for side in (line, line[::-1]):
        padded = [kind for kind, *_ in side].index("input")
        found.append(padded or -[cropped for *_, cropped in side].index(False))
    return [found[0], found[1] - axis[5]]


def kept(axis: Axis) -> int:
    return sum(not cropped for *_, cropped in oracles.transposed_line(*axis))


def spread(axis: Axis) -> int:
    """Cells from the first input cell to the last in the zero-inserted line."""
    places = [place for place, (_, source, *_) in enumerate(oracles.transposed_line(*axis)) if source is not None]
    return places[-1] - places[0] + 1


def facts(axis: Axis) -> dict[str, int]:
    """The symbols of one axis, for either kind of layer; `p` and `p′` only where the sides agree."""
    i, k, s, p, d = axis[:5]
    known = {"i": i, "k": k, "s": s, "p1": p[0], "p2": p[1], "d": d, "a": 0, "z": s - 1, "S": 1}
    known.update({"p": p[0]} if p[0] == p[1] else {})
    if len(axis) == 6:
        known["a"] = axis[5]
        known.update({"P": borders(axis)[0]} if p[0] == p[1] else {})
    return known


def equations(line: str, axis: Axis) -> list[tuple[list[str], dict[str, int]]]:
    """The chains `a = b = c` of a line, each part something to evaluate, and what its symbols are worth."""
    chains = []
    for piece in line.split(";"):
        if " = " in piece:
            text = re.sub(r" cells?$| \([^()]+\)$", "", piece.split(": ")[-1].strip())
            sides = text.removesuffix(" after").split(" before, ")
            for side, part in enumerate(sides):
                worth = facts(axis)
                if len(sides) > 1:
                    worth.update({"p": axis[3][side], "P": borders(axis)[side]})
                    part = part if side == 0 else f"P = {part}"  # noqa: PLW2901
                chains.append(([p.replace("p′", "P").replace("s′", "S") for p in part.split(" = ")], worth))
    return chains


def blocks(layer: Layer) -> dict[str, list[str]]:
    """The lines under each title; the first block is the title of all, the table comes under ``."""
    split = [block.split("\n") for block in explain(layer).split("\n\n")]
    return {lines[0].strip() if " standard " not in lines[0] else "": lines[1:] for lines in split} | {
        "table": next((lines for lines in split if " standard " in lines[0]), [])
    }


def steps(layer: Layer) -> list[list[str]]:
    return [lines for title, lines in blocks(layer).items() if re.match(r"\d\. ", title)]


def axis_of(line: str, axes: list[Axis]) -> Axis:
    return axes[-1] if "columns:" in line else axes[0]


def names(axes: list[Axis]) -> list[str]:
    return ["rows:", "columns:"] if len(axes) == 2 else ["cells:"]


# The whole text


@max_examples(250)
@given(explained())
def test_every_equation_holds(case: tuple[list[Axis], Layer]) -> None:
    axes, layer = case
    checked = 0
    text = [*steps(layer), blocks(layer)["Output size"]]
    for line in (line for lines in text for line in lines if "not possible" not in line):
        axis = axis_of(line, axes)
        for chain, worth in equations(line, axis):
            if "standard:" in line:
                worth["o"] = len(oracles.windows(*axis[:5]))
            if "transposed:" in line:
                worth["o"] = len(oracles.scattered(*axis[:5], worth["a"]))
            values = [oracles.evaluate(part, worth) for part in chain]
            assert len(set(values)) == 1, (line, values)
            checked += 1
    assert checked >= 3


@max_examples(250)
@given(explained())
def test_every_step_leads_from_the_size_before_to_the_size_after(case: tuple[list[Axis], Layer]) -> None:
    axes, layer = case
    title = "Transposed convolution" if isinstance(layer, ConvTranspose) else "Convolution"
    inputs, outputs = ("×".join(map(str, size)) for size in (layer.input, layer.output))
    assert explain(layer).startswith(f"{title}: input {inputs} → output {outputs}\n\n")
    led = 0
    for line in (line for lines in steps(layer) for line in lines):
        axis = axis_of(line, axes)
        arrow = re.search(r"(\d+) → (\d+) (?:cell|row|column)", line)
        if arrow is None:
            continue
        if isinstance(layer, Conv):
            sizes = [(axis[0], len(oracles.conv_line(*axis)))]
        else:
            sizes = [(axis[0], spread(axis)), (spread(axis), kept(axis)), (kept(axis), len(oracles.scattered(*axis)))]
        assert tuple(map(int, arrow.groups())) in sizes
        led += 1
    assert led >= (1 if isinstance(layer, Conv) else 2)


def twins(axes: list[Axis]) -> tuple[list[Axis], list[Axis]]:
    """The axes of the convolution and of the transposed convolution with the same parameters."""
    return [axis[:5] for axis in axes], [(*axis[:5], axis[5] if len(axis) == 6 else 0) for axis in axes]


@max_examples(250)
@given(explained())
def test_both_sizes_are_given_or_why_there_is_none(case: tuple[list[Axis], Layer]) -> None:
    axes, layer = case
    lines = blocks(layer)["Output size"]
    for name, twin in zip(("standard", "transposed"), twins(axes), strict=True):
        own = [line for line in lines if line.startswith(f"   {name}:")]
        assert len(own) in (1, len(axes))
        assert any("not possible: " in line for line in own) is not all(map(oracles.is_legal, twin))


@max_examples(250)
@given(explained())
def test_the_table_sets_both_kinds_side_by_side(case: tuple[list[Axis], Layer]) -> None:
    axes, layer = case
    lines = blocks(layer)["table"]
    assert lines[0].split() == ["standard", "transposed"]
    assert set(lines[1]) == {"─", " "}
    table = {cells[0]: cells[1:] for cells in (re.split(r" {2,}", line) for line in lines[2:])}
    assert list(table) == ["operation", "zero insertions", "padding", "stride", "output size"]
    assert all(len(cells) == 2 for cells in table.values())

    there, back = twins(axes)
    if all(map(oracles.is_legal, there)):
        assert numbers(table["padding"][0], len(axes)) == [list(axis[3]) for axis in axes]
        assert numbers(table["stride"][0], len(axes)) == [[axis[2]] * 2 for axis in axes]
        assert table["output size"][0] == "×".join(str(len(oracles.windows(*axis))) for axis in there)
    else:
        assert (table["padding"][0], table["stride"][0], table["output size"][0]) == ("p", "s", "none")
    if all(map(oracles.is_legal, back)):
        assert numbers(table["zero insertions"][1], len(axes)) == [[axis[2] - 1] * 2 for axis in axes]
        assert numbers(table["padding"][1], len(axes)) == [borders(axis) for axis in back]
        assert table["output size"][1] == "×".join(str(len(oracles.scattered(*axis))) for axis in back)
    else:
        assert (table["zero insertions"][1], table["output size"][1]) == ("z = s − 1", "none")
    assert table["zero insertions"][0] == "0"
    assert table["stride"][1] == "s′ = 1"


def numbers(cell: str, axes: int) -> list[list[int]]:
    """Before and after for each axis: `p = 3` and `p = 3×3` alike, `0,1` and `1×0,1` where the sides differ."""
    found = [
        [int(number) for number in axis.replace("−", "-").split(",")]
        for axis in cell.rsplit(" = ", maxsplit=1)[-1].split("×")
    ]
    pairs = [side * 2 if len(side) == 1 else side for side in found]
    return pairs * axes if len(pairs) == 1 else pairs


@max_examples(200)
@given(explained())
def test_alike_axes_are_explained_once_and_no_caption_is_empty(case: tuple[list[Axis], Layer]) -> None:
    axes, layer = case
    text = explain(layer)
    if len(axes) == 1 or axes[0] == axes[1]:
        assert not re.search(r"^ *(- )?(rows|columns|cells):", text, re.MULTILINE)
    for lines in steps(layer):
        starts = [line.split()[0] for line in lines]
        assert starts == names(axes) or len(starts) == 1
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert "None" not in text


@max_examples(200)
@given(explained())
def test_what_to_look_out_for_comes_last_if_there_is_anything(case: tuple[list[Axis], Layer]) -> None:
    _, layer = case
    said = diagnostics(layer)
    found = blocks(layer).get("Worth knowing", [])
    assert found == [f"   - {line}" for line in said]
    if said:
        assert explain(layer).endswith("\n".join(found))


def test_the_classic_transposed_convolution_word_for_word() -> None:
    assert explain(ConvTranspose(3, 3, stride=2, padding=1)).startswith(
        "Transposed convolution: input 3×3 → output 5×5\n"
        "\n"
        "1. New parameters\n"
        "   z = s − 1 = 2 − 1 = 1;  p′ = k − p − 1 = 3 − 1 − 1 = 1;  s′ = 1\n"
        "\n"
        "2. Insert z zeros between neighbouring rows and columns\n"
        "   3 → 5 rows and columns: i + (i − 1)·z = 3 + 2·1 = 5\n"
        "\n"
        "3. Pad by p′ on each side (a negative p′ crops)\n"
        "   pad: 5 → 7 rows and columns: 5 + 2·1 = 7\n"
        "\n"
        "4. Slide the flipped kernel with stride 1\n"
        "   7 → 5 rows and columns: 7 − 3 + 1 = 5\n"
    )


def test_the_classic_convolution_word_for_word() -> None:
    assert explain(Conv(6, 3, stride=2, padding=1)).startswith(
        "Convolution: input 6×6 → output 3×3\n"
        "\n"
        "1. Pad with p zeros on each side\n"
        "   6 → 8 rows and columns: i + 2p = 6 + 2·1 = 8\n"
        "\n"
        "2. Slide the window with stride s\n"
        "   a window over 3 rows and columns with stride 2: ⌊(8 − 3)/2⌋ + 1 = 3; "
        "the last row and column of the padded input are never read\n"
    )


def test_a_negative_border_is_said_to_crop() -> None:
    text = explain(ConvTranspose(3, 1, stride=2, padding=1))
    assert "p′ = k − p − 1 = 1 − 1 − 1 = −1" in text
    assert "crop: 5 → 3 rows and columns: 5 − 2·1 = 3" in text


@max_examples(200)
@given(BACKWARD)
def test_the_third_step_crops_where_the_border_is_negative_and_pads_elsewhere(axis: Axis) -> None:
    line = steps(ConvTranspose(**oracles.parameters(axis, axis)))[2][0].strip()
    signs = {border < 0 for border in borders(axis)}
    verb = "pad and crop" if len(signs) > 1 else "crop" if signs == {True} else "pad"
    also = ", and output padding a behind it" if axis[5] else ""
    assert line.startswith(f"{verb}{also}: {spread(axis)} → {kept(axis)} row")


def test_cells_that_the_floor_drops_are_counted() -> None:
    assert "the last 2 rows and columns of the padded input are never read" in explain(Conv(5, 3, stride=3))
    assert "never read" not in explain(Conv(5, 3, stride=2))


def test_a_twin_that_cannot_be_is_refused_in_the_words_of_the_error() -> None:
    text = explain(ConvTranspose(2, 5))
    with pytest.raises(GeometryError) as caught:
        Conv(2, 5)
    assert f"standard:    not possible: {caught.value}" in text


# Padding modes, poolings and lines


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        ("zeros", "zeros"),
        ("reflect", "reflected cells"),
        ("replicate", "copies of the border"),
        ("circular", "cells from the other side"),
    ],
)
def test_the_first_step_says_what_padding_holds(mode: str, what: str) -> None:
    layer = Conv((5,), 3, padding=1, padding_mode=mode)
    assert f"1. Pad with p {what} on each side\n   5 → 7 cells" in explain(layer)
    made = geometry(layer)
    assert made["padding_mode"] == mode
    sources = [cell["input"] for cell in made["axes"][0]["cells"]]
    ends = {"zeros": (None, None), "reflect": (1, 3), "replicate": (0, 4), "circular": (4, 0)}[mode]
    assert (sources[0], sources[-1]) == ends
    assert sources[1:-1] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("kind", "title", "name"), [(MaxPool, "Max", "maxpool"), (AvgPool, "Average", "avgpool")])
@pytest.mark.parametrize("ceil", [False, True])
def test_a_pooling_is_explained_without_a_transposed_twin(
    kind: type[MaxPool], title: str, name: str, ceil: bool
) -> None:
    for i, k, s, p in ((5, 2, 2, 0), (7, 3, 2, 1), (2, 1, 2, 0), (4, 4, 3, 2)):
        layer = kind((i,), k, s, p, ceil_mode=ceil)
        starts = oracles.pool_starts(i, k, s, (p, p), 1, ceil)
        text = explain(layer)
        assert text.startswith(f"{title} pooling: input {i} → output {len(starts)}\n\n1. Pad")
        assert "transposed" not in text
        assert "standard" not in text
        axis = (i, k, s, (p, p), 1)
        for line in [*(line for lines in steps(layer) for line in lines), *blocks(layer)["Output size"]]:
            for chain, worth in equations(line, axis):
                worth["o"] = len(starts)
                assert len({oracles.evaluate(part, worth) for part in chain}) == 1, line
        made = geometry(layer)
        assert made["kind"] == name
        assert [window[0] for window in made["axes"][0]["windows"]] == starts


def test_a_line_is_not_said_to_have_rows_and_columns() -> None:
    for layer in (Conv((5,), 3, 2), ConvTranspose((3,), 3, 2, 1), MaxPool((5,), 2)):
        assert not re.search(r"\b(rows?|columns?)\b", explain(layer))


# For programs


@max_examples(250)
@given(explained())
def test_the_geometry_for_programs_is_that_of_brute_force(case: tuple[list[Axis], Layer]) -> None:
    axes, layer = case
    made = json.loads(json.dumps(geometry(layer)))
    assert made == geometry(layer) | {"padding": [list(axis[3]) for axis in axes]}
    for index, name in enumerate(("input", "kernel", "stride", "padding", "dilation")):
        assert made[name] == [list(axis[3]) if name == "padding" else axis[index] for axis in axes]
    is_transposed = isinstance(layer, ConvTranspose)
    assert made["kind"] == ("transposed" if is_transposed else "conv")
    assert made["output_padding"] == [axis[5] if is_transposed else 0 for axis in axes]
    assert made["padding_mode"] == "zeros"
    assert made["diagnostics"] == diagnostics(layer)
    assert [axis["name"] for axis in made["axes"]] == [name.removesuffix(":") for name in names(axes)]
    for axis, found, size in zip(axes, made["axes"], made["output"], strict=True):
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
    assert found["remainder"] == len(line) - 1 - windows[-1][-1]
    assert len(equations(found["formula"], axis)[0][0]) == 4
    assert f" = {len(windows)}" in found["formula"]


def check_transposed(axis: Axis, found: dict[str, Any]) -> None:
    assert cells(found) == oracles.transposed_line(*axis)
    assert found["kernel_flipped"] is True
    assert found["z"] == axis[2] - 1
    assert found["p_prime"] == borders(axis)
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


@pytest.mark.parametrize("layer", [Conv(LONGEST_AXIS + 1, 1), ConvTranspose(2, 1, stride=LONGEST_AXIS)])
def test_axes_too_long_to_list_are_refused_with_the_limit(layer: Layer) -> None:
    with pytest.raises(GeometryError, match=f"use at most {LONGEST_AXIS}"):
        geometry(layer)
    assert explain(layer)


@pytest.mark.parametrize("name", ["same", "same_lower", "valid", "full", "half"])
def test_the_column_of_the_opposite_operation_is_that_of_its_own_command(name: Any) -> None:
    """`explain conv` and `explain transposed` with the same words agree; by name, padding is that of each."""
    for k, s in [(3, 2), (4, 2), (2, 3), (5, 1)]:
        columns = []
        for layer in (Conv(7, k, s, name), ConvTranspose(7, k, s, name)):
            rows = [re.split(r"  +", line.strip()) for line in blocks(layer)["table"][2:]]
            columns.append({label: cells for label, *cells in rows})
        assert columns[0] == columns[1]


@pytest.mark.parametrize(
    ("layer", "padding"),
    [
        (MaxPool(5, 3, 2, 1), "cells of −∞"),
        (AvgPool(5, 3, 2, 1), "zeros"),
        (AvgPool(5, 3, 2, 1, count_include_pad=False), "cells that do not count"),
        (Conv(5, 3, 2, 1), "zeros"),
        (Conv(5, 3, 2, 1, padding_mode="reflect"), "reflected cells"),
    ],
    ids=repr,
)
def test_what_padding_holds_is_said(layer: Layer, padding: str) -> None:
    assert f"1. Pad with p {padding} on each side\n" in explain(layer)


MILLION = 10**6


@pytest.mark.parametrize(
    "layer",
    [
        ConvTranspose(3, MILLION, dilation=3),
        ConvTranspose(MILLION, MILLION, 999_983, 0, 999_979),
        Conv(MILLION, 500, 4, MILLION - 1, 2000, padding_mode="circular"),
        Conv(MILLION, 5, 7, MILLION - 1, padding_mode="reflect"),
        Conv(LONGEST_AXIS, 1),
    ],
    ids=["taps", "everything", "gaps read as copies", "borders read as copies", "longest list"],
)
def test_the_largest_parameters_are_explained_within_two_seconds(layer: Layer) -> None:
    started = process_time()
    assert explain(layer)
    if max(*layer.input, *layer.kernel) <= LONGEST_AXIS:
        assert geometry(layer)
    assert process_time() - started < 2
