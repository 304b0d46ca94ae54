"""Random layers as bare parameters, which know nothing of convviz, and the commands that draw them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

KINDS = ("conv", "transposed", "maxpool", "avgpool")
MODES = ("reflect", "replicate", "circular")
NAMES = ("valid", "same", "same_lower", "full", "half")
Sizes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Plain:
    """The parameters of a layer as a user gives them, one entry per axis."""

    kind: str
    i: Sizes
    k: Sizes
    s: Sizes
    d: Sizes
    p: Pairs | str
    a: Sizes | None = None
    mode: str = "zeros"
    ceil: bool = False
    include: bool = True

    @property
    def count(self) -> int:
        """Number of axes."""
        return len(self.i)

    @property
    def pools(self) -> bool:
        return self.kind in ("maxpool", "avgpool")

    @property
    def transposed(self) -> bool:
        return self.kind == "transposed"

    def opposite(self) -> Plain:
        """Return the other kind of convolution with the same words."""
        return replace(self, kind="conv" if self.transposed else "transposed", a=None, mode="zeros")

    def keywords(self) -> dict[str, object]:
        """Return the keywords of the class of convviz."""
        given: dict[str, object] = {"input": self.i, "kernel": self.k, "stride": self.s, "padding": self.p}
        if self.kind != "avgpool" or set(self.d) != {1}:
            given["dilation"] = self.d
        if self.kind == "conv":
            given["padding_mode"] = self.mode
        if self.a is not None:
            given["output_padding"] = self.a
        if self.pools:
            given["ceil_mode"] = self.ceil
        if self.kind == "avgpool":
            given["count_include_pad"] = self.include
        return given

    def command(self) -> str:
        """Return the words of the command line that give this layer."""
        words = [self.kind, *(["--1d"] if self.count == 1 else [])]
        words += ["-i", _times(self.i), "-k", _times(self.k), "-s", _times(self.s), "-d", _times(self.d)]
        padding = self.p if isinstance(self.p, str) else "x".join(f"{before},{after}" for before, after in self.p)
        words += ["-p", padding, *(["-a", _times(self.a)] if self.a is not None else [])]
        words += ["--padding-mode", self.mode] if self.mode != "zeros" else []
        words += ["--ceil-mode"] if self.ceil else []
        words += [] if self.include else ["--no-count-include-pad"]
        return " ".join(words)


def _times(sizes: Sizes) -> str:
    return "x".join(map(str, sizes))


def draw(random: Random, kinds: tuple[str, ...] = KINDS, largest: int = 8) -> Plain:
    """Draw parameters, legal or not, of one axis or two, equal on both about every other time."""
    kind, count = random.choice(kinds), random.choice((1, 2, 2))
    square = random.random() < 0.4

    def sizes(*choices: int) -> Sizes:
        first = random.choice(choices)
        return (first,) * count if square else tuple(random.choice(choices) for _ in range(count))

    plain = Plain(
        kind,
        i=sizes(*range(1, largest + 1)),
        k=sizes(1, 2, 2, 3, 3, 3, 4, 5),
        s=sizes(1, 1, 2, 2, 3, 4, 5),
        d=(1,) * count if random.random() < 0.5 else sizes(1, 2, 3),
        p=_padding(random, count, square),
    )
    if kind == "conv":
        return replace(plain, mode=random.choice(("zeros", "zeros", *MODES)))
    if kind == "transposed":
        return replace(plain, a=sizes(0, 0, 1, 2) if random.random() < 0.4 else None)
    return replace(plain, ceil=random.random() < 0.4, include=kind == "maxpool" or random.random() < 0.5)


def _padding(random: Random, count: int, square: bool) -> Pairs | str:
    """Draw padding: a name, equal sides, or sides that differ."""
    way = random.random()
    if way < 0.3:
        return random.choice((*NAMES, "same", "same"))
    even = way < 0.75
    pairs: list[tuple[int, int]] = []
    for _ in range(count):
        before = random.choice((0, 0, 1, 1, 2, 3, 4))
        pairs.append((before, before if even else random.choice((0, 1, 2, 3, 4))))
    return (pairs[0],) * count if square else tuple(pairs)


def read_command(text: str) -> Plain:
    """Return the layer of a command with equal padding on both sides: `convviz conv -i 24 -k 3 -s 2 -p 1`."""
    _, kind, *words = text.replace("convviz explain ", "convviz ").split()
    given = dict(re.findall(r"-([ikspda]) (\S+)", " ".join(words)))
    values = {letter: tuple(map(int, value.split("x"))) for letter, value in given.items()}
    count = 1 if "--1d" in words else 2
    full = {letter: numbers * (count // len(numbers)) for letter, numbers in values.items()}
    ones = (1,) * count
    padding = tuple((side, side) for side in full["p"])
    return Plain(kind, full["i"], full["k"], full.get("s", ones), full.get("d", ones), padding, full.get("a"))
