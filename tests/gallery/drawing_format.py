"""Hashes of what is drawn, to notice that `DRAWING_FORMAT` must be raised.

    python -m tests.gallery.drawing_format

records them anew in tests/vectors/drawing_format.json, after the number was raised.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import astuple
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from convviz import Animation, AvgPool, Conv, ConvTranspose, MaxPool, animate, train
from convviz.gallery.fingerprint import DRAWING_FORMAT
from convviz.version import versions
from convviz.views.registry import STACKS, VIEWS
from tests import VECTORS

RECORDED = VECTORS / "drawing_format.json"
SIZE = (720, 540)
CONV = Conv(4, (3, 2), 2, 1)
UP = ConvTranspose(3, 3, 2, 1, output_padding=1)


def animations() -> dict[str, Animation]:
    """Every view, theme and kind of layer, and what else is drawn in a way of its own."""
    found = {f"view {view}": animate(UP if view == "upsample" else CONV, view, size=SIZE) for view in VIEWS}
    found |= {f"stack {view}": animate([Conv(6, 3), MaxPool(4, 2)], view, size=SIZE) for view in STACKS}
    found |= {f"theme {theme}": animate(UP, theme=theme, size=SIZE) for theme in ("light", "dark", "print")}
    found |= {f"kind {kind.__name__}": animate(kind(5, 2), size=SIZE) for kind in (MaxPool, AvgPool)}
    found["combined"] = animate(UP, "slide+scatter", size=(960, 540))
    found["channels"] = animate(Conv(4, 3), channels=(2, 1), bias=[1], size=SIZE)
    found["mode"] = animate(Conv(4, 3, 1, 1, padding_mode="reflect"), size=SIZE)
    found["one axis"] = animate(Conv((6,), 3, dilation=2), size=SIZE)
    found["no numbers"] = animate(Conv(9, 3), numbers=False, frames=6, size=SIZE)
    found["lens"] = animate(Conv(40, 3), frames=6, size=SIZE)
    found["training"] = train(Conv(5, 3), steps=4, size=SIZE)
    found["scale"] = animate(UP, scale=2, frames=4, size=SIZE)
    return found


def scene_hash(animation: Animation) -> str:
    """Hash the scene (values, not names of fields), the colours and the alt text, which no library changes."""
    return _hash(repr((astuple(animation.scene), astuple(animation.display_list.theme), animation.alt_text)).encode())


def pixel_hash(animation: Animation) -> str:
    """Hash the decoded pixels and the durations of a GIF and of a still."""
    found = hashlib.sha256()
    with TemporaryDirectory() as folder:
        for name in ("a.gif", "a.png"):
            with Image.open(BytesIO(animation.save(Path(folder, name)).read_bytes())) as image:
                for index in range(getattr(image, "n_frames", 1)):
                    image.seek(index)
                    found.update(np.asarray(image.convert("RGB")).tobytes())
                    found.update(str(image.info.get("duration")).encode())
    return found.hexdigest()[:16]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def recorded() -> dict[str, Any]:
    """The hashes as they were when the number was last raised."""
    return json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}  # type: ignore[no-any-return]


def main() -> None:
    """Record the hashes; refuse if they changed under the same number."""
    before = recorded()
    cases = {name: {"scene": scene_hash(one), "pixels": pixel_hash(one)} for name, one in animations().items()}
    changed = [name for name, hashes in before.get("cases", {}).items() if cases.get(name, hashes) != hashes]
    same_libraries = before.get("versions", versions()) == versions()
    if changed and same_libraries and before["drawing_format"] == DRAWING_FORMAT:
        sys.exit(f"{', '.join(changed)} changed: raise DRAWING_FORMAT in convviz/gallery/fingerprint.py first")
    found = {"drawing_format": DRAWING_FORMAT, "versions": versions(), "cases": cases}
    RECORDED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
