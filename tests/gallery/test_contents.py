"""What the gallery shows, whether its captions calculate correctly, and whether its links open what they show."""

from __future__ import annotations

import json
import re
import shlex
from fractions import Fraction
from math import floor, prod
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from convviz import explore
from convviz.animation.animate import Animation
from convviz.files.toml_document import load
from convviz.gallery.explorer_links import explorer_address
from convviz.layers.presets import PRESET_NAMES, preset
from convviz.recipes.reader import TAKES, Recipe, read
from convviz.scene.left_out import without_products
from convviz.scene.model import Scene
from convviz.sphinx.command_line import parse_command
from convviz.style.theme import THEMES
from convviz.views.registry import STACKS, VIEWS
from tests import ROOT
from tests.web.browser import visit
from tests.web.test_explorer_state import answers

GALLERY = ROOT / "gallery"
TABLES = {name: table for name, table in load(GALLERY / "recipes.toml").tables.items() if name != "defaults"}
CASES = json.loads((ROOT / "tests" / "vectors" / "conv_arithmetic.json").read_text(encoding="utf-8"))
MOST_BYTES = 14_500_000
DRAWN_WITH = ("matplotlib", "numpy", "pillow")


@pytest.fixture(scope="module")
def recipes() -> list[Recipe]:
    return read(GALLERY / "recipes.toml")


@pytest.fixture(scope="module")
def pictures(recipes: list[Recipe]) -> dict[str, Animation]:
    return {recipe.name: recipe.animate() for recipe in recipes}


def shown_at_last(scene: Scene) -> list[str]:
    """The texts of all cells, panel by panel, when everything has happened."""
    cells = {
        (index, row, col): cell
        for index, panel in enumerate(scene.panels)
        for row, line in enumerate(panel.cells)
        for col, cell in enumerate(line)
    }
    for frame in scene.frames:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
    return [cell.text for cell in cells.values()]


# What there is


def test_there_is_much_to_see(pictures: dict[str, Animation]) -> None:
    assert len(pictures) >= 60
    assert {table["kind"] for table in TABLES.values()} == set(TAKES)
    views = {animation.view for animation in pictures.values()}
    assert {*VIEWS, *STACKS} <= views
    assert any("+" in view for view in views)
    assert {animation.themes[0].name for animation in pictures.values()} == set(THEMES)


def test_every_picture_has_a_title_of_its_own_and_a_caption(recipes: list[Recipe]) -> None:
    titles = [recipe.title for recipe in recipes]
    assert len(set(titles)) == len(titles)
    assert all(recipe.caption.endswith(".") for recipe in recipes)


@pytest.mark.parametrize(
    ("kind", "stride", "padding"),
    [
        *(("conv", s, p) for s, p in ((1, 0), (1, 1), (2, 0), (2, 1), (2, 3), (3, 2))),
        *(("transposed", s, p) for s, p in ((1, 0), (1, 1), (2, 0), (2, 1))),
    ],
)
def test_the_strides_and_paddings_that_are_known_from_elsewhere(
    kind: str, stride: int, padding: int, pictures: dict[str, Animation]
) -> None:
    (layer,) = pictures[f"{kind}-s{stride}p{padding}"].layers
    assert type(layer).__name__ == {"conv": "Conv", "transposed": "ConvTranspose"}[kind]
    assert (layer.kernel, layer.stride, layer.padding) == ((3, 3), (stride,) * 2, ((padding,) * 2,) * 2)


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_the_fifteen_of_conv_arithmetic(name: str, pictures: dict[str, Animation]) -> None:
    assert TABLES[name]["kind"] == "preset"
    assert pictures[name].layers == (preset(name),)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        *((name, case["output_1_decimal"]) for name, case in CASES["numerical"].items()),
        ("numerical_max_pooling", [[3, 3, 3], [3, 3, 3], [3, 2, 3]]),
        ("numerical_average_pooling", [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]),
        ("ones-pytorch", [[1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]]),
        ("ones-tensorflow", [[1, 1, 3, 2], [1, 1, 3, 2], [4, 4, 10, 6], [3, 3, 7, 4]]),
        ("ones-stamps", [[1, 1, 3, 2, 2], [1, 1, 3, 2, 2], [4, 4, 10, 6, 6], [3, 3, 7, 4, 4], [3, 3, 7, 4, 4]]),
        ("overlap-stamps", [[a * b for a in (1, 1, 2, 1, 2, 1, 1)] for b in (1, 1, 2, 1, 2, 1, 1)]),
        ("bilinear-stamps", [[4, 12, 20, 28, 24, 8]]),
        ("kernel-impulse", [[0] * 5, [0, 9, 8, 7, 0], [0, 6, 5, 4, 0], [0, 3, 2, 1, 0], [0] * 5]),
    ],
)
def test_the_numbers_are_those_of_the_originals(
    name: str, wanted: list[list[float]], pictures: dict[str, Animation]
) -> None:
    """Of conv_arithmetic's figures (whose numbers are rounded to one digit), and of the frameworks."""
    flat = [number for row in wanted for number in row]
    found = [Fraction(text) for text in shown_at_last(pictures[name].scene)[-len(flat) :]]
    assert [round(float(number) * 10) for number in found] == [round(number * 10) for number in flat]


def test_the_gallery_stays_light() -> None:
    assert sum(path.stat().st_size for path in GALLERY.glob("*.gif")) <= MOST_BYTES


def test_what_the_pictures_were_drawn_with_is_written_down() -> None:
    lines = (GALLERY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert tuple(line.partition("==")[0] for line in lines if not line.startswith("#")) == DRAWN_WITH


# What the captions say

EXPRESSION = re.compile(r"(?<![\w.·])([(⌊\d][\d\s()⌊⌋/·+−]*[+−·/][\d\s()⌊⌋/·+−]*) = (−?\d+)(?![\d/])")
SIZES = re.compile(r"\d+×\d+(?: → \d+×\d+)+")


def claims(text: str) -> list[tuple[str, int]]:
    """Each calculation in a text, and the result that it names."""
    found = EXPRESSION.findall(text)
    return [(one, int(result.replace("−", "-"))) for one, result in found if one.count("(") == one.count(")")]


def calculated(text: str) -> Fraction:
    code = text.replace("−", "-").replace("·", "*").replace("⌊", "floor(").replace("⌋", ")")
    return Fraction(eval(re.sub(r"\d+", r"Fraction(\g<0>)", code), {"floor": floor, "Fraction": Fraction}))


def test_what_a_caption_calculates_is_right(recipes: list[Recipe], pictures: dict[str, Animation]) -> None:
    for recipe in recipes:
        for text, result in claims(recipe.caption):
            assert calculated(text) == result, recipe.name
            if f"o = {text} = " in recipe.caption:
                assert pictures[recipe.name].layers[-1].output[0] == result, recipe.name


def test_the_sizes_that_are_named_are_those_of_the_picture(
    recipes: list[Recipe], pictures: dict[str, Animation]
) -> None:
    for recipe in recipes:
        layers = pictures[recipe.name].layers
        way = [layers[0].input, *(layer.output for layer in layers)]
        for said in SIZES.findall(f"{recipe.title}. {recipe.caption}"):
            sizes = [tuple(map(int, size.split("×"))) for size in said.split(" → ")]
            assert sizes in (way, way[::-1]), recipe.name  # the captions of the view pair speak of the way back


def test_captions_calculate_at_all(recipes: list[Recipe]) -> None:
    assert sum(len(claims(recipe.caption)) for recipe in recipes) >= 15
    assert sum(len(SIZES.findall(recipe.caption)) for recipe in recipes) >= 15
    assert claims("o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3.") == [("⌊(5 + 2·1 − 3)/2⌋ + 1", 3)]
    assert calculated("⌊(5 + 2·1 − 3)/2⌋ + 1") == 3
    assert calculated("(6 − 3)/2") == Fraction(3, 2)


# Where the links lead


def linked(pictures: dict[str, Animation]) -> dict[str, str]:
    """Name → address of the pictures that the explorer shows, by the commands that the pictures keep."""
    found = {}
    for name, animation in pictures.items():
        made = parse_command(shlex.split(animation.provenance.command)[1:], GALLERY)
        address = explorer_address(made.kind, made.options)
        if address is not None:
            found[name] = address
    return found


def test_a_link_opens_the_explorer_at_what_is_on_the_picture(
    chromium: Browser, pictures: dict[str, Animation], tmp_path: Path
) -> None:
    """The same view, sizes, badges, steps and, at the last step, cells."""
    addresses = linked(pictures)
    assert len(addresses) >= 70
    numbered = 0
    with visit(chromium, explore().save(tmp_path / "explorer.html")) as found:
        for asked_before, (name, address) in enumerate(addresses.items()):
            scene = without_products(pictures[name].scene)
            state = found.page.evaluate(AT_LAST, [address, asked_before])
            assert state["view"] == pictures[name].view, name
            assert state["sizes"] == scene.sizes, name
            assert state["badges"] == [badge.text for badge in scene.badges], name
            assert state["counter"] == f"{scene.steps} / {scene.steps}", name
            texts = [text for text in shown_at_last(scene) if text]
            if any(entry.role == "pending" for entry in scene.legend):
                continue  # shades, where a larger page may have numbers
            whole = all(pictures[name].display_list.layout.numbered)  # else a small picture leaves some numbers out
            cells = state["cells"]
            if len(cells) > len(texts) and pictures[name].view == "slide":
                written = prod(pictures[name].layers[0].output)
                del cells[len(texts) - written : -written]
            assert cells in (texts, []) if whole else len(cells) >= len(texts), name
            numbered += bool(cells)
    assert numbered >= 50


AT_LAST = """([address, asked]) => new Promise((done) => {
  const said = (part) => document.querySelector(`[data-part=${part}]`).textContent;
  const all = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  addEventListener("hashchange", () => requestAnimationFrame(() => done({
    view: explorer.state.view, sizes: said("sizes"), counter: said("counter"),
    badges: all("[data-part=badges] li"), cells: all("svg .numbers text"),
  })), { once: true });
  location.hash = `${address}&step=${999999 - asked}`;
})"""


def test_the_page_itself_would_write_the_same_addresses(pictures: dict[str, Animation]) -> None:
    addresses = list(linked(pictures).values())
    assert [one["again"] for one in answers(addresses)] == addresses


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("maxpool -i 4", "a pooling"),
        ("conv -i 5 --channels 2", "channels"),
        ("conv -i 5 --bias 1", "a bias"),
        ("conv -i 5 -p 1 --padding-mode reflect", "a padding mode"),
        ("conv -i 5 -p 0,1", "sides that differ"),
        ("conv -i 5 --view isometric", "a view"),
        ("conv -i 4 --view slide+matrix", "two views"),
        ("conv -i 70 -k 3 --no-numbers", "a large input"),
        ("conv -i 5 --seed 10000", "a large seed"),
        ("stack 'conv k3' -i 5", "several layers"),
    ],
)
def test_what_the_explorer_has_no_place_for_has_no_link(command: str, why: str) -> None:
    made = parse_command(shlex.split(command), GALLERY)
    assert explorer_address(made.kind, made.options) is None, why
