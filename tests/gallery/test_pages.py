"""The gallery's pages in Chromium: what is shown, what plays and when, what the address says, and what never runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from convviz.errors import ExportError
from tests.gallery.entries import ENTRIES, FILES, HOSTILE, entry, make, texts, write_pages
from tests.web.axe import violations
from tests.web.browser import Visit, visit

NAMES = [one.name for one in ENTRIES]
BESIDE = (*FILES, "explorer.html")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("gallery"))


@pytest.fixture
def opened(chromium: Browser, index: Path) -> Iterator[Visit]:
    with visit(chromium, index, beside=BESIDE) as found:
        yield found


def shown(page: Page) -> list[str]:
    """The names of the cards that are seen."""
    return page.locator(".card:visible").evaluate_all("all => all.map(one => one.id)")  # type: ignore[no-any-return]


def card(page: Page, name: str) -> Locator:
    return page.locator(f"[id='{name}']")


def source(page: Page, name: str) -> str:
    return Path(card(page, name).locator("img").get_attribute("src") or "").name


def address(page: Page) -> str:
    return page.url.partition("#")[2]


def ask(page: Page, hash: str) -> None:
    """Go to an address and wait until the page has followed it."""
    page.evaluate("hash => { location.hash = hash; }", hash)
    page.wait_for_timeout(60)


# Text


def test_the_same_entries_give_the_same_bytes() -> None:
    found = texts(ENTRIES)
    assert list(found) == ["README.md", "index.html", "explorer.html"]
    assert found == texts(list(ENTRIES))


def test_without_a_link_there_is_no_explorer() -> None:
    found = texts([entry("one", "maxpool")])
    assert list(found) == ["README.md", "index.html"]
    assert b"explorer.html" not in found["index.html"]


def test_a_page_that_is_as_it_should_be_is_left_alone(tmp_path: Path) -> None:
    written = write_pages(tmp_path)
    before = [path.stat().st_mtime_ns for path in written]
    written[0].write_bytes(written[0].read_bytes().replace(b"Gallery", b"Older"))
    assert write_pages(tmp_path) == written
    after = [path.stat().st_mtime_ns for path in written]
    assert before[1:] == after[1:]
    assert written[0].read_bytes() == texts(ENTRIES)["README.md"]
    assert {path.name for path in tmp_path.iterdir()} == set(texts(ENTRIES))


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    with pytest.raises(ExportError, match=r"index\.html is a folder"):
        write_pages(tmp_path)


@pytest.mark.parametrize("name", ["README.md", "index.html", "explorer.html"])
def test_a_page_of_somebody_elses_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("my own words")
    with pytest.raises(ExportError, match=r"is in the way: convviz did not write it"):
        write_pages(tmp_path)
    assert (tmp_path / name).read_text() == "my own words"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("elsewhere")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "README.md").symlink_to(outside)
    with pytest.raises(ExportError, match="is a link"):
        write_pages(tmp_path / "in")
    assert outside.read_text() == "elsewhere"


def test_every_word_of_an_entry_stands_in_the_page_as_text() -> None:
    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.said = ""
            self.alts: list[str | None] = []

        def handle_data(self, data: str) -> None:
            self.said += data

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.alts += [dict(attrs)["alt"]] if tag == "img" else []

    words = Words()
    words.feed(texts(ENTRIES)["index.html"].decode())
    for one in ENTRIES:
        assert all(text in words.said for text in (one.title, one.caption, one.command))
    ordered = sorted(ENTRIES, key=lambda one: ["conv", "transposed", "maxpool", "preset"].index(one.kind))
    assert words.alts == [one.alt for one in ordered]


# What is shown


def test_everything_is_shown_at_first_in_sections(opened: Visit) -> None:
    page = opened.page
    assert sorted(shown(page)) == sorted(NAMES)
    assert page.locator("h2:visible").all_inner_texts() == [
        "Convolution",
        "Transposed convolution",
        "Max pooling",
        "The animations of conv_arithmetic",
    ]
    assert page.locator("[data-part=found]").inner_text() == "6 in all"
    assert page.locator(".kinds label").all_text_contents()[:3] == [
        "all 6",
        "convolution 2",
        "transposed convolution 2",
    ]


def test_kind_view_and_words_choose_together_and_the_address_says_so(opened: Visit) -> None:
    page = opened.page
    page.get_by_label("transposed convolution 2").check()
    assert shown(page) == ["stamps", "up"]
    assert page.locator("h2:visible").count() == 1
    assert address(page) == "kind=transposed"
    page.get_by_label("view").select_option("scatter")
    assert shown(page) == ["stamps"]
    page.get_by_role("searchbox").fill("ZEROS  between")
    assert shown(page) == []
    expect(page.locator("[data-part=nothing]")).to_be_visible()
    page.get_by_label("view").select_option("")
    assert shown(page) == ["up"]
    assert page.locator("[data-part=found]").inner_text() == "1 of 6"
    assert page.locator("[data-part=found]").get_attribute("aria-live") == "polite"
    assert address(page) == "kind=transposed&q=ZEROS++between"
    opened.requests.clear()
    page.reload()
    assert shown(page) == ["up"]
    assert page.get_by_role("searchbox").input_value() == "ZEROS  between"
    page.get_by_role("button", name="show all").click()
    page.wait_for_timeout(60)
    assert sorted(shown(page)) == sorted(NAMES)
    assert address(page) == ""
    expect(page.get_by_role("button", name="show all")).to_be_hidden()
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_command_is_found_by_its_words(opened: Visit) -> None:
    opened.page.get_by_role("searchbox").fill("convviz maxpool")
    assert shown(opened.page) == ["largest"]


def test_an_address_is_followed(opened: Visit) -> None:
    ask(opened.page, "view=slide%2Bmatrix")
    assert shown(opened.page) == ["Odd_name-2"]
    ask(opened.page, "q=teaches&kind=conv")
    assert shown(opened.page) == ["plain"]
    assert opened.page.get_by_label("convolution 2", exact=True).is_checked()


def test_the_name_of_a_picture_leads_to_it(chromium: Browser, index: Path) -> None:
    with visit(chromium, index, (600, 400), "#Odd_name-2", beside=BESIDE) as found:
        expect(card(found.page, "Odd_name-2")).to_be_in_viewport()
        assert len(shown(found.page)) == len(ENTRIES)
        ask(found.page, "kind=transposed")
        ask(found.page, "Odd_name-2")
        expect(card(found.page, "Odd_name-2")).to_be_in_viewport()


@pytest.mark.parametrize(
    "hash",
    [
        "<script>alert(1)</script>",
        "kind=<b>&view=constructor&q=",
        "kind=__proto__&view=toString",
        "%E0%A4%A&&&===",
        "kind=conv%00",
        "explorer.html",
        "[data-part]",
    ],
)
def test_hostile_addresses_show_everything(hash: str, chromium: Browser, index: Path) -> None:
    with visit(chromium, index, hash=f"#{hash}", beside=BESIDE) as found:
        assert sorted(shown(found.page)) == sorted(NAMES)
        assert found.page.get_by_label("all 6").is_checked()


def test_hostile_words_are_shown_and_never_run(opened: Visit) -> None:
    page = opened.page
    assert page.title() == "convviz: gallery"
    assert page.locator("script").count() == 1
    assert card(page, "hostile").locator("h3").text_content() == HOSTILE
    assert card(page, "hostile").locator("img").get_attribute("alt") == HOSTILE
    ask(page, f"q={'%3Cimg src=x onerror=alert(1)%3E' * 40}")
    assert len(page.get_by_role("searchbox").input_value()) == 80


def test_the_policy_stops_a_script_that_got_in(chromium: Browser, index: Path, tmp_path: Path) -> None:
    page = tmp_path / "in.html"
    foreign = "<script>document.title='ran'</script></body>"
    page.write_text(index.read_text(encoding="utf-8").replace("</body>", foreign), encoding="utf-8")
    window = chromium.new_context().new_page()
    window.goto(page.as_uri())
    assert window.title() == "convviz: gallery"
    assert window.evaluate("document.documentElement.dataset.ready") == "true"
    window.context.close()


# What plays


def test_a_still_plays_while_one_points_at_it_and_is_loaded_only_then(opened: Visit) -> None:
    page = opened.page
    page.wait_for_load_state("networkidle")
    assert not [url for url in opened.requests if url.endswith(".gif")]
    card(page, "plain").locator(".picture").hover()
    expect(card(page, "plain").locator("img")).to_have_attribute("src", re.compile(r"plain\.gif$"))
    assert [Path(url).name for url in opened.requests if url.endswith(".gif")] == ["plain.gif"]
    expect(card(page, "plain").get_by_role("button", name="play")).to_have_attribute("aria-pressed", "true")
    page.mouse.move(2, 2)
    assert source(page, "plain") == "plain.png"
    expect(card(page, "plain").get_by_role("button", name="play")).to_have_attribute("aria-pressed", "false")


def test_what_is_started_by_hand_goes_on_until_it_is_stopped(opened: Visit) -> None:
    page = opened.page
    for name in ("plain", "up"):
        card(page, name).get_by_role("button", name="play").click()
    page.mouse.move(2, 2)
    for name in ("plain", "up"):
        expect(card(page, name).locator("img")).to_have_attribute("src", re.compile(rf"{name}\.gif$"))
    card(page, "up").get_by_role("button", name="play").click()
    assert (source(page, "plain"), source(page, "up")) == ("plain.gif", "up.png")
    page.keyboard.press("Escape")
    assert source(page, "plain") == "plain.png"


def test_by_keyboard_alone(opened: Visit) -> None:
    page = opened.page
    page.get_by_role("searchbox").focus()
    page.keyboard.type("plain")
    play = card(page, "plain").get_by_role("button", name="play")
    for _ in range(12):
        page.keyboard.press("Tab")
        if play.evaluate("one => one === document.activeElement"):
            break
    expect(play).to_be_focused()
    assert play.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    expect(card(page, "plain").locator("img")).to_have_attribute("src", re.compile(r"plain\.gif$"))
    page.keyboard.press("Enter")
    assert source(page, "plain") == "plain.png"
    page.keyboard.press("Enter")
    expect(card(page, "plain").locator("img")).to_have_attribute("src", re.compile(r"plain\.gif$"))
    page.keyboard.press("Space")
    assert source(page, "plain") == "plain.png"
    page.keyboard.press("Tab")
    expect(card(page, "plain").get_by_role("button", name="copy")).to_be_focused()


def test_focus_that_leaves_a_card_stops_it(opened: Visit) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    card(page, "largest").get_by_role("button", name="play").focus()
    expect(card(page, "largest").locator("img")).to_have_attribute("src", re.compile(r"largest\.gif$"))
    page.keyboard.press("Shift+Tab")
    assert source(page, "largest") == "largest.png"


def test_a_tap_plays_and_another_stops(chromium: Browser, index: Path) -> None:
    with visit(chromium, index, (390, 844), beside=BESIDE, has_touch=True, is_mobile=True) as found:
        picture = card(found.page, "plain").locator("img")
        picture.tap()
        expect(picture).to_have_attribute("src", re.compile(r"plain\.gif$"))
        picture.tap()
        expect(picture).to_have_attribute("src", re.compile(r"plain\.png$"))
        card(found.page, "plain").get_by_role("button", name="play").tap()
        expect(picture).to_have_attribute("src", re.compile(r"plain\.gif$"))


def test_where_motion_is_unwelcome_only_the_button_plays(chromium: Browser, index: Path) -> None:
    with visit(chromium, index, beside=BESIDE, reduced_motion="reduce") as found:
        page = found.page
        page.keyboard.press("Tab")
        card(page, "plain").locator(".picture").click()
        card(page, "plain").get_by_role("button", name="play").focus()
        page.wait_for_timeout(150)
        assert not [url for url in found.requests if url.endswith(".gif")]
        expect(page.get_by_text("The button below a picture plays it.")).to_be_visible()
        expect(page.get_by_text("Point at a picture")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(card(page, "plain").locator("img")).to_have_attribute("src", re.compile(r"plain\.gif$"))
        page.emulate_media(reduced_motion="no-preference")
        expect(page.get_by_text("Point at a picture")).to_be_visible()
        page.wait_for_timeout(100)
        page.emulate_media(reduced_motion="reduce")
        expect(card(page, "plain").locator("img")).to_have_attribute("src", re.compile(r"plain\.png$"))


def test_a_picture_that_is_missing_stays_a_still(chromium: Browser, tmp_path: Path) -> None:
    page = make(tmp_path)
    (tmp_path / "plain.gif").unlink()
    window = chromium.new_context().new_page()
    window.goto(page.as_uri())
    play = card(window, "plain").get_by_role("button", name="play")
    play.click()
    window.mouse.move(2, 2)
    expect(play).to_have_attribute("aria-pressed", "false")
    assert source(window, "plain") == "plain.png"
    window.context.close()


# Around the pictures


def test_the_command_is_copied_as_it_is(chromium: Browser, index: Path) -> None:
    with visit(chromium, index, beside=BESIDE, permissions=["clipboard-read", "clipboard-write"]) as found:
        button = card(found.page, "hostile").get_by_role("button", name="copy the command")
        button.click()
        expect(found.page.locator("[data-part=live]")).to_have_text("copied")
        assert found.page.evaluate("navigator.clipboard.readText()") == f"convviz conv --title '{HOSTILE}'"


def test_light_and_dark_follow_the_system_and_the_switch(chromium: Browser, index: Path) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    colours: dict[str, str] = {}
    for scheme in ("light", "dark"):
        with visit(chromium, index, beside=BESIDE, color_scheme=scheme) as found:
            colours[scheme] = found.page.evaluate(ground)
            found.page.get_by_label("switch between light and dark").click()
            colours[f"not {scheme}"] = found.page.evaluate(ground)
            found.page.get_by_label("switch between light and dark").click()
            assert found.page.evaluate(ground) == colours[scheme]
    assert colours["light"] == colours["not dark"] != colours["dark"] == colours["not light"]


def test_a_link_opens_the_explorer_in_that_state(opened: Visit) -> None:
    page = opened.page
    assert card(page, "up").get_by_role("link", name="explore").count() == 0
    card(page, "stamps").get_by_role("link", name="explore").click()
    page.wait_for_url("**/explorer.html#*")
    assert page.locator("[data-part=sizes]").text_content() == "input 3×3 → output 5×5"
    assert page.get_by_label("scatter", exact=True).is_checked()


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 3840])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways(width: int, scheme: Any, chromium: Browser, index: Path) -> None:
    with visit(chromium, index, (width, 800), beside=BESIDE, color_scheme=scheme) as found:
        assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        wide = found.page.locator(".card:visible img").evaluate_all("all => all.map(one => one.clientWidth)")
        assert min(wide) >= min(width - 80, 380)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(size: tuple[int, int], scheme: Any, chromium: Browser, index: Path) -> None:
    with visit(chromium, index, size, beside=BESIDE, color_scheme=scheme) as found:
        assert violations(found.page) == []
        card(found.page, "plain").get_by_role("button", name="play").click()
        found.page.get_by_label("convolution 2", exact=True).check()
        assert violations(found.page) == []
        found.page.get_by_role("searchbox").fill("nothing of that name")
        assert violations(found.page) == []


def test_axe_sees_a_fault(chromium: Browser, index: Path, tmp_path: Path) -> None:
    bad = index.read_text(encoding="utf-8").replace('aria-label="Kind"', "").replace('alt="A', 'data-alt="A')
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    window = chromium.new_context().new_page()
    window.goto((tmp_path / "bad.html").as_uri())
    assert "image-alt" in {one.split(":")[0] for one in violations(window)}
    window.context.close()


@pytest.mark.parametrize(("size", "touch"), [((1280, 800), False), ((390, 844), True)], ids=str)
def test_every_control_is_large_enough(size: tuple[int, int], touch: bool, chromium: Browser, index: Path) -> None:
    with visit(chromium, index, size, beside=BESIDE, has_touch=touch, is_mobile=touch) as found:
        found.page.get_by_role("searchbox").fill("i")
        least = 44 if touch else 24
        small = found.page.locator("button:visible, select, input, a:visible").evaluate_all(
            """(all, least) => all.map((one) => [one, one.getBoundingClientRect()])
              .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
              .map(([one, box]) => `${one.ariaLabel ?? one.textContent} ${box.width}×${box.height}`)""",
            least,
        )
        assert small == []
        button, words = (found.page.locator(one).bounding_box() for one in (".theme", ".about >> nth=0"))
        assert button
        assert words
        assert button["y"] + button["height"] <= words["y"]


def test_without_javascript_everything_is_there(chromium: Browser, index: Path) -> None:
    assert "<noscript>" in index.read_text(encoding="utf-8")
    with visit(chromium, index, beside=BESIDE, java_script_enabled=False) as found:
        assert found.page.locator(".card img").count() == len(ENTRIES)
        assert found.page.locator("button:visible, form:visible").count() == 0
