"""False sentences that the readers must refuse: a layer, what is said of it, and the words that are spoilt."""

from __future__ import annotations

from dataclasses import dataclass

from tests.claims.plain import Plain


@dataclass(frozen=True)
class Spoilt:
    """A text of `where` (explain, explain --backward, compare, solve, alt, or a view); `false` replaces `true`."""

    kind_of_claim: str
    plain: Plain
    where: str
    true: str
    false: str
    bias: int | None = None


def layer(kind: str, i: int, k: int, s: int = 1, p: int | str = 0, d: int = 1, axes: int = 2, **more: object) -> Plain:
    """Return a layer that is alike on all axes."""
    padding = p if isinstance(p, str) else ((p, p),) * axes
    return Plain(kind, (i,) * axes, (k,) * axes, (s,) * axes, (d,) * axes, padding, **more)  # type: ignore[arg-type]


CONV = layer("conv", 6, 3, 2, 1)
DILATED = layer("conv", 7, 3, 2, 1, 2)
UP = layer("transposed", 3, 3, 2, 1)
CROPPED = layer("transposed", 3, 2, 2, 2)
FEW = layer("transposed", 2, 11, 2, 5)
ONE = layer("transposed", 1, 3, 2)
HOLES = layer("transposed", 4, 2, 3)
POOL = layer("maxpool", 5, 3, 2, 1)
LINE = layer("conv", 12, 5, 1, 0, 2, axes=1)
SAME = layer("conv", 24, 3, 2, "same")
HOLES_NOTE = (
    "\n   - holes: 57 of 121 output cells get no contribution, only the bias; k is smaller than s = 3, use k ≥ 3"
)
OVERLAP = "windows overlap: what a cell receives from several of them is added"
SPOILT = [
    Spoilt("output size, off by one", CONV, "explain", "→ output 3×3", "→ output 4×4"),
    Spoilt("numbers of a formula", CONV, "explain", "⌊(6 + 2·1 − 3)/2⌋ + 1 = 3", "⌊(6 + 2·1 − 4)/2⌋ + 1 = 3"),
    Spoilt("symbols of a formula", DILATED, "explain", "o = ⌊(i + 2p − d·(k − 1) − 1)/s⌋", "o = ⌊(i + 2p − k)/s⌋"),
    Spoilt("p′", UP, "explain", "p′ = k − p − 1 = 3 − 1 − 1 = 1", "p′ = k − p − 1 = 3 − 1 − 1 = 2"),
    Spoilt("z", UP, "explain", "z = s − 1 = 2 − 1 = 1", "z = s − 1 = 2 − 1 = 2"),
    Spoilt("inputs of the same output under same", SAME, "explain", "inputs of 23 or 24", "inputs of 24 or 25"),
    Spoilt("output padding that chooses", UP, "explain", "a = 1 gives 6", "a = 1 gives 7"),
    Spoilt("count along one axis instead of two", HOLES, "explain", "holes: 57 of 121", "holes: 3 of 11"),
    Spoilt("cells that are never read", DILATED, "explain", "never read: 40 of 49", "never read: 13 of 49"),
    Spoilt("advice", HOLES, "explain", "use k ≥ 3", "use k ≥ 4"),
    Spoilt("value of padding", POOL, "explain", "Pad with p cells of −∞", "Pad with p zeros"),
    Spoilt("the other operation", SAME, "explain", "48×48", "47×47"),
    Spoilt("a note that is missing", HOLES, "explain", HOLES_NOTE, ""),
    Spoilt("words that no reader knows", CONV, "explain", "leaves nothing over", "is a good choice"),
    Spoilt("products on the padding", CONV, "explain --backward", "17 of 81", "18 of 81"),
    Spoilt("operation of a gradient", UP, "explain --backward", "the convolution of", "the transposed convolution of"),
    Spoilt("places of a weight", UP, "explain --backward", "9 places", "25 places"),
    Spoilt(
        "windows that overlap",
        POOL,
        "explain --backward",
        "\n   windows overlap: what a cell receives from several of them is added",
        "",
    ),
    Spoilt("sign of a gradient of the input", CONV, "backward-input", "⋆", "∗"),
    Spoilt("sign of a gradient of the kernel", UP, "backward-weight", "⋆", "∗"),
    Spoilt("the kernel that slides over dL/dy", CONV, "backward-input", ", not flipped", ", flipped"),
    Spoilt("a sum that is not complete", CONV, "backward-input", "so far, ", ""),
    Spoilt(
        "what becomes of the padding",
        CONV,
        "backward-input",
        "its padding is cropped",
        "the cells around it receive nothing",
    ),
    Spoilt("gradients that arrive", CONV, "backward", "dL/dy arrives from", "x arrives from"),
    Spoilt("tensors exchanged in a rule", CONV, "backward", "Σ x[s·m − p + u]·dL/dy[m]", "Σ x[m]·dL/dy[s·m − p + u]"),
    Spoilt(
        "tensor that a weight collects", UP, "backward-weight no numbers", " of dL/dy, times x", " of x, times dL/dy"
    ),
    Spoilt(
        "cells that a stamp hits", CONV, "backward-input no numbers", "columns 0–1 of dL/dx", "columns 0–2 of dL/dx"
    ),
    Spoilt("equal maxima", POOL, "backward", "goes to x[0,3]", "goes to x[0,2]"),
    Spoilt("colour of a tensor", CONV, "backward", "w, dL/dw, dL/db", "w, dL/dw, dL/dx"),
    Spoilt("acts of the backward pass", UP, "backward", "dL/dx: slide, stride 2", "dL/dx: slide, stride 1"),
    Spoilt("sign of the operation", UP, "slide", "⋆", "∗"),
    Spoilt("operation of a pooling", POOL, "slide", "max", "mean"),
    Spoilt("bias left out of a sum", CONV, "slide", "5 (bias)", "", bias=5),
    Spoilt("output cell of a sum", CONV, "slide", "y[0,0]", "y[0,1]", bias=5),
    Spoilt("term of a sum", CONV, "slide", "3·3", "3·4", bias=5),
    Spoilt("index", CONV, "slide hidden", "rows 1–3", "rows 2–4"),
    Spoilt("every k-th cell", LINE, "slide hidden", "cells 1, 3, …, 9", "cells 1, 4, …, 9"),
    Spoilt("sum in a bracket", UP, "slide", "3 + 2·1 = 5", "3 + 2·1 = 6"),
    Spoilt("cells that a bracket says are cropped", CROPPED, "slide", "1 cropped", "2 cropped"),
    Spoilt("sum that p′ crops", CROPPED, "slide", "2p′ = 5 − 2 = 3", "2p′ = 5 − 1 = 4"),
    Spoilt("padding beside the steps", UP, "steps", "i + (i−1)·z = 3 + 2·1 = 5", "i + (i−1)·z = 3 + 1·2 = 5"),
    Spoilt("size of a flattened input", CONV, "matrix", "i² = 36", "i² = 35"),
    Spoilt("size that comes back", CONV, "pair", "i − a = 5", "i = 5"),
    Spoilt("size of a grown kernel", UP, "upsample", "k + f − 1 = 4", "k + f − 1 = 5"),
    Spoilt("cells that padding crops", UP, "scatter", "p = 1", "p = 2"),
    Spoilt("stride of an arrow", UP, "slide", "s′ = 1", "s′ = 2"),
    Spoilt("size of the padded input", CONV, "slide", "padded: 8×8", "padded: 7×7"),
    Spoilt("badge", CONV, "slide", "s = 2", "s = 3"),
    Spoilt("legend of what is not seen", CONV, "slide", "never read", "cropped"),
    Spoilt("rule without its padding", UP, "scatter", "s·m − p + u", "s·m + u"),
    Spoilt("what is sent back", UP, "pair", "times the weights back", "back"),
    Spoilt("what a number became", UP, "pair", "0 became 50", "0 became 51"),
    Spoilt("name of the matrix", UP, "matrix", "Row 0 of Cᵀ", "Row 0 of C"),
    Spoilt("weights in a row", UP, "matrix", "the weights of 1 input cell", "the weights of 2 input cells"),
    Spoilt("evenness", UP, "overlap", "→ uneven", "→ even"),
    Spoilt("end of a scale", CONV, "slide shaded", "28", "29"),
    Spoilt("a shade's name", CONV, "slide shaded", "exactly 0", "negative"),
    Spoilt("a factor that no cell shows", CONV, "slide shaded", "2·2", "2·5"),
    Spoilt("a product in a lens", CONV, "slide lens", "12", "13"),
    Spoilt("operation in a lens", UP, "slide lens", "×", "∗"),
    Spoilt("verb of a step", UP, "steps", "Pad by p′", "Crop by p′"),
    Spoilt("a kernel that is flipped", UP, "steps", "in both directions", "along its line"),
    Spoilt("kernel in an alt text", CONV, "alt", "a 3×3 kernel", "a 4×4 kernel"),
    Spoilt("border in an alt text", UP, "alt", "the border is p′ = 1", "the border is p′ = 2"),
    Spoilt("verdict on a framework", UP, "compare", "same as torch", "reference"),
    Spoilt("cells that differ", UP, "compare", "9 of 25 differ", "7 of 25 differ"),
    Spoilt("crop of a framework", UP, "compare", "1        as given", "0        as given"),
    Spoilt("reason for a solution", UP, "solve", "uneven overlap", "no checkerboard"),
    Spoilt("evenness of few stamps", FEW, "solve", "no cell away from the borders", "uneven overlap"),
    Spoilt("evenness of few stamps in a picture", FEW, "overlap", ", but no cell is inside", " → uneven"),
    Spoilt("equal values of an input", UP, "overlap constant", "all 2", "all 3"),
    Spoilt("different values of an output", UP, "overlap constant", "2 different values", "4 different values"),
    Spoilt("copies of a cell", UP, "upsample", "columns 2–3", "columns 1–2"),
    Spoilt("weights that share an input cell", UP, "upsample", "kernel rows 0 | 1–2", "kernel rows 0–1 | 2"),
    Spoilt("weights of a grown kernel", UP, "upsample", "16 weights are sums of 9", "16 weights are sums of 8"),
    Spoilt("place of a phase", UP, "upsample", "is in rows 1, 3", "is in rows 0, 2"),
    Spoilt("sum of each phase", UP, "upsample", "adds up to 12", "adds up to 13"),
    Spoilt("values that agree", UP, "upsample", "All 36 values agree", "35 of 36 values agree"),
    Spoilt("what follows from k mod s alone", ONE, "overlap", ", but even at this size", " → even"),
]
"""Each kind of claim, spoilt once."""
