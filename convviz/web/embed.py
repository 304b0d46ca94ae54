"""What to paste: HTML that shows a file in a page, with its size and its alt text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePath
from urllib.parse import quote

VIDEOS = (".mp4", ".webm")
Look = Mapping[str, "str | int"]
"""Attributes of an element, such as width, class and style."""


def html(file: str, alt: str, size: tuple[int, int]) -> str:
    """The element for a file: <video>, <iframe> for a page, <img> for anything else. `size` is in CSS pixels."""
    suffix = PurePath(file).suffix.lower()
    width, height = size
    if suffix in VIDEOS:
        return video(file, alt, {"width": width, "height": height})
    if suffix == ".html":
        return page(file, alt, framed(f"{width}px", size))
    return _tag("img", {"src": url(file), "width": width, "height": height, "alt": alt})


def video(file: str, alt: str, look: Look, poster: str = "", *, autoplay: str = "") -> str:
    """A <video> without sound that loops; `autoplay` is the attribute that starts it, where one does."""
    source = {"src": url(file), **({"poster": url(poster)} if poster else {})}
    flags = " ".join([*filter(None, [autoplay]), "controls", "loop", "muted", "playsinline"])
    return f"<video {_attributes({**source, **look})} {flags} {_attributes({'aria-label': alt})}></video>"


def page(file: str, alt: str, look: Look) -> str:
    """An <iframe> that shows the page `file`."""
    return _tag("iframe", {"src": url(file), "title": alt, "loading": "lazy", **look}) + "</iframe>"


def inline(text: str, alt: str, look: Look) -> str:
    """An <iframe> that holds the text of a page itself."""
    return _tag("iframe", {"srcdoc": text, "title": alt, **look}) + "</iframe>"


def framed(width: str, size: tuple[int, int]) -> Look:
    """The look of an <iframe> of a `width` in CSS, or less where there is no room, that keeps the shape of `size`."""
    return {"style": f"width: {width}; max-width: 100%; aspect-ratio: {size[0]} / {size[1]}; border: 0"}


def themed(looks: Sequence[str], alt: str, look: Look) -> str:
    """A <picture> of NAME.gif, or of NAME.png where motion is unwelcome.

    `looks` are one NAME, or two: light, and dark where the system is.
    """
    reduced, night = "(prefers-reduced-motion: reduce)", "(prefers-color-scheme: dark)"
    light, *dark = looks
    sources = [
        *((f"{reduced} and {night}", f"{name}.png") for name in dark),
        (reduced, f"{light}.png"),
        *((night, f"{name}.gif") for name in dark),
    ]
    lines = [f"  {_tag('source', {'media': media, 'srcset': url(file)})}" for media, file in sources]
    shown = _tag("img", {"src": url(f"{light}.gif"), **look, "alt": alt})
    return "\n".join(["<picture>", *lines, f"  {shown}", "</picture>"])


def url(file: str) -> str:
    """A relative path as an address: a space would end it in `srcset`, and a # anywhere."""
    return quote(PurePath(file).as_posix())


def _tag(name: str, attributes: Look) -> str:
    return f"<{name} {_attributes(attributes)}>"


def _attributes(values: Look) -> str:
    return " ".join(f'{name}="{escape(str(value))}"' for name, value in values.items())
