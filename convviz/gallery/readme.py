"""README.md of a gallery: each picture with its caption and its command, for GitHub and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from convviz.gallery.entry import Entry
from convviz.gallery.sections import Section, sections
from convviz.web.embed import themed

GENERATED = "<!-- Written by `convviz gallery build` from the recipes; changes made here will be lost. -->"
SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
OPENS = re.compile(r"^(\d*)([-+=!.)])")
"""The start of a list, a rule or a picture at the beginning of a line."""


def readme_text(entries: Sequence[Entry]) -> str:
    """Return the text of README.md."""
    groups = sections(entries)
    return "\n\n".join([GENERATED, "# Gallery", _about(entries), _contents(groups), *_bodies(groups)]) + "\n"


def _about(entries: Sequence[Entry]) -> str:
    many = f"{len(entries)} animation{'s' * (len(entries) != 1)}"
    return (
        f"{many}, each with the command that makes it. `convviz gallery site` writes them as a page with search and "
        "filters, and with links into the explorer."
    )


def _contents(groups: Sequence[Section]) -> str:
    return "\n".join(f"- [{plain(one.title)}](#{one.kind}) ({len(one.entries)})" for one in groups)


def _bodies(groups: Sequence[Section]) -> Iterator[str]:
    for group in groups:
        yield f'<a id="{group.kind}"></a>\n\n## {plain(group.title)}'
        yield from map(_entry, group.entries)


def _entry(entry: Entry) -> str:
    """Return a picture with its caption and command; readers who prefer reduced motion see its still."""
    stem = entry.file.removesuffix(".gif")
    picture = themed([stem], entry.alt, {"width": entry.size[0], "height": entry.size[1]})
    return "\n\n".join([f"### {plain(entry.title)}", _one_line(picture), plain(entry.caption), fenced(entry.command)])


def _one_line(markup: str) -> str:
    """Join lines: a blank line would end the markup."""
    return re.sub(r"\s+", " ", markup)


def plain(text: str) -> str:
    """Return a line of Markdown that shows `text` literally."""
    return OPENS.sub(r"\1\\\2", SPECIAL.sub(r"\\\g<0>", " ".join(text.split())))


def fenced(code: str) -> str:
    """Return a code block whose fence is longer than any run of backticks in it."""
    longest = max(map(len, re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}console\n{code}\n{fence}"
