"""Parse a line of code of a framework as a layer of convviz. The code is data and is never run."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments, bind, unpacking_note
from convviz.frameworks.parse.call import Call, parse_context
from convviz.frameworks.parse.candidates import MODULES, candidates, is_layer
from convviz.frameworks.parse.evaluator import Evaluator
from convviz.frameworks.parse.explicit_padding import Pads, add_padding, explicit_pads
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.keras1 import version_note
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.other_kinds import CHANGES_SIZES, other_kind
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.surroundings import FoundLayer, dotted_calls, find_layers
from convviz.frameworks.parse.syntax import EXPECTED, dotted_name, parse_expression, quote, source, truncate

__all__ = ["MODULES", "parse_call", "parse_code"]
MAX_LISTED = 6
"""Most layers of a line that are listed in an error."""


def parse_code(
    code: str, hints: ParseHints | None = None, framework: str | None = None, number: str | None = None
) -> ParsedLayer:
    """Return the layer in a line of code. Raises `ReadingError`, which reports what was understood so far.

    `framework` is a `ParsedName`; without it, the name of the layer and its prefix decide. `number` chooses a layer,
    counted from 1, if there are several.
    """
    hints = hints or ParseHints()
    with parse_context("nothing"):
        tree = parse_expression(code)
        found = _choose(tree, code, framework, number)
        evaluator = Evaluator(hints.variables)
        call = evaluator.call(found.node, found.called_with)
    with parse_context(f"a call of {call.text} with {_argument_count(call)}"):
        specs = candidates(call, framework)
    arguments, spec = _bind_first(call, specs, hints.variables)
    with parse_context(f"{spec.framework} {spec.name}({arguments.text})"):
        pads = explicit_pads(spec, call, arguments, None if found.before is None else evaluator.value(found.before))
        parsed = _parsed(spec, arguments, replace(hints, called_with=call.called_with), pads)
    notes = unpacking_note(spec.signature, call, arguments) + version_note(spec, call)
    notes += _neighbours(tree, found, pads) + _unused(evaluator, arguments, hints.variables)
    return replace(parsed, notes=parsed.notes + notes)


def parse_call(code: str, variables: Mapping[str, Any] | None = None) -> Call:
    """Return the outermost call in `code` as data; `variables` are known values by name. Raises `ReadingError`."""
    tree = parse_expression(code)
    if not isinstance(tree, ast.Call):
        raise ReadingError(f"{EXPECTED}, got {quote(code)}")
    if isinstance(tree.func, ast.Call):
        return Evaluator(variables or {}).call(tree.func, tree)
    return Evaluator(variables or {}).call(tree)


def _choose(tree: ast.expr, code: str, framework: str | None, number: str | None) -> FoundLayer:
    """Return the one layer in a tree, or the one that `number` chooses. Raises `ReadingError`."""
    found = find_layers(tree, lambda path: is_layer(path, framework))
    if not found:
        return _outermost(tree, code)
    if len(found) == 1 and number in (None, "1"):
        return found[0]
    if number is not None and number.isascii() and number.isdigit() and 1 <= int(number) <= len(found):
        return found[int(number) - 1]
    if len(found) == 1:
        raise ReadingError(f"the code has one layer, {source(found[0].node)}; leave --node out")
    rows = [f"{place} {source(layer.node)}" for place, layer in enumerate(found[:MAX_LISTED], 1)]
    rest = f", … {len(found)}" if len(found) > MAX_LISTED else ""
    wanted = "" if number is None else f", got {truncate(number)!r}"
    raise ReadingError(
        f"the code has {len(found)} layers: {', '.join(rows)}{rest}; choose one, such as --node 1{wanted}"
    )


def _outermost(tree: ast.expr, code: str) -> FoundLayer:
    """Return the outermost call, which is no known layer. Raises `ReadingError` for what is no call."""
    if not isinstance(tree, ast.Call):
        raise ReadingError(f"{EXPECTED}, got {quote(code)}")
    inner = [name for name in dotted_calls(tree) if other_kind(name.rpartition(".")[2])]
    if inner:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ".".join(dotted_name(node.func) or ()) == inner[0]:
                return FoundLayer(node)
    return FoundLayer(tree.func, tree) if isinstance(tree.func, ast.Call) else FoundLayer(tree)


def _argument_count(call: Call) -> str:
    count = len(call.positional) + len(call.named)
    return f"{count or 'no'} argument{'s' * (count != 1)}"


def _parsed(spec: LayerSpec, arguments: Arguments, hints: ParseHints, pads: Pads | None) -> ParsedLayer:
    if pads is None:
        return spec.parsed(arguments, hints)
    return add_padding(spec, arguments, hints, pads)


def _neighbours(tree: ast.expr, found: FoundLayer, pads: Pads | None) -> tuple[str, ...]:
    """Return a note on layers next to the one that is read, and on slices of it, that change sizes, too."""
    own = ".".join(dotted_name(found.node.func) or ())
    inside = set(dotted_calls(found.node)) - {own}
    names = [name for name in dict.fromkeys(dotted_calls(tree)) if name != own and name not in inside]
    others = [name for name in names if other_kind(name.rpartition(".")[2], CHANGES_SIZES)]
    if pads is not None:
        others = [name for name in others if name != pads.name]
    if found.cut and found.called_with:
        others.append(found.cut)
    if not others:
        return ()
    return (f"{truncate(', '.join(others))} is not drawn: the sizes are those of {truncate(own)} alone",)


def _unused(evaluator: Evaluator, arguments: Arguments, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a note on values that were told of names that the code does not have, or whose value it has."""
    told = [name for name in variables if name != "output_size" and arguments.values.get(name) != variables[name]]
    names = evaluator.unused(told)
    return (f"--let is not used for {' and '.join(names)}, which the code has not or says itself",) if names else ()


def _bind_first(call: Call, specs: list[LayerSpec], variables: Mapping[str, Any] | None) -> tuple[Arguments, LayerSpec]:
    """Return the arguments, and the first layer that takes them. Raises the error of the first layer if none does."""
    errors = []
    for spec in specs:
        try:
            return bind(spec.signature, call, f"{spec.framework} {spec.name}", variables), spec
        except ReadingError as error:
            errors.append(error)
    raise errors[0]
