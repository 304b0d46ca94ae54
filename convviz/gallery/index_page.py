"""index.html: the gallery as a page to search, whose stills move when one points at them."""

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
"""The explorer's page, beside this one."""
OPTION = re.compile(r"(?<!\S)(-[\w-]+)")


def index(entries: Sequence[Entry]) -> str:
    """The text of the page."""
    groups = sections(entries)
    views = sorted({entry.view for entry in entries})
    filling = {
        "count": str(len(entries)),
        "animations": f"animation{'s' * (len(entries) != 1)}",
        "explore": _explore(entries),
        "kinds": "\n".join([_kind("", "all", len(entries)), *(_kind(g.kind, g.word, len(g.entries)) for g in groups)]),
        "views": "\n".join(f'<option value="{escape(view)}">{escape(view)}</option>' for view in views),
        "sections": "\n".join(map(_section, groups)),
    }
    return gallery((LIGHT, DARK), filling)


def _explore(entries: Sequence[Entry]) -> str:
    """The way into the explorer, where there is one."""
    if all(entry.explorer is None for entry in entries):
        return ""
    return f'<a class="way" href="{EXPLORER}">open the explorer, and change every number</a>'


def _kind(kind: str, word: str, count: int) -> str:
    """One of the choices of which one holds; the first holds at the beginning."""
    checked = "" if kind else " checked"
    return (
        f'<label><input type="radio" name="kind" value="{escape(kind)}"{checked}>'
        f"<span>{escape(word)} <small>{count}</small></span></label>"
    )


def _section(group: Section) -> str:
    cards = "\n".join(map(_card, group.entries))
    heading = f'<h2 id="kind-{escape(group.kind)}">{escape(group.title)}</h2>'
    opening = f'<section aria-labelledby="kind-{escape(group.kind)}">'
    return f'{opening}\n{heading}\n<div class="grid">\n{cards}\n</div>\n</section>'


def _card(entry: Entry) -> str:
    """A picture and what belongs to it. The still is the picture's source, its animation waits in `data-moving`."""
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
<p class="ways"><span class="tag">{_look(entry)}</span>{_ways(entry)}</p>
</div>
</article>"""


def _command(entry: Entry) -> str:
    """The command, whose options stay in one piece where a line ends."""
    return OPTION.sub(r"<span>\1</span>", escape(entry.command))


def _look(entry: Entry) -> str:
    """How one sees it: the view, and the theme where it is not the first."""
    return escape(entry.view if entry.theme == LIGHT.name else f"{entry.view}, {entry.theme}")


def _ways(entry: Entry) -> str:
    """Where one goes from here: into the explorer, in this very state, and to the file."""
    title = escape(entry.title)
    ways = f'<a href="{escape(url(entry.file))}" aria-label="GIF of: {title}">GIF</a>'
    if entry.explorer is None:
        return ways
    address = escape(f"{EXPLORER}#{entry.explorer}")
    return f'<a href="{address}" aria-label="explore: {title}">explore</a>{ways}'
