"""`convviz layer`: what it says, what it writes, and what it refuses."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from convviz.cli.main import main
from convviz.export.metadata import read as info_of
from convviz.layers import kernels
from convviz.recipes.drawing_commands import _variable, format_variable
from convviz.recipes.request import Request
from convviz.sphinx.command_line import parse_command
from tests.at_rest import AT_REST_WORDS
from tests.frameworks.onnx_models import up_and_down

UP = "nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1)"
SMALL = ["--size", "640x360", *AT_REST_WORDS]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str, input: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["layer", *words], prog_name="convviz", input=input)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def said(*words: str, input: str | None = None) -> str:
    result = run(*words, input=input)
    assert result.exit_code == 0, result.output
    assert not result.stderr
    return result.stdout


def refused(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 2
    assert not result.stdout
    (line,) = result.stderr.strip().split("\n")
    return line


def test_it_explains_and_says_how_to_draw(tmp_path: Path) -> None:
    text = said(UP, "-i", "12")
    assert text.startswith("PyTorch: nn.ConvTranspose2d(in_channels=64, out_channels=32, kernel_size=3, stride=2, ")
    assert "(N, 64, 12, 12) → (N, 32, 24, 24); weight (64, 32, 3, 3); bias (32)" in text
    assert "Transposed convolution: input 12×12 → output 24×24" in text
    assert not list(tmp_path.iterdir())
    command = text.strip().split("\n")[-1].removeprefix("Draw it: convviz layer ")
    assert said(*shlex.split(command.replace("-i 12", "-i 3")), *SMALL)
    assert (tmp_path / "layer.gif").exists()


@pytest.mark.parametrize(
    ("words", "input"),
    [
        (["nn.Conv2d(3, 64, 7, stride=2, padding=3)", "-i", "224"], (16, 16)),
        (["nn.Conv2d(3, 96, 11, 4)", "-i", "227"], (39, 39)),
        (["nn.ConvTranspose2d(3, 96, 4, 2, 1)", "-i", "14x20"], (8, 8)),
        (["nn.Conv1d(1, 512, 10, 5)", "-i", "16001"], (46,)),
        (["nn.Conv2d(3, 4, 3)(nn.ReflectionPad2d(1)(torch.zeros(1, 3, 256, 256)))"], (8, 8)),
        (["nn.Conv2d(3, 64, k, s)", "-i", "224", "--let", "k=3x5", "--let", "s=2"], (18, 20)),
        (["nn.Conv2d(3, 64, get(k), s)", "-i", "9", "--let", "get(k)=3", "--let", "s=2"], (9, 9)),
        (["nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2))", "-i", "500", "--node", "2"], (16, 16)),
        (["Conv(4, 3)", "-i", "9", "--framework", "jax"], (9,)),
        (["nn.Conv2d(1, 1, 3, padding=1, padding_mode=m)", "-i", "9", "--let", "m=reflect"], (9, 9)),
    ],
)
def test_the_command_to_draw_can_be_run(words: list[str], input: tuple[int, ...]) -> None:
    line = said(*words).strip().split("\n")[-1]
    convviz, layer, *printed = shlex.split(line.partition(": ")[2])
    assert (convviz, layer, printed[-2:]) == ("convviz", "layer", ["-o", "layer.gif"])
    request = made(*printed[:-2])
    assert not isinstance(request.layer, list)
    assert request.layer.input == input  # type: ignore[union-attr]
    assert request.animate().frames <= 1200


def test_what_is_too_large_for_any_picture_is_said() -> None:
    text = said("nn.Conv1d(1, 512, 400, 160)", "-i", "16000")
    assert text.strip().endswith("It is too large for a legible picture: an axis has 16000 cells.")


def test_it_draws_what_it_explains(tmp_path: Path) -> None:
    text = said(UP, "-i", "3", "-o", "up.gif", "-o", "up.png", *SMALL)
    assert "input 3×3 → output 6×6" in text
    assert "up.gif: " in text
    with Image.open("up.gif") as picture:
        assert (picture.size, picture.n_frames) == ((640, 360), 36)  # type: ignore[attr-defined]
    assert info_of(tmp_path / "up.png")["parameters"]["output"] == [6, 6]


def test_code_may_come_through_a_pipe() -> None:
    code = "    self.up = nn.ConvTranspose2d(\n        64, 32, 3,  # channels\n        stride=2, padding=1,\n    )\n"
    assert "output 5×5" in said("-", "-i", "3", input=code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("tf.nn.conv2d_transpose(x, tf.zeros((3, 3, 4, 8)), [1, 24, 24, 4], 2)", "output_shape chooses, here 24"),
        ("tf.layers.conv2d_transpose(x, 8, 5, 2, 'same')", "tf.layers has no output padding, and gives 24"),
        ("paddle.nn.Conv2DTranspose(3, 4, 3, 2, 1)", "output padding chooses: a = 0 gives 23, a = 1 gives 24"),
    ],
)
def test_what_chooses_the_output_size_is_that_of_the_framework(code: str, says: str) -> None:
    assert says in said(code, "-i", "12")


def test_json_is_for_programs() -> None:
    facts = json.loads(said("nn.ConvTranspose(4, (3, 3), strides=(2, 2))", "-i", "2", "--json"))
    assert (facts["framework"], facts["layer"], facts["kernel_turned"]) == ("Flax", "nn.ConvTranspose", True)
    assert (facts["kind"], facts["output"], facts["padding"]) == ("transposed", [4, 4], [[0, 1], [0, 1]])
    assert facts["shapes"]["weight"] == "(3, 3, C_in, 4)"


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ("k=3", 3),
        ("k=-1", -1),
        ("k=0.5", 0.5),
        ("k=3x5", (3, 5)),
        ("k = (3, 5)", (3, 5)),
        ("k=[3]", (3,)),
        ("k=((1, 2), (3, 4))", ((1, 2), (3, 4))),
        ("k=reflect", "reflect"),
        ("k='same'", "same"),
        ("k=True", True),
        ("k=None", None),
    ],
)
def test_a_value_is_told_as_python_or_the_command_line_writes_it(told: str, value: object) -> None:
    name, found = _variable(told, "")
    assert (name, found, type(found)) == ("k", value, type(value))
    assert _variable(format_variable(name, found), "") == (name, found)


@pytest.mark.parametrize("told", ["k", "k=", "=3", "k=a b", "k=f(x)", "k=;rm", "k=1,2;3", "k=(1,(2))", "k=" + "9" * 99])
def test_no_code_is_told(told: str) -> None:
    assert "is not a variable and its value" in refused("nn.Conv2d(3, 4, k)", "-i", "9", "--let", told)


def test_the_weight_and_the_framework_are_options() -> None:
    assert "output 9×9" in said("F.conv_transpose2d(x, w, stride=2)", "-i", "4", "--weight", "64,32,3,3")
    assert said("my.L.Conv2D(4, 3)", "-i", "4", "--framework", "keras").startswith("Keras")
    assert "--weight 64,32,3,3 -o layer.gif" in said("F.conv2d(x, w)", "-i", "4", "--weight", "(64, 32, 3, 3)")


def test_numbers_behind_names_are_options() -> None:
    text = said("nn.Conv2d(n, 2 * n, k, stride)", "-i", "9", "--let", "k=3", "--let", "stride = 2")
    assert "input 9×9 → output 4×4" in text
    assert "--let k=3 --let stride=2 -o layer.gif" in text
    assert "'k' is not a variable and its value, such as stride=2, k=3x5 or mode=reflect" in refused(
        "nn.Conv2d(3, 4, k)", "--let", "k"
    )


def made(*words: str) -> Request:
    return parse_command(["layer", *words], Path()).request()


def values(*words: str) -> dict[str, Any]:
    """The numbers that a picture would show."""
    return vars(made(*words).values)


def test_a_kernel_is_turned_where_the_framework_turns_it() -> None:
    kernel = ["--kernel-values", "1,2,3;4,5,6;7,8,9"]
    turned = values("nn.ConvTranspose(1, (3, 3))", "-i", "3", *kernel)["w"]
    assert turned.tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    plain = values("nn.ConvTranspose(1, (3, 3), transpose_kernel=True)", "-i", "3", *kernel)["w"]
    assert plain.tolist()[0] == [1, 2, 3]
    named = values("nn.ConvTranspose(1, (3, 3))", "-i", "3", "--kernel-values", "sobel-x")["w"]
    assert named.tolist() == [row[::-1] for row in kernels.named_kernel("sobel-x", (3, 3))[::-1]]


def test_values_and_channels(tmp_path: Path) -> None:
    said("nn.Conv2d(4, 2, 3, groups=2)", "-i", "4", "--channels", "4", "-o", "c.png", *SMALL)
    options = made("nn.Conv2d(4, 2, 3, groups=2)", "-i", "4", "--channels", "4").options
    assert (options.channels, options.groups) == ((4, 2), 2)
    assert made("nn.Conv2d(4, 2, 3, groups=2)", "-i", "4").options.channels is None
    assert "input 2×3" in said("nn.Conv2d(1, 1, 2)", "--input-values", "1,2,3;4,5,6")
    assert "input 3 " in said("nn.Conv1d(1, 1, 2)", "--input-values", "1,2,3")


@pytest.fixture
def model() -> str:
    return up_and_down(Path("model.onnx"))


def test_a_model_is_listed_and_its_nodes_are_drawn_with_their_weights(model: str) -> None:
    assert "/up/ConvTranspose" in said(model)
    up = json.loads(said(model, "-i", "12x16", "--json"))[2]
    assert (up["kind"], up["input"], up["output"]) == ("transposed", [1, 4, 6, 8], [1, 3, 12, 16])
    text = said(model, "--node", "y", "-o", "up.png", *SMALL)
    assert text.startswith("ONNX: ConvTranspose /up/ConvTranspose(strides=(2, 2))")
    assert "the kernel from channel 1 of 4 to channel 1 of 3:\n      0 1\n      2 3\n" in text
    assert values(model, "--node", "y", "--channel", "1")["w"].tolist() == [[4, 5], [6, 7]]
    assert values(model, "--node", "y", "--kernel-values", "1,1;1,1")["w"].tolist() == [[1, 1], [1, 1]]
    whole = values(model, "--node", "3", "--channels", "4")
    assert whole["w"].shape == (4, 3, 2, 2)
    assert "Draw it: convviz layer model.onnx --node y -o layer.gif" in said(model, "--node", "y")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nn.Conv2d(3, 4"], "is not valid Python"),
        (["import os"], "got an import"),
        (["nn.Conv2d(3, 4, __import__('os').system('touch touched'))", "-i", "5"], "code is not run"),
        (["nn.Conv2d(3, 4, 3)"], "the size of the input is unknown"),
        (["nn.Conv2d(3, 4, 3)", "-i", "2"], "kernel 3 does not fit"),
        (["nn.Conv2d(3, 4, 3)", "-i", "x"], "input 'x' is not a whole number"),
        (
            ["nn.Conv2d(3, 4, 3)", "-i", "5", "--node", "a"],
            "nn.Conv2d(3, 4, 3); leave --node out",
        ),
        (
            ["nn.Conv2d(3, 4, 3)", "-i", "5", "--framework", "caffe"],
            "(torch, keras, jax, tensorflow, paddle, mlx), got 'caffe'",
        ),
        (["F.conv2d(x, w)", "-i", "5", "--weight", "3,x"], "'3,x' is not the shape of an array"),
        (["missing.onnx"], "the model missing.onnx does not exist"),
    ],
)
def test_bad_input_is_one_line(words: list[str], says: str, tmp_path: Path) -> None:
    assert says in refused(*words)
    assert not list(tmp_path.iterdir())


def test_a_picture_that_cannot_be_is_refused_after_the_explanation() -> None:
    result = run("nn.MaxPool2d(2)", "-i", "4", "--kernel-values", "ones", "-o", "pool.png")
    assert result.exit_code == 2
    assert "a pooling has no kernel values and no bias; leave --kernel-values out" in result.stderr
    assert not Path("pool.png").exists()
    result = run("nn.Conv2d(3, 64, 3)", "-i", "572", "-o", "large.gif")
    assert result.exit_code == 2
    assert "output 570×570" in result.stdout


def test_pages_of_sphinx_may_ask_for_it() -> None:
    animation = parse_command(["layer", UP, "-i", "3"], Path()).request().animate()
    assert animation.scene.steps == 36


@pytest.mark.parametrize(
    ("code", "chooses"),
    [
        ("layers.Conv2DTranspose(64, 3, strides=2, padding='same')", "0 gives 23, 1 gives 24, and None gives 24"),
        (
            "layers.Conv2DTranspose(64, 3, strides=2, padding='same', output_padding=1)",
            "0 gives 23, 1 gives 24, and None gives 24",
        ),
        ("layers.Conv2DTranspose(64, 4, strides=2, padding='same')", "0 gives 22, 1 gives 23, and None gives 24"),
        (
            "layers.Conv2DTranspose(64, 2, strides=3, padding='valid')",
            "0 gives 35, 1 gives 36, 2 gives 37, and None gives 36",
        ),
        (
            "nn.ConvTranspose(features=8, kernel_size=(3, 3), strides=(2, 2))",
            "Flax has no output padding, and gives 24",
        ),
        ("nn.ConvTranspose2d(8, 8, 3, stride=2, padding=1)", "chooses: a = 0 gives 23, a = 1 gives 24"),
    ],
)
def test_output_padding_is_that_of_the_framework(code: str, chooses: str) -> None:
    """The sizes are those that Keras 3.15, Flax 0.12 and PyTorch 2.13 give for an input of 12."""
    (line,) = [line for line in said(code, "-i", "12").split("\n") if "ambiguous size" in line]
    assert line.endswith(chooses)
    assert "padding same maps 23 or 24 rows and columns to 12" in line or "same" not in code
