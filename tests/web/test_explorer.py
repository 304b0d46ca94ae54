"""The explorer's page in Chromium: it shows what Python computes, and says why something cannot be."""

from __future__ import annotations

import gzip
import shlex
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from playwright.sync_api import Browser

from convviz import Conv, ConvTranspose, GeometryError, PictureError, animate, explore
from convviz.cli.main import main
from convviz.layers import examples
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.recipes.request import request
from convviz.scene.choices import PACES
from convviz.scene.model import Scene, Timing
from convviz.sphinx.command_line import parse_command
from convviz.views import registry as views
from convviz.web.explorer import LARGEST, VIEWS
from tests.markup import tags_of
from tests.profile import ALL, combined
from tests.web.browser import Visit, visit
from tests.web.explorer_page import ask, said

MOST_BYTES = 90_000
CASES: list[tuple[str, Layer]] = [
    ("transposed&i=3&k=3&s=2&p=1", ConvTranspose(3, 3, 2, 1)),
    ("transposed&i=2x3&k=3x2&s=2x1&p=0&a=1x0", ConvTranspose((2, 3), (3, 2), (2, 1), 0, output_padding=(1, 0))),
    ("transposed&i=3&k=2&s=2&p=1", ConvTranspose(3, 2, 2, 1)),
    ("conv&i=5&k=3&s=1&p=1", Conv(5, 3, 1, 1)),
    ("conv&i=6&k=3&s=2&p=0", Conv(6, 3, 2)),
    ("conv&i=7&k=3&s=1&p=0&d=2", Conv(7, 3, dilation=2)),
    ("conv&i=5&k=3&s=2&p=0&preset=same", Conv(5, 3, 2, "same")),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return explore().save(tmp_path_factory.mktemp("explorer") / "explorer.html")


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[Visit]:
    with visit(chromium, file) as found:
        yield found


def test_the_page_is_small_and_says_when_it_is_ready(file: Path, opened: Visit) -> None:
    assert len(gzip.compress(file.read_bytes(), 9)) <= MOST_BYTES
    assert opened.page.evaluate("document.documentElement.dataset.ready") == "true"


@pytest.mark.parametrize(("view", "case"), combined(VIEWS, CASES[:5]), ids=str)
def test_it_shows_what_python_shows(view: str, case: tuple[str, Layer], opened: Visit) -> None:
    """The numbers of the cells, the caption, the badges and the sizes, at the first and at a later step."""
    address, layer = case
    x, w = examples.example_input(layer.input, 0), examples.example_kernel(layer.kernel, 0)
    values = conv_values(layer.sliding_windows, x, w)
    scene, story = (views.find_view(view)(layer, values, Timing(pace=pace)) for pace in PACES)
    for step in (1, 1 + scene.steps // 2):
        ask(opened.page, f"{address}&view={view}&step={step}")
        assert said(opened.page, "sizes") == scene.sizes
        assert said(opened.page, "counter") == f"{step} / {scene.steps}"
        badges = opened.page.locator("[data-part=badges] li").all_inner_texts()
        assert badges == [badge.text for badge in scene.badges]
        shown = opened.page.locator("svg .numbers text").all_text_contents()
        assert shown in (numbers_at(scene, step), numbers_at(story, step), [])
        assert shown or view != "slide"


def numbers_at(scene: Scene, step: int) -> list[str]:
    """The factors and numbers of all cells in reading order after so many steps, but for cells on their way."""
    cells = {
        (index, row, col): cell
        for index, panel in enumerate(scene.panels)
        for row, line in enumerate(panel.cells)
        for col, cell in enumerate(line)
    }
    frames = [frame for frame in scene.frames if frame.number <= step]
    for frame in frames:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
    return [text for cell in cells.values() for text in (cell.note, cell.text) if text]


@pytest.mark.parametrize(
    ("address", "build"),
    [
        ("conv&i=2&k=5&s=1&p=0", lambda: Conv(2, 5)),
        ("transposed&i=1&k=3&s=1&p=2", lambda: ConvTranspose(1, 3, 1, 2)),
        ("transposed&i=3&k=3&s=2&p=1&a=2", lambda: ConvTranspose(3, 3, 2, 1, output_padding=2)),
        ("conv&i=5&k=2&s=1&p=0&weights=sobel-x", lambda: animate(Conv(5, 2), w="sobel-x")),
    ],
)
def test_what_cannot_be_is_said_in_pythons_words_and_no_picture_stays(address: str, build: Any, opened: Visit) -> None:
    with pytest.raises(GeometryError) as caught:
        build()
    ask(opened.page, address)
    assert said(opened.page, "refusal") == str(caught.value)
    assert not opened.page.locator("[data-part=picture]").is_visible()
    ask(opened.page, "conv&i=5&k=3&s=1&p=0")
    assert opened.page.locator("[data-part=picture]").is_visible()
    assert not opened.page.locator("[data-part=refusal]").is_visible()


# Controls, keys, address


def test_sliders_fields_and_choices_change_the_picture_and_the_address(opened: Visit) -> None:
    page = opened.page
    page.locator("[type=number]").and_(page.get_by_label("stride s, rows")).fill("3")
    page.wait_for_timeout(400)
    assert "s=3" in page.url
    assert said(page, "sizes") == "input 3×3 → output 7×7"
    page.get_by_label("Convolution", exact=True).check()
    page.wait_for_timeout(400)
    assert page.url.partition("#")[2].startswith("conv&")
    page.get_by_label("scatter", exact=True).check()
    page.get_by_label("kernel values").select_option("ones")
    page.get_by_label("input values").select_option("ramp")
    page.wait_for_timeout(400)
    assert "view=scatter" in page.url
    assert "pattern=ramp&weights=ones" in page.url
    words = "convviz conv -i 3 -k 3 -s 3 -p 1 --view scatter --input-values ramp --kernel-values ones"
    assert said(page, "command").startswith(words)


@pytest.mark.parametrize(("address", "layer"), CASES, ids=[address for address, _ in CASES])
def test_the_command_that_is_shown_draws_the_same_layer(
    address: str, layer: Layer, opened: Visit, tmp_path: Path
) -> None:
    ask(opened.page, address)
    words = shlex.split(said(opened.page, "command"))
    assert words[0] == "convviz"
    done: Result = CliRunner().invoke(main, [*words[1:-1], str(tmp_path / "a.png")])
    assert done.exit_code == 0, done.output
    from convviz.export.metadata import read

    assert read(tmp_path / "a.png")["parameters"]["output"] == list(layer.output)


def test_keys_move_from_step_to_step_and_on_the_picture_from_cell_to_cell(opened: Visit) -> None:
    page = opened.page
    page.keyboard.press("ArrowRight")
    assert said(page, "counter") == "2 / 25"
    page.locator("[data-part=picture]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".own").count() == 1
    assert said(page, "counter") == "2 / 25"
    assert said(page, "live") == said(page, "caption")


def test_it_plays_and_pauses_and_never_by_itself(opened: Visit) -> None:
    page = opened.page
    page.wait_for_timeout(1300)
    assert said(page, "counter") == "1 / 25"
    page.locator("[data-part=speed]").select_option("4")
    page.get_by_label("play", exact=True).click()
    page.wait_for_timeout(1400)
    page.get_by_label("pause", exact=True).click()
    assert int(said(page, "counter").split(" / ")[0]) > 1


@pytest.mark.parametrize(
    "address",
    [
        "<script>alert(1)</script>",
        "transposed&i=999999999&k=-3&s=0&p=1e99&view=<b>&step=-5&seed=nan&x=1,2;3&w=a,b",
        "conv&i=3&k=3&weights=__proto__&preset=constructor&view=toString&numbers=%E0%A4%A",
        "&&&===&i=&k=x&x=" + "9" * 5000,
    ],
)
def test_hostile_addresses_give_a_sound_page(address: str, opened: Visit) -> None:
    ask(opened.page, address)
    page = opened.page
    assert page.locator("[data-part=picture]").is_visible() or said(page, "refusal")
    state = page.evaluate("explorer.state")
    for name, most in LARGEST.items():
        assert all(0 <= value <= max(most, 64) for value in state[name])
    assert page.locator("script").count() == 2


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 3840])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways(width: int, scheme: Any, chromium: Browser, file: Path) -> None:
    with visit(chromium, file, (width, 800), color_scheme=scheme) as found:
        for view in VIEWS if ALL else VIEWS[scheme == "dark" :: 2]:  # each view at each width in one scheme at least
            ask(found.page, f"transposed&view={view}")
            assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view


def test_the_picture_is_saved_as_svg_and_png(opened: Visit, tmp_path: Path) -> None:
    for button, start in (("save SVG", b"<svg"), ("save PNG", b"\x89PNG")):
        with opened.page.expect_download() as download:
            opened.page.get_by_text(button).click()
        path = tmp_path / "saved"
        download.value.save_as(path)
        assert path.read_bytes().startswith(start)
        assert path.stat().st_size > 2000


# Python and the command line


def test_it_opens_at_a_layer(chromium: Browser, tmp_path: Path) -> None:
    file = explore(Conv(6, 3, 2, "same"), "scatter", kernel="ones", seed=4).save(tmp_path / "a.html")
    with visit(chromium, file) as found:
        assert said(found.page, "sizes") == "input 6×6 → output 3×3"
        assert "-p same --view scatter --seed 4 --kernel-values ones" in said(found.page, "command")


@pytest.mark.parametrize(
    ("layer", "sizes"),
    [
        (Conv((8,), (3,), (2,)), "y = ↓2 (x ⋆ w)"),
        (ConvTranspose(2, 3, 2, "same"), "input 2×2 → output 4×4"),
        (ConvTranspose(2, 2, 3, "same"), "input 2×2 → output 6×6"),
        (ConvTranspose((2, 3), 3, 2, 0, output_padding=(1, 0)), "input 2×3 → output 6×7"),
    ],
    ids=str,
)
def test_it_opens_at_any_layer_that_it_shows(layer: Layer, sizes: str, chromium: Browser, tmp_path: Path) -> None:
    with visit(chromium, explore(layer).save(tmp_path / "a.html")) as found:
        assert said(found.page, "sizes") == sizes
        command = shlex.split(said(found.page, "command"))
        made = parse_command(command[1:-2], tmp_path)
        assert request(made.kind, made.options).layer == layer


@pytest.mark.parametrize(
    ("layer", "said_"),
    [
        (Conv(5, 3, padding=1, padding_mode="reflect"), "that are padded with zeros"),
        (Conv(5, 3, 1, ((0, 1), (1, 0))), "both sides alike"),
        (Conv(80, 3), "input 80 is more than the explorer's sliders reach; use up to 64"),
    ],
)
def test_layers_that_the_page_does_not_show_are_refused(layer: Layer, said_: str) -> None:
    with pytest.raises(PictureError, match=said_):
        explore(layer)


def test_other_refusals() -> None:
    with pytest.raises(PictureError, match="the explorer has no view 'image'; use slide, steps"):
        explore(view="image")
    with pytest.raises(GeometryError, match="there is no kernel 'sobel'"):
        explore(kernel="sobel")


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["explore", "conv", "-i", "5", "-s", "2", "-o", "conv.html"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("conv.html: ")
    refused = CliRunner().invoke(main, ["explore", "conv", "-a", "1"])
    assert refused.exit_code == 2
    assert "output padding belongs to a transposed convolution" in refused.output


def test_a_notebook_shows_a_still_that_becomes_the_page() -> None:
    page = explore(Conv(5, 3))
    assert repr(page) == "<Explorer: Convolution, input 5×5 → output 3×3, view slide>"
    bundle = page._repr_mimebundle_()
    assert bundle["text/plain"] == repr(page)
    with Image.open(BytesIO(b64decode(bundle["image/png"]))) as image:
        assert image.size == (1280, 720)
    (attributes,) = tags_of(bundle["text/html"], "img")
    assert attributes["src"] == f"data:image/png;base64,{bundle['image/png']}"
    assert attributes["alt"].startswith("Explorer: Animation in 9 steps")


def test_a_layer_that_is_too_large_for_a_still_is_explored_all_the_same() -> None:
    bundle = explore(ConvTranspose(64, 11, 8))._repr_mimebundle_()
    assert "image/png" not in bundle
    assert bundle["text/html"].startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')


def test_in_a_notebook_it_works_without_an_address(chromium: Browser, tmp_path: Path) -> None:
    html = explore()._repr_mimebundle_()["text/html"]
    outer = tmp_path / "outer.html"
    outer.write_text(f'<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><div>{html}</div>', "utf-8")
    context = chromium.new_context(accept_downloads=True)
    try:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(outer.as_uri())
        inner = page.frame_locator("iframe")
        inner.locator("html[data-ready=true]").wait_for(state="attached")
        assert page.locator("img").count() == 0
        inner.get_by_role("button", name="next step").click()
        page.wait_for_timeout(600)  # longer than the delay of the address
        assert inner.get_by_role("button", name="copy link").count() == 0
        with page.expect_download() as download:
            inner.get_by_role("button", name="SVG").click()
        assert download.value.suggested_filename.endswith(".svg")
        assert complaints == []
    finally:
        context.close()
    still = chromium.new_context(java_script_enabled=False)
    try:
        page = still.new_page()
        page.goto(outer.as_uri())
        assert page.locator("img").bounding_box()
        assert page.locator("body").inner_text().strip() == ""
    finally:
        still.close()
