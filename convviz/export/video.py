"""MP4 that plays everywhere: H.264, yuv420p, even dimensions, the index in front (faststart); and WebM, VP9.

Frames go to the ffmpeg that imageio brings, as yuv420p made from the palette. The process is run from here and not by
imageio's writer, which does not look at ffmpeg's exit code and would call a truncated file complete.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import IO, Any

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from convviz.errors import ExportError
from convviz.layout.boxes import Box
from convviz.raster import Bytes, FileMetadata, FrameStream, PalettedFrame

RATE = 10
"""Frames a second: players stall at 1 to 5, more only costs time."""
FASTEST = 60
THREADS = 2
"""Fixed, because x264 writes the number into the stream: files would differ between machines."""


def write(reel: FrameStream, path: Path) -> None:
    """Write `reel` to `path`; players decide about loops. Raises `ExportError`."""
    width, height = reel.size
    format = path.suffix[1:].lower()
    if width % 2 or height % 2:
        raise ExportError(
            f"{format.upper()} needs an even width and height, not {width}x{height}; "
            f"use --size {width + width % 2}x{height + height % 2} or a GIF"
        )
    if reel.clear is not None:
        raise ExportError(f"{format.upper()} cannot be transparent here; use .gif, .apng or .webp, or leave it opaque")
    rate = reel.rate or frame_rate(reel.durations)
    lasts = list(repeats(reel.durations, rate))
    often = gcd(*lasts)
    with _ffmpeg(
        [*_command(reel.size, rate, often), *ENCODERS[format], *_described(reel.label), str(path)], path
    ) as pipe:
        planes = Planes(reel)
        for shot, copies in zip(reel.shots, lasts, strict=True):
            planes.update(shot)
            for _ in range(copies // often):
                pipe.feed(planes.data)


def frame_rate(durations: tuple[int, ...]) -> int:
    """`RATE`, or more where steps are too short for it."""
    return min(FASTEST, max(RATE, -(-1000 // min(durations))))


def repeats(durations: tuple[int, ...], rate: int) -> Iterator[int]:
    """How many frames each shot lasts, at least one; rounding never adds up."""
    shown, elapsed = 0, 0
    for duration in durations:
        elapsed += duration
        copies = max(1, round(Fraction(elapsed * rate, 1000)) - shown)
        shown += copies
        yield copies


class Planes:
    """The picture as yuv420p (BT.709, limited range), changed only where the shot changes."""

    def __init__(self, reel: FrameStream) -> None:
        width, height = reel.size
        self.tables = _yuv(reel.colours)
        self.data: Bytes = np.zeros(width * height * 3 // 2, dtype=np.uint8)
        luma, quarter = width * height, width * height // 4
        self.y = self.data[:luma].reshape(height, width)
        self.u = self.data[luma : luma + quarter].reshape(height // 2, width // 2)
        self.v = self.data[luma + quarter :].reshape(height // 2, width // 2)

    def update(self, shot: PalettedFrame) -> None:
        """Convert what changed."""
        for box in shot.changed:
            self._convert(shot.pixels, box)

    def _convert(self, pixels: Bytes, box: Box) -> None:
        """Convert a box, widened to even edges."""
        top, left = box.y // 2, box.x // 2
        bottom, right = -(-box.bottom // 2), -(-box.right // 2)
        indices = pixels[2 * top : 2 * bottom, 2 * left : 2 * right]
        y, u, v = self.tables
        self.y[2 * top : 2 * bottom, 2 * left : 2 * right] = np.round(y).astype(np.uint8)[indices]
        for plane, table in ((self.u, u), (self.v, v)):
            four = [table[indices[row::2, col::2]] for row in (0, 1) for col in (0, 1)]
            plane[top:bottom, left:right] = np.round(sum(four) / 4)


def _yuv(colours: Bytes) -> tuple[NDArray[Any], ...]:
    """Y, Cb, Cr of every palette entry: ITU-R BT.709, limited range 16–235 and 16–240."""
    red, green, blue = (colours[:, channel].astype(np.float32) / 255 for channel in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


class _FfmpegGoneError(Exception):
    """The pipe is broken; ffmpeg's exit code and words say why."""


class Pipe:
    """ffmpeg's standard input."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def feed(self, frame: Bytes) -> None:
        """Send one frame."""
        try:
            self.stream.write(frame.data)
        except OSError:
            raise _FfmpegGoneError from None

    def close(self) -> None:
        """Say that there are no more frames; what a broken pipe still holds is lost anyway."""
        with suppress(OSError):
            self.stream.close()


@contextmanager
def _ffmpeg(command: list[str], path: Path) -> Iterator[Pipe]:
    """A pipe to ffmpeg; on the way out the file is complete, or `ExportError` says what ffmpeg said."""
    with tempfile.TemporaryFile() as complaints:
        process = _start(command, complaints)
        assert process.stdin
        pipe = Pipe(process.stdin)
        try:
            yield pipe
        except _FfmpegGoneError:
            pass
        except BaseException:
            process.kill()
            raise
        finally:
            pipe.close()
            code = process.wait()
        if code or not path.stat().st_size:
            complaints.seek(0)
            raise ExportError(_said(complaints.read().decode(errors="replace").strip().splitlines(), code, path))


def _said(lines: list[str], code: int, path: Path) -> str:
    """What ffmpeg complained of, as one sentence."""
    missing = next((line for line in lines if "Unknown encoder" in line), None)
    if missing:
        return (
            f"this ffmpeg cannot write {path.suffix[1:].upper()}: {missing.split('] ')[-1]}; "
            "unset IMAGEIO_FFMPEG_EXE for the one that imageio brings, or use .gif, .apng or .webp"
        )
    return f"ffmpeg failed with code {code}: {lines[-1] if lines else 'it said nothing'}"


def _start(command: list[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Run ffmpeg out of reach of the terminal's Ctrl-C, which is for us to handle."""
    apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}  # type: ignore[attr-defined]
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, **apart)
    except OSError as error:
        raise ExportError(f"a video needs ffmpeg, but {command[0]} cannot be run: {error.strerror}") from None


def _command(size: tuple[int, int], rate: int, often: int) -> list[str]:
    """ffmpeg's words for `rate` frames a second, each of which it gets once and shows `often` times."""
    try:
        program = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise ExportError(f"a video needs ffmpeg: {error}; pip install 'imageio[ffmpeg]' brings it") from None
    frames = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{size[0]}x{size[1]}", "-r", f"{rate}/{often}", *COLOUR]
    return [program, "-y", "-v", "error", *frames, "-i", "-", "-r", str(rate)]


COLOUR = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
SAME_BYTES = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]
QUICK_X264 = "scenecut=0:rc-lookahead=0:b-adapt=0:weightp=0:ref=1:bframes=5:subme=0:aq-mode=0"
"""No look for scene changes, none ahead, no bits shifted about: most frames equal the one before. That halves the time;
at this rate the picture is no worse (PSNR 55 dB) and the file a quarter larger."""
X264 = ["-c:v", "libx264", "-preset", "superfast", "-x264-params", QUICK_X264, "-crf", "24", "-movflags", "+faststart"]
VP9 = ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "24", "-deadline", "realtime", "-cpu-used", "7", "-row-mt", "1"]
SAME = [*COLOUR, *SAME_BYTES, "-threads", str(THREADS)]
ENCODERS = {"mp4": [*X264, *SAME, "-f", "mp4"], "webm": [*VP9, *SAME, "-f", "webm"]}


def _described(label: FileMetadata) -> Iterator[str]:
    """Tags that players and `ffprobe` show."""
    for tag, text in (("title", label.title), ("description", label.alt), ("comment", label.origin)):
        if text:
            yield from ("-metadata", f"{tag}={text}")
