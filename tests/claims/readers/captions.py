"""The captions of frames: which cells are read, stamped, sent back, counted."""

from __future__ import annotations

from tests.claims.model import Index
from tests.claims.readers.equations import NAME, cell_of
from tests.claims.readers.equations import reader as equations
from tests.claims.reading import About, Reader, check_cells, check_listed, holds, same, sizes

reader = Reader(equations)
CELLS = r"(?P<cells>(?:rows?|columns?|cells?) [\d–…].*?)"


def written(index: str, about: About) -> Index:
    """Return the output cell of a name, which must be the one that the frame writes."""
    if about.view == "upsample":
        from tests.claims.readers import upsampling

        return upsampling.written(index, about)
    output = cell_of(index, about)
    if about.number is not None:
        after = about.view == "pair" or (about.view == "steps" and about.plain.transposed)
        before = len(about.scene.frames) - len(about.model.outputs()) - after
        same("number of the output cell", about.model.outputs().index(output) + before, about.number)
    return output


@reader.says(NAME)
def only_a_name(about: About, index: str) -> None:
    written(index, about)


@reader.says(
    NAME + " reads " + CELLS + r"(?: of (?P<of>the input|all \d+ input channels|input channels? [\d–, …]+))?",
)
def reads(about: About, index: str, cells: str, of: str | None) -> None:
    output = written(index, about)
    check_cells(f"cells that y[{index}] reads", cells, about.model.reads(output), about.model.names)
    if of:
        check_channels(of, about)


def check_channels(of: str, about: About) -> None:
    """Check `all 4 input channels`, `input channels 1–2`, or `the input` if there are no channels."""
    shown = about.values.shown if about.values else None
    if of == "the input":
        holds("there are no channels", shown is None or shown.channel is None)
        return
    holds("there are channels", shown is not None and shown.channel is not None)
    assert shown is not None
    if of.startswith("all "):
        same("channels that are read", int(of.split()[1]), len(shown.inputs))
        same("all channels", len(shown.x), len(shown.inputs))
    else:
        same("plural of channel", of.startswith("input channels"), len(shown.inputs) > 1)
        check_listed("channels", of.split(" ", 2)[2], [channel + 1 for channel in shown.inputs])


@reader.says(NAME + " reads (?:no input cell, )?only (?P<only>zeros|padding)")
def reads_nothing(about: About, index: str, only: str) -> None:
    """A window over padding alone: zeros, unless it is a maximum, to which padding is −∞."""
    output = written(index, about)
    same(f"cells that y[{index}] reads", about.model.reads(output), set())
    holds("padding is zero in this layer", only == "padding" or about.plain.kind != "maxpool")
    kinds = {spot.kind for place in about.model.window(output) for spot in about.model.spots(place)}
    holds("there is padding under the window, and no inserted zero", only == "zeros" or "inserted" not in kinds)


# Stack ---------------------------------------------------------------------------------------------------------------


@reader.says(NAME + " reads (?P<extent>[\\d×]+) cells")
def reads_many(about: About, index: str, extent: str) -> None:
    found = about.model.reads(written(index, about))
    same("extent", sizes(extent), tuple(len({cell[n] for cell in found}) for n in range(about.plain.count)))
