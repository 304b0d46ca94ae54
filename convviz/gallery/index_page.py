"""index.html: the gallery as a page with search and filters; a still plays when the pointer is over it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from convviz.gallery.entry import Entry
from convviz.gallery.sections import Section, sections
from convviz.style.theme import DARK, LIGHT
from convviz.web.embed import url
from convviz.web.pages import gallery

EXPLORER = "explorer.html"
"""File name of the explorer, in the same folder."""
OPTION = re.compile(r"(?<!\S)(-[\w-]+)")


def index_html(entries: Sequence[Entry]) -> str:
    """Return the page."""
    groups = sections(entries)
    views = sorted({entry.view for entry in entries})
    filling = {
        "count": str(len(entries)),
        "animations": f"animation{'s' * (len(entries) != 1)}",
        "explore": _explore(entries),
        "kinds": "\n".join([_kind("", "all", len(entries)), *(_kind(g.kind, g.label, len(g.entries)) for g in groups)]),
        "views": "\n".join(f'<option value="{escape(view)}">{escape(view)}</option>' for view in views),
        "sections": "\n".join(map(_section, groups)),
    }
    return gallery((LIGHT, DARK), filling)


def _explore(entries: Sequence[Entry]) -> str:
    """Return the link to the explorer, if a picture needs it."""
    if all(entry.explorer is None for entry in entries):
        return ""
    return f'<a class="explorer-link" href="{EXPLORER}">open the explorer, and change every number</a>'


def _kind(kind: str, label: str, count: int) -> str:
    """Return a radio button that filters by kind; the first is selected."""
    checked = "" if kind else " checked"
    return (
        f'<label><input type="radio" name="kind" value="{escape(kind)}"{checked}>'
        f"<span>{escape(label)} <small>{count}</small></span></label>"
    )


def _section(group: Section) -> str:
    cards = "\n".join(map(_card, group.entries))
    heading = f'<h2 id="kind-{escape(group.kind)}">{escape(group.title)}</h2>'
    opening = f'<section aria-labelledby="kind-{escape(group.kind)}">'
    return f'{opening}\n{heading}\n<div class="grid">\n{cards}\n</div>\n</section>'


def _card(entry: Entry) -> str:
    """Return the card of a picture: the still is the image's source, and `data-moving` names the animation."""
    name, title, view = escape(entry.name), escape(entry.title), escape(entry.view)
    width, height = entry.size
    return f"""\
<article class="card" id="{name}" data-kind="{escape(entry.kind)}" data-view="{view}">
<div class="picture"><img src="{escape(url(entry.poster))}" data-moving="{escape(url(entry.file))}" \
width="{width}" height="{height}" loading="lazy" decoding="async" alt="{escape(entry.alt)}"></div>
<div class="words">
<div class="title"><button type="button" class="play" aria-pressed="false" aria-label="play: {title}" hidden>\
<svg viewBox="0 0 24 24" aria-hidden="true"><path class="go" d="M8 5v14l11-7z"/><path class="rest" d="M7 7h10v10H7z"/>\
</svg></button><h3>{title}</h3></div>
<p class="caption">{escape(entry.caption)}</p>
<div class="command"><code>{_command(entry)}</code>\
<button type="button" class="copy" aria-label="copy the command of: {title}" hidden>copy</button></div>
<p class="links"><span class="tag">{_tag(entry)}</span>{_links(entry)}</p>
</div>
</article>"""


def _command(entry: Entry) -> str:
    """Return the command, with options that are not broken at the end of a line."""
    return OPTION.sub(r"<span>\1</span>", escape(entry.command))


def _tag(entry: Entry) -> str:
    """Return the view, and the theme if it is not light."""
    return escape(entry.view if entry.theme == LIGHT.name else f"{entry.view}, {entry.theme}")


def _links(entry: Entry) -> str:
    """Return links to the explorer in the state of the picture, and to the file."""
    title = escape(entry.title)
    links = f'<a href="{escape(url(entry.file))}" aria-label="GIF of: {title}">GIF</a>'
    if entry.explorer is None:
        return links
    address = escape(f"{EXPLORER}#{entry.explorer}")
    return f'<a href="{address}" aria-label="explore: {title}">explore</a>{links}'
