"""PNG: one frame, with the palette of the animation."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from convviz.reel import Reel


def write(reel: Reel, path: Path) -> None:
    """Write the only shot of `reel` to `path`."""
    (shot,) = reel.shots
    image = Image.fromarray(shot.pixels, "P")
    image.putpalette(reel.colours.tobytes())
    image.save(path, format="PNG")
