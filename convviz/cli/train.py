"""`convviz train`: a layer learns, step by step of gradient descent."""

from __future__ import annotations

from typing import Any

import click

from convviz.animation.stopwatch import Stopwatch
from convviz.cli.draw import default_name
from convviz.cli.kinds import examples
from convviz.cli.options import click_argument, with_options
from convviz.cli.output import write
from convviz.recipes.drawing_commands import DRAWING_COMMANDS, TRAINED
from convviz.recipes.request import request


@click.command(
    epilog=examples(
        "convviz train conv -i 8 -k 3 --target sobel-x --steps 20 -o learn.gif",
        "convviz train transposed -s 2 --target bilinear -o upsampling.gif",
        "convviz train conv -i 8 -k 3 --target blur --optimizer momentum --steps 40 -o momentum.mp4",
        "convviz train conv -i 8 -k 3 --lr 0.5 -o diverges.gif",
        'convviz train conv -i 7 --target "1,0,2;-1,3,0;0,-2,1" --noise 0.1 -o noise.gif',
    )
)
def train(**options: Any) -> None:
    """Animate how a layer learns a kernel.

    Gradient descent on the kernel of a convolution (conv) or a transposed convolution (transposed), from an example
    input and the output of a target kernel. Each step shows kernel, output, error and the loss. The picture says at
    which learning rate training diverges, and by how much the kernel differs from the target.
    """
    stopwatch = Stopwatch()
    with stopwatch.phase("values"):
        made = request("train", options)
    write(made, default_name(f"train_{options['operation']}", made), options, stopwatch)


with_options(train, click_argument(TRAINED), *DRAWING_COMMANDS["train"].options)
