"""The signs between grids: which way the kernel slides, and what is added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.claims.digits import check_value
from tests.claims.reading import About, NotUnderstoodError, holds, same

PLAIN_SIGNS = ("=", "→", "↓", "·", "+=")


def flat(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", (node,)):
        if hasattr(child, "children"):
            yield from flat(child)
        else:
            yield child


def is_sign(node: Any) -> bool:
    return hasattr(node, "text") and not hasattr(node, "cells")


def check_signs(about: About) -> None:
    """Check each sign with what is left and right of it."""
    nodes = list(flat(about.scene.body))
    for left, node, right in zip([None, *nodes], nodes, [*nodes[1:], None], strict=False):
        if is_sign(node):
            check_sign(node.text, left, right, about)


def check_sign(sign: str, left: Any, right: Any, about: About) -> None:
    if sign in ("⋆", "∗"):
        check_sliding(sign, right, about)
    elif sign == "×":
        holds("values are multiplied cell by cell in a lens", about.values.shown.lens)
        check_sliding("⋆", right, about)
    elif sign in ("max", "mean"):
        same("operation", sign, {"maxpool": "max", "avgpool": "mean"}.get(about.plain.kind))
    elif "+" in sign and sign != "+=":
        is_bias = getattr(right, "name", "") == "bias" or getattr(right, "lines", ("",))[0].startswith("bias")
        holds("several channels, or a bias, are added", is_bias or about.values.channels > 1)
    elif sign == "Σ":
        products = about.values.shown.lens or any(panel.name == "products" for panel in about.scene.panels)
        holds("several channels, or products, are summed", products or about.values.channels > 1)
    elif sign in ("⋯", "⋮"):
        drawn = sum(panel.name == "kernel" for panel in about.scene.panels)
        holds("channels are hidden", about.values.channels > max(drawn, 1))
    elif sign not in PLAIN_SIGNS:
        raise NotUnderstoodError(f"no reader understands the sign {sign!r}")


def kernel_texts(node: Any) -> list[str]:
    """Return the weights that are written to the right of a sign, in reading order."""
    if hasattr(node, "cells"):
        return [cell.text for row in node.cells for cell in row]
    lines = [line for line in node.lines if not line[:1].isalpha()]
    return [number for line in lines for number in line.replace("\u2007", " ").split()]


def check_sliding(sign: str, right: Any, about: About) -> None:
    """⋆ slides the kernel as it is drawn, ∗ flips it first: compare the weight that meets each cell of the window."""
    if about.values is None or about.values.shown.w is None or right is None:
        return
    if about.view.startswith("backward"):
        check_backward_sliding(sign, right, about)
        return
    texts = kernel_texts(right)
    if not any(texts):
        return
    drawn = texts if sign == "⋆" else texts[::-1]
    w = about.values.shown.kernel(channel_of(right, about), about.plain.transposed)
    for number, (tap, text) in enumerate(zip(about.model.taps(), drawn, strict=True)):
        check_value(f"weight {number} of the kernel that slides by {sign}", text, w[tap])


def check_backward_sliding(sign: str, right: Any, about: About) -> None:
    """dL/dx of a convolution slides the flipped kernel, of a transposed one the kernel; dL/dw slides dL/dy, or x."""
    same("sign", sign, "⋆")
    shown, transposed = about.values.shown, about.plain.transposed
    if about.view == "backward-weight":
        true = (shown.input(0) if transposed else shown.exact_dy).ravel()
    else:
        true = shown.kernel(0, transposed).ravel()[:: 1 if transposed else -1]
    for text, value in zip(kernel_texts(right), true, strict=True):
        if text:
            check_value(f"number that slides by {sign}", text, value)


def channel_of(panel: Any, about: About) -> int:
    """Return which of the channels that feed the output a kernel belongs to, from its caption."""
    found = re.match(r"kernel for channel (\d+)", getattr(panel, "caption", ""))
    return about.values.shown.inputs.index(int(found[1]) - 1) if found else 0
