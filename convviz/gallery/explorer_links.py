"""Links from a picture into the explorer."""

from __future__ import annotations

from convviz.errors import PictureError
from convviz.layers.layer import Layer
from convviz.recipes.layer import Options
from convviz.recipes.request import TrainingRequest, request
from convviz.web.explorer import address


def explorer_address(kind: str, options: Options) -> str | None:
    """Return the part after `#` of a link that opens the explorer at a picture; None if it cannot show the picture.

    `kind` and `options` are those of a recipe, as `request.request` takes them. Nothing is laid out.
    """
    try:
        made = request(kind, options)
        has_channels = made.options.channels is not None or made.values.bias is not None
        shows = isinstance(made.layer, Layer) and not isinstance(made, TrainingRequest)
        if not shows or has_channels:  # the explorer shows neither channels nor a bias
            return None
        assert isinstance(made.layer, Layer)
        x, w = made.values.x, made.values.w
        return address(
            made.layer,
            made.options.view or "slide",
            kernel=w if isinstance(w, str) else "",
            seed=made.options.seed,
            numbers=made.options.numbers is not False,
            x=x,
            w=None if isinstance(w, str) else w,
            dy=made.values.dy,
        )
    except PictureError:
        return None
