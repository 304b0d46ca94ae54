"""The readers refuse false sentences of every kind; the true ones, next to them, they take."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from tests.claims import sayings
from tests.claims.model import Model
from tests.claims.readers import alt, backward, comparison, explain, solutions
from tests.claims.reading import About
from tests.claims.scenes import check_scene
from tests.claims.shown import Shown, Values, with_gradient
from tests.claims.spoilt import SPOILT, Spoilt


def spoil(value: Any, true: str, false: str) -> Any:
    """Replace words in all texts of a scene, also in its frames; nothing replaces a whole term of a sum."""
    if isinstance(value, str):
        return value.replace(true, false)
    if isinstance(value, tuple):
        return tuple(spoil(one, true, false) for one in value if one != true or false)
    if is_dataclass(value):
        changed = {field.name: spoil(getattr(value, field.name), true, false) for field in fields(value)}
        return replace(value, **changed)  # type: ignore[type-var]
    return value


def check(case: Spoilt, true: str, false: str) -> None:
    """Read what is said of the layer, with some words replaced."""
    plain, layer = case.plain, sayings.layer_of(case.plain)
    assert layer is not None
    about = About(Model(plain))
    if case.where == "explain --backward":
        backward.read(replaced(sayings.explain(layer, backward=True), true, false), about)
    elif case.where == "explain":
        explain.read(replaced(sayings.explain(layer), true, false), about)
    elif case.where == "compare":
        text, x, w = sayings.comparison_of(layer, 0)
        comparison.check(replaced(text, true, false), plain, x, w)
    elif case.where == "solve":
        i, o = plain.i, about.model.o
        question = ["--input", str(i[0]), "--output", str(o[0]), "-k", str(plain.k[0]), "-s", str(plain.s[0])]
        text = sayings.printed("solve", "--transposed", *question)
        solutions.check(replaced(text, true, false).rstrip("\n"), i, o, True)
    else:
        check_picture(case, true, false)


def replaced(text: str, true: str, false: str) -> str:
    assert true in text, text
    return text.replace(true, false)


def check_picture(case: Spoilt, true: str, false: str) -> None:
    """Read the texts of a scene, or its alt text."""
    plain, layer = case.plain, sayings.layer_of(case.plain)
    view, _, hidden = ("slide" if case.where == "alt" else case.where).partition(" ")
    x = np.arange(1, 1 + int(np.prod(plain.i))).reshape(plain.i) % 5
    w = None if plain.pools else np.arange(int(np.prod(plain.k))).reshape(plain.k) % 4
    bias = None if case.bias is None else np.array([case.bias])
    x = np.full_like(x, 2) if hidden == "constant" else x
    shaded = hidden in ("shaded", "lens")
    shown = Shown(x, w, bias, hidden in ("", "constant"), shaded=shaded, lens=hidden == "lens")
    assert layer is not None
    if view.startswith("backward"):
        shown = with_gradient(shown, Model(plain).o, 0)
    scene = sayings.scene_of(layer, view, shown)
    assert scene is not None
    model = Model(plain)
    about = About(model, view=view, scene=scene, values=Values(model, shown))
    if case.where == "alt":
        alt.check(replaced(sayings.alt_of(layer, view, scene), true, false), about)
        return
    told = spoil(scene, true, false)
    assert (told == scene) is (true == false), "these words are nowhere"
    check_scene(replace(about, scene=told))


@pytest.mark.parametrize("case", SPOILT, ids=lambda case: case.kind_of_claim)
def test_a_false_sentence_is_refused_and_the_true_one_is_not(case: Spoilt) -> None:
    check(case, case.true, case.true)
    with pytest.raises(AssertionError, match=r"says|not true|no reader understands"):
        check(case, case.true, case.false)
