"""Sweeps: a list makes a picture of each of its values, here with names, products and refusals."""

from __future__ import annotations

import re
from math import prod
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import ConvvizError
from convviz.recipes.reader import parse, read

LISTS = {
    "stride": ("stride = [1, 2, 3]", {"a-s1": 1, "a-s2": 2, "a-s3": 3}),
    "one value": ("stride = [2]", {"a-s2": 2}),
    "pairs": ('input = [[5, 6], "7x4", 5]', {"a-i5x6": (5, 6), "a-i7x4": (7, 4), "a-i5": 5}),
    "padding": (
        'padding = [1, [1, 0], "same", "0,1"]',
        {"a-p1": 1, "a-p1x0": (1, 0), "a-same": "same", "a-p0-1": None},
    ),
    "sides": ("padding = [[[0, 1], [1, 2]]]", {"a-p0-1x1-2": ((0, 1), (1, 2))}),
    "text": ('view = ["slide", "slide+matrix"]', {"a-slide": "slide", "a-slide-matrix": "slide+matrix"}),
    "words": ('title = ["One", "∗"]', {"a-one": "One", "a-title2": "∗"}),
    "flag": ("numbers = [true, false]", {"a-numbers": True, "a-no-numbers": False}),
    "part": ("no_header = [true, false]", {"a-no-header": True, "a-header": False}),
    "fraction": ("step = [0.5, 1]", {"a-step0-5": 0.5, "a-step1": 1.0}),
    "whole": ("seed = [3, 4]", {"a-seed3": 3, "a-seed4": 4}),
    "kernels": ('kernel_values = ["ones", "box"]', {"a-ones": "ones", "a-box": "box"}),
    "arrays": ("kernel_values = { each = [[[1, 2]], [3, 4]] }", {"a-1-2": "1,2", "a-3-4": "3,4"}),
    "each": ("stride = { each = [1, 2] }", {"a-s1": 1, "a-s2": 2}),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "talk.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", LISTS)
def test_a_list_makes_a_picture_of_each_value(name: str, tmp_path: Path) -> None:
    text, expected = LISTS[name]
    option = text.split(" ")[0]
    found = parse(written(tmp_path, f'[a]\nkind = "conv"\n{text}\n'))
    assert not found.problems
    assert [recipe.name for recipe in found.recipes] == list(expected)
    for recipe in found.recipes:
        assert expected[recipe.name] in (recipe.options[option], None)


def test_what_is_a_list_by_nature_is_one_picture(tmp_path: Path) -> None:
    text = '[a]\nkind = "conv"\ninput_values = [[1, 2], [3, 4]]\nkernel_values = [[1]]\nbias = [2]\n'
    text += '[b]\nkind = "stack"\nlayers = ["conv k3", "conv k2"]\n'
    text += '[c]\nkind = "stack"\nlayers = { each = [["conv k3"], ["conv k2"]] }\n'
    assert [recipe.name for recipe in read(written(tmp_path, text))] == ["a", "b", "c-conv-k3", "c-conv-k2"]


def test_lists_in_defaults_hold_for_the_kinds_that_take_them(tmp_path: Path) -> None:
    defaults = '[defaults]\ntheme = ["light", "dark"]\nbias = { each = ["1", "2"] }\n'
    found = parse(
        written(
            tmp_path,
            f'{defaults}[a]\nkind = "maxpool"\nstride = [1, 2]\n[b]\nkind = ["conv", "avgpool"]\ntheme = "print"',
        )
    )
    names = ["a-s1-light", "a-s1-dark", "a-s2-light", "a-s2-dark", "b-conv-1", "b-conv-2", "b-avgpool"]
    assert [recipe.name for recipe in found.recipes] == names


def test_fields_in_words_are_values(tmp_path: Path) -> None:
    text = '[a]\nkind = "conv"\nstride = [1, [1, 2]]\nkernel = 3\ntitle = "s = {stride}, k = {kernel}, {other}"\n'
    assert [one.title for one in read(written(tmp_path, text))] == ["s = 1, k = 3, {other}", "s = 1×2, k = 3, {other}"]


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_lists_make_their_product(sizes: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    keys = ("stride", "seed", "channel", "frames")
    lines = [f"{key} = {list(range(1, size + 1))}" for key, size in zip(keys, sizes, strict=False)]
    found = parse(written(tmp_path_factory.mktemp("t"), '[a]\nkind = "conv"\n' + "\n".join(lines)))
    names = [recipe.name for recipe in found.recipes]
    assert len(set(names)) == len(names) == prod(sizes)
    assert len({tuple(recipe.options.values()) for recipe in found.recipes}) == prod(sizes)


BAD = {
    "empty": ("[a]\nkind = 'conv'\nstride = []", ["3: .a. stride is an empty list; a list makes a picture of each"]),
    "each of nothing": (
        "[a]\nkind = 'conv'\nstride = { each = 3 }",
        ["3: .a. stride: expected a list of values, got none"],
    ),
    "twice": ("[a]\nkind = 'conv'\nstride = [2, 2]", ["1: .a. makes two pictures a-s2; leave one of the values out"]),
    "two tables": (
        "[a]\nkind = 'conv'\nstride = [1, 2]\n[a-S2]\nkind = 'conv'",
        ["4: .a-S2. makes the picture a-S2, but so does .a. in line 1; rename one"],
    ),
    "too many": (
        "[a]\nkind = 'conv'\n" + "\n".join(f"{key} = {list(range(1, 300))}" for key in ("seed", "frames")),
        ["1: with .a. there are more than 10,000 pictures; use shorter lists"],
    ),
    "every value": (
        "[a]\nkind = 'conv'\nstride = [1, 'x', 'y']",
        ["3: .*'x' is not", "3: .*'y' is not"],
    ),
    "size": (
        "[a]\nkind = 'conv'\nsize = [640, 360]",
        ["3: .*size: expected a width and a height, .*, got 640", "3: .*, got 360"],
    ),
    "long name": (f"[{'a' * 99}]\nkind = 'conv'\nstride = [1]", ["1: .*which is not a name: use up to 100 letters"]),
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_sweep_can_be_is_said_with_its_line(name: str, tmp_path: Path) -> None:
    text, expected = BAD[name]
    path = written(tmp_path, text.replace("'", '"'))
    with pytest.raises(ConvvizError) as caught:
        read(path)
    lines = [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]
    assert len(lines) == len(expected), lines
    for line, pattern in zip(lines, expected, strict=True):
        assert re.match(pattern, line), line
