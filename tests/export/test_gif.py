"""GIF: read again by Pillow, and its blocks by a parser that shares nothing with the writer."""

from __future__ import annotations

import itertools
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageSequence

from convviz import Animation, Conv, ConvTranspose
from convviz.export.formats import export
from convviz.export.frame_diff import FrameDiffer
from convviz.export.lzw import write_lzw
from convviz.layout.boxes import Box
from convviz.raster import FrameStream, PalettedFrame
from convviz.render.compositor import frame_stream
from tests.at_rest import animate
from tests.profile import max_examples

SIZE = (640, 360)
Timeline = list[tuple[bytes, int]]
LAYERS = {
    "light": (Conv(5, 3, stride=2, padding=1), {"theme": "light"}),
    "dark": (ConvTranspose(3, 3, stride=2, padding=1), {"theme": "dark"}),
    "print": (ConvTranspose(2, 3, stride=2, padding=1, output_padding=1), {"theme": "print", "numbers": False}),
    "oblong": (Conv((4, 6), (2, 3), dilation=(2, 1)), {"theme": "light"}),
    "cropped": (ConvTranspose(4, 2, stride=2, padding=2), {"theme": "light"}),
}


@dataclass
class Blocks:
    """What the container says."""

    version: bytes
    size: tuple[int, int]
    palette: bytes
    loops: list[int] = field(default_factory=list)
    boxes: list[tuple[int, int, int, int]] = field(default_factory=list)
    local_palettes: int = 0
    interlaced: int = 0
    disposals: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    rest: bytes = b""


def parse(data: bytes) -> Blocks:
    """GIF89a, block by block; fails on anything that the specification does not know."""
    width, height, flags = struct.unpack_from("<2HB", data, 6)
    assert flags & 0x80, "no global palette"
    at = 13 + (3 << (flags & 7) + 1)
    blocks = Blocks(data[:6], (width, height), data[13:at])
    while data[at] != 0x3B:
        introducer = data[at]
        assert introducer in (0x21, 0x2C), hex(introducer)
        if introducer == 0x21:
            label = data[at + 1]
            body, at = _sub_blocks(data, at + 2)
            if label == 0xF9:
                flags, delay = struct.unpack_from("<BH", body)
                blocks.disposals.append(flags >> 2 & 7)
                blocks.delays.append(delay)
            elif label == 0xFF and body.startswith(b"NETSCAPE2.0"):
                assert body[11] == 1
                blocks.loops.append(struct.unpack_from("<H", body, 12)[0])
        else:
            x, y, w, h, flags = struct.unpack_from("<4HB", data, at + 1)
            blocks.boxes.append((x, y, w, h))
            blocks.local_palettes += bool(flags & 0x80)
            blocks.interlaced += bool(flags & 0x40)
            assert data[at + 10] in range(2, 9)
            _, at = _sub_blocks(data, at + 11)
    blocks.rest = data[at + 1 :]
    return blocks


def _sub_blocks(data: bytes, at: int) -> tuple[bytes, int]:
    body = b""
    while length := data[at]:
        body += data[at + 1 : at + 1 + length]
        at += 1 + length
    return body, at + 1


def decoded(path: Path) -> Iterator[tuple[np.ndarray[Any, Any], int]]:
    """Every frame as opaque RGB, and its milliseconds."""
    with Image.open(path) as image:
        assert image.format == "GIF"
        for frame in ImageSequence.Iterator(image):
            rgba = np.asarray(frame.convert("RGBA"))
            assert (rgba[..., 3] == 255).all(), "a pixel shows what is behind the picture"
            yield rgba[..., :3].copy(), frame.info["duration"]


def small(layer: Conv | ConvTranspose, **options: Any) -> Animation:
    return animate(layer, size=SIZE, **options)


def composed(animation: Animation) -> list[np.ndarray[Any, Any]]:
    """The frames as they were composed, before any encoding."""
    stream = frame_stream(animation.display_list)
    return [stream.palette[frame.pixels] for frame in stream.frames]


def merged(timeline: Sequence[tuple[bytes, int]]) -> Timeline:
    """Equal neighbours as one, their durations added."""
    groups = itertools.groupby(timeline, key=lambda entry: entry[0])
    return [(pixels, sum(duration for _, duration in group)) for pixels, group in groups]


def stream_of(colours: np.ndarray[Any, Any], frames: Sequence[tuple[np.ndarray[Any, Any], Box, int]]) -> FrameStream:
    """A stream whose frames share one array, as those of the compositor do."""
    height, width = frames[0][0].shape

    def paletted() -> Iterator[PalettedFrame]:
        shared = np.zeros((height, width), dtype=np.uint8)
        for pixels, changed, duration in frames:
            shared[...] = pixels
            yield PalettedFrame(shared, (changed,), duration)

    return FrameStream((width, height), colours, paletted(), tuple(duration for *_, duration in frames))


@pytest.mark.parametrize("name", LAYERS)
def test_decoded_frames_are_the_composed_frames_to_the_pixel(name: str, tmp_path: Path) -> None:
    layer, options = LAYERS[name]
    animation = small(layer, **options)
    shown = list(decoded(animation.save(tmp_path / "a.gif")))
    wanted = composed(animation)
    assert len(shown) == len(wanted) == np.prod(layer.output)
    for number, ((pixels, _), expected) in enumerate(zip(shown, wanted, strict=True)):
        assert np.array_equal(pixels, expected), f"frame {number} of {name}"


def test_no_two_frames_look_the_same(tmp_path: Path) -> None:
    frames = [pixels.tobytes() for pixels, _ in decoded(small(Conv(5, 3)).save(tmp_path / "a.gif"))]
    assert len(set(frames)) == len(frames) == 9


@pytest.mark.parametrize("size", [SIZE, (641, 361), (333, 517)])
def test_size_is_the_size_asked_for(size: tuple[int, int], tmp_path: Path) -> None:
    path = animate(Conv(4, 3), size=size).save(tmp_path / "a.gif")
    with Image.open(path) as image:
        assert image.size == size
    assert parse(path.read_bytes()).size == size


def test_first_and_last_stay_longer_and_the_total_is_the_sum(tmp_path: Path) -> None:
    animation = small(Conv(5, 3), step=0.5, hold=3)
    durations = [duration for _, duration in decoded(animation.save(tmp_path / "a.gif"))]
    assert durations == [1500, *[500] * 7, 3000]
    assert sum(durations) == animation.seconds * 1000


@pytest.mark.parametrize("milliseconds", [20, 25, 30, 35, 50, 70, 333])
def test_odd_steps_become_multiples_of_20_ms_and_rounding_does_not_add_up(milliseconds: int, tmp_path: Path) -> None:
    animation = small(Conv(8, 3), step=milliseconds / 1000, hold=0.91)
    durations = [duration for _, duration in decoded(animation.save(tmp_path / "a.gif"))]
    wanted = [frame.duration for frame in animation.scene.frames]
    assert wanted[1] == milliseconds
    assert all(duration >= 20 and duration % 20 == 0 for duration in durations)
    for shown, due in zip(itertools.accumulate(durations), itertools.accumulate(wanted), strict=True):
        assert abs(shown - due) <= 20


@pytest.mark.parametrize(("loop", "written"), [(0, [0]), (1, []), (2, [1]), (3, [2]), (65536, [65535])])
def test_loop_is_said_explicitly(loop: int, written: list[int], tmp_path: Path) -> None:
    path = small(Conv(4, 3)).save(tmp_path / "a.gif", loop=loop)
    assert parse(path.read_bytes()).loops == written
    with Image.open(path) as image:
        assert image.info.get("loop", "once") == (written[0] if written else "once")


def test_without_being_asked_it_plays_for_ever(tmp_path: Path) -> None:
    assert parse(small(Conv(4, 3)).save(tmp_path / "a.gif").read_bytes()).loops == [0]


@pytest.mark.parametrize("name", LAYERS)
def test_one_global_palette_and_frames_that_hold_only_what_changed(name: str, tmp_path: Path) -> None:
    layer, options = LAYERS[name]
    animation = small(layer, **options)
    blocks = parse(animation.save(tmp_path / "a.gif").read_bytes())
    colours = frame_stream(animation.display_list).palette
    assert blocks.version == b"GIF89a"
    assert blocks.palette.startswith(colours.tobytes())
    assert not blocks.local_palettes
    assert not blocks.interlaced
    assert not blocks.rest
    assert len(blocks.boxes) == len(blocks.delays) == animation.frames
    assert set(blocks.disposals) == {1}, "every frame stays for the next to change"
    assert blocks.boxes[0] == (0, 0, *SIZE)
    frames = composed(animation)
    for before, after, box in zip(frames, frames[1:], blocks.boxes[1:], strict=False):
        rows, cols = np.nonzero((before != after).any(axis=2))
        tight = (cols.min(), rows.min(), np.ptp(cols) + 1, np.ptp(rows) + 1)
        assert box == tight, "the box is the smallest that holds the changes"
        assert box[2] * box[3] < SIZE[0] * SIZE[1]


def test_the_same_animation_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (small(Conv(4, 3)).save(tmp_path / f"{name}.gif").read_bytes() for name in "ab")
    assert first == second


@pytest.mark.parametrize("cores", [1, 2, 3, 64, None])
def test_bytes_do_not_depend_on_the_number_of_cores(
    cores: int | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    animation = small(Conv(7, 3))
    plain = animation.save(tmp_path / "plain.gif").read_bytes()
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert animation.save(tmp_path / "cores.gif").read_bytes() == plain


def test_bytes_do_not_depend_on_what_was_drawn_before(tmp_path: Path) -> None:
    animations = [small(Conv(5, 3)), animate(ConvTranspose(2, 3, 2), "isometric", "dark", size=SIZE)]
    there = [animation.save(tmp_path / "a.gif").read_bytes() for animation in animations]
    back = [animation.save(tmp_path / "b.gif").read_bytes() for animation in reversed(animations)]
    assert there == back[::-1]


@given(bits=st.integers(2, 8), shape=st.tuples(st.integers(1, 90), st.integers(1, 90)), seed=st.integers(0, 99))
def test_pillows_private_lzw_writer_gives_the_bytes_of_the_public_one(
    bits: int, shape: tuple[int, int], seed: int
) -> None:
    assert hasattr(ImageFile, "_save"), "use Image.tobytes in convviz.export.lzw"
    noise = np.random.default_rng(seed).integers(0, 1 << bits, (shape[0], shape[1] // 9 + 1), dtype=np.uint8)
    pixels = np.ascontiguousarray(noise.repeat(1 + seed % 9, axis=1)[:, : shape[1]])
    with tempfile.TemporaryFile(buffering=0) as file:
        write_lzw(pixels, bits, file)
        file.seek(0)
        assert file.read() == Image.fromarray(pixels, "P").tobytes("gif", "P", bits, 0)


def test_gaps_of_one_colour_and_short_ones_are_sent(tmp_path: Path) -> None:
    """Between two changed pixels: 24 equal unchanged ones are sent, 25 are not; of two colours, 4 are, 5 are not."""
    before = np.zeros((4, 40), dtype=np.uint8)
    before[2:, 2::2] = 1
    after = before.copy()
    for row, end in enumerate((26, 27, 6, 7)):
        after[row, [1, end]] = 2
    differ = FrameDiffer((40, 4))
    everything = (Box(0, 0, 40, 4),)
    differ.update(PalettedFrame(before, everything, 100))
    diff = differ.update(PalettedFrame(after, everything, 100))
    assert diff
    drawn = diff.pixels(np.empty(160, np.uint8), transparent=9)
    assert (diff.box.x, diff.box.y, diff.box.w, diff.box.h) == (1, 0, 27, 4)
    sent = [(row[: end + 1] != 9).all() for row, end in zip(drawn, (25, 26, 5, 6), strict=True)]
    assert sent == [True, False, True, False]
    assert ((drawn == 9) | (drawn == after[:, 1:28])).all()


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; from convviz import ConvTranspose, animate; "
        "animate(ConvTranspose(3, 3, 2, 1), size=(640, 360)).save(sys.argv[1])"
    )
    paths = [tmp_path / f"{seed}.gif" for seed in (1, 2)]
    for path in paths:
        subprocess.run([sys.executable, "-c", code, path], check=True, env=os.environ | {"PYTHONHASHSEED": path.stem})
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_capital_suffix_is_a_gif_too(tmp_path: Path) -> None:
    path = small(Conv(4, 3)).save(tmp_path / "A.GIF")
    assert len(list(decoded(path))) == 4


@st.composite
def clips(draw: st.DrawFn) -> tuple[np.ndarray[Any, Any], list[tuple[np.ndarray[Any, Any], Box, int]]]:
    """Random pictures that change in random boxes, or not at all."""
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    count = draw(st.one_of(st.sampled_from([1, 2, 3, 4, 5, 127, 128, 129, 254, 255]), st.integers(1, 255)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    colours = random.integers(0, 256, (count, 3), dtype=np.uint8)
    pixels = random.integers(0, count, (height, width), dtype=np.uint8)
    frames = [(pixels.copy(), Box(0, 0, width, height), 20 * draw(st.integers(1, 100)))]
    for _ in range(draw(st.integers(0, 6))):
        x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        box = Box(x, y, draw(st.integers(1, width - x)), draw(st.integers(1, height - y)))
        if draw(st.integers(0, 3)):
            pixels[y : box.bottom, x : box.right] = random.integers(0, count, (box.h, box.w), dtype=np.uint8)
        frames.append((pixels.copy(), box, 20 * draw(st.integers(1, 100))))
    return colours, frames


@max_examples(150)
@given(clips(), st.integers(0, 5))
def test_any_stream_comes_back_as_it_went_in(
    clip: tuple[np.ndarray[Any, Any], list[tuple[np.ndarray[Any, Any], Box, int]]], loop: int
) -> None:
    colours, frames = clip
    with tempfile.TemporaryDirectory() as folder:
        path = export(replace(stream_of(colours, frames), loop=loop), Path(folder) / "a.gif")
        shown = [(pixels.tobytes(), duration) for pixels, duration in decoded(path)]
        blocks = parse(path.read_bytes())
    assert merged(shown) == merged([(colours[pixels].tobytes(), duration) for pixels, _, duration in frames])
    assert blocks.size == frames[0][0].shape[::-1]
    assert blocks.loops == ([] if loop == 1 else [max(0, loop - 1)])


@pytest.mark.parametrize("count", [1, 2, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 97), (83, 1), (200, 320)])
def test_extreme_sizes_and_palettes_round_trip(count: int, shape: tuple[int, int], tmp_path: Path) -> None:
    random = np.random.default_rng(count)
    colours = np.arange(count * 3, dtype=np.uint16).reshape(count, 3).astype(np.uint8)
    whole = Box(0, 0, shape[1], shape[0])
    frames = [(random.integers(0, count, shape, dtype=np.uint8), whole, 40) for _ in range(3)]
    path = export(stream_of(colours, frames), tmp_path / "a.gif")
    shown = [(pixels.tobytes(), duration) for pixels, duration in decoded(path)]
    assert merged(shown) == merged([(colours[pixels].tobytes(), 40) for pixels, *_ in frames])


def test_a_frame_that_changes_nothing_prolongs_the_one_before(tmp_path: Path) -> None:
    colours = np.array([[0, 0, 0], [255, 0, 0]], dtype=np.uint8)
    black, red = np.zeros((2, 3), np.uint8), np.ones((2, 3), np.uint8)
    whole = Box(0, 0, 3, 2)
    frames = [(black, whole, 100), (black, whole, 60), (red, whole, 40), (red, Box(1, 1, 1, 1), 200), (red, whole, 20)]
    shown = list(decoded(export(stream_of(colours, frames), tmp_path / "a.gif")))
    assert [duration for _, duration in shown] == [160, 260]
    assert [tuple(pixels[0, 0]) for pixels, _ in shown] == [(0, 0, 0), (255, 0, 0)]


@max_examples(100)
@given(st.lists(st.integers(20, 200), min_size=1, max_size=60))
def test_any_durations_keep_their_total_to_within_20_ms(durations: list[int]) -> None:
    colours = np.array([[0, 0, 0], [255, 255, 255]], dtype=np.uint8)
    frames = [
        (np.full((1, 1), number % 2, np.uint8), Box(0, 0, 1, 1), duration) for number, duration in enumerate(durations)
    ]
    with tempfile.TemporaryDirectory() as folder:
        shown = [duration for _, duration in decoded(export(stream_of(colours, frames), Path(folder) / "a.gif"))]
    assert all(duration % 20 == 0 and duration >= 20 for duration in shown)
    for written, due in zip(itertools.accumulate(shown), itertools.accumulate(durations), strict=True):
        assert abs(written - due) <= 20


def test_a_still_longer_than_one_delay_can_say_is_written(tmp_path: Path) -> None:
    colours = np.array([[0, 0, 0], [255, 0, 0]], dtype=np.uint8)
    frames = [(np.zeros((2, 2), np.uint8), Box(0, 0, 2, 2), 600_000)] * 3
    path = export(stream_of(colours, frames), tmp_path / "a.gif")
    assert sum(duration for _, duration in decoded(path)) == 1_800_000
