"""Code is read as data: what is understood, what is refused, and that nothing of it ever runs."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvvizError, ReadingError
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parser import parse_call, parse_code
from convviz.frameworks.parse.syntax import FILENAME, MAX_CODE_LENGTH
from convviz.frameworks.parse.values import OpaqueCall, ShapedArray, Symbol

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
        "nn.Conv2d(3, 4, 5),",
        "self.a = nn.Conv2d(3, 4, 5)",
        "a: T = nn.Conv2d(3, 4, 5)",
        "return nn.Conv2d(3, 4, 5)",
        "  nn.Conv2d(\n3, 4,\n5)  # c",
        "(up): nn.Conv2d(3, 4, 5)",
        ">>> nn.Conv2d(3, 4, 5)",
        "model.add(nn.Conv2d(3, 4, 5))",
        "self.ups.append(spectral_norm(nn.Conv2d(3, 4, 5)))",
        "norm_f(nn.Conv2d(3, 4, 5), dim=1)",
        "model += [norm(64), nn.Conv2d(3, 4, 5), nn.ReLU(True)]",
        "nn.Sequential(nn.Conv2d(3, 4, 5), nn.BatchNorm2d(4), nn.ReLU())",
        "x = torch.cat([F.relu(nn.Conv2d(3, 4, 5)(x)), skip], 1)",
        "self.a = nn.Conv2d(3, 4, 5) if deep else nn.Identity()",
        "nn.ModuleList([nn.Conv2d(3, 4, 5) for _ in range(3)])",
        "layers: list = {'up': nn.Conv2d(3, 4, 5)}",
    ],
)
def test_the_layer_is_found_where_programs_write_it(code: str) -> None:
    parsed = parse_code(code, ParseHints(9))
    assert (parsed.name, parsed.layer.kernel, parsed.in_channels) == ("nn.Conv2d", (5, 5), 3)


def test_of_several_layers_one_is_chosen() -> None:
    code = "nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 8, 5))"
    with pytest.raises(ReadingError, match=r"has 3 layers: 1 nn.Conv2d\(3, 4, 3\), 2 nn.MaxPool2d\(2\), 3 .*--node 1"):
        parse_code(code, ParseHints(9))
    assert parse_code(code, ParseHints(9), number="3").layer.kernel == (5, 5)
    with pytest.raises(ReadingError, match=r"has 3 layers: .*got '4'"):
        parse_code(code, ParseHints(9), number="4")
    with pytest.raises(ReadingError, match=r"has one layer, nn.Conv2d\(3, 4, 3\); leave --node out"):
        parse_code("nn.Conv2d(3, 4, 3)", number="2")
    with pytest.raises(ReadingError, match="has 2 layers"):
        parse_code("Conv2D(4, 3)(MaxPooling2D(2)(x))", ParseHints(9))
    beside = parse_code("Conv2D(512, 2)(UpSampling2D(2)(x))", ParseHints(9))
    assert beside.notes == ("UpSampling2D is not drawn: the sizes are those of Conv2D alone",)
    chomped = parse_code("F.relu(nn.Conv1d(3, 4, 3, padding=2)(x)[:, :, :-2])", ParseHints(9))
    assert chomped.notes == ("[:, :, :-2] is not drawn: the sizes are those of nn.Conv1d alone",)
    assert not parse_code("convs[0](nn.Conv1d(3, 4, 3)(x[:, :, 1:]))[0]", ParseHints(9)).notes


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 ** 9", 512),
        ("7 // 2 - 7 % 3 * -1", 4),
        ("int(64 * 5 / 2)", 160),
        ("int(ngf * mult / 2)", 48),
        ("max(1, 6, 3) + min(4, 5) + abs(-2)", 12),
        ("math.ceil(7 / 2) + math.floor(7 / 2) + round(2.5)", 9),
        ("len((3, 5, 7))", 3),
        ("k // 2 if d == 1 else d", 2),
        ("1 if p is None else p", 1),
        ("3 if not False else 5", 3),
        ("(k,) * 2", (5, 5)),
        ("((1, 2),) * 2", ((1, 2), (1, 2))),
        ("[1] + [2]", (1, 2)),
        ("(3, 5)[1]", 5),
        ("torch.Size([12, 16])", (12, 16)),
        ("tuple([3, 5])", (3, 5)),
        ("6 / 2", 3.0),
        ("sizes[i + 1]", 11),
        ("self.f(k, d=1)", 13),
        ("float(2)", 2.0),
    ],
)
def test_arithmetic_is_worked_out(expression: str, value: object) -> None:
    told = {"ngf": 32, "mult": 3, "k": 5, "d": 1, "p": None, "sizes[i+1]": 11, "self.f( k,d = 1 )": 13}
    (found,) = parse_call(f"f({expression})", told).positional
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "expression",
    [
        *("f(3)", "open('x')", "os.system('ls')", "torch.__class__(1)", "eval('1')", "lambda: 1", "[a for a in b]"),
        *("(a := 1)", "a.b()[0]", "b'a'", "1j", "...", "'a' * 3", "'a' + 'b'", "-'a'", "{1: 2}", "a @ b", "k < 3 < 4"),
        *("int('7')", "int()", "max('ab')", "len('ab')", "len(x)", "int(x, base=2)", "np.prod((2, 3))", "(3, 5)[7]"),
        *("1 if x else 2", "~3", "1 << 2", "(2,) + 1", "sorted([1])", "[*x]", "range(3)", "int(2.5, 3)"),
    ],
)
def test_other_code_is_unknown_and_is_not_run(expression: str) -> None:
    (found,) = parse_call(f"f({expression})").positional
    assert isinstance(found, Symbol | OpaqueCall)
    parsed = parse_code(f"nn.Conv2d(3, {expression}, 3)", ParseHints(9))
    assert parsed.layer.output == (7, 7)
    with pytest.raises(ReadingError, match="is unknown here"):
        parse_code(f"nn.Conv2d(3, 4, {expression})", ParseHints(9))


def test_what_is_told_in_vain_is_said() -> None:
    told = {"kk": 3, "stride": 2, "d": 2}
    parsed = parse_code("nn.Conv2d(3, 4, 3, stride=1, dilation=d)", ParseHints(9, variables=told))
    assert parsed.layer == Conv(9, 3, 1, dilation=2)
    assert parsed.notes == ("--let is not used for kk and stride, which the code has not or says itself",)


def test_what_is_unpacked_is_read_if_it_is_written_out() -> None:
    assert parse_call("f(*(3, 4), **{'k': 5}, **dict(s=2))") == Call(("f",), (3, 4), {"k": 5, "s": 2})
    assert parse_call("f(1, *a, 2, **b)") == Call(("f",), (1,), {}, None, ("*a", "2", "**b"))
    parsed = parse_code("nn.Conv2d(3, 4, 3, stride=2, **dd)", ParseHints(9))
    assert parsed.layer == Conv(9, 3, 2)
    assert parsed.notes == (
        "what **dd holds is unknown here; assuming padding=0, dilation=1, groups=1 (--let tells another)",
    )
    told = parse_code("nn.Conv2d(*args, **kwargs)", ParseHints(9, variables={"kernel_size": 5, "padding": 2}))
    assert told.layer == Conv(9, 5, padding=2)
    with pytest.raises(ReadingError, match=r"what \*args holds is unknown here; try --let kernel_size=3"):
        parse_code("nn.Conv2d(*args)", ParseHints(9))


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
        (
            "nn.Conv2d(3, 4, os.system('ls'))",
            "kernel_size=os.system('ls') is unknown here, expected a whole number or (rows, columns); "
            "code is not run, try --let kernel_size=3",
        ),
        ("nn.Conv2d(3, 4, eval('1'))", "code is not run, try --let kernel_size=3"),
        ("nn.Conv2d(3, 4, (lambda: 3)())", "code is not run, try --let kernel_size=3"),
        ("f(2 ** 999)", "2 ** 999 is too large for a layer"),
        ("f((1,) * 9999)", "is too large for a layer"),
        ("f(int(1e300))", "is too large for a layer"),
        ("nn.Conv2d(3, 4, " + "(" * 11 + "1" + ",) * 16" * 11 + ")", "is unknown here"),
        ("f(1.5 / 0)", "divides by zero"),
        ("f(1 // 0)", "divides by zero"),
        ("f(10 ** 12 * 10)", "is too large for a layer"),
        ("f(9999999999999)", "too large for a layer"),
        ("f(999999999999 * 999999999999)", "too large for a layer"),
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
        ("b" * 3900 + "(1)", "pooling of a framework, got bbbb"),
        ("nn.Conv2d(3, 4, (" + "1," * 1500 + "))", "kernel_size=(1, 1, 1"),
        ("nn.Conv2d(1" + "+1" * 1900 + ", 4, 3)", "nested too deeply"),
        ("nn.Conv2d(3, 4, x" + ".a" * 1900 + ")", "kernel_size=this"),
    ],
)
def test_what_is_no_layer_is_refused_in_a_sentence(code: str, says: str) -> None:
    with pytest.raises(ReadingError) as caught:
        parse_code(code, ParseHints(9))
    text = str(caught.value)
    assert says in text
    assert "understood so far: " in text
    assert "\n" not in text
    assert len(text) < 600


def test_what_was_understood_grows_with_the_reading() -> None:
    asked = ParseHints(input=8)
    for code, understood in {
        "nn.Conv2d(3": "nothing",
        "nn.Conv2d(3, 1 // 0)": "a call of nn.Conv2d",
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
