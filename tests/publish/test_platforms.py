"""`--for PLATFORM`: every file that a platform needs is there and can be decoded, and the snippet names them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import imageio_ffmpeg
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from playwright.sync_api import Browser

from convviz import Conv, ConvvizError
from convviz.cli.main import main
from convviz.publish import platforms
from convviz.publish.platforms import PLATFORMS, find_platform
from tests import ROOT
from tests.at_rest import AT_REST_WORDS, animate
from tests.export.test_video import probe

LAYER = ("conv", "-i", "4", "-k", "3", "-p", "1", "-s", "2")
ALT = animate(Conv(4, 3, 2, 1)).alt_text
FRAMES = 4
QUICK = ("--hold", "0.6")
"""A video of two seconds instead of four: what a platform is sent does not depend on its length."""
DURATIONS = (600, 600, 600, 600)
HD, USUAL = (1920, 1080), (1280, 720)
PROMISED: dict[str, dict[str, tuple[int, int]]] = {
    "powerpoint": {"talk.mp4": HD, "talk.png": HD},
    "keynote": {"talk.mp4": HD, "talk.png": HD},
    "google-slides": {"talk.gif": USUAL},
    "beamer": {"talk": USUAL, "talk-timeline.txt": (0, 0)},
    "reveal": {"talk.mp4": HD, "talk.png": HD},
    "quarto": {"talk.mp4": HD, "talk.png": HD},
    "github": {f"talk-{look}.{ending}": USUAL for look in ("light", "dark") for ending in ("gif", "png")},
    "sphinx": {"talk.gif": USUAL, "talk.pdf": USUAL},
}
"""Platform → the files it writes, and the size of each in pixels."""
Published = Callable[[str], tuple[Path, str]]
HEADER = re.compile(rb"%PDF-1\.\d")


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, [*LAYER, *words], prog_name="convviz")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


SMALL = ("--size", "640x360", "--motion", "none")


def sent(platform: str, *words: str) -> str:
    """What is printed to be pasted."""
    result = run("--for", platform, "--pace", "even", *QUICK, *(words or ("-o", "talk")))
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout.partition("\n\n")[2].rstrip("\n")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The folder and the snippet of a platform, drawn once for all tests, which leave them as they are."""
    done: dict[str, tuple[Path, str]] = {}

    def get(platform: str) -> tuple[Path, str]:
        if platform not in done:
            folder = tmp_path_factory.mktemp(platform)
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(folder)
                done[platform] = folder, sent(platform)
        os.chdir(done[platform][0])
        return done[platform]

    return get


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def gif(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        count = int(getattr(image, "n_frames", 1))
        assert count == FRAMES + 3 * (FRAMES - 1), "three places of the window between two frames"
        for number in range(count):
            image.seek(number)
            image.load()
        assert image.info["loop"] == 0
        return image.size


def png(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        image.load()
        assert image.format == "PNG"
        assert not getattr(image, "is_animated", False)
        return image.size


def mp4(file: Path) -> tuple[int, int]:
    said = probe(file)
    assert "h264" in said
    assert "yuv420p" in said
    assert " 30 fps" in said
    assert imageio_ffmpeg.count_frames_and_secs(str(file))[0] == sum(DURATIONS) * 30 // 1000
    found = re.search(r", (\d+)x(\d+)", said)
    assert found
    return int(found[1]), int(found[2])


def pdf(file: Path) -> tuple[int, int]:
    """The size of its page in points, one for each pixel."""
    data = file.read_bytes()
    assert HEADER.match(data)
    assert data.rstrip().endswith(b"%%EOF")
    ((width, height),) = re.findall(rb"/MediaBox \[ ?0 0 (\d+) (\d+)", data)
    return int(width), int(height)


def frames(folder: Path) -> tuple[int, int]:
    files = sorted(folder.glob("frame-*.pdf"))
    assert [file.name for file in files] == [f"frame-{number}.pdf" for number in range(1, FRAMES + 1)]
    return {pdf(file) for file in files}.pop()


def timeline(file: Path) -> tuple[int, int]:
    lines = file.read_text().splitlines()
    assert [line.split(":")[2] for line in lines] == [str(index) for index in range(FRAMES)]
    assert [1000 / float(line.split(":")[1]) for line in lines] == pytest.approx(DURATIONS, rel=1e-3)
    assert all(line.startswith(":") for line in lines)
    return 0, 0


DECODE: dict[str, Callable[[Path], tuple[int, int]]] = {
    ".gif": gif,
    ".png": png,
    ".mp4": mp4,
    ".pdf": pdf,
    ".txt": timeline,
    "": frames,
}


def test_every_platform_is_tested_and_named_in_the_help() -> None:
    assert list(PROMISED) == list(PLATFORMS)
    words = " ".join(run("--help").stdout.split())
    *names, last = PLATFORMS
    assert f"{', '.join(names)} or {last}" in words


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_gets_what_it_needs_and_the_snippet_names_it(platform: str, published: Published) -> None:
    folder, snippet = published(platform)
    assert {path.name for path in folder.iterdir()} == set(PROMISED[platform])
    assert {name: DECODE[Path(name).suffix](Path(name)) for name in PROMISED[platform]} == PROMISED[platform]
    said = ALT if platform != "beamer" else ALT.replace("×", "x").replace("·", "*").replace("−", "-")
    assert said in snippet or said in html(snippet).alts
    assert all(name in snippet or f"{Path(name).stem}.*" in snippet for name in PROMISED[platform])
    assert all(Path(name).is_file() for name in re.findall(r"talk[\w-]*\.\w+", snippet))


def test_an_unknown_platform_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    result = run("--for", "prezi", "-o", "talk")
    assert result.exit_code == 2
    assert f"unknown platform 'prezi'; use {', '.join(PLATFORMS)}" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_suffix_that_says_a_format_is_no_part_of_the_name(tmp_path: Path) -> None:
    for name in ("talk.mp4", "v1.2"):
        sent("google-slides", "-o", name, "--size", "640x360")
    assert {path.name for path in tmp_path.iterdir()} == {"talk.gif", "v1.2.gif"}


def test_without_a_name_the_parameters_make_one(tmp_path: Path) -> None:
    snippet = sent("sphinx", "--theme", "dark")
    assert snippet.startswith(".. image:: conv_i4_k3_s2_p1_dark.*")
    assert Path("conv_i4_k3_s2_p1_dark.pdf").is_file()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_user_s_size_and_theme_win(platform: str, tmp_path: Path) -> None:
    sent(platform, "-o", "own", "--size", "800x600", "--theme", "print")
    moving = [path for path in tmp_path.iterdir() if path.suffix in (".gif", ".png")]
    assert all(path.stem == "own" for path in tmp_path.iterdir() if path.name != "own-timeline.txt")
    for path in moving:
        with Image.open(path) as image:
            assert image.size == (800, 600)
            assert max(high - low for high, low in _spreads(image)) <= 8, "print is grey"
    for path in tmp_path.glob("*.mp4"):
        assert ", 800x600" in probe(path)
    for path in tmp_path.glob("own/*.pdf"):
        assert pdf(path) == (800, 600)


def _spreads(image: Image.Image) -> list[tuple[int, int]]:
    """The largest and the smallest of red, green and blue of every colour in the picture."""
    colours = image.convert("RGB").getcolors(1 << 20)
    assert colours
    return [(max(colour), min(colour)) for _, colour in colours]  # type: ignore[arg-type, type-var]


def test_a_name_in_another_folder_is_named_as_it_is_from_here_and_spaces_are_no_trap(tmp_path: Path) -> None:
    Path("docs").mkdir()
    found = html(sent("github", *SMALL, "-o", "docs/my talk"))
    assert found.files == [f"docs/my talk-{name}" for name in ("dark.png", "light.png", "dark.gif", "light.gif")]
    assert all(" " not in address for address in found.addresses)
    assert sent("sphinx", *SMALL, "-o", "docs/my talk").startswith(".. image:: docs/my\\ talk.*")
    assert "{docs/my talk/frame-}" in sent("beamer", *SMALL, "-o", "docs/my talk")
    assert f'![](docs/my%20talk.mp4){{aria-label="{ALT}"}}' in sent("quarto", *SMALL, "-o", "docs/my talk")
    assert html(sent("github", *SMALL, "-o", str(tmp_path / "far"))).files[-1] == "far-light.gif"


def test_embedded_html_names_the_file_as_a_page_here_would(tmp_path: Path) -> None:
    Path("sub").mkdir()
    for path, address in (("sub/a b.gif", "sub/a%20b.gif"), (str(tmp_path / "sub" / "far.gif"), "far.gif")):
        printed = run("--embed", "-o", path, "--frames", "1", "--size", "640x360", "--force").stdout
        assert f'<img src="{address}" ' in printed


@pytest.mark.parametrize("name", ["up_sampling #1", "up 100%", "a$b", "a,b", "a{b}", "a~b", "a[1]", "a=b"])
def test_a_name_that_tex_cannot_read_is_refused(name: str) -> None:
    refused = run("--for", "beamer", "-o", name)
    assert refused.exit_code == 2
    assert f"in {name!r}; try -o " in refused.stderr
    assert os.listdir() == []


# GitHub


class Found(HTMLParser):
    """Files and alt texts of a piece of HTML, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.alts: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.addresses += [values[name] or "" for name in ("src", "srcset", "poster") if name in values]
        self.alts += [values[name] or "" for name in ("alt", "title", "aria-label") if name in values]

    @property
    def files(self) -> list[str]:
        return [unquote(address) for address in self.addresses]


def html(text: str) -> Found:
    found = Found()
    found.feed(text)
    return found


def test_github_gets_light_and_dark_files_that_differ_and_are_small_enough(published: Published) -> None:
    published("github")
    for ending in ("gif", "png"):
        light, dark = (Path(f"talk-{look}.{ending}") for look in ("light", "dark"))
        assert max(light.stat().st_size, dark.stat().st_size) < 5_000_000
        with Image.open(light) as one, Image.open(dark) as other:
            assert [sum(image.convert("RGB").getpixel((2, 2))) > 384 for image in (one, other)] == [True, False]  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(("platform", "limit"), [("github", "GITHUB_BYTES"), ("google-slides", "GOOGLE_BYTES")])
def test_what_a_platform_would_not_take_is_said(platform: str, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, limit, 1000)
    result = run("--for", platform, "-o", "talk")
    assert result.exit_code == 2
    assert re.search(r"talk\S*\.gif has 0\.\d\d MB, and .+ takes up to 0 MB; use --frames", result.stderr)


def test_too_many_pixels_for_google_slides_are_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    result = run("--for", "google-slides", "--size", "4k", "--scale", "2", "-o", "talk")
    assert result.exit_code == 2
    assert "25 megapixels" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("theme", [(), ("--theme", "dark")])
def test_a_browser_shows_the_file_that_fits_the_reader(
    chromium: Browser, theme: tuple[str, ...], published: Published, tmp_path: Path
) -> None:
    name = "my talk" if theme else "talk"
    folder, snippet = (tmp_path, sent("github", "-o", name, *theme)) if theme else published("github")
    page = folder.with_name(f"{folder.name}.html")
    base = f'<base href="{folder.as_uri()}/">'
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8>{base}{snippet}", encoding="utf-8")
    for scheme in ("light", "dark"):
        for motion, ending in (("no-preference", "gif"), ("reduce", "png")):
            window = chromium.new_context(color_scheme=scheme, reduced_motion=motion)  # type: ignore[arg-type]
            shown = window.new_page()
            shown.goto(page.as_uri())
            source, natural, alt = shown.eval_on_selector("img", "e => [e.currentSrc, e.naturalWidth, e.alt]")
            window.close()
            look = "" if theme else f"-{scheme}"
            assert (unquote(source).rpartition("/")[2], natural, alt) == (f"{name}{look}.{ending}", 1280, ALT)


# reveal.js and Beamer


def test_a_video_for_reveal_has_a_poster_starts_on_show_and_can_be_paused(published: Published) -> None:
    _, snippet = published("reveal")
    assert html(snippet).files == ["talk.mp4", "talk.png"]
    (tag,) = re.findall(r"<video (.+?)></video>", snippet)
    assert {"data-autoplay", "controls", "loop", "muted", "playsinline"} <= set(re.sub(r'"[^"]*"', "", tag).split())


def test_a_browser_plays_the_video(chromium: Browser, published: Published, tmp_path: Path) -> None:
    folder, snippet = published("reveal")
    page = tmp_path / "slide.html"
    base = f'<base href="{folder.as_uri()}/">'
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8>{base}{snippet}", encoding="utf-8")
    shown = chromium.new_page()
    shown.goto(page.as_uri())
    shown.eval_on_selector("video", "async video => { await video.play(); }")
    assert shown.eval_on_selector("video", "v => [v.videoWidth, v.videoHeight, v.paused]") == [*HD, False]
    shown.close()


def test_beamer_s_line_says_the_frames_their_rate_and_the_most_representative_one(published: Published) -> None:
    _, line = published("beamer")
    (options, rate, stem, first, last) = re.search(  # type: ignore[union-attr]
        r"\\animategraphics\[(.+)\]\{(.+?)\}\{(.+?)\}\{(.+?)\}\{(.+?)\}$", line, re.DOTALL
    ).groups()
    assert (float(rate), stem, first, last) == (pytest.approx(1000 / 600, rel=1e-3), "talk/frame-", "1", "4")
    assert "timeline=talk-timeline.txt" in options
    assert 0 <= int(re.search(r"poster=(\d+)", options)[1]) < FRAMES  # type: ignore[index]


def test_beamer_s_frames_have_as_many_digits_as_the_last_one() -> None:
    line = sent("beamer", "-o", "long", "-s", "1", "--size", "320x240")
    assert "{long/frame-}{01}{16}" in line
    assert Path("long/frame-01.pdf").is_file()
    assert len(Path("long-timeline.txt").read_text().splitlines()) == 16


def test_beamer_s_alt_text_is_what_tex_and_a_pdf_string_can_hold(published: Published) -> None:
    (alt,) = re.findall(r"alttext=\{(.+)\}\]", published("beamer")[1])
    assert alt.isascii()
    assert not set(alt) & set("\\{}%#$&~^_")
    assert alt.count("(") == alt.count(")")


def test_several_outputs_are_refused() -> None:
    result = run("--for", "github", "-o", "a", "-o", "b")
    assert result.exit_code == 2
    assert "give one -o" in result.stderr


def test_platforms_can_be_found_by_name() -> None:
    assert find_platform("reveal").name == "reveal"
    with pytest.raises(ConvvizError, match="unknown platform 'nowhere'"):
        find_platform("nowhere")


# what docs/slides.md says


SLIDES = (ROOT / "docs" / "slides.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^convviz (.+)$", "\n".join(re.findall(r"```console\n(.+?)```", SLIDES, re.DOTALL)), re.MULTILINE
)


def test_the_document_has_a_command_for_every_platform_and_links_that_lead_somewhere() -> None:
    assert set(re.findall(r"--for (\S+)", "\n".join(COMMANDS))) == set(PLATFORMS)
    headings = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^## (.+)$", SLIDES, re.M)
    }
    assert set(re.findall(r"\(#([^)]+)\)", SLIDES)) == headings
    for file in re.findall(r"\[[^\]]+\]\(([^)#]+)\)", SLIDES):
        assert (ROOT / "docs" / file).is_file(), file


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_document_runs(command: str, tmp_path: Path) -> None:
    """In few and small frames; the platform's own size is tested above."""
    few = ["--frames", "4", *AT_REST_WORDS]
    less = few if "--size" in command else [*few, "--size", "640x360"]
    result = CliRunner().invoke(main, [*shlex.split(command), *less], prog_name="convviz")
    assert result.exit_code == 0, result.output
    assert any(path.stem in ("upsampling", "upsampling-light", "figure", "strip") for path in tmp_path.iterdir())
