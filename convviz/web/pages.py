"""Self-contained HTML pages: player, explorer and gallery. They load nothing from a network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from hashlib import sha256
from html import escape
from typing import Any

from convviz.errors import PictureError
from convviz.scene.model import Scene
from convviz.style.colours import mix, rgb
from convviz.style.theme import TEXT_STYLES, Theme
from convviz.web.bundle import bundle, source

SLOT = re.compile(r"\{\{(\w+)\}\}")


def player(scene: Scene, themes: Sequence[Theme], *, title: str, alt: str, note: str = "", loop: int = 0) -> str:
    """Return the page that plays `scene` in one theme, or in two (light, dark) between which the system chooses.

    `alt` is the alt text, `note` a JSON text that the page carries, and `loop` the number of loops; 0 loops forever.
    Raises `PictureError` unless there are one or two themes.
    """
    if not 1 <= len(themes) <= 2:
        raise PictureError(f"a page has one theme or two (light, dark), not {len(themes)}; give one or two")
    data = {
        "scene": compact(scene),
        "themes": [plain(theme) for theme in themes],
        "texts": plain(TEXT_STYLES),
        "loop": loop,
    }
    filling = {
        "title": escape(title),
        "alt": escape(alt),
        "schemes": " ".join(dict.fromkeys(_scheme(theme) for theme in themes)),
        "recipe": in_script(note or "null"),
        "scene": in_script(json.dumps(data, ensure_ascii=False, separators=(",", ":"))),
        **_code([_colours(themes), source("css/base.css")], bundle("player/main.js")),
    }
    return SLOT.sub(lambda slot: filling[slot[1]], source("html/player.html"))


def compact(scene: Scene) -> dict[str, Any]:
    """Return a scene as data for JSON without fields that have their default values."""
    found: dict[str, Any] = plain(scene)
    return found


def plain(value: Any) -> Any:
    """Convert dataclasses, mappings and sequences to dicts and lists, without fields that have their default values."""
    if is_dataclass(value):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: plain(held) for field, held in named if field.default is MISSING or held != field.default}
    if isinstance(value, Mapping):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    return value


def explorer(themes: Sequence[Theme], start: Mapping[str, Any]) -> str:
    """Return the page that computes scenes itself; `start` holds the values that differ from its default state."""
    data = {"themes": [plain(theme) for theme in themes], "texts": plain(TEXT_STYLES), "start": start}
    filling = {
        "schemes": " ".join(dict.fromkeys(_scheme(theme) for theme in themes)),
        "start": in_script(json.dumps(data, ensure_ascii=False, separators=(",", ":"))),
        **_code([_colours(themes), source("css/base.css"), source("css/explorer.css")], bundle("explorer/main.js")),
    }
    return SLOT.sub(lambda slot: filling[slot[1]], source("html/explorer.html"))


def gallery(themes: Sequence[Theme], parts: Mapping[str, str]) -> str:
    """Return the page that shows many pictures; `parts` holds HTML for its slots."""
    filling = {
        "schemes": " ".join(dict.fromkeys(_scheme(theme) for theme in themes)),
        **_code([_colours(themes), source("css/base.css"), source("css/gallery.css")], bundle("gallery/main.js")),
    }
    return SLOT.sub(lambda slot: {**parts, **filling}[slot[1]], source("html/gallery.html"))


def _code(styles: Sequence[str], script: str) -> dict[str, str]:
    """Return style and script, and the hashes by which the page's policy allows these and no others."""
    style = "\n".join(styles)
    return {"style": style, "style_hash": _digest(style), "script": script, "script_hash": _digest(script)}


def _digest(text: str) -> str:
    """Return the hash of a script or style for a content security policy."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def in_script(text: str) -> str:
    """Escape JSON so that no HTML parser finds the end of its <script>."""
    return text.replace("<", "\\u003c")


def _colours(themes: Sequence[Theme]) -> str:
    """Return the colours of the themes as CSS: the first, the second on dark systems, and each by choice."""
    rules = [f":root {_variables(themes[0])}"]
    if len(themes) == 2:
        rules.append(f"@media (prefers-color-scheme: dark) {{ :root {_variables(themes[1])} }}")
    rules += [f':root[data-theme="{number}"] {_variables(theme)}' for number, theme in enumerate(themes)]
    return "\n".join(rules)


def _variables(theme: Theme) -> str:
    values = {
        "background": theme.background,
        "text": theme.text,
        "muted": theme.muted,
        "surface": theme.surface,
        "accent": theme.accent,
        "empty": theme.cells["empty"].fill,
        "groove": mix(theme.background, theme.text, 0.15),
        **{f"badge-{role}": colour for role, colour in theme.badges.items()},
    }
    if theme.font:
        family = re.sub(r"[^\w -]", "", theme.font)
        values["font"] = f'"{family}"'
    declared = "; ".join(f"--{name}: {value}" for name, value in values.items())
    return f"{{ color-scheme: {_scheme(theme)}; {declared} }}"


def _scheme(theme: Theme) -> str:
    """Return the colour scheme of a theme: dark if its text is lighter than its background."""
    return "dark" if sum(rgb(theme.text)) > sum(rgb(theme.background)) else "light"
