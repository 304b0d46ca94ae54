"""The site: all that its pages link to is in it, and it works below any address, and from disk."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from convviz.cli.site import site as command
from convviz.errors import ConvvizError, ExportError
from convviz.gallery import build
from convviz.gallery.site import NO_JEKYLL, write_site
from tests.gallery.folders import written
from tests.web.browser import Visit

RECIPES = """
[plain]
[stamps]
kind = "transposed"
input = 3
stride = 2
padding = 1
view = "scatter"
[largest]
kind = "maxpool"
"""
NAMES = ("plain", "stamps", "largest")
FILES = {f"{name}{suffix}" for name in NAMES for suffix in (".gif", ".png")}
WHOLE = {"index.html", "explorer.html", NO_JEKYLL, *FILES}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    with ThreadPoolExecutor(1) as executor:
        build(written(folder, RECIPES), executor=executor)
    return folder


@pytest.fixture
def served(gallery: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the site, two folders below the root of its server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    write_site(gallery, tmp_path / "some where" / "below")
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
    expect(found.page.locator(".card")).to_have_count(len(NAMES))
    for name in NAMES:
        found.page.locator(f"[id='{name}']").get_by_role("button", name="play").click()
        expect(found.page.locator(f"[id='{name}'] img")).to_have_js_property("complete", True)
        expect(found.page.locator(f"[id='{name}']")).not_to_have_class("loading")
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


def test_it_holds_what_the_page_links_to_and_nothing_else(gallery: Path, tmp_path: Path) -> None:
    counted: list[int] = []
    paths = write_site(gallery, tmp_path / "site", counted.append)
    assert {path.name for path in paths} == WHOLE == {path.name for path in (tmp_path / "site").iterdir()}
    assert counted == list(range(3, len(WHOLE)))
    for name in FILES:
        assert (tmp_path / "site" / name).read_bytes() == (gallery / name).read_bytes()
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    linked = {link.partition("#")[0] for link in re.findall(r'(?:src|href|data-moving)="([^"]*)"', page)}
    assert linked - {"", "data:,"} == WHOLE - {"index.html", NO_JEKYLL}
    before = {path.name: path.read_bytes() for path in (tmp_path / "site").iterdir()}
    write_site(gallery / "recipes.toml", tmp_path / "site")
    assert {path.name: path.read_bytes() for path in (tmp_path / "site").iterdir()} == before


def test_a_picture_that_is_missing_is_reported_before_anything_is_written(gallery: Path, tmp_path: Path) -> None:
    for path in gallery.iterdir():
        if path.stem not in ("plain", "largest"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ExportError, match=r"the picture plain is missing and 1 more; run convviz gallery build "):
        write_site(tmp_path, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_folder_without_recipes_and_a_file_in_the_way(gallery: Path, tmp_path: Path) -> None:
    with pytest.raises(ConvvizError, match=r"the file .*recipes\.toml does not exist"):
        write_site(tmp_path, tmp_path / "site")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="cannot make the folder"):
        write_site(gallery, tmp_path / "file")


@pytest.mark.parametrize("name", ["index.html", "explorer.html"])
def test_a_page_that_convviz_did_not_write_stays(name: str, gallery: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text("my own page", encoding="utf-8")
    with pytest.raises(ExportError, match=rf"{name} exists, and convviz did not write it"):
        write_site(gallery, tmp_path)
    assert (tmp_path / name).read_text(encoding="utf-8") == "my own page"


def test_pictures_and_files_of_others_stay_unless_forced(gallery: Path, tmp_path: Path) -> None:
    (tmp_path / NO_JEKYLL).write_text("mine", encoding="utf-8")
    (tmp_path / "plain.gif").write_bytes(b"GIF89a mine")
    (tmp_path / "index.html").write_text("<p>It says <title>convviz: gallery</title>", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ExportError, match=r"index\.html exists, and convviz did not write it"):
        write_site(gallery, tmp_path)
    (tmp_path / "index.html").unlink()
    with pytest.raises(ExportError, match=r"plain\.gif exists, and convviz did not write it"):
        write_site(gallery, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        name: data for name, data in before.items() if name != "index.html"
    }
    write_site(gallery, tmp_path, force=True)
    assert (tmp_path / "plain.gif").read_bytes() == (gallery / "plain.gif").read_bytes()
    assert (tmp_path / NO_JEKYLL).read_text(encoding="utf-8") == "mine"
    write_site(gallery, tmp_path)


def test_links_lead_neither_into_the_site_nor_out_of_it(gallery: Path, tmp_path: Path) -> None:
    copy, public = tmp_path / "copy", tmp_path / "public"
    shutil.copytree(gallery, copy)
    public.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"")
    try:
        (public / "plain.gif").symlink_to(tmp_path / "elsewhere")
    except OSError:
        pytest.skip("this system does not let us make symbolic links")
    with pytest.raises(ExportError, match=r"plain\.gif is a link"):
        write_site(copy, public)
    assert not (tmp_path / "elsewhere").read_bytes()
    (public / "plain.gif").unlink()
    (copy / "plain.png").rename(tmp_path / "secret.png")
    (copy / "plain.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ExportError, match="the picture plain is missing"):
        write_site(copy, public)
    assert not list(public.iterdir())


def test_a_gallery_that_is_its_own_site_keeps_its_pictures(gallery: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(gallery, copy)
    write_site(copy, copy)
    for path in gallery.iterdir():
        assert (copy / path.name).read_bytes() == path.read_bytes()


def test_the_command(gallery: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(gallery), "-o", str(tmp_path / "public")])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{tmp_path / 'public'}: {len(WHOLE)} files, ")
