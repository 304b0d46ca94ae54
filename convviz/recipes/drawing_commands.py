"""The commands that draw, and the options of each; the command line, recipes and Sphinx pages share them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from convviz.animation.option_spec import FLAG, SIZES, TEXT, OptionSpec, ValueType
from convviz.animation.options import BARE, LEFT_OUT, OUT_CHANNELS, SPECS
from convviz.animation.save_options import SAVE_SPECS
from convviz.animation.training_options import TRAINING_SPECS
from convviz.errors import ReadingError
from convviz.frameworks.names import ParsedName
from convviz.recipes.layer_options import (
    BIAS,
    CHANNEL_OPTIONS,
    DY,
    IMAGE_OPTIONS,
    INPUT_VALUES,
    KERNEL_VALUES,
    LAYER_OPTIONS,
    ONE_DIMENSION,
    VALUE_OPTIONS,
    axis_option,
)


@dataclass(frozen=True)
class DrawingCommand:
    """A command that draws."""

    name: str
    options: tuple[OptionSpec, ...]
    argument: OptionSpec | None = None


def _terminal(name: str, type: ValueType, help: str, metavar: str = "", **details: Any) -> OptionSpec:
    """Return an option that says where a file goes or what is printed; only the command line has it."""
    return OptionSpec(name, type, help, metavar, in_recipes=False, in_pages=False, **details)


STDOUT_NAMES = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
OUTPUT_FILE = ValueType("output", lambda text, _: "-" if text in STDOUT_NAMES else text)
OUTPUT = _terminal(
    "output",
    OUTPUT_FILE,
    "Output file; repeatable: animations .gif .apng .webp .mp4 .webm, stills .png .svg .pdf, a page .html, "
    "all frames in a .zip or a folder (name/), or - for standard output",
    "FILE",
    default="the parameters as a name, .gif",
    letter="-o",
    multiple=True,
)
FORMAT = _terminal(
    "format", TEXT, "Format of standard output, or of the frames in a folder or .zip (png, pdf, svg)", "F"
)
PLATFORM = _terminal(
    "platform",
    TEXT,
    "Export for a platform and print the code to embed it: powerpoint, keynote, google-slides, beamer, reveal, "
    "quarto, github or sphinx",
    "PLATFORM",
    long_name="for",
)
FORCE = _terminal("force", FLAG, "Overwrite files that convviz did not write")
ALT = _terminal("alt", FLAG, "Print the alt text; nothing is drawn without -o")
EMBED = _terminal("embed", FLAG, "Print the HTML to embed the file in a page")
OPEN = _terminal("open", FLAG, "Open the first file when it is written")
PROFILE = _terminal("profile", FLAG, "Print how long each phase took")
MATCH = _terminal(
    "match", FLAG, "Check the sizes at the skip connections of a U-Net and correct them; nothing is drawn without -o"
)
VALUE_CHOICE = (SPECS["numbers"], SPECS["seed"])


def picture_options(view: str) -> Iterator[OptionSpec]:
    """Yield the options of each drawing command, with the default `view`."""
    yield from (OUTPUT, FORCE, FORMAT, PLATFORM, SAVE_SPECS["frame"], SAVE_SPECS["filmstrip"], ALT, EMBED, OPEN)
    yield replace(SPECS["view"], default=view)
    yield from (
        SPECS[name]
        for name in ("theme", "size", "scale", "title", "math", "font", "transparent", "step", "hold", "pace", "motion")
    )
    yield from (SAVE_SPECS["loop"], SAVE_SPECS["fps"], SPECS["frames"], SPECS["max_frames"], PROFILE)
    yield from (*LEFT_OUT, BARE)


def _shape(text: str, _: str) -> tuple[int, ...]:
    """Read `64,32,3,3`, the shape of an array."""
    if not re.fullmatch(r"\s*[(\[]?\s*[1-9]\d{0,8}(\s*,\s*[1-9]\d{0,8})*\s*,?\s*[)\]]?\s*", text, re.ASCII):
        raise ReadingError(f"{text[:40]!r} is not the shape of an array, such as 64,32,3,3")
    return tuple(map(int, re.findall(r"\d+", text)))


def _variable(text: str, _: str) -> tuple[str, Any]:
    """Read `stride=2`, a variable or an expression and its value: a number, `3x5`, a word, True, False or None."""
    name, _, value = (part.strip() for part in text.rpartition("="))
    if not name or not re.fullmatch(rf"{NUMBER}|{NUMBERS}|{PAIRS}|{WORD}|'{WORD}'|\"{WORD}\"", value, re.ASCII):
        raise ReadingError(f"{text[:40]!r} is not a variable and its value, such as stride=2, k=3x5 or mode=reflect")
    if value in CONSTANTS:
        return name, CONSTANTS[value]
    if re.fullmatch(NUMBER, value, re.ASCII):
        return name, float(value) if "." in value else int(value)
    if re.fullmatch(PAIRS, value, re.ASCII):
        numbers = [int(number) for number in re.findall(r"-?\d+", value)]
        return name, tuple(zip(numbers[::2], numbers[1::2], strict=True))
    if re.fullmatch(NUMBERS, value, re.ASCII):
        return name, tuple(map(int, re.findall(r"-?\d+", value)))
    return name, value.strip("'\"")


NUMBER = r"-?\d{1,12}(\.\d{0,12})?"
NUMBERS = r"[(\[]?\s*-?\d{1,12}(\s*[x,]\s*-?\d{1,12}){0,7}\s*,?\s*[)\]]?"
PAIR = r"[(\[]\s*-?\d{1,12}\s*,\s*-?\d{1,12}\s*[)\]]"
PAIRS = rf"[(\[]\s*{PAIR}(\s*,\s*{PAIR}){{0,3}}\s*,?\s*[)\]]"
WORD = r"[A-Za-z][\w.-]{0,40}"
CONSTANTS = {"True": True, "False": False, "None": None}


def format_variable(name: str, value: Any) -> str:
    """Return a variable and its value as `--let` reads them."""
    if isinstance(value, tuple):
        is_plain = len(value) > 1 and not isinstance(value[0], tuple)
        value = "x".join(map(str, value)) if is_plain else str(value).replace(" ", "")
    return f"{name}={value}"


def _of_code(name: str, type: ValueType, help: str, metavar: str, **details: Any) -> OptionSpec:
    """Return an option of `convviz layer`."""
    return OptionSpec(name, type, help, metavar, **details)


SHAPE = ValueType("shape", _shape)
VARIABLE = ValueType("variable", _variable)
LAYER_LIST = ValueType("layers", lambda text, _: text)
PARSED = get_args(ParsedName)
FRAMEWORK = _of_code(
    "framework", TEXT, f"{', '.join(PARSED[:-1])} or {PARSED[-1]}, if the code does not name it", "NAME"
)
WEIGHT = _of_code(
    "weight", SHAPE, "Shape of the weights in the framework's order, if the code only names them", "N,N,…"
)
LET = _of_code(
    *("let", VARIABLE, "Value of a variable, an expression or an argument in the code, such as k=3; repeatable"),
    *("NAME=VALUE",),
    multiple=True,
    in_recipes=False,
)
NODE = _of_code(
    "node", TEXT, "Node of an ONNX model: its name, output or number; or the number of a layer in the code", "NAME|N"
)
TRAINED = OptionSpec("operation", TEXT, "", "conv|transposed")
LAYERS = OptionSpec("layers", LAYER_LIST, "", "LAYERS...", multiple=True)
PRESET = OptionSpec("preset", TEXT, "", "NAME")
CODE = _of_code("layer", TEXT, "", "CODE|MODEL.onnx", names_file=lambda text: text.lower().endswith(".onnx"))
CODE_INPUT = OptionSpec("input", SIZES, "Input size", "N|RxC", "from the code", "-i")
CODE_VALUES = (INPUT_VALUES, *IMAGE_OPTIONS, KERNEL_VALUES, OUT_CHANNELS, BIAS, DY, *CHANNEL_OPTIONS)

DRAWING_COMMANDS: Mapping[str, DrawingCommand] = {
    command.name: command
    for command in (
        *(
            DrawingCommand(kind, (*own, *picture_options("slide"), *VALUE_CHOICE, *VALUE_OPTIONS[kind]))
            for kind, own in LAYER_OPTIONS.items()
        ),
        DrawingCommand("stack", (axis_option("input"), ONE_DIMENSION, MATCH, *picture_options("stack")), LAYERS),
        DrawingCommand(
            "train",
            (
                *(option for option in LAYER_OPTIONS["transposed"] if option.name != "padding_mode"),
                *TRAINING_SPECS.values(),
                *(option for option in picture_options("train") if option.name != "view"),
                *VALUE_CHOICE,
            ),
            TRAINED,
        ),
        DrawingCommand("preset", (*picture_options("slide"), *VALUE_CHOICE), PRESET),
        DrawingCommand(
            "layer",
            (FRAMEWORK, WEIGHT, LET, NODE, CODE_INPUT, *picture_options("slide"), *VALUE_CHOICE, *CODE_VALUES),
            CODE,
        ),
    )
}
"""Name → command; the names of single layers are their kinds."""
OPTIONS: Mapping[str, OptionSpec] = {
    spec.name: spec
    for command in reversed(tuple(DRAWING_COMMANDS.values()))
    for spec in (*filter(None, [command.argument]), *command.options)
}
"""Name → option, of all drawing commands."""
