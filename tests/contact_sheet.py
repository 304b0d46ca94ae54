"""Contact sheets to look at: first, middle and last frame of every view of some telling layers, in one PNG a theme.

Run by `make sheet`; writes to build/.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from convviz import Conv, ConvTranspose, PictureError, animate
from convviz.animation.animate import Animation
from convviz.layers.layer import Layer
from convviz.render.compositor import frame_stream
from convviz.views.registry import VIEWS

LAYERS: dict[str, Layer] = {
    "conv": Conv(5, 3, 2, 1),
    "transposed": ConvTranspose(3, 3, 2, 1),
    "output padding": ConvTranspose(2, 3, 2, 1, 1, 1),
    "rectangular": Conv((4, 6), (2, 3), (2, 1), (1, 0)),
    "dilated": ConvTranspose(3, 2, 2, 1, 2),
    "1-D": ConvTranspose((4,), (3,), 2),
    "12×12": Conv(12, 3, 1, 1),
    "cropping": ConvTranspose(4, 2, 3, 2),
}
WIDTH, HEIGHT = 480, 270


def stills(animation: Animation) -> list[Image.Image]:
    """First, middle and last frame, small."""
    stream = frame_stream(animation.display_list)
    wanted = {0, animation.frames // 2, animation.frames - 1}
    pictures = [stream.palette[frame.pixels] for index, frame in enumerate(stream.frames) if index in wanted]
    pictures += [pictures[-1]] * (3 - len(pictures))
    images = [Image.fromarray(np.ascontiguousarray(picture)) for picture in pictures]
    return [image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS) for image in images]


def sheet(theme: str, folder: Path) -> list[Path]:
    """One sheet for each view: a row for each layer."""
    written = []
    for view in VIEWS:
        page = Image.new("RGB", (3 * WIDTH, len(LAYERS) * HEIGHT), "#808080")
        for row, (name, layer) in enumerate(LAYERS.items()):
            try:
                pictures = stills(animate(layer, view, theme))
            except PictureError as refusal:
                print(f"{view}, {name}: {refusal}")
                continue
            for col, picture in enumerate(pictures):
                page.paste(picture, (col * WIDTH, row * HEIGHT))
        written.append(folder / f"sheet_{view}_{theme}.png")
        page.save(written[-1])
    return written


def main() -> None:
    folder = Path("build")
    folder.mkdir(exist_ok=True)
    for theme in sys.argv[1:] or ["light", "dark"]:
        for path in sheet(theme, folder):
            print(path)


if __name__ == "__main__":
    main()
