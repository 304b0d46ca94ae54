"""Input patterns by name: what they draw, in any size and in each channel, and what goes with them."""

from __future__ import annotations

import re
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest

from convviz import Conv, ConvTranspose, GeometryError, MaxPool, animate
from convviz.animation.input_values import InputValues
from convviz.animation.layer_values import layer_values
from convviz.animation.options import PictureOptions
from convviz.layers.patterns import PATTERN_SKETCHES, PATTERNS, PatternName, named_input

SHAPES = [*product((1, 2, 3, 4, 5, 8, 12), repeat=2), (1,), (2,), (5,), (17,), (64, 48)]


def pattern(name: str, shape: tuple[int, ...]) -> np.ndarray:
    return np.array(named_input(name, shape))


@pytest.mark.parametrize("shape", SHAPES)
def test_each_pattern_is_what_its_name_says_in_any_size(shape: tuple[int, ...]) -> None:
    rows, cols = np.indices((1, *shape)[-2:])
    height, width = rows.shape
    wanted = {
        "ramp": cols + 1,
        "impulse": (rows == height // 2) & (cols == width // 2),
        "checker": (rows + cols) % 2 == 0,
        "constant": np.ones_like(rows),
        "edge": cols * 2 >= width - 1,
    }
    for name, grid in wanted.items():
        found = pattern(name, shape)
        assert found.shape == shape
        assert found.dtype == np.int64
        assert found.tolist() == grid.astype(int).reshape(shape).tolist()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_digit_keeps_its_ink_in_any_size(shape: tuple[int, ...]) -> None:
    """The mean of the area that a bitmap covers does not change when it is stretched; each cell rounds by up to 1/2."""
    found = pattern("digit", shape)
    height, width = (1, *shape)[-2:]
    large = height >= 7 and width >= 5
    figure, ink = ((7, 5), 14) if large else ((5, 3), 9)
    inner = [side - 2 * (side >= part + 2) for side, part in zip((height, width), figure, strict=True)]
    assert 0 <= found.min() <= found.max() <= 4
    assert abs(found.sum() - 4 * ink * np.prod(inner) / np.prod(figure)) <= np.prod(inner) / 2
    if min(height, width) > 1:
        assert not any((found == flipped).all() for flipped in (found[::-1], found[:, ::-1], found[::-1, ::-1]))


def test_the_digit_is_a_4() -> None:
    assert named_input("digit", (7, 7)) == [
        [0, 0, 0, 0, 4, 0, 0],
        [0, 0, 0, 4, 4, 0, 0],
        [0, 0, 4, 0, 4, 0, 0],
        [0, 4, 0, 0, 4, 0, 0],
        [0, 4, 4, 4, 4, 4, 0],
        [0, 0, 0, 0, 4, 0, 0],
        [0, 0, 0, 0, 4, 0, 0],
    ]
    assert [row[1:4] for row in named_input("digit", (5, 5))] == [[4, 0, 4], [4, 0, 4], [4, 4, 4], [0, 0, 4], [0, 0, 4]]


def test_the_names_have_one_list_each_with_a_sketch() -> None:
    assert list(PATTERN_SKETCHES) == ["random", *PATTERNS] == list(get_args(PatternName))
    for name, sketch in PATTERN_SKETCHES.items():
        if re.fullmatch("[0-9 ]+", sketch):
            assert named_input(name, (len(sketch.split()),)) == [int(number) for number in sketch.split()]


@pytest.mark.parametrize("name", ["ramps", "", "1,2", "random"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(GeometryError) as caught:
        named_input(name, (3, 3))
    assert str(caught.value).startswith(f"there is no input pattern {name!r}; ")
    assert str(caught.value).endswith(", ".join(PATTERN_SKETCHES))


# In pictures


def values(layer: Any, x: Any = None, w: Any = None, **options: Any) -> Any:
    return layer_values(layer, InputValues(x, w), PictureOptions(**options))


def test_a_pattern_is_the_input_of_the_layer_in_each_channel() -> None:
    layer = Conv((4, 5), 3, padding=1)
    assert values(layer, "ramp").x.tolist() == [named_input("ramp", (4, 5))]
    found = values(layer, "edge", channels=(3, 2), channel=1)
    assert found.x.tolist() == [named_input("edge", (4, 5))] * 3
    assert found.w.tolist() == values(layer, channels=(3, 2), channel=1).w.tolist()
    assert values(Conv((6,), (3,)), "impulse").x.tolist() == [[0, 0, 0, 1, 0, 0]]
    assert values(MaxPool(4, 2), "checker").y.tolist() == [[1, 1], [1, 1]]


def test_random_is_the_default() -> None:
    for options in ({}, {"seed": 5}, {"channels": (2, 1)}):
        assert values(Conv(5, 3), "random", **options).x.tolist() == values(Conv(5, 3), **options).x.tolist()


def test_ones_stamped_by_ones_show_the_checkerboard_as_values() -> None:
    """Each output value is the number of stamps on its cell."""
    found = values(ConvTranspose(4, 3, 2), "constant", "ones").y
    counted = np.zeros((9, 9), int)
    for row, col in product(range(4), repeat=2):
        counted[2 * row : 2 * row + 3, 2 * col : 2 * col + 3] += 1
    assert found.tolist() == counted.tolist()
    assert set(np.ravel(found).tolist()) == {1, 2, 4}


def test_the_command_of_a_picture_names_its_pattern() -> None:
    animation = animate(Conv(5, 3), x="digit", w="sobel-x")
    assert animation.provenance.command == (
        "convviz conv -i 5 -k 3 -s 1 -p 0 --input-values digit --kernel-values sobel-x"
    )
