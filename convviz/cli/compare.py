"""`convviz compare`: the same parameters in several frameworks, as a table and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from convviz.animation.option_spec import OptionSpec
from convviz.animation.options import SPECS, PictureOptions
from convviz.animation.save_options import SAVE_SPECS, SaveOptions
from convviz.animation.stopwatch import Stopwatch
from convviz.cli.kinds import example_parameters, examples
from convviz.cli.options import ClickOption, with_options
from convviz.cli.output import open_file, save
from convviz.cli.progress import format_size
from convviz.cli.terminal import echo, json_text
from convviz.layers.convolution import ConvLayer
from convviz.layers.kinds import LAYER_KINDS
from convviz.recipes.drawing_commands import FORCE, OPEN, OUTPUT
from convviz.recipes.layer import make_layer
from convviz.recipes.layer_options import LAYER_OPTIONS

if TYPE_CHECKING:
    from convviz.animation.animation import Animation
    from convviz.export.formats import Target
    from convviz.frameworks.comparison import Comparison
    from convviz.frameworks.names import ComparedName


class ComparisonGroup(click.Group):
    """A group whose commands also take the frameworks before their own name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move words in front of the kind of layer behind it."""
        first = list(takewhile(lambda word: word not in self.commands and not word.startswith("-"), args))
        kind, rest = args[len(first) :][:1], args[len(first) + 1 :]
        if first and not (kind and kind[0] in self.commands):
            ctx.fail(f"{first[0]!r} is not a kind of layer; add {' or '.join(self.commands)}")
        return super().parse_args(ctx, [*kind, *first, *rest])


@click.group(
    cls=ComparisonGroup,
    epilog=examples(
        "convviz compare transposed -i 2 -k 3 -s 2 -p same",
        "convviz compare torch keras jax transposed -i 3 -k 3 -s 2 -p same",
        "convviz compare transposed torch keras -i 3 -k 3 -s 2 -p same -o frameworks.gif",
        "convviz compare conv torch onnx -i 6 -k 3 -s 2 -p same --json",
    ),
)
def compare() -> None:
    """Compare a layer in PyTorch, Keras, JAX and ONNX.

    Sizes, padding, crops, kernel flips and values that follow from the same parameters.
    """


OPTIONS: tuple[OptionSpec | ClickOption, ...] = (
    SPECS["seed"],
    click.option("--json", "as_json", is_flag=True, help="Print the table as JSON"),
    replace(OUTPUT, help="Output file of a picture; repeatable: .gif, .mp4, .png, .svg, .html, …", default=""),
    FORCE,
    OPEN,
    SPECS["theme"],
    SPECS["size"],
    replace(SAVE_SPECS["frame"], default="last"),
    SAVE_SPECS["loop"],
)


def _command(kind: str) -> click.Command:
    def run(frameworks: tuple[ComparedName, ...], as_json: bool, **options: Any) -> None:
        layer = make_layer(LAYER_KINDS[kind], options)
        assert isinstance(layer, ConvLayer)
        from convviz.frameworks import comparison

        picture = PictureOptions.read(options)
        compared = comparison.compare(layer, frameworks, picture.seed)
        drawn = _lay_out(compared, picture, options) if options["output"] else None
        echo(_json(compared) if as_json else str(compared))
        if drawn:
            _save(*drawn, SaveOptions.read(options), to_stderr=as_json)
            if options["open"]:
                open_file(drawn[1][0].path)

    command = click.command(
        kind,
        help=f"Compare {LAYER_KINDS[kind].noun} in FRAMEWORKS: torch, keras, jax, onnx. [default: all]\n\n"
        "Parameters are taken literally: -p same is the padding that each framework calls so, numbers are its own "
        "padding. The values are example values.",
        epilog=examples(f"convviz compare {kind} {example_parameters(kind)} -p same"),
    )(run)
    parameters = (option for option in LAYER_OPTIONS[kind] if option.letter or option.name == "one_dimension")
    return with_options(command, click.argument("frameworks", nargs=-1), *parameters, *OPTIONS)


def _json(compared: Comparison) -> str:
    return json_text(compared.to_dict()["frameworks"])


def _lay_out(
    compared: Comparison, picture: PictureOptions, options: Mapping[str, Any]
) -> tuple[Animation, list[Target]]:
    """Lay out the animation of the last axis; nothing is written yet."""
    from convviz.animation.animate import animate_scene
    from convviz.export.formats import resolve_target

    targets = [resolve_target(path) for path in options["output"]]
    scene, layer, provenance = compared.scene()
    animation = animate_scene(scene, layer, "compare", provenance, picture)
    return replace(animation, force=options[FORCE.name]), targets


def _save(animation: Animation, targets: list[Target], options: SaveOptions, to_stderr: bool) -> None:
    if options.frame is None and any(target.is_still for target in targets):
        options = replace(options, frame="last")
    save(animation, targets, options, Stopwatch())
    for target in targets:
        echo(f"{target.path}: {format_size(target.path.stat().st_size)}", err=to_stderr)


for _kind in ("conv", "transposed"):
    compare.add_command(_command(_kind))
