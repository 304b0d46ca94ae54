"""`convviz stack --match`: where the skip connections of a chain miss, and the chain that is mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from convviz.cli.pipe import PIPE
from convviz.layers.layer import Layer
from convviz.recipes.request import of_stack

if TYPE_CHECKING:
    from convviz.analysis.skip_connections import MatchedChain, SkipConnection


def mended(words: Sequence[str], options: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what misses and what mends it; the words of the mended layers."""
    from convviz.analysis.skip_connections import match_skip_connections
    from convviz.text.notation import layer_notations

    chain = of_stack(words, options).layer
    assert not isinstance(chain, Layer)
    found = match_skip_connections(chain)
    for line in _lines(chain, found):
        click.echo(line, err=PIPE in options["output"])
    return layer_notations(found.layers)


def _lines(chain: Sequence[Layer], found: MatchedChain) -> Iterator[str]:
    from convviz.text.notation import command

    yield _sizes(chain)
    for skip in found.skips:
        yield from _skip(skip)
    if tuple(chain) == found.layers:
        return
    yield ""
    yield _sizes(found.layers)
    yield command(*found.layers)


def _sizes(chain: Sequence[Layer]) -> str:
    """`45 → 23 → 45`."""
    from convviz.text.formatting import format_per_axis

    return " → ".join(format_per_axis(size) for size in (chain[0].input, *(layer.output for layer in chain)))


def _skip(skip: SkipConnection) -> Iterator[str]:
    from convviz.text.formatting import format_per_axis

    unmatched, target = format_per_axis(skip.unmatched_output), format_per_axis(skip.target)
    where = f"layer {skip.up} gives {unmatched}, and joins the {target} that go into layer {skip.down}"
    if skip.unmatched_output == skip.target:
        yield f"{where}: fits"
        return
    said = [f"{miss:+d}".replace("-", "−") if miss else "0" for miss in skip.mismatch]
    yield f"{where}: misses by {said[0] if len(set(said)) == 1 else '×'.join(said)}"
    yield from (f"  {remedy}" for remedy in skip.remedies)
