"""`convviz views`: the list of views."""

from __future__ import annotations

import click

from convviz.cli.kinds import examples
from convviz.cli.terminal import echo


@click.command(epilog=examples("convviz views"))
def views() -> None:
    """List the views."""
    from convviz.views.registry import SUMMARIES

    width = max(map(len, SUMMARIES)) + 1
    for name, summary in SUMMARIES.items():
        echo(f"{name:{width}} {summary}")
