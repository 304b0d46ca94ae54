"""Every file says how it was made, and the command that it keeps makes it again."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from PIL import Image

from convviz import AvgPool, Conv, ConvTranspose, ExportError, MaxPool, __version__, animate
from convviz.animation.alt_text import alt_text
from convviz.animation.input_values import InputValues
from convviz.animation.options import PictureOptions
from convviz.animation.provenance import picture_provenance
from convviz.cli.main import main
from convviz.export.formats import EXPORTERS
from convviz.export.metadata import read
from convviz.layers.layer import Layer
from convviz.recipes.request import make_stack, request
from tests.at_rest import AT_REST_WORDS
from tests.cli.test_cli import _in_a_folder_of_its_own, drawn, run
from tests.profile import ALL, max_examples
from tests.strategies import layers

__all__ = ["_in_a_folder_of_its_own"]
PLAIN = PictureOptions(), InputValues()
ODD = [
    Conv((6, 9), (3, 2), (2, 1), ((0, 1), (1, 2))),
    Conv(24, 3, 2, "same"),
    Conv(5, 3, padding=1, padding_mode="reflect"),
    Conv((8,), (3,), padding=1),
    Conv((8,), (3,), padding=((0, 1),)),
    ConvTranspose(2, 3, 2, "same"),
    ConvTranspose(3, 3, 2, 1, 1, 1),
    ConvTranspose(3, 3, 2, 1, output=(6, 5)),
    MaxPool(5, 2, ceil_mode=True),
    AvgPool(5, 3, 2, 1, count_include_pad=False),
]


def parsed(words: tuple[str, ...]) -> Layer:
    """The layer that the command line makes of these words."""
    command = main.commands[words[0]]
    options = command.make_context(words[0], list(words[1:])).params
    made = request(words[0], options).layer
    assert isinstance(made, Layer)
    return made


@max_examples(300)
@given(layers())
def test_the_words_of_a_layer_make_that_layer(layer: Layer) -> None:
    assert parsed(picture_provenance([layer], False, *PLAIN).arguments) == layer


@pytest.mark.parametrize("layer", ODD, ids=repr)
def test_odd_layers_too(layer: Layer) -> None:
    assert parsed(picture_provenance([layer], False, *PLAIN).arguments) == layer


def test_the_words_of_a_stack_make_its_layers() -> None:
    stacked = [Conv((16, 12), 3, 2, 1), ConvTranspose((8, 6), (4, 3), (2, 1), ((1, 0), (1, 1))), MaxPool((17, 6), 2)]
    words = picture_provenance(stacked, True, *PLAIN).arguments
    options = main.commands["stack"].make_context("stack", list(words[1:])).params
    assert make_stack(options["layers"], options) == stacked


COMMANDS = [
    "transposed -i 3 -k 3 -s 2 -p 1",
    "conv -i 6x9 -k 3x2 -s 2x1 -p 1x0 --theme dark --view scatter --frames 4",
    "conv -i 5 -k 3 -p same --padding-mode zeros --no-numbers --step 0.4 --hold 1.5 --loop 2",
    'conv --input-values "1,2,3;4,5,6;7,8,9" -k 2 --bias 2 --title "Three by three"',
    "conv -i 4 -k 3 --channels 3 --out-channels 2 --channel 1 --seed 7 --no-legend --no-bar",
    "conv -i 8 -k 3 --1d --scale 2 --transparent",
    "transposed -i 3 -s 2 --kernel-values bilinear --view upsample",
    "maxpool -i 5 -k 2 --ceil-mode --bare",
    'stack "conv k3 s2 p1" "conv k3" -i 8 --view isometric',
    "preset dilation --frames 3",
]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_in_a_file_makes_the_same_bytes_again(line: str) -> None:
    small = [] if "--scale" in line else ["--size", "640x360"]
    small += [] if line == COMMANDS[0] else AT_REST_WORDS
    drawn(*shlex.split(line), *small, "-o", "first.gif")
    found = json.loads(drawn("info", "--json", "first.gif").output)
    assert found["convviz"] == __version__
    drawn(*shlex.split(found["command"])[1:], "-o", "again.gif")
    assert Path("again.gif").read_bytes() == Path("first.gif").read_bytes()


@pytest.mark.parametrize("suffix", sorted(EXPORTERS))
def test_every_format_keeps_it(suffix: str) -> None:
    name = "frames/" if suffix == "/" else f"a{suffix}"
    drawn("conv", "-i", "3", "-k", "2", "--title", 'Größe <&> "it\'s" ; = # \\', "--size", "640x360", "-o", name)
    found = read(Path(name))
    assert shlex.split(found["command"])[1:3] == ["conv", "-i"]
    assert 'Größe <&> "it\'s" ; = # \\' in shlex.split(found["command"])
    assert found["parameters"]["output"] == [2, 2]
    assert found["parameters"]["kind"] == "conv"
    said = run("info", name).output
    assert said.startswith("convviz conv -i 3 -k 2")
    assert f"made by convviz {__version__}" in said


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_still_says_which_frame_it_is(suffix: str) -> None:
    drawn("conv", "-i", "4", "-k", "2", "--frame", "last", "--size", "640x360", "-o", f"a{suffix}")
    assert read(Path(f"a{suffix}"))["command"].endswith("--frame last")
    drawn("conv", "-i", "4", "-k", "2", "--filmstrip", "3", "-o", f"b{suffix}")
    assert read(Path(f"b{suffix}"))["command"].endswith("--filmstrip 3")


def test_no_path_and_no_name_of_the_machine_goes_into_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "secret-folder"
    folder.mkdir()
    np.save(folder / "x.npy", np.arange(9).reshape(3, 3))
    Image.effect_mandelbrot((30, 20), (-2, -1, 1, 1), 20).save(folder / "photo.png")
    (folder / "own.toml").write_text('background = "#fffff0"\n')
    drawn("conv", "--input-values", str(folder / "x.npy"), "-k", "2", "-o", str(folder / "a.html"), "-o", "b.pdf")
    drawn(
        "conv",
        "--image",
        str(folder / "photo.png"),
        "--theme",
        str(folder / "own.toml"),
        "-o",
        "c.gif",
        "--frames",
        "2",
    )
    for name in (folder / "a.html", "b.pdf", "c.gif"):
        assert b"secret-folder" not in Path(name).read_bytes()
    assert "--input-values x.npy" in read(folder / "a.html")["command"]
    assert "--image photo.png --pixels 40" in read(Path("c.gif"))["command"]
    assert "--theme own.toml" in read(Path("c.gif"))["command"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("foreign.gif", None),
        ("empty", b""),
        ("text.html", b"<!doctype html><p>hello"),
        ("broken.png", b"\x89PNG\r\n\x1a\n broken"),
        ("some.zip", b"PK\x05\x06" + bytes(18)),
        ("broken.zip", b"PK broken"),
        ("broken.mp4", b"\0\0\0\x18ftypisom broken"),
        ("drawing.svg", b'<svg><metadata id="convviz">[1]</metadata></svg>'),
    ],
)
def test_a_file_that_does_not_say_is_refused_in_one_sentence(name: str, data: bytes | None) -> None:
    if data is None:
        Image.new("P", (8, 8)).save(name)
    else:
        Path(name).write_bytes(data)
    result = run("info", name)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    reasons = ("does not say how it was made", "cannot be read as a picture", f"ffmpeg cannot read {name}: ")
    assert any(reason in result.stderr for reason in reasons)


def test_a_file_that_is_not_there() -> None:
    assert "cannot read nowhere.gif: No such file" in run("info", "nowhere.gif").stderr
    with pytest.raises(ExportError):
        read(Path("nowhere"))


# Alt text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"layer": ConvTranspose(3, 3, 2, 1)},
            [
                "Animation in 25 steps of a transposed convolution",
                "a 3×3 kernel with stride 2 and padding 1 turns a 3×3 input into a 5×5 output",
                "z = 1 zero is inserted between neighbouring input cells, and the border is p′ = 1.",
                "It begins with y[0,0] = 3·8 = 24 and ends with y[4,4] = 2·8 = 16.",
            ],
        ),
        ({"layer": Conv((8,), (3,))}, ["an 8-cell input into a 6-cell output"]),
        ({"layer": Conv(11, 3, 1, 1, 2)}, ["an 11×11 input", "padding 1 and dilation 2"]),
        ({"layer": MaxPool(4, 2)}, ["max pooling: a 2×2 window"]),
        ({"layer": MaxPool(5, 3, 2, 1)}, ["padding 1 (−∞)"]),
        ({"layer": AvgPool(5, 3, 2, 1, False, False)}, ["padding 1 (not counted)"]),
        ({"layer": MaxPool(4, 2), "view": "scatter"}, ["each input cell goes to the output cells that read it"]),
        ({"layer": Conv(5, 3, 2), "view": "pair"}, ["The layer and its transpose: from 5×5 to 2×2 to 5×5. At first, "]),
        ({"layer": Conv(6, 3, 2), "view": "pair"}, ["from 6×6 to 2×2 to 6×6, with output padding 1."]),
        ({"layer": ConvTranspose(4, 2, 3, 2)}, ["and the border is p′ = −1, which crops."]),
        (
            {"layer": ConvTranspose(3, 3, 2), "view": "upsample"},
            ["nearest neighbour and a convolution that upsample by 2: 3×3 → 6×6"],
        ),
        ({"layer": Conv(4, 3), "view": "slide+matrix"}, ["The window slides over", "As a matrix: y = C x row by row"]),
        ({"layer": [Conv(8, 3), Conv(6, 3)]}, ["2 layers in a row, from an 8×8 input to a 4×4 output"]),
    ],
)
def test_alt_text_says_what_happens(options: dict[str, Any], said: list[str]) -> None:
    text = animate(**options).alt_text
    assert all(part in text for part in said), text
    assert "\n" not in text
    assert 100 < len(text) < 1200


@pytest.mark.parametrize(
    ("options", "starts", "ends"),
    [
        (["--frame", "first"], "Step 1 of 4 of a convolution: ", "Here, y[0,0] is not computed yet."),
        (["--frame", "3"], "Step 3 of 4 of a convolution: ", "Here, y[1,0] = 1·4 + 2·1 + 2·5 + 1·2 = 18."),
        (["--filmstrip", "3"], "3 frames of an animation in 4 steps of ", " and ends with y[1,1] = "),
    ],
)
def test_what_describes_a_still_describes_no_animation(options: list[str], starts: str, ends: str) -> None:
    """In the file, in the code that embeds it, and alone; with the size of the file."""
    command = ["conv", "-i", "3", "-k", "2", *options]
    alone = drawn(*command, "--alt").output.rstrip("\n")
    assert alone.startswith(starts)
    assert ends in alone
    report, code = drawn(*command, "--embed", "-o", "a.png").output.splitlines()
    with Image.open("a.png") as image:
        assert image.info["Description"] == alone
        width, height = image.size
    assert f'width="{width}" height="{height}"' in code
    assert f'alt="{alone}"' in code
    assert "s long" not in report


def test_a_single_step_is_told_once() -> None:
    assert animate(Conv(3, 3)).alt_text.endswith(
        "cell by cell. It ends with y[0,0] = 3·2 + 2·4 + 2·7 + 1·6 + 2·8 + 2·5 + 1·1 + 2·3 = 67."
    )


@max_examples(60)
@given(layers(5))
def test_every_layer_has_an_alt_text(layer: Layer) -> None:
    animation = animate(layer, numbers=False, max_frames=10**6)
    text = alt_text((layer,), "slide", animation.scene)
    assert text == animation.alt_text
    assert text.endswith(".")
    assert str(animation.scene.steps) in text


def test_the_command_says_it_and_draws_nothing_without_a_file() -> None:
    text = animate(Conv(5, 3)).alt_text
    assert drawn("conv", "-i", "5", "-k", "3", "--alt").output == f"{text}\n"
    assert not list(Path().iterdir())
    last = "Step 9 of 9 of a convolution: a 3×3 kernel"
    assert drawn("conv", "-i", "5", "-k", "3", "--alt", "--frame", "last").output.startswith(last)
    assert drawn("conv", "-i", "5", "-k", "3", "--alt", "-o", "a.gif").output.startswith(f"{text}\na.gif: ")


def test_alt_text_stands_in_pages_drawings_and_text_chunks() -> None:
    animation = animate(Conv(3, 2), size=(640, 360))
    assert animation.alt_text.replace("·", "·") in animation.save("a.html").read_text(encoding="utf-8")
    assert "<desc>Step " in animation.save("a.svg").read_text(encoding="utf-8")
    with Image.open(animation.save("a.png")) as image:
        assert image.info["Description"].startswith("Step ")
    with Image.open(animation.save("a.apng")) as image:
        image.load()
        assert image.info["Description"] == animation.alt_text


# The pipe

START = "from convviz.cli.main import main; main(prog_name='convviz')"


def piped(*words: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", START, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.mark.parametrize("format", ["gif", "png", "svg", "mp4", "html", "zip"])
def test_a_file_goes_through_a_pipe(format: str) -> None:
    """A pipe of the system for a picture and a video, and for the others in the complete run."""
    words = ["conv", "-i", "3", "-k", "2", "--size", "640x360", *AT_REST_WORDS]
    given = [*words, "-o", "-", "--format", format, "-o", "beside.png"]
    if ALL or format in ("gif", "mp4"):
        with piped(*given) as process:
            data, said = process.communicate()
        assert process.returncode == 0, said
    else:
        result = run(*given)
        assert result.exit_code == 0, result.output
        data, said = result.stdout_bytes, result.stderr_bytes or b""
    assert said.decode().startswith("beside.png: ")
    assert Path("beside.png").exists()
    drawn(*words, "-o", f"file.{format}")
    assert data == Path(f"file.{format}").read_bytes()


def test_a_pipe_whose_reader_is_gone_is_one_sentence_and_exit_code_2() -> None:
    with piped("conv", "-i", "6", "-k", "3", "-o", "-", "--format", "gif") as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        said = process.stderr.read().decode()
        assert process.wait() == 2
    assert said == "Error: the reader of the pipe is gone before all was written\n"


def test_a_pipe_needs_a_format() -> None:
    result = run("conv", "-o", "-")
    assert result.exit_code == 2
    assert "say what to write to the pipe: -o - --format gif" in result.stderr
