"""What the scripts share that hold the reading of code against the frameworks: dice, lines of code, verdicts."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import numpy as np

from convviz import ConvvizError
from convviz.frameworks.parse.arguments import Signature
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.parser import parse_code
from convviz.layers.pooling import Pool


class Dice(Random):
    """Random parameters of one case."""

    def sizes(self, axes: int, low: int, high: int) -> Any:
        """One number, or one for each axis."""
        if self.random() < 0.5:
            return self.randint(low, high)
        return tuple(self.randint(low, high) for _ in range(axes))

    def array(self, *shape: int) -> np.ndarray:
        """Whole numbers, so that `==` compares."""
        return np.random.default_rng(self.randrange(2**32)).integers(-9, 10, shape).astype(np.float64)

    def line(self, name: str, required: dict[str, Any], others: dict[str, Any], order: list[str]) -> str:
        """A call with arguments by place or by name; those in `order` may stand without a name, up to the first gap."""
        given = required | {key: value for key, value in others.items() if self.random() < 0.7}
        places: list[str] = []
        for parameter in order[: self.randint(0, len(order))]:
            if parameter not in given:
                break
            places.append(text(given.pop(parameter)))
        named = [f"{key}={text(value)}" for key, value in given.items()]
        self.shuffle(named)
        return f"{name}({', '.join([*places, *named])})"


class Code(str):
    """Code that stands for a value, such as an array or an enum."""

    __slots__ = ()


def text(value: Any) -> str:
    """A value as code."""
    return str(value) if isinstance(value, Code) else repr(value)


def output(parsed: ParsedLayer, x: np.ndarray, w: np.ndarray | None, bias: np.ndarray | None = None) -> np.ndarray:
    """What convviz computes; `x` is (N, C, …), `w` in convviz's order and not yet turned."""
    if isinstance(parsed.layer, Pool):
        return parsed.layer(x)
    assert w is not None
    turned = w[(..., *[slice(None, None, -1)] * len(parsed.layer.axes))] if parsed.flipped else w
    return parsed.layer(x, turned, bias, parsed.groups)


def verdict(
    line: str, hints: ParseHints, theirs: Callable[[], np.ndarray], ours: Callable[[ParsedLayer], np.ndarray]
) -> str:
    """`value`, `refusal` where both refuse, `not drawn` where convviz says that it cannot, or what is wrong."""
    try:
        expected: Any = theirs()
    except Exception as error:
        expected = error
    try:
        parsed = parse_code(line, hints)
    except ConvvizError as error:
        if isinstance(expected, Exception) or 0 in expected.shape:
            return "refusal"
        cannot = any(
            words in str(error) for words in ("not drawn", "is too large: it must be", "neither kind of layer")
        )
        return "not drawn" if cannot else f"refused: {error}"
    if isinstance(expected, Exception):
        return f"not refused: {str(expected)[:100]}"
    result = ours(parsed)
    if result.shape != expected.shape:
        return f"size {result.shape}, not {expected.shape}"
    exact = np.array_equal(result, expected) or np.allclose(result, expected, rtol=1e-5, atol=1e-4)
    return "value" if exact else "other numbers"


def same_signature(ours: Signature, theirs: Callable[..., Any], drop: tuple[str, ...] = ("kwargs", "args")) -> str:
    """Whether names, order and which may be left out agree with `inspect.signature`."""
    real = [one for name, one in inspect.signature(theirs).parameters.items() if name not in drop]
    places = [one.name for one in real if one.kind is not one.KEYWORD_ONLY]
    if places != ours.positional:
        return f"places {places}, not {ours.positional}"
    needed = {one.name for one in real if one.default is one.empty}
    known = set(ours.names) - set(ours.defaults)
    only = {one.name for one in real if one.kind is one.KEYWORD_ONLY}
    missing = only - set(ours.names)
    return "value" if needed - {"rngs"} == known and not missing else f"needed {needed}, not {known}; missing {missing}"


def report(checks: dict[str, Iterable[tuple[str, str]]], versions: str) -> int:
    """Print how many cases of each check hold, and the first that do not; the number of those."""
    failed = 0
    for name, cases in checks.items():
        seen: Counter[str] = Counter()
        wrong = []
        for case, said in cases:
            seen[said if said in ("value", "refusal", "not drawn") else "wrong"] += 1
            wrong += [] if said in ("value", "refusal", "not drawn") else [f"{case}: {said}"]
        hold = seen.total() - seen["wrong"]
        print(
            f"{hold:6} of {seen.total():6} hold ({seen['value']} values, {seen['refusal']} refusals, "
            f"{seen['not drawn']} not drawn): {name}"
        )
        for case in wrong[:5]:
            print(f"       not: {case}")
        failed += len(wrong)
    print(f"{versions}: " + (f"{failed} disagree" if failed else "all hold"))
    return failed
