"""Play in the explorer tells the story of the animation; stepping by hand shows whole steps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from convviz import Conv, ConvTranspose, animate, explore
from convviz.layers.layer import Layer
from convviz.scene.motion import Glide
from convviz.style.theme import LIGHT
from tests.web.browser import Visit, visit
from tests.web.explorer_page import ask, said

WATCH = """count => new Promise((done) => {
  const seen = [];
  const text = (part) => document.querySelector(`[data-part=${part}]`).textContent;
  const look = () => {
    const moment = document.querySelector("[data-part=moments] .present");
    const now = [parseInt(text("counter")), moment && moment.textContent, text("caption")];
    if (seen.at(-1)?.join() !== now.join()) seen.push(now);
    if (seen.length > count) done(seen.slice(0, count));
    else requestAnimationFrame(look);
  };
  document.querySelector("[data-part=play]").click();
  look();
})"""
PLACES = """() => new Promise((done) => {
  const places = [];
  const look = () => {
    const windows = [...document.querySelectorAll('.over rect[stroke="WINDOW"]')];
    places.push(Math.min(...windows.map((one) => Number(one.getAttribute("x")))));
    if (explorer.state.step === 3) done(places);
    else requestAnimationFrame(look);
  };
  document.querySelector("[data-part=play]").click();
  look();
})""".replace("WINDOW", LIGHT.window)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return explore().save(tmp_path_factory.mktemp("explorer") / "explorer.html")


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[Visit]:
    with visit(chromium, file) as found:
        found.page.locator("[data-part=speed]").select_option("4")
        yield found


@pytest.mark.parametrize(
    ("address", "view", "layer"),
    [
        ("transposed&i=3&k=3&s=2&p=1", "slide", ConvTranspose(3, 3, 2, 1)),
        ("conv&1d&i=6&k=3&s=1&p=1", "slide", Conv((6,), 3, 1, 1)),
        ("transposed&i=3&k=3&s=2&p=1", "scatter", ConvTranspose(3, 3, 2, 1)),
        ("conv&i=5&k=3&s=2&p=1", "steps", Conv(5, 3, 2, 1)),
    ],
)
def test_play_tells_the_story_of_the_animation(address: str, view: str, layer: Layer, opened: Visit) -> None:
    scene = animate(layer, view, pace="story").scene
    ask(opened.page, f"{address}&view={view}")
    length = opened.page.evaluate("explorer.captionLength")
    told: list[Any] = []
    for before, frame in pairwise([scene.frames[0], *scene.frames]):
        under_way = Glide(before, frame, len(scene.moments)).at(0.5)
        for one in (under_way, frame) if under_way.moment != before.moment else (frame,):
            moment = None if one.moment is None else scene.moments[one.moment]
            now = [frame.number, moment, one.caption.fitted(length)]
            told += [now] if not told or told[-1] != now else []
    times = opened.page.evaluate("""() => {
      const { lazyScene } = explorer;
      return lazyScene.beats.map(({ duration }, at) => [duration, lazyScene.keyFrameAt(at).motion]);
    }""")
    assert times == [[frame.duration, frame.motion] for frame in scene.frames]
    assert opened.page.evaluate(WATCH, 9) == told[:9]


def outputs(page: Page) -> int:
    """How many output cells are filled."""
    return int(
        page.evaluate("explorer.story.scene.frames[0].changes.filter(({ cell }) => cell.role === 'output').length")
    )


def test_a_step_by_hand_is_whole_also_from_the_middle_of_a_step(opened: Visit) -> None:
    page = opened.page
    ask(page, "conv&i=5&k=3&s=2&p=1")
    play, following, before = (page.get_by_label(name, exact=True) for name in ("play", "next step", "previous step"))
    assert (said(page, "counter"), outputs(page)) == ("1 / 9", 1)
    play.click()
    page.get_by_label("pause", exact=True).click()
    assert (said(page, "counter"), outputs(page)) == ("1 / 9", 0)
    assert "?" in said(page, "caption")
    assert page.locator("[data-part=moments] [aria-current=step]").all_text_contents() == ["window"]
    following.click()
    assert (said(page, "counter"), outputs(page)) == ("1 / 9", 1)
    following.click()
    assert (said(page, "counter"), outputs(page)) == ("2 / 9", 2)
    assert page.locator("[data-part=moments] .present").count() == 0
    before.click()
    assert (said(page, "counter"), outputs(page)) == ("1 / 9", 1)
    page.locator("[data-part=scrub]").fill("8")
    assert (said(page, "counter"), outputs(page)) == ("9 / 9", 9)


def test_play_goes_on_from_a_step_by_hand(opened: Visit) -> None:
    ask(opened.page, "conv&i=5&k=3&s=2&p=1&step=6")
    assert [number for number, _, _ in opened.page.evaluate(WATCH, 4)] == [6, 7, 8, 9]


@pytest.mark.parametrize("less_motion", [False, True])
def test_the_window_glides_unless_less_motion_is_preferred(less_motion: bool, chromium: Browser, file: Path) -> None:
    with visit(chromium, file, reduced_motion="reduce" if less_motion else "no-preference") as found:
        found.page.locator("[data-part=speed]").select_option("2")
        ask(found.page, "conv&i=7&k=3&s=2&p=0&numbers=0")
        places = found.page.evaluate(PLACES)
        assert all(before <= after for before, after in pairwise(places[:-1]))
        assert (len(set(places)) <= 3) if less_motion else (len(set(places)) > 5)
        found.page.get_by_label("pause", exact=True).click()
        shown = "Number(document.querySelector('.over rect').getAttribute('x'))"
        for name in ("next step", "previous step"):
            found.page.get_by_label(name).click()
            assert found.page.evaluate(shown) == found.page.evaluate(
                f"new Promise((done) => setTimeout(() => done({shown}), 60))"
            )


def test_a_large_layer_is_told_without_building_it(opened: Visit) -> None:
    ask(opened.page, "conv&i=64&k=3&s=1&p=1")
    told = opened.page.evaluate(WATCH, 4)
    assert [number for number, _, _ in told] == [1, 1, 2, 2]
    assert opened.page.evaluate("explorer.lazyScene.beats.length") < 300


def test_products_have_factors_and_no_links(opened: Visit) -> None:
    page = opened.page
    ask(page, "transposed&i=3&k=3&s=2&p=1&step=2")
    inks = page.locator(".numbers tspan").evaluate_all("all => all.map((one) => one.getAttribute('fill'))")
    assert inks == [LIGHT.badges["input"], LIGHT.cells["product"].ink, LIGHT.badges["kernel"]]
    line = said(page, "caption")
    page.locator(".numbers tspan").first.click()
    assert said(page, "caption") == line
    assert page.locator(".linked path").count() == 0


def test_on_a_phone_products_are_left_out(chromium: Browser, file: Path) -> None:
    with visit(chromium, file, (390, 844)) as found:
        ask(found.page, "transposed&i=3&k=3&s=2&p=1")
        assert found.page.locator(".numbers tspan").count() == 0
        assert "products" not in said(found.page, "picture")
        assert found.page.locator("[data-part=moments]").is_visible()


IN_A_GLIDE = """() => new Promise((done) => {
  const { story } = explorer;
  const show = story.showInBetween.bind(story);
  story.showInBetween = (...given) => {
    story.showInBetween = show;
    show(...given);
    setTimeout(() => {
      ACT;
      done([explorer.state.step, story.at, story.playback.isPlaying]);
    });
  };
  if (!story.playback.isPlaying) story.toggle();
})"""


def test_play_goes_on_with_other_parameters_in_the_middle_of_a_glide(opened: Visit) -> None:
    """Other sizes start the story again; a refusal stops it; a theme or a size of the window changes nothing."""
    page = opened.page

    def done(act: str) -> Any:
        return page.evaluate(IN_A_GLIDE.replace("ACT", act))

    ask(page, "conv&i=5&k=3&s=2&p=1")
    assert done("explorer.set({ input: [6, 6] })") == [1, 0, True]
    found = [done(act) for act in ("0", "explorer.switchTheme()", "explorer.resize()", "0")]
    places = [place for _, place, _ in found]
    assert places == sorted(places), "it goes on"
    assert places[-1] > 0
    assert all(is_playing for _, _, is_playing in found)
    assert done("explorer.set({ kernel: [11, 11] })") == [1, None, False]
    assert page.locator("[data-part=refusal]").is_visible()
    assert opened.complaints == []
