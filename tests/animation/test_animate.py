"""`animate`: what it shows is what numpy computes, thinning loses nothing, and saving can be repeated."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import convviz
from convviz import Animation, Conv, ConvTranspose, ConvvizError, ExportError, GeometryError, PictureError
from convviz.layers.kernels import KERNEL_NAMES
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.scene.model import Cell
from convviz.style.theme import THEMES
from convviz.views.registry import VIEWS
from tests.at_rest import animate
from tests.profile import combined, max_examples

SMALL = (640, 360)
X = np.array([[7, -2, 3, 9], [4, 0, 6, 1], [5, 8, 2, 3]])
W = np.array([[1, -3], [2, 5]])
Texts = list[list[str]]


def small(layer: Any = None, *args: Any, **options: Any) -> Animation:
    return animate(layer or Conv(5, 3), *args, **{"size": SMALL} | options)


def by_hand(layer: Conv | ConvTranspose, x: np.ndarray[Any, Any], w: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Loops over the definition: windows for a convolution, stamps for a transposed one."""
    stride, dilation = np.array(layer.stride), np.array(layer.dilation)
    before = np.array([sides[0] for sides in layer.padding])
    y = np.zeros(layer.output, dtype=np.result_type(x, w))
    conv = isinstance(layer, Conv)
    for here in np.ndindex(*(y.shape if conv else x.shape)):
        for tap in np.ndindex(*w.shape):
            there = tuple(np.array(here) * stride - before + np.array(tap) * dilation)
            source, target = (there, here) if conv else (here, there)
            if all(0 <= n < size for n, size in zip(there, x.shape if conv else y.shape, strict=True)):
                y[target] += x[source] * w[tap]
    return y


def texts(values: np.ndarray[Any, Any]) -> Texts:
    return [[str(value).replace("-", "−") for value in row] for row in values.tolist()]


def panel(animation: Animation, name: str) -> list[list[Cell]]:
    """The cells of a panel after the last frame."""
    index, found = next((index, panel) for index, panel in enumerate(animation.scene.panels) if panel.name == name)
    cells = [list(row) for row in found.cells]
    for frame in animation.scene.frames:
        for change in frame.changes:
            if change.panel == index:
                cells[change.row][change.col] = change.cell
    return cells


def panel_texts(animation: Animation, name: str) -> Texts:
    return [[cell.text for cell in row] for row in panel(animation, name)]


# values


@pytest.mark.parametrize(
    "layer",
    [
        Conv((3, 4), (2, 2)),
        Conv((3, 4), (2, 2), stride=(2, 1), padding=1),
        Conv((3, 4), (2, 2), dilation=(1, 2)),
        Conv((3, 4), (2, 2), padding=((0, 1), (2, 0))),
        ConvTranspose((3, 4), (2, 2), stride=2, padding=((0, 1), (1, 0))),
        ConvTranspose((3, 4), (2, 2), stride=(2, 3), output=(7, 11)),
        ConvTranspose((3, 4), (2, 2), stride=2),
        ConvTranspose((3, 4), (2, 2), stride=(2, 1), padding=1, output_padding=(1, 0)),
        ConvTranspose((3, 4), (2, 2), dilation=2),
    ],
    ids=repr,
)
def test_cells_show_the_values_given_and_what_follows_from_them(layer: Conv | ConvTranspose) -> None:
    animation = small(layer, x=X, w=W, size=(1280, 720))
    assert animation.numbers
    assert panel_texts(animation, "output") == texts(by_hand(layer, X, W))
    flipped = W[::-1, ::-1] if isinstance(layer, ConvTranspose) else W
    assert panel_texts(animation, "kernel") == texts(flipped)
    inputs = [cell.text for row in panel(animation, "input") for cell in row if cell.role == "input"]
    assert inputs == list(itertools.chain(*texts(X)))


@pytest.mark.parametrize("convert", [np.asarray, np.ndarray.tolist, lambda values: values.astype(np.int8)])
def test_values_are_anything_that_numpy_reads(convert: Any) -> None:
    animation = small(Conv((3, 4), 2), x=convert(X), w=convert(W))
    assert panel_texts(animation, "output") == texts(by_hand(Conv((3, 4), 2), X, W))


def test_values_given_are_not_changed_and_may_change_later(tmp_path: Path) -> None:
    x, w = X.copy(), W.copy()
    animation = small(Conv((3, 4), 2), x=x, w=w)
    before = animation.save(tmp_path / "a.gif").read_bytes()
    assert (x == X).all()
    assert (w == W).all()
    x[:], w[:] = 0, 0
    assert animation.save(tmp_path / "b.gif").read_bytes() == before


@pytest.mark.parametrize("name", KERNEL_NAMES)
def test_a_kernel_may_be_a_name(name: str) -> None:
    named = animate(Conv(5, 3), w=name)
    assert named.numbers
    assert named != animate(Conv(5, 3))


def test_seed_chooses_values_and_the_same_seed_the_same_ones() -> None:
    assert small(seed=1) == small(seed=1) != small(seed=2)
    assert small() == small(seed=0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"x": np.ones((5, 4))}, "5×4"),
        ({"w": np.ones(3)}, "3"),
        ({"w": 3}, "single number"),
        ({"x": [[1, 2], [3]]}, "not a grid"),
        ({"x": np.full((5, 5), np.nan)}, "finite"),
        ({"x": np.full((5, 5), 1j)}, "numbers"),
        ({"x": np.full((5, 5), "a")}, "numbers"),
        ({"w": "nonsense"}, "sobel-x"),
        ({"layer": Conv(7, 5), "w": "sobel-x"}, "3×3"),
    ],
)
def test_values_that_do_not_fit_are_geometry_errors(options: dict[str, Any], words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        small(**options)


# channels


def test_channels_make_example_values_with_so_many() -> None:
    scene = small(Conv(4, 3), channels=(2, 3), channel=2, size=(1280, 720)).scene
    assert scene.sizes == "input 2×4×4 → output 3×2×2"
    assert len({repr(panel.cells) for panel in scene.panels}) == 5, "no two channels have the same values"
    assert small(Conv(4, 3), channels=(2, 3), channel=0) != small(Conv(4, 3), channels=(2, 3), channel=1)


@pytest.mark.parametrize(
    "layer", [Conv(4, 3), ConvTranspose(2, 2, 2), Conv((6,), 3), ConvTranspose((3,), 3, 2)], ids=repr
)
@pytest.mark.parametrize("groups", [1, 2])
def test_the_channel_shown_is_that_channel_of_the_layer(layer: Conv | ConvTranspose, groups: int) -> None:
    generator = np.random.default_rng(1)
    x = generator.integers(-4, 5, (4, *layer.input))
    leading = (4, 6 // groups) if isinstance(layer, ConvTranspose) else (6, 4 // groups)
    w, bias = generator.integers(-4, 5, (*leading, *layer.kernel)), generator.integers(-4, 5, 6)
    y = layer(x, w, bias, groups)
    for channel in range(6):
        animation = animate(layer, x=x, w=w, bias=bias, groups=groups, channel=channel, size=(2560, 1440))
        found = [cell.text for row in panel(animation, "output") for cell in row if cell.role == "output"]
        assert found == [str(value).replace("-", "−") for value in y[channel].flatten().tolist()]


def test_a_named_kernel_is_applied_to_every_channel() -> None:
    scene = animate(Conv(4, 3), channels=(2, 1), w="sobel-x").scene
    first, second = (panel for panel in scene.panels if panel.name == "kernel")
    assert first.cells == second.cells
    assert first.cells[1][0].text == "−2"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"channel": 1}, "output channel 1 does not exist: there are 1"),
        ({"channel": -1}, "output channel -1 does not exist"),
        ({"channels": (2, 3), "channel": 3}, "output channel 3 does not exist: there are 3"),
        ({"channels": (0, 1)}, "expected 1 to 512, got 0 input and 1 output channels"),
        ({"channels": (513, 1)}, "513 input"),
        ({"channels": (3, 2), "groups": 2}, "3 input channels do not fall into 2 groups"),
        ({"channels": (4, 3), "groups": 2}, "3 output channels do not fall into 2 groups"),
        ({"channels": (2, 2), "bias": [1]}, "there are 2 output channels"),
        ({"groups": 2}, "groups"),
        ({"groups": 0}, "groups"),
        ({"x": np.ones((2, 3, 5, 5)), "w": np.ones((1, 3, 3, 3))}, "a picture shows one input, not 2"),
        ({"layer": MaxPool(4, 2), "w": np.ones((2, 2))}, "a pooling has no kernel values"),
        ({"layer": MaxPool(4, 2), "bias": [1]}, "a pooling has no kernel values and no bias"),
    ],
    ids=repr,
)
def test_channels_that_do_not_fit_are_refused_in_one_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises((GeometryError, PictureError), match=words):
        small(**options)


# numbers


def test_numbers_are_shown_where_they_can_be_read() -> None:
    assert small(numbers=None).numbers
    assert small(numbers=True).numbers
    assert small() == small(numbers=True)
    assert small(Conv(20, 3), frames=2).numbers is False
    shaded, plain = (small(Conv(20, 3), "scatter", frames=2, numbers=numbers) for numbers in (None, False))
    assert not shaded.numbers
    assert shaded != plain


def test_numbers_that_do_not_fit_are_refused_when_asked_for_and_fit_a_larger_picture() -> None:
    advice = "use a smaller layer, shorter numbers, or no numbers"
    with pytest.raises(PictureError, match=rf"numbers do not fit.*640x360; {advice}"):
        small(Conv(12, 3), frames=2, numbers=True)
    assert small(Conv(12, 3), frames=2, numbers=True, size=(1280, 720)).numbers


def test_long_numbers_count_as_much_as_small_cells() -> None:
    huge = np.full((5, 5), 123456)
    shown = small(x=huge / 1000 + 0.0007)
    texts = {name: {cell.text for row in panel(shown, name) for cell in row} for name in ("input", "kernel", "output")}
    assert texts["input"] == texts["output"] == {""}
    assert "" not in texts["kernel"], "they go panel by panel, the kernel's last"
    with pytest.raises(PictureError, match="numbers do not fit"):
        small(x=huge, numbers=True)


def test_without_numbers_no_cell_has_a_text() -> None:
    animation = small(numbers=False)
    assert not animation.numbers
    assert not any(
        cell.text for name in ("input", "kernel", "output") for row in panel(animation, name) for cell in row
    )
    assert {cell.role for row in panel(animation, "output") for cell in row} == {"output"}


def test_values_that_do_not_fit_are_refused_without_numbers_too() -> None:
    with pytest.raises(GeometryError):
        small(x=np.ones((2, 2)), numbers=False)


# frames


def test_there_is_a_frame_for_every_output_cell() -> None:
    for layer in (
        Conv(5, 3),
        Conv((4, 6), (1, 3), stride=(1, 2)),
        ConvTranspose(3, 3, 2, 1),
        Conv((7,), 3, 2, 1),
        MaxPool(5, 2, ceil_mode=True),
        AvgPool((6,), 2),
    ):
        assert small(layer).frames == np.prod(layer.output)


@pytest.mark.parametrize("wanted", [1, 2, 3, 7, 24, 25, 26, 1000])
def test_thinning_keeps_first_and_last_and_all_of_the_output(wanted: int) -> None:
    layer = ConvTranspose((3, 3), 3, stride=2, padding=1)
    full, thinned = small(layer), small(layer, frames=wanted)
    assert thinned.frames == min(wanted, 25)
    numbers = [frame.number for frame in thinned.scene.frames]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 25 == thinned.scene.steps
    assert wanted == 1 or numbers[0] == 1
    assert panel(thinned, "output") == panel(full, "output")
    assert wanted < 2 or np.ptp(np.diff(numbers)) <= 1, "the gaps are even"


@max_examples(30)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 40))
def test_thinning_loses_nothing_for_any_count(rows: int, cols: int, wanted: int) -> None:
    layer = Conv((rows, cols), 1)
    thinned = animate(layer, frames=wanted)
    assert thinned.frames == min(wanted, rows * cols)
    assert panel(thinned, "output") == panel(animate(layer), "output")


def test_the_last_picture_of_a_thinned_file_is_that_of_the_whole(tmp_path: Path) -> None:
    last = []
    for name, frames in {"all": None, "three": 3, "one": 1}.items():
        with Image.open(small(frames=frames).save(tmp_path / f"{name}.gif")) as image:
            image.seek(image.n_frames - 1)  # type: ignore[attr-defined]
            last.append(image.convert("RGB").tobytes())
    assert last[0] == last[1] == last[2]


@pytest.mark.parametrize("frames", [0, -1])
def test_no_frames_are_refused(frames: int) -> None:
    with pytest.raises(PictureError, match=f"frames: expected 1 or more, got {frames}"):
        small(frames=frames)


def test_too_many_frames_are_refused_unless_allowed_or_thinned() -> None:
    with pytest.raises(PictureError, match="9 frames, more than 8"):
        small(max_frames=8)
    assert small(max_frames=9).frames == 9
    assert small(max_frames=8, frames=8).frames == 8
    assert small(max_frames=8, frames=5).frames == 5
    with pytest.raises(PictureError, match="9 frames, more than 8"):
        small(max_frames=8, frames=10)


def test_2000_frames_are_allowed_without_being_asked() -> None:
    assert animate(Conv((40, 50), 1), numbers=False).frames == 2000
    with pytest.raises(PictureError, match="2040 frames"):
        animate(Conv((40, 51), 1), numbers=False)


def test_a_huge_layer_is_refused_at_once() -> None:
    for layer in (Conv(1_000_000, 3), ConvTranspose(1000, 3, stride=1000), Conv(3, 1_000, padding=1_000_000)):
        with pytest.raises(PictureError, match="does not fit"):
            animate(layer, frames=1)


# time


@pytest.mark.parametrize(("step", "hold"), [(0.6, 2), (0.1, 0), (0.02, 0.02), (1, 10), (5, 2), (600, 600)])
def test_seconds_are_half_a_hold_the_steps_and_a_hold(step: float, hold: float) -> None:
    wanted = max(hold / 2, step) + 7 * step + max(hold, step)
    assert small(step=step, hold=hold).seconds == pytest.approx(wanted)


def test_seconds_are_those_of_the_files(tmp_path: Path) -> None:
    animation = small(step=0.3, hold=1.4)
    assert animation.seconds == pytest.approx(0.7 + 7 * 0.3 + 1.4)
    with Image.open(animation.save(tmp_path / "a.gif")) as image:
        total = 0
        for frame in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(frame)
            total += image.info["duration"]
    assert total / 1000 == pytest.approx(animation.seconds, abs=0.02)
    _, seconds = imageio_ffmpeg.count_frames_and_secs(animation.save(tmp_path / "a.mp4"))
    assert seconds == pytest.approx(animation.seconds, abs=0.05)


@pytest.mark.parametrize("name", ["step", "hold"])
@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 600.1])
def test_impossible_seconds_are_refused(name: str, seconds: float) -> None:
    with pytest.raises(PictureError, match=name):
        small(**{name: seconds})


# pictures


def test_a_picture_has_1280_by_720_pixels_unless_asked_otherwise(tmp_path: Path) -> None:
    for size in ((1280, 720), (700, 500)):
        animation = animate(Conv(3, 3)) if size == (1280, 720) else animate(Conv(3, 3), size=size)
        with Image.open(animation.save(tmp_path / "a.gif")) as image:
            assert image.size == size


@pytest.mark.parametrize("size", [(63, 720), (1280, 63), (0, 0), (-640, 360), (8193, 720)])
def test_impossible_sizes_are_refused(size: tuple[Any, Any]) -> None:
    with pytest.raises(PictureError, match="size: expected 64 to 8192 pixels per side"):
        small(size=size)


@pytest.mark.parametrize("size", [(640.0, 360), ("640", 360), 640, (640,), (640, 360, 3), None, "640x360"])
def test_sizes_that_are_no_two_whole_numbers_are_refused(size: Any) -> None:
    with pytest.raises(PictureError, match=r"size: expected \(width, height\) in whole pixels"):
        small(size=size)


def test_a_size_that_numpy_counted_is_a_size() -> None:
    assert small(size=tuple(np.array(SMALL))) == small()


def test_unknown_views_and_themes_are_refused_with_those_that_exist() -> None:
    with pytest.raises(PictureError, match=", ".join(VIEWS)):
        small(view="sideways")
    with pytest.raises(PictureError, match=", ".join(THEMES)):
        small(theme="blue")


@pytest.mark.parametrize(("view", "theme"), combined(list(VIEWS), list(THEMES)))
def test_every_view_draws_in_every_theme(view: str, theme: str, tmp_path: Path) -> None:
    for layer in (Conv(4, 3), ConvTranspose(2, 3, 2), MaxPool(4, 2), AvgPool(4, 2), Conv((6,), 3)):
        try:
            animation = animate(layer, view, theme, frames=2)
        except PictureError:
            assert view in ("matrix", "pair", "upsample", "backward-weight", "image")
            continue
        with Image.open(animation.save(tmp_path / "a.gif")) as image:
            assert image.n_frames == 2  # type: ignore[attr-defined]


# saving


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_saving_again_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    animation = small(Conv(4, 3))
    first = animation.save(tmp_path / f"a{suffix}").read_bytes()
    assert animation.save(tmp_path / f"b{suffix}").read_bytes() == first
    assert animation.save(tmp_path / f"a{suffix}").read_bytes() == first
    watched = animation.save(tmp_path / f"c{suffix}", progress=[].append)
    assert watched.read_bytes() == first


def test_a_longer_older_file_leaves_no_trace(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    fresh = small(Conv(4, 3)).save(target).read_bytes()
    target.write_bytes(b"x" * 1_000_000)
    assert small(Conv(4, 3)).save(target).read_bytes() == fresh


@pytest.mark.parametrize("convert", [str, Path, os.fspath])
def test_save_takes_a_path_or_a_string_and_returns_the_path(convert: Any, tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    saved = small(Conv(3, 3)).save(convert(target))
    assert saved == target
    assert isinstance(saved, Path)
    assert saved.exists()


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
@pytest.mark.parametrize("frames", [1, 4, 9])
def test_progress_counts_from_1_to_the_last_frame(suffix: str, frames: int, tmp_path: Path) -> None:
    calls: list[int] = []
    small(frames=frames).save(tmp_path / f"a{suffix}", progress=calls.append)
    assert calls == list(range(1, frames + 1))


def test_progress_comes_while_it_draws_and_before_the_file_is_there(tmp_path: Path) -> None:
    seen = []
    target = tmp_path / "a.gif"
    small().save(target, progress=lambda _: seen.append(target.exists()))
    assert seen == [False] * 9
    assert target.exists()


@pytest.mark.parametrize("loop", [-1, 65537])
def test_impossible_loops_are_refused_and_nothing_is_written(loop: int, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=f"loop: expected .*, got {loop}"):
        small().save(tmp_path / "a.gif", loop=loop)
    assert not list(tmp_path.iterdir())


def test_one_cell_makes_one_frame_that_holds(tmp_path: Path) -> None:
    animation = small(Conv(1, 1))
    assert animation.frames == 1
    assert animation.seconds == 2
    with Image.open(animation.save(tmp_path / "a.gif")) as image:
        assert image.n_frames == 1  # type: ignore[attr-defined]
    assert imageio_ffmpeg.count_frames_and_secs(animation.save(tmp_path / "a.mp4"))[0] == 20


def test_errors_are_of_one_family_and_of_the_builtin_kind_one_expects() -> None:
    assert issubclass(ExportError, ConvvizError)
    assert issubclass(ExportError, OSError)
    for kind in (PictureError, GeometryError):
        assert issubclass(kind, ConvvizError)
        assert issubclass(kind, ValueError)


def test_public_names_exist_and_others_do_not() -> None:
    assert {name for name in convviz.__all__ if getattr(convviz, name, None) is None} == set()
    with pytest.raises(AttributeError, match="nonsense"):
        convviz.nonsense  # noqa: B018


def test_global_state_of_matplotlib_stays_as_it_was(tmp_path: Path) -> None:
    import matplotlib as mpl
    from matplotlib import _pylab_helpers

    before = dict(mpl.rcParams)
    small(Conv(3, 3)).save(tmp_path / "a.gif")
    assert dict(mpl.rcParams) == before
    assert not _pylab_helpers.Gcf.get_all_fig_managers()
