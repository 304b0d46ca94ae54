"""Titles: wrapped, then smaller, then with an ellipsis; here, each character is half as wide as its font size."""

from __future__ import annotations

import pytest

from convviz import Conv, animate
from convviz.layout.title import title_lines
from convviz.layout.typography import Typography

TYPOGRAPHY = Typography((1280, 720), lambda text, _face, px: -(-len(text) * px // 2))
"""Titles have 30 pixels, or at least 11; lines have 1184 pixels: 78 characters at 30 pixels, 215 at 11."""


@pytest.mark.parametrize(
    ("title", "lines", "px"),
    [
        ("Up", ["Up"], 30),
        ("", [""], 30),
        ("a" * 78, ["a" * 78], 30),
        ("a" * 100, ["a" * 100], 23),
        ("first\n\n second  half", ["first", "second half"], 30),
        ("word " * 24, [("word " * 15).strip(), ("word " * 9).strip()], 30),
        ("卷" * 120, ["卷" * 78, "卷" * 42], 30),
        ("a" * 200, ["a" * 78, "a" * 78, "a" * 44], 30),
        ("1\n2\n3\n4", ["1 2 3 4"], 30),
    ],
)
def test_a_title_is_broken_at_line_feeds_and_words(title: str, lines: list[str], px: int) -> None:
    assert title_lines(title, TYPOGRAPHY) == (lines, px)


def test_a_longer_title_is_smaller_and_complete() -> None:
    title = "word " * 60
    lines, px = title_lines(title, TYPOGRAPHY)
    assert len(lines) == 3
    assert " ".join(lines) == title.strip()
    assert 11 < px < 30


def test_an_endless_title_ends_in_an_ellipsis() -> None:
    lines, px = title_lines("word " * 900, TYPOGRAPHY, 2)
    assert (len(lines), px) == (2, 11)
    assert lines[1].endswith("word…")
    assert all(len(line) <= 215 for line in lines)


def test_a_title_takes_no_more_lines_than_leave_room_for_the_grids() -> None:
    long = "An explanation " * 12

    def shown(size: tuple[int, int]) -> list[str]:
        layout = animate(Conv(24, 3), size=size, title=long).display_list.layout
        return [text.text for text in layout.texts if text.style == "title"]

    assert len(shown((1280, 720))) == 3
    (line,) = shown((640, 260))
    assert line.endswith("…")
