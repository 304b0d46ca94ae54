"""The explorer's modules in JavaScript against Python: random layers, legal and illegal, must give equal answers."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

import pytest

from convviz.geometry.axis import ConvAxis
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.kernels import KERNEL_NAMES
from convviz.web.bundle import module_paths, parse
from tests import ROOT, VECTORS
from tests.profile import scaled
from tests.web import explorer_cases
from tests.web.explorer_cases import (
    NAMED,
    VIEW_NAMES,
    Case,
    answer,
    codes,
    examples,
    layers,
    linked_cells,
    links,
    paces,
    said,
    scenes,
)

WEB = ROOT / "convviz" / "web"
UNIT_TESTS = sorted((Path(__file__).parent / "js").glob("explorer_*.test.mjs"))
SWEEP = Path("tests") / "web" / "js" / "explorer_sweep.mjs"
ENTRIES = (
    *("views/registry.js", "explorer/links.js", "explorer/keyboard_nav.js", "explorer/link_outlines.js"),
    *("analysis/diagnostics.js", "text/formulas.js", "frameworks/codegen/generate.js", "explorer/state.js"),
    "text/notation.js",
)
EXPECTED = json.loads((VECTORS / "explorer.json").read_text(encoding="utf-8"))

MOST_BYTES = 58_000
TWINS = sorted({path for entry in ENTRIES for path in module_paths(entry) if not path.startswith("player/")})
"""All that is computed without a page, but for what the player has too."""


def started(*words: str, stdin: IO[bytes] | int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Node at work; fails where there is none."""
    executable = shutil.which("node")
    if not executable:
        pytest.fail("these tests need Node; install Node.js 18 or newer from your packages or from nodejs.org")
    pipe = subprocess.PIPE
    return subprocess.Popen([executable, *words], stdin=stdin, stdout=pipe, stderr=pipe, encoding="utf-8")


def node(*words: str, text: str = "") -> str:
    """What Node prints; fails where it finds fault."""
    process = started(*words)
    printed, complaints = process.communicate(text)
    assert process.returncode == 0, printed[-3000:] + complaints[-3000:]
    return printed


def asked(cases: list[Case], root: Path = ROOT) -> list[Any]:
    """What the modules below `root` answer, from one process for all cases."""
    answers = node(str(root / SWEEP), text="".join(f"{json.dumps(case)}\n" for case in cases)).splitlines()
    assert len(answers) == len(cases)
    return [json.loads(line) for line in answers]


def differences(cases: list[Case], answers: list[Any] | None = None) -> list[str]:
    """Cases whose answers differ, and where; `answers` are Python's, if they are known."""
    found = zip(cases, asked(cases), answers or map(answer, cases), strict=True)
    return [f"{json.dumps(case)}: {place(js, python)}" for case, js, python in found if js != python]


def place(js: Any, python: Any, path: str = "") -> str:
    """Where two answers differ first."""
    if isinstance(js, dict) and isinstance(python, dict) and js.keys() == python.keys():
        keys: Iterable[Any] = js
    elif isinstance(js, list) and isinstance(python, list) and len(js) == len(python):
        keys = range(len(js))
    else:
        return f"{path}: {str(js)[:200]} instead of {str(python)[:200]}"
    return next(place(js[key], python[key], f"{path}/{key}") for key in keys if js[key] != python[key])


def test_sizes_formulas_diagnostics_windows_and_refusals() -> None:
    cases = list(layers(scaled(3200), seed=11))
    answers = [answer(case) for case in cases]
    assert differences(cases, answers) == []
    refused = Counter(re.sub(r"[\d.]+|'.*?'", "#", found.get("error", ["", ""])[1])[:40] for found in answers)
    assert len(refused) > 40
    assert scaled(800) < refused[""] < scaled(3200)
    assert {case["kind"] for case in cases} == {"conv", "transposed"}


def test_whole_scenes() -> None:
    cases = list(scenes(scaled(660), seed=12))
    answers = [answer(case) for case in cases]
    assert differences(cases, answers) == []
    shown = Counter((case["view"], "error" in found) for case, found in zip(cases, answers, strict=True))
    assert all(shown[view, False] >= scaled(60) for view in VIEW_NAMES)
    assert sum(case["numbers"] is None for case in cases) >= scaled(30)
    assert sum((case["numbers"] or {}).get("visible") is False for case in cases) >= scaled(30)
    assert sum("x" in (case["numbers"] or {}) for case in cases) >= scaled(100)


def test_whole_stories() -> None:
    """Moments, products, the pace and the glides, as `animate` makes them."""
    cases = list(scenes(scaled(480), seed=22, story=True))
    answers = [answer(case) for case in cases]
    assert differences(cases, answers) == []
    told = [found["value"] for found in answers if "value" in found]
    assert sum(len(scene["moments"]) == 4 for scene in told) >= scaled(40)
    frames = [frame for scene in told for frame in scene["frames"]]
    assert sum(any(change["cell"]["note"] for change in frame["changes"]) for frame in frames) >= scaled(200)
    assert sum(frame["motion"] > 0 for frame in frames) >= scaled(2000)


def test_the_pace_of_stories_of_any_length() -> None:
    assert differences(list(paces(scaled(200), seed=23))) == []


def test_a_frame_alone_is_that_of_the_whole_scene() -> None:
    assert differences(list(scenes(scaled(300), seed=13, ask="frame"))) == []


def test_linked_cells() -> None:
    cases = list(links(scaled(400), seed=14))
    assert len(cases) >= scaled(150)
    assert differences(cases) == []


def test_linked_cells_of_every_view() -> None:
    """Against loops over all windows and all stamps; most cells are linked to others, some to none, some not there."""
    cases, answers = answered("linked cells")
    assert differences(cases, answers) == []
    assert all(count >= scaled(100) for count in Counter(case["view"] for case in cases).values())
    sizes = Counter(min(len(cells or []), 2) for found in answers for cells in found["value"])
    assert sizes[0] > scaled(100)
    assert sizes[1] > scaled(300)
    assert sizes[2] > scaled(4000)
    assert any(len(case["given"]["kernel"]) == 1 for case in cases if isinstance(case["given"]["kernel"], list))


def test_layers_as_code() -> None:
    cases = list(codes(scaled(2500), seed=20))
    answers = [answer(case) for case in cases]
    assert differences(cases, answers) == []
    written = [found.get("value", {}) for found in answers]
    lines = Counter(line[:24] for texts in written for text in texts.values() for line in text.splitlines())
    known = ("# Conv2d pads both sides", "# ConvTranspose2d cannot", "# Keras refuses strides ")
    assert all(lines[part] >= scaled(40) for part in known), lines
    assert sum("F.pad" in text for texts in written for text in texts.values()) >= scaled(100)


def test_values_examples_and_kernels_by_name() -> None:
    assert sorted(NAMED) == KERNEL_NAMES
    assert differences(list(examples(seed=15))) == []


WRONG_VALUES: list[Case] = [
    {"x": [[1, 2], [3, 4]]},
    {"x": [[1, 2, 3], [4, 5], [6, 7, 8]]},
    {"w": [[1, 2, 3]]},
    {"w": [1, 2]},
    {"w": [[1, 2], [3]]},
    {"w": "sobel-x"},
    {"w": "sobel"},
]


@pytest.mark.parametrize("values", WRONG_VALUES, ids=str)
def test_values_of_another_shape(values: Case) -> None:
    case = {"ask": "scene", "kind": "conv", "given": {"input": 3, "kernel": 2}}
    case |= {"view": "slide", "timing": {"step": 600, "hold": 2000}}
    assert "error" in answer(case | {"numbers": values})
    assert differences([case | {"numbers": values}]) == []


def test_gradients_of_another_shape() -> None:
    case = {"ask": "scene", "kind": "conv", "given": {"input": 3, "kernel": 2}, "view": "backward"}
    cases = [case | {"numbers": {"dy": dy}, "timing": {}} for dy in ([[1, 2], [3, 4], [5, 6]], [1, 2])]
    assert all("the output is 2×2; give 2×2 numbers" in answer(one)["error"][1] for one in cases)
    assert differences(cases) == []


def test_a_number_beyond_what_decimals_hold_exactly_is_said_to_be_too_large() -> None:
    case = {"ask": "layer", "kind": "conv", "given": {"input": 2**60, "kernel": 1}, "slidingWindows": False}
    assert differences([case]) == []


def test_a_convolution_refuses_output_padding() -> None:
    """`Conv` does not even take one; the page may be asked for it, and says what an axis says."""
    (found,) = asked([{"ask": "layer", "kind": "conv", "given": {"input": 5, "kernel": 3, "output_padding": 1}}])
    with pytest.raises(ValueError, match="belongs to a transposed convolution") as error:
        ConvAxis(input=5, kernel=3, output_padding=1)
    assert found == {"error": ["GeometryError", str(error.value)]}


def test_a_convolution_cannot_be_asked_for_an_output() -> None:
    (found,) = asked([{"ask": "layer", "kind": "conv", "given": {"input": 5, "kernel": 3, "output": 3}}])
    assert "only a transposed convolution" in found["error"][1]
    with pytest.raises(TypeError):
        explorer_cases.layer_of("conv", {"input": 5, "kernel": 3, "output": 3})


def test_parameters_have_the_same_symbols_and_limits() -> None:
    listed = "import { PARAMETERS } from './geometry/parameters.js'; console.log(JSON.stringify(PARAMETERS))"
    script = listed.replace("./", f"{(WEB / 'js').as_uri()}/")
    found = json.loads(node("--input-type=module", "--eval", script))
    assert found == {name: {"symbol": facts.symbol, "minimum": facts.minimum} for name, facts in PARAMETERS.items()}


@pytest.mark.parametrize("case", EXPECTED["layers"], ids=lambda case: case["why"])
def test_vectors(case: Case) -> None:
    given = {name: case[name] for name in ("kind", "given", "view", "step") if name in case}
    expected = {name: value for name, value in case.items() if name not in (*given, "why", "numbers")}
    assert said(given | {"numbers": case.get("numbers")}) == expected


def test_vectors_of_values() -> None:
    for case in EXPECTED["values"]:
        assert explorer_cases.format_value(case["value"]) == case["text"], case["why"]


@pytest.mark.parametrize("file", UNIT_TESTS, ids=lambda path: path.name)
def test_in_node(file: Path) -> None:
    printed = node("--test", "--test-reporter=tap", str(file))
    passed = re.search(r"^# pass (\d+)$", printed, re.MULTILINE)
    assert passed, printed
    assert int(passed[1]) >= 4, printed


# A wrong twin is seen -------------------------------------------------------------------------------------------------

CODEGEN = "frameworks/codegen/"
SPOILERS = {
    "the flip": ("layers", "geometry/sliding_window.js", "this.flipped ? this.kernel - 1 - tap : tap", "tap"),
    "the crop": ("layers", "geometry/sliding_window.js", "Math.max(0, -this.before)", "0"),
    "the odd cell": (
        "codes",
        "geometry/padding.js",
        "[Math.floor(positive / 2), positive - Math.floor(positive / 2)]",
        "[Math.ceil(positive / 2), Math.floor(positive / 2)]",
    ),
    "the limit": ("codes", "geometry/axis.js", "axis.outputPadding < limit", "axis.outputPadding <= limit"),
    "the rounding": ("examples", "text/formatting.js", "if (!isTie || Number(mantissa[length - 1]) % 2)", "if (true)"),
    "the special steps": ("paces", "scene/pace.js", "const MOST_SPECIAL = 4", "const MOST_SPECIAL = 5"),
    "the quick steps": ("paces", "scene/pace.js", "const MOST_QUICK_FRAMES = 250", "const MOST_QUICK_FRAMES = 251"),
    "the question mark": ("stories", "scene/timing.js", "right: UNKNOWN", "right: caption.right"),
    "the factors": ("stories", "views/products.js", "map(formatFactor).join", "join"),
    "the special rows": ("stories", "views/story.js", "(row) => row * columns", "(row) => row"),
    "the glide": ("stories", "scene/timing.js", "Math.floor(duration / 3)", "duration"),
    "the overlaps": ("stories", "views/scatter.js", "totals.textSoFar(place)", "totals.text(place)"),
    "the bias": ("scenes", "layers/ops.js", "this.#products(output) + (this.bias ?? 0)", "this.#products(output)"),
    "the output padding of PyTorch": (
        "codes",
        CODEGEN + "torch.js",
        "before - after < limit",
        "before - after <= limit",
    ),
    "the slice of PyTorch": ("codes", CODEGEN + "torch.js", "Math.max(after - before, 0)", "Math.max(after, 0)"),
    "the zeros that Keras appends": ("codes", CODEGEN + "keras.js", "Math.max(stride - effectiveKernel, 0)", "0"),
    "the crop of Keras": (
        "codes",
        CODEGEN + "keras.js",
        "[before, Math.max(after, 0)]",
        "[before, Math.max(after, 1)]",
    ),
    "the borders of JAX": ("codes", CODEGEN + "jax.js", "effectiveKernel - 1 - side", "effectiveKernel - side"),
    "the padding by name": ("codes", CODEGEN + "text.js", "after - outputPadding", "after"),
    "the links": ("links", "explorer/link_scatter.js", "kernel: slidingWindow.kernelIndex(tap)", "kernel: tap"),
    "the stamps": (
        "linked cells",
        "explorer/link_scatter.js",
        "place: full, tap: kernel",
        "place: full, place: kernel",
    ),
    "the copies": ("linked cells", "explorer/links.js", "if (!isCopy)", "if (true)"),
    "the inner line": ("linked cells", "explorer/link_panels.js", "position >= offset &&", "position > offset &&"),
    "the lane": ("linked cells", "explorer/link_panels.js", "taps[slidingWindow.kernelIndex(weight)]", "taps[weight]"),
    "the zeros of a matrix": ("linked cells", "explorer/links.js", "return isZero ? entries", "return false ? entries"),
    "the bar": (
        "linked cells",
        "explorer/link_counts.js",
        "[`bars${kernel}`]: [[0], [index.at(-1)]]",
        "[`bars${kernel}`]: [[0], [index[0]]]",
    ),
    "the stamps that meet": ("stories", "views/backward_input.js", "rank(one) > rank(best)", "rank(one) >= rank(best)"),
    "the fold": ("stories", "layers/gradients.js", "other === axis ? source : at", "at"),
    "the places of a weight": (
        "stories",
        "views/backward_weight.js",
        "source ? back.x(source) : ZERO",
        "back.x(place)",
    ),
    "the place of padding": (
        "linked cells",
        "explorer/link_backward.js",
        "if (other && !isLinked(found))",
        "if (false)",
    ),
    "the flipped weight": ("linked cells", "explorer/link_backward.js", "range(size).reverse()", "range(size)"),
    "the cells on their way": ("linked cells", "explorer/link_panels.js", "cells[row * width].row", "cells[row].row"),
}


SWEEPS: dict[str, Callable[[], Iterator[Case]]] = {
    "codes": lambda: codes(250, seed=21),
    "links": lambda: links(60, seed=18),
    "layers": lambda: layers(250, seed=16),
    "linked cells": lambda: linked_cells(scaled(1600), seed=20),
    "scenes": lambda: scenes(24, seed=17),
    "stories": lambda: scenes(150, seed=24, story=True),
    "paces": lambda: paces(40, seed=25),
    "examples": lambda: examples(seed=19),
}


@cache
def cases_of(sweep: str) -> list[Case]:
    return list(SWEEPS[sweep]())


@cache
def answer_to(sweep: str, number: int) -> Any:
    """Python's answer to a case of a sweep, which several tests may need."""
    return answer(cases_of(sweep)[number])


def answered(sweep: str) -> tuple[list[Case], list[Any]]:
    """Cases of a sweep and Python's answers."""
    return cases_of(sweep), [answer_to(sweep, number) for number in range(len(cases_of(sweep)))]


def first_difference(sweep: str, root: Path) -> int | None:
    """The number of the first case that the modules below `root` answer differently; None if they answer all alike."""
    questions = root / "questions.jsonl"
    questions.write_text("".join(f"{json.dumps(case)}\n" for case in cases_of(sweep)), encoding="utf-8")
    with questions.open("rb") as asked, started(str(root / SWEEP), stdin=asked) as process:
        assert process.stdout
        for number in range(len(cases_of(sweep))):
            line = process.stdout.readline()
            assert line, f"no answer to {json.dumps(cases_of(sweep)[number])}"
            if json.loads(line) != answer_to(sweep, number):
                process.kill()
                return number
    return None


@pytest.fixture(scope="module")
def spoilable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with copies of all modules."""
    folder = tmp_path_factory.mktemp("spoilable")
    shutil.copytree(WEB / "js", folder / "convviz" / "web" / "js")
    shutil.copytree((ROOT / SWEEP).parent, (folder / SWEEP).parent)
    return folder


@pytest.mark.parametrize("wrong", SPOILERS)
def test_a_wrong_twin_is_seen(wrong: str, spoilable: Path) -> None:
    sweep, name, right, spoilt = SPOILERS[wrong]
    file = spoilable / "convviz" / "web" / "js" / name
    source = file.read_text(encoding="utf-8")
    assert source.count(right) == 1
    file.write_text(source.replace(right, spoilt), encoding="utf-8")
    try:
        assert first_difference(sweep, spoilable) is not None
    finally:
        file.write_text(source, encoding="utf-8")


# The files ------------------------------------------------------------------------------------------------------------


def source(path: str) -> str:
    return (WEB / "js" / path).read_text(encoding="utf-8")


def test_they_are_small() -> None:
    parts = [part for path in TWINS for part in parse(path, source(path)).parts]
    texts = "".join(part if isinstance(part, str) else part.name for part in parts)
    compressed = len(gzip.compress(texts.encode(), 9, mtime=0))
    assert compressed <= MOST_BYTES, f"{compressed} bytes"


@pytest.mark.parametrize("path", TWINS)
def test_they_are_pure_and_readable(path: str) -> None:
    text = source(path)
    assert not re.search(r"\b(window\.|globalThis|setTimeout|setInterval|fetch|Math\.random|Date|performance)\b", text)
    assert text.startswith("/** ")
    assert max(map(len, text.splitlines())) <= 120
    undocumented = re.findall(r"(?<!\*/)\n(export (?:async )?(?:function|class) \w+)", text)
    assert undocumented == []


def test_a_machine_without_node_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="install Node"):
        node("--version")
