"""Trainings as animations: frames, sizes, files, errors, and the command that draws them again."""

from __future__ import annotations

import json
import shlex
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import convviz
from convviz import Conv, ConvTranspose, ConvvizError
from convviz.cli.main import main
from convviz.layout.boxes import Box
from convviz.recipes.drawing_commands import DRAWING_COMMANDS
from convviz.recipes.request import request
from convviz.scene.model import Chart
from convviz.style.theme import THEMES
from convviz.views.training_text import Rounding
from tests.render.test_compositor import composed, differences, whole

LAYERS = [
    Conv(5, 3),
    Conv((6, 9), (2, 3), stride=(1, 2)),
    Conv((10,), 3),
    Conv(1, 1),
    Conv(16, 3),
    Conv(9, 3, padding=2, dilation=2),
    ConvTranspose(4, 4, 2, 1),
    ConvTranspose((5,), 4, 2, 1),
]

MOST_PIXELS = 6
"""Pixels of a frame that may be off, where the edge of the present point is on that of the line."""


def texts(animation: Any, panel: str) -> list[list[list[str]]]:
    """The texts of a panel in each frame."""
    scene = animation.scene
    index = next(number for number, one in enumerate(scene.panels) if one.name == panel)
    cells = [[cell.text for cell in row] for row in scene.panels[index].cells]
    found = []
    for frame in scene.frames:
        for change in frame.changes:
            if change.panel == index:
                cells[change.row][change.col] = change.cell.text
        found.append([list(row) for row in cells])
    return found


def chart_of(node: Any) -> Chart | None:
    if isinstance(node, Chart):
        return node
    return next(filter(None, map(chart_of, getattr(node, "children", ()))), None)


def test_the_numbers_of_the_frames_are_those_of_plain_loops() -> None:
    animation = convviz.train(Conv(4, 2), [[1, -2], [3, 0]], steps=5, lr=0.05, pace="even", seed=3)
    x = [[float(text.replace("−", "-")) for text in row] for row in texts(animation, "input")[0]]
    target = [[1.0, -2.0], [3.0, 0.0]]

    def output(w: Any) -> Any:
        return [
            [sum(x[r + u][c + v] * w[u][v] for u, v in product(range(2), range(2))) for c in range(3)] for r in range(3)
        ]

    w, goal = [[0.0, 0.0], [0.0, 0.0]], output(target)
    rounding, losses = Rounding(2, 1), []
    kernels, outputs, errors = (texts(animation, name) for name in ("kernel", "output", "error"))
    for frame, kernel, shown, error in zip(animation.scene.frames, kernels, outputs, errors, strict=True):
        y = output(w)
        difference = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(y, goal, strict=True)]
        losses.append(sum(value**2 for row in difference for value in row) / 9)
        assert kernel == [[rounding.text("kernel", value) for value in row] for row in w]
        assert shown == [[rounding.text("output", value) for value in row] for row in y]
        assert error == [[rounding.signed(value) for value in row] for row in difference]
        assert f"{losses[-1]:.3g}"[:4] in frame.caption.fitted(200)
        for u, v in product(range(2), range(2)):
            slope = sum(difference[r][c] * x[r + u][c + v] for r, c in product(range(3), range(3))) * 2 / 9
            w[u][v] -= 0.05 * slope
    assert [frame.number for frame in animation.scene.frames] == [0, 1, 2, 3, 4, 5]
    assert animation.scene.steps == 5


@pytest.mark.parametrize("seed", range(6))
def test_the_loss_falls_for_every_seed(seed: int) -> None:
    for layer in (Conv(6, 3), ConvTranspose(3, 4, 2, 1)):
        chart = chart_of(convviz.train(layer, seed=seed, numbers=False).scene.body)
        assert chart
        heights = [row for _, row in chart.points]
        assert all(later >= earlier for earlier, later in pairwise(heights))
        assert heights[-1] > heights[0] + 300
        assert [col for col, _ in chart.points] == [50 * step for step in range(21)]


def test_what_rounds() -> None:
    fine, coarse = Rounding(2, 1), Rounding(1, 1, is_coarse=True)
    values = [0.8765, -0.001, 3.0, -12.34, 123.4, 12345.6, -0.96]
    assert [fine.text("kernel", value) for value in values] == ["0.88", "0.00", "3", "−12.34", "123", "1e4", "−0.96"]
    assert [coarse.text("kernel", value) for value in values] == ["0.9", "0.0", "3", "−12", "123", "1e4", "−1.0"]
    assert [fine.signed(value) for value in (0.34, 0.01, -0.3, 0.0)] == ["+0.3", "0.0", "−0.3", "0"]
    assert not fine.changes("kernel", np.array([1.0, 0.25]))
    assert fine.changes("kernel", np.array([1.0, 0.125]))


@pytest.mark.parametrize("size", [(1280, 720), (640, 400), (720, 720), (720, 1280)])
@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_nothing_touches(layer: Any, size: tuple[int, int]) -> None:
    layout = convviz.train(layer, "identity", steps=3, size=size).display_list.layout
    boxes = list(layout.boxes())
    for name, box in boxes:
        assert min(box.x, box.y, size[0] - box.right, size[1] - box.bottom) >= 0, name
    for (name, box), (other, its) in combinations(boxes, 2):
        assert not box.overlaps(its), f"{name} touches {other}"
    assert len({grid.pitch for grid in layout.grids}) == 1


@pytest.mark.parametrize("rate", [0.05, 0.9])
def test_the_text_of_a_point_is_off_the_line(rate: float) -> None:
    layout = convviz.train(Conv(6, 3), lr=rate, steps=12).display_list.layout
    (chart,) = layout.charts
    points = [chart.point(number) for number in range(len(chart.chart.points))]
    for number in range(len(points)):
        place = chart.label_place(number, 130, 14)
        assert place
        box = Box(place[0], place[1] - 11, 130, 11)
        assert min(box.x - chart.plot.x, box.y - chart.plot.y, chart.plot.bottom - box.bottom) >= 0
        assert not any(box.overlaps(Box(x - 2, y - 2, 4, 4)) for x, y in points)


@pytest.mark.parametrize("theme", THEMES)
def test_composed_frames_are_those_drawn_in_full(theme: str) -> None:
    for layer in (Conv(5, 3), ConvTranspose(9, 4, 2, 1)):
        animation = convviz.train(layer, steps=3, size=(900, 560), pace="even", theme=theme)  # type: ignore[arg-type]
        for number, frame in enumerate(composed(animation)):
            pixels, are_slight = differences(frame, whole(animation, number))
            assert are_slight
            assert pixels <= MOST_PIXELS, number


def test_files_hold_all_frames_and_the_command(tmp_path: Path) -> None:
    animation = convviz.train(Conv(5, 3), "blur", steps=4, lr=0.04, start="ones", size=(640, 400), pace="even")
    with Image.open(animation.save(tmp_path / "a.gif")) as image:
        assert (image.n_frames, image.size) == (5, (640, 400))
        frames = []
        for number in range(5):
            image.seek(number)
            frames.append(np.asarray(image.convert("RGB")).copy())
    assert all((earlier != later).any() for earlier, later in pairwise(frames))
    svg = animation.save(tmp_path / "a.svg", frame=2).read_text(encoding="utf-8")
    assert "step 2: " in svg
    assert "loss L of each step (log scale)" in svg
    page = animation.save(tmp_path / "a.html").read_text(encoding="utf-8")
    assert '"points":' in page
    command = animation.provenance.command
    layer = "conv -i 5 -k 3 -s 1 -p 0 --size 640x400 --pace even"
    assert command == f"convviz train {layer} --target blur --steps 4 --lr 0.04 --start ones"
    result = CliRunner().invoke(main, [*shlex.split(command)[1:], "-o", str(tmp_path / "b.gif")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "b.gif").read_bytes() == (tmp_path / "a.gif").read_bytes()
    facts = json.loads(animation.provenance.json("1"))["parameters"]
    assert facts["training"] == {"target": "blur", "steps": 4, "lr": 0.04, "start": "ones"}


def test_options_of_recipes_and_of_the_command_are_those_of_the_function() -> None:
    names = {spec.name for spec in DRAWING_COMMANDS["train"].options}
    assert {"target", "steps", "lr", "optimizer", "momentum", "loss", "noise", "start", "theme", "size"} <= names
    options = {"operation": "transposed", "stride": 2, "steps": 3, "noise": 0.25, "numbers": False}
    made = request("train", options).animate()
    same = convviz.train(ConvTranspose(5, 4, 2, 1), "bilinear", steps=3, noise=0.25, numbers=False)
    assert made.scene == same.scene


def test_numbers_shades_and_the_default() -> None:
    assert convviz.train(Conv(5, 3), steps=2).numbers
    assert not convviz.train(Conv(16, 3), steps=2).numbers
    plain = convviz.train(Conv(5, 3), steps=2, numbers=False).scene
    assert {cell.role for row in plain.panels[0].cells for cell in row} <= {"shade", "negative", "exact zero"}
    with pytest.raises(ConvvizError, match="the numbers do not fit into cells at 640x400; use a smaller layer"):
        convviz.train(Conv(16, 3), steps=2, size=(640, 400), numbers=True)


def test_the_error_fades() -> None:
    scene = convviz.train(Conv(5, 3), steps=40, pace="even").scene
    levels = [cell.level for row in scene.panels[5].cells for cell in row]
    last = {
        (change.row, change.col): change.cell.level
        for frame in scene.frames
        for change in frame.changes
        if change.panel == 5
    }
    assert max(levels) == 100
    assert max(last.values()) <= 18


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("conv --lr 0", "lr: expected a learning rate above 0, got 0.0; try 0.1"),
        ("conv --lr inf", "lr: expected a learning rate above 0, got inf; try 0.1"),
        ("conv --lr x", "lr: expected a number, got 'x'"),
        ("conv --steps 0", "steps: expected 1 to 1000, got 0"),
        ("conv --steps 1001", "steps: expected 1 to 1000, got 1001"),
        ("conv --target sobel", "there is no target 'sobel'; did you mean sobel-"),
        ("conv -k 2 --target 1,2,3", "target: expected 2×2 numbers, the size of the layer's kernel, got 1×3"),
        ("conv --optimizer adam", "there is no optimizer 'adam'; use sgd, momentum"),
        ("conv --momentum 0.5", "momentum: expected none for sgd, got 0.5; try --optimizer momentum"),
        ("conv --loss mae", "loss: expected mse, the mean squared error, got 'mae'; use mse"),
        ("conv --start here", "there is no start 'here'; use zeros"),
        ("conv --noise -1", "noise: expected 0 or more, got -1.0; try 0.1"),
        ("maxpool", "there is no training of 'maxpool'; use conv or transposed"),
        ("conv -a 1", "a convolution has no output-padding; leave it out or train transposed"),
        ("conv -i 64 --steps 1000", "1000 steps with 7697 cells each would take long; use --steps 259 or a smaller"),
        ("conv -i 40 -k 21", "expected a kernel of up to 400 weights to train, got 441; use a smaller kernel"),
    ],
)
def test_bad_input_is_refused_with_exit_code_2(words: str, message: str) -> None:
    result = CliRunner().invoke(main, ["train", *words.split(), "-o", "never.gif"])
    assert result.exit_code == 2
    assert f"Error: {message}" in result.output


def test_wrong_keywords_are_refused() -> None:
    for name in ("view", "channels", "color"):
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
            convviz.train(Conv(5, 3), **{name: 1})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="layer: expected a ConvLayer, got 3"):
        convviz.train(3)  # type: ignore[arg-type]
