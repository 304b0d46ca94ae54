"""`convviz compare`: the same parameters in several frameworks, as a table and as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from convviz.cli.options import Option, with_options
from convviz.cli.param_types import FRAME, PICTURE_SIZE
from convviz.layers.convolution import ConvLayer
from convviz.layers.layer import Layer
from convviz.recipes.request import make_layer

if TYPE_CHECKING:
    from convviz.animation.animate import Animation
    from convviz.export.formats import Target
    from convviz.frameworks.comparison import Comparison
    from convviz.frameworks.names import ComparedName


class ComparisonGroup(click.Group):
    """A group whose commands also take what they compare before their own name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put words that come before the kind of layer behind it."""
        first = list(takewhile(lambda word: word not in self.commands and not word.startswith("-"), args))
        kind, rest = args[len(first) :][:1], args[len(first) + 1 :]
        if first and not (kind and kind[0] in self.commands):
            ctx.fail(f"{first[0]!r} is no kind of layer; add {' or '.join(self.commands)}")
        return super().parse_args(ctx, [*kind, *first, *rest])


@click.group(
    cls=ComparisonGroup,
    epilog="""\b
Examples:
  convviz compare transposed -i 2 -k 3 -s 2 -p same
  convviz compare torch keras jax transposed -i 3 -k 3 -s 2 -p same
  convviz compare transposed torch keras -i 3 -k 3 -s 2 -p same -o frameworks.gif
  convviz compare conv torch onnx -i 6 -k 3 -s 2 -p same --json""",
)
def compare() -> None:
    """Say what PyTorch, Keras, JAX and ONNX make of the same parameters: sizes, padding, crops, flips, numbers."""


def add(word: str, layer: type[Layer], about: str, geometry: Sequence[Option], example: str) -> None:
    """Register a kind of layer: `convviz compare WORD`."""

    def compared(frameworks: tuple[ComparedName, ...], as_json: bool, seed: int, **given: Any) -> None:
        files = {name: given.pop(name) for name in ("output", "theme", "size", "frame", "loop")}
        made = make_layer(layer, given)
        assert isinstance(made, ConvLayer)
        from convviz.frameworks.comparison import compare as compare_frameworks

        found = compare_frameworks(made, frameworks, seed)
        drawn = _drawn(found, files) if files["output"] else None
        click.echo(json.dumps(found.to_dict()["frameworks"], indent=1, ensure_ascii=False) if as_json else str(found))
        if drawn:
            _save(*drawn, files, quiet=as_json)

    compare.command(
        word,
        help=f"Compare {about} in FRAMEWORKS: torch, keras, jax, onnx. [default: all]\n\n"
        "Parameters are taken literally: -p same is each framework's own word, numbers are its own padding. "
        "The numbers are those of example values.",
        epilog=f"Example: convviz compare {word} {example}",
    )(with_options(compared, [click.argument("frameworks", nargs=-1), *geometry, *OPTIONS]))


def _drawn(found: Comparison, files: Mapping[str, Any]) -> tuple[Animation, list[Target]]:
    """The animation of the last axis, laid out, and where it goes; nothing is written yet."""
    from convviz.animation.animate import SIZE, of_scene
    from convviz.export.formats import resolve_target

    targets = [resolve_target(path) for path in files["output"]]
    scene, layer, made = found.scene()
    return of_scene(scene, layer, "compare", made, files["theme"], files["size"] or SIZE), targets


def _save(animation: Animation, targets: list[Target], files: Mapping[str, Any], quiet: bool) -> None:
    from convviz.cli.draw import bar, kilobytes

    stills = any(goal.is_still for goal in targets)
    frame = "last" if stills and files["frame"] is None else files["frame"]
    with bar(animation.frames) as progress:
        written = animation.save_all(targets, loop=files["loop"], frame=frame, progress=progress)
    for path in written:
        click.echo(f"{path}: {kilobytes(path.stat().st_size)}", err=quiet)


OPTIONS: list[Option] = [
    click.option("--seed", type=int, default=0, show_default=True, help="Chooses the example values."),
    click.option("--json", "as_json", is_flag=True, help="The table as JSON, for programs."),
    click.option("-o", "--output", multiple=True, metavar="FILE", help="Draw it: .gif, .mp4, .png, .svg, .html, …"),
    click.option("--theme", metavar="NAME|FILE", help="light, dark, print, or a .toml file of your own colours."),
    click.option("--size", type=PICTURE_SIZE, metavar="WxH|NAME", help="Size in pixels.  [default: 1280x720]"),
    click.option("--frame", type=FRAME, metavar="N|first|middle|last", help="What a still shows.  [default: last]"),
    click.option("--loop", type=int, default=0, show_default=True, help="How often it plays; 0 is for ever."),
]
