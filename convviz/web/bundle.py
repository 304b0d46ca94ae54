"""Bundle JavaScript modules into one script: each after the modules that it imports, all in one scope.

Variables have short names, and those at the top of a module names that no other module has, so that what a module does
not export stays its own. `export let`, default exports, `import()` and circular imports are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from posixpath import dirname, join, normpath

from convviz.web.javascript import Piece, SourceError, line_of, pieces
from convviz.web.shorten import GLOBALS, Key, Part, Variable, parts, short_names

NAMES = r"(?:\{(?P<names>[^{}]*)\}|\*(?:\s*as\s+(?P<space>[\w$]+))?)"
FROM = r"""(?P<quote>["'])(?P<address>[^"'\n]*)(?P=quote)"""
END = r";?[^\S\n]*(?=\n|//|\Z)"
IMPORT = re.compile(rf"import\b\s*(?:{NAMES}\s*from\s*)?{FROM}{END}")
EXPORT = re.compile(rf"export\b\s*{NAMES}\s*(?:from\s*{FROM})?{END}")
DECLARATION = re.compile(r"export +(?=(?:(?:async +)?function\b *\*?|class|const) *\b(?P<name>[A-Za-z_$][\w$]*))")
NAME = re.compile(r"(?P<there>[A-Za-z_$][\w$]*)(?:\s+as\s+(?P<here>[A-Za-z_$][\w$]*))?")
KEYWORD = re.compile(r"(?<![.\w$])(?:import|export)\b(?!\s*:)")
SPACED = re.compile(r" *(!?=+|[,;:<>?&|*]+) *|(?<![+-]) ([+\-/%]) (?![+-])")
BORDERS = ("newline", "open", "close", "string", "template")
"""Pieces next to which code needs no space."""


class BundleError(ValueError):
    """Modules that cannot be bundled."""


@dataclass(frozen=True)
class Name:
    """An imported or exported name: `there` in `module`, and `here`. `*` stands for all exports of a module."""

    module: str
    there: str
    here: str


@dataclass
class Module:
    """A module with its imports and exports apart; the module of its own exports is empty."""

    path: str
    parts: list[Part] = field(default_factory=list)
    """Everything else, the variables apart."""
    imports: list[Name] = field(default_factory=list)
    exports: list[Name] = field(default_factory=list)

    @property
    def needed(self) -> list[str]:
        """The modules that this one imports, each once."""
        return list(dict.fromkeys(name.module for name in (*self.imports, *self.exports) if name.module))


def source(path: str) -> str:
    """Read a file of `convviz/web`."""
    return files("convviz.web").joinpath(*path.split("/")).read_text(encoding="utf-8")


@cache
def bundle(entry: str) -> str:
    """Return the module `entry` of `js/` and all that it imports as one script. Raises `BundleError`."""
    return joined([_module(path) for path in module_paths(entry)])


@cache
def module_paths(entry: str) -> tuple[str, ...]:
    """List the modules in a bundle, each after those that it imports. Raises `BundleError`."""
    done: dict[str, None] = {}

    def add(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise BundleError(f"modules import each other in a circle: {' → '.join([*above, path])}")
        if path not in done:
            for other in _module(path).needed:
                add(other, (*above, path))
            done[path] = None

    add(entry, ())
    return tuple(done)


@cache
def _module(path: str) -> Module:
    return parse(path, source(f"js/{path}"))


def joined(modules: list[Module]) -> str:
    """Join modules, each after those that it imports. Raises `BundleError` for a name that nothing exports."""
    offered: dict[str, dict[str, Key]] = {}
    for module in modules:
        for name in (*module.imports, *module.exports):
            if name.module and name.there not in ("*", *offered[name.module]):
                raise BundleError(f"{module.path} needs {name.there}, which {name.module} does not export")
        offered[module.path] = dict(_offered(module, offered))
    keys = [_keys(module, offered) for module in modules]
    short = short_names(key for own in keys for key in own if key)
    return "\n".join(_shortened(module, own, short, offered) for module, own in zip(modules, keys, strict=True))


def _offered(module: Module, offered: Mapping[str, Mapping[str, Key]]) -> Iterator[tuple[str, Key]]:
    """Yield the exports of a module, and where each is declared."""
    for name in module.exports:
        if name.module and name.there == "*":
            yield from offered[name.module].items()
        else:
            yield name.here, offered[name.module][name.there] if name.module else (module.path, name.there)


def _keys(module: Module, offered: Mapping[str, Mapping[str, Key]]) -> list[Key | None]:
    """Say for each part of a module where its variable is declared; None for text and globals."""
    tops = {part.name for part in module.parts if isinstance(part, Variable) and part.is_top}
    imported = {name.here: offered[name.module][name.there] for name in module.imports if name.there != "*"}
    imported |= {name.here: (module.path, name.here) for name in module.imports if name.there == "*" and name.here}

    def key(part: Part) -> Key | None:
        if not isinstance(part, Variable):
            return None
        own = (module.path, part.name) if part.name in tops else ("", part.name)
        return imported.get(part.name) or (own if own[0] or part.name not in GLOBALS else None)

    return [key(part) for part in module.parts]


def _shortened(
    module: Module,
    keys: Sequence[Key | None],
    short: Mapping[Key, str],
    offered: Mapping[str, Mapping[str, Key]],
) -> str:
    """Write a module with short names."""
    lines = []
    for name in module.imports:
        if name.there == "*" and (module.path, name.here) in short:
            held = ",".join(
                f"{there}:{short[where]}" for there, where in offered[name.module].items() if where in short
            )
            lines.append(f"const {short[module.path, name.here]}={{{held}}};")
    text = []
    for part, where in zip(module.parts, keys, strict=True):
        if isinstance(part, str) or where is None:
            text.append(part if isinstance(part, str) else part.name)
        else:
            text.append(f"{part.name}:{short[where]}" if part.is_shorthand else short[where])
    return "\n".join([*lines, "".join(text)])


def parse(path: str, text: str) -> Module:
    """Separate imports and exports from the body, and remove comments and most spaces. Raises `BundleError`."""
    module = Module(path)
    try:
        module.parts = list(parts(_kept(module, text)))
    except SourceError as error:
        raise BundleError(f"{path}, {error}") from None
    return module


def _kept(module: Module, text: str) -> list[tuple[str, str]]:
    """Return kind and text of what stays of the pieces of a module; its imports and exports are noted."""
    kept: list[tuple[str, str]] = []
    end, before = 0, "newline"
    for piece in pieces(text):
        if piece.start < end or piece.kind == "comment":
            continue
        code = "\n" if piece.kind == "newline" else piece.text
        if piece.kind == "code" and KEYWORD.search(piece.text):
            code, end = _statement(module, text, piece)
        if piece.kind == "code":
            code = SPACED.sub(r"\1\2", code.lstrip() if before in BORDERS else code)
        elif piece.kind in BORDERS and kept and kept[-1][0] == "code":
            kept[-1] = "code", kept[-1][1].rstrip()
        if code and not (piece.kind == "newline" and (not kept or kept[-1][0] == "newline")):
            kept.append((piece.kind, code))
        before = piece.kind
    return kept


def _statement(module: Module, text: str, piece: Piece) -> tuple[str, int]:
    """Read an import or an export; returns the code that stays of its first piece, and where it ends."""
    declared = DECLARATION.match(piece.text)
    found = IMPORT.match(text, piece.start) or EXPORT.match(text, piece.start)
    if piece.depth or len(KEYWORD.findall(piece.text)) > 1 or not (declared or found):
        raise _refusal(text, piece, "this import or export cannot be bundled; use a form that others have")
    if declared:
        module.exports.append(Name("", declared["name"], declared["name"]))
        return piece.text[declared.end() :], piece.start
    assert found
    facts = found.groupdict()
    is_import = text.startswith("import", piece.start)
    other = _address(module.path, text, piece, facts["address"]) if facts["address"] else ""
    if facts["names"] is not None:
        names = [Name(other, there, here) for there, here in _names(text, piece, facts["names"])]
    elif (is_import and "from" in found[0] and not facts["space"]) or (not is_import and not other):
        raise _refusal(text, piece, "* has no name, or no module")
    else:
        names = [Name(other, "*", facts["space"] or "")]
    (module.imports if is_import else module.exports).extend(names)
    return "", found.end()


def _names(text: str, piece: Piece, listed: str) -> Iterator[tuple[str, str]]:
    """Yield `a, b as c` as pairs of names there and here."""
    for each in filter(None, (part.strip() for part in listed.split(","))):
        found = NAME.fullmatch(each)
        if not found:
            raise _refusal(text, piece, f"{each!r} is no name")
        yield found["there"], found["here"] or found["there"]


def _address(path: str, text: str, piece: Piece, address: str) -> str:
    """Return the path below `js/` of a relative address."""
    other = normpath(join(dirname(path), address))
    if not address.startswith(("./", "../")) or other.startswith("..") or not other.endswith(".js"):
        raise _refusal(text, piece, f"{address!r} is no module of this package; use ./name.js or ../folder/name.js")
    return other


def _refusal(text: str, piece: Piece, words: str) -> SourceError:
    return SourceError(f"line {line_of(text, piece.start)}: {words}")
