from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise, product

import pytest

from convviz import Conv, PictureError, animate
from convviz.layout.boxes import Box
from convviz.layout.oblique_grid import Parallelogram
from convviz.render.compositor import Compositor
from convviz.scene.model import BADGE_ROLES, CELL_ROLES
from convviz.style.colours import contrast, mix, rgb
from convviz.style.theme import MIN_TEXT_CONTRAST, TEXT_STYLES, THEMES, Theme, find_theme

LOOKS = [{}, {"highlighted": True}, {"faded": True}]
themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@themes
def test_every_theme_knows_every_role(theme: Theme) -> None:
    assert set(theme.cells) == set(CELL_ROLES)
    assert set(theme.badges) == set(BADGE_ROLES)


TEXTLESS = ("bar", "pixel", "shade", "positive", "negative", "exact zero", "pending")
"""Roles whose cells have no text."""


@themes
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    for role, look in product([role for role in CELL_ROLES if role not in TEXTLESS], LOOKS):
        style = theme.cell(role, **look)
        for ground in (style.fill, style.hatch or style.fill):
            assert contrast(style.ink, ground) >= MIN_TEXT_CONTRAST, (role, look)
    assert all(contrast(ink, theme.surface) >= MIN_TEXT_CONTRAST for ink in theme.badges.values())
    assert all(contrast(ink, theme.background) >= MIN_TEXT_CONTRAST for ink in theme.badges.values())
    assert contrast(theme.text, theme.background) >= MIN_TEXT_CONTRAST
    assert contrast(theme.muted, theme.background) >= MIN_TEXT_CONTRAST


NEIGHBOURS = [
    ("input", "inserted"),
    ("input", "padding"),
    ("inserted", "padding"),
    ("input", "output"),
    ("output", "empty"),
    ("kernel", "zero"),
    *((role, "blank") for role in ("input", "kernel", "output")),
]
"""Roles whose cells can touch in some view."""


def wcag(one: Sequence[int], other: Sequence[int]) -> float:
    """Contrast ratio by its definition in WCAG 2.2, of red, green and blue from 0 to 255."""

    def luminance(channels: Sequence[int]) -> float:
        shares = [float(channel) / 255 for channel in channels]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    low, high = sorted(map(luminance, (one, other)))
    return high / low


def contrast_of(colour: str, other: str) -> float:
    return wcag(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]))


@themes
def test_fills_that_touch_are_told_apart_in_grey(theme: Theme) -> None:
    """By lightness, or by a dashed outline between them. A cell under the window and one beside it have its outline."""
    for (one, two), look in product(NEIGHBOURS, LOOKS[:2]):
        if look and one == "kernel":
            continue  # no window covers a kernel
        a, b = theme.cell(one, **look), theme.cell(two, **look)
        dashes = a.dashes or b.dashes
        by_outline = dashes and min(contrast_of(dashes, a.fill), contrast_of(dashes, theme.background)) >= 1.5
        assert contrast_of(a.fill, b.fill) >= 1.5 or by_outline, (one, two, look)


@themes
def test_a_kernel_is_no_input_in_grey(theme: Theme) -> None:
    assert contrast_of(theme.cell("input").fill, theme.cell("kernel").fill) >= 1.5


@themes
def test_outlines_contrast_with_what_they_touch(theme: Theme) -> None:
    """The window and its source touch their halo, which has the colour of the background; dashes touch their fill."""
    assert contrast_of(theme.window, theme.background) >= 3
    assert contrast_of(theme.last_window, theme.background) >= 3
    assert contrast_of(theme.text, theme.background) >= 3
    for look in LOOKS[:2]:
        padding = theme.cell("padding", **look)
        assert padding.dashes
        assert contrast_of(padding.dashes, padding.fill) >= 3, look


@themes
@pytest.mark.parametrize("view", ["slide", "isometric"])
def test_the_drawn_window_is_seen_in_grey_on_both_sides(theme: Theme, view: str) -> None:
    """Across each side of each window, next to the outline, there is a step of 3:1 outside and inside."""
    animation = animate(Conv(4, 3, 1, 1), view, theme.name, size=(640, 480))
    picture, frame = animation.display_list, animation.scene.frames[6]
    stage = Compositor(picture)
    pixels = stage.sprites.palette.colours[next(islice(stage.frames(), 6, None)).pixels]
    for mark in (one for one in frame.marks if one.role == "window"):
        bounds = picture.grid(mark.panel).span(mark.rows, mark.cols)
        corners = bounds.corners if isinstance(bounds, Parallelogram) else corners_of(bounds)
        middle = [sum(corner[axis] for corner in corners) / 4 for axis in (0, 1)]
        for start, end in pairwise([*corners, corners[0]]):
            side = [(3 * a + 2 * b) / 5 for a, b in zip(start, end, strict=True)]
            length = max(abs(a - b) for a, b in zip(side, middle, strict=True))
            steps = [1 + step / length for step in range(-9, 10)]
            line = [
                pixels[round(middle[1] + s * (side[1] - middle[1])), round(middle[0] + s * (side[0] - middle[0]))]
                for s in steps
            ]
            outline = min(range(len(line)), key=lambda index: wcag(line[index], rgb(theme.window)))
            for part in (line[: outline + 1], line[outline:]):
                assert max(wcag(line[outline], colour) for colour in part) >= 3, (mark, start, end)
            assert wcag(line[outline], rgb(theme.window)) < 1.2


def corners_of(box: Box) -> list[tuple[int, int]]:
    return [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)]


@themes
def test_faded_cells_are_hatched(theme: Theme) -> None:
    for role in CELL_ROLES:
        style = theme.cell(role, faded=True)
        assert style.hatch
        assert contrast_of(style.hatch, style.fill) >= 1.5, role


def test_contrast_follows_wcag() -> None:
    """Published values: black on white is 21, #777777 on white 4.48, #767676 4.54."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert [mix("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]


def test_an_unknown_theme_names_those_that_exist() -> None:
    with pytest.raises(PictureError, match="there is no theme 'blue'; use light, dark, print"):
        find_theme("blue")


def test_no_text_style_is_below_the_smallest_size() -> None:
    assert all(style.size >= 11 for style in TEXT_STYLES.values())
