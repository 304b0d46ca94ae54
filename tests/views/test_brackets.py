"""Brackets beside a grid say how its rows and columns add up, and the last window is the one of the step before."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given

from convviz import Conv, ConvTranspose, GeometryError, MaxPool, PictureError
from convviz.layers.layer import Layer
from convviz.scene.model import Bracket, Panel, Scene, Timing
from convviz.views.registry import find_view
from convviz.views.slide import slide
from tests.layout.test_lay_out import scene_of
from tests.profile import max_examples
from tests.views.strategies import any_layers

VIEWS_WITH_BRACKETS = ("slide", "steps")


def input_panel(scene: Scene) -> Panel:
    return next(panel for panel in scene.panels if panel.brackets and panel.name in ("input", "padded"))


def texts_of(panel: Panel, side: str) -> list[str]:
    """Return the longest text of each bracket of a side, from its start."""
    own = sorted((one for one in panel.brackets if one.side == side), key=lambda one: one.start)
    return [one.texts[0] if one.texts else "" for one in own]


def roles_of_line(panel: Panel, side: str) -> list[str]:
    """Return what the cells along a side are, told from the cells themselves: a line through an input cell."""
    grid = panel.cells if side == "top" else tuple(zip(*panel.cells, strict=True))
    row = next(line for line in grid if any(cell.role == "input" for cell in line))
    return [cell.role for cell in row]


def value_of(text: str) -> int:
    return int(re.findall(r"\d+", text)[-1])


@max_examples(1500)
@given(layer=any_layers(6))
def test_the_lengths_of_brackets_add_up_to_the_grid(layer: Layer) -> None:
    scene = slide(layer, None, Timing())
    panel = next(panel for panel in scene.panels if panel.name == "input")
    for side, count in (("top", panel.cols), ("left", panel.rows)):
        own = [one for one in panel.brackets if one.side == side]
        roles = roles_of_line(panel, side)
        window = layer.sliding_windows[-1 if side == "top" else 0]
        kept = [cell for cell in window.cells if not cell.cropped and cell.kind != "padding"]
        if not own:
            assert roles == ["input"] * count or not kept, "only a bare input has no brackets"
            continue
        covered = Counter(place for one in own for place in range(one.start, one.end))
        assert covered == Counter(range(count)), "each row and column is in one bracket"
        for one in own:
            check_bracket(one, roles[one.start : one.end], layer)


def check_bracket(bracket: Bracket, roles: list[str], layer: Layer) -> None:
    """The cells of a bracket are what its texts name, as many as they say."""
    for text in bracket.texts:
        name = re.split(r"[ =]", text)[0]
        if name in ("first", "last"):
            assert roles == ["input"]
        elif bracket.role == "input" and "=" in text:
            said = value_of(text)
            assert said in layer.input
            assert roles == ["input"] * (said if len(roles) > 1 else 1)
        else:
            assert value_of(text) == len(roles), (text, roles)
            if "−" in text.rpartition("= ")[2] or " − " in text or "2p′" in text:
                continue
            expected = {"z": {"inserted"}, "i": {"input", "inserted"}}.get(name)
            if expected is None and "=" in text and name[0] in "pao":
                expected = {"padding"}
            assert expected is None or set(roles) == expected, (text, roles)


def test_a_transposed_convolution_is_read_as_in_a_book() -> None:
    panel = input_panel(slide(ConvTranspose(3, 4, 3, 1), None, Timing()))
    assert texts_of(panel, "top") == ["p′ = 2", "i + (i−1)·z = 3 + 2·2 = 7", "p′ = 2"]
    assert texts_of(panel, "left") == ["p′ = 2", "first", "z = 2", "i = 3", "z = 2", "last", "p′ = 2"]


@pytest.mark.parametrize(
    ("layer", "top", "left"),
    [
        (Conv(5, 3, 2, 1), ["p = 1", "i = 5", "p = 1"], ["p = 1", "i = 5", "p = 1"]),
        (Conv(5, 2, 1, "same"), ["i = 5", "p after = 1"], ["i = 5", "p after = 1"]),
        (Conv((2, 7), 2, 1, (0, 1)), ["p = 1", "i = 7", "p = 1"], []),
        (Conv(4, 1), [], []),
        (
            ConvTranspose(2, 3, 2, 1, output_padding=1),
            ["p′ = 1", "i + (i−1)·z = 2 + 1·1 = 3", "p′ = 1", "a = 1"],
            ["p′ = 1", "first", "z = 1", "last", "p′ = 1", "a = 1"],
        ),
        (MaxPool(5, 2, 2, 0, ceil_mode=True), ["i = 5", "overhang = 1"], ["i = 5", "overhang = 1"]),
        (
            ConvTranspose(3, 2, 2, 2),
            ["1 cropped, p′ = −1", "i + (i−1)·z + 2p′ = 5 − 2 = 3", "1 cropped, p′ = −1"],
            ["1 cropped, p′ = −1", "i + (i−1)·z + 2p′ = 5 − 2 = 3", "1 cropped, p′ = −1"],
        ),
        (
            ConvTranspose(3, 2, 2, ((0, 2), (3, 1)), output_padding=1),
            ["2 cropped, p′ before = −2", "5 − 2 = 3", "a = 1"],
            ["p′ before = 1", "first", "z = 1", "i = 3", "z = 1", "last"],
        ),
        (
            ConvTranspose(5, 1, 2, 0),
            ["i + (i−1)·z = 5 + 4·1 = 9"],
            ["first", "z = 1", "", "", "i = 5", "", "", "", "last"],
        ),
    ],
)
def test_what_stands_beside_a_grid(layer: Layer, top: list[str], left: list[str]) -> None:
    panel = next(panel for panel in slide(layer, None, Timing()).panels if panel.name == "input")
    assert texts_of(panel, "top") == top
    assert texts_of(panel, "left") == left


def test_a_dilated_kernel_says_how_far_it_reaches() -> None:
    kernel = next(
        panel for panel in slide(Conv(7, 3, 1, 2, dilation=2), None, Timing()).panels if panel.name == "kernel"
    )
    assert texts_of(kernel, "top") == ["k = 3, d(k−1) + 1 = 2·2 + 1 = 5"]
    uneven = slide(Conv(7, 3, 1, 2, dilation=(1, 2)), None, Timing())
    kernel = next(panel for panel in uneven.panels if panel.name == "kernel")
    assert texts_of(kernel, "left") == ["3"]


@max_examples(300)
@given(layer=any_layers(5))
def test_the_last_window_is_where_the_window_was(layer: Layer) -> None:
    check_last_windows(layer, "slide")


@max_examples(100)
@given(layer=any_layers(5, axes=1))
def test_the_last_window_of_a_lane_is_where_the_window_was(layer: Layer) -> None:
    check_last_windows(layer, "slide")


@pytest.mark.parametrize("layer", [Conv(5, 3, 2, 1), ConvTranspose(3, 3, 2, 1), Conv((5, 1), (3, 1))])
def test_the_last_window_of_steps_is_where_the_window_was(layer: Layer) -> None:
    check_last_windows(layer, "steps")


def check_last_windows(layer: Layer, view: str) -> None:
    try:
        scene = find_view(view)(layer, None, Timing())
    except PictureError:
        assume(False)
        return
    seen = False
    for before, frame in zip((None, *scene.frames), scene.frames, strict=False):
        windows, old = ([mark for mark in one.marks if mark.highlighted] if one else [] for one in (frame, before))
        ghosts = [mark for mark in frame.marks if mark.role == "last"]
        assert len(ghosts) == len(frame.arrows)
        seen |= bool(ghosts)
        if not old or not windows:
            assert not ghosts
            continue
        pairs = [((mark.rows, mark.cols), (was.rows, was.cols)) for mark, was in zip(windows, old, strict=True)]
        moved_along_one_axis = [sum(new != was for new, was in zip(*pair, strict=True)) == 1 for pair in pairs]
        if layer.output[-1] > 1 and len(layer.output) == 2:
            assert bool(ghosts) == all(new[0] == was[0] for new, was in pairs)
        if not ghosts:
            continue
        assert all(moved_along_one_axis) or set(layer.stride) != {1}
        for ghost, arrow, (new, was) in zip(ghosts, frame.arrows, pairs, strict=True):
            assert (ghost.rows, ghost.cols) == was
            assert arrow.start == (was[0][0] * 1000, was[1][0] * 1000)
            assert arrow.end == (new[0][0] * 1000, new[1][0] * 1000)
            distance = sum(new[axis][0] - was[axis][0] for axis in (0, 1))
            assert arrow.text == f"s{'′' * isinstance(layer, ConvTranspose)} = {distance}"
    assert seen == any(entry.role == "last" for entry in scene.legend)


def panel_of(view: str, layer: Layer, name: str) -> Panel:
    return next(panel for panel in scene_of(layer, view).panels if panel.name == name)


@pytest.mark.parametrize(
    ("view", "layer", "name", "top", "left"),
    [
        ("pair", Conv((5, 6), 3, 2, 1), "input", ["i = 6"], ["i = 5"]),
        ("pair", Conv((5, 6), 3, 2, 1), "output", ["o = 3"], ["o = 3"]),
        ("pair", Conv((5, 6), 3, 2, 1), "back", ["i − a = 5", "a = 1"], ["i = 5"]),
        ("pair", Conv(7, 3, dilation=2), "kernel", ["k = 3, d(k−1) + 1 = 2·2 + 1 = 5"], []),
        ("scatter", ConvTranspose((4,), (3,), dilation=3), "kernel", ["k = 3, d(k−1) + 1 = 3·2 + 1 = 7"], []),
        ("matrix", Conv(4, 3), "x", ["i² = 16"], []),
        ("matrix", Conv(4, 3), "y", [], ["o² = 4"]),
        ("matrix", Conv((3, 4), 2), "transposed", ["o·o = 2·3 = 6"], ["i·i = 3·4 = 12"]),
        ("matrix", Conv((7,), (3,)), "transposed", ["o = 5"], ["i = 7"]),
        ("scatter", ConvTranspose(3, 3, 2, 1), "output", ["p = 1", "o = 5", "p = 1"], ["p = 1", "o = 5", "p = 1"]),
        ("scatter", ConvTranspose(3, 3, 2, 1, output_padding=1), "output", ["p = 1", "o = 6"], ["p = 1", "o = 6"]),
        ("scatter", ConvTranspose((3,), (5,), (2,), ((1, 3),), output_padding=1), "output",
         ["p before = 1", "o = 6", "p after − a = 2"], []),
        ("scatter", ConvTranspose(3, 3, 2), "output", [], []),
        ("scatter", Conv(5, 3), "output", [], []),
        ("steps", ConvTranspose(3, 3, 2, 1), "spread", ["i + (i−1)·z = 3 + 2·1 = 5"],
         ["first", "z = 1", "i = 3", "z = 1", "last"]),
        ("steps", ConvTranspose(3, 3, 2, 1), "padded", ["p′ = 1", "i + (i−1)·z = 3 + 2·1 = 5", "p′ = 1"],
         ["p′ = 1", "first", "z = 1", "i = 3", "z = 1", "last", "p′ = 1"]),
        ("steps", ConvTranspose(3, 3, 1), "spread", [], []),
        ("upsample", ConvTranspose(3, 3, 2), "copied", ["p = 1", "f·i = 2·3 = 6", "p = 1"],
         ["p = 1", "f·i = 2·3 = 6", "p = 1"]),
        ("upsample", ConvTranspose((3, 4), (2, 1), 3), "copied", ["f·i = 3·4 = 12"], ["f·i = 3·3 = 9", "p after = 1"]),
        ("upsample", ConvTranspose(3, 4, 2), "grown", ["k + f − 1 = 5"], ["k + f − 1 = 5"]),
    ],
)  # fmt: skip
def test_brackets_of_other_views(view: str, layer: Layer, name: str, top: list[str], left: list[str]) -> None:
    panel = panel_of(view, layer, name)
    assert texts_of(panel, "top") == top
    assert texts_of(panel, "left") == left


@max_examples(300)
@given(layer=any_layers(5))
@pytest.mark.parametrize("view", ["pair", "matrix", "scatter", "steps"])
def test_brackets_of_a_side_cover_each_row_or_column_once(view: str, layer: Layer) -> None:
    try:
        scene = find_view(view)(layer, None, Timing())
    except (PictureError, GeometryError):
        assume(False)
        return
    for panel in scene.panels:
        for side, count in (("top", panel.cols), ("left", panel.rows)):
            own = [one for one in panel.brackets if one.side == side]
            covered = Counter(place for one in own for place in range(one.start, one.end))
            assert covered == (Counter(range(count)) if own else Counter())
            for one in own:
                for text in one.texts if panel.name != "kernel" else ():
                    if text not in ("first", "last") and not text.startswith("i = ") and "−" not in text:
                        assert value_of(text) == one.end - one.start
