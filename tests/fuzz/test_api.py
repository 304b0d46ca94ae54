"""Random calls of the public functions: each returns, or raises an error of ours, within its time."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import convviz
from convviz import Conv, ConvvizError, GeometryError, PictureError, animate
from convviz.animation.animate import VALUES
from convviz.animation.options import FIELDS
from convviz.errors import ArgumentError
from convviz.errors.printable import UNPRINTABLE
from tests.fuzz.calls import FUNCTIONS, Call, random_call
from tests.fuzz.harness import check_random
from tests.fuzz.values import HOSTILE, NAMESPACE
from tests.profile import ALL

SHARDS = 4
CALLS = (200_000 if ALL else 12_000) // SHARDS
LONGEST = 2_000
"""Characters of an error."""


def outcome(call: Call) -> str | None:
    """Return what is wrong with an error; None if there is none, or a good one."""
    function = eval(call.function, NAMESPACE)
    arguments = {name: eval(source, NAMESPACE) for name, source in call.arguments.items()}
    try:
        function(**arguments)
    except ConvvizError as error:
        return bad_text(str(error))
    return None


def bad_text(text: str) -> str | None:
    """Return what is wrong with the text of an error."""
    if not text.strip() or len(text) > LONGEST:
        return f"an error of {len(text)} characters"
    return f"not printable: {text!r}" if UNPRINTABLE.search(text) else None


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_calls_return_or_raise_our_errors(shard: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_random(random_call, outcome, CALLS, seed=shard)


def test_each_parameter_of_a_picture_takes_each_hostile_value_or_refuses_it() -> None:
    for name in FUNCTIONS["PictureOptions"][1]:
        for value in HOSTILE:
            assert outcome(Call("PictureOptions", {name: value})) is None, (name, value)


def test_every_function_and_every_option_of_a_picture_is_called() -> None:
    public = {name for name in convviz.__all__ if callable(getattr(convviz, name))}
    kinds = {name for name in public if isinstance(getattr(convviz, name), type)}
    errors = {name for name in kinds if issubclass(getattr(convviz, name), Exception)}
    assert public - errors - {"Animation"} <= FUNCTIONS.keys()
    assert FUNCTIONS["PictureOptions"][1].keys() == {field.name for field in FIELDS}
    assert FUNCTIONS["animate"][1].keys() == {"layer", *FUNCTIONS["PictureOptions"][1], *VALUES}


@dataclass(frozen=True)
class Number:
    """A case that fails from 10 on."""

    number: int

    def smaller(self) -> Iterator[Number]:
        if self.number:
            yield Number(self.number - 1)


def test_a_failing_case_is_reported_in_its_smallest_form() -> None:
    with pytest.raises(AssertionError, match=r"^Number\(number=10\)\ntoo large"):
        check_random(lambda _: Number(30), lambda case: "too large" if case.number >= 10 else None, 1, 0)


def test_a_case_that_hangs_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.harness.SECONDS", 0.3)

    def hang(_: Number) -> None:
        while True:
            pass

    with pytest.raises(AssertionError, match=r"^Number\(number=0\)\ntook longer than 0.3 s"):
        check_random(lambda _: Number(1), hang, 1, 0)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": 5}, "title: expected text, got 5"),
    ({"theme": 3}, "theme: expected the name of a theme, a .toml file, or a Theme, got 3"),
    ({"view": ("a", 1)}, "view: expected two names of views in quotes, got 1"),
    ({"without": "header"}, "without: expected a list of parts, got 'header'"),
    ({"frames": float("nan")}, "frames: expected a whole number, got nan"),
    ({"channels": {3}}, "channels: expected (input channels, output channels), got {3}"),
    ({"step": "1"}, "step: expected a number of seconds, got '1'"),
    ({"numbers": 1}, "numbers: expected True or False, got 1"),
    ({"x": [[1], [2, 3]]}, "input values are not a grid: every row needs the same number of values"),
    ({"sise": 3}, "animate() got an unexpected keyword argument 'sise'"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_an_argument_of_a_wrong_type_is_named_with_what_was_expected_and_what_came(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConvvizError) as caught:
        animate(Conv(5, 3), **options)
    assert str(caught.value) == message


@pytest.mark.parametrize("source", ["Unprintable()", "NotText()", "Long()", "10**5000", "'\\x1b]0;x\\x07' * 9999"])
def test_a_value_without_a_short_repr_is_described_in_a_few_characters(source: str) -> None:
    with pytest.raises(GeometryError) as caught:
        Conv(eval(source, NAMESPACE), 3)
    assert bad_text(str(caught.value)) is None
    assert len(str(caught.value)) < 200


def test_an_argument_error_is_each_documented_error() -> None:
    assert issubclass(ArgumentError, (TypeError, GeometryError, PictureError))
    with pytest.raises(TypeError):
        animate(True)  # type: ignore[arg-type]
