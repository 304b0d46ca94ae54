"""Decks: opened again with python-pptx, movies decoded, timing read; failures leave an older file as it was."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pptx
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from convviz import Animation, ConvvizError, ExportError, __version__
from convviz.cli.deck import deck as command
from convviz.export.metadata import read as read_info
from convviz.publish.pptx import write
from convviz.publish.pptx_slide import CAPTION, PICTURE, SLIDE, TITLE, Area, largest_font_size, without_header_texts
from convviz.recipes.reader import Recipe, read

OLD = b"the older file"
RECIPES = """\
[defaults]
size = "640x360"
frames = 5
pace = "even"
motion = "none"

[upsampling]
kind = "transposed"
input = 3
kernel = 3
stride = 2
padding = 1
title = "Why a stride of 2 doubles the output"
notes = "First ask:\\nhow large is it?"
frame = 13

[rectangle]
kind = "conv"
theme = "dark"
input = "4x5"
kernel = "3x2"
size = "480x480"
caption = "An 'input' of <4×5> & a kernel"

[dilation]
kind = "preset"
preset = "dilation"
frames = 4
"""
NAMES = ("upsampling", "rectangle", "dilation")
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


DECK_OF_ONE = '[one]\nkind = "conv"\ninput = 3\nkernel = 2\nsize = "320x240"\n'


def test_a_deck_replaces_neither_its_recipes_nor_what_others_saved(tmp_path: Path) -> None:
    recipes, deck = tmp_path / "talk.pptx", tmp_path / "deck.pptx"
    recipes.write_text(DECK_OF_ONE, encoding="utf-8")
    done = CliRunner().invoke(command, [str(recipes), "--gif", "--force"])
    assert isinstance(done.exception, ExportError)
    assert "is what the picture is made from" in str(done.exception)
    assert recipes.read_text(encoding="utf-8") == DECK_OF_ONE
    write(read(recipes), deck, gif=True)
    write(read(recipes), deck, gif=True, force=False)
    edited = pptx.Presentation(str(deck))
    edited.core_properties.modified = datetime(2026, 1, 1)
    edited.save(str(deck))
    with pytest.raises(ExportError, match="convviz did not write it; choose another name, or add --force"):
        write(read(recipes), deck, gif=True, force=False)
    write(read(recipes), deck, gif=True)


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> list[Recipe]:
    path = tmp_path_factory.mktemp("recipes") / "talk.toml"
    path.write_text(RECIPES, encoding="utf-8")
    return read(path)


@pytest.fixture(scope="module")
def written(recipes: list[Recipe], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(recipes, tmp_path_factory.mktemp("deck") / "talk.pptx")


@pytest.fixture(scope="module")
def with_gifs(recipes: list[Recipe], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(recipes, tmp_path_factory.mktemp("gifs") / "talk.pptx", gif=True)


def slides(path: Path) -> list[Any]:
    return list(pptx.Presentation(str(path)).slides)


def picture_of(slide: Any) -> Any:
    """The only picture or movie of a slide."""
    (shape,) = [shape for shape in slide.shapes if shape.element.tag == f"{P}pic"]
    return shape


def related(slide: Any, kind: str) -> bytes:
    """What the only relationship of that kind leads to."""
    (relation,) = [r for r in slide.part.rels.values() if r.reltype.endswith(f"/{kind}")]
    return bytes(relation.target_part.blob)


def inches(shape: Any) -> Area:
    return Area(*(length / 914_400 for length in (shape.left, shape.top, shape.width, shape.height)))


# what stands on the slides


def test_a_slide_for_each_recipe_in_their_order_at_16_to_9(written: Path) -> None:
    presentation = pptx.Presentation(str(written))
    assert [picture_of(slide).name for slide in presentation.slides] == list(NAMES)
    assert (presentation.slide_width, presentation.slide_height) == (12_192_000, 6_858_000)
    with zipfile.ZipFile(written) as file:
        assert b"4x3" not in file.read("ppt/presentation.xml")


def test_titles_are_real_titles(written: Path) -> None:
    titles = ["Why a stride of 2 doubles the output", "Convolution", "Convolution"]
    assert [slide.shapes.title.text_frame.text for slide in slides(written)] == titles
    assert all(slide.shapes.title.is_placeholder for slide in slides(written))


def test_captions_alt_texts_and_notes(written: Path, recipes: list[Recipe]) -> None:
    found = slides(written)
    captions = [next(s.text_frame.text for s in slide.shapes if s.name == "Caption") for slide in found]
    assert captions == ["input 3×3 → output 5×5", "An 'input' of <4×5> & a kernel", "input 7×7 → output 3×3"]
    for slide, recipe in zip(found, recipes, strict=True):
        words = picture_of(slide).element.nvPicPr.cNvPr.get("descr")
        assert words == recipe.animate().alt_text
        assert len(words) > 20
        assert picture_of(slide).element.nvPicPr.cNvPr.get("title") == recipe.title
    assert found[0].notes_slide.notes_text_frame.text == "First ask:\nhow large is it?"
    assert [slide.has_notes_slide for slide in found] == [True, False, False]


def test_things_stand_apart_inside_the_slide_and_are_read_from_the_top_down(written: Path) -> None:
    for slide, size in zip(slides(written), [(640, 360), (480, 480), (640, 360)], strict=True):
        shapes = list(slide.shapes)
        assert [shape.name for shape in shapes][1:] == [picture_of(slide).name, "Caption"]
        title, picture, caption = map(inches, shapes)
        assert title.y > 0
        assert title.y + title.h <= picture.y + 1e-6
        assert picture.y + picture.h <= caption.y + 1e-6
        assert caption.y + caption.h < SLIDE.h
        assert picture.w / picture.h == pytest.approx(size[0] / size[1], rel=1e-4)
        assert picture.h > 0.75 * SLIDE.h
        for area in (title, picture, caption):
            assert area.x >= 0.4
            assert area.x + area.w / 2 == pytest.approx(SLIDE.w / 2, abs=1e-4)


def test_colours_are_those_of_the_pictures_theme(written: Path, recipes: list[Recipe]) -> None:
    grounds = []
    for slide, recipe in zip(slides(written), recipes, strict=True):
        theme = recipe.animate().display_list.theme
        grounds.append(str(slide.background.fill.fore_color.rgb))
        assert grounds[-1] == theme.background[1:].upper()
        (run,) = slide.shapes.title.text_frame.paragraphs[0].runs
        assert str(run.font.color.rgb) == theme.text[1:].upper()
        with Image.open(BytesIO(related(slide, "image"))) as poster:
            assert "{:02X}{:02X}{:02X}".format(*poster.convert("RGB").getpixel((2, 2))) == grounds[-1]
    assert grounds == ["FFFFFF", "0E1116", "FFFFFF"]


# movies


def test_movies_are_those_of_the_animation_and_can_be_decoded(
    written: Path, recipes: list[Recipe], tmp_path: Path
) -> None:
    for slide, recipe in zip(slides(written), recipes, strict=True):
        movie = tmp_path / "movie.mp4"
        movie.write_bytes(related(slide, "video"))
        assert movie.read_bytes() == related(slide, "media")
        count, seconds = imageio_ffmpeg.count_frames_and_secs(movie)
        assert count == round(recipe.animate().seconds * 10)
        assert seconds == pytest.approx(recipe.animate().seconds, abs=0.05)


def test_a_movie_is_byte_for_byte_what_save_writes(written: Path, recipes: list[Recipe], tmp_path: Path) -> None:
    shown = related(slides(written)[2], "video")
    whole = recipes[2].animate().save(tmp_path / "whole.mp4").read_bytes()
    bare = without_header_texts(recipes[2].animate(), ("Convolution", recipes[2].caption))
    assert bare.save(tmp_path / "bare.mp4").read_bytes() == shown != whole


def test_what_the_slide_says_is_left_out_of_the_picture(written: Path, recipes: list[Recipe], tmp_path: Path) -> None:
    """The rows of pixels where title and sizes stand are empty exactly where the slide says them."""
    for slide, recipe in zip(slides(written), recipes, strict=True):
        with Image.open(BytesIO(related(slide, "image"))) as opened:
            poster = opened.convert("RGB")
        header = [t for t in recipe.animate().display_list.layout.texts if t.style in ("title", "sizes")]
        assert len(header) == 2
        for text in header:
            box = text.box
            inked = len(poster.crop((box.x, box.y, box.right, box.bottom)).getcolors() or []) > 1
            assert inked is (text.text not in (recipe.title, recipe.caption)), text.text


def test_posters_are_the_frame_asked_for_at_the_size_of_the_picture(
    written: Path, recipes: list[Recipe], tmp_path: Path
) -> None:
    for slide, recipe in zip(slides(written), recipes, strict=True):
        bare = without_header_texts(recipe.animate(), (recipe.title, recipe.caption))
        wanted = bare.save(tmp_path / "still.png", frame=recipe.frame).read_bytes()
        assert related(slide, "image") == wanted
        with Image.open(BytesIO(wanted)) as poster:
            assert poster.size == recipe.animate().display_list.layout.size
    first, other = (recipes[0].animate().save(tmp_path / f"{n}.png", frame=n).read_bytes() for n in (7, 13))
    assert first != other


def test_the_movie_starts_with_the_slide_repeats_and_pauses_on_a_click(written: Path, recipes: list[Recipe]) -> None:
    for slide, recipe in zip(slides(written), recipes, strict=True):
        (timing,) = slide.element.iter(f"{P}timing")
        order = [child.tag for child in slide.element]
        assert order.index(f"{P}timing") == order.index(f"{P}clrMapOvr") + 1
        shape = str(picture_of(slide).shape_id)
        assert {target.get("spid") for target in timing.iter(f"{P}spTgt")} == {shape}
        ids = [node.get("id") for node in timing.iter(f"{P}cTn")]
        assert len(ids) == len(set(ids)) == 12
        check_starts(timing, round(recipe.animate().seconds * 1000))
        (node,) = timing.iter(f"{P}cMediaNode")
        assert node.getparent().tag == f"{P}video"
        assert node.find(f"{P}cTn").get("repeatCount") == "indefinite"
        (pause,) = [command for command in timing.iter(f"{P}cmd") if command.get("cmd") == "togglePause"]
        assert any(n.get("nodeType") == "interactiveSeq" for n in pause.iterancestors(f"{P}cTn"))


def check_starts(timing: Any, lasts: int) -> None:
    """`playFrom(0.0)` after nothing, in the main sequence, whose beginning it waits for."""
    (play,) = [command for command in timing.iter(f"{P}cmd") if command.get("cmd") == "playFrom(0.0)"]
    assert play.find(f"{P}cBhvr/{P}cTn").get("dur") == str(lasts)
    above = list(play.iterancestors(f"{P}cTn"))
    assert above[0].get("nodeType") == "afterEffect"
    main = next(node for node in above if node.get("nodeType") == "mainSeq")
    (begin,) = [cond for cond in above[2].iter(f"{P}cond") if cond.get("evt") == "onBegin"]
    assert begin.find(f"{P}tn").get("val") == main.get("id")


def test_gifs_take_the_place_of_movies(with_gifs: Path, recipes: list[Recipe], tmp_path: Path) -> None:
    for slide, recipe in zip(slides(with_gifs), recipes, strict=True):
        bare = without_header_texts(recipe.animate(), (recipe.title, recipe.caption))
        assert related(slide, "image") == bare.save(tmp_path / "a.gif").read_bytes()
        assert picture_of(slide).element.nvPicPr.cNvPr.get("descr") == recipe.animate().alt_text
        assert picture_of(slide).name == recipe.name
        assert not list(slide.element.iter(f"{P}timing"))
    with zipfile.ZipFile(with_gifs) as file:
        assert not [name for name in file.namelist() if name.endswith((".mp4", ".png"))]


# the file


def test_the_same_recipes_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.toml").write_text(RECIPES, encoding="utf-8")
    imports = "import sys; from convviz.publish import pptx; from convviz.recipes import reader"
    code = f"{imports}; pptx.write(reader.read(sys.argv[1]), sys.argv[2])"
    for seed in ("1", "2"):
        words = [sys.executable, "-c", code, str(tmp_path / "talk.toml"), str(tmp_path / f"{seed}.pptx")]
        subprocess.run(words, check=True, env=os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"})
    assert (tmp_path / "1.pptx").read_bytes() == (tmp_path / "2.pptx").read_bytes() == written.read_bytes()


def test_nobody_is_named_and_all_dates_are_one(written: Path) -> None:
    about = pptx.Presentation(str(written)).core_properties
    assert about.author == about.last_modified_by == ""
    assert about.keywords == f"convviz {__version__}"
    assert about.created.replace(tzinfo=None) == about.modified.replace(tzinfo=None) == datetime(1980, 1, 1)
    assert about.title == "Why a stride of 2 doubles the output"
    with zipfile.ZipFile(written) as file:
        assert file.testzip() is None
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(file.namelist()) == len(set(file.namelist()))
        assert not [name for name in file.namelist() if "printer" in name or "thumbnail" in name]
        everything = b"".join(file.read(name) for name in file.namelist())
    for word in (str(written.parent), os.path.expanduser("~") + os.sep, "Canny", "talk.toml"):
        assert word.encode() not in everything, word


def test_every_part_is_named_and_every_relationship_leads_to_one(written: Path) -> None:
    with zipfile.ZipFile(written) as file:
        names = set(file.namelist())
        types = file.read("[Content_Types].xml").decode()
        for name in names:
            suffix = name.rpartition(".")[2]
            assert f'PartName="/{name}"' in types or f'Extension="{suffix}"' in types, name
        for name in (name for name in names if name.endswith(".rels")):
            folder = Path(name).parent.parent
            for target in re.findall(r'Target="([^"]+)"(?! TargetMode="External")', file.read(name).decode()):
                path = os.path.normpath(target if target.startswith("/") else folder / target).replace(os.sep, "/")
                assert path.lstrip("/") in names, (name, target)


def test_placeholders_of_the_template_are_as_wide_as_the_slide(written: Path) -> None:
    """Slides that are added by hand look right, too."""
    presentation = pptx.Presentation(str(written))
    for page in (presentation.slide_master, *presentation.slide_layouts):
        for shape in page.placeholders:
            assert shape.left >= 0
            assert shape.left + shape.width <= presentation.slide_width
    titles = [shape for shape in presentation.slide_master.placeholders if shape.placeholder_format.type == 1]
    assert titles[0].left * 2 + titles[0].width == pytest.approx(presentation.slide_width, abs=4)


@pytest.mark.parametrize("length", [5, 40, 90, 200])
def test_long_titles_and_captions_get_smaller_until_they_fit(length: int) -> None:
    for area, points in ((TITLE, 30), (CAPTION, 16)):
        size = largest_font_size("n" * length, area, points)
        assert 10 <= size <= points
        lines = -(-length * 0.6 * size // (area.w * 72))  # as wide as bold Liberation Sans
        assert lines * size <= area.h * 72
    assert largest_font_size("n" * 5, TITLE, 30) == 30
    assert largest_font_size("n" * 200, TITLE, 30) < 20


def test_areas_keep_proportions() -> None:
    wide, tall = PICTURE.fit((2000, 10)), PICTURE.fit((10, 2000))
    assert wide.w == pytest.approx(PICTURE.w)
    assert wide.w / wide.h == pytest.approx(200)
    assert tall.h == pytest.approx(PICTURE.h)
    assert tall.x + tall.w / 2 == pytest.approx(PICTURE.x + PICTURE.w / 2)


def test_a_template_gives_its_master_and_none_of_its_slides(recipes: list[Recipe], tmp_path: Path) -> None:
    mine = pptx.Presentation()  # 4:3
    mine.slides.add_slide(mine.slide_layouts[0]).shapes.title.text = "Old"
    mine.slide_layouts[5].name = "My own"
    mine.save(str(tmp_path / "mine.pptx"))
    made = pptx.Presentation(str(write(recipes, tmp_path / "talk.pptx", gif=True, template=tmp_path / "mine.pptx")))
    assert [slide.shapes.title.text for slide in made.slides] == [recipe.title for recipe in recipes]
    for slide in made.slides:
        assert slide.slide_layout.name == "My own"
        assert [shape.placeholder_format.idx for shape in slide.placeholders] == [0]
        picture, title = picture_of(slide), slide.shapes.title
        assert title.top + title.height <= picture.top
        assert picture.left >= 0
        assert picture.left + picture.width <= made.slide_width
        assert picture.top + picture.height <= made.slide_height
        assert slide.background.fill.type is None or slide.background.fill.type == 5  # inherited
    again = write(recipes, tmp_path / "again.pptx", gif=True, template=tmp_path / "mine.pptx")
    assert again.read_bytes() == (tmp_path / "talk.pptx").read_bytes()


def test_a_template_that_is_none_is_refused(recipes: list[Recipe], tmp_path: Path) -> None:
    (tmp_path / "words.pptx").write_text("words")
    for name, problem in (("none.pptx", "does not exist"), ("words.pptx", "cannot read the template")):
        with pytest.raises(ExportError, match=problem):
            write(recipes, tmp_path / "talk.pptx", gif=True, template=tmp_path / name)
    with pytest.raises(ExportError, match="is what the picture is made from"):
        write(recipes, tmp_path / "words.pptx", gif=True, template=tmp_path / "words.pptx")


# failures


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "talk.pptx"
    path.write_bytes(OLD)
    return path


def check_untouched(path: Path) -> None:
    assert path.read_bytes() == OLD
    assert [other.name for other in path.parent.iterdir() if other.name.startswith(".")] == []


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError, RuntimeError])
def test_a_failure_leaves_the_older_file(kind: type[BaseException], recipes: list[Recipe], older: Path) -> None:
    def fail(done: int) -> None:
        assert [name.name for name in older.parent.iterdir() if name.name.startswith(".")], "something is being written"
        if done == 2:
            raise kind("stop")

    with pytest.raises(ExportError if kind is OSError else kind):
        write(recipes, older, progress=fail)
    check_untouched(older)


def test_an_encoder_that_is_missing_leaves_the_older_file(
    recipes: list[Recipe], older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(ExportError, match="ffmpeg"):
        write(recipes, older)
    check_untouched(older)


def without_pptx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing python-pptx fails, and so does drawing."""
    monkeypatch.setitem(sys.modules, "pptx", None)
    monkeypatch.setattr(Animation, "save", lambda *_, **__: pytest.fail("something is drawn"))


def test_a_missing_python_pptx_is_one_sentence(
    recipes: list[Recipe], older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pptx(monkeypatch)
    with pytest.raises(ExportError, match="pip install python-pptx") as caught:
        write(recipes, older)
    assert len(str(caught.value).splitlines()) == 1
    check_untouched(older)


def test_a_deck_says_how_each_slide_was_made(recipes: list[Recipe], tmp_path: Path) -> None:
    found = read_info(write(recipes, tmp_path / "talk.pptx", gif=True))
    assert found["convviz"] == __version__
    assert found["parameters"]["slides"] == [recipe.animate().provenance.command for recipe in recipes]


@pytest.mark.parametrize("name", ["talk.ppt", "talk", "talk.pptx.zip", "talk.mp4"])
def test_other_suffixes_are_refused(name: str, recipes: list[Recipe], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"must end in \.pptx"):
        write(recipes, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_places_where_no_file_can_stand_are_refused(recipes: list[Recipe], tmp_path: Path) -> None:
    for path, words in ((tmp_path / "no" / "a.pptx", "does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(ExportError, match=words):
            write(recipes, path)


def test_a_deck_without_slides_is_refused(older: Path) -> None:
    with pytest.raises(ExportError, match="at least one slide"):
        write([], older)
    check_untouched(older)


def test_what_cannot_be_a_movie_is_refused_before_anything_is_drawn(
    tmp_path: Path, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "odd.toml"
    odd = '[a]\nkind = "conv"\nsize = "641x360"\nframes = 2\n\n[b]\nkind = "conv"\n'
    path.write_text(f'{odd}[c]\nkind = "conv"\ntransparent = true\nframes = 2\nsize = "640x360"\n')
    found = read(path)
    write([found[0], found[2]], tmp_path / "gif.pptx", gif=True)
    monkeypatch.setattr(Animation, "save", lambda *_, **__: pytest.fail("something is drawn"))
    with pytest.raises(ExportError) as caught:
        write(found, older)
    first, second = str(caught.value).splitlines()
    assert first == (
        f'{path}:1: [a] a movie needs an even width and height, not 641x360; use size = "642x360", or --gif'
    )
    assert second == f"{path}:8: [c] a movie cannot be transparent; leave transparent out, or use --gif"
    check_untouched(older)


# the command


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words, prog_name="convviz deck")


def test_the_command_writes_the_deck_and_says_so(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("talk.toml").write_text(RECIPES, encoding="utf-8")
    result = run("talk.toml")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    size = written.stat().st_size
    shown = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{round(size / 1e3)} kB"
    assert re.fullmatch(rf"talk\.pptx: 3 slides, {shown}, drawn in [\d.]+ s\n", result.stdout), result.stdout
    assert Path("talk.pptx").read_bytes() == written.read_bytes()


def test_the_command_takes_a_name_and_gifs(with_gifs: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.toml").write_text(RECIPES, encoding="utf-8")
    target = tmp_path / "other.pptx"
    result = run(str(tmp_path / "talk.toml"), "--gif", "-o", str(target))
    assert result.stdout.startswith(f"{target}: 3 slides, ")
    assert target.read_bytes() == with_gifs.read_bytes()


def test_a_single_slide_is_said_in_the_singular(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('[a]\nkind = "conv"\nframes = 2\nsize = "640x360"')
    assert ": 1 slide, " in run(str(tmp_path / "one.toml")).stdout


def test_the_command_raises_what_its_group_turns_into_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[a]\nkind = "conv"\nkernel = 9')
    result = run(str(tmp_path / "bad.toml"))
    assert isinstance(result.exception, ConvvizError)
    assert not list(tmp_path.glob("*.pptx"))


def test_weak_contrasts_of_ones_own_theme_are_warned_of_once(tmp_path: Path) -> None:
    (tmp_path / "pale.toml").write_text('text = "#eeeeee"\n')
    picture = 'kind = "conv"\ntheme = "pale.toml"\nframes = 2\nsize = "640x360"\n'
    (tmp_path / "talk.toml").write_text(f"[a]\n{picture}[b]\n{picture}")
    result = run(str(tmp_path / "talk.toml"))
    assert result.exit_code == 0, result.output
    lines = result.stderr.splitlines()
    assert lines
    assert len(lines) == len(set(lines))
    assert all(line.startswith("Warning: ") for line in lines)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal to write to")
def test_progress_is_shown_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "talk.toml").write_text(RECIPES, encoding="utf-8")
    ours, theirs = os.openpty()
    words = [sys.executable, "-c", "from convviz.cli.deck import deck; deck()", "talk.toml"]
    subprocess.run(words, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "drawing" in shown
    assert "100%" in shown


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_opens_it_and_finds_as_many_pages(written: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(written)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "talk.pdf").read_bytes())
    assert len(pages) == 3
