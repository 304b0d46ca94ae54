"""The Sphinx extension: what stands in pages, in LaTeX, in e-books and in plain text, and what is said of errors."""

from __future__ import annotations

import io
import os
import posixpath
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click import Option
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from convviz import Animation, Conv, ConvTranspose, ConvvizError, animate, explore
from convviz.cli.main import main
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.sphinx.directive import Convviz
from convviz.version import versions

SMALL = "   :size: 640x360\n   :pace: even\n   :motion: none\n"
PAGE = f"""\
Upsampling
==========

.. convviz:: transposed -i 3 -k 3 -s 2 -p 1
   :view: scatter
   :frames: 3
   :caption: Each input cell stamps the *kernel*.
   :name: stamped
   :width: 50%
   :align: center
   :class: wide
   :figclass: framed
{SMALL}
See :numref:`stamped`.

.. convviz:: conv -i 4 -k 3
   :theme: dark
   :stride: 2
   :padding: 1
   :no-header:
   :alt: In "my" <words>.
{SMALL}
.. convviz:: conv -i 4
   :player:
"""
ONE = f"""\
Title
=====

.. convviz:: conv -i 4 -k 3
   :frames: 2
{SMALL}
"""
_STAMPED = animate(ConvTranspose(3, 3, 2, 1), "scatter", size=(640, 360), frames=3, pace="even")
STAMPED = _STAMPED.alt_text
PLAYED = animate(Conv(4, 3)).alt_text
STILLS = _STAMPED.still_alt_text(), 'In "my" <words>.', animate(Conv(4, 3)).still_alt_text()


class Project:
    """A small project, and what Sphinx said when it was built last."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.source.mkdir()
        self.warnings = ""
        self.write("index.rst", PAGE)

    def folder(self, name: str) -> Path:
        """What a builder has built, or what is kept."""
        return self.source.parent / name

    def write(self, name: str, text: str) -> None:
        (self.source / name).parent.mkdir(exist_ok=True)
        (self.source / name).write_text(text, encoding="utf-8")

    def build(self, builder: str = "html", *, fresh: bool = False, parallel: int = 0) -> Path:
        """Build it in this process; returns the folder of what was built."""
        said = io.StringIO()
        target = self.folder(builder)
        settings = {
            "extensions": ["convviz.sphinx.directive"],
            "project": "P",
            "numfig": True,
            "version": "1",
            "copyright": "nobody",
            "html_theme": "basic",
        }
        with docutils_namespace():
            app = Sphinx(
                self.source,
                None,
                target,
                self.folder("doctrees"),
                builder,
                settings,
                status=None,
                warning=said,
                freshenv=fresh,
                parallel=parallel,
            )
            app.build()
        self.warnings = said.getvalue()
        return target

    def said(self) -> list[tuple[str, int, str]]:
        """File, line and text of every complaint of the last build."""
        plain = re.sub(r"\x1b\[[0-9;]*m", "", self.warnings)
        found = re.findall(r"^(.+?):(\d+): (?:ERROR|WARNING): (.+?)(?: \[\w+\])?$", plain, re.MULTILINE)
        return [(Path(file).name, int(line), text) for file, line, text in found]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project as it stands, built for HTML and for LaTeX, without a warning; tests only look at it."""
    project = Project(tmp_path_factory.mktemp("built"))
    for builder in ("html", "latex"):
        project.build(builder)
        assert project.warnings == ""
    return project


Tag = tuple[str, dict[str, str]]


class Tags(HTMLParser):
    """All tags of a page, with their attributes."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.page = page
        self.found: list[Tag] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, tag: str, words: str = "") -> list[dict[str, str]]:
        return [values for name, values in self.found if name == tag and words in values.get("class", "")]

    def file(self, address: str) -> Path:
        path = self.page.parent / posixpath.normpath(address)
        assert path.is_file(), address
        return path


def brightness(file: Path) -> float:
    """Of the corner of the first frame, from 0 to 255; every frame is decoded."""
    with Image.open(file) as image:
        corner = image.convert("L").getpixel((1, 1))
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
    assert isinstance(corner, int)
    return corner


def refuse(*_: Any, **__: Any) -> Any:
    raise AssertionError("drawn once more")


# pages


def test_without_a_theme_a_page_shows_what_fits_the_reader(built: Project) -> None:
    page = Tags(built.folder("html") / "index.html")
    first, *_ = page.of("img", "convviz")
    sources = page.of("source")[:3]
    assert [source["media"] for source in sources] == [
        "(prefers-reduced-motion: reduce) and (prefers-color-scheme: dark)",
        "(prefers-reduced-motion: reduce)",
        "(prefers-color-scheme: dark)",
    ]
    files = [page.file(address) for address in (*(source["srcset"] for source in sources), first["src"])]
    assert [file.suffix for file in files] == [".png", ".png", ".gif", ".gif"]
    assert [brightness(file) > 128 for file in files] == [False, True, False, True]
    with Image.open(files[-1]) as image:
        assert (image.size, image.n_frames) == ((640, 360), 3)  # type: ignore[attr-defined]


def test_a_picture_has_alt_text_size_and_what_figure_has(built: Project) -> None:
    page = Tags(built.folder("html") / "index.html")
    first, second = page.of("img", "convviz")
    assert first["alt"] == STAMPED
    assert (first["width"], first["height"]) == ("640", "360")
    assert first["style"] == "width: 50%; max-width: 100%; height: auto"
    assert first["class"] == "convviz wide"
    figure, *others = page.of("figure")
    assert figure["id"] == "stamped"
    assert {"align-center", "framed"} <= set(figure["class"].split())
    assert len(others) == 2
    text = page.page.read_text(encoding="utf-8")
    assert "stamps the <em>kernel</em>" in text
    assert re.search(r'href="#stamped".+?Fig\. 1', text)
    assert second["alt"] == 'In "my" <words>.'
    assert second["style"] == "max-width: 100%; height: auto"


def test_a_theme_that_was_asked_for_is_the_only_one(built: Project) -> None:
    page = Tags(built.folder("html") / "index.html")
    _, second = page.of("img", "convviz")
    (still,) = page.of("source")[3:]
    assert still["media"] == "(prefers-reduced-motion: reduce)"
    assert max(brightness(page.file(name)) for name in (still["srcset"], second["src"])) < 64


def test_a_player_is_a_page_in_a_frame(built: Project) -> None:
    page = Tags(built.folder("html") / "index.html")
    (frame,) = page.of("iframe")
    assert frame["title"] == PLAYED
    assert "aspect-ratio: 1280 / 720" in frame["style"]
    assert "<script" in page.file(frame["src"]).read_text(encoding="utf-8")


def test_the_explorer_is_a_page_in_a_frame(project: Project) -> None:
    project.write(
        "index.rst",
        "T\n=\n\n.. convviz:: explore conv -i 5 -k 3\n   :view: overlap\n\n.. convviz:: explore -s 2 -p 1\n",
    )
    target = project.build()
    assert project.said() == []
    frames = [attributes for tag, attributes in Tags(target / "index.html").found if tag == "iframe"]
    assert [frame["title"].startswith("Explorer: Animation in ") for frame in frames] == [True, True]
    pages = [(target / frame["src"]).read_text(encoding="utf-8") for frame in frames]
    assert pages == [explore(Conv(5, 3), "overlap").html, explore(ConvTranspose(5, 3, 2, 1)).html]


def test_the_explorer_shows_convolutions_alone(project: Project) -> None:
    project.write("index.rst", "T\n=\n\n.. convviz:: explore maxpool -k 2\n\n.. convviz:: explore conv --view image\n")
    project.build()
    first, second = (text for _, _, text in project.said())
    assert first == "convviz: there is no drawing command 'maxpool'; begin with conv or transposed"
    assert "image" in second


@pytest.mark.parametrize(("builder", "path"), [("dirhtml", "deep/page/index.html"), ("singlehtml", "index.html")])
def test_files_are_found_from_any_folder(builder: str, path: str, project: Project) -> None:
    project.write("deep/page.rst", PAGE.replace(":name: stamped", ":name: again"))
    project.write("index.rst", "Title\n=====\n\n.. toctree::\n\n   deep/page\n")
    page = Tags(project.build(builder) / path)
    for address in [
        *(image["src"] for image in page.of("img", "convviz")),
        *(source["srcset"] for source in page.of("source")),
        *(frame["src"] for frame in page.of("iframe")),
    ]:
        page.file(address)
    assert len(page.of("img", "convviz")) == 2


def test_pages_that_several_processes_read_are_the_same(project: Project) -> None:
    for number in range(6):
        project.write(f"page{number}.rst", f"P{number}\n==\n\n.. convviz:: conv -i 4 -k 3 --seed {number % 2}\n{SMALL}")
    listed = "\n".join(f"   page{number}" for number in range(6))
    project.write("index.rst", f"Title\n=====\n\n.. toctree::\n\n{listed}\n")
    built = project.build(parallel=2)
    assert project.warnings == ""
    names = [Tags(built / f"page{number}.html").of("img", "convviz")[0]["src"] for number in range(6)]
    assert len(set(names)) == 2
    assert len(list((built / "_images").iterdir())) == 8


# other builders


def test_latex_gets_a_pdf_and_no_gif(built: Project) -> None:
    folder = built.folder("latex")
    text = (folder / "p.tex").read_text(encoding="utf-8")
    names = re.findall(r"\\sphinxincludegraphics(?:\[(.+?)\])?\{\{(.+?)\}(\.\w+)\}", text)
    assert [ending for _, _, ending in names] == [".pdf"] * 3
    assert names[0][0] == "width=0.500\\linewidth"
    assert all((folder / f"{name}{ending}").read_bytes().startswith(b"%PDF-1.") for _, name, ending in names)
    assert not list(folder.glob("*.gif"))
    assert "stamps the \\sphinxstyleemphasis{kernel}" in text


def test_an_e_book_gets_stills(project: Project) -> None:
    built = project.build("epub")
    assert project.warnings == ""
    page = Tags(built / "index.xhtml")
    images = [image for image in page.of("img") if image.get("alt") in STILLS]
    assert len(images) == 3
    assert [page.file(image["src"]).suffix for image in images] == [".png"] * 3
    assert [brightness(page.file(image["src"])) > 128 for image in images] == [True, False, True]
    assert not page.of("iframe")


@pytest.mark.parametrize("builder", ["text", "man", "gettext", "xml", "dummy"])
def test_where_nothing_is_seen_nothing_is_drawn(
    builder: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Animation, "save_all", refuse)
    built = project.build(builder)
    assert project.warnings == ""
    if builder == "text":
        assert STAMPED in " ".join((built / "index.txt").read_text(encoding="utf-8").split())


# what is kept


def test_a_second_build_draws_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {file.name: file.read_bytes() for file in (project.build() / "_images").iterdir()}
    for module, name in (
        ("convviz.animation.animate", "animate"),
        ("convviz.animation.animation", "Animation.save_all"),
    ):
        monkeypatch.setattr(f"{module}.{name}", refuse)
    for file in (project.source.parent / "html" / "_images").iterdir():
        file.unlink()
    project.write("index.rst", f"{PAGE}\nMore words.\n")
    again = {file.name: file.read_bytes() for file in (project.build(fresh=True) / "_images").iterdir()}
    assert again == first
    assert project.warnings == ""


def test_builders_share_what_is_drawn_and_all_of_it_is_below_the_doctrees(built: Project) -> None:
    cache = built.folder("doctrees") / "convviz"
    assert {file.suffix for file in cache.iterdir()} == {".gif", ".png", ".html", ".json", ".pdf"}
    assert not [path for path in built.source.iterdir() if path.name != "index.rst"]


@pytest.mark.parametrize("change", ["words", "convviz.version.__version__", "importlib.metadata.version"])
def test_other_words_and_other_versions_are_drawn_anew(
    change: str, project: Project, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    project.write("index.rst", ONE)
    before = {file.name for file in (project.build() / "_images").iterdir()}
    if change == "words":
        project.write("index.rst", ONE.replace("-i 4", "-i 5"))
    else:
        monkeypatch.setattr(change, "99" if change.endswith("__") else "{}-99".format)
        request.addfinalizer(versions.cache_clear)
        versions.cache_clear()
    after = {Path(tag["src"]).name for tag in Tags(project.build() / "index.html").of("img", "convviz")}
    assert after
    assert not after & before


def test_a_page_is_drawn_anew_when_a_file_that_it_names_changes(project: Project) -> None:
    numbers = project.source / "deep" / "numbers.csv"
    project.write("deep/page.rst", f"P\n=\n\n.. convviz:: conv -k 2 --input-values numbers.csv\n{SMALL}")
    project.write("deep/numbers.csv", "1,2,3\n4,5,6\n7,8,9\n")
    project.write("index.rst", "Title\n=====\n\n.. toctree::\n\n   deep/page\n")

    def shown() -> tuple[str, str]:
        (image,) = Tags(project.build() / "deep" / "page.html").of("img", "convviz")
        return image["src"], image["alt"]

    first = shown()
    numbers.write_text("9,2,3\n4,5,6\n7,8,9\n", encoding="utf-8")
    os.utime(numbers, (2e9, 2e9))
    second = shown()
    assert first[0] != second[0]
    assert first[1] != second[1], "the first sum is another"


# what is refused


WRONG = {
    "conv -i 4 -k 7": "kernel 7 does not fit",
    "conv -i 4 --strid 7": "there is no option --strid; did you mean --stride?",
    "conv -i x": "is not a whole number",
    "explain conv": "there is no drawing command 'explain'; begin with",
    "views": "there is no drawing command 'views'",
    "conv -o x.gif": "--output has no meaning here",
    "conv --for github": "--for has no meaning here",
    "conv --fps 3": "--fps has no meaning here",
    'conv "-i 4': "No closing quotation",
    "conv --input-values missing.csv": "missing.csv",
    "conv --view nowhere": "there is no view 'nowhere'",
    "conv --theme pink": "there is no theme 'pink'",
    "preset nowhere": "nowhere",
    "conv --help": "there is no option --help",
    "conv -i": "-i needs a value: N|RxC",
    "conv --1d=yes": "--1d takes no value",
    "conv 5": "unexpected argument '5'",
    "preset": "preset needs an argument: NAME",
    "conv -i 4 --frame 99": "there is no frame 99",
    "conv -i 4 --loop -1": "loop: expected 0 (forever) to 65536, got -1",
}


def test_what_cannot_be_drawn_is_said_with_its_line_and_all_at_once(project: Project) -> None:
    text = "Title\n=====\n\n" + "".join(f".. convviz:: {words}\n\n" for words in WRONG)
    project.write("index.rst", text)
    built = project.build()
    lines = {f".. convviz:: {words}": 4 + 2 * index for index, words in enumerate(WRONG)}
    assert [text.splitlines()[line - 1] for line in lines.values()] == list(lines)
    said = project.said()
    assert sorted((file, line) for file, line, _ in said) == [("index.rst", line) for line in sorted(lines.values())]
    by_line = {line: complaint for _, line, complaint in said}
    for line, (words, expected) in zip(lines.values(), WRONG.items(), strict=True):
        assert expected in by_line[line], words
    assert "Traceback" not in project.warnings
    assert not Tags(built / "index.html").of("img", "convviz")


def test_options_of_the_directive_are_refused_with_its_line(project: Project) -> None:
    wrong = ["strid: 2", "stride: x", "align: up", "width: far", "bare: yes", "stride:", "output: x.gif"]
    blocks = "".join(f".. convviz:: conv\n   :{option}\n\n" for option in wrong)
    project.write("index.rst", f"Title\n=====\n\n{blocks}")
    project.build()
    assert [line for _, line, _ in project.said()] == [4 + 3 * index for index in range(len(wrong))]


def test_a_file_that_cannot_be_written_leaves_the_alt_text(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.build("text")

    def full(*_: Any, **__: Any) -> Any:
        raise ConvvizError("the disk is full")

    monkeypatch.setattr(Animation, "save_all", full)
    built = project.build()
    assert project.said() == [("index.rst", line, "convviz: the disk is full") for line in (4, 19, 29)]
    assert STAMPED in (built / "index.html").read_text(encoding="utf-8").replace("&#x27;", "'")


def test_weak_colours_are_warned_of_each_time_the_page_is_read(project: Project) -> None:
    project.write("pale.toml", 'text = "#dddddd"\n')
    project.write("index.rst", f"Title\n=====\n\n.. convviz:: conv -i 4 -k 3\n   :theme: pale.toml\n{SMALL}")
    for _ in range(2):
        page = Tags(project.build(fresh=True) / "index.html")
        ((file, line, text),) = project.said()
        assert (file, line) == ("index.rst", 4)
        assert "text #dddddd on #ffffff is hard to read" in text
        assert page.file(page.of("img", "convviz")[0]["src"])


# words


def test_every_long_option_that_draws_is_an_option_of_the_directive() -> None:
    known = set(Convviz.option_spec)
    elsewhere = {"output", "format", "platform", "alt", "embed", "profile", "fps", "match", "as_json", "force", "open"}
    for name in DRAWING_COMMANDS:
        for param in main.commands[name].params:
            if isinstance(param, Option) and param.name not in elsewhere:
                assert {word[2:] for word in param.opts + param.secondary_opts if word.startswith("--")} <= known
    assert not {"output", "for", "fps", "embed", "profile", "format"} & known


OPTIONS: dict[str, Callable[[], Animation]] = {
    "conv -i 6x5\n   :kernel: 3x2\n   :stride: 2x1\n   :padding: 0,1": lambda: animate(
        Conv((6, 5), (3, 2), (2, 1), ((0, 1), (0, 1)))
    ),
    "conv\n   :1d:\n   :input: 8": lambda: animate(Conv((8,), (3,))),
    "conv -i 5\n   :no-numbers:\n   :frame: last": lambda: animate(Conv(5, 3), numbers=False),
    "conv -i 5 -k 1\n   :bias: -1": lambda: animate(Conv(5, 1), bias=[-1]),
}


@pytest.mark.parametrize("words", OPTIONS)
def test_options_mean_what_they_mean_on_the_command_line(words: str, project: Project) -> None:
    project.write("index.rst", f"Title\n=====\n\n.. convviz:: {words}\n")
    page = Tags(project.build() / "index.html")
    assert project.warnings == ""
    (image,) = page.of("img", "convviz")
    assert image["alt"] == OPTIONS[words]().alt_text


def test_a_stack_and_a_preset_are_drawn(project: Project) -> None:
    stack = '.. convviz:: stack "conv k3 s2 p1" "conv k3"\n   :input: 12\n   :frames: 2\n'
    project.write("index.rst", f"Title\n=====\n\n{stack}{SMALL}\n.. convviz:: preset dilation\n   :frames: 2\n{SMALL}")
    one, other = Tags(project.build() / "index.html").of("img", "convviz")
    assert project.warnings == ""
    assert "2 layers in a row" in one["alt"]
    assert "dilation 2" in other["alt"]


def test_a_filmstrip_stands_where_nothing_moves(project: Project, tmp_path: Path) -> None:
    project.write("index.rst", f"Title\n=====\n\n.. convviz:: conv -i 4 -k 3 --filmstrip 3\n{SMALL}")
    page = Tags(project.build() / "index.html")
    strip = animate(Conv(4, 3), theme="light", size=(640, 360), pace="even", motion="none").save(
        tmp_path / "strip.png", filmstrip=3
    )
    assert page.file(page.of("source")[1]["srcset"]).read_bytes() == strip.read_bytes()
    with Image.open(page.file(page.of("img", "convviz")[0]["src"])) as image:
        assert (image.size, image.n_frames) == ((640, 360), 4)  # type: ignore[attr-defined]


def test_sphinx_is_imported_by_nobody_else() -> None:
    code = "import sys, convviz, convviz.cli.main; sys.exit('sphinx' in sys.modules or 'docutils' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
