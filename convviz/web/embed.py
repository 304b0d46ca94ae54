"""HTML elements that show a file in a page, with its size and its alt text."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePath
from urllib.parse import quote

VIDEOS = (".mp4", ".webm")
REPLACE_BY_PAGE = """(i=>{const c=i.previousSibling,f=document.createElement("iframe");if(!c||c.nodeType!==8)return;\
f.srcdoc=decodeURIComponent(c.data);f.title=i.alt;f.style.cssText=i.dataset.style;\
f.setAttribute("sandbox","allow-scripts allow-downloads");i.replaceWith(f)})(this)"""
"""The script of an <img> that puts the page in the comment in front of it into its place."""
Attributes = Mapping[str, "str | int"]
"""HTML attributes, such as width, class and style."""


def html(file: str, alt: str, size: tuple[int, int]) -> str:
    """Return the element for a file: <video>, <iframe> for a page, else <img>. `size` is in CSS pixels."""
    suffix = PurePath(file).suffix.lower()
    width, height = size
    if suffix in VIDEOS:
        return video(file, alt, {"width": width, "height": height})
    if suffix == ".html":
        return page(file, alt, framed(f"{width}px", size))
    return _tag("img", {"src": url(file), "width": width, "height": height, "alt": alt})


def video(file: str, alt: str, attributes: Attributes, poster: str = "", *, autoplay: str = "") -> str:
    """Return a looping <video> without sound; `autoplay` is the attribute that starts it, if any."""
    source = {"src": url(file), **({"poster": url(poster)} if poster else {})}
    flags = " ".join([*filter(None, [autoplay]), "controls", "loop", "muted", "playsinline"])
    return f"<video {_attributes({**source, **attributes})} {flags} {_attributes({'aria-label': alt})}></video>"


def page(file: str, alt: str, attributes: Attributes) -> str:
    """Return an <iframe> that shows the page `file`."""
    return _tag("iframe", {"src": url(file), "title": alt, "loading": "lazy", **attributes}) + "</iframe>"


def interactive(text: str, still: bytes, alt: str, attributes: Attributes) -> str:
    """Return an <img> of a PNG that becomes an <iframe> with the text of a page, as soon as the image is loaded.

    The page waits in a comment. Viewers that take comments and event handlers out, as they do with notebooks that are
    not trusted, leave the still; those that show foreign markup as text do not show the page.
    """
    source = f"data:image/png;base64,{b64encode(still).decode()}"
    image = {"src": source, "alt": alt, "style": "max-width: 100%; height: auto", "onload": REPLACE_BY_PAGE}
    style = {f"data-{name}": value for name, value in attributes.items()}
    return f"<!--{text.replace('%', '%25').replace('>', '%3E')}-->{_tag('img', {**image, **style})}"


def inline(text: str, alt: str, attributes: Attributes) -> str:
    """Return an <iframe> that contains the text of a page."""
    return (
        _tag("iframe", {"srcdoc": text, "title": alt, "sandbox": "allow-scripts allow-downloads", **attributes})
        + "</iframe>"
    )


def framed(width: str, size: tuple[int, int]) -> Attributes:
    """Return the style of an <iframe> of at most a CSS `width` with the aspect ratio of `size`."""
    return {"style": f"width: {width}; max-width: 100%; aspect-ratio: {size[0]} / {size[1]}; border: 0"}


def themed(names: Sequence[str], alt: str, attributes: Attributes) -> str:
    """Return a <picture> of NAME.gif, or of NAME.png if the reader prefers reduced motion.

    `names` holds one NAME, or two: for light and for dark systems.
    """
    reduced, night = "(prefers-reduced-motion: reduce)", "(prefers-color-scheme: dark)"
    light, *dark = names
    sources = [
        *((f"{reduced} and {night}", f"{name}.png") for name in dark),
        (reduced, f"{light}.png"),
        *((night, f"{name}.gif") for name in dark),
    ]
    lines = [f"  {_tag('source', {'media': media, 'srcset': url(file)})}" for media, file in sources]
    shown = _tag("img", {"src": url(f"{light}.gif"), **attributes, "alt": alt})
    return "\n".join(["<picture>", *lines, f"  {shown}", "</picture>"])


def url(file: str) -> str:
    """Quote a relative path as a URL; a space would end it in `srcset`, and a # anywhere."""
    return quote(os.fsencode(PurePath(file).as_posix()))


def _tag(name: str, attributes: Attributes) -> str:
    return f"<{name} {_attributes(attributes)}>"


def _attributes(values: Attributes) -> str:
    return " ".join(f'{name}="{escape(str(value))}"' for name, value in values.items())
