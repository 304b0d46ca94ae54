"""PNG: one frame, with the palette of its animation."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from convviz.raster import ByteArray, FrameStream


def write(stream: FrameStream, path: Path) -> None:
    """Write the only frame of `stream` to `path`."""
    (frame,) = stream.frames
    path.write_bytes(encode_png(frame.pixels, stream))


def encode_png(pixels: ByteArray, stream: FrameStream) -> bytes:
    """Return a PNG of pixels in the palette of `stream`, with its metadata."""
    image = Image.fromarray(pixels, "P")
    image.putpalette(stream.palette.tobytes())
    transparency = {} if stream.transparent_index is None else {"transparency": stream.rgba[:, 3].tobytes()}
    info = PngInfo()
    for keyword, text in stream.metadata.png_texts():
        info.add_itxt(keyword, text)
    file = BytesIO()
    image.save(file, format="PNG", pnginfo=info, **transparency)
    return file.getvalue()
