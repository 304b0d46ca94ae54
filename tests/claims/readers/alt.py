"""Alt texts: the operation, what the view shows, and how it begins and ends."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.claims.readers import captions, header, panels
from tests.claims.readers.signals import check_matrix_names
from tests.claims.readers.upsampling import upsampled
from tests.claims.reading import About, NotUnderstoodError, Reader, holds, pairs, per_axis, same, sizes

reader = Reader()
NOUNS = {
    "conv": ("a convolution", "kernel"),
    "transposed": ("a transposed convolution", "kernel"),
    "maxpool": ("max pooling", "window"),
    "avgpool": ("average pooling", "window"),
}
SIDES = r"−?\d+(?:[×,]−?\d+)*"
GRID = r"(?:a|an) [\d×]+(?:-cell)?"
BEGINS = r"(?:It begins with|At first,) (?P<first>.+)(?: and ends with|; at the end,) "
ENDS = rf"(?:(?:{BEGINS}|It ends with |At the end, )(?P<last>.+)|Here, (?P<here>.+))\."


def check(text: str, about: About) -> None:
    """Check an alt text sentence by sentence."""
    found = re.fullmatch(rf"(?P<start>(?:Animation in|Step) .+?)\. (?P<middle>(?:.+\. )?){ENDS}", text)
    if not found:
        raise NotUnderstoodError(f"no reader understands the alt text {text!r}")
    reader.read(found["start"], about)
    for sentence in re.findall(r"(.+?)\. ", found["middle"]):
        reader.read(sentence, about)
    frames = len(about.scene.frames)
    if found["last"]:
        check_beginning(found["first"], about.scene)
    for caption, number in ((found["first"], 0), (found["last"], frames - 1), (found["here"], 0)):
        if caption:
            check_caption(caption, replace(about, number=number, full=False))


def check_beginning(first: str | None, scene: Any) -> None:
    """Check that how it begins is left out exactly if it ends so, too, as in a single step."""
    ends = {frame.number: frame for frame in scene.frames}
    same("first is last", first is None, ends[min(ends)].caption == scene.frames[-1].caption)


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
    rf"(?:,| and) padding (?P<p>{SIDES})(?: \((?P<remarks>[^)]+)\))?"
    r"(?:(?:,| and) dilation (?P<d>[\d×]+))?(?:(?:,| and) output padding (?P<a>[\d×]+))? "
    rf"turns (?P<before>{GRID}) input into (?P<after>{GRID}) output"
)
def operation(about: About, noun: str, kernel: str, window: str, s: str, p: str, **more: str | None) -> None:
    plain, count = about.plain, about.plain.count
    check_steps(about, more)
    same("kind", (noun, window), NOUNS[plain.kind])
    same("kernel", grid_of(kernel), plain.k)
    same("stride", per_axis(s, count), plain.s)
    same("padding", pairs(p, count), tuple((axis.before, axis.after) for axis in about.model.axes))
    check_remarks(more["remarks"], about)
    same("dilation", per_axis(more["d"] or "1", count), plain.d)
    same("output padding", per_axis(more["a"] or "0", count), about.model.sizes("a"))
    same("sizes", (grid_of(more["before"] or ""), grid_of(more["after"] or "")), (plain.i, about.model.o))


def check_steps(about: About, said: dict[str, str | None]) -> None:
    """Check `Animation in 9 steps` or `Step 3 of 9`."""
    numbers = [int(number) for number in (said["steps"], said["all"]) if number]
    same("steps", numbers, [about.scene.steps])
    same("animation", bool(said["steps"]), len(about.scene.frames) > 1)


def check_remarks(remarks: str | None, about: About) -> None:
    """Check `same, reflect`, `−∞`, `not counted`: the name of the padding, and what it holds."""
    plain = about.plain
    true = [plain.p] if isinstance(plain.p, str) else []
    if any(axis.before or axis.after for axis in about.model.axes):
        true += [plain.mode] if plain.mode != "zeros" else []
        true += ["−∞"] if plain.kind == "maxpool" else []
        true += [] if plain.include else ["not counted"]
    same("remarks on the padding", remarks.split(", ") if remarks else [], true)


@reader.says(
    r"(?:Animation in (?P<steps>\d+) steps?|Step (?P<step>\d+) of (?P<all>\d+)) of "
    r"nearest neighbour and a convolution that upsample by (?P<factor>\d+): "
    r"(?P<sizes>[\d×]+ → [\d×]+, p follows from k)"
)
def upsampling(about: About, factor: str, sizes: str, **more: str | None) -> None:
    check_steps(about, more)
    same("factor", {int(factor)}, set(about.plain.s))
    header.sizes_of.read(sizes, about)


@reader.says(
    r"Each input cell is copied to (?P<times>[\d×]+) cells, over which a kernel of (?P<kernel>[\d×]+) slides; the same "
    r"values come from (?P<phases>\d+) phases, and from a transposed convolution with a kernel of (?P<grown>[\d×]+)"
)
def copied(about: About, times: str, kernel: str, phases: str, grown: str) -> None:
    """Compare with the copies, and with the kernel, flipped and spread."""
    f = upsampled(about)
    same("copies", sizes(times), about.plain.s)
    same("kernel", sizes(kernel), about.plain.k)
    same("phases", int(phases), len(f.phases))
    same("grown kernel", sizes(grown), f.grown.shape)
    same("stamps of the grown kernel", f.stamped, f.y)


@reader.says(
    r"Seen as a convolution with stride 1 and the flipped kernel, z = (?P<z>[\d×]+) (?P<zeros>zero is|zeros are) "
    rf"inserted between neighbouring input cells, and the border is p′ = (?P<p>{SIDES})"
    r"(?P<crops>, which crops)?(?P<part> where it is negative)?(?:, and a = (?P<a>[\d×]+) more at the end)?"
)
def as_convolution(
    about: About, z: str, zeros: str, p: str, crops: str | None, part: str | None, a: str | None
) -> None:
    holds("the layer is transposed", about.plain.transposed)
    same("z", per_axis(z, about.plain.count), tuple(s - 1 for s in about.plain.s))
    same("plural of zero", zeros, "zero is" if z == "1" else "zeros are")
    same("p′", pairs(p, about.plain.count), about.model.sizes("implicit"))
    sides = [side for axis in about.model.axes for side in axis.implicit]
    same("it crops", (bool(crops), bool(part)), (min(sides) < 0, min(sides) < 0 <= max(sides)))
    same("output padding", per_axis(a or "0", about.plain.count), about.model.sizes("a"))


@reader.says(r"The window slides over the (?P<changes>[a-z, -]*?) ?input and writes the output cell by cell")
def slides(about: About, changes: str) -> None:
    kinds = {spot.kind for axis in about.model.axes for spot in axis.line}
    cropped = any(spot.cropped for axis in about.model.axes for spot in axis.line)
    true = {"padded": "padding" in kinds, "cropped": cropped, "zero-inserted": "inserted" in kinds}
    same("changes", changes.split(", ") if changes else [], [name for name, one in true.items() if one])
    same("steps", about.scene.steps, len(about.model.outputs()))


@reader.says(
    "An oblique projection; lines join each (?P<one>window|input cell) with "
    "(?P<other>its output cell|its stamp|the output cells that read it)"
)
def oblique(about: About, one: str, other: str) -> None:
    scatter = about.view == "isometric-scatter"
    holds("the view is oblique", scatter or about.view == "isometric")
    cells = "its stamp" if about.plain.transposed else "the output cells that read it"
    true = ("input cell", cells) if scatter else ("window", "its output cell")
    same("ends", (one, other), true)
    is_read = (
        not scatter or about.plain.transposed or any(about.model.reads(output) for output in about.model.outputs())
    )
    same("lines are drawn", any(frame.guides or frame.connectors for frame in about.scene.frames), is_read)


@reader.says("In two steps: pad, slide", "In four steps: new parameters, insert zeros, (?P<verb>pad|crop), slide")
def steps(about: About, verb: str | None = None) -> None:
    same("four steps", bool(verb), about.plain.transposed)
    same("tabs", len(about.scene.tabs), 4 if verb else 2)
    if verb:
        negative = any(side < 0 for axis in about.model.axes for side in axis.implicit)
        same("verb", verb, "crop" if negative else "pad")


GOES = "each input cell goes to the output cells that read it"


@reader.says(
    r"From the input's side: each input cell stamps (?P<stamps>value × kernel) into the output; overlaps add up",
    r"From the input's side: each input cell adds (?P<adds>value × weight) to the output cells that read it",
    r"From the input's side: each input cell adds its (?P<share>share) of the mean to the output cells that read it",
    rf"From the input's side: {GOES}; the (?P<largest>largest) so far stays",
    rf"From the input's side: {GOES}; the (?P<mean>mean) so far is shown",
)
def from_the_input(about: About, **what: str) -> None:
    mean = "share" if about.plain.include else "mean"
    names = {"transposed": "stamps", "conv": "adds", "maxpool": "largest", "avgpool": mean}
    same("what an input cell does", list(what), [names[about.plain.kind]])


@reader.says(r"As a matrix: y = (?P<name>Cᵀ?) x row by row, and the transpose (?P<other>Cᵀ?) column by column")
def as_matrix(about: About, name: str, other: str) -> None:
    check_matrix_names(about, name, other)


@reader.says(
    r"(?P<what>How many contributions each output cell receives|How often windows read each input cell), "
    r"for k = (?P<k>[\d×]+)(?P<more> and the nearest multiples of the stride)?"
)
def counts(about: About, what: str, k: str, more: str | None) -> None:
    same("what is counted", what.startswith("How many"), about.plain.transposed)
    same("kernel", per_axis(k, about.plain.count), about.plain.k)
    panels = [panel for panel in about.scene.panels if panel.name == "counts"]
    holds("there are other kernels", bool(more) or len(panels) == 1)


@reader.says(r"Beside the counts: (?P<captions>.+)")
def beside_the_counts(about: About, captions: str) -> None:
    names = ["input", "kernel", "output"]
    told = captions.split(", ")
    same("what is beside them", [one.split(" ")[0] for one in told], names[: len(told)])
    for one in told:
        panels.captions.read(one, about)


@reader.says(
    r"The layer and its transpose: from (?P<before>[\d×]+) to (?P<after>[\d×]+) to (?P<back>[\d×]+)"
    r"(?:, with output padding (?P<a>[\d×]+))?"
)
def there_and_back(about: About, before: str, after: str, back: str, a: str | None) -> None:
    plain, model = about.plain, about.model
    same("sizes", tuple(map(sizes, (before, after, back))), (plain.i, model.o, plain.i))
    other = () if plain.transposed else model.sizes("behind")
    same("output padding", per_axis(a or "0", plain.count), other if any(other) else (0,) * plain.count)


@reader.says("A picture under the window, in shades of grey; the output is written pixel by pixel")
def general(about: About) -> None:
    """Says what the view is."""
    same("view", about.view, "image")
