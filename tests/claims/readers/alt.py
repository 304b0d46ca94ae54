"""Alt texts: the operation, what the view shows, and how it begins and ends."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.claims.readers import captions
from tests.claims.reading import About, NotUnderstoodError, Reader, holds, pairs, per_axis, same, sizes

reader = Reader()
NOUNS = {
    "conv": ("a convolution", "kernel"),
    "transposed": ("a transposed convolution", "kernel"),
    "maxpool": ("max pooling", "window"),
    "avgpool": ("average pooling", "window"),
}
GRID = r"(?:a|an) [\d×]+(?:-cell)?"
ENDS = r"(?:It begins with (?P<first>.+) and ends with (?P<last>.+)|Here, (?P<here>.+))\."


def check(text: str, about: About) -> None:
    """Check an alt text sentence by sentence."""
    found = re.fullmatch(rf"(?P<start>(?:Animation in|Step) .+?)\. (?P<middle>(?:.+\. )?){ENDS}", text)
    if not found:
        raise NotUnderstoodError(f"no reader understands the alt text {text!r}")
    reader.read(found["start"], about)
    for sentence in re.findall(r"(.+?)\. ", found["middle"]):
        reader.read(sentence, about)
    frames = len(about.scene.frames)
    for caption, number in ((found["first"], 0), (found["last"], frames - 1), (found["here"], 0)):
        if caption:
            check_caption(caption, replace(about, number=number, full=False))


def check_caption(text: str, about: About) -> None:
    """Check the caption of a frame, whose first letter may have become small."""
    try:
        captions.reader.read(text, about)
    except NotUnderstoodError:
        captions.reader.read(text[0].upper() + text[1:], about)


def grid_of(text: str) -> tuple[int, ...]:
    """Read `a 3×3`, `an 8×8` or `an 8-cell`."""
    article, size = text.split(" ")
    same(f"article of {size}", article, "an" if re.match(r"8|11(?!\d)|18(?!\d)", size) else "a")
    return sizes(size.removesuffix("-cell"))


@reader.says(
    r"(?:Animation in (?P<steps>\d+) steps?|Step (?P<step>\d+) of (?P<all>\d+)) of (?P<noun>[a-z ]+): "
    rf"(?P<kernel>{GRID}) (?P<window>kernel|window) with stride (?P<s>[\d×]+)"
    r"(?:,| and) padding (?P<p>\d+(?:[×,]\d+)*)(?P<mode> \([^)]+\))?"
    r"(?:(?:,| and) dilation (?P<d>[\d×]+))?(?:(?:,| and) output padding (?P<a>[\d×]+))?(?P<more>.*?) "
    rf"turns (?P<before>{GRID}) input into (?P<after>{GRID}) output"
)
def operation(about: About, noun: str, kernel: str, window: str, s: str, p: str, **more: str | None) -> None:
    plain, count = about.plain, about.plain.count
    frames = [more["steps"], more["all"]]
    same("steps", [int(number) for number in frames if number], [about.scene.steps])
    same("kind", (noun, window), NOUNS[plain.kind])
    same("kernel", grid_of(kernel), plain.k)
    same("stride", per_axis(s, count), plain.s)
    same("padding", pairs(p, count), tuple((axis.before, axis.after) for axis in about.model.axes))
    same("padding mode", (more["mode"] or " (zeros)").strip(" ()"), plain.mode)
    same("dilation", per_axis(more["d"] or "1", count), plain.d)
    same("output padding", per_axis(more["a"] or "0", count), about.model.sizes("a"))
    check_options(more["more"] or "", about)
    same("sizes", (grid_of(more["before"] or ""), grid_of(more["after"] or "")), (plain.i, about.model.o))


def check_options(text: str, about: About) -> None:
    """Check what is said of the options of a pooling."""
    same("what else is said", text, "")


@reader.says(
    r"Seen as a convolution with stride 1, z = (?P<z>[\d×]+) (?P<zeros>zeros?) stands? between neighbouring input "
    r"cells, and a border of p′ = (?P<p>[−\d×,]+) lies around them"
)
def as_convolution(about: About, z: str, zeros: str, p: str) -> None:
    holds("the layer is transposed", about.plain.transposed)
    same("z", per_axis(z, about.plain.count), tuple(s - 1 for s in about.plain.s))
    same("plural of zero", zeros, "zero" if z == "1" else "zeros")
    same("p′", pairs(p, about.plain.count), tuple(axis.implicit for axis in about.model.axes))
    holds(
        "a border that lies around is not negative", not any(side < 0 for x in about.model.axes for side in x.implicit)
    )


@reader.says(
    r"(?:The window walks|Slide at a slant, four lines from window to output).*?(?: over the (?P<what>padded, "
    r"zero-inserted input|padded input|zero-inserted input|input); each stop writes one output cell)?"
)
def walks(about: About, what: str | None) -> None:
    if what is None:
        return
    padded = any(spot.kind == "padding" for axis in about.model.axes for spot in axis.line)
    same("the input is padded", "padded" in what and not about.plain.transposed, padded and not about.plain.transposed)
    same("zeros are inserted", "zero-inserted" in what, about.plain.transposed)


@reader.says(
    r"A transposed convolution in four steps: parameters, insert zeros, pad, slide; a convolution in two",
    r"Y = C x row by row, and the transpose Cᵀ column by column",
    r"How many contributions each cell receives, for k and the nearest multiples of the stride",
    r"A layer and its transpose: sizes going down and up again, with output padding",
    r"Nearest \+ convolution, transposed, pixel shuffle and bilinear at the same factor, side by side",
    r"A picture under the window, the output growing",
)
def general(about: About) -> None:
    """Says what the view is."""


@reader.says(
    r"From the input's side: each input cell stamps value × kernel into the output; overlaps add up",
    r"Scatter at a slant, four lines from the input cell to its stamp",
)
def stamps(about: About) -> None:
    holds("the layer has a kernel", not about.plain.pools)
