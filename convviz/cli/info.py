"""`convviz info`: the provenance of a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from convviz.cli.kinds import examples


@click.command(epilog=examples("convviz info upsampling.gif", "convviz info --json frames/"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print version, command and parameters as JSON")
def info(file: Path, as_json: bool) -> None:
    """Show the command that created a file.

    Also its parameters, and the version of convviz.
    """
    from convviz.export.metadata import read

    provenance = read(file)
    if as_json:
        click.echo(json.dumps(provenance, indent=1, ensure_ascii=False))
        return
    click.echo(f"{provenance['command']} -o {file.name or file}")
    click.echo(f"made by convviz {provenance['convviz']}")
    for name, value in provenance["parameters"].items():
        click.echo(f"  {name.replace('_', ' ')}: {value if isinstance(value, str) else json.dumps(value)}")
