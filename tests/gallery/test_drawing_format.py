"""A change that is seen raises the drawing format, so that galleries draw their pictures again; others do not."""

from __future__ import annotations

import pytest

from convviz import Conv, animate
from convviz.gallery.fingerprint import DRAWING_FORMAT
from convviz.version import versions
from tests.gallery.drawing_format import SIZE, animations, pixel_hash, recorded, scene_hash

REMEDY = (
    "what is drawn has changed: raise DRAWING_FORMAT in convviz/gallery/fingerprint.py, run "
    "python -m tests.gallery.drawing_format, and make gallery"
)
RECORDED = recorded()
SAME_LIBRARIES = RECORDED["versions"] == versions()


@pytest.fixture(scope="module")
def drawn() -> dict[str, object]:
    return dict(animations())


def test_the_number_is_the_recorded_one() -> None:
    assert RECORDED["drawing_format"] == DRAWING_FORMAT, REMEDY


def test_every_case_is_recorded(drawn: dict[str, object]) -> None:
    assert set(drawn) == set(RECORDED["cases"]), REMEDY


@pytest.mark.parametrize("name", RECORDED["cases"])
def test_what_is_drawn_is_what_was_recorded(name: str, drawn: dict[str, object]) -> None:
    """Scenes and colours under any version of the libraries, pixels under those that the record names."""
    animation = drawn[name]
    assert scene_hash(animation) == RECORDED["cases"][name]["scene"], REMEDY
    if SAME_LIBRARIES:
        assert pixel_hash(animation) == RECORDED["cases"][name]["pixels"], REMEDY


def test_the_hashes_see_a_change() -> None:
    plain, other = animate(Conv(4, 3), size=SIZE), animate(Conv(4, 3), size=SIZE, seed=1)
    assert scene_hash(plain) != scene_hash(other)
    assert pixel_hash(plain) != pixel_hash(other)
    assert pixel_hash(plain) != pixel_hash(animate(Conv(4, 3), size=SIZE, step=0.8))
    assert scene_hash(plain) != scene_hash(animate(Conv(4, 3), size=SIZE, theme="dark"))
