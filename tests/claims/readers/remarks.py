"""The text of `convviz layer CODE`: the call, the shapes in the framework's order, remarks, and the explanation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.claims.plain import Plain
from tests.claims.readers import explain
from tests.claims.reading import About, Reader, holds, same, whole

remarks = Reader()


@dataclass(frozen=True)
class Code:
    """A call of a framework, and the numbers of its channels."""

    title: str
    call: str
    channels: tuple[int, int]
    groups: int = 1
    channels_last: bool = False
    bias: bool = True
    weights: Any = None
    """Values of the weights, of which the text writes one kernel."""


def check(text: str, code: Code, about: About) -> None:
    """Check the description, then the explanation; the command that draws it comes last."""
    described, _, explained = text.partition("\n\n")
    explained, _, command = explained.rpartition("\n\n")
    head, flow, *notes = described.split("\n")
    holds(f"{head!r} names the framework", head.startswith(f"{code.title}: {code.call.partition('(')[0]}("))
    check_flow(flow, code, about)
    for note in check_kernel(notes, code):
        remarks.read(note.removeprefix("   - "), about)
    explain.read(explained, about)
    holds(f"{command!r} draws it", command.startswith(("Draw it", "It is too large")))


def check_kernel(lines: list[str], code: Code) -> list[str]:
    """Check the kernel that is written out, if its values are known; return the lines after it."""
    if code.weights is None:
        return lines
    first, rows = code.weights[0, 0], [line for line in lines if not line.startswith("   - ")]
    counts = re.fullmatch(r"   the kernel from channel 1 of (\d+) to channel 1 of (\d+):", rows[0])
    same("channels of the kernel", counts and tuple(map(int, counts.groups())), code.channels)
    same("kernel", [list(map(whole, row.split())) for row in rows[1:]], first.reshape(-1, first.shape[-1]).tolist())
    return lines[len(rows) :]


def check_flow(flow: str, code: Code, about: About) -> None:
    """Check `(N, 6, 12, 12) → (N, 12, 6, 6); weight (12, 2, 3, 3); bias (12); 3 groups`."""
    shapes, *more = flow.strip().split("; ")
    before, _, after = shapes.partition(" → ")
    plain = about.plain
    ins, outs = shown(code.channels[0], code), shown(code.channels[1], code) if plain.pools else str(code.channels[1])
    same("input", before, tensor(ins, plain.i, code))
    same("output", after, tensor(outs, about.model.o, code))
    expected = [] if plain.pools else [f"weight {weight_shape(code, plain)}"]
    expected += [f"bias ({code.channels[1]})"] if code.bias and not plain.pools else []
    expected += [f"{code.groups} groups"] if code.groups > 1 else []
    same("what else is said", more, expected)


def shown(channels: int, code: Code) -> str:
    """Keras and Linen do not say how many channels go in, and most poolings do not."""
    return "C_in" if code.title in ("Keras", "Flax") or not channels else str(channels)


def tensor(channels: str, cells: tuple[int, ...], code: Code) -> str:
    sizes = [*map(str, cells), channels] if code.channels_last else [channels, *map(str, cells)]
    return f"(N, {', '.join(sizes)})"


def weight_shape(code: Code, plain: Plain) -> str:
    """PyTorch has (out, in/groups, …), transposed (in, out/groups, …); the others have the kernel first."""
    ins, outs = shown(code.channels[0] // code.groups, code), str(code.channels[1])
    ins += f"/{code.groups}" if code.groups > 1 and ins == "C_in" else ""
    if code.title in ("PyTorch", "ONNX"):
        first, second = (code.channels[0], code.channels[1]) if plain.transposed else code.channels[::-1]
        return f"({', '.join(map(str, (first, second // code.groups, *plain.k)))})"
    last = (outs, ins) if plain.transposed and code.title == "Keras" else (ins, outs)
    return f"({', '.join((*map(str, plain.k), *last))})"


@remarks.says(
    r"JAX flips the kernel unless transpose_kernel=True: each input cell adds a copy rotated by 180°, and over the "
    r"zero-inserted input the kernel slides as given"
)
def flips(about: About) -> None:
    same("framework and kind", (about.framework.split()[0] in ("JAX", "Flax"), about.plain.transposed), (True, True))


@remarks.says("Keras on PyTorch counts the padding in this mean; Keras on TensorFlow and on JAX leave it out, as here")
def counts_padding(about: About) -> None:
    same("framework and kind", (about.framework, about.plain.kind), ("Keras", "avgpool"))
    holds("there is padding, which is left out", any(axis.before + axis.after for axis in about.model.axes))
    holds("padding does not count", not about.plain.include)


@remarks.says(
    "Keras on TensorFlow refuses this for an even kernel; Keras on JAX and on PyTorch give this output",
)
def even_kernel(about: About) -> None:
    same("framework and padding", (about.framework, about.named), ("Keras", "same"))
    holds("a kernel reaches over an even number of cells", any(axis.reach % 2 == 0 for axis in about.model.axes))


@remarks.says("onnxruntime differs: it refuses an output padding that is not smaller than the stride")
def large_output_padding(about: About) -> None:
    same("framework", about.framework, "ONNX")
    holds("an output padding reaches the stride", any(axis.a >= axis.s for axis in about.model.axes))


@remarks.says(
    "the output is longer than the full transposed convolution; zeros are appended here, but implementations of ONNX "
    "differ in size and position"
)
def longer_output(about: About) -> None:
    same("framework", about.framework, "ONNX")
    holds("cells are behind all stamps", any(axis.before + axis.o > len(axis.full) for axis in about.model.axes))


@remarks.says(
    "auto_pad follows ONNX's specification here; implementations differ if a pooling has dilations or skips cells"
)
def disputed_pooling(about: About) -> None:
    same("framework and kind", (about.framework, about.plain.pools), ("ONNX", True))
    holds("it is dilated, or skips cells", any(axis.d > 1 or axis.k < axis.s for axis in about.model.axes))


@remarks.says(r"shape inference gives the output as \((?P<shape>[\d, ]+)\), which differs from ONNX's rules")
def inferred(about: About, shape: str) -> None:
    said = tuple(map(int, shape.split(", ")))[2:]
    holds("the output differs", said != about.model.o)
