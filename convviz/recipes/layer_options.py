"""The options of layers and of the values in their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from convviz.animation.option_spec import FLAG, INTEGER, PADDING, SIZES, TEXT, VALUES, OptionSpec
from convviz.animation.options import OUT_CHANNELS, SPECS
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.patterns import PATTERN_SKETCHES
from convviz.recipes.layer import OPTION_OF
from convviz.text.parsing import PARAMETER_LETTERS
from convviz.text.values import is_value_file

DEFAULT_PIXELS = 40
IMAGE_FRAMES = 100
"""Frames of an image that are kept by default: each of its pixels has one, and nobody watches them all."""
"""Longest side of an image, in cells."""
SHORT = {"input": "-i"} | {name: f"-{letter}" for letter, name in PARAMETER_LETTERS.items()}
"""Parameter of an axis → its short spelling."""


def axis_option(name: str, default: str = "") -> OptionSpec:
    """Return the option of a parameter of an axis, with the symbol and the help of its field."""
    parameter = PARAMETERS[name]
    text = f"{parameter.symbol}: {parameter.help}"
    value = parameter.default
    shown = default or str(value[0] if isinstance(value, tuple) else value)
    if name == "padding":
        text += f"; before,after or {', '.join(PADDING_RULES)}"
        return OptionSpec(name, PADDING, text, "P", shown, SHORT[name])
    return OptionSpec(name, SIZES, text, "N|RxC", shown, SHORT[name])


ONE_DIMENSION = OptionSpec("one_dimension", FLAG, "Use one axis: a row of cells instead of a grid", long_name="1d")
PADDING_MODE = OptionSpec("padding_mode", TEXT, f"Content of the padding: {', '.join(PADDING_MODES)}", "MODE", "zeros")
OUTPUT_SIZE = OptionSpec("output_size", SIZES, "Output size; sets the output padding", "N|RxC")
CEIL_MODE = OptionSpec("ceil_mode", FLAG, "Round the output size up; the last window may extend beyond the input")
COUNT_INCLUDE_PAD = OptionSpec(
    "count_include_pad", FLAG, "Count padding in the mean", default="count-include-pad", negatable=True
)
OTHER_PARAMETERS = {option.name: option for option in (PADDING_MODE, OUTPUT_SIZE, CEIL_MODE, COUNT_INCLUDE_PAD)}
NOT_OFFERED = {("avgpool", "dilation")}
"""Parameters of a kind that only ONNX has."""


def layer_options(kind: str) -> Iterator[OptionSpec]:
    """Yield the options of the parameters of a kind of layer, which are those of its class."""
    layer = LAYER_KINDS[kind]
    defaults = {"kernel": str(layer.default_kernel), "stride": "k" if layer.parameters["stride"] is None else ""}
    offered = [OPTION_OF.get(name, name) for name in layer.parameters if (kind, name) not in NOT_OFFERED]
    yield from (axis_option(name, defaults.get(name, "")) for name in PARAMETERS if name in offered)
    yield ONE_DIMENSION
    yield from (OTHER_PARAMETERS[name] for name in offered if name in OTHER_PARAMETERS)


LAYER_OPTIONS: Mapping[str, tuple[OptionSpec, ...]] = {kind: tuple(layer_options(kind)) for kind in LAYER_KINDS}
"""Kind of layer → the options of its parameters."""

INPUT_VALUES = OptionSpec(
    "input_values",
    VALUES,
    'Input values: inline, such as "1,2;3,4", a .npy, .csv, .tsv or .txt file, or - for standard input, which set -i '
    "unless it is given; or a pattern of any size: "
    f"{', '.join(f'{name} ({sketch})' for name, sketch in PATTERN_SKETCHES.items())}",
    "VALUES",
    names_file=is_value_file,
)
IMAGE = OptionSpec(
    "image",
    TEXT,
    "Image file as input, in shades of grey on white, or with --channels 3 in red, green and blue; selects the view "
    f"image unless a view is given, and at an even pace keeps {IMAGE_FRAMES} frames unless --frames is given",
    "FILE",
    names_file=bool,
)
PIXELS = OptionSpec(
    "pixels", INTEGER, "Longest side of the image after downscaling, in cells", "N", str(DEFAULT_PIXELS)
)
KERNEL_VALUES = OptionSpec(
    "kernel_values",
    VALUES,
    "Kernel values: as --input-values, or the name of a kernel, which also sets -k (and -p) unless they are given: "
    "bilinear, box, gaussian, identity, laplacian, nearest, ones, sharpen, sobel-x, sobel-y",
    "VALUES",
    names_file=is_value_file,
)
BIAS = OptionSpec("bias", VALUES, 'One number per output channel, such as "1,-2"', "VALUES", names_file=is_value_file)
DY = OptionSpec(
    "dy",
    VALUES,
    "dL/dy, one number per output cell, for the views backward, backward-input and backward-weight",
    "VALUES",
    names_file=is_value_file,
)
IMAGE_OPTIONS = (IMAGE, PIXELS)
CHANNEL_OPTIONS = (SPECS["channels"], SPECS["channel"])
WEIGHT_OPTIONS = (KERNEL_VALUES, OUT_CHANNELS, SPECS["groups"], BIAS)
VALUE_OPTIONS: Mapping[str, tuple[OptionSpec, ...]] = {
    "conv": (INPUT_VALUES, *IMAGE_OPTIONS, *WEIGHT_OPTIONS, DY, *CHANNEL_OPTIONS),
    "transposed": (INPUT_VALUES, *IMAGE_OPTIONS, *WEIGHT_OPTIONS, DY, *CHANNEL_OPTIONS),
    "maxpool": (INPUT_VALUES, *IMAGE_OPTIONS, DY, *CHANNEL_OPTIONS),
    "avgpool": (INPUT_VALUES, *IMAGE_OPTIONS, DY, *CHANNEL_OPTIONS),
}
"""Kind of layer → the options of the values in its cells."""
