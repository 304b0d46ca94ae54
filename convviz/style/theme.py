"""Themes: role → colour, and text style → font and size. No other module of convviz names a colour.

Hues are those of Okabe & Ito (2008), which are distinct with colour blindness. Lightness carries every role as well, so
that a picture in grey shows the same: fills that touch have a contrast of 1.5 or an outline between them; outlines have
`MIN_OUTLINE_CONTRAST` on all that they touch. The window's outline has a halo in the colour of the background on both
sides, since no colour contrasts with all fills.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from convviz.errors import PictureError
from convviz.errors.printable import did_you_mean, shown
from convviz.style.colours import contrast, mix

MIN_TEXT_CONTRAST = 4.5
"""Lowest contrast ratio of text and its background, WCAG 2.2 level AA."""
MIN_OUTLINE_CONTRAST = 3
"""Lowest contrast ratio of an outline and what it touches: WCAG 2.2, 1.4.11."""
OPEN_ROLES = frozenset({"inserted", "padding", "zero", "empty", "blank", "exact zero", "pending"})
"""Roles with a pale fill, whose cells take the stronger tint under the window."""
FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
"""Suffixes of font files; of a collection (.ttc, .otc) the first font counts."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """Colours of a cell: fill, ink of its text, and the dashed outline and hatching of roles that have them."""

    fill: str
    ink: str
    dashes: str | None = None
    hatch: str | None = None
    small: bool = False
    """Text of this role is secondary: smaller and not bold."""
    dot: bool = False
    """A dot replaces the text if numbers are hidden."""
    base: str | None = None
    """Fill at level 0; the background by default."""
    border: str | None = None
    """Thin solid outline."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of all roles."""

    name: str
    background: str
    text: str
    muted: str
    surface: str
    """Background of badges; on pages, also of buttons."""
    badges: Mapping[str, str]
    """Ink of each role of badges."""
    cells: Mapping[str, CellStyle]
    window: str
    """Outline of the window, and lines between outlines."""
    last_window: str
    """Dashed outline of the window of the step before."""
    accent: str
    """Tint of the cells under the window; progress bar and tabs."""
    tint: float
    """Share of the accent in filled cells under the window, from 0 to 1."""
    zero_tint: float
    """Share of the accent in zeros and padding under the window, from 0 to 1."""
    font: str = ""
    """Family of proportional text; the default is that of `render`."""

    def cell(self, role: str, *, highlighted: bool = False, faded: bool = False, level: int = 100) -> CellStyle:
        """Return the style of a cell: `highlighted` under the window, `faded` if unused, `level` from 0 to 100."""
        style = self.cells[role]
        if level < 100 and role != "bar":
            fill = mix(style.base or self.background, style.fill, level / 100)
            style = replace(style, fill=fill, ink=self.readable(style.ink, fill))
        if faded:
            fill = mix(style.fill, self.background, 0.7)
            hatch = mix(fill, self.text, 0.24)
            dashes = style.dashes and mix(style.dashes, self.background, 0.3)
            style = replace(style, fill=fill, ink=self.readable(self.muted, fill, hatch), hatch=hatch, dashes=dashes)
        if highlighted:
            tint = self.zero_tint if role in OPEN_ROLES else self.tint
            fill = mix(style.fill, self.accent, tint)
            hatched = style.hatch and mix(style.hatch, self.accent, tint)
            dashes = style.dashes and mix(style.dashes, self.window, 0.5)
            ink = self.readable(style.ink, fill, hatched or fill)
            style = replace(style, fill=fill, ink=ink, hatch=hatched, dashes=dashes)
        return style

    def ink(self, role: str) -> str:
        """Return the colour of a text role (`text`, `muted`) or of a role of badges."""
        return {"text": self.text, "muted": self.muted}.get(role) or self.badges[role]

    def readable(self, ink: str, *backgrounds: str) -> str:
        """Shift `ink` towards text or background until it has `MIN_TEXT_CONTRAST` on all backgrounds."""

        def lowest(colour: str) -> float:
            return min(contrast(colour, background) for background in backgrounds)

        strong = max((self.text, self.background[:7], "#000000", "#ffffff"), key=lowest)
        shades = (mix(ink, strong, quarters / 4) for quarters in range(4))
        return next((shade for shade in shades if lowest(shade) >= MIN_TEXT_CONTRAST), strong)


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Font face, and font size in pixels of a 1280×720 picture."""

    face: str
    size: int
    ink: str
    """`text` or `muted`."""


TEXT_STYLES: Mapping[str, TextStyle] = {
    "title": TextStyle("bold", 30, "text"),
    "math title": TextStyle("bold+tex", 30, "text"),
    "sizes": TextStyle("sans", 17, "muted"),
    "badge": TextStyle("mono-bold", 16, "text"),
    "panel label": TextStyle("bold", 20, "text"),
    "text block": TextStyle("sans", 18, "text"),
    "plane label": TextStyle("bold", 17, "text"),
    "tab": TextStyle("sans", 18, "text"),
    "present tab": TextStyle("bold", 18, "text"),
    "moment": TextStyle("sans", 16, "muted"),
    "present moment": TextStyle("bold", 16, "text"),
    "panel caption": TextStyle("sans", 15, "muted"),
    "bracket": TextStyle("mono-bold", 14, "muted"),
    "caption": TextStyle("mono", 20, "text"),
    "legend": TextStyle("sans", 14, "muted"),
    "formula": TextStyle("math", 17, "muted"),
    "counter": TextStyle("mono", 16, "muted"),
    "operator": TextStyle("sans", 40, "muted"),
    "small operator": TextStyle("sans", 68, "muted"),
    "word operator": TextStyle("bold", 24, "muted"),
    "number": TextStyle("bold", 20, "text"),
    "small number": TextStyle("sans", 14, "muted"),
    "note": TextStyle("bold", 12, "text"),
}
SMALLEST_TEXT_PX = 11
"""Smallest font size in pictures up to 1280 pixels wide; larger in proportion in wider ones."""

LIGHT = Theme(
    name="light",
    background="#ffffff",
    text="#1b1f24",
    muted="#5f6771",
    surface="#f3f5f7",
    badges={"input": "#0070ad", "kernel": "#8f5f00", "output": "#00704f", "plain": "#1b1f24", "derived": "#5f6771"},
    cells={
        "input": CellStyle("#4aa8e0", "#06283d"),
        "inserted": CellStyle("#eceff3", "#5f6771", small=True, dot=True),
        "padding": CellStyle("#ffffff", "#5f6771", dashes="#878f98", small=True),
        "zero": CellStyle("#ffffff", "#5f6771", small=True, dot=True),
        "kernel": CellStyle("#ffc94d", "#2b1d00"),
        "product": CellStyle("#ffffff", "#1b1f24", border="#5f6771"),
        "output": CellStyle("#007a58", "#ffffff"),
        "empty": CellStyle("#f3f5f7", "#5f6771"),
        "blank": CellStyle("#ffffff", "#5f6771"),
        "bar": CellStyle("#007a58", "#5f6771"),
        "pixel": CellStyle("#ffffff", "#000000", base="#000000"),
        "shade": CellStyle("#08365c", "#ffffff", base="#cfe8fa"),
        "positive": CellStyle("#00402e", "#ffffff", base="#c9eedd"),
        "negative": CellStyle("#5c1249", "#ffffff", base="#f3d3e8"),
        "exact zero": CellStyle("#e4e8ec", "#545b64"),
        "pending": CellStyle("#ffffff", "#5f6771", hatch="#ccd1d6"),
    },
    window="#2b1d00",
    last_window="#605640",
    accent="#e69f00",
    tint=0.12,
    zero_tint=0.26,
)
DARK = Theme(
    name="dark",
    background="#0e1116",
    text="#e6edf3",
    muted="#8b949e",
    surface="#1c222b",
    badges={"input": "#7cc4f5", "kernel": "#f0b93e", "output": "#5fdcb2", "plain": "#e6edf3", "derived": "#8b949e"},
    cells={
        "input": CellStyle("#3a8fc4", "#04131d"),
        "inserted": CellStyle("#1c232b", "#8b949e", small=True, dot=True),
        "padding": CellStyle("#0e1116", "#8b949e", dashes="#626e7b", small=True),
        "zero": CellStyle("#0e1116", "#8b949e", small=True, dot=True),
        "kernel": CellStyle("#e69f00", "#1a1200"),
        "product": CellStyle("#0e1116", "#e6edf3", border="#8b949e"),
        "output": CellStyle("#22c597", "#03150f"),
        "empty": CellStyle("#171d25", "#8b949e"),
        "blank": CellStyle("#0e1116", "#8b949e"),
        "bar": CellStyle("#22c597", "#8b949e"),
        "pixel": CellStyle("#ffffff", "#000000", base="#000000"),
        "shade": CellStyle("#c4e6ff", "#04131d", base="#123c5c"),
        "positive": CellStyle("#bdf7df", "#03150f", base="#0c4534"),
        "negative": CellStyle("#ffcdec", "#1d0416", base="#541343"),
        "exact zero": CellStyle("#262e38", "#9aa3ad"),
        "pending": CellStyle("#0e1116", "#8b949e", hatch="#39424d"),
    },
    window="#ffe3a3",
    last_window="#d8c48a",
    accent="#e69f00",
    tint=0.12,
    zero_tint=0.28,
)
PRINT = Theme(
    name="print",
    background="#ffffff",
    text="#000000",
    muted="#4a4a4a",
    surface="#f0f0f0",
    badges=dict.fromkeys(("input", "kernel", "output", "plain"), "#000000") | {"derived": "#4a4a4a"},
    cells={
        "input": CellStyle("#a0a0a0", "#000000"),
        "inserted": CellStyle("#f2f2f2", "#4a4a4a", small=True, dot=True),
        "padding": CellStyle("#ffffff", "#4a4a4a", dashes="#808080", small=True),
        "zero": CellStyle("#ffffff", "#4a4a4a", small=True, dot=True),
        "kernel": CellStyle("#cfcfcf", "#000000", hatch="#b0b0b0"),
        "product": CellStyle("#ffffff", "#000000", border="#4a4a4a"),
        "output": CellStyle("#4d4d4d", "#ffffff"),
        "empty": CellStyle("#f5f5f5", "#4a4a4a"),
        "blank": CellStyle("#ffffff", "#4a4a4a"),
        "bar": CellStyle("#4d4d4d", "#4a4a4a"),
        "pixel": CellStyle("#ffffff", "#000000", base="#000000"),
        "shade": CellStyle("#2b2b2b", "#ffffff", base="#d2d2d2"),
        "positive": CellStyle("#1f1f1f", "#ffffff", base="#cccccc"),
        "negative": CellStyle("#3d3d3d", "#ffffff", base="#e0e0e0", hatch="#f7f7f7"),
        "exact zero": CellStyle("#ececec", "#4a4a4a"),
        "pending": CellStyle("#ffffff", "#4a4a4a", hatch="#c4c4c4"),
    },
    window="#000000",
    last_window="#4a4a4a",
    accent="#000000",
    tint=0.12,
    zero_tint=0.18,
)
ThemeName = Literal["light", "dark", "print"]
THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}


def find_theme(name: str) -> Theme:
    """Return the theme called `name`. Raises `PictureError` for other names."""
    if name not in THEMES:
        raise PictureError(f"there is no theme {shown(name)}; {did_you_mean(name, THEMES)}{', '.join(THEMES)}")
    return THEMES[name]
