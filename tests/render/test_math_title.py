"""Mathematics in titles: drawn when it is asked for, refused with its place, and plain text everywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from click.testing import CliRunner

from convviz import Conv, MaxPool, PictureError, animate
from convviz.cli.main import main
from convviz.raster import FileMetadata
from convviz.render import math_title
from convviz.render.math_title import TEX, math_outline, math_width
from convviz.render.still import still_image
from convviz.render.text_run import TextRun
from convviz.text.math_text import plain_math, split_math

TITLE = r"Border $p' = k - p - 1$ for \$5"
PLAIN = "Border p′ = k − p − 1 for $5"


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        (TITLE, PLAIN),
        (r"$\lfloor \frac{i+2p-k}{s} \rfloor + 1$", "⌊(i+2p−k)/s⌋ + 1"),
        (r"$x_1^2 \cdot \mathbf{W}$", "x₁² · W"),
        (r"$\alpha_{ij} = \sqrt{x+1}$", "αᵢⱼ = √(x+1)"),
        (r"$\frac{\partial L}{\partial x} = C^T y$", "(∂L)/(∂x) = Cᵀ y"),
        (r"$x^{a+b}$ and $\sin \theta$", "x^(a+b) and sin θ"),
        ("no mathematics, _ and ^ and {}", "no mathematics, _ and ^ and {}"),
        ("$$", ""),
    ],
)
def test_titles_in_plain_text(title: str, plain: str) -> None:
    assert plain_math(title) == plain


def test_a_title_is_split_at_its_dollars() -> None:
    assert split_math(TITLE) == [("Border ", False), ("$p' = k - p - 1$", True), (" for $5", False)]
    assert split_math(r"$a\$b$c") == [(r"$a\$b$", True), ("c", False)]
    assert "".join(part for part, _ in split_math("a $ b")) == "a $ b"


def texts_of(animation: Any) -> list[TextRun]:
    return [one for one in animation.display_list.static_foreground() if isinstance(one, TextRun)]


def test_mathematics_is_drawn_only_if_it_is_asked_for() -> None:
    plain, drawn = (animate(MaxPool(4, 2), title=TITLE, math=math) for math in (False, True))
    assert plain.scene.title == TITLE
    assert drawn.scene.title == PLAIN
    assert not any(face == TEX for one in texts_of(plain) for *_, face in one.segments())
    (title,) = (one for one in texts_of(drawn) if TEX in one.face)
    parts = [("Border ", "bold"), ("$p' = k - p - 1$", TEX), (" for $5", "bold")]
    assert [(text, face) for _, text, face in title.segments()] == parts
    assert "--math" in drawn.provenance.arguments


def test_glyphs_fill_the_width_and_stay_in_the_line() -> None:
    for part in ("$p' = k - p - 1$", r"$\frac{\frac{a}{b}}{c_{d_e}}$", r"$\sum_{i=0}^{n} x_i$"):
        for px in (11, 30, 64):
            vertices, _ = math_outline(part, px)
            assert 0.8 * math_width(part, px) <= max(x for x, _ in vertices) <= math_width(part, px) + 1
            assert max(y for _, y in vertices) <= 1.06 * px
            assert min(y for _, y in vertices) >= -0.36 * px


def test_settings_of_the_process_change_no_glyph() -> None:
    before = math_outline("$kx$", 20)
    with mpl.rc_context({"mathtext.default": "bf", "mathtext.fontset": "cm"}):
        math_title._drawn.cache_clear()
        assert math_outline("$kx$", 20) == before


def test_each_format_has_the_title(tmp_path: Path) -> None:
    animation = animate(Conv(3, 3), title=TITLE, math=True, size=(640, 400))
    for name in ("a.svg", "a.pdf", "a.png", "a.gif", "a.html"):
        written = animation.save(tmp_path / name).read_bytes()
        assert len(written) > 1000
        if name in ("a.svg", "a.html"):
            assert PLAIN in written.decode()


def test_an_svg_has_outlines_for_mathematics() -> None:
    svg, plain = (
        still_image(animate(Conv(3, 3), title="$x$", math=math).display_list, 0, FileMetadata()).svg()
        for math in (True, False)
    )
    assert svg.count("<path") == plain.count("<path") + 1
    assert ">$x$<" not in svg
    assert ">$x$<" in plain


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        (r"Bad $x + \foo$", r"got '\\foo' at character 10 of"),
        ("Bad $x^{$", "got an end that is too early at character 9 of"),
        ("Bad $x", r"got a dollar without a partner; write \$ for a dollar at character 5 of"),
    ],
)
def test_bad_mathematics_is_refused_with_its_place(title: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(PictureError) as caught:
        animate(Conv(5, 3), title=title, math=True)
    assert fault in str(caught.value)
    result = CliRunner().invoke(main, ["conv", "--title", title, "--math", "-o", str(tmp_path / "a.gif")])
    assert result.exit_code == 2
    assert fault in result.output
    assert not list(tmp_path.iterdir())
    animate(Conv(5, 3), title=title)


def test_mathematics_needs_a_title() -> None:
    with pytest.raises(PictureError, match="math: expected a title"):
        animate(Conv(5, 3), math=True)


@pytest.mark.parametrize("size", [(320, 240), (200, 400), (1280, 720)])
def test_a_long_title_stays_inside_the_picture(size: tuple[int, int]) -> None:
    title = r"A long title about $o = \lfloor \frac{i + 2p - k}{s} \rfloor + 1$ and what follows from it for all"
    layout = animate(Conv(3, 2), title=title, math=True, size=size).display_list.layout
    titles = [one for one in layout.texts if "title" in one.style]
    assert titles
    assert all(one.box.right <= size[0] for one in titles)
