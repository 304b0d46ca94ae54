"""`convviz code`: a layer as a snippet of PyTorch, Keras, JAX, ONNX or numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convviz.cli.kinds import EXAMPLES, example_parameters, examples, kind_help
from convviz.cli.options import with_options
from convviz.cli.terminal import echo
from convviz.layers.kinds import LAYER_KINDS
from convviz.recipes.layer import make_layer
from convviz.recipes.layer_options import LAYER_OPTIONS

if TYPE_CHECKING:
    from convviz.frameworks.names import FrameworkName


@click.group(
    epilog=examples(
        "convviz code transposed -i 12 -k 3 -s 2 -p 1 -a 1",
        "convviz code transposed -i 12 -k 3 -s 2 -p same --framework keras",
        "convviz code conv -i 5 -k 3 -p 1 --padding-mode reflect --framework onnx",
        "convviz code conv -i 5 -k 3 -s 2 -p 1 --backward",
    )
)
def code() -> None:
    """Print a layer as runnable code.

    PyTorch, Keras, JAX, ONNX or numpy, with the shapes in comments. If a framework lacks a parameter, a comment says
    so, and the code pads or slices instead.
    """


FRAMEWORK = click.option(
    "--framework", default="torch", show_default=True, metavar="NAME", help="torch, keras, jax, onnx or numpy"
)
BACKWARD = click.option(
    "--backward", is_flag=True, help="Compute the gradients of input, kernel and bias, too (torch, keras or jax)"
)


def _command(kind: str) -> click.Command:
    def run(framework: FrameworkName, backward: bool, **options: Any) -> None:
        from convviz.frameworks.codegen import generate

        echo(generate.code(make_layer(LAYER_KINDS[kind], options), framework, backward=backward))

    epilog = examples(f"convviz code {kind} {example_parameters(kind)} --framework keras")
    command = click.command(kind, help=kind_help("Print {noun} as code.", kind), epilog=epilog)(run)
    return with_options(command, *LAYER_OPTIONS[kind], FRAMEWORK, BACKWARD)


for _kind in EXAMPLES:
    code.add_command(_command(_kind))
