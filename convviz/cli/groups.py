"""Groups of commands: errors become exit codes, and help lists commands under headings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from convviz.cli.standard_streams import open_closed_streams, report_unwritable
from convviz.cli.terminal import encodable
from convviz.errors import ConvvizError
from convviz.errors.printable import visible


class Refusal(click.ClickException):
    """A `ConvvizError` as one line and exit code 2."""

    exit_code = 2


class SectionedGroup(click.Group):
    """A group whose help lists its commands in sections; it turns convviz's errors into refusals."""

    sections: Mapping[str, Sequence[str]]

    def add_section(self, heading: str, *commands: click.Command) -> None:
        """Add commands that help lists below a heading."""
        self.sections = {**getattr(self, "sections", {}), heading: [str(command.name) for command in commands]}
        for command in commands:
            self.add_command(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        del ctx
        width = max(map(len, self.commands))
        limit = formatter.width - 6 - width
        for heading, names in self.sections.items():
            with formatter.section(heading):
                rows = [(name.ljust(width), self.commands[name].get_short_help_str(limit)) for name in names]
                formatter.write_dl(rows)

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Parse the options in front of a command."""
        with _printable_errors():
            return super().make_context(*arguments, **extra)

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command line. Exit code 2 if nothing can be printed; a broken pipe is a matter of click."""
        open_closed_streams()
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            if error.filename is not None or isinstance(error, ConvvizError):
                raise
            report_unwritable(error)
            sys.exit(Refusal.exit_code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            with _printable_errors():
                return super().invoke(ctx)
        except ConvvizError as error:
            raise Refusal(encodable(visible(str(error)), err=True)) from None


@contextmanager
def _printable_errors() -> Iterator[None]:
    """Show control characters in the messages of click, which quote what was typed, as pictures of themselves."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = encodable(visible(error.message), err=True)
        raise
