"""What is printed: text and JSON in which no name or title can command the terminal."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from convviz.errors.printable import UNPRINTABLE, in_encoding, visible


def echo(text: str = "", *, err: bool = False) -> None:
    """Print text to standard output, or to standard error; control characters are pictures of themselves."""
    click.echo(encodable(visible(text), err=err), err=err)


def encodable(text: str, *, err: bool) -> str:
    """Return text in signs that the terminal of standard output, or of standard error, can show: `->` for an arrow."""
    return in_encoding(text, getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8")


def json_text(value: Any) -> str:
    r"""Return JSON for people and programs; control characters are escapes such as `\u001b`."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def status(text: str) -> None:
    """Replace the line of standard error that is being written."""
    click.echo(f"\r{visible(text)}", nl=False, err=True)
