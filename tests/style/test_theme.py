from __future__ import annotations

from itertools import combinations, product

import pytest

from convviz import PictureError
from convviz.scene.model import BADGE_ROLES, CELL_ROLES
from convviz.style.theme import MIN_TEXT_CONTRAST, TEXT_STYLES, THEMES, Theme, contrast, find_theme, mix

LOOKS = [{}, {"highlighted": True}, {"faded": True}]
themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@themes
def test_every_theme_knows_every_role(theme: Theme) -> None:
    assert set(theme.cells) == set(CELL_ROLES)
    assert set(theme.badges) == set(BADGE_ROLES)


@themes
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    for role, look in product([role for role in CELL_ROLES if role not in ("bar", "pixel")], LOOKS):
        style = theme.cell(role, **look)
        for ground in (style.fill, style.hatch or style.fill):
            assert contrast(style.ink, ground) >= MIN_TEXT_CONTRAST, (role, look)
    assert all(contrast(ink, theme.surface) >= MIN_TEXT_CONTRAST for ink in theme.badges.values())
    assert contrast(theme.text, theme.background) >= MIN_TEXT_CONTRAST
    assert contrast(theme.muted, theme.background) >= MIN_TEXT_CONTRAST


@themes
def test_the_window_is_distinct_by_its_outline(theme: Theme) -> None:
    on_cells = [contrast(theme.window, theme.cell(role).fill) for role in ("padding", "inserted")]
    assert min(on_cells) >= 1.9
    assert contrast(theme.window, theme.background) >= 1.9


@themes
def test_roles_are_told_apart_in_grey(theme: Theme) -> None:
    """Filled roles differ in lightness, or one of them is dashed or hatched."""
    for one, two in combinations(("input", "inserted", "output", "padding"), 2):
        a, b = theme.cell(one), theme.cell(two)
        assert contrast(a.fill, b.fill) >= 1.1 or bool(a.dashes) != bool(b.dashes), (one, two)


@themes
def test_faded_cells_are_hatched(theme: Theme) -> None:
    assert all(theme.cell(role, faded=True).hatch for role in CELL_ROLES)


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
