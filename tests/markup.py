"""The tags of a piece of HTML, as a parser that is not ours finds them."""

from __future__ import annotations

from html.parser import HTMLParser


def tags_of(html: str, only: str) -> list[dict[str, str]]:
    """Return the attributes of each tag; each tag must be an `only`."""
    found: list[dict[str, str]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            assert tag == only
            found.append({name: value or "" for name, value in attributes})

    parser = Tags()
    parser.feed(html)
    parser.close()
    return found
