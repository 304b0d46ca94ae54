"""Where pictures are shown: what each place really plays, and what to paste or to click there.

What is known of each: PowerPoint plays H.264 with controls, GIFs without; old Keynotes show GIFs as stills; Google
Slides takes GIFs below 50 MB but no video files; TeX takes neither, but frames one by one (package animate); browsers
start a video when its slide shows; GitHub plays no video of a repository and drops images above 5 MB; a GIF breaks
Sphinx's PDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING

from convviz.errors import ExportError
from convviz.export.formats import EXPORTERS, Target, target
from convviz.export.frame_files import frame_name
from convviz.files.atomic import FRAME, atomic_write
from convviz.scene.frame_selection import still
from convviz.web import embed

if TYPE_CHECKING:
    from convviz.animation.animate import Animation

Make = Callable[..., "Animation"]
"""Makes the animation; keywords (`theme`, `size`) are wishes that the user's own options win over."""
HD = (1920, 1080)
SMOOTH = 30
"""Frames a second: players stall at a few."""
GITHUB_BYTES = 5_000_000
GOOGLE_BYTES = 50_000_000
GOOGLE_PIXELS = 25_000_000
REVEAL_HEIGHT = 560
"""Pixels of a slide, which has 700 by default, that are left under a heading."""
IN_ASCII = str.maketrans({"×": "x", "′": "'", "·": "*", "−": "-", "…": "...", "→": "->", "⌊": "floor(", "⌋": ")"})


@dataclass(frozen=True)
class Sent:
    """The files, and what to do with them."""

    files: tuple[Path, ...]
    snippet: str


@dataclass(frozen=True)
class Platform:
    """Somewhere to show pictures."""

    name: str
    write: Callable[[Make, Path], Sent]
    """Write all files, whose names begin with that path, and say what to paste."""


def find_platform(name: str) -> Platform:
    """The place of that name; raises `ExportError` naming those that exist."""
    if name not in PLACES:
        raise ExportError(f"there is no place {name!r}; use {', '.join(PLACES)}")
    return Platform(name, lambda make, base: PLACES[name](make, _stem(base)))


def css_size(animation: Animation) -> tuple[int, int]:
    """Width and height in CSS pixels."""
    sheet = animation.picture.sheet
    return sheet.size[0] // sheet.scale, sheet.size[1] // sheet.scale


def _stem(base: Path) -> Path:
    """`base` without a suffix that says a format."""
    return base.with_suffix("") if base.suffix.lower() in EXPORTERS else base


def _targets(base: Path, *endings: str) -> list[Target]:
    return [target(f"{base}{ending}") for ending in endings]


def _said(path: Path) -> str:
    """How a document in the present folder names a file; one elsewhere is named as if it lay beside the document."""
    return path.name if path.is_absolute() else path.as_posix()


def _movie(make: Make, base: Path) -> tuple[Animation, list[Path]]:
    """An MP4 and its poster."""
    goals = _targets(base, ".mp4", ".png")
    animation = make(size=HD)
    return animation, animation.save_all(goals, fps=SMOOTH)


def powerpoint(make: Make, base: Path) -> Sent:
    """MP4, the format that PowerPoint recommends, and a poster."""
    animation, files = _movie(make, base)
    return Sent(
        tuple(files),
        f"In PowerPoint: Insert > Video > This Device > {files[0].name}\n"
        "Playback > Start: Automatically, and tick Loop until Stopped\n"
        f"Video Format > Poster Frame > Image from File > {files[1].name}\n"
        f"Video Format > Alt Text: {animation.alt_text}",
    )


def keynote(make: Make, base: Path) -> Sent:
    """MP4, since older versions show GIFs as stills, and a poster."""
    animation, files = _movie(make, base)
    return Sent(
        tuple(files),
        f"In Keynote: Insert > Choose > {files[0].name}\n"
        "Format > Movie > Repeat: Loop, and untick Start movie on click\n"
        f"Format > Movie > Description: {animation.alt_text}\n"
        f"For a handout, where nothing moves: {files[1].name}",
    )


def google_slides(make: Make, base: Path) -> Sent:
    """A GIF, which the API takes up to 50 MB and 25 megapixels; videos would have to come from Drive."""
    goals = _targets(base, ".gif")
    animation = make()
    width, height = animation.picture.sheet.size
    if width * height > GOOGLE_PIXELS:
        raise ExportError(f"Google Slides takes up to 25 megapixels, not {width}x{height}; use a smaller --size")
    files = animation.save_all(goals)
    _below(files[0], GOOGLE_BYTES, "Google Slides")
    return Sent(
        tuple(files),
        f"In Google Slides: Insert > Image > Upload from computer > {files[0].name} (it plays by itself)\n"
        f"Right click > Alt text: {animation.alt_text}",
    )


def beamer(make: Make, base: Path) -> Sent:
    r"""Frames as PDF for the package animate, and a timeline that says how long each of them stays."""
    folder, timeline = target(f"{base}/", "pdf"), Path(f"{base}-timeline.txt")
    animation = make()
    files = animation.save_all([folder])
    durations = [frame.duration for frame in animation.scene.frames]
    with atomic_write(timeline) as partial:
        lines = (f":{1000 / duration:.4g}:{index}\n" for index, duration in enumerate(durations))
        partial.write_text("".join(lines), encoding="ascii")
    first, last = (frame_name(number, len(durations)).removeprefix(FRAME) for number in (1, len(durations)))
    look = "width=\\linewidth,height=0.7\\textheight,keepaspectratio"
    plays = f"autoplay,loop,controls,poster={still(animation.scene)},timeline={_said(timeline)}"
    options = f"{plays},{look},\n  alttext={{{_tex(animation.alt_text)}}}"
    rate = f"{1000 / median_low(durations):.4g}"
    return Sent(
        (*files, timeline),
        "% In the preamble: \\usepackage{animate}. It plays in Acrobat, Okular, PDF-XChange and Foxit.\n"
        "\\centering\n"
        f"\\animategraphics[{options}]{{{rate}}}{{{_said(base)}/{FRAME}}}{{{first}}}{{{last}}}",
    )


def _tex(text: str) -> str:
    """`text` in printable ASCII that TeX passes on to a PDF as it is."""
    return re.sub(r"[^ -~]|[\\{}%#$&~^_]", "", text.translate(IN_ASCII))


def reveal(make: Make, base: Path) -> Sent:
    """MP4, which starts when its slide shows, and a poster."""
    animation, files = _movie(make, base)
    film, poster = map(_said, files)
    look = {"style": f"width: 100%; max-height: {REVEAL_HEIGHT}px"}
    playing = embed.video(film, animation.alt_text, look, poster, autoplay="data-autoplay")
    return Sent(tuple(files), f"<section>\n  {playing}\n</section>")


def quarto(make: Make, base: Path) -> Sent:
    """MP4 where the output is HTML, and a poster where it is not."""
    animation, files = _movie(make, base)
    film, poster = (embed.url(_said(file)) for file in files)
    alt = animation.alt_text.replace('"', "'")
    return Sent(
        tuple(files),
        '::: {.content-visible when-format="html"}\n'
        f"![]({film})\n"
        ":::\n"
        '::: {.content-hidden when-format="html"}\n'
        f'![]({poster}){{fig-alt="{alt}"}}\n'
        ":::",
    )


def github(make: Make, base: Path) -> Sent:
    """GIFs below 5 MB, light and dark or in the theme asked for, each with a poster for readers who want no motion."""
    animations = [make(theme=name) for name in ("light", "dark")]
    if animations[0].themes == animations[1].themes:
        versions = {base: animations[0]}
    else:
        versions = {base.with_name(f"{base.name}-{made.themes[0].name}"): made for made in animations}
    goals = [_targets(name, ".gif", ".png") for name in versions]
    files = []
    for animation, pair in zip(versions.values(), goals, strict=True):
        files += animation.save_all(pair)
        _below(files[-2], GITHUB_BYTES, "GitHub")
    look = {"width": css_size(animations[0])[0]}
    return Sent(tuple(files), embed.themed([_said(name) for name in versions], animations[0].alt_text, look))


def sphinx(make: Make, base: Path) -> Sent:
    """A GIF for HTML and a PDF for LaTeX, between which Sphinx chooses."""
    goals = _targets(base, ".gif", ".pdf")
    animation = make()
    files = animation.save_all(goals)
    name = _said(base).replace(" ", "\\ ")
    return Sent(tuple(files), f".. image:: {name}.*\n   :alt: {animation.alt_text}")


def _below(file: Path, most: int, place: str) -> None:
    """Raises `ExportError` for a file that a place refuses, which is there nevertheless."""
    size = file.stat().st_size
    if size > most:
        raise ExportError(
            f"{file} has {size / 1e6:.2f} MB, and {place} takes up to {most // 1_000_000} MB; "
            "use --frames to keep fewer frames, or a smaller --size"
        )


PLACES: dict[str, Callable[[Make, Path], Sent]] = {
    "powerpoint": powerpoint,
    "keynote": keynote,
    "google-slides": google_slides,
    "beamer": beamer,
    "reveal": reveal,
    "quarto": quarto,
    "github": github,
    "sphinx": sphinx,
}
