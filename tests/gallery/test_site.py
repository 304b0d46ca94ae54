"""The site: everything that it shows is in it, and it works below any address, and as files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from convviz.cli.site import site as command
from convviz.errors import ExportError
from convviz.gallery.site import UNCOOKED, named, site
from tests.gallery.entries import ENTRIES, FILES, make
from tests.web.browser import Visit

WHOLE = {"index.html", "explorer.html", UNCOOKED, *FILES}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("gallery")).parent


@pytest.fixture
def served(gallery: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the site, two folders below the root of its server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    site(gallery, tmp_path / "some where" / "below")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some%20where/below/"
        server.shutdown()


def test_it_works_below_any_address(served: str, chromium: Browser) -> None:
    window = chromium.new_context()
    found = Visit(window.new_page())
    answers: dict[str, int] = {}
    found.page.on("response", lambda response: answers.update({response.url: response.status}))
    found.page.goto(served)
    expect(found.page.locator(".card")).to_have_count(len(ENTRIES))
    for one in ENTRIES:
        found.page.locator(f"[id='{one.name}']").get_by_role("button", name="play").click()
        expect(found.page.locator(f"[id='{one.name}'] img")).to_have_js_property("complete", True)
        expect(found.page.locator(f"[id='{one.name}']")).not_to_have_class("loading")
    found.page.get_by_role("link", name="open the explorer").click()
    expect(found.page.locator("[data-part=sizes]")).to_contain_text("output")
    found.page.go_back()
    found.page.locator("#stamps").get_by_role("link", name="explore").click()
    expect(found.page.locator("[data-part=sizes]")).to_have_text("input 3×3 → output 5×5")
    window.close()
    assert found.complaints == []
    assert set(answers.values()) <= {200, 304}
    assert all(url.startswith(served) for url in found.requests)
    assert {url.removeprefix(served).partition("#")[0] for url in found.requests} == {"", "explorer.html", *FILES}


def test_it_holds_what_the_page_names_and_nothing_else(gallery: Path, tmp_path: Path) -> None:
    (gallery / "recipes.toml").write_text("", encoding="utf-8")
    counted: list[int] = []
    written = site(gallery, tmp_path / "site", counted.append)
    assert {path.name for path in written} == WHOLE == {path.name for path in (tmp_path / "site").iterdir()}
    assert counted == list(range(1, len(WHOLE)))
    for path in written[:-1]:
        assert path.read_bytes() == (gallery / path.name).read_bytes()
    assert {path.name for path in site(gallery, tmp_path / "site")} == WHOLE


def test_a_picture_that_is_missing_is_said_before_anything_is_written(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "up.gif").unlink()
    (tmp_path / "up.png").unlink()
    with pytest.raises(ExportError, match=r"up\.(gif|png) is missing and 1 more; run convviz gallery build first"):
        site(tmp_path, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_what_is_no_gallery_and_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"cannot read .*index\.html: No such file"):
        site(tmp_path, tmp_path / "site")
    (tmp_path / "index.html").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(ExportError, match="it is no text"):
        site(tmp_path, tmp_path / "site")
    (tmp_path / "index.html").unlink()
    make(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="cannot make the folder"):
        site(tmp_path, tmp_path / "file")


@pytest.mark.parametrize(
    "address",
    [
        "../up.gif",
        "/etc/passwd",
        "https://elsewhere.example/a.gif",
        "//elsewhere.example/a.gif",
        "data:,",
        "#a",
        "a/b.gif",
    ],
)
def test_only_files_beside_the_page_belong_to_it(address: str) -> None:
    assert named(f'<img src="{address}"><a href="one.gif#x">') == ["one.gif"]


def test_names_are_read_as_addresses_are_written() -> None:
    assert named('<img src="a%20b.png" data-moving="c&amp;d.gif"><img src="a%20b.png">') == ["a b.png", "c&d.gif"]


def test_the_command(gallery: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(gallery), "-o", str(tmp_path / "public")])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{tmp_path / 'public'}: {len(WHOLE)} files, ")
