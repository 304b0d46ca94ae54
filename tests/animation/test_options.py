"""One's own colours, fonts, titles and sizes, and pictures that leave things out."""

from __future__ import annotations

import warnings
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import get_data_path
from PIL import Image

from convviz import Animation, Conv, ConvTranspose, ConvvizError, PictureError, animate
from convviz.animation.options import PART_HELP
from convviz.render.compositor import frame_stream
from convviz.render.fonts import measure
from convviz.scene.model import PARTS
from convviz.style.colours import contrast
from convviz.style.theme import MIN_TEXT_CONTRAST, THEMES
from convviz.style.theme_file import contrast_warnings, read_theme
from convviz.text.parsing import PICTURE_SIZES
from tests.cli.test_cli import _in_a_folder_of_its_own, drawn, run
from tests.layout.test_lay_out import problems

__all__ = ["_in_a_folder_of_its_own"]
SERIF = Path(get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf")


def pixels(animation: Animation) -> np.ndarray[Any, Any]:
    stream = frame_stream(animation.display_list)
    for frame in stream.frames:
        last = frame.pixels
    return stream.palette[last]


# Parts


def test_the_options_name_every_part() -> None:
    assert tuple(PART_HELP) == PARTS


@cache
def pictured(view: Any, without: tuple[Any, ...]) -> Animation:
    return animate(ConvTranspose(3, 3, 2, 1), view, without=without)


@pytest.mark.parametrize("without", [parts for count in (1, 2, 5, 6) for parts in combinations(PARTS, count)], ids=str)
@pytest.mark.parametrize("view", ["slide", "steps"])
def test_pictures_leave_out_what_they_are_told_to(without: tuple[str, ...], view: str) -> None:
    whole, less = (pictured(view, parts) for parts in ((), without))
    sheet = less.display_list.layout
    assert problems(sheet, less.scene) == []
    assert bool(sheet.badges) is ("header" not in without)
    assert bool(sheet.legend) is ("legend" not in without)
    assert bool(sheet.caption) is ("caption" not in without)
    assert bool(sheet.counter) is ("counter" not in without)
    assert bool(sheet.progress) is ("bar" not in without)
    formula = less.scene.formulas[0].variants()[0]
    assert (formula in [text.text for text in sheet.texts]) is ("formulas" not in without)
    assert sheet.grids[0].pitch >= whole.display_list.layout.grids[0].pitch, "the cells get the room"


def test_a_bare_picture_is_cells_and_captions() -> None:
    drawn("conv", "-i", "5", "-k", "3", "--bare", "-o", "bare.svg")
    text = Path("bare.svg").read_text(encoding="utf-8").partition("</metadata>")[2]
    assert "output 3×3" in text
    for word in ("Convolution", "i = 5", "kernel window", "y[", " / 9"):
        assert word not in text


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PictureError, match=r"without: expected some of header, legend, formulas, .*, got 'title'"):
        animate(Conv(5, 3), without=["title"])


# Sizes and titles


@pytest.mark.parametrize(("name", "size"), PICTURE_SIZES.items())
def test_sizes_have_names(name: str, size: tuple[int, int]) -> None:
    drawn("conv", "-i", "3", "-k", "2", "--size", name, "-o", "a.png")
    with Image.open("a.png") as image:
        assert image.size == size


def test_a_scale_multiplies_the_pixels() -> None:
    drawn("conv", "-i", "3", "-k", "2", "--size", "640x360", "--scale", "3", "-o", "a.png")
    with Image.open("a.png") as image:
        assert image.size == (1920, 1080)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--size", "16:10"], "nor one of 16:9, 4:3, 1:1, 9:16, hd, 4k"),
        (["--scale", "0"], "scale: expected 1 to 8, got 0"),
        (["--size", "4k", "--scale", "3"], "8192 pixels per side, got 3840x2160 at scale 3, which is 11520x6480"),
        (["--theme", "lite"], "there is no theme 'lite'; use light, dark, print"),
        (["--theme", "missing.toml"], "the file missing.toml does not exist"),
        (["--font", "DejaVu Serff"], "there is no font 'DejaVu Serff' on this machine; did you mean DejaVu Serif"),
        (["--font", "missing.ttf"], "the font missing.ttf cannot be read: No such file or directory\n"),
    ],
)
def test_looks_that_cannot_be_are_refused(words: list[str], said: str) -> None:
    result = run("conv", "-i", "3", "-k", "2", *words, "-o", "a.png")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path("a.png").exists()


def test_a_title_of_ones_own_stands_in_the_picture_and_in_the_file() -> None:
    drawn("conv", "-i", "3", "-k", "2", "--title", "Why 23 <and> not 24?", "-o", "a.svg")
    text = Path("a.svg").read_text(encoding="utf-8")
    assert "<title>Why 23 &lt;and&gt; not 24?, input 3×3 → output 2×2</title>" in text
    assert ">Why 23 &lt;and&gt; not 24?</text>" in text


# Fonts


@pytest.mark.parametrize("font", ["DejaVu Serif", "dejavu serif", str(SERIF)])
def test_a_font_changes_words_and_their_widths_but_not_what_is_set_in_columns(font: str) -> None:
    plain, own = animate(Conv(3, 2)), animate(Conv(3, 2), font=font)
    assert own.display_list.theme.font == "DejaVu Serif"
    assert problems(own.display_list.layout, own.scene) == []
    titles = [next(text for text in one.display_list.layout.texts if text.style == "title") for one in (plain, own)]
    assert titles[0].width != titles[1].width == measure("Convolution", "bold@DejaVu Serif", titles[1].px)
    assert plain.display_list.layout.caption_length == own.display_list.layout.caption_length
    assert (pixels(plain) != pixels(own)).any()


def test_what_a_font_lacks_comes_from_dejavu() -> None:
    assert measure("→ ′ ⋆", "sans@STIXGeneral", 20) > 0
    animate(ConvTranspose(3, 3, 2, 1), font="cmr10")


# Colours

OWN = """base = "dark"
background = "#101820"
window = "#fa0"
tint = 0.4
[badges]
input = "#99ccff"
[cells.input]
fill = "#fee715"
[cells.padding]
dashes = "#FF00FF"
"""


def test_a_file_changes_what_it_says_and_keeps_the_rest() -> None:
    Path("campus.toml").write_text(OWN)
    theme, complaints = read_theme(Path("campus.toml"))
    dark = THEMES["dark"]
    assert not complaints
    assert (theme.name, theme.background, theme.window, theme.tint) == ("campus", "#101820", "#ffaa00", 0.4)
    assert theme.badges == {**dark.badges, "input": "#99ccff"}
    assert theme.cells["output"] == dark.cells["output"]
    assert theme.cells["padding"].dashes == "#ff00ff"
    assert contrast(theme.cells["input"].ink, "#fee715") >= MIN_TEXT_CONTRAST, "ink follows the fill"
    assert tuple(pixels(animate(Conv(3, 2), theme="campus.toml"))[0, 0]) == (0x10, 0x18, 0x20)


def test_our_own_themes_are_readable() -> None:
    assert [list(contrast_warnings(theme)) for theme in THEMES.values()] == [[], [], []]


def test_weak_contrasts_are_warned_of_and_drawn() -> None:
    Path("pale.toml").write_text('text = "#cccccc"\n[cells.input]\nfill = "#ffff00"\nink = "#ffffff"\n')
    result = run("conv", "-i", "3", "-k", "2", "--theme", "pale.toml", "-o", "a.png")
    assert result.exit_code == 0
    assert "Warning: pale.toml: text #cccccc on #ffffff is hard to read: contrast 1.6:1, use 4.5:1" in result.stderr
    assert "Warning: pale.toml: text in input cells #ffffff on #ffff00 is hard to read" in result.stderr
    assert Path("a.png").exists()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        animate(Conv(3, 2), theme=Path("pale.toml"))
    assert sum("hard to read" in str(one.message) for one in caught) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('backround = "#fff"\n', "own.toml:1: unknown key 'backround'; did you mean background?"),
        ('text = "red"\n', "own.toml:1: text: expected a colour such as \"#1b9e77\", got 'red'"),
        ("\ntint = 2\n", "own.toml:2: tint: expected a number from 0 to 1, got 2"),
        ('base = "blue"\n', "own.toml:1: there is no theme 'blue'; use light, dark, print"),
        ('[badges]\ninputs = "#fff"\n', "own.toml:2: unknown key 'inputs'; did you mean input?"),
        ('[cells.outputs]\nfill = "#fff"\n', "own.toml:1: unknown key 'outputs'; did you mean output?"),
        ('[cells.input]\nfil = "#fff"\n', "own.toml:2: unknown key 'fil'; did you mean fill?"),
        ("cells = 3\n", "own.toml:1: cells: expected a table; write [cells] on its own line"),
        ("text = \n", "own.toml:1: this is not TOML"),
    ],
)
def test_what_is_wrong_in_a_theme_is_named_with_its_line(text: str, said: str) -> None:
    Path("own.toml").write_text(text)
    with pytest.raises(ConvvizError) as caught:
        read_theme(Path("own.toml"))
    assert said in str(caught.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    Path("own.toml").write_text('text = "red"\nmuted = 3\nsize = 4\n')
    with pytest.raises(PictureError) as caught:
        read_theme(Path("own.toml"))
    assert str(caught.value).count("\n") == 2
