"""`convviz views`: the list of views."""

from __future__ import annotations

import click

from convviz.cli.kinds import examples


@click.command(epilog=examples("convviz views"))
def views() -> None:
    """List the views."""
    from convviz.views.registry import SUMMARIES

    width = max(map(len, SUMMARIES)) + 1
    for name, summary in SUMMARIES.items():
        click.echo(f"{name:{width}} {summary}")
