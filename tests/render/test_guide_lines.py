"""Lines to a lens cross no text: a text of a bracket in their way is drawn once more, on its ground."""

from __future__ import annotations

import numpy as np

from convviz import Conv
from convviz.render.display_list import make_display_list
from convviz.render.paths import Stroke
from convviz.render.text_run import BackedText
from convviz.style.theme import LIGHT
from tests.at_rest import animate


def test_a_text_that_a_line_crosses_is_on_its_ground() -> None:
    layer = Conv((12, 16), 3, 1, 2)
    x = np.arange(12 * 16).reshape(12, 16)
    scene = animate(layer, "image", x=x, w=np.arange(9).reshape(3, 3), max_frames=2000).scene
    display = make_display_list(scene, LIGHT, (960, 540))
    brackets = [text for text in display.layout.texts if text.style == "bracket"]
    assert brackets, "an image has brackets"
    seen = 0
    for frame in display.scene.frames:
        drawn = list(display.guide_lines(frame, {}, ()))
        halos = [one for one in drawn if isinstance(one, Stroke)][: len(frame.guides)]
        again = {one.text_run.text for one in drawn if isinstance(one, BackedText)}
        seen += len(again)
        for text in brackets:
            through = any(halo.crosses(text.box.grown(-4)) for halo in halos)
            assert not through or text.text in again
    assert seen, "lines to the lens cross a bracket's text"
