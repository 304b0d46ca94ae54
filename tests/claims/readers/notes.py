"""Diagnostics on sizes: which sizes a stride cannot tell apart, and what chooses one; words that all notes share."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.claims.axis_model import AxisModel, axis_of, transposed
from tests.claims.model import Model
from tests.claims.padding import fitting, stamped
from tests.claims.readers.calls import keras_crop
from tests.claims.reading import About, Reader, alternatives, holds, same

reader = Reader()
FOLLOWS_INPUT = ("same", "same_lower")


def contributions(model: Model, output: tuple[int, ...]) -> bool:
    """Whether an output cell of a transposed layer receives anything."""
    return bool(model.reads(output))


def unread(model: Model) -> set[tuple[int, ...]]:
    """Return the input cells that no output depends on, neither on the cell nor on a copy of it in the padding."""
    return model.unread_inputs()


def nouns(about: About) -> tuple[str, str]:
    """Return what one cell along the meant axes is called, and several."""
    names = list(about.model.names)
    if about.axes and not about.shared:
        names = [names[n] for n in about.axes]
    return " and ".join(name.removesuffix("s") for name in names), " and ".join(names)


def check_counted(text: str, count: int, about: About) -> None:
    """Check `1 row` or `2 rows and columns`."""
    one, many = nouns(about)
    same("count", text, f"{count} {one if count == 1 else many}")


def check_last(text: str, count: int, about: About) -> None:
    """Check `last row` or `last 2 rows`."""
    one, many = nouns(about)
    same("last ones", text, f"last {one}" if count == 1 else f"last {count} {many}")


# Sizes ---------------------------------------------------------------------------------------------------------------


def inputs_of(about: About, n: int) -> list[int]:
    """All input sizes that give the output of axis n; padding by name follows each."""
    axis = about.model.axes[n]
    found = []
    for i in range(1, axis.o * axis.s + axis.reach + axis.s + 1):
        other = axis_of(about.plain, n, i)
        if other is not None and other.o == axis.o:
            found.append(i)
    return found


def sizes_to(about: About, n: int) -> list[int]:
    """All sizes that the convolution with the same words maps to the input of axis n of a transposed layer."""
    axis, name = about.model.axes[n], name_of(about)
    most, found = axis.i * axis.s + axis.reach + axis.s + axis.before + axis.after, []
    for size in range(1, most):
        if name in FOLLOWS_INPUT:
            other = axis_of(replace(about.plain.opposite(), p=name), n, size)
            fits = other is not None and other.o == axis.i
        else:
            fits = len(fitting(size + axis.before + axis.after, axis.k, axis.s, axis.d)) == axis.i
        found += [size] if fits else []
    return found


def listed(text: str) -> list[int]:
    """Read `5, 6 or 7`, or `5 to 60`."""
    found = re.fullmatch(r"(\d+) to (\d+)", text)
    return list(range(int(found[1]), int(found[2]) + 1)) if found else alternatives(text)


def check_choices(choices: str, i: int, axis: AxisModel, all_sizes: list[int]) -> None:
    """Check `a = 0 gives 5, a = 1 gives 6`: each output padding gives its size, and no size is left out."""
    given = []
    for choice in choices.split(", "):
        found = re.fullmatch(r"a = (\d+) gives (\d+)", choice)
        if choice == "…":
            continue
        holds(f"{choice!r} is a choice", bool(found))
        assert found
        other = transposed(i, axis.k, axis.s, axis.d, (axis.before, axis.after), int(found[1]))
        same(f"size for a = {found[1]}", int(found[2]), other and other.o)
        given.append(int(found[2]))
    same("sizes that are chosen", given if "…" not in choices else sorted({*all_sizes}), all_sizes)


def name_of(about: About) -> object:
    """Return the padding as it was given, in code by its name there."""
    return about.named or about.plain.p


def check_words(words: str, about: About) -> None:
    """Check `k, s, p`, or `k, s and padding same` if the padding follows the input."""
    name = name_of(about)
    same("what is the same", words, f"k, s and padding {name}" if name in FOLLOWS_INPUT else "k, s, p")


def check_default(default: str, i: int, n: int, about: About) -> None:
    """Check the output of the transposed layer with the same words for an input of i cells."""
    plain = about.plain if about.plain.transposed else about.plain.opposite()
    other = axis_of(replace(plain, a=None), n, i)
    same("default output", int(default), other and other.o)


def meant(about: About) -> list[int]:
    return list(about.axes or range(about.plain.count))


@reader.says(
    r"ambiguous size: inputs of (?P<inputs>[\dort, ]+?) (?P<noun>rows and columns|rows|columns|cells) "
    r"all give (?P<o>\d+)(?P<named> with padding \w+)?; transposed back with the same (?P<words>.+?), "
    r"(?:output padding chooses: (?P<choices>.+)|the output size chooses, by default (?P<default>\d+))"
)
def ambiguous_input(
    about: About,
    inputs: str,
    noun: str,
    o: str,
    named: str | None,
    words: str,
    choices: str | None,
    default: str | None,
) -> None:
    same("noun", noun, nouns(about)[1])
    check_words(words, about)
    follows = about.plain.p in FOLLOWS_INPUT
    same("name of the padding", named, f" with padding {about.plain.p}" if follows else None)
    for n in meant(about):
        axis = about.model.axes[n]
        same("output", int(o), axis.o)
        same("inputs of one output", listed(inputs), inputs_of(about, n))
        if choices:
            check_choices(choices, axis.o, axis, inputs_of(about, n))
        else:
            check_default(default or "", axis.o, n, about)


@reader.says(
    r"ambiguous size: the convolution with the same (?P<words>.+) maps (?P<sizes>[\dort, ]+?) "
    r"(?P<noun>rows and columns|rows|columns|cells) to (?P<i>\d+); (?:output padding chooses: (?P<choices>.+)"
    r"|the output size chooses, by default (?P<default>\d+)|Keras's output_padding chooses: (?P<keras>.+)"
    r"|(?P<without>[\w ]+) has no output padding, and gives (?P<o>\d+))"
)
def ambiguous_output(about: About, words: str, sizes: str, noun: str, i: str, **chooses: str | None) -> None:
    same("noun", noun, nouns(about)[1])
    check_words(words, about)
    for n in meant(about):
        axis = about.model.axes[n]
        same("input", int(i), axis.i)
        same("sizes", listed(sizes), sizes_to(about, n))
        if chooses["choices"]:
            check_choices(chooses["choices"], axis.i, axis, sizes_to(about, n))
        elif chooses["default"]:
            check_default(chooses["default"], axis.i, n, about)
        elif chooses["keras"]:
            check_keras(chooses["keras"], axis, about)
        else:
            same("framework and output", (chooses["without"], int(chooses["o"] or 0)), (about.framework, axis.o))


def check_keras(choices: str, axis: AxisModel, about: About) -> None:
    """Check `0 gives 23, 1 gives 24, and None gives 24`, by Keras's own rule."""
    same("framework", about.framework, "Keras")
    *given, default = choices.split(", ")
    name = about.named or str(about.plain.p)
    sizes = (axis.i, axis.k, axis.s, axis.d)
    for choice in [*given, default.removeprefix("and ")]:
        found = re.fullmatch(r"(\d+|None) gives (\d+)", choice)
        holds(f"{choice!r} is a choice", bool(found) or choice == "…")
        if found:
            a = None if found[1] == "None" else int(found[1])
            before, after = keras_crop(name, a, *sizes)
            same(f"output for output_padding={a}", int(found[2]), len(stamped(*sizes)) - before - after)


@reader.says("dropped window: ceil mode would add one that starts in the padding, so that it is left out")
def dropped(about: About) -> None:
    holds("a window is dropped", all(axis.dropped for axis in about.chosen))
