"""Parse a line of PyTorch, Keras, JAX or Flax as a layer of convviz. The code is data and is never run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from convviz.errors import ReadingError
from convviz.frameworks.names import ParsedName, unknown_framework
from convviz.frameworks.parse import flax, jax, keras, torch
from convviz.frameworks.parse.arguments import Arguments, bind
from convviz.frameworks.parse.call import Call, parse_call, parse_context
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.syntax import truncate

Module = tuple[Mapping[str, LayerSpec], Callable[[str], tuple[str, ...]]]
"""The layers of a module by name, and the prefixes that a name may have."""
MODULES: Mapping[ParsedName, tuple[Module, ...]] = {
    "torch": ((torch.SPECS, torch.prefixes),),
    "keras": ((keras.SPECS, keras.prefixes),),
    "jax": (
        (jax.SPECS, jax.prefixes),
        (flax.LINEN_SPECS, flax.linen_prefixes),
        (flax.NNX_SPECS, flax.nnx_prefixes),
    ),
}


def parse_code(code: str, hints: ParseHints | None = None, framework: str | None = None) -> ParsedLayer:
    """Return the layer in a line of code. Raises `ReadingError`, which reports what was understood so far.

    `framework` is a `ParsedName`; without it, the name of the layer and its prefix decide.
    """
    hints = hints or ParseHints()
    with parse_context("nothing"):
        call = parse_call(code, hints.variables)
    with parse_context(f"a call of {call.text} with {_argument_count(call)}"):
        candidates = _candidates(call, framework)
    arguments, spec = _bind_first(call, candidates)
    with parse_context(f"{spec.framework} {spec.name}({arguments.text})"):
        return spec.parsed(arguments, replace(hints, called_with=call.called_with))


def _argument_count(call: Call) -> str:
    count = len(call.positional) + len(call.named)
    return f"{count or 'no'} argument{'s' * (count != 1)}"


def _modules(framework: str | None) -> Iterator[Module]:
    if framework is not None and framework not in MODULES:
        raise ReadingError(unknown_framework(framework, MODULES))
    for name, modules in MODULES.items():
        if framework in (None, name):
            yield from modules


def _candidates(call: Call, framework: str | None) -> list[LayerSpec]:
    """Return the layers that a name may mean, only those of the framework that its prefix belongs to, if any."""
    *words, name = call.path
    prefix = ".".join(words)
    modules = list(_modules(framework))
    matching = [specs for specs, prefixes in modules if prefix in prefixes(name)]
    if not matching and "." in prefix and framework is None:
        raise ReadingError(
            f"no framework has the prefix {truncate(prefix)!r}; try --framework with one of {', '.join(MODULES)}"
        )
    tables = matching or [specs for specs, _ in modules]
    candidates = [table[name] for table in tables if name in table]
    if not candidates:
        raise _unknown_layer(call.text, name, {name: spec for table in tables for name, spec in table.items()})
    return candidates


def _unknown_layer(text: str, name: str, specs: Mapping[str, LayerSpec]) -> ReadingError:
    if re.search(r"3d", name, re.IGNORECASE):
        return ReadingError(f"expected a layer of one or two dimensions, got {text}")
    same_letters = [other for other in specs if other.lower() == name.lower()]
    same_letters.sort(key=lambda other: other[0] != name[:1])
    close = same_letters or get_close_matches(name, specs, 1)
    if close:
        spec = specs[close[0]]
        return ReadingError(f"there is no layer {text}; did you mean {spec.name} ({spec.framework})?")
    return ReadingError(f"expected a convolution, a transposed convolution or a pooling, got {text}")


def _bind_first(call: Call, specs: list[LayerSpec]) -> tuple[Arguments, LayerSpec]:
    """Return the arguments, and the first layer that takes them. Raises the error of the first layer if none does."""
    errors = []
    for spec in specs:
        try:
            return bind(spec.signature, call, f"{spec.framework} {spec.name}"), spec
        except ReadingError as error:
            errors.append(error)
    raise errors[0]
