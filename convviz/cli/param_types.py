"""Words to values as option types of the command line; `convviz.words` reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from convviz.text import parsing as words


class Word(click.ParamType):
    """An option that `read` understands; what is no text has been read already."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """What `read` makes of the text."""
        return self._read(value) if isinstance(value, str) else value


class PerAxis(click.ParamType):
    """`N` or `ROWSxCOLS`."""

    name = "N|RxC"

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """An int, or a pair of ints; an error calls it by the name of the option."""
        return words.parse_sizes(value, (param and param.name) or "value") if isinstance(value, str) else value


PADDING = Word("N|RxC|B,A|NAME", words.parse_padding)
PICTURE_SIZE = Word("WxH|NAME", words.parse_picture_size)
FRAME = Word("N|WORD", words.parse_frame)
