"""PNG: one frame, with the palette of the animation."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from convviz.raster import Bytes, FrameStream


def write(reel: FrameStream, path: Path) -> None:
    """Write the only shot of `reel` to `path`."""
    (shot,) = reel.shots
    path.write_bytes(encoded(shot.pixels, reel))


def encoded(pixels: Bytes, reel: FrameStream) -> bytes:
    """Pixels in the palette of `reel` as the bytes of a PNG."""
    image = Image.fromarray(pixels, "P")
    image.putpalette(reel.colours.tobytes())
    clear = {} if reel.clear is None else {"transparency": reel.clear}
    info = PngInfo()
    for keyword, text in reel.label.texts():
        info.add_itxt(keyword, text)
    file = BytesIO()
    image.save(file, format="PNG", pnginfo=info, **clear)
    return file.getvalue()
