"""Video: MP4 (H.264) and WebM (VP9), both yuv420p with even dimensions; MP4 with the index first (faststart).

Frames are converted from the palette to yuv420p and piped to the ffmpeg that imageio installs.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.errors import ExportError
from convviz.export.containers import check_container
from convviz.export.ffmpeg import ffmpeg_program, run_ffmpeg
from convviz.layout.boxes import Box
from convviz.raster import ByteArray, FileMetadata, FrameStream, PalettedFrame

DEFAULT_FRAME_RATE = 10
"""Frames per second: players stall at 1 to 5, and more only takes longer to encode."""
MAX_FRAME_RATE = 60
MAX_FRAMES = 36_000
"""Frames of a video, repeated ones included: an hour at the default rate."""
THREADS = 2
"""Fixed, because x264 stores the number in the stream: files would differ between machines."""


def write(stream: FrameStream, path: Path) -> None:
    """Write `stream` to `path`; loops are up to the player. Raises `ExportError`."""
    width, height = stream.size
    format = path.suffix[1:].lower()
    if width % 2 or height % 2:
        raise ExportError(
            f"{format.upper()} needs an even width and height, not {width}x{height}; "
            f"use --size {width + width % 2}x{height + height % 2} or a GIF"
        )
    if stream.transparent_index is not None:
        raise ExportError(f"{format.upper()} cannot be transparent here; use .gif, .apng or .webp, or leave it opaque")
    rate = stream.frame_rate or default_frame_rate(stream.durations)
    counts = list(repeats(stream.durations, rate))
    if sum(counts) > MAX_FRAMES:
        hours = f"{sum(counts) / rate / 3600:.1f} hours"
        raise ExportError(
            f"expected a video of up to {MAX_FRAMES} frames, got {sum(counts)}, as it lasts {hours} at {rate} frames "
            "per second; use shorter steps, fewer --fps, or a GIF"
        )
    shared = gcd(*counts)
    command = [*_command(stream.size, rate, shared), *ENCODERS[format], *_tags(stream.metadata), str(path)]
    with run_ffmpeg(command, path) as pipe:
        planes = YuvPlanes(stream)
        for frame, count in zip(stream.frames, counts, strict=True):
            planes.update(frame)
            for _ in range(count // shared):
                pipe.write(planes.data.data)
    check_container(path, sum(counts), shared)


def default_frame_rate(durations: tuple[int, ...]) -> int:
    """Return `DEFAULT_FRAME_RATE`, or more if steps are shorter than its frames."""
    return min(MAX_FRAME_RATE, max(DEFAULT_FRAME_RATE, -(-1000 // min(durations))))


def repeats(durations: tuple[int, ...], rate: int) -> Iterator[int]:
    """Yield the number of video frames for each frame, at least one; rounding errors do not accumulate."""
    shown, elapsed = 0, 0
    for duration in durations:
        elapsed += duration
        count = max(1, round(Fraction(elapsed * rate, 1000)) - shown)
        shown += count
        yield count


def played_seconds(durations: tuple[int, ...], frame_rate: int | None) -> float:
    """Return how long a video of these frames lasts: each is shown for a whole number of video frames, at least one."""
    rate = frame_rate or default_frame_rate(durations)
    return sum(repeats(durations, rate)) / rate


class YuvPlanes:
    """The picture as yuv420p (BT.709, limited range), converted only where a frame changes."""

    def __init__(self, stream: FrameStream) -> None:
        width, height = stream.size
        luma_table, *chroma = _yuv(stream.palette)
        self.tables = (np.round(luma_table).astype(np.uint8), *chroma)
        self.data: ByteArray = np.zeros(width * height * 3 // 2, dtype=np.uint8)
        luma, quarter = width * height, width * height // 4
        self.y = self.data[:luma].reshape(height, width)
        self.u = self.data[luma : luma + quarter].reshape(height // 2, width // 2)
        self.v = self.data[luma + quarter :].reshape(height // 2, width // 2)

    def update(self, frame: PalettedFrame) -> None:
        """Convert the changed boxes."""
        for box in frame.changed:
            self._convert(frame.pixels, box)

    def _convert(self, pixels: ByteArray, box: Box) -> None:
        """Convert a box, extended to even edges."""
        top, left = box.y // 2, box.x // 2
        bottom, right = -(-box.bottom // 2), -(-box.right // 2)
        indices = pixels[2 * top : 2 * bottom, 2 * left : 2 * right]
        y, u, v = self.tables
        self.y[2 * top : 2 * bottom, 2 * left : 2 * right] = y[indices]
        for plane, table in ((self.u, u), (self.v, v)):
            chroma = table[indices]
            pairs = chroma[::2] + chroma[1::2]
            plane[top:bottom, left:right] = np.round((pairs[:, ::2] + pairs[:, 1::2]) / 4)


def _yuv(palette: ByteArray) -> tuple[NDArray[Any], ...]:
    """Return Y, Cb, Cr of each palette entry: ITU-R BT.709, limited range (16–235 and 16–240)."""
    red, green, blue = (palette[:, channel].astype(np.float32) / 255 for channel in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


def _command(size: tuple[int, int], rate: int, shared: int) -> list[str]:
    """Return the command up to the encoder; each frame is sent once and shown `shared` times, at `rate` per second."""
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{size[0]}x{size[1]}", "-r", f"{rate}/{shared}", *BT709]
    return [ffmpeg_program(), "-y", "-v", "error", *raw, "-i", "-", "-r", str(rate)]


BT709 = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
REPRODUCIBLE = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]
X264_PARAMETERS = "scenecut=0:rc-lookahead=0:b-adapt=0:weightp=0:ref=1:bframes=5:subme=0:aq-mode=0"
"""No scene detection, lookahead or adaptive quantization, since most frames equal the previous one. Encoding takes half
the time; at this rate the picture is not worse (PSNR 55 dB) and the file is a quarter larger."""
X264 = ["-c:v", "libx264", "-preset", "superfast", "-x264-params", X264_PARAMETERS, "-crf", "24"]
VP9 = ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "24", "-deadline", "realtime", "-cpu-used", "7", "-row-mt", "1"]
SHARED = [*BT709, *REPRODUCIBLE, "-threads", str(THREADS)]
ENCODERS = {
    "mp4": [*X264, "-movflags", "+faststart", *SHARED, "-f", "mp4"],
    "webm": [*VP9, *SHARED, "-f", "webm"],
}


def _tags(metadata: FileMetadata) -> Iterator[str]:
    """Yield ffmpeg options for the tags that players and `ffprobe` show."""
    tags = (("title", metadata.title), ("description", metadata.alt_text), ("comment", metadata.provenance))
    for tag, text in tags:
        if text:
            yield from ("-metadata", f"{tag}={text}")
