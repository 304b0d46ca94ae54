"""From options to an animation, and to files."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convviz.animation.stopwatch import Stopwatch
from convviz.cli.options import SHORT, left_out
from convviz.cli.pipe import PIPE, piped
from convviz.errors import ExportError
from convviz.layers.layer import Layer
from convviz.recipes.request import Request, of_found, of_layer, of_preset, of_stack

if TYPE_CHECKING:
    from convviz.animation.animate import Animation
    from convviz.export.formats import Target
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

Options = Mapping[str, Any]
PLACE_CHOOSES = ("format", "frame", "filmstrip", "loop", "fps", "embed", "alt", "profile")
"""Options that mean nothing beside `--for`."""


def draw(kind: type[Layer], word: str, options: dict[str, Any]) -> None:
    """Read values, make the animation, write the files, and say what was written."""
    watch = Stopwatch()
    with watch.phase("values"):
        made = of_layer(kind, options)
    assert isinstance(made.layer, Layer)
    _write(made, default_name(word, made.layer, made.options), options, watch)


def draw_found(found: ParsedLayer, options: dict[str, Any]) -> None:
    """Draw a layer that was read from code, with all that its framework says."""
    watch = Stopwatch()
    with watch.phase("values"):
        made = of_found(found, options)
    word = found.name.rpartition(".")[2].replace("/", "_")
    _write(made, default_name(word, found.layer, made.options), options, watch)


def draw_preset(name: str, options: dict[str, Any]) -> None:
    """Draw a preset, with the name of the preset as that of the file."""
    _write(of_preset(name, options), name, options, Stopwatch())


def draw_stack(words: Sequence[str], options: dict[str, Any]) -> None:
    """Build the layers one after the other, make the animation, write the files, and say what was written."""
    name = "stack_" + "_".join(text.replace(" ", "") for text in words)
    _write(of_stack(words, options), name, options, Stopwatch())


def _write(made: Request, name: str, options: Options, watch: Stopwatch) -> None:
    """Write what is asked for; a target that cannot be is refused before anything is laid out."""
    if options["place"]:
        _send(made, name, options)
        return
    from convviz.export.formats import EXPORTERS, resolve_target

    outputs = options["output"] or ([] if options["alt"] else [f"{name}.gif"])
    with piped(outputs, options["format"]) as places:
        several = len(places) > 1
        named = [several and Path(place).suffix.lower() in EXPORTERS.keys() - {".zip"} for place in places]
        targets = [
            resolve_target(place, None if own else options["format"]) for place, own in zip(places, named, strict=True)
        ]
        with watch.phase("imports"):
            import convviz.animation  # noqa: F401
        with watch.phase("layout"):
            animation = _animation(made, options, bool(targets) and all(goal.is_still for goal in targets))
        if options["alt"]:
            click.echo(animation.alt_text, err=PIPE in outputs)
        if targets:
            save(animation, targets, options, watch)
    _report(animation, outputs, targets, options, watch)


def _animation(made: Request, options: Options, stills: bool) -> Animation:
    """The animation, laid out; a still may be one of any number of frames. Weak contrasts are warned of."""
    without = left_out(options)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        animation = made.animate(max_frames=sys.maxsize if stills else options["max_frames"], without=without)
    for warning in caught:
        click.echo(f"Warning: {warning.message}", err=True)
    return animation


def _report(
    animation: Animation, outputs: Sequence[str], targets: Sequence[Target], options: Options, watch: Stopwatch
) -> None:
    """A line for each file, and where the time went; beside the pipe it goes to standard error."""
    aside = PIPE in outputs
    moves = f"{animation.frames} frames, {animation.seconds:g} s long"
    for output, goal in zip(outputs, targets, strict=True):
        if output != PIPE:
            strip = f"{options['filmstrip']} of {moves}" if options["filmstrip"] else f"one of {moves}"
            shown = strip if goal.is_still else moves
            click.echo(f"{output}: {kilobytes(_size(goal.path))}, {shown}, drawn in {watch.total:.1f} s", err=aside)
            if options["embed"]:
                from convviz.publish.platforms import css_size
                from convviz.web.embed import html

                click.echo(html(goal.path.name, animation.alt_text, css_size(animation)), err=aside)
    if options["profile"]:
        click.echo("\n".join(watch.lines()), err=aside)


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def _send(made: Request, name: str, options: Options) -> None:
    """Write what a place needs, and print what to paste there."""
    from convviz.publish.platforms import find_platform

    place = find_platform(options["place"])
    taken = [name for name in PLACE_CHOOSES if options[name]]
    if taken:
        raise ExportError(f"--for {place.name} chooses formats and companions itself; leave --{taken[0]} out")
    if len(options["output"]) > 1:
        raise ExportError(f"--for {place.name} writes several files itself; give one -o, whose name they begin with")
    base = Path(options["output"][0] if options["output"] else name)

    def make(**wishes: Any) -> Animation:
        given = {key: value for key, value in wishes.items() if options[key] is None}
        return _animation(replace(made, options={**made.options, **given}), options, stills=False)

    sent = place.write(make, base)
    for path in sent.files:
        click.echo(f"{path}: {kilobytes(_size(path))}")
    click.echo(f"\n{sent.snippet}")


def save(animation: Animation, targets: Sequence[Target], options: Options, watch: Stopwatch) -> None:
    """Write the files, with a progress bar on a terminal."""
    given = {name: options[name] for name in ("loop", "frame", "filmstrip", "fps")} | {"stopwatch": watch}
    frames = sum(animation.frames for goal in targets if not goal.is_still) or 1
    with bar(frames) as progress:
        animation.save_all(targets, **given, progress=progress)


@contextmanager
def bar(length: int, label: str = "drawing") -> Iterator[Callable[[int], None] | None]:
    """Something to call with what is done, out of `length`, on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as shown:
        yield lambda done: shown.update(done - shown.pos)


def default_name(word: str, layer: Layer, options: Options) -> str:
    """`transposed_i3_k3_s2_p1`: the parameters, and whatever differs from the defaults."""
    parts = [word]
    for name, option in SHORT.items():
        values = getattr(layer, name)
        plain = {"dilation": 1, "output_padding": 0}.get(name)
        if set(values) == {plain}:
            continue
        said = ["-".join(map(str, dict.fromkeys(v))) if isinstance(v, tuple) else str(v) for v in values]
        parts.append(option[1:] + ("x".join(said) if len(set(said)) > 1 else said[0]))
    defaults = {"view": None, "theme": None, "padding_mode": "zeros"}
    parts += [Path(options[name]).stem for name, plain in defaults.items() if options.get(name, plain) != plain]
    flags = {"one_dimension": "1d", "ceil_mode": "ceil"}
    parts += [word for name, word in flags.items() if options.get(name)]
    parts += [] if options.get("count_include_pad", True) else ["nopad"]
    return "_".join(parts)


def kilobytes(size: int) -> str:
    """A file size as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
