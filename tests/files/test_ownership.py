"""Nothing is lost that convviz did not write: folders of frames, devices, files of other programs, and inputs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from convviz import Animation, Conv, ExportError
from convviz.cli.main import main
from convviz.export.formats import EXPORTERS
from convviz.export.overwrite import is_own
from convviz.files import atomic, frame_folder
from convviz.files.atomic import atomic_folder, atomic_write
from convviz.files.partial import clean_up, partial_beside
from tests.at_rest import animate

SIZE = (320, 240)
SMALL = ["--size", "320x240", "--no-numbers"]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX locks, FIFOs, devices or modes")


@pytest.fixture(scope="module")
def animation() -> Animation:
    return animate(Conv(3, 2), size=SIZE)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words, prog_name="convviz")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones as well."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a folder called like a frame": lambda folder: (folder / "frame-3").mkdir(),
    "another suffix": lambda folder: (folder / "frame-0002.txt").write_text("x"),
    "a frame of another program": lambda folder: (folder / "frame-0001.png").write_bytes(b"\x89PNG of ffmpeg"),
    "a frame that was edited": lambda folder: (folder / "frame-1.png").write_bytes(b"\x89PNG with my arrows"),
    "a link called like a frame": lambda folder: (
        (folder / "frame-2.png").unlink(),
        (folder / "frame-2.png").symlink_to("/etc"),
    ),
    "a list of another program": lambda folder: (folder / "convviz.json").write_text('{"files": {"frame-1.png": "x"}}'),
    "a list that is damaged": lambda folder: (folder / "convviz.json").write_text('{"convviz": ['),
    "no list": lambda folder: (folder / "convviz.json").unlink(),
    "a hidden file": lambda folder: (folder / ".notes").write_text("x"),
}


@posix
@pytest.mark.parametrize("change", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_folder_with_anything_that_is_not_ours_stays(
    change: Callable[[Path], object], animation: Animation, tmp_path: Path
) -> None:
    animation.save("u/")
    change(tmp_path / "u")
    before = content(tmp_path)
    with pytest.raises(ExportError, match=r"the folder u holds other or changed files, such as .*; name a new or an"):
        animation.save("u/")
    assert content(tmp_path) == before
    assert run("conv", *SMALL, "--force", "-o", "u/").exit_code == 2, "not even with --force"
    assert run("conv", *SMALL, "--for", "beamer", "-o", "u").exit_code == 2
    assert content(tmp_path) == before


@posix
def test_a_folder_and_its_frames_keep_their_modes(animation: Animation, tmp_path: Path) -> None:
    folder = tmp_path / "u"
    folder.mkdir(mode=0o700)
    animation.save("u/")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "frame-1.png").chmod(0o600)
    animation.save("u/")
    assert stat.S_IMODE((folder / "frame-1.png").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["u"]


def test_the_list_of_a_folder_is_true_and_its_provenance_stays_readable(animation: Animation, tmp_path: Path) -> None:
    animation.save("u/")
    listed = json.loads((tmp_path / "u" / "convviz.json").read_text())["files"]
    assert sorted([*listed, "convviz.json"]) == sorted(os.listdir("u"))
    assert run("info", "u").output.startswith("convviz conv -i 3 -k 2")


def test_the_folder_that_one_is_in_is_refused(animation: Animation, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is the one you are in, which cannot be replaced"):
        animation.save("./")
    assert not content(tmp_path)


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_file_that_comes_while_frames_are_drawn_is_kept(
    in_one_step: bool, animation: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_one_step:
        monkeypatch.setattr(frame_folder, "_exchange", lambda *_: False)
    animation.save("u/")
    before = content(tmp_path)
    with pytest.raises(ExportError, match=r"such as mine\.txt"):
        animation.save("u/", progress=lambda _: Path("u/mine.txt").write_text("mine"))
    assert content(tmp_path) == before | {os.path.join("u", "mine.txt"): b"mine"}


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_folder_is_replaced_in_either_way(
    in_one_step: bool, animation: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_one_step:
        monkeypatch.setattr(frame_folder, "_exchange", lambda *_: False)
    animate(Conv(4, 2), size=SIZE).save("u/")
    animation.save("u/")
    assert sorted(os.listdir("u")) == ["convviz.json", *(f"frame-{n}.png" for n in range(1, 5))]
    assert os.listdir(tmp_path) == ["u"]


@posix
def test_a_kill_between_the_two_renames_is_mended_by_the_next_run(animation: Animation, tmp_path: Path) -> None:
    animation.save("u/")
    before = content(tmp_path)
    code = """
import os, signal
from pathlib import Path
from convviz.files import frame_folder
from convviz.files.atomic import atomic_folder
frame_folder._exchange = lambda *_: False
rename = os.rename
def rename_and_die(*names):
    rename(*names)
    os.kill(os.getpid(), signal.SIGKILL)
os.rename = rename_and_die
with atomic_folder(Path("u")) as partial:
    (partial / "frame-1.png").write_bytes(b"new")
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert not Path("u").exists()
    animation.save("other.png")
    after = content(tmp_path)
    after.pop("other.png")
    assert after == before, "the older folder is back, and the half-written one is gone"


@posix
def test_leftovers_of_a_killed_run_are_removed_and_files_of_a_living_one_are_not(tmp_path: Path) -> None:
    for name in (".convviz-0123456789ab.gif", ".convviz-mine", ".convviz-0123456789AB"):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".convviz-ba9876543210").mkdir()
    (tmp_path / ".convviz-ba9876543210" / "frame-1.png").write_bytes(b"half")
    with partial_beside(tmp_path / "a.gif", ".gif") as living, partial_beside(tmp_path / "b", folder=True) as other:
        clean_up(tmp_path)
        kept = {living.name, other.name, ".convviz-mine", ".convviz-0123456789AB"}
        assert set(os.listdir(tmp_path)) == kept
    assert set(os.listdir(tmp_path)) == {".convviz-mine", ".convviz-0123456789AB"}


def test_content_is_on_the_disk_before_its_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(atomic.os, "fsync", lambda file: (events.append("fsync"), fsync(file)))
    monkeypatch.setattr(atomic.os, "replace", lambda *names: (events.append("replace"), replace(*names)))
    with atomic_write(tmp_path / "a.gif") as partial:
        partial.write_bytes(b"new")
    assert events[:2] == ["fsync", "replace"]
    events.clear()
    with atomic_folder(tmp_path / "u") as partial:
        (partial / "frame-1.png").write_bytes(b"new")
    assert events[:3] == ["fsync", "fsync", "replace"], "the file, the folder, then the name"


@posix
def test_a_fifo_is_written_through(animation: Animation, tmp_path: Path) -> None:
    fifo, expected = tmp_path / "pipe", animation.save(tmp_path / "file.gif").read_bytes()
    os.mkfifo(fifo)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()), daemon=True)
    reader.start()
    animation.save(fifo, format="gif")
    reader.join(10)
    assert got == [expected]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@posix
def test_devices_are_written_through_and_stay_devices(animation: Animation) -> None:
    null = os.stat(os.devnull)
    animation.save(os.devnull, format="gif")
    assert os.path.samestat(os.stat(os.devnull), null)
    if os.path.exists("/dev/full"):
        with pytest.raises(ExportError, match="cannot write /dev/full: No space left"):
            animation.save("/dev/full", format="png")


@posix
def test_an_open_descriptor_is_written_to_where_it_is(animation: Animation, tmp_path: Path) -> None:
    if not os.path.exists("/dev/fd/0"):
        pytest.skip("this system has no /dev/fd")
    expected = animation.save("file.png").read_bytes()
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before ")
        log.flush()
        animation.save(f"/dev/fd/{log.fileno()}", format="png")
    assert (tmp_path / "log").read_bytes() == b"before " + expected


@pytest.mark.parametrize("suffix", sorted(EXPORTERS.keys() - {"/"}))
def test_every_file_of_ours_is_known_and_one_of_others_is_not_replaced(suffix: str, animation: Animation) -> None:
    path = animation.save(f"a{suffix}")
    assert is_own(path)
    path.write_bytes(
        path.read_bytes()[: path.stat().st_size * 9 // 10] if suffix not in (".zip", ".pdf", ".webp") else b""
    )
    assert is_own(path), "a file that was cut off, or is empty, is no loss"
    path.write_bytes(b"mine")
    done = run("conv", *SMALL, "-o", str(path))
    assert done.exit_code == 2
    assert done.output == f"Error: {path} exists, and convviz did not write it; choose another name, or add --force\n"
    assert path.read_bytes() == b"mine"


def test_force_replaces_a_file_of_others() -> None:
    Path("a.svg").write_bytes(b"mine")
    assert run("conv", *SMALL, "--force", "-o", "a.svg").exit_code == 0
    assert is_own(Path("a.svg"))
    assert run("conv", *SMALL, "-o", "a.svg").exit_code == 0


def test_files_that_quote_or_were_edited_by_others_are_not_ours(animation: Animation) -> None:
    svg = animation.save("a.svg").read_text()
    Path("edited.svg").write_text('<?xml version="1.0"?>\n' + svg)
    page = animation.save("a.html").read_text()
    Path("blog.html").write_text(f"<!DOCTYPE html>\n<html><body>{page}</body></html>")
    animation.save("a.zip")
    shutil.copy("a.zip", "more.zip")
    with zipfile.ZipFile("more.zip", "a") as archive:
        archive.writestr("thesis.tex", "mine")
    assert [is_own(Path(name)) for name in ("edited.svg", "blog.html", "more.zip")] == [False] * 3


@pytest.mark.parametrize("words", [["-o", "photo.png"], ["-o", "link.png"], ["--for", "powerpoint", "-o", "photo"]])
def test_the_input_is_never_the_output(words: list[str], tmp_path: Path) -> None:
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save("photo.png")
    os.link("photo.png", "link.png")
    before = content(tmp_path)
    done = run("conv", "--image", "photo.png", "--pixels", "8", "--size", "640x360", "--force", *words)
    assert done.exit_code == 2
    assert "is what the picture is made from; give the output another name" in done.output
    assert content(tmp_path) == before


def test_pages_and_timelines_of_others_stay() -> None:
    Path("explorer.html").write_text("<title>convviz: convolution explorer</title> is what I wrote about")
    assert "add --force" in run("explore").output
    assert run("explore", "--force").exit_code == 0
    assert run("explore").exit_code == 0
    Path("a-timeline.txt").write_text("mine")
    assert "a-timeline.txt exists" in run("conv", *SMALL, "--for", "beamer", "-o", "a").output
    assert not Path("a").exists()
    Path("b-timeline.txt").write_text(":1:0\n:1.667:1\n")
    assert run("conv", *SMALL, "--for", "beamer", "-o", "b").exit_code == 0


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_temporary_folder_that_is_gone_is_not_blamed_on_the_target(
    suffix: str, animation: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(ExportError, match=r"temporary files in .*gone: .*; make room there, or set TMPDIR"):
        animation.save(tmp_path / f"a{suffix}")
    assert not os.listdir(tmp_path)


def test_default_names_are_short_enough_for_file_systems_and_differ() -> None:
    os.mkdir("themes")
    for end in "ab":
        theme = Path("themes", f"{'é' * 120}{end}.toml")
        theme.write_text('base = "dark"')
        assert run("conv", *SMALL, "--theme", str(theme)).exit_code == 0
    names = [name for name in os.listdir() if name.endswith(".gif")]
    assert len(names) == 2
    assert all(name.startswith("conv_i5_k3_s1_p0_éééé") and len(os.fsencode(name)) < 230 for name in names)
