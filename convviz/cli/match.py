"""`convviz stack --match`: the sizes at the skip connections of a stack, and a stack with matching sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from convviz.cli.pipe import PIPE
from convviz.cli.terminal import echo
from convviz.layers.layer import Layer
from convviz.recipes.request import make_stack
from convviz.text.formatting import format_per_axis
from convviz.text.notation import layer_notations, runnable_command

if TYPE_CHECKING:
    from convviz.analysis.skip_connections import MatchedChain, SkipConnection


def matched(notations: Sequence[str], options: Mapping[str, Any]) -> tuple[str, ...]:
    """Print the mismatches and their remedies; return the notations of the layers with matching sizes."""
    from convviz.analysis.skip_connections import match_skip_connections

    layers = make_stack(notations, options)
    matching = match_skip_connections(layers)
    for line in _lines(layers, matching):
        echo(line, err=PIPE in options["output"])
    return layer_notations(matching.layers)


def _lines(layers: Sequence[Layer], matching: MatchedChain) -> Iterator[str]:
    yield _sizes(layers)
    for skip in matching.skips:
        yield from _skip_lines(skip)
    if tuple(layers) == matching.layers:
        return
    yield ""
    yield _sizes(matching.layers)
    yield runnable_command(*matching.layers)


def _sizes(layers: Sequence[Layer]) -> str:
    """Return `45 → 23 → 45`."""
    return " → ".join(format_per_axis(size) for size in (layers[0].input, *(layer.output for layer in layers)))


def _skip_lines(skip: SkipConnection) -> Iterator[str]:
    unmatched, target = format_per_axis(skip.unmatched_output), format_per_axis(skip.target)
    where = f"layer {skip.up} gives {unmatched}, and joins the {target} that go into layer {skip.down}"
    if skip.unmatched_output == skip.target:
        yield f"{where}: fits"
        return
    differences = [f"{difference:+d}".replace("-", "−") if difference else "0" for difference in skip.mismatch]
    yield f"{where}: misses by {differences[0] if len(set(differences)) == 1 else '×'.join(differences)}"
    yield from (f"  {remedy}" for remedy in skip.remedies)
