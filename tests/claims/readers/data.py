"""The data of `convviz explain --json`: sizes, cells and windows of each axis, and the notes."""

from __future__ import annotations

from typing import Any

from tests.claims.axis_model import AxisModel
from tests.claims.readers import diagnostics, formulas
from tests.claims.reading import About, same

NAMES = {
    "input": "i",
    "kernel": "k",
    "stride": "s",
    "dilation": "d",
    "output_padding": "a",
    "output": "o",
}


def check(data: dict[str, Any], about: About) -> None:
    """Check each field."""
    model = about.model
    same("kind and mode", (data["kind"], data["padding_mode"]), (about.plain.kind, about.plain.mode))
    for name, attribute in NAMES.items():
        same(name, tuple(data[name]), model.sizes(attribute))
    same("padding", [tuple(side) for side in data["padding"]], [(axis.before, axis.after) for axis in model.axes])
    same("axes", [axis["name"] for axis in data["axes"]], list(model.names))
    diagnostics.check_all(data["diagnostics"], about)
    for n, (told, axis) in enumerate(zip(data["axes"], model.axes, strict=True)):
        check_axis(told, axis)
        formulas.reader.read(told["formula"], about.alone(n))


def check_axis(told: dict[str, Any], axis: AxisModel) -> None:
    """Check the derived numbers, each cell, and the cells under each window."""
    same("kernel is flipped", told["kernel_flipped"], axis.transposed)
    if axis.transposed:
        same("z and p′", (told["z"], tuple(told["p_prime"])), (axis.s - 1, axis.implicit))
    else:
        same("remainder", told["remainder"], axis.behind)
    same("windows", told["windows"], axis.windows)
    said = [(cell["kind"], cell["input"], cell["read"], cell["cropped"]) for cell in told["cells"]]
    true = []
    for place, spot in enumerate(axis.line):
        kind = "padding" if spot.kind == "beyond" else spot.kind
        true.append((kind, spot.source, place in axis.read, spot.cropped))
    same("cells", said, true)
