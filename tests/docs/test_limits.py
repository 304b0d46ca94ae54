"""docs/limits.md: each figure is that of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convviz.analysis.explain import LONGEST_AXIS
from convviz.animation import bounds
from convviz.animation.option_checks import LARGEST_CHANNELS, SMALLEST_SIDE
from convviz.animation.options import FIELDS, PictureOptions
from convviz.animation.save_options import LARGEST_FPS
from convviz.animation.training import MOST_CELLS, MOST_TAPS
from convviz.errors import ConvvizError
from convviz.export import video
from convviz.export.metadata import LARGEST_PART
from convviz.files import bounded
from convviz.files.toml_document import LARGEST_FILE
from convviz.frameworks import comparison
from convviz.gallery.time_limit import DEFAULT_SECONDS
from convviz.geometry.parameters import LARGEST_PARAMETER
from convviz.layers.arrays import LARGEST_INPUT
from convviz.layers.ops import LARGEST_MATRIX
from convviz.layers.training import MOST_STEPS
from convviz.layout.limits import LARGEST_SIDE, LONGEST_STRIP
from convviz.recipes.reader import MAX_PICTURES, read
from convviz.recipes.sweep import MAX_TEXT
from convviz.text.values import LARGEST_IMAGE, LARGEST_TABLE, read_image
from tests import ROOT
from tests.cli.test_cli import run

PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
RANGES = {field.name: (field.metadata["minimum"], field.metadata["maximum"]) for field in FIELDS}
ROWS = {
    cells[0].strip(): (re.sub(r"(?<=\d),(?=\d{3})", "", cells[1]), cells[2].strip())
    for line in PAGE.splitlines()
    if line.startswith("| ") and (cells := [*line.strip("| ").split("|"), ""])[0].strip() != "what"
}
FIGURES: dict[str, tuple[float, ...]] = {
    "sizes, stride, padding and dilation of a layer": (LARGEST_PARAMETER,),
    "side of a picture": (SMALLEST_SIDE, LARGEST_SIDE),
    "`--scale`": RANGES["scale"],
    "side of a cell": (bounds.SMALLEST_CELL,),
    "height of a `--filmstrip`": (LONGEST_STRIP,),
    "frames of an animation": (PictureOptions().max_frames,),
    "layout, before the first frame is drawn": (bounds.LARGEST_WORK / 10**6,),
    "seconds per step": RANGES["step"],
    "frames of a video, repeated ones included": (video.MAX_FRAMES,),
    "frames per second of a video": (LARGEST_FPS,),
    "layers of a stack": (bounds.MOST_LAYERS,),
    "steps of a training": (1, MOST_STEPS),
    "weights of a kernel that is trained": (MOST_TAPS,),
    "cells of all steps of a training": (MOST_CELLS,),
    "channels of example values": (LARGEST_CHANNELS,),
    "cells of an `--image` per side": (2, 512),
    "cells of the padded input that a layer computes": (LARGEST_INPUT,),
    "cells, or positions read by windows, of an axis that `explain --json` lists": (LONGEST_AXIS,),
    "entries of `layer.matrix`": (LARGEST_MATRIX,),
    "values that `compare` computes": (comparison.LARGEST_WORK / 10**6,),
    "recipe or theme file": (LARGEST_FILE / 10**6,),
    "pictures of one recipe file": (MAX_PICTURES,),
    "characters of a title, a caption or notes of a recipe": (MAX_TEXT,),
    "image, array or exported file that is read": (bounded.LARGEST_FILE / 10**6,),
    "megapixels of an `--image`": (LARGEST_IMAGE / 10**6,),
    "`.csv`, `.tsv` or `.txt` file": (LARGEST_TABLE / 10**6,),
    "provenance, or a slide, in an archive": (LARGEST_PART / 10**6,),
    "time for each picture of a gallery": (DEFAULT_SECONDS,),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_figure_is_that_of_the_code(name: str) -> None:
    limit, _ = ROWS[name]
    assert tuple(map(float, re.findall(r"\d+(?:\.\d+)?", limit))) == FIGURES[name]


def test_each_limit_is_listed() -> None:
    assert set(ROWS) == set(FIGURES)


@pytest.mark.parametrize("pixels", [1, 513])
def test_the_limit_of_an_image_is_refused(pixels: int) -> None:
    with pytest.raises(ConvvizError, match="2 to 512"):
        read_image(Path("missing.png"), pixels)


def test_what_raises_a_limit_is_an_option_with_the_limit_in_its_help() -> None:
    for command, option in ((("conv",), "--max-frames"), (("gallery", "build"), "--timeout")):
        words = " ".join(run(*command, "--help").output.split())
        assert any(option in raising for _, raising in ROWS.values())
        assert re.search(rf"{option} [NS] [^\[]*\[default: (2000|600)\]", words)
    assert "up to 8192 per side" in " ".join(run("conv", "--help").output.split())


def test_a_gallery_sets_its_limits_once(tmp_path: Path) -> None:
    small = 'kind = "conv"\ninput = 50\nkernel = 1\nnumbers = false\npace = "even"\nsize = "640x640"\n'
    (tmp_path / "few.toml").write_text(f"[defaults]\n{small}[a]\n[b]\n")
    with pytest.raises(ConvvizError, match="this takes 2500 frames, more than 2000"):
        read(tmp_path / "few.toml")
    (tmp_path / "many.toml").write_text(f"[defaults]\n{small}max_frames = 5000\n[a]\n[b]\n")
    assert [recipe.name for recipe in read(tmp_path / "many.toml")] == ["a", "b"]


def test_the_page_is_linked() -> None:
    assert "(docs/limits.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
