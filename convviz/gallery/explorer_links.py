"""From a picture into the explorer: the address at which the page shows the same."""

from __future__ import annotations

from convviz.errors import PictureError
from convviz.layers.layer import Layer
from convviz.recipes.request import Options, request
from convviz.web.explorer import address


def explorer_address(kind: str, options: Options) -> str | None:
    """What stands behind the # of a link that opens the explorer at this picture; None where it cannot show it.

    `kind` and `options` are those of a recipe, as `request.request` takes them. Nothing is laid out or drawn.
    """
    try:
        asked = request(kind, options)
        if not isinstance(asked.layer, Layer) or any(asked.options.get(name) is not None for name in UNSHOWN):
            return None
        x, w = asked.values.get("x"), asked.values.get("w")
        return address(
            asked.layer,
            asked.options.get("view") or "slide",
            kernel=w if isinstance(w, str) else "",
            seed=asked.options.get("seed") or 0,
            numbers=asked.options.get("numbers") is not False,
            x=x,
            w=None if isinstance(w, str) else w,
        )
    except PictureError:
        return None


UNSHOWN = ("channels", "bias")
"""Options for which the explorer has no place."""
