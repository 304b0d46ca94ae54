"""The shades of values: even steps of lightness, zero and signs apart, also with colour blindness."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from convviz.style.theme import THEMES, Theme
from convviz.views.shading import STEPS

RAMPS = ("shade", "positive", "negative")
LEVELS = [100 * step // STEPS for step in range(1, STEPS + 1)]
SIGHT = {
    "full": np.eye(3),
    # Machado, Oliveira & Fernandes 2009, severity 1, for linear RGB
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)


def lab(colour: str, sight: str = "full") -> np.ndarray:
    """CIELAB of a colour as it is seen, D65."""
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def fills(theme: Theme, role: str) -> list[str]:
    return [theme.cell(role, level=level).fill for level in LEVELS]


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("role", RAMPS)
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_lightness_goes_one_way_in_even_steps(theme: Theme, role: str, sight: str) -> None:
    steps = [after[0] - before[0] for before, after in pairwise(lab(fill, sight) for fill in fills(theme, role))]
    signs = {np.sign(step) for step in steps}
    assert len(signs) == 1
    sizes = sorted(map(abs, steps))
    assert sizes[-1] <= 2 * sizes[0]
    assert sum(sizes) >= 50


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_signs_and_zero_are_told_apart(name: str, sight: str) -> None:
    """By at least 5 of CIELAB, where 2.3 is just seen; in print negative cells are hatched."""
    theme = THEMES[name]
    for role in RAMPS:
        zero = lab(theme.cell("exact zero").fill, sight)
        assert min(np.linalg.norm(lab(fill, sight) - zero) for fill in fills(theme, role)) >= 5
    for one, other in combinations(RAMPS, 2):
        if "negative" in (one, other):
            pairs = zip(fills(theme, one), fills(theme, other), strict=True)
            assert min(np.linalg.norm(lab(a, sight) - lab(b, sight)) for a, b in pairs) >= 5


def test_print_hatches_negative_values() -> None:
    assert THEMES["print"].cell("negative", level=50).hatch
    assert not THEMES["print"].cell("positive", level=50).hatch
