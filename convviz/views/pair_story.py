"""The moments of a step of the pair view: an output cell gathers, is written, and is sent back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.scene.model import Frame
from convviz.scene.timing import Story, asked
from convviz.text.lines import Sentence
from convviz.views.cell_grids import Index
from convviz.views.step_text import step_caption
from convviz.views.story import ASKED, row_length, special_steps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


def moment_names(values: LayerValues | None) -> tuple[str, ...]:
    """Name the moments of a step."""
    return ("gather", "write", "send back") if values and values.visible else ("gather", "send back")


def pair_story(layer: Layer, values: LayerValues | None, frames: Sequence[Frame], back: int) -> Story:
    """Return the story of `frames`, one for each output cell and a last one; `back` is the panel of what is sent back.

    The first change of each writes the output cell.
    """
    outputs = tuple(layer.outputs())
    return Story(
        moments=lambda index: list(_moments(layer, values, outputs[index], frames[index], back)),
        special=special_steps(layer),
        row=row_length(layer),
        after=1,
    )


def _moments(layer: Layer, values: LayerValues | None, output: Index, end: Frame, back: int) -> Iterator[Frame]:
    """Yield the frames before an output cell is sent back."""
    gathering = replace(
        end, changes=(), marks=tuple(one for one in end.marks if not (one.panel == back and one.highlighted))
    )
    if values is None or not values.visible:
        assert isinstance(end.caption, Sentence)
        yield replace(gathering, caption=Sentence(tuple(one for one in end.caption.variants if "back" not in one)))
        return
    caption, written = step_caption(layer, output, values), end.changes[0]
    yield replace(gathering, changes=(replace(written, cell=ASKED),), caption=asked(caption))
    yield replace(gathering, changes=(written,), caption=caption)
