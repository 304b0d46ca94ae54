"""The inks of the parts of captions and formulas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.text.lines import Equation, Run, Sentence, symbol_runs

TERMS = st.lists(st.sampled_from(["3·2", "(−1)·(1/2)", "12·7", "2 (bias)"]), max_size=8).map(tuple)


def test_each_factor_has_the_ink_of_its_array() -> None:
    line = Equation("y[2,5]", ("3·2", "(−1)·(1/2)", "2 (bias)"), "8")
    assert line.runs(100) == [
        Run("y[2,5] = ", "output"),
        *(Run("3", "input", True), Run("·"), Run("2", "kernel", True), Run(" + ")),
        *(Run("(−1)", "input", True), Run("·"), Run("(1/2)", "kernel", True), Run(" + ")),
        *(Run("2", "kernel", True), Run(" (bias)", "kernel"), Run(" = "), Run("8", "output", True)),
    ]


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        (
            Equation("y[0]", ("3", "4"), "4", "=", ", ", "max(", ")", ("input",)),
            "y[0] = |max(|3|, |4|) = |4: output . input* . input* . output*",
        ),
        (
            Equation("y[0]", ("7", "−2"), "5", inks=("output",)),
            "y[0] = |7| + |−2| = |5: output output* . output* . output*",
        ),
        (
            Equation("x[1]", ("3·2",), "6", inks=("output", "kernel")),
            "x[1] = |3|·|2| = |6: input output* . kernel* . input*",
        ),
        (Equation("(Cᵀ y)[1]", ("3·2",), "6"), "(Cᵀ y)[1] = |3|·|2| = |6: . input* . kernel* . .*"),
        (
            Equation("so far, dL/dx[1,2]", ("3·2",), "6", inks=("output", "kernel")),
            "so far, dL/dx[1,2] = |3|·|2| = |6: input output* . kernel* . input*",
        ),
        (
            Equation("dL/db", ("3", "4"), "7", inks=("output",)),
            "dL/db = |3| + |4| = |7: kernel output* . output* . kernel*",
        ),
        (
            Sentence(("dL/dy[1] = 2 goes to x[4] = 3, the maximum",)),
            "dL/dy[1] = |2| goes to |x[4] = |3|, the maximum: output output* . input input* .",
        ),
        (Equation("y[0,0]", (), "?"), "y[0,0] = |?: output output*"),
        (
            Sentence(("x[1,1] = 3 stamps rows 1–3",)),
            "x[1,1] = |3| stamps rows 1–3: input input* .",
        ),
        (
            Sentence(("y[0] gathers w[1] ≈ 0.333, not xy[2]; x",)),
            "y[0]| gathers |w[1] ≈ |0.333|, not xy[2]; x: output . kernel kernel* .",
        ),
        (Sentence(("y[2] = missing in jax",)), "y[2]| = missing in jax: output ."),
    ],
)
def test_parts_have_the_inks_of_the_arrays_that_they_name(line: Equation | Sentence, runs: str) -> None:
    """`runs` lists the parts and their inks: a dot is the ink of the text, a star is bold."""
    parts, _, inks = runs.rpartition(": ")
    found = [f"{'.' if ink == 'text' else ink}{'*' * bold}" for _, ink, bold in line.runs(100)]
    assert "|".join(run.text for run in line.runs(100)) == parts
    assert " ".join(found) == inks


@given(TERMS, st.integers(1, 60), st.sampled_from([("input", "kernel"), ("input",), ()]))
def test_the_parts_are_the_line_at_each_length(terms: tuple[str, ...], length: int, inks: tuple[str, ...]) -> None:
    line = Equation("y[2,5]", terms, "8", inks=inks)  # type: ignore[arg-type]
    assert "".join(run.text for run in line.runs(length)) == line.fitted(length)
    assert all(run.text for run in line.runs(length))
    whole = " + ".join(terms)
    assert line.fitted(1000) == (f"y[2,5] = {whole} = 8" if terms else "y[2,5] = 8")


def test_symbols_of_a_formula_have_the_inks_of_their_badges() -> None:
    found = {
        text: ink for text, ink, _ in symbol_runs("rows: o = ⌊(i + 2p − k)/s⌋ + 1, y[m] += x[m]·w[u]") if ink != "text"
    }
    gradients = {text: ink for text, ink, _ in symbol_runs("dL/dw[u] = Σ x·dL/dy, dL/dx, dL/db")}
    assert [gradients[name] for name in ("dw", "dy", "dx", "db")] == ["kernel", "output", "input", "kernel"]
    assert found == {"o": "output", "i": "input", "k": "kernel", "y": "output", "x": "input", "w": "kernel"}
