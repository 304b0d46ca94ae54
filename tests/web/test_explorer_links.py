"""Linked cells in the explorer's page: by pointer, by keys and by touch, in every view, against loops over windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from convviz import Conv, ConvTranspose, explore
from convviz.layers.layer import Layer
from convviz.web.explorer import VIEWS
from tests.profile import combined
from tests.web.browser import Visit, tap, visit
from tests.web.explorer_page import ask, middle, point, said, with_other_source
from tests.web.link_oracle import Cell, Picture
from tests.web.linked_page import differences, drawn, scene_of, state, worth_a_look

CASES: list[tuple[str, Layer]] = [
    ("transposed&i=3&k=3&s=2&p=1", ConvTranspose(3, 3, 2, 1)),
    ("transposed&i=2x3&k=3x2&s=2x1&p=0&a=1x0", ConvTranspose((2, 3), (3, 2), (2, 1), 0, output_padding=(1, 0))),
    ("transposed&i=3&k=2&s=2&p=2", ConvTranspose(3, 2, 2, 2)),
    ("transposed&i=3x2&k=2x3&s=1x3&p=0&d=2x1", ConvTranspose((3, 2), (2, 3), (1, 3), 0, (2, 1))),
    ("conv&i=5&k=3&s=1&p=1", Conv(5, 3, 1, 1)),
    ("conv&i=6&k=3&s=2&p=0", Conv(6, 3, 2)),
    ("conv&i=7x6&k=3x2&s=1x3&p=0x1&d=2x1", Conv((7, 6), (3, 2), (1, 3), (0, 1), (2, 1))),
    ("conv&i=5&k=3&s=2&p=0&preset=same", Conv(5, 3, 2, "same")),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return explore().save(tmp_path_factory.mktemp("explorer") / "explorer.html")


@pytest.fixture(scope="module")
def opened(chromium: Browser, file: Path) -> Iterator[Visit]:
    with visit(chromium, file, (1280, 900)) as found:
        yield found


@pytest.mark.parametrize(("view", "case"), combined(VIEWS, CASES), ids=str)
def test_a_cell_is_linked_to_exactly_those_that_it_depends_on_or_feeds(
    view: str, case: tuple[str, Layer], opened: Visit
) -> None:
    address, layer = case
    steps = scene_of(view, layer).steps
    assert list(differences(opened.page, address, view, layer, steps - 1)) == []
    if view == "steps":
        for step in {0, min(4, steps - 1), min(9, steps - 1)}:
            assert list(differences(opened.page, address, view, layer, step)) == []


LINES: list[tuple[str, Layer]] = [
    (
        '"transposed", {input: [3], kernel: [3], stride: [2], padding: [[1, 1]], dilation: [2], output_padding: [1]}',
        ConvTranspose((3,), (3,), (2,), ((1, 1),), (2,), (1,)),
    ),
    ('"transposed", {input: [4], kernel: [2], padding: [[2, 0]]}', ConvTranspose((4,), (2,), (1,), ((2, 0),))),
    ('"conv", {input: [6], kernel: [3], stride: [2], padding: [[1, 0]]}', Conv((6,), (3,), (2,), ((1, 0),))),
    (
        '"conv", {input: [5], kernel: [3], padding: [[2, 2]], padding_mode: "reflect"}',
        Conv((5,), (3,), (1,), ((2, 2),), padding_mode="reflect"),
    ),
]


@pytest.mark.parametrize(("given", "layer"), LINES, ids=[given for given, _ in LINES])
def test_cells_of_lines_are_linked_too(given: str, layer: Layer, chromium: Browser, tmp_path: Path) -> None:
    """On a page that shows one layer of one axis, whatever its controls say."""
    line = tmp_path / "line.html"
    line.write_text(
        with_other_source("layer = makeLayer(state.kind, layerParameters(state))", f"layer = makeLayer({given})"),
        encoding="utf-8",
    )
    with visit(chromium, line, (1280, 900)) as found:
        views = [view for view in VIEWS if view != "pair" or layer.padding_mode == "zeros"]
        for view, share in combined(views, (1, 0.5, 0)):
            step = round(share * (scene_of(view, layer).steps - 1))
            assert list(differences(found.page, "conv", view, layer, step)) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_cell_that_nothing_reads_says_so(view: str, opened: Visit) -> None:
    page = opened.page
    cells = {"slide": (0, 5, 5), "steps": (0, 5, 5), "scatter": (0, 5, 5), "pair": (0, 5, 5), "matrix": (5, 5, 5)}
    cells["backward"] = (5, 5, 5)
    ask(page, state("conv&i=6&k=3&s=2&p=0", view, scene_of(view, Conv(6, 3, 2)).steps - 1))
    point(page, cells.get(view, (3, 5, 5)))
    assert said(page, "caption").endswith("is read by no output")


# A wrong link is seen -------------------------------------------------------------------------------------------------

PADDED = ("conv&i=5&k=3&s=1&p=1", Conv(5, 3, 1, 1))
STRIDED = ("conv&i=6&k=3&s=2&p=0", Conv(6, 3, 2))
DILATED = ("conv&i=7x6&k=3x2&s=1x3&p=0x1&d=2x1", Conv((7, 6), (3, 2), (1, 3), (0, 1), (2, 1)))
STAMPED = ("transposed&i=3&k=3&s=2&p=1", ConvTranspose(3, 3, 2, 1))
READ = "slidingWindow.taps(output).forEach("
SPOILERS: dict[str, tuple[str, str, str, tuple[str, Layer]]] = {
    "off by one": (READ, "slidingWindow.taps(output).map((at) => Math.max(at - 1, 0)).forEach(", "slide", PADDED),
    "an output too few": (
        "output < slidingWindow.outputs; output++",
        "output < slidingWindow.outputs - 1; output++",
        "slide",
        PADDED,
    ),
    "no dilation": (READ, "slidingWindow.taps(output).map((at, tap, all) => all[0] + tap).forEach(", "slide", DILATED),
    "no stride": (READ, "slidingWindow.taps(0).map((at) => at + output).forEach(", "slide", STRIDED),
    "no flip": ("kernel: slidingWindow.kernelIndex(tap)", "kernel: tap", "slide", STAMPED),
    "no stride of the stamp": ("place: full, tap: kernel", "place, tap: kernel, full = place >> 1", "scatter", STAMPED),
    "only the corner": ("meeting[grid] === entry", "meeting[grid] === entry && !meeting.kernel", "slide", PADDED),
    "a turned matrix": ("matrix: [y, x], transposed: [x, y]", "matrix: [x, y], transposed: [y, x]", "matrix", STRIDED),
    "zeros that read": ("return isZero ? entries", "return false ? entries", "matrix", STRIDED),
    "one half of a pair": ("{ ...ends, back: ends.input }", "ends", "pair", STRIDED),
    "a spread that is cut too short": ("position >= offset &&", "position > offset &&", "steps", STAMPED),
    "the bar of the row": ("[[0], [index.at(-1)]]", "[[0], [index[0]]]", "overlap", STAMPED),
    "no outline": ("boxes.slice(0, -1).filter(isOutlined)", "boxes.slice(0, 0).filter(isOutlined)", "slide", PADDED),
    "no hole in the veil": ("...holes.flat()]", "]", "slide", PADDED),
    "one run": ("position - found.at(-1).at(-1) < 1.001", "found.length", "scatter", STAMPED),
}


@pytest.mark.parametrize("wrong", SPOILERS)
def test_a_wrong_link_is_seen(wrong: str, chromium: Browser, tmp_path: Path) -> None:
    right, spoilt, view, (address, layer) = SPOILERS[wrong]
    broken = tmp_path / "broken.html"
    broken.write_text(with_other_source(right, spoilt), encoding="utf-8")
    with visit(chromium, broken, (1280, 900)) as found:
        assert next(differences(found.page, address, view, layer, scene_of(view, layer).steps - 1), None)


# Pins, keys and fingers -----------------------------------------------------------------------------------------------


def own_cell(page: Page, cells: set[Cell]) -> Cell | None:
    _, own, _ = drawn(page, cells, parts="own")
    return next(iter(own), None)


def test_a_click_pins_and_a_second_one_or_escape_lets_go(opened: Visit) -> None:
    page, layer = opened.page, ConvTranspose(3, 3, 2, 1)
    picture = Picture(layer, "slide", scene_of("slide", layer), 3)
    ask(page, state("transposed&i=3&k=3&s=2&p=1", "slide", 3))
    for let_go in ("click", "Escape"):
        page.mouse.click(*middle(page, (2, 1, 1)))
        point(page, (0, 3, 3))
        assert drawn(page, picture.cells)[0] == picture.linked((2, 1, 1))
        assert said(page, "live") == said(page, "caption")
        if let_go == "click":
            page.mouse.click(*middle(page, (2, 1, 1)))
        else:
            page.keyboard.press("Escape")
        assert drawn(page, picture.cells)[0] == set()
        page.mouse.move(1, 1)


def test_a_click_where_no_cell_stands_pins_nothing(opened: Visit) -> None:
    page = opened.page
    ask(page, state("transposed&i=3&k=3&s=2&p=1", "matrix", 3))
    page.mouse.click(*middle(page, (2, 0, 0)))
    assert page.locator(".linked path").count() == 0
    point(page, (5, 1, 1))
    assert page.locator(".own").count() == 1
    page.mouse.move(1, 1)
    assert page.locator(".linked path").count() == 0


def test_a_pin_is_let_go_at_a_step_where_its_cell_is_not_there(opened: Visit) -> None:
    page = opened.page
    ask(page, state("transposed&i=3&k=3&s=2&p=1", "steps", 31))
    page.mouse.click(*middle(page, (2, 0, 0)))
    assert page.locator(".own").count() == 1
    page.mouse.move(1, 1)
    page.locator("[data-part=scrub]").fill("3")
    assert said(page, "counter") == "4 / 32"
    assert page.locator(".linked path").count() == 0
    point(page, (0, 1, 1))
    assert page.locator(".own").count() == 1


@pytest.mark.parametrize(("view", "case"), combined(VIEWS, (CASES[0], CASES[5])), ids=str)
def test_arrow_keys_reach_every_cell_of_every_panel(view: str, case: tuple[str, Layer], opened: Visit) -> None:
    """Right to the end of each row leads to the next panel, and left all the way back; down leads through a panel."""
    page, (address, layer) = opened.page, case
    scene = scene_of(view, layer)
    picture = Picture(layer, view, scene, scene.steps - 1)
    ask(page, state(address, view, scene.steps - 1))
    page.locator("[data-part=picture]").focus()
    page.keyboard.press("ArrowRight")
    first = own_cell(page, picture.cells)
    assert first == min(picture.shown)
    seen = [first]
    width = len({(panel, col) for panel, _, col in picture.shown})
    for _ in range(width - 1):
        page.keyboard.press("ArrowRight")
        seen.append(own_cell(page, picture.cells))
    assert None not in seen
    assert len(set(seen)) == width
    assert {cell[0] for cell in seen if cell} == {cell[0] for cell in picture.shown}
    page.keyboard.press("ArrowRight")
    assert own_cell(page, picture.cells) == seen[-1]
    for _ in range(width - 1):
        page.keyboard.press("ArrowLeft")
    assert own_cell(page, picture.cells) == first
    page.keyboard.press("ArrowDown")
    below = own_cell(page, picture.cells)
    assert below
    assert below != first
    assert drawn(page, picture.cells)[0] == picture.linked(below)
    assert len(said(page, "live")) >= len(said(page, "caption")) > 0
    assert said(page, "counter").startswith(f"{scene.steps} / ")
    page.keyboard.press("Escape")
    assert page.locator(".linked path").count() == 0


@pytest.fixture(scope="module")
def phone(chromium: Browser, file: Path) -> Iterator[Page]:
    with visit(chromium, file, (390, 844), has_touch=True, is_mobile=True) as found:
        yield found.page


@pytest.mark.parametrize("view", VIEWS)
def test_a_tap_links_and_pins(view: str, phone: Page) -> None:
    layer = ConvTranspose(3, 3, 2, 1)
    scene = scene_of(view, layer)
    picture = Picture(layer, view, scene, scene.steps - 1)
    ask(phone, state("transposed&i=3&k=3&s=2&p=1", view, scene.steps - 1))
    for cell in worth_a_look(picture)[1::6]:
        if cell not in picture.shown:
            continue
        before = said(phone, "caption")
        tap(phone, middle(phone, cell))
        assert drawn(phone, picture.cells)[1:] == ({cell}, picture.linked(cell))
        assert said(phone, "caption") != before or scene.panels[cell[0]].name == "dL/db"  # what the last step says
        assert len(said(phone, "live")) >= len(said(phone, "caption"))
        if phone.locator("[data-part=value]").is_visible():
            phone.keyboard.press("Escape")
        else:
            tap(phone, middle(phone, cell))
        assert phone.locator(".linked path").count() == 0


def test_links_follow_the_kernel_and_stay_when_the_step_changes(opened: Visit) -> None:
    page, layer = opened.page, Conv(6, 3, 2)
    ask(page, state("conv&i=6&k=3&s=2&p=0", "slide", 0))
    picture = Picture(layer, "slide", scene_of("slide", layer), 0)
    page.mouse.click(*middle(page, (0, 2, 2)))
    line = said(page, "caption")
    page.get_by_label("next step").click()
    assert said(page, "counter").startswith("2 / ")
    assert said(page, "caption") == line
    assert drawn(page, picture.cells)[0] == picture.linked((0, 2, 2))
    page.keyboard.press("Escape")


@pytest.mark.parametrize("view", VIEWS)
def test_without_numbers_the_line_holds_no_values(view: str, opened: Visit) -> None:
    page = opened.page
    address = "conv&i=3&k=2&s=1&p=0&x=91,92,93;94,95,96;97,98,99&w=81,82;83,84"
    layer = Conv(3, 2)
    scene = scene_of(view, layer)
    picture = Picture(layer, view, scene, scene.steps - 1)
    for hidden in ("&numbers=0", ""):
        ask(page, state(address + hidden, view, scene.steps - 1))
        lines = []
        for cell in worth_a_look(picture):
            point(page, cell)
            lines.append(said(page, "caption"))
        shown: Any = [value for value in (*range(81, 85), *range(91, 100)) if any(str(value) in line for line in lines)]
        assert bool(shown) == (not hidden and view != "overlap")
