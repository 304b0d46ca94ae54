"""From a request to files, and what is printed about them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convviz.animation.save_options import SaveOptions
from convviz.animation.stopwatch import Stopwatch
from convviz.cli.pipe import PIPE, piped
from convviz.cli.progress import format_size, patience, progress_bar, size_of
from convviz.cli.terminal import echo
from convviz.errors import ExportError
from convviz.recipes.request import Request

if TYPE_CHECKING:
    from convviz.animation.animation import Animation
    from convviz.export.formats import Target

LONGEST_NAME = 200
"""Bytes of a default name; file systems take 255, with suffix and endings of platforms."""
CHOSEN_BY_PLATFORM = ("format", "frame", "filmstrip", "loop", "fps", "embed", "alt", "profile")
"""Options that `--for` excludes."""


@dataclass(frozen=True)
class Output:
    """The options that say which files are written and what is printed."""

    paths: tuple[str, ...]
    format: str | None
    platform: str | None
    alt: bool
    embed: bool
    profile: bool
    save: SaveOptions

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Output:
        """Take what belongs to output from options by name. Raises `ConvvizError`."""
        platform = options["platform"]
        excluded = [name for name in CHOSEN_BY_PLATFORM if options[name]] if platform else ()
        if excluded:
            raise ExportError(f"--for {platform} chooses formats and companions itself; leave --{excluded[0]} out")
        if platform and len(options["output"]) > 1:
            raise ExportError(
                f"--for {platform} writes several files itself; give one -o, the beginning of their names"
            )
        own = {name: options[name] for name in ("format", "platform", "alt", "embed", "profile")}
        return cls(paths=options["output"], save=SaveOptions.read(options), **own)


def is_output(options: Mapping[str, Any]) -> bool:
    """Whether options ask for a picture or for its alt text."""
    return bool(options["output"] or options["platform"] or options["alt"])


def write(request: Request, name: str, options: Mapping[str, Any], stopwatch: Stopwatch) -> None:
    """Write the files that options ask for, or else a GIF called `name`.

    Targets are checked before anything is laid out.
    """
    output, name = Output.read(options), _short(name)
    if output.platform:
        _export(request, name, output, options)
        return
    from convviz.export.formats import resolve_target

    paths = output.paths or (() if output.alt else (f"{name}.gif",))
    with piped(paths, output.format) as files:
        targets = list(map(resolve_target, files, _formats(files, output.format)))
        with stopwatch.phase("imports"):
            import convviz.animation.animate  # noqa: F401
        with stopwatch.phase("layout"):
            only_stills = all(target.is_still for target in targets) if targets else output.save.choose_still
            if only_stills:
                request = request.with_options(max_frames=sys.maxsize)
                if options.get("frames") is None:
                    request = request.with_options(frames=None)
            animation = _animate(request)
            if only_stills and isinstance(output.save.frame, int) and output.save.frame not in animation.shown_steps:
                animation = _animate(request.with_options(pace="even"))
        if options.get("frames") is None and request.options.frames == animation.frames and not only_stills:
            kept = f"{animation.frames} of {animation.scene.steps} steps are kept, evenly spaced"
            echo(f"{kept}; --frames N keeps more or fewer", err=True)
        if output.alt:
            text = animation.still_alt_text(output.save) if only_stills else animation.alt_text
            echo(text, err=PIPE in paths)
        if targets:
            save(animation, targets, output.save, stopwatch)
    names = paths if output.paths else [os.path.abspath(path) for path in paths]
    _report(animation, names, targets, output, stopwatch)
    if options.get("open") and targets and PIPE not in paths:
        open_file(targets[0].path)


def _short(name: str) -> str:
    """Return a default name that every file system takes: the end of a long one is replaced by its hash."""
    if len(os.fsencode(name)) <= LONGEST_NAME:
        return name
    start = os.fsencode(name)[:LONGEST_NAME].decode(errors="ignore")
    return f"{start}_{sha256(os.fsencode(name)).hexdigest()[:8]}"


def _formats(files: Sequence[str], format: str | None) -> list[str | None]:
    """Return the format of each file; one of several files whose suffix names its format ignores `format`."""
    from convviz.export.formats import EXPORTERS

    own = EXPORTERS.keys() - {".zip"} if len(files) > 1 else ()
    return [None if Path(file).suffix.lower() in own else format for file in files]


def _animate(request: Request, *, quietly: bool = False) -> Animation:
    """Lay out the animation and print its warnings; say that it takes time, unless `quietly`."""
    with nullcontext() if quietly else patience("laying out"):
        animation = request.animate()
    for text in animation.warnings:
        echo(f"Warning: {text}", err=True)
    return animation


def save(animation: Animation, targets: Sequence[Target], options: SaveOptions, stopwatch: Stopwatch) -> None:
    """Write the targets, with a progress bar on a terminal."""
    frames = sum(animation.frames for target in targets if not target.is_still) or 1
    with progress_bar(frames) as progress:
        animation.save_all(targets, options, progress=progress, stopwatch=stopwatch)


def _report(
    animation: Animation, paths: Sequence[str], targets: Sequence[Target], output: Output, stopwatch: Stopwatch
) -> None:
    """Print a line per file, and the time of each phase; to standard error if standard output holds a file."""
    from convviz.files.stream import is_stream

    to_stderr = PIPE in paths
    for path, target in zip(paths, targets, strict=True):
        if path == PIPE:
            continue
        describe = _describe_still if target.is_still else _describe_moving
        shown = describe(animation, target, output.save)
        size = "" if is_stream(target.path) else f"{format_size(size_of(target.path))}, "
        echo(f"{path}: {size}{shown}, drawn in {stopwatch.total:.1f} s", err=to_stderr)
        if output.embed:
            from convviz.publish.platforms import css_size, path_in_document
            from convviz.web.embed import html

            text, size_shown = animation.alt_text, css_size(animation)
            if target.is_still:
                text, size_shown = animation.still_alt_text(output.save), animation.still_size(output.save)
            echo(html(path_in_document(target.path), text, size_shown), err=to_stderr)
    if output.profile:
        echo("\n".join(stopwatch.lines()), err=to_stderr)


def _describe_still(animation: Animation, _: Target, options: SaveOptions) -> str:
    """Return what a still shows: `step 3 of 4`, `6 of 18 frames`."""
    from convviz.errors.printable import count_of
    from convviz.scene.frame_selection import still_index

    if options.filmstrip is not None:
        return f"{options.filmstrip} of {count_of(animation.frames, 'frame')}"
    number = animation.scene.frames[still_index(animation.scene, options.frame)].number
    return f"step {number} of {animation.scene.steps}"


def _describe_moving(animation: Animation, target: Target, options: SaveOptions) -> str:
    """Return `16 frames, 16.44 s long`: the key frames, and the duration of what is in the file."""
    from convviz.animation.in_betweens import frame_rate, sampling
    from convviz.errors.printable import count_of
    from convviz.export.formats import played_seconds
    from convviz.scene.sampling import shown_durations

    rate = frame_rate(animation.scene, target, options.fps)
    chosen = sampling(animation.scene, target, rate, transparent=animation.transparent) if rate else None
    seconds = played_seconds(target, shown_durations(animation.scene, chosen), rate)
    return f"{count_of(animation.frames, 'frame')}, {seconds:g} s long"


def _export(request: Request, name: str, output: Output, options: Mapping[str, Any]) -> None:
    """Write the files for a platform, and print the code to embed them."""
    from convviz.publish.platforms import find_platform

    platform = find_platform(str(output.platform))
    base = Path(output.paths[0] if output.paths else name)

    def animate(**preferred: Any) -> Animation:
        changes = {option: value for option, value in preferred.items() if options[option] is None}
        return _animate(request.with_options(**changes), quietly=True)

    with patience("drawing"):
        exported = platform.write(animate, base)
    for path in exported.files:
        echo(f"{path}: {format_size(size_of(path))}")
    echo(f"\n{exported.snippet}")
    if options.get("open"):
        open_file(exported.files[0])


def open_file(path: Path) -> None:
    """Open a file in the browser, which plays animations and pages; a presentation or a folder in its own program."""
    if path.is_dir() or path.suffix.lower() in (".pptx", ".zip"):
        click.launch(str(path))
        return
    import webbrowser

    webbrowser.open(path.resolve().as_uri())
