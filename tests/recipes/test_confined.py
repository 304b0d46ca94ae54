"""What a recipe file of a stranger cannot do: read other folders, use names of devices, or fill the memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from convviz import ConvvizError
from convviz.recipes.reader import parse, read

HEAD = 'kind = "conv"\ninput = 4\nsize = "400x300"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "recipes.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "key", ["image", "theme", "font", "input_values", "kernel_values", "bias"], ids=lambda key: f"{key} above"
)
@pytest.mark.parametrize("place", ["../secret", "{absolute}/secret", "sub/../../secret", "link/secret"])
def test_files_are_in_the_folder_of_the_recipes_unless_others_are_allowed(key: str, place: str, tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    (folder / "sub").mkdir(parents=True)
    try:
        (folder / "link").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system does not let us make symbolic links")
    suffix = {"image": ".png", "theme": ".toml", "font": ".ttf"}.get(key, ".csv")
    name = place.format(absolute=tmp_path.as_posix()) + suffix
    path = written(folder, f"[a]\n{HEAD}{key} = '{name}'\n")
    with pytest.raises(ConvvizError, match=r":5: \[a\] .*is outside of the folder of the recipes; .*--any-file"):
        parse(path).check()
    parse(path, any_file=True).check()


def test_files_below_the_folder_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    Image.new("L", (4, 4)).save(tmp_path / "sub" / "a.png")
    (recipe,) = read(written(tmp_path, '[a]\nkind = "conv"\nimage = "sub/../sub/a.png"\nsize = "640x480"\n'))
    assert recipe.name == "a"


@pytest.mark.parametrize("name", ["CON", "nul", "Aux", "prn", "com1", "LPT9"])
def test_names_of_devices_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConvvizError, match=f":1: '{name}' cannot be the name .*Windows keeps it for a device"):
        parse(written(tmp_path, f"[{name}]\n{HEAD}")).check()
    parse(written(tmp_path, f"[{name}-1]\n{HEAD}")).check()


def test_a_name_like_an_option_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConvvizError, match=r":1: '-rf' cannot be the name .*begins like an option"):
        parse(written(tmp_path, f"[-rf]\n{HEAD}")).check()


def test_many_tables_make_no_more_pictures_than_one(tmp_path: Path) -> None:
    table = f"{HEAD}seed = [{', '.join(map(str, range(1000)))}]\n"
    path = written(tmp_path, "".join(f"[t{number}]\n{table}" for number in range(400)))
    parsed = parse(path)
    assert len(parsed.recipes) == 10_000
    assert [text for _, text in parsed.problems] == [
        "with [t10] there are more than 10,000 pictures; use shorter lists"
    ]
    with pytest.raises(ConvvizError, match=r"more than 10,000 pictures"):
        read(path)  # at once: none of them is laid out


def test_what_is_put_into_a_text_is_bounded(tmp_path: Path) -> None:
    path = written(tmp_path, f"[a]\n{HEAD}notes = '{'n' * 90_000}'\ntitle = '{'{notes}' * 2000}'\n")
    with pytest.raises(ConvvizError, match="more than 100,000 characters is too long"):
        parse(path).check()
