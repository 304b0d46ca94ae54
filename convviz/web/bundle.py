"""Bundle JavaScript modules into one script: each in a function, after the modules that it imports.

Names inside a module are private; its function returns what it exports. `export let`, default exports, `import()` and
circular imports are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from posixpath import dirname, join, normpath

from convviz.web.javascript import Piece, SourceError, line_of, pieces

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
OWN = re.compile(r"(?<![\w$])\$\d+(?![\w$])")


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
    """A module with its imports and exports separate from its body; the module of its own exports is empty."""

    path: str
    body: str = ""
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
    """Wrap modules, each after those that it imports. Raises `BundleError` for a name that nothing exports."""
    variables = {module.path: f"${index}" for index, module in enumerate(modules)}
    offered: dict[str, list[str]] = {}
    for module in modules:
        for name in (*module.imports, *module.exports):
            if name.module and name.there not in ("*", *offered[name.module]):
                raise BundleError(f"{module.path} needs {name.there}, which {name.module} does not export")
        offered[module.path] = [name.here for name in _listed(module.exports, offered)]
    return "\n".join(_wrapped(module, variables, offered) for module in modules)


def _listed(exports: list[Name], offered: Mapping[str, list[str]]) -> Iterator[Name]:
    """Yield the exports with each `*` replaced by the names that it stands for."""
    for name in exports:
        if name.there == "*" and not name.here:
            yield from (Name(name.module, each, each) for each in offered[name.module])
        else:
            yield name


def _wrapped(module: Module, variables: Mapping[str, str], offered: Mapping[str, list[str]]) -> str:
    """Wrap a module in a function that returns its exports, or in a block if it has none."""
    groups: dict[str, list[str]] = {}
    lines = []
    for name in module.imports:
        if name.there != "*":
            groups.setdefault(variables[name.module], []).append(_property(name.there, name.here))
        elif name.here:
            lines.append(f"const {name.here}={variables[name.module]};")
    lines += [f"const{{{','.join(names)}}}={variable};" for variable, names in groups.items()]
    given = []
    for name in _listed(module.exports, offered):
        held = variables.get(name.module, name.there)
        given.append(_property(name.here, f"{held}.{name.there}" if name.module and name.there != "*" else held))
    if not given:
        return "\n".join(["{", *lines, module.body, "}"])
    start, end = f"const {variables[module.path]}=(()=>{{", f"return{{{','.join(given)}}}}})();"
    return "\n".join([start, *lines, module.body, end])


def _property(key: str, value: str) -> str:
    return key if key == value else f"{key}:{value}"


def parse(path: str, text: str) -> Module:
    """Separate imports and exports from the body, and remove comments and most spaces. Raises `BundleError`."""
    module = Module(path)
    body: list[str] = []
    end, before = 0, "newline"
    try:
        for piece in pieces(text):
            if piece.start < end or piece.kind == "comment":
                continue
            kept = "\n" if piece.kind == "newline" else piece.text
            if piece.kind == "code" and OWN.search(piece.text):
                raise _refusal(text, piece, "names such as $1 are those of the bundle")
            if piece.kind == "code" and KEYWORD.search(piece.text):
                kept, end = _statement(module, text, piece)
            if piece.kind == "code":
                kept = SPACED.sub(r"\1\2", kept.lstrip() if before in BORDERS else kept)
            elif piece.kind in BORDERS and before == "code":
                body[-1] = body[-1].rstrip()
            body.append(kept)
            before = piece.kind
    except SourceError as error:
        raise BundleError(f"{path}, {error}") from None
    module.body = re.sub(r"\n{2,}", "\n", "".join(body)).strip()
    return module


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
