"""`convviz explain`: how the output size is computed, in words."""

from __future__ import annotations

from typing import Any

import click

from convviz.cli.kinds import EXAMPLES, example_parameters, examples, kind_help
from convviz.cli.options import JSON, with_options
from convviz.cli.terminal import echo, json_text
from convviz.layers.kinds import LAYER_KINDS
from convviz.recipes.layer import make_layer
from convviz.recipes.layer_options import LAYER_OPTIONS


@click.group(
    epilog=examples(
        "convviz explain transposed -i 3 -k 3 -s 2 -p 1",
        "convviz explain conv -i 5 -k 3 -s 2 -p 1 --backward",
        "convviz explain conv -i 6 -k 3 -s 2 --json",
    )
)
def explain() -> None:
    """Explain how the output size is computed.

    Steps, formulas, the relation of standard and transposed convolution, and diagnostics.
    """


BACKWARD = click.option("--backward", is_flag=True, help="Explain the gradients of input, kernel and bias instead")


def _command(kind: str) -> click.Command:
    def run(as_json: bool, backward: bool, **options: Any) -> None:
        from convviz.analysis import explain as analysis

        layer = make_layer(LAYER_KINDS[kind], options)
        if as_json:
            echo(json_text(analysis.geometry(layer, backward=backward)))
        else:
            echo(analysis.explain(layer, backward=backward))

    epilog = examples(f"convviz explain {kind} {example_parameters(kind)}")
    command = click.command(kind, help=kind_help("Explain {noun}.", kind), epilog=epilog)(run)
    return with_options(command, *LAYER_OPTIONS[kind], BACKWARD, JSON)


for _kind in EXAMPLES:
    explain.add_command(_command(_kind))
