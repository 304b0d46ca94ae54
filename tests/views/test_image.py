"""image: shades follow the values; files of all formats are read and scaled down, and broken ones are refused."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from convviz import Conv, ConvTranspose, GeometryError, MaxPool, PictureError
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values, pool_values
from convviz.layers.pooling import AvgPool, Pool
from convviz.recipes.request import request
from convviz.render.compositor import frame_stream
from convviz.scene.model import Operator, Scene, TextBlock, Timing
from convviz.text.lines import Equation
from convviz.text.values import read_image
from convviz.views.image import image
from tests.at_rest import AT_REST_WORDS, animate
from tests.profile import max_examples
from tests.views.layers import (
    any_layer,
    expected,
    faults,
    frames_of,
    last,
    meetings_of,
    number,
    refused,
    run,
    scene_of,
    texts,
    values,
)

TWO = any_layer(5, axes=(2,), cells=150)


def shades(scene: Scene) -> list[int]:
    grid = last(scene)[-1]
    return [cell.level for row in grid for cell in row]


@max_examples(120)
@given(layer=TWO, seed=st.integers(0, 99))
def test_shades_rise_with_the_values_from_0_to_100(layer: Layer, seed: int) -> None:
    y = expected(layer, seed).ravel()
    assume(np.isfinite(y).all())
    scene = scene_of(layer, "image", seed)
    pairs = sorted(zip(y.tolist(), shades(scene), strict=True))
    assert all(one[1] <= other[1] for one, other in pairwise(pairs))
    if pairs[0][0] < pairs[-1][0]:
        assert (pairs[0][1], pairs[-1][1]) == (0, 100)
    assert len({shade for _, shade in pairs}) <= 33
    assert all(shade == pairs[0][1] for value, shade in pairs if value == pairs[0][0])
    assert faults(scene) == []


@max_examples(80)
@given(layer=any_layer(5, ("conv", "transposed", "maxpool"), axes=(2,), cells=100), seed=st.integers(0, 99))
def test_the_input_is_grey_by_value_and_padding_is_not(layer: Any, seed: int) -> None:
    assume(np.isfinite(expected(layer, seed)).all())
    x = values(layer, seed)[0]
    grid = scene_of(layer, "image", seed).panels[0].cells
    pixels = [cell.level for row in grid for cell in row if cell.role == "pixel"]
    if layer.padding_mode == "zeros" and not any(map(any, layer.padding)) and set(layer.stride) == {1}:
        pairs = sorted(zip(x.ravel().tolist(), pixels, strict=True))
        assert all(one[1] <= other[1] for one, other in pairwise(pairs))
        if pairs[0][0] < pairs[-1][0]:
            assert (pairs[0][1], pairs[-1][1]) == (0, 100)
    assert {cell.text for row in grid for cell in row} == {""}


@max_examples(100)
@given(layer=any_layer(5, ("conv",), axes=(2,), cells=100))
def test_the_window_is_on_the_pixels_that_are_read(layer: Any) -> None:
    if layer.padding_mode != "zeros":
        return
    scene = scene_of(layer, "image")
    top, left = layer.padding[0][0], layer.padding[1][0]
    read: dict[Any, set[Any]] = {output: set() for output in np.ndindex(layer.output)}
    for one, other, _ in meetings_of(layer):
        read[other].add((one[0] + top, one[1] + left))
    for frame, (output, cells) in zip(scene.frames, read.items(), strict=True):
        window, target = frame.marks
        under = {(r, c) for r in window.rows for c in window.cols if (r - top, c - left) in np.ndindex(layer.input)}
        assert (window.panel, under) == (0, cells)
        assert (target.panel, target.rows + target.cols) == (1, output)


@max_examples(80)
@given(layer=any_layer(4, ("conv", "transposed"), axes=(2,), cells=60))
def test_the_legend_names_the_padding_and_the_zeros_that_are_there(layer: Layer) -> None:
    scene = scene_of(layer, "image")
    there = {cell.role for row in scene.panels[0].cells for cell in row if not cell.faded} & {"padding", "inserted"}
    assert {key.role for key in scene.legend} & {"padding", "inserted"} == there


def test_pixels_that_no_window_reads_are_faded() -> None:
    """Windows of 2 at every third cell of 6 leave out cells 2 and 5."""
    grid = scene_of(Conv((2, 6), 2, 3), "image").panels[0].cells
    assert [[cell.faded for cell in row] for row in grid] == [[False, False, True] * 2] * 2


def test_a_flipped_kernel_is_named_so() -> None:
    scene = scene_of(ConvTranspose(3, 3, 2, 1), "image")
    notes = [line for node in scene.body.children if isinstance(node, TextBlock) for line in node.lines]
    assert "flipped" in " ".join([*notes, texts(scene)])


def test_windows_over_padding_alone_have_a_shade_or_are_refused() -> None:
    """A dilated maximum over one cell sees only padding: −∞."""
    try:
        scene = scene_of(MaxPool(1, 2, 1, 1, 2), "image")
    except PictureError:
        return
    assert all(0 <= shade <= 100 for shade in shades(scene))


def scales(scene: Scene) -> dict[str, list[tuple[str, list[int]]]]:
    """Return the scales of the legend: values, and the shades of grey behind each."""
    return {
        entry.text: [(part.text, [cell.level for cell in part.cells]) for part in entry.scale]
        for entry in scene.legend
        if entry.scale
    }


def test_a_flat_picture_has_one_shade() -> None:
    layer = Conv(3, 1)
    scene = image(layer, conv_values(layer.sliding_windows, np.full((3, 3), 7), [[2]]), Timing())
    assert len(set(shades(scene))) == 1
    assert scales(scene) == {"input": [("7", [50])], "output": [("14", [50])]}
    assert set(shades(scene)) == {50}


@pytest.mark.parametrize(
    ("layer", "level"),
    [(Conv(3, 3, 1, 1), 0), (ConvTranspose(3, 3, 2), 0), (AvgPool(3, 3, 1, 1), 0), (MaxPool(3, 3, 1, 1), None)],
    ids=repr,
)
def test_zeros_around_the_picture_are_as_dark_as_zeros_in_it(layer: Layer, level: int | None) -> None:
    """A border of zeros darkens the output; it is no white frame. A maximum pads with −∞, which is no shade."""
    w = None if isinstance(layer, Pool) else np.ones((3, 3), int)
    x = np.array([[200, 220, 240]] * 3)
    if w is None:
        given_ = pool_values(layer.sliding_windows, x, mean=isinstance(layer, AvgPool), include_padding=True)
    else:
        given_ = conv_values(layer.sliding_windows, x, w)
    scene = image(layer, given_, Timing())
    corner = scene.panels[0].cells[0][0]
    assert (corner.role, corner.level) == (("padding", 100) if level is None else ("pixel", level))
    darkest = 200 if level is None else 0
    assert [text for text, _ in scales(scene)["input"]] == [str(darkest), "240"]


def test_the_range_of_the_output_and_the_numbers_of_the_kernel_are_shown() -> None:
    layer = Conv((2, 3), 2)
    scene = image(layer, conv_values(layer.sliding_windows, [[1, 2, 3], [4, 5, 9]], [[1, 0], [0, -10]]), Timing())
    (low, greys), (high, none) = scales(scene)["output"]
    assert (low, high, none) == ("−88", "−49", [])
    assert (greys[0], greys[-1]) == (0, 100)
    assert greys == sorted(set(greys))
    (note,) = [node for node in scene.body.children if isinstance(node, TextBlock)]
    assert [line.split() for line in note.lines] == [["1", "0"], ["0", "−10"]]
    turned = ConvTranspose(2, 2)
    scene = image(turned, conv_values(turned.sliding_windows, [[1, 2], [3, 4]], [[1, 2], [3, 4]]), Timing())
    (note,) = [node for node in scene.body.children if isinstance(node, TextBlock)]
    assert [line.split() for line in note.lines] == [["4", "3"], ["2", "1"], ["flipped"]]
    assert [node.text for node in scene_of(MaxPool(4, 2), "image").body.children if isinstance(node, Operator)] == [
        "max",
        "=",
    ]


@pytest.mark.parametrize("layer", [Conv((5,), 3), MaxPool((4,), 2)])
def test_a_line_is_refused_with_a_way_out(layer: Layer) -> None:
    with pytest.raises(PictureError, match="needs the values of one 2-D channel; give --image or --input-values"):
        scene_of(layer, "image")


def test_no_values_and_several_channels_are_refused() -> None:
    layer = Conv(3, 2)
    for given_ in (None, conv_values(layer.sliding_windows, np.ones((2, 3, 3)), np.ones((1, 2, 2, 2)))):
        with pytest.raises(PictureError, match="one 2-D channel"):
            image(layer, given_, Timing())


# Files --------------------------------------------------------------------------------------------------------------

GRADIENT = np.add.outer(np.arange(24) * 6, np.arange(36) * 3).astype(np.uint8)


def saved(path: Path, picture: Image.Image, **options: Any) -> Path:
    picture.save(path, **options)
    return path


PALETTES = [(suffix, mode) for suffix in ("png", "gif", "bmp", "tiff") for mode in ("P", "1")]


@pytest.mark.parametrize(
    ("suffix", "mode"), PALETTES + [(s, m) for s in ("png", "gif", "bmp", "tiff", "webp", "jpg") for m in ("L", "RGB")]
)
def test_formats_and_modes_come_in_as_grey(tmp_path: Path, suffix: str, mode: str) -> None:
    picture = Image.fromarray(GRADIENT).convert("RGB")
    wanted = np.asarray(picture.convert("1").convert("L") if mode == "1" else picture.convert("L"), dtype=int)
    picture = picture.convert(mode, palette=Image.Palette.ADAPTIVE) if mode == "P" else picture.convert(mode)
    got = read_image(
        saved(tmp_path / f"picture.{suffix}", picture, **({"lossless": True} if suffix == "webp" else {})), 40
    )
    assert got.shape == (24, 36)
    assert got.dtype == np.int64
    assert np.abs(got - wanted).max() <= (6 if mode == "P" or suffix == "jpg" else 1)


def test_colours_are_weighed_as_the_eye_does(tmp_path: Path) -> None:
    pure = Image.new("RGB", (3, 1))
    pure.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    got = read_image(saved(tmp_path / "pure.png", pure), 40)[0].tolist()
    assert got == pytest.approx([0.299 * 255, 0.587 * 255, 0.114 * 255], abs=1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(tmp_path: Path, mode: str) -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 2, 4))
    if mode == "P":
        picture = Image.new("P", (4, 4), 1)
        picture.putpalette([0, 0, 0, 10, 10, 10])
        picture.paste(0, (0, 0, 2, 4))
        path = saved(tmp_path / "clear.png", picture, transparency=1)
    else:
        path = saved(tmp_path / "clear.png", clear.convert(mode))
    assert read_image(path, 40).tolist() == [[0, 0, 255, 255]] * 4


@pytest.mark.parametrize(
    ("size", "pixels", "wanted"),
    [((36, 24), 40, (24, 36)), ((360, 240), 40, (27, 40)), ((100, 400), 20, (20, 5)), ((9, 9), 2, (2, 2))],
)
def test_pictures_are_scaled_down_and_never_up(
    tmp_path: Path, size: tuple[int, int], pixels: int, wanted: tuple[int, int]
) -> None:
    got = read_image(saved(tmp_path / "any.png", Image.new("L", size, 99)), pixels)
    assert got.shape == wanted
    assert set(got.ravel().tolist()) == {99}


def test_scaling_down_keeps_bright_and_dark_in_place(tmp_path: Path) -> None:
    halves = np.zeros((80, 80), dtype=np.uint8)
    halves[:, 40:] = 255
    got = read_image(saved(tmp_path / "halves.png", Image.fromarray(halves)), 8)
    assert got[:, :3].max() <= 5
    assert got[:, 5:].min() >= 250


def test_sixteen_bit_greys_keep_their_order_or_are_refused(tmp_path: Path) -> None:
    """An image from black to white in 16 bits must not be all white."""
    deep = Image.fromarray(np.linspace(0, 65535, 12).astype(np.uint16).reshape(3, 4))
    path = saved(tmp_path / "deep.png", deep)
    try:
        got = read_image(path, 40).ravel()
    except GeometryError:
        return
    assert (np.diff(got) > 0).all()


def test_a_photo_is_turned_as_its_camera_was_held(tmp_path: Path) -> None:
    """EXIF orientation 6: the camera was turned, and every viewer shows the picture upright."""
    picture = Image.fromarray(GRADIENT).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    got = read_image(saved(tmp_path / "turned.png", picture, exif=exif), 40)
    assert got.shape == (36, 24)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff"])
def test_each_exif_orientation_is_undone(tmp_path: Path, suffix: str, mode: str) -> None:
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = saved(tmp_path / f"{orientation}.{suffix}", Image.fromarray(GRADIENT).convert(mode), exif=exif)
        with Image.open(BytesIO(path.read_bytes())) as opened:
            wanted = ImageOps.exif_transpose(opened).convert("L")
        assert (read_image(path, 40) == np.asarray(wanted)).all(), orientation


@pytest.mark.parametrize("pixels", [1, 0, -3, 513])
def test_pixels_out_of_range_are_refused_with_a_way_out(tmp_path: Path, pixels: int) -> None:
    path = saved(tmp_path / "any.png", Image.new("L", (9, 9)))
    with pytest.raises(GeometryError, match=rf"{pixels} pixels is not possible; use --pixels 2 to 512"):
        read_image(path, pixels)


def test_a_missing_file_and_what_is_no_image_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GeometryError, match=r"the image .*none\.png does not exist"):
        read_image(tmp_path / "none.png", 40)
    (tmp_path / "words.png").write_text("these are words")
    whole = saved(tmp_path / "whole.png", Image.fromarray(GRADIENT)).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.png").write_bytes(b"")
    for name in ("words.png", "half.png", "empty.png", "."):
        with pytest.raises(GeometryError, match="cannot read the image") as refusal:
            read_image(tmp_path / name, 40)
        assert "\n" not in str(refusal.value)


# The command line ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [["conv", "-k", "3"], ["maxpool"], ["avgpool"], ["conv", "--kernel-values", "sobel-x"]]
)
def test_the_command_draws_a_picture_under_the_window(tmp_path: Path, words: list[str]) -> None:
    path = saved(tmp_path / "photo.png", Image.fromarray(GRADIENT).convert("RGB"))
    target = tmp_path / "out.gif"
    small = ("--pixels", "9", "--frames", "2", "--size", "640x360", *AT_REST_WORDS)
    result = run(*words, "--image", str(path), *small, "-o", str(target))
    assert result.exit_code == 0, result.output
    assert frames_of(target) == 2


def test_the_command_takes_an_image_for_another_view(tmp_path: Path) -> None:
    path, target = saved(tmp_path / "photo.png", Image.fromarray(GRADIENT)), tmp_path / "out.gif"
    words = ["--pixels", "6", "--view", "scatter", "--size", "854x480", "--frames", "2", *AT_REST_WORDS]
    assert run("conv", "--image", str(path), *words, "-o", str(target)).exit_code == 0
    assert frames_of(target) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--image", "none.png"], "the image none.png does not exist"),
        (["--image", "words.png"], "cannot read the image words.png"),
        (["--image", "photo.png", "--pixels", "1"], "use --pixels 2 to 512"),
        (["--image", "photo.png", "--input-values", "1,2;3,4"], "expected --image or --input-values, got both"),
        (["--image", "photo.png", "-i", "7"], "7"),
        (["--image", "photo.png", "-k", "50"], "kernel 50 does not fit"),
        (["--image", "photo.png", "--1d"], "2-D channel"),
    ],
)
def test_the_command_refuses_in_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "photo.png", Image.fromarray(GRADIENT))
    (tmp_path / "words.png").write_text("these are words")
    refused(run("conv", *words, "--size", "640x360"), message)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photo.png", "words.png"]


def test_at_an_even_pace_100_frames_of_an_image_are_kept_and_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("L", (14, 14), 255).save("white.png")
    done = run("conv", "--image", "white.png", "-k", "3", "--size", "640x360", *AT_REST_WORDS, "-o", "a.gif")
    assert done.exit_code == 0
    assert done.stderr == "100 of 144 steps are kept, evenly spaced; --frames N keeps more or fewer\n"
    with Image.open("a.gif") as image:
        assert image.n_frames == 100  # type: ignore[attr-defined]
    assert run("conv", "--image", "white.png", "-k", "3", "--size", "640x360", "--frames", "7", "--alt").stderr == ""
    still = run("conv", "--image", "white.png", "-k", "3", "--size", "640x360", "--frame", "144", "-o", "a.png")
    assert (still.exit_code, still.stderr) == (0, "")


def test_a_white_image_has_an_edge() -> None:
    animation = animate(Conv(8, 3), "image", x=[[255] * 8] * 8, size=(640, 360))
    stream = frame_stream(animation.display_list)
    pixels = stream.palette[next(iter(stream.frames)).pixels]
    box = animation.display_list.layout.grids[0].box
    row = pixels[box.y + box.h - 2]
    assert (row[box.x - 1] != row[box.x]).any()
    assert (row[box.right] != row[box.right + 1]).any()


COLOURS = np.stack([GRADIENT, 255 - GRADIENT, np.full_like(GRADIENT, 90)], axis=-1).astype(np.uint8)


def test_a_picture_in_colour_is_three_grids_with_a_kernel_each_and_one_output(tmp_path: Path) -> None:
    path = saved(tmp_path / "colours.png", Image.fromarray(COLOURS))
    options = {"image": str(path), "channels": 3, "kernel_values": "sobel-x", "bias": "5", "pace": "even"}
    made = request("conv", options).animate()
    scene, x = made.scene, np.moveaxis(COLOURS.astype(int), -1, 0)
    assert [panel.name for panel in scene.panels] == ["input"] * 3 + ["output"]
    assert [panel.caption for panel in scene.panels[:3]] == [f"{name}: 24×36" for name in ("red", "green", "blue")]
    low, high = x.min(), x.max()
    for panel, channel in zip(scene.panels, x, strict=False):
        drawn = np.array([[cell.level for cell in row] for row in panel.cells])
        assert np.abs(drawn - 100 * (channel - low) / (high - low)).max() <= 100 / 64 + 0.5
    y = sum(weight * (x[:, row:, 2:][:, :22, :34] - x[:, row:, :34][:, :22]) for row, weight in enumerate((1, 2, 1)))
    for frame in scene.frames:
        sums = y[(slice(None), *divmod(frame.number - 1, 34))]
        assert isinstance(frame.caption, Equation)
        assert [number(term.split()[0].strip("()")) for term in frame.caption.terms] == [*sums, 5]
        assert number(frame.caption.right) == sums.sum() + 5


def test_other_numbers_of_channels_of_a_picture_are_refused_with_a_way_out(tmp_path: Path) -> None:
    path = saved(tmp_path / "colours.png", Image.fromarray(COLOURS))
    result = run("conv", "--image", str(path), "--channels", "2", "-o", str(tmp_path / "a.png"))
    assert result.exit_code == 2
    assert "expected --channels 3 (red, green and blue) or none (grey) with --image, got 2; use --input-values" in (
        " ".join(result.output.split())
    )
