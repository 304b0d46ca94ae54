"""What stands below, beside and between the grids: captions, labels, signs."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.claims.axis_model import AxisModel
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
    named = shown is not None and shown.channel is not None
    same("the channel is named", channel is not None, named)
    if named and channel and channels:
        holds(f"channel {channel} feeds the output channel", int(channel) - 1 in shown.inputs)
        same("input channels", int(channels), len(shown.x))


@captions.says(rf"input{CHANNEL}(?:, (?P<changes>[a-z ,]+))?:? (?P<sizes>[\d×]+)(?P<rest>; [^→]+)?")
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
    """Check `; last row and 2 columns are never read; the last window hangs over by 1 row`."""
    names = [name.removesuffix("s") for name in about.model.names]
    behind = [axis.behind for axis in about.model.axes]
    beyond = [axis.beyond for axis in about.model.axes]
    for part in rest.split("; ")[1:]:
        found = re.fullmatch(r"last (.+) (is|are) never read", part)
        over = re.fullmatch(r"the last window hangs over by (.+)", part)
        holds(f"{part!r} is about the end of the input", bool(found or over))
        if found:
            same("lines that are never read", counted(found[1], names), behind)
            same("plural", found[2] == "are", sum(behind) > 1)
        elif over:
            same("lines beyond the padding", counted(over[1], names), beyond)
    same("what is never read is said", "never read" in rest, any(behind) and not bare)
    same("what hangs over is said", "hangs over" in rest, any(beyond) and not bare)


def counted(text: str, names: list[str]) -> list[int]:
    """Read `row and 2 columns` as [1, 2]."""
    found = dict.fromkeys(names, 0)
    for part in text.split(" and "):
        match = re.fullmatch(r"(?:(\d+) )?(row|column|cell)(s?)", part)
        holds(f"{part!r} counts lines", match is not None)
        assert match
        holds("its name is known", match[2] in found)
        found[match[2]] = int(match[1] or 1)
        same("plural", bool(match[3]), found[match[2]] > 1)
    return list(found.values())


@captions.says(
    r"kernel(?: for channel (?P<channel>\d+):)? (?P<size>[\d×]+)(?P<flipped>, flipped)?"
    r"(?:, reaches over (?P<reach>[\d×]+))?"
)
def kernel(about: About, channel: str | None, size: str, flipped: str | None, reach: str | None) -> None:
    same("kernel", sizes(size), about.plain.k)
    same("the kernel is flipped", bool(flipped), about.plain.transposed)
    same("the reach is said", bool(reach), set(about.plain.d) != {1})
    if reach:
        same("reach", sizes(reach), about.model.sizes("reach"))
    shown = about.values.shown if about.values else None
    same("the channel is named", bool(channel), shown is not None and shown.channel is not None)
    if channel:
        holds(f"channel {channel} feeds the output channel", int(channel) - 1 in shown.inputs)


OUTPUT = r"output(?: channel (?P<channel>\d+) of (?P<channels>\d+):)? (?P<size>[\d×]+)"


@captions.says(OUTPUT + r"(?:; (?P<hidden>\d+) more input channels? not shown)?")
def output(about: About, channel: str | None, channels: str | None, size: str, hidden: str | None) -> None:
    check_output_channel(about, channel, channels)
    same("output", sizes(size), about.model.o)
    inputs = [panel for panel in about.scene.panels if panel.name in ("input", "padded")] if about.scene else []
    if hidden:
        same("input channels that are hidden", int(hidden), about.values.channels - max(len(inputs), 1))


def check_output_channel(about: About, channel: str | None, channels: str | None) -> None:
    shown = about.values.shown if about.values else None
    if shown is None or shown.channel is None:
        same("output channel", channel, None)
    else:
        same("output channel", (channel, channels), (str(shown.channel + 1), str(shown.outputs)))


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


@labels.says(r"(?P<name>q|w)(?: (?P<channel>\d+))?(?P<flipped> flipped)?")
def kernel_label(about: About, name: str, channel: str | None, flipped: str | None) -> None:
    same("a transposed layer flips its kernel q", (name == "q", bool(flipped)), (about.plain.transposed,) * 2)


@labels.says("y", "")
def y_label(about: About) -> None:
    """Names the output."""
