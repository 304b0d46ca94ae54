"""Every sentence about a cell of the explorer that is pointed at, against brute force."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.claims import sayings
from tests.claims.links import Drawn, case_of, check_links, check_told
from tests.claims.plain import Plain
from tests.claims.shown import Shown, with_gradient
from tests.claims.spoilt import CONV, UP, layer
from tests.profile import ALL
from tests.web.test_explorer_twins import asked

LAYERS = 3000 if ALL else 96


def test_all_that_is_said_of_a_cell_is_true() -> None:
    assert check_links(range(LAYERS)) > 100 * LAYERS


CROPPED = layer("transposed", 4, 2, 3, 2)
COPIED = layer("conv", 4, 3, 1, 1, mode="replicate")
SPOILT: list[tuple[Plain, str, str, str]] = [
    (CONV, "slide", " of the output", " of the input"),
    (CONV, "slide", "feeds rows 0–1", "feeds row 0"),
    (CONV, "slide", "padding is read", "padding is not read"),
    (CONV, "slide", " multiplies rows 0, 2, 4, ", " multiplies rows 0–4, "),
    (UP, "slide", "an inserted zero", "a zero of the padding"),
    (UP, "slide", "w[0,1] = 1", "w[0,1] = 2"),
    (UP, "slide", "x[1,2] = ", "x[2,1] = "),
    (CROPPED, "slide", ": padding crops all its contributions", ""),
    (CROPPED, "slide", "cropped, and ", ""),
    (COPIED, "slide", "padding that repeats x[0,1]", "padding that repeats x[1,0]"),
    (UP, "scatter", "; the rest of the stamp is cropped", ""),
    (UP, "scatter", "cropped: y[−1,0]", "cropped: y[0,−1]"),
    (UP, "scatter", "2·1", "1·2"),
    (CONV, "matrix", "Cᵀ", "C"),
    (CONV, "matrix", "sends y[1,1] back", "sends y[1,0] back"),
    (CONV, "matrix", "is not read by", "multiplies"),
    (UP, "pair", " + ", " − "),
    (UP, "overlap", "2·2 = 4", "2·1 = 4"),
    (UP, "overlap", "contributions, from", "contribution, from"),
    (UP, "overlap", "from rows 0–1", "from rows 1–2"),
    (UP, "overlap", "k = 4: ", "k = 6: "),
    (CONV, "backward", "stamps rows 0–1", "stamps rows 0–2"),
    (CONV, "backward", ", and padding", ""),
    (CONV, "backward", "padding: what it receives is cropped", "padding that receives nothing"),
    (COPIED, "backward", "added to dL/dx[0,1]", "added to dL/dx[1,0]"),
    (UP, "backward", "is sent to rows 0–1", "is sent to rows 1–2"),
    (UP, "backward", "a zero in the place of a cropped cell of y", "dL/dy[0,0]"),
    (UP, "backward", "dL/dx[0,1] = ", "dL/dx[1,0] = "),
    (UP, "backward", "dL/dw[0,1] = ", "dL/dw[1,0] = "),
    (UP, "backward", "dL/db = ", "dL/db = 1 + "),
]


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[Drawn, Any]]:
    """What the explorer says of each layer and view that is spoilt."""
    found: dict[str, Drawn] = {}
    for plain, view, *_ in SPOILT:
        x = np.arange(1, 1 + int(np.prod(plain.i))).reshape(plain.i) % 5
        shown = Shown(x, np.arange(int(np.prod(plain.k))).reshape(plain.k) % 4, None)
        drawn: Any = sayings.layer_of(plain)
        shown = with_gradient(shown, drawn.output, 3)
        scene: Any = sayings.scene_of(drawn, view, shown)
        found[f"{plain} {view}"] = (0, plain, view, shown, scene.steps)
    answers = asked([case_of(*drawn[1:]) for drawn in found.values()])
    return dict(zip(found, zip(found.values(), answers, strict=True), strict=True))


@pytest.mark.parametrize(("plain", "view", "true", "false"), SPOILT)
def test_a_false_sentence_is_refused_and_the_true_one_is_not(
    plain: Plain, view: str, true: str, false: str, told: dict[str, tuple[Drawn, Any]]
) -> None:
    drawn, answer = told[f"{plain} {view}"]
    assert check_told(drawn, answer) > 0
    with pytest.raises(AssertionError, match=r"says|not true|no reader understands"):
        check_told(drawn, answer, lambda line: line.replace(true, false))
