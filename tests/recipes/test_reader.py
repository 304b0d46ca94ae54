"""Recipes: every key means what the option of that name means, and everything wrong is said at once, with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from PIL import Image

from convviz import Animation, AvgPool, Conv, ConvTranspose, ConvvizError, MaxPool, animate
from convviz.cli.main import main
from convviz.layers.presets import preset
from convviz.recipes.fields import FIELDS
from convviz.recipes.reader import parse, read
from convviz.recipes.recipe import NEEDS, OWN, TAKES, Recipe
from convviz.recipes.sweep import spelled
from convviz.scene.model import PARTS


def written(folder: Path, text: str) -> Path:
    path = folder / "talk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def one(folder: Path, text: str) -> Recipe:
    (recipe,) = read(written(folder, text))
    return recipe


def problems(folder: Path, text: str) -> list[str]:
    """What is said about the file, without its path: `7: …`."""
    path = written(folder, text)
    with pytest.raises(ConvvizError) as caught:
        read(path)
    lines = str(caught.value).splitlines()
    assert all(re.match(rf"{re.escape(str(path))}:\d+: ", line) for line in lines), lines
    return [line.removeprefix(f"{path}:") for line in lines]


def same(one: Animation, other: Animation) -> bool:
    return one.scene == other.scene and one.display_list.layout == other.display_list.layout


# what the keys mean


PICTURES: dict[str, tuple[str, Callable[[], Animation]]] = {
    "conv": ('kind = "conv"', partial(animate, Conv(5, 3))),
    "transposed": (
        'kind = "transposed"\ninput = 3\nkernel = 3\nstride = 2\npadding = 1\nview = "scatter"',
        partial(animate, ConvTranspose(3, 3, 2, 1), "scatter"),
    ),
    "maxpool": ('kind = "maxpool"\ninput = 6', partial(animate, MaxPool(6, 2))),
    "avgpool": (
        'kind = "avgpool"\ninput = 5\nkernel = 3\nstride = 2\npadding = 1\ncount-include-pad = false',
        partial(animate, AvgPool(5, 3, 2, 1, count_include_pad=False)),
    ),
    "stack": (
        'kind = "stack"\ninput = 10\nlayers = ["conv k3 s2 p1", "transposed k4 s2 p1"]\nframes = 3',
        partial(animate, [Conv(10, 3, 2, 1), ConvTranspose(5, 4, 2, 1)], frames=3),
    ),
    "preset": (
        'kind = "preset"\npreset = "dilation"\nnumbers = false',
        partial(animate, preset("dilation"), numbers=False),
    ),
    "rows and columns": (
        'kind = "conv"\ninput = "4x6"\nkernel = "3x2"\nstride = [[1, 2]]\npadding = [[1, 0]]',
        partial(animate, Conv((4, 6), (3, 2), (1, 2), (1, 0))),
    ),
    "sides": ('kind = "conv"\npadding = "1,2x0,1"', partial(animate, Conv(5, 3, 1, ((1, 2), (0, 1))))),
    "sides as lists": (
        'kind = "conv"\npadding = [[[1, 2], [0, 1]]]',
        partial(animate, Conv(5, 3, 1, ((1, 2), (0, 1)))),
    ),
    "padding by name": ('kind = "conv"\nstride = 2\npadding = "same"', partial(animate, Conv(5, 3, 2, "same"))),
    "a line": (
        'kind = "conv"\ninput = 8\n1d = true\npadding = "0,1"',
        partial(animate, Conv((8,), (3,), 1, ((0, 1),))),
    ),
    "dashes": (
        'kind = "conv"\npadding = 1\npadding-mode = "reflect"\nmax-frames = 40',
        partial(animate, Conv(5, 3, 1, 1, padding_mode="reflect")),
    ),
    "output size": (
        'kind = "transposed"\ninput = 3\nstride = 2\npadding = 1\noutput_size = 6',
        partial(animate, ConvTranspose(3, 3, 2, 1, output=6)),
    ),
    "timing": ('kind = "conv"\nstep = 1\nhold = 0.5\nseed = 4', partial(animate, Conv(5, 3), step=1, hold=0.5, seed=4)),
    "size": (
        'kind = "conv"\nsize = "640x360"\nnumbers = true',
        partial(animate, Conv(5, 3), size=(640, 360), numbers=True),
    ),
    "parts left out": (
        'kind = "conv"\nno-legend = true\nno_bar = true\nno_caption = false',
        partial(animate, Conv(5, 3), without=("legend", "bar")),
    ),
    "bare": ('kind = "conv"\nbare = true\nscale = 2', partial(animate, Conv(5, 3), without=PARTS, scale=2)),
    "size as a list": ('kind = "conv"\nsize = [[640, 360]]', partial(animate, Conv(5, 3), size=(640, 360))),
    "numbers": (
        'kind = "conv"\ninput_values = [[1, -2.5, 3], [4, 5, 6]]\nkernel_values = [[1, -1]]\nbias = 2',
        partial(animate, Conv((2, 3), (1, 2)), x=np.array([[1, -2.5, 3], [4, 5, 6]]), w=np.array([[1, -1]]), bias=[2]),
    ),
    "numbers of a line": (
        'kind = "conv"\n1d = true\ninput-values = [1, 2, 3, 4]\nkernel-values = "1,2"',
        partial(animate, Conv((4,), (2,)), x=np.array([1, 2, 3, 4]), w=np.array([1, 2])),
    ),
    "a kernel's name": (
        'kind = "transposed"\ninput = 3\nstride = 2\nkernel_values = "bilinear"',
        partial(animate, ConvTranspose(3, 4, 2, 1), w="bilinear"),
    ),
    "channels": (
        'kind = "conv"\nchannels = 2\nout_channels = 2\nchannel = 1',
        partial(animate, Conv(5, 3), channels=(2, 2), channel=1),
    ),
    "an inline table of numbers in several lines": (
        'kind = "conv"\ninput_values = [\n  [1, 2],  # [upsampling]\n  [3, 4],\n]\nkernel = 1',
        partial(animate, Conv(2, 1), x=np.array([[1, 2], [3, 4]])),
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_keys_are_the_options_of_the_picture(name: str, tmp_path: Path) -> None:
    text, expected = PICTURES[name]
    assert same(one(tmp_path, f"[a]\n{text}\n").animate(), expected())


def test_pictures_that_differ_are_told_apart() -> None:
    assert not same(PICTURES["conv"][1](), PICTURES["padding by name"][1]())
    assert not same(PICTURES["size"][1](), PICTURES["conv"][1]())


def test_every_theme_is_taken(tmp_path: Path) -> None:
    for theme in ("light", "dark", "print"):
        recipe = one(tmp_path, f'[a]\nkind = "conv"\ntheme = "{theme}"')
        assert recipe.animate().display_list.theme.name == theme


def test_kinds_take_the_options_of_their_commands() -> None:
    """All long options but those that say where and how a single file is written."""
    elsewhere = {"output", "format", "platform", "filmstrip", "alt", "embed", "loop", "fps", "profile", "match"}
    elsewhere |= {"force", "open", "let", "as_json"}
    for kind, takes in TAKES.items():
        options = {p.name: p.opts for p in main.commands[kind].params if isinstance(p, click.Option)}
        extra = {"layers"} if kind == "stack" else {kind} if kind in ("preset", "layer") else set()
        extra |= {"operation"} if kind == "train" else set()
        assert options.keys() - elsewhere | extra == set(takes), kind
        for option in set(takes) - extra:
            assert f"--{spelled(option)}".replace("_", "-") in options[option]


def test_every_key_has_a_reader() -> None:
    assert set(FIELDS) == {*OWN, *(option for takes in TAKES.values() for option in takes)}


def test_files_are_looked_for_beside_the_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sub" / "x.csv").write_text("1,2\n3,4\n")
    np.save(tmp_path / "sub" / "w.npy", [[5, 6]])
    Image.new("L", (6, 5), 77).save(tmp_path / "sub" / "photo.png")
    monkeypatch.chdir(tmp_path / "elsewhere")
    text = """
        [a]
        kind = "conv"
        input_values = "x.csv"
        kernel_values = "w.npy"
        [b]
        kind = "conv"
        image = "photo.png"
    """
    values, picture = read(written(tmp_path / "sub", text))
    assert same(values.animate(), animate(Conv(2, (1, 2)), x=[[1, 2], [3, 4]], w=[[5, 6]]))
    assert same(picture.animate(), animate(Conv((5, 6), 3), "image", x=np.full((5, 6), 77)))


def test_ones_own_theme_is_looked_for_beside_the_recipes(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mine.toml").write_text('base = "dark"\nbackground = "#101820"\n')
    recipe = one(tmp_path / "sub", '[a]\nkind = "conv"\ntheme = "mine.toml"')
    assert recipe.animate().display_list.theme.background == "#101820"


# words around the picture


def test_title_and_caption_are_those_of_the_scene_unless_they_are_given(tmp_path: Path) -> None:
    words = 'title = "T"\ncaption = "C"\nnotes = """N\nM"""'
    text = f'[a]\nkind = "transposed"\ninput = 3\nstride = 2\n[b]\nkind = "conv"\n{words}'
    plain, given = read(written(tmp_path, text))
    assert (plain.title, plain.caption, plain.notes) == ("Transposed convolution", "input 3×3 → output 7×7", "")
    assert (given.title, given.caption, given.notes) == ("T", "C", "N\nM")
    assert given.animate().scene.title == "T"


def test_names_lines_and_stills(tmp_path: Path) -> None:
    text = '\n# talk\n[a]\nkind = "conv"\n\n[2_B-c]\nkind = "conv"\nframe = "last"\n[c]\nkind="conv"\nframe = 2'
    path = written(tmp_path, text)
    found = read(path)
    assert [recipe.name for recipe in found] == ["a", "2_B-c", "c"]
    assert [recipe.where for recipe in found] == [f"{path}:{line}" for line in (3, 6, 9)]
    assert [recipe.frame for recipe in found] == [None, "last", 2]


def test_defaults_hold_where_the_kind_takes_them_and_nothing_else_is_said(tmp_path: Path) -> None:
    defaults = '[defaults]\ntheme = "dark"\nkind = "maxpool"\npadding-mode = "reflect"\nkernel = 3\n'
    pooled, convolved = read(written(tmp_path, f'{defaults}[a]\n[b]\nkind = "conv"\nkernel = 2\n'))
    assert same(pooled.animate(), animate(MaxPool(5, 3), theme="dark"))
    assert same(convolved.animate(), animate(Conv(5, 2, padding_mode="reflect"), theme="dark"))
    assert convolved.animate().display_list.theme.name == "dark"


def test_windows_line_ends_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "talk.toml"
    path.write_bytes('\ufeff[a]\r\nkind = "conv"\r\n\r\n[b]\r\nkind = "conv"\r\n'.encode())
    assert [recipe.where for recipe in read(path)] == [f"{path}:1", f"{path}:4"]


# refusing


BAD: dict[str, tuple[str, list[str]]] = {
    "unknown key": (
        '[upsampling]\nkind = "transposed"\n# strid = 1\nstrid = 2',
        ["4: unknown key 'strid' in [upsampling]; did you mean stride?"],
    ),
    "unknown key with a dash": ('[a]\nkind = "conv"\nkernel-value = 2', ["3: .*did you mean kernel_values"]),
    "key like nothing": ('[a]\nkind = "conv"\nzzzzz = 2', ["3: unknown key 'zzzzz' in .a.; use kind, .*input"]),
    "key of another kind": ('[a]\nkind = "maxpool"\nbias = 2', ["3: maxpool takes no bias, but .a. has it"]),
    "unknown key in defaults": ('[defaults]\nteme = 2\n[a]\nkind = "conv"', ["2: .*'teme'.*did you mean theme"]),
    "nested table": ('[a]\nkind = "conv"\n\n[a.stride]\nb = 2', ["4: .a. stride .* is not a whole number"]),
    "no kind": ("[a]\ninput = 3", ["1: .a. has no kind; use conv, transposed, maxpool, avgpool, stack, preset"]),
    "unknown kind": ('[a]\nkind = "transpose"', ["2: .a. there is no kind 'transpose'; did you mean transposed"]),
    "kind that is no text": ("[a]\nkind = 1", ["2: .a. there is no kind 1; use conv"]),
    "kind in defaults": ('[defaults]\n\nkind = "con"\n[a]\n[b]', ["3: .defaults. there is no kind 'con'.*conv"]),
    "stack without layers": ('[a]\nkind = "stack"', ["1: .a. has no layers, which the kind stack needs"]),
    "preset without a name": ('[a]\nkind = "preset"', ["1: .a. has no preset"]),
    "unknown preset": ('[a]\nkind = "preset"\npreset = "x"', ["3: .a. there is no preset 'x'; use no_padding"]),
    "kernel too large": ('[a]\nkind = "conv"\n\nkernel = 7', ["4: .a. kernel 7 does not fit"]),
    "stride 0": ('[a]\nkind = "conv"\nkernel = 3\nstride = 0', ["4: .a. stride 0 is too small"]),
    "output padding": (
        '[a]\nkind = "transposed"\npadding = 1\noutput-padding = 3',
        ["4: .a. output padding 3 is too large"],
    ),
    "words": ('[a]\nkind = "conv"\ninput = "3y4"', ["3: .a. input '3y4' is not a whole number N or ROWSxCOLS"]),
    "padding words": ('[a]\nkind = "conv"\npadding = "sam"', ["3: .a. padding 'sam' is neither"]),
    "three values": ('[a]\nkind = "conv"\nstride = [[1, 2, 3]]', ["3: .a. stride .1, 2, 3. has 3 values"]),
    "a fraction": ('[a]\nkind = "conv"\nkernel = 2.5', ["3: .a. kernel 2.5 is not a whole number"]),
    "truth as a number": ('[a]\nkind = "conv"\nframes = true', ["3: .a. frames: expected a whole number, got true"]),
    "a number as truth": ('[a]\nkind = "conv"\n1d = 1', ["3: .a. 1d: expected true or false, got 1"]),
    "seconds in words": ('[a]\nkind = "conv"\nstep = "1"', ['3: .a. step: expected a number of seconds.*, got "1"']),
    "not a number": ('[a]\nkind = "conv"\nstep = nan', ["3: .a. step: expected 0.02 to 600 seconds, got nan"]),
    "text that is none": ('[a]\nkind = "conv"\ntitle = 3', ["3: .a. title: expected text in quotes, got 3"]),
    "control character": ('[a]\nkind = "conv"\nnotes = "\\u0007"', ["3: .a. notes: expected printable text"]),
    "layers without a list": ('[a]\nkind = "stack"\nlayers = "conv k3"', ["3: .a. layers: expected a list of layers"]),
    "layer": ('[a]\nkind = "stack"\nlayers = ["con k3"]', ["[13]: .a. 'con k3' does not begin with a kind of layer"]),
    "values": ('[a]\nkind = "conv"\ninput_values = [[1, 2], 3]', ["3: .a. input_values: expected numbers, such as"]),
    "ragged values": ('[a]\nkind = "conv"\ninput_values = [[1, 2], [3]]', ["3: .a. input values .*not a grid"]),
    "ragged values in several lines": (
        '[a]\nkind = "conv"\ninput_values = [\n  [1, 2],\n  [3],\n]\n',
        ["3: .a. input values .*not a grid"],
    ),
    "missing file": ('[a]\nkind = "conv"\ninput-values = "x.csv"', ["3: .a. the file .*x.csv .* does not exist"]),
    "line": ('[a]\nkind = "conv"\n1d = true\ninput = "3x3"', ["[34]: .a. input 3x3 has two axes, but 1d makes one"]),
    "theme": (
        '[a]\nkind = "conv"\ntheme = "drak"',
        ["3: .a. there is no theme 'drak'; did you mean dark\\? Use light, dark, print"],
    ),
    "theme in defaults": (
        '[defaults]\ntheme = "drak"\n[a]\nkind = "conv"\n[b]\nkind = "conv"',
        ["2: .defaults. there is no theme 'drak'; did you mean dark\\? Use light, dark, print"],
    ),
    "view": ('[a]\nkind = "conv"\nview = "slid"', ["3: .a. there is no view 'slid'"]),
    "size": ('[a]\nkind = "conv"\nsize = "9x9"', ["3: .a. size: expected 64 to 8192 pixels per side, got 9x9"]),
    "large grid": ('[a]\nkind = "conv"\ninput = 999', ["1: .a. a grid of 999×999 cells .* or a larger size"]),
    "frames": ('[a]\nkind = "conv"\nmax-frames = 3', ["[13]: .a. this takes 18 frames, more than 3; use frames 3"]),
    "frame": ('[a]\nkind = "conv"\nframe = 99', ["3: .a. there is no frame 99; use a step, 1 to 9,"]),
    "name with dots": ('["../a"]\nkind = "conv"', ["1: '../a' cannot be the name of a picture"]),
    "name with a slash": ('["a/b"]\nkind = "conv"', ["1: 'a/b' cannot be"]),
    "absolute name": ('["C:\\\\a"]\nkind = "conv"', ["1: .* cannot be the name"]),
    "empty name": ('[""]\nkind = "conv"', ["1: '' cannot be the name"]),
    "foreign letters": ('["é"]\nkind = "conv"', ["1: 'é' cannot be the name"]),
    "names in capitals": ('[a]\nkind = "conv"\n[A]\nkind = "conv"', ["3: .A. and .a. differ only in capitals"]),
    "list of tables": ('[[a]]\nkind = "conv"', ["1: ..a.. begins a list of tables; write .a."]),
    "key outside": ('theme = "dark"\n[a]\nkind = "conv"', ["1: theme is outside of any table"]),
    "two spellings": (
        '[a]\nkind = "conv"\npadding-mode = "zeros"\npadding_mode = "zeros"',
        ["4: padding_mode is in .a. already"],
    ),
    "same name twice": (
        '[a]\nkind = "conv"\n[b]\nkind = "conv"\n[a]\nkind = "conv"\n[b]\n',
        ["5: .a. is already defined in line 1", "7: .b. is already defined in line 3"],
    ),
    "same key twice": ('[a]\nkind = "conv"\nstride = 1\nstride = 2', ["4: stride is already defined in .a., line 3"]),
    "broken": ('[a]\nkind = "conv"\ninput = 3x4\n', ["3: this is not TOML: .*put text in quotes"]),
    "broken at the end": ('[a]\nkind = "conv"\nnotes = """x\ny', ["4: this is not TOML: "]),
    "empty": ("", ["1: there is no picture in this file"]),
    "comments alone": ("# nothing\n\n", ["1: there is no picture in this file"]),
    "defaults alone": ('[defaults]\ntheme = "dark"', ["1: there is no picture in this file"]),
    "everything at once": (
        'size = 3\n[a]\nkind = "conv"\nkernel = 7\n[b]\nkind = "conv"\n[c]\nkernl = 3\nkind = "conv"\nstepp = 2\n[d]\n',
        [
            "1: size is outside",
            "4: .a. kernel 7",
            "8: unknown key 'kernl' in .c.; did you mean kernel",
            "10: unknown key 'stepp' in .c.; did you mean step",
            "11: .d. has no kind",
        ],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_with_its_line(name: str, tmp_path: Path) -> None:
    text, expected = BAD[name]
    said = problems(tmp_path, text)
    assert len(said) == len(expected), said
    for line, pattern in zip(said, expected, strict=True):
        assert re.match(pattern if name != "unknown key" else re.escape(pattern), line), line
        assert "--" not in line, "keys have no dashes in front"


ODD = (
    *("true", "0", "-1", "1.5", "-0.0", "inf", "nan", "9999999999999999999999", '""', '"x"', '"\\u0000"', '"../x"'),
    *("[]", "[[]]", "[1]", "[[1, 2, 3], [1]]", "[true]", '["x"]', "[[[1]]]", "{}", "{x = 1}", "1979-05-27", "07:32:00"),
)


@pytest.mark.parametrize("key", FIELDS)
def test_values_of_any_kind_are_read_or_refused_in_a_sentence(key: str, tmp_path: Path) -> None:
    kind = next((kind for kind, takes in TAKES.items() if key in takes), "conv")
    needed = NEEDS.get(kind)
    more = {"layers": 'layers = ["conv k3"]\n', "preset": 'preset = "dilation"\n'}.get(needed or "", "")
    fixed = "" if key == "kind" else f'kind = "{kind}"\n'
    for value in ODD:
        others = "" if key == needed else more
        path = written(tmp_path, f"[a]\n{fixed}{others}{spelled(key)} = {value}\n")
        try:
            read(path)
        except ConvvizError as error:
            lines = str(error).splitlines()
            assert len(lines) <= (3 if value.startswith("[") else 1), "a line for each value of a list"
            for line in lines:
                assert line.startswith(f"{path}:"), line
                assert len(line) - len(str(path)) < 900, line


def test_lines_are_right_behind_texts_of_several_lines(tmp_path: Path) -> None:
    notes = 'notes = """\n[b]\nkernel = 9\n"""'
    text = f'[a]\nkind = "conv"\n{notes}\ninput_values = [\n [1, 2],\n [3, 4],\n]\nkernel = 3\n'
    assert [line.split(":")[0] for line in problems(tmp_path, text)] == ["11"]


def test_nothing_is_drawn_before_all_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_: Any, **__: Any) -> None:
        pytest.fail("something is drawn")

    monkeypatch.setattr(Animation, "save", drawn)
    problems(tmp_path, '[a]\nkind = "conv"\n[b]\nkind = "conv"\nkernel = 7')
    assert len(read(written(tmp_path, '[a]\nkind = "conv"\n[b]\nkind = "conv"'))) == 2


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'[a]\nkind = "conv"\ntitle = "\xe9"')
    for path, words in ((tmp_path / "no.toml", "does not exist"), (tmp_path, "cannot read"), (latin, "not UTF-8")):
        with pytest.raises(ConvvizError, match=words) as caught:
            read(path)
        assert str(path) in str(caught.value)


def test_layers_come_from_code_and_models(tmp_path: Path) -> None:
    path = tmp_path / "talk.toml"
    path.write_text(
        '[code]\nkind = "layer"\nlayer = "nn.Conv2d(1, 1, 3, stride=2)"\ninput = 7\n'
        '[shaped]\nkind = "layer"\nlayer = "F.conv2d(x, w)"\nweight = "1,1,3,3"\ninput = 5\n'
        '[model]\nkind = "layer"\nlayer = "net.onnx"\nnode = "1"\n',
        encoding="utf-8",
    )
    code, shaped, model = parse(path).recipes
    assert code.animate().layers == (Conv(7, 3, 2),)
    assert shaped.animate().layers == (Conv(5, 3),)
    with pytest.raises(ConvvizError, match=re.escape(str(tmp_path / "net.onnx"))):
        model.animate()
