"""`convviz info`: how a file was made."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  convviz info upsampling.gif
  convviz info --json frames/"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Version, command and parameters as JSON.")
def info(file: Path, as_json: bool) -> None:
    """Say with which command and parameters a file was made, and by which version."""
    from convviz.export.metadata import read

    found = read(file)
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    click.echo(f"{found['command']} -o {file.name or file}")
    click.echo(f"made by convviz {found['convviz']}")
    for name, value in found["parameters"].items():
        click.echo(f"  {name.replace('_', ' ')}: {value if isinstance(value, str) else json.dumps(value)}")
