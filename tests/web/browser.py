"""Headless Chromium for tests that look at pages: the fixture `chromium`, one for all test modules of a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """The browser of this machine; the test fails where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail(
            "these tests need Chromium, and none of " + ", ".join(NAMES) + " is on the path; "
            "install it with `apt-get install -y chromium`, or Chrome from google.com/chrome"
        )
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        _idle.clear()
        browser.close()


class Visit:
    """A page, what it said on the console, and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._heard: dict[str, Any] = {"console": self._hear, "pageerror": self._fear, "request": self._note}
        for event, hear in self._heard.items():
            page.on(event, hear)  # type: ignore[call-overload]

    def leave(self) -> None:
        """Hear no more."""
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _fear(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)


MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference"}
"""What an open window can be told, and what a new one says."""
_idle: list[Page] = []
"""Windows at about:blank: to open one takes two times as long as to show a page in it."""


@contextmanager
def window_of(chromium: Browser, size: tuple[int, int], **context: Any) -> Iterator[Page]:
    """A window that shows nothing yet: one that a test has left behind unharmed, where it can be told all it must be.

    Pages of convviz store nothing; whatever a page did ends with it.
    """
    viewport: Any = {"width": size[0], "height": size[1]}
    if context.keys() - MEDIA.keys():
        opened = chromium.new_context(viewport=viewport, **context)
        try:
            yield opened.new_page()
        finally:
            opened.close()
        return
    page = next((one for one in _idle if one.viewport_size == viewport), _idle[0] if _idle else None)
    if page:
        _idle.remove(page)
    else:
        page = chromium.new_context(viewport=viewport).new_page()
    if page.viewport_size != viewport:
        page.set_viewport_size(viewport)
    try:
        page.emulate_media(**(MEDIA | context))  # type: ignore[arg-type]
        yield page
        page.goto("about:blank")
        page.mouse.move(0, 0)
    except BaseException:
        page.context.close()
        raise
    _idle.append(page)


@contextmanager
def visit(
    chromium: Browser,
    file: Path,
    size: tuple[int, int] = (1280, 720),
    hash: str = "",
    *,
    beside: tuple[str, ...] = (),
    **context: Any,
) -> Iterator[Visit]:
    """The page in `file`, open in a window of its own, which must be quiet and ask for nothing else.

    `beside` are files of its folder that it may ask for; `context` are options of Playwright's `new_context`, such as
    color_scheme, reduced_motion and has_touch.
    """
    with window_of(chromium, size, **context) as page:
        found = Visit(page)
        page.goto(file.as_uri() + hash)
        yield found
        found.leave()
        assert found.complaints == []
        allowed = {file.with_name(name).as_uri() for name in beside}
        asked = [url.partition("#")[0] for url in found.requests]
        assert [url for url in asked if url not in allowed] == [file.as_uri()]


def tap(page: Page, at: tuple[float, float]) -> None:
    """Tap a point of a page with a touch screen, and wait until the page has heard it: a tap becomes a click later."""
    page.evaluate(
        """() => {
          window.tapped = new Promise((done) => {
            addEventListener("click", () => setTimeout(done), { once: true, capture: true });
          });
        }"""
    )
    page.touchscreen.tap(*at)
    page.evaluate("window.tapped")
