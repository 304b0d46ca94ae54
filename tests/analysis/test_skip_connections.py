"""Skip connections: what misses is counted by hand, and what mends is what the floors on the way down drop."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool
from convviz.analysis.skip_connections import match_skip_connections, with_input
from convviz.cli.main import main
from convviz.layers.layer import Layer
from convviz.recipes.request import make_stack
from tests.at_rest import AT_REST_WORDS


def chain(input: int | tuple[int, int], *words: str) -> list[Layer]:
    return make_stack(words, {"input": input})


DOWN, UP = "conv k3 s2 p1", "transposed k3 s2 p1"


def test_a_chain_that_misses_by_one_is_mended() -> None:
    found = match_skip_connections(chain(46, DOWN, DOWN, DOWN, UP, UP, UP))
    assert [(skip.up, skip.down, skip.unmatched_output, skip.target) for skip in found.skips] == [
        (4, 3, (11, 11), (12, 12)),
        (5, 2, (23, 23), (23, 23)),
        (6, 1, (45, 45), (46, 46)),
    ]
    assert [layer.output[0] for layer in found.layers] == [23, 12, 6, 12, 23, 46]
    assert [layer.output_padding[0] for layer in found.layers] == [0, 0, 0, 1, 0, 1]
    assert [skip.remedies for skip in found.skips] == [("output padding a = 1",), (), ("output padding a = 1",)]


LAYERS = st.tuples(st.integers(1, 5), st.integers(2, 4), st.integers(0, 2), st.integers(1, 2))


@given(st.lists(LAYERS, min_size=1, max_size=3), st.tuples(st.integers(9, 70), st.integers(9, 70)))
def test_the_way_back_up_needs_what_the_floors_dropped(
    parameters: list[tuple[int, int, int, int]], size: tuple[int, int]
) -> None:
    """A mirrored chain always fits with output padding alone: the rest of the division, axis by axis."""
    down: list[Layer] = []
    try:
        for numbers in parameters:
            down.append(Conv(down[-1].output if down else size, *numbers))
        up: list[Layer] = []
        for k, s, p, d in reversed(parameters):
            up.append(ConvTranspose((up or down)[-1].output, k, s, p, d))
    except GeometryError:
        return
    found = match_skip_connections([*down, *up])
    assert found.layers[-1].output == size
    assert len(found.skips) == len(down)
    for skip, layer in zip(reversed(found.skips), down, strict=True):
        assert skip.matched_output == skip.target == layer.input
        rests = [
            (i + 2 * layer.padding[0][0] - d * (k - 1) - 1) % s
            for i, k, s, d in zip(layer.input, layer.kernel, layer.stride, layer.dilation, strict=True)
        ]
        assert list(found.layers[skip.up - 1].output_padding) == rests


@given(st.integers(8, 40), st.integers(1, 5), st.integers(2, 3), st.integers(0, 2), st.integers(0, 1))
def test_whatever_can_be_mended_fits_then(i: int, k: int, s: int, p: int, a: int) -> None:
    try:
        down = Conv((i,), 3, s, 1)
        up = ConvTranspose(down.output, k, s, p, 1, a)
    except GeometryError:
        return
    (skip,) = match_skip_connections([down, up]).skips
    assert skip.unmatched_output == up.output
    assert bool(skip.remedies) == (skip.unmatched_output != (i,))
    if skip.matched_output != skip.target:
        assert skip.matched_output[0] < i - (s - 1 - a)
        (remedy,) = skip.remedies
        cropped, before, after = map(int, re.findall(r"\d+", remedy))
        assert (cropped, cropped - before - after, after - before in (0, 1)) == (i - skip.matched_output[0], 0, True)


def test_a_map_that_is_too_large_is_cropped() -> None:
    found = match_skip_connections(chain((46, 45), "conv k4 s2 p1", "transposed k4 s2 p0"))
    (skip,) = found.skips
    assert skip.mismatch == (2, 1)
    assert found.layers[1].padding == ((1, 1), (0, 1))
    assert skip.remedies == (
        "rows: crop 2 more off its output, 1 before and 1 after: p = 1",
        "columns: crop 1 more off its output, 0 before and 1 after: p = 0,1",
    )


def test_the_unpadded_u_net_crops_its_skip_connections() -> None:
    """Ronneberger, Fischer & Brox (2015), figure 1: 572 in; 64, 136, 280 and 568 are cropped to 56, 104, 200, 392."""
    level = ("conv k3", "conv k3")
    words = [*(*level, "maxpool k2") * 4, *level, *("transposed k2 s2", *level) * 4]
    found = match_skip_connections(chain(572, *words))
    assert [(skip.target[0], skip.matched_output[0]) for skip in found.skips] == [
        (64, 56),
        (136, 104),
        (280, 200),
        (568, 392),
    ]
    assert found.layers[-1].output == (388, 388)
    assert found.skips[0].remedies == ("nothing does; crop 8 off the skip connection, 4 before and 4 after",)


def test_scales_are_compared_and_not_the_order() -> None:
    found = match_skip_connections(chain(40, "conv k3 s2 p1", "conv k3 p1", "conv k5 s4 p2", "transposed k8 s8"))
    assert [(skip.up, skip.down) for skip in found.skips] == [(4, 1)]
    assert not match_skip_connections(chain(20, DOWN, "transposed k4 s2 p1", "transposed k4 s2 p1")).skips[0].remedies


@pytest.mark.parametrize("words", [("conv k3 p1",), ("transposed k2 s2",), (DOWN, "transposed k3 p1"), (UP, DOWN)])
def test_nothing_to_match(words: tuple[str, ...]) -> None:
    with pytest.raises(GeometryError, match="there is no skip connection to match"):
        match_skip_connections(chain(12, *words))


@pytest.mark.parametrize(
    "layer",
    [
        Conv(9, 3, 2, 2, 1, "reflect"),
        Conv(9, 3, 2, "same"),
        ConvTranspose(5, 3, 2, "same"),
        ConvTranspose(5, 3, 2, ((0, 1), (1, 0)), 2, 1),
        MaxPool(9, 3, 2, 1, 1, True),
        AvgPool(9, 3, 2, 1, True, False),
    ],
    ids=repr,
)
def test_a_layer_for_another_input_is_the_same_layer(layer: Layer) -> None:
    assert with_input(layer, layer.input) == layer
    other = with_input(layer, (11, 12))
    assert (other.input, repr(other).partition("stride")[2].split("padding=")[0]) == (
        (11, 12),
        repr(layer).partition("stride")[2].split("padding=")[0],
    )
    assert with_input(other, layer.input) == layer


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, words)
    return result.exit_code, result.output


def test_the_command_prints_the_mended_command_which_fits() -> None:
    exit_code, output = run("stack", DOWN, DOWN, UP, UP, "-i", "46x45", "--match")
    assert exit_code == 0
    assert (
        "layer 4 gives 45, and joins the 46×45 that go into layer 1: misses by −1×0\n  rows: output padding a = 1"
        in output
    )
    command = shlex.split(output.splitlines()[-1])
    exit_code, output = run(*command[1:], "--match")
    assert exit_code == 0
    assert "misses" not in output
    assert output.count(": fits") == 2


def test_it_is_drawn_where_a_file_is_named(tmp_path: Path) -> None:
    words = ("stack", DOWN, UP, "-i", "6", "--match", "--size", "640x360", *AT_REST_WORDS)
    assert list(tmp_path.iterdir()) == []
    exit_code, output = run(*words, "-o", str(tmp_path / "mended.gif"))
    assert exit_code == 0
    assert output.splitlines()[-1].startswith(str(tmp_path / "mended.gif"))
    assert "transposed k3 s2 p1 a1" in run("info", str(tmp_path / "mended.gif"))[1]
    with Image.open(tmp_path / "mended.gif") as picture:
        assert picture.n_frames == 36  # type: ignore[attr-defined]


def test_refusals() -> None:
    exit_code, output = run("stack", "conv k3 p1", "-i", "4", "--match")
    assert (exit_code, output[:49]) == (2, "Error: there is no skip connection to match: no t")
    assert run("stack", DOWN, UP, "-i", "0", "--match")[0] == 2
