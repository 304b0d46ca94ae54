"""What stands below, beside and between the grids: captions, labels, signs."""

from __future__ import annotations

import re
from dataclasses import replace
from math import prod

from tests.claims.axis_model import AxisModel
from tests.claims.readers.bias import check_bias
from tests.claims.reading import About, Reader, holds, same, sizes

captions = Reader()
labels = Reader()
CHANNEL = r"(?: channel (?P<channel>\d+) of (?P<channels>\d+))?"
MODES = {
    "padded": "zeros",
    "padded by reflection": "reflect",
    "padded by repeating the border": "replicate",
    "padded from the other side": "circular",
}


def check_channel(about: About, channel: str | None, channels: str | None) -> None:
    """Check `input channel 2 of 3`, one that feeds the output channel."""
    shown = about.values.shown if about.values else None
    named = shown is not None and shown.channel is not None and about.view != "image"
    same("the channel is named", channel is not None, named)
    if named and channel and channels:
        holds(f"channel {channel} feeds the output channel", int(channel) - 1 in shown.inputs)
        same("input channels", int(channels), len(shown.x))


@captions.says(
    rf"input{CHANNEL}(?:, (?P<changes>[a-z ,]+))?:? (?P<sizes>[\d×]+)(?P<rest>(?:; (?!contrast|all cells)[^→;]+)+)?"
)
def padded_input(
    about: About, channel: str | None, channels: str | None, changes: str | None, sizes: str, rest: str | None
) -> None:
    """Check the changes and sizes of the padded input, and what is said of cells that are never read."""
    check_channel(about, channel, channels)
    axes = about.model.axes
    said = re.split(r", | and (?!crop|pad)", changes) if changes else []
    said = [part for word in said for part in word.split(" and ")]
    true = ["zeros inserted"] if any(axis.spread > axis.i for axis in axes) else []
    padded = [name for name in said if name in MODES]
    has_padding = any(spot.kind == "padding" for axis in axes for spot in axis.line)
    for name in padded:
        same("padding mode", MODES[name], about.plain.mode)
    true += padded
    true += ["cropped"] if any(spot.cropped for axis in axes for spot in axis.line) else []
    bare = about.view in ("scatter", "matrix", "pair", "isometric-scatter", "upsample", "stack")
    same("padding is said", bool(padded), has_padding and not bare)
    same("changes", said, [] if bare else true)
    same("size", tuple_of(sizes), about.plain.i if bare else tuple(gathered(axis) for axis in axes))
    check_rest(rest or "", about, bare)


def tuple_of(text: str) -> tuple[int, ...]:
    return sizes(text)


def gathered(axis: AxisModel) -> int:
    """Cells of the padded input that are neither cropped nor beyond the padding."""
    return sum(not spot.cropped and spot.kind != "beyond" for spot in axis.line)


def check_rest(rest: str, about: About, bare: bool) -> None:
    """Check `; 27 of 36 input cells are never read; the last window hangs over by 1 row`."""
    unread, copied = len(about.model.unread_inputs()), len(about.model.copied_inputs())
    beyond = [axis.beyond for axis in about.model.axes]
    parts = rest.split("; ")[1:]
    for part in parts:
        over = re.fullmatch(r"the last window hangs over by (.+)", part)
        found = re.fullmatch(r"(\d+) of (\d+) input cells? (is|are) never read", part)
        copies = re.fullmatch(r"(\d+) of (\d+) (is|are) read only as copies in the padding", part)
        if over:
            same("lines beyond the padding", over[1], counted(beyond, about))
        elif found or copies:
            said, true = (found, unread) if found else (copies, copied)
            assert said
            same("input cells", (int(said[1]), int(said[2])), (true, prod(about.plain.i)))
            same("verb", said[3], "is" if true == 1 else "are")
            same("one cell of one", "input cell " in part, bool(found) and said[2] == "1")
        else:
            same("what is never read", (part, unread, copied), ("only padding is never read", 0, 0))
    none = bare or about.plain.transposed
    padding = any(axis.unread for axis in about.model.axes) and not copied
    same("what is never read is said", "never read" in rest, (bool(unread) or padding) and not none)
    same("copies are said", "copies" in rest, bool(copied) and not none)
    same("what hangs over is said", "hangs over" in rest, any(beyond) and not bare)


def counted(counts: list[int], about: About) -> str:
    """Return `1 row and 2 columns`, without those of which there are none."""
    named = zip(counts, about.model.names, strict=True)
    return " and ".join(f"{count} {name if count > 1 else name.removesuffix('s')}" for count, name in named if count)


@captions.says(
    rf"input{CHANNEL}:? (?P<i>[\d×]+)(?: → (?P<how>padded[a-z ]*) (?P<padded>[\d×]+))?"
    r"(?P<rest>(?:; (?!contrast|all cells)[^→;]+)+)?",
)
def padding_step(about: About, i: str, rest: str | None, **more: str | None) -> None:
    """Check `input 5×5 → padded 7×7`."""
    check_channel(about, more["channel"], more["channels"])
    same("input", sizes(i), about.plain.i)
    same("padded input", sizes(more["padded"] or i), about.model.sizes("padded"))
    if more["how"]:
        same("padding mode", MODES[more["how"]], about.plain.mode)
    check_rest(rest or "", about, False)


@captions.says(r"(?P<i>[\d×]+) → (?P<spread>[\d×]+): i \+ \(i − 1\)·z")
def spread_step(about: About, i: str, spread: str) -> None:
    same("sizes", (sizes(i), sizes(spread)), (about.plain.i, about.model.sizes("spread")))


@captions.says(r"(?P<spread>[\d×]+) → (?P<padded>[\d×]+): \+ (?:(?P<both>2p′)|p′₁ \+ p′₂)(?P<a> \+ a)?")
def border_step(about: About, spread: str, padded: str, both: str | None, a: str | None) -> None:
    """Check the sizes, and that the sum gives them."""
    axes = about.model.axes
    same("sizes", (sizes(spread), sizes(padded)), (about.model.sizes("spread"), tuple(map(gathered, axes))))
    for axis in axes:
        before, after = axis.implicit
        same("sum", axis.spread + (2 * before if both else before + after) + (axis.a if a else 0), gathered(axis))


@captions.says(
    r"kernel(?: for channel (?P<channel>\d+):)? (?P<size>[\d×]+)(?P<flipped>, flipped)?"
    r"(?:, reaches over (?P<reach>[\d×]+))?"
)
def kernel(about: About, channel: str | None, size: str, flipped: str | None, reach: str | None) -> None:
    same("kernel", sizes(size), about.plain.k)
    same("the kernel is flipped", bool(flipped), about.plain.transposed and about.view != "upsample")
    same("the reach is said", bool(reach), set(about.plain.d) != {1})
    if reach:
        same("reach", sizes(reach), about.model.sizes("reach"))
    shown = about.values.shown if about.values else None
    same("the channel is named", bool(channel), shown is not None and shown.channel is not None)
    if channel:
        holds(f"channel {channel} feeds the output channel", int(channel) - 1 in shown.inputs)


OUTPUT = r"output(?: channel (?P<channel>\d+) of (?P<channels>\d+):)? (?P<size>[\d×]+)"


@captions.says(
    OUTPUT + r"(?:; (?P<hidden>\d+) more input channels? not shown)?(?:, with (?P<bias>bias.*?) added)?",
    OUTPUT + r"(?:, with (?P<bias>bias.*?) added)?(?:; (?P<hidden>\d+) more input channels? not shown)?",
)
def output(
    about: About, channel: str | None, channels: str | None, size: str, hidden: str | None, bias: str | None
) -> None:
    if bias:
        check_bias(bias, about)
    check_output_channel(about, channel, channels)
    copied = tuple(i * s for i, s in zip(about.plain.i, about.plain.s, strict=True))
    same("output", sizes(size), copied if about.view == "upsample" else about.model.o)
    inputs = [panel for panel in about.scene.panels if panel.name in ("input", "padded")] if about.scene else []
    if hidden:
        same("input channels that are hidden", int(hidden), about.values.channels - max(len(inputs), 1))


def check_output_channel(about: About, channel: str | None, channels: str | None) -> None:
    shown = about.values.shown if about.values else None
    if shown is None or shown.channel is None or about.view == "image":
        same("output channel", channel, None)
    else:
        same("output channel", (channel, channels), (str(shown.channel + 1), str(shown.outputs)))


@captions.says(r"partial sum (?P<size>[\d×]+)")
def partial_sum(about: About, size: str) -> None:
    """What one input channel contributes, when several are added."""
    same("size", sizes(size), about.model.o)
    holds("there are several channels", about.values.channels > 1)


@captions.says(r"(?P<before>input.+) → (?P<after>output.+)")
def lane(about: About, before: str, after: str) -> None:
    """The caption of the lowest lane names the padded input, without its channels, and the output."""
    bare = replace(about, values=None)
    captions.read(before, bare)
    captions.read(after, about)


@labels.says(r"(?:↑(?P<up>\d+) )?x(?: (?P<channel>\d+))?")
def x_label(about: About, up: str | None, channel: str | None) -> None:
    if up:
        same("factor", (int(up),), about.plain.s)
        holds("zeros are inserted", about.plain.transposed)


@labels.says(r"w(?: (?P<channel>\d+))?(?P<flipped> flipped)?")
def kernel_label(about: About, channel: str | None, flipped: str | None) -> None:
    same("a transposed layer flips its kernel", bool(flipped), about.plain.transposed)


@labels.says("y", "")
def y_label(about: About) -> None:
    """Names the output."""
