"""The page in a browser: it shows what Python says, in every frame, at every size, and obeys its controls."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from convviz import Conv, ConvTranspose, PictureError
from convviz.scene.choices import Pace
from convviz.scene.left_out import without_products
from convviz.scene.model import Cell, Scene
from convviz.style.theme import DARK, LIGHT, PRINT, SMALLEST_TEXT_PX, Theme
from convviz.web.embed import html
from convviz.web.pages import player
from tests.at_rest import animate
from tests.profile import ALL, combined
from tests.web import browser
from tests.web.browser import Visit, visit
from tests.web.player_scenes import scenes, states

BOTH = (LIGHT, DARK)
PHONE: dict[str, Any] = {"size": (390, 844), "has_touch": True, "is_mobile": True}
CALM: dict[str, Any] = {"reduced_motion": "reduce"}
READ = """() => {
  const found = {};
  const all = (part) => document.querySelectorAll(`${part} [data-at]`);
  for (const cell of all(".grounds")) found[cell.dataset.at] = [cell.getAttribute("fill"), ""];
  for (const text of all(".numbers")) found[text.dataset.at][1] = text.textContent;
  return found;
}"""

SEEN = f"""() => [
  ({READ})(),
  [".over", ".guides", ".floats"].map((group) => document.querySelectorAll(`${{group}} > *`).length),
  ...["caption", "counter"].map((part) => document.querySelector(`[data-part=${{part}}]`).innerText),
]"""
"""Cells, numbers of marks, guides and floating cells, caption and counter, in one go."""


def page_of(folder: Path, scene: Scene, themes: tuple[Theme, ...] = BOTH, **words: Any) -> Path:
    """The page of a scene on disk."""
    path = folder / "page.html"
    path.write_text(player(scene, themes, **{"title": "A page", "alt": "what it shows", **words}), encoding="utf-8")
    return path


@contextmanager
def shown(chromium: Browser, folder: Path, scene: Scene, **options: Any) -> Iterator[Page]:
    """The page of a scene, which does not play by itself."""
    with visit(chromium, page_of(folder, scene), **CALM, **options) as found:
        yield found.page


def go(page: Page, frame: int) -> None:
    """To a frame, from 0, through the slider."""
    page.locator("[data-part=scrub]").evaluate(
        "(scrub, at) => { scrub.value = at; scrub.dispatchEvent(new Event('input')); }", frame
    )


def at(page: Page) -> int:
    """The frame that is shown, from 0."""
    return int(page.locator("[data-part=picture]").get_attribute("data-frame") or -1)


REACH = """([frame, click]) => new Promise((done, fail) => {
  const part = (name) => document.querySelector(`[data-part=${name}]`);
  const look = () => (part("picture").dataset.frame == frame ? done() : setTimeout(look, 5));
  setTimeout(() => fail(new Error(`frame ${frame} never came`)), 10_000);
  if (click) part(click).click();
  look();
})"""


def effective_kernel(page: Page, frame: int, click: str = "") -> None:
    """Wait until a frame, from 0, is shown, perhaps after a click on a part of the page."""
    page.evaluate(REACH, [frame, click])


def fill_of(theme: Theme, cell: Cell, highlighted: bool, fill: str) -> str:
    """The colour that a cell must have; small cells of dashed roles have that of empty ones instead."""
    style = theme.cell(cell.role, highlighted=highlighted, faded=cell.faded, level=cell.level)
    return fill if style.dashes and not highlighted and fill == theme.cells["empty"].fill else style.fill


def differences(page: Page, scene: Scene, theme: Theme, frame: int, read: Any = None) -> list[str]:
    """Everything in which the cells on the page, or those that were read from it, differ from those of the scene."""
    _, cells, highlighted = next(state for index, state in enumerate(states(scene)) if index == frame)
    read = read or page.evaluate(READ)
    if len(read) != len(cells):
        return [f"there are {len(read)} cells, not {len(cells)}"]
    numbers = any(text for _, text in read.values())
    found = []
    for position, cell in cells.items():
        fill, text = read[",".join(map(str, position))]
        if fill != fill_of(theme, cell, position in highlighted, fill):
            found.append(f"frame {frame}: {position} is {fill}, but it shows {cell}")
        if text != (cell.text if numbers and cell.role != "bar" else ""):
            found.append(f"frame {frame}: {position} says {text!r}, but it shows {cell}")
    return found


def sampled(scene: Scene) -> list[int]:
    """Frames in an order that goes forward, back and far: four, or a dozen in the complete run."""
    last = len(scene.frames) - 1
    if not ALL:
        return [0, last, last // 2, min(1, last)]
    backwards = sorted({last * part // 7 for part in range(8)}, reverse=True)
    return [0, min(1, last), last // 2, last, *backwards, last, 0]


# What it shows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "scheme", "theme"),
    [(name, "light", LIGHT) for name in scenes()]
    + [(name, "dark", DARK) for name in ("slide", "overlap", "isometric")],
)
def test_every_frame_shows_what_python_says_and_fits_the_page(
    chromium: Browser, tmp_path: Path, name: str, scheme: str, theme: Theme
) -> None:
    scene = scenes()[name]
    with shown(chromium, tmp_path, scene, color_scheme=scheme) as page:
        for frame in sampled(scene):
            go(page, frame)
            read, counts, line, counter = page.evaluate(SEEN)
            assert differences(page, scene, theme, frame, read) == []
            one = scene.frames[frame]
            over, guides, floats = counts
            last = [mark for mark in one.marks if mark.role == "last"]
            least = 2 * (len(one.marks) - len(last)) + len(one.connectors)
            arrows = range(2 * len(last) + 2 * len(one.arrows), 2 * len(last) + 4 * len(one.arrows) + 1, 2)
            assert over - least in (0, *arrows), "each mark and arrow has a halo, and a text has a ground"
            assert guides == 2 * len(one.guides)
            assert bool(floats) == bool(one.floating_cells)
            assert line in {one.caption.fitted(length) for length in range(300)}
            assert counter == f"{one.number} / {scene.steps}"
        assert page.locator("h1").inner_text() == scene.title
        assert page.locator("[data-part=badges] li").all_inner_texts() == [badge.text for badge in scene.badges]
        assert page.locator("[data-part=tabs] li").all_inner_texts() == list(scene.tabs)
        entries = [[*(part.text for part in entry.scale), entry.text] for entry in scene.legend]
        legend = page.locator("[data-part=legend] li").all_inner_texts()
        assert [text.split("\n") for text in legend] == [[text for text in entry if text] for entry in entries]
        lines = page.locator("[data-part=formulas] li").all_inner_texts()
        assert all(line in formula.variants() for line, formula in zip(lines, scene.formulas, strict=True))
        if scheme == "light":
            check_sizes(page, name)


def test_captions_of_grids_appear_with_what_they_name(chromium: Browser, tmp_path: Path) -> None:
    scene = scenes()["steps"]
    with shown(chromium, tmp_path, scene) as page:
        for frame in (0, len(scene.frames) - 1, 0, 1):
            go(page, frame)
            words = " ".join(page.locator(".words text").all_text_contents())
            assert ("i + (i − 1)·z" in words) is (scene.frames[frame].tab >= 1), frame
            assert ("+ 2p′" in words) is (scene.frames[frame].tab >= 2), frame
            assert "output" in words


def test_a_story_shows_its_moments_and_the_factors_of_products(chromium: Browser, tmp_path: Path) -> None:
    scene = animate(Conv(5, 3, 2, 1), pace="story").scene
    with shown(chromium, tmp_path, scene) as page:
        for frame, name in enumerate(("window", "multiply", "add", "write")):
            go(page, frame)
            assert page.locator("[data-part=moments] .present").all_text_contents() == [name]
            factors = page.locator("[data-name=products] text").all_text_contents()
            notes = [change.cell.note for change in scene.frames[frame].changes if change.cell.note]
            assert sorted(text for text in factors if "·" in text) == sorted(notes)
            assert bool(notes) is (name != "window")
            words = set(page.locator("svg text.panel-caption").all_text_contents())
            told = {"products, cell by cell", "products, added up"} & words
            assert told == {"products, cell by cell" if name in ("window", "multiply") else "products, added up"}


def test_products_come_and_go_with_the_size_of_the_window(chromium: Browser, tmp_path: Path) -> None:
    """Cells of less than 30 pixels of the design have none, as in pictures; all else is as in the whole scene."""
    scene = scenes()["story"]
    last = len(scene.frames) - 1
    sparse = without_products(scene)
    with shown(chromium, tmp_path, scene, size=(1280, 720)) as page:
        for size, expected in (((1280, 720), scene), ((390, 500), sparse), ((1280, 720), scene)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_timeout(100)
            assert page.locator("[data-name=products]").count() == 2 * (expected is scene)
            for frame in (3, last):
                go(page, frame)
                assert differences(page, expected, LIGHT, frame) == []
                assert at(page) == frame


def test_a_wrong_cell_is_seen(chromium: Browser, tmp_path: Path) -> None:
    scene = scenes()["slide"]
    with shown(chromium, tmp_path, scene) as page:
        go(page, 7)
        assert differences(page, scene, LIGHT, 7) == []
        assert differences(page, scene, LIGHT, 6)
        assert differences(page, scene, DARK, 7)
        page.locator(".numbers text").first.evaluate("text => { text.textContent = '77'; }")
        assert len(differences(page, scene, LIGHT, 7)) == 1


@pytest.mark.parametrize("pace", ["even", "story"])
def test_the_slide_view_has_numbers_on_screens_and_phones(pace: Pace, chromium: Browser, tmp_path: Path) -> None:
    scene = animate(ConvTranspose(3, 3, 2, 1), pace=pace).scene
    for options in ({"size": (1280, 720)}, PHONE, {"size": (320, 640)}, {"size": (560, 315)}):
        with shown(chromium, tmp_path, scene, **options) as page:
            assert page.locator(".numbers text").count() > 20, options


def test_changes_of_theme_reach_every_cell(chromium: Browser, tmp_path: Path) -> None:
    scene = scenes()["slide"]
    with shown(chromium, tmp_path, scene, color_scheme="light") as page:
        go(page, 9)
        assert differences(page, scene, LIGHT, 9) == []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.locator(":root[data-theme='1']").wait_for()
        assert differences(page, scene, DARK, 9) == []
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(14, 17, 22)"
        page.get_by_role("button", name="light theme").click()
        assert differences(page, scene, LIGHT, 9) == []
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.wait_for_timeout(100)
        assert differences(page, scene, LIGHT, 9) == [], "who has chosen has chosen"
        page.get_by_role("button", name="dark theme").click()
        assert differences(page, scene, DARK, 9) == []


def test_parts_that_are_not_wanted_are_not_shown(chromium: Browser, tmp_path: Path) -> None:
    parts = {"header": ".head, .badges", "legend": ".legend", "formulas": ".formulas", "caption": ".step-caption"}
    for name, place in ({"": "h1"} | parts | {"counter": ".counter"}).items():
        with shown(chromium, tmp_path, replace(scenes()["slide"], without=(name,) if name else ())) as page:
            assert all(one.is_visible() == (not name) for one in page.locator(place).all())


def test_a_theme_may_have_a_font_of_its_own(chromium: Browser, tmp_path: Path) -> None:
    path = page_of(tmp_path, scenes()["slide"], (replace(LIGHT, font='A "Font</style>'),))
    with visit(chromium, path, **CALM) as found:
        assert found.page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"A Fontstyle", system-ui')


def test_one_theme_is_fixed(chromium: Browser, tmp_path: Path) -> None:
    path = page_of(tmp_path, scenes()["slide"], (PRINT,))
    with visit(chromium, path, color_scheme="dark", **CALM) as found:
        assert found.page.locator("[data-part=theme]").is_hidden()
        assert differences(found.page, scenes()["slide"], PRINT, 0) == []
        assert found.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


# Controls -------------------------------------------------------------------------------------------------------------


def test_buttons_keys_and_slider_step(chromium: Browser, tmp_path: Path) -> None:
    scene = scenes()["slide"]
    last = len(scene.frames) - 1
    with shown(chromium, tmp_path, scene) as page:
        assert at(page) == 0
        for name, frame in [("next step", 1), ("last step", last), ("next step", last), ("previous step", last - 1)]:
            page.get_by_role("button", name=name).click()
            assert at(page) == frame
        page.get_by_role("button", name="first step").click()
        page.get_by_role("button", name="previous step").click()
        assert at(page) == 0
        page.locator("h1").click()
        for key, frame in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", last), ("Home", 0)]:
            page.keyboard.press(key)
            assert at(page) == frame
        page.locator("[data-part=scrub]").focus()
        page.keyboard.press("ArrowRight")
        assert at(page) == 1
        assert page.locator("[data-part=scrub]").get_attribute("aria-valuetext") == f"step 2 of {scene.steps}"
        page.locator("[data-part=speed]").focus()
        page.keyboard.press("End")
        assert at(page) == 1, "keys in a form field are the field's"
        assert page.locator("[data-part=speed]").input_value() == "4"


def test_those_who_listen_hear_steps_by_hand_but_no_play(chromium: Browser, tmp_path: Path) -> None:
    scene = scenes()["slide"]
    with shown(chromium, tmp_path, scene) as page:
        live = page.locator("[data-part=live]")
        assert live.get_attribute("aria-live") == "polite"
        assert live.text_content() == ""
        page.get_by_role("button", name="next step").click()
        assert live.text_content() == f"Step 2 of 25: {page.locator('[data-part=caption]').inner_text()}"
        said = live.text_content()
        page.locator("[data-part=speed]").select_option("4")
        page.get_by_role("button", name="play").click()
        effective_kernel(page, 3)
        assert live.text_content() == said


def quick(scene: Scene, frames: int = 5, duration: int = 120) -> Scene:
    """The first few frames of a scene, fast, each of them at rest for half of its duration."""
    few = tuple(
        replace(frame, duration=duration, motion=min(frame.motion, duration // 2)) for frame in scene.frames[:frames]
    )
    return replace(scene, frames=few, steps=frames)


def test_it_plays_by_itself_and_loops(chromium: Browser, tmp_path: Path) -> None:
    with visit(chromium, page_of(tmp_path, quick(scenes()["slide"]))) as found:
        page = found.page
        assert page.get_by_role("button", name="pause").is_visible()
        effective_kernel(page, 4)
        effective_kernel(page, 1)
        page.get_by_role("button", name="pause").click()
        stopped = at(page)
        page.wait_for_timeout(250)
        assert at(page) == stopped
        page.keyboard.press("Home")
        page.locator("h1").click()
        page.keyboard.press(" ")
        effective_kernel(page, 3)
        page.keyboard.press(" ")
        assert page.get_by_role("button", name="play").is_visible()


def test_it_stops_after_as_many_loops_as_wanted_and_plays_again(chromium: Browser, tmp_path: Path) -> None:
    with visit(chromium, page_of(tmp_path, quick(scenes()["slide"]), loop=1)) as found:
        page = found.page
        for _ in range(2):
            page.get_by_role("button", name="play").wait_for()
            assert at(page) == 4
            effective_kernel(page, 2, click="play")


def test_steps_last_as_long_as_the_scene_says_over_the_speed(chromium: Browser, tmp_path: Path) -> None:
    """By a clock that the test turns: each glide may end an animation frame late, and nothing is ever early."""
    scene = quick(scenes()["slide"], 3, 480)
    durations = [frame.duration for frame in scene.frames]
    path = page_of(tmp_path, scene)
    with visit(chromium, path, hash="#step=1", has_touch=False) as found:  # a window of its own: its clock stays turned
        page, clock = found.page, found.page.clock
        clock.install(time=0)
        clock.pause_at(1000)
        for speed in ("1", "4", "0.5"):
            page.locator("[data-part=speed]").select_option(speed)
            page.locator("[data-part=first]").click()
            page.locator("[data-part=play]").click()
            now = 0
            for number in (1, 2):
                due = round((sum(durations[:number]) + scene.frames[number].motion) / float(speed))
                clock.run_for(due - 1 - now)
                assert at(page) == number - 1
                clock.run_for(41)
                assert at(page) == number
                now = due + 40
            page.locator("[data-part=play]").click()


def test_it_does_not_play_by_itself_where_motion_is_unwanted(chromium: Browser, tmp_path: Path) -> None:
    with shown(chromium, tmp_path, quick(scenes()["slide"])) as page:
        page.wait_for_timeout(300)
        assert at(page) == 0
        page.get_by_role("button", name="play").click()
        effective_kernel(page, 2)


def test_it_rests_while_its_tab_is_hidden(chromium: Browser, tmp_path: Path) -> None:
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    with visit(chromium, page_of(tmp_path, quick(scenes()["slide"]))) as found:
        page = found.page
        page.evaluate(hide, True)
        stopped = at(page)
        page.wait_for_timeout(300)
        assert at(page) == stopped
        page.evaluate(hide, False)
        page.locator(f"[data-part=picture]:not([data-frame='{stopped}'])").wait_for()


def test_an_address_opens_a_step(chromium: Browser, tmp_path: Path) -> None:
    with visit(chromium, page_of(tmp_path, scenes()["slide"]), hash="#step=7") as found:
        assert at(found.page) == 6
        assert found.page.get_by_role("button", name="play").is_visible()
        found.page.evaluate("location.hash = '#step=9999'")
        effective_kernel(found.page, 24)
    story = scenes()["story"]
    end = max(index for index, frame in enumerate(story.frames) if frame.number == 2)
    with visit(chromium, page_of(tmp_path, story), hash="#step=2") as found:
        assert at(found.page) == end
    numbers = [frame.number for frame in scenes()["thinned"].frames]
    with visit(chromium, page_of(tmp_path, scenes()["thinned"]), hash=f"#step={numbers[5] + 1}") as found:
        assert at(found.page) == 5


# Sizes ----------------------------------------------------------------------------------------------------------------

FITS = """() => {
  const root = document.documentElement;
  const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...document.querySelectorAll("main *")]
    .filter((one) => says(one) && !one.closest(".visually-hidden, noscript") && one.getClientRects().length);
  const edge = document.querySelector(".stage").getBoundingClientRect().right;
  const scale = (one) => (one.ownerSVGElement ? one.ownerSVGElement.getScreenCTM().a : 1);
  return {
    sideways: Math.max(root.scrollWidth, document.body.scrollWidth) - innerWidth,
    down: root.scrollHeight - innerHeight,
    outside: texts.filter((one) => {
      const { left, right } = one.getBoundingClientRect();
      return left < -1 || right > innerWidth + 1;
    }).map((one) => one.textContent),
    beyond: [...document.querySelectorAll("button, select, input")]
      .filter((one) => one.getBoundingClientRect().right > edge + 1).map((one) => one.dataset.part),
    small: texts.filter((one) => {
      const size = parseFloat(getComputedStyle(one).fontSize) * scale(one);
      return size > 0 && size < 10.99;
    }).map((one) => one.textContent),
  };
}"""
TOUCH = """(least) => [...document.querySelectorAll("button, select, input")]
  .filter((one) => one.getClientRects().length)
  .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < least).map((one) => one.dataset.part)"""


SIZES = [(320, 640), (390, 844), (844, 390), (560, 315), (1280, 720), (3840, 2160)]
LEAST_WIDTH = {"channels": 360}
"""Scenes whose labels are smaller than 11 pixels on narrower pages: labels and numbers of three channels take 336."""


def check_sizes(page: Page, name: str) -> None:
    """Nothing leaves the page sideways or gets too small: at two sizes of each scene, or all in the complete run."""
    assert SMALLEST_TEXT_PX == 11
    number = list(scenes()).index(name)
    for width, height in SIZES if ALL or name == "slide" else (SIZES[number % 2], SIZES[2 + number % 4]):
        page.set_viewport_size({"width": max(width, LEAST_WIDTH.get(name, 0)), "height": height})
        page.wait_for_timeout(60)
        found = page.evaluate(FITS)
        assert found["sideways"] <= 0, (width, height)
        assert found["outside"] == [], (width, height)
        assert found["small"] == [], (width, height)
        assert found["beyond"] == [], (width, height)


@pytest.mark.parametrize(
    ("name", "size"),
    combined(
        ["slide", "scatter", "matrix", "pair", "steps", "line", "isometric", "thinned"],
        [(560, 315), (640, 360), (1280, 720), (1920, 1080)],
    ),
    ids=str,
)
def test_a_slide_shows_all_of_it_without_scrolling(
    chromium: Browser, tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    with shown(chromium, tmp_path, scenes()[name], size=size) as page:
        assert page.evaluate(FITS)["down"] <= 0


def test_targets_are_large_enough_for_fingers_and_mice(chromium: Browser, tmp_path: Path) -> None:
    with shown(chromium, tmp_path, scenes()["slide"], **PHONE) as page:
        assert page.evaluate(TOUCH, 44) == []
        assert page.evaluate(TOUCH, 400)
    for size in ((1280, 720), (560, 315)):
        with shown(chromium, tmp_path, scenes()["slide"], size=size) as page:
            assert page.evaluate(TOUCH, 24) == []


# For everybody --------------------------------------------------------------------------------------------------------


def test_controls_and_picture_have_names(chromium: Browser, tmp_path: Path) -> None:
    with shown(chromium, tmp_path, scenes()["slide"]) as page:
        page.get_by_role("img", name="what it shows").wait_for()
        names = ["dark theme", "first step", "previous step", "play", "next step", "last step"]
        assert [one.get_attribute("aria-label") for one in page.get_by_role("button").all()] == names
        page.get_by_role("slider", name="step").wait_for()
        page.get_by_role("combobox", name="speed").wait_for()
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        assert page.title() == "A page"


def test_it_works_in_a_sandboxed_frame(chromium: Browser, tmp_path: Path) -> None:
    inner = player(quick(scenes()["slide"]), BOTH, title="inner", alt="inner")
    outer = tmp_path / "outer.html"
    frame = '<iframe sandbox="allow-scripts" width="560" height="315"></iframe>'
    outer.write_text(f'<!DOCTYPE html><link rel="icon" href="data:,">{frame}', encoding="utf-8")
    window = chromium.new_context()
    try:
        found = Visit(window.new_page())
        found.page.goto(outer.as_uri())
        found.page.evaluate("text => { document.querySelector('iframe').srcdoc = text; }", inner)
        part = found.page.frame_locator("iframe").locator("[data-part=picture][data-frame='3']")
        part.wait_for()
        assert found.complaints == []
    finally:
        window.close()


def test_a_frame_that_is_hidden_at_first_is_drawn_when_it_shows(chromium: Browser, tmp_path: Path) -> None:
    page_of(tmp_path, scenes()["slide"])
    outer = tmp_path / "outer.html"
    hidden = '<iframe src="page.html" style="display: none" width="560" height="315"></iframe>'
    outer.write_text(f'<link rel="icon" href="data:,">{hidden}', encoding="utf-8")
    window = chromium.new_context()
    try:
        page = window.new_page()
        page.goto(outer.as_uri())
        page.wait_for_timeout(200)
        page.evaluate("document.querySelector('iframe').style.display = 'block'")
        page.frame_locator("iframe").locator(".numbers text").first.wait_for()
    finally:
        window.close()


def test_texts_cannot_break_out_of_the_page(chromium: Browser, tmp_path: Path) -> None:
    evil = "</script><script>document.title = 'broken'</script><!-- \"'&"
    scene = replace(scenes()["slide"], title=evil, sizes="{{script}} {{alt}}")
    path = page_of(tmp_path, scene, alt=evil, note=json.dumps({"said": evil}))
    with visit(chromium, path, **CALM) as found:
        page = found.page
        assert page.title() == "A page"
        assert page.locator("h1").inner_text() == evil
        assert page.locator("[data-part=sizes]").inner_text() == "{{script}} {{alt}}"
        assert page.locator("[data-part=picture]").get_attribute("aria-label") == evil
        recipe = page.locator("#convviz-recipe").evaluate("one => JSON.parse(one.textContent)")
        assert recipe == {"said": evil}


def test_a_frame_is_embedded_with_its_title(chromium: Browser, tmp_path: Path) -> None:
    page_of(tmp_path, scenes()["slide"])
    outer = tmp_path / "outer.html"
    outer.write_text('<link rel="icon" href="data:,">' + html("page.html", 'a "title"', (1280, 720)), encoding="utf-8")
    window = chromium.new_context(viewport={"width": 800, "height": 600})
    try:
        page = window.new_page()
        page.goto(outer.as_uri())
        frame = page.locator("iframe")
        assert frame.get_attribute("title") == 'a "title"'
        assert frame.get_attribute("loading") == "lazy"
        box = frame.bounding_box()
        assert box
        assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.01)
        page.frame_locator("iframe").locator("h1").wait_for()
    finally:
        window.close()


def test_one_theme_or_two() -> None:
    for themes in ((), (LIGHT, DARK, PRINT)):
        with pytest.raises(PictureError, match="give one or two"):
            player(scenes()["slide"], themes, title="", alt="")


def test_a_machine_without_chromium_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="apt-get install -y chromium"):
        browser.executable()


# What it costs --------------------------------------------------------------------------------------------------------


def test_the_page_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    page = player(animate(ConvTranspose(3, 3, 2, 1), pace="story").scene, BOTH, title="A page", alt="a").encode()
    size = len(gzip.compress(page, 9))
    with capsys.disabled():
        print(f" [{len(page)} bytes, {size} gzip-compressed]", end="")
    assert size <= 33_500


def test_a_step_of_a_large_scene_is_quick(chromium: Browser, tmp_path: Path) -> None:
    """By the time that the page's thread computes, which does not grow when others do; 1.5 ms are usual."""
    scene = animate(Conv(64, 3, 1, 1), numbers=False, frames=200).scene
    hundred_steps = """() => {
      const next = document.querySelector("[data-part=next]");
      for (let step = 0; step < 100; step++) {
        next.click();
        document.querySelector("[data-part=picture]").getBoundingClientRect();
      }
    }"""
    with shown(chromium, tmp_path, scene) as page:
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def computed() -> float:
            metrics = session.send("Performance.getMetrics")["metrics"]
            return next(float(one["value"]) for one in metrics if one["name"] == "ThreadTime")

        times = []
        for _ in range(2):
            before = computed()
            page.evaluate(hundred_steps)
            times.append((computed() - before) * 1000 / 100)
        session.detach()
    assert 0 < min(times) <= 8, f"a step takes {min(times):.1f} ms"
