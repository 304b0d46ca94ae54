"""TOML documents: the line of each table and key, in linear time, and sentences for files that cannot be read."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from convviz.errors import ConvvizError
from convviz.files.toml_document import LARGEST_FILE, KeyPath, load, tomllib

TRICKY = r'''
# a comment with [brackets] and "quotes
[first]
plain = 1
"quoted [" = "a ] # no comment \" still text"   # a comment ]
'literal ]' = 'C:\[path'
list = [
  1, # one ]
  [2, "]"],
]
text = """
[not a header]
ends = "here" \""" ]""""
raw = \'\'\'
x = [
\'\'\'\'\'
inline = { a = [1], b = "}" }
dotted.key = 2

[[many]]
[ spaced . "in quotes" ]
last = [[], []]
'''.replace("\\'", "'")


def brute_force(text: str) -> dict[KeyPath, int]:
    """The lines of tables and keys; a statement ends at the first line where it parses on its own."""
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    pending: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        pending.append(line)
        try:
            parsed = tomllib.loads("\n".join(pending))
        except tomllib.TOMLDecodeError:
            continue
        start, header = number - len(pending) + 1, pending[0].lstrip().startswith("[")
        pending.clear()
        names = []
        if header:
            while isinstance(parsed, dict) and parsed:
                ((name, parsed),) = parsed.items()
                names.append(name)
            table = tuple(names)
            found.setdefault(table, start)
        elif parsed:
            found.setdefault((*table, next(iter(parsed))), start)
    return found


@pytest.mark.parametrize("text", [TRICKY, Path("gallery/recipes.toml").read_text("utf-8"), "", "a=1", "[x]\n\n\n\ny=1"])
def test_each_key_is_found_in_its_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    assert dict(load(tmp_path / "a.toml").lines) == brute_force(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "[" * 50_000 + "]" * 50_000, "has lists in lists that are too deep to read; write values as text"),
        ("x = " + "9" * 5_000, "cannot be read: Exceeds the limit (4300 digits) for integer string conversion"),
        ("#" * (LARGEST_FILE + 1), "has more than 4 MB; split it into several files"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(ConvvizError) as caught:
        load(tmp_path / "a.toml")
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300 + len(str(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "x = [\n" + "1,\n" * 20_000 + "]",
        "\n".join(f'key{n} = "{"long " * 60}"' for n in range(10_000)),
        "\n".join(f'[table{n}]\nkind = "conv"' for n in range(10_000)),
        "[a]\nx = 1\n[a]\n" + "y = [1,\n" * 10_000,
    ],
    ids=["a long list", "long lines", "many tables", "unbalanced"],
)
def test_a_long_file_takes_linear_time(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text)
    before = time.process_time()
    with suppress(ConvvizError):
        load(tmp_path / "a.toml")
    assert time.process_time() - before < 20  # about 1 s; minutes when each line is read with all lines before it
