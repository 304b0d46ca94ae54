"""Pictures asked for in the words of the command line, each drawn once and kept in a folder."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.recipes.fields import named_files
from convviz.sphinx.command_line import DrawCommand, parse_command
from convviz.version import versions

if TYPE_CHECKING:
    from convviz.animation.animate import Animation


@dataclass(frozen=True)
class About:
    """What a page says of a picture without drawing it."""

    alt: str
    size: tuple[int, int]
    """Width and height in CSS pixels."""
    complaints: tuple[str, ...]
    """What was warned of, such as weak contrasts."""


class CachedPicture:
    """A picture and its files in `cache`, whose names change with the words, the files they name, and the versions."""

    def __init__(self, words: Sequence[str], folder: Path, cache: Path) -> None:
        """`words` as for `asked`, which says what it raises; `cache` is made where it is missing."""
        cache.mkdir(parents=True, exist_ok=True)
        self.words = tuple(words)
        self.cache = cache
        self.asked: DrawCommand = parse_command(words, folder)

    @property
    def files(self) -> list[Path]:
        """The files that the words name."""
        return [Path(name) for name in named_files(self.asked.options).values() if os.path.isfile(name)]

    @cached_property
    def key(self) -> str:
        """Stands for everything that the picture depends on."""
        read = [hashlib.sha256(file.read_bytes()).hexdigest() for file in self.files]
        return hashlib.sha256(json.dumps([self.words, read, versions()]).encode()).hexdigest()[:16]

    @property
    def looks(self) -> tuple[str, ...]:
        """`light` and `dark`, or nothing but the theme that was asked for, which has no name here."""
        return ("light", "dark") if self.asked.options.get("theme") is None else ("",)

    def about(self) -> About:
        """Alt text and size. Lays the picture out when it is new; raises `ConvvizError` for one that cannot be."""
        note = self._path("", ".json")
        if not note.exists():
            self._write(note, self._laid_out())
        alt, size, complaints = json.loads(note.read_text(encoding="utf-8"))
        return About(alt, (size[0], size[1]), tuple(complaints))

    def drawn(self, look: str, *endings: str) -> list[Path]:
        """The files of one of `looks` with these endings, drawn where they are not there yet.

        Raises `ConvvizError` for files that cannot be written.
        """
        from convviz.export.formats import resolve_target

        paths = [self._path(look, ending) for ending in endings]
        if not all(path.exists() for path in paths):
            options = self.asked.options
            goals = [resolve_target(path) for path in paths]
            names = ("loop", "frame", "filmstrip") if any(goal.is_still for goal in goals) else ("loop",)
            animation, _ = self._animated(**({"theme": look} if look else {}))
            animation.save_all(goals, **{name: options[name] for name in names if name in options})
        return paths

    def _laid_out(self) -> list[Any]:
        from convviz.publish.platforms import css_size

        animation, complaints = self._animated()
        return [animation.alt_text, css_size(animation), complaints]

    def _animated(self, **others: Any) -> tuple[Animation, list[str]]:
        """The animation, and what is warned of."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            animation = self.asked.animate(**others)
        return animation, [str(warning.message) for warning in caught]

    def _path(self, look: str, ending: str) -> Path:
        return self.cache / f"{self.asked.kind}-{self.key}{look and '-'}{look}{ending}"

    def _write(self, path: Path, what: Any) -> None:
        from convviz.files.atomic import atomic_write

        with atomic_write(path) as partial:
            partial.write_text(json.dumps(what), encoding="utf-8")
