"""Headless Chromium for tests that look at pages: the fixture `chromium`, one for all test modules of a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

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
        browser.close()


class Visit:
    """A page, what it said on the console, and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)


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
    window = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **context)
    try:
        found = Visit(window.new_page())
        found.page.goto(file.as_uri() + hash)
        yield found
        assert found.complaints == []
        allowed = {file.with_name(name).as_uri() for name in beside}
        asked = [url.partition("#")[0] for url in found.requests]
        assert [url for url in asked if url not in allowed] == [file.as_uri()]
    finally:
        window.close()
