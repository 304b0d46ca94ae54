"""The gallery's README, as a parser of CommonMark reads it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from convviz.gallery.readme import GENERATED, fenced, plain, readme_text
from convviz.gallery.sections import TITLES, sections
from tests.gallery.entries import ENTRIES, HOSTILE, entry

LINES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=60)


class Read(HTMLParser):
    """Headings, pictures, paragraphs and code of a page."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.attributes: dict[str, list[dict[str, str | None]]] = {}
        self.feed(MarkdownIt("commonmark").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.setdefault(tag, []).append(dict(attrs))
        if tag not in ("img", "source", "br", "hr"):
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data


@pytest.fixture(scope="module")
def page() -> Read:
    return Read(readme_text(ENTRIES))


def test_it_says_where_it_comes_from() -> None:
    assert readme_text(ENTRIES).splitlines()[0] == GENERATED


def test_there_is_a_section_for_each_kind_and_a_way_to_it(page: Read) -> None:
    groups = sections(ENTRIES)
    assert page.texts["h2"] == [group.title for group in groups]
    targets = {found["href"] for found in page.attributes["a"] if (found.get("href") or "").startswith("#")}
    assert targets == {f"#{found['id']}" for found in page.attributes["a"] if found.get("id")}
    assert [text.partition(" (")[2] for text in page.texts["li"]] == [f"{len(group.entries)})" for group in groups]


def test_every_entry_is_there_with_picture_caption_and_command(page: Read) -> None:
    ordered = [one for group in sections(ENTRIES) for one in group.entries]
    assert page.texts["h3"] == [one.title for one in ordered]
    assert page.texts["code"][1:] == [f"{one.command}\n" for one in ordered]
    assert [found["src"] for found in page.attributes["img"]] == [one.file for one in ordered]
    assert [found["alt"] for found in page.attributes["img"]] == [one.alt for one in ordered]
    stills = [found["srcset"] for found in page.attributes["source"] if "reduce" in (found["media"] or "")]
    assert stills == [one.poster for one in ordered]
    assert all(one.caption in page.texts["p"] for one in ordered)


def test_nothing_hostile_becomes_markup(page: Read) -> None:
    assert "script" not in page.attributes
    assert not any("onerror" in found for found in page.attributes["img"])
    assert HOSTILE in page.texts["h3"]


@given(LINES)
@example("- a")
@example("+ a")
@example("12. a")
@example("1) a")
@example("***")
@example("===")
@example("# a")
@example("&amp; <b> [a](b) `c` *d* ~~~")
def test_plain_text_reads_as_it_is(text: str) -> None:
    words = " ".join(text.split())
    assert Read(f"before\n\n{plain(text)}\n\nafter").texts["p"] == ["before", *([words] if words else []), "after"]


@given(st.text(st.characters(exclude_categories=["C"], include_characters="`\n"), max_size=60))
@example("a\n```\nb")
@example("````\n```` x")
def test_code_reads_as_it_is(text: str) -> None:
    assert Read(fenced(text)).texts["code"] == [f"{text}\n"]


def test_a_kind_of_its_own_comes_last_under_its_own_name() -> None:
    found = sections([entry("one", "new"), entry("two", "maxpool")])
    assert [group.title for group in found] == ["Max pooling", "new"]


def test_there_is_a_title_for_every_kind_of_recipe() -> None:
    from convviz.recipes.reader import TAKES

    assert set(TITLES) == set(TAKES)
