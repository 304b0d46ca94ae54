"""The structure of video files, which tells whether an encoder that reports success has written a whole video.

Formats: ISO base media file format (ISO/IEC 14496-12) for MP4; EBML (RFC 8794) and Matroska (RFC 9559) for WebM.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from convviz.errors import ExportError

PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
"""Boxes on the way to the table of frames."""
EBML_HEADER, SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"


def check_container(path: Path, frames: int, tolerance: int) -> None:
    """Raise `ExportError` unless an MP4 has a number of frames within `tolerance`, or a WebM is complete."""
    data = path.read_bytes()
    try:
        complete = _is_webm(data) if path.suffix.lower() == ".webm" else abs(_mp4_frames(data) - frames) <= tolerance
    except (struct.error, IndexError):
        complete = False
    if not complete:
        raise ExportError(
            f"ffmpeg reported success, but did not write a whole {path.suffix[1:].upper()}; unset IMAGEIO_FFMPEG_EXE "
            "to use the ffmpeg that imageio installs, or use .gif, .apng or .webp"
        )


def _mp4_frames(data: bytes) -> int:
    """Return the number of frames in the index of an MP4; -1 if there is none or the file is cut off."""
    boxes = dict(_boxes(data, 0, len(data)))
    if not {b"ftyp", b"moov", b"mdat"} <= boxes.keys() or boxes[b"mdat"][1] - boxes[b"mdat"][0] == 0:
        return -1
    span = 0, len(data)
    for name in (*PARENTS, b"stsz"):
        inside = dict(_boxes(data, *span))
        if name not in inside:
            return -1
        span = inside[name]
    return int(struct.unpack_from(">I", data, span[0] + 8)[0])


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield the name of each box, and where its content begins and ends; nothing after a box that is cut off."""
    while start + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, start)
        header = 8
        if length == 1:
            length, header = struct.unpack_from(">Q", data, start + 8)[0], 16
        length = length or end - start
        if length < header or start + length > end:
            return
        yield name, (start + header, start + length)
        start += length


def _is_webm(data: bytes) -> bool:
    """Return whether the two outermost elements of a WebM are there and fill the file."""
    if not data.startswith(EBML_HEADER):
        return False
    start, size = _size(data, 4)
    segment = start + size
    if b"webm" not in data[start:segment] or data[segment : segment + 4] != SEGMENT:
        return False
    start, size = _size(data, segment + 4)
    return 0 < size == len(data) - start


def _size(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of an element begins, and its size, whose first byte says how many bytes it has."""
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1)
    return at + length, value
