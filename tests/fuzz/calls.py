"""Random calls of the public functions: mostly sensible arguments, some of them replaced by hostile values."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.fuzz.values import HOSTILE

Choices = Mapping[str, Sequence[str]]
"""Parameter → expressions for sensible arguments."""
SIZES = ("5", "(4, 6)", "(7,)", "3")
SMALL = ("1", "2", "(1, 2)", "(1,)", "0")
LAYERS = ("Conv(4, 3)", "Conv((5,), 2, 2)", "ConvTranspose(2, 3, 2, 1)", "MaxPool(4, 2)", "AvgPool(4, 2)")
CONVOLUTION = {
    "input": SIZES,
    "kernel": ("3", "2", "(2, 3)", "(2,)"),
    "stride": SMALL,
    "padding": (*SMALL, "'same'", "((0, 1), (1, 0))"),
    "dilation": SMALL,
}
PICTURE: Choices = {
    "view": ("None", "'slide'", "'matrix'", "('slide', 'matrix')", "'slide+matrix'", "'steps'"),
    "theme": ("None", "'dark'", "'print'"),
    "size": ("(640, 360)", "(320, 320)"),
    "scale": ("1", "2"),
    "numbers": ("None", "True", "False"),
    "groups": ("1", "2"),
    "channel": ("0", "1"),
    "channels": ("None", "(2, 2)"),
    "seed": ("0", "7"),
    "step": ("0.6", "1"),
    "hold": ("2.0", "0"),
    "pace": ("'even'", "'even'", "'story'"),
    "motion": ("'none'", "'smooth'", "'steps'"),
    "frames": ("None", "3"),
    "max_frames": ("2000", "30"),
    "title": ("None", "'A title'", "'Two\\nlines'"),
    "math": ("False",),
    "without": ("()", "('header',)", "['legend', 'bar']"),
    "font": ("None",),
    "transparent": ("False", "True"),
}
VALUES: Choices = {
    "x": ("None", "np.ones((4, 4))"),
    "w": ("None", "'box'", "np.ones((3, 3))"),
    "bias": ("None", "[1]"),
    "dy": ("None", "np.ones((2, 2))"),
}
SAVING: Choices = {
    "loop": ("0", "2"),
    "frame": ("None", "1", "'last'"),
    "filmstrip": ("None", "2"),
    "fps": ("None", "10"),
}
TORCH = (
    "module('Conv2d', in_channels=1, out_channels=1, kernel_size=(3, 3), stride=(1, 1), padding=(0, 0), "
    "dilation=(1, 1), groups=1, bias=None, padding_mode='zeros', weight=np.ones((1, 1, 3, 3)))"
)
KERAS = (
    "module('Conv2D', filters=1, kernel_size=(3, 3), strides=(1, 1), padding='valid', data_format='channels_last', "
    "dilation_rate=(1, 1), groups=1, use_bias=False, built=True, kernel=np.ones((3, 3, 1, 1)), bias=None)"
)
MODULE = {"input": ("5", "(5, 5)", "np.ones((1, 5, 5))"), "channel": ("'first'", "'all'", "0"), "out_channel": ("0",)}
NONE = ("None",)
SOLVED = dict.fromkeys(("kernel", "stride", "padding", "dilation", "output_padding"), NONE)

FUNCTIONS: Mapping[str, tuple[int, Choices]] = {
    "Conv": (8, {**CONVOLUTION, "padding_mode": ("'zeros'", "'reflect'")}),
    "ConvTranspose": (8, {**CONVOLUTION, "output_padding": ("None", "0", "1"), "output": ("None", "9")}),
    "MaxPool": (6, {**CONVOLUTION, "ceil_mode": ("False", "True")}),
    "AvgPool": (6, {**CONVOLUTION, "ceil_mode": ("False", "True"), "count_include_pad": ("True", "False")}),
    "PictureOptions": (16, PICTURE),
    "SaveOptions": (6, SAVING),
    "animate": (3, {"layer": (*LAYERS, "[Conv(6, 3), MaxPool(4, 2)]"), **PICTURE, **VALUES}),
    "Conv(4, 3)": (
        4,
        {"x": ("np.ones((4, 4))", "np.ones((2, 4, 4))"), "w": ("np.ones((3, 3))",), **{"bias": NONE, "groups": ("1",)}},
    ),
    "Conv(4, 3).matrix": (2, {"w": ("np.ones((3, 3))",)}),
    "ConvTranspose(2, 3).gradient_input": (2, {"dy": ("np.ones((4, 4))",), "w": ("np.ones((3, 3))",)}),
    "Conv(4, 3).gradient_weight": (
        3,
        {"x": ("np.ones((4, 4))", "np.ones((2, 4, 4))"), "dy": ("np.ones((2, 2))",), "groups": ("1",)},
    ),
    "Conv(4, 3).gradient_bias": (1, {"dy": ("np.ones((2, 2))",)}),
    "MaxPool(4, 2).gradient_input": (2, {"dy": ("np.ones((2, 2))",), "x": ("np.ones((4, 4))",)}),
    "AvgPool(4, 2).gradient_input": (1, {"dy": ("np.ones((2, 2))",)}),
    "MaxPool(4, 2)": (2, {"x": ("np.ones((4, 4))",)}),
    "ConvTranspose(2, 3, 2, 'same').with_input": (2, {"input": SIZES}),
    "solve": (2, {"input": SIZES, "output": SIZES, "transposed": ("False", "True"), **SOLVED, "limit": ("10",)}),
    "code": (4, {"layer": LAYERS, "framework": ("'torch'", "'keras'", "'jax'", "'onnx'", "'numpy'")}),
    "explain": (2, {"layer": LAYERS}),
    "explore": (1, {"layer": ("None", *LAYERS[:3]), "view": ("'slide'",), "kernel": ("''", "'box'"), "seed": ("0",)}),
    "EXPLORER.save": (2, {"path": ("'explorer.html'",)}),
    "compare": (2, {"layer": LAYERS[:3], "frameworks": ("()", "['torch']"), "seed": ("0",)}),
    "train": (
        2,
        {
            "layer": LAYERS[:3],
            **{"target": ("'box'", "np.ones((3, 3))"), "theme": NONE, "steps": ("2",), "lr": ("None", "0.1")},
            **{"optimizer": ("'sgd'", "'momentum'"), "momentum": ("None", "0.9"), "loss": ("'mse'",)},
            **{"noise": ("0.0", "0.1"), "start": ("'zeros'", "'noise'"), "seed": ("0",), "size": ("(640, 360)",)},
        },
    ),
    "from_torch": (4, {"module": (TORCH,), **MODULE}),
    "from_keras": (4, {"layer": (KERAS,), **MODULE}),
    "ANIMATION.save": (
        4,
        {"path": ("'x.xyz'", "''"), **SAVING, "format": ("None", "'png'"), "progress": NONE, "stopwatch": NONE},
    ),
    "ANIMATION.save_all": (1, {"targets": ("[]",), "options": ("None", "SaveOptions(loop=2)")}),
    "ANIMATION.still_alt_text": (1, {"options": ("None", "SaveOptions(frame=1)", "SaveOptions(filmstrip=1)")}),
    "ANIMATION.page": (1, {"loop": ("0",)}),
    "build": (1, {"path": ("'missing.toml'",), "only": NONE, "jobs": ("1",), "prune": ("False",)}),
}
"""Function → how often it is called, and its parameters."""


@dataclass(frozen=True)
class Call:
    """A call as source text."""

    function: str
    arguments: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(f'{name}={value}' for name, value in self.arguments.items())})"

    def smaller(self) -> Iterator[Call]:
        """Yield calls with one argument less, or with a sensible value for one."""
        for name in self.arguments:
            yield replace(self, arguments={other: value for other, value in self.arguments.items() if other != name})
            sensible = FUNCTIONS[self.function][1].get(name, ())
            for value in sensible if self.arguments[name] not in sensible else ():
                yield replace(self, arguments={**self.arguments, name: value})


def random_call(dice: random.Random) -> Call:
    """Return a call in which most arguments are sensible."""
    (function,) = dice.choices(list(FUNCTIONS), [weight for weight, _ in FUNCTIONS.values()])
    choices = FUNCTIONS[function][1]
    required = list(choices)[:2]
    given = [name for name in choices if name in required or dice.random() < 0.3]
    hostile = dice.choices(given, k=dice.choice((0, 1, 1, 1, 2)))
    return Call(function, {n: dice.choice(HOSTILE if n in hostile else tuple(choices[n])) for n in given})
