"""Random command lines: mostly sensible words, some of them replaced by hostile ones, and hostile files to read."""

from __future__ import annotations

import io
import json
import random
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from convviz.animation.option_spec import FLAG, OptionSpec
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.recipes.layer_options import LAYER_OPTIONS
from tests.at_rest import AT_REST_WORDS

FRAMEWORKS = ("torch", "keras", "jax", "onnx", "numpy")
CODE = (
    *("nn.Conv2d(3, 8, 3)", "nn.ConvTranspose2d(4, 2, 3, stride=2)", "nn.MaxPool2d(2)", "layers.Conv2D(8, 3)"),
    *("nn.Conv2d(1, 1, " + "(" * 200 + "3" + ")" * 200 + ")", "nn.Conv2d(3, 8, 10**10)", "model.onnx", "-", "x = 3"),
    *("nn.Conv2d(__import__('os').system('x'), 3)", "F.conv2d(x, w)", "nn.Conv2d(\x1b[31m)", "lax.conv(x, w)"),
)
SENSIBLE: Mapping[str, Sequence[str]] = {
    "input": ("5", "4x6", "3", "7"),
    "kernel": ("3", "2", "2x3", "1"),
    "stride": ("1", "2", "2x1"),
    "padding": ("0", "1", "same", "1,0", "0,1x1,2"),
    "dilation": ("1", "2"),
    "output_padding": ("0", "1"),
    "output": ("a.svg", "a.png", "a.gif", "a.html", "a.zip", "frames/", "a.xyz", "-"),
    "output_size": ("7", "9x9"),
    "view": ("slide", "matrix", "slide+matrix", "overlap", "pair", "stack", "image"),
    "theme": ("dark", "print", "a.toml"),
    "size": ("640x360", "320x320", "4:3"),
    "scale": ("1", "2"),
    "seed": ("3",),
    "step": ("0.5", "2"),
    "hold": ("0", "1"),
    "pace": ("even", "story"),
    "motion": ("none", "smooth", "steps"),
    "frames": ("2", "5"),
    "max_frames": ("100",),
    "frame": ("1", "last", "middle"),
    "filmstrip": ("2", "3"),
    "loop": ("0", "2"),
    "fps": ("10", "30"),
    "title": ("A title", "Two\nlines", "$x$"),
    "padding_mode": ("zeros", "reflect", "circular"),
    "kernel_values": ("box", "sobel-x", "1,2;3,4", "a.csv", "a.npy"),
    "input_values": ("1,2;3,4", "a.csv", "a.npy", "ramp", "digit", "random"),
    "bias": ("1", "0.5"),
    "image": ("a.png", "b.png"),
    "pixels": ("8", "16"),
    "channels": ("2", "3"),
    "out_channels": ("1", "2"),
    "groups": ("1",),
    "channel": ("0",),
    "format": ("png", "svg", "gif"),
    "platform": ("github", "beamer", "reveal", "keynote"),
    "framework": FRAMEWORKS,
    "weight": ("8,3,3,3",),
    "let": ("stride=2",),
    "node": ("0", "up"),
}
HOSTILE = (
    *("", " ", "0", "-1", "1.5", "1e400", "nan", "inf", "-inf", "1000000", "1000001", "9" * 5000, "0x10", "³", "१"),
    *("1x", "x1", "1x2x3", "1,2,3x4", "99999x1", "1000000x1000000", "-5x3", "same,1", "full", "8192x8192", "1x1"),
    *(
        "\x1b]0;pwn\x07",
        "\x9b31m",
        "\0",
        "a\0.gif",
        "\ud800",
        "\udcff",
        "\u202e",
        "a\nb",
        "\r",
        "'",
        '"',
        "`x`",
        "$(x)",
    ),
    *("x" * 10_000, "/", "..", "../../x.gif", "/nonexistent/x.gif", "/dev/null", "CON", "-rf", "~", "a" * 300 + ".gif"),
    *("a.gif", "bad.npy", "bad.csv", "bad.png", "bad.toml", "bad.onnx", "folder", "folder/", "missing.csv", "{stride}"),
    *("--", "-", "-o", "--help", "-h", "--version", "--no-numbers", "--1d", "[[1,2],[3]]", "1,2;3", ";", ",", "1;2"),
)


@dataclass(frozen=True)
class Line:
    """The words of a command line."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"convviz {' '.join(map(_quoted, self.words))}"

    def smaller(self) -> Iterator[Line]:
        """Yield lines without one or two of the words."""
        for size in (2, 1):
            for start in range(1, len(self.words) - size + 1):
                yield Line(self.words[:start] + self.words[start + size :])
        for index, word in enumerate(self.words):
            if len(word) > 20:
                yield Line((*self.words[:index], word[: len(word) // 2], *self.words[index + 1 :]))


def _quoted(word: str) -> str:
    return word if word.isascii() and word.isprintable() and word == shlex.quote(word) else repr(word)


def random_line(dice: random.Random) -> Line:
    """Return a command line: each command is as likely as what it can break."""
    maker = dice.choices(list(MAKERS), list(MAKERS.values()))[0]
    words = maker(dice)
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
        index = dice.randrange(len(words) or 1)
        change = dice.choice(("replace", "insert", "drop"))
        words[index : index + (change != "insert")] = [] if change == "drop" else [dice.choice(HOSTILE)]
    return Line(tuple(words))


def _given(dice: random.Random, specs: Sequence[OptionSpec], most: int) -> list[str]:
    """Return some options with values, which are hostile now and then."""
    words: list[str] = []
    chosen = [spec for spec in specs if spec.long != "--open"]  # starts another program
    for spec in dice.sample(chosen, min(len(chosen), dice.randint(0, most))):
        spelling = dice.choice(spec.spellings)
        values = SENSIBLE.get(spec.name, ())
        hostile = not values or dice.random() < 0.2
        words += [spelling] if spec.type is FLAG else [spelling, dice.choice(HOSTILE if hostile else tuple(values))]
    return words


def _drawn(dice: random.Random) -> list[str]:
    """Return a drawing command; few of them write a file, and those that do are small."""
    name = dice.choice(list(DRAWING_COMMANDS))
    command = DRAWING_COMMANDS[name]
    arguments = {
        "stack": ["conv k3 s2 p1", "maxpool k2", "conv q3", "transposed k4 s2 p1", "", "conv k0"],
        "train": ["conv", "transposed", "maxpool", "1"],
        "preset": ["dilation", "no_padding_no_strides", "unknown"],
        "layer": list(CODE),
    }.get(name, [])
    first = dice.choices(arguments, k=2 if name == "stack" else 1) if arguments else []
    ending = dice.choice((["--alt"], ["--alt"], ["--alt"], ["-o", "a.svg"], ["-o", "a.gif", "--frames", "2"], []))
    options = _given(dice, [spec for spec in command.options if spec.name != "output"], 5)
    small = [] if "--size" in options else ["--size", "320x320"]
    still = AT_REST_WORDS if dice.random() < 0.75 else ()  # a story of several hundred frames is seldom the point
    return [name, *first, *still, *options, *small, *(ending or ["-o", dice.choice((*SENSIBLE["output"], *HOSTILE))])]


def _explained(dice: random.Random) -> list[str]:
    kind = dice.choice(list(LAYER_OPTIONS))
    more = {"code": ["--framework", dice.choice(FRAMEWORKS)], "explain": [dice.choice(("--json", "-i"))]}
    command = dice.choice(list(more))
    return [command, kind, *_given(dice, LAYER_OPTIONS[kind], 5), *(more[command] if dice.random() < 0.4 else [])]


def _compared(dice: random.Random) -> list[str]:
    kind = dice.choice(("conv", "transposed"))
    frameworks = dice.sample(FRAMEWORKS, dice.randint(0, 3))
    return ["compare", *frameworks, kind, *_given(dice, LAYER_OPTIONS[kind][:6], 4)]


def _solved(dice: random.Random) -> list[str]:
    fixed = [spec for spec in LAYER_OPTIONS["transposed"] if spec.name in ("kernel", "stride", "padding", "dilation")]
    sizes = ("5", "12", "24", "12x9", "224")
    words = ["solve", "--input", dice.choice(sizes), "--output", dice.choice(sizes), *_given(dice, fixed, 2)]
    return [*words, *dice.sample(["--transposed", "--json", "--1d"], dice.randint(0, 2))]


def _explored(dice: random.Random) -> list[str]:
    words = ["explore", dice.choice(("conv", "transposed")), *_given(dice, LAYER_OPTIONS["transposed"], 3)]
    return [*words, "-o", dice.choice(("e.html", "e.svg", "-o.svg", "e.webp", "folder", "e"))]


def _read(dice: random.Random) -> list[str]:
    file = dice.choice((*HOSTILE, *FILES))
    return dice.choice(
        (
            ["info", file],
            ["info", "--json", file],
            ["deck", dice.choice(("bad.toml", "impossible.toml", file)), "-o", "d.pptx"],
            ["gallery", "build", dice.choice(("bad.toml", "missing.toml", "folder"))],
            ["gallery", "check", dice.choice(("bad.toml", "missing.toml"))],
            ["gallery", "site", dice.choice(("bad.toml", "folder", "missing"))],
            ["views"],
            [dice.choice(HOSTILE)],
        )
    )


MAKERS = {_drawn: 5, _explained: 4, _compared: 1, _solved: 1, _explored: 1, _read: 3}
"""Function that makes a line → how often."""


def _png(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("L", size, 90).save(file, "PNG")
    return file.getvalue()


def _npy(shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    np.save(file, np.arange(np.prod(shape)).reshape(shape))
    return file.getvalue()


FILES: Mapping[str, bytes] = {
    "a.csv": b"1,2,3\n4,5,6\n7,8,9\n",
    "a.npy": _npy((3, 3)),
    "a.png": _png((40, 30)),
    "b.png": _png((9, 9))[:60],
    "a.toml": b'base = "dark"\nbackground = "#101820"\n',
    "bad.npy": b"\x93NUMPY\x01\x00\x76\x00{'descr': '<i8', 'fortran_order': False, 'shape': (((((((((((((",
    "bad.csv": b"1,2\n3,\xff\x00\n",
    "bad.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "bad.toml": b"[a]\nkind = 'conv'\ninput = " + b"[" * 3000,
    "impossible.toml": b"[a]\nkind = 'conv'\nkernel = 99\ninput = 2024-01-01\n[b]\nkind = 3\nx = [[1]]\n['\\u001b']\n",
    "bad.onnx": b"\x08\x07\x12\x04" + bytes(range(256)),
    "foreign.svg": b"<svg><metadata>" + json.dumps({"convviz": 1, "command": "x\x1b", "parameters": 3}).encode(),
    "foreign.gif": b"GIF89a" + bytes(range(256)),
    "foreign.zip": b"PK\x03\x04" + bytes(300),
    "folder/convviz.json": b'{"convviz": {}, "command": [], "parameters": []}',
}


def write_files(folder: Path) -> None:
    """Write the files that lines name."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
