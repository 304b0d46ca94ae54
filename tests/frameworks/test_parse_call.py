"""Code is read as data: what is understood, what is refused, and that nothing of it ever runs."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import ConvvizError, ReadingError
from convviz.frameworks.parse.call import Call, OpaqueCall, ShapedArray, Symbol, parse_call
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parser import parse_code
from convviz.frameworks.parse.syntax import FILENAME, MAX_CODE_LENGTH

CODE = [
    "nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1)",
    "self.up: nn.Module = nn.ConvTranspose2d(\n    64, 32,  # channels\n    3, stride=2,\n),",
    "F.conv_transpose2d(torch.randn(1, 64, 12, 12), torch.randn(64, 32, 3, 3), stride=2)",
    'layers.Conv2DTranspose(64, (3, 3), strides=2, padding="same", output_padding=0)(x)',
    "lax.conv_transpose(jnp.ones((1, 4, 4, 8)), w, (2, 2), [(1, 1), (0, 2)], transpose_kernel=True)",
    "nn.Conv(features=8, kernel_size=(3, 3), padding='CIRCULAR', kernel_init=nn.initializers.normal(0.02))",
    "x = nnx.ConvTranspose(3, 4, (3,), rngs=nnx.Rngs(0))",
    "(0): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)",
    "nn.Conv2d(3, 64, __import__('pathlib').Path('touched').touch())",
]


def test_a_call_is_its_name_and_its_values() -> None:
    found = parse_call("a.b.C(1, -2.5, 'same', (1, [2, 3]), None, True, k=2 * 3 + 1, name=ngf * 8, t=x[0])")
    assert found == Call(
        ("a", "b", "C"),
        (1, -2.5, "same", (1, (2, 3)), None, True),
        {"k": 7, "name": Symbol("ngf * 8"), "t": Symbol("x[0]")},
    )


def test_arrays_are_their_shape_and_initializers_are_not_looked_at() -> None:
    shapes = ["torch.randn(1, 2, 3)", "np.zeros((1, 2, 3))", "jnp.ones(shape=(1, 2, 3))", "torch.rand(size=[1, 2, 3])"]
    shapes += ["jax.random.normal(key, (1, 2, 3))", "torch.randn(1, 2, 3, device='cpu')"]
    for text in shapes:
        (array,) = parse_call(f"f({text})").positional
        assert array == ShapedArray((1, 2, 3), array.text)
    assert parse_call("f(torch.randn(n, 3))").positional == (OpaqueCall("torch.randn(n, 3)"),)
    assert parse_call("f(init=nn.init.normal_(w), o=RandomNormal(0.02))").named["o"] == OpaqueCall("RandomNormal(0.02)")


@pytest.mark.parametrize(
    "code",
    [
        "nn.C(1),",
        "self.a = nn.C(1)",
        "a: T = nn.C(1)",
        "return nn.C(1)",
        "  nn.C(\n1,\n)  # c",
        "(up): nn.C(1)",
        ">>> nn.C(1)",
        "model.add(nn.C(1))",
    ],
)
def test_the_call_is_found_where_programs_write_it(code: str) -> None:
    assert parse_call(code) == Call(("nn", "C"), (1,))


def test_what_a_layer_is_called_with_stands_apart() -> None:
    assert parse_call("nn.C(1)(x, output_size=(4, 4))") == Call(
        ("nn", "C"), (1,), {}, ((Symbol("x"),), {"output_size": (4, 4)})
    )


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "got no code"),
        ("# nothing", "got no code"),
        ("5", "expected a layer call"),
        ("nn.Conv2d", "expected a layer call"),
        ("nn.Conv2d(3", "is not valid Python: '(' was never closed"),
        ("a(1)\nb(2)", "expected one layer call, got 2 statements"),
        ("import torch", "got an import; nothing is imported"),
        ("from torch import nn", "got an import"),
        ("def f(): pass", "expected a layer call such as nn.Conv2d(3, 64, 3), got the statement"),
        ("return", "expected a layer call such as nn.Conv2d(3, 64, 3), got the statement"),
        ("f()()()", "expected the name of a layer"),
        ("(lambda: 0)()", "expected the name of a layer"),
        ("__import__('os').system('ls')", "expected the name of a layer"),
        ("f(__import__('os').system('ls'))", "expected a value, got a call"),
        ("f(os.system('ls'))", "got a call: os.system('ls'); code is not run"),
        ("f(torch.__class__(1))", "expected a value, got a call"),
        ("f(eval('1'))", "expected a value, got a call"),
        ("f(lambda: 1)", "got code (Lambda)"),
        ("f([a for a in b])", "got code (ListComp)"),
        ("f(a := 1)", "got code (NamedExpr)"),
        ("f(a.b()[0])", "got code (Subscript)"),
        ("f(*a)", "unpacks arguments with * or **"),
        ("f(**a)", "unpacks arguments with * or **"),
        ("f(2 ** 9)", "is not evaluated"),
        ("f(1 // 0)", "divides by zero"),
        ("f(1.5 + 1)", "is not evaluated"),
        ("f(10 ** 12 * 10)", "is not evaluated"),
        ("f(9999999999999)", "too large for a layer"),
        ("f(999999999999 * 999999999999)", "too large for a layer"),
        ("f(b'a')", "expected a number, a string or a tuple"),
        ("f(1j)", "expected a number, a string or a tuple"),
        ("f(...)", "expected a number, a string or a tuple"),
        ("f(a=1, a=2)", "a is given twice"),
        ("f(" + "[" * 60 + "]" * 60 + ")", "nested too deeply"),
        ("f(" + "-" * 2000 + "1)", ""),
        ("f(" + "(" * 3000, "is not valid Python"),
        ("f(1" + " " * MAX_CODE_LENGTH + ")", "expected one layer call of up to 4000 characters"),
        ("f(1)\x00", "is not valid Python"),
        ("f(" + "9" * 3900 + ")", ""),
        ("f('\ud800')(", "is not valid Python"),
        ("a." * 1900 + "b(1)", "no framework has the prefix 'a.a."),
        ("nn.Conv2d(" + "a" * 3900 + "=1)", "has no argument aaaa"),
        ("b" * 3900 + "(1)", "pooling, got bbbb"),
        ("nn.Conv2d(3, 4, (" + "1," * 1500 + "))", "kernel_size=(1, 1, 1"),
        ("nn.Conv2d(1" + "+1" * 1900 + ", 4, 3)", "nested too deeply"),
        ("nn.Conv2d(3, 4, x" + ".a" * 1900 + ")", "kernel_size=this"),
    ],
)
def test_what_is_no_layer_is_refused_in_a_sentence(code: str, says: str) -> None:
    with pytest.raises(ReadingError) as caught:
        parse_code(code)
    text = str(caught.value)
    assert says in text
    assert "understood so far: " in text
    assert "\n" not in text
    assert len(text) < 600


def test_what_was_understood_grows_with_the_reading() -> None:
    asked = ParseHints(input=8)
    for code, understood in {
        "nn.Conv2d(3": "nothing",
        "nn.Conv2d(3, open('x'))": "a call of nn.Conv2d",
        "nn.Konv2d(3, 4)": "a call of nn.Konv2d with 2 arguments",
        "nn.Conv2d(3, 4)": "PyTorch nn.Conv2d(in_channels=3, out_channels=4)",
        "nn.Conv2d(3, 4, 9)": "PyTorch nn.Conv2d(in_channels=3, out_channels=4, kernel_size=9)",
    }.items():
        with pytest.raises(ReadingError, match="understood so far") as caught:
            parse_code(code, asked)
        assert str(caught.value).endswith(f"; understood so far: {understood}")


EVENTS = ("exec", "import", "open", "os.system", "os.exec", "subprocess.Popen", "socket.connect")


class Watch:
    """Notes what Python does while it is on. Audit hooks stay for good, so there is one, which is mostly off."""

    on = False
    seen: list[str] = []  # noqa: RUF012

    @classmethod
    def hook(cls, event: str, arguments: tuple[object, ...]) -> None:
        """Python itself looks for a file of the code's name to show its line; there is none."""
        if cls.on and arguments[:1] != (FILENAME,) and event in EVENTS:
            cls.seen.append(event)


@pytest.fixture(scope="module")
def watch() -> Iterator[type[Watch]]:
    with pytest.raises(ReadingError):
        parse_code("nn.Conv2d(")
    sys.addaudithook(Watch.hook)
    yield Watch
    Watch.on = False


def attempt(code: str, watch: type[Watch]) -> None:
    """Read, with nothing but convviz's own error allowed."""
    watch.seen.clear()
    watch.on = True
    try:
        parse_code(code, ParseHints(input=9, weight=(4, 4, 3, 3)))
    except ConvvizError as error:
        lines = str(error).count("\n")
    else:
        lines = 0
    finally:
        watch.on = False
    assert lines == 0
    assert not watch.seen, (code, watch.seen)


def test_the_watch_sees_an_execution(watch: type[Watch], tmp_path: Path) -> None:
    watch.seen.clear()
    watch.on = True
    eval("1 + 1")
    (tmp_path / "touched").write_text("")
    watch.on = False
    assert {"exec", "open"} <= set(watch.seen)


PIECES = [
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "*",
    "**",
    ".",
    "'",
    '"',
    ":",
    "\n",
    "#",
    "-",
    "9" * 30,
    "lambda:",
    "\\",
    "\x00",
]
PIECES += [
    "__import__('os').system('touch touched')",
    "exec('1')",
    "eval",
    "None",
    "True",
    "1e400",
    "é",
    "\ud800",
    "x[0]",
]
PIECES += [
    "f'{open(1)}'",
    "(yield)",
    "await x",
    "int",
    "{}",
    "...",
    "@",
    "%",
    "~",
    "not ",
    "if ",
    "import os",
    ";",
    "😀",
]


@pytest.mark.parametrize("part", range(8))
def test_thousands_of_damaged_lines_do_no_harm(
    part: int, watch: type[Watch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dice = random.Random(part)
    for _ in range(750):
        code = dice.choice(CODE)
        for _ in range(dice.randint(1, 6)):
            place, length = dice.randrange(len(code) + 1), dice.choice([0, 0, 1, 1, 3, 10])
            other = dice.choice([*PIECES, dice.choice(CODE)])
            code = code[:place] + dice.choice(["", other, chr(dice.randrange(32, 127))]) + code[place + length :]
        attempt(code, watch)
    assert not list(tmp_path.iterdir())


@given(st.text(max_size=80))
def test_no_text_at_all_does_harm(watch: type[Watch], text: str) -> None:
    attempt(text, watch)
    attempt(f"nn.Conv2d({text})", watch)


numbers = st.one_of(st.integers(-3, 9), st.tuples(st.integers(-2, 5), st.integers(-2, 5)), st.floats(), st.none())


@given(st.lists(numbers, max_size=12), st.sampled_from(["nn.Conv2d", "nn.ConvTranspose2d", "F.max_pool2d", "Conv2D"]))
def test_no_values_do_harm(watch: type[Watch], values: list[object], name: str) -> None:
    attempt(f"{name}({', '.join(map(repr, values))})", watch)
