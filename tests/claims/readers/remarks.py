"""The text of `convviz layer CODE`: the call, the shapes in the framework's order, remarks, and the explanation."""

from __future__ import annotations

from dataclasses import dataclass

from tests.claims.plain import Plain
from tests.claims.readers import explain
from tests.claims.reading import About, Reader, holds, same

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


def check(text: str, code: Code, about: About) -> None:
    """Check the description, then the explanation; the command that draws it comes last."""
    described, _, explained = text.partition("\n\n")
    explained, _, command = explained.rpartition("\n\n")
    head, flow, *notes = described.split("\n")
    holds(f"{head!r} names the framework", head.startswith(f"{code.title}: {code.call.partition('(')[0]}("))
    check_flow(flow, code, about)
    for note in notes:
        remarks.read(note.removeprefix("   - "), about)
    explain.read(explained, about)
    holds(f"{command!r} draws it", command.startswith(("Draw it", "It is too large")))


def check_flow(flow: str, code: Code, about: About) -> None:
    """Check `(N, 6, 12, 12) → (N, 12, 6, 6); weight (12, 2, 3, 3); bias (12); 3 groups`."""
    shapes, *more = flow.strip().split("; ")
    before, _, after = shapes.partition(" → ")
    plain = about.plain
    ins, outs = ("C_in", "C_in") if plain.pools else (shown(code.channels[0], code), str(code.channels[1]))
    same("input", before, tensor(ins, plain.i, code))
    same("output", after, tensor(outs, about.model.o, code))
    expected = [] if plain.pools else [f"weight {weight_shape(code, plain)}"]
    expected += [f"bias ({code.channels[1]})"] if code.bias and not plain.pools else []
    expected += [f"{code.groups} groups"] if code.groups > 1 else []
    same("what else is said", more, expected)


def shown(channels: int, code: Code) -> str:
    """Keras does not say how many channels go in."""
    return "C_in" if code.title == "Keras" else str(channels)


def tensor(channels: str, cells: tuple[int, ...], code: Code) -> str:
    sizes = [*map(str, cells), channels] if code.channels_last else [channels, *map(str, cells)]
    return f"(N, {', '.join(sizes)})"


def weight_shape(code: Code, plain: Plain) -> str:
    """PyTorch has (out, in/groups, …), transposed (in, out/groups, …); Keras and JAX have the kernel first."""
    ins, outs = shown(code.channels[0], code), str(code.channels[1])
    if code.title == "PyTorch":
        first, second = (code.channels[0], code.channels[1]) if plain.transposed else code.channels[::-1]
        return f"({', '.join(map(str, (first, second // code.groups, *plain.k)))})"
    last = (outs, ins) if plain.transposed and code.title == "Keras" else (ins, outs)
    return f"({', '.join((*map(str, plain.k), *last))})"


@remarks.says(
    r"JAX flips the kernel unless transpose_kernel=True: each input cell adds a copy rotated by 180°, and over the "
    r"zero-inserted input the kernel slides as given"
)
def flips(about: About) -> None:
    same("framework and kind", (about.framework, about.plain.transposed), ("JAX", True))


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
