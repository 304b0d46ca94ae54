"""`convviz views`: the list of views."""

from __future__ import annotations

import click

from convviz.cli.kinds import examples
from convviz.cli.terminal import echo


@click.command(epilog=examples("convviz views"))
def views() -> None:
    """List the views."""
    from convviz.text.table import table_lines
    from convviz.views.registry import SUMMARIES

    echo("\n".join(table_lines(list(SUMMARIES.items()))))
