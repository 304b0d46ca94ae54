"""`convviz info`: the provenance of a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from convviz.cli.kinds import examples
from convviz.cli.options import FileName
from convviz.cli.terminal import echo, json_text


@click.command(epilog=examples("convviz info upsampling.gif", "convviz info --json frames/"))
@click.argument("file", type=FileName())
@click.option("--json", "as_json", is_flag=True, help="Print version, command and parameters as JSON")
def info(file: Path, as_json: bool) -> None:
    """Show the command that created a file.

    Also its parameters, and the version of convviz.
    """
    from convviz.export.metadata import read

    provenance = read(file)
    if as_json:
        echo(json_text(provenance))
        return
    echo(f"{provenance['command']} -o {file.name or file}")
    echo(f"made by convviz {provenance['convviz']}")
    for name, value in provenance["parameters"].items():
        echo(f"  {name.replace('_', ' ')}: {value if isinstance(value, str) else json.dumps(value)}")
