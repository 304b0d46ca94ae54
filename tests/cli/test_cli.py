"""The command line: its help is true, its last line is true, and bad input gives one line and exit code 2."""

from __future__ import annotations

import csv
import gc
import importlib.metadata
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import imageio_ffmpeg
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from pptx import Presentation

from convviz import __main__ as entry
from convviz import __version__, animate
from convviz.cli.main import main
from convviz.gallery.worker_pool import ExternalPool
from convviz.layers.layer import Layer
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from tests.at_rest import AT_REST, AT_REST_WORDS
from tests.frameworks.onnx_models import up_and_down
from tests.profile import ALL

SMALL = ["--size", "640x360", *AT_REST_WORDS]
START = "import sys; from convviz.cli.main import main; main(sys.argv[1:], prog_name='convviz')"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Names without a folder land in tmp_path; handlers that the command installs are put back."""
    handlers = {
        name: signal.getsignal(getattr(signal, name)) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
    }
    monkeypatch.chdir(tmp_path)
    yield
    for name, handler in handlers.items():
        signal.signal(getattr(signal, name), handler)


def run(*words: str) -> Result:
    """The command inside this process; what click does not catch fails the test."""
    result = CliRunner().invoke(main, words, prog_name="convviz")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def drawn(*words: str) -> Result:
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result


def start(*words: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, whose output is in that encoding."""
    command = [sys.executable, "-c", START, *words]
    env = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, capture_output=True, encoding=encoding, env=env, check=False)


def look(path: Path) -> tuple[tuple[int, int], float, int]:
    """Size in pixels, seconds and number of frames, as someone else reads them."""
    if path.suffix == ".gif":
        with Image.open(path) as image:
            durations = []
            for frame in range(image.n_frames):  # type: ignore[attr-defined]
                image.seek(frame)
                durations.append(image.info["duration"])
            return image.size, sum(durations) / 1000, len(durations)
    count, seconds = imageio_ffmpeg.count_frames_and_secs(path)
    program = imageio_ffmpeg.get_ffmpeg_exe()
    said = subprocess.run([program, "-i", path], capture_output=True, check=False).stderr.decode(errors="replace")
    size = re.search(r"Video: .*, (\d+)x(\d+)", said)
    assert size
    return (int(size[1]), int(size[2])), seconds, count


def shown(path: Path) -> bytes:
    """The last frame of a GIF, decoded."""
    with Image.open(path) as image:
        image.seek(image.n_frames - 1)  # type: ignore[attr-defined]
        return image.convert("RGB").tobytes()


def last_frame_of(layer: Any, **options: Any) -> bytes:
    from convviz.render.compositor import frame_stream

    stream = frame_stream(animate(layer, **{"size": (640, 360), **AT_REST} | options).display_list)
    for frame in stream.frames:
        pixels = frame.pixels
    return stream.palette[pixels].tobytes()


# help


def commands(group: click.Group = main, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command and group."""
    yield words
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name)


def examples() -> list[str]:
    """Every command line that a help page shows."""
    found = []
    for words in commands():
        page = CliRunner().invoke(main, [*words, "--help"], prog_name="convviz", terminal_width=100).output
        found += re.findall(r"^ *(?:Example: )?convviz (?!\[)(.+)$", page, re.MULTILINE)
    return list(dict.fromkeys(found))


def test_every_help_page_has_examples_and_exits_well() -> None:
    pages = list(commands())
    kinds = {"conv", "transposed", "maxpool", "avgpool"}
    wanted = (
        {(), ("explain",), ("code",), ("compare",)}
        | {(kind,) for kind in kinds}
        | {("explain", kind) for kind in kinds}
    )
    wanted |= {("code", kind) for kind in kinds} | {("compare", "conv"), ("compare", "transposed")}
    wanted |= {
        ("stack",),
        ("train",),
        ("preset",),
        ("views",),
        ("deck",),
        ("info",),
        ("explore",),
        ("layer",),
        ("solve",),
    }
    wanted |= {("gallery",), ("gallery", "build"), ("gallery", "check"), ("gallery", "site")}
    assert set(pages) == wanted
    assert len(pages) == len(wanted)
    for words in pages:
        for option in ("-h", "--help"):
            result = run(*words, option)
            assert result.exit_code == 0
            assert re.search(r"Examples?:\s+convviz ", result.output), words
    assert len(examples()) >= 20


GALLERIES = [example for example in examples() if example.startswith("gallery ")]


@pytest.mark.parametrize("example", GALLERIES)
def test_an_example_of_galleries_runs(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it does not build, all was built before; a thread stands for processes and for a cluster."""
    words = shlex.split(example)
    named = next((Path(word) for word in words[2:] if word.startswith("talk")), Path("gallery"))
    recipes = named if named.suffix else named / "recipes.toml"
    recipes.parent.mkdir(parents=True)
    both = '[stride-one]\nkind = "conv"\n[other-one]\nkind = "conv"\n'
    recipes.write_text(f'[defaults]\nsize = "640x360"\nframes = 2\n{both}')
    opened: list[Any] = []

    @contextmanager
    def thread(address_or_jobs: Any) -> Iterator[ExternalPool]:
        opened.append(address_or_jobs)
        with ThreadPoolExecutor(1) as pool:
            yield ExternalPool(pool)

    for name in ("open_local", "open_cluster"):
        monkeypatch.setattr(import_module("convviz.gallery.build"), name, thread)
    if words[1] != "build":
        drawn("gallery", "build", str(recipes))
        opened.clear()
    assert drawn(*words).output
    workers = words[-1] if "--scheduler" in words else int(words[-1]) if "--jobs" in words else None
    assert opened == ([] if words[1] == "site" else [workers])
    if words[1] == "site":
        site = Path(words[words.index("-o") + 1] if "-o" in words else "build/site")
        assert (site / "stride-one.gif").exists()
    else:
        assert len(list(recipes.parent.glob("*-one.gif"))) == (1 if "--only" in words else 2)


@pytest.mark.parametrize("example", [example for example in examples() if example not in GALLERIES])
def test_an_example_of_the_help_runs(example: str, tmp_path: Path) -> None:
    """Three frames stand for all, but for those of the complete run."""
    words = shlex.split(example)
    for word in words:
        if word.endswith(".csv"):
            Path(word).write_text("3,1,4,1,5\n9,2,6,5,3\n5,8,9,7,9\n3,2,3,8,4\n6,2,6,4,3\n")
        if word.endswith(".png"):
            Image.effect_mandelbrot((60, 40), (-2, -1, 1, 1), 20).save(word)
        if word.endswith(".onnx"):
            up_and_down(Path(word))
        if word.endswith(".pptx") and words[words.index(word) - 1] == "--template":
            Presentation().save(word)
        if word.endswith(".toml"):
            Path(word).write_text('[one]\nkind = "conv"\ninput = 3\nsize = "640x360"\nframes = 2\n')
    if words[0] == "info":
        drawn("conv", "-i", "3", *SMALL, "-o", words[-1])
    given = set(os.listdir())
    few = ("--frames", "3", *AT_REST_WORDS)
    all_frames = ALL or words[0] not in DRAWING_COMMANDS or "-o" not in words or "--frames" in words
    result = drawn(*words, *(() if all_frames else few))
    if words[0] in ("deck", "explore"):
        assert Path(words[-1]).stat().st_size > 1000
        return
    if words[0] == "compare":
        assert "torch" in result.output
        assert "-o" not in words or Path(words[-1]).stat().st_size > 10_000
        return
    if "-o" not in words:
        assert len(result.output.splitlines()) > 3
        return
    target = Path(words[words.index("-o") + 1])
    assert set(os.listdir()) - given == {str(target)}
    size, seconds, frames = look(target)
    assert size == (1280, 720)
    assert frames > 1
    assert seconds > 3


def test_the_inline_values_that_the_help_shows_run() -> None:
    quoted = re.search(r'inline, such as\s+"([^"]+)"', run("conv", "--help").output)
    assert quoted
    drawn("conv", "--input-values", quoted[1], "-k", "1", *SMALL)


def test_the_kinds_that_the_help_of_deck_shows_are_those_of_recipes() -> None:
    from convviz.recipes.recipe import TAKES

    page = " ".join(run("deck", "--help").output.split())
    named = re.search(r"long options of the commands ([a-z, ]+): \[", page)
    assert named
    assert set(re.split(r", | and ", named[1])) == set(TAKES)


@pytest.mark.parametrize("command", ["conv", "transposed"])
def test_the_kernel_names_that_the_help_shows_are_those_that_exist(command: str) -> None:
    from convviz.layers.kernels import KERNEL_NAMES

    page = " ".join(run(command, "--help").output.split())
    named = re.search(r"unless they are given: ((?:[a-z-]+, )+[a-z-]+)", page)
    assert named
    assert named[1].split(", ") == KERNEL_NAMES
    for name in KERNEL_NAMES:
        drawn(command, "-i", "4", "--kernel-values", name, *SMALL, "--frames", "1")


def test_the_names_that_the_help_shows_for_padding_and_modes_are_those_that_exist() -> None:
    from convviz.geometry.padding import PADDING_MODES, PADDING_RULES

    page = " ".join(run("conv", "--help").output.split())
    assert f"before,after or {', '.join(PADDING_RULES)} " in page
    assert f"--padding-mode MODE Content of the padding: {', '.join(PADDING_MODES)} " in page


DEFAULTS = {
    "conv": "-i 5 -k 3 -s 1 -p 0 -d 1 --padding-mode zeros --groups 1",
    "transposed": "-i 5 -k 3 -s 1 -p 0 -d 1 -a 0 --groups 1",
    "maxpool": "-i 5 -k 2 -s 2 -p 0 -d 1",
    "avgpool": "-i 5 -k 2 -s 2 -p 0 --count-include-pad",
}


@pytest.mark.parametrize("command", DEFAULTS)
def test_help_shows_every_default_that_is_used(command: str) -> None:
    page = " ".join(run(command, "--help").output.split())
    for text in ("[default: 1280x720]", "[default: 0.6]", "[default: 2.0]", "[default: light]", "[default: slide]"):
        assert text in page
    drawn(command, "-o", "short.gif")
    picture = "--size 1280x720 --step 0.6 --hold 2.0 --loop 0 --view slide --theme light --seed 0 --channel 0"
    drawn(command, *DEFAULTS[command].split(), *picture.split(), "-o", "long.gif")
    for word in re.findall(r"(--?[a-z-]+) ([^- ]\S*)", f"{DEFAULTS[command]} {picture}"):
        shown = {"-s": "k"}.get(word[0], word[1]) if "pool" in command else word[1]
        assert re.search(rf"{word[0]}\b[^[]*(\[default: if[^[]*)?\[default: {re.escape(shown)}\]", page), word
    assert Path("short.gif").read_bytes() == Path("long.gif").read_bytes()


def test_version() -> None:
    assert run("--version").output == f"convviz, version {__version__}\n"


CLICK_8_1 = importlib.metadata.version("click").startswith("8.1.")
"""A group without a command ends with exit code 0 in click 8.1, and with 2 from 8.2 on."""


def test_the_console_script_is_this_command() -> None:
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="convviz")
    assert script.load() in (entry.run, main), "main, where an older version is installed"


@pytest.mark.parametrize("words", [("nonsense",), ("conv", "--nonsense"), ("conv", "more"), ("explain",)])
def test_unknown_words_are_usage_errors(words: tuple[str, ...], tmp_path: Path) -> None:
    result = run(*words)
    prints_help = words == ("explain",) and CLICK_8_1
    assert result.exit_code == (0 if prints_help else 2)
    assert "Usage: convviz" in result.output
    assert not list(tmp_path.iterdir())


# drawing


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("transposed -i 3 -k 3 -s 2 -p 1", "transposed_i3_k3_s2_p1.gif"),
        ("conv", "conv_i5_k3_s1_p0.gif"),
        ("conv -i 4x5 -k 3x2 -s 1x2", "conv_i4x5_k3x2_s1x2_p0.gif"),
        ("conv -i 7 -d 2", "conv_i7_k3_s1_p0_d2.gif"),
        ("conv -i 7 -d 1x2", "conv_i7_k3_s1_p0_d1x2.gif"),
        ("transposed -i 2 -k 3 -s 2 -a 1", "transposed_i2_k3_s2_p0_a1.gif"),
        ("conv -i 4x4", "conv_i4_k3_s1_p0.gif"),
        ("conv -i 4 --theme dark", "conv_i4_k3_s1_p0_dark.gif"),
        ("conv --input-values 1,2;3,4 --kernel-values 1,1", "conv_i2_k1x2_s1_p0.gif"),
        ("conv --1d -i 8", "conv_i8_k3_s1_p0_1d.gif"),
        ("conv -p 1,2x0,1", "conv_i5_k3_s1_p1-2x0-1.gif"),
        ("conv -i 6 -s 2 -p same", "conv_i6_k3_s2_p0-1.gif"),
        ("conv -p 1 --padding-mode reflect", "conv_i5_k3_s1_p1_reflect.gif"),
        ("maxpool -i 6", "maxpool_i6_k2_s2_p0.gif"),
    ],
)
def test_without_a_name_the_file_is_called_after_the_parameters(words: str, name: str, tmp_path: Path) -> None:
    result = drawn(*words.split(), *SMALL)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert result.stdout.startswith(f"{tmp_path / name}: ")


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
@pytest.mark.parametrize("words", ["", "--step 0.1 --hold 0.5", "--frames 4", "--frames 1 --hold 1.5"])
def test_the_last_line_says_file_size_frames_and_seconds(words: str, suffix: str) -> None:
    target = Path(f"a{suffix}")
    result = drawn("conv", *SMALL, *words.split(), *AT_REST_WORDS, "-o", str(target))
    line = re.fullmatch(r"(.+): (\d+) kB, (\d+) frames?, ([\d.]+) s long, drawn in [\d.]+ s\n", result.stdout)
    assert line, result.stdout
    _, seconds, frames = look(target)
    assert line[1] == str(target)
    assert int(line[2]) == pytest.approx(target.stat().st_size / 1000, abs=0.51)
    assert float(line[4]) == pytest.approx(seconds, abs=0.051)
    assert int(line[3]) == (frames if suffix == ".gif" else int(words.split()[1]) if "--frames" in words else 9)


@pytest.mark.parametrize(("step", "hold"), [("0.5", "4"), ("1", "0"), ("0.02", "0.02")])
def test_step_and_hold_are_seconds(step: str, hold: str) -> None:
    drawn("conv", *SMALL, *AT_REST_WORDS, "--step", step, "--hold", hold, "-o", "a.gif")
    first, last = max(float(hold) / 2, float(step)), max(float(hold), float(step))
    assert look(Path("a.gif"))[1] == pytest.approx(first + 7 * float(step) + last, abs=0.02)


@pytest.mark.parametrize(("loop", "info"), [("0", 0), ("1", None), ("3", 2)])
def test_loop(loop: str, info: int | None) -> None:
    drawn("conv", "-i", "4", *SMALL, "--loop", loop, "-o", "a.gif")
    with Image.open("a.gif") as image:
        assert image.info.get("loop") == info


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_size_is_width_by_height(suffix: str) -> None:
    drawn("conv", "-i", "4", "--size", "642x362", "-o", f"a{suffix}")
    assert look(Path(f"a{suffix}"))[0] == (642, 362)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_theme_colours_the_picture(theme: str) -> None:
    drawn("conv", "-i", "4", *SMALL, "--theme", theme, "-o", "a.gif")
    with Image.open("a.gif") as image:
        corner = image.convert("RGB").getpixel((0, 0))
    assert corner == ((0x0E, 0x11, 0x16) if theme == "dark" else (255, 255, 255))


def test_seed_chooses_other_values() -> None:
    for seed in "001":
        drawn("conv", "-i", "4", *SMALL, "--seed", seed, "-o", f"{seed}.gif")
    drawn("conv", "-i", "4", *SMALL, "-o", "again.gif")
    assert Path("0.gif").read_bytes() == Path("again.gif").read_bytes() != Path("1.gif").read_bytes()


def test_numbers_that_do_not_fit_become_shades_by_default_and_are_refused_when_asked_for(tmp_path: Path) -> None:
    words = ("conv", "-i", "20", "-k", "3", "--frames", "3", *SMALL)
    for more in ((), ("--view", "scatter")):
        drawn(*words, *more, "-o", "default.gif")
        drawn(*words, *more, "--no-numbers", "-o", "without.gif")
        assert Path("default.gif").read_bytes() != Path("without.gif").read_bytes()
    check_refused(run(*words, "--numbers", "-o", "with.gif"), "numbers do not fit")
    assert not Path("with.gif").exists()


def test_numbers_that_fit_are_there_by_default_and_can_be_left_out() -> None:
    for name, words in {"default": [], "with": ["--numbers"], "without": ["--no-numbers"]}.items():
        drawn("conv", "-i", "4", *SMALL, *words, "-o", f"{name}.gif")
    assert Path("default.gif").read_bytes() == Path("with.gif").read_bytes() != Path("without.gif").read_bytes()


INPUT = np.array([[7, -2, 3, 9], [4, 0, 6, 1], [5, 8, 2, 3]])
KERNEL = np.array([[1, -3], [2, 4]])


def write_values(name: str, values: np.ndarray[Any, Any], kind: str) -> str:
    """The words that give `values` inline or as a file of that kind."""
    if kind == "inline":
        return ";".join(",".join(map(str, row)) for row in values.tolist())
    if kind == "inline with spaces":
        return " ; ".join(" ".join(map(str, row)) for row in values.tolist())
    path = Path(f"{name}.{kind[:3]}")
    if kind == "npy":
        np.save(path, values)
        return str(path)
    encoding, newline = ("utf-8-sig", "\r\n") if "Excel" in kind else ("utf-8", "\n")
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator=newline).writerows(values.tolist())
    return str(path)


@pytest.mark.parametrize("kind", ["inline", "inline with spaces", "npy", "csv", "csv from Excel"])
def test_sizes_follow_the_values_and_the_values_are_drawn(kind: str) -> None:
    from convviz import Conv

    words = ["--input-values", write_values("x", INPUT, kind), "--kernel-values", write_values("w", KERNEL, kind)]
    drawn("conv", *words, *SMALL, "-o", "a.gif")
    assert shown(Path("a.gif")) == last_frame_of(Conv((3, 4), (2, 2)), x=INPUT, w=KERNEL)
    assert shown(Path("a.gif")) != last_frame_of(Conv((3, 4), (2, 2)))


def test_a_size_given_with_values_must_agree_with_them() -> None:
    drawn("conv", "--input-values", "1,2;3,4", "-i", "2", "-k", "2", *SMALL, "-o", "a.gif")
    check_refused(run("conv", "--input-values", "1,2;3,4", "-i", "3", *SMALL, "-o", "b.gif"), "2×2")
    assert not Path("b.gif").exists()


def test_a_named_kernel_takes_the_size_given() -> None:
    from convviz import ConvTranspose

    tent = [[1 / 4, 3 / 4, 3 / 4, 1 / 4]]
    drawn("transposed", "-i", "2", "-k", "4", "-s", "2", "--kernel-values", "bilinear", *SMALL, "-o", "a.gif")
    assert shown(Path("a.gif")) == last_frame_of(ConvTranspose(2, 4, 2), w=np.array(tent) * np.array(tent).T)


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("transposed --kernel-values bilinear", "-k 4 -s 2 -p 1"),
        ("transposed --kernel-values bilinear -s 3", "-k 5 -s 3 -p 1"),
        ("transposed --kernel-values bilinear -s 4", "-k 8 -s 4 -p 2"),
        ("transposed --kernel-values bilinear -p 0", "-k 4 -s 2 -p 0"),
        ("transposed --kernel-values bilinear -k 6", "-k 6 -s 1 -p 0"),
        ("transposed --kernel-values nearest", "-k 2 -s 2 -p 0"),
        ("transposed --kernel-values nearest -s 3", "-k 3 -s 3 -p 0"),
        ("transposed --kernel-values nearest -s 3 -p 1", "-k 3 -s 3 -p 1"),
        ("transposed --kernel-values ones", "-k 3 -s 1 -p 0"),
        ("transposed --kernel-values ones -s 2 -k 4", "-k 4 -s 2 -p 0"),
        ("conv --kernel-values gaussian -s 2", "-k 3 -s 2 -p 0"),
        ("conv --kernel-values sobel-x", "-k 3 -s 1 -p 0"),
        ("conv --kernel-values box -k 4", "-k 4 -s 1 -p 0"),
        ("conv --kernel-values laplacian -p same", "-k 3 -s 1 -p same"),
        ("transposed --1d --kernel-values bilinear", "-k 4 -s 2 -p 1"),
        ("conv --1d --kernel-values gaussian", "-k 3 -s 1 -p 0"),
    ],
)
def test_a_named_kernel_picks_what_was_not_given(words: str, means: str) -> None:
    plain = [word for word in words.split() if not word.startswith("-") or word in ("--1d", "--kernel-values")]
    drawn(*words.split(), "-i", "4", *SMALL, "--frames", "3", "-o", "short.gif")
    name = words.split("--kernel-values ")[1].split(maxsplit=1)[0]
    line = "--1d" in plain
    long = [words.split(maxsplit=1)[0], *(["--1d"] if line else []), "--kernel-values", name, *means.split()]
    drawn(*long, "-i", "4", *SMALL, "--frames", "3", "-o", "long.gif")
    assert Path("short.gif").read_bytes() == Path("long.gif").read_bytes()


# options → layers


CASES: dict[str, Any] = {
    "conv -p 1": lambda c: c.Conv(5, 3, 1, 1),
    "conv -p 1x0": lambda c: c.Conv(5, 3, 1, ((1, 1), (0, 0))),
    "conv -p 1,2": lambda c: c.Conv(5, 3, 1, ((1, 2), (1, 2))),
    "conv -p 1,2x0,1": lambda c: c.Conv(5, 3, 1, ((1, 2), (0, 1))),
    "conv -p 1,2x0": lambda c: c.Conv(5, 3, 1, ((1, 2), (0, 0))),
    "conv -p 0x1,2": lambda c: c.Conv(5, 3, 1, ((0, 0), (1, 2))),
    "conv -p 1x1": lambda c: c.Conv(5, 3, 1, 1),
    "conv -i 6 -s 2 -p same": lambda c: c.Conv(6, 3, 2, "same"),
    "conv -i 6 -s 2 -p same_lower": lambda c: c.Conv(6, 3, 2, "same_lower"),
    "conv -p valid": lambda c: c.Conv(5, 3, 1, "valid"),
    "conv -p full": lambda c: c.Conv(5, 3, 1, "full"),
    "conv -p half": lambda c: c.Conv(5, 3, 1, "half"),
    "conv -p 1 --padding-mode reflect": lambda c: c.Conv(5, 3, 1, 1, 1, "reflect"),
    "conv -p 1,0 --padding-mode replicate": lambda c: c.Conv(5, 3, 1, ((1, 0),) * 2, 1, "replicate"),
    "conv -p same --padding-mode circular": lambda c: c.Conv(5, 3, 1, "same", 1, "circular"),
    "conv --1d": lambda c: c.Conv((5,), 3),
    "conv --1d -i 8 -k 3 -s 2 -p 1,2": lambda c: c.Conv((8,), 3, 2, ((1, 2),)),
    "conv --1d -p 1": lambda c: c.Conv((5,), 3, 1, 1),
    "conv --1d -p same": lambda c: c.Conv((5,), 3, 1, "same"),
    "transposed -p 1,2": lambda c: c.ConvTranspose(5, 3, 1, ((1, 2),) * 2),
    "transposed -i 3 -s 2 -p 1 --output-size 6": lambda c: c.ConvTranspose(3, 3, 2, 1, output=6),
    "transposed -i 3 -s 2 -p 1 --output-size 5x6": lambda c: c.ConvTranspose(3, 3, 2, 1, output=(5, 6)),
    "transposed -i 3 -s 2 -p same": lambda c: c.ConvTranspose(3, 3, 2, "same"),
    "transposed --1d -i 3 -s 2 --output-size 8": lambda c: c.ConvTranspose((3,), 3, 2, output=8),
    "transposed -i 2 -s 2 -a 1x0": lambda c: c.ConvTranspose(2, 3, 2, 0, 1, (1, 0)),
    "maxpool": lambda c: c.MaxPool(5, 2),
    "maxpool --ceil-mode": lambda c: c.MaxPool(5, 2, ceil_mode=True),
    "maxpool -k 3 -s 1 -p 1 -d 2": lambda c: c.MaxPool(5, 3, 1, 1, 2),
    "maxpool --1d -i 7 -k 3": lambda c: c.MaxPool((7,), 3),
    "maxpool -k 2x1": lambda c: c.MaxPool(5, (2, 1)),
    "avgpool": lambda c: c.AvgPool(5, 2),
    "avgpool -k 3 -s 2 -p 1": lambda c: c.AvgPool(5, 3, 2, 1),
    "avgpool -k 3 -s 2 -p 1 --no-count-include-pad": lambda c: c.AvgPool(5, 3, 2, 1, count_include_pad=False),
    "avgpool -i 6 -k 3 -s 2 -p 1 --ceil-mode": lambda c: c.AvgPool(6, 3, 2, 1, True),
}
"""Words, and the layer that they mean, made from the module of layers."""


@pytest.mark.parametrize("line", CASES)
def test_the_options_mean_this_layer(line: str) -> None:
    """The last frame is that of the layer made in Python, and `explain` says the same size."""
    import convviz as layers

    layer = CASES[line](layers)
    once = ("--numbers", "--frames", "1", "--seed", "3", "--size", "960x540", *AT_REST_WORDS)
    drawn(*line.split(), *once, "-o", "a.gif")
    assert shown(Path("a.gif")) == last_frame_of(layer, frames=1, seed=3, size=(960, 540))
    said = json.loads(drawn("explain", *line.split(), "--json").stdout)
    assert list(layer.output) in list(nested(said))


def test_different_layers_get_different_names(tmp_path: Path) -> None:
    import convviz as layers

    names: dict[str, Layer] = {}
    for line, make in CASES.items():
        layer = make(layers)
        said = drawn(*line.split(), *SMALL, "--frames", "1", "--no-numbers").stdout
        assert names.setdefault(said.split(": ")[0], layer) == layer, f"{line} overwrites another layer"
    assert {str(path) for path in tmp_path.iterdir()} == set(names)


def test_a_line_of_values_from_a_file_is_a_line_and_says_so(tmp_path: Path) -> None:
    """Refused with a hint at --1d, or drawn as --1d draws it: never a line under the name of a grid."""
    np.save("line.npy", np.arange(5))
    result = run("conv", "--input-values", "line.npy", *SMALL)
    if result.exit_code:
        check_refused(result, "--1d")
    else:
        assert [path.stem for path in tmp_path.glob("*.gif")] == ["conv_i5_k3_s1_p0_1d"]


CHANNELS: dict[str, tuple[str, dict[str, Any]]] = {
    "conv --channels 2": ("Conv", {"channels": (2, 1)}),
    "conv --channels 2 --out-channels 3 --channel 2": ("Conv", {"channels": (2, 3), "channel": 2}),
    "conv --channels 4 --out-channels 4 --groups 2 --channel 1": (
        "Conv",
        {"channels": (4, 4), "groups": 2, "channel": 1},
    ),
    "conv --channels 2 --bias -3": ("Conv", {"channels": (2, 1), "bias": [-3]}),
    "conv --channels 2 --out-channels 2 --bias 1,-2 --channel 1": (
        "Conv",
        {"channels": (2, 2), "bias": [1, -2], "channel": 1},
    ),
    "conv --bias 2.5": ("Conv", {"bias": [2.5]}),
    "conv --channels 5 --kernel-values sobel-x": ("Conv", {"channels": (5, 1), "w": "sobel-x"}),
    "transposed --channels 2 --out-channels 2": ("ConvTranspose", {"channels": (2, 2)}),
    "maxpool --channels 3 --channel 2": ("MaxPool", {"channels": (3, 1), "channel": 2}),
    "avgpool --channels 2": ("AvgPool", {"channels": (2, 1)}),
}


@pytest.mark.parametrize("line", CHANNELS)
def test_the_options_of_channels(line: str) -> None:
    import convviz as layers

    kind, options = CHANNELS[line]
    layer = getattr(layers, kind)(4, 2 if "Pool" in kind else 3)
    drawn(*line.split(), "-i", "4", *SMALL, "--frames", "2", "-o", "a.gif")
    assert shown(Path("a.gif")) == last_frame_of(layer, frames=2, **options)


def test_values_with_channels_come_from_npy_files_and_rows_are_the_channels_of_lines() -> None:
    from convviz import Conv

    x, w = np.arange(32).reshape(2, 4, 4) % 5, np.arange(18).reshape(1, 2, 3, 3) % 4
    np.save("x.npy", x)
    np.save("w.npy", w)
    drawn("conv", "--input-values", "x.npy", "--kernel-values", "w.npy", *SMALL, "-o", "a.gif")
    assert shown(Path("a.gif")) == last_frame_of(Conv(4, 3), x=x, w=w)
    drawn("conv", "--1d", "--input-values", "1,2,3,4", "--kernel-values", "1,-1", *SMALL, "-o", "b.gif")
    assert shown(Path("b.gif")) == last_frame_of(Conv((4,), 2), x=[1, 2, 3, 4], w=[1, -1])
    drawn("conv", "--1d", "--input-values", "1,2,3,4;5,6,7,8", "-k", "2", *SMALL, "-o", "c.gif")
    assert shown(Path("c.gif")) == last_frame_of(Conv((4,), 2), x=[[1, 2, 3, 4], [5, 6, 7, 8]])


# explaining


@pytest.mark.parametrize(
    ("words", "output"),
    [
        ("conv -i 6 -k 3 -s 2", [2, 2]),
        ("conv -i 6x9 -k 3x2 -s 2x1 -p 1x0", [3, 8]),
        ("transposed -i 3 -k 3 -s 2 -p 1", [5, 5]),
        ("transposed -i 3 -k 3 -s 2 -p 1 -a 1", [6, 6]),
    ],
)
def test_explain_as_json_is_json_with_the_sizes(words: str, output: list[int], tmp_path: Path) -> None:
    result = drawn("explain", *words.split(), "--json")
    assert output in list(nested(json.loads(result.stdout)))
    assert not list(tmp_path.iterdir())


def nested(value: Any) -> Iterator[Any]:
    """The value and everything inside it."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nested(inner)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("conv -i 6 -s 2", "never read"),
        ("transposed -s 2", "checkerboard"),
        ("transposed -k 2 -s 3", "holes"),
        ("transposed -k 2 -s 3 -p 2", "cropped"),
        ("maxpool", "never read"),
        ("conv -s 2", "ambiguous size"),
    ],
)
def test_explain_says_what_is_worth_knowing(words: str, note: str) -> None:
    assert f"- {note}: " in drawn("explain", *words.split()).stdout


@pytest.mark.parametrize("words", ["conv", "transposed", "maxpool -i 4", "avgpool -i 4 --ceil-mode", "conv --1d"])
def test_explain_is_silent_where_nothing_is_worth_knowing(words: str) -> None:
    assert "Worth knowing" not in drawn("explain", *words.split()).stdout


def test_explain_writes_no_file_and_says_the_size(tmp_path: Path) -> None:
    result = drawn("explain", "transposed", "-i", "3", "-k", "3", "-s", "2", "-p", "1")
    assert "5" in result.stdout
    assert "stride 1" in result.stdout
    assert not list(tmp_path.iterdir())


# refusing


def check_refused(result: Result, *words: str) -> None:
    """One line that starts with Error, exit code 2, nothing on standard output."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len([line for line in lines if line.startswith("Error: ")]) == 1
    assert lines[-1].startswith("Error: ")
    assert len(lines) == 1 or lines[0].startswith("Usage: convviz "), result.stderr
    assert "Traceback" not in result.output
    for word in words:
        assert word in lines[-1]


BAD = {
    # parameters
    "conv -i 0": ["input 0"],
    "conv -k 0": ["kernel 0"],
    "conv -s 0": ["stride 0"],
    "conv -d 0": ["dilation 0"],
    "conv -p -1": ["padding -1"],
    "conv -i -3": ["input -3"],
    "conv -i 5x0": ["input 0"],
    "conv -s 1x-1": ["stride"],
    "conv -i 1.5": ["1.5", "whole number"],
    "conv -i 5X5": ["5X5", "3x4"],
    "conv -i 5x5x5": ["5x5x5"],
    "conv -i 5,5": ["5,5"],
    "conv -i five": ["five"],
    "conv -i ''": ["input ''"],
    "conv -i ' 5'": ["' 5'"],
    "conv -i ٣": ["٣"],
    "conv -i 1e1": ["1e1"],
    f"conv -i {'9' * 5000}": ["input"],
    "conv -i 10000000": ["input 10000000 is too large"],
    "conv -k 7": ["kernel 7 does not fit", "5 + 2·0 = 5"],
    "conv -k 3 -d 3": ["dilation 3", "7 cells"],
    "conv -i 5x2": ["kernel 3 does not fit"],
    "conv -a 1": ["-a"],
    "transposed -a 1": ["output padding 1", "a ≤ 0"],
    "transposed -s 2 -a 2": ["output padding 2"],
    "transposed -a -1": ["output padding -1"],
    "transposed -i 1 -k 1 -p 1": ["leaves no output"],
    "transposed -i 2 -k 2 -p 2": ["leaves no output"],
    "conv -p 1,2,3": ["'1,2,3'", "BEFORE,AFTER", "same"],
    "conv -p 1x2x3": ["'1x2x3'"],
    "conv -p 1,": ["'1,'"],
    "conv -p ,1": ["',1'"],
    "conv -p '1, 2'": ["'1, 2'"],
    "conv -p 1x": ["'1x'"],
    "conv -p 1.5": ["'1.5'"],
    "conv -p ''": ["padding ''"],
    "conv -p SAMEISH": ["'SAMEISH'", "same_lower"],
    "conv -p same,1": ["'same,1'"],
    "conv -p samexvalid": ["'samexvalid'"],
    "conv -p -1,2": ["padding -1 is too small"],
    "conv -p 1,2x0,-1": ["padding -1 is too small"],
    "conv -p 9999999": ["padding 9999999 is too large"],
    f"conv -p {'9' * 5000}": ["padding"],
    "conv --padding-mode mirror": ["'mirror'", "zeros, reflect, replicate, circular"],
    "conv --padding-mode ''": ["padding mode ''"],
    "conv --padding-mode reflect -p 5": ["p ≤ 4", "replicate"],
    "conv --padding-mode circular -p 6": ["p ≤ 5", "replicate"],
    "transposed --padding-mode reflect": ["--padding-mode"],
    "transposed --output-size 8": ["output 8 is not possible", "maps 7 cells to 5"],
    "transposed -s 2 --output-size 13": ["output 13 is not possible", "11 to 12"],
    "transposed --output-size 0": ["output 0"],
    "transposed --output-size 7x9": ["output 9", "columns"],
    "transposed --output-size x": ["'x'", "whole number"],
    "transposed -s 2 --output-size 11 -a 1": ["not both"],
    "conv --output-size 3": ["--output-size"],
    "conv --1d -i 5x5": ["5"],
    "conv --1d -k 3x3": ["kernel"],
    "conv --1d -p 1x0": ["padding"],
    "conv --1d -s 1x2": ["stride"],
    "conv --1d --input-values 1,2,3 -i 4": ["3", "4"],
    "conv --1d --kernel-values sobel-x": ["sobel-x"],
    "maxpool -k 3 -p 2": ["padding 2 is too large for pooling", "p ≤ 1"],
    "maxpool -k 6": ["kernel 6 does not fit"],
    "maxpool -p same -k 4 -s 1 -d 2": ["padding"],
    "maxpool -a 1": ["-a"],
    "maxpool --kernel-values ones": ["--kernel-values"],
    "maxpool --bias 1": ["--bias"],
    "maxpool --groups 2": ["--groups"],
    "avgpool -d 2": ["-d"],
    "conv --ceil-mode": ["--ceil-mode"],
    "maxpool --no-count-include-pad": ["--no-count-include-pad"],
    "conv --channels 0": ["0 input", "1 to 512"],
    "conv --channels -1": ["-1 input"],
    "conv --channels 513": ["513 input"],
    "conv --channels 2 --out-channels 0": ["0 output"],
    "conv --channels two": ["two"],
    "conv --channels 3 --groups 2": ["3 input channels do not fall into 2 groups"],
    "conv --channels 4 --groups 2 --out-channels 3": ["3 output channels do not fall into 2 groups"],
    "conv --channels 2 --groups 0": ["groups"],
    "conv --channels 2 --groups -1": ["groups"],
    "conv --groups 2": ["groups"],
    "conv --groups 0": ["groups"],
    "conv --out-channels 3": ["--channels"],
    "conv --channel 1": ["output channel 1 does not exist", "1, counted from 0"],
    "conv --channel -1": ["output channel -1 does not exist"],
    "conv --channels 2 --out-channels 3 --channel 3": ["output channel 3 does not exist", "there are 3"],
    "maxpool --channels 3 --channel 3": ["output channel 3 does not exist"],
    "conv --bias 1,2": ["bias", "1 output channel"],
    "conv --channels 2 --out-channels 2 --bias 1": ["bias", "2 output channels"],
    "conv --bias x": ["bias values 'x'"],
    "conv --bias ''": ["bias values ''"],
    "conv --bias '1;2'": ["bias"],
    "conv --bias nan": ["finite"],
    "conv --bias sobel-x": ["sobel-x"],
    # values
    "conv --input-values 1,2;3": ["not a grid"],
    "conv --input-values ''": ["input values"],
    "conv --kernel-values ''": ["kernel values"],
    "conv --input-values ' '": ["not a grid"],
    "conv --input-values a,b;c,d": ["neither numbers"],
    "conv --input-values 1,2;3,4 -i 3": ["2×2", "3×3"],
    "conv --input-values 1,nan;3,4 -k 1": ["finite"],
    "conv --input-values 1,inf;3,4 -k 1": ["finite"],
    "conv --input-values 1,2j;3,4 -k 1": ["numbers"],
    "conv --input-values 1,99999999999999999999999;3,4 -k 1": ["input values"],
    "conv --kernel-values 1,2;3": ["kernel values", "not a grid"],
    "conv --kernel-values 1,2;3,4 -k 3": ["2×2", "3×3"],
    "conv --kernel-values nonsense": ["nonsense", "sobel-x"],
    "conv --kernel-values sobel-x -k 5": ["sobel-x is 3×3"],
    "conv --input-values sobel-x": ["sobel-x"],
    "conv --input-values missing.csv": ["missing.csv", "does not exist"],
    "conv --input-values missing.npy": ["missing.npy", "does not exist"],
    "conv --input-values words.csv": ["words.csv"],
    "conv --input-values ragged.csv": ["ragged.csv"],
    "conv --input-values empty.csv": ["empty.csv"],
    "conv --input-values latin.csv": ["latin.csv"],
    "conv --input-values folder.csv": ["folder.csv"],
    "conv --input-values folder.npy": ["folder.npy"],
    "conv --input-values empty.npy": ["empty.npy"],
    "conv --input-values cut.npy": ["cut.npy"],
    "conv --input-values pickled.npy": ["pickled.npy"],
    "conv --input-values cube.npy": ["kernel 3 does not fit"],
    "conv --input-values batch.npy -k 1": ["one input, not 2"],
    "conv --input-values five.npy -k 1": ["input values are 1×1×1×2×2"],
    "conv --kernel-values cube.npy": ["2×2×2"],
    "conv --kernel-values 1,,2": ["kernel values '1,,2' are not a grid"],
    "conv --input-values '1,2;,3'": ["not a grid"],
    "conv --input-values number.npy": ["input"],
    "conv --input-values words.npy -k 1": ["numbers"],
    "conv --input-values none.npy": ["input 0"],
    # pictures
    "conv --theme blue": ["blue", "light, dark, print"],
    "conv --view sideways": ["sideways", "slide"],
    "conv --size 100": ["100", "1280x720"],
    "conv --size 640*360": ["640*360"],
    "conv --size -640x360": ["-640x360"],
    "conv --size 640x360.5": ["640x360.5"],
    "conv --size 0x0": ["0x0"],
    "conv --size 63x64": ["63x64"],
    "conv --size 8193x720": ["8193x720"],
    f"conv --size {'9' * 5000}x3": ["pixels"],
    "conv --size 64x64": ["does not fit"],
    "conv -i 4000 -k 1": ["4000×4000", "does not fit"],
    "conv -i 300 -k 3 --size 640x360": ["300×300"],
    "conv -i 60 -k 3 --pace even": ["3364 frames", "--max-frames 3364"],
    "conv --max-frames 8": ["18 frames", "more than 8"],
    "conv --max-frames 0": ["max"],
    "conv --max-frames -5": ["max"],
    "conv --frames 0": ["frames: expected 1 or more, got 0"],
    "conv --frames -2": ["frames: expected 1 or more, got -2"],
    "conv --frames 1.5": ["1.5"],
    "conv --step 0": ["step: expected", "600 seconds, got 0"],
    "conv --step -1": ["step: expected", "600 seconds, got -1"],
    "conv --step nan": ["step: expected", "600 seconds, got nan"],
    "conv --step inf": ["step: expected", "600 seconds, got inf"],
    "conv --step 601": ["step: expected", "600 seconds, got 601"],
    "conv --step soon": ["soon"],
    "conv --hold -1": ["hold: expected", "600 seconds, got -1"],
    "conv --hold nan": ["hold: expected", "600 seconds, got nan"],
    "conv --loop -1": ["loop: expected 0 (forever) to 65536, got -1"],
    "conv --loop 65537": ["loop: expected 0 (forever) to 65536, got 65537"],
    "conv --loop twice": ["twice"],
    "conv --seed x": ["x"],
    "conv -i 30 --numbers --size 640x360": [
        "numbers do not fit",
        "use a smaller layer, shorter numbers, or no numbers",
    ],
    # files
    "conv -o a.bmp": [".bmp", ".gif, .mp4, .webm"],
    "conv -o a.gif --frame 2": ["frame 2 is for stills", "a.gif is an animation", ".png"],
    "conv -o a.png --frame 99": ["there is no frame 99", "1 to 9", "first, middle, last"],
    "conv -o a.png --frame best": ["there is no frame 'best'", "1 to 9"],
    "conv -o a": ["no suffix"],
    "conv -o ''": ["the file name is empty"],
    "conv -o .gif": ["no suffix"],
    "conv -o missing/a.gif": ["missing", "does not exist"],
    "conv -i 4000 -k 1 -o missing/a.gif": ["missing", "does not exist"],
    "conv -o folder.gif": ["is a folder"],
    "conv -o words.csv/a.gif": ["words.csv"],
    f"conv -o {'a' * 300}.gif": ["aaa"],
    "conv --size 641x361 -o a.mp4": ["641x361", "642x362"],
    "conv --size 641x360 -o a.mp4": ["642x360"],
}


@pytest.mark.parametrize("line", BAD, ids=lambda line: line if len(line) < 80 else f"{line[:40]}…")
def test_bad_input_is_one_line_exit_code_2_and_no_file(line: str, tmp_path: Path) -> None:
    write_bad_files()
    before = sorted(os.listdir())
    check_refused(run(*shlex.split(line)), *BAD[line])
    assert sorted(os.listdir()) == before


def write_bad_files() -> None:
    for name in ("folder.gif", "folder.csv", "folder.npy"):
        Path(name).mkdir()
    Path("words.csv").write_text("a,b\nc,d\n")
    Path("ragged.csv").write_text("1,2\n3\n")
    Path("empty.csv").write_text("")
    Path("latin.csv").write_bytes(b"1,2\n3,\xe9\n")
    Path("empty.npy").write_bytes(b"")
    np.save("cut.npy", np.ones((4, 4)))
    Path("cut.npy").write_bytes(Path("cut.npy").read_bytes()[:-8])
    np.save("pickled.npy", np.array([[{}, []]], dtype=object), allow_pickle=True)
    np.save("cube.npy", np.ones((2, 2, 2)))
    np.save("batch.npy", np.ones((2, 1, 2, 2)))
    np.save("five.npy", np.ones((1, 1, 1, 2, 2)))
    np.save("line.npy", np.ones(5))
    np.save("number.npy", np.array(3))
    np.save("words.npy", np.array([["a", "b"], ["c", "d"]]))
    np.save("none.npy", np.ones((0, 3)))


def test_a_zip_called_npy_is_refused_and_closed() -> None:
    with open("many.npy", "wb") as file:
        np.savez(file, a=np.ones((3, 3)))
    check_refused(run("conv", "--input-values", "many.npy"), "many.npy")
    gc.collect()


@pytest.mark.parametrize("line", ["conv -i 0", "conv -o missing/a.mp4", "explain conv -k 9", "transposed -a 1"])
def test_a_process_that_refuses_ends_with_code_2_and_one_line(line: str, tmp_path: Path) -> None:
    done = start(*line.split())
    assert done.returncode == 2
    assert re.fullmatch(r"Error: .+\n", done.stderr)
    assert not done.stdout
    assert not list(tmp_path.iterdir())


def test_an_older_file_survives_a_refusal() -> None:
    Path("a.mp4").write_bytes(b"the older file")
    check_refused(run("conv", "--size", "641x361", "-o", "a.mp4"))
    assert Path("a.mp4").read_bytes() == b"the older file"


def test_too_many_frames_can_be_thinned_or_allowed_as_the_error_says() -> None:
    error = run("conv", "--pace", "even", "--max-frames", "8", *SMALL, "-o", "a.gif").stderr
    ways = re.findall(r"--(?:max-)?frames \d+", error)
    assert len(ways) == 2
    frames = []
    for way in ways:
        drawn(
            "conv",
            *AT_REST_WORDS,
            *way.split(),
            *(["--max-frames", "8"] if "max" not in way else []),
            *SMALL,
            "-o",
            "a.gif",
        )
        frames.append(look(Path("a.gif"))[2])
    assert frames == [8, 9]


@pytest.mark.parametrize("limit", ["0", "-5"])
def test_no_error_proposes_what_is_refused_as_well(limit: str) -> None:
    assert f"--frames {limit}" not in run("conv", "--max-frames", limit).stderr.replace("--max-frames", "")


@pytest.mark.parametrize(
    "line", ["conv --size 64x64", "conv -i 80 --size 640x360 --frames 2", "transposed --size 641x361 -o a.mp4"]
)
def test_the_size_that_an_error_proposes_works(line: str) -> None:
    proposed = re.search(r"--size \d+x\d+", run(*line.split()).stderr)
    assert proposed
    drawn(*re.sub(r"--size \S+", proposed[0], line).split())


# processes


def test_it_is_quiet_where_standard_error_is_no_terminal() -> None:
    done = start("conv", "-i", "4", *SMALL, "-o", "a.gif")
    assert done.returncode == 0
    assert done.stderr == ""
    assert re.fullmatch(r"a\.gif: .+\n", done.stdout)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_terminal_sees_a_progress_bar_that_reaches_the_end(suffix: str) -> None:
    import pty

    ours, theirs = pty.openpty()
    seen = b""

    def read() -> None:
        nonlocal seen
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                return
            if not piece:
                return
            seen += piece

    reader = threading.Thread(target=read)
    reader.start()
    command = [sys.executable, "-c", START, "conv", "-i", "5", *SMALL, "-o", f"a{suffix}"]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=theirs, check=False, env=os.environ | {"TERM": "xterm"}
        )
    finally:
        os.close(theirs)
        reader.join(10)
        os.close(ours)
    assert done.returncode == 0
    assert re.fullmatch(rb"a\.(gif|mp4): .+\n", done.stdout)
    percents = [int(number) for number in re.findall(rb"(\d+)%", seen)]
    assert b"drawing" in seen
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert len(set(percents)) > 2


NOTHING_DRAWN = [
    *("--help", "conv --help", "transposed --help", "maxpool --help", "explain --help", "explain avgpool --help"),
    *("--version", "conv -i 0", "conv -k 9", "conv --size x", "conv -p 1,2,3", "maxpool -k 3 -p 2"),
    *("transposed -a 1", "transposed --output-size 50", "conv --padding-mode mirror", "nonsense"),
    *("code conv --help", "solve --help", "compare conv --help"),
]
EXPLAINED = ["explain conv -i 5 -k 3", "explain transposed -s 2", "explain maxpool --json"]
LOADED = """
import contextlib, io, json, shlex, sys
from convviz.cli.main import main
for line in sys.argv[1:]:
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        main(shlex.split(line), prog_name="convviz")
    print(json.dumps(sorted(sys.modules)))
"""
"""All lines in one process: what one of them loads stays loaded for those after it."""


def test_a_command_loads_no_more_than_it_needs() -> None:
    lines = [*NOTHING_DRAWN, *EXPLAINED, shlex.join(["conv", *SMALL, "-o", "a.gif"])]
    done = subprocess.run([sys.executable, "-c", LOADED, *lines], capture_output=True, text=True, check=True)
    loaded = dict(zip(lines, map(set, map(json.loads, done.stdout.splitlines())), strict=True))
    for line in (*NOTHING_DRAWN, *EXPLAINED):
        assert "convviz.cli.main" in loaded[line]
        assert not loaded[line] & {"numpy", "matplotlib", "PIL", "imageio_ffmpeg", "convviz.animation.animate"}, line
    for line in NOTHING_DRAWN:
        assert not loaded[line] & {
            "fractions",
            "decimal",
            "convviz.analysis.explain",
            "convviz.scene.model",
            "convviz.text.formatting",
        }, line
    drawn_ = loaded[lines[-1]]
    assert "matplotlib" in drawn_
    assert not drawn_ & {"matplotlib.figure", "matplotlib.axes", "fontTools.subset"}, "only PDFs need them"


def test_help_takes_little_longer_than_python_and_click_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Measured and shown, not judged: a busy machine would make it fail."""

    def seconds(code: str, *words: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True)
        return time.perf_counter() - started

    alone = min(seconds("import click") for _ in range(3))
    helps = {line: min(seconds(START, *line.split()) for _ in range(3)) for line in ("--help", "transposed --help")}
    with capsys.disabled():
        for line, taken in helps.items():
            print(f" convviz {line}: {taken / alone:.2f} × `import click` ({taken * 1000:.0f} ms)", end=";")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_nohup_stays_in_force() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    drawn("explain", "conv")
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@pytest.mark.parametrize("line", ["explain transposed -i 3 -s 2", "explain conv -i 6 --json"])
def test_an_output_that_cannot_show_every_sign_still_gets_the_rest(line: str) -> None:
    """Windows writes redirected output in cp1252."""
    done = start(*line.split(), encoding="cp1252")
    assert done.returncode == 0
    assert not done.stderr
    assert "kernel" in done.stdout


def test_help_lists_each_command_below_one_heading() -> None:
    page = run("--help").output
    headings = re.findall(r"^(Draw|Explain and compare|Publish|Inspect):$", page, re.MULTILINE)
    assert headings == ["Draw", "Explain and compare", "Publish", "Inspect"]
    for name in main.commands:
        assert len(re.findall(rf"^  {name} ", page, re.MULTILINE)) == 1, name
    assert "..." not in page.partition("Draw:")[2], "each short help fits"


def test_the_module_runs_and_calls_itself_convviz() -> None:
    done = subprocess.run([sys.executable, "-m", "convviz", "--help"], capture_output=True, text=True, check=True)
    assert re.match(r"Usage: convviz \[OPTIONS\] \[?COMMAND", done.stdout)
