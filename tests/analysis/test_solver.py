"""Sizes as questions: every answer is checked by counting windows and stamps, without any formula of the package."""

from __future__ import annotations

import json
import shlex
from itertools import product
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from convviz import GeometryError, solve
from convviz.cli.main import main


def answer(**question: Any) -> dict[str, Any]:
    """The answer as plain data."""
    return solve(**question).to_dict()


ALL = 100_000


def windows(i: int, k: int, s: int, p: int, d: int) -> int:
    """How often a window fits on the padded input, counted."""
    padded, start, count = i + p + p, 0, 0
    while start + d * (k - 1) < padded:
        count, start = count + 1, start + s
    return count


def scattered(i: int, k: int, s: int, p: int, a: int) -> tuple[int, list[int]]:
    """Output size of a transposed convolution, and how many stamps meet on each cell, counted by stamping."""
    met: dict[int, int] = {}
    for cell, tap in product(range(i), range(k)):
        met[cell * s + tap] = met.get(cell * s + tap, 0) + 1
    last = max(met) + 1
    line = [met.get(place, 0) for place in range(last + a)]
    kept = line[p : len(line) - p]
    return len(kept), line


def listed(**question: Any) -> list[tuple[int, ...]]:
    """All answers for one axis: k, s, p and d (or a)."""
    found = answer(limit=ALL, **question)
    last = "output_padding" if question.get("transposed") else "dilation"
    return [tuple(way[name][0] for name in ("kernel", "stride", "padding", last)) for way in found["solutions"]]


SIZES = [(24, 12), (24, 24), (24, 22), (7, 4), (5, 1), (13, 3), (1, 1), (2, 1), (9, 10)]


@pytest.mark.parametrize(("i", "o"), SIZES)
def test_all_convolutions_by_brute_force(i: int, o: int) -> None:
    found = listed(input=(i,), output=(o,))
    assert len(found) == len(set(found))
    assert all(windows(i, *numbers) == o for numbers in found)
    strides = (1, 2) if o == 1 else range(1, 9)
    tried = product(range(1, 12), strides, range(6), (1, 2, 3))
    kept = ((k, s, p, d) for k, s, p, d in tried if 2 * p <= d * (k - 1) + 1 and (k > 1 or d == 1))
    assert {numbers for numbers in kept if windows(i, *numbers) == o} <= set(found)


@pytest.mark.parametrize(("i", "o"), [(12, 24), (12, 23), (4, 10), (7, 21), (5, 5), (3, 2), (2, 9), (1, 4)])
def test_all_transposed_convolutions_by_brute_force(i: int, o: int) -> None:
    found = listed(input=(i,), output=(o,), transposed=True)
    assert all(scattered(i, *numbers)[0] == o for numbers in found)
    strides = (1, 2) if i == 1 else range(1, 9)
    tried = ((k, s, p, a) for k, s, p, a in product(range(1, 12), strides, range(6), range(8)) if a < s and 2 * p <= k)
    assert {numbers for numbers in tried if scattered(i, *numbers)[0] == o} <= set(found)


@pytest.mark.parametrize(("i", "o"), [(12, 24), (9, 27), (6, 15)])
def test_those_free_of_checkerboard_come_first_and_are(i: int, o: int) -> None:
    ways = answer(input=i, output=o, transposed=True, limit=ALL)["solutions"]
    marks = [way["free_of_checkerboard"] for way in ways]
    assert marks == sorted(marks, reverse=True)
    assert True in marks
    assert False in marks
    for way in ways:
        k, s = way["kernel"][0], way["stride"][0]
        _, line = scattered(40, k, s, 0, 0)
        inside = line[k:-k]
        assert way["free_of_checkerboard"] == (len(set(inside)) == 1), way
        assert ("leaves holes" in way["reason"]) == (0 in inside)


@pytest.mark.parametrize(
    ("question", "counts", "words"),
    [
        ({"input": 2, "output": 3, "kernel": 11, "stride": 2}, [2, 2, 2], "no cell away from the borders"),
        ({"input": 2, "output": 5, "kernel": 5, "stride": 2}, [1, 2, 2, 2, 1], "no checkerboard"),
        ({"input": 2, "output": 5, "kernel": 3, "stride": 2}, [1, 1, 2, 1, 1], "uneven overlap"),
        ({"input": 2, "output": 5, "kernel": 2, "stride": 3}, [1, 1, 0, 1, 1], "leaves holes"),
        (
            {"input": 3, "output": 7, "kernel": 2, "stride": 2},
            [1, 1, 1, 1, 1, 1, 0],
            "no checkerboard, stamps side by side, longer at the end by a = 1, 1 behind the last stamp",
        ),
    ],
)
def test_the_reason_is_true_at_the_size_that_is_asked(question: dict[str, int], counts: list[int], words: str) -> None:
    way = solve(transposed=True, **question).solutions[0]
    k, s, p, a = (getattr(way.layer.axes[0], name) for name in ("kernel", "stride", "padding", "output_padding"))
    _, line = scattered(question["input"], k, s, 0, a)
    assert line[p[0] : len(line) - p[0]] == counts
    assert way.reason == words
    assert way.free_of_checkerboard is ("uneven" not in words and "holes" not in words)


def test_axes_of_different_sizes_are_judged_each_at_its_own() -> None:
    ways = answer(input=(2, 14), output=(3, 24), transposed=True, limit=ALL)["solutions"]
    reasons = {way["reason"] for way in ways if way["kernel"] == [11, 11]}
    assert reasons == {"rows no cell away from the borders; columns no checkerboard"}
    ways = answer(input=(2, 9), output=(5, 19), transposed=True, limit=ALL)["solutions"]
    marks = [way["free_of_checkerboard"] for way in ways if way["stride"] == [2, 2]]
    assert marks == sorted(marks, reverse=True)


FIRST = {
    (24, 24): [(3, 1, 1), (5, 1, 2), (7, 1, 3)],
    (24, 12): [(3, 2, 1), (4, 2, 1), (2, 2, 0), (5, 2, 2)],
    (224, 14): [(16, 16, 0)],
    (7, 1): [(7, 1, 0)],
    (28, 26): [(3, 1, 0)],
}


@pytest.mark.parametrize(("i", "o"), FIRST)
def test_what_people_use_comes_first(i: int, o: int) -> None:
    wanted = FIRST[i, o]
    assert [numbers[:3] for numbers in listed(input=(i,), output=(o,))][: len(wanted)] == wanted


def test_the_usual_ways_to_double() -> None:
    found = listed(input=12, output=24, transposed=True)
    assert found[:2] == [(4, 2, 1, 0), (2, 2, 0, 0)]
    assert (3, 2, 1, 1) in found


@given(st.integers(1, 60), st.integers(1, 60), st.booleans(), st.integers(1, 7), st.integers(1, 5), st.integers(0, 3))
def test_what_is_given_is_kept(i: int, o: int, transposed: bool, k: int, s: int, p: int) -> None:
    found = answer(input=(i,), output=(o,), transposed=transposed, kernel=k, stride=s, padding=p, limit=ALL)
    for way in found["solutions"]:
        assert (way["kernel"], way["stride"], way["padding"]) == ([k], [s], [p])
        if transposed:
            assert scattered(i, k, s, p, way["output_padding"][0])[0] == o
        else:
            assert windows(i, k, s, p, way["dilation"][0]) == o
    for axis in found.get("nearest", ()):
        for size in axis["inputs"]:
            assert answer(input=(size,), output=(o,), transposed=transposed, kernel=k, stride=s, padding=p)["count"]
        for size in axis["outputs"]:
            assert answer(input=(i,), output=(size,), transposed=transposed, kernel=k, stride=s, padding=p)["count"]


def test_rectangles() -> None:
    both = answer(input=(24, 30), output=(12, 15))
    assert both["solutions"][0]["command"] == "convviz conv -i 24x30 -k 3 -s 2 -p 1"
    uneven = answer(input=(24, 30), output=(12, 10), limit=ALL)
    assert uneven["solutions"][0]["stride"] == [2, 3]
    assert "rows " in uneven["solutions"][0]["reason"]
    for way in uneven["solutions"]:
        each = zip((24, 30), way["kernel"], way["stride"], way["padding"], way["dilation"], strict=True)
        assert [windows(*numbers) for numbers in each] == [12, 10]


def test_none() -> None:
    found = answer(input=12, output=23, transposed=True, kernel=4, stride=2, output_padding=0)
    assert (found["count"], found["solutions"]) == (0, [])
    assert found["nearest"] == [{"axis": "", "outputs": [22, 24], "inputs": []}]
    rows = answer(input=(24, 24), output=(12, 40))
    assert [(axis["axis"], axis["outputs"]) for axis in rows["nearest"]] == [("columns", [25])]
    assert answer(input=45, output=24, kernel=3, stride=2, padding=1)["nearest"][0]["inputs"] == [47, 48]


def test_large_sizes_are_answered_at_once() -> None:
    assert answer(input=10**6, output=1)["count"] > 0
    assert answer(input=1, output=10**6, transposed=True)["count"] > 0
    assert answer(input=10**6, output=10**6 // 2)["solutions"][0]["kernel"] == [3, 3]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"input": 0, "output": 3}, "input 0 is too small"),
        ({"input": 3, "output": 0}, "output 0 is not a size"),
        ({"input": 3, "output": 2.5}, "output 2.5 is not a size"),
        ({"input": 3, "output": True}, "output True is not a size"),
        ({"input": 3, "output": 3, "kernel": -1}, "kernel -1 is too small"),
        ({"input": 3, "output": 3, "output_padding": 1}, "belongs to a transposed convolution"),
        ({"input": 3, "output": 3, "limit": 0}, "limit 0 is not a number of ways"),
        ({"input": (3, 4, 5), "output": 3}, "has 3 values"),
    ],
)
def test_refusals(question: dict[str, Any], words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        answer(**question)


def said(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["solve", *words])
    return result.exit_code, result.output


@pytest.mark.parametrize("words", ["-i 24 --output 12", "--transposed -i 12 --output 24", "-i 9 -o 5 --1d"])
def test_the_commands_that_are_listed_make_the_size(words: str) -> None:
    exit_code, output = said(*words.split())
    assert exit_code == 0
    commands = [line.partition("  #")[0] for line in output.splitlines() if line.startswith("convviz ")]
    assert len(commands) == 10
    wanted = words.split()[words.split().index("--output" if "--output" in words else "-o") + 1]
    for command in commands:
        kind, *rest = shlex.split(command)[1:]
        explained = CliRunner().invoke(main, ["explain", kind, *rest, "--json"]).output
        assert set(json.loads(explained)["output"]) == {int(wanted)}


def test_the_command() -> None:
    assert "the first 2 of 38 (--limit shows more)" in said("-i", "24", "-o", "12", "--limit", "2")[1]
    assert "try --transposed" in said("-i", "24", "-o", "48")[1]
    _, output = said("-i", "24", "-o", "12", "-k", "4", "--json")
    assert {way["kernel"][0] for way in json.loads(output)["solutions"]} == {4}
    assert said("-i", "24x3", "-o", "12", "--1d") == (
        2,
        "Error: input 24x3 has two axes, but --1d makes one; give one number\n",
    )
    assert "--input" in said("-o", "12")[1]
    assert said("-i", "x", "-o", "3")[0] == 2
