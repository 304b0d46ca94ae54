"""`convviz code`: a layer as a snippet of PyTorch, Keras, JAX, ONNX or numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from convviz.cli.options import Option, with_options
from convviz.layers.layer import Layer
from convviz.recipes.request import make_layer

if TYPE_CHECKING:
    from convviz.frameworks.names import FrameworkName


@click.group(
    epilog="""\b
Examples:
  convviz code transposed -i 12 -k 3 -s 2 -p 1 -a 1
  convviz code transposed -i 12 -k 3 -s 2 -p same --framework keras
  convviz code conv -i 5 -k 3 -p 1 --padding-mode reflect --framework onnx"""
)
def code() -> None:
    """Print a layer as code that runs: PyTorch, Keras, JAX, ONNX or numpy, with the shapes in comments.

    Where a framework has no parameter for it, a comment says so, and a pad or a slice beside the layer does it.
    """


def add(word: str, layer: type[Layer], about: str, geometry: Sequence[Option], example: str) -> None:
    """Register a kind of layer: `convviz code WORD`."""

    def written(framework: FrameworkName, **given: Any) -> None:
        from convviz.frameworks.codegen.generate import code as snippet

        click.echo(snippet(make_layer(layer, given), framework))

    code.command(
        word,
        help=f"Print {about} as code.\n\nSizes are N, or ROWSxCOLS where the axes differ.",
        epilog=f"Example: convviz code {word} {example} --framework keras",
    )(with_options(written, [*geometry, FRAMEWORK]))


FRAMEWORK = click.option(
    "--framework", default="torch", show_default=True, metavar="NAME", help="torch, keras, jax, onnx or numpy."
)
