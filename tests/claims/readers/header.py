"""Title, sizes, badges and tabs."""

from __future__ import annotations

import re

from tests.claims.inside import evenness_of, long_evenness
from tests.claims.readers.explain import TITLES
from tests.claims.reading import About, Reader, holds, pairs, per_axis, same, sizes

badges = Reader()
titles = Reader()
sizes_of = Reader()


def check_badges(texts: list[str], about: About, left_out: str = "") -> None:
    """Check each badge, and that nothing that matters is left out."""
    for text in texts:
        badges.read(text, about)
    if about.view == "upsample":
        return
    plain = about.plain
    needed = {"i", "k", "s", "p", "o"} | ({"d"} if set(plain.d) != {1} else set())
    needed |= {"z", "p′"} if plain.transposed else set()
    needed |= {"a"} if any(axis.a for axis in about.model.axes) else set()
    needed |= {"ceil mode"} if plain.ceil else set()
    named = [text.split(" = ")[0] for text in texts]
    holds(f"badges {named} hide nothing", needed - set(left_out.split()) <= set(named))
    same("badges that occur twice", len(named), len(set(named)))


@badges.says(r"(?P<name>[iksdao]) = (?P<value>[\d×]+)")
def number(about: About, name: str, value: str) -> None:
    same(name, per_axis(value, about.plain.count), about.model.sizes(name))


@badges.says(r"p = (?P<p>\d+(?:[×,]\d+)*)(?: \((?P<name>\w+)\))?(?:, (?P<mode>\w+))?(?P<rest>.*)")
def padding(about: About, p: str, name: str | None, mode: str | None, rest: str) -> None:
    given = tuple((axis.before, axis.after) for axis in about.model.axes)
    same("p", pairs(p, about.plain.count), given)
    same("name of the padding", name, about.plain.p if isinstance(about.plain.p, str) else None)
    same("padding mode", mode or "zeros", about.plain.mode)
    same("more about padding", rest, "")


@badges.says(r"z = s−1 = (?P<z>[\d×]+)")
def inserted(about: About, z: str) -> None:
    same("z", per_axis(z, about.plain.count), tuple(s - 1 for s in about.plain.s))


@badges.says(r"p′ = (?P<symbols>k−p−1|d\(k−1\)−p) = (?P<p>[−\d×,]+)")
def implicit(about: About, symbols: str, p: str) -> None:
    same("symbols", symbols, "k−p−1" if set(about.plain.d) == {1} else "d(k−1)−p")
    same("p′", pairs(p, about.plain.count), tuple(axis.implicit for axis in about.model.axes))


@badges.says(r"f = s = (?P<factor>\d+)")
def factor_badge(about: About, factor: str) -> None:
    same("factor", {int(factor)}, set(about.plain.s))


@badges.says("ceil mode")
def ceil_mode(about: About) -> None:
    holds("the layer rounds up", about.plain.ceil)


@titles.says(
    r"(?P<name>[A-Z][a-z]+(?: [a-z]+)?)"
    r"(?P<more>| in one dimension| in two steps| in four steps|, seen from the input| as a matrix, and its transpose"
    r"| and its transpose| of an image)"
)
def title(about: About, name: str, more: str) -> None:
    same("kind", name, TITLES[about.plain.kind])
    holds("a lane is one dimension", more != " in one dimension" or about.plain.count == 1)
    if "steps" in more:
        same("number of steps", more.split()[1], "four" if about.plain.transposed else "two")
        same("tabs", len(about.scene.tabs), 4 if about.plain.transposed else 2)


@titles.says("Overlap: how (?P<what>many stamps hit each output cell|often windows read each input cell)")
def overlap_title(about: About, what: str) -> None:
    same("cells that are counted", what.split()[-2], "output" if about.plain.transposed else "input")


@titles.says(r"Upsample by (?P<factor>\d+): nearest neighbour and a convolution")
def upsample_title(about: About, factor: str) -> None:
    same("factor", {int(factor)}, set(about.plain.s))


def channels_of(about: About) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the numbers of input and output channels; empty without channels."""
    shown = about.values.shown if about.values else None
    return ((), ()) if shown is None or shown.channel is None else ((len(shown.x),), (shown.outputs,))


@sizes_of.says(r"input (?P<before>[\d×]+) → output (?P<after>[\d×]+)")
def in_and_out(about: About, before: str, after: str) -> None:
    ins, outs = channels_of(about)
    same("input", sizes(before), (*ins, *about.plain.i))
    same("output", sizes(after), (*outs, *about.model.o))


@sizes_of.says(r"(?P<before>[\d×]+) → (?P<after>[\d×]+) → (?P<back>[\d×]+)")
def and_back(about: About, before: str, after: str, back: str) -> None:
    same("sizes", (sizes(before), sizes(after), sizes(back)), (about.plain.i, about.model.o, about.plain.i))


@sizes_of.says(r"(?P<before>[\d×]+) → (?P<after>[\d×]+), p follows from k")
def upsampled(about: About, before: str, after: str) -> None:
    same("view", about.view, "upsample")
    same("input", sizes(before), about.plain.i)
    same("output", sizes(after), tuple(i * s for i, s in zip(about.plain.i, about.plain.s, strict=True)))


VERDICT = (
    r"(?: → (?P<evenness>even|uneven|holes)|, but (?:(?P<here>even|uneven|holes) at this size"
    r"|(?P<borders>no cell is inside)))"
)


@sizes_of.says(r"gcd\(d, s\) = (?P<factors>[\d×]+)" + VERDICT)
def shared_factor(about: About, factors: str, **verdict: str | None) -> None:
    for axis, factor in zip(about.model.axes, per_axis(factors, about.plain.count), strict=True):
        common = [n for n in range(1, axis.s + 1) if axis.s % n == axis.d % n == 0]
        same("greatest common divisor", factor, common[-1])
    check_evenness(about, **verdict)


@sizes_of.says(r"k mod s = (?P<rests>[\d×]+)" + VERDICT)
def remainder(about: About, rests: str, **verdict: str | None) -> None:
    true = tuple(axis.k % axis.s for axis in about.model.axes)
    same("k mod s", per_axis(rests, about.plain.count), true)
    check_evenness(about, **verdict)


def check_evenness(about: About, evenness: str | None, here: str | None, borders: str | None) -> None:
    """Check what follows of k, s and d, and that it is so at this size, or that this size is an exception."""
    same("evenness at this size", evenness or here or (borders and "borders"), evenness_of(about.model))
    holds("it follows that the layer is so", (long_evenness(about.model) == evenness_of(about.model)) is bool(evenness))


def check_tabs(tabs: tuple[str, ...], about: About) -> None:
    """Check the steps, and the stages of the view upsample; those of backward are acts."""
    if about.view.startswith("backward"):
        from tests.claims.readers import backward_view

        backward_view.check_tabs(tabs, about)
        return
    if about.view == "upsample":
        times = "×".join(map(str, about.plain.s))
        same("stages", tabs, (f"1  copy {times}", "2  add by phase", "3  grow the kernel", "4  write the output"))
        return
    for tab in tabs:
        found = re.fullmatch(r"2  slide, stride ([\d×]+)", tab)
        if found:
            same("stride", per_axis(found[1], about.plain.count), about.plain.s)
            continue
        allowed = ("1  new parameters", "2  insert z zeros", f"3  {border_verb(about)}", "4  slide, stride 1")
        holds(f"there is a step {tab!r}", tab in (allowed if about.plain.transposed else ("1  pad by p",)))


def border_verb(about: About) -> str:
    """Return `pad by p′ and a`, `crop by p′`."""
    sides = [side for axis in about.model.axes for side in axis.implicit]
    verb = "pad" if min(sides) >= 0 else "pad and crop" if max(sides) > 0 else "crop"
    return f"{verb} by p′{' and a' * any(about.model.sizes('a'))}"
