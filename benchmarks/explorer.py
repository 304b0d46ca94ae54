"""Measure what a change in the explorer costs, in headless Chromium, from within the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.jobs import HERE, WORK
from convviz import explore
from tests.web.browser import SWITCHES, executable

DESKTOP, PHONE = (1280, 800), (390, 844)
SLOWER = 4
"""A phone's processor is taken to be slower than this one by so much."""
LARGE = "conv&i=64&k=3&s=1&p=1&numbers=0"
LARGE_SIDES = [56, 58, 60, 61, 62, 63, 64]
LOADS = 11
SLIDERS = {"input": (1, 64), "kernel": (1, 11), "stride": (1, 8), "padding": (0, 10), "dilation": (1, 5)}
SLIDERS_OF = {"conv": SLIDERS, "transposed": SLIDERS | {"output_padding": (0, 7)}}


@dataclass(frozen=True)
class Row:
    """A change that is repeated in the page at an address, and its limit in milliseconds."""

    name: str
    address: str
    change: str
    limit: float
    phone: bool = False


def slider(name: str, values: list[int]) -> str:
    """Return the row in which a slider moves forward and back."""
    return f"bench.slider('{name}', {values}, ROUNDS)"


def rows() -> list[Row]:
    """Return the rows of the table that time single changes."""
    sizes, hover, step = slider("input", LARGE_SIDES), "bench.hover([0, 2], ROUNDS)", "bench.steps(ROUNDS)"
    numbered = "conv&i=16&k=3&s=1&p=1"
    views = {
        "steps": LARGE,
        "scatter": LARGE,
        "overlap": LARGE,
        "pair": LARGE,
        "backward": LARGE,
        "matrix": "conv&i=8&k=3&s=1&p=1&numbers=0",
    }
    return [
        Row("slider, 64×64", LARGE, sizes, 8),
        Row("hover, 64×64", LARGE, hover, 4),
        Row("hover over the kernel, 64×64", LARGE, "bench.hover([1], ROUNDS)", 4),
        Row("slider, 64×64, phone", LARGE, sizes, 34, phone=True),
        Row("hover, 64×64, phone", LARGE, hover, 16, phone=True),
        Row("slider, 16×16 with numbers", numbered, slider("input", [12, 13, 14, 15, 16]), 16),
        Row("slider of the kernel, 16×16 with numbers", numbered, slider("kernel", [1, 2, 3, 4, 5]), 16),
        Row("step, 64×64", f"{LARGE}&step=2000", step, 8),
        *(Row(f"step of {view}", f"{address}&view={view}", step, 8) for view, address in views.items()),
        *(
            Row(f"slider, {view}", f"{address}&view={view}", slider("input", sides), 50)
            for view, address in views.items()
            for sides in [[4, 5, 6, 7, 8] if view == "matrix" else LARGE_SIDES]
        ),
        Row(
            "slider, transposed to 129×129",
            "transposed&i=64&k=3&s=2&p=0&numbers=0",
            slider("input", [56, 58, 60, 62, 64]),
            50,
        ),
    ]


@contextmanager
def opened(browser: Browser, file: Path, *, phone: bool = False) -> Iterator[Page]:
    """Open the page in its own window, with the measuring script in it."""
    width, height = PHONE if phone else DESKTOP
    window = browser.new_context(viewport={"width": width, "height": height}, has_touch=phone)
    try:
        page = window.new_page()
        page.add_init_script(path=HERE / "explorer.js")
        if phone:
            rate: dict[str, Any] = {"rate": SLOWER}
            window.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", rate)
        page.goto(file.as_uri())
        yield page
    finally:
        window.close()


def timed(browser: Browser, file: Path, row: Row, rounds: int = 40) -> list[float]:
    """Return the milliseconds of each round of a row."""
    with opened(browser, file, phone=row.phone) as page:
        page.evaluate("address => bench.ask(address)", row.address)
        found: list[float] = page.evaluate(row.change.replace("ROUNDS", str(rounds)))
        return found


def first_picture(browser: Browser, file: Path) -> list[float]:
    """Return the milliseconds from the start of loading until the picture is painted, for several loads."""
    found = []
    for _ in range(LOADS):
        with opened(browser, file) as page:
            found.append(page.evaluate("bench.painted"))
    return found[1:]


def drag(page: Page, name: str) -> list[float]:
    """Drag a slider from end to end with the mouse; return the long tasks during it."""
    handle = page.locator(f"[type=range][data-name={name}]").first
    box = handle.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, middle)
    page.evaluate("bench.tasks()")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 8, middle, steps=64)
    page.mouse.up()
    assert handle.input_value() == handle.get_attribute("max"), f"{name} was not dragged to its end"
    found: list[float] = page.evaluate("bench.stopped()")
    return found


def dragged(browser: Browser, file: Path, address: str, name: str, times: int = 3) -> list[float]:
    """Return the milliseconds of the longest task of several drags of a slider, 0 if none exceeds 50."""
    found = []
    with opened(browser, file) as page:
        for _ in range(times):
            page.evaluate("address => bench.ask(address)", address)
            found.append(max(drag(page, name), default=0.0))
    return found


def measured(browser: Browser, file: Path) -> Iterator[tuple[str, float, list[float]]]:
    """Yield name, limit and figures of each row."""
    yield "first picture", 150, first_picture(browser, file)
    for row in rows():
        yield row.name, row.limit, timed(browser, file, row)
    for kind, sliders in SLIDERS_OF.items():
        for name in sliders:
            yield f"{kind} 64×64, {name} dragged", 50, dragged(browser, file, LARGE.replace("conv", kind), name)


def table() -> Iterator[tuple[str, bool]]:
    """Yield the lines of a table, each with whether its limit is kept."""
    WORK.mkdir(parents=True, exist_ok=True)
    file = explore().save(WORK / "explorer.html")
    yield "| change | median | least | at most | |", True
    yield "|---|---|---|---|---|", True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=SWITCHES)
        for name, limit, spent in measured(browser, file):
            kept = median(spent) <= limit
            yield f"| {name} | {median(spent):.1f} | {min(spent):.1f} | {limit:g} | {'✓' if kept else '✗'} |", kept
        browser.close()


if __name__ == "__main__":
    for line, _ in table():
        print(line, flush=True)
