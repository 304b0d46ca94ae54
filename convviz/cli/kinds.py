"""The kinds of layers as commands: their help texts and examples."""

from __future__ import annotations

from collections.abc import Mapping

from convviz.layers.kinds import LAYER_KINDS

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "conv": (
        "-i 5 -k 3 -s 2 -p 1 -o conv.gif",
        "-i 6x9 -k 3x2 -s 2x1 -p 1x0 --theme dark -o rectangle.mp4",
        "-i 7 -k 3 -d 2 -o dilated.gif",
        "-i 6 -k 3 -s 2 -p same -o same.gif",
        "-i 5 -k 3 -p 1 --padding-mode reflect -o reflect.gif",
        "-i 8 -k 3 --1d -o line.gif",
        "-i 5 -k 3 --view backward -o backward.gif",
        '-i 4 -k 3 --view backward-input --dy "1,2;3,4" -o gradient.gif',
        "-i 5 -k 3 --channels 3 --bias 2 -o channels.gif",
        "--input-values numbers.csv --kernel-values sobel-x -o edges.gif",
        "--image photo.png --kernel-values sobel-x --frames 100 -o photo.gif",
    ),
    "transposed": (
        "-i 3 -k 3 -s 2 -p 1 -o upsampling.gif",
        "-i 2 -k 3 -s 2 -p 1 -a 1 -o output_padding.gif",
        "-i 3 -k 3 -s 2 -p 1 --output-size 6 -o six.gif",
        "-i 2 -k 3 -s 2 -p same -o tensorflow.gif",
        "-i 3 -s 2 --kernel-values bilinear -o bilinear.mp4",
        "-i 3 -k 3 -s 2 -p 1 --view backward -o backward.gif",
    ),
    "maxpool": (
        "-i 6 -k 2 -o maxpool.gif",
        "-i 5 -k 2 --ceil-mode -o ceil.gif",
        "-i 5 -k 3 -s 2 --view backward -o switches.gif",
    ),
    "avgpool": ("-i 6 -k 2 -o avgpool.gif", "-i 5 -k 3 -s 2 -p 1 --no-count-include-pad -o mean.gif"),
}
"""Kind → the parameters of examples; the first one uses the most common parameters."""


def kind_help(sentence: str, kind: str) -> str:
    """Return a help text: `sentence` about the `{noun}` of a kind, its other names, and how sizes are written."""
    layer = LAYER_KINDS[kind]
    other_names = f"Also called {layer.also_called}. " if layer.also_called else ""
    return f"{sentence.format(noun=layer.noun)}\n\n{other_names}Sizes are N, or ROWSxCOLS if they differ per axis."


def example_parameters(kind: str) -> str:
    """Return the most common parameters of a kind."""
    return EXAMPLES[kind][0].split(" -o ")[0]


def examples(*lines: str) -> str:
    """Return the epilog of a help page, whose examples are not wrapped."""
    if len(lines) == 1:
        return f"\b\nExample:\n  {lines[0]}"
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
