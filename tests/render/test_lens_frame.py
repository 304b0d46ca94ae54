"""Lines from a lens to the output: they begin at its frame, off the numbers and captions inside."""

from __future__ import annotations

import pytest

from convviz import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layout.boxes import Box
from convviz.render.display_list import make_display_list
from convviz.render.lens_frame import outside
from convviz.render.paths import Stroke
from convviz.style.theme import LIGHT
from tests.at_rest import animate


@pytest.mark.parametrize("layer", [Conv(40, 3, 1, 1), Conv(28, 5, 2), ConvTranspose(20, 4, 2, 1)])
def test_lines_to_the_output_begin_at_the_frame(layer: Layer) -> None:
    display = make_display_list(animate(layer).scene, LIGHT, (1280, 720))
    lens = display.layout.lens
    assert lens
    for frame in display.scene.frames[:: len(display.scene.frames) // 7]:
        strokes = [one for one in display.guide_lines(frame, {}, ()) if isinstance(one, Stroke)]
        ends = [line for stroke in strokes for line in stroke.lines if line[1][0] > lens.right]
        assert len(ends) >= 2
        for (x, y), (right, _) in ends:
            assert x == lens.right < right
            assert lens.y <= y <= lens.bottom


def test_a_line_that_begins_elsewhere_stays_as_it_is() -> None:
    lens, line = Box(50, 0, 40, 40), ((20.0, 10.0), (120.0, 60.0))
    assert outside(lens, [line], Box(10, 5, 10, 10)) == (line,)
    assert outside(None, [line], Box(60, 5, 10, 10)) == (line,)
    assert outside(lens, [((70.0, 10.0), (110.0, 30.0))], Box(60, 5, 10, 10)) == (((90.0, 20.0), (110.0, 30.0)),)
