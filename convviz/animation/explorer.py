"""`explore`: the explorer as a file, or in a notebook."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from convviz.errors import ExportError, PictureError
from convviz.errors.arguments import path as file_name
from convviz.export.formats import export, resolve_target
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer, a_layer
from convviz.text.formatting import format_sizes
from convviz.web import explorer
from convviz.web.embed import framed, inline, interactive

FRAME_SIZE = (960, 640)
"""Width and height of the frame in a notebook, in CSS pixels."""
START = ConvTranspose(3, 3, 2, 1)
"""The layer at which the page opens without one."""


@dataclass(frozen=True)
class Explorer:
    """The explorer page, which needs neither a network nor Python."""

    html: str = field(repr=False)
    layer: Layer = START
    view: str = "slide"
    pattern: str = ""
    kernel: str = ""
    seed: int = 0

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a .html file and return its path. Raises `ExportError`."""
        name = file_name("path", path)
        if Path(name).suffix.lower() not in ("", ".html") or name.endswith(("/", os.sep)):
            raise ExportError(f"cannot write the explorer to {name}: it is a page; use a name that ends in .html")
        return export(self.html, resolve_target(name, None if Path(name).suffix else "html"))

    def __repr__(self) -> str:
        sizes = f"input {format_sizes(self.layer.input)} → output {format_sizes(self.layer.output)}"
        return f"<Explorer: {self.layer.title}, {sizes}, view {self.view}>"

    @cached_property
    def _still(self) -> tuple[bytes, str]:
        """The picture as PNG, and its alt text; empty if the layer is too large for a picture."""
        from convviz.animation.animate import build_animation
        from convviz.animation.input_values import InputValues
        from convviz.animation.options import PictureOptions

        try:
            options = PictureOptions(view=self.view, seed=self.seed)
            animation = build_animation(self.layer, options, InputValues(self.pattern or None, self.kernel or None))
        except PictureError:
            return b"", "convviz explorer"
        return animation.still_png(), animation.alt_text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the page for notebooks, and a still for viewers without scripts."""
        (png, alt), attributes = self._still, framed(f"{FRAME_SIZE[0]}px", FRAME_SIZE)
        if not png:
            return {"text/html": inline(self.html, alt, attributes), "text/plain": repr(self)}
        html = interactive(self.html, png, f"Explorer: {alt}", attributes)
        return {"text/html": html, "image/png": b64encode(png).decode(), "text/plain": repr(self)}


def explore(
    layer: Layer | None = None, view: str = "slide", *, pattern: str = "", kernel: str = "", seed: int = 0
) -> Explorer:
    """Return the explorer, opened at `layer` (a `Conv` or a `ConvTranspose`) and at one of `VIEWS`.

    `pattern` is the name of an input pattern, `kernel` that of a kernel, and `seed` the random seed for example values.
    Raises `PictureError` for a layer or a view that the page cannot show, and `GeometryError` for an unknown pattern,
    an unknown kernel or one of another size.
    """
    layer = None if layer is None else a_layer(layer, "a Conv or a ConvTranspose")
    page = explorer.page(layer, view, pattern=pattern, kernel=kernel, seed=seed)
    return Explorer(page, layer or START, view, pattern, kernel, int(seed))
