"""MP4: read again by ffmpeg and by a parser of the container; an encoder that fails leaves nothing behind."""

from __future__ import annotations

import gc
import itertools
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest

from convviz import Animation, Conv, ConvTranspose, ExportError
from convviz.animation.save_options import SaveOptions
from convviz.export.formats import export, played_seconds, resolve_target
from convviz.export.metadata import read
from convviz.layout.boxes import Box
from convviz.raster import FrameStream, PalettedFrame
from convviz.render.compositor import frame_stream
from tests.at_rest import animate

posix = pytest.mark.skipif(os.name == "nt", reason="needs a shell script as the encoder")
OLD = b"the older file"


def atoms(data: bytes) -> list[str]:
    """Names of the outermost boxes of an MP4, in order."""
    names, at = [], 0
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        assert length >= 8, "sizes of 0 and 1 do not occur in small files"
        names.append(name.decode("ascii"))
        at += length
    assert at == len(data), "the last box is cut off"
    return names


def probe(path: Path) -> str:
    """What ffmpeg says about the video stream, after decoding all of it without a complaint."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    decoding = subprocess.run([program, "-v", "error", "-i", path, "-f", "null", "-"], capture_output=True, check=True)
    assert not decoding.stderr
    said = subprocess.run([program, "-hide_banner", "-i", path], capture_output=True, check=False).stderr.decode(
        errors="replace"
    )
    streams = re.findall(r"Stream #.*", said)
    assert len(streams) == 1, said
    return streams[0]


def pictures(path: Path) -> np.ndarray[Any, Any]:
    """All frames as RGB, converted with the matrix that the stream should name."""
    found = re.search(r", (\d+)x(\d+)", probe(path))
    assert found
    matrix = ["-vf", "scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int"]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, *matrix, *raw]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(data, np.uint8).reshape(-1, int(found[2]), int(found[1]), 3)


def small(**options: Any) -> Animation:
    return animate(**{"layer": Conv(4, 3), "size": (640, 360)} | options)


def flicker(durations: list[int], size: tuple[int, int] = (64, 64)) -> FrameStream:
    """Shots that are black and white in turn."""

    def frames() -> Iterator[PalettedFrame]:
        for number, duration in enumerate(durations):
            yield PalettedFrame(np.full(size[::-1], number % 2, np.uint8), (Box(0, 0, *size),), duration)

    return FrameStream(size, np.array([[0, 0, 0], [255, 255, 255]], np.uint8), frames(), tuple(durations))


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Animation, Path]:
    animation = small(layer=ConvTranspose(3, 3, stride=2, padding=1), size=(642, 362))
    return animation, animation.save(tmp_path_factory.mktemp("video") / "a.mp4")


def test_it_is_h264_yuv420p_in_bt709_at_10_frames_a_second(filmed: tuple[Animation, Path]) -> None:
    stream = probe(filmed[1])
    assert "Video: h264" in stream
    assert "yuv420p(tv, bt709" in stream
    assert re.search(r"[ ,]10 fps", stream), stream


def test_even_sizes_are_kept_to_the_pixel(filmed: tuple[Animation, Path]) -> None:
    assert " 642x362" in probe(filmed[1])
    assert pictures(filmed[1])[0].shape == (362, 642, 3)


def test_it_lasts_as_long_as_the_animation(filmed: tuple[Animation, Path]) -> None:
    animation, path = filmed
    count, seconds = imageio_ffmpeg.count_frames_and_secs(path)
    assert count == animation.seconds * 10 == 168
    assert seconds == pytest.approx(animation.seconds, abs=0.05)


def test_every_frame_shows_the_composed_frame_of_its_time(filmed: tuple[Animation, Path]) -> None:
    """Tolerance: 1.5/255 on average and 4/255 inside areas of one colour; halved chroma blurs edges."""
    animation, path = filmed
    shown, stream, at = pictures(path), frame_stream(animation.display_list), 0
    for drawn_frame in stream.frames:
        wanted = stream.palette[drawn_frame.pixels].astype(int)
        flat = interior(drawn_frame.pixels)
        assert flat.mean() > 0.5
        for frame in (shown[at], shown[at + drawn_frame.duration // 100 - 1]):
            error = np.abs(frame - wanted)
            assert error.mean() < 1.5
            assert np.percentile(error[flat], 99.9) <= 4
        at += drawn_frame.duration // 100
    assert at == len(shown)


def interior(indices: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where the 9×9 pixels around have one colour."""
    padded = np.pad(indices, 4, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (9, 9))
    return (windows == indices[..., None, None]).all(axis=(2, 3))


def test_colours_of_cells_are_those_of_the_theme(filmed: tuple[Animation, Path]) -> None:
    animation, path = filmed
    last = pictures(path)[-1]
    box = animation.display_list.grid(2).cell(0, 0)
    corner = last[box.y + 2 : box.y + 5, box.x + 2 : box.x + 5].reshape(-1, 3).astype(int)
    assert np.abs(corner.mean(axis=0) - (0x00, 0x7A, 0x58)).max() <= 4, "but for the noise of the codec"


def test_the_video_changes_after_each_step_and_not_in_between(filmed: tuple[Animation, Path]) -> None:
    animation, path = filmed
    ends = np.cumsum([frame.duration // 100 for frame in animation.scene.frames])
    assert jumps(pictures(path)) == ends[:-1].tolist()


def jumps(shown: np.ndarray[Any, Any]) -> list[int]:
    """Frames that differ from the one before by more than the noise of the codec."""
    steps = np.abs(np.diff(shown.astype(np.int16), axis=0)).max(axis=3) > 40
    return (np.flatnonzero(steps.sum(axis=(1, 2)) > 300) + 1).tolist()


def test_the_index_stands_in_front_of_the_pictures(filmed: tuple[Animation, Path]) -> None:
    names = atoms(filmed[1].read_bytes())
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    made = "animate(Conv(4, 3), size=(640, 360), pace='even', motion='none')"
    code = f"import sys; from convviz import Conv, animate; {made}.save(sys.argv[1])"
    paths = [tmp_path / f"{seed}.mp4" for seed in (1, 2)]
    for path in paths:
        subprocess.run([sys.executable, "-c", code, path], check=True, env=os.environ | {"PYTHONHASHSEED": path.stem})
    assert paths[0].read_bytes() == paths[1].read_bytes() == small().save(tmp_path / "here.mp4").read_bytes()


@pytest.mark.parametrize("size", [(641, 360), (640, 361), (641, 361)])
def test_odd_sizes_are_refused_with_the_even_one_next_to_them(size: tuple[int, int], tmp_path: Path) -> None:
    even = "x".join(str(side + side % 2) for side in size)
    with pytest.raises(ExportError, match=even):
        small(size=size).save(tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("step", "rate"), [(0.6, 10), (0.1, 10), (0.05, 20), (0.02, 50), (0.07, 15)], ids=str)
def test_short_steps_raise_the_frame_rate_and_none_is_lost(step: float, rate: int, tmp_path: Path) -> None:
    animation = small(layer=Conv(5, 3), step=step, hold=0.4, size=(320, 256))
    path = animation.save(tmp_path / "a.mp4")
    assert re.search(rf"[ ,]{rate} fps", probe(path))
    shown = pictures(path)
    assert len(shown) == pytest.approx(animation.seconds * rate, abs=1)
    assert len(jumps(shown)) == animation.frames - 1


@pytest.mark.parametrize("rate", [None, 1, 3, 24])
def test_the_duration_that_is_told_is_that_of_the_file(rate: int | None, tmp_path: Path) -> None:
    """At a low frame rate each picture takes a whole frame, so that 25 short ones last 25 s at 1 fps."""
    animation = small(step=0.3)
    target = resolve_target(tmp_path / "told.mp4")
    animation.save_all([target], SaveOptions(fps=rate))
    _, seconds = imageio_ffmpeg.count_frames_and_secs(target.path)
    durations = tuple(frame.duration for frame in animation.scene.frames)
    assert played_seconds(target, durations, rate) == pytest.approx(seconds, abs=0.05)
    assert played_seconds(resolve_target(tmp_path / "a.gif"), durations, rate) == animation.seconds


@pytest.mark.parametrize("durations", [[130] * 40, [155] * 40, [17] * 30, [1000], [100, 3000]])
def test_rounding_to_whole_frames_does_not_add_up(durations: list[int], tmp_path: Path) -> None:
    path = export(flicker(durations), tmp_path / "a.mp4")
    count, seconds = imageio_ffmpeg.count_frames_and_secs(path)
    assert seconds == pytest.approx(sum(durations) / 1000, abs=seconds / count)
    bright = [frame.mean() > 127 for frame in pictures(path)]
    assert sum(one != other for one, other in itertools.pairwise(bright)) == len(durations) - 1


GREYS = [[255, 255, 255], [130, 130, 130], [20, 20, 20]]
COLOURS = [[255, 255, 255], [200, 30, 30], [20, 60, 200]]


@pytest.mark.parametrize("palette", [GREYS, COLOURS], ids=["greys", "colours"])
def test_small_changed_boxes_at_odd_places_arrive_in_the_video(palette: list[list[int]], tmp_path: Path) -> None:
    """Chroma is shared by 2×2 pixels, so a box with odd edges touches pixels outside it; greys stay sharp."""
    colours = np.array(palette, np.uint8)
    pixels = np.zeros((96, 128), np.uint8)
    boxes = [Box(0, 0, 128, 96), Box(13, 17, 30, 28), Box(61, 5, 34, 46), Box(97, 65, 31, 31)]
    stills = []

    def frames() -> Iterator[PalettedFrame]:
        for number, box in enumerate(boxes):
            pixels[box.y : box.bottom, box.x : box.right] = number % 3
            stills.append(colours[pixels])
            yield PalettedFrame(pixels, (box,), 500)

    path = export(FrameStream((128, 96), colours, frames(), (500,) * 4), tmp_path / "a.mp4")
    for still, frame in zip(stills, pictures(path)[4::5], strict=True):
        error = np.abs(still.astype(int) - frame)
        assert error[interior(still @ np.array([1, 256, 65536]))].max() <= 6
        assert error.max() <= 25 or palette is COLOURS


def missing() -> str:
    raise RuntimeError("No ffmpeg exe could be found.")


def answer(path: str) -> Callable[[], str]:
    return lambda: path


@pytest.mark.parametrize("older", [False, True])
def test_a_missing_ffmpeg_is_an_export_error_that_says_how_to_get_it(
    older: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "a.mp4"
    if older:
        target.write_bytes(OLD)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(ExportError, match="pip install"):
        small().save(target)
    check_untouched(target, older)


def test_an_environment_without_imageio_s_ffmpeg_is_an_export_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ExportError, match=r"a video needs ffmpeg: .*pip install 'imageio\[ffmpeg\]'"):
        small().save(tmp_path / "a.mp4")


def test_a_path_to_an_ffmpeg_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", answer(str(tmp_path / "no-such-ffmpeg")))
    with pytest.raises(ExportError, match="ffmpeg"):
        small().save(tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


@posix
@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize(
    "script",
    ["exit 1", "echo broken >&2; exit 3", "head -c 400000 >/dev/null; exit 9", "cat >/dev/null; exit 7", "kill -9 $$"],
)
def test_an_ffmpeg_that_fails_is_an_export_error_and_leaves_nothing(
    script: str, older: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tools" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    target = tmp_path / "out" / "a.mp4"
    target.parent.mkdir()
    if older:
        target.write_bytes(OLD)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", answer(str(program)))
    with pytest.raises(ExportError, match="broken" if "broken" in script else "ffmpeg failed with code"):
        small().save(target)
    gc.collect()
    check_untouched(target, older)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {suffix: small().save(folder / f"a{suffix}").read_bytes() for suffix in (".mp4", ".webm")}


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


RUBBISH: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "text": (".mp4", lambda _: b"done" * 100),
    "a cut MP4": (".mp4", cut),
    "an MP4 without pictures": (".mp4", lambda data: data[: data.index(b"mdat") - 4]),
    "an MP4 without an index": (".mp4", lambda data: data.replace(b"moov", b"free")),
    "an index that counts no frame": (".mp4", lambda data: data.replace(b"stsz\0\0\0\0", b"stsx\0\0\0\0")),
    "a cut WebM": (".webm", cut),
    "text as WebM": (".webm", lambda _: b"\x1a\x45\xdf\xa3\x84webm"),
    "an MP4 as WebM": (".webm", lambda _: b"\0\0\0\x10ftypmp42\0\0\0\0"),
}


@posix
@pytest.mark.parametrize("name", RUBBISH)
def test_an_ffmpeg_that_writes_rubbish_and_reports_success_is_found_out(
    name: str, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    suffix, damage = RUBBISH[name]
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "rubbish").write_bytes(damage(whole[suffix]))
    program = tmp_path / "tools" / "ffmpeg"
    program.write_text(f'#!/bin/sh\ncat >/dev/null\nfor target; do :; done\ncat {tmp_path}/tools/rubbish >"$target"\n')
    program.chmod(0o755)
    target = tmp_path / f"a{suffix}"
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", answer(str(program)))
    with pytest.raises(ExportError, match=f"ffmpeg reported success, but did not write a whole {suffix[1:].upper()}"):
        small().save(target)
    assert not target.exists()
    (tmp_path / "tools" / "rubbish").write_bytes(whole[suffix])
    assert small().save(target).read_bytes() == whole[suffix]


@posix
@pytest.mark.parametrize(
    ("script", "words"),
    [("exit 1", "ended with code 1 and printed nothing"), ("exit 0", "ended with code 0"), (None, "cannot be run: No")],
)
def test_info_does_not_blame_a_video_for_an_ffmpeg_that_does_not_work(
    script: str | None, words: str, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(whole[".mp4"])
    program = tmp_path / "ffmpeg"
    if script is not None:
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", answer(str(program)))
    with pytest.raises(ExportError, match=f"to read a video needs ffmpeg, but .*/ffmpeg {words}"):
        read(tmp_path / "a.mp4")


def test_info_on_a_damaged_video_blames_the_video(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free")
    with pytest.raises(ExportError, match=r"^ffmpeg cannot read .*a\.mp4: .*Invalid data"):
        read(tmp_path / "a.mp4")


@posix
def test_texts_reach_ffmpeg_in_utf_8_whatever_the_encoding_of_file_names_is(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    code = (
        "import sys; assert sys.getfilesystemencoding() == 'ascii'; from convviz import Conv, animate; "
        f"animate(Conv(3, 2), size=(320, 240), title={'Faltung ∗ 畳み込み'!a}).save({str(path)!r})"
    )
    in_ascii = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **in_ascii}, check=True)
    assert "Faltung ∗ 畳み込み, input 3×3".encode() in path.read_bytes()


@posix
@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "libx264"), (".webm", "libvpx-vp9")])
def test_an_ffmpeg_without_the_codec_is_an_export_error_with_a_way_out(
    suffix: str, codec: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The real ffmpeg, asked for a codec that it does not have."""
    program = tmp_path / "tools" / "ffmpeg"
    program.parent.mkdir()
    asked = f"[word.replace('{codec}', 'libmissing') for word in sys.argv[1:]]"
    real = imageio_ffmpeg.get_ffmpeg_exe()
    program.write_text(f"#!{sys.executable}\nimport os, sys\nos.execv({real!r}, [{real!r}, *{asked}])\n")
    program.chmod(0o755)
    target = tmp_path / f"a{suffix}"
    target.write_bytes(OLD)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", answer(str(program)))
    with pytest.raises(ExportError, match=rf"cannot write {suffix[1:].upper()}: Unknown encoder 'libmissing'; unset"):
        small().save(target)
    gc.collect()
    assert target.read_bytes() == OLD
    assert not left_over(tmp_path)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Everything that is started during the test."""
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return started


@pytest.mark.parametrize("older", [False, True])
def test_an_ffmpeg_killed_in_the_middle_is_an_export_error_and_leaves_nothing(
    older: bool, processes: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    target = tmp_path / "a.mp4"
    if older:
        target.write_bytes(OLD)

    def kill(done: int) -> None:
        if done == 3:
            processes[-1].kill()
            processes[-1].wait()

    with pytest.raises(ExportError, match="ffmpeg failed with code"):
        small(layer=Conv(6, 3)).save(target, progress=kill)
    gc.collect()
    check_untouched(target, older)


def test_an_error_between_two_frames_ends_ffmpeg_and_leaves_nothing(tmp_path: Path) -> None:
    """One process for errors of four kinds; it hangs at the first after which ffmpeg is still waited for."""
    target = tmp_path / "a.mp4"
    target.write_bytes(OLD)
    code = (
        "import sys; from convviz import Conv, ExportError, animate\n"
        "made = animate(Conv(4, 3), size=(640, 360), pace='even', motion='none')\n"
        "for kind in (KeyboardInterrupt, ZeroDivisionError, BrokenPipeError, OSError):\n"
        "    def fail(done):\n        if done == 2: raise kind('stop')\n"
        "    try:\n        made.save(sys.argv[1], progress=fail)\n"
        "    except (ExportError, kind): print('refused')"
    )
    with subprocess.Popen([sys.executable, "-c", code, target], stdout=subprocess.PIPE) as process:
        try:
            said, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail("it waits for an ffmpeg that waits for it")
    assert said.split() == [b"refused"] * 4
    check_untouched(target, older=True)


def check_untouched(target: Path, older: bool) -> None:
    assert not left_over(target.parent)
    assert target.exists() is older
    if older:
        assert target.read_bytes() == OLD
