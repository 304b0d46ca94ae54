"""Values typed into the cells of the explorer: the picture, the address and the command follow, as Python computes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from convviz import Conv, ConvTranspose, explore
from convviz.layers import examples
from convviz.layers.convolution import Conv as ConvLayer
from convviz.layers.layer import Layer
from tests.web.browser import Visit, tap, visit
from tests.web.explorer_page import ask, click, middle, said


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return explore().save(tmp_path_factory.mktemp("values") / "explorer.html")


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[Visit]:
    with visit(chromium, file) as found:
        yield found


def shown(page: Page) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The values that the page has: input, kernel, output, row after row."""
    x, w, y = page.evaluate("[explorer.values.x, explorer.values.w, explorer.values.y]")
    return np.array(x), np.array(w), np.array(y)


def check(page: Page, layer: Layer, x: NDArray[Any], w: NDArray[Any]) -> None:
    """The page has these values, the right output, and says all of it in its address and its command."""
    assert isinstance(layer, (ConvLayer, ConvTranspose))
    for found, wanted in zip(shown(page), (x, w, layer(x, w)), strict=True):
        assert found.tolist() == np.ravel(wanted).tolist()
    page.wait_for_timeout(400)
    address = page.url.partition("#")[2]
    ask(page, "conv")
    ask(page, address)
    for found, wanted in zip(shown(page), (x, w, layer(x, w)), strict=True):
        assert found.tolist() == np.ravel(wanted).tolist()


def test_an_input_cell_takes_another_value(opened: Visit) -> None:
    page = opened.page
    ask(page, "conv&i=4&k=3&s=1&p=1")
    x, w = np.array(examples.example_input((4, 4), 0)), np.array(examples.example_kernel((3, 3), 0))
    click(page, (0, 2, 3))
    field = page.get_by_label("value of x[1,2]")
    assert field.input_value() == str(x[1, 2])
    field.click()
    page.keyboard.type("-7.5")
    x = x.astype(float)
    x[1, 2] = -7.5
    assert "−7.5" in said(page, "picture")
    assert said(page, "caption").startswith("x[1,2]")
    words = shlex.split(said(page, "command"))
    assert words[words.index("--input-values") + 1] == ";".join(",".join(f"{one:g}" for one in row) for row in x)
    check(page, Conv(4, 3, 1, 1), x, w)


def test_a_weight_that_is_shown_flipped_is_the_one_that_changes(opened: Visit) -> None:
    page = opened.page
    ask(page, "transposed&i=2&k=3&s=2&p=1")
    click(page, (1, 0, 0))
    page.get_by_label("value of w[2,2]").fill("9")
    x, w = np.array(examples.example_input((2, 2), 0)), np.array(examples.example_kernel((3, 3), 0))
    w[2, 2] = 9
    assert page.get_by_label("kernel values").input_value() == "custom"
    check(page, ConvTranspose(2, 3, 2, 1), x, w)


def test_the_keyboard_alone_is_enough(opened: Visit) -> None:
    """An arrow to a cell, a digit, Enter, the next arrow."""
    page = opened.page
    ask(page, "conv&i=3&k=2&s=1&p=0")
    page.locator("[data-part=picture]").focus()
    for key in ("ArrowRight", "8", "Enter", "ArrowRight", "ArrowDown", "-", "6", "Enter"):
        page.keyboard.press(key)
    x, w = np.array(examples.example_input((3, 3), 0)), np.array(examples.example_kernel((2, 2), 0))
    x[0, 0], x[1, 1] = 8, -6
    assert page.evaluate("document.activeElement === explorer.parts.picture")
    page.keyboard.press("Escape")
    assert page.locator("[data-linked]").count() == 0
    assert not page.locator("[data-part=value]").is_visible()
    check(page, Conv(3, 2), x, w)


@pytest.mark.parametrize("text", ["", "abc", "1e999", "--1", "1/2", "<b>", "NaN", "Infinity"])
def test_what_is_no_number_changes_nothing(text: str, opened: Visit) -> None:
    page = opened.page
    ask(page, "conv&i=3&k=2&s=1&p=0")
    before = shown(page)
    click(page, (0, 0, 0))
    field = page.get_by_label("value of x[0,0]")
    field.fill(text)
    assert field.get_attribute("aria-invalid") == "true"
    for old, new in zip(before, shown(page), strict=True):
        assert old.tolist() == new.tolist()
    page.keyboard.press("Enter")
    assert field.input_value() == str(before[0][0])
    assert field.get_attribute("aria-invalid") is None


def test_other_numbers_and_other_sizes_leave_ones_own_values(opened: Visit) -> None:
    page = opened.page
    ask(page, "conv&i=2&k=2&s=1&p=0&x=1,2;3,4&w=5,6;7,8")
    assert [one.tolist() for one in shown(page)] == [[1, 2, 3, 4], [5, 6, 7, 8], [70]]
    page.get_by_label("input i, rows").first.fill("3")
    x, w, _ = shown(page)
    assert x.tolist() == np.ravel(examples.example_input((3, 3), 0)).tolist()
    assert w.tolist() == [5, 6, 7, 8]
    page.get_by_text("new example values").click()
    assert shown(page)[1].tolist() == np.ravel(examples.example_kernel((2, 2), 1)).tolist()
    assert page.get_by_label("kernel values").input_value() == ""


@pytest.mark.parametrize(
    ("view", "panel", "cell", "name"),
    [("scatter", 0, (1, 0), "x[1,0]"), ("scatter", 1, (0, 1), "w[0,1]"), ("matrix", 0, (0, 2), "x[1,0]")],
)
def test_other_views_hold_the_same_values(
    view: str, panel: int, cell: tuple[int, int], name: str, opened: Visit
) -> None:
    ask(opened.page, f"transposed&i=2&k=2&s=1&p=0&view={view}")
    click(opened.page, (panel, *cell))
    opened.page.get_by_label(f"value of {name}").fill("42")
    values = shown(opened.page)[0 if name.startswith("x") else 1]
    assert values.tolist()[int(name[2]) * 2 + int(name[4])] == 42


@pytest.mark.parametrize(
    ("address", "panel", "cell", "at"),
    [
        ("conv&i=3&k=2&s=1&p=0", 0, (0, 1), 1),
        ("conv&i=3&k=2&s=1&p=0", 3, (2, 1), 2),  # among the zeros around dL/dy
        ("transposed&i=2&k=2&s=1&p=1", 0, (1, 1), 0),
    ],
)
def test_a_gradient_is_typed(address: str, panel: int, cell: tuple[int, int], at: int, opened: Visit) -> None:
    ask(opened.page, f"{address}&view=backward")
    click(opened.page, (panel, *cell))
    opened.page.locator("[data-part=value]").fill("42")
    assert opened.page.evaluate("Array.from(explorer.values.dy)")[at] == 42
    opened.page.wait_for_timeout(400)
    assert "42" in opened.page.url.partition("dy=")[2]
    assert "--dy" in said(opened.page, "command")
    opened.page.keyboard.press("Escape")


def test_gradients_that_are_computed_are_not_for_typing(opened: Visit) -> None:
    ask(opened.page, "transposed&i=2&k=2&s=1&p=1&view=backward")
    for panel, cell in ((0, (0, 0)), (2, (0, 0)), (4, (1, 1))):  # a cropped cell, dL/dx, dL/dw
        click(opened.page, (panel, *cell))
        assert not opened.page.locator("[data-part=value]").is_visible()


def test_a_line_of_values(opened: Visit) -> None:
    ask(opened.page, "conv&1d&i=4&k=2&s=1&p=0")
    click(opened.page, (0, 0, 3))
    opened.page.get_by_label("value of x[3]").fill("30")
    assert shown(opened.page)[0].tolist()[3] == 30
    opened.page.wait_for_timeout(400)
    assert ",30" in opened.page.url


def test_zeros_outputs_and_hidden_values_are_not_for_typing(opened: Visit) -> None:
    ask(opened.page, "transposed&i=3&k=3&s=2&p=1")
    for panel, cell in ((0, (0, 0)), (0, (1, 2)), (2, (0, 0))):
        click(opened.page, (panel, *cell))
        assert not opened.page.locator("[data-part=value]").is_visible()
    ask(opened.page, "transposed&i=3&k=3&s=2&p=1&numbers=0")
    click(opened.page, (1, 0, 0))
    assert not opened.page.locator("[data-part=value]").is_visible()


def test_a_tap_pins_and_a_second_one_types(chromium: Browser, file: Path) -> None:
    with visit(chromium, file, (390, 844), has_touch=True, is_mobile=True) as found:
        page = found.page
        box = middle(page, (1, 0, 0))
        tap(page, box)
        assert page.locator("[data-part=value]").is_visible()
        assert page.evaluate("document.activeElement !== explorer.parts.value")
        tap(page, box)
        assert page.evaluate("document.activeElement === explorer.parts.value")
        page.keyboard.type("6")
        assert shown(page)[1].tolist()[8] == 6
