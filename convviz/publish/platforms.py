"""Platforms that show animations: which files each one plays, and the code or the clicks that embed them.

PowerPoint plays H.264 with controls and GIFs without. Older versions of Keynote show a GIF as a still. Google Slides
takes GIFs below 50 MB and no video files. TeX takes neither: the package animate plays single frames. Browsers start a
video when its slide is shown. GitHub plays no video in a repository and drops images above 5 MB. A GIF breaks Sphinx's
PDF output.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING

from convviz.animation.save_options import SaveOptions
from convviz.errors import ExportError
from convviz.errors.printable import did_you_mean, in_encoding, shown
from convviz.export.formats import EXPORTERS, Target, resolve_target
from convviz.export.frame_files import frame_name
from convviz.files.atomic import atomic_write
from convviz.files.frame_folder import FRAME_PREFIX
from convviz.scene.frame_selection import still_index
from convviz.web import embed

if TYPE_CHECKING:
    from convviz.animation.animation import Animation

AnimationFactory = Callable[..., "Animation"]
"""Makes the animation; its keywords (`theme`, `size`) are defaults that the user's own options override."""
FULL_HD = (1920, 1080)
SMOOTH_FPS = 30
"""Players stall at a few frames per second."""
GITHUB_BYTES = 5_000_000
GOOGLE_BYTES = 50_000_000
GOOGLE_PIXELS = 25_000_000
REVEAL_HEIGHT = 560
"""Height in pixels that a heading leaves free on a slide of 700 pixels, the default."""


@dataclass(frozen=True)
class ExportResult:
    """The files written for a platform, and how to embed them."""

    files: tuple[Path, ...]
    snippet: str
    """Code to paste, or what to click."""


PlatformExporter = Callable[[AnimationFactory, Path], ExportResult]
"""Writes all files, whose names begin with a path, and returns what to paste."""


@dataclass(frozen=True)
class Platform:
    """A program or website that shows animations."""

    name: str
    write: PlatformExporter


def find_platform(name: str) -> Platform:
    """Return the platform of that name. Raises `ExportError` for an unknown one."""
    if name not in PLATFORMS:
        raise ExportError(f"unknown platform {shown(name)}; {did_you_mean(name, PLATFORMS)}{', '.join(PLATFORMS)}")
    return Platform(name, lambda make, base: PLATFORMS[name](make, _without_format_suffix(base)))


def css_size(animation: Animation) -> tuple[int, int]:
    """Return width and height in CSS pixels."""
    sheet = animation.display_list.layout
    return sheet.size[0] // sheet.scale, sheet.size[1] // sheet.scale


def _without_format_suffix(base: Path) -> Path:
    return base.with_suffix("") if base.suffix.lower() in EXPORTERS else base


def _targets(base: Path, *endings: str) -> list[Target]:
    return [resolve_target(f"{base}{ending}") for ending in endings]


def path_in_document(path: Path) -> str:
    """Return the path that a document in the working directory uses; of an absolute path, only the file name."""
    return path.name if path.is_absolute() else path.as_posix()


def _save_video(make: AnimationFactory, base: Path) -> tuple[Animation, list[Path]]:
    """Save an MP4 and its poster."""
    targets = _targets(base, ".mp4", ".png")
    animation = make(size=FULL_HD)
    return animation, animation.save_all(targets, SaveOptions(fps=SMOOTH_FPS))


def powerpoint(make: AnimationFactory, base: Path) -> ExportResult:
    """Export an MP4, the format that PowerPoint recommends, and a poster."""
    animation, files = _save_video(make, base)
    return ExportResult(
        tuple(files),
        f"In PowerPoint: Insert > Video > This Device > {files[0].name}\n"
        "Playback > Start: Automatically, and tick Loop until Stopped\n"
        f"Video Format > Poster Frame > Image from File > {files[1].name}\n"
        f"Video Format > Alt Text: {animation.alt_text}",
    )


def keynote(make: AnimationFactory, base: Path) -> ExportResult:
    """Export an MP4, since older versions show GIFs as stills, and a poster."""
    animation, files = _save_video(make, base)
    return ExportResult(
        tuple(files),
        f"In Keynote: Insert > Choose > {files[0].name}\n"
        "Format > Movie > Repeat: Loop, and untick Start movie on click\n"
        f"Format > Movie > Description: {animation.alt_text}\n"
        f"For a printed handout: {files[1].name}",
    )


def google_slides(make: AnimationFactory, base: Path) -> ExportResult:
    """Export a GIF within the limits of the API: 50 MB and 25 megapixels. Videos can only come from Drive."""
    targets = _targets(base, ".gif")
    animation = make()
    width, height = animation.display_list.layout.size
    if width * height > GOOGLE_PIXELS:
        raise ExportError(f"Google Slides takes up to 25 megapixels, not {width}x{height}; use a smaller --size")
    files = animation.save_all(targets)
    _check_file_size(files[0], GOOGLE_BYTES, "Google Slides")
    return ExportResult(
        tuple(files),
        f"In Google Slides: Insert > Image > Upload from computer > {files[0].name} (it plays by itself)\n"
        f"Right click > Alt text: {animation.alt_text}",
    )


def beamer(make: AnimationFactory, base: Path) -> ExportResult:
    r"""Export the frames as PDF for the package animate, and a timeline with the duration of each."""
    _check_tex_name(path_in_document(base))
    folder, timeline = resolve_target(f"{base}/", "pdf"), Path(f"{base}-timeline.txt")
    animation = make()
    animation.check_target(timeline)
    files = animation.save_all([folder])
    durations = [frame.duration for frame in animation.scene.frames]
    with atomic_write(timeline) as partial:
        lines = (f":{1000 / duration:.4g}:{index}\n" for index, duration in enumerate(durations))
        partial.write_text("".join(lines), encoding="ascii")
    first, last = (frame_name(number, len(durations)).removeprefix(FRAME_PREFIX) for number in (1, len(durations)))
    size = "width=\\linewidth,height=0.7\\textheight,keepaspectratio"
    path = path_in_document(timeline)
    playback = f"autoplay,loop,controls,poster={still_index(animation.scene)},timeline={path}"
    options = f"{playback},{size},\n  alttext={{{_tex_ascii(animation.alt_text)}}}"
    rate = f"{1000 / median_low(durations):.4g}"
    return ExportResult(
        (*files, timeline),
        "% In the preamble: \\usepackage{animate}. It plays in Acrobat, Okular, PDF-XChange and Foxit.\n"
        "\\centering\n"
        f"\\animategraphics[{options}]{{{rate}}}{{{path_in_document(base)}/{FRAME_PREFIX}}}{{{first}}}{{{last}}}",
    )


def _check_tex_name(name: str) -> None:
    """Refuse a path with characters that end a file name in TeX or mean something else there."""
    found = re.search(r"[^\w ./+:-]", name)
    if found:
        safe = re.sub(r"[^\w./+:-]+", "-", name).strip("-") or "animation"
        raise ExportError(f"expected letters and digits in a name for TeX, got {found[0]!r} in {name!r}; try -o {safe}")


def _tex_ascii(text: str) -> str:
    """Return `text` in printable ASCII without TeX's special characters."""
    return re.sub(r"[^ -~]|[\\{}%#$&~^_]", "", in_encoding(text, "ascii"))


def reveal(make: AnimationFactory, base: Path) -> ExportResult:
    """Export an MP4, which starts when its slide is shown, and a poster."""
    animation, files = _save_video(make, base)
    video, poster = map(path_in_document, files)
    attributes = {"style": f"width: 100%; max-height: {REVEAL_HEIGHT}px"}
    element = embed.video(video, animation.alt_text, attributes, poster, autoplay="data-autoplay")
    return ExportResult(tuple(files), f"<section>\n  {element}\n</section>")


def quarto(make: AnimationFactory, base: Path) -> ExportResult:
    """Export an MP4 for HTML output and a poster for all other outputs."""
    animation, files = _save_video(make, base)
    video, poster = (embed.url(path_in_document(file)) for file in files)
    alt = animation.alt_text.replace('"', "'")
    return ExportResult(
        tuple(files),
        '::: {.content-visible when-format="html"}\n'
        f'![]({video}){{aria-label="{alt}"}}\n'
        ":::\n"
        '::: {.content-hidden when-format="html"}\n'
        f'![]({poster}){{fig-alt="{alt}"}}\n'
        ":::",
    )


def github(make: AnimationFactory, base: Path) -> ExportResult:
    """Export GIFs below 5 MB, light and dark or in the user's theme, each with a still for reduced motion."""
    animations = [make(theme=name) for name in ("light", "dark")]
    if animations[0].themes == animations[1].themes:
        versions = {base: animations[0]}
    else:
        versions = {base.with_name(f"{base.name}-{one.themes[0].name}"): one for one in animations}
    targets = [_targets(name, ".gif", ".png") for name in versions]
    files = []
    for animation, pair in zip(versions.values(), targets, strict=True):
        files += animation.save_all(pair)
        _check_file_size(files[-2], GITHUB_BYTES, "GitHub")
    names = [path_in_document(name) for name in versions]
    width = {"width": css_size(animations[0])[0]}
    return ExportResult(tuple(files), embed.themed(names, animations[0].alt_text, width))


def sphinx(make: AnimationFactory, base: Path) -> ExportResult:
    """Export a GIF for HTML and a PDF for LaTeX; Sphinx chooses between them."""
    targets = _targets(base, ".gif", ".pdf")
    animation = make()
    files = animation.save_all(targets)
    name = path_in_document(base).replace(" ", "\\ ")
    return ExportResult(tuple(files), f".. image:: {name}.*\n   :alt: {animation.alt_text}")


def _check_file_size(file: Path, limit: int, platform: str) -> None:
    """Raise `ExportError` for a file above the limit of a platform; the file stays."""
    size = file.stat().st_size
    if size > limit:
        raise ExportError(
            f"{file} has {size / 1e6:.2f} MB, and {platform} takes up to {limit // 1_000_000} MB; "
            "use --frames to keep fewer frames, or a smaller --size"
        )


PLATFORMS: dict[str, PlatformExporter] = {
    "powerpoint": powerpoint,
    "keynote": keynote,
    "google-slides": google_slides,
    "beamer": beamer,
    "reveal": reveal,
    "quarto": quarto,
    "github": github,
    "sphinx": sphinx,
}
