"""Links from a picture into the explorer."""

from __future__ import annotations

from convviz.errors import PictureError
from convviz.layers.layer import Layer
from convviz.recipes.request import Options, request
from convviz.web.explorer import address


def explorer_address(kind: str, options: Options) -> str | None:
    """Return the part after `#` of a link that opens the explorer at a picture; None if it cannot show the picture.

    `kind` and `options` are those of a recipe, as `request.request` takes them. Nothing is laid out.
    """
    try:
        parsed = request(kind, options)
        if not isinstance(parsed.layer, Layer) or any(parsed.options.get(name) is not None for name in UNSHOWN):
            return None
        x, w = parsed.values.get("x"), parsed.values.get("w")
        return address(
            parsed.layer,
            parsed.options.get("view") or "slide",
            kernel=w if isinstance(w, str) else "",
            seed=parsed.options.get("seed") or 0,
            numbers=parsed.options.get("numbers") is not False,
            x=x,
            w=None if isinstance(w, str) else w,
        )
    except PictureError:
        return None


UNSHOWN = ("channels", "bias")
"""Options that the explorer does not have."""
