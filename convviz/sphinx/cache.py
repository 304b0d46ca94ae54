"""A cache of pictures that pages ask for in the words of the command line; each is drawn once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.animation.save_options import SaveOptions
from convviz.layers.layer import Layer
from convviz.recipes.fields import named_files
from convviz.sphinx.command_line import EXPLORE, parse_command
from convviz.version import versions

if TYPE_CHECKING:
    from convviz.animation.animation import Animation
    from convviz.animation.explorer import Explorer

PAGE = ".html"


@dataclass(frozen=True)
class Description:
    """What a page needs to know of a picture before it is drawn."""

    alt: str
    still_alt: str
    """The alt text where a still is shown."""
    size: tuple[int, int]
    """Width and height in CSS pixels."""
    warnings: tuple[str, ...]


class CachedPicture:
    """A picture and its files in `cache`; their names depend on the words, on the files they name and on versions."""

    def __init__(self, words: Sequence[str], folder: Path, cache: Path) -> None:
        """Parse `words` as `parse_command` does, and make the folder `cache` if it is missing."""
        cache.mkdir(parents=True, exist_ok=True)
        self.words = tuple(words)
        self.cache = cache
        self.command = parse_command(words, folder)

    @property
    def files(self) -> list[Path]:
        """The existing files that the words name."""
        return [Path(name) for name in named_files(self.command.options).values() if os.path.isfile(name)]

    @cached_property
    def key(self) -> str:
        """A digest of everything that the picture depends on."""
        contents = [hashlib.sha256(file.read_bytes()).hexdigest() for file in self.files]
        return hashlib.sha256(json.dumps([self.words, contents, versions()]).encode()).hexdigest()[:16]

    @property
    def themes(self) -> tuple[str, ...]:
        """`light` and `dark`; or only an empty name if the words name a theme."""
        return ("light", "dark") if self.command.options.get("theme") is None else ("",)

    def describe(self) -> Description:
        """Return alt text and size. Lays out a new picture; raises `ConvvizError` if it cannot be drawn."""
        path = self._path("", "-facts.json")
        if not path.exists():
            self._write(path, self._layout_facts())
        alt, still_alt, size, warnings = json.loads(path.read_text(encoding="utf-8"))
        return Description(alt, still_alt, (size[0], size[1]), tuple(warnings))

    def draw(self, theme: str, *endings: str) -> list[Path]:
        """Return the files of one of `themes` with these endings, and draw those that are missing.

        Raises `ConvvizError` for files that cannot be written.
        """
        from convviz.export.formats import resolve_target

        if self.command.explores and PAGE in endings:
            return [self._draw_explorer()]
        paths = [self._path(theme, ending) for ending in endings]
        if not all(path.exists() for path in paths):
            targets = [resolve_target(path) for path in paths]
            options = SaveOptions.read(self.command.options)
            if not any(target.is_still for target in targets):
                options = replace(options, frame=None, filmstrip=None)
            self._animation(**({"theme": theme} if theme else {})).save_all(targets, options)
        return paths

    def _draw_explorer(self) -> Path:
        path = self._path("", PAGE)
        return path if path.exists() else self._explorer().save(path)

    def _explorer(self) -> Explorer:
        from convviz.animation.explorer import explore

        options, made = self.command.options, self.command.request()
        assert isinstance(made.layer, Layer)
        names = {"pattern": options.get("input_values") or "", "kernel": options.get("kernel_values") or ""}
        return explore(made.layer, options.get("view") or "slide", **names, seed=made.options.seed)

    def _layout_facts(self) -> list[Any]:
        from convviz.animation.explorer import FRAME_SIZE
        from convviz.publish.platforms import css_size

        animation = self._animation()
        still_alt = animation.still_alt_text(SaveOptions.read(self.command.options))
        if self.command.explores:
            _ = self._explorer()
            return [f"Explorer: {animation.alt_text}", still_alt, FRAME_SIZE, animation.warnings]
        return [animation.alt_text, still_alt, css_size(animation), animation.warnings]

    def _animation(self, **changes: Any) -> Animation:
        return self.command.request().with_options(**changes).animate()

    def _path(self, theme: str, ending: str) -> Path:
        kind = EXPLORE if self.command.explores else self.command.kind
        return self.cache / f"{kind}-{self.key}{theme and '-'}{theme}{ending}"

    def _write(self, path: Path, facts: Any) -> None:
        from convviz.files.atomic import atomic_write

        with atomic_write(path) as partial:
            partial.write_text(json.dumps(facts), encoding="utf-8")
