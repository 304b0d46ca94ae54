"""All texts of a scene, each given to its reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from tests.claims.readers import (  # noqa: F401
    backward_view,
    constant,
    dimensions,
    ends,
    header,
    legend,
    lens,
    panels,
    rules,
    shades,
    signals,
    signs,
    stages,
    upsampling,
)
from tests.claims.readers.signs import flat
from tests.claims.reading import About, FalseClaimError, NotUnderstoodError

FITTED = (10_000, 60, 30, 1)
"""Lengths, in characters, to which equations are shortened."""


class LocatedError(AssertionError):
    """A fault, and where the sentence is."""


def check_scene(about: About) -> None:
    """Check the title, the sizes, and all other texts, then the caption of each frame."""
    for where, sentence, check in texts_of(about):
        try:
            check(sentence, about)
        except (FalseClaimError, NotUnderstoodError) as fault:
            raise LocatedError(f"{about.view}, {where}: {sentence!r}\n{type(fault).__name__}: {fault}") from None
    for number, frame in enumerate(about.scene.frames):
        for text in {arrow.text for arrow in frame.arrows}:
            dimensions.arrows.read(text, replace(about, number=number))
        for full, line in variants_of(frame.caption):
            try:
                ends.reader.read(line, replace(about, number=number, full=full))
            except (FalseClaimError, NotUnderstoodError) as fault:
                where = f"{about.view}, caption of frame {number + 1}"
                raise LocatedError(f"{where}: {line!r}\n{type(fault).__name__}: {fault}") from None


def texts_of(about: About) -> Iterator[tuple[str, Any, Any]]:
    """Yield where a text is, the text, and its check."""
    scene = about.scene
    yield "title", scene.title, header.titles.read
    yield "sizes", scene.sizes, signals.sizes_of.read
    yield "badges", [badge.text for badge in scene.badges], header.check_badges
    yield "tabs", scene.tabs, header.check_tabs
    yield "legend", [entry.text for entry in scene.legend], lambda _, about: legend.check_legend(about)
    yield "scales", "", lambda _, about: shades.check_scales(about)
    for formula in scene.formulas:
        for line in formula.variants():
            yield "formula", line, rules.reader.read
    for node in flat(scene.body):
        if hasattr(node, "cells"):
            yield f"label of {node.name}", node.label, panels.labels.read
            for bracket in node.brackets:
                for text in bracket.texts:
                    check = partial(dimensions.check_bracket, panel=node, bracket=bracket)
                    yield f"bracket of {node.name}", text, check
            if node.caption:
                yield f"caption of {node.name}", node.caption, panels.captions.read
        lines = getattr(node, "lines", ())
        if lines and lines[0].startswith("input"):
            yield "caption in lines", " ".join(lines), panels.captions.read
        else:
            yield from (("text block", line, panels.labels.read) for line in lines)
    yield "signs", "", lambda _, about: signs.check_signs(about)


def variants_of(caption: Any) -> list[tuple[bool, str]]:
    """Return a caption in all its lengths, with whether nothing is left out."""
    if hasattr(caption, "variants"):
        return [(not number, line) for number, line in enumerate(caption.variants)]
    lines = dict.fromkeys(caption.fitted(length) for length in FITTED)
    return [(not number, line) for number, line in enumerate(lines)]
