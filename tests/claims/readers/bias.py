"""The bias, wherever it is named: `bias 5`, or `bias` without numbers."""

from __future__ import annotations

from tests.claims.digits import check_value
from tests.claims.reading import About, same


def check_bias(text: str | None, about: About) -> None:
    """Check `bias 5`, or `bias` without numbers; it is said exactly if there is one."""
    added = about.values.shown.added
    same("the bias is said", bool(text), added is not None)
    if text:
        same("its value is said", " " in text, about.values.visible or about.values.shown.lens)
        if " " in text:
            check_value("bias", text.removeprefix("bias "), added)


def check_bias_cell(about: About) -> None:
    """Check the one cell of the bias, which is added to each output."""
    (panel,) = (panel for panel in about.scene.panels if panel.name == "bias")
    same("cells", (panel.rows, panel.cols), (1, 1))
    check_bias(f"bias {panel.cells[0][0].text}".strip(), about)
